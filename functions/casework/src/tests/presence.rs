//! Who else looks at a case.

use serde_json::json;
use testkit::World;

use super::{done, plain, refused, send};

const TEXT: &str = "洗衣机漏水";

#[test]
fn two_who_look_at_one_case_see_each_other_for_a_moment() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("/v1/complaints/{id}/presence");
    let put = |who: &str, is_writing: bool| {
        done(&world, who, &format!("PUT {path}"), &json!({ "is_writing": is_writing }).to_string())
    };
    let case = done(&world, "agent", &format!("GET /v1/complaints/{id}"), "");
    assert_eq!(put("agent", false), json!({ "version": case["version"], "items": [] }));
    let told = put("manager", true);
    let agent = json!({ "name": "agent", "agent_id": null, "is_writing": false });
    assert_eq!(told["items"], json!([agent]));
    let told = put("agent", false);
    let manager = json!({ "name": "manager", "agent_id": null, "is_writing": true });
    assert_eq!(told["items"], json!([manager]));
    // Whoever only asks is told, and is not there for others.
    let told = done(&world, "admin", &format!("GET {path}"), "");
    assert_eq!(told["items"], json!([agent, manager]));
    assert_eq!(world.number("select count(*) from presence"), 2);
    // The key of an agent is told by the agent's name; another key of theirs is no other.
    world.database().execute("update api_key set agent_id = 'agt_lan'", []).unwrap();
    assert_eq!(put("agent", false)["items"], json!([manager]));
    put("manager", false);
    assert_eq!(put("agent", false)["items"], json!([]));
    world
        .database()
        .execute("update api_key set agent_id = '' where id = 'key_manager'", [])
        .unwrap();
    let lan = json!({ "name": "周岚", "agent_id": "agt_lan", "is_writing": false });
    assert_eq!(put("manager", false)["items"], json!([lan]));
    world.wait_ms(45_001);
    assert_eq!(put("agent", false)["items"], json!([]));
}

#[test]
fn looking_changes_nothing_of_the_case() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("/v1/complaints/{id}/presence");
    let events = world.number("select count(*) from event");
    let body = r#"{ "is_writing": true }"#;
    done(&world, "agent", &format!("PUT {path}\nidempotency-key: k"), body);
    assert_eq!(world.number("select count(*) from event"), events);
    assert_eq!(world.number("select count(*) from idempotency"), 0);
    assert_eq!(refused(&world, "viewer", &format!("PUT {path}"), body).0, "forbidden");
    assert_eq!(refused(&world, "viewer", &format!("GET {path}"), "").0, "forbidden");
    assert_eq!(refused(&world, "other", &format!("GET {path}"), "").0, "not-found");
    let wrong = refused(&world, "agent", &format!("PUT {path}"), r#"{ "is_writing": 1, "x": 2 }"#);
    assert_eq!(wrong.0, "invalid-fields");
    let answer = send(&world, "agent", &format!("POST {path}"), "{}");
    assert_eq!(answer.status(), 405);
    // Spanning sites, one is named.
    let spanning = format!("PUT {path}?site=sit_shop\nauthorization: Bearer sk_admin_of_the_world");
    let answer = world.send(super::super::handle, &format!("{spanning}\n\n{body}"));
    assert_eq!(answer.status(), 200);
    let told = done(&world, "agent", &format!("GET {path}\naccept-language: zh-CN"), "");
    assert_eq!(told["items"][0]["name"], "管理员");
}
