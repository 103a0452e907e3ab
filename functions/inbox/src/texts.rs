//! `/desk/inbox/texts`: texts that want review, one at a time: one key says what each is about, and
//! the models learn from it.

use domain::role::Role;
use pages::html::{Html, when};
use ports::{Env, Verb};
use serde_json::{Map, Value};
use staff::tell::{at, items, number, plain, text, time};
use staff::{Call, Desk, Section, Sent, word};
use web::lang::{Lang, Said, said};
use web::{Problem, Request, Response};

use crate::part::{self, count, name, nothing, tabs};
use crate::{Told, Wrong, key_of, words};

/// The address of the page.
pub(crate) const PATH: &str = "/desk/inbox/texts";
/// The keys of the topics. Those of the desk and of this page are not among them.
const KEYS: [&str; 20] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "a", "b", "c", "d", "e", "h", "i", "l", "m",
    "o",
];
/// How a text may feel: the word in the address, the key, and what it is called.
static FEELINGS: [(&str, &str, Said); 3] = [
    ("", "u", said("As it was read", "维持识别结果")),
    ("negative", "n", said("Negative", "负面")),
    ("positive", "p", said("Positive", "正面")),
];
static KINDS: [(&str, Said); 2] =
    [("topic", said("What it is about", "主题")), ("sentiment", said("How it feels", "情感"))];

/// Where the reader stands: after which text, and how the text feels to them.
struct Place<'a> {
    after: &'a str,
    feels: &'a str,
}

impl Place<'_> {
    fn path(&self, feels: &str) -> String {
        let mut path = PATH.to_owned();
        for (name, value) in [("after", self.after), ("feels", feels)] {
            if !value.is_empty() {
                path.push(if path.contains('?') { '&' } else { '?' });
                path.push_str(name);
                path.push('=');
                path.push_str(&word(value));
            }
        }
        path
    }
}

pub(crate) async fn page(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    form: Option<&Sent>,
) -> Result<Response, Problem> {
    let mut wrong = Wrong::default();
    let place = match form {
        Some(sent) => Place { after: sent.get("after"), feels: sent.get("sentiment") },
        None => Place {
            after: request.param("after").unwrap_or(""),
            feels: request.param("feels").unwrap_or(""),
        },
    };
    let is_known = FEELINGS.iter().any(|it| it.0 == place.feels);
    let place = Place { feels: if is_known { place.feels } else { "" }, ..place };
    if let Some(sent) = form {
        match take(env, request, desk, (sent, &place)).await {
            Ok(answer) => return Ok(answer),
            Err(it) => wrong = it,
        }
    }
    let mut asked = "/v1/comments?review=true&limit=1".to_owned();
    if !place.after.is_empty() {
        asked.push_str("&after=");
        asked.push_str(&word(place.after));
    }
    let read = [
        ("voice", asked),
        ("voice", "/v1/models".to_owned()),
        ("response", "/v1/inbox".to_owned()),
    ];
    let told = desk.read(env, request, &read).await;
    let [found, models, counts] = told.as_slice() else { return Err(Problem::not_found()) };
    let null = &Value::Null;
    let (counts, title) = (counts.as_ref().unwrap_or(null), name(desk.lang, "texts"));
    let above = [part::inbox(desk.lang)];
    let mut page = desk.page_about(request, Section::Inbox, title, &above);
    let html = &mut page.html;
    pages::notes(html, &wrong.alert, &[]);
    begun(html, desk, request);
    tabs(html, desk, "texts", counts);
    let known = models.as_ref().unwrap_or(null);
    match found {
        Err(refused) => nothing(html, &words::gap(desk.lang, refused)),
        Ok(found) => match items(found, "/items").first() {
            Some(it) => one(html, desk, (it, known, counts), &place),
            None => none(html, desk, &place),
        },
    }
    told_models(html, desk, models);
    Ok(page.answer(wrong.status))
}

