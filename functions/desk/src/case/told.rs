//! What a case is: its standing, its clocks in plain words, its grade and why, what was said.

use pages::html::{Html, when};
use pages::time::span;
use pages::words::{CHANNELS, GRADES, GROUPS, NEEDS, TYPES};
use serde_json::Value;
use staff::Desk;
use staff::tell::{self, at, items, name_of, text};
use web::lang::Lang;

use super::{Extra, Loaded};
use crate::queue::{PATH, badges};
use crate::words::{CLOCKS, SOURCES, TEXTS, THEIRS, WHYS};

impl Loaded {
    /// Where it stands, and who else is here.
    pub(super) fn head(&self, html: &mut Html, desk: &Desk) {
        html.open("p", &[("class", "standing")]);
        badges(html, desk.lang, &self.case);
        html.close();
        let parent = text(&self.case, "/parent_id");
        if !parent.is_empty() {
            let words = match text(&self.case, "/state") {
                "merged" => desk.lang.of("It became part of another: ", "已并入："),
                _ => desk.lang.of("One of several of the same cause: ", "同因投诉之一："),
            };
            html.open("p", &[]);
            html.text(words);
            let href = desk.href(&format!("{PATH}/{parent}"));
            html.put("a", &[("href", &href)], desk.lang.of("go there", "查看该工单"));
            html.close();
        }
        let presence = desk.api(&format!("/v1/complaints/{}/presence", self.id()));
        let version = self.version().to_string();
        let mut others = String::new();
        for it in items(&self.others_here, "/items") {
            if !others.is_empty() {
                others.push_str(desk.lang.of("; ", "；"));
            }
            others.push_str(&other(desk.lang, it));
        }
        let attributes = [
            ("class", "others"),
            ("role", "status"),
            ("aria-live", "polite"),
            ("data-presence", presence.as_str()),
            ("data-version", version.as_str()),
        ];
        html.put("p", &attributes, &others);
    }

