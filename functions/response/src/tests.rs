//! Responses of a study, told in requests and answers.

use testkit::{Given, World};

mod entry;
mod look;

#[test]
fn comments_are_for_agents_and_newest_come_first() {
    let world = World::with_site();
    for why in ["好, \\\"真\\\"的", "慢"] {
        let answers = format!(r#"{{ "why": "{why}" }}"#);
        let group = "core";
        world.answered(&Given { channel: "app", group, answers: &answers, ..Given::default() }, 4);
    }
    let list = "GET /v1/studies/srv_shop/responses?limit=1\nauthorization: Bearer {agent}";
    let page = world.json(super::handle, list);
    let first = &page["items"][0];
    assert_eq!(first["channel"], "app");
    assert_eq!(first["group"], "core");
    assert_eq!(first["source"], "import");
    let after = page["next"].as_str().unwrap();
    let rest = format!(
        "GET /v1/studies/srv_shop/responses?after={after}\nauthorization: Bearer {{agent}}"
    );
    let rest = world.json(super::handle, &rest);
    let comments = [&first["answers"]["why"], &rest["items"][0]["answers"]["why"]];
    assert!(comments.contains(&&"好, \"真\"的".into()), "{comments:?}");
    for key in ["viewer", "other"] {
        let request =
            format!("GET /v1/studies/srv_shop/responses\nauthorization: Bearer {{{key}}}");
        assert!([403, 404].contains(&world.send(super::handle, &request).status().as_u16()));
    }
}

#[test]
fn a_list_tells_what_does_not_count_and_why() {
    let world = World::with_site();
    let given = Given { screened: "straight_lining,too_fast", ..Given::default() };
    let screened = world.answered_all(&[(given, 4)]);
    world.answered(&Given::default(), 4);
    let list = "GET /v1/studies/srv_shop/responses\nauthorization: Bearer {agent}";
    let list = world.json(super::handle, list);
    for it in list["items"].as_array().unwrap() {
        let is_it = it["id"] == screened.as_str();
        let reasons = if is_it { vec!["straight_lining", "too_fast"] } else { vec![] };
        assert_eq!(it["is_counted"], !is_it, "{it}");
        assert_eq!(it["screened"], serde_json::json!(reasons), "{it}");
    }
}

#[test]
fn wrong_methods_and_a_broken_database_say_so() {
    let world = World::with_site();
    let answer = world.send(super::handle, "DELETE /v1/studies/x/responses");
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "GET, HEAD, POST");
    for path in ["/v1/studies/x", "/v1/studies/x/responses/y"] {
        assert_eq!(world.send(super::handle, &format!("GET {path}")).status(), 404, "{path}");
    }
    world.break_database();
    let read = "GET /v1/studies/srv_shop/responses\nauthorization: Bearer {agent}";
    assert_eq!(world.send(super::handle, read).status(), 503);
}

#[test]
fn agents_see_the_contacts_that_responses_gave() {
    let world = World::with_site();
    let given = testkit::Given { answers: r#"{ "q": 4, "mail": true }"#, ..Default::default() };
    let id = world.answered_all(&[(given, 4)]);
    world.answered(&testkit::Given::default(), 1);
    let contact = "insert into contact (owner, kind, question_id, value)
        values (?1, 'email', 'mail', 'a@example.com')";
    world.database().execute(contact, [&id]).unwrap();
    let read = "GET /v1/studies/srv_shop/responses\nauthorization: Bearer {agent}";
    let shown = world.json(super::handle, read);
    let items = shown["items"].as_array().unwrap();
    let one = items.iter().find(|it| it["id"] == id.as_str()).unwrap();
    assert_eq!(one["answers"]["mail"], "a@example.com");
    assert_eq!(items.len(), 2);
}
