//! `/desk/complaints`: the queue, by clock or newest, mine, my department's or all, with filters in
//! the address and a search.

use std::fmt::Write as _;

use domain::role::Role;
use http::StatusCode;
use pages::html::{Html, when};
use pages::words::{GRADES, STATES, TYPES, URGENCIES};
use ports::Env;
use serde_json::Value;
use staff::form::{Select, select};
use staff::tell::{self, at, choices, items, name_of, named, text};
use staff::{Desk, Page, Section, Signed};
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::bulk::{self, Outcome};
use crate::words::CLOCKS;

/// The address of the queue.
pub(crate) const PATH: &str = "/desk/complaints";
/// What the address may say and the API is asked with.
const NAMES: [&str; 13] = [
    "q",
    "state",
    "grade",
    "type",
    "agent_id",
    "department_id",
    "touchpoint_id",
    "customer_id",
    "parent_id",
    "is_late",
    "sort",
    "after",
    "limit",
];
/// Whether a clock is late or ever was.
static LATE: [(&str, Said); 2] =
    [("true", said("Late", "有超时")), ("false", said("In time", "未超时"))];
/// The orders.
static SORTS: [(&str, Said); 2] =
    [("due", said("By clock", "按时限")), ("newest", said("Newest first", "最新在前"))];

/// What the queue is asked for: names of [`NAMES`] and their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(Vec<(String, String)>);

impl Asked {
    /// Of the query of an address.
    pub(crate) fn read(query: &str) -> Asked {
        let mut pairs = app::hosted::form::read(query.as_bytes());
        pairs.retain(|it| NAMES.contains(&it.0.as_str()));
        Asked(pairs)
    }

    /// An agent's own, where nothing else is asked for.
    fn or_mine(mut self, desk: &Desk) -> Asked {
        if self.0.iter().all(|it| it.0 == "sort" || it.0 == "after") && !desk.agent_id.is_empty() {
            self.0.push(("agent_id".to_owned(), "me".to_owned()));
        }
        self
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// As the query of an address, with these in place of what is asked.
    pub(crate) fn with(&self, others: &[(&str, &str)]) -> String {
        let mut query = String::new();
        let kept = self.0.iter().map(|it| (it.0.as_str(), it.1.as_str()));
        let kept = kept.filter(|it| others.iter().all(|own| own.0 != it.0));
        for (name, value) in kept.chain(others.iter().copied()) {
            let mark = if query.is_empty() { '?' } else { '&' };
            // Where nobody is chosen it says so: the address without it is one's own.
            if !value.is_empty() || name == "agent_id" {
                let _ = write!(query, "{mark}{name}={}", staff::word(value));
            }
        }
        query
    }

    /// The address of the list in the API.
    fn target(&self) -> String {
        let mut target = format!("/v1/complaints{}", self.with(&[]));
        if self.get("agent_id").is_empty() {
            target = target.replace("?agent_id=&", "?").replace("?agent_id=", "");
            target = target.replace("&agent_id=", "");
        }
        target
    }
}

/// Names of what a complaint points at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) agents: Vec<(String, String)>,
    pub(crate) departments: Vec<(String, String)>,
    pub(crate) touchpoints: Vec<(String, String)>,
    /// Those who may get a case: the agents who work here, then departments, and the choice by
    /// itself.
    pub(crate) takers: Vec<(String, String)>,
}

