//! When the waves of a programme are due, for those who plan them and for the tick.

use domain::wave::Recurrence;
use domain::zone::Zone;
use ports::Env;
use store::programmes::Programme;
use web::Problem;

/// The zone of a site, in which the days of its programmes begin.
pub async fn zone(env: &impl Env, site_id: &str) -> Result<Zone, Problem> {
    crate::zone(&crate::site(env, site_id).await?.zone)
}

/// The newest wave that is due by a day and was not opened.
pub fn newest(it: &Programme, today: i32) -> Option<i32> {
    recurrence(it).newest(day(it.first_day), it.last_day.map(day), today)
}

/// When the next wave is due.
pub fn due_at(it: &Programme, zone: Zone) -> Option<i64> {
    let next = recurrence(it).next(day(it.first_day), it.last_day.map(day));
    next.filter(|_| it.is_active).map(|day| zone.start_of_day(day))
}

fn recurrence(it: &Programme) -> Recurrence {
    Recurrence::parse(&it.recurrence).unwrap_or(Recurrence::Once)
}

/// A day as the database keeps it.
pub fn day(number: i64) -> i32 {
    i32::try_from(number).unwrap_or_default()
}
