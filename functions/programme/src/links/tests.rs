//! Links to give away.

use testkit::{SECRET_KEY, World};

fn make(world: &World, key: &str, body: &str) -> http::Response<Vec<u8>> {
    let head = "POST /v1/studies/srv_shop/links\nauthorization: Bearer {manager}";
    let key = if key.is_empty() { String::new() } else { format!("\nidempotency-key: {key}") };
    world.send(super::super::handle, &format!("{head}{key}\nx-forwarded-proto: https\n\n{body}"))
}

/// The fields of each link, and to whom it was given.
fn opened(answer: &http::Response<Vec<u8>>) -> Vec<(Vec<String>, Option<String>)> {
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer.status(), 200, "{body}");
    let links = body["links"].as_array().unwrap().iter();
    let open = |it: &serde_json::Value| {
        let url = it["url"].as_str().unwrap();
        let token = url.strip_prefix("https://huiyin.test/s/srv_shop?l=").unwrap();
        let fields = app::sealed::open(SECRET_KEY, "link", token).unwrap();
        (fields, it["customer_id"].as_str().map(str::to_owned))
    };
    links.map(open).collect()
}

#[test]
fn links_for_anybody_differ_in_their_nonce_alone() {
    let world = World::with_site();
    let answer = make(&world, "", r#"{ "count": 3, "expires_at": "2026-12-01T00:00:00Z" }"#);
    let links = opened(&answer);
    let expires_s =
        (domain::civil::parse_rfc3339("2026-12-01T00:00:00Z").unwrap() / 1000).to_string();
    for (fields, customer) in &links {
        assert_eq!(fields[1].len(), 26);
        let rest =
            [&fields[0], &fields[2], &fields[3], &fields[4], &fields[5], &fields[6], &fields[7]];
        assert_eq!(rest, ["srv_shop", &expires_s, "1", "", "", "", ""]);
        assert_eq!(*customer, None);
    }
    assert!(links[0].0[1] != links[1].0[1] && links[1].0[1] != links[2].0[1]);
    let event = "select data from event where kind = 'study.links_made'";
    let data: String = world.database().query_row(event, [], |row| row.get(0)).unwrap();
    let told = r#"{"are_personal":false,"expires_at":"2026-12-01T00:00:00Z","#;
    assert_eq!(data, format!(r#"{told}"is_single_use":true,"links":3}}"#));
}

#[test]
fn a_personal_link_knows_its_customer_by_either_id() {
    let world = World::with_site();
    let li = world.customer("M1", "core", true);
    let wang = world.customer("M2", "new", false);
    let body = format!(r#"{{ "customers": ["M1", "{wang}", "{li}"], "single_use": false }}"#);
    let links = opened(&make(&world, "", &body));
    assert_eq!(links.len(), 2, "each once, under whatever names");
    assert_eq!(links[0].1.as_deref(), Some(li.as_str()));
    assert_eq!(links[0].0[3..8], ["", &li, "core", "zh-CN", ""]);
    assert_eq!(links[1].0[3..8], ["", &wang, "new", "zh-CN", ""]);
    let english = opened(&make(&world, "", r#"{ "customers": ["M1"], "language": "en" }"#));
    assert_eq!(english[0].0[6], "en");
}

#[test]
fn a_repeated_request_gets_the_same_links_and_none_is_kept() {
    let world = World::with_site();
    world.customer("M1", "core", true);
    let body = r#"{ "customers": ["M1"] }"#;
    let first = make(&world, "once", body);
    world.wait_ms(60_000);
    let second = make(&world, "once", body);
    assert_eq!(first.body(), second.body());
    assert_eq!(second.headers()["idempotent-replayed"], "true");
    assert_eq!(make(&world, "once", r#"{ "count": 1 }"#).status(), 422);
    assert_ne!(make(&world, "twice", body).body(), first.body());
    let kept = "select sum(instr(body, '?l=') + (length(body) > 100)) from idempotency";
    assert_eq!(world.number(kept), 0);
    let events = "select count(*) from event where kind = 'study.links_made'";
    assert_eq!(world.number(events), 2);
}

#[test]
fn five_thousand_come_at_once_and_no_two_are_alike() {
    let world = World::with_site();
    let mut nonces: Vec<String> = opened(&make(&world, "", r#"{ "count": 5000 }"#))
        .into_iter()
        .map(|(fields, _)| fields[1].clone())
        .collect();
    nonces.sort_unstable();
    nonces.dedup();
    assert_eq!(nonces.len(), 5_000);
    let names: Vec<String> =
        (0..5_000).map(|it| world.customer(&format!("M{it}"), "new", true)).collect();
    let body = serde_json::json!({ "customers": names }).to_string();
    assert!(web::request::JSON_BYTES_MAX < body.len());
    assert_eq!(opened(&make(&world, "", &body)).len(), 5_000);
    assert_eq!(make(&world, "", r#"{ "count": 5001 }"#).status(), 422);
}

#[test]
fn every_mistake_is_told_at_once() {
    let world = World::with_site();
    world.customer("M1", "core", true);
    let body = r#"{ "customers": ["M1", "M2"], "count": 2, "expires_at": "2026-11-21T00:00:00Z",
        "single_use": "no", "language": "?" }"#;
    let answer = make(&world, "", body);
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in ["/count", "/customers/1", "/expires_at", "/single_use", "/language"] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
    assert!(!text.contains("/customers/0"));
    for body in ["{}", r#"{ "customers": [] }"#, r#"{ "customers": [1] }"#, r#"{ "count": 0 }"#] {
        assert_eq!(make(&world, "", body).status(), 422, "{body}");
    }
    // Another site's customers do not exist here.
    world.database().execute("update customer set site_id = 'sit_other'", []).unwrap();
    assert_eq!(make(&world, "", r#"{ "customers": ["M1"] }"#).status(), 422);
}

#[test]
fn only_managers_of_the_site_make_links_and_only_to_open_surveys() {
    let world = World::with_site();
    let at = "POST /v1/studies/srv_shop/links\nauthorization: Bearer";
    for (who, status) in [("{agent}", 403), ("{other}", 404), ("x", 401)] {
        let answer = world.send(super::super::handle, &format!("{at} {who}\n\n{{ \"count\": 1 }}"));
        assert_eq!(answer.status(), status, "{who}");
    }
    let read = at.replace("POST", "GET");
    assert_eq!(world.send(super::super::handle, &format!("{read} {{manager}}")).status(), 405);
    world.database().execute("update study set state = 'closed'", []).unwrap();
    assert_eq!(make(&world, "", r#"{ "count": 1 }"#).status(), 409);
    world.database().execute("update study set state = 'draft', published = 0", []).unwrap();
    let answer = make(&world, "", r#"{ "count": 1 }"#);
    assert!(String::from_utf8_lossy(answer.body()).contains("/problems/not-published"));
    world.break_database();
    assert_eq!(make(&world, "", r#"{ "count": 1 }"#).status(), 503);
}
