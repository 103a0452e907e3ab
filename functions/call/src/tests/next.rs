//! Who is called next, by whom, and what the agent is told.

use super::*;

/// Whom `who` calls next, by the ids; empty if there is nobody.
fn next(world: &World, who: &str) -> String {
    let answer = world.send(handle, &ask("next", who, ""));
    match answer.status().as_u16() {
        204 => String::new(),
        200 => {
            let body: Value = serde_json::from_slice(answer.body()).unwrap();
            body["callback"]["id"].as_str().unwrap().to_owned()
        }
        status => panic!("{status} {}", String::from_utf8_lossy(answer.body())),
    }
}

#[test]
fn the_agent_is_told_whom_to_call_and_what_to_say() {
    let world = world();
    let id = queued(&world, |_| {});
    world.name("id", &id);
    world.check(
        handle,
        &ask("next", "agent", ""),
        r#"200
etag: "v2"

        { "callback": { "id": "*", "version": 2, "mode": "asap", "state": "calling",
            "purpose": "request", "service_id": "svc_any", "agent_id": "agt_lan",
            "case_id": null, "order_id": null, "customer_id": null, "response_id": null,
            "touchpoint_id": null, "until": "2026-11-22T02:00:00Z",
            "language": "zh-CN", "tz": "Asia/Shanghai",
            "start": null, "end": null, "sequence": 0,
            "due": "2026-11-22T01:30:00Z", "due_by": "2026-11-22T02:30:00Z",
            "expires": "2026-11-29T01:30:00Z", "hold_expires": null, "attempts": 0,
            "outcome": null, "promise": "open", "result_id": null,
            "requested_at": "2026-11-22T01:30:00Z", "ended_at": null },
          "until": "2026-11-22T02:00:00Z",
          "contacts": { "phone": "+8613800138000", "name": "林 <b>小</b>姐" },
          "note": null, "script": "您好", "survey_id": "srv_shop", "attempts": [], "case": null }"#,
    );
    let row = row(&world, &id);
    assert_eq!(row.next_step, Some(at(30)), "others get it if nothing comes of it");
    assert_eq!(events(&world, &id), "callback.queued callback.taken");
    // What is known of the customer counts where the call itself says nothing.
    let customer = world.customer("CRM-1", "core", true);
    let of_customer = queued(&world, |it| it.customer_id.clone_from(&customer));
    world.database().execute("delete from contact where kind = 'phone'", []).unwrap();
    world.run(store::customers::set_contact(&customer, "phone", "+14155550100"));
    let told = world.json(handle, &ask("next", "agent", ""));
    assert_eq!(told["callback"]["id"], of_customer.as_str());
    assert_eq!(told["contacts"]["phone"], "+14155550100");
    assert_eq!(told["contacts"]["name"], "林 <b>小</b>姐");
}

#[test]
fn own_appointments_come_first_then_what_was_given_then_the_queue() {
    let world = world();
    let second = queued(&world, |it| it.place -= 1);
    let first = queued(&world, |it| it.place -= 2);
    let given = queued(&world, |it| {
        it.mode = "visit".into();
        it.agent_id = "agt_lan".into();
    });
    let others = queued(&world, |it| it.agent_id = "agt_bo".into());
    let appointment = booked(&world, 5);
    let later = booked(&world, 31);
    let order: Vec<String> = (0..5).map(|_| next(&world, "agent")).collect();
    assert_eq!(order, [appointment, given, first, second, String::new()]);
    let answer = world.send(handle, &ask("next", "agent", ""));
    assert_eq!(answer.headers()["next-due"], "2026-11-22T02:01:00Z");
    world.wait_ms(26 * MINUTE_MS);
    assert_eq!(next(&world, "agent"), later, "five minutes before its time");
    assert_eq!(row(&world, &others).state, "waiting");
    // Its time is not sold any more while they talk.
    assert_eq!(world.number("select count(*) from call_quantum"), 0);
}

#[test]
fn nobody_gets_what_they_cannot_do_or_where_it_is_night() {
    let world = world();
    let vip = queued(&world, |it| it.service_id = "svc_vip".into());
    let english = queued(&world, |it| it.language = "en-GB".into());
    assert_eq!(next(&world, "agent"), english, "she speaks whatever there is");
    assert_eq!(next(&world, "agent"), "", "but she is no specialist");
    assert_eq!(next(&world, "viewer"), "", "and he speaks English alone");
    let speaks = "update agent set languages = '[\"zh\", \"en\"]' where id = 'agt_bo'";
    world.database().execute(speaks, []).unwrap();
    assert_eq!(next(&world, "viewer"), vip);
    // 9:30 in Shanghai is 20:30 in New York; half an hour later nobody is called there.
    let york = [2, 1].map(|ahead| {
        queued(&world, |it| {
            it.zone = "America/New_York".into();
            it.place -= ahead;
        })
    });
    assert_eq!(next(&world, "agent"), york[0]);
    world.wait_ms(30 * MINUTE_MS);
    assert_eq!(next(&world, "agent"), "");
    // What somebody was given waits for the day, too; a service without quiet hours does not.
    queued(&world, |it| {
        it.zone = "America/New_York".into();
        it.agent_id = "agt_lan".into();
    });
    assert_eq!(next(&world, "agent"), "");
    let vip = queued(&world, |it| {
        it.zone = "America/New_York".into();
        it.service_id = "svc_vip".into();
    });
    assert_eq!(next(&world, "viewer"), vip);
}

