//! A page around its contents: the document, its headers, and what forms have in common.

use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, REFERRER_POLICY, VARY,
};
use http::{HeaderName, StatusCode};
use web::lang::Lang;
use web::response::{bytes, set};
use web::{Problem, Request, Response};

use crate::html::{Html, when};

/// Nothing but our own style, and forms that go nowhere else.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The policy of a page that our own scripts may work on.
pub const SCRIPTED: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; \
    style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// What stands around the contents of a page.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language of the page, as a BCP 47 tag.
    pub language: &'a str,
    /// `ltr` or `rtl`.
    pub direction: &'a str,
    /// `light` or `dark`; empty for what the reader has.
    pub theme: &'a str,
    /// What stands in the title of the window.
    pub title: &'a str,
    /// Where the style sheet is.
    pub style: &'a str,
    /// A script: its address and its further attributes; empty for none.
    pub script: &'a [(String, String)],
}

impl<'a> Frame<'a> {
    /// A page in one of our own languages, in our own style.
    pub fn of(lang: Lang, title: &'a str) -> Frame<'a> {
        let language = lang.tag();
        let (direction, style) = ("ltr", crate::STYLE_PATH);
        Frame { language, direction, theme: "", title, style, script: &[] }
    }

    /// Begins the page, up to the contents of its body.
    pub fn begin(&self) -> Html {
        let mut html = Html::new();
        let theme = (when(!self.theme.is_empty(), "data-theme"), self.theme);
        html.open("html", &[("lang", self.language), ("dir", self.direction), theme]);
        html.open("head", &[]);
        html.void("meta", &[("charset", "utf-8")]);
        let viewport = "width=device-width, initial-scale=1";
        html.void("meta", &[("name", "viewport"), ("content", viewport)]);
        let schemes = if self.theme.is_empty() { "light dark" } else { self.theme };
        html.void("meta", &[("name", "color-scheme"), ("content", schemes)]);
        html.void("meta", &[("name", "robots"), ("content", "noindex")]);
        html.put("title", &[], self.title);
        // Without one, browsers ask for /favicon.ico.
        html.void("link", &[("rel", "icon"), ("href", "data:,")]);
        html.void("link", &[("rel", "stylesheet"), ("href", self.style)]);
        if let Some(((_, source), rest)) = self.script.split_first() {
            let mut attributes = vec![("src", source.as_str()), ("async", "")];
            attributes.extend(rest.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            html.put("script", &attributes, "");
        }
        html.close();
        html.open("body", &[]);
        html
    }
}

/// A page as an answer, with the headers that all have.
pub fn answer(status: StatusCode, language: &str, policy: &str, body: Vec<u8>) -> Response {
    let mut response = bytes("text/html; charset=utf-8", body);
    *response.status_mut() = status;
    // Every form has a key of its own, and an address may hold a token.
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, CONTENT_LANGUAGE, language);
    set(&mut response, CONTENT_SECURITY_POLICY, if policy.is_empty() { POLICY } else { policy });
    // Not `no-referrer`: a form would then come with the origin "null".
    set(&mut response, REFERRER_POLICY, "same-origin");
    set(&mut response, VARY, "accept-language");
    set(&mut response, ROBOTS, "noindex");
    response
}

/// A page that only says something: a heading, and a few sentences.
pub fn said_page(status: StatusCode, lang: Lang, heading: &str, texts: &[&str]) -> Response {
    let mut html = Frame::of(lang, heading).begin();
    html.open("main", &[("class", "card said")]);
    html.put("h1", &[], heading);
    for text in texts {
        html.put("p", &[], text);
    }
    answer(status, lang.tag(), "", html.done())
}

/// What people can be told on a page; the rest is ours.
pub fn told(lang: Lang, problem: Problem) -> Result<Response, Problem> {
    if !problem.kind.status().is_client_error() {
        return Err(problem);
    }
    let (_, _, en, zh) = problem.kind.row();
    let detail = problem.detail.as_ref().or(problem.mistakes.first().map(|it| &it.detail));
    let detail = detail.map_or("", |it| it.text(lang));
    Ok(said_page(problem.kind.status(), lang, lang.of(en, zh), &[detail]))
}

/// The page that whoever is not signed in gets in place of another one.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// Its title.
    pub title: &'a str,
    /// The page that is asked for; the form goes to `/session` below it.
    pub page: &'a str,
    /// What the form carries besides the language and the key.
    pub hidden: &'a [(&'a str, &'a str)],
    /// What was wrong with the key before; empty for nothing.
    pub wrong: &'a str,
}

