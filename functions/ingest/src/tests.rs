//! Messages, told in what they leave behind.

mod once;
mod wrong;

use ports::{Env, Sql};
use serde_json::{Value, json};
use store::inbound::{Arrival, stored};
use store::sources::{self, Source};
use testkit::{TICK_KEY, World};

/// Rules for a Chinese shop: amounts in yuan, times by the clock of the site.
const SHOP_RULES: &str = r#"[
  { "when": [ { "pointer": "/event", "in": ["trade_paid", "trade_success"] } ], "to": "order",
    "fields": { "external_id": "/trade/tid", "customer": "/trade/buyer_id",
      "amount": { "pointer": "/trade/payment", "scale": 100 }, "currency": { "value": "CNY" },
      "completed_at": "/trade/pay_time", "touchpoint_id": { "value": "tch_shop" },
      "channel": { "pointer": "/trade/from", "values": { "小程序": "wechat", "门店": "store" } } } },
  { "when": [ { "pointer": "/event", "is": "rated" } ], "to": "rating", "each": "/ratings",
    "fields": { "survey_id": { "value": "srv_shop" }, "customer": "/buyer",
      "answers.recommend": "/stars", "answers.why": "/words", "agent_id": "^/served_by",
      "answered_at": "^/at", "channel": { "value": "app" } } },
  { "when": [ { "pointer": "/event", "is": "said" } ], "to": "message",
    "fields": { "external_id": "/id", "text": "/words", "customer": "/buyer",
      "channel": { "value": "wechat" } } } ]"#;

const SHOP: &str = r#"{ "msgId": "20261122093000001", "event": "trade_paid", "trade": {
    "tid": "E20261122093000012345", "buyer_id": "买家1001", "payment": "128.50",
    "pay_time": "2026-11-22 09:29:58", "from": "小程序" } }"#;

/// Rules for issues of GitHub.
const GITHUB_RULES: &str = r#"[ { "when": [ { "pointer": "/action", "is": "opened" },
    { "pointer": "/issue", "exists": true } ], "to": "ticket",
    "fields": { "external_id": "/issue/id", "text": "/issue/body", "subject": "/issue/title",
      "customer": "/issue/user/login", "created_at": "/issue/created_at",
      "channel": { "value": "web" } } } ]"#;

const GITHUB: &str = r#"{ "action": "opened", "issue": { "number": 42, "id": 2718281828,
    "title": "发票无法下载", "body": "点击下载之后页面一直空白。", "user": { "login": "li-xiang" },
    "created_at": "2026-11-22T01:20:00Z" }, "repository": { "full_name": "shop/portal" } }"#;

/// Rules for payments as Stripe tells of them: the smallest unit, seconds since 1970.
const STRIPE_RULES: &str = r#"[ { "when": [
      { "pointer": "/type", "is": "checkout.session.completed" },
      { "pointer": "/data/object/payment_status", "is": "paid" } ], "to": "order",
    "fields": { "external_id": "/data/object/id", "customer": "/data/object/client_reference_id",
      "amount": "/data/object/amount_total", "currency": "/data/object/currency",
      "completed_at": "/created" } } ]"#;

const STRIPE: &str = r#"{ "id": "evt_1QOrder0001", "created": 1795310990, "livemode": true,
  "type": "checkout.session.completed", "data": { "object": { "id": "cs_live_a1",
    "amount_total": 25900, "currency": "cny", "client_reference_id": "买家1001",
    "payment_status": "paid" } } }"#;

/// Makes a source of `sit_shop`.
fn source(world: &World, id: &str, rules: &str) {
    world.run(sources::insert(&Source {
        id: id.into(),
        site_id: "sit_shop".into(),
        version: 1,
        name: "Shop".into(),
        is_active: true,
        scheme: "token".into(),
        header: String::new(),
        secret: String::new(),
        old_secret: String::new(),
        old_secret_until: 0,
        once_pointer: String::new(),
        once_header: String::new(),
        rules: rules.into(),
        created_at: 0,
        updated_at: 0,
    }));
}

/// Writes other rules.
fn mend(world: &World, id: &str, rules: &str) {
    let update = "update source set rules = ?2, version = version + 1 where id = ?1";
    world.database().execute(update, (id, rules)).unwrap();
}

