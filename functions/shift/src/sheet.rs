//! The day: what is next and when, who waits, what was done; and the button for the next call.

use domain::civil::{date, parse_date, parse_rfc3339};
use domain::role::Role;
use domain::zone::Zone;
use http::StatusCode;
use pages::html::{Html, when};
use ports::Env;
use serde_json::{Map, Value};
use staff::tell::{at, items, moment, name_of, named, of, remaining, text};
use staff::{Call, Desk, Refused, Section, Signed, Verb, word};
use web::{Problem, Request, Response};

use crate::tell::{above, clock, line, notice, path, phone, promise, retry, state, tabs, zone};
use crate::words;

/// The address of the page.
const PATH: &str = "/desk/callbacks";

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let whose = request.param("agent").unwrap_or("").to_owned();
    let due = request.param("due").unwrap_or("");
    let said = nothing(&desk, due);
    draw(env, request, &desk, &whose, (&said, StatusCode::OK)).await
}

/// Takes the next call and goes to it.
pub(crate) async fn next(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let whose = sent.get("agent_id");
    let mut body = Map::new();
    if !whose.is_empty() {
        body.insert("agent_id".to_owned(), whose.into());
    }
    let body = Value::Object(body);
    let target = "/v1/callbacks/next";
    let call = Call {
        component: "call",
        verb: Verb::Post,
        target,
        body: &body,
        key: sent.key(),
        ..Call::default()
    };
    let refused = match desk.send(env, request, call).await {
        Ok(done) if done.status == 204 => {
            let due = done.header("next-due");
            let due = if due.is_empty() { "none" } else { due };
            let whose =
                if whose.is_empty() { String::new() } else { format!("&agent={}", word(whose)) };
            return Ok(desk.go(&format!("{PATH}?due={}{whose}", word(due)), ""));
        }
        Ok(done) => return Ok(desk.go(&path(text(&done.told, "/callback/id")), "")),
        Err(refused) => refused,
    };
    let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    draw(env, request, &desk, whose, (&why(&desk, &refused), status)).await
}

/// What was refused, in words.
pub(crate) fn why(desk: &Desk, refused: &Refused) -> String {
    match refused.text() {
        "" => desk
            .lang
            .of("This cannot be reached just now.", "暂时无法处理，请稍后再试。")
            .to_owned(),
        text => text.to_owned(),
    }
}

/// That there is nobody to call, and when there will be somebody.
fn nothing(desk: &Desk, due: &str) -> String {
    let lang = desk.lang;
    if due == "none" {
        return lang
            .of(
                "Nobody is waiting for you. What comes in shows up here.",
                "目前没有待拨打的回电，有新的会出现在这里。",
            )
            .to_owned();
    }
    let Some(at) = parse_rfc3339(due) else { return String::new() };
    let (clock, left) = (moment(desk, due), at.saturating_sub(desk.now).max(0));
    let span = pages::time::span(lang, left);
    match lang {
        web::lang::Lang::En => {
            format!("Nobody is to be called just now. The next call is due on {clock}, in {span}.")
        }
        web::lang::Lang::Zh => format!("现在没有需要拨打的回电。下一个在 {clock}，还有{span}。"),
    }
}

/// All that the page shows.
struct Sheet<'a> {
    desk: &'a Desk,
    /// Whose day; empty for nobody's.
    whose: &'a str,
    day: Value,
    queue: Result<Value, Refused>,
    services: Vec<(String, String)>,
    agents: Vec<(String, String)>,
}

