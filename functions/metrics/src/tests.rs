//! What operators watch, told in requests and answers.

use std::collections::BTreeMap;

use http::Response;
use testkit::{Given, START, World};

const KEY: &str = "metrics_of_the_world";
/// 2026-11-22, on which every world starts.
const TODAY: i64 = 20_779;

fn world() -> World {
    let world = World::with_site();
    world.set("metrics_key", KEY);
    world
}

fn scrape(world: &World, accept: &str) -> Response<Vec<u8>> {
    let asked = format!("GET /metrics\nauthorization: Bearer {KEY}\naccept: {accept}");
    world.send(super::handle, &asked)
}

fn text(world: &World) -> String {
    let answer = scrape(world, "*/*");
    assert_eq!(answer.status(), 200);
    String::from_utf8(answer.into_body()).unwrap()
}

/// Every sample by its name and labels, as somebody else reads them.
fn samples(world: &World) -> BTreeMap<String, f64> {
    let text = text(world);
    let read = prometheus_parse::Scrape::parse(text.lines().map(|it| Ok(it.to_owned()))).unwrap();
    let mut samples = BTreeMap::new();
    for it in read.samples {
        let mut labels: Vec<_> =
            it.labels.iter().map(|(name, it)| format!("{name}={it}")).collect();
        labels.sort();
        let value = match it.value {
            prometheus_parse::Value::Gauge(it) | prometheus_parse::Value::Counter(it) => it,
            other => panic!("{}: {other:?}", it.metric),
        };
        let name = format!("{} {}", it.metric, labels.join(" "));
        let before = samples.insert(name.trim().to_owned(), value);
        assert_eq!(before, None, "{name} stands there twice");
    }
    samples
}

#[test]
fn health_asks_nobody() {
    let world = World::new();
    world.break_database();
    world.check(
        super::handle,
        "GET /health",
        "200\ncontent-type: application/json\ncache-control: no-store\n\n{ \"status\": \"ok\" }",
    );
}

#[test]
fn ready_is_who_can_read_a_database_with_our_schema() {
    let world = World::new();
    world.check(
        super::handle,
        "GET /ready",
        "200\ncontent-type: application/json\ncache-control: no-store\n\n{ \"status\": \"ready\" }",
    );
    let not_ready = r#"
503
content-type: application/problem+json
retry-after: 5

{ "type": "/problems/unavailable", "title": "Please try again shortly", "status": 503,
  "instance": "*" }
"#;
    let older = store::migrations::NUMBER - 1;
    world.database().pragma_update(None, "user_version", older).unwrap();
    world.check(super::handle, "GET /ready", not_ready);
    assert_eq!(world.logged_cause().unwrap(), "migrations are not applied");
    // A newer one: what we need is there.
    world.database().pragma_update(None, "user_version", older + 2).unwrap();
    assert_eq!(world.send(super::handle, "GET /ready").status(), 200);
    world.break_database();
    world.check(super::handle, "GET /ready", not_ready);
    assert!(world.logged_cause().unwrap().contains("disk I/O error"));
}

#[test]
fn other_methods_parameters_and_paths_are_refused() {
    let world = world();
    for path in ["/health", "/ready", "/metrics"] {
        let answer = world.send(super::handle, &format!("POST {path}"));
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], "GET, HEAD");
    }
    for path in ["/health?a=1", "/ready?a=1"] {
        assert_eq!(world.send(super::handle, &format!("GET {path}")).status(), 422, "{path}");
    }
    assert_eq!(world.send(super::handle, "GET /metrics/x").status(), 404);
}

#[test]
fn metrics_are_for_whoever_has_the_key_and_for_nobody_without_one() {
    let world = World::with_site();
    for key in [None, Some("")] {
        if let Some(key) = key {
            world.set("metrics_key", key);
        }
        for asked in ["GET /metrics", "GET /metrics\nauthorization: Bearer ", "POST /metrics"] {
            assert_eq!(world.send(super::handle, asked).status(), 404, "{key:?} {asked}");
        }
    }
    world.set("metrics_key", KEY);
    for key in ["", "x", "{admin}", testkit::TICK_KEY, testkit::ADMIN_KEY] {
        let asked = format!("GET /metrics\nauthorization: Bearer {key}");
        world.check(
            super::handle,
            &asked,
            r#"
401
content-type: application/problem+json
www-authenticate: *

{ "type": "/problems/unauthorized", "title": "We need a valid key", "status": 401,
  "detail": "send Authorization: Bearer and the metrics key", "instance": "*" }
"#,
        );
    }
}

