//! The fields of a survey and of each type of question. A field is named as the definition has it.

use paper::words::own_name;
use serde_json::Value;
use staff::form::Kind;
use staff::tell::{at, choices, items, named};
use staff::{Desk, Form, Input};

use crate::words;

/// What the fields of a question depend on.
#[derive(Clone, Debug)]
pub(crate) struct Asked<'a> {
    /// Its type.
    pub(crate) kind: &'a str,
    /// The languages of the survey.
    pub(crate) languages: &'a [String],
    /// How many options and rows the form has.
    pub(crate) options: usize,
    pub(crate) rows: usize,
    /// The touchpoints of the site.
    pub(crate) touchpoints: &'a Value,
}

/// The types that have options.
pub(crate) const CHOICES: [&str; 4] = ["single_choice", "multiple_choice", "ranking", "matrix"];

/// A text in each language; `has_lines` takes several lines.
fn texts(
    into: &mut Vec<Input>,
    languages: &[String],
    (name, label, hint): (&str, &str, &str),
    (is_needed, has_lines): (bool, bool),
) {
    for (at, language) in languages.iter().enumerate() {
        let label = if languages.len() < 2 {
            label.to_owned()
        } else {
            format!("{label} · {}", own_name(language))
        };
        let kind = if has_lines { Kind::Text } else { Kind::Line };
        let mut input = Input::new(format!("{name}/{language}"), label, kind);
        if at == 0 {
            input = input.hint(hint);
            if is_needed {
                input = input.needed();
            }
        }
        into.push(input);
    }
}

fn touchpoint(desk: &Desk, touchpoints: &Value, none: &str) -> Input {
    let label = desk.lang.of("Touchpoint", "触点");
    Input::new("touchpoint_id", label, Kind::Choice(named(touchpoints, none)))
}

/// What stands at the top of a survey, and how it is put.
pub(crate) fn survey(desk: &Desk, languages: &[String], touchpoints: &Value) -> Form {
    let lang = desk.lang;
    let mut all = vec![
        Input::line("name", lang.of("Name", "名称"))
            .hint(lang.of("For your team; customers do not see it.", "供内部辨认，客户看不到。"))
            .needed(),
    ];
    texts(&mut all, languages, ("title", lang.of("Title", "标题"), ""), (true, false));
    let welcome = lang.of("Before the first question", "开头的话");
    texts(&mut all, languages, ("welcome", welcome, ""), (false, true));
    let thanks = lang.of("After the last question", "结束语");
    texts(&mut all, languages, ("thanks", thanks, ""), (false, true));
    if 1 < languages.len() {
        let known = languages.iter().map(|it| (it.clone(), own_name(it).to_owned()));
        let label = lang.of("First language", "首选语言");
        all.push(
            Input::new("default_language", label, Kind::Choice(known.collect()))
                .hint(lang.of("Shown where a translation is missing.", "没有译文时显示这种语言。")),
        );
    }
    let layout = Kind::Choice(choices(lang, &words::LAYOUTS, ""));
    all.push(Input::new("layout", lang.of("Questions stand", "题目显示方式"), layout));
    all.push(touchpoint(desk, touchpoints, lang.of("None", "无")));
    all.extend(when(desk));
    all.extend(whom(desk));
    all.extend(rest(desk));
    Form::new(all)
}

/// When and where a survey takes answers.
fn when(desk: &Desk) -> Vec<Input> {
    let lang = desk.lang;
    let any = lang.of("As its touchpoint", "随触点");
    let stages = Kind::Choice(choices(lang, &pages::words::STAGES, any));
    let channels = Kind::Several(choices(lang, &pages::words::CHANNELS, ""));
    vec![
        Input::new("stage", lang.of("Stage of the journey", "旅程阶段"), stages),
        Input::new("channels", lang.of("Channels", "渠道"), channels)
            .hint(lang.of("None ticked: all of them.", "都不勾选表示全部渠道。")),
        Input::new("opens_at", lang.of("Opens", "开放时间"), Kind::Moment(desk.zone)),
        Input::new("closes_at", lang.of("Closes", "结束时间"), Kind::Moment(desk.zone)),
        Input::new(
            "response_limit",
            lang.of("Most answers that count", "计入的回答上限"),
            Kind::Whole,
        ),
    ]
}

/// Who is asked by a page of its own accord.
fn whom(desk: &Desk) -> Vec<Input> {
    let lang = desk.lang;
    let whole = |name: &str, label: &str| Input::new(name, label, Kind::Whole);
    vec![
        whole("sampling/percent", lang.of("Percent of the visitors", "抽取访客的百分比"))
            .hint(lang.of("1 to 100; all of them if it is empty.", "1 到 100，留空表示全部。")),
        whole(
            "sampling/rest_days/survey",
            lang.of("Days of rest after this survey was shown", "本问卷显示后的间隔天数"),
        ),
        whole(
            "sampling/rest_days/metric",
            lang.of("… after any survey with the same score", "同类评分问卷显示后的间隔天数"),
        ),
        whole(
            "sampling/rest_days/any",
            lang.of("… after any survey at all", "任何问卷显示后的间隔天数"),
        ),
    ]
}

