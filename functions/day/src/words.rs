//! What a day sheet says, in both languages.

use domain::callback::{Mode, Outcome, State};
use web::lang::{Said, said};

/// Where a call stands.
pub(crate) const fn state(state: State) -> Said {
    match state {
        State::Held => said("held", "保留中"),
        State::Booked => said("booked", "已预约"),
        State::Waiting => said("waiting", "待拨打"),
        State::Calling => said("calling", "通话中"),
        State::Reached => said("reached", "已接通"),
        State::Failed => said("given up", "已终止"),
        State::Cancelled => said("called off", "已取消"),
        State::Expired => said("expired", "已过期"),
    }
}

/// What came of an attempt.
pub(crate) const fn outcome(outcome: Outcome) -> Said {
    match outcome {
        Outcome::Reached => said("reached", "已接通"),
        Outcome::NoAnswer => said("no answer", "无人接听"),
        Outcome::Busy => said("busy", "占线"),
        Outcome::WrongNumber => said("wrong number", "号码有误"),
        Outcome::Refused => said("does not want to talk", "拒绝回访"),
        Outcome::DoNotCall => said("not to be called again", "谢绝来电"),
    }
}

/// How the time of a call was found.
pub(crate) const fn mode(mode: Mode) -> Said {
    match mode {
        Mode::Appointment => said("appointment", "预约"),
        Mode::Asap => said("as soon as possible", "尽快"),
        Mode::Visit => said("visit", "回访"),
    }
}
