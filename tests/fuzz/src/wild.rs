//! Requests as text, what is remembered of answers, and how one plausible request becomes another.
//!
//! Requests of one run are parted by lines of `###`. In them `{admin}` stands for a name that was
//! given, `{cus}` for the last id of a customer that an answer told, `{cus:3}` for another of them.
//! The property run of `tests/journeys` makes its requests by this file as well.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// What parts requests.
const BETWEEN: &str = "\n###\n";
/// Most requests of one run.
const CALLS_MAX: usize = 12;
/// How an id of ours goes on after its prefix.
const ID_CHARS: usize = 26;

/// Texts that somebody forgot.
const ODD: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1",
    "true",
    "null",
    "{",
    "[]",
    "'",
    "\"",
    "\\",
    "%",
    "%00",
    "%ff",
    "../..",
    "\u{0}",
    "\u{7f}",
    "\u{feff}",
    "\u{200b}",
    "\u{202e}abc",
    "\u{2028}",
    "e\u{301}",
    "\u{1f468}\u{200d}\u{1f469}",
    "ﬀ",
    "İ",
    "ß",
    "Ａ",
    "中文",
    "好 的",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e308",
    "0.1",
    "1.5",
    "2026-11-22",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "-0001-01-01",
    "2026-11-22T01:30:00Z",
    "2026-11-22T09:30:00+08:00",
    "9999-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "24:00",
    "23:59",
    "Asia/Shanghai",
    "America/New_York",
    "Mars/Olympus",
    "zh-CN",
    "en",
    "x-klingon",
    "+8613800138000",
    "13800138000",
    "a@example.com",
    "https://127.0.0.1/",
    "https://[::1]:1/",
    "https://example.com/hook",
    "=cmd()",
    "<script>alert(1)</script>",
    "x' or 1=1 --",
    "\" OR *",
    "NEAR(a b)",
    "cus_none",
    "srv_none",
    "*",
    "\"v1\"",
    "W/\"v1\"",
    "day",
    "month",
    "web",
    "nps",
    "csat",
];

/// Chance: a number below its bound.
pub type Chance<'a> = dyn FnMut(usize) -> usize + 'a;

/// A request as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Call {
    /// The value of a header; empty for none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// Gives a header another value; an empty one takes it away.
    pub fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|it| it.0 != name);
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }
}

/// Reads requests; whatever is none is left out.
pub fn read(text: &str) -> Vec<Call> {
    let calls = text.split(BETWEEN).filter_map(|text| {
        let (head, body) = text.trim_start().split_once("\n\n").unwrap_or((text.trim(), ""));
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        let is_method = (1..=12).contains(&method.len());
        if !is_method || !method.bytes().all(|it| it.is_ascii_uppercase()) {
            return None;
        }
        let headers = lines.filter_map(|it| it.split_once(':'));
        let headers = headers
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        Some(Call {
            method: method.to_owned(),
            target: target.trim().to_owned(),
            headers: headers.collect(),
            body: body.trim_end_matches('\n').to_owned(),
        })
    });
    calls.take(CALLS_MAX).collect()
}

/// Writes them again.
pub fn write(calls: &[Call]) -> String {
    let texts = calls.iter().map(|it| {
        let mut text = format!("{} {}", it.method, it.target);
        for (name, value) in &it.headers {
            text.push_str(&format!("\n{name}: {value}"));
        }
        if !it.body.is_empty() {
            text.push_str("\n\n");
            text.push_str(&it.body);
        }
        text
    });
    texts.collect::<Vec<_>>().join(BETWEEN)
}

