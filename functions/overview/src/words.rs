//! What things are called, and what is said where there is nothing to show.

use app::neighbour::Refused;
use board::{Figure, Opened, tell};
use serde_json::Value;
use web::lang::{Lang, Said, said};

/// What a neighbour answered.
pub(crate) type Told = Result<Value, Refused>;

static NULL: Value = Value::Null;

/// What was told; null for nothing.
pub(crate) fn value(told: &Told) -> &Value {
    told.as_ref().unwrap_or(&NULL)
}

/// What to say in the place of what could not be read; empty if it could.
pub(crate) fn gap(told: &Told, lang: Lang) -> String {
    match told {
        Ok(_) => String::new(),
        Err(refused) if 500 <= refused.status || refused.text().is_empty() => lang
            .of(
                "This part could not be read just now. The rest of the page holds; load it again \
                 in a moment.",
                "这部分暂时无法读取，页面其余内容不受影响；请稍后重新加载。",
            )
            .to_owned(),
        Err(refused) => refused.text().to_owned(),
    }
}

/// A figure that says why it is none.
pub(crate) fn none(id: &'static str, title: &str, why: impl Into<String>) -> Figure {
    Figure { id, title: title.to_owned(), empty: why.into(), ..Figure::default() }
}

/// What a score is not kept for, in its place.
pub(crate) fn not_kept(lang: Lang) -> &'static str {
    lang.of(
        "Not kept for these filters: take them out to see it.",
        "未按当前筛选条件统计，取消筛选即可查看。",
    )
}

/// What to do about there being no answers.
pub(crate) fn no_answers(lang: Lang) -> &'static str {
    lang.of(
        "No answers in these days. Choose more days, or publish a survey and put its widget on \
         your pages.",
        "该时段没有回答。请选择更长的时间段，或发布问卷并将组件嵌入您的页面。",
    )
}

/// A filter.
pub(crate) fn grain(name: &str) -> &'static Said {
    static NAMES: [(&str, Said); 5] = [
        ("touchpoint", said("Touchpoint", "触点")),
        ("channel", said("Channel", "渠道")),
        ("group", said("Customer group", "客户群")),
        ("agent", said("Agent", "员工")),
        ("survey", said("Survey", "问卷")),
    ];
    find(&NAMES, name)
}

/// A stage of the journey.
pub(crate) fn stage(name: &str) -> &'static Said {
    static NAMES: [(&str, Said); 4] = [
        ("pre_sale", said("Before the purchase", "售前咨询")),
        ("purchase", said("Purchase", "购买交易")),
        ("after_sale", said("After the sale", "售后服务")),
        ("retention", said("Coming back", "复购留存")),
    ];
    find(&NAMES, name)
}

/// A kind of root cause.
pub(crate) fn cause(name: &str) -> &'static Said {
    find(&CAUSES, name)
}

/// The kinds of root causes.
pub(crate) static CAUSES: [(&str, Said); 3] = [
    ("process_gap", said("gap in the process", "流程漏洞")),
    ("product_defect", said("defect of the product", "产品缺陷")),
    ("service_error", said("error in service", "服务失误")),
];

/// The rates of complaints.
pub(crate) static RATES: [(&str, Said); 6] = [
    ("answered_on_time", said("Answered in time", "按时答复")),
    ("solved_on_time", said("Solved in time", "按时解决")),
    ("closed_on_time", said("Closed in time", "按时办结")),
    ("resolution", said("Solved", "解决率")),
    ("repeated", said("Repeated", "重复投诉")),
    ("first_contact", said("Solved at first contact", "首次联系即解决")),
];

/// What is to be done about a driver.
pub(crate) fn priority(name: &str) -> &'static Said {
    static NAMES: [(&str, Said); 4] = [
        ("improve", said("Improve first", "优先改进")),
        ("keep", said("Keep it up", "继续保持")),
        ("watch", said("Watch", "持续观察")),
        ("ease", said("Good enough", "维持即可")),
    ];
    find(&NAMES, name)
}

fn find(names: &'static [(&'static str, Said)], name: &str) -> &'static Said {
    static NONE: Said = said("Other", "其他");
    names.iter().find(|it| it.0 == name).map_or(&NONE, |it| &it.1)
}

/// What a channel or a group of customers is called.
pub(crate) fn option(opened: &Opened, grain: &str, key: &str) -> String {
    let options = opened.options(grain);
    options.into_iter().find(|it| it.0 == key).map_or_else(|| key.to_owned(), |it| it.1)
}

/// How many, as it is read: `1,204`.
pub(crate) fn many(told: &Value, pointer: &str) -> String {
    tell::number(told, pointer).map_or_else(String::new, tell::plain)
}

/// A number with what it is of: `86.4%`.
pub(crate) fn with(number: f64, unit: &str) -> String {
    format!("{}{unit}", tell::plain(number))
}