/// Stores a message as `inbound` does, and returns the id of the one that is there.
fn arrive(world: &World, source: &str, content: &str) -> String {
    world.wait_ms(1);
    let id = domain::id::Kind::Inbound.id(world.now(), world.random());
    let once = domain::id::hex(&domain::id::token_hash(content));
    let arrival = Arrival {
        id: &id,
        site_id: "sit_shop",
        source_id: source,
        once: &once,
        now: world.now(),
        forget_at: domain::inbound::kept_until(world.now(), false),
        content,
        whos: "[]",
    };
    let rows = pollster::block_on(world.sql().rows(store::inbound::store(&arrival))).unwrap();
    stored(rows).unwrap().unwrap().0
}

fn tick(world: &World) -> Value {
    let request = format!("POST /internal/tick/ingest\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

/// A text from the database.
fn text(world: &World, sql: &str) -> String {
    world.database().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// A JSON value from the database.
fn found(world: &World, sql: &str) -> Value {
    serde_json::from_str(&text(world, sql)).unwrap()
}

/// The types of all events that sources caused, in their order.
fn happened(world: &World) -> String {
    text(
        world,
        "select coalesce(group_concat(kind, ' '), '') from (
        select kind from event where actor like 'source:%' order by seq)",
    )
}

/// Whether every chain of events holds.
fn check_chains(world: &World) {
    let text = "select subject, version, id, site_id, kind, actor, at_ms, data, hash from event
        where actor like 'source:%' order by subject, version";
    let connection = world.database();
    let mut prepared = connection.prepare(text).unwrap();
    let mut rows = prepared.query([]).unwrap();
    let mut before: (String, [u8; 32]) = (String::new(), domain::event::ORIGIN);
    while let Some(row) = rows.next().unwrap() {
        let get = |at: usize| row.get::<_, String>(at).unwrap();
        let subject = get(0);
        let previous = if before.0 == subject { before.1 } else { domain::event::ORIGIN };
        let sealed = domain::event::Sealed {
            id: &get(2),
            site_id: &get(3),
            subject: &subject,
            version: row.get(1).unwrap(),
            kind: &get(4),
            actor: &get(5),
            at: row.get(6).unwrap(),
            data: &get(7),
        };
        let hash: [u8; 32] = row.get::<_, Vec<u8>>(8).unwrap().try_into().unwrap();
        assert_eq!(sealed.hash(&previous), hash, "{subject}");
        before = (subject, hash);
    }
}

#[test]
fn an_order_makes_its_customer() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    let id = arrive(&world, "src_shop", SHOP);
    assert_eq!(tick(&world), json!({ "done": ["ingest"], "messages": 1, "next_due_at": null }));
    assert_eq!(
        found(
            &world,
            "select json_object('customer', c.external_id, 'group', c.customer_group,
          'consent', c.has_consent, 'amount', p.amount, 'currency', p.currency, 'at',
          p.completed_at_ms, 'channel', p.channel, 'touchpoint', p.touchpoint_id, 'number',
          p.external_id, 'source', p.source_id, 'message', p.inbound_id)
          from purchase p join customer c on c.id = p.customer_id"
        ),
        json!({ "customer": "买家1001", "group": "new", "consent": 0, "amount": 12850,
          "currency": "CNY", "at": 1_795_310_998_000_i64, "channel": "wechat",
          "touchpoint": "tch_shop", "number": "E20261122093000012345", "source": "src_shop",
          "message": id })
    );
    assert_eq!(happened(&world), "customer.created order.completed inbound.mapped");
    check_chains(&world);
    let order = text(&world, "select id from purchase");
    assert_eq!(
        found(&world, "select outcome from inbound"),
        json!([{ "type": "order", "id": order, "is_repeated": false }])
    );
    for (kind, data) in [
        (
            "order.completed",
            json!({ "source_id": "src_shop", "amount": 12850, "currency": "CNY",
            "completed_at": "2026-11-22T01:29:58Z", "channel": "wechat",
            "touchpoint_id": "tch_shop" }),
        ),
        (
            "customer.created",
            json!({ "fields": ["external_id", "group"],
            "source_id": "src_shop" }),
        ),
        ("inbound.mapped", json!({ "source_id": "src_shop", "became": { "order": 1 } })),
    ] {
        let told = format!("select data from event where kind = '{kind}'");
        assert_eq!(found(&world, &told), data, "{kind}");
    }
    let all = text(&world, "select group_concat(data) from event");
    assert!(!all.contains("买家") && !all.contains("E2026"), "{all}");
    assert_eq!(world.hurried(), ["deliver"]);
}

