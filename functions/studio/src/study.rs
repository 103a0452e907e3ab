//! The survey that a page is about: its draft, its languages, and the ways between its pages.

use domain::role::Role;
use pages::html::{Html, when};
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, text};
use staff::{Call, Desk, Done, Refused, Verb, word};
use web::Request;

use crate::words;

/// The component that has surveys.
pub(crate) const STUDY: &str = "study";

/// A survey as its staff have it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Study {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `draft`, `open` or `closed`.
    pub(crate) state: String,
    /// Counts its changes.
    pub(crate) version: i64,
    /// The number of the newest published version; 0 for none.
    pub(crate) published: i64,
    /// The draft.
    pub(crate) definition: Value,
}

impl Study {
    /// What the API tells of it.
    pub(crate) fn of(told: &Value) -> Study {
        Study {
            id: text(told, "/id").to_owned(),
            name: text(told, "/name").to_owned(),
            state: text(told, "/state").to_owned(),
            version: at(told, "/version").as_i64().unwrap_or(0),
            published: at(told, "/published_version").as_i64().unwrap_or(0),
            definition: at(told, "/definition").clone(),
        }
    }

    /// The survey of this id.
    pub(crate) async fn load(
        env: &impl Env,
        request: &Request,
        desk: &Desk,
        id: &str,
    ) -> Result<Study, Refused> {
        let told = desk.read_one(env, request, (STUDY, &api(id, ""))).await?;
        Ok(Study::of(&told))
    }

    /// Saves a change of it: `body` is that of the API's `PATCH`.
    pub(crate) async fn save(
        &self,
        env: &impl Env,
        request: &Request,
        desk: &Desk,
        (body, key, version): (&Value, &str, i64),
    ) -> Result<Done, Refused> {
        let target = &api(&self.id, "");
        let call = Call { component: STUDY, verb: Verb::Patch, target, ..Call::default() };
        desk.send(env, request, Call { body, key, version, ..call }).await
    }

    /// The address of a page of it.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/desk/surveys/{}{rest}", self.id)
    }

    /// The questions of its draft.
    pub(crate) fn questions(&self) -> &[Value] {
        items(&self.definition, "/questions")
    }

    /// Where a question stands.
    pub(crate) fn place(&self, question: &str) -> Option<usize> {
        self.questions().iter().position(|it| text(it, "/id") == question)
    }

    /// The language of texts that are in no other.
    pub(crate) fn language(&self) -> &str {
        match text(&self.definition, "/default_language") {
            "" => "zh-CN",
            language => language,
        }
    }

    /// The languages of its draft, the first one first, and `also` one that is to come.
    pub(crate) fn languages(&self, also: &str) -> Vec<String> {
        let mut all = vec![self.language().to_owned()];
        let title = at(&self.definition, "/title");
        for texts in [title].into_iter().chain(self.questions().iter().map(|it| at(it, "/text"))) {
            for tag in texts.as_object().into_iter().flat_map(|it| it.keys()) {
                if !all.contains(tag) {
                    all.push(tag.clone());
                }
            }
        }
        if web::survey::is_language(also) && !all.iter().any(|it| it == also) {
            all.push(also.to_owned());
        }
        all
    }

    /// A text of it for whoever reads the desk.
    pub(crate) fn say<'a>(&self, desk: &Desk, texts: &'a Value) -> &'a str {
        let Some(all) = texts.as_object() else { return texts.as_str().unwrap_or("") };
        let own = desk.lang.of("en", "zh");
        let found = all.iter().find(|it| it.0.starts_with(own));
        let found = found.or_else(|| all.iter().find(|it| it.0 == self.language()));
        found.or_else(|| all.iter().next()).and_then(|it| it.1.as_str()).unwrap_or("")
    }

    /// The ways between the pages of one survey; `here` is the rest of this one's address.
    pub(crate) fn tabs(&self, html: &mut Html, desk: &Desk, here: &str) {
        let lang = desk.lang;
        let label = lang.of("This survey", "本问卷");
        html.open("nav", &[("class", "tabs"), ("aria-label", label)]);
        for (rest, name, role) in &words::TABS {
            if desk.may(*role) {
                let href = desk.href(&self.path(rest));
                let current = when(*rest == here, "aria-current");
                html.put("a", &[("href", &href), (current, "page")], name.text(lang));
            }
        }
        html.close();
    }

    /// The ways above a page of it.
    pub(crate) fn above<'a>(&'a self, own: &'a str, desk: &Desk) -> [(&'a str, &'a str); 2] {
        [("/desk/surveys", desk.lang.of("Surveys", "问卷")), (own, &self.name)]
    }

    /// Whether it takes answers.
    pub(crate) fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// Whether the desk's reader may change it.
    pub(crate) fn may_change(desk: &Desk) -> bool {
        desk.may(Role::Manager)
    }
}

/// Where the API has a survey, or something of it.
pub(crate) fn api(id: &str, rest: &str) -> String {
    format!("/v1/studies/{}{rest}", word(id))
}
