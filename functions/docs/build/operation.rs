//! One operation: who may call it, what it takes, what it answers, and a line that calls it.

use serde_json::Value;

use crate::curl;
use crate::html::Html;
use crate::parts::{Api, Operation, list, object, text};
use crate::shape::{self, Linked};
use crate::words::{self, Lang};

/// Draws it.
pub(crate) fn draw<'a>(
    html: &mut Html,
    api: &Api<'a>,
    it: &Operation<'a>,
    lang: Lang,
    linked: &mut Linked,
) {
    html.open("section", &[("class", "card"), ("id", it.id())]);
    html.open("h2", &[]);
    verb(html, &it.method);
    html.put("code", &[], it.path);
    html.close();
    html.put("p", &[], summary(it.told, lang));
    shape::prose(html, text(it.told, "description"), lang);
    html.open("p", &[]);
    html.put("b", &[], lang.of("Who may: ", "谁可以调用："));
    html.text(words::who(text(it.told, "x-who"), lang));
    html.close();
    parameters(html, api, it.told, lang, linked);
    if let Some(body) = it.told.get("requestBody") {
        let must = body.get("required") != Some(&Value::Bool(false));
        let optional = lang.of("Body, which may be left out", "请求体（可省略）");
        html.put("h3", &[], if must { lang.of("Body", "请求体") } else { optional });
        content(html, body, lang, linked);
    }
    html.put("h3", &[], lang.of("Answers", "应答"));
    answers(html, api, it.told, lang, linked);
    html.put("h3", &[], lang.of("Call it", "调用"));
    let line = curl::line(api, it);
    code(html, &line, lang.of("Command", "命令"), "shell");
    html.close();
}

/// What it does, in one of the languages.
pub(crate) fn summary(told: &Value, lang: Lang) -> &str {
    text(told, lang.of("summary", "x-summary-zh"))
}

/// The method, as a mark.
pub(crate) fn verb(html: &mut Html, method: &str) {
    html.put("span", &[("class", "verb")], method);
    html.text(" ");
}

/// A text that is copied from. It may be wider than the page, so the keyboard has to reach it.
pub(crate) fn code(html: &mut Html, text: &str, label: &str, kind: &str) {
    let attributes =
        [("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", label)];
    html.open("pre", &attributes);
    html.put("code", &[("class", kind)], text);
    html.close();
}

fn parameters<'a>(
    html: &mut Html,
    api: &Api<'a>,
    told: &'a Value,
    lang: Lang,
    linked: &mut Linked,
) {
    let all = list(told, "parameters");
    let (shared, own): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.get("$ref").is_some());
    if all.is_empty() {
        return;
    }
    html.put("h3", &[], lang.of("Parameters", "参数"));
    if !own.is_empty() {
        shape::head(html, lang);
        own.into_iter().for_each(|it| parameter(html, "", it, lang, linked));
        html.close();
        html.close();
    }
    if shared.is_empty() {
        return;
    }
    // Told once, on the first page.
    html.open("p", &[]);
    html.text(lang.of("As everywhere:", "通用参数："));
    for it in shared {
        let name = text(api.followed(it), "name");
        let target = format!("/docs?lang={}#parameter-{name}", lang.tag());
        html.text(" ");
        html.put("a", &[("href", &target), ("class", "touch")], name);
    }
    html.close();
}

/// One parameter as a row.
pub(crate) fn parameter(html: &mut Html, id: &str, it: &Value, lang: Lang, linked: &mut Linked) {
    let name = text(it, "name");
    shape::row(html, (id, name), it.get("required").is_some(), lang);
    html.put("small", &[], place(text(it, "in"), lang));
    html.text(lang.of(": ", "："));
    shape::say(html, it.get("schema").unwrap_or(&Value::Null), lang, linked);
    shape::prose(html, text(it, "description"), lang);
    html.close();
    html.close();
}

fn place(word: &str, lang: Lang) -> &str {
    match word {
        "path" => lang.of("path", "路径"),
        "query" => lang.of("query", "查询"),
        _ => lang.of("header", "请求头"),
    }
}

/// What a body or an answer holds, for each of its media types.
fn content(html: &mut Html, of: &Value, lang: Lang, linked: &mut Linked) {
    for (media, told) in object(of, "content") {
        if media != "application/json" {
            html.open("p", &[]);
            html.put("code", &[], media);
            html.close();
        }
        if media.contains("json") {
            let schema = told.get("schema").unwrap_or(&Value::Null);
            shape::table(html, schema, lang, linked);
        }
        if let Some(example) = told.get("example") {
            html.open("details", &[]);
            html.put("summary", &[], lang.of("Example", "示例"));
            let shown = match example.as_str().filter(|_| !media.contains("json")) {
                Some(text) => text.to_owned(),
                None => format!("{example:#}"),
            };
            code(html, &shown, lang.of("Example", "示例"), "json");
            html.close();
        }
    }
}

fn answers<'a>(html: &mut Html, api: &Api<'a>, told: &'a Value, lang: Lang, linked: &mut Linked) {
    let mut problems = Vec::new();
    for (status, answer) in object(told, "responses") {
        if text(answer, "$ref").contains("/Problem") {
            problems.push(status.as_str());
            continue;
        }
        html.open("p", &[]);
        html.put("b", &[("class", "number")], status);
        html.text(" ");
        html.text(meaning(status, answer, lang));
        html.close();
        // What is shared by all is told once, on the first page.
        if answer.get("$ref").is_none() {
            content(html, api.followed(answer), lang, linked);
        }
    }
    if problems.is_empty() {
        return;
    }
    html.open("p", &[]);
    html.text(lang.of("Problems:", "可能的问题："));
    for status in problems {
        html.text(" ");
        let target = format!("/docs/problems?lang={}#status-{status}", lang.tag());
        html.put("a", &[("href", &target), ("class", "touch")], status);
    }
    html.close();
}

fn meaning<'a>(status: &str, answer: &'a Value, lang: Lang) -> &'a str {
    match status {
        "201" => lang.of("Made.", "已创建。"),
        "202" => lang.of("Begun.", "已受理。"),
        "204" => lang.of("Done; no body.", "已完成，无正文。"),
        "303" => lang.of("See the page that it leads to.", "转到所指的页面。"),
        "304" => lang.of("What you have is still so.", "您已有的内容仍是最新。"),
        "4XX" => lang.of("A page that says what to do.", "一个说明该怎么做的页面。"),
        "5XX" => lang.of("Something went wrong on our side.", "服务端出现错误。"),
        _ if answer.get("content").is_some() => lang.of("Here it is.", "返回内容。"),
        _ => "",
    }
}
