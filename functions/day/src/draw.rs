//! The day sheet: whom to call, when, what about and what to say, for a phone and for paper.

use app::callback::ics::purpose_said;
use domain::UtcMs;
use domain::callback::{Mode, Outcome, Purpose, State};
use domain::civil::date;
use pages::Frame;
use pages::html::Html;
use pages::time::{moment, zone_name};
use store::call_attempts::Attempt;
use store::callbacks::Callback;
use web::lang::Lang;
use web::service::Offered;

use crate::load::Day;
use crate::page::leave;
use crate::words;

/// What is drawn.
pub(crate) struct Sheet<'a> {
    pub(crate) lang: Lang,
    /// The site, for whoever must name it in each address; empty for others.
    pub(crate) site: &'a str,
    pub(crate) now: UtcMs,
    pub(crate) day: &'a Day,
    /// The token of the form to sign out.
    pub(crate) csrf: &'a str,
}

impl Sheet<'_> {
    /// The whole page.
    pub(crate) fn draw(&self) -> Vec<u8> {
        let (lang, day) = (self.lang, self.day);
        let title = format!("{} · {}", day.agent.name, day.date());
        let mut html = Frame::of(lang, &title).begin();
        pages::languages(&mut html, lang, "/day", &self.query(day.day));
        html.open("main", &[]);
        html.open("section", &[("class", "card")]);
        self.head(&mut html, &title);
        html.close();
        self.list(&mut html);
        self.done(&mut html);
        html.open("section", &[("class", "card leave")]);
        let site =
            if self.site.is_empty() { String::new() } else { format!("&site={}", self.site) };
        leave(&mut html, lang, &site, self.csrf);
        html.done()
    }

    fn query(&self, day: i32) -> String {
        let site = if self.site.is_empty() { "" } else { "&site=" };
        format!("&agent={}&date={}{site}{}", self.day.agent.id, date(day), self.site)
    }

    fn head(&self, html: &mut Html, title: &str) {
        let (lang, day) = (self.lang, self.day);
        html.put("h1", &[], title);
        let at = day.zone.start_of_day(day.day);
        html.put("p", &[("class", "soft small")], &zone_name(day.zone, at));
        let open: Vec<String> = day
            .open
            .iter()
            .map(|it| format!("{}–{}", self.clock(it.0), self.clock(it.1)))
            .collect();
        let works = match open.is_empty() {
            true => lang.of("No working hours on this day.", "当日不上班。").to_owned(),
            false => format!("{}{}", lang.of("At work: ", "工作时间："), open.join(", ")),
        };
        html.put("p", &[("class", "number")], &works);
        html.open("nav", &[("aria-label", lang.of("Day", "日期")), ("class", "languages")]);
        for (to, name) in [
            (day.day - 1, lang.of("The day before", "前一天")),
            (day.today, lang.of("Today", "今天")),
            (day.day + 1, lang.of("The day after", "后一天")),
        ] {
            let address = format!("/day?lang={}{}", lang.tag(), self.query(to));
            html.put("a", &[("href", &address)], name);
        }
        html.close();
    }

    /// A time of the day on the agent's clocks; with its day where that is another one.
    fn clock(&self, at: UtcMs) -> String {
        let said = moment(self.lang, self.day.zone, at, self.now);
        if self.day.zone.day(at) != self.day.day {
            return said;
        }
        let begin = said.len().saturating_sub("00:00".len());
        said.get(begin..).unwrap_or("").to_owned()
    }

    /// What is to be done, by its time.
    fn list(&self, html: &mut Html) {
        let (lang, day) = (self.lang, self.day);
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], lang.of("Calls", "待拨打"));
        let mut calls: Vec<(UtcMs, &Callback)> =
            day.appointments.iter().map(|it| (it.start, it)).collect();
        calls.extend(day.waiting.iter().map(|it| (it.due, it)));
        calls.sort_by_key(|it| it.0);
        if calls.is_empty() {
            html.put("p", &[], lang.of("Nothing on this day.", "当日暂无安排。"));
        }
        html.open("ol", &[("class", "said-list")]);
        for (at, row) in calls {
            html.open("li", &[("class", "said-item")]);
            self.call(html, at, row);
            html.close();
        }
        html.close();
        html.close();
    }

    fn call(&self, html: &mut Html, at: UtcMs, row: &Callback) {
        let (lang, day) = (self.lang, self.day);
        let when = match row.start == at && row.start != 0 {
            true => format!("{}–{}", self.clock(row.start), self.clock(row.end)),
            false => format!("{} {}", lang.of("from", "自"), self.clock(at)),
        };
        html.put("h3", &[("class", "number")], &when);
        let service = day.service(row);
        let state = words::state(State::parse(&row.state).unwrap_or_default());
        let mode = words::mode(Mode::parse(&row.mode).unwrap_or_default());
        let parts = [
            purpose_said(Purpose::parse(&row.purpose).unwrap_or_default()).text(lang).to_owned(),
            service.map_or_else(String::new, |it| it.name.clone()),
            mode.text(lang).to_owned(),
            state.text(lang).to_owned(),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        html.put("p", &[], &parts.join(" · "));
        self.whom(html, row);
        let number = day.number(row);
        if !number.is_empty() {
            let address = format!("/v1/complaints/{number}");
            html.open("p", &[]);
            html.text(lang.of("Complaint ", "投诉 "));
            html.put("a", &[("href", &address)], number);
            html.close();
        }
        self.tried(html, row);
        let script = service.map(|it| Offered::stored(&it.definition).script).unwrap_or_default();
        if !script.is_empty() {
            html.open("details", &[]);
            html.put("summary", &[], lang.of("What to say", "话术"));
            html.put("p", &[("class", "words")], &script);
            html.close();
        }
    }

    /// Their name, and their number to be dialled.
    fn whom(&self, html: &mut Html, row: &Callback) {
        let (name, phone) = (self.day.contact(row, "name"), self.day.contact(row, "phone"));
        if name.is_empty() && phone.is_empty() {
            return;
        }
        html.open("p", &[]);
        html.open("bdi", &[]);
        html.text(name);
        html.close();
        if !phone.is_empty() {
            // Whatever was typed, nothing but a number is dialled.
            let number: String =
                phone.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
            html.text(" ");
            html.put("a", &[("href", &format!("tel:{number}")), ("class", "link number")], phone);
        }
        html.close();
    }

    /// What came of it before.
    fn tried(&self, html: &mut Html, row: &Callback) {
        let mut tried = self.day.tried(row).peekable();
        if tried.peek().is_none() {
            return;
        }
        html.open("ul", &[("class", "small")]);
        for it in tried {
            html.open("li", &[]);
            html.text(&self.attempt(it));
            html.close();
        }
        html.close();
    }

    fn attempt(&self, it: &Attempt) -> String {
        let outcome = Outcome::parse(&it.outcome).map(words::outcome);
        let outcome = outcome.as_ref().map_or("", |it| it.text(self.lang));
        let note = if it.note.is_empty() { String::new() } else { format!(" · {}", it.note) };
        format!("{} {outcome}{note}", self.clock(it.started_at))
    }

    /// What was done on the day.
    fn done(&self, html: &mut Html) {
        let (lang, day) = (self.lang, self.day);
        if day.done.is_empty() {
            return;
        }
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], lang.of("Done", "已拨打"));
        html.open("ol", &[("class", "said-list")]);
        for it in &day.done {
            html.open("li", &[("class", "said-item")]);
            html.put("p", &[("class", "number")], &self.attempt(it));
            if let Some(row) = day.call(&it.callback_id) {
                self.whom(html, row);
            }
            html.close();
        }
        html.close();
        html.close();
    }
}
