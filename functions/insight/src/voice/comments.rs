//! Comments as customers wrote them, personal data hidden: filtered by topic, page by page.

use board::tell::{at, items, number, text};
use board::{Board, CHANNELS, Cell, Figure, Opened};
use pages::html::{Html, when};
use serde_json::Value;
use web::Request;
use web::lang::{Lang, said};

use crate::told::{self, Told};

/// Comments of a page.
const ROWS: usize = 20;
/// The longest topic, in bytes, and the longest name of a place in the list.
const TOPIC_BYTES_MAX: usize = 64;
const AFTER_BYTES_MAX: usize = 80;
/// From here on the models are sure of how a text feels.
const FEELING: f64 = 0.5;

/// Which comments are wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    topic: String,
    is_review: bool,
    after: String,
}

impl Wanted {
    /// Reads the address; what is wrong there is noted above the page and left out.
    pub(crate) fn read(request: &Request, opened: &mut Opened) -> Wanted {
        let given = |name: &str| request.param(name).unwrap_or("");
        let mut wanted = Wanted::default();
        let mut refuse = |en, zh| opened.filters.wrong.push(said(en, zh));
        let topic = given("topic");
        if TOPIC_BYTES_MAX < topic.len() || topic.contains(char::is_control) {
            refuse("Topic: there is no such thing; all are shown", "主题：没有这一项，现显示全部");
        } else {
            topic.clone_into(&mut wanted.topic);
        }
        match given("review") {
            "" => {}
            "true" if wanted.topic.is_empty() => wanted.is_review = true,
            "true" => refuse(
                "review goes without a topic: those of the topic are shown",
                "review 不可与主题同时使用，现显示该主题的评论",
            ),
            _ => refuse("review must be true: all are shown", "review 须为 true，现显示全部"),
        }
        let after = given("after");
        let is_place = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-');
        if after.len() <= AFTER_BYTES_MAX && after.bytes().all(is_place) {
            after.clone_into(&mut wanted.after);
        } else {
            refuse(
                "after is no place in this list: the newest are shown",
                "after 不是列表中的位置，现显示最新的",
            );
        }
        wanted
    }

    /// The same for the API.
    pub(crate) fn api(&self) -> String {
        format!("limit={ROWS}{}", self.query(&self.after))
    }

    /// The same for a link that goes on after a place.
    fn query(&self, after: &str) -> String {
        let mut query = String::new();
        if !self.topic.is_empty() {
            query.push_str("&topic=");
            push_escaped(&mut query, &self.topic);
        }
        if self.is_review {
            query.push_str("&review=true");
        }
        if !after.is_empty() {
            query.push_str("&after=");
            push_escaped(&mut query, after);
        }
        query
    }
}

/// What leads to the comments of a topic.
pub(crate) fn topic_query(topic: &str) -> String {
    let mut query = "&topic=".to_owned();
    push_escaped(&mut query, topic);
    query
}

/// A text as a part of a query.
fn push_escaped(query: &mut String, text: &str) {
    for it in text.bytes() {
        if it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-') {
            query.push(char::from(it));
        } else {
            query.push_str(&format!("%{it:02X}"));
        }
    }
}

/// What a topic is called; itself where an operator made it.
pub(crate) fn topic_name(lang: Lang, topics: &Told, topic: &str) -> String {
    let labels = topics.as_ref().map_or(&[][..], |it| items(it, "/labels"));
    let found = labels.iter().find(|it| text(it, "/label") == topic);
    let name = found.map_or("", |it| text(it, lang.of("/en", "/zh")));
    if name.is_empty() { topic.to_owned() } else { name.to_owned() }
}

/// Puts the comments on a page, with what they are filtered by.
pub(crate) fn show<'a>(
    board: &mut Board<'a>,
    request: &Request,
    opened: &'a Opened,
    wanted: &'a Wanted,
    (comments, topics): (&'a Told, &'a Told),
) {
    let lang = opened.lang;
    let list = match comments {
        Ok(list) => list,
        Err(why) => return board.say(why.as_str()),
    };
    if request.param("card") == Some("comments") {
        return board.figure(figure(opened, list, topics));
    }
    board.say(lang.of(
        "As written, with personal data hidden: of all days, by topic if you like.",
        "客户原话，已隐去个人信息；不限日期，可按主题筛选。",
    ));
    if opened.pass.is_none() {
        board.draw(move |html| form(html, opened, wanted, topics));
    }
    let rows = items(list, "/items");
    if rows.is_empty() {
        board.say(match (wanted.topic.is_empty(), wanted.is_review) {
            (true, false) => lang.of(
                "There is no comment yet: ask an open question in a survey.",
                "目前没有评论：请在问卷中加入开放题。",
            ),
            (_, true) => lang.of("Nothing is left to look at.", "没有需要人工确认的评论。"),
            (false, false) => lang.of(
                "No comment is about this topic: choose another one.",
                "没有关于该主题的评论，请选择其他主题。",
            ),
        });
        return;
    }
    board.draw(move |html| {
        html.open("ul", &[("class", "said-list")]);
        for it in rows {
            one(html, opened, it, topics);
        }
        html.close();
        turns(html, opened, wanted, text(list, "/next"));
    });
}

