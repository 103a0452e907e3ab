//! Deliveries as receivers see them, against a clock that the tests move.

mod plan;
mod trouble;

use std::cell::RefCell;
use std::rc::Rc;

use app::signature::{Scheme, public_key, shown, sign};
use app::vault;
use domain::event::{Event, ORIGIN};
use http::HeaderMap;
use ports::{Answer, Env, Outgoing, Sql, Unanswered};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use testkit::{SECRET_KEY, World};

use super::handle;

const SECRET: [u8; 32] = [7; 32];
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A site whose events go to receivers that note every call.
struct Desk {
    world: Rc<World>,
    calls: Rc<RefCell<Vec<Outgoing>>>,
}

impl Desk {
    /// Receivers that answer with what `answer` says.
    fn new(answer: impl Fn(&World, &Outgoing) -> Result<Answer, Unanswered> + 'static) -> Desk {
        let desk = Desk { world: Rc::new(World::with_site()), calls: Rc::default() };
        let calls = Rc::clone(&desk.calls);
        desk.world.receive(move |world, call| {
            calls.borrow_mut().push(call.clone());
            answer(world, call)
        });
        desk
    }

    /// Receivers that are well.
    fn well() -> Desk {
        Desk::new(|_, _| status(204))
    }

    /// Makes a webhook `id` at `https://{id}.example/hook`, with other columns than the usual.
    fn webhook(&self, id: &str, columns: Value) {
        let sealed = |plain: &[u8]| vault::seal(SECRET_KEY, id, [[1; 16]; 2], plain);
        let host = id.replace('_', "-");
        let mut row = json!({
            "id": id, "site_id": "sit_shop", "version": 1, "name": "CRM",
            "url": format!("https://{host}.example/hook"), "types": "[]", "touchpoints": "[]",
            "grades": "[]", "is_ordered": 0, "signature": "v1", "secret": sealed(&SECRET),
            "headers": sealed(b"{}"), "old_secret": "", "old_secret_until_ms": 0,
        });
        for (name, value) in columns.as_object().unwrap() {
            row[name] = value.clone();
        }
        let database = self.world.database();
        let webhook = "insert into webhook (id, site_id, version, name, url, types, touchpoints,
               grades, is_ordered, signature, secret, headers, old_secret, old_secret_until_ms,
               state, reason, created_at_ms, updated_at_ms)
             select ?1 ->> 'id', ?1 ->> 'site_id', ?1 ->> 'version', ?1 ->> 'name', ?1 ->> 'url',
               ?1 ->> 'types', ?1 ->> 'touchpoints', ?1 ->> 'grades', ?1 ->> 'is_ordered',
               ?1 ->> 'signature', ?1 ->> 'secret', ?1 ->> 'headers', ?1 ->> 'old_secret',
               ?1 ->> 'old_secret_until_ms', 'active', '', 0, 0";
        database.execute(webhook, [row.to_string()]).unwrap();
        let outlet = "insert into outlet (webhook_id, site_id, is_active, cursor, replay_after,
               replay_until, replay, failing_since_ms, not_before_ms, due_at_ms, lease,
               lease_until_ms)
             select id, site_id, 1, (select max(seq) from event), 0, 0, '{}', null, 0, null, '', 0
             from webhook where id = ?1";
        database.execute(outlet, [id]).unwrap();
        drop(database);
        self.happened_at("sit_shop", "webhook.created", id, "{}");
        // What made it is not sent to it here.
        self.run("update outlet set cursor = (select max(seq) from event)");
    }

    /// Writes an event of a subject, and returns its id.
    fn happened_at(&self, site_id: &str, kind: &'static str, subject: &str, data: &str) -> String {
        let version = "select count(*) from event where subject = '{}'".replace("{}", subject);
        let version = self.world.number(&version) + 1;
        let seal = store::events::seal(subject, version - 1);
        let seal = pollster::block_on(self.world.sql().fetch(seal)).unwrap();
        let event = Event {
            id: format!("evt_{subject}_{version}"),
            site_id: site_id.to_owned(),
            subject: subject.to_owned(),
            version,
            kind,
            actor: "public".into(),
            at: self.world.now(),
            data: data.to_owned(),
            previous: seal.unwrap_or(ORIGIN),
        };
        self.world.run(store::events::append(&event));
        event.id
    }

    /// Writes events of some subjects.
    fn happened(&self, subjects: &[&str]) {
        for subject in subjects {
            self.happened_at("sit_shop", "customer.updated", subject, "{}");
        }
    }

    fn run(&self, sql: &str) {
        self.world.database().execute(sql, []).unwrap();
    }

    fn number(&self, sql: &str) -> i64 {
        self.world.number(sql)
    }

    /// Does what is due, as whoever makes us tick would have it.
    fn tick(&self) -> Value {
        tick(&self.world)
    }

    /// Lets time pass and does what is due then. Returns how many tries there were.
    fn later(&self, ms: i64) -> u64 {
        self.world.wait_ms(ms);
        self.tick()["tried"].as_u64().unwrap()
    }

    /// The ids of the events that were sent since the last time.
    fn sent(&self) -> Vec<String> {
        self.calls.take().iter().map(|it| header(it, "webhook-id").to_owned()).collect()
    }

    /// What became of deliveries, such as `2 due, 1 dead`.
    fn states(&self) -> String {
        let sql = "select coalesce(group_concat(n || ' ' || state, ', '), '') from (
             select state, count(*) as n from delivery group by state order by state)";
        self.world.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn tick(world: &World) -> Value {
    let request = "POST /internal/tick/deliver\nauthorization: Bearer tick_of_the_world";
    world.json(handle, request)
}

