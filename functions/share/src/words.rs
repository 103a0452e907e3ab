//! What is said of views: what one shows, and what is wrong with an address.

use board::{Opened, Page};
use domain::view::{Fault, View};
use web::field::one_of_rule;
use web::lang::{Said, said, said_now};

/// What is wrong with an address, and what would be right.
pub(crate) fn fault(it: &Fault) -> Said {
    match it {
        Fault::Page => said(
            "must be the address of a page of figures, such as /complaints?period=30d",
            "须为某个数据页面的地址，例如 /complaints?period=30d",
        ),
        Fault::Unknown(name) => said_now(
            format!("has a part that no page has: {name}"),
            format!("包含页面没有的参数：{name}"),
        ),
        Fault::Twice(name) => {
            said_now(format!("has {name} more than once"), format!("{name} 出现了多次"))
        }
        Fault::Word(name, words) => {
            let rule = one_of_rule(words);
            said_now(format!("{name} {}", rule.en), format!("{name} {}", rule.zh))
        }
        Fault::Id(name) => said_now(format!("{name} must be an id"), format!("{name} 须为 ID")),
        Fault::Day(name) => said_now(
            format!("{name} must be a date such as 2026-11-22"),
            format!("{name} 须为日期，例如 2026-11-22"),
        ),
        Fault::Span => said(
            "the days must make a period of at most two years",
            "起止日期须构成两年以内的时间段",
        ),
    }
}

/// What a view shows: `Complaints · Last 30 days · Channel: Web`.
pub(crate) fn view(it: &View, opened: &Opened) -> String {
    let lang = opened.lang;
    let (page, id) = match it.path.rsplit_once('/') {
        Some((page, id)) if !page.is_empty() => (page, id),
        _ => (it.path.as_str(), ""),
    };
    let found = Page::ALL.into_iter().find(|it| it.path() == page);
    let mut words = found.map_or_else(|| page.to_owned(), |it| it.name().text(lang).to_owned());
    if !id.is_empty() {
        words.push_str(" · ");
        words.push_str(&name(opened, "touchpoint", id));
    }
    for (name, label) in board::GRAINS.iter().map(|it| (it.0, &it.1)) {
        let key = it.get(name);
        if !key.is_empty() {
            let colon = lang.of(": ", "：");
            let told = self::name(opened, name, key);
            words.push_str(&format!(" · {}{colon}{told}", label.text(lang)));
        }
    }
    let period = match it.get("period") {
        "custom" => format!("{} \u{2013} {}", it.get("from"), it.get("to")),
        "" => word(&board::PERIODS, "30d", opened),
        it => word(&board::PERIODS, it, opened),
    };
    words.push_str(" · ");
    words.push_str(&period);
    words
}

fn word(words: &[(&str, Said)], key: &str, opened: &Opened) -> String {
    words.iter().find(|it| it.0 == key).map_or(key, |it| it.1.text(opened.lang)).to_owned()
}

/// What people call a thing; its id where that is unknown.
fn name(opened: &Opened, grain: &str, key: &str) -> String {
    opened.options(grain).into_iter().find(|it| it.0 == key).map_or(key.to_owned(), |it| it.1)
}
