//! Hand-worked weeks: what is offered, to whom, and why something is not.

use super::*;
use crate::calendar::Calendar as Country;
use crate::callback::Quiet;
use crate::civil::{parse_date, parse_rfc3339};
use crate::hours::Span;

fn at(text: &str) -> UtcMs {
    parse_rfc3339(text).unwrap_or_else(|| panic!("{text}"))
}

/// Every day from nine to ten in Shanghai.
fn hours() -> Hours {
    let week = std::array::from_fn(|_| vec![Span::new(540, 600)]);
    Hours { week, country: Country::Plain, ..Hours::office(Zone::SHANGHAI) }
}

/// A quarter of an hour, with nothing around it, on Monday 2026-11-23.
fn wanted() -> Wanted {
    Wanted {
        service: Service { after_min: 0, notice_min: 0, quiet: None, ..Service::default() },
        agent_id: String::new(),
        language: String::new(),
        zone: Zone::SHANGHAI,
        now: at("2026-11-22T12:00:00+08:00"),
        from: at("2026-11-23T00:00:00+08:00"),
        until: at("2026-11-24T00:00:00+08:00"),
    }
}

fn caller(id: &str) -> Caller {
    Caller { id: id.to_owned(), cap: 9, ..Caller::default() }
}

fn booked(lane: i64, from: &str, until: &str) -> Busy {
    let pieces = of(at(from), at(until));
    let day = i64::from(Zone::SHANGHAI.day(at(from)));
    Busy { lane, first: pieces.start, end: pieces.end, day }
}

fn shown(slots: &[Slot]) -> Vec<(String, usize, &str)> {
    let zone = Zone::SHANGHAI;
    let clock = |it: i64| crate::civil::rfc3339(it, zone.offset_s(it))[11..16].to_owned();
    slots.iter().map(|it| (clock(it.start), it.free, it.agent_id.as_str())).collect()
}

#[track_caller]
fn check(wanted: Wanted, hours: Hours, callers: Vec<Caller>, expected: &[(&str, usize, &str)]) {
    let it = Availability::new(wanted, &[hours], callers);
    let slots = it.slots(100);
    let expected: Vec<_> =
        expected.iter().map(|(at, free, who)| ((*at).to_owned(), *free, *who)).collect();
    assert_eq!(shown(&slots), expected);
    for slot in slots {
        let places = it.places(slot.start).unwrap();
        assert_eq!(places[0].agent_id, slot.agent_id);
    }
}

#[test]
fn slots_begin_every_quarter_and_end_by_the_end_of_the_shift() {
    let all = [("09:00", 1, "a"), ("09:15", 1, "a"), ("09:30", 1, "a"), ("09:45", 1, "a")];
    check(wanted(), hours(), vec![caller("a")], &all);
    let mut it = wanted();
    it.service.length_min = 25;
    check(it, hours(), vec![caller("a")], &all[..3]);
    // Counted from the beginning of the shift, wherever the window begins.
    let mut it = wanted();
    it.from = at("2026-11-23T09:10:00+08:00");
    it.until = at("2026-11-23T09:45:00+08:00");
    check(it, hours(), vec![caller("a")], &all[1..3]);
    let mut odd = hours();
    odd.week[0] = vec![Span::new(547, 577)];
    check(wanted(), odd, vec![caller("a")], &[("09:07", 1, "a"), ("09:22", 1, "a")]);
}

#[test]
fn a_call_lies_in_one_shift_and_what_is_kept_free_around_it_does_not_have_to() {
    let mut split = hours();
    split.week[0] = vec![Span::new(540, 560), Span::new(560, 580)];
    let mut it = wanted();
    (it.service.before_min, it.service.after_min) = (30, 30);
    check(it.clone(), split, vec![caller("a")], &[("09:00", 1, "a"), ("09:20", 1, "a")]);
    // A call from 10:00 to 10:15 leaves half an hour before it free of others.
    let mut busy = caller("a");
    busy.busy = vec![booked(0, "2026-11-23T09:30:00+08:00", "2026-11-23T10:45:00+08:00")];
    check(it.clone(), hours(), vec![busy.clone()], &[]);
    it.service.after_min = 0;
    check(it, hours(), vec![busy], &[("09:00", 1, "a"), ("09:15", 1, "a")]);
}

