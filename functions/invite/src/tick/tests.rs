//! Waves, with a clock that moves.

// What staff see of it is told by the component that shows it.
#[path = "../../../programme/src/lib.rs"]
#[expect(unreachable_pub, reason = "there it is the crate's own")]
mod staff;

#[path = "chance/tests.rs"]
mod chance;

use domain::civil::DAY_MS;
use serde_json::{Value, json};
use testkit::{SECRET_KEY, TICK_KEY, World};

const HOUR_MS: i64 = DAY_MS / 24;

/// A world that stands just after midnight in Shanghai, with an open survey.
fn midnight() -> World {
    let world = World::with_site();
    world.wait_ms(14 * HOUR_MS + HOUR_MS / 2);
    world
}

fn tick(world: &World) -> Value {
    let head = "POST /internal/tick/invite\nauthorization: Bearer";
    world.json(crate::handle, &format!("{head} {TICK_KEY}\n"))
}

/// Ticks once a minute until there is nothing more to do now.
fn settle(world: &World) {
    for _ in 0..20 {
        world.wait_ms(60_000);
        tick(world);
    }
}

/// Lets days pass, each with a few ticks.
fn pass(world: &World, days: i64) {
    for _ in 0..days {
        for _ in 0..4 {
            world.wait_ms(6 * HOUR_MS);
            tick(world);
        }
    }
}