impl SignIn<'_> {
    /// The page as an answer.
    pub fn answer(&self, status: StatusCode, lang: Lang) -> Response {
        let heading = match self.wrong.is_empty() {
            true => self.title.to_owned(),
            false => format!("{}{}", lang.of("Error: ", "有误："), self.title),
        };
        let mut html = Frame::of(lang, &heading).begin();
        languages(&mut html, lang, self.page, "");
        html.open("main", &[("class", "card")]);
        html.put("h1", &[], self.title);
        if !self.wrong.is_empty() {
            let heading = lang.of("Please check what is marked", "请检查标出的内容");
            notes(&mut html, heading, &[("key", self.wrong)]);
        }
        let action = format!("{}/session", self.page);
        html.open("form", &[("method", "post"), ("action", &action)]);
        for (name, value) in [("lang", lang.tag())].iter().chain(self.hidden) {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        let key = Field {
            name: "key",
            label: lang.of("Your key", "您的密钥"),
            hint: lang.of(
                "It begins with sk_. You stay signed in on this device for twelve hours.",
                "以 sk_ 开头。登录后在此设备上保持十二小时。",
            ),
            wrong: self.wrong,
            kind: "password",
            autocomplete: "current-password",
            is_needed: true,
            ..Field::default()
        };
        field(&mut html, &key);
        html.put("button", &[], lang.of("Sign in", "登录"));
        answer(status, lang.tag(), "", html.done())
    }
}

/// The language to speak: the one that the address asks for, or else the browser.
pub fn lang(request: &Request) -> Lang {
    let wanted = request.param("lang").map(str::to_ascii_lowercase).unwrap_or_default();
    match wanted.split('-').next() {
        Some("zh") => Lang::Zh,
        Some("en") => Lang::En,
        _ => request.lang(),
    }
}

/// Links to the same page in the other language; `query` is what else its address says.
pub fn languages(html: &mut Html, lang: Lang, path: &str, query: &str) {
    html.open("nav", &[("aria-label", lang.of("Language", "语言")), ("class", "languages")]);
    for (it, name) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
        let address = format!("{path}?lang={}{query}", it.tag());
        let attributes = [
            ("href", address.as_str()),
            ("lang", it.tag()),
            ("hreflang", it.tag()),
            (when(it == lang, "aria-current"), "true"),
        ];
        html.put("a", &attributes, name);
    }
    html.close();
}

/// Says above a form what is wrong with it; nothing if there is nothing.
pub fn notes(html: &mut Html, heading: &str, wrong: &[(&str, &str)]) {
    if heading.is_empty() {
        return;
    }
    html.open("div", &[("class", "errors"), ("role", "alert")]);
    html.put("h2", &[], heading);
    if !wrong.is_empty() {
        html.open("ul", &[]);
        for (id, message) in wrong {
            let target = format!("#{id}");
            html.open("li", &[]);
            html.put("a", &[("href", &target)], message);
            html.close();
        }
        html.close();
    }
    html.close();
}

/// A field that people neither see nor reach: what fills it in is no person.
pub fn trap(html: &mut Html) {
    html.open("div", &[("class", "trap"), ("aria-hidden", "true")]);
    html.open("label", &[]);
    html.text("Website");
    let trap = [
        ("type", "text"),
        ("name", "website"),
        ("tabindex", "-1"),
        ("autocomplete", "off"),
        ("value", ""),
    ];
    html.void("input", &trap);
    html.close();
    html.close();
}

