//! Figures cut by things: departments, channels, agents, each a row.

use board::tell::{at, count, items, number, plain, text};
use board::{Cell, Figure, Opened};
use pages::chart::{Bar, Bars, Chart, Mood};
use serde_json::Value;
use web::lang::{Lang, Said};

use crate::told::{self, Told};

/// Most bars of a chart; the table has the rest.
const BARS_MAX: usize = 12;

/// How such a figure is made.
pub(crate) struct Cut<'a> {
    /// Its name in addresses.
    pub(crate) id: &'static str,
    /// Its title.
    pub(crate) title: &'a str,
    /// What a row is of: `Department`.
    pub(crate) of: &'a str,
    /// What keys are called that are words of ours.
    pub(crate) words: &'static [(&'static str, Said)],
    /// The page that a row leads to, filtered by it: its path and the filter; empty for none.
    pub(crate) leads: (&'static str, &'static str),
    /// The count that the rows are ordered by, and what it is called.
    pub(crate) count: (&'static str, &'a str),
    /// Rates, and what they are called.
    pub(crate) rates: &'a [(&'static str, &'a str)],
    /// Whether the first rate is drawn instead of the count.
    pub(crate) is_rate: bool,
    /// What to do where there is nothing.
    pub(crate) empty: &'a str,
}

impl Cut<'_> {
    /// The figure.
    pub(crate) fn figure(&self, opened: &Opened, told: &Told) -> Figure {
        let lang = opened.lang;
        told::figure(self.id, self.title, told, |figure, told| {
            let parts = self.most_first(told);
            if parts.is_empty() {
                self.empty.clone_into(&mut figure.empty);
                return;
            }
            let mut columns = vec![self.of, self.count.1];
            for (_, label) in self.rates {
                columns.extend([label, lang.of("Interval", "区间"), "n"]);
            }
            columns.extend([lang.of("Open now", "目前未结"), lang.of("Overdue now", "目前逾期")]);
            figure.table.columns = told::names(&columns);
            figure.table.rows = parts.iter().map(|it| self.row(opened, it)).collect();
            let bars: Vec<Bar> =
                parts.iter().take(BARS_MAX).map(|it| self.bar(opened, it)).collect();
            let range = self.is_rate.then_some((0.0, 100.0));
            figure.chart = Chart::Bars(Bars { bars, range });
            figure.summary = self.says(lang, told, &parts);
        })
    }

    /// The parts with something in them, those with the most first.
    fn most_first<'a>(&self, told: &'a Value) -> Vec<&'a Value> {
        let n = |it: &Value| count(it, &format!("/{}", self.count.0)).unwrap_or(0);
        let open = |it: &Value| count(it, "/backlog/open").unwrap_or(0);
        let mut found: Vec<&Value> = Vec::new();
        // By inserting, not sorting: they are few, and a sort is much code.
        for it in items(told, "/parts").iter().filter(|it| 0 < n(it) + open(it)) {
            let place = found.partition_point(|other| n(it) <= n(other));
            found.insert(place, it);
        }
        found
    }

    fn name(&self, lang: Lang, part: &Value) -> String {
        match text(part, "/name") {
            "" => told::word(lang, self.words, text(part, "/key")),
            name => name.to_owned(),
        }
    }

    /// Where a row leads: the page of it alone.
    fn href(&self, opened: &Opened, part: &Value) -> String {
        let (path, grain) = self.leads;
        match text(part, "/key") {
            "" => String::new(),
            _ if grain.is_empty() => String::new(),
            key => opened.href_with(path, &opened.filters.with(grain, key)),
        }
    }

    fn row(&self, opened: &Opened, part: &Value) -> Vec<Cell> {
        let lang = opened.lang;
        let name = Cell::link(self.name(lang, part), self.href(opened, part));
        let mut row = vec![name, told::counted(part, &format!("/{}", self.count.0))];
        for (rate, _) in self.rates {
            told::push_rated(&mut row, lang, told::of(part, "/rates", rate));
        }
        row.push(told::counted(part, "/backlog/open"));
        row.push(told::counted(part, "/backlog/overdue"));
        row
    }

    fn bar(&self, opened: &Opened, part: &Value) -> Bar {
        let lang = opened.lang;
        let (name, href) = (self.name(lang, part), self.href(opened, part));
        let rate = self.rates.first().filter(|_| self.is_rate);
        let Some(rate) = rate.map(|it| told::of(part, "/rates", it.0)) else {
            let n = number(part, &format!("/{}", self.count.0)).unwrap_or(0.0);
            return Bar { href, ..told::bar(&name, n, plain(n), Mood::Plain) };
        };
        let is_small = at(rate, "/small").as_bool() == Some(true);
        let few = if is_small { lang.of(" · few", " · 数量少") } else { "" };
        let text = format!("{}{few}", told::share(lang, rate));
        let mood = if is_small { Mood::Faint } else { Mood::Plain };
        Bar { name, href, point: told::point(rate), text, mood, ..Bar::default() }
    }

    /// The largest of them, how many have none, and how much a difference may mean.
    fn says(&self, lang: Lang, told: &Value, parts: &[&Value]) -> String {
        let n = |it: &Value| count(it, &format!("/{}", self.count.0)).unwrap_or(0);
        let mut says = String::new();
        if let Some(most) = parts.first().filter(|it| 0 < n(it)) {
            let (name, most, all) = (self.name(lang, most), n(most), n(told));
            says = match lang {
                Lang::En => format!("Most: {name}, {most} of {all}."),
                Lang::Zh => format!("最多的是「{name}」：{most}/{all}。"),
            };
        }
        if let Some(none) = count(told, "/not_stated").filter(|it| 0 < *it) {
            let of = self.of.to_lowercase();
            says.push_str(&match lang {
                Lang::En => format!(" Without {of}: {none}."),
                Lang::Zh => format!("另有 {none} 项未注明{of}。"),
            });
        }
        if let Some((rate, label)) = self.rates.first().filter(|_| self.is_rate) {
            let all = told::share(lang, told::of(told, "/rates", rate));
            says.push_str(&match lang {
                Lang::En => format!(" {label}, all together: {all}."),
                Lang::Zh => format!("{label}整体为 {all}。"),
            });
            says.push_str(lang.of(
                " Where intervals overlap the difference may be chance.",
                "区间有重叠时，差异可能出于偶然。",
            ));
        }
        if BARS_MAX < parts.len() {
            says.push_str(lang.of(" The table has all of them.", "其余见表格。"));
        }
        says.trim_start().to_owned()
    }
}

