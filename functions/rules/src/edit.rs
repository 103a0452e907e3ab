//! Forms whose fields are typed otherwise than the API has them: rows, shifts, lists in one line.

use ports::Env;
use serde_json::{Map, Value};
use staff::form::{Empty, Input, Kind};
use staff::tell::{at, items, text};
use staff::{Call, Desk, Done, Filled, Form, Refused, Sent, Verb};
use web::Request;
use web::lang::Lang;

use crate::order;

/// What is wrong with which field.
pub(crate) type Wrong = Vec<(String, String)>;

/// How a thing is typed, and what that means to the API.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// What the API tells, as the fields have it.
    pub(crate) typed: fn(&Value) -> Value,
    /// What the fields say, as the API takes it; what cannot be read is noted.
    pub(crate) meant: fn(Lang, Map<String, Value>, &mut Wrong) -> Map<String, Value>,
    /// The arrays that are typed as rows.
    pub(crate) rows: &'static [&'static str],
}

/// Where the form goes, and where to look again if somebody else was faster.
pub(crate) struct To<'a> {
    pub(crate) component: &'a str,
    pub(crate) verb: Verb,
    pub(crate) target: &'a str,
    /// What is looked at in turn, and where the thing and its version are in the answer.
    pub(crate) again: &'a [(String, &'static str, &'static str)],
}

/// A field without which there is no row.
pub(crate) const REMOVE: &str = "remove";

/// Takes a form: one call of the API, or the form as it was typed with what is wrong with it.
pub(crate) async fn submit(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    (form, sent, shape): (&Form, &Sent, Shape),
    to: To<'_>,
) -> Result<Done, Filled> {
    let lang = desk.lang;
    let mut typed = form.read(lang, sent)?;
    let places = gathered(&mut typed, shape.rows);
    let mut wrong = Wrong::new();
    let body = (shape.meant)(lang, typed, &mut wrong);
    if !wrong.is_empty() {
        let (pairs, version) = (sent.pairs.clone(), sent.version());
        let mut filled = Filled { pairs, version, status: 422, ..Filled::default() };
        for (name, rule) in wrong {
            filled.refuse(lang, &there(&places, &name), &rule);
        }
        return Err(filled);
    }
    let body = Value::Object(body);
    let (key, version) = (sent.key(), sent.version());
    let (component, verb, target) = (to.component, to.verb, to.target);
    let call = Call { component, verb, target, body: &body, key, version, ..Call::default() };
    let mut refused = match desk.send(env, request, call).await {
        Ok(done) => return Ok(done),
        Err(refused) => refused,
    };
    put_back(&mut refused, &places, form);
    let mut filled = Filled::refused(lang, form, sent, &refused);
    rest(&mut filled, form, &refused);
    if refused.status == 412 {
        let now = again(env, request, desk, &to).await;
        let now =
            now.map_or(Value::Null, |(told, version)| versioned((shape.typed)(&told), version));
        desk.meanwhile(&mut filled, (form, sent), &now);
    }
    Err(filled)
}

/// The thing as it stands now, with its version.
async fn again(
    env: &impl Env,
    request: &Request,
    desk: &Desk,
    to: &To<'_>,
) -> Option<(Value, i64)> {
    for (target, whole, version) in to.again {
        if let Ok(told) = desk.read_one(env, request, (to.component, target)).await {
            let version = at(&told, version).as_i64().unwrap_or(0);
            return Some((at(&told, whole).clone(), version));
        }
    }
    None
}

/// A thing with its version, for the form about it.
pub(crate) fn versioned(mut typed: Value, version: i64) -> Value {
    if let Value::Object(members) = &mut typed {
        members.insert("version".to_owned(), Value::from(version));
    }
    typed
}

/// A form filled in with what the API tells.
pub(crate) fn filled(form: &Form, shape: Shape, told: &Value, version: i64) -> Filled {
    Filled::of(form, &versioned((shape.typed)(told), version))
}

/// How many rows of a name were sent.
pub(crate) fn sent_rows(sent: &Sent, name: &str) -> usize {
    let number = |it: &(String, String)| {
        let rest = it.0.strip_prefix(name)?.strip_prefix('/')?;
        rest.split('/').next()?.parse::<usize>().ok()
    };
    sent.pairs.iter().filter_map(number).map(|it| it + 1).max().unwrap_or(0).min(ROWS_MAX)
}

