//! Slots, and what is booked of them.

use super::*;

#[test]
fn slots_are_on_the_clocks_of_whoever_asks_and_the_public_sees_no_agents() {
    let world = world();
    let get = "GET /v1/slots?service=svc_talk&from=2026-11-23&to=2026-11-23";
    let found = done(&world, "viewer", get, &Value::Null);
    let items = found["items"].as_array().unwrap();
    // 9 to 12 and 13 to 18, each quarter of an hour.
    assert_eq!(items.len(), 12 + 20);
    assert_eq!(
        items[0],
        json!({
            "start": "2026-11-23T09:00:00+08:00", "end": "2026-11-23T09:15:00+08:00", "free": 3,
            "agent_id": "agt_ann",
        })
    );
    assert_eq!((&found["tz"], &found["next"]), (&json!("Asia/Shanghai"), &Value::Null));

    let page = format!("{get}&tz=Asia/Tokyo&limit=2\norigin: https://shop.example");
    let answer = send(&world, "pk", &page, &Value::Null);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://shop.example");
    let found: Value = serde_json::from_slice(answer.body()).unwrap();
    let start = json!({ "start": "2026-11-23T10:00:00+09:00", "end": "2026-11-23T10:15:00+09:00" });
    assert_eq!(found["items"][0], start);
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    let next = found["next"].as_str().unwrap();
    let rest = done(&world, "pk", &format!("{get}&limit=2000&after={next}"), &Value::Null);
    assert_eq!(rest["items"].as_array().unwrap().len(), 30);
}

#[test]
fn slots_are_asked_for_rightly_or_told_what_is_wrong() {
    let world = world();
    let get = |query: &str| format!("GET /v1/slots?{query}");
    let ask =
        get("service=svc_x&from=soon&to=2026-11-23&tz=Mars/Base&limit=0&agent=a&x=1&language=!");
    let (kind, problem) = refused(&world, "agent", &ask, &Value::Null);
    assert_eq!(kind, "invalid-fields");
    assert_eq!(wrong(&problem), ["tz", "from", "limit", "language", "service", "x"]);
    for (query, place) in [
        ("service=svc_talk&from=2026-11-24&to=2026-11-23T10:00", "to"),
        ("service=svc_talk&from=2026-11-24&to=2027-02-24", "to"),
        ("service=svc_talk&after=x", "after"),
        ("", "service"),
    ] {
        let (_, problem) = refused(&world, "agent", &get(query), &Value::Null);
        assert_eq!(wrong(&problem), [place], "{query}");
    }
    // Another site's service, one for staff, another page, and whom to talk to.
    let (_, problem) = refused(&world, "pk", &get("service=svc_own"), &Value::Null);
    assert_eq!(wrong(&problem), ["service"]);
    let (_, problem) = refused(&world, "other_pk", &get("service=svc_talk"), &Value::Null);
    assert_eq!(wrong(&problem), ["service"]);
    let (_, problem) = refused(&world, "pk", &get("service=svc_talk&agent=agt_bo"), &Value::Null);
    assert_eq!(wrong(&problem), ["agent"]);
    let far = get("service=svc_talk") + "\norigin: https://evil.example";
    assert_eq!(refused(&world, "pk", &far, &Value::Null).0, "origin-not-allowed");
    assert_eq!(refused(&world, "", &get("service=svc_talk"), &Value::Null).0, "unauthorized");
    let options = "OPTIONS /v1/slots?service=svc_talk\norigin: https://shop.example";
    assert_eq!(send(&world, "", options, &Value::Null).status(), 204);
    let options = "OPTIONS /v1/slots?service=svc_talk\norigin: https://evil.example";
    assert_eq!(refused(&world, "", options, &Value::Null).0, "origin-not-allowed");
}

