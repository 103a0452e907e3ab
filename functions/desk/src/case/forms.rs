//! What may be done with a case: a form for each, closed until somebody wants it.

use domain::case::act::Act;
use pages::html::{Html, when};
use pages::words::{GRADES, NEEDS, TYPES, URGENCIES};
use serde_json::Value;
use staff::form::{Empty, Kind};
use staff::tell::{self, at, choices, text};
use staff::{Desk, Filled, Form, Input, Sent};
use web::Request;
use web::lang::Lang;

use super::{Extra, Loaded};
use crate::bulk::closing;
use crate::queue::Names;
use crate::words::{GIFTS, TIERS};

/// Words in English and in Chinese.
type Both = (&'static str, &'static str);

/// One thing that may be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deed {
    /// The last part of the address, here and in the API.
    pub(super) name: &'static str,
    /// What it is to the case.
    pub(super) act: Act,
    /// The key that opens its form.
    key: &'static str,
    called: Both,
    /// What its button says.
    button: Both,
    /// Templates that its text may begin from.
    kinds: &'static [&'static str],
    /// What is said once it is done.
    pub(super) done: &'static str,
}

const fn deed(
    (name, act, key): (&'static str, Act, &'static str),
    (called, button): (Both, Both),
    kinds: &'static [&'static str],
    done: &'static str,
) -> Deed {
    Deed { name, act, key, called, button, kinds, done }
}

/// All of them, in the order of a day's work.
pub(super) static DEEDS: [Deed; 11] = [
    deed(
        ("answer", Act::Answer, "r"),
        (("Reply to the customer", "答复客户"), ("Send the reply", "发送答复")),
        &["answer", "question", "plan"],
        "sent",
    ),
    deed(
        ("note", Act::Note, "n"),
        (("Note, among staff", "内部备注"), ("Keep the note", "保存备注")),
        &["note"],
        "saved",
    ),
    deed(
        ("assign", Act::Assign, "h"),
        (("Hand over", "转交"), ("Hand over", "转交")),
        &[],
        "assigned",
    ),
    deed(
        ("escalate", Act::Escalate, "e"),
        (("Escalate", "升级"), ("Escalate", "升级")),
        &[],
        "done",
    ),
    deed(
        ("solve", Act::Solve, "s"),
        (("Solve", "标记为解决"), ("Tell the customer it is solved", "告知客户并标记解决")),
        &["solution"],
        "solved",
    ),
    deed(
        ("close", Act::Close, "c"),
        (("Close", "结案"), ("Close the case", "确认结案")),
        &[],
        "closed",
    ),
    deed(
        ("compensate", Act::Compensate, "m"),
        (("Compensate", "补偿"), ("Give it", "确认补偿")),
        &[],
        "done",
    ),
    deed(
        ("grade", Act::Classify, "d"),
        (("Grade by hand", "人工定级"), ("Set the grade", "保存定级")),
        &[],
        "saved",
    ),
    deed(
        ("change", Act::Classify, "p"),
        (("Type, need, urgency, touchpoint", "类型、需求、紧急程度、触点"), ("Save", "保存")),
        &[],
        "saved",
    ),
    deed(
        ("reopen", Act::Reopen, "o"),
        (("Open it again", "重新打开"), ("Open it again", "重新打开")),
        &[],
        "done",
    ),
    deed(
        ("merge", Act::Merge, "x"),
        (("Merge into another", "并入其他工单"), ("Merge", "合并")),
        &[],
        "done",
    ),
];

/// The deed of this name.
pub(super) fn named(name: &str) -> Option<&'static Deed> {
    DEEDS.iter().find(|it| it.name == name)
}

/// What it takes. Of what can be chosen the page knows; whoever reads a form needs none of it.
pub(super) fn form(lang: Lang, name: &str, names: &Names, causes: &Value) -> Form {
    let words = |en: &'static str, zh: &'static str| lang.of(en, zh);
    let reason = words("Reason", "原因");
    let inputs = match name {
        "answer" => vec![
            Input::new("text", words("What the customer reads", "答复内容"), Kind::Text)
                .needed()
                .draft(),
            Input::new(
                "asks",
                words("It asks something: it is their turn", "需要客户回复"),
                Kind::Flag,
            ),
            Input::new(
                "is_plan",
                words("It says how it will be solved", "包含明确的解决方案"),
                Kind::Flag,
            ),
        ],
        "note" => vec![
            Input::new("text", words("Only staff read it", "仅内部可见"), Kind::Text)
                .needed()
                .draft(),
        ],
        "assign" => vec![
            Input::new("to", words("To whom", "转交给"), Kind::Choice(names.takers.clone()))
                .needed(),
            Input::line("reason", words("Reason (optional)", "原因（选填）")),
        ],
        "escalate" => return escalating(lang, names),
        "solve" => return solving(lang),
        "close" => return closing(lang, causes, "close"),
        "compensate" => return compensating(lang),
        "grade" => vec![
            Input::new(
                "grade",
                words("Grade", "等级"),
                Kind::Choice(choices(lang, &GRADES, words("As it is", "不变"))),
            ),
            Input::new(
                "tier",
                words("Tier", "分级"),
                Kind::Choice(choices(lang, &TIERS, words("As the grade has it", "随等级"))),
            ),
            Input::new("reason", reason, Kind::Text).needed().draft(),
        ],
        "change" => return changing(lang, names),
        "reopen" => vec![Input::new("reason", reason, Kind::Text).needed().draft()],
        _ => vec![
            Input::line("into", words("Into which", "并入工单"))
                .hint(words(
                    "Its ticket number. Its page then shows what was said in both.",
                    "填写工单号，两件的沟通记录将在该工单中一并显示。",
                ))
                .needed(),
            Input::line("reason", words("Reason (optional)", "原因（选填）")),
        ],
    };
    let scope = named(name).map_or("merge", |it| it.name);
    Form::new(inputs).scoped(scope)
}

