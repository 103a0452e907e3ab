//! Holds requests and answers to the contract, which is `shared/contract`.
//!
//! Every exchange of every test is looked at: what was taken must be a request of the document,
//! what was answered one of its answers, and what the handler asked for must stand there with the
//! very bounds that the code has. So the tests of a function prove what is told of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use http::Method;
use jsonschema::{Registry, Resource, Validator};
use serde_json::{Value, json};
use web::reading::{Read, Rule};
use web::{Request, Response};

/// Where the document is for references.
const URI: &str = "urn:contract";
/// Paths that only components call, by service chaining; nobody else can reach them.
const INTERNAL: [&str; 7] = [
    "/case",
    "/hurry",
    "/grade",
    "/grades",
    "/callback/slots",
    "/callback/book",
    "/callback/queue",
];
/// Where tests send what they make up.
const MADE_UP: &str = "/test/";

/// The document, in which no answer may have a member that is not told.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(contract::STRICT).expect("the contract is JSON"))
}

/// An operation of the document, by method and template, such as `get` and `/v1/agents/{id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The template of its path.
    pub path: String,
    /// Its method, in lower case.
    pub method: String,
}

impl Operation {
    /// What a request asks for, if it is told of. A path that is written out goes before one that
    /// has a parameter there.
    pub fn of(method: &Method, path: &str) -> Option<Operation> {
        let asked: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let paths = document()["paths"].as_object().expect("paths");
        let fits = |template: &str| {
            let parts: Vec<&str> = template.trim_end_matches('/').split('/').collect();
            let same = |(part, asked): (&&str, &&str)| is_like(part, asked);
            parts.len() == asked.len() && parts.iter().zip(&asked).all(same)
        };
        let method = method.as_str().to_lowercase().replace("head", "get");
        let mut found: Vec<&String> = paths.keys().filter(|it| fits(it)).collect();
        found.sort_by_key(|it| it.matches('{').count());
        let path = found.into_iter().next().filter(|it| paths[*it].get(&method).is_some())?;
        Some(Operation { path: path.clone(), method })
    }

    /// All of it.
    pub fn told(&self) -> &'static Value {
        &document()["paths"][&self.path][&self.method]
    }

    /// Whether people look at it.
    pub fn is_page(&self) -> bool {
        self.told()["x-page"] == true
    }

    /// The schema at a path of JSON Pointer inside this operation.
    fn validator(&self, at: &[&str]) -> Option<&'static Validator> {
        let mut told = self.told();
        let mut pointer = format!("/paths/{}/{}", escape(&self.path), self.method);
        for part in at {
            told = told.get(part)?;
            if let Some(reference) = told.get("$ref").and_then(Value::as_str) {
                pointer = reference.trim_start_matches('#').to_owned();
                told = document().pointer(&pointer)?;
                continue;
            }
            pointer.push('/');
            pointer.push_str(&escape(part));
        }
        Some(validator(pointer))
    }
}

/// Whether a segment of a path is one of a template, such as `{id}.js`.
fn is_like(part: &str, asked: &str) -> bool {
    match (part.find('{'), part.find('}')) {
        (Some(from), Some(to)) => {
            let (before, after) = (&part[..from], &part[to + 1..]);
            asked.len() > before.len() + after.len()
                && asked.starts_with(before)
                && asked.ends_with(after)
        }
        _ => part == asked,
    }
}

fn escape(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// The validator of the schema at a pointer of the document; made once.
fn validator(pointer: String) -> &'static Validator {
    static MADE: Mutex<BTreeMap<String, &'static Validator>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().expect("nobody panics here");
    made.entry(pointer).or_insert_with_key(|pointer| {
        let pointer = pointer.replace('{', "%7B").replace('}', "%7D");
        let schema = json!({ "$ref": format!("{URI}#{pointer}") });
        let options = jsonschema::options().with_registry(registry().clone());
        let built = options.should_validate_formats(true).build(&schema);
        Box::leak(Box::new(built.unwrap_or_else(|error| panic!("{pointer}: {error}"))))
    })
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let resource = Resource::from_contents(document().clone()).expect("a document");
        Registry::try_new(URI, resource).expect("a registry")
    })
}

