//! What a page is asked to show, as it stands in its address. What is wrong there is said above the
//! page and left out; the rest holds.

use domain::civil::{self, date};
use domain::touchpoint::{CHANNELS, GROUPS};
use domain::view::{DAYS_MAX, is_id};
use web::Request;
use web::lang::{Lang, Said, said, said_now};

/// The periods that have a name, in English and in Chinese.
pub static PERIODS: [(&str, Said); 9] = [
    ("7d", said("Last 7 days", "最近 7 天")),
    ("30d", said("Last 30 days", "最近 30 天")),
    ("90d", said("Last 90 days", "最近 90 天")),
    ("month", said("This month", "本月")),
    ("last_month", said("Last month", "上月")),
    ("quarter", said("This quarter", "本季度")),
    ("last_quarter", said("Last quarter", "上季度")),
    ("year", said("This year", "今年")),
    ("custom", said("From … to …", "自定义")),
];
/// What may be compared with.
pub static COMPARES: [(&str, Said); 3] = [
    ("previous", said("The period before", "上一期")),
    ("year", said("A year before", "去年同期")),
    ("none", said("Nothing", "不比较")),
];
/// By what the figures may be filtered; each has a parameter of this name.
pub static GRAINS: [(&str, Said); 5] = [
    ("touchpoint", said("Touchpoint", "触点")),
    ("channel", said("Channel", "渠道")),
    ("group", said("Customer group", "客户群")),
    ("agent", said("Agent", "员工")),
    ("survey", said("Survey", "问卷")),
];

