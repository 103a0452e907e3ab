//! What is sent to whom, in which order, and how much at once.

use super::*;

#[test]
fn filters_let_through_what_they_name() {
    const SCORED: &str = r#"{"scores":[{"touchpoint_id":"tch_a"},{"touchpoint_id":"tch_b"}]}"#;
    const AT_A: &str = r#"{"touchpoint_id":"tch_a","grade":"major"}"#;
    for (columns, kind, data, passes) in [
        (json!({}), "customer.created", "{}", true),
        (json!({ "types": r#"["customer.created"]"# }), "customer.created", "{}", true),
        (json!({ "types": r#"["customer.updated"]"# }), "customer.created", "{}", false),
        (json!({ "types": r#"["x","response.*"]"# }), "response.created", "{}", true),
        (json!({ "types": r#"["response.*"]"# }), "responses.created", "{}", false),
        (json!({ "types": r#"["response"]"# }), "response.created", "{}", false),
        (json!({ "types": r#"["*.created"]"# }), "response.created", "{}", false),
        (json!({ "touchpoints": r#"["tch_a"]"# }), "alarm.raised", AT_A, true),
        (json!({ "touchpoints": r#"["tch_b"]"# }), "alarm.raised", AT_A, false),
        (json!({ "touchpoints": r#"["tch_b"]"# }), "response.created", SCORED, true),
        (json!({ "touchpoints": r#"["tch_c"]"# }), "response.created", SCORED, false),
        (json!({ "touchpoints": r#"["tch_c"]"# }), "customer.created", "{}", false),
        (json!({ "grades": r#"["minor","major"]"# }), "complaint.opened", AT_A, true),
        (json!({ "grades": r#"["minor"]"# }), "complaint.opened", AT_A, false),
        (json!({ "grades": r#"["minor"]"# }), "customer.created", "{}", false),
        (
            json!({ "types": r#"["complaint.*"]"#, "grades": r#"["major"]"# }),
            "alarm.raised",
            AT_A,
            false,
        ),
    ] {
        let desk = Desk::well();
        desk.webhook("whk_crm", columns.clone());
        desk.happened_at("sit_shop", kind, "sub_1", data);
        assert_eq!(desk.tick()["delivered"], u64::from(passes), "{columns} {kind} {data}");
        // Either way it is over, and the next call has nothing to do.
        assert_eq!(desk.tick()["webhooks"], 0);
        assert_eq!(desk.number("select count(*) from delivery"), i64::from(passes));
    }
}

#[test]
fn a_test_reaches_its_own_webhook_alone_whatever_it_filters() {
    let desk = Desk::well();
    let none = json!({ "types": r#"["x"]"#, "touchpoints": r#"["x"]"#, "grades": r#"["x"]"# });
    desk.webhook("whk_crm", none);
    desk.webhook("whk_other", json!({}));
    desk.happened_at("sit_shop", "webhook.tested", "whk_crm", "{}");
    assert_eq!(desk.tick()["delivered"], 1);
    assert_eq!(desk.calls.take()[0].url, "https://whk-crm.example/hook");
}

#[test]
fn with_order_the_events_of_a_subject_wait_for_each_other() {
    let desk = Desk::new(|world, call| {
        let is_bad = header(call, "webhook-id") == "evt_cus_1_1";
        status(if is_bad && world.now() < testkit::START + HOUR { 500 } else { 200 })
    });
    desk.webhook("whk_crm", json!({ "is_ordered": 1 }));
    desk.happened(&["cus_1", "cus_1", "cus_2", "cus_2", "cus_1", "cus_2"]);
    desk.tick();
    let sent = desk.sent();
    assert_eq!(sent[0], "evt_cus_1_1");
    let others: Vec<&String> = sent.iter().filter(|it| it.contains("cus_2")).collect();
    assert_eq!(others, ["evt_cus_2_1", "evt_cus_2_2", "evt_cus_2_3"]);
    assert_eq!(sent.len(), 4);
    // More of the subject that waits gives nobody anything to do.
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["tried"], 0);
    assert_eq!(desk.tick()["webhooks"], 0);
    desk.later(HOUR);
    desk.later(HOUR);
    let sent = desk.sent();
    assert_eq!(sent, ["evt_cus_1_1", "evt_cus_1_2", "evt_cus_1_3", "evt_cus_1_4"]);
}

#[test]
fn with_order_the_dead_hold_nobody_up() {
    let desk = Desk::new(|_, call| {
        status(if header(call, "webhook-id") == "evt_cus_1_1" { 500 } else { 200 })
    });
    desk.webhook("whk_crm", json!({ "is_ordered": 1 }));
    desk.happened(&["cus_1", "cus_1"]);
    desk.tick();
    for _ in 0..9 {
        let due = desk.number("select due_at_ms from delivery order by sequence limit 1");
        desk.later(due - desk.world.now());
    }
    assert_eq!(desk.states(), "1 dead, 1 due");
    desk.later(HOUR);
    assert_eq!(desk.states(), "1 dead, 1 delivered");
    assert_eq!(desk.sent().last().unwrap(), "evt_cus_1_2");
}

#[test]
fn without_work_nothing_is_written() {
    let desk = Desk::new(|_, _| status(500));
    desk.webhook("whk_crm", json!({}));
    desk.webhook("whk_paused", json!({}));
    desk.run("update outlet set is_active = 0 where webhook_id = 'whk_paused'");
    desk.happened(&["cus_1"]);
    desk.tick();
    let changes = || desk.number("select total_changes()");
    let before = changes();
    for _ in 0..5 {
        assert_eq!(desk.tick()["webhooks"], 0);
    }
    assert_eq!(changes(), before);
    let due = desk.number("select due_at_ms from delivery");
    let next = desk.tick()["next_due_at"].as_str().unwrap().to_owned();
    assert_eq!(next, domain::civil::rfc3339(due, 0));
}

#[test]
fn what_happens_while_a_webhook_is_served_goes_with_it() {
    let desk = Desk::new(|world, call| {
        if header(call, "webhook-id") == "evt_cus_1_1" {
            let event = Event {
                id: "evt_late".into(),
                site_id: "sit_shop".into(),
                subject: "cus_late".into(),
                version: 1,
                kind: "customer.created",
                actor: "public".into(),
                at: world.now(),
                data: "{}".into(),
                previous: ORIGIN,
            };
            world.run(store::events::append(&event));
            // It is hurried, and whoever hurries finds the webhook taken.
            assert_eq!(world.json(handle, "POST /hurry")["webhooks"], 0);
        }
        status(200)
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["delivered"], 2);
    assert_eq!(desk.sent(), ["evt_cus_1_1", "evt_late"]);
}

#[test]
fn days_of_silence_are_made_up_for_in_slices() {
    let desk = Desk::new(|world, _| {
        world.wait_ms(100);
        status(200)
    });
    desk.webhook("whk_crm", json!({}));
    for at in 0..1300 {
        desk.happened(&[&format!("cus_{at}")]);
    }
    desk.world.wait_ms(3 * DAY);
    desk.world.hurried();
    let mut calls = 0;
    loop {
        let began = desk.world.now();
        let answer = desk.tick();
        calls += 1;
        // As many as twelve seconds and those under way allow, and the rest at once after it.
        assert!(answer["tried"].as_u64().unwrap() <= 130, "{answer}");
        assert!(desk.world.now() - began <= 14_000);
        if answer["next_due_at"].is_null() {
            break;
        }
        assert_eq!(desk.world.hurried(), ["deliver"]);
    }
    assert!((10..=12).contains(&calls), "{calls}");
    // Nothing is planned far ahead of what can be sent, and the oldest goes first.
    let sent = desk.sent();
    let expected: Vec<String> = (0..1300).map(|at| format!("evt_cus_{at}_1")).collect();
    assert_eq!(sent, expected);
}

#[test]
fn many_webhooks_are_served_at_once_and_the_rest_by_the_next_call() {
    let desk = Desk::well();
    for at in 0..60 {
        desk.webhook(&format!("whk_{at}"), json!({}));
    }
    desk.happened(&["cus_1"]);
    let first = desk.tick();
    assert_eq!((&first["webhooks"], &first["delivered"]), (&json!(50), &json!(50)));
    assert_eq!(desk.world.hurried(), ["deliver"]);
    assert_eq!(desk.tick()["delivered"], 10);
    // Those that were served last are the last to be served again.
    desk.world.wait_ms(1);
    desk.happened(&["cus_2"]);
    desk.run("update outlet set lease_until_ms = 0 where webhook_id > 'whk_5'");
    desk.sent();
    desk.tick();
    let urls = desk.calls.take();
    for id in ["whk-50", "whk-59", "whk-6.", "whk-9."] {
        assert!(urls.iter().any(|it| it.url.contains(id)), "{id}");
    }
}

#[test]
fn webhooks_that_want_nothing_of_it_keep_nobody_waiting() {
    let desk = Desk::well();
    for at in 0..50 {
        desk.webhook(&format!("whk_{at}"), json!({ "types": r#"["x"]"# }));
    }
    desk.webhook("whk_z", json!({}));
    desk.run("update outlet set lease_until_ms = 1 where webhook_id = 'whk_z'");
    desk.happened(&["cus_1"]);
    let first = desk.tick();
    assert_eq!((&first["webhooks"], &first["tried"]), (&json!(50), &json!(0)));
    assert_eq!(desk.world.hurried(), ["deliver"]);
    assert_eq!(desk.tick()["delivered"], 1);
}

#[test]
fn a_replay_sends_once_more_what_passes() {
    let desk = Desk::new(|_, call| {
        status(if header(call, "webhook-id").contains("bad") { 410 } else { 200 })
    });
    desk.webhook("whk_crm", json!({ "types": r#"["customer.*"]"# }));
    desk.happened(&["cus_1", "cus_2"]);
    desk.happened_at("sit_shop", "customer.erased", "cus_1", "{}");
    desk.happened_at("sit_shop", "agent.created", "agt_1", "{}");
    desk.tick();
    assert_eq!(desk.sent().len(), 3);
    let replay = |replay: &str| {
        let sql = "update outlet set replay_after = 0, replay_until = cursor, replay = ?1";
        desk.world.database().execute(sql, [replay]).unwrap();
        let tried = desk.later(1);
        assert_eq!(desk.number("select count(*) from outlet where replay_after < cursor"), 0);
        (tried, desk.sent())
    };
    let (tried, sent) = replay(r#"{"types":[],"only":"all"}"#);
    assert_eq!((tried, sent.len()), (3, 3));
    assert_eq!(desk.number("select sum(tries) from delivery"), 6);
    assert_eq!(desk.number("select count(*) from attempt where number = 2"), 3);
    let (_, sent) = replay(r#"{"types":["customer.erased"],"only":"all"}"#);
    assert_eq!(sent, ["evt_cus_1_2"]);
    // Only what never arrived: nothing, until something was dropped or died.
    assert_eq!(replay(r#"{"types":[],"only":"failed"}"#).0, 0);
    desk.run("update delivery set state = 'dead', round = 10 where subject = 'cus_2'");
    assert_eq!(replay(r#"{"types":[],"only":"failed"}"#).1, ["evt_cus_2_1"]);
    assert_eq!(desk.states(), "3 delivered");
    // A replay that goes beyond what was planned sends nothing twice.
    desk.happened(&["cus_3"]);
    desk.run("update outlet set replay_after = cursor, replay_until = cursor + 1");
    desk.later(1);
    assert_eq!(desk.sent(), ["evt_cus_3_1"]);
}

#[test]
fn what_is_over_is_forgotten_after_a_while() {
    let desk = Desk::well();
    desk.webhook("whk_a", json!({}));
    desk.webhook("whk_b", json!({}));
    desk.webhook("whk_c", json!({}));
    desk.happened(&["cus_1"]);
    desk.tick();
    desk.world.wait_ms(DAY);
    desk.happened(&["cus_2"]);
    desk.tick();
    assert_eq!(desk.states(), "6 delivered");
    desk.world.run(store::deliveries::expire(desk.world.now() - 1));
    assert_eq!(desk.states(), "3 delivered");
    assert_eq!(desk.number("select count(*) from attempt"), 3);
    desk.run("update delivery set state = 'due'");
    desk.world.run(store::deliveries::expire(desk.world.now() + DAY));
    assert_eq!(desk.states(), "3 due");
    desk.world.run(store::deliveries::forget());
    assert_eq!(desk.states(), "3 due");
    desk.run("delete from webhook where id <> 'whk_b'");
    desk.world.run(store::deliveries::forget());
    assert_eq!(desk.states(), "1 due");
    assert_eq!(desk.number("select count(*) from attempt"), 1);
    desk.run("delete from webhook");
    desk.world.run(store::deliveries::forget());
    assert_eq!(desk.states(), "");
    desk.world.run(store::deliveries::forget());
}
