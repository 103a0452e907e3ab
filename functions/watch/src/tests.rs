//! What becomes a complaint in time, told in ticks.

mod surge;

use app::case::offer::Offer;
use serde_json::{Value, json};
use testkit::{Given, TICK_KEY, World};

const HOUR: i64 = 3_600_000;

fn tick(world: &World) -> Value {
    let request = format!("POST /internal/tick/watch\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

/// The texts of a query, with commas between its rows.
fn list(world: &World, sql: &str) -> String {
    let sql = format!("select coalesce(group_concat(it, ','), '') from ({sql})");
    world.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Publishes the policy of intake.
fn publish(world: &World, definition: &Value) {
    let sql = format!(
        "insert into policy values ('pol_intake', 'sit_shop', 'intake', 1, '', 1, 0)
         on conflict do nothing;
         insert into policy_version values ('pol_intake', 1, '{definition}', {})
         on conflict do update set definition = excluded.definition;",
        ports::Env::now(world)
    );
    world.database().execute_batch(&sql).unwrap();
}

/// Somebody gives a score and says why.
fn answered(world: &World, value: u8, customer_id: &str, why: &str) -> String {
    let answers = json!({ "recommend": value, "why": why }).to_string();
    let given = Given {
        scale: ("nps", 10),
        question: "recommend",
        answers: &answers,
        customer_id,
        group: "core",
        ..Given::default()
    };
    world.answered_all(&[(given, value)])
}

fn low(then: &str) -> Value {
    json!({ "rules": [{ "metric": "nps", "at_most": 3, "then": then }] })
}

#[test]
fn only_the_tick_key_ticks() {
    let world = World::with_site();
    for auth in ["", "authorization: Bearer {admin}", "authorization: Bearer x"] {
        let answer = world.send(super::handle, &format!("POST /internal/tick/watch\n{auth}\n"));
        assert_eq!(answer.status(), 401, "{auth}");
    }
    assert_eq!(world.send(super::handle, "GET /internal/tick/watch").status(), 405);
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 404);
    world.break_database();
    let request = format!("POST /internal/tick/watch\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}

#[test]
fn a_low_score_opens_a_case_once_with_its_words() {
    let world = World::with_site();
    let customer = world.customer("M1", "core", true);
    publish(&world, &low("open"));
    assert_eq!(tick(&world)["opened"], 0);
    answered(&world, 9, &customer, "很好");
    let response = answered(&world, 2, &customer, "等了三天才送到，盒子也破了。");
    assert_eq!(tick(&world)["opened"], 1);
    assert_eq!(tick(&world)["opened"], 0);
    let row = "select source || ' ' || once || ' ' || response_id || ' ' || customer_id || ' '
        || touchpoint_id || ' ' || customer_group as it from complaint";
    let told = format!("survey response:{response} {response} {customer} tch_shop core");
    assert_eq!(list(&world, row), told);
    let words = "select text as it from case_text where kind = 'complaint'";
    assert_eq!(list(&world, words), "等了三天才送到，盒子也破了。");
    let opened = "select actor as it from event where kind = 'complaint.opened'";
    assert_eq!(list(&world, opened), "tick");
}

#[test]
fn two_ticks_take_the_same_event_once() {
    let world = World::with_site();
    publish(&world, &low("open"));
    tick(&world);
    answered(&world, 0, "", "商品是坏的，打不开。");
    tick(&world);
    // Another one that began with the cursor as it was before: the case is known by its response.
    world.database().execute("update case_scan set sequence = 0", []).unwrap();
    assert_eq!(tick(&world)["opened"], 0);
    assert_eq!(world.number("select count(*) from complaint"), 1);
    // And the same customer's words are not joined twice either.
    let customer = world.customer("M1", "core", true);
    answered(&world, 0, &customer, "快递员态度很差，还骂人。");
    tick(&world);
    answered(&world, 1, &customer, "快递员态度很差，还骂人！");
    assert_eq!(tick(&world)["opened"], 1, "it joins");
    assert_eq!(world.number("select count(*) from score where is_looked = 0"), 0);
    assert_eq!(tick(&world)["opened"], 0);
    assert_eq!(world.number("select count(*) from complaint"), 2);
    assert_eq!(world.number("select count(*) from case_text where kind = 'more'"), 1);
}

#[test]
fn a_low_score_without_words_or_customer_is_nobodys_complaint() {
    let world = World::with_site();
    publish(&world, &low("open"));
    tick(&world);
    answered(&world, 0, "", "");
    let customer = world.customer("M1", "core", true);
    answered(&world, 0, &customer, "");
    assert_eq!(tick(&world)["opened"], 1);
    assert_eq!(list(&world, "select text as it from case_text"), "NPS: 0 / 10");
}

#[test]
fn whoever_is_erased_before_the_tick_leaves_nothing() {
    let world = World::with_site();
    publish(&world, &low("open"));
    tick(&world);
    let customer = world.customer("M1", "core", true);
    answered(&world, 0, &customer, "我叫李雷，电话 13800000000。");
    let erase = "update response set customer_id = '', answers = '{}'";
    world.database().execute(erase, []).unwrap();
    assert_eq!(tick(&world)["done"], json!([]));
    assert_eq!(world.number("select count(*) from complaint"), 0);
    // One who goes just while their case is made is seen by the commit.
    answered(&world, 0, &customer, "包装破损，里面的杯子碎了。");
    world.database().execute("update customer set erased_at_ms = 1", []).unwrap();
    assert_eq!(tick(&world)["opened"], 0);
    assert_eq!(world.number("select count(*) from case_text"), 0);
}

#[test]
fn what_was_screened_out_or_is_long_past_opens_nothing() {
    let world = World::with_site();
    publish(&world, &low("open"));
    tick(&world);
    answered(&world, 0, "", "商品是坏的，打不开。");
    world.database().execute("update response set counted = 0, screened = 'staff'", []).unwrap();
    assert_eq!(tick(&world)["opened"], 0);
    world.wait_ms(15 * 24 * HOUR);
    answered(&world, 0, "", "去年的事了，当时真的很生气。");
    assert_eq!(tick(&world)["opened"], 0);
}

#[test]
fn a_customer_may_be_offered_to_complain() {
    let world = World::with_site();
    publish(&world, &low("offer"));
    tick(&world);
    let customer = world.customer("M1", "core", true);
    let response = answered(&world, 3, &customer, "一般般吧，有点失望。");
    let ticked = tick(&world);
    assert_eq!((&ticked["offered"], &ticked["opened"]), (&1.into(), &0.into()));
    assert_eq!(tick(&world)["offered"], 0);
    assert_eq!(world.number("select count(*) from complaint"), 0);
    let path =
        list(&world, "select data ->> 'path' as it from event where kind = 'complaint.offered'");
    let token = path.strip_prefix("/c/sit_shop?r=").unwrap();
    let now = ports::Env::now(&world);
    let offer = Offer::open(testkit::SECRET_KEY, "sit_shop", token, now).unwrap();
    assert_eq!((offer.response_id, offer.customer_id), (response, customer));
    let notice = "select kind || ' ' || version || ' ' || (data ->> '$.to.role') as it from notice";
    assert_eq!(list(&world, notice), "complaint.offered 1 agent");
}

#[test]
fn a_ticket_opens_a_case_if_the_policy_says_so() {
    let world = World::with_site();
    let customer = world.customer("M1", "existing", true);
    let ticket = |number: i64| {
        let now = ports::Env::now(&world);
        let id = domain::id::Kind::Message.id(now, ports::Env::random(&world));
        let rows = json!([[
            id,
            "ticket",
            format!("t{number}"),
            "",
            customer,
            "发错货",
            "买的是红色，收到的是蓝色，要求换货。",
            "wechat",
            "tch_shop",
            "",
            "",
            now
        ]]);
        world.run(store::messages::insert("sit_shop", now, &rows.to_string()));
        let data = json!({ "source_id": "src_01m80dzpe0fdft936esvm3x6nw", "channel": "wechat",
            "touchpoint_id": "tch_01m80dzpe0fdft936esvm3x6nw",
            "created_at": web::view::time(now) });
        world.run(store::events::append(&domain::event::Event {
            id: domain::id::Kind::Event.id(now, ports::Env::random(&world)),
            site_id: "sit_shop".into(),
            subject: id.clone(),
            version: 1,
            kind: "ticket.received",
            actor: "source:src_1".into(),
            at: now,
            data: data.to_string(),
            previous: domain::event::ORIGIN,
        }));
        id
    };
    ticket(0);
    world.wait_ms(1000);
    publish(&world, &json!({ "tickets": "open" }));
    assert_eq!(tick(&world)["opened"], 0, "what was before the policy is not looked at");
    publish(&world, &low("open"));
    ticket(1);
    assert_eq!(tick(&world)["opened"], 0);
    publish(&world, &json!({ "tickets": "open" }));
    let id = ticket(2);
    assert_eq!(tick(&world)["opened"], 1);
    let row = "select source || ' ' || once || ' ' || channel || ' ' || customer_group as it
        from complaint";
    assert_eq!(list(&world, row), format!("inbound ticket:{id} wechat existing"));
    assert!(list(&world, "select text as it from case_text").starts_with("发错货\n买的是红色"));
}

#[test]
fn many_events_that_mean_nothing_are_passed_over_and_twenty_hits_go_on_next_time() {
    let world = World::with_site();
    publish(&world, &low("open"));
    tick(&world);
    for number in 0..25 {
        answered(&world, 0, "", &format!("第 {number} 号包裹一直没有到，已经等了很久。"));
    }
    assert_eq!(tick(&world)["opened"], 20);
    assert_eq!(tick(&world)["opened"], 5);
    for _ in 0..120 {
        world.answered(&Given { scale: ("nps", 10), ..Given::default() }, 10);
    }
    let before = world.number("select sequence from case_scan");
    tick(&world);
    tick(&world);
    assert!(before + 100 < world.number("select sequence from case_scan"));
}
