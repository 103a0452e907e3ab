//! One call: whom, why, what to say, what came of it so far, and what can be done with it.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use pages::time::{clock, zone_name};
use ports::Env;
use serde_json::Value;
use staff::form::{Select, select};
use staff::tell::{at, choices, items, moment, name_of, named, of, text, time};
use staff::{Desk, Filled, Refused, Section, Signed, word};
use web::{Problem, Request, Response};

use crate::ask::Survey;
use crate::tell::{above, line, notice, path, phone, promise, retry, state, when_it_is, zone};
use crate::{record, words};

/// All that the page of a call shows.
#[derive(Default)]
pub(crate) struct Told {
    /// The call.
    pub(crate) call: Value,
    /// The survey whose questions are asked.
    pub(crate) survey: Option<Survey>,
    trail: Vec<Value>,
    agents: Vec<(String, String)>,
    case: Value,
    customer: Value,
    order: Value,
}

/// What is said above a page, and whether it is a mistake.
#[derive(Default)]
pub(crate) struct Note {
    /// The text; empty for none.
    pub(crate) text: String,
    /// Whether something is wrong.
    pub(crate) is_wrong: bool,
}

pub(crate) async fn show(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    match Told::load(env, request, &desk, id).await {
        Ok(told) => Ok(told.page(request, &desk, &Filled::default(), &Note::default())),
        Err(refused) => desk.refusal(&refused),
    }
}

impl Told {
    /// Asks for a call, and then for what stands beside it.
    pub(crate) async fn load(
        env: &impl Env,
        request: &Request,
        desk: &Desk,
        id: &str,
    ) -> Result<Told, Refused> {
        let own = format!("/v1/callbacks/{}", word(id));
        let trail = format!("{own}/audit?limit=100");
        let asked = [("callback", own), ("call", trail)];
        let mut told = desk.read(env, request, &asked).await.into_iter();
        let call = told.next().unwrap_or_else(|| Err(Refused::default()))?;
        let trail = told.next().and_then(Result::ok).unwrap_or_default();
        let mut it = Told { call, trail: items(&trail, "/items").to_vec(), ..Told::default() };
        it.beside(env, request, desk).await;
        let survey_id = text(&it.call, "/service/survey_id").to_owned();
        if it.is_mine(desk) && !survey_id.is_empty() {
            let language = text(&it.call, "/language");
            it.survey = Survey::load(env, request, desk, (&survey_id, language)).await;
        }
        Ok(it)
    }

    /// What stands beside it. What cannot be had is left out.
    async fn beside(&mut self, env: &impl Env, request: &Request, desk: &Desk) {
        let id = |pointer: &str| word(text(&self.call, pointer));
        let (agent, case, customer, order) =
            (id("/agent_id"), id("/case_id"), id("/customer_id"), id("/order_id"));
        // Whoever calls for others chooses for whom.
        let agents = match desk.agent_id.is_empty() {
            true => "/v1/agents?limit=100".to_owned(),
            false if agent.is_empty() => String::new(),
            false => format!("/v1/agents/{agent}"),
        };
        let of = |path: &str, id: &str| match id {
            "" => String::new(),
            id => format!("{path}/{id}"),
        };
        let wanted = [
            ("admin", agents),
            ("casework", of("/v1/complaints", &case)),
            ("customer", of("/v1/customers", &customer)),
            ("customer", of("/v1/orders", &order)),
        ];
        let asked: Vec<(&str, String)> =
            wanted.iter().filter(|it| !it.1.is_empty()).cloned().collect();
        let mut told = desk.read(env, request, &asked).await.into_iter();
        let mut next = |at: usize| match wanted.get(at).is_some_and(|it| !it.1.is_empty()) {
            true => told.next().and_then(Result::ok).unwrap_or_default(),
            false => Value::Null,
        };
        let (agents, case, customer, order) = (next(0), next(1), next(2), next(3));
        self.agents = match text(&agents, "/id") {
            "" => named(&agents, ""),
            id => vec![(id.to_owned(), text(&agents, "/name").to_owned())],
        };
        (self.case, self.customer, self.order) = (case, customer, order);
    }

    /// Whether it is in the hands of whoever looks.
    pub(crate) fn is_mine(&self, desk: &Desk) -> bool {
        let whose = text(&self.call, "/agent_id");
        self.is("calling") && !whose.is_empty() && whose == desk.agent_id
    }

    /// Whether it stands like this.
    pub(crate) fn is(&self, state: &str) -> bool {
        text(&self.call, "/state") == state
    }

    /// Who has it, or is to make it, by name; empty for nobody.
    pub(crate) fn whose(&self) -> &str {
        name_of(&self.agents, text(&self.call, "/agent_id"))
    }