#[test]
fn a_broken_database_is_a_503() {
    let world = world();
    world.break_database();
    assert_eq!(scrape(&world, "*/*").status(), 503);
    assert!(world.logged_cause().unwrap().contains("disk I/O error"));
}

#[test]
fn both_formats_say_what_they_are() {
    let world = world();
    let plain = scrape(&world, "text/plain");
    assert_eq!(plain.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(plain.headers()["cache-control"], "no-store");
    let plain = String::from_utf8(plain.into_body()).unwrap();
    assert!(plain.contains("# TYPE huiyin_events_total counter\nhuiyin_events_total "), "{plain}");
    assert!(plain.contains("# TYPE huiyin_build_info gauge\n"), "{plain}");
    let open = scrape(&world, "application/openmetrics-text; version=1.0.0; q=0.9, text/plain");
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(open.headers()["content-type"], media);
    let open = String::from_utf8(open.into_body()).unwrap();
    assert!(open.contains("# TYPE huiyin_events counter\nhuiyin_events_total "), "{open}");
    assert!(open.contains("# TYPE huiyin_build info\nhuiyin_build_info{"), "{open}");
    assert!(open.ends_with("\n# EOF\n"), "{open}");
    // But for that they are the same.
    let samples = |it: &str| -> Vec<String> {
        it.lines().filter(|it| !it.starts_with('#')).map(str::to_owned).collect()
    };
    assert_eq!(samples(&plain), samples(&open));
}

/// What a linter of such texts looks for.
#[test]
fn names_helps_and_types_are_as_the_conventions_want_them() {
    let text = text(&world());
    let mut family = String::new();
    let mut seen: Vec<String> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(help.ends_with('.') && 10 < help.len(), "{line}");
            assert!(!seen.iter().any(|it| it == name), "{name} stands there twice");
            let kind = lines.next().unwrap().strip_prefix(&format!("# TYPE {name} ")).unwrap();
            assert!(["gauge", "counter"].contains(&kind), "{kind}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
            seen.push(name.to_owned());
            name.clone_into(&mut family);
            continue;
        }
        let name = line.split(['{', ' ']).next().unwrap();
        assert_eq!(name, family, "samples stand below their family");
        let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        assert!(name.starts_with("huiyin_") && name.chars().all(is_name), "{name}");
        for unit in ["_ms", "_milliseconds", "_minutes", "_kb", "_percent"] {
            assert!(!name.contains(unit), "{name} is in no base unit");
        }
    }
    assert!(20 < seen.len());
}

#[test]
fn every_family_stands_in_the_manual() {
    let manual = include_str!("../../../docs/operate.md");
    let text = text(&world());
    let families = text.lines().filter_map(|it| it.strip_prefix("# HELP "));
    let names: Vec<&str> = families.filter_map(|it| it.split(' ').next()).collect();
    for name in &names {
        assert!(manual.contains(&format!("`{name}")), "docs/operate.md does not name {name}");
    }
    let told = manual.split('`').filter(|it| it.starts_with("huiyin_"));
    for name in told.map(|it| it.split(['{', ' ', '[']).next().unwrap()) {
        assert!(names.contains(&name), "docs/operate.md names {name}, which is not told");
    }
}