#[test]
fn whole_towns_asleep_at_the_head_of_the_queue_hold_nobody_up() {
    let world = world();
    world.wait_ms(60 * MINUTE_MS);
    for zone in ["America/New_York", "America/Chicago", "Europe/London"] {
        for _ in 0..30 {
            queued(&world, |it| {
                it.zone = zone.into();
                it.place -= 1000;
            });
        }
    }
    // 10:30 in Shanghai: 21:30, 20:30 and 02:30.
    let chicago = next(&world, "agent");
    assert_eq!(row(&world, &chicago).zone, "America/Chicago");
    world.wait_ms(60 * MINUTE_MS);
    assert_eq!(next(&world, "agent"), "");
    let answer = world.send(handle, &ask("next", "agent", ""));
    assert_eq!(answer.headers()["next-due"], "2026-11-22T09:00:00Z", "nine in London");
    let here = queued(&world, |_| {});
    assert_eq!(next(&world, "agent"), here);
}

#[test]
fn what_is_not_due_listed_or_over_is_left_alone() {
    let world = world();
    queued(&world, |it| {
        it.due = at(90);
        it.place = at(90);
    });
    let over = queued(&world, |it| it.expires = at(1));
    let listed = queued(&world, |it| it.phone_hash = vec![7; 32]);
    world.run(store::do_not_call::insert("dnc_1", "sit_shop", [7; 32], "admin", 0));
    world.wait_ms(MINUTE_MS);
    let answer = world.send(handle, &ask("next", "agent", ""));
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["next-due"], "2026-11-22T03:00:00Z");
    assert_eq!(row(&world, &over).state, "waiting");
    // Who asked before the office opened keeps their place, and is called then.
    queued(&world, |it| {
        it.place = at(0);
        it.due = at(45);
    });
    let answer = world.send(handle, &ask("next", "agent", ""));
    assert_eq!(answer.headers()["next-due"], "2026-11-22T02:15:00Z");
    world.check(
        handle,
        &ask(&format!("{listed}/take"), "agent", ""),
        r#"409

        { "type": "/problems/do-not-call", "title": "*", "status": 409, "instance": "*" }"#,
    );
    let empty = World::with_site();
    empty.database().execute("update api_key set agent_id = 'agt_lan'", []).unwrap();
    let answer = empty.send(handle, &ask("next", "agent", ""));
    assert!(answer.status() == 204 && !answer.headers().contains_key("next-due"));
}

#[test]
fn two_who_ask_at_once_get_two_calls() {
    let world = world();
    let ids = [queued(&world, |_| {}), queued(&world, |_| {})];
    let both = [("/v1/callbacks/next", "{}", "a"), ("/v1/callbacks/next", "{}", "b")];
    let statuses = testkit::turns::both(&world, async |env, it| handle(env, it).await, both);
    assert_eq!(statuses, [200, 200]);
    for id in ids {
        assert_eq!(row(&world, &id).state, "calling");
        assert_eq!(events(&world, &id), "callback.queued callback.taken");
    }
}

/// Sends requests at once, each a step at a time, and gives their statuses.
fn crowd(world: &World, requests: &[String]) -> Vec<u16> {
    use http::Method;
    use std::task::Poll;
    use testkit::turns::InTurn;
    use web::{Exchange, Request};

    let handles: Vec<InTurn<'_>> = requests.iter().map(|_| InTurn(world)).collect();
    let mut futures: Vec<_> = requests
        .iter()
        .zip(&handles)
        .map(|(body, env)| {
            let headers = vec![
                ("authorization".to_owned(), b"Bearer sk_manager".to_vec()),
                ("content-type".to_owned(), b"application/json".to_vec()),
            ];
            let target = "/v1/callbacks/next";
            let body = Ok(body.clone().into_bytes());
            let request = Request::new(Method::POST, target, "huiyin.test", headers, body);
            let exchange = Exchange::of(&request, "req_test".to_owned());
            Box::pin(async move {
                let (answer, _) = exchange.finish(handle(env, request).await);
                answer.status().as_u16()
            })
        })
        .collect();
    let mut found = vec![None; requests.len()];
    pollster::block_on(std::future::poll_fn(|context| {
        for (future, found) in futures.iter_mut().zip(&mut found) {
            if found.is_none()
                && let Poll::Ready(status) = future.as_mut().poll(context)
            {
                *found = Some(status);
            }
        }
        if found.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    }));
    found.into_iter().flatten().collect()
}

