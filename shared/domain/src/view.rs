//! What a link shows to whoever holds it: one page of figures with its filters, and nothing else.

use std::fmt;

use crate::civil;
use crate::touchpoint::{CHANNELS, GROUPS};

/// The periods that have a name.
pub const PERIODS: [&str; 9] =
    ["7d", "30d", "90d", "month", "last_month", "quarter", "last_quarter", "year", CUSTOM];
/// What may be compared with.
pub const COMPARES: [&str; 3] = ["previous", "year", "none"];
/// The languages of pages.
pub const LANGS: [&str; 2] = ["zh-CN", "en"];
/// The days of the longest custom period.
pub const DAYS_MAX: i32 = 731;
const CUSTOM: &str = "custom";
/// What an address may say, in the order in which it is kept.
const NAMES: [&str; 10] = [
    "period",
    "from",
    "to",
    "compare",
    "touchpoint",
    "channel",
    "group",
    "agent",
    "survey",
    "lang",
];

/// One page with its filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Below `/dashboard`; empty for what comes first.
    pub path: String,
    /// What it is filtered by. Names and values are such that none needs an escape.
    pub query: Vec<(&'static str, String)>,
}

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such page, or it cannot be shown to others.
    Page,
    /// There is no such filter.
    Unknown(String),
    /// A filter is there twice.
    Twice(&'static str),
    /// A filter must be one of these words.
    Word(&'static str, &'static [&'static str]),
    /// A filter must be an id.
    Id(&'static str),
    /// A filter must be a date.
    Day(&'static str),
    /// The days make no period.
    Span,
}

impl View {
    /// Reads an address as people paste it, of a page of their site.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(address: &str, site_id: &str) -> Result<View, Vec<Fault>> {
        let address = address.split('#').next().unwrap_or("").trim();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut faults = Vec::new();
        let path = below(path).trim_end_matches('/').to_owned();
        if !is_page(&path) {
            faults.push(Fault::Page);
        }
        let mut view = View { path, query: Vec::new() };
        for pair in query.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(known) = NAMES.into_iter().find(|it| *it == name) else {
                // Whoever spans sites names theirs in every address.
                if name != "site" || value != site_id {
                    faults.push(Fault::Unknown(name.chars().take(40).collect()));
                }
                continue;
            };
            // A form says what was left open, too.
            if value.is_empty() {
                continue;
            }
            if !view.get(known).is_empty() {
                faults.push(Fault::Twice(known));
                continue;
            }
            faults.extend(fault(known, value));
            view.query.push((known, value.to_owned()));
        }
        view.settle(&mut faults);
        if faults.is_empty() { Ok(view) } else { Err(faults) }
    }

    /// The value of a filter; empty for none.
    pub fn get(&self, name: &str) -> &str {
        self.query.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// A period that has a name has no days of its own: it moves with the calendar.
    fn settle(&mut self, faults: &mut Vec<Fault>) {
        let day = |name: &str| civil::parse_date(self.get(name));
        let (from, to) = (day("from"), day("to"));
        let has_days = self.query.iter().any(|it| it.0 == "from" || it.0 == "to");
        if self.get("period").is_empty() && has_days {
            self.query.push(("period", CUSTOM.to_owned()));
        }
        if self.get("period") == CUSTOM {
            let is_span = match (from, to) {
                (Some(from), Some(to)) => (0..DAYS_MAX).contains(&to.saturating_sub(from)),
                (Some(_), None) => self.get("to").is_empty(),
                _ => false,
            };
            let is_told = faults.iter().any(|it| matches!(it, Fault::Day(_)));
            if !is_span && !is_told {
                faults.push(Fault::Span);
            }
        } else {
            self.query.retain(|it| it.0 != "from" && it.0 != "to");
        }
        let kept = |name: &'static str| self.query.iter().find(|it| it.0 == name).cloned();
        self.query = NAMES.into_iter().filter_map(kept).collect();
    }
}

impl fmt::Display for View {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        for (at, (name, value)) in self.query.iter().enumerate() {
            let mark = if at == 0 { '?' } else { '&' };
            write!(out, "{mark}{name}={value}")?;
        }
        Ok(())
    }
}

/// Whether a text can be an id: nothing else may go on into another address.
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// The path below `/dashboard` of a whole address or of a path.
fn below(path: &str) -> &str {
    let path = match path.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(""),
        None => path,
    };
    match path.strip_prefix("/dashboard") {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    }
}

fn is_page(path: &str) -> bool {
    match path.strip_prefix('/').map(|it| it.split_once('/').unwrap_or((it, ""))) {
        None => path.is_empty(),
        Some(("touchpoints", "")) => true,
        Some(("voice" | "complaints" | "callbacks" | "goals", "")) => true,
        Some(("touchpoints" | "reports", id)) => is_id(id),
        _ => false,
    }
}

fn fault(name: &'static str, value: &str) -> Option<Fault> {
    let words: &'static [&'static str] = match name {
        "period" => &PERIODS,
        "compare" => &COMPARES,
        "channel" => &CHANNELS,
        "group" => &GROUPS,
        "lang" => &LANGS,
        "from" | "to" => {
            return civil::parse_date(value).is_none().then_some(Fault::Day(name));
        }
        _ => return (!is_id(value)).then_some(Fault::Id(name)),
    };
    (!words.contains(&value)).then_some(Fault::Word(name, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_what_it_shows() {
        for (address, kept) in [
            ("", ""),
            ("/dashboard", ""),
            ("?period=30d", "?period=30d"),
            ("/complaints?period=30d&channel=web", "/complaints?period=30d&channel=web"),
            ("https://a.example/dashboard/voice/#words", "/voice"),
            ("https://a.example", ""),
            ("/touchpoints/tch_1", "/touchpoints/tch_1"),
            ("/reports/rpt_1?lang=en", "/reports/rpt_1?lang=en"),
            // What a form of filters sends.
            (
                "/goals?lang=zh-CN&site=sit_1&period=7d&from=2026-01-01&to=2026-01-02&touchpoint=",
                "/goals?period=7d&lang=zh-CN",
            ),
            ("?to=2026-01-02&from=2026-01-01", "?period=custom&from=2026-01-01&to=2026-01-02"),
            ("?from=2026-01-01", "?period=custom&from=2026-01-01"),
        ] {
            let view = View::read(address, "sit_1").unwrap();
            assert_eq!(view.to_string(), kept, "{address}");
            assert_eq!(View::read(kept, "").as_ref(), Ok(&view), "{kept}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told() {
        for (address, faults) in [
            ("/reports", vec![Fault::Page]),
            ("/shares", vec![Fault::Page]),
            ("/session", vec![Fault::Page]),
            ("/dashboards", vec![Fault::Page]),
            ("complaints", vec![Fault::Page]),
            ("//evil.example/voice", vec![Fault::Page]),
            ("/touchpoints/../voice", vec![Fault::Page]),
            ("/touchpoints/%2e%2e", vec![Fault::Page]),
            ("/voice/tch_1", vec![Fault::Page]),
            ("?card=nps", vec![Fault::Unknown("card".into())]),
            ("?site=sit_2", vec![Fault::Unknown("site".into())]),
            ("?channel=web&channel=app", vec![Fault::Twice("channel")]),
            ("?touchpoint=a%26b", vec![Fault::Id("touchpoint")]),
            ("?period=custom", vec![Fault::Span]),
            ("?to=2026-01-01", vec![Fault::Span]),
            ("?from=2020-01-01&to=2026-01-01", vec![Fault::Span]),
            ("?from=2026-01-02&to=2026-01-01", vec![Fault::Span]),
            (
                "/x?period=eon&from=now&lang=fr",
                vec![
                    Fault::Page,
                    Fault::Word("period", &PERIODS),
                    Fault::Day("from"),
                    Fault::Word("lang", &LANGS),
                ],
            ),
        ] {
            assert_eq!(View::read(address, "sit_1"), Err(faults), "{address}");
        }
    }
}