#[test]
fn a_slot_is_booked_once_and_told_once() {
    let world = world();
    let body = with(&json!({
        "tz": "Asia/Shanghai", "name": "李想", "email": "li@example.com", "language": "zh-CN",
        "touchpoint_id": "tch_shop", "purpose": "recovery", "note": "先听客户说",
    }));
    let request = "POST /v1/callbacks\nidempotency-key: k1";
    let answer = send(&world, "agent", request, &body);
    assert_eq!(answer.status(), 201, "{}", String::from_utf8_lossy(answer.body()));
    assert_eq!(answer.headers()["etag"], "\"v1\"");
    let shown: Value = serde_json::from_slice(answer.body()).unwrap();
    let id = shown["id"].as_str().unwrap();
    assert_eq!(answer.headers()["location"], format!("/v1/callbacks/{id}").as_str());
    let wanted = json!({
        "id": "*", "version": 1, "mode": "appointment", "state": "booked", "purpose": "recovery",
        "service_id": "svc_talk", "agent_id": "agt_ann", "case_id": null, "order_id": null,
        "customer_id": null, "response_id": null, "until": null,
        "touchpoint_id": "tch_shop", "language": "zh-CN",
        "tz": "Asia/Shanghai", "start": "2026-11-23T10:00:00+08:00",
        "end": "2026-11-23T10:15:00+08:00", "sequence": 0, "due": "2026-11-23T02:00:00Z",
        "due_by": "2026-11-23T02:15:00Z", "expires": "2026-11-30T02:00:00Z",
        "hold_expires": null, "attempts": 0, "outcome": null, "promise": "open",
        "result_id": null, "requested_at": "2026-11-22T01:30:00Z", "ended_at": null, "link": "*",
    });
    assert!(testkit::matches(&shown, &wanted), "{shown:#}");
    // The same request again has the same answer, and the link is kept nowhere.
    assert_eq!(done(&world, "agent", request, &body), shown);
    assert_eq!(world.number("select count(*) from callback"), 1);
    let kept = format!("select count(*) from idempotency where body like '%{}%'", token(&shown));
    assert_eq!(world.number(&kept), 0);
    let words = "select count(*) from event where data like '%李想%' or data like '%8000%'
       or data like '%先听%'";
    assert_eq!(world.number(words), 0);
    assert_eq!(trail(&world, id), ["booked"]);
    let (kind, _) = refused(&world, "agent", request, &with(&json!({})));
    assert_eq!(kind, "idempotency-key-reused");

    let shown = done(&world, "agent", &format!("GET /v1/callbacks/{id}"), &Value::Null);
    let contacts = json!({ "phone": "+8613800138000", "name": "李想", "email": "li@example.com" });
    assert_eq!((&shown["contacts"], &shown["made"]), (&contacts, &json!([])));
    assert_eq!(shown["note"], "先听客户说");
    let retries = json!({ "no_answer": [30, 240, 1440], "busy": [10, 30, 120] });
    let service = json!({ "name": "回电", "length_min": 15, "script": "", "survey_id": null,
        "quiet": { "from": "21:00", "until": "09:00" }, "retries_min": retries });
    assert_eq!(shown["service"], service);
    check(&world);
}