/// What is wrong with an exchange, if anything is. `read` is what the handler asked for.
pub fn faults(request: &Request, read: &[Read], response: &Response) -> Vec<String> {
    let path = request.target.split('?').next().unwrap_or_default();
    let status = response.status();
    // Browsers ask before they send; that is theirs, and the same everywhere.
    if *request.method() == Method::OPTIONS {
        return Vec::new();
    }
    // The desk is for people: what its pages do are calls that are told of.
    let is_told = ![MADE_UP, "/desk/"].iter().any(|it| path.starts_with(it));
    if INTERNAL.contains(&path) || !is_told {
        return Vec::new();
    }
    let Some(operation) = Operation::of(request.method(), path) else {
        // What does not exist is not told of, but refused for the first reason there is.
        return match status.is_client_error() {
            true => Vec::new(),
            false => vec![format!("it is not in the contract, and the answer is {status}")],
        };
    };
    let mut faults = answer_faults(&operation, response);
    if operation.is_page() {
        // Their forms are held to the calls that they make.
        return faults;
    }
    // What is only told again was held to it the first time; its key and its bytes are the same.
    if status.is_success() && !response.headers().contains_key("idempotent-replayed") {
        faults.extend(request_faults(&operation, request));
    }
    faults.extend(read.iter().filter_map(|it| reading_fault(&operation, it)));
    faults.sort();
    faults.dedup();
    faults
}

/// Fails if an exchange is not as the contract says.
///
/// `strays` says that requests may come to a function that they are not for.
pub(crate) fn check(request: &Request, read: &[Read], response: &Response, strays: bool) {
    if strays && matches!(response.status().as_u16(), 404 | 405) {
        return;
    }
    if let Some(folder) = std::env::var_os("CONTRACT_DRAFT") {
        note(folder.as_ref(), request, read, response);
        return;
    }
    let faults = faults(request, read, response);
    let said = String::from_utf8_lossy(response.body());
    assert!(
        faults.is_empty(),
        "shared/contract does not tell of {} {} ({}): {faults:#?}\n{}",
        request.method(),
        request.target,
        response.status(),
        said.chars().take(2_000).collect::<String>(),
    );
}

fn answer_faults(operation: &Operation, response: &Response) -> Vec<String> {
    let status = response.status().as_u16().to_string();
    let responses = &operation.told()["responses"];
    let range = format!("{}XX", &status[..1]);
    let Some(mut told) = responses.get(&status).or_else(|| responses.get(&range)) else {
        return vec![format!("it does not answer {status}")];
    };
    if let Some(reference) = told.get("$ref").and_then(Value::as_str) {
        told = document().pointer(reference.trim_start_matches('#')).expect("a response");
    }
    let sent = response.headers().get("content-type").and_then(|it| it.to_str().ok());
    let sent = sent.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned();
    let Some(content) = told.get("content").and_then(Value::as_object) else {
        let is_empty = response.body().is_empty();
        return if is_empty { vec![] } else { vec![format!("{status} has no body: {sent}")] };
    };
    // What a repeated request was told at first may have been erased since.
    let is_replayed = response.headers().contains_key("idempotent-replayed");
    if is_replayed && response.body().is_empty() {
        return Vec::new();
    }
    if !content.contains_key(&sent) {
        return vec![format!("{status} is not {sent:?}")];
    }
    if !sent.ends_with("json") || response.headers().contains_key("content-encoding") {
        return Vec::new();
    }
    let Ok(body) = serde_json::from_slice::<Value>(response.body()) else {
        return vec![format!("{status} is not JSON")];
    };
    let status = if responses.get(&status).is_some() { status } else { range };
    let at = ["responses", &status, "content", &sent, "schema"];
    errors("answer", operation.validator(&at), &body)
}

