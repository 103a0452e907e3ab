//! Figures that are told the same way everywhere in a report: what they are, what they were in the
//! period before, and what a year before.

use board::Tile;
use board::tell::{at, caution, change, count, interval, is_better, number, plain};
use serde_json::Value;
use web::lang::{Lang, said};

use super::Reader;

/// A figure now and then.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) id: &'static str,
    pub(crate) name: Said2,
    /// What stands behind its numbers.
    pub(crate) unit: &'static str,
    is_more_better: bool,
    pub(crate) now: &'a Value,
    pub(crate) before: Side<'a>,
    pub(crate) year: Side<'a>,
}

/// English and Chinese.
pub(crate) type Said2 = (&'static str, &'static str);

/// A figure in other days, and by how much it differs now.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    then: &'a Value,
    pub(crate) difference: &'a Value,
}

/// Scores: id, name, unit. More of each is better.
const SCORES: [(&str, Said2, &str); 4] = [
    ("index", ("Satisfaction index", "满意度指数"), ""),
    ("nps", ("NPS", "NPS"), ""),
    ("csat", ("CSAT", "CSAT"), "%"),
    ("ces", ("CES", "CES"), ""),
];

/// Rates of complaints: id, name, and whether more is better.
const RATES: [(&str, Said2, bool); 6] = [
    ("answered_on_time", ("Answered on time", "按时首次答复"), true),
    ("solved_on_time", ("Solution on time", "按时给出方案"), true),
    ("closed_on_time", ("Closed on time", "按时结案"), true),
    ("resolution", ("Solved", "解决率"), true),
    ("first_contact", ("Solved at first contact", "首次联系解决"), true),
    ("repeated", ("Repeated complaints", "重复投诉"), false),
];

/// Rates of call-backs.
const CALLS: [(&str, Said2, bool); 2] = [
    ("kept", ("Call-backs kept", "按约回电"), true),
    ("reached", ("Call-backs that reached somebody", "回电接通"), true),
];

impl<'a> Line<'a> {
    /// The value as it is read; empty where there is none.
    pub(crate) fn value(&self) -> String {
        number(self.now, "/value").map_or_else(String::new, |it| self.read(it))
    }

    /// What it was on a side.
    pub(crate) fn then(&self, side: Side<'_>) -> String {
        number(side.then, "/value").map_or_else(String::new, |it| self.read(it))
    }

    fn read(&self, value: f64) -> String {
        format!("{}{}", plain(value), self.unit)
    }

    /// How much better or worse it is than before, if that is more than chance.
    pub(crate) fn is_better(&self) -> Option<bool> {
        is_better(self.before.difference, self.is_more_better)
    }

    /// The same against a year before.
    pub(crate) fn is_better_than_last_year(&self) -> Option<bool> {
        is_better(self.year.difference, self.is_more_better)
    }

    /// What it should be: `≥ 98%`; empty for nothing.
    pub(crate) fn target(&self) -> String {
        let bound = |pointer: &str, sign: &str| {
            number(self.now, pointer).map(|it| format!("{sign} {}", self.read(it)))
        };
        bound("/at_least", "\u{2265}")
            .or_else(|| bound("/target", "\u{2265}"))
            .or_else(|| bound("/at_most", "\u{2264}"))
            .unwrap_or_default()
    }

    /// As a tile with both comparisons.
    pub(crate) fn tile(&self, lang: Lang) -> Tile {
        let mut told = Vec::with_capacity(2);
        for (side, en, zh) in [
            (self.before, "period before: ", "较上一期："),
            (self.year, "a year before: ", "较去年同期："),
        ] {
            let change = change(side.difference, lang);
            if !change.is_empty() {
                told.push(format!("{}{change}", lang.of(en, zh)));
            }
        }
        Tile {
            id: self.id,
            title: self.name(lang).to_owned(),
            value: self.value(),
            number: number(self.now, "/value"),
            interval: interval(at(self.now, "/interval")),
            n: count(self.now, "/n"),
            target: self.target(),
            is_met: at(self.now, "/met").as_bool(),
            change: told.join(lang.of("; ", "；")),
            is_better: self.is_better(),
            note: caution(self.now, lang).to_owned(),
            ..Tile::default()
        }
    }

    /// What it is called.
    pub(crate) fn name(&self, lang: Lang) -> &'static str {
        lang.of(self.name.0, self.name.1)
    }
}

impl<'a> Reader<'a> {
    /// The scores of the site.
    pub(crate) fn scores(&self) -> Vec<Line<'a>> {
        let body = self.body;
        let one = |&(id, name, unit): &(&'static str, Said2, &'static str)| {
            let side = |side: &str| {
                let then = at(body, &format!("/{side}/scores/{id}"));
                Side { then, difference: at(then, "/difference") }
            };
            let now = at(body, &format!("/dashboard/scores/{id}"));
            let (before, year) = (side("previous"), side("year"));
            Line { id, name, unit, is_more_better: true, now, before, year }
        };
        SCORES.iter().map(one).filter(|it| it.now.is_object()).collect()
    }

    /// The rates of its complaints.
    pub(crate) fn rates(&self) -> Vec<Line<'a>> {
        let now = if self.is_department { "/complaints/own" } else { "/dashboard/complaints" };
        self.shares(now, "complaints", &RATES)
    }

    /// The rates of its call-backs.
    pub(crate) fn calls(&self) -> Vec<Line<'a>> {
        self.shares("/dashboard/callbacks", "callbacks", &CALLS)
    }

    fn shares(&self, now: &str, of: &str, rates: &[(&'static str, Said2, bool)]) -> Vec<Line<'a>> {
        let body = self.body;
        let one = |&(id, name, is_more_better): &(&'static str, Said2, bool)| {
            let side = |side: &str| Side {
                then: at(body, &format!("/{side}/{of}/rates/{id}")),
                difference: at(body, &format!("/{side}/{of}/differences/{id}")),
            };
            let now = at(body, &format!("{now}/rates/{id}"));
            let (before, year) = (side("previous"), side("year"));
            Line { id, name, unit: "%", is_more_better, now, before, year }
        };
        rates.iter().map(one).filter(|it| it.now.is_object()).collect()
    }

    /// The tile of how many complaints came.
    pub(crate) fn received(&self) -> Tile {
        let lang = self.lang;
        let of = |it: &Value| number(it, "/received");
        let now = of(self.cases());
        let mut told = Vec::with_capacity(2);
        for (side, name) in [
            ("previous", said("period before", "上一期")),
            ("year", said("a year before", "去年同期")),
        ] {
            if let Some(then) = of(at(self.body, &format!("/{side}/complaints"))) {
                let colon = lang.of(": ", "：");
                told.push(format!("{}{colon}{}", name.text(lang), plain(then)));
            }
        }
        Tile {
            id: "complaints",
            title: lang.of("Complaints", "投诉").to_owned(),
            value: now.map(plain).unwrap_or_default(),
            number: now,
            change: told.join(lang.of("; ", "；")),
            ..Tile::default()
        }
    }
}
