//! Who may do what: every operation of the contract against every kind of caller.
//!
//! `tests/golden/roles.txt` is the table, one row for each operation; a row that is missing fails,
//! and so does one too many. Every cell is asked for over HTTP: what must be allowed, what is above
//! a role, keys of the wrong kind, expired, revoked and made up, and other sites' things.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Server, TICK_KEY, soon};
use crate::site::{ROLES, Site, header, text};

const TABLE: &str = include_str!("../../../golden/roles.txt");
/// How long a key of a few seconds may live.
const EXPIRED_WITHIN: Duration = Duration::from_secs(20);

/// An operation, and the least that may.
#[derive(Clone, Debug)]
struct Row {
    method: String,
    path: String,
    who: String,
    told: &'static Value,
}

/// Every operation of the contract, in the order of the table.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (path, item) in testkit::contract::document()["paths"].as_object().unwrap() {
        for (method, told) in item.as_object().unwrap() {
            let who = told["x-who"].as_str().unwrap().to_owned();
            rows.push(Row { method: method.to_uppercase(), path: path.clone(), who, told });
        }
    }
    rows.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    rows
}

#[test]
fn the_table_has_one_row_for_every_operation() {
    let mut table = String::new();
    for it in rows() {
        table.push_str(&format!("{} {} | {}\n", it.method, it.path, it.who));
    }
    if std::env::var_os("GOLDEN").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/roles.txt");
        std::fs::write(file, table).unwrap();
        return;
    }
    for (wanted, found) in TABLE.lines().zip(table.lines()) {
        assert_eq!(wanted, found, "GOLDEN=1 writes the table; read what changed");
    }
    assert_eq!(TABLE.lines().count(), table.lines().count(), "GOLDEN=1 writes the table");
}

impl Row {
    fn is_page(&self) -> bool {
        self.told["x-page"] == true
    }

    fn is_staff(&self) -> bool {
        ROLES.contains(&self.who.as_str()) || ["owner", "holder"].contains(&self.who.as_str())
    }

    /// Whether a key of this role is enough.
    fn allows(&self, role: &str) -> bool {
        let rank = |role: &str| ROLES.iter().position(|it| *it == role);
        match self.who.as_str() {
            "holder" => true,
            who => rank(who).is_some_and(|least| Some(least) <= rank(role)),
        }
    }

    /// The request line, with ids that `id` finds by the prefix of their kind.
    fn line(&self, id: impl Fn(&str) -> Option<String>) -> String {
        let mut path = self.path.clone();
        let listed = self.told["parameters"].as_array().unwrap();
        for it in listed.iter().filter(|it| it["in"] == "path") {
            let pattern = it["schema"]["pattern"].as_str().unwrap_or_default();
            let kind = pattern.trim_start_matches('^').trim_end_matches('_');
            let first = it["schema"]["enum"][0].as_str();
            let value = match first {
                Some(first) => first.to_owned(),
                None => id(kind).unwrap_or_else(|| format!("{}_none", kind_or(kind))),
            };
            path = path.replace(&format!("{{{}}}", it["name"].as_str().unwrap()), &value);
        }
        let mut query = Vec::new();
        for it in listed.iter().filter(|it| it["in"] == "query" && it["required"] == true) {
            let value = it["schema"]["enum"][0].as_str().unwrap_or("x");
            query.push(format!("{}={value}", it["name"].as_str().unwrap()));
        }
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {path}{mark}{}", self.method, query.join("&"))
    }

    /// A request with a key and a body of nothing.
    fn asked(&self, line: &str, key: &str) -> String {
        let content = self.told.pointer("/requestBody/content").and_then(Value::as_object);
        let media = content.and_then(|it| it.keys().next().cloned());
        let key =
            if key.is_empty() { String::new() } else { format!("\nauthorization: Bearer {key}") };
        match media {
            Some(media) => {
                let body = if media.ends_with("json") { "{}" } else { "x" };
                format!("{line}{key}\ncontent-type: {media}\n\n{body}")
            }
            None => format!("{line}{key}"),
        }
    }
}