fn errors(what: &str, validator: Option<&Validator>, value: &Value) -> Vec<String> {
    let Some(validator) = validator else { return vec![format!("{what}: no schema")] };
    let told = validator.iter_errors(value).map(|it| format!("{what}{}: {it}", it.instance_path));
    told.map(|it| it.chars().take(600).collect()).collect()
}

/// The parameters of an operation, by name, in one place of a request.
fn parameters(operation: &Operation, place: &str) -> BTreeMap<String, &'static Value> {
    let listed = operation.told()["parameters"].as_array().map_or(&[] as &[Value], Vec::as_slice);
    let resolved = listed.iter().map(|it| match it.get("$ref").and_then(Value::as_str) {
        Some(reference) => document().pointer(reference.trim_start_matches('#')).expect("one"),
        None => it,
    });
    resolved
        .filter(|it| it["in"] == place)
        .map(|it| (it["name"].as_str().unwrap_or_default().to_owned(), it))
        .collect()
}

fn request_faults(operation: &Operation, request: &Request) -> Vec<String> {
    let mut faults = Vec::new();
    let known = parameters(operation, "query");
    let query = request.target.split_once('?').map_or("", |it| it.1);
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        // It belongs to signing in, and says nothing where no key spans sites; and files have many
        // addresses.
        let is_file = request.method() == Method::GET && operation.told()["x-who"] == "anybody";
        if name == "site" || is_file {
            continue;
        }
        let Some(parameter) = known.get(name.as_ref()) else {
            faults.push(format!("the parameter {name} is taken, and not told of"));
            continue;
        };
        let kind = &parameter["schema"]["type"];
        let value = match kind.as_str() {
            Some("integer" | "number" | "boolean") => serde_json::from_str(&text).ok(),
            _ => Some(Value::String(text.clone().into_owned())),
        };
        let validator = jsonschema::validator_for(&parameter["schema"]).expect("a schema");
        if !value.is_some_and(|it| validator.is_valid(&it)) {
            faults.push(format!("the parameter {name} is taken as {text:?}"));
        }
    }
    let Ok(body) = request.body() else { return faults };
    // Where none is told of, nobody reads it: `reading_fault` sees to that.
    let Some(told) = operation.told().get("requestBody") else { return faults };
    let media = request.media_type().unwrap_or_default();
    if body.is_empty() && told["required"] == false {
        return faults;
    }
    if told["content"].get(&media).is_none() {
        faults.push(format!("a body of {media:?} is taken, and not told of"));
    } else if let Ok(value) = serde_json::from_slice::<Value>(body)
        && media.ends_with("json")
    {
        let at = ["requestBody", "content", &media, "schema"];
        let validator = operation.validator(&at);
        // What is null is not there.
        let found = errors("body", validator, &value);
        if !found.is_empty() && !errors("body", validator, &without_nulls(&value)).is_empty() {
            faults.extend(found);
        }
    }
    faults
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|it| !it.1.is_null());
            kept.map(|(name, it)| (name.clone(), without_nulls(it))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        it => it.clone(),
    }
}

