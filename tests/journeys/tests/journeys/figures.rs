//! Every figure of the overview is what anybody would count from the demonstration's facts.

mod facts;
mod sums;

use std::cell::Cell;

use serde_json::Value;

use crate::server::Server;
use crate::site::{Site, items, text};
use facts::{Facts, Outcome, Rating};
use sums::{Score, check, check_number, index, score, share};

const METRICS: [&str; 3] = ["nps", "csat", "ces"];
/// By what the complaints of the overview may be filtered.
const OF_COMPLAINTS: [&str; 4] = ["touchpoint", "channel", "group", "agent"];

type Days = (i64, i64);
type Filters<'a> = [(&'static str, &'a str)];

/// A reading of the overview, and the facts that it is of.
struct Reading<'a> {
    facts: &'a Facts,
    filters: &'a Filters<'a>,
    now: Days,
    before: Option<Days>,
    /// What is read, for whoever looks at a failure.
    name: String,
    /// How many numbers were compared.
    checked: &'a Cell<usize>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_what_the_facts_of_the_demo_say() {
    let Some(server) = Server::ours("the figures, which need the facts") else { return };
    server.play_demo().await;
    let mut site = Site::none(&server);
    let sites = site.get("owner", "/v1/sites").await;
    let id = text(&items(&sites)[0], "id").to_owned();
    site.name("site", &id);
    let facts = Facts::read(&server.database().unwrap());
    assert!(1000 < facts.ratings.len() && 50 < facts.complaints.len() && 50 < facts.calls.len());
    let checked = Cell::new(0);
    for days in ["", "&compare=year", "&compare=none", "&from={-60}&to={-20}"] {
        check_overview(&site, &facts, &[], days, &checked).await;
    }
    for filters in filters(&facts) {
        check_overview(&site, &facts, &filters, "", &checked).await;
    }
    check_parts(&site, &facts, &checked).await;
    check_heatmaps(&site, &facts, &checked).await;
    check_steps(&site, &facts, &checked).await;
    assert!(2000 < checked.get(), "only {} numbers were compared", checked.get());
}

/// Every single thing, and pairs that are kept.
fn filters(facts: &Facts) -> Vec<Vec<(&'static str, &str)>> {
    let mut filters = Vec::new();
    filters.extend(facts.touchpoints.iter().map(|it| vec![("touchpoint", it.0.as_str())]));
    filters.extend(facts.agents.iter().map(|it| vec![("agent", it.as_str())]));
    filters.extend(facts.surveys.iter().map(|it| vec![("survey", it.as_str())]));
    for (group, channel) in [("new", "app"), ("existing", "phone"), ("core", "store")] {
        filters.push(vec![("group", group)]);
        filters.push(vec![("channel", channel)]);
        let touchpoint = facts.touchpoints[3].0.as_str();
        filters.push(vec![("touchpoint", touchpoint), ("channel", channel)]);
        filters.push(vec![("touchpoint", touchpoint), ("group", group)]);
        filters.push(vec![("agent", &facts.agents[0]), ("channel", channel)]);
        filters
            .extend(facts.surveys.iter().map(|it| vec![("survey", it.as_str()), ("group", group)]));
    }
    filters
}

/// The overview of some filters over some days; `{-7}` stands for the day a week ago.
async fn check_overview(
    site: &Site,
    facts: &Facts,
    filters: &Filters<'_>,
    days: &str,
    checked: &Cell<usize>,
) {
    let mut query = days.to_owned();
    for (ago, date) in [("{-60}", "-60 days"), ("{-20}", "-20 days")] {
        query = query.replace(ago, &crate::server::date("now", date));
    }
    for (name, key) in filters {
        query.push_str(&format!("&{name}={key}"));
    }
    let shown = site.get("owner", &format!("/v1/dashboard?site={{site}}{query}")).await;
    let now = span(&shown);
    let compared = &shown["compared"];
    assert_eq!(compared.is_null(), days.contains("none"), "{query}");
    let before = compared.is_object().then(|| span(compared));
    if let Some(before) = before {
        // Whole weeks earlier and as long, right before or a year.
        let (length, gap) = (now.1 - now.0, now.0 - before.0);
        let wanted = if days.contains("year") { 364 } else { (length + 7) / 7 * 7 };
        assert_eq!((before.1 - before.0, gap), (length, wanted), "{query}");
    }
    let it = Reading { facts, filters, now, before, name: query, checked };
    it.check_scores(&shown["scores"]);
    it.check_lists(&shown);
    let of_one = |names: &[&str]| match filters {
        [] => true,
        [(name, _)] => names.contains(name),
        _ => false,
    };
    assert_eq!(shown["complaints"].is_object(), of_one(&OF_COMPLAINTS), "{}", it.name);
    assert_eq!(shown["callbacks"].is_object(), of_one(&["agent"]), "{}", it.name);
    if shown["complaints"].is_object() {
        let rates = [
            "answered_on_time",
            "solved_on_time",
            "closed_on_time",
            "resolution",
            "repeated",
            "first_contact",
        ];
        it.check_counts(&shown["complaints"], &facts.complaints, "received", &rates);
        it.check_grades(&shown["complaints"]);
    }
    if shown["callbacks"].is_object() {
        let rates = ["kept", "reached", "reached_first", "no_show", "cancelled"];
        it.check_counts(&shown["callbacks"], &facts.calls, "requested", &rates);
    }
    if filters.is_empty() {
        assert_eq!(shown["alarms"].as_array().unwrap().len(), facts.alarms.min(20));
    }
}