/// Does what a form asks for: labels a text, or has a model learn.
async fn take(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (sent, place): (&Sent, &Place<'_>),
) -> Result<Response, Wrong> {
    let (id, kind) = (sent.get("id"), sent.get("train"));
    let mut body = Map::new();
    let (verb, target, key) = if kind.is_empty() {
        for name in ["topic", "sentiment"] {
            if !sent.get(name).is_empty() {
                body.insert(name.to_owned(), sent.get(name).into());
            }
        }
        (Verb::Patch, format!("/v1/comments/{}", word(id)), key_of(sent, id))
    } else {
        (Verb::Post, format!("/v1/models/{}/train", word(kind)), key_of(sent, kind))
    };
    let body = if kind.is_empty() { Value::Object(body) } else { Value::Null };
    let call = Call {
        component: "voice",
        verb,
        target: &target,
        body: &body,
        key: &key,
        version: if kind.is_empty() { sent.version() } else { 0 },
        ..Call::default()
    };
    let done = desk.send(env, request, call).await.map_err(|it| Wrong::of(desk, &it))?;
    if kind.is_empty() {
        return Ok(desk.go(&place.path(""), "saved"));
    }
    let examples = at(&done.told, "/examples").as_i64().unwrap_or(0);
    let path = format!("{PATH}?learning={}&examples={examples}", word(kind));
    Ok(desk.go(&path, ""))
}

/// Says that a model has begun to learn.
fn begun(html: &mut Html, desk: &Desk, request: &Request) {
    let kind = request.param("learning").unwrap_or("");
    let Some((_, name)) = KINDS.iter().find(|it| it.0 == kind) else { return };
    let examples: i64 = request.param("examples").and_then(|it| it.parse().ok()).unwrap_or(0);
    let name = name.text(desk.lang);
    let said = match desk.lang {
        Lang::En => format!(
            "The model “{name}” now learns from {examples} texts. What came of it stands below \
             in a minute or two."
        ),
        Lang::Zh => format!("“{name}”模型开始用 {examples} 条文字学习，一两分钟后结果显示在下方。"),
    };
    html.put("p", &[("class", "done-note"), ("role", "status")], &said);
}

/// What to say where no text is left.
fn none(html: &mut Html, desk: &Desk, place: &Place<'_>) {
    let lang = desk.lang;
    if place.after.is_empty() {
        let none = lang.of(
            "No text wants review. What the models cannot tell comes here.",
            "没有待标注的文字。模型拿不准的文字会出现在这里。",
        );
        return nothing(html, none);
    }
    nothing(html, lang.of("That was the last one.", "这是最后一条。"));
    html.open("p", &[("class", "more")]);
    let again = lang.of("To those that were skipped", "回到跳过的文字");
    html.put("a", &[("href", &desk.href(PATH))], again);
    html.close();
}

/// The text, what was read in it, and a button for each topic.
fn one(
    html: &mut Html,
    desk: &Desk,
    (it, models, counts): (&Value, &Value, &Value),
    place: &Place<'_>,
) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "text")]);
    let left = count(counts, "texts");
    let left = match (left.as_str(), lang) {
        ("", _) => lang.of("The next text", "下一条").to_owned(),
        (left, Lang::En) => format!("{left} left"),
        (left, Lang::Zh) => format!("还剩 {left} 条"),
    };
    html.put("h2", &[("id", "text")], &left);
    html.put("p", &[("class", "said"), ("lang", text(it, "/language"))], text(it, "/text"));
    let topics = labels(models, "topic");
    facts(html, desk, it, topics);
    feelings(html, desk, place);
    buttons(html, desk, (it, topics), place);
    html.open("p", &[("class", "more")]);
    let skip = Place { after: text(it, "/id"), feels: "" };
    let does = lang.of("Skip", "跳过");
    let href = desk.href(&skip.path(""));
    html.put("a", &[("href", &href), ("data-key", "s"), ("data-does", does)], does);
    html.close();
    html.close();
}

/// The labels of a model.
fn labels<'a>(models: &'a Value, kind: &str) -> &'a [Value] {
    let found = items(models, "/items").iter().find(|it| text(it, "/kind") == kind);
    found.map_or(&[], |it| items(it, "/labels"))
}

/// What a label is called: in the reader's language where the product knows it.
fn called(lang: Lang, label: &Value) -> &str {
    let pointer = match lang {
        Lang::En => "/en",
        Lang::Zh => "/zh",
    };
    match text(label, pointer) {
        "" => text(label, "/label"),
        name => name,
    }
}

/// What was read in it.
fn facts(html: &mut Html, desk: &Desk, it: &Value, topics: &[Value]) {
    let lang = desk.lang;
    let topic = text(it, "/topic");
    let topic = match topics.iter().find(|it| text(it, "/label") == topic) {
        Some(label) => called(lang, label),
        None if topic.is_empty() => lang.of("not sure", "拿不准"),
        None => topic,
    };
    let feels = match number(it, "/sentiment") {
        Some(it) if 0.5 <= it => words::feeling(lang, "positive"),
        Some(it) if it <= -0.5 => words::feeling(lang, "negative"),
        _ => lang.of("not sure", "拿不准"),
    };
    let scored = match text(it, "/verdict") {
        "low" => lang.of("low", "低分"),
        "high" => lang.of("high", "高分"),
        _ => "",
    };
    let channel = staff::tell::of(lang, &pages::words::CHANNELS, text(it, "/channel"));
    html.open("dl", &[("class", "facts")]);
    for (term, value) in [
        (lang.of("Topic", "主题"), topic),
        (lang.of("Feeling", "情感"), feels),
        (lang.of("Score", "评分"), scored),
        (lang.of("Channel", "渠道"), channel),
        (lang.of("Day", "日期"), text(it, "/day")),
    ] {
        if !value.is_empty() {
            html.put("dt", &[], term);
            html.put("dd", &[], value);
        }
    }
    html.close();
}

/// How the text feels to the reader: it is said along with the topic.
fn feelings(html: &mut Html, desk: &Desk, place: &Place<'_>) {
    let lang = desk.lang;
    html.put("h3", &[], lang.of("How does it feel?", "情感如何？"));
    html.open("nav", &[("class", "tabs"), ("aria-label", lang.of("Feeling", "情感"))]);
    for (feels, key, name) in &FEELINGS {
        let href = desk.href(&place.path(feels));
        let name = name.text(lang);
        let current = when(*feels == place.feels, "aria-current");
        let attributes =
            [("href", href.as_str()), (current, "true"), ("data-key", key), ("data-does", name)];
        html.put("a", &attributes, name);
    }
    html.close();
}

