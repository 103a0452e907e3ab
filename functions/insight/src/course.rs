//! Courses: the same figures step by step, and those of the days compared with behind them.

use app::period::Period;
use board::tell::{items, number, plain, text};
use board::{Cell, Figure, Filters};
use domain::trend::Step;
use pages::chart::{Chart, Line, Point, Trend};
use serde_json::Value;
use web::lang::Lang;

use crate::told::{self, Told};

/// Up to so many days are told day by day, and up to so many week by week.
const DAYS_MAX: i32 = 14;
const WEEKS_DAYS_MAX: i32 = 200;

/// By what step the course of a period is told: neither two spots nor a hundred say much.
pub(crate) fn step(filters: &Filters) -> Step {
    let days = filters.to.saturating_sub(filters.from).saturating_add(1);
    if days <= DAYS_MAX {
        Step::Day
    } else if days <= WEEKS_DAYS_MAX {
        Step::Week
    } else {
        Step::Month
    }
}

/// The same filters over the days that they are compared with; `None` if they are not.
pub(crate) fn before(filters: &Filters) -> Option<Filters> {
    let is_year = match filters.compare {
        "previous" => false,
        "year" => true,
        _ => return None,
    };
    let before = Period { from: filters.from, to: filters.to }.before(is_year);
    let (from, to) = (before.from, before.to);
    Some(Filters { from, to, compare: "none", ..filters.clone() })
}

/// What a step is called below a chart: `W46`, `11-20`, `2026-11`.
fn short(key: &str) -> &str {
    match key.split_once('-') {
        Some((_, rest)) if rest.starts_with('W') || rest.contains('-') => rest,
        _ => key,
    }
}

/// What its first column is called.
fn column(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Day => lang.of("Day", "日"),
        Step::Week => lang.of("Week", "周"),
        Step::Month | Step::Quarter => lang.of("Month", "月"),
    }
}

/// That a step may be short of days.
fn cut_off(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Day => "",
        Step::Week => {
            lang.of(" The first and the last week may have fewer days.", "首尾两周可能不足七天。")
        }
        Step::Month | Step::Quarter => {
            lang.of(" The first and the last month may have fewer days.", "首尾两月可能不足整月。")
        }
    }
}

/// A count step by step, and behind it that of the days compared with.
pub(crate) fn counts(
    lang: Lang,
    (id, title): (&'static str, &str),
    name: &str,
    step: Step,
    (whole, before): (&Told, Option<&Told>),
) -> Figure {
    told::figure(id, title, whole, |figure, whole| {
        let pointer = format!("/{name}");
        let parts = items(whole, "/parts");
        let before = before.and_then(|it| it.as_ref().ok());
        let earlier = before.map_or(&[][..], |it| items(it, "/parts"));
        let (now, then) = (lang.of("These days", "本期"), lang.of("Compared with", "对比期"));
        let points = |parts: &[Value]| parts.iter().map(|it| spot(it, &pointer)).collect();
        let mut lines = vec![Line { name: now.to_owned(), points: points(parts), is_faint: false }];
        figure.table.columns = vec![column(lang, step).to_owned(), now.to_owned()];
        if before.is_some() {
            let mut points: Vec<Option<Point>> = points(earlier);
            points.resize(parts.len(), None);
            lines.push(Line { name: then.to_owned(), points, is_faint: true });
            figure.table.columns.extend([lang.of("Against", "对比").to_owned(), then.to_owned()]);
        }
        for (at, part) in parts.iter().enumerate() {
            let mut row = vec![Cell::text(text(part, "/key")), told::counted(part, &pointer)];
            if before.is_some() {
                let other = earlier.get(at);
                row.push(Cell::text(other.map_or(told::NONE, |it| text(it, "/key"))));
                row.push(
                    other.map_or_else(|| Cell::text(told::NONE), |it| told::counted(it, &pointer)),
                );
            }
            figure.table.rows.push(row);
        }
        let labels = parts.iter().map(|it| short(text(it, "/key")).to_owned()).collect();
        figure.chart = Chart::Trend(Trend { labels, lines, ..Trend::default() });
        let n = |told: &Value| number(told, &pointer).map_or(told::NONE.to_owned(), plain);
        let total = n(whole);
        figure.summary = match (before.map(n), lang) {
            (Some(earlier), Lang::En) => format!("{total} in all, against {earlier} before."),
            (Some(earlier), Lang::Zh) => format!("本期共 {total}，对比期 {earlier}。"),
            (None, Lang::En) => format!("{total} in all."),
            (None, Lang::Zh) => format!("本期共 {total}。"),
        } + cut_off(lang, step);
    })
}

fn spot(part: &Value, pointer: &str) -> Option<Point> {
    number(part, pointer).map(|value| Point { value, interval: None })
}

/// Rates step by step, each with its interval and of how many.
pub(crate) fn rates(
    lang: Lang,
    (id, title): (&'static str, &str),
    names: &[(&str, &str)],
    step: Step,
    whole: &Told,
) -> Figure {
    told::figure(id, title, whole, |figure, whole| {
        let parts = items(whole, "/parts");
        figure.table.columns = vec![column(lang, step).to_owned()];
        let mut lines = Vec::with_capacity(names.len());
        let mut said = Vec::with_capacity(names.len());
        for (name, label) in names {
            let point = |it| told::point(told::of(it, "/rates", name));
            let points = parts.iter().map(point).collect();
            lines.push(Line { name: (*label).to_owned(), points, is_faint: false });
            let interval = lang.of("interval", "区间");
            let columns = [(*label).to_owned(), format!("{label}: {interval}"), "n".to_owned()];
            figure.table.columns.extend(columns);
            let all = told::share(lang, told::of(whole, "/rates", name));
            said.push(format!("{label}{}{all}", lang.of(": ", "：")));
        }
        for part in parts {
            let mut row = vec![Cell::text(text(part, "/key"))];
            for (name, _) in names {
                told::push_rated(&mut row, lang, told::of(part, "/rates", name));
            }
            figure.table.rows.push(row);
        }
        let labels = parts.iter().map(|it| short(text(it, "/key")).to_owned()).collect();
        let range = Some((0.0, 100.0));
        figure.chart = Chart::Trend(Trend { labels, lines, target: None, range });
        if figure.chart.is_empty() {
            lang.of(
                "Of none of these days is it known yet: what is still within its time is neither \
                 kept nor broken.",
                "这些日子尚无可判断的案例：仍在时限内的既不算按时，也不算逾时。",
            )
            .clone_into(&mut figure.empty);
        }
        let stop = lang.of(".", "。");
        figure.summary = format!("{}{stop}{}", said.join(lang.of("; ", "；")), cut_off(lang, step));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_shortly_below_a_chart() {
        for (key, told) in [
            ("2026-11-20", "11-20"),
            ("2026-W46", "W46"),
            ("2026-11", "2026-11"),
            ("2026-Q4", "2026-Q4"),
        ] {
            assert_eq!(short(key), told);
        }
    }
}
