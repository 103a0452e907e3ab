//! Free times to choose from.

use domain::civil::{date, parse_date, parse_rfc3339};
use domain::zone::Zone;
use pages::html::{Html, when};
use ports::Env;
use serde_json::Value;
use staff::tell::{items, text};
use staff::{Desk, Refused, word};
use web::Request;
use web::lang::Lang;

/// How many times are shown.
const SLOTS: i64 = 120;
/// How many days are looked at.
const DAYS: i32 = 3;

/// What is asked for.
pub(crate) struct Wish<'a> {
    /// The service.
    pub(crate) service_id: &'a str,
    /// The customer's language; empty for any.
    pub(crate) language: &'a str,
    /// The customer's zone; empty for the site's.
    pub(crate) tz: &'a str,
    /// From which day on; empty for today.
    pub(crate) day: &'a str,
}

/// The days that are looked at: the first and the last.
pub(crate) fn days(desk: &Desk, day: &str) -> (i32, i32) {
    let today = desk.zone.day(desk.now);
    let first = parse_date(day).unwrap_or(today).max(today);
    (first, first.saturating_add(DAYS - 1))
}

/// Asks for free times.
pub(crate) async fn read(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    wish: &Wish<'_>,
) -> Result<Value, Refused> {
    let (first, last) = days(desk, wish.day);
    let mut target = format!("/v1/slots?service={}", word(wish.service_id));
    let (first, last) = (date(first), date(last));
    for (name, value) in [
        ("from", first.as_str()),
        ("to", last.as_str()),
        ("language", wish.language),
        ("tz", wish.tz),
    ] {
        if !value.is_empty() {
            target.push_str(&format!("&{name}={}", word(value)));
        }
    }
    target.push_str(&format!("&limit={SLOTS}"));
    desk.read_one(env, request, ("callback", &target)).await
}

/// Draws them as one field `start`, by day; `chosen` stays chosen. Times are on the clocks of
/// `zone`.
pub(crate) fn draw(html: &mut Html, desk: &Desk, slots: &Value, zone: Zone, chosen: &str) {
    let lang = desk.lang;
    let found = items(slots, "/items");
    if found.is_empty() {
        let none = lang.of(
            "Nobody has time on these days. Look at later ones, or see who is there.",
            "这几天没有空闲时段。请查看之后的日期，或查看人员排班。",
        );
        html.put("p", &[("class", "nothing")], none);
        return;
    }
    let mut day = i32::MIN;
    for it in found {
        let start = text(it, "/start");
        let Some(at) = parse_rfc3339(start) else { continue };
        if zone.day(at) != day {
            if day != i32::MIN {
                html.close();
                html.close();
            }
            day = zone.day(at);
            let (weekday, named) = pages::time::day(lang, day, zone.day(desk.now));
            let heading = match lang {
                Lang::En => format!("{weekday} {named}"),
                Lang::Zh => format!("{named}（{weekday}）"),
            };
            html.open("fieldset", &[("class", "field")]);
            html.put("legend", &[], &heading);
            html.open("div", &[("class", "times")]);
        }
        html.open("label", &[]);
        let checked = (when(start == chosen, "checked"), "");
        html.void("input", &[("type", "radio"), ("name", "start"), ("value", start), checked]);
        html.put("span", &[], &pages::time::clock(zone, at));
        html.close();
    }
    if day != i32::MIN {
        html.close();
        html.close();
    }
}