fn status(status: u16) -> Result<Answer, Unanswered> {
    Ok(Answer { status, ..Answer::default() })
}

fn retry_after(status: u16, value: &str) -> Result<Answer, Unanswered> {
    let headers = vec![("Retry-After".to_owned(), value.as_bytes().to_vec())];
    Ok(Answer { status, headers, body: Vec::new() })
}

fn header<'a>(call: &'a Outgoing, name: &str) -> &'a str {
    let mut found = call.headers.iter().filter(|(it, _)| it == name);
    let (_, value) = found.next().unwrap_or_else(|| panic!("no {name}: {call:?}"));
    assert!(found.next().is_none(), "{name} twice");
    value
}

/// Whether somebody else's verifier takes a call, which must have been made just now.
fn verifies(call: &Outgoing, secret: &[u8]) -> bool {
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, header(call, name).parse().unwrap());
    }
    let verifier = Webhook::new(&shown(secret)).unwrap();
    verifier.verify(&call.body, &headers).is_ok()
}

#[test]
fn an_event_arrives_signed_and_whole() {
    let desk = Desk::new(|world, _| {
        world.wait_ms(120);
        Ok(Answer { status: 200, headers: Vec::new(), body: "好\0".into() })
    });
    let headers = br#"{"authorization":"Bearer x","Webhook-Id":"evt_forged"}"#;
    let headers = vault::seal(SECRET_KEY, "whk_crm", [[2; 16]; 2], headers);
    desk.webhook("whk_crm", json!({ "headers": headers }));
    let id = desk.happened_at("sit_shop", "response.created", "rsp_1", r#"{"channel":"web"}"#);
    desk.happened_at("sit_other", "response.created", "rsp_2", "{}");
    assert_eq!(
        desk.tick(),
        json!({ "done": ["deliver"], "webhooks": 1, "tried": 1, "delivered": 1,
            "next_due_at": null })
    );
    let calls = desk.calls.take();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(call.url, "https://whk-crm.example/hook");
    assert_eq!((call.timeout_ms, call.answer_bytes_max), (15_000, 4096));
    assert_eq!(header(call, "webhook-id"), id);
    assert_eq!(header(call, "webhook-timestamp"), "1795311000");
    assert_eq!(header(call, "content-type"), "application/json");
    assert_eq!(header(call, "user-agent"), "Huiyin-Webhooks/1");
    assert_eq!(header(call, "authorization"), "Bearer x");
    let trace: Vec<&str> = header(call, "traceparent").split('-').collect();
    let lengths: Vec<usize> = trace.iter().map(|it| it.len()).collect();
    assert_eq!(lengths, [2, 32, 16, 2], "{trace:?}");
    assert!(!call.headers.iter().any(|(_, it)| it == "evt_forged"));
    let signed = sign(Scheme::V1, &SECRET, &id, 1_795_311_000, &call.body);
    assert_eq!(header(call, "webhook-signature"), signed);
    let sequence = desk.number("select seq from event where subject = 'rsp_1'");
    assert_eq!(
        serde_json::from_slice::<Value>(&call.body).unwrap(),
        json!({
            "id": id, "sequence": sequence, "type": "response.created",
            "timestamp": "2026-11-22T01:30:00Z", "site_id": "sit_shop", "subject": "rsp_1",
            "version": 1, "actor": "public", "data": { "channel": "web" },
        })
    );
    let attempt = "select json_array(number, at_ms, duration_ms, status, error, answer)
         from attempt where webhook_id = 'whk_crm'";
    let attempt: String = desk.world.database().query_row(attempt, [], |row| row.get(0)).unwrap();
    assert_eq!(attempt, r#"[1,1795311000000,120,200,"","好�"]"#);
    assert_eq!(desk.states(), "1 delivered");
    assert_eq!(desk.tick()["tried"], 0);
}

#[test]
fn after_a_rotation_both_secrets_sign_until_the_old_one_is_over() {
    let desk = Desk::well();
    let old = vault::seal(SECRET_KEY, "whk_crm", [[3; 16]; 2], &[9; 32]);
    // The verifier cannot be told our time, so it is that of everybody.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    desk.world.wait_ms(i64::try_from(now.as_millis()).unwrap() - desk.world.now());
    let until = desk.world.now() + MINUTE;
    desk.webhook("whk_crm", json!({ "old_secret": old, "old_secret_until_ms": until }));
    desk.happened(&["cus_1"]);
    desk.tick();
    let calls = desk.calls.take();
    assert!(verifies(&calls[0], &SECRET) && verifies(&calls[0], &[9; 32]));
    let signature = header(&calls[0], "webhook-signature");
    let at = desk.world.now() / 1000;
    let new = sign(Scheme::V1, &SECRET, "evt_cus_1_1", at, &calls[0].body);
    assert!(signature.starts_with(&new) && signature.split(' ').count() == 2, "{signature}");
    desk.happened(&["cus_2"]);
    desk.later(MINUTE);
    let calls = desk.calls.take();
    assert!(verifies(&calls[0], &SECRET) && !verifies(&calls[0], &[9; 32]));
}

#[test]
fn a_webhook_may_be_signed_with_a_pair_of_keys() {
    let desk = Desk::well();
    desk.webhook("whk_crm", json!({ "signature": "v1a" }));
    desk.happened(&["cus_1"]);
    desk.tick();
    let calls = desk.calls.take();
    let at = desk.world.now() / 1000;
    let expected = sign(Scheme::V1a, &SECRET, "evt_cus_1_1", at, &calls[0].body);
    assert_eq!(header(&calls[0], "webhook-signature"), expected);
    assert!(public_key(&SECRET).is_some());
}

#[test]
fn every_try_has_a_trace_of_its_own() {
    let desk = Desk::new(|_, call| status(if call.url.contains("bad") { 500 } else { 200 }));
    for id in ["whk_a", "whk_b", "whk_bad"] {
        desk.webhook(id, json!({}));
    }
    desk.happened(&["cus_1"; 150]);
    desk.tick();
    desk.later(HOUR);
    let calls = desk.calls.take();
    let mut traces: Vec<&str> = calls.iter().map(|it| header(it, "traceparent")).collect();
    let tries = traces.len();
    assert!(310 < tries, "{tries}");
    traces.sort_unstable();
    traces.dedup();
    assert_eq!(traces.len(), tries);
}

#[test]
fn only_the_tick_and_our_own_components_may_call() {
    let world = World::with_site();
    let answer = r#"{ "done": [], "webhooks": 0, "tried": 0, "delivered": 0,
        "next_due_at": null }"#;
    let path = "POST /internal/tick/deliver";
    world.check(
        handle,
        &format!("{path}\nauthorization: Bearer tick_of_the_world"),
        &format!("200\n\n{answer}"),
    );
    world.check(handle, "POST /hurry", &format!("200\n\n{answer}"));
    for key in ["", "\nauthorization: Bearer {admin}", "\nauthorization: Bearer"] {
        let answer = world.send(handle, &format!("{path}{key}"));
        assert_eq!(answer.status(), 401, "{key}");
    }
    for (request, status) in [
        ("GET /internal/tick/deliver\nauthorization: Bearer tick_of_the_world", 405),
        ("GET /hurry", 405),
        ("POST /hurry?now=1", 422),
        ("GET /internal/tick", 404),
        ("POST /hurry/now", 404),
    ] {
        assert_eq!(world.send(handle, request).status(), status, "{request}");
    }
    world.set("tick_key", "");
    let answer = world.send(handle, &format!("{path}\nauthorization: Bearer"));
    assert_eq!(answer.status(), 401);
}

#[test]
fn without_a_database_nothing_is_promised() {
    let desk = Desk::well();
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    desk.world.break_database();
    desk.world.check(
        handle,
        "POST /hurry",
        r#"
        503

        { "type": "/problems/unavailable", "title": "*", "status": 503, "instance": "*" }
        "#,
    );
    assert_eq!(desk.world.logged_cause().unwrap(), "database unavailable: disk I/O error");
    assert!(desk.sent().is_empty());
}
