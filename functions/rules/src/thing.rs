//! Things of which a site has several, each with a list, a form and a history: services, call rules.

use domain::role::Role;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, text};
use staff::{Desk, Filled, Form, Refused, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use crate::edit::{self, Shape, To};
use crate::words::Names;
use crate::{draw, opened};

/// The component that has them.
const COMPONENT: &str = "service";

/// A kind of them.
pub(crate) struct Thing {
    /// Their list at the desk, and in the API.
    pub(crate) page: &'static str,
    pub(crate) path: &'static str,
    pub(crate) shape: Shape,
    /// What the form names.
    pub(crate) wanted: &'static [&'static str],
    pub(crate) form: fn(Lang, &Names) -> Form,
    /// The page of a new one.
    pub(crate) new: &'static str,
    pub(crate) title: fn(Lang) -> &'static str,
    pub(crate) heading: fn(Lang) -> &'static str,
    pub(crate) name: fn(Lang, &Value, &Names) -> String,
    /// What the form of a new one begins with.
    pub(crate) begin: fn() -> Value,
}

impl Thing {
    /// Asks for a page of them.
    pub(crate) async fn ask(
        &self,
        env: &impl Env,
        request: &Request,
        desk: &Desk,
    ) -> Result<Value, Refused> {
        let mut target = format!("{}?limit=50", self.path);
        if let Some(after) = request.param("after") {
            target.push_str(&format!("&after={}", staff::word(after)));
        }
        desk.read_one(env, request, (COMPONENT, &target)).await
    }

    /// The way to a new one, for whoever may make it.
    pub(crate) fn new_way(&self, html: &mut Html, desk: &Desk) {
        if !desk.may(Role::Manager) {
            return;
        }
        html.open("p", &[("class", "row-acts")]);
        let (href, does) = (desk.href(self.new), (self.heading)(desk.lang));
        html.put("a", &[("href", &href), ("data-key", "n"), ("data-does", does)], does);
        html.close();
    }

    /// The form of a new one.
    pub(crate) async fn begin(
        &self,
        env: &impl Env,
        request: &Request,
    ) -> Result<Response, Problem> {
        let desk = opened!(env, request, Role::Manager);
        let names = draw::names(env, request, &desk, self.wanted).await;
        let form = (self.form)(desk.lang, &names);
        let filled = Filled::of(&form, &(self.begin)());
        Ok(self.draw(&desk, request, ("", (self.heading)(desk.lang)), (&form, &filled, &[])))
    }

    /// Makes one. What is left empty is as it ships.
    pub(crate) async fn create(
        &self,
        env: &impl Env,
        request: &Request,
    ) -> Result<Response, Problem> {
        self.take(env, request, "").await
    }

    /// One of them: its form for whoever may change it, and its history.
    pub(crate) async fn show(
        &self,
        env: &impl Env,
        request: &Request,
        id: &str,
    ) -> Result<Response, Problem> {
        let desk = opened!(env, request, Role::Viewer);
        let target = format!("{}/{}", self.path, staff::word(id));
        let told = match desk.read_one(env, request, (COMPONENT, &target)).await {
            Ok(told) => told,
            Err(refused) => return desk.refusal(&refused),
        };
        let names = draw::names(env, request, &desk, self.wanted).await;
        let version = at(&told, "/version").as_i64().unwrap_or(0);
        let happened = draw::history(env, request, &desk, (COMPONENT, &target), version).await;
        let form = (self.form)(desk.lang, &names);
        let filled = edit::filled(&form, self.shape, &told, version);
        let name = (self.name)(desk.lang, &told, &names);
        Ok(self.draw(&desk, request, (id, &name), (&form, &filled, &happened)))
    }

    /// Changes one.
    pub(crate) async fn save(
        &self,
        env: &impl Env,
        request: &Request,
        id: &str,
    ) -> Result<Response, Problem> {
        self.take(env, request, id).await
    }

    async fn take(&self, env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
        let desk = opened!(env, request, Role::Manager);
        let sent = match desk.sent(env, request).await {
            Ok(sent) => sent,
            Err(problem) => return desk.told(problem),
        };
        let names = draw::names(env, request, &desk, self.wanted).await;
        let form = (self.form)(desk.lang, &names);
        let own = format!("{}/{}", self.path, staff::word(id));
        let again = [(own.clone(), "", "/version")];
        let to = match id {
            "" => To { component: COMPONENT, verb: Verb::Post, target: self.path, again: &[] },
            _ => To { component: COMPONENT, verb: Verb::Patch, target: &own, again: &again },
        };
        let typed = (&form, &sent, self.shape);
        let filled = match edit::submit(env, request, &desk, typed, to).await {
            Ok(done) if id.is_empty() => {
                return Ok(
                    desk.go(&format!("{}/{}", self.page, text(&done.told, "/id")), "created")
                );
            }
            Ok(_) => return Ok(desk.go(&format!("{}/{id}", self.page), "saved")),
            Err(filled) => filled,
        };
        let name = match sent.get("name") {
            "" => (self.heading)(desk.lang),
            name => name,
        };
        let name = if id.is_empty() { (self.heading)(desk.lang) } else { name };
        Ok(self.draw(&desk, request, (id, name), (&form, &filled, &[])))
    }

    fn draw(
        &self,
        desk: &Desk,
        request: &Request,
        (id, heading): (&str, &str),
        (form, filled, happened): (&Form, &Filled, &[Value]),
    ) -> Response {
        let lang = desk.lang;
        let above = [(self.page, (self.title)(lang))];
        let mut page = draw::page(desk, request, heading, &above);
        let html = &mut page.html;
        let is_new = id.is_empty();
        if desk.may(Role::Manager) {
            let own = format!("{}/{id}", self.page);
            desk.begin_form(html, if is_new { self.new } else { &own }, "panel");
            if is_new {
                let hint = lang.of("What is left empty is as it ships.", "留空的项目采用内置值。");
                html.put("p", &[("class", "soft")], hint);
            }
            form.draw(html, desk, filled);
            let label =
                if is_new { lang.of("Create", "创建") } else { lang.of("Save", "保存") };
            draw::send(html, label);
            html.close();
        } else {
            draw::panel(html, "facts", lang.of("How it is set up", "设置"));
            draw::facts(html, desk, form, filled);
            html.close();
        }
        draw::draw_history(html, desk, happened);
        page.answer(filled.status())
    }
}
