//! `POST …/{id}/compensate`: a coupon or money back, up to what a role may give for one case.

use app::auth;
use app::case::{Book, Said, Work};
use app::write::{check_version, write};
use domain::case::act::Act;
use domain::case::work::Rules;
use domain::id::{Kind, hex, token_hash};
use domain::role::Role;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::compensations::{self, Compensation};
use web::field::{Fields, number_rule};
use web::lang::{said, said_now};
use web::work::currency;
use web::{Problem, Request, Response, view};

use crate::case::find;
use crate::deed::speaker;

/// What a customer may get.
const KINDS: [&str; 2] = ["coupon", "refund"];
/// The most of one, in the smallest unit.
const AMOUNT_MAX: i64 = 100_000_000_000;

pub(crate) async fn compensate(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let (agent, role) = auth::agent_as(env, request).await?;
    request.no_query()?;
    write(env, request, &agent, async || {
        let case = find(env, &agent, id).await?;
        check_version(request, case.version)?;
        let book = Book::load(env, &agent.site_id).await?;
        let rules = book.rules();
        let (mut it, reason) = read(request.fields()?, &rules, role)?;
        let now = env.now();
        let mut work = Work::on(&book, case, now)?;
        work.act(Act::Compensate)?;
        it.id = Kind::Compensation.id(now, env.random());
        it.site_id.clone_from(&work.case.site_id);
        it.case_id.clone_from(&work.case.id);
        it.actor.clone_from(&agent.actor);
        it.at = now;
        it.once = once(&it, request.idempotency_key()?);
        let mut given = env.sql().fetch(compensations::of_case(&it.case_id)).await?;
        let limit = rules.limit(role);
        fits(&it, &given, limit, role)?;
        let agent_id = speaker(&agent, &work.case);
        let mut data = Map::new();
        if !reason.is_empty() {
            let said = Said {
                kind: "reason",
                is_public: false,
                agent_id: &agent_id,
                text: &reason,
                files: "[]",
            };
            data = work.say(env, &agent, said);
        }
        for (name, value) in [
            ("compensation_id", json!(it.id)),
            ("kind", json!(it.kind)),
            ("amount", json!(it.amount)),
            ("currency", json!(it.currency)),
            ("agent_id", json!(view::some(&agent_id))),
        ] {
            data.insert(name.to_owned(), value);
        }
        work.happened("complaint.compensated", data);
        // The database counts again: two who give at once see each other only there.
        work.also(compensations::give(&it, limit).guarded());
        work.settle();
        given.push(it);
        let mut shown = app::case::view::show(&book.promise(), &work.case, now);
        let given: Value = given.iter().map(app::case::view::show_compensation).collect();
        shown.insert("compensations".to_owned(), given);
        let answer = web::response::ok_version(work.case.version, &shown)?;
        Ok(work.change(answer))
    })
    .await
}

fn read(mut fields: Fields, rules: &Rules, role: Role) -> Result<(Compensation, String), Problem> {
    let mut it = Compensation {
        kind: fields.one_of("kind", &KINDS, ""),
        amount: fields.integer("amount", 1, AMOUNT_MAX, None),
        currency: currency(&mut fields, ""),
        reference: web::case::text(&mut fields, "reference", 0, 200),
        ..Compensation::default()
    };
    if it.amount < 1 {
        it.amount = 1;
        fields.refuse("amount", number_rule(1, AMOUNT_MAX));
    }
    // A limit in one currency says nothing of another.
    if !it.currency.is_empty() && rules.limit(role).is_some() && it.currency != rules.currency {
        let rule = said_now(
            format!("must be {}, the currency of the limits", rules.currency),
            format!("须为限额所用货币 {}", rules.currency),
        );
        fields.refuse("currency", rule);
    }
    let reason = web::case::text(&mut fields, "reason", 0, 2_000);
    fields.done()?;
    Ok((it, reason))
}

/// What no other of the case has: its own name elsewhere, or the request's, hashed.
fn once(it: &Compensation, key: Option<&str>) -> String {
    let name = match key {
        _ if !it.reference.is_empty() => format!("{} {}", it.kind, it.reference),
        Some(key) => format!("{} {key}", it.actor),
        None => return it.id.clone(),
    };
    hex(&token_hash(&name))
}

fn fits(
    it: &Compensation,
    given: &[Compensation],
    limit: Option<i64>,
    role: Role,
) -> Result<(), Problem> {
    if given.iter().any(|old| old.once == it.once) {
        return Err(Problem::new(web::Kind::WrongState)
            .with(said("this was given before", "该补偿此前已发放")));
    }
    let of_currency = given.iter().filter(|old| old.currency == it.currency);
    let sum: i64 = of_currency.map(|it| it.amount).sum();
    match limit {
        Some(limit) if limit < sum.saturating_add(it.amount) => {
            let role = role.name();
            Err(Problem::new(web::Kind::Forbidden).with(said_now(
                format!("the role {role} may give {limit} for one case; {sum} are given"),
                format!("角色 {role} 对单件投诉最多可补偿 {limit}；已发放 {sum}"),
            )))
        }
        _ => Ok(()),
    }
}