#[test]
fn who_has_least_to_do_that_day_comes_first_then_at_all_then_by_id() {
    let [mut a, mut b, c, mut d] = ["a", "b", "c", "d"].map(caller);
    a.busy = vec![booked(0, "2026-11-23T09:00:00+08:00", "2026-11-23T09:15:00+08:00")];
    b.busy = vec![booked(0, "2026-11-24T09:00:00+08:00", "2026-11-24T09:15:00+08:00")];
    d.busy.clone_from(&b.busy);
    let mut it = wanted();
    it.until = at("2026-11-25T00:00:00+08:00");
    let it = Availability::new(it, &[hours()], vec![a, b, c, d]);
    let places = it.places(at("2026-11-23T09:15:00+08:00")).unwrap();
    let order: Vec<&str> = places.iter().map(|it| it.agent_id.as_str()).collect();
    assert_eq!(order, ["c", "b", "d", "a"]);
    let slots = it.slots(2);
    assert_eq!(shown(&slots), [("09:00".into(), 3, "c"), ("09:15".into(), 4, "c")]);
    let nearest = it.nearest(at("2026-11-23T09:20:00+08:00"), 3);
    let expected = [("09:00".into(), 3, "c"), ("09:15".into(), 4, "c"), ("09:30".into(), 4, "c")];
    assert_eq!(shown(&nearest), expected);
    let nearest = it.nearest(at("2026-12-23T09:20:00+08:00"), 1);
    assert_eq!(shown(&nearest), [("09:45".into(), 4, "c")]);
    assert_eq!(it.nearest(0, 100), it.slots(100));
}

#[test]
fn as_many_calls_are_made_at_once_as_the_shift_says() {
    let mut two = hours();
    two.week[0][0].capacity = 2;
    two.week[0].insert(0, Span { capacity: 0, ..Span::new(480, 540) });
    let busy = |lane| booked(lane, "2026-11-23T09:00:00+08:00", "2026-11-23T09:15:00+08:00");
    let mut one = caller("a");
    one.busy = vec![busy(0)];
    let nine = at("2026-11-23T09:00:00+08:00");
    let place = |lane| Place {
        agent_id: "a".into(),
        lane,
        day: i64::from(parse_date("2026-11-23").unwrap()),
        cap: 9,
    };
    let places = |hours: &Hours, it: &Caller| {
        Availability::new(wanted(), std::slice::from_ref(hours), vec![it.clone()]).places(nine)
    };
    assert_eq!(places(&two, &caller("a")), Ok(vec![place(0), place(1)]));
    assert_eq!(places(&two, &one), Ok(vec![place(1)]));
    assert_eq!(places(&hours(), &one), Err(NoSlot::Taken));
    // What is on a line that there is no more is in nobody's way.
    one.busy = vec![busy(1)];
    assert_eq!(places(&hours(), &one), Ok(vec![place(0)]));
    one.busy = vec![busy(0), busy(1)];
    assert_eq!(places(&two, &one), Err(NoSlot::Taken));
}

#[test]
fn who_cannot_make_the_call_is_not_offered() {
    let mut it = wanted();
    it.service.skills = vec!["returns".into(), "vip".into()];
    it.language = "zh-TW".into();
    let mut can = caller("can");
    can.skills = vec!["vip".into(), "x".into(), "returns".into()];
    can.languages = vec!["en".into(), "zh".into()];
    let mut half = can.clone();
    half.skills.truncate(1);
    let mut english = can.clone();
    english.languages.truncate(1);
    let none = Caller { cap: 0, ..can.clone() };
    let any = Caller { id: "d".into(), languages: Vec::new(), ..can.clone() };
    let all = vec![half, english, none, any, can];
    it.until = at("2026-11-23T09:15:00+08:00");
    check(it.clone(), hours(), all.clone(), &[("09:00", 2, "d")]);
    it.agent_id = "can".into();
    check(it, hours(), all, &[("09:00", 1, "can")]);
}

