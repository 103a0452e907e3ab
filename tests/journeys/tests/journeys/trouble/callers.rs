//! Callers without a key, with a wrong one, from a wrong page, or after another site's things.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Scene;
use crate::server::soon;
use crate::site::{ORIGIN, fresh, header, submission, text};

/// How long a key of a few seconds may live.
const EXPIRED_WITHIN: Duration = Duration::from_secs(20);

/// Everything that needs a secret key: the least role that may, the request, its body.
const GUARDED: [(&str, &str, &str); 45] = [
    ("viewer", "GET /v1/sites", ""),
    ("viewer", "GET /v1/sites/{site}", ""),
    ("owner", "POST /v1/sites", "{\"name\": \"x\"}"),
    ("admin", "PATCH /v1/sites/{site}", "{\"name\": \"x\"}"),
    ("viewer", "GET /v1/sites/{site}/audit/verify", ""),
    ("admin", "GET /v1/keys", ""),
    ("admin", "POST /v1/keys", "{\"name\": \"x\", \"kind\": \"publishable\"}"),
    ("admin", "GET /v1/keys/{key}", ""),
    ("admin", "DELETE /v1/keys/{key}", ""),
    ("viewer", "GET /v1/session", ""),
    ("viewer", "DELETE /v1/session", ""),
    ("viewer", "GET /v1/touchpoints", ""),
    ("manager", "POST /v1/touchpoints", "{\"name\": \"x\", \"stage\": \"pre_sale\"}"),
    ("viewer", "GET /v1/touchpoints/{shop}", ""),
    ("manager", "PATCH /v1/touchpoints/{shop}", "{\"name\": \"x\"}"),
    ("viewer", "GET /v1/touchpoints/{shop}/audit", ""),
    ("viewer", "GET /v1/departments", ""),
    ("manager", "POST /v1/departments", "{\"name\": \"x\"}"),
    ("manager", "PATCH /v1/departments/{department}", "{\"name\": \"x\"}"),
    ("viewer", "GET /v1/agents", ""),
    ("manager", "POST /v1/agents", "{\"name\": \"x\"}"),
    ("manager", "PATCH /v1/agents/{colleague}", "{\"name\": \"x\"}"),
    ("agent", "GET /v1/customers", ""),
    ("agent", "GET /v1/customers?external_id=M1", ""),
    ("agent", "POST /v1/customers", "{\"external_id\": \"x\"}"),
    ("agent", "GET /v1/customers/{customer}", ""),
    ("agent", "PATCH /v1/customers/{customer}", "{\"group\": \"new\"}"),
    ("manager", "DELETE /v1/customers/{customer}", ""),
    ("viewer", "GET /v1/customers/{customer}/audit", ""),
    ("viewer", "GET /v1/studies", ""),
    ("manager", "POST /v1/studies", "{\"name\": \"x\"}"),
    ("viewer", "GET /v1/studies/{survey}", ""),
    ("manager", "PATCH /v1/studies/{survey}", "{\"name\": \"x\"}"),
    ("manager", "POST /v1/studies/{survey}/publish", ""),
    ("manager", "POST /v1/studies/{survey}/close", ""),
    ("viewer", "GET /v1/studies/{survey}/versions", ""),
    ("agent", "GET /v1/studies/{survey}/responses", ""),
    ("agent", "GET /v1/studies/{survey}/responses/{response}", ""),
    ("manager", "GET /v1/studies/{survey}/mapping", ""),
    ("manager", "PUT /v1/studies/{survey}/mapping", "{\"answers\": {}}"),
    ("manager", "POST /v1/studies/{survey}/import", "NPS\n9\n"),
    ("admin", "POST /v1/rebuild", ""),
    ("viewer", "GET /v1/rebuild/{rebuild}", ""),
    ("viewer", "GET /v1/nps", ""),
    ("viewer", "GET /v1/dashboard", ""),
];