#[test]
fn what_waits_for_others_and_came_from_them_is_counted() {
    let world = world();
    world.wait_ms(3_600_000);
    let event = world.number("select min(seq) from event");
    let failed = START + 3_000_000;
    world
        .database()
        .execute_batch(&format!(
            "insert into webhook (id, site_id, version, name, url, types, touchpoints, grades,
               is_ordered, signature, secret, headers, old_secret, old_secret_until_ms, state,
               reason, created_at_ms, updated_at_ms)
             values ('whk_1', 'sit_shop', 1, 'a', 'https://a', '[]', '[]', '[]', 0, 'v1', '', '',
               '', 0, 'active', '', 0, 0),
               ('whk_2', 'sit_shop', 1, 'b', 'https://b', '[]', '[]', '[]', 0, 'v1', '', '',
               '', 0, 'disabled', 'gone', 0, 0);
             insert into outlet values ('whk_1', 'sit_shop', 1, 0, 0, 0, '', {failed}, {failed},
               {failed}, '', 0);
             insert into delivery values
               ('whk_1', {event}, 'x', 'k', 'due', 1, 1, {failed}, 500, {failed}),
               ('whk_1', 2000001, 'x', 'k', 'due', 0, 0, {failed}, 0, 0),
               ('whk_1', 2000002, 'x', 'k', 'dead', 9, 9, 0, 500, 0),
               ('whk_1', 2000003, 'x', 'k', 'delivered', 1, 1, 0, 200, 0);
             insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             insert into inbound select value, 'sit_shop', 'src_1', 1, value,
               iif(value like 'n%', 'new', value), '[]', '[]', 1, '', 0, {START}, 0, 0
               from json_each('[\"n1\",\"n2\",\"mapped\",\"failed\"]')"
        ))
        .unwrap();
    let found = samples(&world);
    let age = (3_600_000 + START - world.number("select at_ms from event order by seq")) / 1000;
    for (name, value) in [
        ("huiyin_webhook_deliveries_due", 2.0),
        ("huiyin_webhook_deliveries_dead", 1.0),
        #[expect(clippy::cast_precision_loss, reason = "an hour or so")]
        ("huiyin_webhook_deliveries_oldest_seconds", age as f64),
        ("huiyin_webhooks_active", 1.0),
        ("huiyin_webhooks_failing", 1.0),
        ("huiyin_webhooks_disabled", 1.0),
        ("huiyin_webhooks_failing_seconds", 600.0),
        ("huiyin_inbound_messages_new", 2.0),
        ("huiyin_inbound_messages_oldest_seconds", 3600.0),
        ("huiyin_inbound_messages_failed", 1.0),
        ("huiyin_tick_late_seconds route=/internal/tick/deliver", 600.0),
        ("huiyin_tick_late_seconds route=/internal/tick/ingest", 3600.0),
        ("huiyin_tick_late_seconds route=/internal/tick/promise", 0.0),
        ("huiyin_sites", 2.0),
        ("huiyin_build_info version=0.1.0", 1.0),
    ] {
        assert_eq!(found.get(name), Some(&value), "{name} in {found:#?}");
    }
    assert_eq!(found["huiyin_schema_version"], found["huiyin_schema_wanted"]);
    assert!(100_000.0 < found["huiyin_database_bytes"]);
}

#[test]
fn a_tick_that_never_came_is_late_since_the_first_event() {
    let world = world();
    let late = "huiyin_tick_late_seconds route=/internal/tick/reader";
    let first = world.number("select at_ms from event order by seq limit 1");
    world.wait_ms(600_000 + first - START);
    assert_eq!(samples(&world)[late], 600.0);
}

#[test]
fn a_tick_that_does_not_come_shows() {
    let world = world();
    let due = |at: i64| format!("update job set due_at_ms = {at} where kind = 'read'");
    world.database().execute("update job set due_at_ms = 9000000000000000", []).unwrap();
    let late = "huiyin_tick_late_seconds route=/internal/tick/reader";
    assert_eq!(samples(&world)[late], 0.0);
    world.database().execute(&due(START), []).unwrap();
    world.wait_ms(90_000);
    let found = samples(&world);
    assert_eq!((found[late], found["huiyin_jobs_due kind=read"]), (90.0, 1.0));
    assert_eq!(found["huiyin_jobs_due kind=invite"], 0.0);
    // Whoever has it does it; when the lease is over, nobody did.
    let lease = START + 60_000;
    let leased =
        format!("update job set lease = 'x', lease_until_ms = {lease} where kind = 'read'");
    world.database().execute(&leased, []).unwrap();
    assert_eq!(samples(&world)[late], 30.0);
    let leased = format!("update job set lease_until_ms = {} where kind = 'read'", START + 100_000);
    world.database().execute(&leased, []).unwrap();
    assert_eq!(samples(&world)[late], 0.0);
    // A kind of work that this version does not know is shown all the same.
    world.database().execute("update job set kind = 'novel' where kind = 'invite'", []).unwrap();
    world.database().execute("update job set due_at_ms = 1 where kind = 'novel'", []).unwrap();
    assert_eq!(samples(&world)["huiyin_jobs_due kind=novel"], 1.0);
}

