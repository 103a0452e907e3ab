//! What happened with a customer, an item each: what it was, in a word, and a way to it.

use pages::html::Html;
use pages::time::money;
use pages::words::{CHANNELS, GRADES, STATES, TYPES};
use serde_json::Value;
use staff::tell::{self, at, items, text};
use staff::{Desk, word};
use web::lang::Lang;

use crate::words::{CALL_STATES, KINDS, METRICS, OUTCOMES, PURPOSES};

/// Draws a page of the timeline.
pub(crate) fn draw(html: &mut Html, desk: &Desk, told: &Value) {
    html.open("ol", &[("class", "list timeline")]);
    for it in items(told, "/items") {
        html.open("li", &[]);
        let kind = match text(it, "/kind") {
            "message" => text(it, "/type"),
            kind => kind,
        };
        html.open("p", &[("class", "soft")]);
        html.put("span", &[("class", "badge")], tell::of(desk.lang, &KINDS, kind));
        html.text(" ");
        tell::time(html, desk, text(it, "/at"));
        let channel = text(it, "/channel");
        if !channel.is_empty() {
            html.text(" · ");
            html.text(tell::of(desk.lang, &CHANNELS, channel));
        }
        html.close();
        match text(it, "/kind") {
            "response" => response(html, desk, it),
            "complaint" => complaint(html, desk, it),
            "callback" => callback(html, desk, it),
            "order" => order(html, desk, it),
            "message" => message(html, it),
            _ => invitation(html, desk, it),
        }
        html.close();
    }
    html.close();
}

/// A heading that leads to the thing itself.
fn heading(html: &mut Html, desk: &Desk, (pages, id): (&str, &str), title: &str) {
    html.open("h3", &[]);
    let href = desk.href(&format!("/desk/{pages}/{}", word(id)));
    html.put("a", &[("href", &href), ("data-row", "")], title);
    html.close();
}

/// What somebody wrote.
fn quote(html: &mut Html, said: &str) {
    if !said.is_empty() {
        html.put("blockquote", &[], said);
    }
}

/// Several facts in a line; empty ones are left out.
fn line(html: &mut Html, facts: &[&str]) {
    let mut is_first = true;
    html.open("p", &[]);
    for it in facts.iter().filter(|it| !it.is_empty()) {
        if !is_first {
            html.text(" · ");
        }
        is_first = false;
        html.text(it);
    }
    html.close();
}

fn response(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    heading(html, desk, ("surveys", text(it, "/survey_id")), text(it, "/survey_name"));
    let scores = scores(desk, it);
    let is = |pointer: &str| at(it, pointer).as_bool() == Some(true);
    let whole = if is("/is_complete") { "" } else { lang.of("broken off", "未答完") };
    let counted =
        if is("/is_counted") { "" } else { lang.of("not in the figures", "未计入统计") };
    line(html, &[&scores, whole, counted]);
    for it in items(it, "/comments") {
        quote(html, it.as_str().unwrap_or(""));
    }
}

/// Scores of a response: `Recommends 9 of 10, Satisfaction 4 of 5`.
pub(crate) fn scores(desk: &Desk, it: &Value) -> String {
    let lang = desk.lang;
    let mut said = String::new();
    for it in items(it, "/scores") {
        let metric = tell::of(lang, &METRICS, text(it, "/metric"));
        let number = |pointer: &str| at(it, pointer).as_i64().unwrap_or(0);
        let (value, points) = (number("/value"), number("/points"));
        if !said.is_empty() {
            said.push_str(lang.of(", ", "，"));
        }
        said.push_str(&match lang {
            Lang::En => format!("{metric} {value} of {points}"),
            Lang::Zh => format!("{metric} {value}/{points}"),
        });
    }
    said
}

fn complaint(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    heading(html, desk, ("complaints", text(it, "/id")), text(it, "/number"));
    let rating = match at(it, "/csat").as_i64() {
        Some(csat) => match lang {
            Lang::En => format!("rated {csat} of 5"),
            Lang::Zh => format!("处理评分 {csat}/5"),
        },
        None => String::new(),
    };
    let facts = [
        tell::of(lang, &GRADES, text(it, "/grade")),
        tell::of(lang, &STATES, text(it, "/state")),
        tell::of(lang, &TYPES, text(it, "/type")),
        &rating,
    ];
    line(html, &facts);
    quote(html, text(it, "/text"));
}

fn callback(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    let purpose = tell::of(lang, &PURPOSES, text(it, "/purpose"));
    heading(html, desk, ("callbacks", text(it, "/id")), purpose);
    let start = match text(it, "/start") {
        "" => String::new(),
        start => tell::moment(desk, start),
    };
    let outcome = tell::of(lang, &OUTCOMES, text(it, "/outcome"));
    line(html, &[tell::of(lang, &CALL_STATES, text(it, "/state")), &start, outcome]);
    let case = text(it, "/case_id");
    if !case.is_empty() {
        let href = desk.href(&format!("/desk/complaints/{}", word(case)));
        html.open("p", &[]);
        html.put("a", &[("href", &href)], lang.of("Its complaint", "相关投诉"));
        html.close();
    }
}

fn order(html: &mut Html, desk: &Desk, it: &Value) {
    let amount = at(it, "/amount").as_i64().unwrap_or(0);
    let number = text(it, "/external_id");
    let number = if number.is_empty() { desk.lang.of("no number", "无单号") } else { number };
    html.put("h3", &[], number);
    line(html, &[&money(amount, text(it, "/currency"))]);
}

fn message(html: &mut Html, it: &Value) {
    let subject = text(it, "/subject");
    if !subject.is_empty() {
        html.put("h3", &[], subject);
    }
    quote(html, text(it, "/text"));
}

fn invitation(html: &mut Html, desk: &Desk, it: &Value) {
    heading(html, desk, ("surveys", text(it, "/survey_id")), text(it, "/survey_name"));
    let reminded = text(it, "/reminded_at");
    if !reminded.is_empty() {
        let said = desk.lang.of("reminded ", "提醒于 ");
        line(html, &[&format!("{said}{}", tell::moment(desk, reminded))]);
    }
}
