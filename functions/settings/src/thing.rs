//! What can be set up: one description for each, and one way to list, make, show and change them.

use domain::role::Role;
use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::{Map, Value};
use staff::tell::{self, at, items, text};
use staff::{Call, Desk, Done, Filled, Form, Page, Section, Sent, Signed, Verb, word};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::act::{self, Act};

/// Where all of it is.
pub(crate) const ABOVE: &str = "/desk/settings";

/// One thing said in both languages, in a table.
#[derive(Clone, Copy)]
pub(crate) struct Two(pub &'static str, pub &'static str);

impl Two {
    /// The text in one language.
    pub(crate) fn text(self, lang: Lang) -> &'static str {
        lang.of(self.0, self.1)
    }
}

/// Something that can be set up: what the API calls it, and how it looks.
pub(crate) struct Thing {
    /// What the API calls several of them.
    pub name: &'static str,
    /// Their page.
    pub page: &'static str,
    /// The component that has them.
    pub component: &'static str,
    /// Who sees them.
    pub sees: Role,
    /// Who makes and changes them.
    pub writes: Role,
    /// Whether there is one of it, whose id is that of the site.
    pub is_single: bool,
    /// Whether it can be changed; otherwise only made and ended.
    pub is_changed: bool,
    /// What they are called.
    pub title: Two,
    /// The heading of a new one.
    pub fresh: Two,
    /// What they are for.
    pub about: Two,
    /// What else the pages of it need: the component and what is asked of it.
    pub also: fn(&Desk) -> Vec<(&'static str, String)>,
    /// Its fields.
    pub form: fn(&Scene<'_>) -> Form,
    /// What stands in the fields of a new one.
    pub begin: fn(&mut Filled),
    /// What is sent beside or in place of what the fields say.
    pub finish: fn(&Scene<'_>, &mut Map<String, Value>),
    /// Fields whose value is never shown.
    pub unshown: &'static [&'static str],
    /// Its line in a list.
    pub row: fn(&Scene<'_>, &Value) -> Row,
    /// What can be done with one beside changing it.
    pub acts: &'static [Act],
    /// What stands below its fields.
    pub below: fn(&mut Html, &Scene<'_>),
    /// What is shown once, when it is made: where it stands in the answer; empty for nothing.
    pub once: &'static str,
}

/// What is known when something is drawn.
pub(crate) struct Scene<'a> {
    /// Whose desk it is.
    pub desk: &'a Desk,
    /// What the API tells of it; null of a new one.
    pub it: Value,
    /// What else was asked for, in the order of [`Thing::also`]; null where nobody answered.
    pub lists: Vec<Value>,
    /// The kind that is wanted, where there are several; empty for the usual one.
    pub variant: String,
}

/// A line in a list.
#[derive(Default)]
pub(crate) struct Row {
    /// Words that stand out, each with its class.
    pub badges: Vec<(&'static str, String)>,
    /// What it is, in a few words.
    pub facts: Vec<String>,
}

impl Scene<'_> {
    /// Whichever of two texts is in the reader's language.
    pub(crate) fn of<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.desk.lang.of(en, zh)
    }

    /// Whether it is yet to be made.
    pub(crate) fn is_new(&self) -> bool {
        self.it.is_null()
    }

    /// The choices among a list of what else was asked for.
    pub(crate) fn named(&self, number: usize, none: &str) -> Vec<(String, String)> {
        tell::named(self.lists.get(number).unwrap_or(&Value::Null), none)
    }
}

impl Row {
    /// Adds a fact, unless there is nothing to say.
    pub(crate) fn fact(mut self, fact: impl Into<String>) -> Row {
        let fact = fact.into();
        if !fact.is_empty() {
            self.facts.push(fact);
        }
        self
    }

    /// Adds a word that stands out, if something is so.
    pub(crate) fn badge(mut self, is_so: bool, class: &'static str, text: &str) -> Row {
        if is_so {
            self.badges.push((class, text.to_owned()));
        }
        self
    }
}

impl Thing {
    /// Its word in addresses.
    pub(crate) fn word(&self) -> &'static str {
        self.page.rsplit('/').next().unwrap_or("")
    }

    /// The address of one.
    pub(crate) fn page_of(&self, id: &str) -> String {
        if self.is_single { self.page.to_owned() } else { format!("{}/{}", self.page, word(id)) }
    }

    /// What the API calls one.
    pub(crate) fn target(&self, desk: &Desk, id: &str) -> String {
        let id = if self.is_single { &desk.site_id } else { id };
        format!("/v1/{}/{}", self.name, word(id))
    }

    /// Begins the page of one.
    pub(crate) fn page_about<'d>(
        &self,
        desk: &'d Desk,
        request: &Request,
        title: &str,
        above: &[(&str, &str)],
    ) -> Page<'d> {
        let settings = Section::Settings.name();
        let mut way = vec![(ABOVE, settings.text(desk.lang))];
        if !self.is_single {
            way.push((self.page, self.title.text(desk.lang)));
        }
        way.extend_from_slice(above);
        desk.page_about(request, Section::Settings, title, &way)
    }
}