#[test]
fn the_figures_of_a_site_are_those_of_its_counts() {
    let world = world();
    let nps = Given { scale: ("nps", 10), day: TODAY, ..Given::default() };
    for (value, times) in [(3, 20), (8, 30), (10, 50)] {
        for _ in 0..times {
            world.answered(&nps, value);
        }
    }
    world.answered(&Given { day: TODAY - 29, ..Given::default() }, 1);
    world.answered(&Given { day: TODAY - 30, ..Given::default() }, 5);
    world
        .database()
        .execute_batch(
            "insert into alarm values
               ('alm_1', 'sit_shop', 1, 'rise', 'nps', '', '{}', '', 1, null),
               ('alm_2', 'sit_shop', 1, 'rise', 'nps', 'tch_shop', '{}', 'x', 1, 2);",
        )
        .unwrap();
    let found = samples(&world);
    for (name, value) in [
        ("huiyin_scores_today metric=nps site=sit_shop", 100.0),
        ("huiyin_scores_today metric=csat site=sit_shop", 0.0),
        ("huiyin_scores_30_days metric=nps site=sit_shop", 100.0),
        ("huiyin_scores_30_days metric=csat site=sit_shop", 1.0),
        ("huiyin_nps site=sit_shop", 30.0),
        ("huiyin_alarms_open site=sit_shop", 1.0),
        // 20 detractors, and the 1 of 5.
        ("huiyin_low_scores_unseen site=sit_shop", 21.0),
        ("huiyin_responses_screened_unseen site=sit_shop", 0.0),
        ("huiyin_complaints site=sit_shop state=open", 0.0),
        ("huiyin_complaints_by_grade grade=major site=sit_shop", 0.0),
    ] {
        assert_eq!(found.get(name), Some(&value), "{name} in {found:#?}");
    }
    // The other site has too few answers for a score.
    assert_eq!(found.keys().filter(|it| it.starts_with("huiyin_nps ")).count(), 1);
    let screen = "update response set counted = 0 where id in (select id from response limit 7)";
    world.database().execute(screen, []).unwrap();
    let screened = "huiyin_responses_screened_unseen site=sit_shop";
    assert_eq!(samples(&world)[screened], 7.0);
}

#[test]
fn no_name_that_somebody_gave_is_told_and_few_sites_are() {
    let world = world();
    let rename = "update site set name = 'Very Private \"Name\"' where id = 'sit_shop'";
    world.database().execute(rename, []).unwrap();
    let add = "insert into site (id, version, name, zone, origins, minimum_n, weights,
         created_at_ms, updated_at_ms)
       select 'sit_x' || value, 1, 'x', 'Asia/Shanghai', '[]', 5, '{}', 0, 0
       from json_each(?1)";
    let many: Vec<u8> = (0..60).collect();
    world.database().execute(add, [serde_json::json!(many).to_string()]).unwrap();
    let text = text(&world);
    assert!(!text.contains("Private"), "{text}");
    let found = samples(&world);
    let of = |name: &str| found.keys().filter(|it| it.starts_with(name)).count();
    let most = usize::try_from(crate::figures::SITES_MAX).unwrap();
    assert_eq!(of("huiyin_alarms_open "), most);
    assert_eq!(found["huiyin_sites"], 62.0);
    assert!(found.len() < 40 * most, "{} samples", found.len());
}
