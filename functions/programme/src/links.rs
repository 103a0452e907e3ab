//! Links to a survey: for anybody who holds one, or for one customer each.

use app::auth;
use app::link::{Link, origin, secret};
use app::write::{Change, write};
use domain::UtcMs;
use domain::civil::{DAY_MS, parse_rfc3339};
use domain::id::{derived, hex, token};
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::customers::{self, Listed};
use store::studies::{self, Study};
use web::field::{Fields, number_rule, text_rule};
use web::lang::said;
use web::survey::{is_language, language_rule};
use web::{Kind, Problem, Request, Response, view};

/// Room for five thousand names of customers.
pub(crate) const BODY_BYTES_MAX: usize = 512 * 1024;
/// The most links of one request.
const LINKS_MAX: i64 = 5_000;
/// How long a link lasts unless told otherwise.
const LASTS_MS: i64 = 30 * DAY_MS;
/// How long it may last.
const LASTS_MS_MAX: i64 = 2 * 366 * DAY_MS;
/// The most wrong names that are told.
const WRONG_MAX: usize = 100;

/// What is asked for.
struct Wish {
    count: usize,
    customers: Option<Vec<Listed>>,
    expires_at: Option<UtcMs>,
    is_single_use: bool,
    language: String,
}

/// What all links of one request are made of, and made again when it is repeated.
struct Batch {
    seed: [u8; 16],
    expires_at: UtcMs,
}

#[derive(Serialize)]
struct LinkView<'a> {
    url: String,
    customer_id: Option<&'a str>,
}

/// Makes links. They stand nowhere: what is kept for a repeated request is the number that all of
/// them are derived from, which opens nothing without the secret that seals them.
pub(crate) async fn make(env: &impl Env, request: &Request, id: &str) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let secret = secret(env).await?;
    let wish = read(env, request, &manager.site_id).await?;
    let mut answer = write(env, request, &manager, async || {
        let mut study = app::entity::find::<Study>(env, &manager, id).await?;
        if study.published == 0 {
            return Err(Problem::new(Kind::NotPublished));
        }
        if study.state != "open" {
            return Err(Problem::new(Kind::SurveyClosed));
        }
        study.version += 1;
        study.updated_at = env.now();
        let expires_at = wish.expires_at.unwrap_or(env.now() + LASTS_MS);
        let kept = json!({ "seed": hex(&env.random()), "expires_at": view::time(expires_at) });
        let data = json!({
            "links": wish.count,
            "are_personal": wish.customers.is_some(),
            "is_single_use": wish.is_single_use,
            "expires_at": view::time(expires_at),
        });
        let answer = web::ok(&kept)?;
        let change = Change::new("study.links_made", id, study.version, data, answer);
        Ok(change.and(studies::update(&study).guarded()))
    })
    .await?;
    let batch = Batch::read(answer.body())
        .ok_or_else(|| Problem::new(Kind::Internal).caused_by("a batch of links is damaged"))?;
    let links = batch.links(&wish, id, &secret, &origin(request));
    let shown = json!({ "links": links, "expires_at": view::time(batch.expires_at) });
    *answer.body_mut() = view::text(&shown).into_bytes();
    Ok(answer)
}

impl Batch {
    fn read(body: &[u8]) -> Option<Batch> {
        let kept = view::object(std::str::from_utf8(body).ok()?)?;
        let seed = u128::from_str_radix(kept.get("seed")?.as_str()?, 16).ok()?;
        let expires_at = parse_rfc3339(kept.get("expires_at")?.as_str()?)?;
        Some(Batch { seed: seed.to_be_bytes(), expires_at })
    }

