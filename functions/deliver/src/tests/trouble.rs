//! Receivers that fail, throttle, are gone, or whose webhook is taken away while it is served.

use super::*;

#[test]
fn ten_tries_follow_the_schedule_and_then_it_is_dead() {
    let desk = Desk::new(|_, _| status(500));
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["tried"], 1);
    let seconds = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for delay in seconds {
        let before = desk.number("select max(at_ms) from attempt");
        let due = desk.number("select due_at_ms from delivery") - before;
        assert!((delay * 1000..=delay * 1100).contains(&due), "{delay}: {due}");
        // Not a moment too early, however often we are called.
        assert_eq!(desk.later(due - 1), 0, "{delay}");
        assert_eq!(desk.later(1), 1, "{delay}");
    }
    assert_eq!(desk.states(), "1 dead");
    assert_eq!(desk.tick()["next_due_at"], Value::Null);
    assert_eq!(desk.later(9 * DAY), 0);
    assert_eq!(desk.number("select count(*) from attempt where status = 500"), 10);
    assert_eq!(desk.number("select count(distinct number) from attempt"), 10);
    let sent = desk.sent();
    assert!(sent.len() == 10 && sent.iter().all(|it| *it == sent[0]), "{sent:?}");
}

#[test]
fn a_retry_after_is_heeded() {
    let desk = Desk::new(|_, _| retry_after(503, "3600"));
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    desk.tick();
    let next = desk.tick()["next_due_at"].clone();
    assert_eq!(next, "2026-11-22T02:30:00Z");
    assert_eq!((desk.later(HOUR - 1), desk.later(1)), (0, 1));
}

#[test]
fn throttling_holds_back_the_whole_webhook() {
    for (code, header) in [(429, "600"), (502, "Sun, 22 Nov 2026 01:40:00 GMT"), (504, "600")] {
        let desk = Desk::new(move |world, call| match world.now() {
            testkit::START if call.url.contains("whk-crm") => retry_after(code, header),
            _ => status(200),
        });
        desk.webhook("whk_crm", json!({}));
        desk.webhook("whk_well", json!({}));
        desk.happened(&["cus_1"]);
        assert_eq!(desk.tick()["tried"], 2);
        // Nobody else waits for it.
        desk.happened(&["cus_2"]);
        assert_eq!((desk.later(MINUTE), desk.later(9 * MINUTE - 1)), (1, 0), "{code}");
        assert_eq!(desk.later(1), 2, "{code}");
        assert_eq!(desk.states(), "4 delivered");
    }
    // Without a Retry-After, until that delivery is tried again.
    let desk = Desk::new(|_, _| status(429));
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    desk.tick();
    desk.happened(&["cus_2"]);
    assert_eq!((desk.later(4999), desk.later(501)), (0, 1));
}

#[test]
fn who_is_gone_is_not_called_again() {
    let desk = Desk::new(|_, call| status(if call.url.contains("gone") { 410 } else { 200 }));
    desk.webhook("whk_gone", json!({}));
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["delivered"], 1);
    let state = "select count(*) from webhook where id = 'whk_gone' and state = 'disabled'
         and reason = 'gone' and version = 2";
    assert_eq!(desk.number(state), 1);
    let notice = "select count(*) from notice where kind = 'webhook.disabled'
         and subject = 'whk_gone' and site_id = 'sit_shop' and data ->> 'reason' = 'gone'";
    assert_eq!(desk.number(notice), 1);
    // The other webhook learns of it at once, and the one that is gone of nothing.
    assert!(desk.world.hurried().contains(&"deliver"));
    desk.sent();
    desk.happened(&["cus_2"]);
    assert_eq!(desk.later(DAY), 2);
    let disabled = "select count(*) from event where kind = 'webhook.disabled' and id = ?1";
    let sent = desk.sent();
    let found = desk.world.database().query_row(disabled, [&sent[0]], |row| row.get(0));
    assert_eq!((found, sent[1].as_str()), (Ok(1), "evt_cus_2_1"));
}