const PUBLIC: [(&str, &str); 2] = [
    ("GET /v1/surveys/{survey}", ""),
    ("POST /v1/surveys/{survey}/responses", "{\"version\": 1, \"answers\": {\"recommend\": 9}}"),
];

/// A request with a key, or with none, and as little else as will do.
fn request(line: &str, authorization: &str, body: &str) -> String {
    let kind = if line.contains("/import") { "\ncontent-type: text/csv" } else { "" };
    let auth = if authorization.is_empty() { "" } else { "\nauthorization: " };
    format!("{line}{auth}{authorization}{kind}\n\n{body}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_in_without_the_right_kind_of_key() {
    let scene = Scene::new().await;
    let wrong = ["", "Bearer", "Bearer ", "Bearer sk_nobody", "Basic YTpi", "{admin}"];
    for (_, line, body) in GUARDED {
        for authorization in wrong.into_iter().chain(["Bearer {pk}", "Bearer {admin}x"]) {
            scene.refuse(&request(line, authorization, body), 401, "unauthorized").await;
        }
    }
    for (line, body) in PUBLIC {
        for authorization in wrong.into_iter().chain(["Bearer {admin}", "Bearer {owner}"]) {
            scene.refuse(&request(line, authorization, body), 401, "unauthorized").await;
        }
    }
    for key in ["{admin}", "{owner}", "{pk}", "x"] {
        let tick = format!("POST /internal/tick\nauthorization: Bearer {key}");
        scene.refuse(&tick, 401, "unauthorized").await;
    }
    let session = "POST /v1/session\n\n{\"key\": \"sk_nobody\"}";
    scene.refuse(session, 401, "unauthorized").await;
    let asked = scene.site.send("GET /v1/nps").await;
    assert_eq!(header(&asked, "www-authenticate"), "Bearer realm=\"huiyin\"");
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_opens_nothing_above_it() {
    let scene = Scene::new().await;
    let roles = ["viewer", "agent", "manager", "admin", "owner"];
    for (least, line, body) in GUARDED {
        for role in roles.into_iter().take_while(|it| *it != least) {
            let bearer = format!("Bearer {{{role}}}");
            scene.refuse(&request(line, &bearer, body), 403, "forbidden").await;
        }
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_key_opens_nothing_any_more() {
    let mut scene = Scene::new().await;
    let good = r#"{ "version": 1, "answers": { "recommend": 9 } }"#;
    for (kind, role) in [("secret", "admin"), ("publishable", "")] {
        let mut body = json!({ "name": "gone", "kind": kind });
        if !role.is_empty() {
            body["role"] = json!(role);
        }
        let made = scene.site.make("admin", "gone", "/v1/keys", body).await;
        scene.site.name("gone_key", text(&made, "key"));
        let (line, body) = if kind == "secret" { ("GET /v1/nps", "") } else { PUBLIC[1] };
        let asked = request(line, "Bearer {gone_key}", body);
        // More than once: an instance that knows the key keeps what it knows.
        for _ in 0..8 {
            assert!(scene.site.send(&asked).await.status.is_success());
        }
        let revoke = "DELETE /v1/keys/{gone}\nauthorization: Bearer {admin}";
        assert_eq!(scene.site.send(revoke).await.status, 204);
        scene.go_on().await;
        for _ in 0..8 {
            scene.refuse(&asked, 401, "unauthorized").await;
        }
    }
    let asked = submission(&fresh("gone"), good).replace("{pk}", "{gone_key}");
    scene.refuse(&asked, 401, "unauthorized").await;
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_key_opens_nothing_any_more() {
    let mut scene = Scene::new().await;
    let expires_at = soon("+3 seconds");
    for (kind, name) in [("secret", "short_key"), ("publishable", "short_pk")] {
        let body = json!({ "name": "short", "kind": kind, "expires_at": expires_at });
        let mut body = body;
        if kind == "secret" {
            body["role"] = json!("viewer");
        }
        let made = scene.site.post("admin", "/v1/keys", body).await;
        scene.site.name(name, text(&made, "key"));
    }
    let read = request("GET /v1/nps", "Bearer {short_key}", "");
    let submit = request(PUBLIC[1].0, "Bearer {short_pk}", PUBLIC[1].1);
    assert_eq!(scene.site.send(&read).await.status, 200);
    let begun = Instant::now();
    // An instance that has taken a response knows the key and must see it expire.
    while scene.site.send(&submit).await.status == 201 {
        assert!(begun.elapsed() < EXPIRED_WITHIN, "the key does not expire");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    scene.go_on().await;
    for asked in [read, submit, request(PUBLIC[0].0, "Bearer {short_pk}", "")] {
        scene.refuse(&asked, 401, "unauthorized").await;
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_admin_key_has_to_name_a_site_that_exists() {
    let scene = Scene::new().await;
    for (_, line, body) in GUARDED {
        if ["/v1/sites", "/v1/session"].iter().any(|it| line.contains(it)) {
            continue;
        }
        let asked = request(line, "Bearer {owner}", body);
        assert_eq!(scene.refuse(&asked, 422, "invalid-fields").await, ["site"], "{line}");
        let and = if line.contains('?') { '&' } else { '?' };
        let asked = request(&format!("{line}{and}site=sit_none"), "Bearer {owner}", body);
        scene.refuse(&asked, 404, "not-found").await;
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sites_things_do_not_exist() {
    let mut scene = Scene::new().await;
    let names = [
        "site",
        "key",
        "shop",
        "department",
        "colleague",
        "customer",
        "survey",
        "response",
        "rebuild",
    ];
    let theirs: Vec<(&str, String)> =
        names.iter().map(|it| (*it, scene.other.named(it).to_owned())).collect();
    for (_, line, body) in GUARDED {
        let mut line = line.to_owned();
        for (name, id) in &theirs {
            line = line.replace(&format!("{{{name}}}"), id);
        }
        if line.contains('_') && !line.contains("external_id") {
            scene.refuse(&request(&line, "Bearer {admin}", body), 404, "not-found").await;
        }
    }
    for (_, line, body) in GUARDED.iter().filter(|it| it.1 != "GET /v1/session") {
        let site = scene.other.named("site");
        let and = if line.contains('?') { '&' } else { '?' };
        let asked = request(&format!("{line}{and}site={site}"), "Bearer {admin}", body);
        // Making sites is for the admin key alone, whatever is named.
        let own_way = ["/v1/sites", "/v1/session"].iter().any(|it| line.contains(it));
        if !own_way {
            scene.refuse(&asked, 404, "not-found").await;
        }
    }
    for (name, id) in theirs {
        scene.site.name(&format!("their_{name}"), &id);
    }
    let pk = scene.other.named("pk").to_owned();
    scene.site.name("their_pk", &pk);
    for (line, body) in PUBLIC {
        scene.refuse(&request(line, "Bearer {their_pk}", body), 404, "not-found").await;
    }
    refer_to_theirs(&scene).await;
    scene.check_unwritten().await;
}

/// What another site has cannot be named in a body or a query either.
async fn refer_to_theirs(scene: &Scene) {
    let question = r#"{ "id": "q", "type": "nps", "text": "x", "touchpoint_id": "{their_shop}" }"#;
    let definition = format!(
        r#"{{ "title": "x", "touchpoint_id": "{{their_shop}}", "questions": [{question}] }}"#
    );
    let agent = r#"{ "name": "x", "department_id": "{their_department}" }"#;
    let customer = r#"{ "external_id": "x", "adviser_id": "{their_colleague}" }"#;
    let study = format!(r#"{{ "name": "x", "definition": {definition} }}"#);
    for (line, body, expected) in [
        ("POST /v1/agents", agent, &["/department_id"][..]),
        ("POST /v1/customers", customer, &["/adviser_id"]),
        (
            "POST /v1/studies",
            &study,
            &["/definition/touchpoint_id", "/definition/questions/0/touchpoint_id"],
        ),
    ] {
        // Filled here: what is refused is sent byte for byte.
        let body = ["their_shop", "their_department", "their_colleague"]
            .iter()
            .fold(body.to_owned(), |body, it| {
                body.replace(&format!("{{{it}}}"), scene.site.named(it))
            });
        let asked = request(line, "Bearer {manager}", &body);
        assert_eq!(scene.refuse(&asked, 422, "invalid-fields").await, expected, "{line}");
    }
    for filter in ["touchpoint={their_shop}", "survey={their_survey}", "agent={their_colleague}"] {
        let theirs = format!("GET /v1/csat?{filter}\nauthorization: Bearer {{viewer}}");
        scene.refuse(&theirs, 404, "not-found").await;
    }
    let other = scene.site.get("agent", "/v1/customers?external_id={their_customer}").await;
    assert_eq!(other["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_the_site_does_not_list_may_not_embed_its_survey() {
    let scene = Scene::new().await;
    let origins = [
        "https://evil.example",
        "null",
        "http://shop.example",
        "https://shop.example:8443",
        "https://shop.example.evil.example",
        "https://SHOP.example",
        "shop.example",
    ];
    for origin in origins {
        for (line, body) in PUBLIC {
            let (path, rest) = (line, body);
            let asked = format!("{path}\nauthorization: Bearer {{pk}}\norigin: {origin}\n\n{rest}");
            scene.refuse(&asked, 403, "origin-not-allowed").await;
            let answer = scene.site.send(&asked).await;
            assert_eq!(header(&answer, "access-control-allow-origin"), "", "{origin}");
            let path = line.split_once(' ').unwrap().1;
            let preflight = format!("OPTIONS {path}\norigin: {origin}");
            scene.refuse(&preflight, 403, "origin-not-allowed").await;
        }
    }
    let gone = format!("OPTIONS /v1/surveys/srv_none\norigin: {ORIGIN}");
    scene.refuse(&gone, 404, "not-found").await;
    scene.check_unwritten().await;
    // Our own pages need no listing, and a server that calls has no origin.
    for origin in [format!("\norigin: {}", scene.server.base), String::new()] {
        let asked = format!("GET /v1/surveys/{{survey}}\nauthorization: Bearer {{pk}}{origin}");
        assert_eq!(scene.site.send(&asked).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_writes_only_from_our_own_pages() {
    let mut scene = Scene::new().await;
    let key = scene.site.named("manager").to_owned();
    let opened = scene.site.send(&format!("POST /v1/session\n\n{{\"key\": \"{key}\"}}")).await;
    assert_eq!(opened.status, 201);
    let cookie = header(&opened, "set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(scene.site.send(&format!("GET /v1/nps\ncookie: {cookie}")).await.status, 200);
    scene.go_on().await;
    let write = format!("POST /v1/departments\ncookie: {cookie}");
    for from in [
        "",
        "\norigin: https://evil.example",
        "\norigin: null",
        "\nsec-fetch-site: cross-site",
        "\nsec-fetch-site: same-site",
    ] {
        scene.refuse(&format!("{write}{from}\n\n{{\"name\": \"x\"}}"), 403, "forbidden").await;
    }
    let ours = format!("{write}\norigin: {}\n\n{{\"name\": \"x\"}}", scene.server.base);
    assert_eq!(scene.site.send(&ours).await.status, 201);
    let close = format!("DELETE /v1/session\ncookie: {cookie}\norigin: {}", scene.server.base);
    assert_eq!(scene.site.send(&close).await.status, 204);
    scene.go_on().await;
    scene.refuse(&format!("GET /v1/nps\ncookie: {cookie}"), 401, "unauthorized").await;
    scene.check_unwritten().await;
}
