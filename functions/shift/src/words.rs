//! What call-backs are called, by the key that the API has for each.

use web::lang::{Said, said};

/// Where a call stands.
pub(crate) static STATES: [(&str, Said); 8] = [
    ("held", said("Held", "保留中")),
    ("booked", said("Booked", "已预约")),
    ("waiting", said("Waiting", "待拨打")),
    ("calling", said("Being called", "通话中")),
    ("reached", said("Reached", "已接通")),
    ("failed", said("Given up", "已终止")),
    ("cancelled", said("Called off", "已取消")),
    ("expired", said("Expired", "已过期")),
];

/// How the time of a call was found.
pub(crate) static MODES: [(&str, Said); 3] = [
    ("appointment", said("Appointment", "预约")),
    ("asap", said("As soon as possible", "尽快")),
    ("visit", said("Visit", "回访")),
];

/// What a call is for.
pub(crate) static PURPOSES: [(&str, Said); 5] = [
    ("request", said("Requested by the customer", "客户要求")),
    ("solved_case", said("After a solved complaint", "投诉解决回访")),
    ("purchase_visit", said("After a purchase", "购后回访")),
    ("core_visit", said("Core customer", "核心客户回访")),
    ("recovery", said("To win somebody back", "挽回回访")),
];

/// What can come of an attempt.
pub(crate) static OUTCOMES: [(&str, Said); 6] = [
    ("reached", said("Reached", "已接通")),
    ("no_answer", said("No answer", "无人接听")),
    ("busy", said("Busy", "占线")),
    ("wrong_number", said("Wrong number", "号码有误")),
    ("refused", said("Does not want to talk", "拒绝接受回访")),
    ("do_not_call", said("Never call again", "要求不再致电")),
];

/// Why staff call one off.
pub(crate) static REASONS: [(&str, Said); 5] = [
    ("asked", said("The customer asked for it", "客户要求取消")),
    ("settled", said("It is settled already", "事情已办妥")),
    ("duplicate", said("There is another call for the same", "与另一回电重复")),
    ("mistake", said("It was booked by mistake", "误约")),
    ("other", said("Another reason", "其他原因")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::callback::{Mode, Outcome, Purpose, State};

    #[test]
    fn whatever_the_api_can_say_has_a_name() {
        let keys = |table: &[(&'static str, Said)]| table.iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(keys(&OUTCOMES), Outcome::ALL.map(Outcome::name));
        assert_eq!(keys(&STATES), State::NAMES);
        assert_eq!(keys(&PURPOSES), Purpose::NAMES);
        assert_eq!(keys(&MODES), Mode::ALL.map(Mode::name));
    }
}
