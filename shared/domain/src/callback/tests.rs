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
