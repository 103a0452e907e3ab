//! The page around what staff do: whose desk it is, the way to its parts, what was just done, and
//! at the end when it was so.

use domain::role::Role;
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG};
use pages::html::{Html, when};
use pages::time::{moment, zone_name};
use pages::{DESK_SCRIPT_PATH, DESK_STYLE_PATH, Frame, SCRIPTED};
use sha2::{Digest, Sha256};
use web::lang::{Lang, Said, said};
use web::response::set;
use web::{Request, Response};

use crate::{Desk, tell};

/// The parts of the desk, as they stand in the way to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What waits for somebody.
    Inbox,
    /// Complaints.
    Cases,
    /// Call-backs.
    Calls,
    /// Customers.
    Customers,
    /// Surveys.
    Surveys,
    /// How the site is set up.
    Settings,
    /// Whoever is signed in.
    Own,
}

impl Section {
    /// Those that stand in the way, with who sees them.
    const WAYS: [(Section, Role); 6] = [
        (Section::Inbox, Role::Agent),
        (Section::Cases, Role::Agent),
        (Section::Calls, Role::Agent),
        (Section::Customers, Role::Agent),
        (Section::Surveys, Role::Viewer),
        (Section::Settings, Role::Viewer),
    ];

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Section::Inbox => "/desk/inbox",
            Section::Cases => "/desk/complaints",
            Section::Calls => "/desk/callbacks",
            Section::Customers => "/desk/customers",
            Section::Surveys => "/desk/surveys",
            Section::Settings => "/desk/settings",
            Section::Own => "/desk/sessions",
        }
    }

    /// Its name.
    pub const fn name(self) -> Said {
        match self {
            Section::Inbox => said("Inbox", "待办"),
            Section::Cases => said("Complaints", "投诉"),
            Section::Calls => said("Call-backs", "回电"),
            Section::Customers => said("Customers", "客户"),
            Section::Surveys => said("Surveys", "问卷"),
            Section::Settings => said("Settings", "设置"),
            Section::Own => said("Sessions", "登录"),
        }
    }

    /// The key that leads there after `g`.
    const fn key(self) -> &'static str {
        match self {
            Section::Inbox => "i",
            Section::Cases => "c",
            Section::Calls => "b",
            Section::Customers => "u",
            Section::Surveys => "s",
            Section::Settings => "e",
            Section::Own => "",
        }
    }
}

/// A page in the making: write its contents into `html`, then [`Page::answer`].
#[derive(Debug)]
pub struct Page<'a> {
    /// Its contents so far.
    pub html: Html,
    desk: &'a Desk,
    is_live: bool,
}

