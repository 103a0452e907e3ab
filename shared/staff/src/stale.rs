//! What to say where somebody else was faster: what changed since, beside what was typed.

use app::neighbour::{Call, Done, Refused};
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use web::Request;

use crate::form::shown;
use crate::tell::{items, text};
use crate::{Desk, Filled, Form, Sent, tell};

impl Desk {
    /// Takes a form: reads its fields, has the component of `call` do it, and gives back what was
    /// done; or the form as it was typed, with what is wrong with it. The body of `call` is filled
    /// in, and so are key and version.
    ///
    /// If the thing was changed by somebody else since it was shown, the form tells what each field
    /// holds now and goes on from there: sent again, it holds.
    pub async fn submit(
        &self,
        env: &impl Env,
        request: &Request,
        (form, sent): (&Form, &Sent),
        call: Call<'_>,
    ) -> Result<Done, Filled> {
        let body = Value::Object(form.read(self.lang, sent)?);
        let (key, version) = (sent.key(), sent.version());
        let asked = Call { body: &body, key, version, ..call };
        match self.send(env, request, asked).await {
            Ok(done) => Ok(done),
            Err(refused) => Err(self.refused(env, request, (form, sent), &refused, call).await),
        }
    }

    /// The form as it was typed, with why it was refused. `call` says what it was about.
    pub async fn refused(
        &self,
        env: &impl Env,
        request: &Request,
        (form, sent): (&Form, &Sent),
        refused: &Refused,
        call: Call<'_>,
    ) -> Filled {
        let mut filled = Filled::refused(self.lang, form, sent, refused);
        if refused.status != 412 {
            return filled;
        }
        let lang = self.lang;
        filled.alert = lang
            .of(
                "Somebody else changed this while you were at it. What you typed is kept; what \
                 they saved stands below each field. Save again to have yours hold.",
                "在您编辑期间，他人已作更改。您填写的内容仍保留，他人保存的内容列在各项下方。\
                 再次保存将以您的为准。",
            )
            .to_owned();
        let Ok(now) = self.read_one(env, request, (call.component, call.target)).await else {
            return filled;
        };
        for input in &form.inputs {
            let pointer = format!("/{}", input.name());
            let value = now.pointer(&pointer).unwrap_or(&Value::Null);
            let there = shown(input.kind(), value);
            let typed: Vec<&str> = sent.all(input.name()).map(str::trim).collect();
            let same = there.iter().filter(|it| !it.is_empty()).map(|it| it.trim());
            if !same.eq(typed.iter().copied().filter(|it| !it.is_empty())) {
                filled.meanwhile.push((input.name().to_owned(), input.tell(lang, value)));
            }
        }
        filled.version = tell::at(&now, "/version").as_i64().unwrap_or(0);
        filled
    }

    /// What happened to something after a version of it: an item of its trail each. `path` is the
    /// thing's own, such as `/v1/complaints/cmp_…`.
    pub async fn since(
        &self,
        env: &impl Env,
        request: &Request,
        (component, path): (&str, &str),
        version: i64,
    ) -> Vec<Value> {
        let target = format!("{path}/audit?after={version}&limit=50");
        let told = self.read_one(env, request, (component, &target)).await;
        told.map(|it| items(&it, "/items").to_vec()).unwrap_or_default()
    }

    /// Draws what happened to something, a line each: when, who, what.
    pub fn history(&self, html: &mut Html, happened: &[Value]) {
        html.open("ol", &[("class", "history")]);
        for it in happened {
            html.open("li", &[]);
            tell::time(html, self, text(it, "/timestamp"));
            html.text(" · ");
            html.text(&self.who(it));
            html.text(" · ");
            html.text(tell::event(self.lang, text(it, "/type")));
            html.close();
        }
        html.close();
    }

    /// Who made an item of a trail: by name where there is one.
    pub fn who(&self, item: &Value) -> String {
        let actor = text(item, "/actor");
        if !actor.is_empty() && actor == self.actor {
            return self.lang.of("you", "您").to_owned();
        }
        match text(item, "/actor_name") {
            "" => tell::actor(self.lang, actor).to_owned(),
            name => name.to_owned(),
        }
    }
}
