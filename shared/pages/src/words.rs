//! Words of the field in both languages, by the key that the API has for each.

use web::lang::{Said, said};

/// What channels are called.
pub static CHANNELS: [(&str, Said); 7] = [
    ("web", said("Web", "网站")),
    ("app", said("App", "App")),
    ("wechat", said("WeChat", "微信")),
    ("sms", said("SMS", "短信")),
    ("email", said("E-mail", "邮件")),
    ("phone", said("Phone", "电话")),
    ("store", said("Store", "门店")),
];
/// What the kinds of complaint are called that the shipped policy knows; an operator may have
/// others.
pub static TYPES: [(&str, Said); 15] = [
    ("safety", said("Safety", "安全")),
    ("privacy", said("Privacy", "隐私")),
    ("fraud", said("Fraud", "欺诈")),
    ("refund", said("Refunds and returns", "退款退换")),
    ("delivery", said("Delivery", "配送")),
    ("billing", said("Billing", "计费")),
    ("repair", said("Repair and installation", "维修安装")),
    ("attitude", said("Attitude", "服务态度")),
    ("system", said("Systems and network", "系统网络")),
    ("information", said("Information and promises", "宣传与信息")),
    ("waiting", said("Waiting", "等待")),
    ("facility", said("Premises", "设施环境")),
    ("taste", said("Food and taste", "口味")),
    ("quality", said("Product quality", "产品质量")),
    ("other", said("Other", "其他")),
];
/// What groups of customers are called.
pub static GROUPS: [(&str, Said); 3] = [
    ("new", said("New", "新客户")),
    ("existing", said("Existing", "老客户")),
    ("core", said("Core", "核心客户")),
];
/// What the grades of a complaint are called.
pub static GRADES: [(&str, Said); 4] = [
    ("major", said("Major", "重大")),
    ("moderate", said("Moderate", "中度")),
    ("general", said("General", "一般")),
    ("none", said("No complaint", "非投诉")),
];
/// What the states of a complaint are called.
pub static STATES: [(&str, Said); 5] = [
    ("open", said("Open", "处理中")),
    ("waiting", said("Waiting for the customer", "等待客户")),
    ("solved", said("Solved", "已解决")),
    ("closed", said("Closed", "已结案")),
    ("merged", said("Merged", "已合并")),
];
/// How urgent a complaint can be.
pub static URGENCIES: [(&str, Said); 3] = [
    ("immediate", said("Immediate", "紧急")),
    ("high", said("High", "较急")),
    ("normal", said("Normal", "一般")),
];
/// What customers need.
pub static NEEDS: [(&str, Said); 3] = [
    ("product", said("Product", "产品")),
    ("service", said("Service", "服务")),
    ("experience", said("Experience", "体验")),
];
/// What kinds of root causes are called.
pub static CAUSES: [(&str, Said); 3] = [
    ("process_gap", said("Gap in the process", "流程漏洞")),
    ("product_defect", said("Product defect", "产品缺陷")),
    ("service_error", said("Error in service", "服务失误")),
];
/// The stages of the journey, in their order.
pub static STAGES: [(&str, Said); 4] = [
    ("pre_sale", said("Before the purchase", "售前咨询")),
    ("purchase", said("Purchase", "购买交易")),
    ("after_sale", said("After-sale service", "售后服务")),
    ("retention", said("Repurchase and retention", "复购留存")),
];
/// The finer steps of a customer's life with the company.
pub static LIFECYCLES: [(&str, Said); 6] = [
    ("awareness", said("Awareness", "认知")),
    ("interest", said("Interest", "兴趣")),
    ("consideration", said("Consideration", "考虑")),
    ("purchase", said("Purchase", "购买")),
    ("use", said("Use", "使用")),
    ("advocacy", said("Advocacy", "推荐")),
];
/// What roles are called.
pub static ROLES: [(&str, Said); 4] = [
    ("viewer", said("Viewer", "查看者")),
    ("agent", said("Agent", "客服")),
    ("manager", said("Manager", "经理")),
    ("admin", said("Administrator", "管理员")),
];
