//! What neighbours told, as tiles and as fields of tables.

use app::neighbour::{self, Refused};
use board::tell::{at, change, count, interval, is_better, items, number, plain};
use board::{Cell, Figure, Filters, Tile};
use pages::chart::{Bar, Mood, Point};
use ports::Env;
use serde_json::Value;
use web::Request;
use web::lang::{Lang, Said};

/// What a neighbour told, or why there is nothing to show.
pub(crate) type Told = Result<Value, String>;

/// What stands where there is no number.
pub(crate) const NONE: &str = "\u{2013}";

/// What neighbours answered, in the order in which they were asked.
pub(crate) struct Answers {
    found: std::vec::IntoIter<Result<Value, Refused>>,
    lang: Lang,
}

impl Answers {
    /// Asks all of them at once.
    pub(crate) async fn of(
        env: &impl Env,
        request: &Request,
        lang: Lang,
        asked: &[(&str, String)],
    ) -> Answers {
        let found = neighbour::ask_all(env, request, lang, asked).await.into_iter();
        Answers { found, lang }
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> Told {
        let found = self.found.next().unwrap_or_else(|| Err(Refused::default()));
        found.map_err(|it| why(self.lang, &it))
    }

    /// The next one, if it was asked for; else what to say instead.
    pub(crate) fn next_if(&mut self, was_asked: bool, instead: &str) -> Told {
        if was_asked { self.next() } else { Err(instead.to_owned()) }
    }
}

/// Why there is nothing to show. What is wrong with us is not what the neighbour says of it.
fn why(lang: Lang, refused: &Refused) -> String {
    let text = refused.text();
    if (400..500).contains(&refused.status) && !text.is_empty() {
        return text.to_owned();
    }
    let text = lang.of(
        "This cannot be read just now; the rest of the page holds. Load it again in a minute.",
        "暂时无法读取这一部分，页面其余内容不受影响。请稍后重新加载。",
    );
    text.to_owned()
}

/// A figure that is drawn of what was told, or that says why not.
pub(crate) fn figure(
    id: &'static str,
    title: &str,
    told: &Told,
    draw: impl FnOnce(&mut Figure, &Value),
) -> Figure {
    let mut figure = Figure { id, title: title.to_owned(), ..Figure::default() };
    match told {
        Ok(told) => draw(&mut figure, told),
        Err(why) => figure.empty.clone_from(why),
    }
    figure
}

/// What a word of the API is called; itself if it is not one that we know.
pub(crate) fn word(lang: Lang, words: &[(&str, Said)], key: &str) -> String {
    let found = words.iter().find(|it| it.0 == key);
    found.map_or(key, |it| it.1.text(lang)).to_owned()
}

/// A percentage: `75%`.
pub(crate) fn percent(value: f64) -> String {
    format!("{}%", plain(value))
}

/// How long, of seconds: `45 s`, `12 min`, `3.5 h`, `2.1 d`.
pub(crate) fn length(lang: Lang, seconds: f64) -> String {
    let (part, en, zh) = match seconds {
        it if it < 60.0 => (1.0, "s", "秒"),
        it if it < 3_600.0 => (60.0, "min", "分钟"),
        it if it < 172_800.0 => (3_600.0, "h", "小时"),
        _ => (86_400.0, "d", "天"),
    };
    format!("{} {}", plain(seconds / part), lang.of(en, zh))
}

/// A count, as the API tells it.
pub(crate) fn counted(told: &Value, pointer: &str) -> Cell {
    number(told, pointer).map_or_else(|| Cell::text(NONE), |it| Cell::number(it, plain(it)))
}

/// A share with its interval and of how many: three fields.
pub(crate) fn rated(lang: Lang, rate: &Value) -> [Cell; 3] {
    let value = number(rate, "/value");
    let value = value.map_or_else(|| Cell::text(NONE), |it| Cell::number(it, percent(it)));
    let mut n = counted(rate, "/n");
    if at(rate, "/small").as_bool() == Some(true) && value.number.is_some() {
        n.text.push_str(lang.of(" (few)", "（少）"));
    }
    [value, Cell::text(interval(at(rate, "/interval"))), n]
}

/// The same, at the end of a row.
pub(crate) fn push_rated(row: &mut Vec<Cell>, lang: Lang, rate: &Value) {
    row.extend(rated(lang, rate));
}

/// What columns are called. In one place: each length of an array would be code of its own.
pub(crate) fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|it| (*it).to_owned()).collect()
}