/// What answers told: ids by their prefix, secrets of links by where they lead.
#[derive(Clone, Debug, Default)]
pub struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    /// Remembers a value by a name.
    pub fn name(&mut self, name: &str, value: &str) {
        let all = self.0.entry(name.to_owned()).or_default();
        if !all.iter().any(|it| it == value) {
            all.push(value.to_owned());
        }
    }

    /// Forgets what has a name.
    pub fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// All that have this name.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Remembers what an answer tells.
    pub fn learn(&mut self, text: &str) {
        for word in text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_') {
            if let Some((prefix, rest)) = word.split_once('_')
                && (2..=3).contains(&prefix.len())
                && rest.len() == ID_CHARS
                && rest.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
            {
                self.name(prefix, word);
            }
        }
        for (name, start) in [
            ("track", "/t/"),
            ("booking", "/b/"),
            ("share", "/share/"),
            ("feed", "/feed/"),
            ("csrf", "name=\"csrf\" value=\""),
            ("form_key", "name=\"key\" value=\""),
        ] {
            for (at, _) in text.match_indices(start) {
                let rest = text.get(at + start.len()..).unwrap_or("");
                let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && !"_-.".contains(it));
                let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
                if 8 <= token.len() {
                    self.name(name, token);
                }
            }
        }
    }

    /// A text with every name replaced by what has it.
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            rest = after;
            let end = after.find('}').filter(|it| (1..=24).contains(it));
            let name = end.and_then(|end| after.get(..end)).unwrap_or("");
            let (plain, number) = name.split_once(':').unwrap_or((name, ""));
            let is_name = plain.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
            if name.is_empty() || plain.is_empty() || !is_name {
                out.push('{');
                continue;
            }
            let all = self.all(plain);
            let at = number.parse::<usize>().ok().map(|it| it % all.len().max(1));
            match at.map_or(all.last(), |it| all.get(it)) {
                Some(value) => out.push_str(value),
                // Well formed, and nobody's.
                None => out.push_str(&format!("{plain}_{}", "0".repeat(ID_CHARS))),
            }
            rest = after.get(name.len() + 1..).unwrap_or("");
        }
        out.push_str(rest);
        out
    }
}

/// What plausible requests are made of.
#[derive(Debug, Default)]
pub struct Words {
    calls: Vec<Call>,
    members: Vec<String>,
    values: Vec<Value>,
    parameters: Vec<(String, String)>,
}

impl Words {
    /// The words of some runs.
    pub fn of<'a>(runs: impl Iterator<Item = &'a str>) -> Words {
        let mut words = Words { calls: runs.flat_map(read).collect(), ..Words::default() };
        let (mut members, mut values) = (BTreeSet::new(), BTreeSet::new());
        let mut parameters = BTreeSet::new();
        for call in &words.calls {
            if let Ok(body) = serde_json::from_str(&call.body) {
                gather(&body, &mut members, &mut values);
            }
            let query = call.target.split_once('?').map_or("", |it| it.1);
            parameters.extend(query.split('&').filter_map(|it| it.split_once('=')));
        }
        words.parameters =
            parameters.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        words.members = members.into_iter().collect();
        words.values = values.iter().filter_map(|it| serde_json::from_str(it).ok()).collect();
        words
    }

    /// One of the requests; nothing when there is none.
    pub fn call(&self, chance: &mut Chance<'_>) -> Option<&Call> {
        pick(&self.calls, chance)
    }
}

fn gather(value: &Value, members: &mut BTreeSet<String>, values: &mut BTreeSet<String>) {
    let text = value.to_string();
    if text.len() <= 400 {
        values.insert(text);
    }
    match value {
        Value::Object(map) => {
            members.extend(map.keys().cloned());
            map.values().for_each(|it| gather(it, members, values));
        }
        Value::Array(list) => list.iter().for_each(|it| gather(it, members, values)),
        _ => {}
    }
}

fn pick<'a, T>(of: &'a [T], chance: &mut Chance<'_>) -> Option<&'a T> {
    if of.is_empty() { None } else { of.get(chance(of.len())) }
}

fn odd(chance: &mut Chance<'_>) -> String {
    match chance(12) {
        0 => "a".repeat(1 + chance(600)),
        1 => "回".repeat(1 + chance(6_000)),
        _ => pick(ODD, chance).copied().unwrap_or("").to_owned(),
    }
}

/// Makes other requests of them, by one to four steps.
pub fn mutate(calls: &mut Vec<Call>, words: &Words, chance: &mut Chance<'_>) {
    for _ in 0..=chance(4) {
        if calls.is_empty() || chance(12) == 0 && calls.len() < CALLS_MAX {
            let at = chance(calls.len() + 1);
            let more = words.call(chance).cloned();
            calls.splice(at..at, more);
            continue;
        }
        let at = chance(calls.len());
        match chance(16) {
            0 if 1 < calls.len() => drop(calls.remove(at)),
            // A repetition, as after a timeout.
            1 if calls.len() < CALLS_MAX => calls.extend(calls.get(at).cloned()),
            2 => {
                let other = chance(calls.len());
                calls.swap(at, other);
            }
            step => {
                if let Some(call) = calls.get_mut(at) {
                    change(call, step, words, chance);
                }
            }
        }
    }
}

