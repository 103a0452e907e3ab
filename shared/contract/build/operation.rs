//! Operations out of their short form: what each has because of who may call it, and how, is added
//! here and written nowhere else.

use serde_json::{Map, Value, json};

use crate::shape;

/// Those who sign in with a key of a site; the admin key is one of each.
const STAFF: [&str; 6] = ["viewer", "agent", "manager", "admin", "owner", "holder"];
/// Everybody else.
const OTHERS: [&str; 7] = ["anybody", "publishable", "link", "source", "tick", "metrics", "client"];

/// What a list may say of an operation.
const MEMBERS: [&str; 17] = [
    "id",
    "en",
    "zh",
    "more",
    "who",
    "path",
    "query",
    "headers",
    "paged",
    "versioned",
    "once",
    "limited",
    "body",
    "body?",
    "example",
    "answers",
    "problems",
];

/// One operation being made.
struct Draft<'a> {
    written: &'a Map<String, Value>,
    schemas: &'a Map<String, Value>,
    path: &'a str,
    who: &'a str,
    is_read: bool,
    is_page: bool,
}

/// The operation of OpenAPI that a list describes.
pub(crate) fn of(
    tag: &str,
    method: &str,
    path: &str,
    written: &Value,
    schemas: &Map<String, Value>,
) -> Result<Value, String> {
    let written = written.as_object().ok_or("an operation is an object")?;
    if let Some(strange) = written.keys().find(|it| !MEMBERS.contains(&it.as_str())) {
        return Err(format!("{strange} is not a member of an operation"));
    }
    let text = |name: &str| written.get(name).and_then(Value::as_str).unwrap_or_default();
    let who = text("who");
    if !STAFF.contains(&who) && !OTHERS.contains(&who) {
        return Err(format!("who is {who:?}? One of {STAFF:?} or {OTHERS:?}"));
    }
    let answers = written.get("answers").and_then(Value::as_object).ok_or("no answers")?;
    let is_html = |it: &Value| it == "html" || it.get("text/html").is_some();
    let is_page = answers.values().all(Value::is_null) && !path.starts_with("/v1/")
        || answers.values().any(is_html);
    let is_read = method == "GET";
    let draft = Draft { written, schemas, path, who, is_read, is_page };
    let mut made = json!({
        "operationId": text("id"),
        "tags": [tag],
        "summary": text("en"),
        "x-summary-zh": text("zh"),
        "x-who": who,
        "parameters": draft.parameters()?,
        "responses": draft.responses(answers)?,
        "security": security(who),
    });
    if !text("more").is_empty() {
        set(&mut made, "description", text("more").into());
    }
    if is_page {
        set(&mut made, "x-page", Value::Bool(true));
    }
    for (name, must) in [("body", true), ("body?", false)] {
        if let Some(body) = written.get(name) {
            set(&mut made, "requestBody", draft.body(body, must)?);
        }
    }
    if text("id").is_empty() || text("en").is_empty() || text("zh").is_empty() {
        return Err("an operation has id, en and zh".to_owned());
    }
    Ok(made)
}

