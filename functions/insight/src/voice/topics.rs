//! What comments are about and how they feel, as the digest counted them.

use board::tell::{at, change, items, number, text};
use board::{Cell, Figure, Opened};
use pages::chart::{Bar, Bars, Chart, Mood};
use serde_json::Value;
use web::lang::Lang;

use super::comments::{topic_name, topic_query};
use crate::told::{self, Told};

/// The topics, those with the most comments first; each leads to its comments.
pub(crate) fn figure(opened: &Opened, told: &Told, names: &Told) -> Figure {
    let lang = opened.lang;
    let title = lang.of("Comments by topic, and how they feel", "各主题的评论与情绪");
    told::figure("topics", title, told, |figure, told| {
        let interval = lang.of("Interval", "区间");
        let columns = [
            lang.of("Topic", "主题"),
            lang.of("Comments", "评论数"),
            lang.of("Share", "占比"),
            interval,
            "n",
            lang.of("In the 90 days before", "此前 90 天"),
            lang.of("Change", "变化"),
            lang.of("Unhappy", "不满"),
            interval,
            "n",
            lang.of("Happy", "满意"),
            interval,
            "n",
        ];
        figure.table.columns = told::names(&columns);
        let mut bars = Vec::new();
        for it in items(told, "/items") {
            let name = name(lang, names, it);
            let href = href(opened, text(it, "/topic"));
            let point = told::point(at(it, "/share"));
            let text = told::share(lang, at(it, "/share"));
            let is_unknown = at(it, "/topic").is_null();
            let mood = if is_unknown { Mood::Faint } else { Mood::Plain };
            let bar =
                Bar { name: name.clone(), href: href.clone(), point, text, mood, target: None };
            bars.push(bar);
            let mut row = vec![Cell::link(name, href), told::counted(it, "/comments")];
            told::push_rated(&mut row, lang, at(it, "/share"));
            let [before, ..] = told::rated(lang, at(it, "/share_before"));
            row.extend([before, Cell::text(change(at(it, "/difference"), lang))]);
            told::push_rated(&mut row, lang, at(it, "/low"));
            told::push_rated(&mut row, lang, at(it, "/high"));
            figure.table.rows.push(row);
        }
        figure.chart = Chart::Bars(Bars { bars, range: None });
        match items(told, "/items").first() {
            Some(first) => figure.summary = says(lang, told, first, names),
            None => none(opened).clone_into(&mut figure.empty),
        }
    })
}

/// What a topic is called; that of those without one says so.
fn name(lang: Lang, names: &Told, it: &Value) -> String {
    match text(it, "/topic") {
        "" => lang.of("no topic found", "未识别主题").to_owned(),
        topic => topic_name(lang, names, topic),
    }
}

/// Where the comments of a topic are; whoever may not read them is not led there.
fn href(opened: &Opened, topic: &str) -> String {
    let base = opened.href("/voice");
    if base.is_empty() || topic.is_empty() || opened.role < domain::role::Role::Agent {
        return String::new();
    }
    format!("{base}{}#said", topic_query(topic))
}

/// The largest one, whether it grew, and how customers feel.
fn says(lang: Lang, told: &Value, first: &Value, names: &Told) -> String {
    let name = name(lang, names, first);
    let [share, low, all_low, all_high] =
        [(first, "/share"), (first, "/low"), (told, "/low"), (told, "/high")]
            .map(|(it, pointer)| told::share(lang, at(it, pointer)));
    let before = number(first, "/share_before/value").map(told::percent);
    let before = match (before, lang) {
        (Some(it), Lang::En) => format!(", {it} in the 90 days before"),
        (Some(it), Lang::Zh) => format!("，此前 90 天为 {it}"),
        (None, _) => String::new(),
    };
    match lang {
        Lang::En => format!(
            "Of all comments, {all_low} are unhappy and {all_high} are happy. Most are about: \
             {name}, {share}{before}; of these, {low} are unhappy."
        ),
        Lang::Zh => format!(
            "全部评论中，不满占 {all_low}，满意占 {all_high}。最多的主题是「{name}」：{share}{before}；\
             其中不满占 {low}。"
        ),
    }
}

fn none(opened: &Opened) -> &'static str {
    if opened.filters.by.is_empty() {
        return opened.lang.of("There is nothing to read yet.", "目前没有可读的评论。");
    }
    opened.lang.of(
        "A touchpoint needs 20 comments in these days to be counted by itself.",
        "触点在这段日期内须有 20 条评论，才会单独统计。",
    )
}
