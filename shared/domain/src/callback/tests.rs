//! What may happen to a call-back, and what follows.

use super::*;

#[test]
fn what_ended_stays_as_it_is() {
    let acts = [Act::Confirm, Act::Move, Act::Cancel, Act::Take, Act::Release, Act::Expire];
    let attempts = Outcome::ALL.map(Act::Attempt);
    for state in State::ALL.into_iter().filter(|it| !it.is_open()) {
        for act in acts.into_iter().chain(attempts) {
            assert_eq!(act.from(state), None, "{act:?} {state:?}");
        }
    }
}

#[test]
fn a_held_slot_can_be_confirmed_moved_and_let_go_and_nothing_else() {
    assert_eq!(Act::Confirm.from(State::Held), Some(State::Booked));
    assert_eq!(Act::Move.from(State::Held), Some(State::Held));
    assert_eq!(Act::Cancel.from(State::Held), Some(State::Cancelled));
    assert_eq!(Act::Expire.from(State::Held), Some(State::Expired));
    assert_eq!(Act::Take.from(State::Held), None);
    assert_eq!(Act::Attempt(Outcome::Reached).from(State::Held), None);
    assert_eq!(Act::Confirm.from(State::Booked), None);
}

#[test]
fn each_outcome_has_its_own_ladder() {
    let service = Service::default();
    let again = |minutes: i64| Next::Again(1_000 + minutes * MINUTE_MS);
    assert_eq!(service.after(Outcome::NoAnswer, 0, 1_000), again(30));
    assert_eq!(service.after(Outcome::NoAnswer, 2, 1_000), again(1440));
    assert_eq!(service.after(Outcome::NoAnswer, 3, 1_000), Next::End(State::Failed));
    assert_eq!(service.after(Outcome::Busy, 0, 1_000), again(10));
    assert_eq!(service.after(Outcome::Reached, 0, 1_000), Next::End(State::Reached));
    for outcome in [Outcome::WrongNumber, Outcome::Refused, Outcome::DoNotCall] {
        assert_eq!(service.after(outcome, 0, 1_000), Next::End(State::Failed));
    }
}

#[test]
fn what_follows_an_attempt_is_outside_quiet_hours_and_before_the_end() {
    let service = Service::default();
    let at = |text: &str| crate::civil::parse_rfc3339(text).unwrap();
    let now = at("2026-11-24T20:50:00+08:00");
    let tried = Tried {
        outcome: Outcome::NoAnswer,
        before: 0,
        now,
        agreed: None,
        is_last: false,
        expires: at("2026-11-30T10:00:00+08:00"),
        zone: Zone::SHANGHAI,
    };
    let morning = at("2026-11-25T09:00:00+08:00");
    let follows = |it: Tried| service.follows(&it);
    assert_eq!(follows(tried), Next::Again(morning), "21:20 is too late");
    let busy = Tried { outcome: Outcome::Busy, ..tried };
    assert_eq!(follows(busy), Next::Again(morning), "21:00 is too late by a minute");
    assert_eq!(follows(Tried { now: now - 1, ..busy }), Next::Again(now - 1 + 10 * MINUTE_MS));
    // What they agreed to may be at night, and needs no ladder.
    let agreed = Some(at("2026-11-24T22:00:00+08:00"));
    let again = Next::Again(at("2026-11-24T22:00:00+08:00"));
    assert_eq!(follows(Tried { agreed, ..tried }), again);
    assert_eq!(follows(Tried { agreed, before: 9, ..tried }), again);
    let failed = Next::End(State::Failed);
    assert_eq!(follows(Tried { before: 9, ..tried }), failed);
    assert_eq!(follows(Tried { expires: morning, ..tried }), failed);
    assert_eq!(follows(Tried { expires: morning + 1, ..tried }), Next::Again(morning));
    assert_eq!(follows(Tried { is_last: true, agreed, ..tried }), failed);
    for outcome in [Outcome::WrongNumber, Outcome::Refused, Outcome::DoNotCall] {
        assert_eq!(follows(Tried { outcome, agreed, ..tried }), failed);
    }
    let reached = Tried { outcome: Outcome::Reached, is_last: true, ..tried };
    assert_eq!(follows(reached), Next::End(State::Reached));
}
