//! What a report says, in the language of its reader. The page and the Markdown are drawn of this.

mod cases;
mod figures;
mod goals;
mod line;
mod short;

use board::tell::{at, count, plain, text};
use board::{Figure, Tile};
use domain::civil::{civil, date};
use domain::report::{Days, Kind};
use domain::zone::Zone;
use pages::time::{moment, zone_name};
use serde_json::Value;
use store::reports::Report;
use web::lang::Lang;

use crate::api::Kept;

/// A report in words and figures.
pub(crate) struct Told {
    /// What it is called.
    pub(crate) title: String,
    /// Its days and zone, what it is compared with, out of how many, when it was made.
    pub(crate) about: Vec<String>,
    /// What the columns of tiles are called, where they are told as a table.
    pub(crate) columns: [&'static str; 7],
    /// What it says.
    pub(crate) parts: Vec<Part>,
}

/// A part of a report.
pub(crate) enum Part {
    /// A heading and its anchor.
    Heading(&'static str, String),
    /// A sentence.
    Say(String),
    /// Sentences under a title.
    List(String, Vec<String>),
    /// Numbers that stand alone.
    Tiles(Vec<Tile>),
    /// A figure.
    Figure(Box<Figure>),
}

/// What all that tells of a report needs.
pub(crate) struct Reader<'a> {
    pub(crate) body: &'a Value,
    pub(crate) lang: Lang,
    /// Whether it is a department's.
    pub(crate) is_department: bool,
    /// The address of another page; empty where there is none.
    pub(crate) link: &'a dyn Fn(&str) -> String,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn heading(&mut self, id: &'static str, en: &str, zh: &str) {
        self.parts.push(Part::Heading(id, self.lang.of(en, zh).to_owned()));
    }

    fn figure(&mut self, figure: Figure) {
        self.parts.push(Part::Figure(Box::new(figure)));
    }

    /// What the complaints of this report come to: the department's, or else the site's.
    fn cases(&self) -> &Value {
        let pointer = if self.is_department { "/complaints/own" } else { "/dashboard/complaints" };
        at(self.body, pointer)
    }
}

/// What the kinds are called.
pub(crate) const fn kind_word(kind: Kind, lang: Lang) -> &'static str {
    match kind {
        Kind::Week => lang.of("Weekly report", "周报"),
        Kind::Month => lang.of("Monthly report", "月报"),
        Kind::Quarter => lang.of("Quarterly report", "季报"),
        Kind::HalfYear => lang.of("Half-year report", "半年报"),
        Kind::Special => lang.of("Special report", "专项报告"),
    }
}

/// The days of a report.
pub(crate) fn days(it: &Report) -> Days {
    let day = |day: i64| i32::try_from(day).unwrap_or_default();
    Days { first: day(it.first_day), last: day(it.last_day) }
}

/// The kind of a report.
pub(crate) fn kind(it: &Report) -> Kind {
    Kind::parse(&it.kind).unwrap_or(Kind::Special)
}

/// What a report is called: `Weekly report · Week 47 of 2026 · Logistics`.
pub(crate) fn title(it: &Report, department: &str, lang: Lang) -> String {
    let kind = kind(it);
    let mut title = format!("{} · {}", kind_word(kind, lang), period(it, kind, lang));
    if !department.is_empty() {
        title.push_str(" · ");
        title.push_str(department);
    }
    title
}

fn period(it: &Report, kind: Kind, lang: Lang) -> String {
    let days = days(it);
    let key = kind.key(days);
    let (year, month, _) = civil(days.first);
    // The year of a week is that of its Thursday.
    let (key_year, number) = key.split_once('-').unwrap_or(("", ""));
    let number = number.trim_start_matches(['W', 'Q', 'H']).trim_start_matches('0');
    match (kind, lang) {
        (Kind::Week, Lang::En) => format!("Week {number} of {key_year}"),
        (Kind::Week, Lang::Zh) => format!("{key_year} 年第 {number} 周"),
        (Kind::Month, Lang::En) => format!("{} {year}", pages::time::month_name(month)),
        (Kind::Month, Lang::Zh) => format!("{year} 年 {month} 月"),
        (Kind::Quarter, Lang::En) => format!("Quarter {number} of {year}"),
        (Kind::Quarter, Lang::Zh) => format!("{year} 年第 {number} 季度"),
        (Kind::HalfYear, Lang::En) => {
            format!("{} half of {year}", if month < 7 { "First" } else { "Second" })
        }
        (Kind::HalfYear, Lang::Zh) => {
            format!("{year} 年{}", if month < 7 { "上半年" } else { "下半年" })
        }
        (Kind::Special, _) => it.name.clone(),
    }
}

