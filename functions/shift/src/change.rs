//! What is done to a call: taken, let go, confirmed, called off, moved.

use domain::role::Role;
use domain::zone::Zone;
use pages::html::Html;
use pages::time::zone_name;
use ports::Env;
use serde_json::{Map, Value};
use staff::tell::text;
use staff::{Call, Desk, Filled, Refused, Section, Sent, Signed, Verb, word};
use web::{Problem, Request, Response};

use crate::call::{Note, Told};
use crate::sheet::why;
use crate::slots::{self, Wish};
use crate::tell::{above, notice, path, when_it_is, zone};

/// Does one of them, and shows the call as it is then.
pub(crate) async fn act(
    env: &impl Env,
    request: &Request,
    id: &str,
    act: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let mut body = Map::new();
    for name in ["agent_id", "reason"] {
        if !sent.get(name).is_empty() {
            body.insert(name.to_owned(), sent.get(name).into());
        }
    }
    // What is taken is told anew by the page.
    let component = if ["take", "release"].contains(&act) { "call" } else { "callback" };
    let refused = match send(env, request, &desk, (component, id, act), (&sent, body)).await {
        Ok(()) => return Ok(desk.go(&path(id), if act == "take" { "" } else { "done" })),
        Err(refused) => refused,
    };
    let told = match Told::load(env, request, &desk, id).await {
        Ok(told) => told,
        Err(refused) => return desk.refusal(&refused),
    };
    let note = Note { text: meanwhile(&desk, &told, &refused), is_wrong: true };
    let filled = Filled { status: refused.status, ..Filled::default() };
    Ok(told.page(request, &desk, &filled, &note))
}

/// Why it could not be done, as kindly as can be.
fn meanwhile(desk: &Desk, told: &Told, refused: &Refused) -> String {
    let lang = desk.lang;
    match refused.status {
        409 if told.is("calling") && !told.is_mine(desk) => format!(
            "{}{}",
            told.whose(),
            lang.of(" was faster and has this call now.", " 已先接手此回电。")
        ),
        412 => lang
            .of(
                "Somebody else changed this call meanwhile. This is how it stands now; do \
                 it again if it still holds.",
                "其间他人已更改此回电，以下为最新状态。如仍需要，请再次操作。",
            )
            .to_owned(),
        _ => why(desk, refused),
    }
}

async fn send(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (component, id, act): (&str, &str, &str),
    (sent, body): (&Sent, Map<String, Value>),
) -> Result<(), Refused> {
    let target = format!("/v1/callbacks/{}/{act}", word(id));
    let body = Value::Object(body);
    let (key, version) = (sent.key(), sent.version());
    let verb = Verb::Post;
    let call =
        Call { component, verb, target: &target, body: &body, key, version, ..Call::default() };
    desk.send(env, request, call).await.map(drop)
}

/// Shows free times to move a call to.
pub(crate) async fn times(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let day = request.param("day").unwrap_or("");
    choose(env, request, &desk, id, (day, "", &Filled::default())).await
}

/// Moves it.
pub(crate) async fn shift(
    env: &impl Env,
    request: &Request,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match staff::open(env, request, Role::Agent).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let sent = match desk.sent(env, request).await {
        Ok(sent) => sent,
        Err(problem) => return desk.told(problem),
    };
    let mut body = Map::new();
    body.insert("start".to_owned(), sent.get("start").into());
    let refused = match send(env, request, &desk, ("callback", id, "move"), (&sent, body)).await {
        Ok(()) => return Ok(desk.go(&path(id), "saved")),
        Err(refused) => refused,
    };
    let mut alert = why(&desk, &refused);
    if refused.status == 422 {
        alert = format!("{}{alert}", desk.lang.of("Time: ", "时间："));
    }
    let filled = Filled { alert, status: refused.status, ..Filled::default() };
    choose(env, request, &desk, id, (sent.get("day"), sent.get("start"), &filled)).await
}

async fn choose(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    id: &str,
    (day, chosen, filled): (&str, &str, &Filled),
) -> Result<Response, Problem> {
    let own = format!("/v1/callbacks/{}", word(id));
    let call = match desk.read_one(env, request, ("callback", &own)).await {
        Ok(call) => call,
        Err(refused) => return desk.refusal(&refused),
    };
    let wish = Wish {
        service_id: text(&call, "/service_id"),
        language: text(&call, "/language"),
        tz: text(&call, "/tz"),
        day,
    };
    let slots = slots::read(env, request, desk, &wish).await;
    let lang = desk.lang;
    let [(calls, called)] = above(desk);
    let (own, name) = (path(id), text(&call, "/contacts/name"));
    let name = if name.is_empty() { lang.of("The call", "回电") } else { name };
    let ways = [(calls, called), (own.as_str(), name)];
    let title = lang.of("Move the call", "改约回电");
    let mut page = desk.page_about(request, Section::Calls, title, &ways);
    let html = &mut page.html;
    notice(html, &filled.alert, true);
    let now = when_it_is(desk, &call);
    html.put("p", &[], &format!("{}{now}", lang.of("So far: ", "目前：")));
    day_field(html, desk, &format!("{own}/move"), day);
    let clocks = zone(&call).unwrap_or(desk.zone);
    match &slots {
        Ok(slots) => {
            desk.begin_form(html, &format!("{own}/move"), "panel");
            let version = call.get("version").and_then(Value::as_i64).unwrap_or(0).to_string();
            for (name, value) in [("version", version.as_str()), ("day", day)] {
                html.void("input", &[("type", "hidden"), ("name", name), ("value", value)]);
            }
            clocks_told(html, desk, clocks);
            slots::draw(html, desk, slots, clocks, chosen);
            html.put("button", &[], lang.of("Move it", "改约"));
            html.close();
        }
        Err(refused) => html.put("p", &[("class", "wrong")], &why(desk, refused)),
    }
    Ok(page.answer(filled.status()))
}

/// Whose clocks times are told on.
pub(crate) fn clocks_told(html: &mut Html, desk: &Desk, clocks: Zone) {
    let lang = desk.lang;
    let said = lang.of("Times on the customer’s clocks: ", "以下为客户当地时间：");
    html.put("p", &[("class", "soft")], &format!("{said}{}", zone_name(clocks, desk.now)));
}

/// From which day on times are shown.
fn day_field(html: &mut Html, desk: &Desk, path: &str, day: &str) {
    let lang = desk.lang;
    let (first, _) = slots::days(desk, day);
    desk.begin_query(html, path, "filters");
    html.open("label", &[]);
    html.text(lang.of("From which day on", "从哪天起"));
    let first = domain::civil::date(first);
    html.void("input", &[("type", "date"), ("name", "day"), ("value", &first)]);
    html.close();
    html.put("button", &[], lang.of("Show times", "查看时段"));
    html.close();
}