fn change(call: &mut Call, step: usize, words: &Words, chance: &mut Chance<'_>) {
    const METHODS: &[&str] = &["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
    match step {
        3 => call.method = pick(METHODS, chance).copied().unwrap_or("GET").to_owned(),
        4 => change_path(call, words, chance),
        5 => change_query(call, words, chance),
        6 | 7 => change_header(call, chance),
        8 => {
            if let Some(other) = words.call(chance) {
                call.body.clone_from(&other.body);
            }
        }
        9 => change_text(&mut call.body, chance),
        _ => match serde_json::from_str::<Value>(&call.body) {
            Ok(mut body) => {
                change_value(&mut body, words, chance);
                call.body = body.to_string();
            }
            Err(_) if call.header("content-type").contains("form") => change_form(call, chance),
            Err(_) => change_text(&mut call.body, chance),
        },
    }
}

/// The letters that would end a target or begin another part of it.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for it in text.bytes() {
        match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'{' | b'}' | b':' => {
                out.push(char::from(it));
            }
            _ => out.push_str(&format!("%{it:02X}")),
        }
    }
    out
}

fn change_path(call: &mut Call, words: &Words, chance: &mut Chance<'_>) {
    let other = words.call(chance);
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let mut parts: Vec<String> = path.split('/').map(str::to_owned).collect();
    let at = chance(parts.len());
    match chance(5) {
        0 => parts.insert(at.max(1), encoded(&odd(chance))),
        1 if 2 < parts.len() => drop(parts.remove(at)),
        2 => {
            let number = format!(":{}}}", chance(8));
            for it in parts.iter_mut().filter(|it| it.ends_with('}') && !it.contains(':')) {
                *it = it.replace('}', &number);
            }
        }
        3 => {
            if let Some(it) = parts.get_mut(at) {
                *it = encoded(&odd(chance));
            }
        }
        _ => {
            if let Some(other) = other {
                let path = other.target.split('?').next().unwrap_or("");
                parts = path.split('/').map(str::to_owned).collect();
            }
        }
    }
    let path = parts.join("/");
    let path = if path.starts_with('/') { path } else { format!("/{path}") };
    call.target = if query.is_empty() { path } else { format!("{path}?{query}") };
}

fn change_query(call: &mut Call, words: &Words, chance: &mut Chance<'_>) {
    const NAMES: &[&str] =
        &["after", "limit", "from", "to", "by", "site", "lang", "channel", "group", "state", "q"];
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let mut pairs: Vec<String> =
        query.split('&').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let at = chance(pairs.len() + 1);
    let known = pick(&words.parameters, chance);
    let name = match known {
        Some((name, _)) if chance(3) != 0 => name.clone(),
        _ => pick(NAMES, chance).copied().unwrap_or("").to_owned(),
    };
    match (chance(4), known) {
        (0, _) if at < pairs.len() => drop(pairs.remove(at)),
        (1, Some((name, value))) => pairs.push(format!("{name}={value}")),
        _ => pairs.insert(at, format!("{name}={}", encoded(&odd(chance)))),
    }
    call.target =
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) };
}

fn change_header(call: &mut Call, chance: &mut Chance<'_>) {
    const KEYS: &[&str] =
        &["admin", "manager", "agent", "viewer", "pk", "other", "other_pk", "owner", "tick"];
    const MORE: &[(&str, &[&str])] = &[
        ("accept-language", &["zh-CN", "en;q=0.5, zh;q=0.9", "*", ";q=", "zh;q=1.0001"]),
        ("accept", &["text/html", "text/csv", "text/markdown", "application/json"]),
        ("if-match", &["\"v1\"", "\"v2\"", "*", "W/\"v1\"", "\"v99999999999999999999\""]),
        ("if-none-match", &["*", "\"x\"", "W/\"x\", \"y\""]),
        ("idempotency-key", &["one", "\"one\"", "two", "a b", "\"\""]),
        ("origin", &["https://shop.example", "https://evil.example", "null", "http://"]),
        (
            "content-type",
            &[
                "application/json",
                "application/x-www-form-urlencoded",
                "text/csv",
                "application/x-ndjson",
                "text/plain",
                "multipart/form-data; boundary=x",
            ],
        ),
        ("cookie", &["huiyin=x", "huiyin=; huiyin=y", "=", "__Host-huiyin=x"]),
        ("sec-fetch-site", &["same-origin", "cross-site", "none"]),
        ("x-forwarded-for", &["1.2.3.4", "1.2.3.4, ::1", "x", "[::1]:80", ","]),
        ("x-forwarded-proto", &["https", "http"]),
        ("x-forwarded-host", &["evil.example", "a/b", ""]),
        ("traceparent", &["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0-0-0"]),
        ("user-agent", &["Mozilla/5.0 (iPhone)", ""]),
        ("cache-control", &["no-cache"]),
        ("range", &["bytes=0-1"]),
    ];
    if chance(3) == 0 {
        let key = pick(KEYS, chance).copied().unwrap_or("admin");
        call.set("authorization", &format!("Bearer {{{key}}}"));
        return;
    }
    let Some((name, values)) = pick(MORE, chance) else { return };
    match chance(6) {
        0 => call.set(name, ""),
        1 => {
            let value: String = odd(chance).chars().filter(|it| !it.is_control()).collect();
            call.set(name, &value);
        }
        _ => call.set(name, pick(values, chance).copied().unwrap_or("")),
    }
}