/// Two days: `2026-11-16 – 2026-11-22`.
pub(crate) fn span(days: Days) -> String {
    format!("{} \u{2013} {}", date(days.first), date(days.last))
}

/// A report in a language, without links.
pub(crate) fn told(kept: &Kept, lang: Lang) -> Told {
    told_with(kept, lang, &|_| String::new())
}

/// The same with links to other pages.
pub(crate) fn told_with(kept: &Kept, lang: Lang, link: &dyn Fn(&str) -> String) -> Told {
    let is_department = !kept.report.department_id.is_empty();
    let mut reader = Reader { body: &kept.body, lang, is_department, link, parts: Vec::new() };
    short::tell(&mut reader);
    if is_department {
        cases::own(&mut reader);
        cases::causes(&mut reader);
        figures::scores(&mut reader);
        figures::course(&mut reader);
        figures::words(&mut reader);
        figures::lowest(&mut reader);
    } else {
        figures::scores(&mut reader);
        figures::course(&mut reader);
        figures::touchpoints(&mut reader);
        figures::lowest(&mut reader);
        cases::frequent(&mut reader);
        cases::causes(&mut reader);
        cases::clocks(&mut reader);
        figures::words(&mut reader);
        goals::tell(&mut reader);
    }
    let parts = reader.parts;
    let department = text(&kept.body, "/department/name");
    Told {
        title: title(&kept.report, department, lang),
        about: about(kept, lang),
        columns: [
            lang.of("Figure", "指标"),
            lang.of("Value", "数值"),
            lang.of("Interval", "区间"),
            "n",
            lang.of("Target", "目标"),
            lang.of("Change", "变化"),
            lang.of("Note", "说明"),
        ],
        parts,
    }
}

/// What a printed report must say of itself.
fn about(kept: &Kept, lang: Lang) -> Vec<String> {
    let Kept { report, body } = kept;
    let zone = Zone::parse(text(body, "/zone")).unwrap_or(Zone::UTC);
    let made_at = report.made_at;
    let site = text(body, "/site/name");
    let first = format!("{site} · {} · {}", span(days(report)), zone_name(zone, made_at));
    let side = |name: &str| {
        let from = text(body, &format!("/compared/{name}/from"));
        format!("{from} \u{2013} {}", text(body, &format!("/compared/{name}/to")))
    };
    let (before, year) = (side("previous"), side("year"));
    let second = match lang {
        Lang::En => format!("Compared with {before}, and with {year} a year before"),
        Lang::Zh => format!("对比：上一期 {before}；去年同期 {year}"),
    };
    let n = |pointer: &str| {
        #[expect(clippy::cast_precision_loss, reason = "nobody asks 2^53 times")]
        let n = count(body, pointer).unwrap_or(0) as f64;
        plain(n)
    };
    let (csat, nps) = (n("/dashboard/scores/csat/n"), n("/dashboard/scores/nps/n"));
    let ces = n("/dashboard/scores/ces/n");
    let is_department = !report.department_id.is_empty();
    let cases =
        if is_department { "/complaints/own/received" } else { "/dashboard/complaints/received" };
    let cases = n(cases);
    let made = moment(lang, zone, made_at, made_at);
    let third = match lang {
        Lang::En => {
            format!("n: CSAT {csat} · NPS {nps} · CES {ces} · complaints {cases} · made {made}")
        }
        Lang::Zh => {
            format!("n：CSAT {csat} · NPS {nps} · CES {ces} · 投诉 {cases} · 生成于 {made}")
        }
    };
    vec![first, second, third]
}