async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    whose: &str,
    (said, status): (&str, StatusCode),
) -> Result<Response, Problem> {
    let whose = if whose.is_empty() { desk.agent_id.as_str() } else { whose };
    let date = word(request.param("date").unwrap_or(""));
    let mut asked = vec![
        ("callback", "/v1/callbacks?order=queue&limit=30".to_owned()),
        ("service", "/v1/services?limit=100".to_owned()),
        ("admin", "/v1/agents?limit=100".to_owned()),
    ];
    if !whose.is_empty() {
        asked.push(("day", format!("/v1/day?agent={}&date={date}", word(whose))));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let (Some(queue), Some(services), Some(agents)) = (told.next(), told.next(), told.next())
    else {
        return Err(Problem::not_found());
    };
    let day = match told.next() {
        Some(Err(refused)) => return desk.refusal(&refused),
        Some(Ok(day)) => day,
        None => Value::Null,
    };
    let (services, agents) = (services.unwrap_or_default(), agents.unwrap_or_default());
    let (services, agents) = (named(&services, ""), named(&agents, ""));
    let sheet = Sheet { desk, whose, day, queue, services, agents };
    let [(_, title)] = above(desk);
    let mut page = desk.page(request, Section::Calls, title).live();
    tabs(&mut page.html, desk, PATH);
    notice(&mut page.html, said, StatusCode::BAD_REQUEST <= status);
    sheet.draw(&mut page.html);
    Ok(page.answer(status))
}

impl Sheet<'_> {
    fn draw(&self, html: &mut Html) {
        self.choose(html);
        html.open("div", &[("class", "two")]);
        html.open("div", &[]);
        if self.day.is_null() {
            self.nobody(html);
        } else {
            self.start(html);
            self.day(html);
        }
        html.close();
        html.open("div", &[]);
        self.queue(html);
        html.close();
        html.close();
    }

    /// Whose day and which: managers choose both.
    fn choose(&self, html: &mut Html) {
        let (desk, lang) = (self.desk, self.desk.lang);
        if !desk.may(Role::Manager) {
            return;
        }
        desk.begin_query(html, PATH, "filters");
        html.open("label", &[]);
        html.text(lang.of("Whose day", "谁的日程"));
        html.open("select", &[("name", "agent")]);
        if self.whose.is_empty() {
            html.put("option", &[("value", "")], lang.of("Choose…", "请选择……"));
        }
        for (id, name) in &self.agents {
            let selected = (when(id == self.whose, "selected"), "");
            html.put("option", &[("value", id), selected], name);
        }
        html.close();
        html.close();
        html.open("label", &[]);
        html.text(lang.of("Date", "日期"));
        html.void(
            "input",
            &[("type", "date"), ("name", "date"), ("value", text(&self.day, "/date"))],
        );
        html.close();
        html.put("button", &[], lang.of("Show", "查看"));
        html.close();
    }

    /// Of a key that is no agent's: what to do.
    fn nobody(&self, html: &mut Html) {
        let lang = self.desk.lang;
        html.open("section", &[("class", "panel")]);
        let text = if self.desk.may(Role::Manager) {
            lang.of(
                "This key is no agent’s, so it has no calls of its own. Choose whose day \
                 to see; to make calls yourself, sign in with a key that names you as its \
                 agent.",
                "此密钥不属于任何员工，因此没有自己的回电。请在上方选择要查看的员工；如需亲自拨打，请使用绑定本人的密钥登录。",
            )
        } else {
            lang.of(
                "This key is no agent’s, so nobody can be called with it. Ask an \
                 administrator for a key that names you as its agent, then sign in with \
                 that one.",
                "此密钥不属于任何员工，无法拨打回电。请向管理员索取绑定本人的密钥，再重新登录。",
            )
        };
        html.put("p", &[("class", "nothing")], text);
        html.close();
    }

    /// The button for the next call, or the call that is in their hands.
    fn start(&self, html: &mut Html) {
        let (desk, lang) = (self.desk, self.desk.lang);
        html.open("section", &[("class", "panel start"), ("aria-labelledby", "next")]);
        let heading = match text(&self.day, "/agent/id") == desk.agent_id {
            true => lang.of("Your next call", "您的下一个回电").to_owned(),
            false => format!(
                "{}{}",
                lang.of("Next call for ", "下一个回电："),
                text(&self.day, "/agent/name")
            ),
        };
        html.put("h2", &[("id", "next")], &heading);
        let mut has_one = false;
        for it in self.calls() {
            if text(it, "/state") == "calling" {
                has_one = true;
                html.open("p", &[]);
                html.text(lang.of("In your hands: ", "进行中："));
                self.link(html, it, "");
                html.close();
            }
        }
        desk.begin_form(html, "/desk/callbacks/next", "");
        let whose = self.whose;
        html.void("input", &[("type", "hidden"), ("name", "agent_id"), ("value", whose)]);
        let does = lang.of("Call the next one", "拨打下一个");
        let class = if has_one { "second" } else { "" };
        let class = (when(has_one, "class"), class);
        html.put("button", &[class, ("data-key", "n"), ("data-does", does)], does);
        html.close();
        html.close();
    }

    /// What is to be done: appointments, then what waits.
    fn calls(&self) -> impl Iterator<Item = &Value> {
        items(&self.day, "/appointments").iter().chain(items(&self.day, "/waiting"))
    }

    fn zone(&self) -> Zone {
        zone(&self.day).unwrap_or(self.desk.zone)
    }

    fn day(&self, html: &mut Html) {
        let (desk, lang) = (self.desk, self.desk.lang);
        html.open("section", &[("class", "panel"), ("aria-labelledby", "day")]);
        let day = parse_date(text(&self.day, "/date")).unwrap_or_else(|| desk.zone.day(desk.now));
        let (weekday, named) = pages::time::day(lang, day, desk.zone.day(desk.now));
        let heading = match lang {
            web::lang::Lang::En => format!("{weekday} {named}"),
            web::lang::Lang::Zh => format!("{named}（{weekday}）"),
        };
        html.put("h2", &[("id", "day")], &heading);
        self.hours(html);
        html.open("p", &[("class", "row-acts")]);
        for (to, name) in [
            (day.saturating_sub(1), lang.of("Day before", "前一天")),
            (desk.zone.day(desk.now), lang.of("Today", "今天")),
            (day.saturating_add(1), lang.of("Day after", "后一天")),
        ] {
            let to = format!("{PATH}?agent={}&date={}", word(self.whose), date(to));
            html.put("a", &[("href", &desk.href(&to))], name);
        }
        let paper = desk.href(&format!("/day?agent={}&date={}", word(self.whose), date(day)));
        html.put("a", &[("href", &paper)], lang.of("For paper", "打印版"));
        html.close();
        for (list, heading, none) in [
            (
                "/appointments",
                lang.of("Appointments", "预约"),
                lang.of("No appointments on this day.", "当日没有预约。"),
            ),
            (
                "/waiting",
                lang.of("Given to you", "指派的回电"),
                lang.of("Nothing else waits for you.", "没有其他指派的回电。"),
            ),
        ] {
            html.put("h3", &[], heading);
            self.list(html, items(&self.day, list), none);
        }
        self.done(html);
        html.close();
    }

    fn hours(&self, html: &mut Html) {
        let lang = self.desk.lang;
        let mut open = String::new();
        for it in items(&self.day, "/open") {
            if !open.is_empty() {
                open.push_str(lang.of(", ", "、"));
            }
            open.push_str(&clock(self.zone(), text(it, "/from")));
            open.push('–');
            open.push_str(&clock(self.zone(), text(it, "/until")));
        }
        let text = match open.is_empty() {
            true => lang.of("No working hours on this day.", "当日不上班。").to_owned(),
            false => format!("{}{open}", lang.of("At work: ", "工作时间：")),
        };
        html.put("p", &[("class", "soft")], &text);
    }

    fn list(&self, html: &mut Html, calls: &[Value], none: &str) {
        if calls.is_empty() {
            html.put("p", &[("class", "soft")], none);
            return;
        }
        html.open("ul", &[("class", "list calls")]);
        for it in calls {
            html.open("li", &[]);
            html.open("h4", &[]);
            self.link(html, it, "data-row");
            html.close();
            html.open("p", &[]);
            phone(html, text(it, "/phone"));
            html.text(" ");
            state(html, self.desk, it);
            html.text(" ");
            promise(html, self.desk, it);
            html.close();
            let retry = retry(self.desk, it);
            if !retry.is_empty() {
                html.put("p", &[("class", "soft")], &retry);
            }
            html.close();
        }
        html.close();
    }

    /// When, whom and why, as the way to a call.
    fn link(&self, html: &mut Html, it: &Value, row: &'static str) {
        let href = self.desk.href(&path(text(it, "/id")));
        html.open("a", &[("href", &href), (row, "")]);
        let (start, due) = (text(it, "/start"), text(it, "/due"));
        if start.is_empty() {
            html.text(self.desk.lang.of("from ", ""));
            html.text(&clock(self.zone(), due));
            html.text(self.desk.lang.of("", " 起"));
        } else {
            html.text(&clock(self.zone(), start));
        }
        html.text(" · ");
        let service = match text(it, "/service") {
            "" => name_of(&self.services, text(it, "/service_id")),
            name => name,
        };
        let purpose = of(self.desk.lang, &words::PURPOSES, text(it, "/purpose"));
        line(html, &[text(it, "/name"), service, purpose, text(it, "/case_number")]);
        html.close();
    }

    /// What was done on the day.
    fn done(&self, html: &mut Html) {
        let lang = self.desk.lang;
        let done = items(&self.day, "/done");
        html.put("h3", &[], lang.of("Done", "已拨打"));
        if done.is_empty() {
            html.put("p", &[("class", "soft")], lang.of("Nothing yet.", "暂无。"));
            return;
        }
        html.open("ol", &[("class", "history")]);
        for it in done {
            html.open("li", &[]);
            html.open("a", &[("href", &self.desk.href(&path(text(it, "/callback_id"))))]);
            let outcome = of(lang, &words::OUTCOMES, text(it, "/outcome"));
            let at = clock(self.zone(), text(it, "/started_at"));
            line(html, &[&at, text(it, "/name"), outcome]);
            html.close();
            if !text(it, "/note").is_empty() {
                html.put("p", &[("class", "words")], text(it, "/note"));
            }
            html.close();
        }
        html.close();
    }

    /// Who waits, in the order of waiting.
    fn queue(&self, html: &mut Html) {
        let lang = self.desk.lang;
        html.open("section", &[("class", "panel"), ("aria-labelledby", "queue")]);
        html.put("h2", &[("id", "queue")], lang.of("Waiting", "排队中"));
        let queue = match &self.queue {
            Ok(queue) => queue,
            Err(refused) => {
                html.put("p", &[("class", "wrong")], &why(self.desk, refused));
                html.close();
                return;
            }
        };
        if items(queue, "/items").is_empty() {
            let none = lang.of(
                "Nobody waits. Who asks to be called as soon as possible, and whoever a \
                 rule wants called, shows up here.",
                "目前无人排队。客户要求尽快回电、或回访规则触发后，会出现在这里。",
            );
            html.put("p", &[("class", "nothing")], none);
        }
        html.open("ol", &[("class", "list")]);
        for it in items(queue, "/items") {
            self.waiting(html, it);
        }
        html.close();
        if !at(queue, "/next").is_null() {
            let href = self.desk.href("/desk/callbacks/all?state=waiting");
            html.put("a", &[("href", &href)], lang.of("All that wait", "查看全部"));
        }
        html.close();
    }

    fn waiting(&self, html: &mut Html, it: &Value) {
        let (desk, lang) = (self.desk, self.desk.lang);
        html.open("li", &[]);
        html.open("h3", &[]);
        html.open("a", &[("href", &desk.href(&path(text(it, "/id")))), ("data-row", "")]);
        let purpose = of(lang, &words::PURPOSES, text(it, "/purpose"));
        let service = name_of(&self.services, text(it, "/service_id"));
        line(html, &[service, purpose, text(it, "/language")]);
        html.close();
        html.close();
        html.open("p", &[]);
        let due = parse_rfc3339(text(it, "/due")).unwrap_or(desk.now);
        let seconds = due.saturating_sub(desk.now) / 1000;
        let mode = of(lang, &words::MODES, text(it, "/mode"));
        let begins = if 0 < seconds { remaining(lang, seconds) } else { String::new() };
        let whose = match text(it, "/agent_id") {
            "" => lang.of("for whoever is free", "待分配").to_owned(),
            id => format!("{}{}", lang.of("for ", "指派给 "), name_of(&self.agents, id)),
        };
        line(html, &[mode, &begins, &whose]);
        html.close();
        html.open("p", &[]);
        promise(html, desk, it);
        html.close();
        let retry = retry(desk, it);
        if !retry.is_empty() {
            html.put("p", &[("class", "soft")], &retry);
        }
        html.close();
    }
}
