//! Queues: the most pressing cases of an agent, a department or the site, or the newest.

use std::slice::from_ref;

use app::auth;
use app::case::Book;
use app::case::view::show;
use domain::case::{Grade, State};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::case_queues::{self, Along, LAST, LOOK, Wanted};
use store::case_texts;
use store::cases::Case;
use web::field::{Query, one_of_rule};
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response, view};

use super::search::{self, Sought, seek};

/// The orders of a list.
const SORTS: [&str; 2] = ["due", "newest"];
/// How many characters of a case a list shows.
const EXCERPT_CHARS: i64 = 140;
/// How long an id may be.
const ID_CHARS_MAX: usize = 64;

/// What a list is asked for.
#[derive(Default)]
struct Asked {
    states: Vec<State>,
    grade: String,
    type_id: String,
    agent_id: String,
    department_id: String,
    customer_id: String,
    touchpoint_id: String,
    parent_id: String,
    is_late: Option<bool>,
    sought: Option<String>,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let mut asked = read(&mut query);
    if asked.agent_id == "me" {
        asked.agent_id.clone_from(&agent.agent_id);
        if agent.agent_id.is_empty() {
            query.refuse("agent_id", said("this key is no agent's", "此密钥不属于任何员工"));
        }
    }
    let mut along = along(&mut query, &asked);
    let page = Page::read(&mut query);
    let mut after = key(&mut query, &page, along);
    query.done()?;
    let book = Book::load(env, &agent.site_id).await?;
    let sought = match &asked.sought {
        Some(text) => seek(env, &book, text).await?,
        None => Sought::Nothing,
    };
    let mut wanted_by = "";
    match &sought {
        Sought::Nothing => {}
        Sought::One(case) => {
            let items = shown_all(env, &book, case.as_deref().map_or(&[], from_ref)).await?;
            return web::ok(&json!({ "items": items, "next": null }));
        }
        Sought::OfPeople(names) => (along, wanted_by) = (Along::NewestOfPeople, names),
        Sought::WithWords(words) => {
            (along, wanted_by) = (Along::NewestWithWords, words);
            after.0 = app::case::search::before(&after.1);
        }
    }
    let names: Vec<&str> = asked.states.iter().map(|it| it.name()).collect();
    let (states, now) = (view::text(&names), env.now());
    let wanted = Wanted {
        along,
        site_id: &agent.site_id,
        after: (after.0, &after.1),
        rows: page.rows(),
        states: &states,
        grade: &asked.grade,
        type_id: &asked.type_id,
        agent_id: &asked.agent_id,
        department_id: &asked.department_id,
        customer_id: &asked.customer_id,
        touchpoint_id: &asked.touchpoint_id,
        parent_id: &asked.parent_id,
        sought: wanted_by,
        is_late: asked.is_late,
        now,
    };
    let mut found = env.sql().fetch(case_queues::page(&wanted)).await?;
    let shown = usize::try_from(page.limit).unwrap_or(0);
    let next = if shown < found.len() {
        found.truncate(shown);
        found.last().map(|it| cursor(along, (due(it), &it.id)))
    } else if asked.is_filtered() {
        let reached = env.sql().fetch(case_queues::reached(&wanted)).await?;
        reached.map(|(due, id)| cursor(along, (due, &id)))
    } else {
        None
    };
    let items = shown_all(env, &book, &found).await?;
    web::ok(&json!({ "items": items, "next": next }))
}

/// Cases as a list shows them, each with how it begins and whose it is.
async fn shown_all(env: &impl Env, book: &Book, found: &[Case]) -> Result<Value, Problem> {
    let (promise, now) = (book.promise(), env.now());
    let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
    let gists = env.sql().fetch(case_texts::gists(&view::text(&ids), EXCERPT_CHARS)).await?;
    let shown = |it: &Case| {
        let mut shown = show(&promise, it, now);
        let gist = gists.iter().find(|own| own.id == it.id);
        let (excerpt, customer) = gist.map_or(("", ""), |it| (&it.excerpt, &it.customer));
        shown.insert("excerpt".to_owned(), json!(view::some(excerpt)));
        shown.insert("customer_name".to_owned(), json!(view::some(customer)));
        Value::Object(shown)
    };
    Ok(found.iter().map(shown).collect())
}

