//! What happens once, whoever tells of it and whatever dies in between.

use ports::{Env, Sql};
use testkit::World;

use super::{SHOP, SHOP_RULES, STRIPE, STRIPE_RULES, arrive, happened, source, text, tick};

#[test]
fn an_order_that_exists_is_not_counted_twice() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    // Told again at once, in another message and by another source, with another amount.
    arrive(&world, "src_shop", &SHOP.replace("000001", "000002").replace("128.50", "1.00"));
    tick(&world);
    source(&world, "src_other", SHOP_RULES);
    let order = text(&world, "select id from purchase");
    arrive(&world, "src_other", &SHOP.replace("trade_paid", "trade_success"));
    tick(&world);
    assert_eq!(world.number("select count(*) from purchase"), 1);
    assert_eq!(world.number("select orders * 100000 + amount from rfm"), 112_850);
    assert_eq!(world.number("select count(*) from event where kind = 'order.completed'"), 1);
    assert_eq!(world.number("select count(*) from inbound where state = 'mapped'"), 3);
    let ids = "select group_concat(distinct outcome ->> '$[0].id') from inbound";
    assert_eq!(text(&world, ids), order);
    assert_eq!(world.number("select sum(outcome ->> '$[0].is_repeated') from inbound"), 2);
}

#[test]
fn two_at_once_never_take_the_same_message() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    let lease = |name: &str, now: i64| {
        let leased = store::inbound::lease(now, now + 30_000, name, 32, 8);
        pollster::block_on(world.sql().fetch(leased)).unwrap().len()
    };
    let now = world.now();
    assert_eq!((lease("lea_a", now), lease("lea_b", now)), (1, 0));
    // Whoever has it died: it is due again when the lease runs out.
    assert_eq!(tick(&world)["messages"], 0);
    assert_eq!(tick(&world)["next_due_at"], "2026-11-22T01:30:30.001Z");
    world.wait_ms(30_000);
    assert_eq!(tick(&world)["messages"], 1);
    assert_eq!(world.number("select count(*) from purchase"), 1);
}

#[test]
fn what_a_lost_lease_would_write_is_left() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    let now = world.now();
    let lease = store::inbound::lease(now, now + 30_000, "lea_late", 32, 8);
    let leased = pollster::block_on(world.sql().fetch(lease)).unwrap();
    world.wait_ms(30_000);
    tick(&world);
    let before = happened(&world);
    let together = crate::settle::together(&world, "lea_late", leased);
    pollster::block_on(together).unwrap();
    assert_eq!(happened(&world), before);
    assert_eq!(world.number("select count(*) from purchase"), 1);
    assert_eq!(world.number("select version from inbound"), 1);
}

#[test]
fn a_commit_that_fails_leaves_nothing_and_is_made_again() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    source(&world, "src_pay", STRIPE_RULES);
    arrive(&world, "src_pay", STRIPE);
    arrive(&world, "src_shop", SHOP);
    // The database takes no order in wechat.
    let trap = "create trigger trap before insert on purchase when new.channel = 'wechat'
        begin select raise(abort, 'no'); end";
    world.database().execute(trap, []).unwrap();
    assert_eq!(tick(&world)["messages"], 2);
    // The other is not kept from it, and of this one there is nothing at all.
    assert_eq!(happened(&world), "customer.created order.completed inbound.mapped");
    assert_eq!(world.number("select count(*) from purchase"), 1);
    assert_eq!(world.number("select count(*) from inbound where state = 'new'"), 1);
    world.database().execute("drop trigger trap", []).unwrap();
    world.wait_ms(30_000);
    assert_eq!(tick(&world)["messages"], 1);
    assert_eq!(world.number("select orders from rfm"), 2);
    assert_eq!(world.number("select count(*) from inbound where state = 'mapped'"), 2);
}

#[test]
fn what_the_database_never_takes_is_given_up() {
    let world = World::with_site();
    source(&world, "src_shop", SHOP_RULES);
    arrive(&world, "src_shop", SHOP);
    let trap = "create trigger trap before insert on purchase
        begin select raise(abort, 'no'); end";
    world.database().execute(trap, []).unwrap();
    for _ in 0..5 {
        assert_eq!(tick(&world)["messages"], 1);
        world.wait_ms(30_000);
    }
    assert_eq!(tick(&world)["messages"], 0);
    assert_eq!(text(&world, "select state from inbound"), "failed");
    assert_eq!(happened(&world), "inbound.failed");
    assert_eq!(world.number("select count(*) from customer"), 0);
}

#[test]
fn who_sends_much_does_not_keep_others_waiting() {
    let world = World::with_site();
    source(&world, "src_busy", STRIPE_RULES);
    source(&world, "src_shop", SHOP_RULES);
    for at in 0..40 {
        arrive(&world, "src_busy", &STRIPE.replace("cs_live_a1", &format!("cs_{at}")));
    }
    arrive(&world, "src_shop", SHOP);
    let lease = store::inbound::lease(world.now(), world.now() + 1, "lea_a", 32, 8);
    let leased = pollster::block_on(world.sql().fetch(lease)).unwrap();
    assert_eq!(leased.len(), 9);
    assert!(leased.iter().any(|it| it.source_id == "src_shop"));
    world.wait_ms(1);
    assert_eq!(tick(&world)["messages"], 41);
    assert_eq!(world.number("select count(*) from purchase"), 41);
}