impl Reading<'_> {
    /// The answers of a metric on some days that fit one thing more.
    fn values(&self, metric: &str, days: Days, fits: impl Fn(&Rating) -> bool) -> Vec<i64> {
        let points = if metric == "csat" { 5 } else { 0 };
        let is_it = |it: &&Rating| {
            it.metric == metric
                && (points == 0 || it.points == points)
                && it.at.is_in(days, self.filters)
                && fits(it)
        };
        self.facts.ratings.iter().filter(is_it).map(|it| it.value).collect()
    }

    fn score(&self, metric: &str, days: Days, fits: impl Fn(&Rating) -> bool) -> Score {
        self.checked.set(self.checked.get() + 1);
        score(metric, &self.values(metric, days, fits))
    }

    fn check_scores(&self, scores: &Value) {
        let all = |_: &Rating| true;
        for metric in METRICS {
            let told = &scores[metric];
            let what = |part: &str| format!("{} {part}", self.name);
            let own = self.score(metric, self.now, all);
            check(told, metric, &own, &what("now"));
            if own.value.is_some() {
                let values = self.values(metric, self.now, all);
                for (value, n) in told["distribution"].as_object().unwrap() {
                    let value: i64 = value.parse().unwrap();
                    assert_eq!(*n, values.iter().filter(|it| **it == value).count());
                }
            }
            match self.before {
                Some(before) => {
                    let then = self.score(metric, before, all);
                    check(&told["compared"], metric, &then, &what("before"));
                    self.check_difference(&told["compared"]["difference"], metric, &own, &then);
                }
                None => assert!(told["compared"].is_null()),
            }
            let trend = told["trend"].as_array().unwrap();
            let n: u64 = trend.iter().map(|it| it["n"].as_u64().unwrap()).sum();
            assert_eq!(n, own.n as u64, "{}", what("trend"));
            for point in trend {
                let day = day(text(point, "day"));
                check(point, metric, &self.score(metric, (day, day), all), &what("trend"));
            }
        }
        let has_index = matches!(self.filters, [] | [("survey", _)]);
        assert_eq!(scores["index"].is_object(), has_index, "{}", self.name);
        if has_index {
            self.check_index(&scores["index"]);
        }
    }

    fn check_index(&self, told: &Value) {
        let own = |days| {
            self.checked.set(self.checked.get() + 1);
            index(&self.dimensions(days))
        };
        check(told, "index", &own(self.now), &self.name);
        if let Some(before) = self.before {
            check(&told["compared"], "index", &own(before), &self.name);
        }
        for point in told["trend"].as_array().unwrap() {
            let day = day(text(point, "day"));
            check(point, "index", &own((day, day)), &self.name);
        }
    }

    /// The answers about each dimension, which the verdict on everything is none of.
    fn dimensions(&self, days: Days) -> Vec<(i64, Vec<i64>)> {
        let mut found: Vec<(&str, i64, Vec<i64>)> = Vec::new();
        for it in &self.facts.ratings {
            let is_one = it.metric == "csat" && !["", "overall"].contains(&it.dimension.as_str());
            if !is_one || !it.at.is_in(days, self.filters) {
                continue;
            }
            let own = (it.dimension.as_str(), it.points);
            match found.iter_mut().find(|(name, points, _)| (*name, *points) == own) {
                Some((.., values)) => values.push(it.value),
                None => found.push((own.0, own.1, vec![it.value])),
            }
        }
        found.into_iter().map(|(_, points, values)| (points, values)).collect()
    }

    /// Of two exact scores; null where either side has too few answers.
    fn check_difference(&self, told: &Value, metric: &str, now: &Score, before: &Score) {
        let own = now.value.zip(before.value).map(|(now, before)| now - before);
        let decimals = if metric == "ces" { 2 } else { 1 };
        check_number(&told["value"], own, decimals, &format!("{} difference", self.name));
    }

    fn check_lists(&self, shown: &Value) {
        let names: Vec<&str> = self.filters.iter().map(|it| it.0).collect();
        let has_touchpoints =
            names.iter().all(|it| ["touchpoint", "channel", "group"].contains(it))
                && !(names.contains(&"channel") && names.contains(&"group"));
        assert_eq!(shown["touchpoints"].is_array(), has_touchpoints, "{}", self.name);
        for told in shown["touchpoints"].as_array().into_iter().flatten() {
            let id = text(told, "id");
            let (_, name, target) = self.facts.touchpoints.iter().find(|it| it.0 == id).unwrap();
            assert_eq!(
                (&told["name"], &told["csat"]["target"]),
                (&name.as_str().into(), &(*target).into())
            );
            let at = |it: &Rating| it.at.key("touchpoint") == id;
            for metric in METRICS {
                check(&told[metric], metric, &self.score(metric, self.now, at), &self.name);
            }
            if let Some(before) = self.before {
                let (now, then) =
                    (self.score("csat", self.now, at), self.score("csat", before, at));
                let compared = &told["csat"]["compared"];
                check(compared, "csat", &then, &self.name);
                self.check_difference(&compared["difference"], "csat", &now, &then);
            }
        }
        let has_channels = names.iter().all(|it| ["touchpoint", "channel", "agent"].contains(it))
            && !(names.contains(&"touchpoint") && names.contains(&"agent"));
        assert_eq!(shown["channels"].is_array(), has_channels, "{}", self.name);
        for told in shown["channels"].as_array().into_iter().flatten() {
            let channel = text(told, "channel");
            let on = |it: &Rating| it.at.key("channel") == channel;
            for metric in METRICS {
                check(&told[metric], metric, &self.score(metric, self.now, on), &self.name);
            }
        }
    }

    /// Counts and rates of complaints or calls, now and before, and how many came each day.
    fn check_counts(&self, told: &Value, all: &[Outcome], came: &str, rates: &[&str]) {
        let of = |days: Days| -> Vec<&Outcome> {
            all.iter().filter(|it| it.at.is_in(days, self.filters)).collect()
        };
        let many = |list: &[&Outcome], what: &str| list.iter().filter(|it| it.is(what)).count();
        let check_rates = |told: &Value, list: &[&Outcome]| {
            assert_eq!(told[came], list.len(), "{} {came}", self.name);
            for name in rates {
                let (hits, n) = (many(list, name), many(list, &format!("{name} known")));
                let rate = &told["rates"][name];
                assert_eq!((&rate["hits"], &rate["n"]), (&hits.into(), &n.into()), "{name}");
                let own = (n != 0).then(|| share(hits as f64, n as f64));
                let what = format!("{} {name}", self.name);
                check_number(&rate["value"], own.map(|it| it.0), 1, &what);
                let (low, high) = own.and_then(|it| it.1).unzip();
                check_number(&rate["interval"][0], low, 1, &what);
                check_number(&rate["interval"][1], high, 1, &what);
                self.checked.set(self.checked.get() + 1);
            }
        };
        check_rates(told, &of(self.now));
        if let Some(before) = self.before {
            check_rates(&told["compared"], &of(before));
        }
        if came == "received" {
            assert_eq!(told["late"], many(&of(self.now), "late"), "{}", self.name);
        }
        // What is open is so whenever it came.
        let ever = of((0, i64::MAX));
        for name in ["open", "overdue"] {
            let open: Vec<&Outcome> = ever.iter().copied().filter(|it| it.is("open")).collect();
            assert_eq!(told[name], many(&open, name), "{} {name}", self.name);
        }
        let trend = told["trend"].as_array().unwrap();
        assert_eq!(trend.len() as i64, self.now.1 - self.now.0 + 1);
        for point in trend {
            let day = day(text(point, "day"));
            assert_eq!(point[came], of((day, day)).len(), "{} on {day}", self.name);
        }
    }

    fn check_grades(&self, told: &Value) {
        let of = |grade: &str| {
            let is_it = |it: &&Outcome| it.at.is_in(self.now, self.filters) && it.grade == grade;
            self.facts.complaints.iter().filter(is_it).count()
        };
        for (grade, n) in told["grades"].as_object().unwrap() {
            assert_eq!(*n, of(grade), "{} {grade}", self.name);
        }
        for grade in told["by_grade"].as_array().into_iter().flatten() {
            assert_eq!(grade["received"], of(text(grade, "grade")), "{}", self.name);
        }
    }
}

