//! The feed: what happened at a site, in the order of commits.

use app::auth::Viewer;
use app::event_view::EventView;
use ports::{Env, Sql};
use serde::Serialize;
use store::events::{self, Wanted};
use web::page::Page;
use web::{Problem, Request, Response};

use crate::types;

/// The most events that one call looks at. Whoever asks for a rare type goes on with `next`.
const LOOK_MAX: i64 = 5_000;

#[derive(Serialize)]
struct Feed<'a> {
    items: Vec<EventView<'a>>,
    /// Where the next page goes on; null at the end.
    next: Option<i64>,
    /// All events up to this one were looked at.
    until: i64,
}

pub(crate) async fn list(
    env: &impl Env,
    request: &Request,
    viewer: &Viewer,
) -> Result<Response, Problem> {
    let mut query = request.query();
    let types = types::of_query(&mut query);
    let subject = query.text("subject", 80);
    let page = Page::read(&mut query);
    let after = read_after(&mut query, &page);
    query.done()?;
    let wanted = Wanted { after, types: &types, look: LOOK_MAX, rows: page.rows() };
    let asked = match &subject {
        Some(subject) => events::feed_of(&viewer.site_id, subject, &wanted),
        None => events::feed(&viewer.site_id, &wanted),
    };
    let mut found = env.sql().fetch(asked).await?;
    let shown = usize::try_from(page.limit).unwrap_or(0);
    let is_more = shown < found.events.len();
    found.events.truncate(shown);
    let looked_until = found.until.unwrap_or(after);
    let last = found.events.last().map_or(after, |it| it.sequence);
    let until = if is_more { last } else { looked_until };
    let next = (is_more || found.looked_at == LOOK_MAX).then_some(until);
    let items = found.events.iter().map(EventView::from).collect();
    web::ok(&Feed { items, next, until })
}

/// The `after` of a page, a sequence.
pub(crate) fn read_after(query: &mut web::field::Query, page: &Page) -> i64 {
    if page.after.is_empty() {
        return 0;
    }
    page.after.parse().ok().filter(|it| 0 <= *it).unwrap_or_else(|| {
        query.refuse("after", web::field::number_rule(0, i64::MAX));
        0
    })
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    viewer: &Viewer,
    name: &str,
) -> Result<Response, Problem> {
    request.no_query()?;
    let asked = match name.parse() {
        Ok(sequence) => events::by_sequence(&viewer.site_id, sequence),
        Err(_) => events::by_id(&viewer.site_id, name),
    };
    let found = env.sql().fetch(asked).await?;
    web::ok(&EventView::from(found.events.first().ok_or_else(Problem::not_found)?))
}
