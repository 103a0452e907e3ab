//! What stands beside a case: its customer, their other cases, the answer that led to it, calls,
//! compensations, private links, and what happened.

use pages::html::Html;
use pages::time::money;
use pages::words::{GRADES, STATES};
use serde_json::Value;
use staff::Desk;
use staff::tell::{self, at, items, name_of, text};
use web::lang::Lang;

use super::{EVENTS, Loaded};
use crate::queue::PATH;
use crate::words::{CALLS, GIFTS, HAPPENED, PURPOSES};

/// What contacts are called.
const CONTACTS: [(&str, &str, &str); 4] = [
    ("name", "Name", "姓名"),
    ("phone", "Phone", "电话"),
    ("email", "E-mail", "邮箱"),
    ("wechat", "WeChat", "微信"),
];

impl Loaded {
    /// Whose it is, their other cases, and the answer that led to this one.
    pub(super) fn whose(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("The customer", "客户"));
        html.open("dl", &[("class", "facts")]);
        let own = text(&self.customer, "/external_id");
        if !own.is_empty() {
            html.put("dt", &[], lang.of("Number", "客户编号"));
            html.put("dd", &[], own);
        }
        for (kind, en, zh) in CONTACTS {
            let pointer = format!("/contacts/{kind}");
            let value = match text(&self.case, &pointer) {
                "" => text(&self.customer, &pointer),
                value => value,
            };
            if !value.is_empty() {
                html.put("dt", &[], lang.of(en, zh));
                html.put("dd", &[], value);
            }
        }
        html.close();
        let id = text(&self.case, "/customer_id");
        if id.is_empty() {
            let text = lang.of("Not one of the known customers.", "未关联到已有客户。");
            html.put("p", &[("class", "soft")], text);
        } else {
            let href = desk.href(&format!("/desk/customers/{id}"));
            html.open("p", &[]);
            html.put("a", &[("href", &href)], lang.of("All about this customer", "查看客户档案"));
            html.close();
            self.others(html, desk);
        }
        self.answered(html, desk);
        html.close();
    }

    fn others(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        html.put("h3", &[], lang.of("Other complaints of theirs", "该客户的其他投诉"));
        let found = items(&self.cases, "/items");
        let mut is_empty = true;
        html.open("ul", &[("class", "plain")]);
        for it in found.iter().filter(|it| text(it, "/id") != self.id()) {
            is_empty = false;
            html.open("li", &[]);
            let href = desk.href(&format!("{PATH}/{}", text(it, "/id")));
            html.put("a", &[("href", &href)], text(it, "/number"));
            let grade = tell::of(lang, &GRADES, text(it, "/grade"));
            let state = tell::of(lang, &STATES, text(it, "/state"));
            html.text(&format!(" · {grade} · {state}"));
            let excerpt = text(it, "/excerpt");
            if !excerpt.is_empty() {
                html.put("p", &[("class", "soft excerpt")], excerpt);
            }
            html.close();
        }
        html.close();
        if is_empty {
            let text = if self.cases.is_null() {
                lang.of("They cannot be told just now.", "暂时无法获取。")
            } else {
                lang.of("None.", "无。")
            };
            html.put("p", &[("class", "soft")], text);
        }
    }

    /// The answer to a survey that led to it.
    fn answered(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        let Some(answers) = at(&self.response, "/answers").as_object() else { return };
        let heading = lang.of("What they answered before", "此前的问卷回答");
        html.put("h3", &[], heading);
        html.put("p", &[("class", "soft")], text(&self.survey, "/name"));
        html.open("dl", &[("class", "facts")]);
        for (id, value) in answers {
            let is_it = |it: &&Value| text(it, "/id") == id;
            let asked = items(&self.survey, "/definition/questions").iter().find(is_it);
            let asked = asked.map_or(&Value::Null, |it| at(it, "/text"));
            let question = match text(asked, lang.of("/en", "/zh-CN")) {
                "" => first_of(asked),
                question => question,
            };
            html.put("dt", &[], if question.is_empty() { id } else { question });
            html.put("dd", &[], &plain(value));
        }
        html.close();
    }

    /// Call-backs about it.
    pub(super) fn calls(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("Call-backs", "回电"));
        let found = items(&self.calls, "/items");
        if found.is_empty() {
            let text = if self.calls.is_null() {
                lang.of("They cannot be told just now.", "暂时无法获取。")
            } else {
                lang.of("None about this case.", "此工单暂无回电。")
            };
            html.put("p", &[("class", "soft")], text);
        }
        html.open("ul", &[("class", "plain")]);
        for it in found {
            html.open("li", &[]);
            let href = desk.href(&format!("/desk/callbacks/{}", text(it, "/id")));
            let purpose = tell::of(lang, &PURPOSES, text(it, "/purpose"));
            html.put("a", &[("href", &href)], purpose);
            html.text(" · ");
            html.text(tell::of(lang, &CALLS, text(it, "/state")));
            let when = match text(it, "/start") {
                "" => text(it, "/requested_at"),
                start => start,
            };
            html.text(" · ");
            tell::time(html, desk, when);
            html.close();
        }
        html.close();
        html.close();
    }

    /// What the customer got.
    pub(super) fn gifts(&self, html: &mut Html, desk: &Desk) {
        let given = items(&self.case, "/compensations");
        if given.is_empty() {
            return;
        }
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], desk.lang.of("Given for the trouble", "已发放的补偿"));
        html.open("ul", &[("class", "plain")]);
        for it in given {
            html.open("li", &[]);
            html.text(tell::of(desk.lang, &GIFTS, text(it, "/kind")));
            html.text(" ");
            let amount = at(it, "/amount").as_i64().unwrap_or(0);
            html.put("strong", &[], &money(amount, text(it, "/currency")));
            let reference = text(it, "/reference");
            if !reference.is_empty() {
                html.text(" · ");
                html.text(reference);
            }
            html.text(" · ");
            tell::time(html, desk, text(it, "/at"));
            html.close();
        }
        html.close();
        html.close();
    }

    /// A link that was just made: it is shown this once.
    pub(super) fn made_link(&self, html: &mut Html, desk: &Desk, link: &str) {
        if link.is_empty() {
            return;
        }
        let lang = desk.lang;
        html.open("section", &[("class", "panel"), ("role", "status")]);
        html.put("h2", &[], lang.of("The new private link", "新的专属链接"));
        let text = lang.of(
            "Give it to the customer now: it is shown this once and kept nowhere.",
            "请立即提供给客户：链接只显示这一次，不会另行保存。",
        );
        html.put("p", &[], text);
        html.put("p", &[("class", "code"), ("id", "link")], link);
        let copy =
            [("type", "button"), ("data-copy", "link"), ("hidden", ""), ("data-scripted", "")];
        html.put("button", &copy, lang.of("Copy", "复制"));
        html.close();
    }

    /// The private links of the customer, by number.
    pub(super) fn links(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("Private links", "客户专属链接"));
        html.open("ul", &[("class", "plain")]);
        for it in items(&self.case, "/links") {
            let number = at(it, "/number").as_i64().unwrap_or(0);
            let revoked = text(it, "/revoked_at");
            html.open("li", &[]);
            html.text(&format!("{number} · "));
            html.text(if revoked.is_empty() {
                lang.of("opens until ", "有效期至 ")
            } else {
                lang.of("revoked ", "已吊销于 ")
            });
            let when = if revoked.is_empty() { text(it, "/expires_at") } else { revoked };
            tell::time(html, desk, when);
            if revoked.is_empty() {
                html.text(" ");
                let path = self.path(&format!("/links/{number}/revoke"));
                desk.button(html, &path, "link-like", lang.of("Revoke", "吊销"));
            }
            html.close();
        }
        html.close();
        html.open("div", &[("class", "row-acts")]);
        desk.button(html, &self.path("/links"), "quiet", lang.of("Make a new link", "生成新链接"));
        html.close();
        html.close();
    }

    /// What happened, the newest events of it.
    pub(super) fn history(&self, html: &mut Html, desk: &Desk) {
        let lang = desk.lang;
        let found = items(&self.trail, "/items");
        html.open("section", &[("class", "panel")]);
        html.put("h2", &[], lang.of("What happened", "处理过程"));
        let first = found.first().and_then(|it| at(it, "/version").as_i64()).unwrap_or(1);
        if 1 < first {
            let href = desk.href(&self.path("?trail=all"));
            html.open("p", &[]);
            let words = match lang {
                Lang::En => format!("The latest {EVENTS}; show the first ones"),
                Lang::Zh => format!("仅显示最近 {EVENTS} 条，查看最早的记录"),
            };
            html.put("a", &[("href", &href)], &words);
            html.close();
        }
        if self.trail.is_null() {
            html.put(
                "p",
                &[("class", "soft")],
                lang.of("It cannot be told just now.", "暂时无法获取。"),
            );
        }
        self.happened(html, desk, found);
        html.close();
    }

    /// Events, a line each: when, who, what.
    pub(super) fn happened(&self, html: &mut Html, desk: &Desk, events: &[Value]) {
        html.open("ol", &[("class", "history")]);
        for it in events {
            html.open("li", &[]);
            tell::time(html, desk, text(it, "/timestamp"));
            html.text(" · ");
            html.text(&desk.who(&self.with_name(it)));
            html.text(" · ");
            html.text(&self.what(desk.lang, it));
            html.close();
        }
        html.close();
    }

    /// What an event says, with to whom a case went and which grade it got.
    fn what(&self, lang: Lang, it: &Value) -> String {
        let kind = text(it, "/type");
        let is = |pointer: &str| at(it, pointer).as_bool() == Some(true);
        let short = match kind.strip_prefix("complaint.").unwrap_or("") {
            "answered" if is("/data/asks") => "asked",
            "answered" if is("/data/is_plan") => "planned",
            short => short,
        };
        let Some((_, said)) = HAPPENED.iter().find(|it| it.0 == short) else {
            return tell::event(lang, kind).to_owned();
        };
        let mut words = said.text(lang).to_owned();
        match short {
            "assigned" | "escalated" => {
                let agent = name_of(&self.names.agents, text(it, "/data/agent_id"));
                let department = text(it, "/data/department_id");
                words.push_str(match (agent, name_of(&self.names.departments, department)) {
                    ("", "") => lang.of("nobody yet", "（暂无人选）"),
                    ("", department) => department,
                    (agent, _) => agent,
                });
            }
            "graded" => {
                words.push_str(lang.of(": ", "："));
                words.push_str(tell::of(lang, &GRADES, text(it, "/data/grade")));
            }
            _ => {}
        }
        words
    }

    /// An event with the name of the agent who did it, where the event knows them and the trail
    /// names nobody.
    fn with_name(&self, it: &Value) -> Value {
        let mut it = it.clone();
        let agent = text(&it, "/data/agent_id").to_owned();
        let by_them =
            ["complaint.answered", "complaint.noted", "complaint.solved", "complaint.closed"];
        if text(&it, "/actor_name").is_empty()
            && text(&it, "/actor").starts_with("key:")
            && by_them.contains(&text(&it, "/type"))
            && !agent.is_empty()
            && let Some(members) = it.as_object_mut()
        {
            let name = name_of(&self.names.agents, &agent);
            members.insert("actor_name".to_owned(), name.into());
        }
        it
    }
}

fn first_of(texts: &Value) -> &str {
    texts.as_object().and_then(|it| it.values().next()?.as_str()).unwrap_or("")
}

/// An answer as people read it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => {
            let mut told = String::new();
            for it in all {
                if !told.is_empty() {
                    told.push_str(", ");
                }
                told.push_str(&plain(it));
            }
            told
        }
        other => web::view::text(other),
    }
}
