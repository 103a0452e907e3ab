//! The page around the figures: who it is about, the way to the other pages, the filters, and at
//! the end when it was so.

use domain::role::Role;
use domain::view::View;
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG};
use pages::html::{Html, when};
use pages::time::{moment, zone_name};
use pages::words::{CHANNELS, GROUPS};
use pages::{BOARD_SCRIPT_PATH, BOARD_STYLE_PATH, Frame, SCRIPTED};
use sha2::{Digest, Sha256};
use web::lang::{Lang, Said, said};
use web::response::set;
use web::{Problem, Request, Response};

use crate::filter::{COMPARES, GRAINS, PERIODS};
use crate::{Days, Figure, Opened, Tile, draw, file};

/// The pages, as they stand in the way to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// What comes first.
    Overview,
    /// The journey.
    Touchpoints,
    /// What customers say.
    Voice,
    /// Complaints.
    Complaints,
    /// Call-backs.
    Callbacks,
    /// Every target.
    Goals,
    /// Reports.
    Reports,
    /// Links that were given away.
    Shares,
}

impl Page {
    /// All of them, in the order of the way.
    pub const ALL: [Page; 8] = [
        Page::Overview,
        Page::Touchpoints,
        Page::Voice,
        Page::Complaints,
        Page::Callbacks,
        Page::Goals,
        Page::Reports,
        Page::Shares,
    ];

    /// Its path below `/dashboard`.
    pub const fn path(self) -> &'static str {
        match self {
            Page::Overview => "",
            Page::Touchpoints => "/touchpoints",
            Page::Voice => "/voice",
            Page::Complaints => "/complaints",
            Page::Callbacks => "/callbacks",
            Page::Goals => "/goals",
            Page::Reports => "/reports",
            Page::Shares => "/shares",
        }
    }

    /// Its name.
    pub const fn name(self) -> Said {
        match self {
            Page::Overview => said("Overview", "总览"),
            Page::Touchpoints => said("Touchpoints", "触点"),
            Page::Voice => said("Voice", "客户之声"),
            Page::Complaints => said("Complaints", "投诉"),
            Page::Callbacks => said("Call-backs", "回电"),
            Page::Goals => said("Goals", "指标"),
            Page::Reports => said("Reports", "报告"),
            Page::Shares => said("Shared", "分享"),
        }
    }
}

