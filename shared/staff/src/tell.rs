//! What the API says in words for staff: events, times, states, grades, roles.

pub use board::tell::{at, count, items, number, plain, text};
use domain::role::Role;
use pages::html::Html;
use serde_json::Value;
use web::lang::{Lang, Said, said};

use crate::Desk;

include!(concat!(env!("OUT_DIR"), "/events.rs"));

/// What was done, by the word in the address of the page that follows.
pub static DONE: [(&str, Said); 13] = [
    ("saved", said("Saved.", "已保存。")),
    ("created", said("Created.", "已创建。")),
    ("sent", said("Sent.", "已发送。")),
    ("removed", said("Removed.", "已删除。")),
    ("done", said("Done.", "已完成。")),
    ("assigned", said("Handed over.", "已转交。")),
    ("solved", said("Solved. The customer is told.", "已标记为解决，并已告知客户。")),
    ("closed", said("Closed.", "已结案。")),
    ("published", said("Published. It holds from now on.", "已发布，即刻生效。")),
    ("drafted", said("The draft is kept.", "草稿已保存。")),
    ("seen", said("Put aside.", "已处理。")),
    ("signed-out", said("Those sessions are over.", "这些登录已结束。")),
    (
        "erased",
        said("Erased. The scores stay, without the person.", "已抹除个人信息，评分匿名保留。"),
    ),
];

/// What was done, in words.
pub fn done(lang: Lang, word: &str) -> Option<&'static str> {
    DONE.iter().find(|it| it.0 == word).map(|it| it.1.text(lang))
}

/// What a type of event means; the type itself if the catalogue does not know it.
pub fn event(lang: Lang, kind: &str) -> &str {
    match EVENTS.binary_search_by(|it| it.0.cmp(kind)) {
        Ok(at) => EVENTS.get(at).map_or(kind, |it| lang.of(it.1, it.2)),
        Err(_) => kind,
    }
}

/// Every type of event and what it means, in the order of their names.
pub fn events(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    EVENTS.iter().map(move |it| (it.0, lang.of(it.1, it.2)))
}

/// What a role is called.
pub fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Viewer => lang.of("viewer", "查看者"),
        Role::Agent => lang.of("agent", "客服"),
        Role::Manager => lang.of("manager", "经理"),
        Role::Admin => lang.of("administrator", "管理员"),
    }
}

/// Who did something, where there is no name.
pub fn actor(lang: Lang, actor: &str) -> &str {
    match actor {
        "admin" => lang.of("administrator", "管理员"),
        "public" => lang.of("customer", "客户"),
        "tick" => lang.of("the clock", "系统定时"),
        _ if actor.starts_with("key:") => lang.of("a key", "密钥"),
        other => other,
    }
}

/// One of a table of words in the reader's language; the key itself if it is not there.
pub fn of<'a>(lang: Lang, table: &'static [(&'static str, Said)], key: &'a str) -> &'a str {
    table.iter().find(|it| it.0 == key).map_or(key, |it| it.1.text(lang))
}

/// The choices of a table of words; `none` is what the empty one is called, if it may be chosen.
pub fn choices(
    lang: Lang,
    table: &'static [(&'static str, Said)],
    none: &str,
) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(table.len() + 1);
    if !none.is_empty() {
        all.push((String::new(), none.to_owned()));
    }
    for (key, name) in table {
        all.push(((*key).to_owned(), name.text(lang).to_owned()));
    }
    all
}

/// The choices among the items of a list of the API, by id and name.
pub fn named(list: &Value, none: &str) -> Vec<(String, String)> {
    let found = items(list, "/items");
    let mut all = Vec::with_capacity(found.len() + 1);
    if !none.is_empty() {
        all.push((String::new(), none.to_owned()));
    }
    for it in found {
        all.push((text(it, "/id").to_owned(), text(it, "/name").to_owned()));
    }
    all
}

/// The name of an id among choices; the id itself if it is not there.
pub fn name_of<'a>(choices: &'a [(String, String)], id: &'a str) -> &'a str {
    choices.iter().find(|it| it.0 == id).map_or(id, |it| it.1.as_str())
}

/// An instant of the API by the clock of the site: `Monday 23 November, 10:00`.
pub fn moment(desk: &Desk, time: &str) -> String {
    match domain::civil::parse_rfc3339(time) {
        Some(at) => pages::time::moment(desk.lang, desk.zone, at, desk.now),
        None => time.to_owned(),
    }
}

/// The same as an element that programs can read.
pub fn time(html: &mut Html, desk: &Desk, time: &str) {
    html.put("time", &[("datetime", time)], &moment(desk, time));
}

/// How long until, or since, a clock in plain words: `due in about 3 hours`,
/// `2 hours late`.
pub fn remaining(lang: Lang, seconds: i64) -> String {
    let span = pages::time::span(lang, seconds.saturating_abs().saturating_mul(1000));
    match (lang, seconds < 0) {
        (Lang::En, false) => format!("due in {span}"),
        (Lang::En, true) => format!("{span} late"),
        (Lang::Zh, false) => format!("还剩{span}"),
        (Lang::Zh, true) => format!("已超时{span}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_called_by_what_they_mean() {
        assert_eq!(event(Lang::En, "complaint.opened"), "A complaint came in.");
        assert_eq!(event(Lang::Zh, "complaint.opened"), "收到一件投诉。");
        assert_eq!(event(Lang::En, "no.such"), "no.such");
        assert!(EVENTS.is_sorted_by_key(|it| it.0));
    }

    #[test]
    fn a_clock_says_whether_it_is_late() {
        assert_eq!(remaining(Lang::En, 3 * 3600), "due in about 3 hours");
        assert_eq!(remaining(Lang::En, -3 * 3600), "about 3 hours late");
        assert_eq!(remaining(Lang::Zh, -90 * 60), "已超时约 90 分钟");
    }
}