/// An event is sealed with its moment, which must be the one that is written.
#[test]
fn the_trail_of_an_order_is_intact_although_the_clock_goes_on() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    world.run_clock(1);
    assert_eq!(tick(&world)["messages"], 1);
    let order = text(&world, "select id from purchase");
    let verify = async |env: &World, it: web::Request| {
        app::audit::trail(env, &it, &order, &["verify"]).await
    };
    let verdict = world.json(verify, "GET /test/x\nauthorization: Bearer {viewer}");
    assert_eq!(verdict["is_intact"], true, "{verdict}");
}

#[test]
fn every_source_adds_to_what_a_customer_comes_to() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    source(&world, "src_pay", STRIPE_RULES);
    arrive(&world, "src_shop", SHOP);
    arrive(&world, "src_pay", STRIPE);
    let dollars = STRIPE.replace("cny", "usd").replace("cs_live_a1", "cs_live_a2");
    arrive(&world, "src_pay", &dollars.replace("1795310990", "1795000000"));
    arrive(&world, "src_pay", &dollars.replace("a2", "a3").replace("25900", "100"));
    assert_eq!(tick(&world)["messages"], 4);
    assert_eq!(world.number("select count(*) from customer"), 1);
    assert_eq!(
        found(
            &world,
            "select json_group_array(json_array(currency, orders, amount, first_at_ms,
            last_at_ms)) from rfm"
        ),
        json!([
            ["CNY", 2, 38750, 1_795_310_990_000_i64, 1_795_310_998_000_i64],
            ["USD", 2, 26000, 1_795_000_000_000_i64, 1_795_310_990_000_i64]
        ])
    );
    let counted = "select json_group_array(json_array(currency, n, a, f, l)) from (
        select currency, count(*) n, sum(amount) a, min(completed_at_ms) f, max(completed_at_ms) l
        from purchase group by customer_id, currency order by 1)";
    let kept = "select json_group_array(json_array(currency, orders, amount, first_at_ms,
        last_at_ms)) from rfm";
    assert_eq!(found(&world, counted), found(&world, kept));
}

#[test]
fn an_issue_becomes_a_ticket_and_other_news_nothing() {
    let world = World::with_site();
    source(&world, "src_git", GITHUB_RULES);
    arrive(&world, "src_git", GITHUB);
    let other = arrive(&world, "src_git", &GITHUB.replace("opened", "closed"));
    assert_eq!(tick(&world)["messages"], 2);
    assert_eq!(
        found(
            &world,
            "select json_object('kind', kind, 'id', m.external_id, 'subject', subject,
            'text', text, 'channel', channel, 'at', m.created_at_ms, 'customer', c.external_id)
            from message m join customer c on c.id = m.customer_id"
        ),
        json!({ "kind": "ticket", "id": "2718281828", "subject": "发票无法下载",
            "text": "点击下载之后页面一直空白。", "channel": "web",
            "at": 1_795_310_400_000_i64, "customer": "li-xiang" })
    );
    assert_eq!(happened(&world), "customer.created ticket.received inbound.mapped inbound.ignored");
    let state = format!("select state from inbound where id = '{other}'");
    assert_eq!(text(&world, &state), "ignored");
    let all = text(&world, "select group_concat(data) from event");
    assert!(!all.contains("发票") && !all.contains("li-xiang"), "{all}");
    check_chains(&world);
}

#[test]
fn ratings_become_responses_that_count() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    let lin = world.customer("CRM-7", "core", false);
    let ratings = json!({ "event": "rated", "served_by": "agt_lan", "at": 1_795_000_000,
        "ratings": [ { "stars": "9", "words": "很好用", "buyer": "CRM-7" }, { "stars": 3 } ] });
    let id = arrive(&world, "src_shop", &ratings.to_string());
    tick(&world);
    assert_eq!(
        found(
            &world,
            "select json_group_array(json_array(source, channel, customer_group,
            customer_id, agent_id, answers, answered_at_ms, counted) order by answers)
            from response"
        ),
        json!([
            ["api", "app", "", "", "agt_lan", r#"{"recommend":3}"#, 1_795_000_000_000_i64, 1],
            [
                "api",
                "app",
                "core",
                lin,
                "agt_lan",
                r#"{"recommend":9,"why":"很好用"}"#,
                1_795_000_000_000_i64,
                1
            ]
        ])
    );
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 2);
    assert_eq!(happened(&world), "response.created response.created inbound.mapped");
    let outcome = format!("select json_array_length(outcome) from inbound where id = '{id}'");
    assert_eq!(world.number(&outcome), 2);
    check_chains(&world);
    // The same once more, as a replay would have it.
    world.database().execute("update inbound set state = 'new'", []).unwrap();
    assert_eq!(tick(&world)["messages"], 1);
    assert_eq!(world.number("select count(*) from response"), 2);
    assert_eq!(world.number("select n from rollup where grain = 'site'"), 2);
    let repeated = "select outcome ->> '$[0].is_repeated' from inbound";
    assert_eq!(world.number(repeated), 1);
}