/// A page in the making.
pub struct Board<'a> {
    opened: &'a Opened,
    page: Page,
    title: String,
    /// Of the filters, those that this page heeds.
    grains: &'a [&'a str],
    /// What it is about, where no filter makes it so; empty for what the filters say.
    about: Vec<String>,
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Heading(&'static str, String),
    Say(String),
    Tiles(Vec<Tile>, How<[Tile]>),
    Figure(Box<Figure>, How<Figure>),
    Draw(Box<dyn FnOnce(&mut Html) + 'a>),
}

/// How a part is drawn, and what its files are. Named where a page is given one, so that pages
/// without figures do not carry 60 kB of charts.
struct How<T: ?Sized> {
    draw: fn(&mut Html, &T, &'static str, &Opened),
    file: fn(&Figure, &str, &Opened) -> Result<Response, Problem>,
}

impl Opened {
    /// The address of a page of figures with the filters of this one; empty in a shared view, which
    /// leads nowhere else. `path` begins with a slash or is empty.
    pub fn href(&self, path: &str) -> String {
        self.href_with(path, &self.filters)
    }

    /// The address of this page in a language, with whatever it shows now, and `rest` besides. It
    /// holds wherever the page is shown.
    pub(crate) fn here(&self, lang: Lang, rest: &str) -> String {
        let mut here = format!("?lang={}", lang.tag());
        let query = self.target.split_once('?').map_or("", |it| it.1);
        for pair in query.split('&').filter(|it| !it.is_empty()) {
            let name = pair.split('=').next().unwrap_or("");
            if !["lang", "card", "format"].contains(&name) {
                here.push('&');
                here.push_str(pair);
            }
        }
        here.push_str(rest);
        here
    }

    /// `light` or `dark`, where whoever embeds the page wants it so; otherwise as its reader has
    /// it.
    fn theme(&self) -> &'static str {
        let is_embedded = self.pass.as_ref().is_some_and(|it| it.is_embedded);
        let query = self.target.split_once('?').map_or("", |it| it.1);
        match query.split('&').find_map(|it| it.strip_prefix("theme=")) {
            Some("light") if is_embedded => "light",
            Some("dark") if is_embedded => "dark",
            _ => "",
        }
    }

    /// The same with other filters.
    pub fn href_with(&self, path: &str, filters: &crate::Filters) -> String {
        if self.pass.is_some() {
            return String::new();
        }
        format!("/dashboard{path}?{}", filters.link(self.lang))
    }
}

impl Opened {
    /// Where managers make a link to what this page shows; `None` for others, and where it cannot
    /// be shown to others.
    fn sharing(&self) -> Option<String> {
        let is_manager = Role::Manager <= self.role && self.pass.is_none();
        let path = self.target.split('?').next().unwrap_or("");
        let view = format!("{path}?{}", self.filters.view());
        let view = View::read(&view, "").ok().filter(|_| is_manager)?.to_string();
        // The rest of a view needs no escape.
        let view = view.replace('?', "%3F").replace('&', "%26").replace('=', "%3D");
        Some(format!("{}&view={view}", self.href(Page::Shares.path())))
    }
}

impl<'a> Board<'a> {
    /// Begins a page. `grains` are the filters that it heeds.
    pub fn new(
        opened: &'a Opened,
        page: Page,
        title: impl Into<String>,
        grains: &'a [&'a str],
    ) -> Board<'a> {
        let (title, about) = (title.into(), Vec::new());
        Board { opened, page, title, grains, about, parts: Vec::new() }
    }

    /// Begins a page that no filter changes, such as what was made once. `about` says what it is
    /// about, a line each.
    pub fn plain(
        opened: &'a Opened,
        page: Page,
        title: impl Into<String>,
        about: Vec<String>,
    ) -> Board<'a> {
        Board { about, ..Board::new(opened, page, title, &[]) }
    }

    /// A heading; `id` is its anchor.
    pub fn heading(&mut self, id: &'static str, text: impl Into<String>) {
        self.parts.push(Part::Heading(id, text.into()));
    }

    /// A sentence.
    pub fn say(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Say(text.into()));
    }

    /// Numbers that stand alone.
    pub fn tiles(&mut self, tiles: Vec<Tile>) {
        self.parts.push(Part::Tiles(tiles, How { draw: draw::tiles, file: file::answer }));
    }

    /// A figure.
    pub fn figure(&mut self, figure: Figure) {
        let how = How { draw: draw::figure, file: file::answer };
        self.parts.push(Part::Figure(Box::new(figure), how));
    }

    /// What a page draws itself, to be had as files.
    pub fn files(&mut self, figure: Figure) {
        let how = How { draw: draw::files_of, file: file::answer };
        self.parts.push(Part::Figure(Box::new(figure), how));
    }

    /// Whatever else a page has.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Html) + 'a) {
        self.parts.push(Part::Draw(Box::new(draw)));
    }

    /// The page; or, where its address names one (`card=`, `format=`), a figure of it as a file.
    pub fn answer(self, request: &Request) -> Result<Response, Problem> {
        let wanted = (request.param("card"), request.param("format"));
        if let (Some(card), Some(format)) = wanted {
            let found = self.parts.iter().find_map(|it| match it {
                Part::Figure(figure, how) if figure.id == card => {
                    Some(((**figure).clone(), how.file))
                }
                Part::Tiles(tiles, how) if card == "tiles" => {
                    Some((file::of_tiles(tiles, &self.title, self.opened.lang), how.file))
                }
                _ => None,
            });
            let (figure, file) = found.ok_or_else(Problem::not_found)?;
            return file(&figure, format, self.opened);
        }
        let opened = self.opened;
        let html = self.body();
        Ok(finish(html, opened))
    }

    fn body(self) -> Html {
        let (opened, lang) = (self.opened, self.opened.lang);
        let title = format!("{} · {}", self.title, opened.site.name);
        let script = [(String::new(), BOARD_SCRIPT_PATH.to_owned())];
        let frame = Frame {
            style: BOARD_STYLE_PATH,
            script: &script,
            theme: opened.theme(),
            ..Frame::of(lang, &title)
        };
        let mut html = frame.begin();
        html.put(
            "a",
            &[("class", "skip"), ("href", "#main")],
            lang.of("To the figures", "跳到内容"),
        );
        self.head(&mut html);
        html.open("main", &[("id", "main"), ("class", "board"), ("tabindex", "-1")]);
        html.put("h1", &[], &self.title);
        if self.page != Page::Shares {
            self.filters(&mut html);
            self.sharing(&mut html);
        }
        for wrong in &opened.filters.wrong {
            html.put("p", &[("class", "wrong"), ("role", "alert")], wrong.text(lang));
        }
        parts(&mut html, self.parts, opened);
        html.close();
        html
    }

    /// The site, its pages, the languages and the way out.
    fn head(&self, html: &mut Html) {
        let (opened, lang) = (self.opened, self.opened.lang);
        html.open("header", &[("class", "board-head")]);
        html.open("div", &[("class", "board-top")]);
        html.put("p", &[("class", "site")], &opened.site.name);
        html.open("nav", &[("aria-label", lang.of("Language", "语言")), ("class", "tongues")]);
        for (it, name) in [(Lang::Zh, "中文"), (Lang::En, "English")] {
            let address = opened.here(it, "");
            let attributes = [
                ("href", address.as_str()),
                ("lang", it.tag()),
                ("hreflang", it.tag()),
                (when(it == lang, "aria-current"), "true"),
            ];
            html.put("a", &attributes, name);
        }
        html.close();
        if opened.pass.is_none() {
            html.open("form", &[("method", "post"), ("action", "/dashboard/session/end")]);
            for (name, value) in [("lang", lang.tag()), (app::csrf::FIELD, &opened.csrf)] {
                html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
            }
            html.put("button", &[("class", "quiet")], lang.of("Sign out", "退出登录"));
            html.close();
        }
        html.close();
        if opened.pass.is_none() {
            self.ways(html);
        }
        html.close();
    }

    fn ways(&self, html: &mut Html) {
        let (opened, lang) = (self.opened, self.opened.lang);
        html.open("nav", &[("aria-label", lang.of("Pages", "页面")), ("class", "ways")]);
        let is_manager = Role::Manager <= opened.role;
        for page in Page::ALL.into_iter().filter(|it| is_manager || *it != Page::Shares) {
            let href = opened.href(page.path());
            let current = when(page == self.page, "aria-current");
            html.put("a", &[("href", &href), (current, "page")], page.name().text(lang));
        }
        html.close();
    }

    /// The way to a link that shows this view to others.
    fn sharing(&self, html: &mut Html) {
        let opened = self.opened;
        let Some(href) = opened.sharing() else { return };
        html.open("p", &[("class", "sharing")]);
        html.put("a", &[("href", &href)], opened.lang.of("Share this view", "分享此视图"));
        html.close();
    }

    /// What it is about, in words; and, but for shared views, the form to change it.
    fn filters(&self, html: &mut Html) {
        let (opened, lang) = (self.opened, self.opened.lang);
        if !self.about.is_empty() {
            for line in &self.about {
                html.put("p", &[("class", "about")], line);
            }
            return;
        }
        html.put("p", &[("class", "about")], &opened.about());
        if opened.pass.is_some() {
            return;
        }
        let filters = &opened.filters;
        html.open("form", &[("method", "get"), ("class", "filters")]);
        html.void("input", &[("type", "hidden"), ("name", "lang"), ("value", lang.tag())]);
        if !filters.site.is_empty() {
            html.void("input", &[("type", "hidden"), ("name", "site"), ("value", &filters.site)]);
        }
        match opened.days {
            Days::Asked => self.days(html),
            // There is nothing to choose, and other pages go on with what was chosen there.
            Days::Own(..) | Days::Unknown => {
                let [from, to] = [filters.from, filters.to].map(domain::civil::date);
                let is_custom = filters.period == "custom";
                for (name, value) in [
                    ("period", filters.period),
                    (when(is_custom, "from"), from.as_str()),
                    (when(is_custom, "to"), to.as_str()),
                    ("compare", filters.compare),
                ] {
                    if !name.is_empty() {
                        let hidden = [("type", "hidden"), ("name", name), ("value", value)];
                        html.void("input", &hidden);
                    }
                }
            }
        }
        for (grain, name) in GRAINS.iter().filter(|it| self.grains.contains(&it.0)) {
            let mut options = vec![(String::new(), lang.of("All", "全部").to_owned())];
            options.extend(opened.options(grain));
            select(html, grain, name.text(lang), &options, filters.key(grain));
        }
        html.put("button", &[], lang.of("Show", "查看"));
        html.close();
    }

    /// The days to choose, and what they are compared with.
    fn days(&self, html: &mut Html) {
        let (filters, lang) = (&self.opened.filters, self.opened.lang);
        let said = |all: &[(&'static str, Said)]| -> Vec<(String, String)> {
            all.iter().map(|it| (it.0.to_owned(), it.1.text(lang).to_owned())).collect()
        };
        select(html, "period", lang.of("Period", "时间段"), &said(&PERIODS), filters.period);
        for (name, label, day) in
            [("from", lang.of("From", "从"), filters.from), ("to", lang.of("To", "到"), filters.to)]
        {
            html.open("label", &[]);
            html.text(label);
            let date = domain::civil::date(day);
            html.void("input", &[("type", "date"), ("name", name), ("value", &date)]);
            html.close();
        }
        select(html, "compare", lang.of("Against", "对比"), &said(&COMPARES), filters.compare);
    }
}