/// A field to type in, with its label, what is wrong with it, and what was typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Field<'a> {
    /// Its id; empty for its name.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What is asked.
    pub label: &'a str,
    /// A hint below that; empty for none.
    pub hint: &'a str,
    /// What was typed.
    pub value: &'a str,
    /// What is wrong with that; empty for nothing.
    pub wrong: &'a str,
    /// `text`, `email`, `tel`; empty for several lines.
    pub kind: &'a str,
    /// What a browser may fill in; empty for nothing.
    pub autocomplete: &'a str,
    /// Whether it must be filled in.
    pub is_needed: bool,
    /// Whether what is typed into its several lines outlives a reload, where scripts run.
    pub is_draft: bool,
}

/// A field to type in.
pub fn field(html: &mut Html, it: &Field<'_>) {
    let id = if it.id.is_empty() { it.name } else { it.id };
    let (hint_id, wrong_id) = (format!("{id}-hint"), format!("{id}-wrong"));
    let is_wrong = !it.wrong.is_empty();
    html.open("div", &[("class", if is_wrong { "field bad" } else { "field" })]);
    html.put("label", &[("for", id)], it.label);
    if !it.hint.is_empty() {
        html.put("p", &[("class", "hint"), ("id", &hint_id)], it.hint);
    }
    if is_wrong {
        html.put("p", &[("class", "error"), ("id", &wrong_id)], it.wrong);
    }
    let described = match (it.hint.is_empty(), is_wrong) {
        (true, true) => wrong_id,
        (false, true) => format!("{wrong_id} {hint_id}"),
        (_, false) => hint_id,
    };
    let attributes = [
        ("id", id),
        ("name", it.name),
        (when(!it.hint.is_empty() || is_wrong, "aria-describedby"), described.as_str()),
        (when(is_wrong, "aria-invalid"), "true"),
        (when(it.is_needed, "aria-required"), "true"),
        (when(!it.autocomplete.is_empty(), "autocomplete"), it.autocomplete),
    ];
    if it.kind.is_empty() {
        let own = [("rows", "5"), (when(it.is_draft, "data-draft"), "")];
        html.open("textarea", &[&attributes[..], &own].concat());
        // HTML leaves out a line break that comes first.
        html.text("\n");
        html.text(it.value);
        html.close();
    } else {
        html.void("input", &[&attributes[..], &[("type", it.kind), ("value", it.value)]].concat());
    }
    html.close();
}

/// A row of numbers to choose from.
#[derive(Clone, Copy, Debug)]
pub struct Scale<'a> {
    /// Its name; the number 1 has the id `name-1`.
    pub name: &'a str,
    /// What is asked.
    pub label: &'a str,
    /// The highest number; the lowest is 1.
    pub most: i64,
    /// What the lowest and the highest mean.
    pub ends: [&'a str; 2],
    /// What was chosen.
    pub value: Option<i64>,
    /// What is wrong with that; empty for nothing.
    pub wrong: &'a str,
}

/// A row of numbers to choose from.
pub fn scale(html: &mut Html, it: &Scale<'_>) {
    let wrong_id = format!("{}-wrong", it.name);
    let is_wrong = !it.wrong.is_empty();
    let attributes = [
        ("class", if is_wrong { "field bad" } else { "field" }),
        (when(is_wrong, "aria-describedby"), wrong_id.as_str()),
    ];
    html.open("fieldset", &attributes);
    html.put("legend", &[], it.label);
    if is_wrong {
        html.put("p", &[("class", "error"), ("id", &wrong_id)], it.wrong);
    }
    html.open("div", &[("class", "points")]);
    for point in 1..=it.most {
        let (id, value) = (format!("{}-{point}", it.name), point.to_string());
        let end = match point {
            1 => it.ends[0],
            _ if point == it.most => it.ends[1],
            _ => "",
        };
        html.open("label", &[]);
        let attributes = [
            ("type", "radio"),
            ("name", it.name),
            ("id", &id),
            ("value", &value),
            (when(it.value == Some(point), "checked"), ""),
        ];
        html.void("input", &attributes);
        html.open("span", &[]);
        html.text(&value);
        if !end.is_empty() {
            // Whoever hears the numbers hears what the ends mean with them.
            html.put("b", &[("class", "away")], &format!(" {end}"));
        }
        html.close();
        html.close();
    }
    html.close();
    html.open("p", &[("class", "ends"), ("aria-hidden", "true")]);
    for end in it.ends {
        html.put("span", &[], end);
    }
    html.close();
    html.close();
}