fn kind_or(kind: &str) -> &str {
    if kind.is_empty() { "any" } else { kind }
}

/// A line with one parameter more.
fn and(line: &str, more: &str) -> String {
    let mark = if line.contains('?') { '&' } else { '?' };
    format!("{line}{mark}{more}")
}

/// Two sites and every kind of key.
struct Cast {
    server: Server,
    site: Site,
    other: Site,
}

impl Cast {
    async fn new() -> Cast {
        let server = Server::any();
        let mut site = Site::with_survey(&server).await;
        let other = Site::with_survey(&server).await;
        let gone = json!({ "name": "gone", "kind": "secret", "role": "admin" });
        let made = site.make("admin", "gone", "/v1/keys", gone).await;
        site.name("revoked", text(&made, "key"));
        let revoke = "DELETE /v1/keys/{gone}\nauthorization: Bearer {admin}";
        assert_eq!(site.send(revoke).await.status, 204);
        let short = json!({ "name": "short", "kind": "secret", "role": "admin",
            "expires_at": soon("+2 seconds") });
        let made = site.post("admin", "/v1/keys", short).await;
        site.name("expired", text(&made, "key"));
        let gone = json!({ "name": "gone", "kind": "publishable" });
        let made = site.make("admin", "gone_pk", "/v1/keys", gone).await;
        site.name("revoked_pk", text(&made, "key"));
        let revoke = "DELETE /v1/keys/{gone_pk}\nauthorization: Bearer {admin}";
        assert_eq!(site.send(revoke).await.status, 204);
        site.name("their_admin", other.named("admin"));
        site.name("their_pk", other.named("pk"));
        let begun = Instant::now();
        while site.status("GET /v1/session\nauthorization: Bearer {expired}\n\n").await == 200 {
            assert!(begun.elapsed() < EXPIRED_WITHIN, "the key does not expire");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Cast { server, site, other }
    }

    /// What each cell that is not as it must be says.
    async fn cell(&self, wrong: &mut Vec<String>, asked: &str, fits: impl Fn(u16) -> bool) {
        let answer = self.site.send(asked).await;
        let status = answer.status.as_u16();
        if !fits(status) || status >= 500 {
            wrong.push(format!("{}: {status} {}", asked.replace('\n', " · "), answer.text()));
        }
        if status == 401 && asked.contains("/v1/") {
            assert!(!header(&answer, "www-authenticate").is_empty(), "{asked}");
        }
    }
}

/// Whether a caller was let in, whatever came of it.
fn is_in(status: u16) -> bool {
    !matches!(status, 401 | 403) && status < 500
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cell_for_staff_is_as_the_table_says() {
    let cast = Cast::new().await;
    let mut wrong = Vec::new();
    // Whoever ends sessions comes last: these keys have none, and nothing here depends on them.
    for row in rows().iter().filter(|it| it.is_staff() && !it.is_page()) {
        let line = row.line(|_| None);
        for key in ["", "sk_made_up", "{pk}", "{expired}", "{revoked}", "{admin}x", TICK_KEY] {
            cast.cell(&mut wrong, &row.asked(&line, key), |it| it == 401).await;
        }
        for role in ROLES {
            let asked = row.asked(&line, &format!("{{{role}}}"));
            if row.allows(role) {
                cast.cell(&mut wrong, &asked, |it| is_in(it) || of_a_person(row, it)).await;
            } else {
                cast.cell(&mut wrong, &asked, |it| it == 403).await;
            }
        }
        if ["owner", "holder"].contains(&row.who.as_str()) || row.path.starts_with("/v1/session") {
            continue;
        }
        // Another site does not exist for this key, and the admin key must name one.
        let theirs = and(&line, &format!("site={}", cast.other.named("site")));
        cast.cell(&mut wrong, &row.asked(&theirs, "{admin}"), |it| it == 404).await;
        let ours = and(&line, &format!("site={}", cast.site.named("site")));
        let fits = |it| is_in(it) || of_a_person(row, it);
        cast.cell(&mut wrong, &row.asked(&ours, "{owner}"), fits).await;
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(cast.server.admin_key, cast.site.named("owner"));
}

/// What only a key of somebody's own may, such as making calls, is forbidden to one of nobody.
fn of_a_person(row: &Row, status: u16) -> bool {
    let own = ["/v1/callbacks/next", "/take", "/release", "/attempts", "/v1/day", "/feed"];
    status == 403 && own.iter().any(|it| row.path.ends_with(it))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_things_do_not_exist() {
    let cast = Cast::new().await;
    let things: BTreeMap<&str, &str> =
        BTreeMap::from([("srv", "survey"), ("tch", "shop"), ("sit", "site")]);
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|it| it.is_staff() && !it.is_page()) {
        let line = row.line(|kind| things.get(kind).map(|it| cast.site.named(it).to_owned()));
        if things.values().any(|it| line.contains(cast.site.named(it))) {
            // A body that is no good is told of before anything is looked for.
            let asked = row.asked(&line, "{their_admin}");
            cast.cell(&mut wrong, &asked, |it| matches!(it, 404 | 422)).await;
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_cell_for_everybody_else_is_as_the_table_says() {
    let cast = Cast::new().await;
    let mut wrong = Vec::new();
    let known = |kind: &str| match kind {
        "srv" => Some(cast.site.named("survey").to_owned()),
        "sit" => Some(cast.site.named("site").to_owned()),
        _ => None,
    };
    for row in rows().iter().filter(|it| !it.is_staff() && !it.is_page()) {
        let line = row.line(known);
        match row.who.as_str() {
            "publishable" => {
                // Of some the body is read first; nobody is let in either way.
                for key in ["", "pk_made_up", "{pk}x", "{revoked_pk}", TICK_KEY] {
                    let asked = row.asked(&line, key);
                    cast.cell(&mut wrong, &asked, |it| matches!(it, 401 | 422)).await;
                }
                cast.cell(&mut wrong, &row.asked(&line, "{pk}"), is_in).await;
                let theirs = row.asked(&line, "{their_pk}");
                cast.cell(&mut wrong, &theirs, |it| matches!(it, 404 | 422)).await;
                let abroad = row.asked(&format!("{line}\norigin: https://evil.example"), "{pk}");
                cast.cell(&mut wrong, &abroad, |it| matches!(it, 403 | 422)).await;
            }
            "tick" => {
                for key in ["", "{admin}", "{owner}", "{pk}", "x"] {
                    cast.cell(&mut wrong, &row.asked(&line, key), |it| it == 401).await;
                }
                cast.cell(&mut wrong, &row.asked(&line, TICK_KEY), is_in).await;
            }
            "source" => {
                cast.cell(&mut wrong, &row.asked(&line, ""), |it| matches!(it, 401 | 404)).await;
            }
            // Off until its key is set, as it is here.
            "metrics" | "client" => {
                cast.cell(&mut wrong, &row.asked(&line, "{owner}"), |it| it == 404).await;
            }
            "link" => {
                for key in ["", "{admin}", "{owner}"] {
                    let fits = |it| matches!(it, 404 | 410);
                    cast.cell(&mut wrong, &row.asked(&line, key), fits).await;
                }
            }
            who => {
                assert_eq!(who, "anybody", "{line}: an unknown caller");
                cast.cell(&mut wrong, &row.asked(&line, ""), is_in).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A page shows nothing to whoever is not signed in, and takes nothing from another page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_keeps_strangers_out() {
    let cast = Cast::new().await;
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|it| it.is_page()) {
        let line = row.line(|_| None);
        if row.is_staff() {
            for cookie in ["", "\ncookie: huiyin_session=made_up"] {
                let asked = row.asked(&format!("{line}{cookie}"), "");
                let fits = |it| matches!(it, 303 | 401 | 403 | 404 | 415);
                cast.cell(&mut wrong, &asked, fits).await;
            }
        }
        if row.method == "POST" {
            let forged =
                format!("{line}\norigin: https://evil.example\nsec-fetch-site: cross-site");
            let fits = |it| matches!(it, 303 | 307 | 401 | 403 | 404 | 422);
            cast.cell(&mut wrong, &row.asked(&forged, ""), fits).await;
        }
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