fn read(query: &mut Query) -> Asked {
    let id = |query: &mut Query, name: &str| query.text(name, ID_CHARS_MAX).unwrap_or_default();
    let states = query.parse(
        "state",
        |it| it.split(',').map(State::parse).collect::<Option<Vec<State>>>(),
        || one_of_rule(&State::NAMES),
    );
    let grade = query.parse("grade", Grade::parse, || one_of_rule(&Grade::NAMES));
    let is_late = query.parse(
        "is_late",
        |it| match it {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        || said("must be true or false", "须为 true 或 false"),
    );
    Asked {
        states: states.unwrap_or_default(),
        grade: grade.map_or("", Grade::name).to_owned(),
        type_id: id(query, "type"),
        agent_id: id(query, "agent_id"),
        department_id: id(query, "department_id"),
        customer_id: id(query, "customer_id"),
        touchpoint_id: id(query, "touchpoint_id"),
        parent_id: id(query, "parent_id"),
        is_late,
        sought: search::read(query),
    }
}

/// Along which index: the most pressing first, unless that makes no sense.
fn along(query: &mut Query, asked: &Asked) -> Along {
    let sort =
        query.parse("sort", |it| SORTS.into_iter().find(|own| *own == it), || one_of_rule(&SORTS));
    let is_over = |it: &State| matches!(it, State::Closed | State::Merged);
    let is_history = asked.sought.is_some()
        || asked.states.iter().any(is_over)
        || !asked.customer_id.is_empty()
        || !asked.parent_id.is_empty();
    if sort == Some("due") && is_history {
        query.refuse("sort", said(
            "due is the order of the cases of a site, a department or an agent that are not over",
            "due 仅用于站点、部门或员工的未结工单",
        ));
    }
    let is_newest = sort == Some("newest") || is_history;
    match (is_newest, asked) {
        (true, it) if !it.parent_id.is_empty() => Along::NewestOfParent,
        (true, it) if !it.customer_id.is_empty() => Along::NewestOfCustomer,
        (true, _) => Along::Newest,
        (false, it) if !it.agent_id.is_empty() => Along::DueOfAgent,
        (false, it) if !it.department_id.is_empty() => Along::DueOfDepartment,
        (false, _) => Along::Due,
    }
}

impl Asked {
    /// Whether it wants less than an index has.
    fn is_filtered(&self) -> bool {
        !self.states.is_empty()
            || self.is_late.is_some()
            || self.sought.is_some()
            || [
                &self.grade,
                &self.type_id,
                &self.agent_id,
                &self.department_id,
                &self.customer_id,
                &self.touchpoint_id,
                &self.parent_id,
            ]
            .iter()
            .any(|it| !it.is_empty())
    }
}

fn is_due(along: Along) -> bool {
    matches!(along, Along::Due | Along::DueOfAgent | Along::DueOfDepartment)
}

fn due(it: &Case) -> i64 {
    it.next_due.unwrap_or(LAST)
}

/// The `after` of the next page.
fn cursor(along: Along, (due, id): (i64, &str)) -> String {
    if is_due(along) { format!("{due}.{id}") } else { id.to_owned() }
}

fn key(query: &mut Query, page: &Page, along: Along) -> (i64, String) {
    if page.after.is_empty() || !is_due(along) {
        return (i64::MIN, page.after.clone());
    }
    let parts = page.after.split_once('.');
    let key = parts.and_then(|(due, id)| Some((due.parse().ok()?, id.to_owned())));
    key.unwrap_or_else(|| {
        query.refuse("after", said("must be the next of a page", "须为上一页的 next"));
        (i64::MIN, String::new())
    })
}

const _: () = assert!(0 < LOOK, "a page that looks at nothing never ends");