/// One form with a button for each topic.
fn buttons(html: &mut Html, desk: &Desk, (it, topics): (&Value, &[Value]), place: &Place<'_>) {
    let lang = desk.lang;
    html.put("h3", &[], lang.of("What is it about?", "关于什么？"));
    desk.begin_form(html, PATH, "labels");
    let version = at(it, "/version").as_i64().unwrap_or(0).to_string();
    for (name, value) in [
        ("id", text(it, "/id")),
        ("version", version.as_str()),
        ("after", place.after),
        ("sentiment", place.feels),
    ] {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    let mut keys = KEYS.into_iter();
    for label in topics {
        let (value, name) = (text(label, "/label"), called(lang, label));
        let key = keys.next().unwrap_or("");
        button(html, ("topic", value), (key, name), value == text(it, "/topic"));
    }
    if !place.feels.is_empty() {
        let only = lang.of("The feeling alone", "只标注情感");
        button(html, ("only", "sentiment"), ("f", only), false);
    }
    html.close();
}

fn button(html: &mut Html, (name, value): (&str, &str), (key, label): (&str, &str), is_read: bool) {
    let does = (when(!key.is_empty(), "data-does"), label);
    let class = if is_read { "label read" } else { "label quiet" };
    let key_of = (when(!key.is_empty(), "data-key"), key);
    html.open("button", &[("class", class), ("name", name), ("value", value), key_of, does]);
    html.text(label);
    if !key.is_empty() {
        html.text(" ");
        html.put("kbd", &[("aria-hidden", "true")], key);
    }
    html.close();
}

/// The models, what they learnt and how well; managers have them learn anew.
fn told_models(html: &mut Html, desk: &Desk, told: &Told) {
    let lang = desk.lang;
    html.open("section", &[("class", "panel"), ("aria-labelledby", "models")]);
    html.put("h2", &[("id", "models")], lang.of("The models that read texts", "识别文字的模型"));
    let models = match told {
        Ok(models) => items(models, "/items"),
        Err(refused) => {
            nothing(html, &words::gap(lang, refused));
            &[]
        }
    };
    for it in models {
        let kind = text(it, "/kind");
        html.put("h3", &[], staff::tell::of(lang, &KINDS, kind));
        html.put("p", &[], &state(lang, it));
        let made_at = text(it, "/made_at");
        if !made_at.is_empty() {
            html.open("p", &[("class", "soft")]);
            time(html, desk, made_at);
            html.close();
        }
        if desk.may(Role::Manager) {
            html.open("div", &[("class", "row-acts")]);
            let label = match (kind, lang) {
                ("topic", Lang::En) => "Learn topics now",
                ("topic", Lang::Zh) => "立即训练主题模型",
                (_, Lang::En) => "Learn feelings now",
                (_, Lang::Zh) => "立即训练情感模型",
            };
            desk.button_with(html, PATH, "quiet", label, &[("train", kind)]);
            let href = desk.api(&format!("/v1/models/{}/labels", word(kind)));
            let file = lang.of("Labelled texts (CSV)", "已标注的文字（CSV）");
            html.put("a", &[("href", &href)], file);
            html.close();
        }
    }
    html.close();
}

/// Where a model comes from and how good it is, in a sentence.
fn state(lang: Lang, it: &Value) -> String {
    let percent = |pointer: &str| number(it, pointer).map(|it| plain(it * 100.0));
    let examples = number(it, "/examples").map(plain).unwrap_or_default();
    match (text(it, "/source"), percent("/accuracy"), percent("/coverage")) {
        ("trained", Some(right), Some(answered)) => match lang {
            Lang::En => format!(
                "Learnt from {examples} texts that staff labelled. Of texts new to it, it reads \
                 {answered}% by itself and is right in {right}% of those."
            ),
            Lang::Zh => format!(
                "已从员工标注的 {examples} 条文字学习。对未见过的文字，能自行识别 {answered}%，\
                 其中 {right}% 正确。"
            ),
        },
        ("uploaded", ..) => lang.of("Uploaded by an administrator.", "由管理员上传。").to_owned(),
        _ => lang
            .of(
                "The one that comes with the product. It learns your own words once 20 texts are \
                 labelled.",
                "产品自带的模型。标注满 20 条后即可学习您自己的用语。",
            )
            .to_owned(),
    }
}

/// The first texts, as the inbox shows them.
pub(crate) fn first(html: &mut Html, desk: &Desk, told: &Told) {
    let lang = desk.lang;
    let found = match told {
        Ok(found) => items(found, "/items"),
        Err(refused) => return nothing(html, &words::gap(lang, refused)),
    };
    if found.is_empty() {
        return none(html, desk, &Place { after: "", feels: "" });
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        html.open("li", &[]);
        html.put("p", &[("class", "said"), ("lang", text(it, "/language"))], text(it, "/text"));
        html.close();
    }
    html.close();
}