#[test]
fn five_days_without_a_success_disable_and_nothing_is_lost() {
    let desk = Desk::new(|world, _| {
        status(if world.now() < testkit::START + 6 * DAY { 500 } else { 200 })
    });
    desk.webhook("whk_crm", json!({}));
    let mut hours = 0;
    while desk.number("select count(*) from webhook where state = 'active'") == 1 {
        desk.happened(&[&format!("cus_{hours}")]);
        desk.later(HOUR);
        hours += 1;
    }
    // The first failure came an hour after the beginning.
    assert_eq!(hours, 5 * 24 + 1);
    let event = "select count(*) from event where kind = 'webhook.disabled' and version = 2
         and subject = 'whk_crm' and actor = 'tick' and data ->> 'reason' = 'failing'
         and data ->> 'since' = '2026-11-22T02:30:00Z'";
    assert_eq!(desk.number(event), 1);
    assert_eq!(desk.number("select count(*) from notice"), 1);
    let calls = desk.sent().len();
    desk.happened(&["cus_late"]);
    assert_eq!(desk.later(DAY), 0);
    assert_eq!(desk.tick()["next_due_at"], Value::Null);
    // As staff do it.
    desk.run("update webhook set state = 'active', reason = '', version = 3");
    desk.run("update outlet set is_active = 1, due_at_ms = 0");
    desk.later(DAY);
    let dead = desk.number("select count(*) from delivery where state = 'dead'");
    assert!(dead < 4, "what waited was not wasted: {dead} dead after {calls} calls");
    assert_eq!(desk.number("select count(*) from delivery where state = 'due'"), 0);
    // All of the hours, the late one, and the webhook's own event.
    let delivered = desk.number("select count(*) from delivery where state = 'delivered'");
    assert_eq!(delivered + dead, hours + 2);
}

#[test]
fn a_receiver_that_fails_is_probed_with_one_at_a_time() {
    let desk =
        Desk::new(|world, _| status(if world.now() < testkit::START + HOUR { 503 } else { 200 }));
    desk.webhook("whk_crm", json!({}));
    let subjects: Vec<String> = (0..300).map(|it| format!("cus_{it}")).collect();
    for subject in &subjects {
        desk.happened(&[subject]);
    }
    // The first ones are under way before anybody knows.
    assert_eq!(desk.tick()["tried"], 10);
    assert_eq!(desk.later(4999), 0);
    let mut probes = 0;
    while desk.world.now() < testkit::START + HOUR - MINUTE {
        let tried = desk.later(MINUTE);
        assert!(tried <= 1, "{tried}");
        probes += tried;
    }
    assert!((15..60).contains(&probes), "{probes}");
    assert_eq!(desk.number("select count(*) from delivery where state = 'dead'"), 0);
    // One arrives, and all the others with it.
    let mut waited = 0;
    while desk.later(MINUTE) < 2 {
        waited += 1;
    }
    assert!(waited <= 6, "{waited}");
    desk.later(HOUR);
    assert_eq!(desk.states(), "300 delivered");
}

