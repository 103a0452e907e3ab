//! The customer's page: where the case stands, what was said, and what they may do.

use app::case::customer::{Sent, WrongText};
use domain::UtcMs;
use domain::case::State;
use domain::case::act::Act;
use pages::html::{Html, when};
use pages::time::{moment, money, zone_name};
use pages::{Field, Frame, field};
use serde_json::Value;
use store::case_texts::Text;
use web::lang::Lang;

use crate::note::Note;
use crate::{Shown, promise};

/// What is drawn.
pub(crate) struct Sheet<'a> {
    pub(crate) lang: Lang,
    /// The address of the page, as the outside sees it.
    pub(crate) url: &'a str,
    /// The key of its forms.
    pub(crate) key: &'a str,
    pub(crate) now: UtcMs,
    pub(crate) shown: &'a Shown,
    /// What was typed, where something is wrong with it.
    pub(crate) sent: &'a Sent,
    pub(crate) note: Note,
}

/// Kinds of texts that are the customer's own.
const THEIRS: [&str; 6] = ["complaint", "more", "customer", "appeal", "reopening", "rating"];

impl Sheet<'_> {
    /// The whole page.
    pub(crate) fn draw(&self) -> Vec<u8> {
        let lang = self.lang;
        let title = match lang {
            Lang::En => format!("Complaint {}", self.shown.case.number),
            Lang::Zh => format!("投诉 {}", self.shown.case.number),
        };
        let title = match self.note.is_failure() {
            true => format!("{}{title}", lang.of("Error: ", "有误：")),
            false => title,
        };
        let mut html = Frame::of(lang, &title).begin();
        let path = self.url.splitn(4, '/').last().unwrap_or("");
        pages::languages(&mut html, lang, &format!("/{path}"), "");
        html.open("main", &[]);
        html.open("section", &[("class", "card")]);
        self.told(&mut html);
        self.standing(&mut html);
        html.close();
        self.talk(&mut html);
        self.gifts(&mut html);
        self.forms(&mut html);
        html.close();
        self.foot(&mut html);
        html.done()
    }

    fn moment(&self, at: UtcMs) -> String {
        moment(self.lang, self.shown.zone, at, self.now)
    }

    /// What came of the last form.
    fn told(&self, html: &mut Html) {
        let lang = self.lang;
        let text = match self.note {
            Note::None => return,
            Note::Opened => return self.acknowledged(html),
            Note::Said => lang.of("Thank you. We have what you wrote.", "谢谢，您的补充已收到。"),
            Note::Appealed => lang.of(
                "Thank you for telling us. We are looking at it again.",
                "谢谢您的反馈，我们会重新处理。",
            ),
            Note::Reopened => lang.of("Your complaint is open again.", "您的投诉已重新打开。"),
            Note::Rated => lang.of("Thank you for your rating.", "谢谢您的评价。"),
            Note::Wrong => lang.of("Please check what is marked", "请检查标出的内容"),
            Note::Stale => lang.of(
                "This form could not be read. Please send it once more.",
                "表单无法读取，请再提交一次。",
            ),
            Note::Sent => lang.of(
                "This form was sent already. To say what you have typed since, send it once more.",
                "此表单此前已提交。如需提交新写的内容，请再提交一次。",
            ),
            Note::Busy => lang.of(
                "Too much is coming in just now. Please send it again in a moment.",
                "目前提交过于频繁，请稍后再试。",
            ),
            Note::Over => lang.of(
                "This cannot be done any more: the complaint has moved on meanwhile.",
                "投诉状态已变化，此操作已无法进行。",
            ),
        };
        if !self.note.is_failure() {
            html.open("div", &[("class", "done-note"), ("role", "status")]);
            html.put("p", &[], text);
            html.close();
            return;
        }
        let mut wrong = Vec::new();
        if self.sent.wants_csat {
            wrong.push(("csat-1", self.wants_csat()));
        }
        let id = format!("{}-text", self.sent.name());
        if let Some(it) = self.sent.wrong_text {
            wrong.push((id.as_str(), wrong_text(lang, it)));
        }
        pages::notes(html, text, &wrong);
    }

    fn wants_csat(&self) -> &'static str {
        self.lang.of("Please choose how satisfied you are", "请选择满意程度")
    }

    /// The complaint came in just now.
    fn acknowledged(&self, html: &mut Html) {
        let lang = self.lang;
        html.open("div", &[("class", "done-note"), ("role", "status")]);
        let text = lang.of("We have your complaint. Thank you.", "您的投诉已收到，谢谢。");
        html.put("h2", &[], text);
        let text = lang.of(
            "This page is yours alone. Keep its address: here you see what becomes of your \
             complaint, and here you can add something.",
            "此页面仅供您本人使用，请保存网址：您可以随时在此查看进度、补充说明。",
        );
        html.put("p", &[], text);
        html.put("p", &[("class", "link")], self.url);
        html.close();
    }

    /// Which complaint it is, where it stands, and what is promised.
    fn standing(&self, html: &mut Html) {
        let (lang, case) = (self.lang, &self.shown.case);
        html.put("p", &[("class", "soft small")], &self.shown.book.site.name);
        html.put("h1", &[], lang.of("Your complaint", "您的投诉"));
        html.open("p", &[]);
        html.text(lang.of("Ticket number ", "服务单号 "));
        html.put("span", &[("class", "number")], &case.number);
        html.close();
        let state = State::parse(&case.state).unwrap_or_default();
        let class = match state {
            State::Solved | State::Closed => "state done",
            _ => "state",
        };
        html.put("p", &[("class", class)], promise::state(lang, state));
        let mut promise = promise::of(lang, case, self.shown.zone, self.now);
        if let Some(parent) = self.shown.parent {
            promise.texts.push(with_others(lang, parent).to_owned());
        }
        if promise.texts.is_empty() {
            return;
        }
        html.open("div", &[("class", if promise.is_late { "promise late" } else { "promise" })]);
        for text in &promise.texts {
            html.put("p", &[], text);
        }
        html.close();
    }

    /// What was said, oldest first.
    fn talk(&self, html: &mut Html) {
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], self.lang.of("What was said", "沟通记录"));
        html.open("ol", &[("class", "said-list")]);
        for text in &self.shown.texts {
            self.said(html, text);
        }
        html.close();
        html.close();
    }

    fn said(&self, html: &mut Html, it: &Text) {
        let lang = self.lang;
        let is_theirs = THEIRS.contains(&it.kind.as_str());
        let class = if is_theirs { "said-item you" } else { "said-item us" };
        html.open("li", &[("class", class)]);
        html.open("h3", &[]);
        match it.kind.as_str() {
            "complaint" => html.text(lang.of("Your complaint", "您的投诉")),
            "appeal" => html.text(lang.of("You did not agree", "您提出异议")),
            "reopening" => html.text(lang.of("You opened it again", "您重新打开投诉")),
            "rating" => html.text(lang.of("You rated us", "您的评价")),
            _ if is_theirs => html.text(lang.of("You added", "您的补充")),
            _ => {
                html.text(&self.shown.book.site.name);
                html.text(lang.of(" answered", " 的答复"));
            }
        }
        html.close();
        let stamp = web::view::time(it.at);
        html.put("time", &[("datetime", &stamp)], &self.moment(it.at));
        if it.text.is_empty() {
            html.put("p", &[("class", "soft")], lang.of("This text was erased.", "内容已删除。"));
        } else {
            // Each text has a direction of its own, and cannot turn those around it.
            html.put("p", &[("class", "words"), ("dir", "auto")], &it.text);
        }
        files(html, &it.files);
        html.close();
    }

    /// What they got for it.
    fn gifts(&self, html: &mut Html) {
        let lang = self.lang;
        if self.shown.gifts.is_empty() {
            return;
        }
        html.open("section", &[("class", "card")]);
        html.put("h2", &[], lang.of("For your trouble", "补偿"));
        html.open("ul", &[]);
        for it in &self.shown.gifts {
            let kind = match it.kind.as_str() {
                "refund" => lang.of("Refund", "退款"),
                _ => lang.of("Coupon", "补偿券"),
            };
            html.open("li", &[]);
            html.text(kind);
            html.text(lang.of(": ", "："));
            html.put("strong", &[], &money(it.amount, &it.currency));
            if !it.reference.is_empty() {
                html.text(lang.of(", ", "，"));
                html.put("span", &[("class", "number")], &it.reference);
            }
            html.text(lang.of(" – ", " · "));
            html.text(&self.moment(it.at));
            html.close();
        }
        html.close();
        html.close();
    }

    /// What they may do now.
    fn forms(&self, html: &mut Html) {
        let lang = self.lang;
        let may = |act: Act| self.shown.may(act, self.now);
        let is_solved = self.shown.case.state == State::Solved.name();
        if may(Act::Rate) {
            self.form(html, Act::Rate, lang.of("How did we do?", "您的评价"));
        } else if let Some(csat) = self.shown.case.csat {
            html.open("section", &[("class", "card")]);
            html.put("h2", &[], lang.of("Your rating", "您的评价"));
            html.put(
                "p",
                &[],
                &match lang {
                    Lang::En => format!("{csat} of 5. Thank you."),
                    Lang::Zh => format!("{csat} 分（满分 5 分），谢谢。"),
                },
            );
            html.close();
        }
        if may(Act::Appeal) {
            self.form(html, Act::Appeal, lang.of("Is it not solved?", "问题没有解决？"));
        }
        // Before it is closed, to disagree says the same.
        if may(Act::Reopen) && !is_solved {
            self.form(html, Act::Reopen, lang.of("Is it back?", "问题再次出现？"));
        }
        if may(Act::Say) {
            let is_asked = self.shown.case.state == State::Waiting.name();
            let heading = match is_asked {
                true => lang.of("Your answer", "您的回复"),
                false => lang.of("Say more", "补充说明"),
            };
            self.form(html, Act::Say, heading);
        }
    }

    fn form(&self, html: &mut Html, act: Act, heading: &str) {
        let lang = self.lang;
        let kept = self.sent.act == act;
        let (name, label, button) = match act {
            Act::Rate => (
                "rate",
                lang.of("Anything else? (optional)", "其他意见（选填）"),
                lang.of("Send rating", "提交评价"),
            ),
            Act::Appeal => (
                "appeal",
                lang.of("What is still wrong?", "哪里还没有解决？"),
                lang.of("Send it back to us", "提出异议"),
            ),
            Act::Reopen => (
                "reopen",
                lang.of("What happened?", "发生了什么？"),
                lang.of("Open it again", "重新打开"),
            ),
            _ => ("say", lang.of("Your message", "内容"), lang.of("Send", "提交")),
        };
        let action = format!("/{}/{name}", self.url.splitn(4, '/').last().unwrap_or(""));
        html.open("section", &[("class", "card no-print"), ("id", name)]);
        html.put("h2", &[], heading);
        let attributes = [("method", "post"), ("action", action.as_str()), ("novalidate", "")];
        html.open("form", &attributes);
        for (name, value) in [("key", self.key), ("lang", lang.tag())] {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        if act == Act::Rate {
            self.scales(html);
        }
        let wrong = self.sent.wrong_text.filter(|_| kept).map(|it| wrong_text(lang, it));
        let id = format!("{name}-text");
        field(
            html,
            &Field {
                id: &id,
                name: "text",
                label,
                value: if kept { &self.sent.text } else { "" },
                wrong: wrong.unwrap_or(""),
                is_needed: act != Act::Rate,
                ..Field::default()
            },
        );
        let class = if act == Act::Appeal || act == Act::Reopen { "second" } else { "" };
        html.put(
            "button",
            &[("type", "submit"), (when(!class.is_empty(), "class"), class)],
            button,
        );
        html.close();
        html.close();
    }

    /// How satisfied they are, and how much effort it took.
    fn scales(&self, html: &mut Html) {
        let lang = self.lang;
        let wrong = if self.sent.wants_csat { self.wants_csat() } else { "" };
        pages::scale(
            html,
            &pages::Scale {
                name: "csat",
                label: lang.of(
                    "How satisfied are you with how we handled it?",
                    "您对此次投诉处理的满意程度？",
                ),
                most: 5,
                ends: [lang.of("Very poor", "非常不满意"), lang.of("Very good", "非常满意")],
                value: self.sent.csat,
                wrong,
            },
        );
        pages::scale(
            html,
            &pages::Scale {
                name: "ces",
                label: lang.of(
                    "How easy did we make it for you? (optional)",
                    "处理过程对您来说是否轻松？（选填）",
                ),
                most: 7,
                ends: [lang.of("Very difficult", "非常费力"), lang.of("Very easy", "非常轻松")],
                value: self.sent.ces,
                wrong: "",
            },
        );
    }

    fn foot(&self, html: &mut Html) {
        let zone = zone_name(self.shown.zone, self.now);
        let until = self.moment(self.shown.link.expires_at);
        html.open("footer", &[]);
        html.put(
            "p",
            &[],
            &match self.lang {
                Lang::En => format!("All times are those of {zone}."),
                Lang::Zh => format!("所有时间均为 {zone} 的时间。"),
            },
        );
        html.put("p", &[], &match self.lang {
            Lang::En => format!(
                "Whoever has this page's address can see your complaint and write here. It works \
                 until {until}."
            ),
            Lang::Zh => format!(
                "持有此网址的人都可以查看您的投诉并在此留言，请妥善保管。网址有效期至 {until}。"
            ),
        });
        html.close();
    }
}

