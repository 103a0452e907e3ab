//! `POST …/{id}/merge`: a case becomes part of another. Nothing moves: what was said in it is shown
//! with the other.

use app::auth;
use app::case::{Book, Said, Work, impossible};
use app::write::{along, check_version, previous, write};
use domain::case::State;
use domain::case::act::Act;
use ports::Env;
use serde_json::{Map, json};
use store::cases::Case;
use web::lang::said;
use web::problem::Place;
use web::{Problem, Request, Response};

use crate::case::{answer, find};
use crate::deed::speaker;

pub(crate) async fn merge(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let agent = auth::agent(env, request).await?;
    request.no_query()?;
    write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        check_version(request, case.version)?;
        let mut fields = request.fields()?;
        let into = fields.text("into", 1, 64, "");
        let reason = web::case::text(&mut fields, "reason", 0, 2_000);
        fields.done()?;
        let into = find(env, &agent, &into).await.map_err(|it| match it.kind {
            web::Kind::NotFound => refuse(said("is no complaint here", "没有这件投诉")),
            _ => it,
        })?;
        fit(&case, &into)?;
        let book = Book::load(env, &agent.site_id).await?;
        let now = env.now();
        let mut work = Work::on(&book, case, now)?;
        let mut parent = Work::on(&book, into, now)?;
        work.act(Act::Merge)?;
        work.case.parent_id.clone_from(&parent.case.id);
        let mut data = Map::new();
        if !reason.is_empty() {
            let agent_id = speaker(&agent, &work.case);
            let said = Said {
                kind: "reason",
                is_public: false,
                agent_id: &agent_id,
                text: &reason,
                files: "[]",
            };
            data = work.say(env, &agent, said);
        }
        data.insert("into".to_owned(), json!(parent.case.id));
        data.insert("into_number".to_owned(), json!(parent.case.number));
        work.happened("complaint.merged", data);
        work.settle();
        let mut data = Map::new();
        data.insert("from".to_owned(), json!(work.case.id));
        data.insert("from_number".to_owned(), json!(work.case.number));
        parent.happened("complaint.joined", data);
        parent.settle();
        let answer = answer(&book, &work.case, now)?;
        let change = parent.change(web::no_content());
        let seal = previous(env, &change).await?;
        let mut merged = work.change(answer);
        merged.writes.extend(along(env, &agent, change, seal));
        Ok(merged)
    })
    .await
}

/// Whether one can become part of the other.
fn fit(case: &Case, into: &Case) -> Result<(), Problem> {
    if case.id == into.id {
        return Err(refuse(said("must be another complaint", "须为另一件投诉")));
    }
    if into.parent_id == case.id {
        return Err(refuse(said("is part of this one", "已属于本件投诉")));
    }
    // Where nobody works any more, nobody would see what was said here.
    let state = State::parse(&into.state).unwrap_or_default();
    if matches!(state, State::Closed | State::Merged) {
        return Err(impossible());
    }
    Ok(())
}

fn refuse(rule: web::Said) -> Problem {
    Problem::invalid(Place::Pointer("/into".to_owned()), rule)
}