#[test]
fn whoever_has_least_to_do_calls_and_when_nobody_is_left_others_are_named() {
    let world = world();
    let who = [0, 1, 2].map(|_| booked(&world, &json!({}))["agent_id"].clone());
    assert_eq!(who, ["agt_ann", "agt_bo", "agt_cai"]);
    let (kind, problem) = refused(&world, "agent", "POST /v1/callbacks", &with(&json!({})));
    assert_eq!(kind, "slot-taken");
    let slots: Vec<&str> = problem["slots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["start"].as_str().unwrap())
        .collect();
    assert_eq!(slots.len(), 5);
    assert!(slots.contains(&"2026-11-23T09:30:00+08:00"), "{slots:?}");
    // A quarter of an hour and five minutes after it: the next slot is in the way as well.
    assert!(!slots.contains(&"2026-11-23T10:15:00+08:00"), "{slots:?}");
    assert!(slots.contains(&"2026-11-23T10:30:00+08:00"), "{slots:?}");
    check(&world);
}

#[test]
fn every_mistake_is_told_at_once_and_nothing_is_taken() {
    let world = world();
    let body = json!({
        "service_id": "svc_x", "mode": "soon", "start": "2026-11-23T10:00", "tz": "Mars/Base",
        "hold": 1, "phone": "12", "email": "x", "language": "?", "purpose": "fun",
        "case_id": "cmp_x", "customer": "cus_x", "touchpoint_id": "tch_x",
        "agent_id": "agt_x", "waiting_since": "2026-11-22T01:00:00Z",
        "name": "x".repeat(81), "y": 1,
    });
    let (kind, problem) = refused(&world, "agent", "POST /v1/callbacks", &body);
    assert_eq!(kind, "invalid-fields");
    let mut places = wrong(&problem);
    places.sort();
    assert_eq!(
        places,
        [
            "/agent_id",
            "/case_id",
            "/customer",
            "/email",
            "/hold",
            "/language",
            "/mode",
            "/name",
            "/phone",
            "/purpose",
            "/service_id",
            "/touchpoint_id",
            "/tz",
            "/waiting_since",
            "/y",
        ]
    );
    for request in ["POST /v1/callbacks", "POST /v1/callbacks\naccept-language: zh-CN"] {
        let (_, problem) = refused(&world, "agent", request, &json!({}));
        assert_eq!(wrong(&problem), ["/service_id", "/phone", "/start"]);
        let is_chinese = problem.to_string().contains("为必填项");
        assert_eq!(is_chinese, request.contains("zh-CN"));
    }
    assert_eq!(world.number("select count(*) from callback"), 0);
    assert_eq!(world.number("select count(*) from contact"), 0);
}

#[test]
fn a_time_that_cannot_be_booked_says_why() {
    let world = world();
    let long = json!({ "horizon_days": 366, "quiet": { "from": "20:00", "until": "10:00" } });
    service(&world, "svc_long", &long);
    let cases = [
        ("svc_talk", "2026-11-20T10:00", "Asia/Shanghai", "is past"),
        ("svc_talk", "2027-11-22T10:00", "Asia/Shanghai", "next 30 days"),
        ("svc_talk", "2026-11-23T10:05", "Asia/Shanghai", "slot begins"),
        ("svc_talk", "2026-11-23T10:00:30", "Asia/Shanghai", "slot begins"),
        ("svc_talk", "2026-11-23T12:00", "Asia/Shanghai", "slot begins"),
        ("svc_talk", "2026-11-28T10:00", "Asia/Shanghai", "slot begins"),
        ("svc_long", "2026-11-23T09:45", "Asia/Shanghai", "quiet hours"),
        ("svc_talk", "2026-11-23T10:00", "America/New_York", "slot begins"),
        ("svc_talk", "2026-11-23T10:00:00+08:00", "America/New_York", "quiet hours"),
        ("svc_long", "2027-03-14T02:30", "America/New_York", "does not exist"),
        ("svc_long", "2027-11-07T01:30", "America/New_York", "twice"),
        ("svc_talk", "2026-11-31T10:00", "Asia/Shanghai", "must be a time"),
        ("svc_talk", "tomorrow", "Asia/Shanghai", "must be a time"),
        ("svc_talk", "2026-11-23", "Asia/Shanghai", "must be a time"),
        ("svc_talk", "2026-11-23T25:00", "Asia/Shanghai", "must be a time"),
    ];
    for (service, start, tz, why) in cases {
        let body = with(&json!({ "service_id": service, "start": start, "tz": tz }));
        let (kind, problem) = refused(&world, "agent", "POST /v1/callbacks", &body);
        assert_eq!(kind, "invalid-fields", "{start} {tz}");
        assert_eq!(wrong(&problem), ["/start"], "{start} {tz}");
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(why), "{start} {tz}: {detail}");
    }
    assert_eq!(world.number("select count(*) from callback"), 0);
    // Where there are no quiet hours, it is whoever works that counts.
    let body = with(&json!({
        "start": "2026-11-23T02:00:00Z", "tz": "Europe/Moscow", "service_id": "svc_night",
    }));
    service(&world, "svc_night", &json!({ "quiet": null }));
    let shown = done(&world, "agent", "POST /v1/callbacks", &body);
    assert_eq!(shown["start"], "2026-11-23T05:00:00+03:00");
}