    /// The three clocks.
    pub(super) fn clocks(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("Clocks", "时限"));
        html.open("dl", &[("class", "facts")]);
        for (name, called) in &CLOCKS {
            let it = at(&self.case, &format!("/clocks/{name}"));
            html.put("dt", &[], called.text(lang));
            html.open("dd", &[]);
            clock(html, desk, it);
            html.close();
        }
        html.close();
        html.close();
    }

    /// How it was graded and why.
    pub(super) fn grade(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        let grading = at(&self.case, "/grading");
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("Why this grade", "定级依据"));
        let grade = tell::of(lang, &GRADES, text(&self.case, "/grade"));
        let by = match text(grading, "/by") {
            "staff" => lang.of("by hand", "人工定级"),
            _ => lang.of("by the policy", "按规则定级"),
        };
        html.put("p", &[], &format!("{grade} · {by}"));
        if at(grading, "/needs_review").as_bool() == Some(true) {
            let text = lang.of(
                "Rules disagree or found little: please look and grade it by hand.",
                "规则结论不一致或依据不足，请人工核对定级。",
            );
            html.put("p", &[("class", "late")], text);
        }
        let words: Vec<char> = self.first().map_or("", |it| text(it, "/text")).chars().collect();
        html.open("ul", &[]);
        for it in items(grading, "/matched") {
            html.open("li", &[]);
            if let Some((from, until)) = marked(it) {
                let quote: String = words.get(from..until).unwrap_or_default().iter().collect();
                html.text(lang.of("“", "“"));
                html.text(&quote);
                html.text(lang.of("”: ", "”："));
            }
            html.put("code", &[], text(it, "/rule"));
            html.text(" · ");
            html.text(tell::of(lang, &GRADES, text(it, "/grade")));
            html.close();
        }
        html.close();
        html.close();
    }

    /// What is known of it.
    pub(super) fn facts(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        let it = &self.case;
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("The case", "工单信息"));
        html.open("dl", &[("class", "facts")]);
        let agent = match text(it, "/agent_id") {
            "" => lang.of("nobody yet", "未分配"),
            id => name_of(&self.names.agents, id),
        };
        let names = &self.names;
        let rating = rating(lang, it);
        let why = self.why(lang);
        for (name, value) in [
            (lang.of("Agent", "处理人"), agent),
            (lang.of("Why they", "分配依据"), &why),
            (
                lang.of("Department", "部门"),
                name_of(&names.departments, text(it, "/department_id")),
            ),
            (
                lang.of("Touchpoint", "触点"),
                name_of(&names.touchpoints, text(it, "/touchpoint_id")),
            ),
            (lang.of("Channel", "渠道"), tell::of(lang, &CHANNELS, text(it, "/channel"))),
            (lang.of("Came by", "来源"), tell::of(lang, &SOURCES, text(it, "/source"))),
            (lang.of("Type", "类型"), tell::of(lang, &TYPES, text(it, "/type"))),
            (lang.of("Need", "需求"), tell::of(lang, &NEEDS, text(it, "/need"))),
            (
                lang.of("Customer group", "客户分组"),
                tell::of(lang, &GROUPS, text(it, "/customer_group")),
            ),
            (lang.of("Language", "语言"), text(it, "/language")),
            (lang.of("Rated", "客户评价"), &rating),
        ] {
            if !value.is_empty() {
                html.put("dt", &[], name);
                html.put("dd", &[], value);
            }
        }
        for (name, pointer) in [
            (lang.of("Came in", "收到"), "/received_at"),
            (lang.of("Answered", "首次答复"), "/answered_at"),
            (lang.of("Solved", "解决"), "/solved_at"),
            (lang.of("Closed", "结案"), "/closed_at"),
        ] {
            if !text(it, pointer).is_empty() {
                html.put("dt", &[], name);
                html.open("dd", &[]);
                tell::time(html, desk, text(it, pointer));
                html.close();
            }
        }
        html.close();
        html.close();
    }

    fn why(&self, lang: Lang) -> String {
        let mut told = String::new();
        for it in items(&self.case, "/assigned/why") {
            if !told.is_empty() {
                told.push_str(lang.of(", ", "，"));
            }
            told.push_str(tell::of(lang, &WHYS, text(it, "/reason")));
        }
        told
    }

    /// What the customer said at first.
    fn first(&self) -> Option<&Value> {
        let is_it = |it: &&Value| {
            text(it, "/kind") == "complaint" && text(it, "/case_id") == text(&self.case, "/id")
        };
        items(&self.case, "/texts").iter().find(is_it)
    }

    /// What was said, oldest first; `since` are events whose words are new to whoever looks.
    pub(super) fn talk(&self, html: &mut Html, desk: &Desk, since: &[Value]) {
        let lang = desk.lang;
        html.open("section", &[("class", "talk"), ("aria-labelledby", "talk")]);
        html.put("h2", &[("id", "talk")], lang.of("What was said", "沟通记录"));
        for it in items(&self.case, "/texts") {
            self.said(html, desk, it, since);
        }
        html.close();
    }

    fn said(&self, html: &mut Html, desk: &Desk, it: &Value, since: &[Value]) {
        let lang = desk.lang;
        let kind = text(it, "/kind");
        let is_public = at(it, "/is_public").as_bool() == Some(true);
        let is_theirs = THEIRS.contains(&kind) && (is_public || kind == "complaint");
        let class = match (is_theirs, is_public) {
            (true, _) => "said theirs",
            (false, true) => "said ours",
            (false, false) => "said among",
        };
        html.open("article", &[("class", class)]);
        html.open("h3", &[]);
        html.text(&self.speaker(desk, it, is_theirs));
        html.text(" ");
        html.put("span", &[("class", "badge")], tell::of(lang, &TEXTS, kind));
        if !is_public {
            html.text(" ");
            html.put("span", &[("class", "badge")], lang.of("among staff", "仅内部可见"));
        }
        let is_new = |event: &Value| is_of(at(event, "/data"), text(it, "/id"));
        if since.iter().any(is_new) {
            html.text(" ");
            html.put("span", &[("class", "badge good")], lang.of("new", "新"));
        }
        html.close();
        html.open("p", &[("class", "soft")]);
        tell::time(html, desk, text(it, "/at"));
        if text(it, "/case_id") != self.id() {
            html.text(lang.of(" · in a case that was merged into this one", " · 来自并入的工单"));
        }
        html.close();
        html.open("p", &[("class", "words")]);
        match at(it, "/text").as_str() {
            Some(words) if self.first().is_some_and(|own| text(own, "/id") == text(it, "/id")) => {
                marks(html, words, items(&self.case, "/grading/matched"));
            }
            Some(words) => html.text(words),
            None => html.text(lang.of("These words were erased.", "内容已抹除。")),
        }
        html.close();
        files(html, lang, it);
        html.close();
    }

    /// Who said it.
    fn speaker(&self, desk: &Desk, it: &Value, is_theirs: bool) -> String {
        let lang = desk.lang;
        let agent = text(it, "/agent_id");
        let staff = match agent {
            "" if text(it, "/actor") == desk.actor => lang.of("you", "您"),
            "" => tell::actor(lang, text(it, "/actor")),
            agent if agent == desk.agent_id => lang.of("you", "您"),
            agent => name_of(&self.names.agents, agent),
        };
        if !is_theirs {
            return staff.to_owned();
        }
        let customer = lang.of("Customer", "客户");
        match (text(it, "/actor"), lang) {
            ("public" | "tick", _) => customer.to_owned(),
            (_, Lang::En) => format!("{customer}, taken down by {staff}"),
            (_, Lang::Zh) => format!("{customer}（{staff}登记）"),
        }
    }

    /// What others did while somebody was typing.
    pub(super) fn stale(&self, html: &mut Html, desk: &Desk, extra: &Extra) {
        if extra.since.is_empty() {
            return;
        }
        html.open("section", &[("class", "panel meanwhile")]);
        html.put("h2", &[], desk.lang.of("Meanwhile", "其间的变化"));
        self.happened(html, desk, &extra.since);
        let texts = items(&self.case, "/texts").iter();
        let is_new = |it: &&Value| {
            extra.since.iter().any(|event| is_of(at(event, "/data"), text(it, "/id")))
        };
        for it in texts.filter(is_new) {
            html.open("blockquote", &[]);
            let is_theirs = THEIRS.contains(&text(it, "/kind"));
            html.put("p", &[("class", "soft")], &self.speaker(desk, it, is_theirs));
            html.put("p", &[("class", "words")], text(it, "/text"));
            html.close();
        }
        html.close();
    }
}

