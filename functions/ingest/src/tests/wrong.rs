//! Mistakes, mending and trying, and what erasing reaches.

use serde_json::{Value, json};
use testkit::World;

use super::{SHOP, SHOP_RULES, arrive, found, happened, mend, source, text, tick};

/// Places of the mistakes of the newest message.
fn places(world: &World) -> Vec<Value> {
    let mistakes = found(world, "select mistakes from inbound order by id desc limit 1");
    let mistakes = mistakes.as_array().unwrap().iter();
    mistakes.map(|it| json!([it["rule"], it["item"], it["field"], it["pointer"]])).collect()
}

#[test]
fn every_mistake_is_kept_at_once_and_replayed_after_mending() {
    let world = World::with_site();
    let wrong = SHOP_RULES
        .replace("/trade/tid", "/trade/number")
        .replace("\"scale\": 100", "\"scale\": 10")
        .replace("tch_shop", "tch_none")
        .replace("小程序\":", "门户\":");
    source(&world, "src_shop", &wrong);
    let id = arrive(&world, "src_shop", &SHOP.replace("128.50", "128.55"));
    tick(&world);
    assert_eq!(
        places(&world),
        [
            json!([0, null, "external_id", "/trade/number"]),
            json!([0, null, "channel", "/trade/from"]),
            json!([0, null, "amount", "/trade/payment"]),
            json!([0, null, "touchpoint_id", ""]),
        ]
    );
    assert_eq!(happened(&world), "inbound.failed");
    for table in ["customer", "purchase", "rfm"] {
        assert_eq!(world.number(&format!("select count(*) from {table}")), 0, "{table}");
    }
    let kept = text(&world, "select mistakes from inbound");
    assert!(!kept.contains("128") && !kept.contains("小程序"), "{kept}");
    // A mistake is final until it is replayed.
    world.wait_ms(60_000);
    assert_eq!(tick(&world)["messages"], 0);
    mend(&world, "src_shop", SHOP_RULES);
    world.run(store::sources::replay("src_shop", 3, "failed", world_now(&world)));
    assert_eq!(tick(&world)["messages"], 1);
    assert_eq!(happened(&world), "inbound.failed customer.created order.completed inbound.mapped");
    assert_eq!(world.number("select amount from purchase"), 12_855);
    let state = "select state || inbound.version || mistakes || replay from inbound join source
        on source.id = source_id";
    assert_eq!(text(&world, state), "mapped2[]");
    let audit = format!("select count(*) from event where subject = '{id}'");
    assert_eq!(world.number(&audit), 2);
    super::check_chains(&world);
}

fn world_now(world: &World) -> i64 {
    ports::Env::now(world)
}

#[test]
fn what_fails_again_is_not_replayed_for_ever() {
    let world = World::with_site();
    source(&world, "src_shop", &SHOP_RULES.replace("/trade/tid", "/trade/number"));
    for at in 0..3 {
        arrive(&world, "src_shop", &SHOP.replace("12345", &format!("{at}")));
    }
    tick(&world);
    world.wait_ms(1);
    world.run(store::sources::replay("src_shop", 2, "failed", world_now(&world)));
    assert_eq!(tick(&world)["messages"], 3);
    assert_eq!(tick(&world)["messages"], 0);
    assert_eq!(world.number("select sum(version) from inbound where state = 'failed'"), 6);
    assert_eq!(text(&world, "select replay from source"), "");
}

#[test]
fn one_wrong_item_is_a_wrong_message() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    let ratings = json!({ "event": "rated", "served_by": "agt_none", "at": "2031-01-01",
        "ratings": [ { "stars": 9, "buyer": "新" }, { "stars": 11, "words": 3 }, {} ] });
    arrive(&world, "src_shop", &ratings.to_string());
    tick(&world);
    let mistakes = places(&world);
    for expected in [
        json!([1, 0, "agent_id", "^/served_by"]),
        json!([1, 0, "answered_at", "^/at"]),
        json!([1, 1, "answers.recommend", "/stars"]),
        json!([1, 2, "answers", ""]),
    ] {
        assert!(mistakes.contains(&expected), "{expected} in {mistakes:?}");
    }
    assert_eq!(world.number("select count(*) from response"), 0);
    assert_eq!(world.number("select count(*) from customer"), 0);
}

#[test]
fn what_a_rule_names_must_be_of_this_site() {
    let world = World::with_site();
    world.database().execute("update study set site_id = 'sit_other'", []).unwrap();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", r#"{ "event": "rated", "ratings": [ { "stars": 9 } ] }"#);
    tick(&world);
    assert_eq!(places(&world), [json!([1, 0, "survey_id", ""])]);
    let stranger = domain::id::Kind::Customer.id(0, [7; 16]);
    let said = json!({ "event": "said", "id": 1, "words": "在吗", "buyer": stranger });
    arrive(&world, "src_shop", &said.to_string());
    tick(&world);
    assert_eq!(places(&world), [json!([2, null, "customer", "/buyer"])]);
    let known = world.customer("CRM-7", "core", false);
    let said = json!({ "event": "said", "id": 1, "words": "在吗", "buyer": known });
    arrive(&world, "src_shop", &said.to_string());
    tick(&world);
    assert_eq!(text(&world, "select customer_id from message"), known);
}

#[test]
fn nothing_is_made_of_what_was_erased() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    world.database().execute("delete from inbound_body", []).unwrap();
    tick(&world);
    assert_eq!(happened(&world), "inbound.ignored");
    assert_eq!(world.number("select count(*) from customer"), 0);
}

#[test]
fn whoever_is_erased_meanwhile_gets_nothing_new() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    world.customer("买家1001", "core", false);
    arrive(&world, "src_shop", SHOP);
    // Erased between the look-up and the commit.
    let erase = "create trigger late after insert on purchase begin
        update customer set erased_at_ms = 1, external_id = 'erased:' || id; end";
    world.database().execute(erase, []).unwrap();
    assert_eq!(tick(&world)["messages"], 1);
    assert_eq!(world.number("select count(*) from purchase"), 0);
    assert_eq!(happened(&world), "");
}
