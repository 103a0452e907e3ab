//! The figures of call-backs.

use serde_json::{Value, json};
use store::callbacks::Callback;
use testkit::World;

/// 2026-11-22, the day of [`testkit::START`] at the site.
const TODAY: i64 = 20_779;
const MINUTE: i64 = 60_000;

/// An appointment that was asked for on a day, and kept.
fn kept(day: i64) -> Callback {
    let start = day * 1440 * MINUTE + 600 * MINUTE;
    Callback {
        site_id: "sit_shop".to_owned(),
        mode: "appointment".to_owned(),
        state: "reached".to_owned(),
        purpose: "request".to_owned(),
        service_id: "svc_a".to_owned(),
        agent_id: "agt_lan".to_owned(),
        since: start,
        since_mode: "appointment".to_owned(),
        attempts: 1,
        promise: 1,
        first_attempt: Some(start + 2 * MINUTE),
        requested_day: day,
        ..Callback::default()
    }
}

/// One that is still in the queue.
fn waiting(day: i64) -> Callback {
    Callback {
        mode: "asap".to_owned(),
        state: "waiting".to_owned(),
        agent_id: String::new(),
        attempts: 0,
        promise: 0,
        first_attempt: None,
        since_mode: "asap".to_owned(),
        ..kept(day)
    }
}

/// Counts call-backs, so many times each, as their changes would.
fn count(world: &World, calls: &[(Callback, i64)]) {
    let mut sums = app::callback::Sums::default();
    for (call, times) in calls {
        sums.add(call, *times);
    }
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
}

fn read(world: &World, path: &str) -> Value {
    world.json(crate::handle, &format!("GET {path}\nauthorization: Bearer {{viewer}}"))
}

/// Forty asked for ten days ago, some of today.
fn month(world: &World) {
    let day = TODAY - 10;
    let missed = Callback { attempts: 3, is_no_show: true, sequence: 1, ..kept(day) };
    let late = Callback {
        state: "reached".to_owned(),
        purpose: "recovery".to_owned(),
        promise: 2,
        attempts: 2,
        first_attempt: Some(waiting(day).since + 90 * MINUTE),
        ..waiting(day)
    };
    let failed = Callback { state: "failed".to_owned(), attempts: 4, ..missed.clone() };
    let off = Callback {
        state: "cancelled".to_owned(),
        attempts: 0,
        promise: 0,
        first_attempt: None,
        ..kept(day)
    };
    let held = Callback { state: "expired".to_owned(), lease: 1, ..off.clone() };
    let overdue = Callback { promise: 2, ..waiting(day) };
    count(world, &[(kept(day), 24), (missed, 4), (late, 6), (failed, 2)]);
    count(world, &[(off, 3), (held, 5), (overdue, 1), (waiting(TODAY), 2)]);
}

#[test]
fn the_site_is_told_with_its_rates_waits_and_backlog() {
    let world = World::with_site();
    month(&world);
    let shown = read(&world, "/v1/callback-figures");
    assert_eq!((&shown["from"], &shown["to"]), (&"2026-10-24".into(), &"2026-11-22".into()));
    let told = ["requested", "appointments", "reached", "failed", "cancelled", "expired", "moved"]
        .map(|name| shown[name].as_i64().unwrap());
    assert_eq!(told, [42, 33, 34, 2, 3, 0, 6]);
    let rates = &shown["rates"];
    // Of those who still wait within their time nobody knows yet.
    assert_eq!((&rates["kept"]["hits"], &rates["kept"]["n"]), (&30.into(), &37.into()));
    assert_eq!(rates["kept"]["value"], 81.1);
    // Wilson for 30 of 37.
    assert_eq!(rates["kept"]["interval"], json!([65.8, 90.5]));
    assert_eq!((&rates["reached"]["hits"], &rates["reached"]["n"]), (&34.into(), &36.into()));
    assert_eq!((&rates["no_show"]["hits"], &rates["no_show"]["n"]), (&6.into(), &30.into()));
    assert_eq!(rates["no_show"]["value"], 20.0);
    assert_eq!(rates["reached_first"]["hits"], 24);
    assert_eq!(
        (&rates["cancelled"]["value"], &rates["cancelled"]["small"]),
        (&7.1.into(), &false.into())
    );
    // 24 + 4 · 3 + 6 · 2 attempts for 34.
    assert_eq!(shown["attempts_per_reach"], 1.41);
    assert_eq!(shown["attempts"], 56);
    let waits = &shown["waits"];
    let told = |mode: &str| ["n", "median", "p90", "mean"].map(|it| waits[mode][it].clone());
    assert_eq!(json!(told("appointment")), json!([30, 120, 120, 120.0]));
    assert_eq!(json!(told("asap")), json!([6, 5400, 5400, 5400.0]));
    assert_eq!((&waits["visit"]["n"], &waits["visit"]["median"]), (&0.into(), &Value::Null));
    let backlog = &shown["backlog"];
    assert_eq!((&backlog["open"], &backlog["overdue"]), (&3.into(), &1.into()));
    assert_eq!(backlog["ages"][3]["n"], 1);
}

