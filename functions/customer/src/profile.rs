//! What happened with a customer, and how it stands with them now.

use app::{auth, entity};
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::customers::Customer;
use store::timelines::{self, Happened};
use store::{Entity, orders};
use web::field::Query;
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response, view};

use crate::told::show_rfm;

/// The newest first, over all that has the link to them.
pub(crate) async fn timeline(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let mut query = request.query();
    let before = before(&mut query);
    let page = Page::read(&mut query);
    query.done()?;
    let customer = entity::find::<Customer>(env, &agent, id).await?;
    let asked = timelines::page(&agent.site_id, customer.id(), (before.0, &before.1), page.rows());
    let found = env.sql().fetch(asked).await?;
    page.show(found, |it| format!("{}.{}", it.at, it.id), show)
}

/// The instant and the id of the last one before: two may have happened at once.
fn before(query: &mut Query) -> (i64, String) {
    let text = query.text("after", 80).unwrap_or_default();
    if text.is_empty() {
        return (i64::MAX, String::new());
    }
    let parts = text.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parts.unwrap_or_else(|| {
        query.refuse("after", said("must be the “next” of a page", "须为上一页给出的 next"));
        (0, String::new())
    })
}

fn show(it: &Happened) -> Value {
    let mut shown = view::object(&it.data).unwrap_or_default();
    shown.insert("at".to_owned(), view::time(it.at).into());
    shown.insert("kind".to_owned(), it.kind.as_str().into());
    shown.insert("id".to_owned(), it.id.as_str().into());
    Value::Object(shown)
}

/// What is open, the next call, how they scored last, and what their orders come to.
pub(crate) async fn summary(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let customer = entity::find::<Customer>(env, &agent, id).await?;
    let site_id = &agent.site_id;
    let told = env.sql().fetch(timelines::now(site_id, customer.id())).await?;
    let totals = env.sql().fetch(orders::rfm(site_id, customer.id())).await?;
    let mut shown = view::object(&told).unwrap_or_default();
    let now = env.now();
    let totals: Value = totals.iter().map(|it| show_rfm(it, now)).collect();
    shown.insert("orders".to_owned(), totals);
    web::ok(&json!(shown))
}
