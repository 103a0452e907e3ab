//! When time does something to a call-back.

use domain::UtcMs;
use domain::callback::{MINUTE_MS, Service, State};
use domain::zone::Zone;
use store::callbacks::Callback;

/// When somebody is reminded of an appointment, for each of the service's reminders: never in quiet
/// hours, but before them.
pub fn reminders<'a>(
    service: &'a Service,
    row: &'a Callback,
) -> impl Iterator<Item = UtcMs> + use<'a> {
    let zone = Zone::parse(&row.zone).unwrap_or(Zone::UTC);
    service.reminders_min.iter().map(move |ahead| {
        let at = row.start - ahead * MINUTE_MS;
        service.quiet.map_or(at, |it| it.before(at, zone))
    })
}

/// How many of them are past when an appointment is made: nobody is reminded late.
pub fn reminders_past(service: &Service, row: &Callback, now: UtcMs) -> i64 {
    let past = reminders(service, row).take_while(|at| *at <= now).count();
    i64::try_from(past).unwrap_or(0)
}

/// When time does something to it next; none once it ended.
pub fn next_step(service: &Service, row: &Callback) -> Option<UtcMs> {
    let promised = (row.promise == 0).then_some(row.due_by);
    match State::parse(&row.state)? {
        State::Held | State::Calling => Some(row.lease),
        State::Booked => {
            let past = usize::try_from(row.reminded).unwrap_or(0);
            let reminder = reminders(service, row).nth(past);
            [reminder, promised, Some(row.expires)].into_iter().flatten().min()
        }
        State::Waiting => [promised, Some(row.expires)].into_iter().flatten().min(),
        _ => None,
    }
}
