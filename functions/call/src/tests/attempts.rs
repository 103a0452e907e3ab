//! What comes of calls.

use super::*;

/// A call in the hands of `agt_lan`.
fn taken(world: &World, change: impl FnOnce(&mut Callback)) -> String {
    let id = queued(world, change);
    assert_eq!(status(world, &format!("{id}/take"), "agent", ""), 200);
    id
}

fn record(world: &World, id: &str, body: &str) -> u16 {
    status(world, &format!("{id}/attempts"), "agent", body)
}

#[test]
fn somebody_who_does_not_answer_is_called_again_and_then_given_up() {
    let world = world();
    let id = taken(&world, |_| {});
    world.wait_ms(2 * MINUTE_MS);
    world.check(
        handle,
        &ask(
            &format!("{id}/attempts"),
            "agent",
            r#"{ "outcome": "no_answer", "duration_s": 25, "note": "响了很久" }"#,
        ),
        &format!(
            r#"201
location: /v1/callbacks/{id}

            {{ "id": "{id}", "version": 3, "mode": "asap", "state": "waiting",
               "purpose": "request", "service_id": "svc_any", "agent_id": "agt_lan",
               "case_id": null, "order_id": null, "customer_id": null, "response_id": null,
               "touchpoint_id": null, "until": null,
               "language": "zh-CN", "tz": "Asia/Shanghai", "start": null, "end": null,
               "sequence": 0, "due": "2026-11-22T02:02:00Z", "due_by": "*", "expires": "*",
               "hold_expires": null, "attempts": 1, "outcome": "no_answer", "promise": "kept",
               "result_id": null, "requested_at": "*", "ended_at": null }}"#
        ),
    );
    let tried = row(&world, &id);
    assert_eq!(tried.first_attempt, Some(at(2) - 25_000));
    assert!(!tried.is_no_show, "nobody was to be there at a time");
    assert_eq!(tried.place, at(32));
    let sql = "select data ->> 'digest' || (data ->> 'next_at') from event
       where subject = ?1 and kind = 'callback.attempted'";
    let told: String = world.database().query_row(sql, [&id], |row| row.get(0)).unwrap();
    assert_eq!(told.len(), 64 + 20);
    assert!(told.ends_with("2026-11-22T02:02:00Z"));
    for _ in 0..2 {
        assert_eq!(record(&world, &id, r#"{ "outcome": "no_answer" }"#), 201);
        assert_eq!(row(&world, &id).state, "waiting");
    }
    // Busy lines have a ladder of their own.
    assert_eq!(record(&world, &id, r#"{ "outcome": "busy" }"#), 201);
    assert_eq!(row(&world, &id).due, at(12));
    assert_eq!(record(&world, &id, r#"{ "outcome": "no_answer" }"#), 201);
    let over = row(&world, &id);
    assert_eq!((over.state.as_str(), over.attempts), ("failed", 5));
    assert_eq!((over.no_answers, over.busies), (4, 1));
    assert_eq!(over.agent_id, "agt_lan");
    assert!(events(&world, &id).ends_with("callback.attempted callback.failed"));
    assert_eq!(record(&world, &id, r#"{ "outcome": "reached" }"#), 409, "it is over");
}

#[test]
fn the_first_attempt_decides_the_promise() {
    let world = world();
    let late = booked(&world, 60);
    world.wait_ms(76 * MINUTE_MS);
    assert_eq!(record(&world, &late, r#"{ "outcome": "busy" }"#), 201);
    let late = row(&world, &late);
    assert_eq!((late.promise, late.is_no_show), (2, true), "sixteen minutes late");
    let kept = booked(&world, 100);
    world.wait_ms(60 * MINUTE_MS);
    let told = r#"{ "outcome": "reached", "started_at": "2026-11-22T11:25:00+08:00" }"#;
    assert_eq!(record(&world, &kept, told), 201);
    let kept = row(&world, &kept);
    assert_eq!((kept.promise, kept.is_no_show, kept.state.as_str()), (1, false, "reached"));
    assert_eq!(kept.ended_at, Some(world.now()));
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
}

#[test]
fn what_was_agreed_counts_more_than_the_ladder() {
    let world = world();
    let id = taken(&world, |_| {});
    let told = r#"{ "outcome": "busy", "next_at": "2026-11-22T22:00:00+08:00" }"#;
    assert_eq!(record(&world, &id, told), 201);
    assert_eq!(row(&world, &id).due, at(750));
    let wrong = |body: &str| {
        let answer = world.send(handle, &ask(&format!("{id}/attempts"), "agent", body));
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let pointers = errors.iter().map(|it| it["pointer"].as_str().unwrap().to_owned());
        (answer.status().as_u16(), pointers.collect::<Vec<_>>().join(" "))
    };
    for (body, pointers) in [
        (r#"{ "outcome": "busy", "next_at": "2026-11-22T09:30:00+08:00" }"#, "/next_at"),
        (r#"{ "outcome": "busy", "next_at": "2026-11-29T01:30:00Z" }"#, "/next_at"),
        (r#"{ "outcome": "reached", "next_at": "2026-11-23T01:30:00Z" }"#, "/next_at"),
        (r#"{ "outcome": "busy", "started_at": "2026-11-22T09:30:01+08:00" }"#, "/started_at"),
        (r#"{ "outcome": "busy", "started_at": "2026-11-22T09:29:59+08:00" }"#, "/started_at"),
        (r#"{ "outcome": "busy", "answers": { "recommend": 9 } }"#, "/answers"),
        (
            r#"{ "outcome": "x", "started_at": "x", "duration_s": -1, "note": 7, "x": 1,
               "do_not_call": "no", "next_at": "later" }"#,
            "/outcome /started_at /duration_s /note /do_not_call /next_at /x",
        ),
        (r#"{}"#, "/outcome"),
    ] {
        assert_eq!(wrong(body), (422, pointers.to_owned()), "{body}");
    }
    assert_eq!(row(&world, &id).attempts, 1);
}

#[test]
fn the_core_customers_adviser_tries_again_themselves() {
    let world = world();
    let id = taken(&world, |it| {
        it.purpose = "core_visit".into();
        it.mode = "visit".into();
    });
    let other = taken(&world, |_| {});
    for id in [&id, &other] {
        assert_eq!(record(&world, id, r#"{ "outcome": "no_answer" }"#), 201);
        assert_eq!(row(&world, id).agent_id, "agt_lan", "it is hers before others'");
    }
    world.wait_ms(30 * MINUTE_MS);
    let speaks = "update agent set languages = '[]' where id = 'agt_bo'";
    world.database().execute(speaks, []).unwrap();
    let told = world.json(handle, &ask("next", "viewer", ""));
    assert_eq!(told["callback"]["id"], other.as_str(), "whoever is free tries others");
    assert_eq!(told["attempts"][0]["outcome"], "no_answer");
    assert_eq!(status(&world, "next", "viewer", ""), 204, "but no core customer");
    let told = world.json(handle, &ask("next", "agent", ""));
    assert_eq!(told["callback"]["id"], id.as_str());
}

#[test]
fn what_was_tried_and_let_go_is_no_call_of_anybodys_day() {
    let world = world();
    let id = booked(&world, 10);
    let calls = "select coalesce(sum(calls), 0) from call_day";
    assert_eq!(record(&world, &id, r#"{ "outcome": "busy" }"#), 201);
    assert_eq!(world.number(calls), 1, "it was made");
    assert_eq!(status(&world, &format!("{id}/take"), "agent", ""), 200);
    assert_eq!(status(&world, &format!("{id}/release"), "agent", ""), 200);
    assert_eq!(world.number(calls), 0);
    assert_eq!(world.number("select count(*) from call_day where agent_id = ''"), 0);
}

#[test]
fn what_was_said_becomes_a_response_to_the_survey() {
    let world = world();
    let customer = world.customer("CRM-1", "core", true);
    let id = taken(&world, |it| it.customer_id.clone_from(&customer));
    let answers = r#"{ "outcome": "reached", "duration_s": 60,
        "answers": { "recommend": 9, "why": "很满意" } }"#;
    let wrong = answers.replace('9', "11").replace("\"why\"", "\"x\"");
    world.check(
        handle,
        &ask(&format!("{id}/attempts"), "agent", &wrong),
        r#"422

        { "type": "/problems/invalid-fields", "title": "*", "status": 422, "instance": "*",
          "errors": [
            { "pointer": "/answers/recommend", "detail": "*" },
            { "pointer": "/answers/x", "detail": "*" } ] }"#,
    );
    let still = row(&world, &id);
    assert_eq!((still.state.as_str(), still.attempts), ("calling", 0), "nothing was recorded");
    assert_eq!(world.number("select count(*) from response"), 0);
    world.wait_ms(MINUTE_MS);
    assert_eq!(record(&world, &id, answers), 201);
    let done = row(&world, &id);
    let sql = "select id || ' ' || source || ' ' || channel || ' ' || agent_id || ' ' ||
       (customer_id = ?1) || ' ' || answered_at_ms || ' ' || idempotency_key from response";
    let taken: String = world.database().query_row(sql, [&customer], |row| row.get(0)).unwrap();
    let key = format!("staff:key:key_agent:callback:{id}:1");
    assert_eq!(taken, format!("{} phone phone agt_lan 1 {START} {key}", done.result_id),);
    assert!(events(&world, &id).ends_with("callback.attempted callback.reached"));
    // Answers of a call that somebody else might be entering, too, are not taken.
    let nobodys = queued(&world, |_| {});
    assert_eq!(record(&world, &nobodys, answers), 409);
    let vip = taken_vip(&world);
    assert_eq!(record(&world, &vip, answers), 422, "that service has no survey");
    assert_eq!(world.number("select count(*) from response"), 1);
}

fn taken_vip(world: &World) -> String {
    taken(world, |it| it.service_id = "svc_vip".into())
}

#[test]
fn a_survey_that_is_not_there_takes_nothing() {
    let world = world();
    offer(&world, "svc_lost", json!({ "survey_id": "srv_lost" }));
    let id = taken(&world, |it| it.service_id = "svc_lost".into());
    let answers = r#"{ "outcome": "reached", "answers": { "recommend": 9 } }"#;
    assert_eq!(record(&world, &id, answers), 409);
    assert_eq!(row(&world, &id).attempts, 0);
    assert_eq!(record(&world, &id, r#"{ "outcome": "reached" }"#), 201);
}

#[test]
fn a_number_that_is_not_to_be_called_ends_every_call_to_it() {
    let world = world();
    let other = queued(&world, |_| {});
    let appointment = booked(&world, 600);
    let elsewhere = queued(&world, |it| it.phone_hash = vec![7; 32]);
    let id = taken(&world, |_| {});
    let told = r#"{ "outcome": "reached", "do_not_call": true }"#;
    assert_eq!(record(&world, &id, told), 201);
    assert_eq!(row(&world, &id).state, "reached", "they talked");
    for gone in [&other, &appointment] {
        assert_eq!(row(&world, gone).state, "failed");
        assert!(events(&world, gone).ends_with(" callback.failed"));
    }
    assert_eq!(row(&world, &elsewhere).state, "waiting");
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
    let listed = "select count(*) from do_not_call d
       join event e on e.subject = d.id and e.kind = 'do_not_call.added'
       where e.data ->> 'callback_id' is not null";
    assert_eq!(world.number(listed), 1);
    // One that was in somebody's hands already, of the same number.
    world.run(ports::Statement { text: "delete from do_not_call", params: Vec::new() });
    let (one, two) = (taken(&world, |_| {}), taken(&world, |_| {}));
    assert_eq!(record(&world, &one, r#"{ "outcome": "do_not_call" }"#), 201);
    assert_eq!(row(&world, &one).state, "failed");
    assert_eq!(row(&world, &two).state, "failed");
    assert_eq!(record(&world, &two, r#"{ "outcome": "do_not_call" }"#), 409);
    // Erased numbers are on no list.
    let erased = taken(&world, |it| it.phone_hash = Vec::new());
    assert_eq!(record(&world, &erased, r#"{ "outcome": "do_not_call" }"#), 422);
    assert_eq!(record(&world, &erased, r#"{ "outcome": "refused" }"#), 201);
    assert_eq!(row(&world, &erased).state, "failed");
}

#[test]
fn two_who_record_at_once_record_it_once() {
    let world = world();
    let id = taken(&world, |_| {});
    let path = format!("/v1/callbacks/{id}/attempts");
    let both = [
        (path.as_str(), r#"{ "outcome": "no_answer" }"#, "a"),
        (path.as_str(), r#"{ "outcome": "reached" }"#, "b"),
    ];
    let mut statuses = testkit::turns::both(&world, async |env, it| handle(env, it).await, both);
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(world.number("select count(*) from call_attempt"), 1);
    assert_eq!(row(&world, &id).attempts, 1);
}

#[test]
fn the_same_key_is_one_attempt() {
    let world = world();
    let id = taken(&world, |_| {});
    let head = format!("POST /v1/callbacks/{id}/attempts{LAN}\nidempotency-key: k\n\n");
    let told = r#"{ "outcome": "busy", "next_at": "2026-11-22T02:00:00Z" }"#;
    let first = world.send(handle, &format!("{head}{told}"));
    assert_eq!(first.status(), 201);
    world.wait_ms(60 * MINUTE_MS);
    let again = world.send(handle, &format!("{head}{told}"));
    assert_eq!((again.status(), again.body()), (first.status(), first.body()));
    assert_eq!(row(&world, &id).attempts, 1);
    let other = world.send(handle, &format!("{head}{}", r#"{ "outcome": "reached" }"#));
    assert_eq!(other.status(), 422);
}

#[test]
fn nobody_records_what_is_in_anothers_hands() {
    let world = world();
    let id = taken(&world, |_| {});
    let path = format!("{id}/attempts");
    assert_eq!(status(&world, &path, "viewer", r#"{ "outcome": "busy" }"#), 409);
    let bo = r#"{ "outcome": "busy", "agent_id": "agt_bo" }"#;
    assert_eq!(status(&world, &path, "manager", bo), 201);
    assert_eq!(world.number("select count(*) from call_attempt where agent_id = 'agt_bo'"), 1);
}

#[test]
fn answers_are_taken_from_whoever_may_enter_them_however_they_signed_in() {
    let world = world();
    let answers = r#"{ "outcome": "reached", "answers": { "recommend": 9 } }"#;
    // By a session, which writes from our own pages alone.
    let hash = domain::id::token_hash("ses_lan");
    let session = store::keys::Session {
        hash,
        id: "ses_lan".to_owned(),
        device: String::new(),
        opened_at: START,
        expires_at: START + DAY_MS,
    };
    world.run(store::keys::open_session(&session, "key_agent"));
    let id = taken(&world, |_| {});
    let head = format!("POST /v1/callbacks/{id}/attempts\ncookie: huiyin_session=ses_lan");
    let evil = format!("{head}\norigin: https://evil.example\n\n{answers}");
    assert_eq!(world.send(handle, &evil).status(), 403);
    let ours = format!("{head}\norigin: http://huiyin.test\n\n{answers}");
    assert_eq!(world.send(handle, &ours).status(), 201);
    // By the admin key, which spans sites, for an agent.
    world.name("owner", testkit::ADMIN_KEY);
    let id = queued(&world, |_| {});
    let owner = |what: &str, body: &str| {
        let path = format!("{id}/{what}?site=sit_shop");
        status(&world, &path, "owner", body)
    };
    assert_eq!(owner("take", r#"{ "agent_id": "agt_lan" }"#), 200);
    let of_lan = answers.replacen('{', r#"{ "agent_id": "agt_lan", "#, 1);
    assert_eq!(owner("attempts", &of_lan), 201);
    assert_eq!(world.number("select count(*) from response"), 2);
    assert!(!row(&world, &id).result_id.is_empty());
}
