//! Queues.

use super::*;

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

/// All pages of a list, each of two.
fn all(world: &World, query: &str) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), String::new());
    for _ in 0..20 {
        let page = get(world, &format!("?limit=2&{query}{after}"));
        found.extend(ids(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
    panic!("a list without an end: {found:?}");
}

#[test]
fn the_most_pressing_come_first_and_pages_miss_none() {
    let world = World::with_site();
    let mut made = Vec::new();
    for it in ["一件", "第二件事情", "第三", "四是别的", "五又是另外"] {
        made.push(plain(&world, it));
        world.wait_ms(1000);
    }
    // What waits for its customer has no clock that runs, and what is closed is in no queue.
    let set = |id: &str, what: &str| {
        let sql = format!("update complaint set {what} where id = '{id}'");
        world.database().execute(&sql, []).unwrap();
    };
    set(&made[0], "state = 'waiting', next_due_ms = null");
    set(&made[1], "state = 'closed', grade = 'none', cause_kind = '', next_due_ms = null");
    set(&made[2], "grade = 'general', next_due_ms = 5000");
    set(&made[3], "grade = 'general', next_due_ms = 5000");
    set(&made[4], "grade = 'major', next_due_ms = 4000");
    // Equals go by their ids.
    let expected = [&made[4], &made[2], &made[3], &made[0]].map(String::as_str);
    assert_eq!(all(&world, ""), expected);
    assert_eq!(all(&world, "agent_id=agt_lan"), expected);
    assert_eq!(all(&world, "state=waiting"), [made[0].as_str()]);
    assert_eq!(all(&world, "grade=major"), [made[4].as_str()]);
    assert_eq!(all(&world, "state=closed"), [made[1].as_str()]);
    let mut newest = made.clone();
    newest.reverse();
    assert_eq!(all(&world, "sort=newest"), newest);
    assert_eq!(all(&world, "is_late=false"), [made[0].as_str()]);
    assert_eq!(all(&world, "is_late=true").len(), 3);
    assert_eq!(all(&world, "is_late=true&agent_id=agt_x"), Vec::<String>::new());
    let other = done(&world, "other", "GET /v1/complaints", "");
    assert_eq!(ids(&other), Vec::<&str>::new());
}

#[test]
fn me_is_the_agent_whose_key_it_is() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    assert_eq!(refused(&world, "agent", "GET /v1/complaints?agent_id=me", "").0, "invalid-fields");
    let own = "update api_key set agent_id = 'agt_lan' where id = 'key_agent'";
    world.database().execute(own, []).unwrap();
    assert_eq!(ids(&get(&world, "?agent_id=me")), [id.as_str()]);
}

#[test]
fn what_cannot_be_asked_for_is_said() {
    let world = World::with_site();
    let path = "GET /v1/complaints?state=lost&grade=bad&is_late=maybe&sort=age&after=x&limit=0&q=1";
    let (kind, text) = refused(&world, "agent", path, "");
    assert_eq!(kind, "invalid-fields");
    for name in ["state", "grade", "is_late", "sort", "after", "limit", "q"] {
        assert!(text.contains(&format!("\"parameter\":\"{name}\"")), "{name} in {text}");
    }
    for sort in ["state=closed&sort=due", "customer_id=cus_1&sort=due"] {
        let path = format!("GET /v1/complaints?{sort}");
        assert_eq!(refused(&world, "agent", &path, "").0, "invalid-fields");
    }
}

#[test]
fn a_rare_kind_is_found_behind_many_others() {
    let world = World::with_site();
    let rare = plain(&world, TEXT);
    let copy = |n: i64| {
        format!(
            "insert into complaint select 'cmp_b' || printf('%05d', value), site_id, version,
               'n' || value, 'o' || value, state, grade, tier, urgency, need, 'plenty', source,
               channel, language, touchpoint_id, department_id, '', customer_id, customer_group,
               who, response_id, parent_id, amount, grading, assigned, history, late, ladder_done,
               reopened, answers, is_repeat, is_first_contact, cause_kind, cause_id, csat, ces,
               received_at_ms, received_day, answered_at_ms, solved_at_ms, closed_at_ms,
               answer_due_ms, solution_due_ms, closing_due_ms, next_due_ms - 1, next_step_ms,
               created_at_ms, updated_at_ms, null
             from complaint, (with recursive n(value) as (select 1 union all
               select value + 1 from n where value < {n}) select value from n)
             where complaint.id = '{rare}'"
        )
    };
    world.database().execute_batch(&copy(2_500)).unwrap();
    world
        .database()
        .execute("update complaint set type_id = 'rare' where id = ?1", [&rare])
        .unwrap();
    let first = get(&world, "?type=rare");
    assert_eq!(ids(&first), Vec::<&str>::new(), "it stands behind what one page looks at");
    assert!(first["next"].is_string());
    assert_eq!(all(&world, "type=rare"), [rare.as_str()]);
}

#[test]
fn a_list_tells_how_each_begins_and_whose_it_is() {
    let world = World::with_site();
    world.customer("M1", "core", true);
    let long = "漏".repeat(200);
    let stranger = r#"{ "text": "屏幕碎了", "customer": { "name": "<b>李想" } }"#;
    let named = r#"{ "text": "一直漏水", "customer": { "external_id": "M1" } }"#;
    for body in [stranger, named, &format!(r#"{{ "text": "{long}" }}"#)] {
        world.wait_ms(1);
        opened(&world, body);
    }
    let page = get(&world, "?sort=newest");
    let told = |at: usize| [&page["items"][at]["excerpt"], &page["items"][at]["customer_name"]];
    assert_eq!(told(0), [&Value::from("漏".repeat(140)), &Value::Null]);
    assert_eq!(told(1), [&Value::from("一直漏水"), &Value::from("M1")]);
    assert_eq!(told(2), [&Value::from("屏幕碎了"), &Value::from("<b>李想")]);
    world.database().execute("update case_text set text = '', salt = x''", []).unwrap();
    assert_eq!(get(&world, "")["items"][0]["excerpt"], Value::Null);
}
