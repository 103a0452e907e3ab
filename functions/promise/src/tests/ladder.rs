//! The ladder, and who gets what is nobody's.

use store::case_steps;

use super::*;
use crate::climb::together;

const STEPS: &str = "select (s.value ->> 'clock') || ' ' || (s.value ->> 'percent') as it
    from event e, json_each(e.data, '$.steps') s
    where e.kind = 'complaint.escalated' order by e.seq, s.key";
const NOTICES: &str = "select kind || ' ' || (data -> 'to') as it from notice order by id";

#[test]
fn each_step_is_taken_once_when_its_time_comes() {
    let world = World::with_site();
    let id = opened(&world, about(1));
    // General: an answer within 24 hours, a solution within 48.
    assert_eq!(list(&world, "select agent_id as it from complaint"), "agt_lan");
    world.wait_ms(12 * HOUR - 1);
    assert_eq!(tick(&world)["escalated"], 0);
    world.wait_ms(1);
    assert_eq!(tick(&world)["escalated"], 1);
    assert_eq!(tick(&world)["escalated"], 0);
    assert_eq!(list(&world, STEPS), "answer 50");
    assert_eq!(list(&world, NOTICES), r#"case.due {"agent_id":"agt_lan"}"#);
    world.wait_ms(6 * HOUR);
    tick(&world);
    // Nobody's department: its managers are told.
    let notices = list(&world, &format!("{NOTICES} limit 9 offset 1"));
    assert!(notices.contains(r#"case.due {"role":"manager"}"#), "{notices}");
    world.wait_ms(6 * HOUR);
    tick(&world);
    let row = list(&world, "select urgency || ' ' || late as it from complaint");
    assert_eq!(row, "high 0", "at its due time it is not late yet");
    assert_eq!(list(&world, STEPS), "answer 50,answer 75,answer 100,solution 50,closing 50");
    let ends = "select count(*) from event e join complaint c on c.id = e.subject
        where c.version = (select max(version) from event where subject = c.id)
          and e.version = c.version";
    assert_eq!(world.number(ends), 1, "the row and its chain agree");
    assert!(list(&world, NOTICES).contains(r#"case.late {"role":"manager"}"#));
    assert_eq!(list(&world, "select distinct subject as it from notice"), id);
}

#[test]
fn what_was_missed_for_a_day_is_told_as_one() {
    let world = World::with_site();
    opened(&world, about(1));
    world.wait_ms(50 * HOUR);
    tick(&world);
    // One event, and one notice for each recipient, at the furthest step of each clock.
    assert_eq!(list(&world, STEPS), "answer 150,solution 100,closing 100");
    assert_eq!(world.number("select count(*) from event where kind = 'complaint.escalated'"), 1);
    let notices = "select kind || ' ' || (data ->> 'clock') || ' ' || (data ->> 'percent') || ' '
        || (data ->> '$.to.agent_id' is null) || ' ' || json_array_length(data, '$.steps') as it
        from notice where kind <> 'case.assigned' order by 1";
    assert_eq!(list(&world, notices), "case.late answer 150 0 3,case.late answer 150 1 3");
    assert_eq!(list(&world, "select urgency as it from complaint"), "immediate");
    assert_eq!(list(&world, "select late as it from complaint"), "7");
}

#[test]
fn two_ticks_over_the_same_cases_escalate_once() {
    let world = World::with_site();
    for number in 0..20 {
        opened(&world, about(number));
    }
    world.wait_ms(12 * HOUR);
    pollster::block_on(async {
        use ports::{Env, Sql};
        let due = world.sql().fetch(case_steps::due(world.now(), 100)).await.unwrap();
        assert_eq!(due.len(), 20);
        let one = together(&world, "sit_shop", due.clone(), false).await.unwrap();
        assert_eq!(one, Some(20));
        // What the other one read is not as it is any more: together and singly it does nothing.
        let other = together(&world, "sit_shop", due.clone(), false).await.unwrap();
        assert_eq!(other, None);
        let other = together(&world, "sit_shop", due, true).await.unwrap();
        assert_eq!(other, Some(0));
    });
    assert_eq!(world.number("select count(*) from event where kind = 'complaint.escalated'"), 20);
    assert_eq!(world.number("select count(*) from notice"), 1, "a digest");
    assert_eq!(
        world.number(
            "select max(n) from (select count(*) n from event
        where kind = 'complaint.escalated' group by subject)"
        ),
        1
    );
}

#[test]
fn one_case_that_changed_meanwhile_keeps_no_other_from_its_step() {
    let world = World::with_site();
    for number in 0..3 {
        opened(&world, about(number));
    }
    world.wait_ms(12 * HOUR);
    pollster::block_on(async {
        use ports::{Env, Sql};
        let due = world.sql().fetch(case_steps::due(world.now(), 100)).await.unwrap();
        let book = Book::load(&world, "sit_shop").await.unwrap();
        let mut work = app::case::Work::on(&book, due[1].clone(), world.now()).unwrap();
        let mut data = serde_json::Map::new();
        data.insert("fields".to_owned(), serde_json::json!([]));
        work.happened("complaint.updated", data);
        work.settle();
        let by = Staff::new("sit_shop", "public");
        commit(&world, &by, work.change(web::no_content())).await.unwrap();
        assert_eq!(together(&world, "sit_shop", due.clone(), false).await.unwrap(), None);
        assert_eq!(together(&world, "sit_shop", due, true).await.unwrap(), Some(2));
    });
}

#[test]
fn many_notices_for_one_are_one() {
    let world = World::with_site();
    for number in 0..120 {
        opened(&world, about(number));
    }
    let load = "update agent set capacity = 500";
    world.database().execute(load, []).unwrap();
    tick(&world);
    world.wait_ms(12 * HOUR);
    assert_eq!(tick(&world)["escalated"], 120);
    // A hundred are looked at together.
    let counts = "select (data ->> 'count') as it from notice order by it desc";
    assert_eq!(list(&world, counts), "100,20");
    let named = "select json_array_length(data, '$.cases') as it from notice order by it desc";
    assert_eq!(list(&world, named), "100,20");
    let created = "select count(*) from event where kind = 'notice.created'";
    assert_eq!(world.number(created), 2);
    let broken = "select count(*) from complaint c where c.version <>
        (select max(version) from event where subject = c.id)";
    assert_eq!(world.number(broken), 0);
}

#[test]
fn a_step_that_says_so_is_a_digest_of_two() {
    let world = World::with_site();
    publish(
        &world,
        "ladder",
        r#"{ "steps": [ { "clock": "answer", "percent": 50, "do": "notify", "to": "agent",
            "digest": true } ] }"#,
    );
    opened(&world, about(1));
    world.wait_ms(12 * HOUR);
    tick(&world);
    assert_eq!(world.number("select count(*) from notice where data ->> 'count' is null"), 1);
    opened(&world, about(2));
    opened(&world, about(3));
    world.wait_ms(12 * HOUR);
    tick(&world);
    assert_eq!(
        list(&world, "select data ->> 'count' as it from notice where subject = 'sit_shop'"),
        "2"
    );
}

#[test]
fn a_notice_waits_for_people_to_be_at_work() {
    let world = World::with_site();
    publish(
        &world,
        "ladder",
        r#"{ "steps": [
          { "clock": "answer", "percent": 50, "do": "notify", "to": { "role": "manager" },
            "time": "working" },
          { "clock": "answer", "percent": 50, "do": "notify", "to": "agent", "time": "working" } ]
        }"#,
    );
    // On Sunday at 9:30, so half of it is over at 21:30, and offices open on Monday at 9.
    opened(&world, about(1));
    world.wait_ms(12 * HOUR);
    assert_eq!(tick(&world)["escalated"], 0);
    world.wait_ms(11 * HOUR + HOUR / 2 - 1);
    assert_eq!(tick(&world)["escalated"], 0);
    // Whoever is away at the opening hears of it when they are back.
    let until = ports::Env::now(&world) + 2 * HOUR;
    let away = format!("update agent set absences = '[[0,{until}]]'");
    world.database().execute(&away, []).unwrap();
    world.wait_ms(1);
    assert_eq!(tick(&world)["escalated"], 1);
    assert_eq!(list(&world, NOTICES), r#"case.due {"role":"manager"}"#);
    world.wait_ms(HOUR);
    assert_eq!(tick(&world)["escalated"], 0);
    world.wait_ms(HOUR);
    assert_eq!(tick(&world)["escalated"], 1);
    assert!(list(&world, NOTICES).ends_with(r#"case.due {"agent_id":"agt_lan"}"#));
    assert_eq!(tick(&world)["escalated"], 0);
}

fn hire(world: &World, id: &str, more: &str) {
    let text = format!(
        "insert into agent (id, site_id, version, name, department_id, skills, is_active,
           created_at_ms, updated_at_ms) values ('{id}', 'sit_shop', 1, '{id}', '', '[]', 1, 0, 0);
         {more}"
    );
    world.database().execute_batch(&text).unwrap();
}

#[test]
fn far_beyond_its_time_a_case_goes_to_a_specialist() {
    let world = World::with_site();
    opened(&world, about(1));
    hire(&world, "agt_zhu", "update agent set is_specialist = 1 where id = 'agt_zhu'");
    hire(&world, "agt_any", "");
    world.wait_ms(36 * HOUR);
    tick(&world);
    assert_eq!(list(&world, "select agent_id as it from complaint"), "agt_zhu");
    let loads = "select agent_id || ' ' || open as it from agent_load order by 1";
    assert_eq!(list(&world, loads), "agt_lan 0,agt_zhu 1");
    let told = "select data -> 'to' as it from notice where kind = 'case.assigned'";
    assert_eq!(list(&world, told), r#"{"agent_id":"agt_zhu"}"#);
    let event = "select (data -> 'acts') || ' ' || (data ->> '$.before.agent_id') as it from event
        where kind = 'complaint.escalated'";
    assert_eq!(list(&world, event), r#"["notify","raise","reassign"] agt_lan"#);
}

#[test]
fn what_is_nobodys_is_taken_up_when_somebody_comes_the_most_pressing_first() {
    let world = World::with_site();
    let absent = "update agent set is_active = 0";
    world.database().execute(absent, []).unwrap();
    for number in 0..3 {
        opened(&world, about(number));
        world.wait_ms(1000);
    }
    assert_eq!(tick(&world)["assigned"], 0);
    let later = "update complaint set next_due_ms = next_due_ms + 99999999
        where id = (select min(id) from complaint)";
    world.database().execute(later, []).unwrap();
    world.database().execute("update agent set is_active = 1, capacity = 2", []).unwrap();
    assert_eq!(tick(&world)["assigned"], 2);
    let whose = "select iif(agent_id = '', '-', agent_id) as it from complaint order by id";
    assert_eq!(list(&world, whose), "-,agt_lan,agt_lan");
    assert_eq!(tick(&world)["assigned"], 0);
    world.database().execute("update agent set capacity = 3", []).unwrap();
    assert_eq!(tick(&world)["assigned"], 1);
    assert_eq!(list(&world, "select open as it from agent_load"), "3");
    assert_eq!(world.number("select count(*) from event where kind = 'complaint.assigned'"), 3);
}

#[test]
fn equals_share_what_waited_for_them() {
    let world = World::with_site();
    world.database().execute("update agent set is_active = 0", []).unwrap();
    for number in 0..30 {
        opened(&world, about(number));
    }
    for id in ["agt_a", "agt_b", "agt_c"] {
        hire(&world, id, "");
    }
    assert_eq!(tick(&world)["assigned"], 30);
    assert_eq!(list(&world, "select open as it from agent_load"), "10,10,10");
}

#[test]
fn whoever_knows_its_type_gets_a_case_late_as_well_as_at_once() {
    for is_late in [false, true] {
        let world = World::with_site();
        world.database().execute("update agent set is_active = 0", []).unwrap();
        let hire_both = || {
            hire(&world, "agt_a", "");
            hire(&world, "agt_b", "update agent set skills = '[\"delivery\"]' where id = 'agt_b'");
        };
        if !is_late {
            hire_both();
        }
        let mut opening = about(1);
        opening.type_id = "delivery".to_owned();
        opened(&world, opening);
        if is_late {
            hire_both();
            assert_eq!(tick(&world)["assigned"], 1);
        }
        let whose = list(&world, "select agent_id as it from complaint");
        assert_eq!(whose, "agt_b", "late: {is_late}");
    }
}

#[test]
fn what_was_solved_and_not_contested_is_to_be_closed() {
    let world = World::with_site();
    let id = opened(&world, about(1));
    pollster::block_on(async {
        use ports::{Env, Sql};
        use store::Entity;
        let book = Book::load(&world, "sit_shop").await.unwrap();
        let case = store::cases::Case::by_id("sit_shop", &id);
        let case = world.sql().fetch(case).await.unwrap().unwrap();
        let mut work = app::case::Work::on(&book, case, world.now()).unwrap();
        work.act(domain::case::act::Act::Solve).unwrap();
        let data = serde_json::json!({ "is_first_contact": true, "agent_id": null });
        let serde_json::Value::Object(data) = data else { panic!() };
        work.happened("complaint.solved", data);
        work.settle();
        let by = Staff::new("sit_shop", "public");
        commit(&world, &by, work.change(web::no_content())).await.unwrap();
    });
    world.wait_ms(30 * 24 * HOUR - 1);
    tick(&world);
    let reminders = "select count(*) from notice where kind = 'case.to_close'";
    assert_eq!(world.number(reminders), 0);
    world.wait_ms(1);
    tick(&world);
    tick(&world);
    assert_eq!(world.number(reminders), 1);
    assert_eq!(list(&world, "select state as it from complaint"), "solved");
    assert_eq!(world.number("select count(*) from complaint where next_step_ms is null"), 1);
}

#[test]
fn whoever_works_here_no_more_is_told_nothing_but_their_department_is() {
    let world = World::with_site();
    opened(&world, about(1));
    let gone = "update agent set is_active = 0; update complaint set department_id = 'dep_1'";
    world.database().execute_batch(gone).unwrap();
    world.wait_ms(12 * HOUR);
    tick(&world);
    assert_eq!(list(&world, NOTICES), r#"case.due {"department_id":"dep_1"}"#);
}

#[test]
fn what_was_promised_anew_is_due_anew() {
    let world = World::with_site();
    opened(&world, about(1));
    tick(&world);
    let due = || list(&world, "select answer_due_ms - received_at_ms as it from complaint");
    assert_eq!(due(), (24 * HOUR).to_string());
    // As publishing does.
    let policy = r#"{ "grades": { "general": { "answer": { "hours": 8 } } } }"#;
    publish(&world, "promise", policy);
    let wake = format!("update complaint set next_step_ms = {}", ports::Env::now(&world));
    world.database().execute(&wake, []).unwrap();
    tick(&world);
    assert_eq!(due(), (8 * HOUR).to_string());
    assert_eq!(world.number("select max(version) from complaint"), 3, "nothing happened to it");
}

#[test]
fn a_history_that_is_broken_holds_nobody_up() {
    let world = World::with_site();
    opened(&world, about(1));
    world.wait_ms(1);
    opened(&world, about(2));
    let broken = "update complaint set history = 'what' where id = (select min(id) from complaint)";
    world.database().execute(broken, []).unwrap();
    world.wait_ms(12 * HOUR);
    assert_eq!(tick(&world)["escalated"], 1);
    assert_eq!(tick(&world)["escalated"], 0);
}
