//! What rules are called and what each is for.

use serde_json::Value;
use staff::tell::{at, items, text};
use web::lang::{Lang, Said, said};

/// A kind of policy: its name in the API, what it is called, and what it is for.
pub(crate) struct Kind {
    pub(crate) key: &'static str,
    pub(crate) name: Said,
    pub(crate) about: Said,
}

/// The kinds of policies, in the order in which they come into play.
pub(crate) static KINDS: [Kind; 6] = [
    Kind {
        key: "grading",
        name: said("Grading", "分级规则"),
        about: said(
            "Which words make a complaint general, moderate or major, and of which type it is.",
            "哪些措辞使一件投诉成为一般、中度或重大，以及它属于哪个类型。",
        ),
    },
    Kind {
        key: "promise",
        name: said("Promise", "时限承诺"),
        about: said(
            "How long the answer, the plan and the closing may take, for each grade.",
            "各等级投诉的答复、方案与结案各有多长时限。",
        ),
    },
    Kind {
        key: "assignment",
        name: said("Assignment", "派单规则"),
        about: said(
            "Which department gets a complaint, and which skills it wants.",
            "投诉交给哪个部门、需要哪些技能。",
        ),
    },
    Kind {
        key: "ladder",
        name: said("Ladder", "升级阶梯"),
        about: said(
            "Who is told, and who takes over, while a clock runs out and after.",
            "时限将尽或超时后通知谁、由谁接手。",
        ),
    },
    Kind {
        key: "intake",
        name: said("Intake", "自动立案"),
        about: said(
            "Which low scores and tickets become complaints by themselves, and what a surge is.",
            "哪些低分与工单自动转为投诉，以及何为集中投诉。",
        ),
    },
    Kind {
        key: "work",
        name: said("Compensation", "补偿权限"),
        about: said(
            "How much agents and managers may give for one complaint.",
            "客服与经理对单件投诉各可补偿多少。",
        ),
    },
];

/// The kind of this name.
pub(crate) fn kind(key: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|it| it.key == key)
}

/// The clocks of a case.
pub(crate) static CLOCKS: [(&str, Said); 3] = [
    ("answer", said("Answer", "答复")),
    ("solution", said("Plan", "方案")),
    ("closing", said("Closing", "结案")),
];

/// In what a clock is counted; `working` is hours of working time.
pub(crate) static UNITS: [(&str, Said); 5] = [
    ("minutes", said("minutes", "分钟")),
    ("hours", said("hours", "小时")),
    ("working", said("working hours", "工作小时")),
    ("working_minutes", said("working minutes", "工作分钟")),
    ("working_days", said("working days", "个工作日")),
];

/// What a step of the ladder does.
pub(crate) static DEEDS: [(&str, Said); 3] = [
    ("notify", said("tell", "通知")),
    ("raise", said("make more urgent", "提升紧急程度")),
    ("reassign", said("hand over to", "转交给")),
];

/// Whom a step of the ladder is about, where a case itself names them.
pub(crate) static WHOM: [(&str, Said); 7] = [
    ("agent", said("whoever has the case", "经办人")),
    ("department", said("the department of the case", "经办部门")),
    ("specialist", said("a specialist", "专员")),
    ("role:viewer", said("viewers", "所有查看者")),
    ("role:agent", said("agents", "所有客服")),
    ("role:manager", said("managers", "所有经理")),
    ("role:admin", said("administrators", "所有管理员")),
];

/// Whose holidays a calendar follows.
pub(crate) static COUNTRIES: [(&str, Said); 2] = [
    ("china", said("Mainland China, with make-up days", "中国大陆（含调休补班）")),
    ("none", said("None", "不设节假日")),
];

/// The days of the week.
pub(crate) static WEEKDAYS: [(&str, Said); 7] = [
    ("monday", said("Monday", "星期一")),
    ("tuesday", said("Tuesday", "星期二")),
    ("wednesday", said("Wednesday", "星期三")),
    ("thursday", said("Thursday", "星期四")),
    ("friday", said("Friday", "星期五")),
    ("saturday", said("Saturday", "星期六")),
    ("sunday", said("Sunday", "星期日")),
];

/// Why a day has other hours than its weekday.
pub(crate) static WHY: [(&str, Said); 3] = [
    ("holiday", said("public holiday", "法定节假日")),
    ("make_up", said("make-up day", "调休补班")),
    ("exception", said("your own", "自定义")),
];

/// What the scores of responses are called.
pub(crate) static METRICS: [(&str, Said); 3] = [
    ("nps", said("NPS (0 to 10)", "净推荐值 NPS（0–10）")),
    ("csat", said("Satisfaction CSAT", "满意度 CSAT")),
    ("ces", said("Effort CES", "费力度 CES")),
];