/// A count that the API tells, as a text; empty for none.
pub(crate) fn whole(told: &Value, pointer: &str) -> String {
    tell::count(told, pointer).map(|it| it.to_string()).unwrap_or_default()
}

/// Opens a page of a thing for whoever may see it, or for whoever may change it.
pub(crate) async fn open(
    env: &impl Env,
    request: &Request,
    thing: &Thing,
    is_change: bool,
) -> Result<Signed, Problem> {
    staff::open(env, request, if is_change { thing.writes } else { thing.sees }).await
}

/// Asks for one, where there is one, and for what else its pages need.
pub(crate) async fn scene<'a>(
    env: &impl Env,
    request: &Request,
    desk: &'a Desk,
    (thing, id): (&Thing, Option<&str>),
) -> Result<Scene<'a>, staff::Refused> {
    let mut asked = (thing.also)(desk);
    if let Some(id) = id {
        asked.insert(0, (thing.component, thing.target(desk, id)));
    }
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let it = match id {
        Some(_) => told.next().unwrap_or_else(|| Err(staff::Refused::default()))?,
        None => Value::Null,
    };
    let lists = told.map(Result::unwrap_or_default).collect();
    let variant = request.param("kind").unwrap_or(text(&it, "/kind")).to_owned();
    Ok(Scene { desk, it, lists, variant })
}

/// The list of them.
pub(crate) async fn list(
    env: &impl Env,
    request: &Request,
    thing: &'static Thing,
) -> Result<Response, Problem> {
    let desk = match open(env, request, thing, false).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let mut target = format!("/v1/{}?limit=50", thing.name);
    if let Some(after) = request.param("after") {
        target = format!("{target}&after={}", word(after));
    }
    let mut asked = vec![(thing.component, target)];
    asked.extend((thing.also)(&desk));
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let found = match told.next().unwrap_or_else(|| Err(staff::Refused::default())) {
        Ok(found) => found,
        Err(refused) => return desk.refusal(&refused),
    };
    let lists = told.map(Result::unwrap_or_default).collect();
    let scene = Scene { desk: &desk, it: Value::Null, lists, variant: String::new() };
    let settings = Section::Settings.name();
    let above = [(ABOVE, settings.text(desk.lang))];
    let title = thing.title.text(desk.lang);
    let mut page = desk.page_about(request, Section::Settings, title, &above);
    page.html.put("p", &[], thing.about.text(desk.lang));
    fresh_ways(&mut page.html, &scene, thing);
    if items(&found, "/items").is_empty() {
        page.empty(desk.lang.of(
            "There is none yet. The first one you make stands here.",
            "暂无内容，新建后会显示在这里。",
        ));
    }
    draw_list(&mut page.html, &scene, thing, &found);
    desk.more(&mut page.html, thing.page, text(&found, "/next"));
    Ok(page.answer(StatusCode::OK))
}