impl Names {
    /// The paths of the lists.
    pub(crate) fn asked() -> [(&'static str, String); 3] {
        ["agents", "departments", "touchpoints"].map(|it| ("admin", format!("/v1/{it}?limit=100")))
    }

    /// Of what the lists tell; nothing of a list that could not be asked.
    pub(crate) fn of(lang: Lang, told: &[Value]) -> Names {
        let [agents, departments, touchpoints] =
            [0, 1, 2].map(|at| told.get(at).cloned().unwrap_or_default());
        let auto = lang.of("Whoever fits best now", "自动分配");
        let mut takers =
            vec![(String::new(), "–".to_owned()), ("auto".to_owned(), auto.to_owned())];
        for it in items(&agents, "/items") {
            if at(it, "/is_active").as_bool() != Some(false) {
                takers.push((text(it, "/id").to_owned(), text(it, "/name").to_owned()));
            }
        }
        let departments = named(&departments, "");
        let word = lang.of("Department: ", "部门：");
        for (id, name) in &departments {
            takers.push((id.clone(), format!("{word}{name}")));
        }
        let (agents, touchpoints) = (named(&agents, ""), named(&touchpoints, ""));
        Names { agents, departments, touchpoints, takers }
    }
}

/// What is drawn of the queue besides what is asked for.
#[derive(Default)]
pub(crate) struct Shown<'a> {
    pub(crate) asked: Asked,
    pub(crate) outcomes: Vec<Outcome>,
    /// What was typed into the form for many and refused.
    pub(crate) bulk: Option<bulk::Typed<'a>>,
    pub(crate) status: StatusCode,
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let (_, query) = request.target.split_once('?').unwrap_or_default();
    let asked = Asked::read(query);
    let asked = if request.param("agent_id").is_none() { asked.or_mine(&desk) } else { asked };
    draw(env, request, &desk, Shown { asked, ..Shown::default() }).await
}

/// The queue as a page.
pub(crate) async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    shown: Shown<'_>,
) -> Result<Response, Problem> {
    let asked = &shown.asked;
    let mut wanted = vec![("complaint", asked.target())];
    wanted.extend(Names::asked());
    wanted.push(("ledger", "/v1/causes?limit=100".to_owned()));
    let mut told = desk.read(env, request, &wanted).await.into_iter();
    let list = told.next().unwrap_or_else(|| Err(staff::Refused::default()));
    let told: Vec<Value> = told.map(Result::unwrap_or_default).collect();
    let names = Names::of(desk.lang, &told);
    if let Ok(list) = &list
        && let [only] = items(list, "/items")
        && at(list, "/next").is_null()
        && domain::case::number::parse(asked.get("q")).as_deref() == Some(text(only, "/number"))
    {
        return Ok(desk.go(&format!("{PATH}/{}", text(only, "/id")), ""));
    }
    let mut page = desk.page(request, Section::Cases, Section::Cases.name().text(desk.lang));
    bulk::outcomes(&mut page.html, desk, &shown.outcomes);
    tabs(&mut page.html, desk, asked);
    filters(&mut page.html, desk, asked, &names);
    match &list {
        Ok(list) => rows(&mut page, desk, (asked, &shown), &names, list),
        Err(refused) if [400, 422].contains(&refused.status) => {
            pages::notes(&mut page.html, refused.text(), &[]);
        }
        Err(refused) => return desk.refusal(refused),
    }
    if list.as_ref().is_ok_and(|it| !items(it, "/items").is_empty()) {
        let causes = told.get(3).cloned().unwrap_or_default();
        bulk::form(&mut page.html, desk, (&names, &causes), (asked, shown.bulk.as_ref()));
    }
    let page = if shown.bulk.is_none() && shown.outcomes.is_empty() { page.live() } else { page };
    Ok(page.answer(shown.status))
}

/// Whose: mine, my department's, all; and a new one.
fn tabs(html: &mut Html, desk: &Desk, asked: &Asked) {
    let lang = desk.lang;
    let (agent, department) = (asked.get("agent_id"), asked.get("department_id"));
    let mut all = Vec::with_capacity(3);
    if !desk.agent_id.is_empty() {
        let is_it = agent == "me" || agent == desk.agent_id;
        all.push(("me", "", is_it, lang.of("Mine", "我的")));
    }
    let own = desk.department_id.as_str();
    if !own.is_empty() {
        let is_it = agent.is_empty() && department == own;
        all.push(("", own, is_it, lang.of("My department’s", "本部门")));
    }
    let is_all = agent.is_empty() && department.is_empty();
    all.push(("", "", is_all, lang.of("All", "全部")));
    html.open("nav", &[("class", "tabs"), ("aria-label", lang.of("Whose", "归属"))]);
    for (agent, department, is_it, name) in all {
        let query =
            asked.with(&[("agent_id", agent), ("department_id", department), ("after", "")]);
        let href = desk.href(&format!("{PATH}{query}"));
        html.put("a", &[("href", &href), (when(is_it, "aria-current"), "page")], name);
    }
    let attributes = [
        ("href", &*desk.href(&format!("{PATH}/new"))),
        ("class", "add"),
        ("data-key", "n"),
        ("data-does", lang.of("Take down a complaint", "登记投诉")),
    ];
    html.put("a", &attributes, lang.of("Take down a new one", "登记新投诉"));
    html.close();
}

