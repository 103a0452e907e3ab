//! What the neighbours answer: one call for each source of goals, and one for each course.

use app::neighbour::{Refused, ask_all};
use app::period::Period;
use domain::civil::date;
use domain::trend::Step;
use ports::Env;
use serde_json::Value;
use web::Request;
use web::lang::Lang;

/// The months of a course.
const MONTHS: usize = 6;
/// The days of the index, which is held against as many before.
const INDEX_DAYS: i32 = 30;
/// What the figures of others were a year before, which they do not compare themselves.
pub(crate) const YEAR_BEFORE: &str = "year before";

/// The sources of goals, and the component that answers each.
const SOURCES: [(&str, &str); 11] = [
    ("/v1/csat", "nps"),
    ("/v1/csat?by=stage", "nps"),
    ("/v1/csat?stage=after_sale", "nps"),
    ("/v1/ces", "nps"),
    ("/v1/nps", "nps"),
    ("/v1/index", "nps"),
    ("/v1/dashboard", "dashboard"),
    ("/v1/complaint-figures", "dashboard"),
    ("/v1/complaint-figures?by=grade", "dashboard"),
    ("/v1/callback-figures", "dashboard"),
    ("/v1/figures", "measure"),
];
/// Those that can be cut by month.
const COURSES: [&str; 6] = [
    "/v1/csat",
    "/v1/ces",
    "/v1/nps",
    "/v1/index",
    "/v1/complaint-figures",
    "/v1/callback-figures",
];

/// What is asked.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) period: Period,
    /// `previous`, `year` or `none`.
    pub(crate) compare: &'static str,
    /// The site, where whoever asks must name one; empty for others.
    pub(crate) site: String,
}

impl Asked {
    /// The days that are compared with.
    pub(crate) fn compared(&self) -> Option<Period> {
        (self.compare != "none").then(|| self.period.before(self.compare == "year"))
    }

    /// What the figure of a source is compared with: some goals are about a rise over something.
    pub(crate) fn against(&self, source: &str) -> &'static str {
        match source {
            "/v1/index" => "previous",
            "/v1/nps" => "year",
            "/v1/figures" => "none",
            _ => self.compare,
        }
    }

    /// The months of a course, the last one up to the last day.
    pub(crate) fn months(&self) -> Vec<Period> {
        let last = self.period.to;
        let mut start = Step::Month.back(last, MONTHS - 1);
        let mut months = Vec::with_capacity(MONTHS);
        while start <= last {
            let next = Step::Month.next(start);
            months.push(Period { from: start, to: last.min(next - 1) });
            start = next;
        }
        months
    }

    fn target(&self, source: &str, period: Period, rest: &str) -> String {
        let mark = if source.contains('?') { '&' } else { '?' };
        let (from, to) = (date(period.from), date(period.to));
        let mut target = format!("{source}{mark}from={from}&to={to}{rest}");
        if !self.site.is_empty() {
            target.push_str("&site=");
            target.push_str(&self.site);
        }
        target
    }

    /// The calls, in the order of [`SOURCES`], the year before, and [`COURSES`].
    fn calls(&self) -> Vec<(&'static str, String)> {
        let mut calls = Vec::with_capacity(SOURCES.len() + COURSES.len() + 1);
        for (source, owner) in SOURCES {
            let mut period = self.period;
            if source == "/v1/index" {
                period.from = period.to - (INDEX_DAYS - 1);
            }
            let compare = match (self.against(source), source) {
                // It compares on its own, unless it is told not to.
                ("none", it) if it != "/v1/dashboard" => String::new(),
                (against, _) => format!("&compare={against}"),
            };
            calls.push((owner, self.target(source, period, &compare)));
        }
        calls.push(("measure", self.target("/v1/figures", self.period.before(true), "")));
        let months = self.months();
        let from = months.first().map_or(self.period.from, |it| it.from);
        let period = Period { from, to: self.period.to };
        for source in COURSES {
            let owner = SOURCES.iter().find(|it| it.0 == source).map_or("", |it| it.1);
            calls.push((owner, self.target(source, period, "&by=month")));
        }
        calls
    }
}

/// What the neighbours answered.
#[derive(Debug)]
pub(crate) struct Answers {
    told: Vec<(&'static str, Result<Value, Refused>)>,
    courses: Vec<(&'static str, Value)>,
}

impl Answers {
    pub(crate) async fn of(
        env: &impl Env,
        request: &Request,
        lang: Lang,
        asked: &Asked,
    ) -> Answers {
        let mut answers = ask_all(env, request, lang, &asked.calls()).await.into_iter();
        let names = SOURCES.iter().map(|it| it.0).chain([YEAR_BEFORE]);
        let told = names.zip(answers.by_ref()).collect();
        // What has no course has none.
        let courses = answers.map(Result::unwrap_or_default);
        Answers { told, courses: COURSES.into_iter().zip(courses).collect() }
    }

    /// What a source said; null if it could not be asked.
    pub(crate) fn get(&self, source: &str) -> &Value {
        let found = self.told.iter().find(|it| it.0 == source);
        found.and_then(|it| it.1.as_ref().ok()).unwrap_or(&Value::Null)
    }

    /// Whether a source could not be asked.
    pub(crate) fn is_gone(&self, source: &str) -> bool {
        self.told.iter().any(|it| it.0 == source && it.1.is_err())
    }

    /// What a source said of each month.
    pub(crate) fn course(&self, source: &str) -> &[Value] {
        let found = self.courses.iter().find(|it| it.0 == source);
        found.map_or(&[], |it| board::tell::items(&it.1, "/parts"))
    }
}
