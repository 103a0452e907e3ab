//! What nobody may find: secrets in a file, and anything of a request in a log.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};

use crate::server::{ADMIN_KEY, Server, TICK_KEY};
use crate::site::{Site, fresh, header, text};

/// What an address of a secret begins with, behind its host.
const OPENERS: [&str; 6] = ["/t/", "/b/", "/share/", "/embed/", "/feed/", "?l="];

/// Makes something with an `Idempotency-Key`, so that its answer is kept for a repeated request.
async fn made(site: &Site, who: &str, path: &str, body: Value) -> Value {
    let head = format!("POST {path}\nauthorization: Bearer {{{who}}}\nidempotency-key: ");
    site.json(&format!("{head}{}\n\n{body}", fresh("secret"))).await
}

/// The secrets of all addresses in an answer.
fn opened(told: &Value, found: &mut BTreeMap<String, String>) {
    match told {
        Value::String(url) => {
            for it in OPENERS {
                if let Some((_, secret)) = url.split_once(it) {
                    let secret = secret.trim_end_matches(".ics");
                    found.insert(format!("{it} {}", found.len()), secret.to_owned());
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|it| opened(it, found)),
        Value::Object(all) => all.values().for_each(|it| opened(it, found)),
        _ => {}
    }
}

/// One of every secret.
async fn one_of_each(site: &mut Site) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut put = |name: &str, secret: &str| drop(all.insert(name.to_owned(), secret.to_owned()));
    put("the admin key", ADMIN_KEY);
    put("the tick key", TICK_KEY);
    put("the secret key", "secret_of_the_journeys");
    let key = json!({ "name": "k", "kind": "secret", "role": "agent" });
    put("a key", text(&made(site, "admin", "/v1/keys", key).await, "key"));
    let manager = site.named("manager").to_owned();
    put("a key that signed in", &manager);
    let session = site.send(&format!("POST /v1/session\n\n{}", json!({ "key": manager }))).await;
    let cookie = header(&session, "set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
    put("a session", &cookie);
    let hook = json!({ "name": "h", "url": "https://hooks.example/x",
        "headers": { "x-api-key": "planted-header-of-a-webhook" } });
    put("a webhook's secret", text(&made(site, "admin", "/v1/webhooks", hook).await, "secret"));
    put("a webhook's header", "planted-header-of-a-webhook");
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let rules = json!([{ "to": "order", "when": [], "fields": { "external_id": "/id",
        "customer": "/c", "amount": "/a", "currency": { "value": "CNY" },
        "completed_at": "/at" } }]);
    for (scheme, secret) in [("standard", own), ("token", "planted-token-of-a-source")] {
        let source = json!({ "name": scheme, "verify": { "scheme": scheme }, "secret": secret,
            "rules": rules });
        let head = "POST /v1/sources\nauthorization: Bearer {admin}\nidempotency-key: ";
        let made = site.send(&format!("{head}{}\n\n{source}", fresh("source"))).await;
        assert!(made.status.is_success(), "{}", made.text());
        put(scheme, secret);
    }
    let name = "7f1c9a52-1c2d-4c7e-9b52-5a1d4f0e6b11";
    let partial = json!({ "version": 1, "answers": { "recommend": 3 }, "at": "why" });
    let saved = format!(
        "PUT /v1/surveys/{{survey}}/partials/{name}\nauthorization: Bearer {{pk}}\n\n{partial}"
    );
    assert_eq!(site.status(&saved).await, 204);
    put("the key of what was begun", name);
    addresses(site, &mut all).await;
    all
}

/// One of every address that opens something.
async fn addresses(site: &mut Site, all: &mut BTreeMap<String, String>) {
    let agent = json!({ "name": "客服", "calendar_id": "around_the_clock" });
    site.make("manager", "caller", "/v1/agents", agent).await;
    let service = json!({ "name": "咨询", "length_min": 30, "every_min": 30, "after_min": 0,
        "quiet": null, "calendar_id": "around_the_clock", "is_public": true });
    site.make("manager", "service", "/v1/services", service).await;
    let complaint = json!({ "text": "充电器坏了" });
    let case = made(site, "agent", "/v1/complaints", complaint.clone()).await;
    site.name("case", text(&case, "id"));
    let head = "POST /v1/sites/{site}/complaints\nauthorization: Bearer {pk}\nidempotency-key: ";
    let public = site.json(&format!("{head}{}\n\n{complaint}", fresh("public"))).await;
    let links = made(site, "agent", "/v1/complaints/{case}/links", json!({})).await;
    let view = json!({ "name": "x", "view": "/complaints", "expires_in_days": 9,
        "is_embeddable": true });
    let call = json!({ "service_id": site.named("service"), "mode": "asap", "tz": "UTC",
        "phone": "+8613800138000" });
    for told in [
        case,
        public,
        links,
        made(site, "manager", "/v1/shares", view).await,
        made(site, "manager", "/v1/agents/{caller}/feed", json!({})).await,
        made(site, "manager", "/v1/studies/{survey}/links", json!({ "count": 2 })).await,
        made(site, "agent", "/v1/callbacks", call).await,
    ] {
        let before = all.len();
        opened(&told, all);
        assert!(before < all.len(), "no address in {told}");
    }
}

/// Every file below a folder, as bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|it| it == word.as_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_in_clear_in_any_file() {
    let Some(server) = Server::ours("what the files hold") else { return };
    let mut site = Site::with_survey(&server).await;
    let secrets = one_of_each(&mut site).await;
    // What goes into the key-value store, and into the log of what was sent.
    for path in ["/v1/dashboard", "/v1/goals"] {
        site.get("manager", path).await;
    }
    let tick = "POST /internal/tick/deliver\nauthorization: Bearer tick_of_the_journeys";
    site.send(tick).await;
    let database = server.database().unwrap();
    let checkpoint = "pragma wal_checkpoint(truncate)";
    database.query_row(checkpoint, [], |row| row.get::<_, i64>(0)).unwrap();
    let files = files(server.path().unwrap());
    let is_there = |name: &str| files.iter().any(|it| it.0.ends_with(name));
    assert!(is_there("sqlite_db.db") && is_there("sqlite_key_value.db"), "nothing to look at");
    assert!(files.iter().any(|it| holds(&it.1, "充电器坏了")), "texts are kept as they are");
    let mut wrong = Vec::new();
    for (name, secret) in &secrets {
        let packed = Base64::encode_string(secret.as_bytes());
        for (path, bytes) in &files {
            if holds(bytes, secret) || holds(bytes, packed.trim_end_matches('=')) {
                wrong.push(format!("{name} is in {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(18 <= secrets.len(), "{:?}", secrets.keys());
}

/// What is planted wherever a request can carry something.
const PLANTED: [(&str, &str); 11] = [
    ("a key", "sk_planted_key_0123456789"),
    ("a cookie", "ses_planted_cookie_0123456789"),
    ("a query", "planted-query"),
    ("a path", "planted-path"),
    ("an e-mail address", "planted.person@example.com"),
    ("a phone number", "13987654321"),
    ("a name", "欧阳种下"),
    ("a text", "我种下了一句话"),
    ("an address", "203.0.113.77"),
    ("a browser", "PlantedBrowser"),
    ("a referrer", "planted-referrer"),
];

/// Requests that reach the database, each with what may stand in its body.
fn reaching() -> Vec<(&'static str, Value)> {
    let contacts = json!({ "name": "欧阳种下", "email": "planted.person@example.com",
        "phone": "+8613987654321" });
    let complaint = json!({ "text": "我种下了一句话" });
    let answers = json!({ "version": 1, "answers": { "recommend": 9, "why": "我种下了一句话" } });
    let customer = json!({ "external_id": "planted-path", "contacts": contacts });
    vec![
        ("POST /v1/customers\nauthorization: Bearer {agent}", customer),
        ("GET /v1/customers?q=planted-query\nauthorization: Bearer {agent}", Value::Null),
        ("GET /v1/customers/planted-path\nauthorization: Bearer {agent}", Value::Null),
        ("GET /v1/customers\nauthorization: Bearer sk_planted_key_0123456789", Value::Null),
        ("POST /v1/surveys/{survey}/responses\nauthorization: Bearer {pk}", answers),
        ("POST /v1/complaints\nauthorization: Bearer {agent}", complaint.clone()),
        ("GET /v1/complaints?q=planted-query\nauthorization: Bearer {agent}", Value::Null),
        ("POST /v1/sites/{site}/complaints\nauthorization: Bearer {pk}", complaint),
        ("GET /v1/nps", Value::Null),
        ("GET /t/planted-path", Value::Null),
        ("GET /b/planted-path", Value::Null),
        ("GET /s/planted-path?l=planted-query", Value::Null),
        ("GET /dashboard?period=planted-query", Value::Null),
        ("GET /desk/customers/planted-path", Value::Null),
        ("POST /v1/inbound/planted-path", json!({ "mail": "planted.person@example.com" })),
    ]
}

/// A request with everything else planted in it.
fn planted(line: &str, body: &Value) -> String {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    format!(
        "{line}\ncookie: huiyin_session=ses_planted_cookie_0123456789\n\
         user-agent: PlantedBrowser\nx-forwarded-for: 203.0.113.77\n\
         referer: https://shop.example/planted-referrer\nx-api-key: sk_planted_key_0123456789\n\
         idempotency-key: {}\n\n{body}",
        fresh("planted-query")
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_tells_what_a_request_carried() {
    let Some(server) = Server::ours("what the logs hold") else { return };
    let site = Site::with_survey(&server).await;
    let database = server.database().unwrap();
    let tables = [
        "event",
        "customer",
        "response",
        "complaint",
        "contact",
        "site",
        "api_key",
        "session",
        "case_link",
        "callback",
        "source",
        "study",
    ];
    let mut failed = Vec::new();
    for table in tables {
        // What needs a table that is not there fails inside the statement, with its values.
        database.execute_batch("pragma legacy_alter_table = on").unwrap();
        database.execute(&format!("alter table {table} rename to gone"), []).unwrap();
        for (line, body) in reaching() {
            let status = site.status(&planted(line, &body)).await;
            if 500 <= status {
                failed.push(format!("{status} without {table}: {line}"));
            }
        }
        database.execute(&format!("alter table gone rename to {table}"), []).unwrap();
    }
    let files = files(&server.path().unwrap().join("logs"));
    let told = files.iter().filter(|it| holds(&it.1, "\"cause\"")).count();
    assert!(30 <= failed.len() && 8 <= told, "{told} components told of {failed:#?}");
    let mut wrong = Vec::new();
    for (what, word) in PLANTED {
        for (path, bytes) in files.iter().filter(|it| holds(&it.1, word)) {
            let log = String::from_utf8_lossy(bytes);
            let line = log.lines().find(|it| it.contains(word)).unwrap_or_default();
            wrong.push(format!("{what} in {path}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // Whoever made keys of their own finds none of them either.
    for who in ["viewer", "agent", "manager", "admin", "owner", "pk"] {
        let key = site.named(who);
        assert!(!files.iter().any(|it| holds(&it.1, key)), "the key of {who} is in a log");
    }
}