fn plan(world: &World, members: &str) -> String {
    let head = "POST /v1/programmes\nauthorization: Bearer {manager}";
    let body = format!(r#"{{ "name": "季度", "study_id": "srv_shop", {members} }}"#);
    let made = world.json(staff::handle, &format!("{head}\n\n{body}"));
    made["id"].as_str().unwrap().to_owned()
}

fn waves(world: &World, programme: &str) -> Vec<Value> {
    let path = format!("/v1/programmes/{programme}/waves?limit=100");
    let read = format!("GET {path}\nauthorization: Bearer {{viewer}}");
    let mut waves = world.json(staff::handle, &read)["items"].as_array().unwrap().clone();
    waves.reverse();
    waves
}

fn due_on(waves: &[Value]) -> Vec<&str> {
    waves.iter().map(|it| it["due_on"].as_str().unwrap()).collect()
}

fn wave(world: &World, id: &Value) -> Value {
    let id = id.as_str().unwrap();
    world.json(staff::handle, &format!("GET /v1/waves/{id}\nauthorization: Bearer {{viewer}}"))
}

fn invitations(world: &World, wave: &Value, query: &str) -> Vec<Value> {
    let path = format!("/v1/waves/{}/invitations?limit=100{query}", wave.as_str().unwrap());
    let read = format!("GET {path}\nauthorization: Bearer {{agent}}");
    world.json(staff::handle, &read)["items"].as_array().unwrap().clone()
}

fn events(world: &World, kind: &str) -> i64 {
    world.number(&format!("select count(*) from event where kind = '{kind}'"))
}

/// Answers an invitation as the public side takes an answer through its link.
fn answer(world: &World, invitation: &Value) {
    let url = invitation["url"].as_str().unwrap();
    let token = url.strip_prefix("http://huiyin.test/s/srv_shop?l=").unwrap();
    let fields = app::sealed::open(SECRET_KEY, "link", token).unwrap();
    assert_eq!(fields[3], "1");
    assert_eq!(fields[4], invitation["customer_id"].as_str().unwrap());
    assert_eq!(fields[7], invitation["id"].as_str().unwrap());
    let body = json!({ "link": token, "answers": { "recommend": 9, "quality": 5 } });
    let head = "POST /test/responses\nauthorization: Bearer {pk}";
    let taken = world.send(submit, &format!("{head}\n\n{body}"));
    assert_eq!(taken.status(), 204, "{}", String::from_utf8_lossy(taken.body()));
    let of = "select customer_id from response where idempotency_key = 'link:' || ?1";
    let of: String = world.database().query_row(of, [&fields[1]], |row| row.get(0)).unwrap();
    assert_eq!(of, fields[4], "through whatever device, it is that customer's answer");
}

/// Takes a response as `survey` does.
async fn submit(env: &World, request: web::Request) -> Result<web::Response, web::Problem> {
    use app::intake::{Call, published};
    let key = published::caller_key(&request)?;
    let call = Call { request: &request, survey_id: "srv_shop", key: Some(key), source: "widget" };
    let fields = request.fields()?;
    call.with(env, 0, async |published| {
        let name = domain::id::token("once:", ports::Env::random(env));
        call.take(env, published, fields.clone(), name, [0; 32]).await
    })
    .await?;
    Ok(web::no_content())
}

#[test]
fn a_wave_invites_the_planned_number_of_each_group_and_tells_who_is_missing() {
    let world = midnight();
    for (group, number) in [("new", 30), ("existing", 30), ("core", 4)] {
        for at in 0..number {
            world.customer(&format!("{group}-{at}"), group, at != 0);
        }
    }
    world.customer("nobody", "", true);
    let elsewhere = world.customer("elsewhere", "core", true);
    let moved = "update customer set site_id = 'sit_other' where id = ?1";
    world.database().execute(moved, [elsewhere]).unwrap();
    let id = plan(
        &world,
        r#""recurrence": "once", "starts_on": "2026-11-23", "open_days": 10,
           "sample": { "new": 10, "existing": 30, "core": 20 }"#,
    );
    assert_eq!(tick(&world)["done"], json!(["invite"]));
    settle(&world);
    let waves = waves(&world, &id);
    assert_eq!(waves.len(), 1);
    assert_eq!(waves[0]["state"], "open");
    let shown = wave(&world, &waves[0]["id"]);
    let group = |group: &str, planned, customers: i64, invited: i64, missing| {
        json!({ "group": group, "planned": planned, "customers": customers,
            "may_ask": customers - 1, "invited": invited, "answered": 0, "rate": 0.0,
            "missing": missing, "not_invited": customers - invited })
    };
    let groups = [
        group("new", 10, 30, 10, 0),
        group("existing", 30, 30, 29, 1),
        group("core", 20, 4, 3, 17),
    ];
    assert_eq!(shown["groups"], json!(groups));
    assert_eq!(shown["closes_at"], "2026-12-02T16:00:00Z");
    assert_eq!(events(&world, "survey.invitation_due"), 42);
    // An event names neither the customer nor the link.
    let leaks = "select count(*) from event e join customer c on instr(e.data, c.id)";
    assert_eq!(world.number(leaks), 0);
    let each = invitations(&world, &waves[0]["id"], "");
    assert_eq!(each.len(), 42);
    assert!(each.iter().all(|it| it["state"] == "invited" && it["invited_at"] != Value::Null));
    let path = format!("/v1/waves/{}/invitations", waves[0]["id"].as_str().unwrap());
    let one = each[7]["id"].as_str().unwrap();
    let read = format!("GET {path}/{one}\nauthorization: Bearer {{agent}}");
    assert_eq!(world.json(staff::handle, &read), each[7]);
    let verify = format!("GET {path}/{one}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(staff::handle, &verify)["is_intact"], true);
}

#[test]
fn a_draw_can_be_repeated_and_checked() {
    let world = midnight();
    for at in 0..200 {
        world.customer(&format!("c{at}"), "existing", true);
    }
    let id = plan(
        &world,
        r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "existing": 20 }"#,
    );
    settle(&world);
    let first = waves(&world, &id)[0]["id"].as_str().unwrap().to_owned();
    let draw = |wave: &str| {
        let order = domain::wave::order(wave);
        let statement = store::invitations::draw("sit_shop", "existing", 20, "[]", order).statement;
        let mut found = testkit::rows(&world.database(), statement).unwrap();
        let drawn = found.remove(0).read(|row| (row.integer(), row.integer(), row.text())).unwrap();
        let mut ids: Vec<String> = serde_json::from_str(&drawn.2).unwrap();
        ids.sort();
        ids
    };
    let invited = "select json_group_array(customer_id) from
        (select customer_id from invitation order by customer_id)";
    let invited: String = world.database().query_row(invited, [], |row| row.get(0)).unwrap();
    assert_eq!(json!(draw(&first)).to_string(), invited);
    assert_ne!(draw("wav_other"), draw(&first));
}

#[test]
fn reminders_go_to_those_who_have_not_answered_and_the_wave_closes() {
    let world = midnight();
    for at in 0..8 {
        world.customer(&format!("c{at}"), "core", true);
    }
    let id = plan(
        &world,
        r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "core": 8 },
           "open_days": 10, "remind_after_days": [3, 7]"#,
    );
    settle(&world);
    let first = waves(&world, &id)[0]["id"].clone();
    let each = invitations(&world, &first, "");
    answer(&world, &each[0]);
    answer(&world, &each[1]);
    // Whoever withdrew their consent hears no more of it.
    let silent = each[2]["customer_id"].as_str().unwrap();
    let withdraw = "update customer set has_consent = 0 where id = ?1";
    world.database().execute(withdraw, [silent]).unwrap();
    pass(&world, 4);
    assert_eq!(events(&world, "survey.reminder_due"), 5);
    assert_eq!(invitations(&world, &first, "&state=reminded").len(), 5);
    assert_eq!(invitations(&world, &first, "&state=answered").len(), 2);
    assert_eq!(invitations(&world, &first, "&state=invited").len(), 1);
    answer(&world, &each[3]);
    pass(&world, 4);
    assert_eq!(events(&world, "survey.reminder_due"), 5 + 4);
    let shown = wave(&world, &first);
    assert_eq!((&shown["reminders"], &shown["state"]), (&2.into(), &"open".into()));
    assert_eq!(shown["groups"][2]["answered"], 3);
    assert_eq!(shown["groups"][2]["rate"], 37.5);
    pass(&world, 4);
    assert_eq!(wave(&world, &first)["state"], "closed");
    let closed = "select data ->> '$.groups.core.answered' from event where kind = 'wave.closed'";
    assert_eq!(world.number(closed), 3);
    assert!(invitations(&world, &first, "").iter().all(|it| it["url"].is_null()));
    pass(&world, 40);
    assert_eq!(events(&world, "survey.reminder_due"), 9);
    assert_eq!(waves(&world, &id).len(), 1, "once is once");
    for it in &each {
        let path = format!("/v1/waves/{}/invitations", first.as_str().unwrap());
        let path = format!("{path}/{}/audit/verify", it["id"].as_str().unwrap());
        let verify = format!("GET {path}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.json(staff::handle, &verify)["is_intact"], true);
    }
}

#[test]
fn a_year_of_monthly_and_quarterly_waves() {
    let world = midnight();
    world.publish_with(r#""sampling": { "rest_days": { "survey": 25, "any": 3 } }"#);
    for at in 0..40 {
        world.customer(&format!("c{at}"), "existing", true);
    }
    let sample = r#""sample": { "existing": 12 }, "open_days": 7, "remind_after_days": [2]"#;
    let monthly =
        plan(&world, &format!(r#""recurrence": "monthly", "starts_on": "2026-12-31", {sample}"#));
    let quarterly =
        plan(&world, &format!(r#""recurrence": "quarterly", "starts_on": "2026-11-30", {sample}"#));
    pass(&world, 366);
    let months = waves(&world, &monthly);
    assert_eq!(
        due_on(&months),
        [
            "2026-12-31",
            "2027-01-31",
            "2027-02-28",
            "2027-03-31",
            "2027-04-30",
            "2027-05-31",
            "2027-06-30",
            "2027-07-31",
            "2027-08-31",
            "2027-09-30",
            "2027-10-31",
        ]
    );
    let quarters = waves(&world, &quarterly);
    assert_eq!(due_on(&quarters), ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"]);
    let all: Vec<&Value> = months.iter().chain(&quarters).collect();
    assert!(all.iter().all(|it| it["state"] == "closed"), "a week later each is over");
    let numbers: Vec<i64> = months.iter().map(|it| it["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=11).collect::<Vec<i64>>());
    // Nobody is invited twice within the survey's rest: of 40 who are asked by twelves, the
    // second wave of a day takes others.
    let again = "select count(*) from invitation a join invitation b
        on a.customer_id = b.customer_id and a.id < b.id
        where abs(b.invited_at_ms - a.invited_at_ms) < 25 * 86400000";
    assert_eq!(world.number(again), 0);
    assert_eq!(events(&world, "survey.invitation_due"), 12 * 15);
    assert_eq!(events(&world, "survey.reminder_due"), 12 * 15);
    // In a year of samples nearly everybody had a turn.
    assert!(35 <= world.number("select count(distinct customer_id) from invitation"));
}

#[test]
fn after_days_of_silence_only_the_newest_wave_opens() {
    let world = midnight();
    world.customer("c", "new", true);
    let id = plan(
        &world,
        r#""recurrence": "monthly", "starts_on": "2026-11-30", "sample": { "new": 1 },
           "open_days": 20, "remind_after_days": [1, 2, 3]"#,
    );
    world.wait_ms(100 * DAY_MS);
    settle(&world);
    let found = waves(&world, &id);
    assert_eq!(due_on(&found), ["2027-02-28"]);
    assert_eq!(found[0]["opened_at"], "2027-03-02T16:01:00Z", "and it is open as long as planned");
    assert_eq!(found[0]["closes_at"], "2027-03-22T16:01:00Z");
    // Of three reminders that are late one goes out.
    world.wait_ms(10 * DAY_MS);
    settle(&world);
    assert_eq!(events(&world, "survey.reminder_due"), 1);
    assert_eq!(wave(&world, &found[0]["id"])["reminders"], 3);
    let path = format!("/v1/programmes/{id}");
    let shown = world.json(staff::handle, &format!("GET {path}\nauthorization: Bearer {{viewer}}"));
    assert_eq!(shown["next_wave_at"], "2027-03-29T16:00:00Z");
}

#[test]
fn a_survey_that_cannot_be_answered_is_skipped_and_said_so() {
    let world = midnight();
    world.customer("c", "new", true);
    let id = plan(
        &world,
        r#""recurrence": "monthly", "starts_on": "2026-11-23", "sample": { "new": 1 }"#,
    );
    world.database().execute("update study set state = 'closed'", []).unwrap();
    settle(&world);
    assert_eq!(waves(&world, &id).len(), 0);
    let why = "select data from event where kind = 'programme.wave_skipped'";
    let why: String = world.database().query_row(why, [], |row| row.get(0)).unwrap();
    assert_eq!(why, r#"{"due_on":"2026-11-23","reason":"study_not_open"}"#);
    world.database().execute("update study set state = 'open'", []).unwrap();
    pass(&world, 31);
    assert_eq!(due_on(&waves(&world, &id)), ["2026-12-23"]);
}

#[test]
fn a_wave_and_its_links_end_with_the_survey() {
    let world = midnight();
    world.customer("c", "new", true);
    world
        .publish_with(r#""opens_at": "2026-11-22T00:00:00Z", "closes_at": "2026-11-25T00:00:00Z""#);
    let monthly = r#""recurrence": "monthly", "sample": { "new": 1 }, "open_days": 14"#;
    let id = plan(&world, &format!(r#""starts_on": "2026-11-23", {monthly}"#));
    settle(&world);
    let found = waves(&world, &id);
    assert_eq!(found[0]["closes_at"], "2026-11-25T00:00:00Z");
    pass(&world, 3);
    assert_eq!(wave(&world, &found[0]["id"])["state"], "closed");
    pass(&world, 31);
    assert_eq!(waves(&world, &id).len(), 1, "nobody is invited to what is over");
    assert_eq!(events(&world, "programme.wave_skipped"), 1);
    // Nor to what has not begun.
    world.publish_with(r#""opens_at": "2027-06-01T00:00:00Z""#);
    pass(&world, 31);
    assert_eq!(events(&world, "programme.wave_skipped"), 2);
}

#[test]
fn a_site_that_moves_keeps_its_days() {
    let world = midnight();
    world.customer("c", "new", true);
    let id =
        plan(&world, r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "new": 1 }"#);
    let moved = "update site set zone = 'America/New_York' where id = 'sit_shop'";
    world.database().execute(moved, []).unwrap();
    settle(&world);
    assert_eq!(waves(&world, &id).len(), 0, "there it is still the day before");
    let read = format!("GET /v1/programmes/{id}\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(staff::handle, &read)["next_wave_at"], "2026-11-23T05:00:00Z");
    pass(&world, 1);
    assert_eq!(due_on(&waves(&world, &id)), ["2026-11-23"]);
    let verify = format!("GET /v1/programmes/{id}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(staff::handle, &verify)["is_intact"], true);
}

#[test]
fn whoever_was_asked_lately_is_not_drawn() {
    let world = midnight();
    world.publish_with(r#""sampling": { "rest_days": { "metric": 30 } }"#);
    let shown = world.customer("shown", "core", true);
    let other = world.customer("other", "core", true);
    let row =
        json!([["sit_shop", "srv_other", shown, 20_780, ports::Env::now(&world), ["nps"], []]]);
    world.run(store::rests::shown(&row.to_string()));
    let id =
        plan(&world, r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "core": 5 }"#);
    settle(&world);
    let first = waves(&world, &id)[0]["id"].clone();
    let each = invitations(&world, &first, "");
    assert_eq!(each.len(), 1);
    assert_eq!(each[0]["customer_id"], other.as_str());
    assert_ne!(each[0]["customer_id"], shown.as_str());
    // An invitation sets the clocks as a display does.
    let clocks = "select group_concat(scope) from rest where who = ?1 order by scope";
    let clocks: String = world.database().query_row(clocks, [&other], |row| row.get(0)).unwrap();
    assert_eq!(clocks, ",ces,csat,nps,srv_shop");
}

#[test]
fn a_wave_of_thousands_goes_out_in_slices_and_each_person_once() {
    let world = midnight();
    for at in 0..1_300 {
        world.customer(&format!("c{at}"), "existing", true);
    }
    let id = plan(
        &world,
        r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "existing": 1200 },
           "remind_after_days": [1]"#,
    );
    let slow = "update job set lease_until_ms = 0 where kind = 'invite'";
    for _ in 0..3 {
        // Two ticks at once, and one that is given up in the middle.
        tick(&world);
        world.database().execute(slow, []).unwrap();
        tick(&world);
    }
    assert_eq!(events(&world, "survey.invitation_due"), 1_200);
    assert_eq!(world.number("select count(distinct customer_id) from invitation"), 1_200);
    assert_eq!(events(&world, "wave.invited"), 1);
    let first = waves(&world, &id)[0]["id"].clone();
    assert_eq!(wave(&world, &first)["groups"][1]["invited"], 1_200);
    pass(&world, 2);
    assert_eq!(events(&world, "survey.reminder_due"), 1_200);
    let seals = "select count(*) from event where kind like 'survey.%' and version > 2";
    assert_eq!(world.number(seals), 0);
}

#[test]
fn what_changes_between_draw_and_invitation_counts() {
    let world = midnight();
    let ids: Vec<String> =
        (0..3).map(|at| world.customer(&format!("c{at}"), "new", true)).collect();
    let id =
        plan(&world, r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "new": 3 }"#);
    // Drawn, and then the lease is lost before anybody is invited.
    let stop = "create trigger stop before update on wave begin select raise(abort, 'stop'); end";
    world.database().execute(stop, []).unwrap();
    let head = format!("POST /internal/tick/invite\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(crate::handle, &head).status(), 500);
    assert_eq!(world.number("select count(*) from invitation where version = 0"), 3);
    assert_eq!(events(&world, "survey.invitation_due"), 0);
    world.database().execute("drop trigger stop", []).unwrap();
    let withdraw = "update customer set has_consent = 0 where id = ?1";
    world.database().execute(withdraw, [&ids[1]]).unwrap();
    settle(&world);
    assert_eq!(events(&world, "survey.invitation_due"), 2);
    let first = waves(&world, &id)[0]["id"].clone();
    assert_eq!(invitations(&world, &first, "").len(), 2);
    assert_eq!(wave(&world, &first)["groups"][0]["missing"], 1);
    let rested = "select count(*) from rest where who = ?1";
    let rested: i64 = world.database().query_row(rested, [&ids[1]], |row| row.get(0)).unwrap();
    assert_eq!(rested, 0, "whoever was not asked has no clock");
}

#[test]
fn only_the_tick_key_ticks_and_only_staff_of_the_site_looks() {
    let world = midnight();
    for (request, status) in [
        ("GET /internal/tick/invite", 405),
        ("POST /internal/tick/invite\nauthorization: Bearer {admin}\n", 401),
    ] {
        assert_eq!(world.send(crate::handle, request).status(), status, "{request}");
    }
    world.customer("c", "new", true);
    let id =
        plan(&world, r#""recurrence": "once", "starts_on": "2026-11-23", "sample": { "new": 1 }"#);
    settle(&world);
    let first = waves(&world, &id)[0]["id"].as_str().unwrap().to_owned();
    for (request, status) in [
        (format!("GET /v1/waves/{first}\nauthorization: Bearer {{other}}"), 404),
        (format!("GET /v1/waves/{first}/invitations\nauthorization: Bearer {{viewer}}"), 403),
        (format!("GET /v1/waves/{first}/invitations\nauthorization: Bearer {{other}}"), 404),
        (format!("GET /v1/waves/{first}/invitations/inv_x\nauthorization: Bearer {{agent}}"), 404),
        (
            format!("GET /v1/waves/{first}/invitations?state=x\nauthorization: Bearer {{agent}}"),
            422,
        ),
        (format!("POST /v1/waves/{first}\nauthorization: Bearer {{manager}}"), 405),
        ("GET /v1/waves\nauthorization: Bearer {manager}".to_owned(), 404),
    ] {
        assert_eq!(world.send(staff::handle, &request).status(), status, "{request}");
    }
    world.break_database();
    let head = format!("POST /internal/tick/invite\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(crate::handle, &head).status(), 503);
}