#[test]
fn numbers_are_read_where_they_are_at_home() {
    let world = world();
    let phone = |members: Value| {
        let id = booked(&world, &members)["id"].as_str().unwrap().to_owned();
        let one = done(&world, "agent", &format!("GET /v1/callbacks/{id}"), &Value::Null);
        one["contacts"]["phone"].clone()
    };
    assert_eq!(phone(json!({ "phone": "（010）6552-9988" })), "+861065529988");
    // Somebody in New York gives the number that they have at home.
    let away = json!({ "phone": "13800138000", "tz": "America/New_York", "service_id": "svc_own",
        "start": "2026-11-23T17:00:00+08:00" });
    service(&world, "svc_day", &json!({ "quiet": null }));
    let mut away = away;
    away["service_id"] = "svc_day".into();
    assert_eq!(phone(away.clone()), "+8613800138000");
    away["phone"] = "(212) 555-0123".into();
    assert_eq!(phone(away), "+12125550123");
    for (number, why) in [
        ("400 810 8888", "service line"),
        ("65529988", "area code"),
        ("010-65529988 ext 1", "extension"),
        ("+49 1", "digits"),
        ("call me", "such as"),
    ] {
        let body = with(&json!({ "phone": number }));
        let (_, problem) = refused(&world, "agent", "POST /v1/callbacks", &body);
        assert_eq!(wrong(&problem), ["/phone"], "{number}");
        assert!(problem.to_string().contains(why), "{number}: {problem}");
    }
}

#[test]
fn what_is_known_of_a_customer_need_not_be_said() {
    let world = world();
    let id = world.customer("M1", "core", true);
    let call = |members: Value| send(&world, "agent", "POST /v1/callbacks", &with(&members));
    let no_phone = json!({ "customer": "M1", "phone": null });
    assert_eq!(call(no_phone.clone()).status(), 422);
    world.run(store::customers::set_contact(&id, "phone", "call the shop"));
    assert_eq!(call(no_phone.clone()).status(), 422);
    world.run(store::customers::set_contact(&id, "phone", "138-0013-8000"));
    let shown = booked(&world, &no_phone);
    assert_eq!((&shown["customer_id"], &shown["language"]), (&json!(id), &json!("zh-CN")));
    let kept = format!("select count(*) from contact where owner <> '{id}'");
    assert_eq!(world.number(&kept), 0, "what stands with them stands there alone");
    let path = format!("GET /v1/callbacks/{}", shown["id"].as_str().unwrap());
    let one = done(&world, "agent", &path, &Value::Null);
    assert_eq!(one["contacts"]["phone"], "138-0013-8000");
    // Whoever was erased is nobody.
    world.database().execute("update customer set erased_at_ms = 1", []).unwrap();
    let (_, problem) =
        refused(&world, "agent", "POST /v1/callbacks", &with(&json!({ "customer": id })));
    assert_eq!(wrong(&problem), ["/customer"]);
}

/// A case, and whose it is.
pub(super) fn case(world: &World, id: &str, state: &str, customer_id: &str) {
    world.run(store::cases::insert(&store::cases::Case {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        number: id.into(),
        once: id.into(),
        state: state.into(),
        grade: "general".into(),
        tier: 2,
        urgency: "normal".into(),
        source: "staff".into(),
        language: "en".into(),
        touchpoint_id: "tch_shop".into(),
        customer_id: customer_id.into(),
        history: "[]".into(),
        grading: "{}".into(),
        assigned: "{}".into(),
        ladder_done: "[]".into(),
        cause_kind: if state == "closed" { "process_gap".into() } else { String::new() },
        ..Default::default()
    }));
}

#[test]
fn a_case_has_one_open_call_back_and_tells_what_it_knows() {
    let world = world();
    let id = world.customer("M1", "core", true);
    case(&world, "cmp_1", "solved", &id);
    case(&world, "cmp_2", "closed", "");
    world.run(store::customers::set_contact("cmp_1", "phone", "139 0013 9000"));
    let about = json!({ "case_id": "cmp_1", "phone": null, "purpose": "solved_case" });
    let shown = booked(&world, &about);
    assert_eq!(shown["customer_id"], id.as_str());
    assert_eq!((&shown["language"], &shown["touchpoint_id"]), (&json!("en"), &json!("tch_shop")));
    let (kind, problem) = refused(&world, "agent", "POST /v1/callbacks", &with(&about));
    assert_eq!((kind.as_str(), &problem["callback_id"]), ("conflict", &shown["id"]));
    let path = format!("POST /v1/callbacks/{}/cancel", shown["id"].as_str().unwrap());
    done(&world, "agent", &path, &Value::Null);
    booked(&world, &about);
    for other in ["cmp_2", "cmp_x"] {
        let body = with(&json!({ "case_id": other }));
        let (_, problem) = refused(&world, "agent", "POST /v1/callbacks", &body);
        assert_eq!(wrong(&problem), ["/case_id"]);
    }
    world.customer("M2", "", true);
    let body = with(&json!({ "case_id": "cmp_1", "customer": "M2" }));
    let (_, problem) = refused(&world, "agent", "POST /v1/callbacks", &body);
    assert_eq!(wrong(&problem), ["/customer"]);
    check(&world);
}