/// The scores cut into their parts.
async fn check_parts(site: &Site, facts: &Facts, checked: &Cell<usize>) {
    for metric in METRICS {
        for by in ["touchpoint", "channel", "group", "agent", "survey"] {
            let shown = site.get("owner", &format!("/v1/{metric}?site={{site}}&by={by}")).await;
            let it = Reading {
                facts,
                filters: &[],
                now: span(&shown),
                before: None,
                name: format!("{metric} by {by}"),
                checked,
            };
            check(&shown, metric, &it.score(metric, it.now, |_| true), &it.name);
            for part in shown["parts"].as_array().unwrap() {
                let of = |it: &Rating| it.at.key(by) == text(part, "key");
                check(part, metric, &it.score(metric, it.now, of), &it.name);
            }
            let rest = it.score(metric, it.now, |it| it.at.key(by).is_empty());
            check(&shown["not_stated"], metric, &rest, &it.name);
        }
    }
}

/// Every cell of the heat maps.
async fn check_heatmaps(site: &Site, facts: &Facts, checked: &Cell<usize>) {
    for (by, step, metric) in [
        ("touchpoint", "week", "csat"),
        ("touchpoint", "month", "nps"),
        ("channel", "day", "nps"),
        ("group", "week", "csat"),
        ("agent", "week", "ces"),
    ] {
        let query = format!("by={by}&step={step}&metric={metric}");
        let shown = site.get("owner", &format!("/v1/heatmap?site={{site}}&{query}")).await;
        let it =
            Reading { facts, filters: &[], now: span(&shown), before: None, name: query, checked };
        let columns: Vec<Days> = shown["columns"].as_array().unwrap().iter().map(span).collect();
        assert_eq!((columns[0].0, columns[columns.len() - 1].1), it.now);
        for pair in columns.windows(2) {
            assert_eq!(pair[0].1 + 1, pair[1].0, "no day is left out");
            // 1970-01-05 was a Monday.
            assert!(step != "week" || (pair[1].0 - 4) % 7 == 0, "weeks begin on Mondays");
        }
        let mut n = 0;
        for row in shown["rows"].as_array().unwrap() {
            let of = |it: &Rating| it.at.key(by) == text(row, "key");
            let cells = row["cells"].as_array().unwrap();
            assert_eq!(cells.len(), columns.len());
            for (cell, days) in cells.iter().zip(&columns) {
                let own = it.score(metric, *days, of);
                n += own.n;
                if own.n == 0 {
                    assert!(cell.is_null(), "{}: {cell}", it.name);
                } else {
                    check(cell, metric, &own, &it.name);
                }
            }
        }
        let stated = it.values(metric, it.now, |it| !it.at.key(by).is_empty());
        assert_eq!(n, stated.len(), "{}: rows are left out", it.name);
    }
}

