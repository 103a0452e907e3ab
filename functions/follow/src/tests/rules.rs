//! Events and customers that lead to a call.

use ports::Env;
use serde_json::json;
use testkit::{Given, START, World};

use super::{
    DAY, HOUR, MINUTE, check, complaint, contact, happened, known, list, of_case, order, reopen,
    rule, shop, solve, tick, told,
};

/// Purpose, state and mode of all call-backs.
const ALL: &str = "select purpose || ' ' || state as it from callback order by id";

fn of_solved(world: &World) {
    let wanted = json!({ "delay_min": 60, "within_min": 4320 });
    rule(world, "crl_solved", "complaint.solved", "solved_case", &wanted);
}

#[test]
fn a_solved_complaint_is_followed_up_once() {
    let world = shop(&json!({}));
    of_solved(&world);
    let customer = known(&world, "M1", "core");
    contact(&world, &customer, "name", "林女士");
    let case = complaint(&world, &customer);
    tick(&world);
    solve(&world, &case);
    let answer = tick(&world);
    assert_eq!((&answer["done"], &answer["made"]), (&json!(["made"]), &json!(1)));
    assert_eq!(answer["next_due_at"], "2026-11-25T01:30:00Z");
    let row = format!(
        "select once || ' ' || mode || ' ' || state || ' ' || case_id || ' ' || customer_id || ' '
           || touchpoint_id || ' ' || language || ' ' || zone || ' ' || (due_ms - {START}) || ' '
           || (due_by_ms - {START}) || ' ' || (expires_ms - due_by_ms) || ' '
           || (place_ms - due_ms) || ' ' || length(phone_hash) || ' ' || length(link_hash) as it
         from callback"
    );
    let expected = format!(
        "crl_solved:{case}:0 visit waiting {case} {customer} tch_shop zh-CN Asia/Shanghai {HOUR} \
         {} 0 0 32 32",
        3 * DAY
    );
    assert_eq!(list(&world, &row), expected);
    let own = "select kind || '=' || value as it from contact
        where owner = (select id from callback) order by kind";
    assert_eq!(list(&world, own), "name=林女士,phone=+8613800138000");
    let data = "select data ->> 'rule_id' || ' ' || (data ->> 'due_at') as it from event
        where kind = 'callback.queued'";
    assert_eq!(list(&world, data), "crl_solved 2026-11-22T02:30:00Z");
    assert_eq!(tick(&world)["made"], 0);
    // Not even if all of it is looked at again, or if it is told twice.
    world.database().execute("update call_scan set sequence = 0", []).unwrap();
    assert_eq!(tick(&world)["made"], 0);
    assert_eq!(list(&world, ALL), "solved_case waiting");
    check(&world);
}

#[test]
fn a_case_that_is_opened_again_is_followed_up_when_it_is_solved_again() {
    let world = shop(&json!({}));
    of_solved(&world);
    let case = complaint(&world, &known(&world, "M1", "core"));
    solve(&world, &case);
    tick(&world);
    reopen(&world, &case);
    assert_eq!(tick(&world)["done"], json!(["cancelled"]));
    assert_eq!(list(&world, ALL), "solved_case cancelled");
    solve(&world, &case);
    assert_eq!(tick(&world)["made"], 1);
    // Opened and solved between two ticks: the old one goes, and a new one comes, at once.
    reopen(&world, &case);
    solve(&world, &case);
    let answer = tick(&world);
    assert_eq!((&answer["cancelled"], &answer["made"]), (&json!(1), &json!(1)), "{answer}");
    assert_eq!(
        list(
            &world,
            "select replace(once, 'crl_solved:', '') || state as it from callback
            order by once"
        ),
        format!("{case}:0cancelled,{case}:1cancelled,{case}:2waiting")
    );
    let by = "select distinct data ->> 'by' as it from event where kind = 'callback.cancelled'";
    assert_eq!(list(&world, by), "staff");
    // All of it is looked at again: what is of this round stays.
    world.database().execute("update call_scan set sequence = 0", []).unwrap();
    assert_eq!(tick(&world)["done"], json!([]));
    // Closing it is fine; becoming part of another is not.
    world
        .database()
        .execute("update complaint set state = 'closed', cause_kind = 'process_gap'", [])
        .unwrap();
    tick(&world);
    assert_eq!(
        list(&world, "select max(once) as it from callback where state = 'waiting'"),
        format!("crl_solved:{case}:2")
    );
    let into = domain::id::Kind::Case.id(1, [1; 16]);
    happened(
        &world,
        "complaint.merged",
        &case,
        &of_case(&json!({ "state": "merged",
        "into": into })),
    );
    assert_eq!(tick(&world)["cancelled"], 1);
    check(&world);
}