/// What a low score leads to.
pub(crate) static THEN: [(&str, Said); 2] = [
    ("open", said("a complaint is opened", "自动立案")),
    ("offer", said("the customer is offered to complain", "邀请客户提交投诉")),
];

/// What tickets of other systems become.
pub(crate) static TICKETS: [(&str, Said); 2] = [
    ("open", said("They become complaints", "转为投诉")),
    ("ignore", said("They stay what they are", "不转为投诉")),
];

/// What call rules wait for.
pub(crate) static CALL_EVENTS: [(&str, Said); 4] = [
    ("complaint.solved", said("A complaint was solved", "投诉已解决")),
    ("order.completed", said("An order was completed", "订单已完成")),
    ("response.created", said("A low score came in", "收到低分评价")),
    ("customer", said("A customer's turn comes, again and again", "按周期回访客户")),
];

/// What calls are for.
pub(crate) static PURPOSES: [(&str, Said); 5] = [
    ("request", said("The customer asked for it", "客户预约")),
    ("solved_case", said("After a solved complaint", "投诉解决后回访")),
    ("purchase_visit", said("After a purchase", "购后回访")),
    ("core_visit", said("Core customers, now and then", "核心客户定期回访")),
    ("recovery", said("Whoever was disappointed", "不满客户挽回")),
];

/// How long in plain words, of minutes: `1 day 2 hours`.
pub(crate) fn minutes(lang: Lang, minutes: i64) -> String {
    let parts = [
        (minutes / 1440, "day", "days", "天"),
        (minutes % 1440 / 60, "hour", "hours", "小时"),
        (minutes % 60, "minute", "minutes", "分钟"),
    ];
    let mut told = String::new();
    for (count, one, many, zh) in parts {
        if count == 0 && (minutes != 0 || one != "minute") {
            continue;
        }
        if !told.is_empty() {
            told.push(' ');
        }
        let unit = lang.of(if count == 1 { one } else { many }, zh);
        told.push_str(&format!("{count} {unit}"));
    }
    told
}

/// Whom a step names, as one word: `agent`, `role:manager`, `agent_id:agt_…`.
pub(crate) fn whom(step: &Value) -> String {
    let to = at(step, "/to");
    if let Some(word) = to.as_str() {
        return word.to_owned();
    }
    for name in ["role", "agent_id", "department_id"] {
        if let Some(id) = to.get(name).and_then(Value::as_str) {
            return format!("{name}:{id}");
        }
    }
    String::new()
}

/// A list in words.
pub(crate) fn listed(lang: Lang, list: &Value) -> String {
    let mut told = String::new();
    for it in items(list, "") {
        if !told.is_empty() {
            told.push_str(lang.of(", ", "、"));
        }
        match it.as_str() {
            Some(word) => told.push_str(word),
            None => told.push_str(&web::view::text(it)),
        }
    }
    told
}

/// The names of what policies and services refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) agents: Vec<(String, String)>,
    pub(crate) departments: Vec<(String, String)>,
    pub(crate) touchpoints: Vec<(String, String)>,
    pub(crate) surveys: Vec<(String, String)>,
    pub(crate) calendars: Vec<(String, String)>,
    pub(crate) services: Vec<(String, String)>,
}

impl Names {
    /// The name of an id; the id itself if it is not known.
    pub(crate) fn of<'a>(&'a self, id: &'a str) -> &'a str {
        let lists = [
            &self.agents,
            &self.departments,
            &self.touchpoints,
            &self.surveys,
            &self.calendars,
            &self.services,
        ];
        let mut all = lists.into_iter().flatten();
        all.find(|it| it.0 == id).map_or(id, |it| it.1.as_str())
    }

    /// Whom a step of the ladder names, in words.
    pub(crate) fn whom(&self, lang: Lang, step: &Value) -> String {
        let word = whom(step);
        match word.split_once(':') {
            Some(("agent_id" | "department_id", id)) => self.of(id).to_owned(),
            _ => staff::tell::of(lang, &WHOM, &word).to_owned(),
        }
    }
}

/// The calendars that ship: their ids, by which the API knows them.
pub(crate) const SHIPPED: [&str; 3] = ["office", "china_office", "around_the_clock"];

/// Of a list of the API: id and name of each, or of a survey its title.
pub(crate) fn named(list: &Value) -> Vec<(String, String)> {
    let found = items(list, "/items");
    let mut all = Vec::with_capacity(found.len());
    for it in found {
        let name = ["/name", "/title"].into_iter().map(|at| text(it, at)).find(|it| !it.is_empty());
        let id = text(it, "/id");
        all.push((id.to_owned(), name.unwrap_or(id).to_owned()));
    }
    all
}
