//! What other systems told of customers: orders and what they come to, tickets and messages.

use app::{auth, rows};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::messages::{self, Message};
use store::orders::{self, Order, Rfm};
use web::field::Query;
use web::page::Page;
use web::{Problem, Request, Response, view};

#[derive(Serialize)]
struct OrderView<'a> {
    id: &'a str,
    external_id: Option<&'a str>,
    customer_id: Option<&'a str>,
    /// In the smallest unit of the currency.
    amount: i64,
    currency: &'a str,
    completed_at: String,
    channel: Option<&'a str>,
    touchpoint_id: Option<&'a str>,
    source_id: &'a str,
    received_at: String,
}

#[derive(Serialize)]
struct MessageView<'a> {
    id: &'a str,
    kind: &'a str,
    external_id: Option<&'a str>,
    customer_id: Option<&'a str>,
    subject: Option<&'a str>,
    text: &'a str,
    channel: Option<&'a str>,
    touchpoint_id: Option<&'a str>,
    source_id: &'a str,
    created_at: String,
    received_at: String,
}

/// Newest first; with `customer`, theirs, and what they come to by currency.
pub(crate) async fn orders(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let site_id = &agent.site_id;
    let (customer, page) = asked(request)?;
    let Some(customer) = customer else {
        let found = env.sql().fetch(orders::list(site_id, &rows(&page))).await?;
        return page.show(found, |it| it.id.clone(), show_order);
    };
    let found = orders::list_customer(site_id, &customer, &rows(&page));
    let found = env.sql().fetch(found).await?;
    let totals = env.sql().fetch(orders::rfm(site_id, &customer)).await?;
    let mut answer = page.show(found, |it| it.id.clone(), show_order)?;
    if let Ok(Value::Object(mut members)) = serde_json::from_slice(answer.body()) {
        let now = env.now();
        members.insert("totals".to_owned(), totals.iter().map(|it| show_rfm(it, now)).collect());
        *answer.body_mut() = view::text(&members).into_bytes();
    }
    Ok(answer)
}

pub(crate) async fn order(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(orders::by_id(&agent.site_id, id)).await?;
    web::ok(&show_order(&found.ok_or_else(Problem::not_found)?))
}

/// Tickets and messages, newest first.
pub(crate) async fn messages(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let (customer, page) = asked(request)?;
    let found = match customer {
        Some(customer) => messages::list_customer(&agent.site_id, &customer, &rows(&page)),
        None => messages::list(&agent.site_id, &rows(&page)),
    };
    page.show(env.sql().fetch(found).await?, |it| it.id.clone(), show_message)
}

pub(crate) async fn message(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(messages::by_id(&agent.site_id, id)).await?;
    web::ok(&show_message(&found.ok_or_else(Problem::not_found)?))
}

fn asked(request: &Request) -> Result<(Option<String>, Page), Problem> {
    let mut query: Query = request.query();
    let customer = query.text("customer", 64);
    let page = Page::read(&mut query);
    query.done()?;
    Ok((customer, page))
}

fn show_order(it: &Order) -> Value {
    json!(OrderView {
        id: &it.id,
        external_id: view::some(&it.external_id),
        customer_id: view::some(&it.customer_id),
        amount: it.amount,
        currency: &it.currency,
        completed_at: view::time(it.completed_at),
        channel: view::some(&it.channel),
        touchpoint_id: view::some(&it.touchpoint_id),
        source_id: &it.source_id,
        received_at: view::time(it.received_at),
    })
}

/// Recency, frequency and money. Days are whole ones since the last order.
pub(crate) fn show_rfm(it: &Rfm, now: i64) -> Value {
    json!({
        "currency": it.currency,
        "orders": it.orders,
        "amount": it.amount,
        "first_at": view::time(it.first_at),
        "last_at": view::time(it.last_at),
        "days_since": (now - it.last_at).max(0) / domain::civil::DAY_MS,
    })
}

fn show_message(it: &Message) -> Value {
    json!(MessageView {
        id: &it.id,
        kind: &it.kind,
        external_id: view::some(&it.external_id),
        customer_id: view::some(&it.customer_id),
        subject: view::some(&it.subject),
        text: &it.text,
        channel: view::some(&it.channel),
        touchpoint_id: view::some(&it.touchpoint_id),
        source_id: &it.source_id,
        created_at: view::time(it.created_at),
        received_at: view::time(it.received_at),
    })
}