impl Desk {
    /// Begins a page, up to its heading. `request` may say what was just done.
    pub fn page(&self, request: &Request, section: Section, title: &str) -> Page<'_> {
        self.page_about(request, section, title, &[])
    }

    /// The same below another page; `above` are the addresses and names that lead back to it, each
    /// address as [`Desk::href`] takes it.
    pub fn page_about(
        &self,
        request: &Request,
        section: Section,
        title: &str,
        above: &[(&str, &str)],
    ) -> Page<'_> {
        let lang = self.lang;
        let site = if self.site_name.is_empty() { "回音" } else { &self.site_name };
        let window = format!("{title} · {site}");
        let script = [
            ("src".to_owned(), DESK_SCRIPT_PATH.to_owned()),
            ("data-lang".to_owned(), lang.tag().to_owned()),
        ];
        let mut html =
            Frame { style: DESK_STYLE_PATH, script: &script, ..Frame::of(lang, &window) }.begin();
        html.put("a", &[("class", "skip"), ("href", "#main")], lang.of("To the page", "跳到正文"));
        self.head(&mut html, section);
        html.open("main", &[("class", "board desk"), ("id", "main"), ("tabindex", "-1")]);
        if !above.is_empty() {
            let way = [("class", "above"), ("aria-label", lang.of("Above", "上级页面"))];
            html.open("nav", &way);
            for (path, name) in above {
                html.put("a", &[("href", &self.href(path))], name);
            }
            html.close();
        }
        html.put("h1", &[], title);
        if let Some(text) = request.param("done").and_then(|it| tell::done(lang, it)) {
            html.put("p", &[("class", "done-note"), ("role", "status")], text);
        }
        Page { html, desk: self, is_live: false }
    }

    fn head(&self, html: &mut Html, section: Section) {
        let lang = self.lang;
        html.open("header", &[("class", "board-head")]);
        html.open("div", &[("class", "board-top")]);
        let site = if self.site_name.is_empty() { "回音" } else { &self.site_name };
        html.put("p", &[("class", "site")], site);
        html.open("nav", &[("aria-label", lang.of("Language", "语言")), ("class", "tongues")]);
        for (it, name) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
            let here = self.here(it);
            let current = when(it == lang, "aria-current");
            let tag = it.tag();
            html.put(
                "a",
                &[("href", &here), ("lang", tag), ("hreflang", tag), (current, "true")],
                name,
            );
        }
        html.close();
        html.open("p", &[("class", "me")]);
        let me = match self.agent_name.as_str() {
            "" => tell::role(lang, self.role).to_owned(),
            name => format!("{name} · {}", tell::role(lang, self.role)),
        };
        html.put("a", &[("href", &self.href(Section::Own.path()))], &me);
        html.close();
        html.open("form", &[("method", "post"), ("action", "/desk/session/end")]);
        self.hidden(html);
        html.put("button", &[("class", "quiet")], lang.of("Sign out", "退出登录"));
        html.close();
        html.close();
        if self.site_id.is_empty() {
            html.close();
            return;
        }
        html.open("nav", &[("aria-label", lang.of("Pages", "页面")), ("class", "ways")]);
        for (it, _) in Section::WAYS.into_iter().filter(|it| self.may(it.1)) {
            let href = self.href(it.path());
            let current = when(it == section, "aria-current");
            let attributes = [("href", href.as_str()), (current, "page"), ("data-go", it.key())];
            html.put("a", &attributes, it.name().text(lang));
        }
        let figures = self.href("/dashboard");
        let attributes = [("href", figures.as_str()), ("data-go", "d")];
        html.put("a", &attributes, lang.of("Dashboard", "仪表盘"));
        html.close();
        html.close();
    }

    /// This page in a language.
    fn here(&self, lang: Lang) -> String {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let mut here = format!("{path}?lang={}", lang.tag());
        for pair in query.split('&').filter(|it| !it.is_empty()) {
            let name = pair.split('=').next().unwrap_or("");
            if !["lang", "done"].contains(&name) {
                here.push('&');
                here.push_str(pair);
            }
        }
        here
    }

    /// What every form that is sent carries: the language, the token of the session and its key.
    pub fn hidden(&self, html: &mut Html) {
        for (name, value) in
            [("lang", self.lang.tag()), (app::csrf::FIELD, &self.csrf), ("key", &self.key)]
        {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
    }

    /// Begins a form that is sent to a page of the desk, with what each of them carries. Close it
    /// with [`Html::close`].
    pub fn begin_form(&self, html: &mut Html, path: &str, class: &str) {
        let action = self.href(path);
        let class = (when(!class.is_empty(), "class"), class);
        html.open("form", &[("method", "post"), ("action", &action), class]);
        self.hidden(html);
    }

    /// Begins a form that asks for this or another page, such as filters: it keeps language and
    /// site.
    pub fn begin_query(&self, html: &mut Html, path: &str, class: &str) {
        html.open("form", &[("method", "get"), ("action", path), ("class", class)]);
        let lang = self.lang.tag();
        html.void("input", &[("type", "hidden"), ("name", "lang"), ("value", lang)]);
        if self.is_spanning {
            let site = &self.site_id;
            html.void("input", &[("type", "hidden"), ("name", "site"), ("value", site)]);
        }
    }

    /// A form that is one button, such as one that takes something back.
    pub fn button(&self, html: &mut Html, path: &str, class: &str, label: &str) {
        self.button_with(html, path, class, label, &[]);
    }

    /// The same with values that go along.
    pub fn button_with(
        &self,
        html: &mut Html,
        path: &str,
        class: &str,
        label: &str,
        values: &[(&str, &str)],
    ) {
        self.begin_form(html, path, "one");
        for (name, value) in values {
            html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
        }
        html.put("button", &[("class", class)], label);
        html.close();
    }

    /// The way to the next page of a list, if there is one. `path` is this page with its filters.
    pub fn more(&self, html: &mut Html, path: &str, next: &str) {
        if next.is_empty() {
            return;
        }
        let mark = if path.contains('?') { '&' } else { '?' };
        let href = self.href(&format!("{path}{mark}after={}", crate::word(next)));
        html.open("p", &[("class", "more")]);
        html.put("a", &[("href", &href), ("rel", "next")], self.lang.of("Show more", "查看更多"));
        html.close();
    }
}

impl Page<'_> {
    /// Says that the page keeps itself as new as what it shows, where scripts run: it is asked for
    /// again now and then, with its tag.
    pub fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// A sentence where there is nothing to show yet: why, and what brings something here.
    pub fn empty(&mut self, text: &str) {
        self.html.put("p", &[("class", "nothing")], text);
    }

    /// The page as an answer.
    pub fn answer(self, status: StatusCode) -> Response {
        let Page { mut html, desk, is_live } = self;
        html.close();
        // The tag leaves out what is new each time: the keys of the forms, and the time below.
        let so_far = String::from_utf8_lossy(html.so_far()).replace(&desk.key, "");
        let tag = domain::id::hex(Sha256::digest(so_far).get(..16).unwrap_or_default());
        let tag = format!("W/\"{tag}\"");
        let live = (when(is_live, "data-tag"), tag.as_str());
        html.open("footer", &[("class", "board-foot"), live]);
        let lang = desk.lang;
        let as_of = moment(lang, desk.zone, desk.now, desk.now);
        let zone = zone_name(desk.zone, desk.now);
        html.put("p", &[], &format!("{}{as_of} · {zone}", lang.of("As of ", "截至 ")));
        let mut answer = pages::answer(status, lang.tag(), SCRIPTED, html.done());
        if is_live && status == StatusCode::OK {
            set(&mut answer, CACHE_CONTROL, "private, no-cache");
            set(&mut answer, ETAG, &tag);
        }
        answer
    }
}
