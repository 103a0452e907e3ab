//! A year of waves with outages, erasures and changed minds, in any order.

use domain::civil::DAY_MS;
use serde_json::{Value, json};
use testkit::{TICK_KEY, World};

use super::{HOUR_MS, answer, events, invitations, midnight, plan, staff};

/// What must never be, and how often it is.
const NEVER: [(&str, &str); 7] = [
    (
        "was invited twice within the rest",
        "select count(*) from invitation a join invitation b
           on a.customer_id = b.customer_id and a.customer_id <> '' and a.id < b.id
         where abs(b.invited_at_ms - a.invited_at_ms) < 20 * 86400000",
    ),
    (
        "was invited without an event, or the other way round",
        "select count(*) from invitation i
         where i.version <> (select count(*) from event e where e.subject = i.id)",
    ),
    (
        "was reminded after the answer",
        "select count(*) from invitation i
         join response r on r.idempotency_key = 'link:' || i.nonce
         where i.reminded_at_ms > r.received_at_ms",
    ),
    ("was reminded more often than planned", "select count(*) from invitation where version > 4"),
    (
        "was drawn beyond the plan",
        "select count(*) from (select 1 from invitation group by wave_id having count(*) > 15)",
    ),
    (
        "is known after they were erased",
        "select count(*) from invitation i join customer c on c.id = i.customer_id
         where c.erased_at_ms is not null",
    ),
    (
        "waits in a wave that invites nobody more",
        "select count(*) from invitation i join wave w on w.id = i.wave_id
         where w.state <> 'inviting' and i.version = 0",
    ),
];

#[test]
fn whatever_happens_nobody_is_asked_twice_or_against_their_will() {
    let world = midnight();
    world.publish_with(r#""sampling": { "rest_days": { "survey": 20 } }"#);
    let ids: Vec<String> =
        (0..60).map(|at| world.customer(&format!("c{at}"), "core", at % 9 != 0)).collect();
    let sample = r#""sample": { "core": 15 }, "open_days": 12, "remind_after_days": [2, 5, 9]"#;
    for (recurrence, day) in [("monthly", "23"), ("quarterly", "30"), ("monthly", "23")] {
        let starts = format!(r#""recurrence": "{recurrence}", "starts_on": "2026-11-{day}""#);
        plan(&world, &format!("{starts}, {sample}"));
    }
    let tick = format!("POST /internal/tick/invite\nauthorization: Bearer {TICK_KEY}\n");
    for _ in 0..600 {
        happen(&world, &ids[usize::try_from(chance(&world, 60)).unwrap()]);
        let ticked = world.send(crate::handle, &tick).status().as_u16();
        assert!([200, 500].contains(&ticked), "{ticked}");
        world.database().execute_batch("drop trigger if exists stop").unwrap();
    }
    for (what, sql) in NEVER {
        assert_eq!(world.number(sql), 0, "somebody {what}");
    }
    assert!(20 <= world.number("select count(*) from wave"), "the year was full of waves");
    assert!(50 <= events(&world, "survey.reminder_due"));
    let subjects = "select json_group_array(distinct subject) from event
        where substr(subject, 1, 4) in ('prg_', 'wav_')";
    let subjects: String = world.database().query_row(subjects, [], |row| row.get(0)).unwrap();
    for subject in serde_json::from_str::<Vec<String>>(&subjects).unwrap() {
        let kind = if subject.starts_with("prg_") { "programmes" } else { "waves" };
        let verify = format!("GET /v1/{kind}/{subject}/audit/verify");
        let verify = format!("{verify}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.json(staff::handle, &verify)["is_intact"], true, "{subject}");
    }
}

/// Something happens between two ticks, perhaps to a customer.
fn happen(world: &World, customer_id: &str) {
    match chance(world, 20) {
        // The database fails in the middle of the next tick, or another one takes its work.
        0 => {
            let stop = "create trigger stop before update on wave
                begin select raise(abort, 'stop'); end";
            world.database().execute_batch(stop).unwrap();
        }
        1 => world.database().execute_batch("update job set lease_until_ms = 0").unwrap(),
        2 => world.wait_ms(20 * DAY_MS),
        3 => {
            let turn = "update customer set has_consent = 1 - has_consent
                where id = ?1 and erased_at_ms is null";
            world.database().execute(turn, [customer_id]).unwrap();
        }
        4 if chance(world, 10) == 0 => {
            let now = ports::Env::now(world);
            let erased = "update customer set erased_at_ms = ?2, has_consent = 0 where id = ?1";
            world.database().execute(erased, (customer_id, now)).unwrap();
            world.run(store::invitations::erase("sit_shop", customer_id));
            world.run(store::rests::forget("sit_shop", customer_id));
        }
        5 | 6 => some_answer(world),
        _ => world.wait_ms(i64::try_from(chance(world, 40)).unwrap() * HOUR_MS),
    }
}

/// A fifth of those whom the newest open wave invited answer.
fn some_answer(world: &World) {
    let open = "select coalesce(max(w.id), '') from wave w where w.state = 'open'";
    let open: String = world.database().query_row(open, [], |row| row.get(0)).unwrap();
    if open.is_empty() {
        return;
    }
    for it in invitations(world, &json!(open), "&state=invited") {
        if it["url"] != Value::Null && chance(world, 5) == 0 {
            answer(world, &it);
        }
    }
}

/// A number below `most`, by chance.
fn chance(world: &World, most: u64) -> u64 {
    u64::try_from(u128::from_be_bytes(ports::Env::random(world)) % u128::from(most)).unwrap()
}