fn escalating(lang: Lang, names: &Names) -> Form {
    let mut agents = vec![(String::new(), lang.of("Whoever is free", "空闲的人员").to_owned())];
    let is_agent = |it: &&(String, String)| it.0.starts_with("agt_");
    agents.extend(names.takers.iter().filter(is_agent).cloned());
    Form::new(vec![
        Input::new("reason", lang.of("Why an expert is needed", "升级原因"), Kind::Text)
            .needed()
            .draft(),
        Input::new("agent_id", lang.of("Whom", "升级给"), Kind::Choice(agents)),
        Input::line("skill", lang.of("With which skill (optional)", "所需技能（选填）")),
    ])
    .scoped("escalate")
}

fn solving(lang: Lang) -> Form {
    let first = vec![
        (String::new(), lang.of("As the trail tells", "按处理记录判断").to_owned()),
        ("true".to_owned(), lang.of("Yes", "是").to_owned()),
        ("false".to_owned(), lang.of("No", "否").to_owned()),
    ];
    let label = lang.of("Was one answer enough?", "是否首次答复即解决？");
    Form::new(vec![
        Input::new(
            "text",
            lang.of("What was done, for the customer", "解决结果（客户可见）"),
            Kind::Text,
        )
        .needed()
        .draft(),
        Input::new("is_first_contact", label, Kind::Choice(first)),
    ])
    .scoped("solve")
}

fn compensating(lang: Lang) -> Form {
    let kinds = choices(lang, &GIFTS, "");
    Form::new(vec![
        Input::new("kind", lang.of("What", "方式"), Kind::Choice(kinds)).needed(),
        Input::line("amount", lang.of("How much", "金额"))
            .hint(
                lang.of(
                    "In whole units, such as 50 or 12.50.",
                    "以元等主单位填写，例如 50 或 12.50。",
                ),
            )
            .needed(),
        Input::line("currency", lang.of("Currency", "货币"))
            .hint(lang.of("Its code, such as CNY.", "货币代码，例如 CNY。"))
            .needed(),
        Input::line(
            "reference",
            lang.of("Coupon code or refund number (optional)", "券码或退款单号（选填）"),
        ),
        Input::line("reason", lang.of("Reason (optional)", "原因（选填）")),
    ])
    .scoped("compensate")
}

fn changing(lang: Lang, names: &Names) -> Form {
    let unknown = lang.of("Not known", "未知");
    let mut touchpoints = vec![(String::new(), unknown.to_owned())];
    touchpoints.extend_from_slice(&names.touchpoints);
    let choice =
        |name, label, options, empty| Input::new(name, label, Kind::Choice(options)).empty(empty);
    Form::new(vec![
        choice("type", lang.of("Type", "类型"), choices(lang, &TYPES, unknown), Empty::Text),
        choice("need", lang.of("Need", "需求"), choices(lang, &NEEDS, unknown), Empty::Null),
        choice(
            "urgency",
            lang.of("Urgency", "紧急程度"),
            choices(lang, &URGENCIES, ""),
            Empty::Leave,
        ),
        choice("touchpoint_id", lang.of("Touchpoint", "触点"), touchpoints, Empty::Text),
    ])
    .scoped("change")
}

impl Loaded {
    /// The forms of what may be done where the case stands; and the one that was sent, even where
    /// it cannot be done any more: what was typed is not lost.
    pub(super) fn forms(&self, html: &mut Html, desk: &Desk, request: &Request, extra: &Extra) {
        let lang = desk.lang;
        html.open("section", &[("class", "panel acts"), ("aria-labelledby", "acts")]);
        html.put("h2", &[("id", "acts")], lang.of("What to do", "处理操作"));
        let template = request.param("template").unwrap_or("");
        let template = self.templates.iter().find(|it| text(it, "/id") == template);
        let mut has_any = false;
        for deed in &DEEDS {
            let is_sent = extra.act == deed.name && extra.filled.is_some();
            if !self.may(deed.act) && !is_sent {
                continue;
            }
            has_any = true;
            let begun = template.filter(|it| deed.kinds.contains(&text(it, "/kind")));
            self.one(html, desk, deed, (extra, begun));
        }
        if !has_any {
            let text = lang.of("Nothing: it became part of another.", "此工单已合并，无可用操作。");
            html.put("p", &[("class", "soft")], text);
        }
        html.close();
    }