#[test]
fn what_was_begun_is_not_called_off() {
    let world = shop(&json!({}));
    of_solved(&world);
    let case = complaint(&world, &known(&world, "M1", "core"));
    solve(&world, &case);
    tick(&world);
    world.database().execute("update callback set attempts = 1", []).unwrap();
    reopen(&world, &case);
    assert_eq!(tick(&world)["cancelled"], 0);
    // It is still open, so that there is no second one.
    solve(&world, &case);
    let answer = tick(&world);
    assert_eq!((&answer["made"], &answer["skipped"]["open"]), (&json!(0), &json!(1)));
}

#[test]
fn who_ordered_is_called_within_three_days_if_they_want_to_be() {
    let world = shop(&json!({}));
    let wanted = json!({ "delay_min": 1440, "within_min": 4320, "groups": ["core", "new"] });
    rule(&world, "crl_order", "order.completed", "purchase_visit", &wanted);
    let customer = known(&world, "M1", "core");
    let first = order(&world, &customer, HOUR);
    // Twice on a day is one call.
    order(&world, &customer, 0);
    order(&world, &known(&world, "M2", "existing"), 0);
    order(&world, &world.customer("M3", "new", true), 0);
    let shy = world.customer("M4", "new", false);
    contact(&world, &shy, "phone", "138 0013 8001");
    order(&world, &shy, 0);
    // Out of an archive.
    order(&world, &known(&world, "M5", "new"), 3 * DAY);
    let odd = world.customer("M6", "new", true);
    contact(&world, &odd, "phone", "110");
    order(&world, &odd, 0);
    let answer = tick(&world);
    assert_eq!(answer["made"], 1, "{answer}");
    assert_eq!(
        answer["skipped"],
        json!({ "no_phone": 2, "no_consent": 1, "too_late": 1, "do_not_call": 0, "open": 1,
            "over": 0 })
    );
    let row = format!(
        "select once || ' ' || purpose || ' ' || customer_id || ' ' || (due_ms - {START})
           || ' ' || (expires_ms - {START}) as it from callback"
    );
    let (due, expires) = (23 * HOUR, 3 * DAY - HOUR);
    // 08:30 on the next day is quiet.
    assert_eq!(
        list(&world, &row),
        format!("crl_order:{first} purchase_visit {customer} {} {expires}", due + 30 * MINUTE)
    );
    // Later they may be called again.
    world.database().execute("update callback set state = 'reached'", []).unwrap();
    world.wait_ms(MINUTE);
    order(&world, &customer, 0);
    assert_eq!(tick(&world)["made"], 1);
}

fn answered(world: &World, customer_id: &str, scale: (&str, u8), value: u8) -> String {
    let given =
        Given { scale, customer_id, group: "core", touchpoint: "tch_shop", ..Given::default() };
    world.answered_all(&[(given, value)])
}

#[test]
fn who_was_disappointed_is_called() {
    let world = shop(&json!({}));
    let wanted = json!({ "delay_min": 0, "within_min": 1440, "nps_max": 6, "csat_max": 2 });
    rule(&world, "crl_low", "response.created", "recovery", &wanted);
    let customer = known(&world, "M1", "core");
    answered(&world, &customer, ("nps", 10), 7);
    answered(&world, &customer, ("csat", 5), 3);
    answered(&world, &customer, ("ces", 7), 1);
    assert_eq!(tick(&world)["made"], 0);
    let low = answered(&world, &customer, ("nps", 10), 6);
    assert_eq!(tick(&world)["made"], 1);
    let row = "select once || ' ' || purpose || ' ' || response_id || ' ' || touchpoint_id as it
        from callback";
    assert_eq!(list(&world, row), format!("crl_low:{low} recovery {low} tch_shop"));
    // Another low answer while that is open, one of nobody, and one of nobody with a number.
    answered(&world, &customer, ("csat", 5), 1);
    answered(&world, "", ("csat", 5), 1);
    let open = answered(&world, "", ("csat", 5), 2);
    contact(&world, &open, "phone", "+1 202 456 1111");
    let answer = tick(&world);
    assert_eq!(answer["made"], 1);
    assert_eq!(
        (&answer["skipped"]["open"], &answer["skipped"]["no_phone"]),
        (&json!(1), &json!(1))
    );
    let number = "select value as it from contact n join callback c on c.id = n.owner
        where c.customer_id = ''";
    assert_eq!(list(&world, number), "+12024561111");
}

