//! What the API's words for complaints are called in both languages.

use web::lang::{Said, said};

/// What the clocks wait for.
pub(crate) static CLOCKS: [(&str, Said); 3] = [
    ("answer", said("Answer", "答复")),
    ("solution", said("Plan or solution", "方案")),
    ("closing", said("Closing", "结案")),
];
/// Whose words a text is, by its kind.
pub(crate) static TEXTS: [(&str, Said); 11] = [
    ("complaint", said("the complaint", "投诉内容")),
    ("more", said("more of the complaint", "补充投诉")),
    ("answer", said("answer", "答复")),
    ("note", said("note", "备注")),
    ("customer", said("reply", "客户回复")),
    ("appeal", said("does not agree", "提出异议")),
    ("reopening", said("opened again", "重新打开")),
    ("rating", said("rating", "评价")),
    ("reason", said("reason", "原因说明")),
    ("cause", said("root cause", "根本原因")),
    ("remedy", said("remedy", "改进措施")),
];
/// Kinds of texts that are the customer's own, unless staff say them.
pub(crate) const THEIRS: [&str; 6] =
    ["complaint", "more", "customer", "appeal", "reopening", "rating"];
/// How a complaint came in.
pub(crate) static SOURCES: [(&str, Said); 8] = [
    ("widget", said("widget", "网页组件")),
    ("page", said("our page", "投诉页面")),
    ("staff", said("taken down by staff", "客服登记")),
    ("survey", said("survey", "问卷")),
    ("api", said("another program", "接口")),
    ("import", said("file", "文件导入")),
    ("inbound", said("ticket of another system", "外部工单")),
    ("surge", said("many of one cause", "集中爆发")),
];
/// What customers get.
pub(crate) static GIFTS: [(&str, Said); 2] =
    [("coupon", said("Coupon", "补偿券")), ("refund", said("Money back", "退款"))];
/// How serious a complaint is for those who are called in.
pub(crate) static TIERS: [(&str, Said); 3] = [
    ("1", said("1: the worst", "1 级（最高）")),
    ("2", said("2", "2 级")),
    ("0", said("none", "不分级")),
];
/// Where a call-back stands.
pub(crate) static CALLS: [(&str, Said); 8] = [
    ("held", said("held", "保留中")),
    ("booked", said("booked", "已预约")),
    ("waiting", said("waiting", "待拨打")),
    ("calling", said("on the phone", "通话中")),
    ("reached", said("reached", "已接通")),
    ("failed", said("given up", "已终止")),
    ("cancelled", said("called off", "已取消")),
    ("expired", said("expired", "已过期")),
];
/// What a call-back is for.
pub(crate) static PURPOSES: [(&str, Said); 5] = [
    ("request", said("Call-back", "客户要求回电")),
    ("solved_case", said("After a solution", "投诉解决回访")),
    ("purchase_visit", said("After a purchase", "售后回访")),
    ("core_visit", said("Visit to a core customer", "核心客户定期回访")),
    ("recovery", said("After a low score", "低分挽回")),
];
/// Why somebody got a case.
pub(crate) static WHYS: [(&str, Said); 17] = [
    ("staff", said("handed over by staff", "人工转交")),
    ("adviser", said("their adviser", "专属顾问")),
    ("specialist", said("a specialist", "专家")),
    ("no_specialist", said("no specialist was free", "无空闲专家")),
    ("skills", said("has the skills", "技能匹配")),
    ("language", said("speaks the language", "语言匹配")),
    ("department", said("of the department", "所属部门")),
    ("other_department", said("of another department", "其他部门")),
    ("least_loaded", said("has the least to do", "负荷最低")),
    ("round_robin", said("waited longest", "轮候最久")),
    ("only_one", said("nobody else was there", "唯一人选")),
    ("no_agents", said("there are no agents", "尚无客服")),
    ("all_absent", said("all are away", "全员不在岗")),
    ("all_full", said("all have their hands full", "全员满负荷")),
    ("absent_or_full", said("all are away or full", "全员不在岗或满负荷")),
    ("ladder", said("the ladder", "升级阶梯")),
    ("import", said("brought by a file", "文件导入")),
];
/// What happened to a case, by the type of the event after `complaint.`.
pub(crate) static HAPPENED: [(&str, Said); 22] = [
    ("opened", said("came in", "收到投诉")),
    ("imported", said("brought by a file", "从文件导入")),
    ("graded", said("graded", "定级")),
    ("assigned", said("given to ", "分配给 ")),
    ("answered", said("answered the customer", "答复客户")),
    ("asked", said("asked the customer something", "向客户提问")),
    ("planned", said("told the customer the plan", "告知客户解决方案")),
    ("noted", said("made a note", "添加备注")),
    ("updated", said("changed what it is about", "修改工单信息")),
    ("joined", said("another case became part of it", "有工单并入")),
    ("replied", said("the customer said more", "客户补充")),
    ("escalated", said("escalated to ", "升级给 ")),
    ("compensated", said("gave a compensation", "发放补偿")),
    ("solved", said("solved", "标记为解决")),
    ("appealed", said("the customer does not agree", "客户提出异议")),
    ("rated", said("the customer rated it", "客户评价")),
    ("closed", said("closed", "结案")),
    ("reopened", said("opened again", "重新打开")),
    ("merged", said("merged into another", "并入其他工单")),
    ("linked", said("a private link was made", "生成专属链接")),
    ("unlinked", said("a private link was revoked", "吊销专属链接")),
    ("erased", said("personal data erased", "抹除个人信息")),
];
