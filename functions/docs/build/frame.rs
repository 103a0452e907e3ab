//! A whole page: the frame, the links to the others, and what it is about.

use crate::Failure;
use crate::events;
use crate::html::{Html, when};
use crate::operation;
use crate::parts::{Api, EVENTS, INDEX, PROBLEMS, Tag, text};
use crate::shape::{self, Linked};
use crate::words::{INTRODUCTION, Lang};

/// A page by its name.
pub(crate) fn page(api: &Api<'_>, name: &str, lang: Lang) -> Result<Vec<u8>, Failure> {
    let tag = api.tags.iter().find(|it| it.name == name);
    let title = title(name, tag, lang);
    let mut html = head(&title, lang);
    top(&mut html, name, lang);
    html.open("div", &[("class", "columns")]);
    parts(&mut html, api, name, lang);
    html.open("main", &[("id", "main")]);
    html.open("div", &[("class", "card")]);
    html.put("h1", &[], &title);
    match (name, tag) {
        (_, Some(tag)) => tagged(&mut html, api, tag, lang),
        (INDEX, _) => index(&mut html, api, lang),
        (EVENTS, _) => {
            html.close();
            events::events(&mut html, api, lang);
        }
        (PROBLEMS, _) => {
            html.close();
            events::problems(&mut html, api, lang);
        }
        _ => return Err(format!("there is no page {name}").into()),
    }
    Ok(html.done())
}

fn title(name: &str, tag: Option<&Tag<'_>>, lang: Lang) -> String {
    match (name, tag) {
        (_, Some(tag)) => short(said(tag, lang)).to_owned(),
        (EVENTS, _) => lang.of("Events", "事件").to_owned(),
        (PROBLEMS, _) => lang.of("Problems", "问题").to_owned(),
        _ => lang.of("The API of Huiyin", "回音 API").to_owned(),
    }
}

/// What a tag is about.
fn said<'a>(tag: &'a Tag<'_>, lang: Lang) -> &'a str {
    text(tag.told, lang.of("description", "x-description-zh"))
}

/// What it is about, up to where the details begin.
fn short(said: &str) -> &str {
    said.split([':', ';', ',', '.', '：', '；', '，', '。']).next().unwrap_or(said)
}

fn head(title: &str, lang: Lang) -> Html {
    let mut html = Html::new();
    html.open("html", &[("lang", lang.tag()), ("dir", "ltr")]);
    html.open("head", &[]);
    html.void("meta", &[("charset", "utf-8")]);
    html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.put("title", &[], &format!("{title} · Huiyin 回音"));
    // Without one, browsers ask for /favicon.ico.
    html.void("link", &[("rel", "icon"), ("href", "data:,")]);
    html.void("link", &[("rel", "stylesheet"), ("href", "/docs/style.css")]);
    html.put("script", &[("src", "/docs/script.js"), ("defer", "")], "");
    html.close();
    html.open("body", &[]);
    html
}

/// Where a page is.
fn path(name: &str) -> String {
    if name == INDEX { "/docs".to_owned() } else { format!("/docs/{name}") }
}

fn top(html: &mut Html, name: &str, lang: Lang) {
    html.put("a", &[("class", "skip"), ("href", "#main")], lang.of("To the contents", "跳到内容"));
    html.open("nav", &[("aria-label", lang.of("Language", "语言")), ("class", "languages")]);
    for (it, own) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
        let address = format!("{}?lang={}", path(name), it.tag());
        let attributes = [
            ("href", address.as_str()),
            ("lang", it.tag()),
            ("hreflang", it.tag()),
            (when(it == lang, "aria-current"), "true"),
        ];
        html.put("a", &attributes, own);
    }
    html.close();
}

/// Links to all pages.
fn parts(html: &mut Html, api: &Api<'_>, name: &str, lang: Lang) {
    html.open("nav", &[("class", "parts"), ("aria-label", lang.of("Parts", "各部分"))]);
    html.open("ul", &[]);
    let fixed = [
        (INDEX, lang.of("Overview", "总览")),
        (EVENTS, lang.of("Events", "事件")),
        (PROBLEMS, lang.of("Problems", "问题")),
    ];
    let is_tag = |name: &str| api.tags.iter().any(|it| it.name == name);
    let fixed = fixed.into_iter().filter(|it| !is_tag(it.0));
    let of_tags = api.tags.iter().map(|it| (it.name, short(said(it, lang))));
    for (page, shown) in fixed.chain(of_tags) {
        let address = format!("{}?lang={}", path(page), lang.tag());
        html.open("li", &[]);
        let is_here = when(page == name, "aria-current");
        html.put("a", &[("href", &address), (is_here, "page")], shown);
        html.close();
    }
    html.open("li", &[]);
    html.put("a", &[("href", "/openapi.json")], "OpenAPI 3.1");
    html.close();
    html.close();
    html.close();
}

fn index(html: &mut Html, api: &Api<'_>, lang: Lang) {
    for (en, zh) in INTRODUCTION {
        html.put("p", &[], lang.of(en, zh));
    }
    html.close();
    shared(html, api, lang);
    html.open("section", &[("class", "card")]);
    html.put("h2", &[], lang.of("All operations", "全部操作"));
    search(html, lang);
    for tag in &api.tags {
        html.open("div", &[("data-group", "")]);
        html.put("h3", &[], short(said(tag, lang)));
        contents(html, tag, &format!("{}?lang={}", path(tag.name), lang.tag()), lang);
        html.close();
    }
}

/// What many operations take, told once.
fn shared(html: &mut Html, api: &Api<'_>, lang: Lang) {
    html.open("section", &[("class", "card")]);
    html.put("h2", &[], lang.of("Parameters as everywhere", "通用参数"));
    shape::head(html, lang);
    for (name, it) in api.parameters() {
        let id = format!("parameter-{name}");
        operation::parameter(html, &id, it, lang, &mut Linked::new());
    }
    html.close();
    html.close();
    html.close();
}

/// Shown by the script alone, which makes it work.
fn search(html: &mut Html, lang: Lang) {
    html.open("div", &[("class", "field"), ("data-search", ""), ("hidden", "")]);
    html.put("label", &[("for", "search")], lang.of("Search", "搜索"));
    html.void("input", &[("id", "search"), ("type", "search"), ("autocomplete", "off")]);
    let found = lang.of("{n} found", "找到 {n} 项");
    html.put("p", &[("class", "hint"), ("role", "status"), ("data-found", found)], "");
    html.close();
}

/// The operations of a tag as links; `page` is where they are.
fn contents(html: &mut Html, tag: &Tag<'_>, page: &str, lang: Lang) {
    html.open("ul", &[("class", "operations")]);
    for it in &tag.operations {
        html.open("li", &[]);
        html.open("a", &[("href", &format!("{page}#{}", it.id()))]);
        operation::verb(html, &it.method);
        html.put("code", &[], it.path);
        html.close();
        html.text(" ");
        html.text(operation::summary(it.told, lang));
        html.close();
    }
    html.close();
}

fn tagged(html: &mut Html, api: &Api<'_>, tag: &Tag<'_>, lang: Lang) {
    html.put("p", &[], said(tag, lang));
    contents(html, tag, "", lang);
    html.close();
    // The operations on events, and then the events themselves.
    if tag.name == EVENTS {
        events::events(html, api, lang);
    }
    let mut linked = Linked::new();
    for it in &tag.operations {
        operation::draw(html, api, it, lang, &mut linked);
    }
    events::schemas(html, api, lang, linked);
}