/// What few surveys need.
fn rest(desk: &Desk) -> Vec<Input> {
    let lang = desk.lang;
    let json = |name: &str, label: &str| Input::new(name, label, Kind::Json);
    let mut all = Vec::new();
    for (group, name) in &pages::words::GROUPS {
        let label = match lang {
            web::Lang::En => format!("Target of satisfaction: {}", name.text(lang)),
            web::Lang::Zh => format!("{}的满意度目标", name.text(lang)),
        };
        all.push(Input::new(format!("targets/{group}"), label, Kind::Whole));
    }
    all.push(
        Input::new("weights", lang.of("Weights of the dimensions", "维度权重"), Kind::Counts)
            .hint(lang.of("A line each: quality = 3", "每行一个：quality = 3")),
    );
    for (name, en, zh) in [
        ("accent", "Colour of buttons", "按钮颜色"),
        ("background", "Colour of the ground", "背景颜色"),
        ("text", "Colour of the text", "文字颜色"),
    ] {
        let label = lang.of(en, zh);
        all.push(Input::line(format!("theme/{name}"), label).hint("#0b5f5b"));
    }
    all.push(json("endings", lang.of("Endings", "结束页")));
    all.push(json("hidden", lang.of("Hidden fields", "隐藏字段")));
    all.push(json("quotas", lang.of("Quotas", "配额")));
    all
}

/// The fields of a question.
pub(crate) fn question(desk: &Desk, it: &Asked<'_>) -> Form {
    let lang = desk.lang;
    let mut all = Vec::new();
    let text = match it.kind {
        "statement" => lang.of("Text", "文字"),
        _ => lang.of("Question", "题目"),
    };
    texts(&mut all, it.languages, ("text", text, ""), (true, true));
    let help = lang.of("Smaller text below", "补充说明");
    texts(&mut all, it.languages, ("help", help, ""), (false, false));
    if it.kind != "statement" {
        let label = lang.of("An answer is required", "必答");
        all.push(Input::new("required", label, Kind::Flag));
    }
    scale(desk, it, &mut all);
    bounds(desk, it, &mut all);
    if ["matrix"].contains(&it.kind) {
        for row in 0..it.rows {
            rows(desk, it, row, &mut all);
        }
    }
    if CHOICES.contains(&it.kind) {
        for option in 0..it.options {
            options(desk, it, option, &mut all);
        }
    }
    meaning(desk, it, &mut all);
    Form::new(all)
}

/// Scores and what their ends mean.
fn scale(desk: &Desk, it: &Asked<'_>, all: &mut Vec<Input>) {
    let lang = desk.lang;
    if ["rating", "matrix"].contains(&it.kind) {
        let points = (2..=10).map(|it| (it.to_string(), it.to_string())).collect();
        all.push(Input::new("points", lang.of("Points", "分数上限"), Kind::Choice(points)));
    }
    if it.kind == "rating" {
        let displays = Kind::Choice(choices(lang, &words::DISPLAYS, ""));
        all.push(Input::new("display", lang.of("Looks like", "显示为"), displays));
    }
    if ["nps", "rating", "effort", "matrix"].contains(&it.kind) {
        let hint = lang.of("The usual words if it is empty.", "留空则用通用文字。");
        let low = lang.of("Words for the lowest score", "最低分的含义");
        texts(all, it.languages, ("low", low, hint), (false, false));
        let high = lang.of("Words for the highest score", "最高分的含义");
        texts(all, it.languages, ("high", high, ""), (false, false));
    }
}