#[test]
fn one_event_that_is_refused_does_not_stop_the_others() {
    let desk = Desk::new(|_, call| {
        status(if header(call, "webhook-id").starts_with("evt_bad") { 422 } else { 200 })
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1", "cus_2", "bad_1", "cus_3", "cus_4", "cus_5"]);
    let answer = desk.tick();
    assert_eq!((&answer["tried"], &answer["delivered"]), (&json!(6), &json!(5)));
    assert_eq!(desk.states(), "5 delivered, 1 due");
}

#[test]
fn nobody_who_does_not_answer_delays_another() {
    let desk = Desk::new(
        |_, call| {
            if call.url.contains("dns") { Err(Unanswered::Dns) } else { status(200) }
        },
    );
    desk.webhook("whk_dns", json!({}));
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    let answer = desk.tick();
    assert_eq!((&answer["webhooks"], &answer["delivered"]), (&json!(2), &json!(1)));
    let tried = "select count(*) from attempt where webhook_id = 'whk_dns' and status = 0
         and error = 'dns'";
    assert_eq!(desk.number(tried), 1);
}

#[test]
fn the_address_is_looked_at_before_every_try() {
    let desk = Desk::well();
    desk.webhook("whk_crm", json!({ "url": "https://169.254.169.254/latest" }));
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["tried"], 1);
    assert!(desk.sent().is_empty());
    assert_eq!(desk.number("select count(*) from attempt where error = 'forbidden'"), 1);
    desk.run("update webhook set url = 'http://10.2.3.4:8080/hook'");
    assert_eq!((desk.later(5500), desk.sent().len()), (1, 0));
    desk.world.set("webhook_allow_private", "10.2.0.0/16");
    assert_eq!((desk.later(HOUR), desk.sent().len()), (1, 1));
    assert_eq!(desk.states(), "1 delivered");
}

#[test]
fn a_secret_that_does_not_open_is_not_the_receivers_fault() {
    let desk = Desk::well();
    desk.webhook("whk_crm", json!({}));
    desk.world.set("secret_key", "another");
    desk.happened(&["cus_1", "cus_2"]);
    assert_eq!((&desk.tick()["tried"], desk.sent().len()), (&json!(1), 0));
    assert_eq!(desk.number("select count(*) from attempt where error = 'secret'"), 1);
    assert_eq!(desk.number("select count(*) from outlet where failing_since_ms is null"), 1);
    assert_eq!(desk.later(5 * MINUTE - 1), 0);
    // Never disabled for it; and all is well with the old key again.
    for _ in 0..8 {
        desk.later(DAY);
    }
    assert_eq!(desk.number("select count(*) from webhook where state = 'active'"), 1);
    desk.world.set("secret_key", SECRET_KEY);
    desk.later(DAY);
    assert_eq!(desk.states(), "2 delivered");
}

#[test]
fn two_ticks_never_make_the_same_try() {
    let desk = Desk::new(|world, _| {
        // While this try is under way, another tick comes, and so does one of a neighbour.
        assert_eq!(tick(world)["tried"], 0);
        assert_eq!(world.json(handle, "POST /hurry")["webhooks"], 0);
        status(200)
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1", "cus_2", "cus_3"]);
    assert_eq!(desk.tick()["delivered"], 3);
    assert_eq!(desk.sent().len(), 3);
}

#[test]
fn a_webhook_at_work_is_left_out_by_a_tick_that_serves_others() {
    let desk = Desk::new(|world, call| {
        if call.url.contains("whk-busy") {
            let database = world.database();
            database.execute("update outlet set is_active = 1", []).unwrap();
            drop(database);
            let answer = world.json(handle, "POST /hurry");
            assert_eq!((&answer["webhooks"], &answer["tried"]), (&json!(1), &json!(1)));
        }
        status(200)
    });
    desk.webhook("whk_busy", json!({}));
    desk.webhook("whk_other", json!({}));
    desk.run("update outlet set is_active = 0 where webhook_id = 'whk_other'");
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["delivered"], 1);
    assert_eq!(desk.states(), "2 delivered");
}

#[test]
fn a_try_is_recorded_once() {
    let desk = Desk::new(|world, _| {
        // Somebody else made the same try, recorded it, and is about to make another.
        let database = world.database();
        database.execute("update delivery set tries = 1, round = 1, status = 500", []).unwrap();
        let attempt = "insert into attempt (webhook_id, sequence, number, at_ms, duration_ms,
               status, error, answer)
             select webhook_id, sequence, 1, 0, 0, 500, '', '' from delivery";
        database.execute(attempt, []).unwrap();
        let taken = "update delivery set due_at_ms = ?1";
        database.execute(taken, [world.now() + HOUR]).unwrap();
        status(200)
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    desk.tick();
    assert_eq!(desk.states(), "1 due");
    assert_eq!(desk.number("select sum(status) from attempt"), 500);
    assert_eq!(desk.number("select tries from delivery"), 1);
}

#[test]
fn who_loses_the_lease_records_nothing() {
    let desk = Desk::new(|world, _| {
        if world.number("select count(*) from outlet where lease = 'lea_other'") == 0 {
            let taken = "update outlet set lease = 'lea_other', lease_until_ms = ?1";
            world.database().execute(taken, [world.now() + MINUTE]).unwrap();
        }
        status(200)
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1", "cus_2"]);
    assert_eq!(desk.tick()["tried"], 2);
    assert_eq!(desk.number("select count(*) from attempt"), 0);
    assert_eq!(desk.states(), "2 due");
    assert_eq!(desk.number("select count(*) from outlet where lease = 'lea_other'"), 1);
    desk.world.receive(|_, _| status(200));
    // Once the other's time is over, the same tries are made again.
    assert_eq!((desk.later(MINUTE - 1), desk.later(1)), (0, 2));
    assert_eq!(desk.states(), "2 delivered");
    assert_eq!(desk.number("select sum(number) from attempt"), 2);
}

#[test]
fn what_staff_change_meanwhile_holds_from_the_next_try_on() {
    let desk = Desk::new(|world, call| {
        if call.url.contains("whk-crm") {
            let database = world.database();
            let moved = "update webhook set url = 'https://new.example/', version = version + 1";
            database.execute(moved, []).unwrap();
        }
        status(500)
    });
    desk.webhook("whk_crm", json!({}));
    desk.happened(&["cus_1"]);
    assert_eq!(desk.tick()["tried"], 1);
    assert_eq!(desk.later(5500), 1);
    let urls: Vec<String> = desk.calls.take().into_iter().map(|it| it.url).collect();
    assert_eq!(urls, ["https://whk-crm.example/hook", "https://new.example/"]);
    // Paused: nothing more.
    desk.run("update outlet set is_active = 0");
    assert_eq!(desk.later(DAY), 0);
    // Deleted while a try is under way: it leaves nothing behind, and harms nobody.
    desk.run("update outlet set is_active = 1, not_before_ms = 0");
    desk.world.receive(|world, _| {
        world.database().execute("delete from webhook", []).unwrap();
        status(200)
    });
    assert_eq!(desk.later(DAY), 1);
    assert_eq!(desk.tick()["next_due_at"], Value::Null);
    assert_eq!(desk.number("select count(*) from attempt where status = 200"), 0);
}