    /// The page.
    pub(crate) fn page(
        &self,
        request: &Request,
        desk: &Desk,
        filled: &Filled,
        note: &Note,
    ) -> Response {
        let lang = desk.lang;
        let name = text(&self.call, "/contacts/name");
        let title = match name {
            "" => lang.of("Call", "回电").to_owned(),
            name => format!("{}{name}", lang.of("Call ", "回电：")),
        };
        let mut page = desk.page_about(request, Section::Calls, &title, &above(desk));
        if *request.method() == http::Method::GET {
            page = page.live();
        }
        let html = &mut page.html;
        notice(html, &note.text, note.is_wrong);
        html.open("div", &[("class", "two")]);
        html.open("div", &[]);
        self.whom(html, desk);
        self.why(html, desk);
        self.script(html, desk);
        self.outcome(html, desk, filled);
        html.close();
        html.open("div", &[]);
        self.stand(html, desk);
        self.made(html, desk);
        self.acts(html, desk);
        self.history(html, desk);
        html.close();
        html.close();
        let status = if filled.status == 0 { StatusCode::OK } else { filled.status() };
        page.answer(status)
    }

    fn whom(&self, html: &mut Html, desk: &Desk) {
        let (lang, call) = (desk.lang, &self.call);
        html.open("section", &[("class", "panel"), ("aria-labelledby", "whom")]);
        html.put("h2", &[("id", "whom")], lang.of("Whom", "致电对象"));
        html.open("dl", &[("class", "facts")]);
        let contact = |name: &str| text(call, &format!("/contacts/{name}")).to_owned();
        fact(
            html,
            lang.of("Name", "姓名"),
            |html| html.put("bdi", &[], &contact("name")),
            contact("name").is_empty(),
        );
        fact(
            html,
            lang.of("Number", "号码"),
            |html| phone(html, &contact("phone")),
            contact("phone").is_empty(),
        );
        fact(
            html,
            lang.of("E-mail", "邮箱"),
            |html| html.text(&contact("email")),
            contact("email").is_empty(),
        );
        let customer = text(call, "/customer_id");
        fact(
            html,
            lang.of("Customer", "客户"),
            |html| {
                let href = desk.href(&format!("/desk/customers/{}", word(customer)));
                let known = text(&self.customer, "/external_id");
                let known =
                    if known.is_empty() { lang.of("Profile", "客户资料") } else { known };
                html.put("a", &[("href", &href)], known);
                let group = text(&self.customer, "/group");
                if !group.is_empty() {
                    html.text(" · ");
                    html.text(of(lang, &pages::words::GROUPS, group));
                }
            },
            customer.is_empty(),
        );
        let language = text(call, "/language");
        fact(html, lang.of("Language", "语言"), |html| html.text(language), language.is_empty());
        if let Some(zone) = zone(call) {
            fact(
                html,
                lang.of("Their clocks", "当地时间"),
                |html| {
                    let now = clock(zone, desk.now);
                    line(html, &[&now, &zone_name(zone, desk.now)]);
                },
                false,
            );
        }
        let (from, until) = (text(call, "/service/quiet/from"), text(call, "/service/quiet/until"));
        fact(
            html,
            lang.of("Not to be called", "免打扰时段"),
            |html| {
                html.text(&format!("{from}–{until}"));
            },
            from.is_empty(),
        );
        html.close();
        html.close();
    }

    fn why(&self, html: &mut Html, desk: &Desk) {
        let (lang, call) = (desk.lang, &self.call);
        html.open("section", &[("class", "panel"), ("aria-labelledby", "why")]);
        html.put("h2", &[("id", "why")], lang.of("Why", "致电事由"));
        html.open("p", &[]);
        let purpose = of(lang, &words::PURPOSES, text(call, "/purpose"));
        line(
            html,
            &[purpose, text(call, "/service/name"), of(lang, &words::MODES, text(call, "/mode"))],
        );
        html.close();
        let note = text(call, "/note");
        if !note.is_empty() {
            html.put("p", &[("class", "words")], note);
        }
        html.open("dl", &[("class", "facts")]);
        let case = text(call, "/case_id");
        fact(
            html,
            lang.of("Complaint", "投诉"),
            |html| {
                let href = desk.href(&format!("/desk/complaints/{}", word(case)));
                let number = text(&self.case, "/number");
                let number = if number.is_empty() { case } else { number };
                html.put("a", &[("href", &href)], number);
                html.text(" ");
                let grade = of(lang, &pages::words::GRADES, text(&self.case, "/grade"));
                let state = of(lang, &pages::words::STATES, text(&self.case, "/state"));
                line(html, &[grade, state]);
            },
            case.is_empty(),
        );
        let order = text(call, "/order_id");
        fact(
            html,
            lang.of("Order", "订单"),
            |html| {
                let known = text(&self.order, "/external_id");
                let amount = at(&self.order, "/amount").as_i64();
                let amount =
                    amount.map(|it| pages::time::money(it, text(&self.order, "/currency")));
                let when = text(&self.order, "/completed_at");
                let when = if when.is_empty() { String::new() } else { moment(desk, when) };
                let known = if known.is_empty() { order } else { known };
                line(html, &[known, &amount.unwrap_or_default(), &when]);
            },
            order.is_empty(),
        );
        html.close();
        html.close();
    }

