//! Who changed what: the events of a thing in words, with what each of them changed.

use http::StatusCode;
use pages::html::Html;
use ports::Env;
use serde_json::Value;
use staff::tell::{self, at, items, text};
use staff::{Input, Signed};
use web::lang::Lang;
use web::{Problem, Request, Response, view};

use crate::thing::{Scene, Thing, open};
use crate::words::member;

/// A member that was changed: what it is called, what it is now, and what it was.
struct Changed {
    label: String,
    now: String,
    was: String,
}

/// The page of a thing's past. What is gone has one, too.
pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    thing: &'static Thing,
    id: &str,
) -> Result<Response, Problem> {
    let desk = match open(env, request, thing, false).await? {
        Signed::In(desk) => desk,
        Signed::Out(answer) => return Ok(answer),
    };
    let target = thing.target(&desk, id);
    let mut trail = format!("{target}/audit?limit=50");
    if let Some(after) = request.param("after") {
        trail = format!("{trail}&after={}", staff::word(after));
    }
    let mut asked = vec![
        (thing.component, trail),
        (thing.component, target.clone()),
        (thing.component, format!("{target}/audit/verify")),
    ];
    asked.extend((thing.also)(&desk));
    let mut told = desk.read(env, request, &asked).await.into_iter();
    let mut next = || told.next().unwrap_or_else(|| Err(staff::Refused::default()));
    let trail = match next() {
        Ok(trail) => trail,
        Err(refused) => return desk.refusal(&refused),
    };
    let (it, verdict) = (next().unwrap_or_default(), next().unwrap_or_default());
    let lists = told.map(Result::unwrap_or_default).collect();
    let mut scene = Scene { desk: &desk, it: Value::Null, lists, variant: String::new() };
    // What can only be said when it is made has its words, too.
    let mut inputs = (thing.form)(&scene).inputs;
    scene.it = it;
    inputs.extend((thing.form)(&scene).inputs);

    let path = thing.page_of(id);
    let name = match text(&scene.it, "/name") {
        "" => desk.lang.of("Gone", "已删除"),
        name => name,
    };
    let title = desk.lang.of("Who changed what", "更改记录");
    let mut page = thing.page_about(&desk, request, title, &[(&path, name)]);
    verdict_in_words(&mut page.html, desk.lang, &verdict);
    draw(&mut page.html, &scene, &inputs, items(&trail, "/items"));
    desk.more(&mut page.html, &format!("{path}/history"), text(&trail, "/next"));
    Ok(page.answer(StatusCode::OK))
}

fn verdict_in_words(html: &mut Html, lang: Lang, verdict: &Value) {
    let said = match at(verdict, "/is_intact").as_bool() {
        Some(true) => lang.of(
            "Every entry is sealed with the one before it. All seals hold: nothing was changed \
             or taken out afterwards.",
            "每条记录都与前一条相互校验。校验全部通过：未被篡改或删除。",
        ),
        Some(false) => lang.of(
            "A seal does not hold: somebody tampered with this history.",
            "校验未通过：此记录曾被篡改。",
        ),
        None => return,
    };
    let class = if at(verdict, "/is_intact") == &Value::Bool(false) { "late" } else { "soft" };
    html.put("p", &[("class", class)], said);
}

fn draw(html: &mut Html, scene: &Scene<'_>, inputs: &[Input], happened: &[Value]) {
    let (desk, lang) = (scene.desk, scene.desk.lang);
    html.open("ol", &[("class", "list")]);
    let mut before = &Value::Null;
    for it in happened {
        let (kind, data) = (text(it, "/type"), at(it, "/data"));
        // What tells all of a thing is compared with what told all of it before.
        let is_whole = kind.ends_with(".created") || kind.ends_with(".updated");
        let was = if is_whole { std::mem::replace(&mut before, data) } else { &Value::Null };
        let mut all = Vec::new();
        changed(scene, inputs, ("", data), was, &mut all);
        html.open("li", &[]);
        html.put("h2", &[], tell::event(lang, kind));
        html.open("p", &[("class", "soft")]);
        tell::time(html, desk, text(it, "/timestamp"));
        html.text(" · ");
        html.text(&desk.who(it));
        html.close();
        if all.is_empty() {
            html.close();
            continue;
        }
        html.open("dl", &[("class", "facts")]);
        for it in all {
            html.put("dt", &[], &it.label);
            let nothing = lang.of("nothing", "空");
            let now = if it.now.is_empty() { nothing } else { &it.now };
            let text = match (it.was.as_str(), was.is_null(), lang) {
                (_, true, _) => now.to_owned(),
                ("", _, Lang::En) => format!("{now} (was: {nothing})"),
                ("", _, Lang::Zh) => format!("{now}（原为：{nothing}）"),
                (was, _, Lang::En) => format!("{now} (was: {was})"),
                (was, _, Lang::Zh) => format!("{now}（原为：{was}）"),
            };
            html.put("dd", &[], &text);
        }
        html.close();
        html.close();
    }
    html.close();
}

/// What of an object is not what it was, member by member as the fields of the form have it.
fn changed(
    scene: &Scene<'_>,
    inputs: &[Input],
    (path, data): (&str, &Value),
    before: &Value,
    all: &mut Vec<Changed>,
) {
    let lang = scene.desk.lang;
    for (name, value) in data.as_object().into_iter().flatten() {
        let own = format!("{path}{name}");
        let was = at(before, &format!("/{name}"));
        let below = format!("{own}/");
        if value == was {
            continue;
        }
        let input = inputs.iter().find(|it| it.name() == own);
        if input.is_none()
            && value.is_object()
            && inputs.iter().any(|it| it.name().starts_with(&below))
        {
            changed(scene, inputs, (&below, value), was, all);
            continue;
        }
        let told = |value: &Value| match input {
            Some(input) => input.tell(lang, value),
            None => plain(scene, value),
        };
        let label = input.map_or_else(|| member(lang, name), Input::label).to_owned();
        let it = Changed { label, now: told(value), was: told(was) };
        // Of what was just made, what was left empty says nothing.
        if !it.now.is_empty() || !it.was.is_empty() {
            all.push(it);
        }
    }
}

/// A value that no field of the form has.
fn plain(scene: &Scene<'_>, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => scene.of("yes", "是").to_owned(),
        Value::Bool(false) => scene.of("no", "否").to_owned(),
        Value::String(text) => tell::moment(scene.desk, text),
        Value::Array(all) if all.is_empty() => String::new(),
        other => view::text(other),
    }
}