#[test]
fn why_nobody_can_be_booked() {
    let mut it = wanted();
    it.service.notice_min = 21 * 60 + 15;
    it.service.horizon_days = 2;
    it.service.quiet = Some(Quiet { from: 590, until: 0 });
    it.until = at("2026-12-24T00:00:00+08:00");
    let mut one = Caller { cap: 1, ..caller("a") };
    one.busy = vec![booked(0, "2026-11-24T09:00:00+08:00", "2026-11-24T09:15:00+08:00")];
    one.absences = vec![(at("2026-11-23T09:30:00+08:00"), at("2026-11-23T09:31:00+08:00"))];
    let it = Availability::new(it, &[hours()], vec![one]);
    for (start, expected) in [
        ("2026-11-22T11:59:59+08:00", Some(NoSlot::Past)),
        ("2026-11-23T09:00:00+08:00", Some(NoSlot::TooSoon)),
        ("2026-11-23T09:15:00+08:00", None),
        ("2026-11-23T09:20:00+08:00", Some(NoSlot::NoSlotBegins)),
        ("2026-11-23T09:30:00+08:00", Some(NoSlot::NoSlotBegins)),
        ("2026-11-23T09:45:00+08:00", Some(NoSlot::Quiet)),
        ("2026-11-24T08:45:00+08:00", Some(NoSlot::NoSlotBegins)),
        // There is a call on that day already.
        ("2026-11-24T09:30:00+08:00", Some(NoSlot::Taken)),
        ("2026-11-24T12:00:00.001+08:00", Some(NoSlot::TooFar)),
    ] {
        assert_eq!(it.places(at(start)).err(), expected, "{start}");
    }
    assert_eq!(shown(&it.slots(9)), [("09:15".into(), 1, "a")]);
    let nobody = Availability::new(wanted(), &[], Vec::new());
    assert_eq!(nobody.places(wanted().from), Err(NoSlot::NoSlotBegins));
    assert_eq!((nobody.slots(9), nobody.estimate(0)), (Vec::new(), None));
}

#[test]
fn the_last_slot_begins_as_many_days_from_now_as_are_offered() {
    let mut it = wanted();
    it.now = at("2026-11-22T09:15:00+08:00");
    it.service.horizon_days = 1;
    check(it, hours(), vec![caller("a")], &[("09:00", 1, "a"), ("09:15", 1, "a")]);
}

#[test]
fn the_queue_is_served_by_whoever_is_free() {
    let mut it = wanted();
    it.now = at("2026-11-23T09:02:00+08:00");
    it.from = it.now;
    it.until = at("2026-11-25T00:00:00+08:00");
    it.service.after_min = 5;
    let mut a = caller("a");
    a.busy = vec![booked(0, "2026-11-23T09:20:00+08:00", "2026-11-23T09:40:00+08:00")];
    let mut b = caller("b");
    b.absences = vec![(0, at("2026-11-23T09:30:01+08:00"))];
    let it = Availability::new(it, &[hours()], vec![a, b]);
    for (ahead, expected) in [
        (0, Some("2026-11-23T09:02:00+08:00")),
        // Of the second from 09:35 on, and of the first after their appointment.
        (1, Some("2026-11-23T09:35:00+08:00")),
        (2, Some("2026-11-23T09:40:00+08:00")),
        (3, Some("2026-11-24T09:00:00+08:00")),
        (4, Some("2026-11-24T09:00:00+08:00")),
        (5, Some("2026-11-24T09:20:00+08:00")),
        (8, Some("2026-11-24T09:40:00+08:00")),
        (9, None),
    ] {
        assert_eq!(it.estimate(ahead), expected.map(at), "{ahead}");
    }
}
