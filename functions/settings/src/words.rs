//! What members of the API are called.

use domain::measure::MEASURES;
use web::lang::{Lang, Said, said};

/// What personal data is kept of, as the site's retention names it.
pub(crate) static KEPT: [(&str, Said); 4] = [
    ("responses", said("Answers to surveys", "问卷答复")),
    ("complaints", said("Complaints", "投诉")),
    ("callbacks", said("Call-backs", "回电")),
    ("messages", said("Tickets and messages", "工单与消息")),
];
/// What a text is for that staff begin from.
pub(crate) static TEMPLATES: [(&str, Said); 5] = [
    ("answer", said("Answer", "答复")),
    ("question", said("Question to the customer", "向客户提问")),
    ("plan", said("Plan", "方案")),
    ("solution", said("Solution", "解决说明")),
    ("note", said("Internal note", "内部备注")),
];
/// What kinds of keys are called.
pub(crate) static KEYS: [(&str, Said); 2] =
    [("secret", said("Secret", "私密")), ("publishable", said("Publishable", "公开"))];
/// What the states of a webhook are called.
pub(crate) static WEBHOOKS: [(&str, Said); 3] = [
    ("active", said("Active", "启用")),
    ("paused", said("Paused", "已暂停")),
    ("disabled", said("Disabled", "已停用")),
];
/// What the states of a delivery are called.
pub(crate) static DELIVERIES: [(&str, Said); 4] = [
    ("due", said("Waiting", "待发送")),
    ("delivered", said("Delivered", "已送达")),
    ("dead", said("Given up", "已放弃")),
    ("dropped", said("Skipped", "已跳过")),
];
/// What the states of a message from another system are called.
pub(crate) static MESSAGES: [(&str, Said); 4] = [
    ("new", said("Waiting", "待处理")),
    ("mapped", said("Taken", "已接收")),
    ("ignored", said("Ignored", "已忽略")),
    ("failed", said("Failed", "失败")),
];
/// How a source signs.
pub(crate) static SCHEMES: [(&str, Said); 4] = [
    ("standard", said("Standard Webhooks", "Standard Webhooks")),
    ("stripe", said("Stripe", "Stripe")),
    ("github", said("GitHub", "GitHub")),
    ("token", said("A shared token", "共享令牌")),
];
/// Calendars that ship.
pub(crate) static CALENDARS: [(&str, Said); 3] = [
    ("office", said("Office hours", "办公时间")),
    ("china_office", said("Office hours in China", "中国办公时间")),
    ("around_the_clock", said("Around the clock", "全天候")),
];
/// Why a try brought no answer.
pub(crate) static ERRORS: [(&str, Said); 8] = [
    ("dns", said("the name is not known", "域名无法解析")),
    ("unreachable", said("nobody answers there", "无法连接")),
    ("tls", said("the certificate is not good", "证书无效")),
    ("timeout", said("no answer in time", "超时未应答")),
    ("broken", said("the answer broke off", "应答中断")),
    ("denied", said("the host does not let it out", "主机不允许外发")),
    ("forbidden", said("the address is not allowed", "不允许的地址")),
    (
        "secret",
        said("the secret cannot be opened: secret_key changed", "密钥无法解密：secret_key 已变更"),
    ),
];

/// Members of events that are no field of a form.
static MEMBERS: [(&str, Said); 17] = [
    ("scheme", said("Signature", "签名方式")),
    ("has_new_secret", said("New secret", "更换密钥")),
    ("old_secret_until", said("Old secret good until", "旧密钥有效至")),
    ("skip_missed", said("What was missed is skipped", "跳过错过的事件")),
    ("sequence", said("Event number", "事件序号")),
    ("event_id", said("Event", "事件")),
    ("was", said("Before", "此前状态")),
    ("state", said("State", "状态")),
    ("only", said("Which", "范围")),
    ("since", said("Since", "开始")),
    ("until", said("Until", "截止")),
    ("message", said("Message", "内容")),
    ("has_feed", said("Calendar address", "日历地址")),
    ("kind", said("Kind", "类型")),
    ("types", said("Events", "事件类型")),
    ("reason", said("Reason", "原因")),
    ("touchpoints", said("Touchpoints", "触点")),
];

/// What a member of an event is called; its own name if nobody said.
pub(crate) fn member(lang: Lang, name: &str) -> &str {
    staff::tell::of(lang, &MEMBERS, name)
}

/// What a service standard is called.
pub(crate) fn standard(lang: Lang, name: &'static str) -> &'static str {
    let found = MEASURES.iter().find(|it| it.name == name);
    found.map_or(name, |it| lang.of(it.label.0, it.label.1))
}
