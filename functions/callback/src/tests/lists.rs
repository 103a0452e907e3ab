//! Lists of call-backs.

use super::*;

fn ids(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap().iter();
    items.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn lists_go_along_what_is_asked_for_page_by_page() {
    let world = world();
    let mut all = Vec::new();
    for (at, start) in ["11:00", "10:00", "14:00", "09:00"].into_iter().enumerate() {
        world.wait_ms(1);
        let agent = if at % 2 == 0 { "agt_ann" } else { "agt_bo" };
        let members = json!({ "start": format!("2026-11-23T{start}"), "agent_id": agent });
        all.push(booked(&world, &members)["id"].as_str().unwrap().to_owned());
    }
    let get =
        |query: &str| done(&world, "agent", &format!("GET /v1/callbacks{query}"), &Value::Null);
    let picked = |order: &[usize]| order.iter().map(|at| all[*at].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&get("")), picked(&[3, 2, 1, 0]));
    assert_eq!(ids(&get("?agent_id=agt_ann")), picked(&[2, 0]));
    assert_eq!(ids(&get("?agent_id=agt_bo&state=booked")), picked(&[3, 1]));
    assert_eq!(ids(&get("?from=2026-11-23&to=2026-11-23")), picked(&[3, 1, 0, 2]));
    assert_eq!(ids(&get("?from=2026-11-23T10:00&to=2026-11-23T14:00")), picked(&[1, 0]));
    assert_eq!(ids(&get("?to=2026-11-23&agent_id=agt_bo")), picked(&[3, 1]));
    assert_eq!(ids(&get("?state=cancelled,held")), picked(&[]));
    assert_eq!(ids(&get("?purpose=recovery")), picked(&[]));
    for query in ["", "from=2026-11-23", "agent_id=agt_ann&state=booked,held", "customer_id=cus_x"]
    {
        let whole = ids(&get(&format!("?{query}")));
        let (mut pages, mut after) = (Vec::new(), String::new());
        for _ in 0..9 {
            let page = get(&format!("?{query}&limit=1{after}"));
            pages.extend(ids(&page));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(pages, whole, "{query}");
    }
    let ask = "GET /v1/callbacks?state=x&purpose=y&agent_id=me&from=z&limit=0&q=1&after=a";
    let (_, problem) = refused(&world, "agent", ask, &Value::Null);
    assert_eq!(wrong(&problem), ["state", "purpose", "from", "agent_id", "limit", "q"]);
    let ask = "GET /v1/callbacks?from=2026-11-23&after=a";
    assert_eq!(wrong(&refused(&world, "agent", ask, &Value::Null).1), ["after"]);
    assert_eq!(refused(&world, "viewer", "GET /v1/callbacks", &Value::Null).0, "forbidden");
    assert!(ids(&done(&world, "other", "GET /v1/callbacks", &Value::Null)).is_empty());
}

#[test]
fn the_queue_is_in_the_order_of_waiting() {
    let world = world();
    let waits = |service: &str, ago: i64| {
        let since = web::view::time(testkit::START - ago * 60_000);
        let body = json!({ "service_id": service, "mode": "asap", "phone": "13800138000",
            "waiting_since": since });
        done(&world, "agent", "POST /v1/callbacks", &body)["id"].as_str().unwrap().to_owned()
    };
    let (late, early, own) = (waits("svc_talk", 1), waits("svc_talk", 60), waits("svc_own", 30));
    booked(&world, &json!({}));
    let get =
        |query: &str| done(&world, "agent", &format!("GET /v1/callbacks?{query}"), &Value::Null);
    assert_eq!(ids(&get("order=queue")), [early.clone(), own.clone(), late.clone()]);
    assert_eq!(ids(&get("service_id=svc_own")), [own.clone()]);
    let first = get("order=queue&limit=1&service_id=svc_talk");
    assert_eq!(ids(&first), [early]);
    let next = first["next"].as_str().unwrap();
    assert_eq!(ids(&get(&format!("order=queue&service_id=svc_talk&after={next}"))), [late]);
    let (_, problem) = refused(&world, "agent", "GET /v1/callbacks?order=x", &Value::Null);
    assert_eq!(wrong(&problem), ["order"]);
}

#[test]
fn of_a_case_and_a_customer_all_are_listed() {
    let world = world();
    let id = world.customer("M1", "core", true);
    let shown = booked(&world, &json!({ "customer": "M1" }));
    booked(&world, &json!({}));
    let one = vec![shown["id"].as_str().unwrap().to_owned()];
    let get =
        |query: &str| done(&world, "agent", &format!("GET /v1/callbacks?{query}"), &Value::Null);
    assert_eq!(ids(&get(&format!("customer_id={id}"))), one);
    world
        .database()
        .execute("update callback set case_id = 'cmp_1' where customer_id <> ''", [])
        .unwrap();
    assert_eq!(ids(&get("case_id=cmp_1")), one);
    assert!(ids(&get("case_id=cmp_2")).is_empty());
}

#[test]
fn a_broken_disk_says_nothing_of_the_inside() {
    let world = world();
    world.break_database();
    for (request, body) in [
        ("GET /v1/callbacks", Value::Null),
        ("GET /v1/slots?service=svc_talk", Value::Null),
        ("POST /v1/callbacks", with(&json!({}))),
        ("GET /v1/bookings/x", Value::Null),
    ] {
        assert_eq!(refused(&world, "agent", request, &body).0, "unavailable");
        assert!(world.logged_cause().is_some());
    }
}
