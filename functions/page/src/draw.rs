//! The survey as a page: a form of native controls that needs no script.

use domain::survey::{Definition, Ending, Question, Texts};

use crate::control;
use crate::words::{self, Words, direction, fill, own_name, say};
use app::hosted::form::Pairs;
use app::hosted::visit::Visit;
use pages::Frame;
use pages::html::{Html, when};

/// Everything that is told on a page, but for what is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet<'a> {
    /// The survey; empty where there is none.
    pub(crate) id: &'a str,
    /// The language of the page.
    pub(crate) language: &'a str,
    /// What the title begins with.
    pub(crate) title: &'a str,
    /// The script that takes over where scripts run, as attributes of its tag.
    pub(crate) script: &'a [(String, String)],
}

/// A form, and what came of it before.
#[derive(Debug)]
pub(crate) struct Form<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) version: i64,
    pub(crate) visit: &'a Visit,
    /// The same answer is never taken twice under it.
    pub(crate) key: &'a str,
    pub(crate) form_token: &'a str,
    /// What is filled in already.
    pub(crate) kept: &'a Pairs,
    /// Wrong answers, by question, in order, each in words.
    pub(crate) wrong: Vec<(&'a Question, &'static str)>,
    /// What is wrong with the whole.
    pub(crate) alert: &'a str,
    /// The script that takes over where scripts run, as attributes of its tag.
    pub(crate) script: Vec<(String, String)>,
}

impl Sheet<'_> {
    /// Begins a page, up to its main part.
    fn begin(&self) -> Html {
        Frame {
            language: self.language,
            direction: direction(self.language),
            title: self.title,
            style: "/s/page.css",
            script: self.script,
            theme: "",
        }
        .begin()
    }

    /// A page that only says something.
    pub(crate) fn say(&self, text: &str) -> Vec<u8> {
        let mut html = self.begin();
        html.open("main", &[("class", "card said")]);
        html.put("h1", &[], text);
        html.done()
    }

    /// The page after the answers: an ending, or the thanks of the survey, or our own.
    pub(crate) fn end(&self, definition: &Definition, ending: Option<&Ending>) -> Vec<u8> {
        let words = words::of(self.language);
        let texts = Texts::new();
        let texts = ending.map_or_else(
            || if definition.thanks.is_empty() { &texts } else { &definition.thanks },
            |it| &it.text,
        );
        let mut html = self.begin();
        html.open("main", &[("class", "card said")]);
        html.put("span", &[("class", "tick"), ("aria-hidden", "true")], "");
        if texts.is_empty() {
            html.put("h1", &[], words.thanks);
        } else {
            self.put(&mut html, "h1", "", texts, definition);
        }
        if let Some(ending) = ending.filter(|it| !it.link.is_empty()) {
            let (text, other) = say(&ending.link_text, self.language, &definition.default_language);
            let text = if text.is_empty() { words.go } else { text };
            let link = [
                ("class", "go"),
                ("href", ending.link.as_str()),
                ("rel", "noreferrer"),
                (when(other.is_some(), "lang"), other.unwrap_or("")),
            ];
            html.open("p", &[]);
            html.put("a", &link, text);
            html.close();
        }
        html.done()
    }

    /// An element with a text of the survey.
    fn put(
        &self,
        html: &mut Html,
        tag: &'static str,
        class: &str,
        texts: &Texts,
        definition: &Definition,
    ) {
        put_text(html, tag, class, texts, (self.language, &definition.default_language));
    }

    /// The page with the form.
    pub(crate) fn form(&self, form: &Form<'_>) -> Vec<u8> {
        let words = words::of(self.language);
        let definition = form.definition;
        let mut html = self.begin();
        languages(&mut html, self.id, words, form);
        // The widget, where scripts run, stands here instead.
        html.open("main", &[("id", "survey"), ("class", "card")]);
        self.put(&mut html, "h1", "", &definition.title, definition);
        if !definition.welcome.is_empty() {
            self.put(&mut html, "p", "welcome", &definition.welcome, definition);
        }
        errors(&mut html, words, form, self.language);
        let action = format!("/s/{}", self.id);
        // Our own messages are in the visitor's language and know the path; the browser's do not.
        let attributes = [("method", "post"), ("action", action.as_str()), ("novalidate", "")];
        html.open("form", &attributes);
        carried(&mut html, form);
        let mut may_skip = false;
        for question in &definition.questions {
            let wrong = form.wrong.iter().find(|it| it.0.id == question.id).map(|it| it.1);
            let put = control::Put {
                question,
                words,
                languages: (self.language, &definition.default_language),
                kept: form.kept,
                wrong: wrong.unwrap_or(""),
                may_skip: may_skip || question.show_if.is_some(),
            };
            put.question(&mut html);
            may_skip |= !question.next.is_empty();
        }
        html.put("button", &[("type", "submit")], words.send);
        html.done()
    }
}

/// An element with a text in the language of the page, or else marked as another one's.
pub(crate) fn put_text(
    html: &mut Html,
    tag: &'static str,
    class: &str,
    texts: &Texts,
    (language, fallback): (&str, &str),
) {
    let (text, other) = say(texts, language, fallback);
    let tagged = other.is_some();
    let other = other.unwrap_or("");
    let attributes = [
        (when(!class.is_empty(), "class"), class),
        (when(tagged, "lang"), other),
        (when(tagged, "dir"), direction(other)),
    ];
    html.put(tag, &attributes, text);
}

/// Links to the same page in the survey's other languages.
fn languages(html: &mut Html, id: &str, words: &Words, form: &Form<'_>) {
    let known = form.definition.languages();
    if known.len() < 2 {
        return;
    }
    html.open("nav", &[("aria-label", words.languages)]);
    html.open("ul", &[]);
    for language in known {
        html.open("li", &[]);
        let is_this = language == form.visit.language;
        let address = format!("/s/{id}?{}", form.visit.query(language));
        let attributes = [
            ("href", address.as_str()),
            ("lang", language),
            ("hreflang", language),
            ("dir", direction(language)),
            (when(is_this, "aria-current"), "true"),
        ];
        html.put("a", &attributes, own_name(language));
        html.close();
    }
    html.close();
    html.close();
}

/// All that is wrong, with a way to each.
fn errors(html: &mut Html, words: &Words, form: &Form<'_>, language: &str) {
    if form.wrong.is_empty() && form.alert.is_empty() {
        return;
    }
    html.open("div", &[("class", "errors"), ("role", "alert")]);
    let head = if form.alert.is_empty() { words.errors } else { form.alert };
    html.put("h2", &[], head);
    if !form.wrong.is_empty() {
        html.open("ul", &[]);
        for (question, message) in &form.wrong {
            html.open("li", &[]);
            let target = format!("#c-{}", question.id);
            let (text, _) = say(&question.text, language, &form.definition.default_language);
            html.open("a", &[("href", &target)]);
            html.text(&fill("{} – {}", &[text, message]));
            html.close();
            html.close();
        }
        html.close();
    }
    html.close();
}

/// What goes back with the answers.
fn carried(html: &mut Html, form: &Form<'_>) {
    let mut carry = |name: &str, value: &str| {
        if !value.is_empty() {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
    };
    carry("key", form.key);
    carry("version", &form.version.to_string());
    carry("lang", &form.visit.language);
    carry("channel", &form.visit.channel);
    carry("l", &form.visit.link);
    carry("form_token", form.form_token);
    for (id, value) in &form.visit.hidden {
        carry(&format!("h.{id}"), value);
    }
    pages::trap(html);
}
