//! Words of these pages, by the key that the API has for each.

use web::lang::{Said, said};

/// What happens with a customer.
pub(crate) static KINDS: [(&str, Said); 7] = [
    ("response", said("Survey", "问卷")),
    ("complaint", said("Complaint", "投诉")),
    ("callback", said("Call-back", "回电")),
    ("order", said("Order", "订单")),
    ("ticket", said("Ticket", "工单")),
    ("message", said("Message", "消息")),
    ("invitation", said("Invitation", "邀请")),
];
/// What is measured.
pub(crate) static METRICS: [(&str, Said); 3] = [
    ("nps", said("Recommends", "推荐意愿")),
    ("csat", said("Satisfaction", "满意度")),
    ("ces", said("Ease", "省力度")),
];
/// Where a call-back stands.
pub(crate) static CALL_STATES: [(&str, Said); 8] = [
    ("held", said("Held, not confirmed", "已占位，待确认")),
    ("booked", said("Booked", "已预约")),
    ("waiting", said("Waiting", "等待拨打")),
    ("calling", said("Being called", "拨打中")),
    ("reached", said("Reached", "已接通")),
    ("failed", said("Not reached", "未接通")),
    ("cancelled", said("Called off", "已取消")),
    ("expired", said("Expired", "已过期")),
];
/// Why somebody is called.
pub(crate) static PURPOSES: [(&str, Said); 5] = [
    ("request", said("Asked to be called", "客户要求回电")),
    ("solved_case", said("After a solved complaint", "投诉解决回访")),
    ("purchase_visit", said("After a purchase", "购后回访")),
    ("core_visit", said("Visit to a core customer", "核心客户回访")),
    ("recovery", said("After a low score", "低分挽回")),
];
/// What came of a call.
pub(crate) static OUTCOMES: [(&str, Said); 6] = [
    ("reached", said("talked to them", "已通话")),
    ("no_answer", said("nobody answered", "无人接听")),
    ("busy", said("line busy", "占线")),
    ("wrong_number", said("wrong number", "号码有误")),
    ("refused", said("did not want to talk", "拒绝通话")),
    ("do_not_call", said("wants no more calls", "要求不再致电")),
];
/// Languages by their tags.
pub(crate) static LANGUAGES: [(&str, Said); 4] = [
    ("zh-CN", said("Chinese", "中文")),
    ("zh-TW", said("Chinese (Traditional)", "繁体中文")),
    ("zh-HK", said("Chinese (Hong Kong)", "繁体中文（香港）")),
    ("en", said("English", "英文")),
];
