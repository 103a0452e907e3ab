//! Complaints, told in requests and answers.

mod close;
mod presence;
mod race;
mod work;

use app::auth::Staff;
use app::case::{Book, Opening, open};
use app::write::commit;
use serde_json::Value;
use testkit::World;

/// What the customer says in most tests.
const TEXT: &str = "快递晚了三天，客服一直没有回复我";

/// Sends a request of somebody, with a body unless it is empty.
fn send(world: &World, who: &str, request: &str, body: &str) -> http::Response<Vec<u8>> {
    let head = format!("{request}\nauthorization: Bearer {{{who}}}");
    world.send(super::handle, &format!("{head}\n\n{body}"))
}

/// Sends one that must succeed.
#[track_caller]
fn done(world: &World, who: &str, request: &str, body: &str) -> Value {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(answer.status().is_success(), "{request}: {} {text}", answer.status());
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Sends one that must fail and gives its kind and the whole problem.
#[track_caller]
fn refused(world: &World, who: &str, request: &str, body: &str) -> (String, String) {
    let answer = send(world, who, request, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(!answer.status().is_success(), "{request}: {} {text}", answer.status());
    let problem: Value = serde_json::from_str(&text).unwrap();
    let kind = problem["type"].as_str().unwrap().trim_start_matches("/problems/").to_owned();
    (kind, text)
}

/// Takes in a complaint as a program would and gives its id.
fn opened(world: &World, opening: Opening) -> String {
    world.wait_ms(1);
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let by = Staff::new("sit_shop", "key:key_agent");
        let opened = open(world, &book, &by, opening).await.unwrap();
        let id = opened.work.case.id.clone();
        commit(world, &by, opened.work.change(web::no_content())).await.unwrap();
        id
    })
}

/// One of somebody who left nothing.
fn plain(world: &World, text: &str) -> String {
    opened(world, Opening { text: text.to_owned(), ..Opening::default() })
}

/// Does something to a case.
#[track_caller]
fn act(world: &World, id: &str, act: &str, body: &str) -> Value {
    world.wait_ms(1);
    done(world, "agent", &format!("POST /v1/complaints/{id}/{act}"), body)
}

fn get(world: &World, path: &str) -> Value {
    done(world, "agent", &format!("GET /v1/complaints{path}"), "")
}

/// The types of a case's events, without their family.
fn trail(world: &World, id: &str) -> Vec<String> {
    let page = done(world, "viewer", &format!("GET /v1/complaints/{id}/audit?limit=100"), "");
    let items = page["items"].as_array().unwrap();
    let kind =
        |it: &Value| it["type"].as_str().unwrap().trim_start_matches("complaint.").to_owned();
    items.iter().map(kind).collect()
}

#[test]
fn a_case_is_shown_by_its_id_and_its_number_with_all_that_was_said() {
    let world = World::with_site();
    let id = opened(
        &world,
        Opening {
            text: TEXT.to_owned(),
            files: r#"[{"name":"a.jpg","url":"https://files.example/a.jpg"}]"#.to_owned(),
            contacts: vec![("phone".to_owned(), "13800000000".to_owned())],
            ..Opening::default()
        },
    );
    let shown = get(&world, &format!("/{id}"));
    let number = shown["number"].as_str().unwrap().to_lowercase().replace('-', "%20");
    assert_eq!(get(&world, &format!("/{number}")), shown);
    assert_eq!(shown["contacts"]["phone"], "13800000000");
    assert_eq!(shown["texts"][0]["text"], TEXT);
    assert_eq!(shown["texts"][0]["files"][0]["name"], "a.jpg");
    assert_eq!(shown["links"][0]["number"], 1);
    assert_eq!(shown["clocks"]["answer"]["state"], "running");
    assert!(shown["clocks"]["answer"]["timeline"].is_array());
    assert_eq!(trail(&world, &id), ["opened", "graded", "assigned"]);
    for (who, status) in [("viewer", 403), ("other", 404)] {
        let answer = send(&world, who, &format!("GET /v1/complaints/{id}"), "");
        assert_eq!(answer.status(), status, "{who}");
    }
    let wrong = send(&world, "agent", "GET /v1/complaints/261122-7KQ2M-X", "");
    assert_eq!(wrong.status(), 404);
}

#[test]
fn hostile_words_are_kept_as_words() {
    let world = World::with_site();
    let text = "'; drop table complaint; -- <script>alert(1)</script> 👩‍👧 Ünï=1+1";
    let id = plain(&world, text);
    assert_eq!(get(&world, &format!("/{id}"))["texts"][0]["text"], text);
}

#[test]
fn strangers_keys_methods_and_broken_disks_are_answered() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    for (request, status) in [
        (format!("DELETE /v1/complaints/{id}"), 405),
        (format!("GET /v1/complaints/{id}/close"), 405),
        (format!("GET /v1/complaints/{id}/compensate"), 405),
        ("GET /v1/complaints/bulk".to_owned(), 405),
        (format!("POST /v1/complaints/{id}/dance"), 404),
        (format!("GET /v1/complaints/{id}/links/1"), 405),
    ] {
        assert_eq!(send(&world, "agent", &request, "").status(), status, "{request}");
    }
    let nobody = world.send(super::handle, &format!("GET /v1/complaints/{id}"));
    assert_eq!(nobody.status(), 401);
    for it in ["answer", "close", "merge", "compensate"] {
        let request = format!("POST /v1/complaints/{id}/{it}");
        assert_eq!(send(&world, "viewer", &request, "{}").status(), 403);
        assert_eq!(send(&world, "other", &request, "{}").status(), 404);
    }
    world.break_database();
    let note = format!("POST /v1/complaints/{id}/note");
    assert_eq!(send(&world, "agent", &note, r#"{ "text": "x" }"#).status(), 503);
    assert!(world.logged_cause().is_some());
}
