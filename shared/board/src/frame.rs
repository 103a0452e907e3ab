//! The page around the figures: who it is about, the way to the other pages, the filters, and at
//! the end when it was so.

use domain::role::Role;
use domain::view::View;
use http::StatusCode;
use http::header::{CACHE_CONTROL, ETAG};
use pages::html::{Html, when};
use pages::time::{clock, zone_name};
use pages::{Frame, SCRIPTED, chart};
use sha2::{Digest, Sha256};
use web::lang::{Said, said};
use web::response::set;
use web::{Problem, Request, Response};

use crate::filter::{COMPARES, GRAINS, PERIODS};
use crate::{Days, Figure, Opened, Table, Tile, file};

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
            Page::Callbacks => said("Call-backs", "回访"),
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
    Tiles(Vec<Tile>),
    Figure(Box<Figure>),
    Draw(Box<dyn FnOnce(&mut Html) + 'a>),
}

impl Opened {
    /// The address of a page of figures with the filters of this one; empty in a shared view, which
    /// leads nowhere else. `path` begins with a slash or is empty.
    pub fn href(&self, path: &str) -> String {
        self.href_with(path, &self.filters)
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
        self.parts.push(Part::Tiles(tiles));
    }

    /// A figure.
    pub fn figure(&mut self, figure: Figure) {
        self.parts.push(Part::Figure(Box::new(figure)));
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
                Part::Figure(figure) if figure.id == card => Some((**figure).clone()),
                Part::Tiles(tiles) if card == "tiles" => {
                    Some(file::of_tiles(tiles, &self.title, self.opened.lang))
                }
                _ => None,
            });
            let figure = found.ok_or_else(Problem::not_found)?;
            return file::answer(&figure, format, self.opened);
        }
        let opened = self.opened;
        let html = self.body();
        Ok(finish(html, opened))
    }

    fn body(self) -> Html {
        let (opened, lang) = (self.opened, self.opened.lang);
        let title = format!("{} · {}", self.title, opened.site.name);
        let mut html = Frame { theme: opened.theme, ..Frame::of(lang, &title) }.begin();
        html.put(
            "a",
            &[("class", "skip"), ("href", "#main")],
            lang.of("To the figures", "跳到内容"),
        );
        html.open("header", &[("class", "board-head")]);
        html.put("p", &[("class", "site")], &opened.site.name);
        if opened.pass.is_none() {
            self.ways(&mut html);
            leave(&mut html, opened);
        }
        html.close();
        html.open("main", &[("id", "main"), ("class", "board")]);
        html.put("h1", &[], &self.title);
        if self.page != Page::Shares {
            self.filters(&mut html);
            self.sharing(&mut html);
        }
        for wrong in &opened.filters.wrong {
            html.put("p", &[("class", "wrong"), ("role", "alert")], wrong.text(lang));
        }
        let mut is_open = false;
        for part in self.parts {
            match part {
                Part::Heading(id, text) => {
                    if std::mem::replace(&mut is_open, true) {
                        html.close();
                    }
                    html.open("section", &[("aria-labelledby", id)]);
                    html.put("h2", &[("id", id)], &text);
                }
                Part::Say(text) => html.put("p", &[], &text),
                Part::Tiles(tiles) => draw_tiles(&mut html, &tiles, opened),
                Part::Figure(figure) => draw_figure(&mut html, &figure, opened),
                Part::Draw(draw) => draw(&mut html),
            }
        }
        if is_open {
            html.close();
        }
        html.close();
        html
    }

    fn ways(&self, html: &mut Html) {
        let (opened, lang) = (self.opened, self.opened.lang);
        html.open("nav", &[("aria-label", lang.of("Pages", "页面")), ("class", "ways")]);
        for page in Page::ALL {
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

/// What channels are called.
pub static CHANNELS: [(&str, Said); 7] = [
    ("web", said("Web", "网站")),
    ("app", said("App", "App")),
    ("wechat", said("WeChat", "微信")),
    ("sms", said("SMS", "短信")),
    ("email", said("E-mail", "邮件")),
    ("phone", said("Phone", "电话")),
    ("store", said("Store", "门店")),
];
/// What groups of customers are called.
pub static GROUPS: [(&str, Said); 3] = [
    ("new", said("New", "新客户")),
    ("existing", said("Existing", "老客户")),
    ("core", said("Core", "核心客户")),
];

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

/// The way out.
fn leave(html: &mut Html, opened: &Opened) {
    let lang = opened.lang;
    html.open(
        "form",
        &[("method", "post"), ("action", "/dashboard/session/end"), ("class", "leave")],
    );
    for (name, value) in [("lang", lang.tag()), (app::csrf::FIELD, &opened.csrf)] {
        html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
    }
    html.put("button", &[("class", "second")], lang.of("Sign out", "退出登录"));
    html.close();
}

fn draw_tiles(html: &mut Html, tiles: &[Tile], opened: &Opened) {
    let lang = opened.lang;
    html.open("ul", &[("class", "tiles")]);
    for it in tiles {
        html.open("li", &[("class", "tile"), ("id", it.id)]);
        html.put("h3", &[], &it.title);
        let value = if it.value.is_empty() { "\u{2013}" } else { &it.value };
        html.put("p", &[("class", "value")], value);
        chart::spark(html, &it.course);
        for (label, text) in [
            (lang.of("surely ", "区间 "), &it.interval),
            (lang.of("target ", "目标 "), &it.target),
            ("", &it.change),
            ("", &it.note),
        ] {
            if !text.is_empty() {
                html.put("p", &[("class", "soft")], &format!("{label}{text}"));
            }
        }
        if let Some(n) = it.n {
            html.put("p", &[("class", "soft")], &format!("n {n}"));
        }
        html.close();
    }
    html.close();
}

fn draw_figure(html: &mut Html, it: &Figure, opened: &Opened) {
    let lang = opened.lang;
    html.open("figure", &[("id", it.id)]);
    html.open("figcaption", &[]);
    html.put("h3", &[], &it.title);
    html.put("p", &[], if it.empty.is_empty() { &it.summary } else { &it.empty });
    html.close();
    if it.empty.is_empty() {
        chart::draw(html, &it.chart, it.id, &it.title, &it.summary);
        html.open("details", &[]);
        html.put("summary", &[], lang.of("As a table", "查看表格"));
        draw_table(html, &it.table);
        html.close();
    }
    html.close();
}

fn draw_table(html: &mut Html, table: &Table) {
    html.open("table", &[]);
    html.open("tr", &[]);
    for it in &table.columns {
        html.put("th", &[("scope", "col")], it);
    }
    html.close();
    for row in &table.rows {
        html.open("tr", &[]);
        for (at, cell) in row.iter().enumerate() {
            html.open(if at == 0 { "th" } else { "td" }, &[(when(at == 0, "scope"), "row")]);
            if cell.href.is_empty() {
                html.text(&cell.text);
            } else {
                html.put("a", &[("href", &cell.href)], &cell.text);
            }
            html.close();
        }
        html.close();
    }
    html.close();
}

/// The end of the page, with the instant at which it was so. The page's tag leaves that out: the
/// same figures a moment later are the same page.
fn finish(mut html: Html, opened: &Opened) -> Response {
    let lang = opened.lang;
    let tag = domain::id::hex(Sha256::digest(html.so_far()).get(..16).unwrap_or_default());
    html.open("footer", &[("class", "board-foot")]);
    let as_of = clock(opened.zone, opened.now);
    html.put("p", &[], &format!("{}{as_of}", lang.of("As of ", "截至 ")));
    let is_embedded = opened.pass.as_ref().is_some_and(|it| it.is_embedded);
    let policy = match is_embedded {
        true => SCRIPTED.replace("frame-ancestors 'none'", "frame-ancestors *"),
        false => SCRIPTED.to_owned(),
    };
    let mut answer = pages::answer(StatusCode::OK, lang.tag(), &policy, html.done());
    set(&mut answer, CACHE_CONTROL, "private, no-cache");
    set(&mut answer, ETAG, &format!("W/\"{tag}\""));
    answer
}