#[test]
fn what_is_screened_out_erased_or_not_to_be_called_leads_nowhere() {
    let world = shop(&json!({}));
    rule(&world, "crl_low", "response.created", "recovery", &json!({}));
    let customer = known(&world, "M1", "core");
    answered(&world, &customer, ("nps", 10), 0);
    world.database().execute("update response set counted = 0, screened = 'staff'", []).unwrap();
    assert_eq!(tick(&world)["skipped"]["over"], 1);
    answered(&world, &customer, ("nps", 10), 0);
    world.database().execute("update customer set erased_at_ms = 1", []).unwrap();
    assert_eq!(tick(&world)["skipped"]["over"], 1);
    let other = world.customer("M2", "core", true);
    contact(&world, &other, "phone", "13900139000");
    let hash = app::callback::phone_hash(testkit::SECRET_KEY, "sit_shop", "+8613900139000");
    world.run(store::do_not_call::insert("dnc_1", "sit_shop", hash, "admin", 0));
    answered(&world, &other, ("nps", 10), 0);
    assert_eq!(tick(&world)["skipped"]["do_not_call"], 1);
    assert_eq!(world.number("select count(*) from callback"), 0);
    // An answer in a call to win somebody back leads to no other call.
    let third = known(&world, "M3", "core");
    answered(&world, &third, ("nps", 10), 0);
    tick(&world);
    let said = answered(&world, &third, ("nps", 10), 0);
    let done = "update callback set state = 'reached', result_id = ?1";
    world.database().execute(done, [said]).unwrap();
    assert_eq!(tick(&world)["made"], 0);
    assert_eq!(world.number("select count(*) from callback"), 1);
}

#[test]
fn core_customers_are_called_by_their_adviser_now_and_then() {
    let world = shop(&json!({}));
    let wanted = json!({ "delay_min": 30, "within_min": 4320, "every_days": 30 });
    rule(&world, "crl_core", "customer", "core_visit", &wanted);
    let all: Vec<String> = (0..120).map(|at| known(&world, &format!("M{at}"), "core")).collect();
    world.database().execute("update agent set calls_per_day = 120", []).unwrap();
    known(&world, "new", "new");
    world.customer("silent", "core", true);
    let adviser = "update customer set adviser_id = 'agt_lan' where id = ?1";
    world.database().execute(adviser, [&all[0]]).unwrap();
    let answer = tick(&world);
    assert_eq!((&answer["made"], &answer["more"]), (&json!(120), &json!(false)));
    assert_eq!(answer["skipped"]["no_phone"], 1);
    let whose = "select agent_id || ':' || count(*) as it from callback
        group by agent_id order by 1 desc";
    assert_eq!(list(&world, whose), "agt_lan:1,:119");
    assert_eq!(
        list(&world, "select once as it from callback order by once limit 1"),
        format!("crl_core:{}:20779", all.iter().min().unwrap())
    );
    assert_eq!(list(&world, "select day || customer as it from call_scan"), "20779~");
    // Nobody is called twice: not today, not while that is open, and not before their time.
    assert_eq!(tick(&world)["made"], 0);
    world.wait_ms(29 * DAY);
    assert_eq!(tick(&world)["made"], 0);
    assert_eq!(list(&world, "select distinct state as it from callback"), "expired");
    // A day that no tick saw is made up for.
    world.wait_ms(2 * DAY);
    assert_eq!(tick(&world)["made"], 120);
    check(&world);
}

#[test]
fn on_a_day_no_more_are_made_than_agents_can_make() {
    let world = shop(&json!({}));
    rule(&world, "crl_core", "customer", "core_visit", &json!({ "every_days": 90 }));
    // The first ones have no number; they take nobody's turn.
    (0..10).for_each(|at| drop(world.customer(&format!("S{at}"), "core", true)));
    world.wait_ms(1);
    (0..150).for_each(|at| drop(known(&world, &format!("M{at}"), "core")));
    world.database().execute("update agent set calls_per_day = 60", []).unwrap();
    for (made, day) in [(60, 20_779), (60, 20_780), (30, 20_781), (0, 20_782)] {
        assert_eq!((&tick(&world)["made"], &tick(&world)["made"]), (&json!(made), &json!(0)));
        assert_eq!(list(&world, "select day || customer as it from call_scan"), format!("{day}~"));
        world.wait_ms(DAY);
    }
    check(&world);
}