    fn one(
        &self,
        html: &mut Html,
        desk: &Desk,
        deed: &Deed,
        (extra, begun): (&Extra, Option<&Value>),
    ) {
        let lang = desk.lang;
        let form = form(lang, deed.name, &self.names, &self.causes);
        let sent = extra.filled.as_ref().filter(|_| extra.act == deed.name);
        let mut filled = sent.cloned().unwrap_or_else(|| self.begun(&form, deed.name));
        if let Some(it) = begun {
            filled.set("text", self.text_of(lang, it));
            if sent.is_none() {
                let kind = text(it, "/kind");
                let tick = if kind == "question" { "asks" } else { "is_plan" };
                if ["question", "plan"].contains(&kind) {
                    filled.set(tick, "true");
                }
            }
        }
        if sent.is_some() && filled.status == 412 && deed.name == "change" {
            let typed = Sent { pairs: filled.pairs.clone() };
            desk.meanwhile(&mut filled, (&form, &typed), &self.case);
        }
        // Sent again it goes on from what stands there now.
        filled.version = self.version();
        let is_open = extra.act == deed.name || begun.is_some();
        let called = lang.of(deed.called.0, deed.called.1);
        html.open(
            "details",
            &[
                ("id", deed.name),
                (when(is_open, "open"), ""),
                ("data-key", deed.key),
                ("data-does", called),
            ],
        );
        html.open("summary", &[]);
        html.text(called);
        html.text(" ");
        html.put(
            "kbd",
            &[("aria-hidden", "true"), ("hidden", ""), ("data-scripted", "")],
            deed.key,
        );
        html.close();
        desk.begin_form(html, &self.path(&format!("/{}", deed.name)), "");
        self.templates(html, desk, deed);
        form.draw(html, desk, &filled);
        let danger = if deed.name == "merge" { "danger" } else { "" };
        html.put(
            "button",
            &[(when(!danger.is_empty(), "class"), danger)],
            lang.of(deed.button.0, deed.button.1),
        );
        html.close();
        html.close();
    }

    /// What stands in a form that nobody touched.
    fn begun(&self, form: &Form, name: &str) -> Filled {
        let mut filled = match name {
            "change" => Filled::of(form, &self.case),
            _ => Filled::default(),
        };
        if name == "compensate" {
            let before = text(&self.case, "/compensations/0/currency");
            filled.set("currency", if before.is_empty() { "CNY" } else { before });
        }
        filled
    }

    /// Texts to begin from: a list to choose from where scripts run, links where they do not.
    fn templates(&self, html: &mut Html, desk: &Desk, deed: &Deed) {
        let lang = desk.lang;
        let fits = |it: &&Value| {
            deed.kinds.contains(&text(it, "/kind")) && at(it, "/is_active").as_bool() != Some(false)
        };
        if !self.templates.iter().any(|it| fits(&it)) {
            return;
        }
        let (id, into) = (format!("{}-template", deed.name), format!("{}-text", deed.name));
        let label = lang.of("Begin from a template", "使用模板");
        html.open("div", &[("class", "field"), ("hidden", ""), ("data-scripted", "")]);
        html.put("label", &[("for", &id)], label);
        html.open("select", &[("id", &id), ("data-insert", &into)]);
        html.put("option", &[("value", "")], "–");
        for it in self.templates.iter().filter(fits) {
            let own = self.text_of(lang, it);
            html.put(
                "option",
                &[("value", text(it, "/id")), ("data-text", own)],
                text(it, "/name"),
            );
        }
        html.close();
        html.close();
        html.open("noscript", &[]);
        html.open("p", &[("class", "soft")]);
        html.text(label);
        html.text(lang.of(": ", "："));
        for it in self.templates.iter().filter(fits) {
            let query = format!("?template={}", text(it, "/id"));
            let href = format!("{}#{}", desk.href(&self.path(&query)), deed.name);
            html.put("a", &[("href", &href)], text(it, "/name"));
            html.text(" ");
        }
        html.close();
        html.close();
    }

    /// The text of a template in the customer's language, else in the reader's, else whichever.
    fn text_of<'a>(&self, lang: Lang, it: &'a Value) -> &'a str {
        let Some(texts) = at(it, "/texts").as_object() else { return "" };
        let own = |language: &str| texts.get(language).and_then(Value::as_str);
        let theirs = text(&self.case, "/language");
        let first = || texts.values().next().and_then(Value::as_str);
        own(theirs).or_else(|| own(lang.tag())).or_else(first).unwrap_or("")
    }
}

/// What grade a text would get, as the API tells it.
pub(crate) fn graded(html: &mut Html, lang: Lang, words: &str, told: &Value) {
    html.open("p", &[]);
    crate::queue::badges(html, lang, told);
    html.close();
    html.open("p", &[("class", "words")]);
    super::told::marks(html, words, tell::items(told, "/grading/matched"));
    html.close();
}
