//! What several of the pages say alike: the ways between them, a call in a line, its clock.

use domain::civil::parse_rfc3339;
use domain::zone::Zone;
use pages::html::{Html, when};
use serde_json::Value;
use staff::tell::{at, moment, of, remaining, text};
use staff::{Desk, Section, word};

use crate::words;

/// The addresses of the pages, and what they are called.
const WAYS: [(&str, &str, &str); 5] = [
    ("/desk/callbacks", "The day", "当日"),
    ("/desk/callbacks/all", "All calls", "全部回电"),
    ("/desk/callbacks/new", "Book a call", "预约回电"),
    ("/desk/supply", "Who is there", "人员排班"),
    ("/desk/callbacks/do-not-call", "Do not call", "禁呼名单"),
];

/// The ways between the pages; `here` is the address of this one.
pub(crate) fn tabs(html: &mut Html, desk: &Desk, here: &str) {
    let label = desk.lang.of("Call-backs", "回电");
    html.open("nav", &[("class", "tabs"), ("aria-label", label)]);
    for (path, en, zh) in WAYS {
        let current = when(path == here, "aria-current");
        html.put("a", &[("href", &desk.href(path)), (current, "page")], desk.lang.of(en, zh));
    }
    html.close();
}

/// The way back to the day, for pages below it.
pub(crate) fn above(desk: &Desk) -> [(&'static str, &'static str); 1] {
    [(Section::Calls.path(), desk.lang.of("Call-backs", "回电"))]
}

/// A message in a box that readers of screens are told of.
pub(crate) fn notice(html: &mut Html, text: &str, is_wrong: bool) {
    if !text.is_empty() {
        let (class, role) = if is_wrong { ("wrong", "alert") } else { ("others", "status") };
        html.put("p", &[("class", class), ("role", role)], text);
    }
}

/// The zone that a call names.
pub(crate) fn zone(call: &Value) -> Option<Zone> {
    Zone::parse(text(call, "/tz"))
}

/// A clock time of an instant of the API: `10:30`.
pub(crate) fn clock(zone: Zone, time: &str) -> String {
    parse_rfc3339(time).map_or_else(String::new, |it| pages::time::clock(zone, it))
}

/// A number to be dialled. Whatever was typed, nothing but a number is.
pub(crate) fn phone(html: &mut Html, number: &str) {
    if !number.is_empty() {
        let dialled: String =
            number.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
        html.put("a", &[("href", &format!("tel:{dialled}")), ("class", "number")], number);
    }
}

/// Where a call stands, as a badge.
pub(crate) fn state(html: &mut Html, desk: &Desk, call: &Value) {
    let key = text(call, "/state");
    let class = match key {
        "reached" => "badge good",
        "failed" | "expired" => "badge bad",
        _ => "badge",
    };
    html.put("span", &[("class", class)], of(desk.lang, &words::STATES, key));
}

/// When the promise of a call is due, in words; none once it is decided and the call is over.
pub(crate) fn promise(html: &mut Html, desk: &Desk, call: &Value) {
    let lang = desk.lang;
    let is_over = !at(call, "/ended_at").is_null();
    match (text(call, "/promise"), parse_rfc3339(text(call, "/due_by"))) {
        ("open", Some(by)) if !is_over => {
            let seconds = by.saturating_sub(desk.now) / 1000;
            let class = (when(seconds < 0, "class"), "late");
            html.open("span", &[class]);
            html.text(lang.of("Promise: ", "承诺时限："));
            html.text(&remaining(lang, seconds));
            html.close();
        }
        ("broken", _) => {
            html.put("span", &[("class", "late")], lang.of("Promise broken", "承诺未兑现"));
        }
        ("kept", _) => html.text(lang.of("Promise kept", "承诺已兑现")),
        _ => {}
    }
}

/// Which attempt is next, when, and why the last one came to nothing; empty before the first.
pub(crate) fn retry(desk: &Desk, call: &Value) -> String {
    let lang = desk.lang;
    let made = at(call, "/attempts").as_i64().unwrap_or(0);
    if made == 0 {
        return String::new();
    }
    let last = of(lang, &words::OUTCOMES, text(call, "/outcome"));
    let is_open = ["booked", "waiting", "calling"].contains(&text(call, "/state"));
    let (next, due) = (made + 1, moment(desk, text(call, "/due")));
    match (is_open, lang) {
        (true, web::lang::Lang::En) => {
            format!("Attempt {next}, from {due}. Last time: {}.", last.to_lowercase())
        }
        (true, web::lang::Lang::Zh) => format!("第 {next} 次拨打，{due} 起。上次：{last}。"),
        (false, web::lang::Lang::En) => format!("Attempts: {made}. Last: {}.", last.to_lowercase()),
        (false, web::lang::Lang::Zh) => format!("共拨打 {made} 次，最后一次：{last}。"),
    }
}

/// When a call is: its time, or since when it may be made.
pub(crate) fn when_it_is(desk: &Desk, call: &Value) -> String {
    match (text(call, "/start"), text(call, "/mode")) {
        ("", "asap") if text(call, "/state") == "waiting" && at(call, "/attempts") == 0 => {
            of(desk.lang, &words::MODES, "asap").to_owned()
        }
        ("", _) => match (text(call, "/due"), desk.lang) {
            ("", _) => String::new(),
            (due, web::lang::Lang::En) => format!("From {}", moment(desk, due)),
            (due, web::lang::Lang::Zh) => format!("{} 起", moment(desk, due)),
        },
        (start, _) => moment(desk, start),
    }
}

/// The parts of a line with a dot between; empty ones are left out.
pub(crate) fn line(html: &mut Html, parts: &[&str]) {
    let mut is_first = true;
    for part in parts.iter().filter(|it| !it.is_empty()) {
        if !is_first {
            html.text(" · ");
        }
        is_first = false;
        html.text(part);
    }
}

/// The address of a call's page.
pub(crate) fn path(id: &str) -> String {
    format!("/desk/callbacks/{}", word(id))
}