#[test]
fn a_message_needs_no_customer() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", r#"{ "event": "said", "id": 7, "words": "在吗？\n想退货" }"#);
    tick(&world);
    assert_eq!(happened(&world), "message.received inbound.mapped");
    assert_eq!(
        text(&world, "select kind || external_id || customer_id || text from message"),
        "message7在吗？\n想退货"
    );
}

#[test]
fn only_the_tick_key_starts_it_and_neighbours_hurry_it() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    let request = "POST /internal/tick/ingest\nauthorization: Bearer {admin}\n\n";
    assert_eq!(world.send(super::handle, request).status(), 401);
    let get = "GET /internal/tick/ingest";
    assert_eq!(world.send(super::handle, get).status(), 405);
    assert_eq!(world.number("select count(*) from purchase"), 0);
    assert_eq!(world.send(super::handle, "POST /hurry\n\n").status(), 204);
    assert_eq!(world.number("select count(*) from purchase"), 1);
    assert_eq!(tick(&world), json!({ "done": [], "messages": 0, "next_due_at": null }));
    world.break_database();
    let request = format!("POST /internal/tick/ingest\nauthorization: Bearer {TICK_KEY}\n\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}

#[test]
fn measurements_are_taken_as_a_batch_and_each_key_once() {
    let world = World::with_site();
    let rules = r#"[ { "to": "measurement", "each": "/calls", "fields": {
        "name": { "pointer": "/kind", "values": { "pickup": "human_pick_up", "call": "contacts" } },
        "seconds": { "pointer": "/waited_ms", "scale": 0.001 }, "count": "/n", "at": "^/at",
        "channel": { "value": "phone" }, "agent_id": "/agent", "key": "/id" } } ]"#;
    source(&world, "src_pbx", rules);
    let calls = json!({ "at": 1_795_310_000, "calls": [
        { "kind": "pickup", "waited_ms": 42_000, "agent": "agt_lan", "id": "call-77" },
        { "kind": "call", "n": "3", "id": "calls-9" }, { "kind": "call" } ] });
    let id = arrive(&world, "src_pbx", &calls.to_string());
    tick(&world);
    assert_eq!(text(&world, "select mistakes from inbound"), "[]");
    assert_eq!(
        found(
            &world,
            "select json_group_array(json_array(name, value, at_ms, channel, agent_id))
            from measurement"
        ),
        json!([
            ["human_pick_up", 42_000, 1_795_310_000_000_i64, "phone", "agt_lan"],
            ["contacts", 3, 1_795_310_000_000_i64, "phone", ""],
            ["contacts", 1, 1_795_310_000_000_i64, "phone", ""]
        ])
    );
    assert_eq!(happened(&world), "measurement.recorded inbound.mapped");
    let told = "select data from event where kind = 'measurement.recorded'";
    assert_eq!(
        found(&world, told),
        json!({ "count": 3, "names": { "human_pick_up": 1, "contacts": 2 } })
    );
    assert_eq!(world.number("select n from measure where grain = 'agent'"), 1);
    // One of them once more, and all of them as a replay would have it.
    let again = json!({ "at": 1_795_310_000, "calls": [ { "kind": "call", "id": "calls-9" },
        { "kind": "call", "id": "calls-10" } ] });
    arrive(&world, "src_pbx", &again.to_string());
    world.run(store::inbound::replay(&id, 2));
    tick(&world);
    assert_eq!(world.number("select count(*) from measurement"), 4);
    assert_eq!(
        world.number(
            "select sum(sum) from measure where grain = 'site'
        and name = 'contacts'"
        ),
        5
    );
    assert_eq!(world.number("select count(*) from event where kind = 'measurement.recorded'"), 2);
    let wrong = json!({ "calls": [ { "kind": "waits" }, { "kind": "pickup", "waited_ms": "x" } ] });
    arrive(&world, "src_pbx", &wrong.to_string());
    tick(&world);
    let places = "select json_group_array(value ->> 'field') from json_each((
        select mistakes from inbound where state = 'failed'))";
    assert_eq!(found(&world, places), json!(["seconds", "name", "seconds"]));
}
