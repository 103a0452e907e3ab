//! Complaints over the real components: one whole story, and a crowd that works at once.

mod crowd;
mod story;

use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, text};

/// A department, a specialist of it and somebody for everything else, each with a key of theirs:
/// `{expert}` and `{helper}`, whose ids are `{expert_id}` and `{helper_id}`.
async fn people(site: &mut Site) {
    let body = json!({ "name": "售后 After-sale" });
    site.make("manager", "department", "/v1/departments", body).await;
    let department = site.named("department").to_owned();
    for (name, is_specialist) in [("expert", true), ("helper", false)] {
        let body = json!({ "name": name, "department_id": department, "skills": ["safety"],
            "is_specialist": is_specialist });
        let id = format!("{name}_id");
        site.make("manager", &id, "/v1/agents", body).await;
        let body = json!({ "name": name, "kind": "secret", "role": "agent",
            "agent_id": site.named(&id) });
        let path = format!("/v1/keys?site={}", site.named("site"));
        let made = site.post("owner", &path, body).await;
        site.name(name, text(&made, "key"));
    }
}

/// Lets the time do what it does to cases.
async fn tick(server: &Server, site: &Site) {
    let key = server.tick_key.clone().unwrap();
    for part in ["watch", "promise"] {
        site.json(&format!("POST /internal/tick/{part}\nauthorization: Bearer {key}")).await;
    }
}

/// Publishes a policy.
async fn policy(site: &Site, kind: &str, definition: Value) {
    let draft = format!("PUT /v1/policies/{kind}/draft\nauthorization: Bearer {{manager}}");
    site.json(&format!("{draft}\n\n{definition}")).await;
    site.post("manager", &format!("/v1/policies/{kind}/publish"), Value::Null).await;
}

/// What happened to a case, in order.
async fn trail(site: &Site, id: &str) -> Vec<String> {
    let page = site.get("viewer", &format!("/v1/complaints/{id}/audit?limit=100")).await;
    let items = page["items"].as_array().unwrap();
    items.iter().map(|it| text(it, "type").to_owned()).collect()
}
