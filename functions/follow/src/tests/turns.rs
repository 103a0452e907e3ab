//! Two ticks at once.

use serde_json::json;
use store::callbacks::Callback;
use testkit::World;
use testkit::turns::both;

use super::{check, complaint, known, list, order, reopen, rule, shop, solve, stands, told};

/// Two ticks of which each waits for the other between any two statements.
fn ticks(world: &World) {
    // Whoever holds that key ticks.
    world.set("tick_key", "sk_agent");
    let one = ("/internal/tick/callback", "", "");
    assert_eq!(both(world, crate::handle, [one, one]), [200, 200]);
    world.set("tick_key", testkit::TICK_KEY);
}

#[test]
fn rules_make_one_call_whoever_is_first() {
    let world = shop(&json!({}));
    world.database().execute("update agent set calls_per_day = 60", []).unwrap();
    rule(&world, "crl_1", "complaint.solved", "solved_case", &json!({}));
    rule(&world, "crl_2", "order.completed", "purchase_visit", &json!({}));
    rule(&world, "crl_3", "customer", "core_visit", &json!({}));
    let customers: Vec<String> =
        (0..60).map(|at| known(&world, &format!("M{at}"), "core")).collect();
    let case = complaint(&world, &customers[0]);
    solve(&world, &case);
    for it in &customers {
        order(&world, it, 0);
    }
    ticks(&world);
    let all = "select purpose || count(*) as it from callback group by purpose order by 1";
    assert_eq!(list(&world, all), "core_visit60,purchase_visit60,solved_case1");
    assert_eq!(world.number("select count(*) from event where kind = 'callback.queued'"), 121);
    reopen(&world, &case);
    ticks(&world);
    let ended = "select count(*) from event where kind = 'callback.cancelled'";
    assert_eq!(world.number(ended), 1);
    check(&world);
}

#[test]
fn a_promise_is_broken_and_told_once() {
    let world = shop(&json!({}));
    for at in 0..70 {
        stands(
            &world,
            Callback {
                id: format!("cbk_{at:03}"),
                mode: "visit".into(),
                state: "waiting".into(),
                due_by: 1,
                expires: 1,
                next_step: Some(1),
                ..Callback::default()
            },
        );
    }
    ticks(&world);
    assert_eq!(told(&world, "cbk_000"), "missed,expired");
    for kind in ["missed", "expired"] {
        let sql = format!("select count(*) from event where kind = 'callback.{kind}'");
        assert_eq!(world.number(&sql), 70, "{kind}");
    }
    let told = "select sum(coalesce(data ->> 'count', 1)) from notice";
    assert_eq!(world.number(told), 70);
    check(&world);
}