/// A count as a bar.
pub(crate) fn bar(name: &str, value: f64, text: String, mood: Mood) -> Bar {
    let point = Some(Point { value, interval: None });
    Bar { name: name.to_owned(), href: String::new(), point, text, target: None, mood }
}

/// A duration of seconds.
pub(crate) fn lasted(lang: Lang, told: &Value, pointer: &str) -> Cell {
    let found = number(told, pointer);
    found.map_or_else(|| Cell::text(NONE), |it| Cell::number(it, length(lang, it)))
}

/// Between which lengths a duration surely lies; empty for unknown.
pub(crate) fn lasted_between(lang: Lang, told: &Value) -> String {
    match (number(told, "/0"), number(told, "/1")) {
        (Some(low), Some(high)) => {
            format!("{}\u{2013}{}", length(lang, low), length(lang, high))
        }
        _ => String::new(),
    }
}

/// A share as a spot of a chart.
pub(crate) fn point(rate: &Value) -> Option<Point> {
    let value = number(rate, "/value")?;
    let interval = number(rate, "/interval/0").zip(number(rate, "/interval/1"));
    Some(Point { value, interval })
}

/// A share in a sentence: `75% (30 of 40)`.
pub(crate) fn share(lang: Lang, rate: &Value) -> String {
    let Some(value) = number(rate, "/value") else { return NONE.to_owned() };
    let [hits, n] = ["/hits", "/n"].map(|it| count(rate, it).unwrap_or(0));
    let value = percent(value);
    match lang {
        Lang::En => format!("{value} ({hits} of {n})"),
        Lang::Zh => format!("{value}（{hits}/{n}）"),
    }
}

/// The member of a name of one of the objects that have one.
pub(crate) fn of<'a>(told: &'a Value, object: &str, name: &str) -> &'a Value {
    at(told, &format!("{object}/{name}"))
}

/// The target of a rate: `≥ 98%`; empty for none.
pub(crate) fn target(rate: &Value) -> String {
    let told = |pointer: &str, sign: &str| {
        number(rate, pointer).map(|it| format!("{sign} {}", percent(it)))
    };
    told("/at_least", "\u{2265}").or_else(|| told("/at_most", "\u{2264}")).unwrap_or_default()
}

/// What to say of a share that has no value, or is of few.
pub(crate) fn caution(lang: Lang, told: &Value) -> &'static str {
    match count(told, "/n") {
        None | Some(0) => lang.of("Of none of them is it known yet.", "目前没有可以判断的案例。"),
        _ if at(told, "/small").as_bool() == Some(true) => {
            lang.of("Fewer than 30: read with care.", "不足 30 例，请谨慎解读。")
        }
        _ => "",
    }
}