#[test]
fn a_whole_shift_that_begins_at_once_gets_a_call_each() {
    let world = world();
    for ahead in 0..40 {
        queued(&world, |it| it.place -= ahead);
    }
    let requests = vec![r#"{ "agent_id": "agt_lan" }"#.to_owned(); 30];
    assert_eq!(crowd(&world, &requests), [200; 30]);
    let calling = "select count(*) from callback where state = 'calling'";
    assert_eq!(world.number(calling), 30);
    let taken = "select count(*) from event where kind = 'callback.taken'";
    assert_eq!(world.number(taken), 30, "nobody has a call that somebody else has");
}

#[test]
fn the_same_key_gets_the_same_call() {
    let world = world();
    let ids = [queued(&world, |_| {}), queued(&world, |it| it.place += 1)];
    let ask = format!("POST /v1/callbacks/next{LAN}\nidempotency-key: k");
    let first = world.send(handle, &ask);
    let again = world.send(handle, &ask);
    assert_eq!(first.body(), again.body());
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(row(&world, &ids[1]).state, "waiting");
}

#[test]
fn one_is_taken_and_let_go_by_whoever_holds_it() {
    let world = world();
    let id = booked(&world, 120);
    let path = |what: &str| format!("{id}/{what}");
    assert_eq!(status(&world, &path("release"), "agent", ""), 409, "nobody has it");
    assert_eq!(status(&world, &path("take"), "viewer", ""), 200, "before its time, too");
    assert_eq!(status(&world, &path("take"), "agent", ""), 409);
    assert_eq!(status(&world, &path("release"), "agent", ""), 409, "it is not hers");
    assert_eq!(status(&world, &path("release"), "viewer", ""), 200);
    let let_go = row(&world, &id);
    assert_eq!((let_go.state.as_str(), let_go.agent_id.as_str()), ("waiting", ""));
    assert_eq!((let_go.place, let_go.due), (at(120), at(120)));
    assert_eq!(events(&world, &id), "callback.booked callback.taken callback.released");
    let lan = r#"{ "agent_id": "agt_lan" }"#;
    assert_eq!(status(&world, &path("take"), "manager", lan), 200);
    assert_eq!(row(&world, &id).agent_id, "agt_lan");
    let stale = format!("POST /v1/callbacks/{id}/release{LAN}\nif-match: \"v1\"");
    assert_eq!(world.send(handle, &stale).status(), 412);
}

#[test]
fn every_call_has_an_agent() {
    let world = world();
    queued(&world, |_| {});
    let wrong = |detail: &str| {
        format!(
            r#"422

            {{ "type": "/problems/invalid-fields", "title": "*", "status": 422, "instance": "*",
               "errors": [ {{ "pointer": "/agent_id", "detail": "{detail}" }} ] }}"#
        )
    };
    let nobodys = "this key is no agent's: a manager names one, others use a key of their own";
    world.check(handle, &ask("next", "manager", ""), &wrong(nobodys));
    let other = r#"{ "agent_id": "agt_bo" }"#;
    world.check(handle, &ask("next", "agent", other), &wrong("must be you: this needs a manager"));
    let unknown = r#"{ "agent_id": "agt_x" }"#;
    world.check(handle, &ask("next", "manager", unknown), &wrong("must be the id of an agent"));
    assert_eq!(status(&world, "next", "manager", r#"{ "agent_id": 7, "x": 1 }"#), 422);
    assert_eq!(status(&world, "next", "manager", r#"{ "agent_id": "agt_lan" }"#), 200);
}

#[test]
fn other_sites_other_methods_and_no_key() {
    let world = world();
    let id = queued(&world, |_| {});
    assert_eq!(world.send(handle, "POST /v1/callbacks/next").status(), 401);
    for what in ["take", "release", "attempts"] {
        let path = format!("{id}/{what}");
        assert_eq!(world.send(handle, &format!("POST /v1/callbacks/{path}")).status(), 401);
        let get = format!("GET /v1/callbacks/{path}{LAN}");
        let answer = world.send(handle, &get);
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "POST");
    }
    let elsewhere = "update agent set site_id = 'sit_other' where id = 'agt_bo'";
    world.database().execute(elsewhere, []).unwrap();
    let body = r#"{ "agent_id": "agt_bo" }"#;
    assert_eq!(status(&world, &format!("{id}/take"), "other", body), 404);
    let body = r#"{ "agent_id": "agt_bo", "outcome": "busy" }"#;
    assert_eq!(status(&world, &format!("{id}/attempts"), "other", body), 404);
    assert_eq!(status(&world, "cbk_none/take", "agent", ""), 404);
    assert_eq!(status(&world, "a/b/c", "agent", ""), 404);
    world.break_database();
    assert_eq!(status(&world, "next", "agent", ""), 503);
    assert!(world.logged_cause().is_some());
}

#[test]
fn what_happened_to_a_call_is_told_and_proved() {
    let world = world();
    let id = queued(&world, |_| {});
    let trail = world.json(handle, &format!("GET /v1/callbacks/{id}/audit{LAN}"));
    assert_eq!(trail["items"][0]["type"], "callback.queued");
    let proof = world.json(handle, &format!("GET /v1/callbacks/{id}/audit/verify{LAN}"));
    assert_eq!(proof["is_intact"], true);
}