#[test]
fn an_empty_site_has_honest_figures() {
    let world = World::with_site();
    let shown = read(&world, "/v1/callback-figures");
    assert_eq!(shown["requested"], 0);
    assert!(shown["attempts_per_reach"].is_null());
    for name in ["kept", "reached", "reached_first", "no_show", "cancelled"] {
        let rate = &shown["rates"][name];
        assert!(rate["value"].is_null() && rate["interval"].is_null(), "{rate}");
        assert_eq!((&rate["n"], &rate["small"]), (&0.into(), &true.into()));
    }
    assert_eq!(shown["backlog"]["open"], 0);
}

#[test]
fn it_is_cut_by_things_and_by_time() {
    let world = World::with_site();
    month(&world);
    let agents = read(&world, "/v1/callback-figures?by=agent");
    let parts = agents["parts"].as_array().unwrap();
    assert_eq!((parts.len(), &parts[0]["name"]), (1, &"周岚".into()));
    assert_eq!((&parts[0]["requested"], &agents["not_stated"]), (&33.into(), &9.into()));
    assert_eq!(parts[0]["waits"]["appointment"]["n"], 30);
    let purposes = read(&world, "/v1/callback-figures?by=purpose");
    let told: Vec<_> = purposes["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["key"].as_str().unwrap(), it["requested"].as_i64().unwrap()))
        .collect();
    assert_eq!(told, [("recovery", 6), ("request", 36)]);
    assert_eq!(purposes["not_stated"], 0);
    assert_eq!(read(&world, "/v1/callback-figures?by=service")["parts"][0]["key"], "svc_a");
    let weeks = read(&world, "/v1/callback-figures?purpose=request&by=week&from=2026-11-09");
    let told: Vec<_> =
        weeks["parts"].as_array().unwrap().iter().map(|it| it["requested"].clone()).collect();
    assert_eq!((json!(told), &weeks["purpose"]), (json!([34, 2]), &"request".into()));
    assert!(weeks["parts"][0].get("backlog").is_none());
}

#[test]
fn days_are_compared_with_those_before() {
    let world = World::with_site();
    month(&world);
    let broken = Callback { promise: 2, ..kept(TODAY - 45) };
    count(&world, &[(kept(TODAY - 45), 20), (broken, 20)]);
    let shown = read(&world, "/v1/callback-figures?compare=previous");
    let compared = &shown["compared"];
    assert_eq!((&compared["requested"], &compared["to"]), (&40.into(), &"2026-10-18".into()));
    let difference = &compared["differences"]["kept"];
    // 30 of 37 against 20 of 40.
    assert_eq!((&difference["value"], &difference["significant"]), (&31.1.into(), &true.into()));
}

#[test]
fn what_is_not_kept_is_refused_by_name() {
    let world = World::with_site();
    for query in
        ["purpose=request&by=agent", "by=grade", "grade=major", "agent=", "purpose=x", "from=x"]
    {
        let request = format!("GET /v1/callback-figures?{query}\nauthorization: Bearer {{viewer}}");
        let answer = world.send(crate::handle, &request);
        assert_eq!(answer.status(), 422, "{query}");
        let said = String::from_utf8(answer.body().clone()).unwrap();
        assert!(!query.contains("by=") || said.contains("purpose, agent, service"), "{said}");
    }
    let posted = "POST /v1/callback-figures\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(crate::handle, posted).status(), 405);
}

#[test]
fn the_overview_tells_of_call_backs() {
    let world = World::with_site();
    let path = "/v1/dashboard?from=2026-11-01&to=2026-11-21";
    assert_eq!(read(&world, path)["callbacks"]["requested"], 0);
    month(&world);
    // What was asked for before these days is open all the same.
    count(&world, &[(waiting(TODAY - 200), 1)]);
    world.wait_ms(app::cache::KEPT_MS);
    let shown = read(&world, path)["callbacks"].clone();
    assert_eq!((&shown["requested"], &shown["reached"]), (&40.into(), &34.into()));
    assert_eq!((&shown["open"], &shown["overdue"]), (&4.into(), &1.into()));
    assert_eq!(shown["rates"]["kept"]["value"], 81.1);
    assert_eq!(shown["waits"]["appointment"]["median"], 120);
    assert_eq!(shown["waits"]["asap"]["n"], 6);
}

#[test]
fn the_overview_tells_their_course_and_what_they_were_before() {
    let world = World::with_site();
    month(&world);
    let broken = Callback { promise: 2, ..kept(TODAY - 45) };
    count(&world, &[(kept(TODAY - 45), 20), (broken, 20)]);
    let shown = read(&world, "/v1/dashboard")["callbacks"].clone();
    let compared = &shown["compared"];
    assert_eq!((&compared["requested"], &compared["reached"]), (&40.into(), &40.into()));
    let difference = &compared["differences"]["kept"];
    // 30 of 37 against 20 of 40.
    assert_eq!(
        (&difference["value"], &difference["method"]),
        (&31.1.into(), &"csat-newcombe".into())
    );
    let course = shown["trend"].as_array().unwrap();
    assert_eq!((course.len(), &course[19]["requested"]), (30, &40.into()));
    assert_eq!(course[29], json!({ "day": "2026-11-22", "requested": 2 }));
    let agent = read(&world, "/v1/dashboard?agent=agt_lan")["callbacks"].clone();
    assert_eq!((&agent["requested"], &agent["compared"]["requested"]), (&33.into(), &40.into()));
    assert_eq!(
        (&agent["waits"]["appointment"]["n"], &agent["trend"][19]["requested"]),
        (&30.into(), &33.into())
    );
}