    fn script(&self, html: &mut Html, desk: &Desk) {
        let (lang, script) = (desk.lang, text(&self.call, "/service/script"));
        html.open("section", &[("class", "panel"), ("aria-labelledby", "script")]);
        html.put("h2", &[("id", "script")], lang.of("What to say", "话术"));
        if script.is_empty() {
            let none = lang.of(
                "This service has no script yet. Managers write one in its settings.",
                "此服务尚未填写话术，经理可在服务设置中填写。",
            );
            html.put("p", &[("class", "soft")], none);
        } else {
            html.put("p", &[("class", "words")], script);
        }
        html.close();
    }

    /// The form for what came of it: open for whoever has it, folded for whoever called already.
    fn outcome(&self, html: &mut Html, desk: &Desk, filled: &Filled) {
        let is_open = self.is_mine(desk) || !filled.pairs.is_empty();
        let can = ["booked", "waiting", "calling"].iter().any(|it| self.is(it));
        if !can && filled.pairs.is_empty() {
            return;
        }
        let lang = desk.lang;
        html.open("section", &[("class", "panel"), ("aria-labelledby", "came")]);
        html.put("h2", &[("id", "came")], lang.of("What came of it", "通话结果"));
        if is_open {
            record::draw(html, desk, self, filled);
        } else {
            html.open("details", &[]);
            let label = lang.of("Record a call that was made already", "补记已拨打的电话");
            html.put("summary", &[], label);
            record::draw(html, desk, self, filled);
            html.close();
        }
        html.close();
    }

    /// Where it stands: whose it is, its time, its promise.
    fn stand(&self, html: &mut Html, desk: &Desk) {
        let (lang, call) = (desk.lang, &self.call);
        html.open("section", &[("class", "panel"), ("aria-labelledby", "stands")]);
        html.put("h2", &[("id", "stands")], lang.of("Where it stands", "当前状态"));
        html.open("p", &[]);
        state(html, desk, call);
        html.text(" ");
        promise(html, desk, call);
        html.close();
        html.put("p", &[], &when_it_is(desk, call));
        let whose = self.whose();
        let until = text(call, "/until");
        let said = match (self.is("calling"), self.is_mine(desk), whose) {
            (true, true, _) => lang.of("You have it, until ", "由您处理，保留至 ").to_owned(),
            (true, false, name) => match lang {
                web::lang::Lang::En => format!("{name} has it, until "),
                web::lang::Lang::Zh => format!("{name} 正在处理，保留至 "),
            },
            (false, _, "") => String::new(),
            (false, _, name) => format!("{}{name}", lang.of("For ", "指派给 ")),
        };
        if !said.is_empty() {
            html.open("p", &[("class", "others")]);
            html.text(&said);
            if self.is("calling") && !until.is_empty() {
                time(html, desk, until);
            }
            html.close();
        }
        if let Some(position) = at(call, "/position").as_i64() {
            let ahead = match lang {
                web::lang::Lang::En => format!("Before them in the queue: {position}."),
                web::lang::Lang::Zh => format!("前面还有 {position} 人。"),
            };
            html.put("p", &[], &ahead);
        }
        html.close();
    }

    /// What was tried, and what comes next.
    fn made(&self, html: &mut Html, desk: &Desk) {
        let (lang, made) = (desk.lang, items(&self.call, "/made"));
        html.open("section", &[("class", "panel"), ("aria-labelledby", "made")]);
        html.put("h2", &[("id", "made")], lang.of("Attempts", "拨打记录"));
        let next = retry(desk, &self.call);
        if !next.is_empty() {
            html.put("p", &[], &next);
        }
        if made.is_empty() {
            html.put("p", &[("class", "soft")], lang.of("None yet.", "暂无。"));
        }
        html.open("ol", &[("class", "history")]);
        for it in made {
            html.open("li", &[]);
            time(html, desk, text(it, "/started_at"));
            html.text(" · ");
            let seconds = at(it, "/duration_ms").as_i64().unwrap_or(0) / 1000;
            let length = match (seconds, lang) {
                (0, _) => String::new(),
                (it, web::lang::Lang::En) => format!("{it} s"),
                (it, web::lang::Lang::Zh) => format!("{it} 秒"),
            };
            line(html, &[of(lang, &words::OUTCOMES, text(it, "/outcome")), &length]);
            if !text(it, "/note").is_empty() {
                html.put("p", &[("class", "words")], text(it, "/note"));
            }
            html.close();
        }
        html.close();
        html.close();
    }