/// What an answer may be.
fn bounds(desk: &Desk, it: &Asked<'_>, all: &mut Vec<Input>) {
    let lang = desk.lang;
    let whole = |name: &str, en, zh| Input::new(name, lang.of(en, zh), Kind::Whole);
    match it.kind {
        "multiple_choice" => {
            all.push(whole("min", "Fewest that may be chosen", "至少选几项"));
            all.push(whole("max", "Most that may be chosen", "至多选几项"));
        }
        "ranking" => all.push(whole("max", "How many are ranked", "需要排序的数量")),
        "text" => {
            all.push(whole("max_length", "Longest answer, in characters", "最多字数"));
            all.push(whole("min_length", "Shortest answer", "最少字数"));
            let label = lang.of("Mask", "格式");
            all.push(Input::line("pattern", label).hint(lang.of(
                "# is a digit, A a letter, * either: AA-#### takes SH-2024.",
                "# 为数字，A 为字母，* 为二者之一：AA-#### 可填 SH-2024。",
            )));
        }
        "number" => {
            for (name, en, zh) in [("min", "Least", "最小值"), ("max", "Most", "最大值")] {
                all.push(Input::new(name, lang.of(en, zh), Kind::Number));
            }
            all.push(whole("decimals", "Decimals", "小数位数"));
            texts(all, it.languages, ("unit", lang.of("Unit", "单位"), ""), (false, false));
        }
        "date" => {
            for (name, en, zh) in
                [("min", "First day", "最早日期"), ("max", "Last day", "最晚日期")]
            {
                all.push(Input::new(name, lang.of(en, zh), Kind::Date));
            }
        }
        _ => {}
    }
    if CHOICES.contains(&it.kind) {
        all.push(Input::new("shuffle", lang.of("In random order", "随机顺序"), Kind::Flag));
    }
}

fn word(desk: &Desk, name: String) -> Input {
    let label = desk.lang.of("Name in figures and files", "在统计和文件中的名称");
    Input::line(name, label)
}

fn options(desk: &Desk, it: &Asked<'_>, at: usize, all: &mut Vec<Input>) {
    let lang = desk.lang;
    let name = format!("options/{at}");
    let text = lang.of("Text", "文字");
    texts(all, it.languages, (&format!("{name}/text"), text, ""), (false, false));
    all.push(word(desk, format!("{name}/id")));
    if ["single_choice", "multiple_choice"].contains(&it.kind) {
        let open = lang.of("Takes words of one's own", "可填写自己的话");
        all.push(Input::new(format!("{name}/open"), open, Kind::Flag));
    }
    if it.kind == "multiple_choice" {
        let alone = lang.of("None of the others with it", "与其他选项互斥");
        all.push(Input::new(format!("{name}/exclusive"), alone, Kind::Flag));
    }
}

fn rows(desk: &Desk, it: &Asked<'_>, at: usize, all: &mut Vec<Input>) {
    let lang = desk.lang;
    let name = format!("rows/{at}");
    let text = lang.of("What is rated", "评价的内容");
    texts(all, it.languages, (&format!("{name}/text"), text, ""), (false, false));
    all.push(word(desk, format!("{name}/id")));
    all.push(Input::line(format!("{name}/dimension"), lang.of("Dimension", "维度")));
    let as_question = lang.of("As the question", "与题目相同");
    let known = Kind::Choice(named(it.touchpoints, as_question));
    let label = lang.of("Touchpoint", "触点");
    all.push(Input::new(format!("{name}/touchpoint_id"), label, known));
}

/// What an answer is for, and when the question is asked.
fn meaning(desk: &Desk, it: &Asked<'_>, all: &mut Vec<Input>) {
    let lang = desk.lang;
    all.push(word(desk, "id".to_owned()).needed().hint(lang.of(
        "Lower-case letters, digits, underscores. Whoever renames a question that was published \
         begins its figures anew.",
        "小写字母、数字和下划线。已发布的题目改名后，统计会重新开始。",
    )));
    if ["rating", "matrix", "nps", "effort"].contains(&it.kind) {
        all.push(Input::line("dimension", lang.of("Dimension", "维度")).hint(lang.of(
            "What it measures, such as speed; overall for the verdict on everything.",
            "评价的方面，例如 speed；overall 表示总体评价。",
        )));
    }
    all.push(touchpoint(desk, it.touchpoints, lang.of("As the survey", "与问卷相同")));
    let json = |name: &str, en, zh| Input::new(name, lang.of(en, zh), Kind::Json);
    all.push(
        json("show_if", "Asked only if", "仅在满足条件时询问")
            .hint("{ \"question\": \"recommend\", \"is\": \"class\", \"value\": \"detractor\" }"),
    );
    all.push(
        json("next", "Where to go on after it", "之后跳转到").hint(
            "[{ \"if\": { \"question\": \"solved\", \"is\": \"answered\" }, \"to\": \"end\" }]",
        ),
    );
}

/// How many options and rows a form for a question has: two more than there are.
pub(crate) fn places(question: &Value, list: &str, most: usize) -> usize {
    items(question, list).len().saturating_add(2).min(most)
}

/// What a question has, as its form shows it: bounds that say nothing are left empty.
pub(crate) fn plain(question: &Value) -> Value {
    let mut shown = question.clone();
    let options = items(question, "/options").len();
    if let Some(members) = shown.as_object_mut() {
        if at(question, "/max").as_u64() == u64::try_from(options).ok() {
            members.remove("max");
        }
        if at(question, "/min").as_u64() == Some(0) {
            members.remove("min");
        }
    }
    shown
}