/// The ways to a new one.
fn fresh_ways(html: &mut Html, scene: &Scene<'_>, thing: &Thing) {
    let desk = scene.desk;
    if !desk.may(thing.writes) {
        return;
    }
    html.open("p", &[("class", "row-acts")]);
    let path = format!("{}/new", thing.page);
    let ways: &[(&str, &str, &str)] = match thing.name {
        "keys" => &[
            ("secret", "New key for somebody or a system", "为员工或系统新建密钥"),
            ("publishable", "New publishable key for web pages", "为网页新建公开密钥"),
        ],
        _ => &[],
    };
    for (at, (kind, en, zh)) in ways.iter().enumerate() {
        let href = desk.href(&format!("{path}?kind={kind}"));
        let key = if at == 0 { "n" } else { "p" };
        let text = desk.lang.of(en, zh);
        html.put("a", &[("href", &href), ("data-key", key), ("data-does", text)], text);
    }
    if ways.is_empty() {
        let text = thing.fresh.text(desk.lang);
        let href = desk.href(&path);
        html.put("a", &[("href", &href), ("data-key", "n"), ("data-does", text)], text);
    }
    html.close();
}

fn draw_list(html: &mut Html, scene: &Scene<'_>, thing: &Thing, found: &Value) {
    let (desk, found) = (scene.desk, items(found, "/items"));
    if found.is_empty() {
        return;
    }
    html.open("ul", &[("class", "list")]);
    for it in found {
        let row = (thing.row)(scene, it);
        html.open("li", &[]);
        html.open("h2", &[]);
        let href = desk.href(&thing.page_of(text(it, "/id")));
        html.put("a", &[("href", &href), ("data-row", "")], text(it, "/name"));
        html.close();
        if !row.badges.is_empty() || !row.facts.is_empty() {
            html.open("p", &[]);
            for (class, text) in &row.badges {
                html.put("span", &[("class", class)], text);
                html.text(" ");
            }
            html.text(&row.facts.join(" · "));
            html.close();
        }
        html.close();
    }
    html.close();
}