/// How old what is open is, now.
pub(crate) fn ageing(lang: Lang, title: &str, whole: &Told) -> Figure {
    told::figure("ageing", title, whole, |figure, whole| {
        let [open, overdue] =
            ["/backlog/open", "/backlog/overdue"].map(|it| count(whole, it).unwrap_or(0));
        if open == 0 {
            lang.of("Nothing is open now: all done.", "目前没有未结的案例，全部处理完毕。")
                .clone_into(&mut figure.empty);
            return;
        }
        let columns = [lang.of("Age", "已等待"), lang.of("Open now", "目前未结")];
        figure.table.columns = told::names(&columns);
        let mut bars = Vec::new();
        for age in items(whole, "/backlog/ages") {
            let name = age_name(lang, age);
            let n = number(age, "/n").unwrap_or(0.0);
            let is_old = at(age, "/to_days").is_null() && 0.0 < n;
            let mood = if is_old { Mood::Bad } else { Mood::Plain };
            bars.push(told::bar(&name, n, plain(n), mood));
            figure.table.rows.push(vec![Cell::text(name), told::counted(age, "/n")]);
        }
        figure.chart = Chart::Bars(Bars { bars, range: None });
        figure.summary = match lang {
            Lang::En => {
                format!("Open now, whenever they came: {open}; of these, {overdue} overdue.")
            }
            Lang::Zh => format!("目前未结 {open} 项（不限提出日期），其中 {overdue} 项已逾期。"),
        };
    })
}

/// How long ago it came: `2–3 days`, `31 days and more`.
fn age_name(lang: Lang, age: &Value) -> String {
    let days = |pointer: &str| count(age, pointer).map(|it| it.to_string());
    let from = days("/from_days").unwrap_or_default();
    match (days("/to_days"), lang) {
        (Some(to), _) => format!("{from}\u{2013}{to} {}", lang.of("days", "天")),
        (None, Lang::En) => format!("{from} days and more"),
        (None, Lang::Zh) => format!("{from} 天及以上"),
    }
}