/// The index step by step.
async fn check_steps(site: &Site, facts: &Facts, checked: &Cell<usize>) {
    for by in ["day", "week", "month"] {
        let shown = site.get("owner", &format!("/v1/index?site={{site}}&by={by}")).await;
        let (name, now) = (format!("index by {by}"), span(&shown));
        let it = Reading { facts, filters: &[], now, before: None, name, checked };
        check(&shown, "index", &index(&it.dimensions(now)), &it.name);
        for part in shown["parts"].as_array().unwrap() {
            check(part, "index", &index(&it.dimensions(span(part))), &it.name);
            checked.set(checked.get() + 1);
        }
    }
}

/// The days of an answer, as numbers since 1970.
fn span(shown: &Value) -> Days {
    (day(text(shown, "from")), day(text(shown, "to")))
}

/// By the rule of the calendar that began in 1582: leap years are those that 4 divides, without
/// those that 100 divides and not 400.
fn day(date: &str) -> i64 {
    let mut parts = date.split('-').map(|it| it.parse::<i64>().unwrap());
    let (year, month, day) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30];
    let years: i64 = (1970..year).map(|it| if leap(it) { 366 } else { 365 }).sum();
    let months: i64 = lengths.iter().zip(1..month).map(|it| it.0).sum();
    years + months + day - 1
}