impl Draft<'_> {
    fn says(&self, name: &str) -> bool {
        self.written.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn is_staff(&self) -> bool {
        STAFF.contains(&self.who)
    }

    fn parameters(&self) -> Result<Vec<Value>, String> {
        let mut made = Vec::new();
        let told = |name: &str| self.written.get(name).and_then(Value::as_object);
        for segment in self.path.split('/').filter(|it| it.contains('{')) {
            let name = segment.split(['{', '}']).nth(1).unwrap_or_default();
            let shape = told("path").and_then(|it| it.get(name));
            let shape = shape.cloned().unwrap_or_else(|| "text 1..128".into());
            made.push(parameter(name, "path", true, &shape)?);
        }
        for (place, part) in [("query", "query"), ("header", "headers")] {
            for (name, shape) in told(part).into_iter().flatten() {
                let bare = name.strip_suffix('?');
                made.push(parameter(bare.unwrap_or(name), place, bare.is_none(), shape)?);
            }
        }
        let shared = [
            ("after", self.says("paged")),
            ("limit", self.says("paged")),
            // Who makes a site names none yet.
            ("site", self.is_staff() && self.who != "owner"),
            ("idempotency-key", self.is_once()),
            ("if-match", self.says("versioned") && !self.is_read),
            ("if-none-match", self.is_read && !self.is_page),
            ("accept-language", true),
        ];
        for (name, _) in shared.iter().filter(|(_, has)| *has) {
            made.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        }
        Ok(made)
    }

    /// Whether a repeated key makes it happen once.
    fn is_once(&self) -> bool {
        let otherwise = self.is_staff() && !self.is_read && !self.is_page;
        self.written.get("once").and_then(Value::as_bool).unwrap_or(otherwise)
    }

    fn body(&self, body: &Value, must: bool) -> Result<Value, String> {
        let mut made = json!({ "required": must, "content": self.content(body)? });
        if let Some(example) = self.written.get("example")
            && let Some(Value::Object(media)) = made.pointer_mut("/content/application~1json")
        {
            media.insert("example".to_owned(), example.clone());
        }
        Ok(made)
    }

    /// A shape of JSON, or a shape for each media type.
    fn content(&self, written: &Value) -> Result<Value, String> {
        let media = written.as_object().filter(|it| it.keys().any(|it| it.contains('/')));
        let Some(media) = media else {
            return Ok(json!({
                "application/json": { "schema": shape::of(written, self.schemas)? },
            }));
        };
        let mut made = Map::new();
        for (name, written) in media {
            let schema = shape::of(written, self.schemas)?;
            made.insert(name.clone(), json!({ "schema": schema }));
        }
        Ok(Value::Object(made))
    }

    fn responses(&self, answers: &Map<String, Value>) -> Result<Value, String> {
        let mut made = Map::new();
        for (status, written) in answers {
            made.insert(status.clone(), self.answer(status, written)?);
        }
        if self.is_read {
            made.insert("304".to_owned(), reference("Unchanged"));
        }
        if self.is_page {
            // People are told on a page what programs are told as a problem.
            for status in ["4XX", "5XX"] {
                made.insert(status.to_owned(), reference("Page"));
            }
            return Ok(Value::Object(made));
        }
        // They have a shape of their own.
        let theirs = if self.who == "client" { Vec::new() } else { self.problems() };
        for status in theirs {
            let problem = reference(&format!("Problem{status}"));
            made.entry(status).or_insert(problem);
        }
        Ok(Value::Object(made))
    }

    fn answer(&self, status: &str, written: &Value) -> Result<Value, String> {
        let mut headers = json!({ "request-id": header("request-id") });
        if self.is_read && status == "200" {
            set(&mut headers, "etag", header("etag"));
        }
        if matches!(status, "201" | "202" | "303") {
            set(&mut headers, "location", header("location"));
        }
        let told = match status {
            "201" => "Made.",
            "202" => "Begun.",
            "204" => "Done.",
            "303" => "See the page that it leads to.",
            _ => "Here it is.",
        };
        let mut made = json!({ "description": told, "headers": headers });
        match written {
            Value::Null => {}
            Value::String(html) if html == "html" => {
                let schema = json!({ "text/html": { "schema": { "type": "string" } } });
                set(&mut made, "content", schema);
            }
            Value::Object(members) if members.contains_key("shown") => {
                let shape = members.get("shape").ok_or("an answer with shown has a shape")?;
                let mut content = self.content(shape)?;
                for (_, media) in content.as_object_mut().into_iter().flatten() {
                    set(media, "example", members.get("shown").cloned().unwrap_or_default());
                }
                set(&mut made, "content", content);
            }
            written => set(&mut made, "content", self.content(written)?),
        }
        Ok(made)
    }

    /// The statuses of what may go wrong.
    fn problems(&self) -> Vec<String> {
        let (is_staff, is_keyed) = (self.is_staff(), self.is_staff() || self.who == "tick");
        let mut told: Vec<String> = [
            ("400", !self.is_read),
            ("401", is_keyed || matches!(self.who, "publishable" | "source" | "metrics")),
            ("403", is_staff || self.who == "publishable"),
            ("404", is_staff || self.path.contains('{')),
            ("409", is_staff && !self.is_read),
            ("412", self.says("versioned") && !self.is_read),
            ("413", !self.is_read),
            ("415", !self.is_read),
            ("422", true),
            ("429", self.says("limited")),
            ("500", true),
            ("503", true),
        ]
        .iter()
        .filter(|(_, may)| *may)
        .map(|(status, _)| (*status).to_owned())
        .collect();
        for more in self.written.get("problems").and_then(Value::as_array).into_iter().flatten() {
            let more = more.to_string();
            if !told.contains(&more) {
                told.push(more);
            }
        }
        told
    }
}

