//! Taking the forms of a case: each is one call of the API, with the version that was seen.

use domain::role::Role;
use http::StatusCode;
use ports::Env;
use serde_json::{Map, Value, json};
use staff::tell::text;
use staff::{Call, Desk, Filled, Form, Sent, Signed, Verb};
use web::lang::Lang;
use web::{Problem, Request, Response};

use super::forms::{form, named};
use super::{Extra, draw};
use crate::bulk::taker;
use crate::queue::{Names, PATH};

const CASEWORK: &str = "casework";

/// Takes the form of one act.
pub(crate) async fn take(
    env: &impl Env,
    request: &Request,
    id: &str,
    act: &str,
) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let Some(deed) = named(act) else { return desk.nothing() };
    let form = form(desk.lang, act, &Names::default(), &Value::Null);
    let case = format!("/v1/complaints/{}", staff::word(id));
    let filled = match done(env, request, &desk, (&form, &sent), (&case, act)).await {
        Ok(()) => return Ok(desk.go(&format!("{PATH}/{id}"), deed.done)),
        Err(filled) => filled,
    };
    let since = match filled.status {
        412 | 409 => desk.since(env, request, (CASEWORK, &case), sent.version()).await,
        _ => Vec::new(),
    };
    let status = filled.status();
    let act = act.to_owned();
    let extra = Extra { act, filled: Some(filled), since, status, ..Extra::default() };
    draw(env, request, &desk, id, extra).await
}

/// Whoever sent a form and what is in it; or what to answer instead.
async fn sent(
    env: &impl Env,
    request: &Request,
) -> Result<Result<(Desk, Sent), Response>, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(Err(answer)),
    };
    match desk.sent(env, request).await {
        Ok(sent) => Ok(Ok((desk, sent))),
        Err(problem) => desk.told(problem).map(Err),
    }
}

/// Has it done; otherwise the form as it was typed, with why not.
async fn done(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent): (&Form, &Sent),
    (case, act): (&str, &str),
) -> Result<(), Filled> {
    let mut body = form.read(desk.lang, sent)?;
    mend(desk.lang, sent, &mut body, act)?;
    let body = Value::Object(body);
    let own = format!("{case}/{act}");
    let (verb, target) = match act {
        "change" => (Verb::Patch, case),
        _ => (Verb::Post, own.as_str()),
    };
    let (key, version) = (sent.key(), sent.version());
    let call =
        Call { component: CASEWORK, verb, target, body: &body, key, version, ..Call::default() };
    let Err(refused) = desk.send(env, request, call).await else { return Ok(()) };
    let mut filled = Filled::refused(desk.lang, form, sent, &refused);
    if refused.status == 412 {
        stale(desk.lang).clone_into(&mut filled.alert);
    }
    let kind = text(&Value::Object(refused.told.clone()), "/type").to_owned();
    if kind.ends_with("wrong-state") {
        filled.alert = format!("{} {}", moved(desk.lang), filled.alert);
    }
    Err(filled)
}

fn stale(lang: Lang) -> &'static str {
    lang.of(
        "Somebody was faster: what happened meanwhile stands above. What you typed is kept; send \
         it again if it still fits.",
        "在您填写期间此工单已有变化，见上方。您填写的内容已保留，确认仍合适后请再次提交。",
    )
}

fn moved(lang: Lang) -> &'static str {
    lang.of(
        "This cannot be done where the case stands now. What you typed is kept.",
        "工单当前状态下无法执行此操作，您填写的内容已保留。",
    )
}

/// Turns what people choose and type into what the API takes.
fn mend(lang: Lang, sent: &Sent, body: &mut Map<String, Value>, act: &str) -> Result<(), Filled> {
    match act {
        "assign" => taker(body),
        "grade" => {
            if let Some(Value::String(tier)) = body.get("tier") {
                let number = tier.parse::<i64>().map_or(Value::Null, Value::from);
                body.insert("tier".to_owned(), number);
            }
        }
        "solve" => {
            if let Some(Value::String(is_first)) = body.get("is_first_contact") {
                let is_first = is_first == "true";
                body.insert("is_first_contact".to_owned(), is_first.into());
            }
        }
        "compensate" => {
            let currency = sent.get("currency").trim().to_ascii_uppercase();
            let Some(amount) = pages::time::minor(sent.get("amount").trim(), &currency) else {
                let mut filled = Filled {
                    pairs: sent.pairs.clone(),
                    version: sent.version(),
                    status: 422,
                    ..Filled::default()
                };
                let rule =
                    lang.of("must be an amount such as 50 or 12.50", "须为金额，例如 50 或 12.50");
                filled.refuse(lang, "amount", rule);
                return Err(filled);
            };
            body.insert("amount".to_owned(), amount.into());
            body.insert("currency".to_owned(), currency.into());
        }
        _ => {}
    }
    Ok(())
}

/// Makes a private link and shows it, this once.
pub(crate) async fn make_link(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let target = format!("/v1/complaints/{}/links", staff::word(id));
    let body = json!({});
    let key = sent.key();
    let call = Call { component: CASEWORK, target: &target, body: &body, key, ..Call::default() };
    let done = match desk.send(env, request, call).await {
        Ok(it) => it,
        Err(refused) => return desk.refusal(&refused),
    };
    let link = text(&done.told, "/url").to_owned();
    let extra = Extra { link, status: StatusCode::CREATED, ..Extra::default() };
    draw(env, request, &desk, id, extra).await
}

/// Revokes one.
pub(crate) async fn revoke_link(
    env: &impl Env,
    request: &Request,
    id: &str,
    number: &str,
) -> Result<Response, Problem> {
    let (desk, sent) = match sent(env, request).await? {
        Ok(it) => it,
        Err(answer) => return Ok(answer),
    };
    let target = format!("/v1/complaints/{}/links/{}", staff::word(id), staff::word(number));
    let (verb, key) = (Verb::Delete, sent.key());
    let call = Call { component: CASEWORK, verb, target: &target, key, ..Call::default() };
    match desk.send(env, request, call).await {
        Ok(_) => Ok(desk.go(&format!("{PATH}/{id}"), "removed")),
        // One that opens nothing is one that was revoked.
        Err(refused) if refused.status == 404 => Ok(desk.go(&format!("{PATH}/{id}"), "removed")),
        Err(refused) => desk.refusal(&refused),
    }
}