/// Whether the data of an event, or one below, is of a text.
fn is_of(data: &Value, id: &str) -> bool {
    let Some(members) = data.as_object() else { return false };
    members.get("text_id").and_then(Value::as_str) == Some(id)
        || members.values().any(|it| it.is_object() && is_of(it, id))
}

/// Somebody else who looks at it.
fn other(lang: Lang, it: &Value) -> String {
    let name = text(it, "/name");
    match (lang, at(it, "/is_writing").as_bool() == Some(true)) {
        (Lang::En, true) => format!("{name} is writing here"),
        (Lang::En, false) => format!("{name} is looking at this too"),
        (Lang::Zh, true) => format!("{name} 正在此处填写"),
        (Lang::Zh, false) => format!("{name} 也在查看"),
    }
}

/// A clock in a few words: how it stands, until when, of how much.
fn clock(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let seconds = |pointer: &str| at(it, pointer).as_i64().unwrap_or(0);
    let left = seconds("/remaining_s");
    let length = |seconds: i64| span(lang, seconds.saturating_mul(1000));
    let state = text(it, "/state");
    let words = match state {
        "running" | "late" => tell::remaining(lang, left),
        "paused" => match lang {
            Lang::En => format!("stands still until the customer replies; {} left", length(left)),
            Lang::Zh => format!("等待客户回复，已暂停，剩余{}", length(left)),
        },
        "met" => lang.of("kept", "已按时完成").to_owned(),
        "met_late" => lang.of("done, but late", "已完成，但超时").to_owned(),
        _ => lang.of("does not run", "不计时").to_owned(),
    };
    let is_late = state == "late" || (state == "running" && left < 0);
    html.put("span", &[(when(is_late, "class"), "late")], &words);
    let due = text(it, "/due");
    if ["running", "late"].contains(&state) && !due.is_empty() {
        html.void("br", &[]);
        html.text(lang.of("due ", "截止 "));
        tell::time(html, desk, due);
    }
    let is = |pointer: &str| at(it, pointer).as_bool() == Some(true);
    let mut notes = Vec::new();
    if ["running", "late", "paused"].contains(&state) {
        let allowed = length(seconds("/allowance_s"));
        let working =
            if is("/is_working_time") { lang.of("working time", "工作时间") } else { "" };
        notes.push(match lang {
            Lang::En => format!("{allowed} of {working} allowed").replace(" of  ", " "),
            Lang::Zh => format!("时限{allowed}{working}"),
        });
    }
    if is("/was_late") && !["late", "met_late"].contains(&state) {
        notes.push(lang.of("was late before", "曾超时").to_owned());
    }
    if at(it, "/is_calendar_known").as_bool() == Some(false) {
        let text =
            lang.of("may move: holidays are not announced yet", "节假日安排未公布，可能变动");
        notes.push(text.to_owned());
    }
    for note in notes {
        html.void("br", &[]);
        html.put("span", &[("class", "soft")], &note);
    }
}