/// What a page is asked to show.
#[derive(Clone, Debug)]
pub struct Filters {
    /// The site, where whoever asks must name one in each address; empty for others.
    pub site: String,
    /// One of [`PERIODS`].
    pub period: &'static str,
    /// The first day.
    pub from: i32,
    /// The last day.
    pub to: i32,
    /// One of [`COMPARES`].
    pub compare: &'static str,
    /// By what they are filtered: of [`GRAINS`], each with its key.
    pub by: Vec<(&'static str, String)>,
    /// The same of what the page at hand does not heed; links carry it on to those that do.
    pub unheeded: Vec<(&'static str, String)>,
    /// What was wrong in the address and is left out.
    pub wrong: Vec<Said>,
}

impl Filters {
    /// Reads the address of a page on a day of the site's.
    pub fn read(request: &Request, today: i32) -> Filters {
        let mut wrong = Vec::new();
        let period = word(request, "period", &PERIODS, &mut wrong);
        let compare = word(request, "compare", &COMPARES, &mut wrong).unwrap_or("previous");
        let given = ["from", "to"].map(|name| day(request, name, &mut wrong));
        let has_days = given.iter().any(Option::is_some);
        let mut period = period.unwrap_or(if has_days { "custom" } else { "30d" });
        if period == "custom" && !is_span(given) {
            let told = said(
                "the days do not make a period of at most two years: the last 30 are shown",
                "起止日期无法构成两年以内的时间段，现显示最近 30 天",
            );
            wrong.push(told);
            period = "30d";
        }
        let (from, to) = match (period, given) {
            ("custom", [Some(from), to]) => (from, to.unwrap_or(today.max(from))),
            _ => named(period, today),
        };
        let mut by = Vec::new();
        for (grain, name) in &GRAINS {
            let Some(key) = request.param(grain).filter(|it| !it.is_empty()) else { continue };
            let fits = match *grain {
                "channel" => CHANNELS.contains(&key),
                "group" => GROUPS.contains(&key),
                _ => is_id(key),
            };
            if fits {
                by.push((*grain, key.to_owned()));
            } else {
                wrong.push(unknown(name));
            }
        }
        let site = request.param("site").filter(|it| is_id(it)).unwrap_or("").to_owned();
        let unheeded = Vec::new();
        Filters { site, period, from, to, compare, by, unheeded, wrong }
    }

    /// Leaves out what the figures of a page are not kept by, and notes that it was left out.
    pub fn heed(&mut self, grains: &[&str]) {
        for (grain, key) in std::mem::take(&mut self.by) {
            if grains.contains(&grain) {
                self.by.push((grain, key));
                continue;
            }
            if let Some((_, name)) = GRAINS.iter().find(|it| it.0 == grain) {
                self.wrong.push(said_now(
                    format!("{}: this page has no figures by it; all are shown", name.en),
                    format!("{}：本页指标不按此统计，现显示全部", name.zh),
                ));
            }
            self.unheeded.push((grain, key));
        }
    }

    /// The key that they are filtered by in a grain; empty for none.
    pub fn key(&self, grain: &str) -> &str {
        self.by.iter().find(|it| it.0 == grain).map_or("", |it| it.1.as_str())
    }

    /// The same for the API: `from=…&to=…&compare=…&touchpoint=…`.
    pub fn api(&self) -> String {
        let mut query = self.days();
        query.push_str("&compare=");
        query.push_str(self.compare);
        self.push_keys(&mut query);
        query
    }

    /// The days alone, for what is neither compared nor filtered: `from=…&to=…`.
    pub fn days(&self) -> String {
        let mut query = format!("from={}&to={}", date(self.from), date(self.to));
        if !self.site.is_empty() {
            query.push_str("&site=");
            query.push_str(&self.site);
        }
        query
    }

    /// The same for a page in a language, to be put after a `?`; it is what links carry on.
    pub fn link(&self, lang: Lang) -> String {
        let mut query = format!("lang={}&{}", lang.tag(), self.view());
        for (grain, key) in &self.unheeded {
            query.push_str(&format!("&{grain}={key}"));
        }
        if !self.site.is_empty() {
            query.push_str("&site=");
            query.push_str(&self.site);
        }
        query
    }

    /// The same as a link to this view keeps it: neither whose it is nor in which language.
    pub fn view(&self) -> String {
        let mut query = format!("period={}", self.period);
        if self.period == "custom" {
            query.push_str(&format!("&from={}&to={}", date(self.from), date(self.to)));
        }
        query.push_str(&format!("&compare={}", self.compare));
        self.push_keys(&mut query);
        query
    }

    /// The same, filtered by one thing more or by another one.
    pub fn with(&self, grain: &'static str, key: &str) -> Filters {
        let mut filters = self.clone();
        filters.by.retain(|it| it.0 != grain);
        if !key.is_empty() {
            filters.by.push((grain, key.to_owned()));
        }
        filters
    }

    // Keys are ids and words of ours: none needs an escape.
    fn push_keys(&self, query: &mut String) {
        for (grain, key) in &self.by {
            query.push_str(&format!("&{grain}={key}"));
        }
    }
}

fn word(
    request: &Request,
    name: &str,
    words: &[(&'static str, Said)],
    wrong: &mut Vec<Said>,
) -> Option<&'static str> {
    let given = request.param(name).filter(|it| !it.is_empty())?;
    let found = words.iter().find(|it| it.0 == given).map(|it| it.0);
    if found.is_none() {
        let words: Vec<&str> = words.iter().map(|it| it.0).collect();
        let words = words.join(", ");
        wrong.push(said_now(
            format!("{name} must be one of {words}: the usual is shown"),
            format!("{name} 须为 {words} 之一，现按默认显示"),
        ));
    }
    found
}

fn day(request: &Request, name: &str, wrong: &mut Vec<Said>) -> Option<i32> {
    let given = request.param(name).filter(|it| !it.is_empty())?;
    let found = civil::parse_date(given);
    if found.is_none() {
        wrong.push(said_now(
            format!("{name} must be a date such as 2026-11-22"),
            format!("{name} 须为日期，例如 2026-11-22"),
        ));
    }
    found
}

fn is_span(given: [Option<i32>; 2]) -> bool {
    match given {
        [Some(from), Some(to)] => (0..DAYS_MAX).contains(&to.saturating_sub(from)),
        [Some(_), None] => true,
        _ => false,
    }
}

/// The first and the last day of a period that has a name.
fn named(period: &str, today: i32) -> (i32, i32) {
    let (year, month, _) = civil::civil(today);
    let first = |year: i32, month: u8| civil::day_number(year, month, 1).unwrap_or(today);
    let quarter = (month - 1) / 3 * 3 + 1;
    match period {
        "7d" => (today - 6, today),
        "90d" => (today - 89, today),
        "month" => (first(year, month), today),
        "last_month" => {
            let (earlier, last) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
            (first(earlier, last), first(year, month) - 1)
        }
        "quarter" => (first(year, quarter), today),
        "last_quarter" => {
            let (earlier, begun) = if quarter == 1 { (year - 1, 10) } else { (year, quarter - 3) };
            (first(earlier, begun), first(year, quarter) - 1)
        }
        "year" => (first(year, 1), today),
        _ => (today - 29, today),
    }
}

fn unknown(name: &Said) -> Said {
    said_now(
        format!("{}: there is no such thing; all are shown", name.en),
        format!("{}：没有这一项，现显示全部", name.zh),
    )
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn filters(query: &str, today: &str) -> Filters {
        let target = format!("/dashboard?{query}");
        let request = Request::new(Method::GET, &target, "here", Vec::new(), Ok(Vec::new()));
        Filters::read(&request, civil::parse_date(today).unwrap())
    }

    #[test]
    fn a_period_that_has_a_name_is_told_in_days() {
        for (query, today, days) in [
            ("", "2026-11-22", "from=2026-10-24&to=2026-11-22"),
            ("period=7d", "2026-11-22", "from=2026-11-16&to=2026-11-22"),
            ("period=month", "2026-11-22", "from=2026-11-01&to=2026-11-22"),
            ("period=last_month", "2026-01-31", "from=2025-12-01&to=2025-12-31"),
            ("period=last_month", "2024-03-31", "from=2024-02-01&to=2024-02-29"),
            ("period=quarter", "2026-12-31", "from=2026-10-01&to=2026-12-31"),
            ("period=last_quarter", "2026-02-01", "from=2025-10-01&to=2025-12-31"),
            ("period=last_quarter", "2026-11-22", "from=2026-07-01&to=2026-09-30"),
            ("period=year", "2026-11-22", "from=2026-01-01&to=2026-11-22"),
            ("from=2026-01-05&to=2026-01-06", "2026-11-22", "from=2026-01-05&to=2026-01-06"),
            ("from=2026-11-01", "2026-11-22", "from=2026-11-01&to=2026-11-22"),
        ] {
            let found = filters(query, today);
            assert_eq!(found.days(), days, "{query}");
            assert!(found.wrong.is_empty(), "{query}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_holds() {
        let found = filters("period=eon&channel=pigeon&touchpoint=tch_1&from=x", "2026-11-22");
        assert_eq!(found.wrong.len(), 3);
        assert_eq!(found.api(), "from=2026-10-24&to=2026-11-22&compare=previous&touchpoint=tch_1");
        for query in [
            "from=2026-11-22&to=2026-11-01",
            "from=2020-01-01&to=2026-11-01",
            "to=2026-11-01",
            "period=custom",
        ] {
            let found = filters(query, "2026-11-22");
            assert_eq!((found.wrong.len(), found.period), (1, "30d"), "{query}");
        }
    }

    #[test]
    fn nothing_but_an_id_goes_on_into_another_address() {
        for bad in ["a%26by=day", "a%20b", "%22", "..%2F"] {
            let found = filters(&format!("touchpoint={bad}&site={bad}"), "2026-11-22");
            assert!(!found.api().contains("touchpoint") && !found.api().contains("site"));
            assert_eq!(found.wrong.len(), 1);
        }
    }

    #[test]
    fn what_a_page_does_not_heed_is_told_and_goes_on_to_others() {
        let mut found = filters("channel=web&touchpoint=tch_1", "2026-11-22");
        found.heed(&["touchpoint"]);
        assert_eq!((found.key("channel"), found.key("touchpoint")), ("", "tch_1"));
        assert!(!found.api().contains("channel") && found.link(Lang::En).contains("&channel=web"));
        let [wrong] = &found.wrong[..] else { panic!("{:?}", found.wrong) };
        assert!(wrong.en.starts_with("Channel: "), "{wrong:?}");
    }

    #[test]
    fn a_shared_view_knows_the_same_words() {
        let words = |all: &[(&'static str, Said)]| all.iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(words(&PERIODS), domain::view::PERIODS);
        assert_eq!(words(&COMPARES), domain::view::COMPARES);
        let view = filters("period=7d&channel=web&lang=en", "2026-11-22").view();
        let read = domain::view::View::read(&format!("?{view}"), "").unwrap();
        assert_eq!(read.to_string(), format!("?{view}"));
    }

    #[test]
    fn a_link_says_what_the_address_said() {
        let query = "lang=en&period=7d&compare=none&channel=web&site=sit_1";
        assert_eq!(filters(query, "2026-11-22").link(Lang::En), query);
        let found =
            filters("channel=web", "2026-11-22").with("channel", "app").with("group", "new");
        assert_eq!(
            (found.key("channel"), found.key("group"), found.key("agent")),
            ("app", "new", "")
        );
    }
}
