//! The page of events and that of problems.

use serde_json::Value;

use crate::PROBLEMS;
use crate::html::Html;
use crate::operation::{code, summary};
use crate::parts::{Api, text};
use crate::shape::{self, Linked};
use crate::words::Lang;

/// Every event: what it means, what it is of, what it holds.
pub(crate) fn events(html: &mut Html, api: &Api<'_>, lang: Lang) {
    let mut linked = Linked::new();
    html.open("section", &[("class", "card")]);
    html.put("h2", &[], lang.of("What all events have", "所有事件共有的字段"));
    html.put(
        "p",
        &[],
        lang.of(
            "Events come to webhooks, signed as the Standard Webhooks want it, and stand in the \
             feed at GET /v1/events. Answer 2xx within 15 seconds and keep webhook-id: an event \
             comes at least once, and a repetition has the same id. Types are never taken back.",
            "事件会按 Standard Webhooks 规范签名后发往 webhook，也可在 GET /v1/events 读取。请在 15 秒内\
             以 2xx 应答并记下 webhook-id：每个事件至少送达一次，重复送达的 id 相同。事件类型不会被收回。",
        ),
    );
    shape::table(html, api.schema("Event"), lang, &mut linked);
    html.close();
    html.open("section", &[("class", "card")]);
    html.put("h2", &[], lang.of("Types", "事件类型"));
    html.open("ul", &[("class", "operations")]);
    for (kind, it) in api.webhooks() {
        html.open("li", &[]);
        html.put("a", &[("href", &format!("#{kind}"))], kind);
        html.text(" ");
        html.text(summary(it.get("post").unwrap_or(&Value::Null), lang));
        html.close();
    }
    html.close();
    html.close();
    for (kind, it) in api.webhooks() {
        event(html, kind, it.get("post").unwrap_or(&Value::Null), lang);
    }
}

fn event(html: &mut Html, kind: &str, told: &Value, lang: Lang) {
    html.open("section", &[("class", "card"), ("id", kind)]);
    html.open("h2", &[]);
    html.put("code", &[], kind);
    html.close();
    html.put("p", &[], summary(told, lang));
    let media = told.pointer("/requestBody/content/application~1json").unwrap_or(&Value::Null);
    let properties = media.pointer("/schema/properties").unwrap_or(&Value::Null);
    let subject = properties.pointer("/subject/pattern").and_then(Value::as_str).unwrap_or("");
    html.open("p", &[]);
    html.text(lang.of("Its subject is ", "其 subject 为 "));
    html.put("code", &[], &format!("{}…", subject.trim_start_matches('^')));
    html.close();
    let data = properties.get("data").unwrap_or(&Value::Null);
    if data.get("properties").is_some() {
        html.put("h3", &[], lang.of("Members of data", "data 的字段"));
        shape::table(html, data, lang, &mut Linked::new());
    }
    if let Some(example) = media.get("example") {
        html.open("details", &[]);
        html.put("summary", &[], lang.of("Example", "示例"));
        code(html, &format!("{example:#}"), "JSON", "json");
        html.close();
    }
    html.close();
}

/// Every problem, by its status.
pub(crate) fn problems(html: &mut Html, api: &Api<'_>, lang: Lang) {
    html.open("section", &[("class", "card")]);
    html.put("h2", &[], lang.of("What a problem says", "问题的字段"));
    shape::table(html, api.schema("Problem"), lang, &mut Linked::new());
    html.close();
    let mut last = "";
    for line in PROBLEMS.lines() {
        let mut parts = line.split('|').map(str::trim);
        let (status, kind) = parts.next().unwrap_or("").split_once(' ').unwrap_or_default();
        let (en, zh) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if status != last {
            if !last.is_empty() {
                html.close();
                html.close();
            }
            last = status;
            let id = format!("status-{status}");
            html.open("section", &[("class", "card"), ("id", &id)]);
            html.put("h2", &[("class", "number")], status);
            html.open("ul", &[]);
        }
        html.open("li", &[]);
        html.put("code", &[], kind);
        html.text(lang.of(" — ", " —— "));
        html.text(lang.of(en, zh));
        html.close();
    }
    if !last.is_empty() {
        html.close();
        html.close();
    }
}

/// The schemas that a page links to, and those that these link to.
pub(crate) fn schemas(html: &mut Html, api: &Api<'_>, lang: Lang, mut open: Linked) {
    let mut drawn = Linked::new();
    while let Some(name) = open.pop_first() {
        if !drawn.insert(name.clone()) {
            continue;
        }
        html.open("section", &[("class", "card"), ("id", &format!("schema-{name}"))]);
        html.put("h2", &[], &name);
        let schema = api.schema(&name);
        shape::table(html, schema, lang, &mut open);
        if let Some(example) = schema.get("example") {
            code(html, &format!("{example:#}"), text(schema, "title"), "json");
        }
        html.close();
    }
}