fn filters(html: &mut Html, desk: &Desk, asked: &Asked, names: &Names) {
    let lang = desk.lang;
    desk.begin_query(html, PATH, "filters");
    html.open("label", &[("for", "q"), ("class", "search")]);
    html.text(lang.of("Search", "搜索"));
    let does = lang.of("To the search", "跳到搜索");
    let attributes = [
        ("type", "search"),
        ("id", "q"),
        ("name", "q"),
        ("value", asked.get("q")),
        ("placeholder", lang.of("Ticket number, customer, words", "工单号、客户、关键词")),
        ("data-key", "/"),
        ("data-does", does),
    ];
    html.void("input", &attributes);
    html.close();
    let any = lang.of("Any", "不限");
    let with_any = |all: &[(String, String)]| {
        let mut own = vec![(String::new(), any.to_owned())];
        own.extend_from_slice(all);
        own
    };
    let mut agents = with_any(&names.agents);
    if !desk.agent_id.is_empty() {
        agents.insert(1, ("me".to_owned(), lang.of("Me", "我").to_owned()));
    }
    for (name, label, options) in [
        ("state", lang.of("State", "状态"), choices(lang, &STATES, any)),
        ("grade", lang.of("Grade", "等级"), choices(lang, &GRADES, any)),
        ("type", lang.of("Type", "类型"), choices(lang, &TYPES, any)),
        ("agent_id", lang.of("Agent", "客服"), agents),
        ("department_id", lang.of("Department", "部门"), with_any(&names.departments)),
        ("touchpoint_id", lang.of("Touchpoint", "触点"), with_any(&names.touchpoints)),
        ("is_late", lang.of("Clock", "时限"), choices(lang, &LATE, any)),
        ("sort", lang.of("Order", "排序"), choices(lang, &SORTS, lang.of("Usual", "默认"))),
    ] {
        let it = Select { id: "", name, label, hint: "", wrong: "" };
        select(html, &it, &options, asked.get(name));
    }
    html.put("button", &[], lang.of("Show", "查看"));
    html.close();
}

fn rows(
    page: &mut Page<'_>,
    desk: &Desk,
    (asked, shown): (&Asked, &Shown<'_>),
    names: &Names,
    list: &Value,
) {
    let found = items(list, "/items");
    let next = text(list, "/next");
    if found.is_empty() {
        page.empty(nothing(desk.lang, asked, !next.is_empty()));
    } else {
        bulk::all(&mut page.html, desk);
    }
    let html = &mut page.html;
    html.open("ul", &[("class", "list cases")]);
    for it in found {
        let ticked = shown.bulk.as_ref().is_some_and(|own| own.is_ticked(text(it, "/id")));
        row(html, desk, names, it, ticked);
    }
    html.close();
    desk.more(html, &format!("{PATH}{}", asked.with(&[("after", "")])), next);
}

fn nothing(lang: Lang, asked: &Asked, has_more: bool) -> &'static str {
    if has_more {
        return lang.of(
            "None among those looked at so far. Show more to go on.",
            "目前查看的范围内没有符合条件的投诉，可继续查看更多。",
        );
    }
    if !asked.get("q").is_empty() {
        return lang.of(
            "Nothing was found. Ticket numbers, customers’ own numbers, phones, e-mails, names and \
             words of the complaint can be searched for.",
            "没有找到。可按工单号、客户编号、电话、邮箱、姓名或投诉内容中的词搜索。",
        );
    }
    match asked.get("agent_id") {
        "me" => lang.of(
            "Nothing waits for you. Complaints come here by themselves as they are assigned.",
            "您暂无待处理的投诉，分配给您后会自动出现在这里。",
        ),
        _ => lang.of(
            "No complaints here. They come from the complaint form, surveys, other systems, or are \
             taken down by you.",
            "这里没有投诉。投诉可来自投诉表单、问卷和其他系统，也可由您登记。",
        ),
    }
}

