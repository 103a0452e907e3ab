//! A year of a calendar, month by month, with its holidays and make-up days marked.

use domain::civil::{civil, date, day_number, weekday};
use pages::html::{Html, when};
use pages::time::month_name;
use serde_json::Value;
use staff::Desk;
use staff::tell::{at, items, of, text};
use web::lang::Lang;

use crate::calendars::PATH;
use crate::hours;
use crate::words::{WEEKDAYS, WHY};

/// Draws the year with the ways to the one before and the one after. `days` are those that are not
/// as their weekday says.
pub(crate) fn draw(html: &mut Html, desk: &Desk, calendar: &Value, (days, year): (&Value, i32)) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "year")]);
    let heading = match lang {
        Lang::En => format!("The year {year}"),
        Lang::Zh => format!("{year} 年"),
    };
    html.put("h2", &[("id", "year")], &heading);
    let path = format!("{PATH}/{}", text(calendar, "/id"));
    html.open("nav", &[("class", "tabs"), ("aria-label", lang.of("Other years", "其他年份"))]);
    for it in [year - 1, year + 1] {
        let href = desk.href(&format!("{path}?year={it}"));
        html.put("a", &[("href", &href)], &it.to_string());
    }
    html.close();
    if at(days, "/is_known").as_bool() == Some(false) {
        let text = lang.of(
            "Not all holidays of this year are known: its days are taken as usual ones.",
            "这一年的节假日尚未全部公布，暂按普通日处理。",
        );
        html.put("p", &[("class", "late")], text);
    }
    legend(html, lang);
    html.open("div", &[("class", "year")]);
    for number in 1..=12 {
        month(html, lang, calendar, (days, year, number));
    }
    html.close();
    html.close();
}

fn legend(html: &mut Html, lang: Lang) {
    html.open("ul", &[("class", "legend")]);
    let all = [
        (Mark::Off, lang.of("closed, though the weekday is worked", "休息（平日为工作日）")),
        (Mark::Work, lang.of("worked, though the weekday is closed", "上班（平日为休息日）")),
        (Mark::Other, lang.of("other hours than usual", "时段与平日不同")),
    ];
    for (mark, meaning) in all {
        html.open("li", &[]);
        html.put("b", &[("class", mark.class())], mark.text(lang));
        html.text(" ");
        html.text(meaning);
        html.close();
    }
    html.open("li", &[]);
    html.put("span", &[("class", "idle")], "00");
    html.text(lang.of(" closed as usual", " 平日休息"));
    html.close();
    html.close();
}

/// What is to be said of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Off,
    Work,
    Other,
}

impl Mark {
    fn text(self, lang: Lang) -> &'static str {
        match self {
            Mark::Off => lang.of("off", "休"),
            Mark::Work => lang.of("work", "班"),
            Mark::Other => lang.of("other", "改"),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Mark::Off => "mark off",
            Mark::Work => "mark work",
            Mark::Other => "mark other",
        }
    }
}

fn month(html: &mut Html, lang: Lang, calendar: &Value, (days, year, month): (&Value, i32, u8)) {
    let first = day_number(year, month, 1).unwrap_or(0);
    html.open("table", &[("class", "month")]);
    let caption = match lang {
        Lang::En => month_name(month).to_owned(),
        Lang::Zh => format!("{month}月"),
    };
    html.put("caption", &[], &caption);
    html.open("thead", &[]);
    html.open("tr", &[]);
    for (_, name) in &WEEKDAYS {
        let name = name.text(lang);
        let short: String = match lang {
            Lang::En => name.chars().take(2).collect(),
            Lang::Zh => name.chars().skip(2).collect(),
        };
        html.put("th", &[("scope", "col"), ("abbr", name)], &short);
    }
    html.close();
    html.close();
    html.open("tbody", &[]);
    html.open("tr", &[]);
    for _ in 0..weekday(first) {
        html.put("td", &[], "");
    }
    let mut last = first;
    for day in (first..first + 31).take_while(|day| civil(*day).1 == month) {
        last = day;
        if weekday(day) == 0 && day != first {
            html.close();
            html.open("tr", &[]);
        }
        cell(html, lang, calendar, (days, day));
    }
    for _ in weekday(last)..6 {
        html.put("td", &[], "");
    }
    html.close();
    html.close();
    html.close();
}

fn cell(html: &mut Html, lang: Lang, calendar: &Value, (days, day): (&Value, i32)) {
    let number = civil(day).2.to_string();
    let name = date(day);
    let key = WEEKDAYS.get(usize::from(weekday(day))).map_or("", |it| it.0);
    let usual = at(calendar, &format!("/week/{key}"));
    let is_closed = items(usual, "").is_empty();
    let Some(found) = items(days, "/days").iter().find(|it| text(it, "/date") == name) else {
        html.put("td", &[(when(is_closed, "class"), "idle")], &number);
        return;
    };
    let own = at(found, "/hours");
    let mark = match (items(own, "").is_empty(), is_closed) {
        _ if own == usual => None,
        (true, _) => Some(Mark::Off),
        (false, true) => Some(Mark::Work),
        (false, false) => Some(Mark::Other),
    };
    let why = of(lang, &WHY, text(found, "/why"));
    let why = match text(found, "/name") {
        "" => why,
        name => name,
    };
    let title = format!("{why} · {}", hours::told(lang, own));
    html.open("td", &[("title", &title), (when(is_closed && mark.is_none(), "class"), "idle")]);
    html.text(&number);
    if let Some(mark) = mark {
        html.put("b", &[("class", mark.class())], mark.text(lang));
    }
    html.close();
}
