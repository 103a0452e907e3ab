//! Words of surveys in both languages.

use domain::role::Role;
use web::lang::{Said, said};

/// What the states of a survey are called.
pub(crate) static STATES: [(&str, Said); 3] = [
    ("draft", said("Draft", "草稿")),
    ("open", said("Open", "收集中")),
    ("closed", said("Closed", "已关闭")),
];

/// What the types of question are called, with what they are for.
pub(crate) static TYPES: [(&str, Said); 14] = [
    ("rating", said("Rating", "评分")),
    ("nps", said("Recommendation, 0 to 10 (NPS)", "推荐意愿 0–10（NPS）")),
    ("effort", said("Effort, 1 to 7 (CES)", "省力程度 1–7（CES）")),
    ("single_choice", said("One of several", "单选")),
    ("multiple_choice", said("Some of several", "多选")),
    ("matrix", said("Several ratings at once", "矩阵评分")),
    ("ranking", said("Ranking", "排序")),
    ("text", said("Words", "文字")),
    ("number", said("Number", "数字")),
    ("date", said("Day", "日期")),
    ("email", said("E-mail address", "电子邮箱")),
    ("phone", said("Phone number", "电话")),
    ("consent", said("Consent", "同意")),
    ("statement", said("Text to read", "说明文字")),
];

/// How a rating looks.
pub(crate) static DISPLAYS: [(&str, Said); 3] = [
    ("numbers", said("Numbers", "数字")),
    ("stars", said("Stars", "星级")),
    ("faces", said("Faces", "表情")),
];

/// How questions are put.
pub(crate) static LAYOUTS: [(&str, Said); 2] = [
    ("page", said("All on one page", "全部在一页")),
    ("steps", said("One after the other", "逐题显示")),
];

/// How often a programme asks.
pub(crate) static RECURRENCES: [(&str, Said); 3] = [
    ("once", said("Once", "一次")),
    ("monthly", said("Every month", "每月")),
    ("quarterly", said("Every quarter", "每季度")),
];

/// What the states of an invitation are called.
pub(crate) static INVITED: [(&str, Said); 3] = [
    ("invited", said("Invited", "已邀请")),
    ("reminded", said("Reminded", "已提醒")),
    ("answered", said("Answered", "已回答")),
];

/// How the widget stands in a page.
pub(crate) static MODES: [(&str, Said); 4] = [
    ("popover", said("A button that opens it", "按钮，点击后弹出")),
    ("tab", said("A tab at the side", "页面侧边的标签")),
    ("modal", said("In front of the page", "弹出在页面之上")),
    ("inline", said("Where the tag stands", "嵌在代码所在的位置")),
];

/// The pages of a survey: the rest of the address, the name, who sees them.
pub(crate) static TABS: [(&str, Said, Role); 6] = [
    ("", said("Overview", "概览"), Role::Viewer),
    ("/edit", said("Edit", "编辑"), Role::Manager),
    ("/tag", said("Put on a site", "放到网站"), Role::Viewer),
    ("/links", said("Links", "链接"), Role::Manager),
    ("/waves", said("Waves", "定期调研"), Role::Viewer),
    ("/files", said("Files", "文件"), Role::Agent),
];

/// What a part of a mapping is called.
pub(crate) static PARTS: [(&str, Said); 7] = [
    ("id", said("Number of the row", "行编号")),
    ("answered_at", said("When it was answered", "回答时间")),
    ("channel", said("Channel", "渠道")),
    ("group", said("Customer group", "客户群")),
    ("language", said("Language", "语言")),
    ("customer", said("Customer", "客户")),
    ("agent", said("Agent", "客服")),
];