fn row(html: &mut Html, desk: &Desk, names: &Names, it: &Value, is_ticked: bool) {
    let lang = desk.lang;
    let (id, number) = (text(it, "/id"), text(it, "/number"));
    html.open("li", &[]);
    bulk::tick(html, lang, (id, number), is_ticked);
    html.open("h2", &[]);
    let href = desk.href(&format!("{PATH}/{id}"));
    html.put("a", &[("href", &href), ("data-row", "")], number);
    html.text(" ");
    badges(html, lang, it);
    html.close();
    let excerpt = text(it, "/excerpt");
    if !excerpt.is_empty() {
        html.put("p", &[("class", "excerpt")], excerpt);
    }
    html.open("p", &[]);
    let (words, is_late) = clock(lang, it);
    html.put("span", &[("class", if is_late { "late" } else { "clock" })], &words);
    html.close();
    html.open("p", &[("class", "soft")]);
    let agent = text(it, "/agent_id");
    let whose = match (agent, name_of(&names.departments, text(it, "/department_id"))) {
        ("", "") => lang.of("nobody’s yet", "未分配").to_owned(),
        ("", department) => format!("{}{department}", lang.of("waits at ", "待分配：")),
        (agent, _) => name_of(&names.agents, agent).to_owned(),
    };
    html.text(&whose);
    for other in
        [text(it, "/customer_name"), name_of(&names.touchpoints, text(it, "/touchpoint_id"))]
    {
        if !other.is_empty() {
            html.text(" · ");
            html.text(other);
        }
    }
    html.text(" · ");
    tell::time(html, desk, text(it, "/received_at"));
    html.close();
    html.close();
}

/// Grade, state and type, and what makes it press.
pub(crate) fn badges(html: &mut Html, lang: Lang, it: &Value) {
    let badge = |html: &mut Html, class: &str, name: &str| {
        html.put("span", &[("class", class)], name);
        html.text(" ");
    };
    let grade = text(it, "/grade");
    let class = if grade == "major" { "badge bad" } else { "badge" };
    badge(html, class, tell::of(lang, &GRADES, grade));
    let tier = at(it, "/tier").as_i64().unwrap_or(0);
    if 0 < tier {
        badge(html, "badge", &format!("{}{tier}", lang.of("tier ", "分级 ")));
    }
    let state = text(it, "/state");
    let class = if ["solved", "closed"].contains(&state) { "badge good" } else { "badge" };
    badge(html, class, tell::of(lang, &STATES, state));
    let kind = text(it, "/type");
    if !kind.is_empty() {
        badge(html, "badge", tell::of(lang, &TYPES, kind));
    }
    let urgency = text(it, "/urgency");
    if !["", "normal"].contains(&urgency) {
        badge(html, "badge", tell::of(lang, &URGENCIES, urgency));
    }
    if at(it, "/is_repeat").as_bool() == Some(true) {
        badge(html, "badge", lang.of("repeated", "重复投诉"));
    }
}

/// The clock that presses most, in words, and whether it is late.
fn clock(lang: Lang, it: &Value) -> (String, bool) {
    let mut most: Option<(i64, &str)> = None;
    let mut paused = "";
    for (name, _) in &CLOCKS {
        let state = text(it, &format!("/clocks/{name}/state"));
        let left = at(it, &format!("/clocks/{name}/remaining_s")).as_i64().unwrap_or(0);
        match state {
            "running" | "late" if most.is_none_or(|it| left < it.0) => most = Some((left, name)),
            "paused" if paused.is_empty() => paused = name,
            _ => {}
        }
    }
    let colon = lang.of(": ", "：");
    match most {
        Some((left, name)) => {
            let words = tell::remaining(lang, left);
            (format!("{}{colon}{words}", tell::of(lang, &CLOCKS, name)), left < 0)
        }
        None if !paused.is_empty() => {
            let words = lang.of("stands still until the customer replies", "等待客户回复，已暂停");
            (format!("{}{colon}{words}", tell::of(lang, &CLOCKS, paused)), false)
        }
        None => (lang.of("No clock runs", "无进行中的时限").to_owned(), false),
    }
}