/// Whether the document tells of something that the handler asked for, with the bounds it has.
fn reading_fault(operation: &Operation, read: &Read) -> Option<String> {
    let place = &read.place;
    if read.rule == Rule::Parameter {
        let known = parameters(operation, "query").contains_key(place);
        return (!known).then(|| format!("the code reads the parameter {place}"));
    }
    let Some(told) = operation.told().get("requestBody") else {
        return Some(format!("the code reads {place} of a body that is not told of"));
    };
    let body = told.pointer("/content/application~1json/schema")?;
    let Some(schemas) = schemas_at(body, place) else {
        return Some(format!("the code reads {place} of the body"));
    };
    let is_open = |it: &Value| it.get("x-varies").is_some() || it.get("type").is_none();
    let fits = |schema: &&Value| match &read.rule {
        _ if is_open(schema) => true,
        Rule::Text(least, most) => {
            let (from, to) = (schema["minLength"].as_u64(), schema["maxLength"].as_u64());
            let is_free = schema["type"].as_str().or(schema["type"][0].as_str()) == Some("string")
                && ["pattern", "format", "enum"].iter().all(|it| schema.get(*it).is_none());
            !is_free || to == Some(*most as u64) && from.unwrap_or(0) == *least as u64
        }
        Rule::Integer(min, max) => {
            schema["minimum"].as_i64() == Some(*min) && schema["maximum"].as_i64() == Some(*max)
        }
        Rule::OneOf(words) => {
            let told = schema["enum"].as_array();
            let told = told.into_iter().flatten().filter_map(Value::as_str);
            let (mut told, mut words): (Vec<&str>, Vec<&str>) = (
                told.filter(|it| !it.is_empty()).collect(),
                words.iter().map(|it| it.as_str()).collect(),
            );
            told.sort_unstable();
            words.retain(|it| !it.is_empty());
            words.sort_unstable();
            told == words
        }
        Rule::List(least, most) => {
            schema["maxItems"].as_u64() == Some(*most as u64)
                && schema["minItems"].as_u64().unwrap_or(0) == *least as u64
        }
        Rule::Flag => schema["type"] == "boolean" || schema["type"][0] == "boolean",
        Rule::Any | Rule::Parameter => true,
    };
    if schemas.is_empty() || schemas.iter().any(fits) {
        return None;
    }
    Some(format!("the code reads {place} as {:?}, the document tells {schemas:?}", read.rule))
}

/// The schemas that the document has at a pointer into a body; nothing if it tells of none there.
/// Where anything may stand there, they are none.
fn schemas_at<'a>(schema: &'a Value, pointer: &str) -> Option<Vec<&'a Value>> {
    let mut found = alternatives(schema);
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let mut next = Vec::new();
        for schema in found {
            let is_item = part.bytes().all(|it| it.is_ascii_digit());
            let inner = schema["properties"]
                .get(&part)
                .or_else(|| schema.get("items").filter(|_| is_item))
                .or_else(|| schema.get("additionalProperties").filter(|it| it.is_object()));
            let is_open = inner.is_none()
                && (schema.as_object().is_some_and(|it| !it.contains_key("type"))
                    || schema["type"] == "object" && schema.get("properties").is_none());
            match inner {
                Some(inner) => next.extend(alternatives(inner)),
                // Not told further.
                None if is_open => return Some(vec![]),
                None => {}
            }
        }
        found = next;
    }
    if found.is_empty() { None } else { Some(found) }
}

/// A schema, its references followed and its alternatives apart.
fn alternatives(schema: &Value) -> Vec<&Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let found = document().pointer(reference.trim_start_matches('#'));
        // A document that outlives every test.
        return alternatives(found.expect("a schema"));
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        if let Some(listed) = schema.get(name).and_then(Value::as_array) {
            return listed.iter().flat_map(alternatives).collect();
        }
    }
    vec![schema]
}

/// Notes an exchange, from which a list is drafted.
fn note(folder: &std::path::Path, request: &Request, read: &[Read], response: &Response) {
    use std::io::Write;
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    let asked: Vec<Value> =
        read.iter().map(|it| json!([it.place, format!("{:?}", it.rule)])).collect();
    let line = json!({
        "method": request.method().as_str(),
        "target": request.target,
        "body": request.body().map(json).unwrap_or_default(),
        "sent": request.media_type(),
        "status": response.status().as_u16(),
        "type": response.headers().get("content-type").and_then(|it| it.to_str().ok()),
        "answer": json(response.body()),
        "read": asked,
    });
    let file = folder.join(format!("{}.jsonl", std::process::id()));
    let file = std::fs::OpenOptions::new().create(true).append(true).open(file);
    writeln!(file.expect("a file"), "{line}").expect("a line");
}
