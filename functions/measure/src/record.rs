//! `POST /v1/measurements`: takes many, all or none, and each key once.

use app::measure::{Batch, Measurement, RECORDED, known, read, refuse_unknown};
use app::write::{Change, write};
use app::{auth, measure};
use domain::measure::BATCH_MAX;
use domain::zone::Zone;
use ports::Env;
use serde_json::{Value, json};
use web::problem::Kind;
use web::{Problem, Request, Response};

/// The longest body: a thousand measurements.
pub(crate) const BYTES_MAX: usize = 512 * 1024;
/// How often to begin again when somebody else brings the same keys at the same moment.
const TRIES_MAX: usize = 3;

/// What a request comes to.
enum Decided {
    /// Something is new.
    New(Change),
    /// All of it was taken before: nothing changes.
    Repeated(Response),
}

pub(crate) async fn record(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let site = app::site(env, &agent.site_id).await?;
    let zone = app::zone(&site.zone)?;
    let mut tries = 1;
    loop {
        let mut repeated = None;
        let answer = write(env, request, &agent, async || {
            match decide(env, request, &site.id, zone).await? {
                Decided::New(change) => Ok(change),
                Decided::Repeated(answer) => {
                    repeated = Some(answer);
                    Err(Problem::new(Kind::Conflict))
                }
            }
        })
        .await;
        match answer {
            Err(problem) if problem.kind == Kind::Conflict => match repeated {
                Some(answer) => return Ok(answer),
                None if tries < TRIES_MAX => tries += 1,
                None => return Err(problem),
            },
            answer => return answer,
        }
    }
}

async fn decide(
    env: &impl Env,
    request: &Request,
    site_id: &str,
    zone: Zone,
) -> Result<Decided, Problem> {
    let now = env.now();
    let mut fields = request.fields_up_to(BYTES_MAX)?;
    let mut nested = fields.objects("measurements", 1, BATCH_MAX);
    let all: Vec<Measurement> = nested.iter_mut().map(|it| read(it, zone, now)).collect();
    let known: measure::Known = known(env, site_id, &all).await?;
    for (it, mut nested) in all.iter().zip(nested) {
        refuse_unknown(&known, it, &mut nested);
        fields.absorb(nested);
    }
    fields.done()?;
    let mut fresh: Vec<&Measurement> = Vec::with_capacity(all.len());
    let mut items = Vec::with_capacity(all.len());
    for it in &all {
        let is_new = !known.keys.contains(&it.key) && fresh.iter().all(|other| other.key != it.key);
        if is_new {
            fresh.push(it);
        }
        items.push(json!({ "key": it.key, "taken": is_new }));
    }
    let (taken, repeated) = (fresh.len(), all.len() - fresh.len());
    let items = Value::Array(items);
    let answer = web::ok(&json!({ "taken": taken, "repeated": repeated, "items": items }))?;
    if fresh.is_empty() {
        return Ok(Decided::Repeated(answer));
    }
    // Whoever brings one of them first in the meantime makes the commit begin again.
    let batch = Batch::new(site_id, now, env.random(), &fresh, true);
    let change = Change::new(RECORDED, &batch.id, 1, batch.data, answer).and(batch.write);
    Ok(Decided::New(change))
}