fn rating(lang: Lang, it: &Value) -> String {
    let score = |pointer: &str| at(it, pointer).as_i64();
    let mut told = String::new();
    if let Some(csat) = score("/rating/csat") {
        told = match lang {
            Lang::En => format!("satisfaction {csat} of 5"),
            Lang::Zh => format!("满意度 {csat}/5"),
        };
    }
    if let Some(ces) = score("/rating/ces") {
        let comma = if told.is_empty() { "" } else { lang.of(", ", "，") };
        told = match lang {
            Lang::En => format!("{told}{comma}effort {ces} of 7"),
            Lang::Zh => format!("{told}{comma}费力度 {ces}/7"),
        };
    }
    told
}

/// The characters that a rule found; none where it is about the whole.
fn marked(it: &Value) -> Option<(usize, usize)> {
    let place = |pointer: &str| at(it, pointer).as_u64().and_then(|it| usize::try_from(it).ok());
    let (from, until) = (place("/span/0")?, place("/span/1")?);
    (from < until && at(it, "/weight").as_i64() != Some(0)).then_some((from, until))
}

/// Words with those marked that rules found. Spans may overlap, and are in no order.
pub(crate) fn marks(html: &mut Html, words: &str, matched: &[Value]) {
    let spans: Vec<(usize, usize)> = matched.iter().filter_map(marked).collect();
    let (mut piece, mut was_in) = (String::new(), false);
    for (at, it) in words.chars().enumerate() {
        let is_in = spans.iter().any(|(from, until)| *from <= at && at < *until);
        if is_in != was_in {
            part(html, was_in, &piece);
            piece.clear();
            was_in = is_in;
        }
        piece.push(it);
    }
    part(html, was_in, &piece);
}

fn part(html: &mut Html, is_marked: bool, words: &str) {
    match is_marked {
        true => html.put("mark", &[], words),
        false => html.text(words),
    }
}

fn files(html: &mut Html, lang: Lang, it: &Value) {
    let files = items(it, "/files");
    if files.is_empty() {
        return;
    }
    html.open("p", &[("class", "files")]);
    html.text(lang.of("Files: ", "附件："));
    for file in files {
        let url = text(file, "/url");
        if url.starts_with("https://") {
            let attributes = [("href", url), ("rel", "noopener noreferrer nofollow")];
            html.put("a", &attributes, text(file, "/name"));
            html.text(" ");
        }
    }
    html.close();
}
