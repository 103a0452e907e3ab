//! The steps of somebody who chooses a time: all that is chosen so far stands in the address.

use domain::UtcMs;
use domain::civil::{parse_date, parse_rfc3339};
use domain::zone::Zone;
use form_urlencoded::Serializer;
use pages::html::Html;
use web::lang::Lang;

/// What an address, or a form, may say.
const NAMES: [&str; 8] = ["ask", "service", "tz", "from", "day", "mode", "start", "touchpoint"];
/// The longest of it.
const CHARS_MAX: usize = 64;

/// What was chosen, and where.
#[derive(Debug)]
pub(crate) struct Trail {
    /// The path of the page.
    pub(crate) path: String,
    /// Its language.
    pub(crate) lang: Lang,
    pairs: Vec<(&'static str, String)>,
}

impl Trail {
    /// Reads what was chosen so far.
    pub(crate) fn read<'a>(path: &str, lang: Lang, get: impl Fn(&str) -> &'a str) -> Trail {
        let mut pairs = Vec::with_capacity(NAMES.len());
        for name in NAMES {
            let value = get(name).trim();
            let is_one = match name {
                "start" => parse_rfc3339(value).is_some(),
                "day" | "from" => parse_date(value).is_some(),
                _ => !value.is_empty(),
            };
            if is_one && value.chars().count() <= CHARS_MAX {
                pairs.push((name, value.to_owned()));
            }
        }
        Trail { path: path.to_owned(), lang, pairs }
    }

    /// What was chosen; empty for nothing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// Chooses something for this page.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.pairs.retain(|it| it.0 != name);
        if !value.is_empty() {
            self.pairs.push((name, value.to_owned()));
        }
    }

    /// Whether they want to be called as soon as possible.
    pub(crate) fn is_asap(&self) -> bool {
        self.get("mode") == "asap"
    }

    /// The instant that was chosen.
    pub(crate) fn start(&self) -> Option<UtcMs> {
        parse_rfc3339(self.get("start"))
    }

    /// A day that was chosen.
    pub(crate) fn day(&self, name: &str) -> Option<i32> {
        parse_date(self.get(name))
    }

    /// The zone that was chosen, or else this one; and whether there is no such zone.
    pub(crate) fn zone(&self, absent: Zone) -> (Zone, bool) {
        match self.get("tz") {
            "" => (absent, false),
            name => Zone::parse(name).map_or((absent, true), |it| (it, false)),
        }
    }

    /// Where the next step is: with these changes, and the rest as it is.
    pub(crate) fn to(&self, changes: &[(&str, &str)]) -> String {
        format!("{}?lang={}{}", self.path, self.lang.tag(), self.with(changes))
    }

    /// What else the address of this page says, for the same page in the other language.
    pub(crate) fn query(&self) -> String {
        self.with(&[])
    }

    fn with(&self, changes: &[(&str, &str)]) -> String {
        let mut query = String::new();
        for name in NAMES {
            let changed = changes.iter().find(|it| it.0 == name).map(|it| it.1);
            let value = changed.unwrap_or_else(|| self.get(name));
            if !value.is_empty() {
                query.push('&');
                let pair = Serializer::new(String::new()).append_pair(name, value).finish();
                query.push_str(&pair);
            }
        }
        query
    }

    /// The same as fields of a form, but for some.
    pub(crate) fn carried(&self, html: &mut Html, but: &[&str]) {
        let mut put = |name: &str, value: &str| {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        };
        put("lang", self.lang.tag());
        for (name, value) in self.pairs.iter().filter(|it| !but.contains(&it.0)) {
            put(name, value);
        }
    }
}