    fn links<'a>(
        &self,
        wish: &'a Wish,
        survey_id: &str,
        secret: &str,
        origin: &str,
    ) -> Vec<LinkView<'a>> {
        let customers = wish.customers.as_deref();
        let mut links = Vec::with_capacity(wish.count);
        for at in 0..wish.count {
            let nonce = token("", derived(self.seed, at));
            let customer = customers.and_then(|it| it.get(at));
            let own = customer.map_or("", |it| &it.language);
            let link = Link {
                survey_id,
                nonce: &nonce,
                expires_at: self.expires_at,
                is_single_use: wish.is_single_use,
                customer_id: customer.map_or("", |it| &it.id),
                group: customer.map_or("", |it| &it.group),
                language: if wish.language.is_empty() { own } else { &wish.language },
                invitation_id: "",
            };
            let url = link.url(secret, origin);
            links.push(LinkView { url, customer_id: customer.map(|it| it.id.as_str()) });
        }
        links
    }
}

async fn read(env: &impl Env, request: &Request, site_id: &str) -> Result<Wish, Problem> {
    let mut fields = request.fields_up_to(BODY_BYTES_MAX)?;
    let is_named = fields.has("customers");
    if is_named == fields.has("count") {
        fields.refuse("count", said("give count or customers", "请给出 count 或 customers 之一"));
    }
    let count = fields.integer("count", 1, LINKS_MAX, Some(0));
    let named = names(&mut fields);
    let customers = match named {
        Some(names) => Some(find(env, &mut fields, site_id, &names).await?),
        None => None,
    };
    let expires_at = expiry(&mut fields, env.now());
    let is_single_use = fields.flag("single_use", true);
    let language = fields.text("language", 0, 35, "");
    if !language.is_empty() && !is_language(&language) {
        fields.refuse("language", language_rule());
    }
    fields.done()?;
    let count = match &customers {
        Some(customers) => customers.len(),
        None => usize::try_from(count).unwrap_or(0),
    };
    Ok(Wish { count, customers, expires_at, is_single_use, language })
}

/// The names of customers that were given, as a JSON array.
fn names(fields: &mut Fields) -> Option<String> {
    let names = match fields.take("customers")? {
        Value::Array(names) if (1..=LINKS_MAX).contains(&count(&names)) => names,
        _ => {
            fields.refuse("customers", number_rule(1, LINKS_MAX));
            return None;
        }
    };
    let is_name = |it: &Value| it.as_str().is_some_and(|it| (1..=80).contains(&it.chars().count()));
    let mut wrong = 0;
    for (at, _) in names.iter().enumerate().filter(|(_, it)| !is_name(it)).take(WRONG_MAX) {
        wrong += 1;
        let rule = text_rule(domain::text::Fault::TooLong, 1, 80);
        fields.refuse(&format!("customers/{at}"), rule);
    }
    (wrong == 0).then(|| view::text(&names))
}

fn count(names: &[Value]) -> i64 {
    i64::try_from(names.len()).unwrap_or(i64::MAX)
}

/// The customers of these names, each once.
async fn find(
    env: &impl Env,
    fields: &mut Fields,
    site_id: &str,
    names: &str,
) -> Result<Vec<Listed>, Problem> {
    let found = env.sql().fetch(customers::listed(site_id, names)).await?;
    for it in found.iter().filter(|it| it.id.is_empty()).take(WRONG_MAX) {
        let rule = said("must be a customer of this site", "须为本站点的客户");
        fields.refuse(&format!("customers/{}", it.at), rule);
    }
    Ok(found)
}

fn expiry(fields: &mut Fields, now: UtcMs) -> Option<UtcMs> {
    let text = fields.text("expires_at", 0, 40, "");
    if text.is_empty() {
        return None;
    }
    let at = parse_rfc3339(&text).filter(|at| (now..=now + LASTS_MS_MAX).contains(at));
    if at.is_none() {
        let rule = said(
            "must be a time of the next two years such as 2027-01-31T00:00:00Z",
            "须为两年之内的时间，例如 2027-01-31T00:00:00Z",
        );
        fields.refuse("expires_at", rule);
    }
    at
}

#[cfg(test)]
mod tests;
