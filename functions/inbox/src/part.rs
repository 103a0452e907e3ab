//! Parts that the pages of the inbox share: the tabs, and a response as somebody looks at it.

use pages::html::{Html, when};
use serde_json::Value;
use staff::tell::{at, items, text, time};
use staff::{Desk, Section, word};
use web::lang::{Lang, Said, said};

use crate::words;

/// The lists, each with its address and the name of its count.
pub(crate) static LISTS: [(&str, &str, Said); 5] = [
    ("/desk/inbox/notices", "notices", said("Notices", "通知")),
    ("/desk/inbox/alarms", "alarms", said("Alarms", "告警")),
    ("/desk/inbox/low", "low", said("Low scores", "低分")),
    ("/desk/inbox/screened", "screened", said("Screened answers", "被筛除的答卷")),
    ("/desk/inbox/texts", "texts", said("Texts to review", "待标注的文字")),
];

static INBOX: Said = Section::Inbox.name();

/// The way back to the inbox.
pub(crate) fn inbox(lang: Lang) -> (&'static str, &'static str) {
    (Section::Inbox.path(), INBOX.text(lang))
}

/// The name of a list.
pub(crate) fn name(lang: Lang, list: &str) -> &'static str {
    LISTS.iter().find(|it| it.1 == list).map_or("", |it| it.2.text(lang))
}

/// The ways to the lists, with how much waits in each.
pub(crate) fn tabs(html: &mut Html, desk: &Desk, here: &str, counts: &Value) {
    let lang = desk.lang;
    html.open("nav", &[("class", "tabs"), ("aria-label", lang.of("What waits", "待办分类"))]);
    for (path, list, name) in &LISTS {
        let href = desk.href(path);
        let current = when(*list == here, "aria-current");
        let name = match count(counts, list).as_str() {
            "" => name.text(lang).to_owned(),
            count => format!("{} {count}", name.text(lang)),
        };
        html.put("a", &[("href", &href), (current, "page")], &name);
    }
    html.close();
}

/// How much waits in a list; empty if nobody knows.
pub(crate) fn count(counts: &Value, list: &str) -> String {
    let number = |name: &str| counts.get(name).and_then(Value::as_u64);
    match (number(list), number("most")) {
        (Some(found), most) => words::count(found, most.unwrap_or(0)),
        (None, _) => String::new(),
    }
}

/// What a list says in place of things.
pub(crate) fn nothing(html: &mut Html, text: &str) {
    html.put("p", &[("class", "nothing")], text);
}

/// What the scores of a response are called together: its lowest, and the question.
pub(crate) fn title(lang: Lang, it: &Value) -> String {
    let scores = items(it, "/scores");
    let Some(first) = scores.first() else {
        return text(it, "/survey/name").to_owned();
    };
    let score = words::score(lang, first);
    match text(first, "/question") {
        "" => score,
        question => format!("{score} · {question}"),
    }
}

/// All scores but the first ones, a line each.
pub(crate) fn scores(html: &mut Html, lang: Lang, scores: &[Value]) {
    if scores.is_empty() {
        return;
    }
    html.open("ul", &[("class", "scores")]);
    for it in scores {
        html.open("li", &[]);
        html.text(&words::score(lang, it));
        if at(it, "/is_low").as_bool() == Some(true) {
            html.text(" ");
            html.put("span", &[("class", "badge bad")], lang.of("low", "低分"));
        }
        for text in [text(it, "/question"), text(it, "/touchpoint/name")] {
            if !text.is_empty() {
                html.text(" · ");
                html.text(text);
            }
        }
        html.close();
    }
    html.close();
}

/// What was answered in words: texts as they were written, other answers with their questions.
pub(crate) fn answers(html: &mut Html, it: &Value, texts_alone: bool) {
    for answer in items(it, "/answers") {
        let is_text = at(answer, "/is_text").as_bool() == Some(true);
        if texts_alone && !is_text {
            continue;
        }
        if !texts_alone {
            html.put("p", &[("class", "soft")], text(answer, "/question"));
        }
        let language = text(it, "/language");
        let language = (when(is_text && !language.is_empty(), "lang"), language);
        let words = [(when(is_text, "class"), "said"), language];
        html.put("p", &words, text(answer, "/answer"));
    }
}

/// Where and when it was answered, and by whom, in one line.
pub(crate) fn about(html: &mut Html, desk: &Desk, it: &Value) {
    let lang = desk.lang;
    html.open("p", &[("class", "soft")]);
    time(html, desk, text(it, "/answered_at"));
    let touchpoint = items(it, "/scores").iter().map(|it| text(it, "/touchpoint/name"));
    let channel = staff::tell::of(lang, &pages::words::CHANNELS, text(it, "/channel"));
    let place = touchpoint.into_iter().find(|it| !it.is_empty()).unwrap_or("");
    for part in [place, channel, text(it, "/survey/name")] {
        if !part.is_empty() {
            html.text(" · ");
            html.text(part);
        }
    }
    customer(html, desk, it);
    let case = text(it, "/case/id");
    if !case.is_empty() {
        html.text(" · ");
        let href = desk.href(&format!("/desk/complaints/{}", word(case)));
        let number = text(it, "/case/number");
        let name = format!("{}{number}", lang.of("Complaint ", "投诉 "));
        html.put("a", &[("href", &href)], &name);
    }
    html.close();
}

/// The way to whoever answered, if they are known.
fn customer(html: &mut Html, desk: &Desk, it: &Value) {
    let id = text(it, "/customer/id");
    if id.is_empty() {
        return;
    }
    let names = [text(it, "/customer/name"), text(it, "/customer/external_id")];
    let name = names.into_iter().find(|it| !it.is_empty());
    html.text(" · ");
    let href = desk.href(&format!("/desk/customers/{}", word(id)));
    html.put("a", &[("href", &href)], name.unwrap_or(desk.lang.of("The customer", "该客户")));
}

/// A button by which a thing of a list is dealt with. The key `x` presses that of the first one,
/// or, where scripts run, of the one that is chosen.
pub(crate) fn act(
    html: &mut Html,
    desk: &Desk,
    (path, label): (&str, &str),
    values: &[(&str, &str)],
    has_key: bool,
) {
    desk.begin_form(html, path, "one");
    for (name, value) in values {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    let attributes = [
        ("class", "quiet"),
        ("data-act", label),
        (when(has_key, "data-key"), "x"),
        (when(has_key, "data-does"), label),
    ];
    html.put("button", &attributes, label);
    html.close();
}
