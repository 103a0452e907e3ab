//! Bodies that are no JSON, too large, of another type, or full of mistakes.

use bytes::Bytes;

use super::Scene;
use crate::site::{json, submission};

const JSON_BYTES_MAX: usize = 64 * 1024;
const CSV_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Everything that takes JSON, and the key that may send it.
const WRITES: [(&str, &str); 19] = [
    ("pk", "POST /v1/surveys/{survey}/responses"),
    ("owner", "POST /v1/sites"),
    ("admin", "PATCH /v1/sites/{site}"),
    ("admin", "POST /v1/keys"),
    ("admin", "POST /v1/rebuild"),
    ("nobody", "POST /v1/session"),
    ("manager", "POST /v1/touchpoints"),
    ("manager", "PATCH /v1/touchpoints/{shop}"),
    ("manager", "POST /v1/departments"),
    ("manager", "PATCH /v1/departments/{department}"),
    ("manager", "POST /v1/agents"),
    ("manager", "PATCH /v1/agents/{colleague}"),
    ("agent", "POST /v1/customers"),
    ("agent", "PATCH /v1/customers/{customer}"),
    ("manager", "POST /v1/studies"),
    ("manager", "PATCH /v1/studies/{survey}"),
    ("manager", "PUT /v1/studies/{survey}/mapping"),
    ("manager", "POST /v1/studies/{survey}/publish"),
    ("manager", "POST /v1/studies/{survey}/close"),
];