impl Opened {
    /// The days, the zone and the filters in words: what a printed page must say of itself.
    pub fn about(&self) -> String {
        let (lang, filters) = (self.lang, &self.filters);
        let date = domain::civil::date;
        let mut about = String::new();
        if let (Some(from), Some(to)) = self.span() {
            about = format!("{} \u{2013} {} · ", date(from), date(to));
        }
        about.push_str(&zone_name(self.zone, self.now));
        let compare = COMPARES.iter().find(|it| it.0 == filters.compare);
        if let Some((_, name)) = compare.filter(|_| self.days == Days::Asked) {
            about.push_str(lang.of(" · against: ", " · 对比："));
            about.push_str(name.text(lang));
        }
        for (grain, key) in &filters.by {
            let options = self.options(grain);
            let name = options.iter().find(|it| it.0 == *key).map_or(key.as_str(), |it| &it.1);
            let label = GRAINS.iter().find(|it| it.0 == *grain).map_or("", |it| it.1.text(lang));
            about.push_str(&format!(" · {label}{}{name}", lang.of(": ", "：")));
        }
        about
    }

    /// The first and the last day of what the page shows, if there are any.
    pub(crate) const fn span(&self) -> (Option<i32>, Option<i32>) {
        match self.days {
            Days::Asked => (Some(self.filters.from), Some(self.filters.to)),
            Days::Own(from, to) => (Some(from), Some(to)),
            Days::Unknown => (None, None),
        }
    }