fn wrong_text(lang: Lang, it: WrongText) -> &'static str {
    match it {
        WrongText::Empty => lang.of("Please write something", "请填写内容"),
        WrongText::Control => lang.of(
            "There are control characters in it; please remove them",
            "内容含有控制字符，请删除后再提交",
        ),
        WrongText::TooLong => {
            lang.of("Please write at most 10,000 characters", "内容请不要超过 10000 个字符")
        }
    }
}

/// Where those stand that it is handled with.
fn with_others(lang: Lang, parent: State) -> &'static str {
    match parent {
        State::Open | State::Waiting | State::Merged => lang.of(
            "Others told us of the same. We are working on all of it together.",
            "其他客户也反映了同样的问题，我们正在一并处理。",
        ),
        State::Solved | State::Closed => lang.of(
            "Others told us of the same. All of it is solved, as far as we can see.",
            "其他客户也反映了同样的问题，现已一并给出解决结果。",
        ),
    }
}

/// Links to the files that came with a text.
fn files(html: &mut Html, files: &str) {
    let Value::Array(files) = web::view::json(files) else { return };
    let text = |it: &Value, name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut is_open = false;
    for it in &files {
        // Nothing else is a link that somebody may be led to.
        let url = text(it, "url").filter(|it| it.starts_with("https://"));
        let Some(url) = url else { continue };
        if !is_open {
            html.open("ul", &[("class", "files")]);
            is_open = true;
        }
        html.open("li", &[]);
        let name = text(it, "name").unwrap_or_else(|| url.clone());
        html.put("a", &[("href", &url), ("rel", "noreferrer nofollow")], &name);
        html.close();
    }
    if is_open {
        html.close();
    }
}