/// A new one: its empty form, or what becomes of the one that was filled in.
pub(crate) async fn fresh(
    env: &impl Env,
    request: &Request,
    thing: &'static Thing,
) -> Result<Response, Problem> {
    if thing.is_single {
        return Err(Problem::not_found());
    }
    let desk = match open(env, request, thing, true).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let scene = match scene(env, request, &desk, (thing, None)).await {
        Ok(scene) => scene,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = (thing.form)(&scene);
    let filled = if *request.method() == http::Method::POST {
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let target = format!("/v1/{}", thing.name);
        let (component, verb) = (thing.component, Verb::Post);
        let call = Call { component, verb, target: &target, ..Call::default() };
        match submit(env, request, &scene, (thing, &form, &sent), call).await {
            Ok(done) => return Ok(made(request, &desk, thing, &done)),
            Err(filled) => filled,
        }
    } else {
        let mut filled = Filled::default();
        (thing.begin)(&mut filled);
        // An address may say what stands in a field, such as whose key it is to be.
        for input in &form.inputs {
            if let Some(value) = request.param(input.name()) {
                filled.set(input.name(), value);
            }
        }
        filled
    };
    let title = thing.fresh.text(desk.lang);
    let mut page = thing.page_about(&desk, request, title, &[]);
    let mut action = format!("{}/new", thing.page);
    if !scene.variant.is_empty() {
        action = format!("{action}?kind={}", word(&scene.variant));
    }
    draw_form(&mut page.html, &scene, (thing, &form, &filled), &action);
    Ok(page.answer(filled.status()))
}

/// Goes on to what was made, unless it has something that is shown only now.
fn made(request: &Request, desk: &Desk, thing: &Thing, done: &Done) -> Response {
    let path = thing.page_of(text(&done.told, "/id"));
    let secret = if thing.once.is_empty() { "" } else { text(&done.told, thing.once) };
    if secret.is_empty() {
        return desk.go(&path, "created");
    }
    let name = text(&done.told, "/name");
    act::show_once(request, desk, (thing, name, &path), (thing.once, secret))
}

/// Takes a form as [`Desk::submit`] does, with what the thing itself adds.
async fn submit(
    env: &impl Env,
    request: &Request,
    scene: &Scene<'_>,
    (thing, form, sent): (&Thing, &Form, &Sent),
    call: Call<'_>,
) -> Result<Done, Filled> {
    let desk = scene.desk;
    let mut body = form.read(desk.lang, sent)?;
    (thing.finish)(scene, &mut body);
    let body = Value::Object(body);
    let (key, version) = (sent.key(), sent.version());
    match desk.send(env, request, Call { body: &body, key, version, ..call }).await {
        Ok(done) => Ok(done),
        Err(refused) => {
            let mut filled = desk.refused(env, request, (form, sent), &refused, call).await;
            filled.meanwhile.retain(|it| !thing.unshown.contains(&&*it.0));
            Err(filled)
        }
    }
}

/// One: its fields to change, or to read for whoever may not; or what becomes of a change.
pub(crate) async fn one(
    env: &impl Env,
    request: &Request,
    thing: &'static Thing,
    id: &str,
) -> Result<Response, Problem> {
    let is_sent = *request.method() == http::Method::POST;
    let desk = match open(env, request, thing, is_sent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let scene = match scene(env, request, &desk, (thing, Some(id))).await {
        Ok(scene) => scene,
        Err(refused) => return desk.refusal(&refused),
    };
    let form = (thing.form)(&scene);
    if !is_sent {
        let mut filled = Filled::of(&form, &scene.it);
        filled.pairs.retain(|it| !thing.unshown.contains(&&*it.0));
        return Ok(draw_one(request, &scene, (thing, id), (&form, &filled)));
    }
    if !thing.is_changed {
        return Err(Problem::method_not_allowed("GET, HEAD"));
    }
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let target = thing.target(&desk, id);
    let (component, verb) = (thing.component, Verb::Patch);
    let call = Call { component, verb, target: &target, ..Call::default() };
    match submit(env, request, &scene, (thing, &form, &sent), call).await {
        Ok(_) => Ok(desk.go(&thing.page_of(id), "saved")),
        Err(filled) => Ok(draw_one(request, &scene, (thing, id), (&form, &filled))),
    }
}

/// The page of one.
pub(crate) fn draw_one(
    request: &Request,
    scene: &Scene<'_>,
    (thing, id): (&Thing, &str),
    (form, filled): (&Form, &Filled),
) -> Response {
    let desk = scene.desk;
    let title = match thing.is_single {
        true => thing.title.text(desk.lang),
        false => text(&scene.it, "/name"),
    };
    let mut page = thing.page_about(desk, request, title, &[]);
    let html = &mut page.html;
    if thing.is_single {
        html.put("p", &[], thing.about.text(desk.lang));
    }
    let row = (thing.row)(scene, &scene.it);
    if !row.badges.is_empty() {
        html.open("p", &[]);
        for (class, text) in &row.badges {
            html.put("span", &[("class", class)], text);
            html.text(" ");
        }
        html.close();
    }
    if desk.may(thing.writes) && thing.is_changed {
        draw_form(html, scene, (thing, form, filled), &thing.page_of(id));
    } else {
        if !filled.alert.is_empty() {
            pages::notes(html, &filled.alert, &[]);
        }
        draw_facts(html, scene, thing, form);
    }
    (thing.below)(html, scene);
    act::draw(html, scene, (thing, id));
    let history = desk.href(&format!("{}/history", thing.page_of(id)));
    html.open("p", &[("class", "more")]);
    let does = desk.lang.of("Who changed what", "更改记录");
    html.put("a", &[("href", &history), ("data-key", "h"), ("data-does", does)], does);
    html.close();
    page.answer(filled.status())
}

fn draw_form(
    html: &mut Html,
    scene: &Scene<'_>,
    (thing, form, filled): (&Thing, &Form, &Filled),
    action: &str,
) {
    let lang = scene.desk.lang;
    html.open("section", &[("class", "panel"), ("aria-label", thing.title.text(lang))]);
    scene.desk.begin_form(html, action, "");
    form.draw(html, scene.desk, filled);
    let label = match scene.is_new() {
        true => lang.of("Create", "新建"),
        false => lang.of("Save", "保存"),
    };
    html.put("button", &[], label);
    html.close();
    html.close();
}

/// What the fields of a form say, for whoever may only read it.
fn draw_facts(html: &mut Html, scene: &Scene<'_>, thing: &Thing, form: &Form) {
    let lang = scene.desk.lang;
    html.open("section", &[("class", "panel"), ("aria-label", thing.title.text(lang))]);
    html.open("dl", &[("class", "facts")]);
    for input in form.inputs.iter().filter(|it| !thing.unshown.contains(&it.name())) {
        let value = input.tell(lang, at(&scene.it, &format!("/{}", input.name())));
        html.put("dt", &[], input.label());
        html.put("dd", &[], if value.is_empty() { "–" } else { &value });
    }
    html.close();
    html.close();
}
