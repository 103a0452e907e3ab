//! `GET /v1/callbacks`: the newest of a site, of a customer or a case; what an agent has to do; the
//! appointments of some days; or the queue.

use app::callback::read::day_or_time;
use app::callback::view;
use app::{auth, zone};
use domain::callback::{Purpose, State};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::call_lists::{self, Along, Wanted};
use store::callbacks::Callback;
use web::field::{Query, one_of_rule};
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response, view as json_view};

/// How long an id may be.
const ID_CHARS_MAX: usize = 64;

/// What a list is asked for.
#[derive(Default)]
struct Asked {
    states: Vec<State>,
    purpose: String,
    agent_id: String,
    service_id: String,
    case_id: String,
    customer_id: String,
    from: Option<i64>,
    until: Option<i64>,
    is_queue: bool,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let site = app::site(env, &agent.site_id).await?;
    let mut query = request.query();
    let mut asked = read(&mut query, zone(&site.zone)?);
    if asked.agent_id == "me" {
        asked.agent_id.clone_from(&agent.agent_id);
        if agent.agent_id.is_empty() {
            query.refuse("agent_id", said("this key is no agent's", "此密钥不属于任何员工"));
        }
    }
    let along = asked.along();
    let page = Page::read(&mut query);
    let after = key(&mut query, &page, along, asked.from);
    query.done()?;
    let names: Vec<&str> = asked.states.iter().map(|it| it.name()).collect();
    let states = json_view::text(&names);
    let wanted = Wanted {
        along,
        site_id: &agent.site_id,
        after: (after.0, &after.1),
        rows: page.rows(),
        states: &states,
        purpose: &asked.purpose,
        agent_id: &asked.agent_id,
        service_id: &asked.service_id,
        case_id: &asked.case_id,
        customer_id: &asked.customer_id,
        until: asked.until.unwrap_or(i64::MAX),
    };
    let mut found = env.sql().fetch(call_lists::page(&wanted)).await?;
    let shown = usize::try_from(page.limit).unwrap_or(0);
    let next = if shown < found.len() {
        found.truncate(shown);
        found.last().map(|it| cursor(along, it))
    } else {
        let reached = env.sql().fetch(call_lists::reached(&wanted)).await?;
        reached.map(|(at, id)| if is_timed(along) { format!("{at}.{id}") } else { id })
    };
    let show = |it: &Callback| Value::Object(view::show(it, view::zone(it)));
    let items: Vec<Value> = found.iter().map(show).collect();
    web::ok(&json!({ "items": items, "next": next }))
}

fn read(query: &mut Query, zone: Zone) -> Asked {
    let id = |query: &mut Query, name: &str| query.text(name, ID_CHARS_MAX).unwrap_or_default();
    let states = query.parse(
        "state",
        |it| it.split(',').map(State::parse).collect::<Option<Vec<State>>>(),
        || one_of_rule(&State::NAMES),
    );
    let purpose = query.parse("purpose", Purpose::parse, || one_of_rule(&Purpose::NAMES));
    Asked {
        states: states.unwrap_or_default(),
        purpose: purpose.map_or("", Purpose::name).to_owned(),
        agent_id: id(query, "agent_id"),
        service_id: id(query, "service_id"),
        case_id: id(query, "case_id"),
        customer_id: id(query, "customer_id"),
        from: day_or_time(query, "from", zone, 0),
        until: day_or_time(query, "to", zone, 1),
        is_queue: query
            .parse("order", |it| (it == "queue").then_some(()), || one_of_rule(&["queue"]))
            .is_some(),
    }
}

impl Asked {
    /// Along which index.
    fn along(&self) -> Along {
        let is_open = |it: &State| it.is_open();
        match self {
            it if it.is_queue => Along::Queue,
            it if it.from.is_some() || it.until.is_some() => Along::Start,
            it if !it.case_id.is_empty() => Along::NewestOfCase,
            it if !it.customer_id.is_empty() => Along::NewestOfCustomer,
            it if !it.agent_id.is_empty()
                && !it.states.is_empty()
                && it.states.iter().all(is_open) =>
            {
                Along::DueOfAgent
            }
            _ => Along::Newest,
        }
    }
}

fn is_timed(along: Along) -> bool {
    matches!(along, Along::DueOfAgent | Along::Start | Along::Queue)
}

/// The `after` of the next page.
fn cursor(along: Along, it: &Callback) -> String {
    match along {
        Along::DueOfAgent => format!("{}.{}", it.due, it.id),
        Along::Start => format!("{}.{}", it.start, it.id),
        Along::Queue => format!("{}.{}", it.place, it.id),
        _ => it.id.clone(),
    }
}

fn key(query: &mut Query, page: &Page, along: Along, from: Option<i64>) -> (i64, String) {
    // The queue begins where it begins; days are of appointments.
    let first = from.filter(|_| along == Along::Start).unwrap_or(i64::MIN);
    if page.after.is_empty() || !is_timed(along) {
        return (first, page.after.clone());
    }
    let parts = page.after.split_once('.');
    let key = parts.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    key.unwrap_or_else(|| {
        query.refuse("after", said("must be the next of a page", "须为上一页的 next"));
        (first, String::new())
    })
}