/// What to read: of which topic, or what a person should look at.
fn form(html: &mut Html, opened: &Opened, wanted: &Wanted, topics: &Told) {
    let lang = opened.lang;
    html.open("form", &[("method", "get"), ("action", "#said"), ("class", "filters")]);
    for pair in opened.filters.link(lang).split('&') {
        if let Some((name, value)) = pair.split_once('=') {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
    }
    html.open("label", &[]);
    html.text(lang.of("Topic", "主题"));
    html.open("select", &[("name", "topic")]);
    html.put("option", &[("value", "")], lang.of("All", "全部"));
    let labels = topics.as_ref().map_or(&[][..], |it| items(it, "/labels"));
    let is_known = labels.iter().any(|it| text(it, "/label") == wanted.topic);
    if !is_known && !wanted.topic.is_empty() {
        html.put("option", &[("value", &wanted.topic), ("selected", "")], &wanted.topic);
    }
    for it in labels {
        let label = text(it, "/label");
        let chosen = when(label == wanted.topic, "selected");
        let name = topic_name(lang, topics, label);
        html.put("option", &[("value", label), (chosen, "")], &name);
    }
    html.close();
    html.close();
    html.open("label", &[]);
    let checked = when(wanted.is_review, "checked");
    let name = [("type", "checkbox"), ("name", "review"), ("value", "true"), (checked, "")];
    html.void("input", &name);
    html.text(lang.of(" Only those that a person should look at", " 仅需人工确认的"));
    html.close();
    html.put("button", &[], lang.of("Show", "查看"));
    html.close();
}

/// One comment: what was written, and what is known of it.
fn one(html: &mut Html, opened: &Opened, it: &Value, topics: &Told) {
    html.open("li", &[("class", "said-item")]);
    let attributes = [("class", "words"), ("dir", "auto"), ("lang", text(it, "/language"))];
    html.put("p", &attributes, text(it, "/text"));
    html.put("p", &[("class", "soft small")], &known(opened, it, topics).join(" · "));
    html.close();
}

/// Day, touchpoint, channel, topic and feeling, as far as they are known.
fn known(opened: &Opened, it: &Value, topics: &Told) -> Vec<String> {
    let lang = opened.lang;
    let mut known = vec![text(it, "/day").to_owned()];
    for name in [
        touchpoint(opened, it),
        told::word(lang, &CHANNELS, text(it, "/channel")),
        topic_name(lang, topics, text(it, "/topic")),
        feeling(lang, it).to_owned(),
    ] {
        if !name.is_empty() {
            known.push(name);
        }
    }
    if at(it, "/needs_review").as_bool() == Some(true) {
        known.push(lang.of("a person should look at it", "需人工确认").to_owned());
    }
    known
}

fn touchpoint(opened: &Opened, it: &Value) -> String {
    let id = text(it, "/touchpoint_id");
    let found = opened.choices.touchpoints.iter().find(|it| it.0 == id);
    found.map_or(id, |it| it.1.as_str()).to_owned()
}

/// How it feels, as the models read it or staff said.
fn feeling(lang: Lang, it: &Value) -> &'static str {
    match number(it, "/sentiment") {
        Some(it) if it <= -FEELING => lang.of("sounds unhappy", "听起来不满"),
        Some(it) if FEELING <= it => lang.of("sounds happy", "听起来满意"),
        Some(_) => lang.of("feeling unclear", "情绪不明"),
        None => "",
    }
}

/// The way to older ones, back to the newest, and to the file.
fn turns(html: &mut Html, opened: &Opened, wanted: &Wanted, next: &str) {
    let lang = opened.lang;
    let base = opened.href("/voice");
    if base.is_empty() {
        return;
    }
    html.open("nav", &[("class", "turns"), ("aria-label", lang.of("Comments", "评论"))]);
    if !wanted.after.is_empty() {
        let newest = format!("{base}{}#said", wanted.query(""));
        html.put("a", &[("href", &newest)], lang.of("Newest", "最新的"));
    }
    if !next.is_empty() {
        let older = format!("{base}{}#said", wanted.query(next));
        html.put("a", &[("href", &older), ("rel", "next")], lang.of("Older", "更早的"));
    }
    let here = format!("{base}{}&card=comments&format=csv", wanted.query(&wanted.after));
    html.put("a", &[("href", &here)], lang.of("These as CSV", "下载本页（CSV）"));
    html.close();
}

/// The same comments as a file.
fn figure(opened: &Opened, list: &Value, topics: &Told) -> Figure {
    let lang = opened.lang;
    let title = lang.of("Comments, newest first", "最新评论");
    let mut figure = Figure { id: "comments", title: title.to_owned(), ..Figure::default() };
    let columns = [
        lang.of("Day", "日期"),
        lang.of("Comment", "评论"),
        lang.of("Topic", "主题"),
        lang.of("Feeling", "情绪"),
        lang.of("Touchpoint", "触点"),
        lang.of("Channel", "渠道"),
    ];
    figure.table.columns = columns.map(str::to_owned).to_vec();
    for it in items(list, "/items") {
        let sentiment = number(it, "/sentiment");
        let feeling = feeling(lang, it);
        figure.table.rows.push(vec![
            Cell::text(text(it, "/day")),
            Cell::text(text(it, "/text")),
            Cell::text(topic_name(lang, topics, text(it, "/topic"))),
            sentiment.map_or_else(Cell::default, |it| Cell::number(it, feeling)),
            Cell::text(touchpoint(opened, it)),
            Cell::text(told::word(lang, &CHANNELS, text(it, "/channel"))),
        ]);
    }
    figure
}