#[test]
fn an_adviser_who_makes_no_calls_has_others_call() {
    let world = shop(&json!({}));
    rule(&world, "crl_core", "customer", "core_visit", &json!({}));
    let customer = known(&world, "M1", "core");
    let adviser = "update customer set adviser_id = 'agt_lan' where id = ?1";
    world.database().execute(adviser, [&customer]).unwrap();
    world.database().execute("update agent set is_active = 0", []).unwrap();
    assert_eq!(tick(&world)["made"], 1);
    assert_eq!(list(&world, "select agent_id as it from callback"), "");
}

#[test]
fn nobody_is_called_in_the_night_of_where_they_are() {
    let world = shop(&json!({ "quiet": { "from": "21:00", "until": "09:00" } }));
    of_solved(&world);
    // 09:30 in Shanghai is 20:30 in New York; an hour later is night there.
    let customer = known(&world, "M1", "core");
    world.database().execute("update customer set zone = 'America/New_York'", []).unwrap();
    world.database().execute("update contact set value = '(202) 456-1111'", []).unwrap();
    let case = complaint(&world, &customer);
    solve(&world, &case);
    tick(&world);
    let due = "select zone || ' ' || strftime('%FT%TZ', due_ms / 1000, 'unixepoch') as it
        from callback";
    assert_eq!(list(&world, due), "America/New_York 2026-11-22T14:00:00Z");
    let number = "select value as it from contact where owner like 'cbk_%'";
    assert_eq!(list(&world, number), "+12024561111");
}

#[test]
fn after_a_missed_day_what_still_has_time_is_made_and_due_at_once() {
    let world = shop(&json!({ "quiet": null }));
    of_solved(&world);
    let [a, b] = ["M1", "M2"].map(|it| complaint(&world, &known(&world, it, "core")));
    tick(&world);
    solve(&world, &a);
    world.wait_ms(2 * DAY);
    solve(&world, &b);
    world.wait_ms(DAY);
    let answer = tick(&world);
    assert_eq!((&answer["made"], &answer["skipped"]["too_late"]), (&json!(1), &json!(1)));
    let row = format!("select case_id || ' ' || (due_ms - {}) as it from callback", world.now());
    assert_eq!(list(&world, &row), format!("{b} 0"));
}

#[test]
fn rules_that_rest_and_services_that_are_not_offered_make_nothing() {
    let world = shop(&json!({}));
    of_solved(&world);
    let [a, b] = ["M1", "M2"].map(|it| complaint(&world, &known(&world, it, "core")));
    solve(&world, &a);
    world.database().execute("update call_rule set is_active = 0", []).unwrap();
    assert_eq!(tick(&world)["made"], 0);
    world.database().execute("update call_rule set is_active = 1", []).unwrap();
    world.database().execute("update service set is_active = 0", []).unwrap();
    assert_eq!(tick(&world)["made"], 0);
    world.database().execute("update service set is_active = 1", []).unwrap();
    // Of what happened before there was such a rule nothing is made.
    world.database().execute("update call_scan set sequence = 0", []).unwrap();
    world.wait_ms(1);
    let now = world.now();
    world.database().execute("update call_rule set created_at_ms = ?1", [now]).unwrap();
    solve(&world, &b);
    assert_eq!(tick(&world)["made"], 1);
    let id = list(&world, "select id as it from callback");
    assert_eq!(
        (told(&world, &id), list(&world, "select case_id as it from callback")),
        (String::new(), b)
    );
}

#[test]
fn much_that_happened_is_taken_page_by_page() {
    let world = shop(&json!({}));
    rule(&world, "crl_order", "order.completed", "purchase_visit", &json!({}));
    for at in 0..130 {
        order(&world, &known(&world, &format!("M{at}"), "new"), 0);
    }
    let answer = tick(&world);
    assert_eq!((&answer["made"], &answer["more"]), (&json!(130), &json!(false)), "{answer}");
    check(&world);
}
