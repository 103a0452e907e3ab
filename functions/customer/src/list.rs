//! Lists of customers: all of a site, and whom a text finds.

use app::{auth, rows};
use domain::sought;
use domain::touchpoint::GROUPS;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::customer_lists::{self, Found, Sought, Wanted};
use store::customers::{self, Customer};
use web::field::{Query, one_of_rule};
use web::lang::said;
use web::page::Page;
use web::{Problem, Request, Response};

use crate::customer::show_one;

/// The longest text that somebody is looked for by: an address.
const TEXT_CHARS_MAX: usize = 254;
/// How many of those whom a text finds one page looks at, where filters leave some of them out.
const LOOK: i64 = 500;

/// Which customers are asked for. Empty texts let everything through.
struct Asked {
    external_id: Option<String>,
    text: String,
    group: String,
    adviser_id: String,
    /// The cursor of a search.
    after: (i64, String),
    page: Page,
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    let asked = read(request)?;
    let site_id = &agent.site_id;
    if let Some(external_id) = &asked.external_id {
        let found = env.sql().fetch(customers::by_external_id(site_id, external_id)).await?;
        return show(&asked.page, found.into_iter().collect());
    }
    if !asked.text.is_empty() {
        return search(env, site_id, &asked).await;
    }
    let page = rows(&asked.page);
    let wanted = Wanted {
        site_id,
        group: &asked.group,
        adviser_id: &asked.adviser_id,
        after: &page.after,
        rows: page.rows,
    };
    show(&asked.page, env.sql().fetch(customer_lists::page(&wanted)).await?)
}

fn show(page: &Page, found: Vec<Customer>) -> Result<Response, Problem> {
    page.show(found, |it| it.id.clone(), |it| show_one(it, None))
}

/// Whom a text finds. A page looks at so many of them; where filters leave most of those out it may
/// be short, and the next one goes on behind what this one looked at.
async fn search(env: &impl Env, site_id: &str, asked: &Asked) -> Result<Response, Problem> {
    let is_filtered = !asked.group.is_empty() || !asked.adviser_id.is_empty();
    let look = if is_filtered { LOOK } else { asked.page.limit };
    let sought = Sought {
        site_id,
        text: &asked.text,
        word: &sought::word(&asked.text),
        phone: &sought::phone(&asked.text),
        after: (asked.after.0, &asked.after.1),
        rows: look + 1,
    };
    let found = env.sql().fetch(customer_lists::search(&sought)).await?;
    let (limit, look) = (usize_of(asked.page.limit), usize_of(look));
    let (mut items, mut seen) = (Vec::with_capacity(limit), 0_usize);
    for it in found.iter().take(look) {
        if limit <= items.len() {
            break;
        }
        seen += 1;
        if fits(asked, &it.customer) {
            items.push(json!(show_one(&it.customer, None)));
        }
    }
    let last = seen.checked_sub(1).and_then(|at| found.get(at));
    let next = if seen < found.len() { last.map(cursor) } else { None };
    web::ok(&json!({ "items": Value::Array(items), "next": next }))
}

fn usize_of(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

fn fits(asked: &Asked, it: &Customer) -> bool {
    (asked.group.is_empty() || asked.group == it.group)
        && (asked.adviser_id.is_empty() || asked.adviser_id == it.adviser_id)
}

/// Where a search goes on: which part of it, and behind whom.
fn cursor(it: &Found) -> String {
    format!("{}:{}", it.key.0, it.key.1)
}

fn read(request: &Request) -> Result<Asked, Problem> {
    let mut query = request.query();
    let external_id = query.text("external_id", 80);
    let text = query.text("q", TEXT_CHARS_MAX).unwrap_or_default().trim().to_owned();
    let known = |it: &str| (it.is_empty() || GROUPS.contains(&it)).then(|| it.to_owned());
    let group = query.parse("group", known, || one_of_rule(&GROUPS)).unwrap_or_default();
    let adviser_id = query.text("adviser_id", 64).unwrap_or_default();
    let after = if text.is_empty() { (0, String::new()) } else { behind(&mut query) };
    let page = Page::read(&mut query);
    query.done()?;
    Ok(Asked { external_id, text, group, adviser_id, after, page })
}

fn behind(query: &mut Query) -> (i64, String) {
    let text = query.text("after", 100).unwrap_or_default();
    match text.split_once(':') {
        None if text.is_empty() => (0, String::new()),
        Some(("0", id)) => (0, id.to_owned()),
        Some(("1", id)) => (1, id.to_owned()),
        _ => {
            query.refuse("after", said("must be the “next” of a page", "须为上一页给出的 next"));
            (0, String::new())
        }
    }
}