    /// What can be done with it, as far as it stands so.
    fn acts(&self, html: &mut Html, desk: &Desk) {
        let (lang, base) = (desk.lang, path(text(&self.call, "/id")));
        let is_open = ["held", "booked", "waiting", "calling"].iter().any(|it| self.is(it));
        html.open("section", &[("class", "panel"), ("aria-labelledby", "acts")]);
        html.put("h2", &[("id", "acts")], lang.of("Do", "操作"));
        if self.is("booked") || self.is("waiting") {
            self.take(html, desk);
        }
        if self.is("calling") && (self.is_mine(desk) || desk.may(Role::Manager)) {
            self.one(html, desk, "release", ("r", lang.of("Let it go", "放回队列")), "second");
        }
        if self.is("held") {
            self.one(html, desk, "confirm", ("t", lang.of("Confirm the time", "确认时段")), "");
        }
        html.open("p", &[("class", "row-acts")]);
        if ["held", "booked", "waiting"].iter().any(|it| self.is(it)) {
            let (href, does) = (desk.href(&format!("{base}/move")), lang.of("Move it", "改约"));
            html.put("a", &[("href", &href), ("data-key", "m"), ("data-does", does)], does);
        }
        let ics = desk.href(&format!("/v1/callbacks/{}/ics", word(text(&self.call, "/id"))));
        if !text(&self.call, "/start").is_empty() {
            html.put("a", &[("href", &ics)], lang.of("For a calendar", "日历文件"));
        }
        html.close();
        if is_open {
            self.cancel(html, desk, &base);
        }
        if !self.is_mine(desk) && !desk.agent_id.is_empty() {
            desk.begin_form(html, "/desk/callbacks/next", "one");
            let does = lang.of("Call the next one", "拨打下一个");
            let quiet = [("class", "second"), ("data-key", "n"), ("data-does", does)];
            html.put("button", if is_open { &quiet } else { &quiet[1..] }, does);
            html.close();
        }
        html.close();
    }

    /// Who calls for others says for whom.
    fn take(&self, html: &mut Html, desk: &Desk) {
        let (lang, base) = (desk.lang, path(text(&self.call, "/id")));
        desk.begin_form(html, &format!("{base}/take"), "");
        if desk.agent_id.is_empty() {
            let whose = text(&self.call, "/agent_id");
            let label = lang.of("For whom", "由谁拨打");
            let it = Select { id: "", name: "agent_id", label, hint: "", wrong: "" };
            select(html, &it, &self.agents, whose);
        }
        let does = lang.of("Take it", "接手拨打");
        html.put("button", &[("data-key", "t"), ("data-does", does)], does);
        html.close();
    }

    /// A form that is one button, with a key.
    fn one(&self, html: &mut Html, desk: &Desk, act: &str, (key, does): (&str, &str), class: &str) {
        let path = format!("{}/{act}", path(text(&self.call, "/id")));
        desk.begin_form(html, &path, "one");
        if desk.agent_id.is_empty() {
            let whose = text(&self.call, "/agent_id");
            html.void("input", &[("type", "hidden"), ("name", "agent_id"), ("value", whose)]);
        }
        html.put("button", &[("class", class), ("data-key", key), ("data-does", does)], does);
        html.close();
    }

    fn cancel(&self, html: &mut Html, desk: &Desk, base: &str) {
        let lang = desk.lang;
        let does = lang.of("Call it off", "取消回电");
        html.open("details", &[("data-key", "x"), ("data-does", does)]);
        html.put("summary", &[], does);
        desk.begin_form(html, &format!("{base}/cancel"), "");
        let label = lang.of("Why", "原因");
        let it = Select { id: "", name: "reason", label, hint: "", wrong: "" };
        let none = lang.of("Not said", "不说明");
        select(html, &it, &choices(lang, &words::REASONS, none), "");
        let version = at(&self.call, "/version").as_i64().unwrap_or(0).to_string();
        html.void("input", &[("type", "hidden"), ("name", "version"), ("value", &version)]);
        html.put("button", &[("class", "danger")], does);
        html.close();
        html.close();
    }

    fn history(&self, html: &mut Html, desk: &Desk) {
        html.open("section", &[("class", "panel")]);
        html.open("details", &[]);
        html.put("summary", &[], desk.lang.of("History", "历史记录"));
        desk.history(html, &self.trail);
        html.close();
        html.close();
    }
}

/// A fact with its name, unless there is none.
fn fact(html: &mut Html, name: &str, value: impl FnOnce(&mut Html), is_none: bool) {
    if !is_none {
        html.put("dt", &[], name);
        html.open("dd", &[]);
        value(html);
        html.close();
    }
}
