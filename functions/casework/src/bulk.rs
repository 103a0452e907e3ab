//! `POST /v1/complaints/bulk`: the same done to many cases, by the same rules, in one commit.

use app::auth::{self, Agent};
use app::case::{Book, Work};
use app::write::{Change, along, write_again};
use ports::{Env, Sql, Write};
use serde_json::{Map, Value, json};
use store::cases::{self, Case};
use web::field::Fields;
use web::lang::{Lang, said};
use web::{Problem, Request, Response, view};

use crate::deed::{BULK, Deed};

/// The most cases of one request.
const CASES_MAX: usize = 100;

pub(crate) async fn bulk(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    let lang = request.lang();
    // Whoever changes one of them meanwhile holds back the commit, and each is decided again.
    write_again(env, request, &agent, async || {
        let book = Book::load(env, &agent.site_id).await?;
        let mut fields = request.fields()?;
        let ids = ids(&mut fields);
        let act = fields.one_of("act", &BULK, "");
        if act.is_empty() {
            // What else it has belongs to an act that we do not know.
            fields.rest();
            return Err(fields.done().err().unwrap_or_else(Problem::not_found));
        }
        let deed = Deed::read(env, &book, &act, &mut fields, None).await?;
        fields.done()?;
        let found = env.sql().fetch(cases::some(&agent.site_id, &view::text(&ids))).await?;
        let mut staffing = deed.staffing(env, &book).await?;
        let (mut outcomes, mut writes, mut done) = (Vec::with_capacity(ids.len()), Vec::new(), 0);
        for id in &ids {
            let case = found.iter().find(|(it, _)| it.id == *id);
            let changed = match case {
                Some((case, seal)) => one(env, &agent, &book, &deed, case, *seal, &mut staffing),
                None => Err(Problem::not_found()),
            };
            outcomes.push(match changed {
                Ok((told, of_it)) => {
                    writes.extend(of_it);
                    done += 1;
                    told
                }
                Err(problem) => refused(id, &problem, lang),
            });
        }
        let answer = web::ok(&json!({ "done": done, "outcomes": outcomes }))?;
        Ok(Change::of_others(writes, answer))
    })
    .await
}

fn ids(fields: &mut Fields) -> Vec<String> {
    let rule = || said("must be the id of a complaint", "须为投诉编号");
    let is_id = |it: &str| it.starts_with(domain::id::Kind::Case.prefix()) && it.len() <= 64;
    let ids = fields.texts("ids", CASES_MAX, is_id, &rule).unwrap_or_default();
    if ids.is_empty() {
        fields.refuse("ids", said("needs at least one", "至少需要一个"));
    }
    ids
}

/// Does it to one of them.
fn one(
    env: &impl Env,
    agent: &Agent,
    book: &Book,
    deed: &Deed,
    case: &Case,
    seal: [u8; 32],
    staffing: &mut Option<app::case::assign::Staffing>,
) -> Result<(Value, Vec<Write>), Problem> {
    let mut work = Work::on(book, case.clone(), env.now())?;
    deed.apply(env, agent, &mut work, staffing)?;
    work.settle();
    let case = &work.case;
    let told = json!({ "id": case.id, "status": 200, "version": case.version,
        "state": case.state, "grade": case.grade, "agent_id": view::some(&case.agent_id) });
    Ok((told, along(env, agent, work.change(web::no_content()), seal)))
}

/// Why it was not done to one of them.
fn refused(id: &str, problem: &Problem, lang: Lang) -> Value {
    let mut told = Map::new();
    told.insert("id".to_owned(), id.into());
    if let Value::Object(body) = problem.body(lang, "") {
        told.extend(body.into_iter().filter(|(name, _)| name != "instance"));
    }
    Value::Object(told)
}