/// One answer for each status of a problem; `problems` has for each type its status and title.
pub(crate) fn problem_responses(problems: &Map<String, Value>) -> Map<String, Value> {
    let mut made = Map::new();
    for status in problems.values().filter_map(|it| it.get(0)) {
        let types: Vec<String> = problems
            .iter()
            .filter(|(_, it)| it.get(0) == Some(status))
            .map(|(name, _)| format!("/problems/{name}"))
            .collect();
        let told: Vec<String> = problems
            .iter()
            .filter(|(_, it)| it.get(0) == Some(status))
            .map(|(name, it)| {
                format!("`{name}`: {}.", it.get(1).and_then(Value::as_str).unwrap_or(""))
            })
            .collect();
        let mut headers = json!({ "request-id": header("request-id") });
        match status.as_u64() {
            Some(401) => set(&mut headers, "www-authenticate", header("www-authenticate")),
            Some(405) => set(&mut headers, "allow", header("allow")),
            Some(429 | 503) => set(&mut headers, "retry-after", header("retry-after")),
            _ => {}
        }
        let schema = json!({
            "allOf": [{ "$ref": "#/components/schemas/Problem" }],
            "properties": { "type": { "enum": types }, "status": { "const": status } },
        });
        made.insert(
            format!("Problem{status}"),
            json!({
                "description": told.join(" "),
                "headers": headers,
                "content": { "application/problem+json": { "schema": schema } },
            }),
        );
    }
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    made.insert(
        "Page".to_owned(),
        json!({
            "description": "A page that says what went wrong and what to do, or a problem.",
            "headers": { "request-id": header("request-id") },
            "content": {
                "text/html": { "schema": { "type": "string" } },
                "application/problem+json": { "schema": problem },
            },
        }),
    );
    made.insert(
        "Unchanged".to_owned(),
        json!({
            "description": "What the client has is still so.",
            "headers": { "request-id": header("request-id"), "etag": header("etag") },
        }),
    );
    made
}

fn security(who: &str) -> Value {
    match who {
        "publishable" => json!([{ "publishable": [] }]),
        "tick" => json!([{ "tick": [] }]),
        "metrics" => json!([{ "metrics": [] }]),
        staff if STAFF.contains(&staff) => json!([{ "secret": [] }, { "session": [] }]),
        _ => json!([]),
    }
}

fn parameter(name: &str, place: &str, must: bool, written: &Value) -> Result<Value, String> {
    let mut schema = shape::of(written, &Map::new()).map_err(|it| format!("{name}: {it}"))?;
    let said = schema.as_object_mut().and_then(|it| it.remove("description"));
    let mut made = json!({ "name": name, "in": place, "schema": schema });
    if must {
        set(&mut made, "required", Value::Bool(true));
    }
    if let Some(said) = said {
        set(&mut made, "description", said);
    }
    Ok(made)
}

fn reference(response: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{response}") })
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}
