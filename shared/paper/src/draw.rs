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
pub struct Sheet<'a> {
    /// The survey; empty where there is none.
    pub id: &'a str,
    /// The language of the page.
    pub language: &'a str,
    /// What the title begins with.
    pub title: &'a str,
    /// The script that takes over where scripts run, as attributes of its tag.
    pub script: &'a [(String, String)],
}

/// A form, and what came of it before.
#[derive(Debug)]
pub struct Form<'a> {
    /// What is asked.
    pub definition: &'a Definition,
    /// The version of that.
    pub version: i64,
    /// Who visits.
    pub visit: &'a Visit,
    /// The same answer is never taken twice under it.
    pub key: &'a str,
    /// When the form was given out.
    pub form_token: &'a str,
    /// What is filled in already.
    pub kept: &'a Pairs,
    /// Wrong answers, by question, in order, each in words.
    pub wrong: Vec<(&'a Question, &'static str)>,
    /// What is wrong with the whole.
    pub alert: &'a str,
    /// The script that takes over where scripts run, as attributes of its tag.
    pub script: Vec<(String, String)>,
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
    pub fn say(&self, text: &str) -> Vec<u8> {
        let mut html = self.begin();
        html.open("main", &[("class", "card said")]);
        html.put("h1", &[], text);
        html.done()
    }

    /// The page after the answers: an ending, or the thanks of the survey, or our own.
    pub fn end(&self, definition: &Definition, ending: Option<&Ending>) -> Vec<u8> {
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
    pub fn form(&self, form: &Form<'_>) -> Vec<u8> {
        let words = words::of(self.language);
        let definition = form.definition;
        let mut html = self.begin();
        let address = |it: &str| format!("/s/{}?{}", self.id, form.visit.query(it));
        languages(&mut html, words, definition, self.language, &address);
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
        self.questions(&mut html, definition, form.kept, &form.wrong);
        html.put("button", &[("type", "submit")], words.send);
        html.done()
    }

    fn questions(
        &self,
        html: &mut Html,
        definition: &Definition,
        kept: &Pairs,
        wrong: &[(&Question, &'static str)],
    ) {
        let mut may_skip = false;
        for question in &definition.questions {
            let wrong = wrong.iter().find(|it| it.0.id == question.id).map(|it| it.1);
            let put = control::Put {
                question,
                words: words::of(self.language),
                languages: (self.language, &definition.default_language),
                kept,
                wrong: wrong.unwrap_or(""),
                may_skip: may_skip || question.show_if.is_some(),
            };
            put.question(html);
            may_skip |= !question.next.is_empty();
        }
    }

    /// The page as it will be, for whoever is at work on it: what is filled in goes nowhere. `note`
    /// says so, and leads back to `back`; `address` is this page in another language.
    pub fn preview(
        &self,
        definition: &Definition,
        (note, back): ((&str, &str), (&str, &str)),
        address: &dyn Fn(&str) -> String,
    ) -> Vec<u8> {
        let words = words::of(self.language);
        let mut html = self.begin();
        html.open("nav", &[("aria-label", back.1), ("lang", note.0), ("dir", "ltr")]);
        html.open("p", &[]);
        html.text(note.1);
        html.text(" ");
        html.put("a", &[("href", back.0)], back.1);
        html.close();
        html.close();
        languages(&mut html, words, definition, self.language, address);
        html.open("main", &[("id", "survey"), ("class", "card")]);
        self.put(&mut html, "h1", "", &definition.title, definition);
        if !definition.welcome.is_empty() {
            self.put(&mut html, "p", "welcome", &definition.welcome, definition);
        }
        html.open("form", &[("novalidate", "")]);
        self.questions(&mut html, definition, &Pairs::new(), &[]);
        html.put("button", &[("type", "button"), ("disabled", "")], words.send);
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
fn languages(
    html: &mut Html,
    words: &Words,
    definition: &Definition,
    current: &str,
    address: &dyn Fn(&str) -> String,
) {
    let known = definition.languages();
    if known.len() < 2 {
        return;
    }
    html.open("nav", &[("aria-label", words.languages)]);
    html.open("ul", &[]);
    for language in known {
        html.open("li", &[]);
        let address = address(language);
        let attributes = [
            ("href", address.as_str()),
            ("lang", language),
            ("hreflang", language),
            ("dir", direction(language)),
            (when(language == current, "aria-current"), "true"),
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