    /// What can be chosen in a grain: keys and names.
    pub fn options(&self, grain: &str) -> Vec<(String, String)> {
        let words = |all: &[(&str, Said)]| -> Vec<(String, String)> {
            all.iter().map(|it| (it.0.to_owned(), it.1.text(self.lang).to_owned())).collect()
        };
        match grain {
            "touchpoint" => self.choices.touchpoints.clone(),
            "agent" => self.choices.agents.clone(),
            "channel" => words(&CHANNELS),
            "group" => words(&GROUPS),
            _ => Vec::new(),
        }
    }
}

fn select(html: &mut Html, name: &str, label: &str, options: &[(String, String)], chosen: &str) {
    html.open("label", &[]);
    html.text(label);
    html.open("select", &[("name", name)]);
    for (value, text) in options {
        html.put("option", &[("value", value), (when(value == chosen, "selected"), "")], text);
    }
    html.close();
    html.close();
}

/// What a page is made of: figures that follow each other stand beside each other, where there is
/// room.
fn parts(html: &mut Html, parts: Vec<Part<'_>>, opened: &Opened) {
    let (mut has_section, mut has_figures) = (false, false);
    for part in parts {
        let is_figure = matches!(part, Part::Figure(..));
        if has_figures && !is_figure {
            html.close();
        }
        if is_figure && !has_figures {
            html.open("div", &[("class", "figures")]);
        }
        has_figures = is_figure;
        // Headings go down by one.
        let heading = if has_section { "h3" } else { "h2" };
        match part {
            Part::Heading(id, text) => {
                if std::mem::replace(&mut has_section, true) {
                    html.close();
                }
                html.open("section", &[("aria-labelledby", id), ("class", "part")]);
                html.put("h2", &[("id", id)], &text);
            }
            Part::Say(text) => html.put("p", &[("class", "say")], &text),
            Part::Tiles(tiles, how) => (how.draw)(html, &tiles, heading, opened),
            Part::Figure(figure, how) => (how.draw)(html, &figure, heading, opened),
            Part::Draw(draw) => draw(html),
        }
    }
    for is_open in [has_figures, has_section] {
        if is_open {
            html.close();
        }
    }
}

/// The end of the page, with the instant at which it was so. The page's tag leaves that out: the
/// same figures a moment later are the same page.
fn finish(mut html: Html, opened: &Opened) -> Response {
    let lang = opened.lang;
    let tag = domain::id::hex(Sha256::digest(html.so_far()).get(..16).unwrap_or_default());
    let tag = format!("W/\"{tag}\"");
    html.open("footer", &[("class", "board-foot"), ("data-tag", &tag)]);
    let as_of = moment(lang, opened.zone, opened.now, opened.now);
    let zone = zone_name(opened.zone, opened.now);
    html.put("p", &[], &format!("{}{as_of} · {zone}", lang.of("As of ", "截至 ")));
    let is_embedded = opened.pass.as_ref().is_some_and(|it| it.is_embedded);
    let policy = match is_embedded {
        true => SCRIPTED.replace("frame-ancestors 'none'", "frame-ancestors *"),
        false => SCRIPTED.to_owned(),
    };
    let mut answer = pages::answer(StatusCode::OK, lang.tag(), &policy, html.done());
    set(&mut answer, CACHE_CONTROL, "private, no-cache");
    set(&mut answer, ETAG, &tag);
    answer
}
