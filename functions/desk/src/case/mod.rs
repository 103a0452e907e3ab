//! `/desk/complaints/{id}`: the page of one case: what it is, what was said, what may be done.

mod acts;
mod forms;
mod side;
mod told;

use domain::case::State;
use domain::case::act::Act;
use domain::id::Kind;
use domain::role::Role;
use http::StatusCode;
use ports::Env;
use serde_json::Value;
use staff::tell::{at, items, text};
use staff::{Desk, Filled, Refused, Section, Signed};
use web::{Problem, Request, Response};

pub(crate) use acts::{make_link, revoke_link, take};
pub(crate) use forms::graded;

use crate::queue::{Names, PATH};

/// How many of the newest events the page tells.
const EVENTS: i64 = 60;

/// A case and what its neighbours tell of it.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    case: Value,
    names: Names,
    templates: Vec<Value>,
    /// Null where it cannot be told.
    calls: Value,
    others_here: Value,
    trail: Value,
    customer: Value,
    cases: Value,
    causes: Value,
    response: Value,
    survey: Value,
}

/// What the page says besides the case.
#[derive(Debug, Default)]
pub(crate) struct Extra {
    /// The act whose form is open, and how it is filled in.
    act: String,
    filled: Option<Filled>,
    /// What happened since the version that was seen; none where nobody was faster.
    since: Vec<Value>,
    /// A link that was just made; empty for none.
    link: String,
    status: StatusCode,
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    id: &str,
    act: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let extra = Extra { act: act.to_owned(), ..Extra::default() };
    draw(env, request, &desk, id, extra).await
}

/// The page of a case, with what is to be said besides.
async fn draw(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    extra: Extra,
) -> Result<Response, Problem> {
    if !id.starts_with(Kind::Case.prefix()) {
        // By its number, as people type it: its address is the one by its id.
        let target = format!("/v1/complaints/{}", staff::word(id));
        return match desk.read_one(env, request, ("casework", &target)).await {
            Ok(it) => Ok(desk.go(&format!("{PATH}/{}", text(&it, "/id")), "")),
            Err(refused) => desk.refusal(&refused),
        };
    }
    let it = match load(env, request, desk, id).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let number = text(&it.case, "/number");
    let title = match extra.filled.as_ref().is_some_and(|it| !it.is_good()) {
        true => format!("{}{number}", desk.lang.of("Error: ", "有误：")),
        false => number.to_owned(),
    };
    let name = Section::Cases.name();
    let above = [(PATH, name.text(desk.lang))];
    let mut page = desk.page_about(request, Section::Cases, &title, &above);
    let html = &mut page.html;
    it.head(html, desk);
    it.stale(html, desk, &extra);
    it.made_link(html, desk, &extra.link);
    html.open("div", &[("class", "two")]);
    html.open("div", &[]);
    it.talk(html, desk, &extra.since);
    it.forms(html, desk, request, &extra);
    html.close();
    html.open("div", &[]);
    it.clocks(html, desk);
    it.facts(html, desk);
    it.grade(html, desk);
    it.whose(html, desk);
    it.calls(html, desk);
    it.gifts(html, desk);
    it.links(html, desk);
    it.history(html, desk);
    html.close();
    html.close();
    Ok(page.answer(extra.status))
}

/// Asks for a case and for all that its page tells, in two goes: the second needs the first.
async fn load(env: &impl Env, request: &Request, desk: &Desk, id: &str) -> Result<Loaded, Refused> {
    let id = staff::word(id);
    let path = format!("/v1/complaints/{id}");
    let mut wanted = vec![
        ("casework", path.clone()),
        ("casework", format!("{path}/presence")),
        ("admin", "/v1/templates?limit=100".to_owned()),
        ("callback", format!("/v1/callbacks?case_id={id}&limit=20")),
    ];
    wanted.extend(Names::asked());
    let mut told = desk.read(env, request, &wanted).await.into_iter();
    let case = told.next().unwrap_or_else(|| Err(Refused::default()))?;
    let mut next = || told.next().and_then(Result::ok).unwrap_or_default();
    let (others_here, templates, calls) = (next(), next(), next());
    let names: Vec<Value> = [next(), next(), next()].into();
    let mut it = Loaded { case, others_here, calls, ..Loaded::default() };
    it.names = Names::of(desk.lang, &names);
    it.templates = items(&templates, "/items").to_vec();
    it.more(env, request, desk).await;
    Ok(it)
}

impl Loaded {
    /// What depends on the case: its newest events, its customer, the answer that led to it, and
    /// causes where it may be closed.
    async fn more(&mut self, env: &impl Env, request: &Request, desk: &Desk) {
        let id = text(&self.case, "/id");
        let first = (at(&self.case, "/version").as_i64().unwrap_or(0) - EVENTS).max(0);
        let first = if request.param("trail").is_some() { 0 } else { first };
        let mut wanted =
            vec![("casework", format!("/v1/complaints/{id}/audit?after={first}&limit=100"))];
        let (customer, survey) = (text(&self.case, "/customer_id"), text(&self.case, "/survey_id"));
        if !customer.is_empty() {
            let of = format!("/v1/complaints?customer_id={customer}&limit=10");
            wanted.push(("customer", format!("/v1/customers/{customer}")));
            wanted.push(("complaint", of));
        }
        if !survey.is_empty() {
            let response = text(&self.case, "/response_id");
            wanted.push(("study", format!("/v1/studies/{survey}/responses/{response}")));
            wanted.push(("study", format!("/v1/studies/{survey}")));
        }
        let is_closable = self.may(Act::Close);
        if is_closable {
            wanted.push(("ledger", "/v1/causes?limit=100".to_owned()));
        }
        let (has_customer, has_survey) = (!customer.is_empty(), !survey.is_empty());
        let mut told = desk.read(env, request, &wanted).await.into_iter();
        let mut next = || told.next().and_then(Result::ok).unwrap_or_default();
        self.trail = next();
        if has_customer {
            (self.customer, self.cases) = (next(), next());
        }
        if has_survey {
            (self.response, self.survey) = (next(), next());
        }
        if is_closable {
            self.causes = next();
        }
    }

    /// Whether something may be done where the case stands.
    fn may(&self, act: Act) -> bool {
        let state = State::parse(text(&self.case, "/state")).unwrap_or_default();
        act.from(state).is_some()
    }

    fn id(&self) -> &str {
        text(&self.case, "/id")
    }

    fn version(&self) -> i64 {
        at(&self.case, "/version").as_i64().unwrap_or(0)
    }

    /// The address of the page, or of an act below it.
    fn path(&self, act: &str) -> String {
        format!("{PATH}/{}{act}", self.id())
    }
}