#[test]
fn who_is_never_to_be_called_is_not_booked() {
    let world = world();
    let hash = app::callback::phone_hash(testkit::SECRET_KEY, "sit_shop", "+8613800138000");
    world.run(store::do_not_call::insert("dnc_1", "sit_shop", hash, "admin", 0));
    for mode in [json!({}), json!({ "mode": "asap", "start": null })] {
        let (kind, _) = refused(&world, "agent", "POST /v1/callbacks", &with(&mode));
        assert_eq!(kind, "do-not-call");
    }
    assert_eq!(world.number("select count(*) from callback"), 0);
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
    booked(&world, &json!({ "phone": "13900139000" }));
}

#[test]
fn as_soon_as_possible_keeps_the_place_in_the_queue() {
    let world = world();
    // Monday, ten o'clock.
    world.wait_ms(24 * 3_600_000 + 30 * 60_000);
    let asap = |members: Value| {
        let mut body = with(&members);
        body.as_object_mut().unwrap().remove("start");
        body["mode"] = "asap".into();
        body
    };
    let first = done(&world, "agent", "POST /v1/callbacks", &asap(json!({})));
    assert_eq!((&first["state"], &first["position"]), (&json!("waiting"), &json!(0)));
    assert_eq!(first["estimate"], "2026-11-23T10:00:00+08:00");
    assert_eq!(first["due_by"], "2026-11-23T03:00:00Z", "an hour of work");
    world.wait_ms(1);
    let second = done(&world, "agent", "POST /v1/callbacks", &asap(json!({})));
    assert_eq!(second["position"], 1);
    // Who waited on the phone keeps their place.
    let body = asap(json!({ "waiting_since": "2026-11-23T09:00:00+08:00" }));
    let third = done(&world, "agent", "POST /v1/callbacks", &body);
    assert_eq!(third["position"], 0);
    let path = |it: &Value| format!("GET /v1/callbacks/{}", it["id"].as_str().unwrap());
    assert_eq!(done(&world, "agent", &path(&second), &Value::Null)["position"], 2);
    let one = done(&world, "", &format!("GET /v1/bookings/{}", token(&second)), &Value::Null);
    assert_eq!(one["position"], 2);
    for (members, place) in [
        (json!({ "waiting_since": "2026-11-21T09:00:00+08:00" }), "/waiting_since"),
        (json!({ "waiting_since": "2026-11-24T09:00:00+08:00" }), "/waiting_since"),
        (json!({ "waiting_since": "09:00" }), "/waiting_since"),
        (json!({ "hold": true }), "/hold"),
        (json!({ "agent_id": "agt_bo" }), "/agent_id"),
    ] {
        let (_, problem) = refused(&world, "agent", "POST /v1/callbacks", &asap(members));
        assert_eq!(wrong(&problem), [place]);
    }
    let (_, problem) =
        refused(&world, "agent", "POST /v1/callbacks", &with(&json!({ "mode": "asap" })));
    assert_eq!(wrong(&problem), ["/start"]);
    // At night in New York nobody is called before nine there.
    let body = asap(json!({ "tz": "America/New_York" }));
    let far = done(&world, "agent", "POST /v1/callbacks", &body);
    assert_eq!(far["due"], "2026-11-23T14:00:00Z");
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
    // One that waits may choose a time after all.
    let path = format!("POST /v1/callbacks/{}/move", second["id"].as_str().unwrap());
    let moved = done(&world, "agent", &path, &json!({ "start": "2026-11-23T11:30" }));
    assert_eq!((&moved["mode"], &moved["state"]), (&json!("appointment"), &json!("booked")));
    assert_eq!(trail(&world, second["id"].as_str().unwrap()), ["queued", "booked"]);
    check(&world);
}