/// The most rows that a form has.
const ROWS_MAX: usize = 400;

/// Where the rows that are kept were typed.
type Places = Vec<(&'static str, Vec<usize>)>;

/// Makes arrays of rows, in their order, without those that are empty or taken away.
fn gathered(typed: &mut Map<String, Value>, rows: &'static [&'static str]) -> Places {
    let mut places = Places::new();
    for name in rows {
        let (mut list, mut from) = (Vec::new(), Vec::new());
        if let Some(Value::Object(all)) = typed.get(*name) {
            for number in 0..ROWS_MAX {
                let Some(row) = all.get(&number.to_string()).and_then(Value::as_object) else {
                    continue;
                };
                let mut row = row.clone();
                let is_gone = row.remove(REMOVE).is_some_and(|it| it == Value::Bool(true));
                if !is_gone && row.values().any(is_said) {
                    list.push(Value::Object(row));
                    from.push(number);
                }
            }
        }
        let order = order::places(&list);
        let list = order.iter().filter_map(|at| list.get(*at).cloned()).collect();
        let from = order.iter().filter_map(|at| from.get(*at).copied()).collect();
        typed.insert((*name).to_owned(), Value::Array(list));
        places.push((*name, from));
    }
    places
}

/// Whether a field of a row says something: a box that is not ticked does not.
fn is_said(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

/// Where the field of a row was typed.
fn there(places: &Places, name: &str) -> String {
    for (list, from) in places {
        let Some(rest) = name.strip_prefix(list).and_then(|it| it.strip_prefix('/')) else {
            continue;
        };
        let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let place = number.parse::<usize>().ok().and_then(|it| from.get(it));
        if let Some(place) = place {
            let slash = if rest.is_empty() { "" } else { "/" };
            return format!("{list}/{place}{slash}{rest}");
        }
    }
    name.to_owned()
}

/// Has mistakes point at where rows were typed; those of a whole row at its first field.
fn put_back(refused: &mut Refused, places: &Places, form: &Form) {
    let Some(Value::Array(errors)) = refused.told.get_mut("errors") else { return };
    for it in errors {
        let pointer = text(it, "/pointer").trim_start_matches('/').to_owned();
        let mut place = there(places, &pointer);
        let below = format!("{place}/");
        let is_row = !form.inputs.iter().any(|it| leads(it.name(), &place));
        if is_row && let Some(first) = form.inputs.iter().find(|it| it.name().starts_with(&below)) {
            first.name().clone_into(&mut place);
        }
        if let Value::Object(it) = it
            && it.contains_key("pointer")
        {
            it.insert("pointer".to_owned(), Value::from(format!("/{place}")));
        }
    }
}

/// Whether a mistake there is one of the field of this name.
fn leads(name: &str, pointer: &str) -> bool {
    pointer.strip_prefix(name).is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// Tells all mistakes that are of no field, not the first alone, each with its place.
fn rest(filled: &mut Filled, form: &Form, refused: &Refused) {
    let told = Value::Object(refused.told.clone());
    let mut all = String::new();
    for it in items(&told, "/errors") {
        let pointer = text(it, "/pointer").trim_start_matches('/');
        if !form.inputs.iter().any(|it| leads(it.name(), pointer)) {
            if !all.is_empty() {
                all.push_str(" · ");
            }
            all.push_str(&format!("{pointer} {}", text(it, "/detail")));
        }
    }
    if !all.is_empty() {
        filled.alert = all;
    }
}

/// A box to tick that takes a row away.
pub(crate) fn remove(lang: Lang, row: &str) -> Input {
    let label = lang.of("Take this one away", "删除此项");
    Input::new(format!("{row}/{REMOVE}"), label, Kind::Flag)
}

/// A whole number.
pub(crate) fn whole(name: &str, label: &str, hint: &str) -> Input {
    Input::new(name, label, Kind::Whole).hint(hint)
}

/// One of several, or none.
pub(crate) fn choice(name: &str, label: &str, options: Vec<(String, String)>) -> Input {
    Input::new(name, label, Kind::Choice(options)).empty(Empty::Text)
}