fn head(who: &str, request: &str) -> String {
    // A key that is not claimed by what is refused: see the last request of each test.
    format!("{request}\nauthorization: Bearer {{{who}}}\nidempotency-key: trouble")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_json_object_is_malformed() {
    let scene = Scene::new().await;
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(5000), "]".repeat(5000));
    let bodies: [&[u8]; 11] = [
        b"{",
        b"{\"a\": }",
        b"{\"a\": 1,}",
        b"{\"a\": 1} x",
        b"{'a': 1}",
        b"[]",
        b"\"x\"",
        b"null",
        b"{\"a\": 1e999}",
        b"{\"a\": \"\\ud800\"}",
        b"{\"a\": \"\xff\"}",
    ];
    for (who, request) in WRITES {
        for body in bodies.into_iter().chain([deep.as_bytes()]) {
            let body = Bytes::copy_from_slice(body);
            scene.refuse_bytes(&head(who, request), body, 400, "malformed-body").await;
        }
    }
    scene.check_unwritten().await;
    let good = submission("trouble", r#"{ "version": 1, "answers": { "recommend": 9 } }"#);
    assert_eq!(scene.site.send(&good).await.status, 201, "the key is still free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_nobody_knows_is_named() {
    let scene = Scene::new().await;
    for (who, request) in WRITES {
        let body = r#"{ "colour": "red", "a/b~c": 1, "": null }"#;
        let request = format!("{}\n\n{body}", head(who, request));
        let places = scene.refuse(&request, 422, "invalid-fields").await;
        for place in ["/colour", "/a~1b~0c", "/"] {
            assert!(places.iter().any(|it| it == place), "{request}: {place} in {places:?}");
        }
    }
    scene.check_unwritten().await;
    let good = "POST /v1/departments\nauthorization: Bearer {manager}\nidempotency-key: trouble";
    let made = scene.site.send(&format!("{good}\n\n{{\"name\": \"x\"}}")).await;
    assert_eq!(made.status, 201, "the key is still free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_has_to_say_that_it_is_json() {
    let scene = Scene::new().await;
    let types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"];
    for (who, request) in WRITES {
        for media_type in types {
            let head = format!("{}\ncontent-type: {media_type}", head(who, request));
            scene.refuse(&format!("{head}\n\n{{}}"), 415, "unsupported-media-type").await;
        }
    }
    let import = head("manager", "POST /v1/studies/{survey}/import");
    for media_type in types.into_iter().chain(["application/json", "application/csv"]) {
        let head = format!("{import}\ncontent-type: {media_type}");
        scene.refuse(&format!("{head}\n\nid\n1\n"), 415, "unsupported-media-type").await;
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_over_the_limit_is_too_large() {
    let mut scene = Scene::new().await;
    let padded = |bytes: usize| {
        let body = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
        Bytes::from(format!("{body}{}", " ".repeat(bytes - body.len())))
    };
    for (who, request) in WRITES {
        let body = padded(JSON_BYTES_MAX + 1);
        scene.refuse_bytes(&head(who, request), body, 413, "body-too-large").await;
    }
    let import = head("manager", "POST /v1/studies/{survey}/import") + "\ncontent-type: text/csv";
    let body = Bytes::from(vec![b'x'; CSV_BYTES_MAX + 1]);
    scene.refuse_bytes(&import, body, 413, "body-too-large").await;
    // At the limit, both are read: the one is taken, the other has no column of a mapping.
    let just = scene.site.send_bytes(&head("pk", WRITES[0].1), padded(JSON_BYTES_MAX)).await;
    assert_eq!(just.status, 201, "{}", just.text());
    let mapping = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    scene.site.json(&format!("{mapping}\n\n{{\"answers\": {{\"recommend\": \"NPS\"}}}}")).await;
    scene.go_on().await;
    let body = Bytes::from(vec![b'x'; CSV_BYTES_MAX]);
    scene.refuse_bytes(&import, body, 422, "invalid-fields").await;
    scene.check_unwritten().await;
}

/// Whoever sends far too much learns why, instead of a connection that breaks off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_far_over_the_limit_is_told_so_too() {
    let scene = Scene::new().await;
    let large = Bytes::from(vec![b' '; 3 * CSV_BYTES_MAX]);
    for _ in 0..8 {
        let import = head("manager", "POST /v1/studies/{survey}/import");
        let import = format!("{import}\ncontent-type: text/csv");
        scene.refuse_bytes(&import, large.clone(), 413, "body-too-large").await;
        for (who, request) in [WRITES[0], WRITES[6]] {
            let body = large.slice(..CSV_BYTES_MAX);
            scene.refuse_bytes(&head(who, request), body, 413, "body-too-large").await;
        }
    }
    scene.check_unwritten().await;
}

/// Bodies of wrong types and values: who sends them, where, and the place of each mistake.
const MISTAKES: [(&str, &str, &str, &[&str]); 18] = [
    (
        "pk",
        "POST /v1/surveys/{survey}/responses",
        r#"{ "version": "1", "channel": 5, "group": "vip", "language": "?", "answered_at": 12,
             "answers": { "recommend": "9", "quality": 4.5, "easy": 8, "many": "a", "why": 7 } }"#,
        &[
            "/version",
            "/channel",
            "/group",
            "/language",
            "/answered_at",
            "/answers/recommend",
            "/answers/quality",
            "/answers/easy",
            "/answers/many",
            "/answers/why",
        ],
    ),
    (
        "pk",
        "POST /v1/surveys/{survey}/responses",
        r#"{ "answers": { "recommend": 11, "quality": 0, "easy": 0, "many": ["a", "z"],
             "why": "", "who": "me" }, "answered_at": "2001-01-01T00:00:00Z" }"#,
        &[
            "/answered_at",
            "/answers/recommend",
            "/answers/quality",
            "/answers/easy",
            "/answers/many",
            "/answers/why",
            "/answers/who",
        ],
    ),
    ("pk", "POST /v1/surveys/{survey}/responses", r#"{ "answers": [] }"#, &["/answers"]),
    ("pk", "POST /v1/surveys/{survey}/responses", r#"{ "answers": null }"#, &["/answers"]),
    (
        "pk",
        "POST /v1/surveys/{survey}/responses",
        r#"{ "answers": { "recommend": null } }"#,
        &["/answers/recommend"],
    ),
    (
        "pk",
        "POST /v1/surveys/{survey}/responses",
        r#"{ "answers": { "easy": 3 }, "version": 0 }"#,
        &["/answers/recommend", "/version"],
    ),
    (
        "owner",
        "POST /v1/sites",
        r#"{ "name": " ", "zone": "Mars/Olympus", "origins": ["https://Shop.example/x", 3] }"#,
        &["/name", "/zone", "/origins/0", "/origins/1"],
    ),
    (
        "admin",
        "PATCH /v1/sites/{site}",
        r#"{ "name": 3, "zone": null, "origins": "all" }"#,
        &["/name", "/zone", "/origins"],
    ),
    (
        "admin",
        "POST /v1/keys",
        r#"{ "name": [], "kind": "secret", "role": "king", "expires_at": "2001-01-01T00:00:00Z" }"#,
        &["/name", "/role", "/expires_at"],
    ),
    (
        "admin",
        "POST /v1/keys",
        r#"{ "kind": "publishable", "role": "admin", "expires_at": "soon" }"#,
        &["/name", "/role", "/expires_at"],
    ),
    ("nobody", "POST /v1/session", r#"{ "key": 3 }"#, &["/key"]),
    (
        "manager",
        "POST /v1/touchpoints",
        r#"{ "name": 3, "stage": true, "channels": "web", "is_key": "yes", "target": 85.5,
             "standards": [], "lifecycle": "afterlife" }"#,
        &["/name", "/stage", "/channels", "/is_key", "/target", "/standards", "/lifecycle"],
    ),
    (
        "manager",
        "PATCH /v1/touchpoints/{shop}",
        r#"{ "name": "\u0000", "target": 101, "channels": ["pigeon", null],
             "standards": { "human_pick_up": 0, "nap": 1 } }"#,
        &[
            "/name",
            "/target",
            "/channels/0",
            "/channels/1",
            "/standards/human_pick_up",
            "/standards/nap",
        ],
    ),
    (
        "manager",
        "PATCH /v1/agents/{colleague}",
        r#"{ "name": {}, "department_id": "dep_none", "skills": [1, ""], "is_active": 1 }"#,
        &["/name", "/department_id", "/skills/0", "/skills/1", "/is_active"],
    ),
    (
        "agent",
        "POST /v1/customers",
        r#"{ "group": "vip", "adviser_id": "agt_none", "zone": "Mars", "language": "?",
             "has_consent": "yes", "contacts": { "fax": "1", "name": 3 } }"#,
        &[
            "/external_id",
            "/group",
            "/adviser_id",
            "/zone",
            "/language",
            "/has_consent",
            "/contacts/fax",
            "/contacts/name",
        ],
    ),
    (
        "agent",
        "PATCH /v1/customers/{customer}",
        r#"{ "external_id": "M2", "contacts": [] }"#,
        &["/external_id", "/contacts"],
    ),
    (
        "manager",
        "POST /v1/studies",
        r#"{ "definition": { "title": {}, "languages": [], "questions": [
             { "id": "Q 1", "type": "nps", "text": "x", "colour": "red" },
             { "id": "q", "type": "stars", "text": "x" }, { "id": "q", "type": "rating",
               "points": 11, "text": "x", "touchpoint_id": "tch_none" }, 3 ] } }"#,
        &[
            "/name",
            "/definition/languages",
            "/definition/title",
            "/definition/questions/0/id",
            "/definition/questions/0/colour",
            "/definition/questions/1/type",
            "/definition/questions/2/id",
            "/definition/questions/2/points",
            "/definition/questions/2/touchpoint_id",
            "/definition/questions/3",
        ],
    ),
    (
        "manager",
        "PUT /v1/studies/{survey}/mapping",
        r#"{ "answers": { "recommend": {}, "colour": "C" }, "when": "W", "id": 3 }"#,
        &["/answers/recommend/column", "/answers/colour", "/when", "/id"],
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mistake_of_a_body_is_told_at_its_place() {
    let scene = Scene::new().await;
    for (who, request, body, expected) in MISTAKES {
        let request = format!("{}\n\n{body}", head(who, request));
        let mut places = scene.refuse(&request, 422, "invalid-fields").await;
        places.sort_unstable();
        // One place may break two rules.
        places.dedup();
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(places, expected, "{request}");
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_now_is_a_conflict() {
    let mut scene = Scene::new().await;
    let conflict = "conflict";
    let twice = head("agent", "POST /v1/customers") + "\n\n{\"external_id\": \"M1\"}";
    scene.refuse(&twice, 409, conflict).await;
    let early = head("manager", "POST /v1/studies/{draft}/close");
    scene.refuse(&early, 409, "not-published").await;
    let import = |study: &str| {
        let import = head("manager", &format!("POST /v1/studies/{{{study}}}/import"));
        format!("{import}\ncontent-type: text/csv\n\nNPS\n9\n")
    };
    scene.refuse(&import("draft"), 409, "not-published").await;
    scene.refuse(&import("survey"), 409, conflict).await;
    let mapping = "PUT /v1/studies/{survey}/mapping\nauthorization: Bearer {manager}";
    scene.site.json(&format!("{mapping}\n\n{{\"answers\": {{\"recommend\": \"N\"}}}}")).await;
    scene.go_on().await;
    scene.refuse(&import("survey"), 422, "invalid-fields").await;
    let latin = head("manager", "POST /v1/studies/{survey}/import") + "\ncontent-type: text/csv";
    scene.refuse_bytes(&latin, Bytes::from_static(b"N\n\xc4\xe3\n"), 400, "malformed-body").await;
    scene.site.post("manager", "/v1/studies/{survey}/close", serde_json::Value::Null).await;
    scene.go_on().await;
    let late = submission("late", r#"{ "version": 1, "answers": { "recommend": 9 } }"#);
    scene.refuse(&late, 409, "survey-closed").await;
    scene
        .refuse("GET /v1/surveys/{survey}\nauthorization: Bearer {pk}", 409, "survey-closed")
        .await;
    let done = "DELETE /v1/keys/{key}\nauthorization: Bearer {admin}";
    assert_eq!(scene.site.send(done).await.status, 204);
    scene.go_on().await;
    scene.refuse(done, 404, "not-found").await;
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idempotency_key_is_one_word() {
    let scene = Scene::new().await;
    let body = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
    let long = "x".repeat(256);
    for key in ["", "\"\"", "two words", "a\\b", "a\nidempotency-key: b", &long] {
        let places = scene.refuse(&submission(key, body), 422, "invalid-fields").await;
        assert_eq!(places, ["idempotency-key"]);
        let staff = format!(
            "POST /v1/departments\nauthorization: Bearer {{manager}}\nidempotency-key: {key}\n\n\
             {{\"name\": \"x\"}}"
        );
        let places = scene.refuse(&staff, 422, "invalid-fields").await;
        assert_eq!(places, ["idempotency-key"]);
    }
    scene.check_unwritten().await;
    let taken = json(&scene.site.send(&submission(&long[1..], body)).await);
    assert!(taken["id"].is_string(), "255 characters are fine: {taken}");
}