/// A rate as a tile. `whole` has it under `rates`, and its course in `parts`.
pub(crate) fn rate_tile(
    lang: Lang,
    whole: &Value,
    (id, title): (&'static str, &str),
    more_is_better: bool,
) -> Tile {
    let rate = of(whole, "/rates", id);
    let difference = of(whole, "/compared/differences", id);
    let is_compared = !at(whole, "/compared").is_null();
    let change = match change(difference, lang) {
        it if it.is_empty() && is_compared => {
            lang.of("too few to compare", "数量太少，无法对比").to_owned()
        }
        it => it,
    };
    let between = interval(at(rate, "/interval"));
    Tile {
        id,
        title: title.to_owned(),
        value: number(rate, "/value").map_or_else(String::new, percent),
        number: number(rate, "/value"),
        interval: if between.is_empty() { between } else { between + "%" },
        n: count(rate, "/n"),
        target: target(rate),
        is_met: at(rate, "/met").as_bool(),
        change,
        is_better: is_better(difference, more_is_better),
        note: caution(lang, rate).to_owned(),
        course: course(whole, &format!("/rates/{id}/value")),
        href: String::new(),
    }
}

/// A count as a tile. A count alone has no chance to weigh its change by, so it has no verdict.
pub(crate) fn count_tile(
    lang: Lang,
    whole: &Value,
    (id, title): (&'static str, &str),
    filters: &Filters,
) -> Tile {
    let found = number(whole, &format!("/{id}"));
    let before = number(whole, &format!("/compared/{id}"));
    Tile {
        id,
        title: title.to_owned(),
        value: found.map_or_else(String::new, plain),
        number: found,
        change: before.map_or_else(String::new, |it| earlier(lang, filters, &plain(it))),
        course: course(whole, &format!("/{id}")),
        ..Tile::default()
    }
}

/// The median of a duration as a tile.
pub(crate) fn median_tile(
    lang: Lang,
    whole: &Value,
    (id, title): (&'static str, &str),
    pointer: &str,
    filters: &Filters,
) -> Tile {
    let told = at(whole, pointer);
    let median = number(told, "/median");
    let before = number(whole, &format!("/compared{pointer}/median"));
    let ninety = number(told, "/p90").map(|it| length(lang, it));
    let note = match (ninety, lang) {
        (Some(it), Lang::En) => format!("Nine of ten within {it}. {}", caution(lang, told)),
        (Some(it), Lang::Zh) => format!("九成在 {it}内。{}", caution(lang, told)),
        (None, _) => caution(lang, told).to_owned(),
    };
    let before = before.map(|it| earlier(lang, filters, &length(lang, it)));
    Tile {
        id,
        title: title.to_owned(),
        value: median.map_or_else(String::new, |it| length(lang, it)),
        number: median,
        interval: lasted_between(lang, at(told, "/median_interval")),
        n: count(told, "/n"),
        change: before.unwrap_or_default(),
        note: note.trim_end().to_owned(),
        course: course(whole, &format!("{pointer}/median")),
        ..Tile::default()
    }
}

/// What it was in the period that is compared with.
fn earlier(lang: Lang, filters: &Filters, value: &str) -> String {
    let words = match filters.compare {
        "year" => lang.of("a year before: ", "去年同期："),
        _ => lang.of("the period before: ", "上一期："),
    };
    format!("{words}{value}")
}

/// The course of a number over the parts.
fn course(whole: &Value, pointer: &str) -> Vec<Option<f64>> {
    items(whole, "/parts").iter().map(|it| number(it, pointer)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lengths_are_told_in_the_part_that_fits() {
        for (seconds, en, zh) in [
            (0.0, "0 s", "0 秒"),
            (59.0, "59 s", "59 秒"),
            (90.0, "1.5 min", "1.5 分钟"),
            (5_400.0, "1.5 h", "1.5 小时"),
            (108_000.0, "30 h", "30 小时"),
            (172_800.0, "2 d", "2 天"),
        ] {
            assert_eq!(
                (length(Lang::En, seconds), length(Lang::Zh, seconds)),
                (en.into(), zh.into())
            );
        }
    }

    #[test]
    fn a_share_says_of_how_many_it_is_and_what_it_should_be() {
        let rate = json!({ "value": 75.0, "hits": 30, "n": 40, "at_least": 98, "small": false });
        assert_eq!(share(Lang::En, &rate), "75% (30 of 40)");
        assert_eq!(share(Lang::Zh, &rate), "75%（30/40）");
        assert_eq!(target(&rate), "\u{2265} 98%");
        assert_eq!(target(&json!({ "at_most": 5 })), "\u{2264} 5%");
        assert_eq!(
            caution(Lang::En, &json!({ "n": 3, "small": true })),
            "Fewer than 30: read with care."
        );
        assert_eq!(share(Lang::En, &json!({ "value": null, "n": 0 })), NONE);
    }

    #[test]
    fn what_is_wrong_with_us_is_not_told_in_our_words() {
        let told = json!({ "title": "No", "detail": "database is locked" });
        let told = told.as_object().cloned().unwrap();
        let ours = why(Lang::En, &Refused { status: 503, told: told.clone() });
        assert!(ours.starts_with("This cannot be read just now"), "{ours}");
        assert_eq!(why(Lang::En, &Refused { status: 403, told }), "database is locked");
    }
}