fn change_form(call: &mut Call, chance: &mut Chance<'_>) {
    let mut pairs: Vec<String> = call.body.split('&').map(str::to_owned).collect();
    let at = chance(pairs.len());
    match chance(4) {
        0 => drop(pairs.remove(at)),
        1 => pairs.push(format!("{}={}", encoded(&odd(chance)), encoded(&odd(chance)))),
        _ => {
            if let Some(it) = pairs.get_mut(at) {
                let name = it.split('=').next().unwrap_or("");
                *it = format!("{name}={}", encoded(&odd(chance)));
            }
        }
    }
    call.body = pairs.join("&");
}

fn change_text(text: &mut String, chance: &mut Chance<'_>) {
    let mut letters: Vec<char> = text.chars().collect();
    let at = chance(letters.len() + 1);
    match chance(3) {
        0 => drop(letters.splice(at..at, odd(chance).chars())),
        1 => {
            let end = (at + 1 + chance(8)).min(letters.len());
            letters.drain(at..end);
        }
        _ => letters.truncate(at),
    }
    *text = letters.into_iter().collect();
}

/// Changes one place of a value.
fn change_value(value: &mut Value, words: &Words, chance: &mut Chance<'_>) {
    match value {
        Value::Object(map) if !map.is_empty() && chance(4) != 0 => {
            let at = chance(map.len());
            if let Some((_, it)) = map.iter_mut().nth(at) {
                change_value(it, words, chance);
            }
        }
        Value::Array(list) if !list.is_empty() && chance(4) != 0 => {
            let at = chance(list.len());
            if let Some(it) = list.get_mut(at) {
                change_value(it, words, chance);
            }
        }
        Value::Object(map) => change_members(map, words, chance),
        Value::Array(list) => match chance(4) {
            0 => list.push(other(words, chance)),
            1 => drop(list.pop()),
            2 => list.extend(list.first().cloned()),
            _ => *list = vec![list.first().cloned().unwrap_or_default(); chance(120)],
        },
        _ => *value = other(words, chance),
    }
}

fn change_members(map: &mut Map<String, Value>, words: &Words, chance: &mut Chance<'_>) {
    let name = pick(&words.members, chance).cloned();
    let name = if chance(8) == 0 { odd(chance) } else { name.unwrap_or_default() };
    let at = chance(map.len() + 1);
    let there = map.keys().nth(at).cloned();
    match (chance(3), there) {
        (0, Some(there)) => drop(map.remove(&there)),
        (1, Some(there)) => {
            let value = map.remove(&there).unwrap_or_default();
            map.insert(name, value);
        }
        _ => drop(map.insert(name, other(words, chance))),
    }
}

fn other(words: &Words, chance: &mut Chance<'_>) -> Value {
    let numbers = [json!(0), json!(-1), json!(1), json!(1.5), json!(1e308), json!(i64::MAX)];
    let shapes = [json!(null), json!(true), json!([]), json!({}), json!([[]]), json!({ "": {} })];
    match chance(8) {
        0 => pick(&numbers, chance).cloned().unwrap_or_default(),
        1 => pick(&shapes, chance).cloned().unwrap_or_default(),
        2 | 3 => odd(chance).into(),
        4 => (chance(2_000) as i64 - 20).into(),
        _ => pick(&words.values, chance).cloned().unwrap_or_default(),
    }
}
