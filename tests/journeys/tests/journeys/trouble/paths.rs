//! Methods and paths that do not exist, and parameters that nobody knows.

use runner::client::Client;
use serde_json::Value;

use super::Scene;
use crate::server::Server;
use crate::site::header;

/// A path of the contract, and what is told of its methods.
pub(crate) struct Route {
    pub(crate) path: String,
    /// The methods, in upper case, those included that follow from others.
    pub(crate) allowed: Vec<String>,
    /// Whether people look at it.
    is_page: bool,
    /// What is told of reading it, if it can be read.
    read: Option<&'static Value>,
}

/// Every path, with the things of the scene in it or with what is not there.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, item) in testkit::contract::document()["paths"].as_object().unwrap() {
        let item = item.as_object().unwrap();
        let first = item.values().next().unwrap();
        let is_for = |who: &str| item.values().any(|it| it["x-who"] == who);
        // Both are off here, and then not there at all.
        if is_for("client") || is_for("metrics") {
            continue;
        }
        let mut allowed: Vec<String> = item.keys().map(|it| it.to_uppercase()).collect();
        if item.contains_key("get") {
            allowed.push("HEAD".to_owned());
        }
        if is_for("publishable") || path.ends_with("/challenge") {
            allowed.push("OPTIONS".to_owned());
        }
        allowed.sort();
        let is_page = item.values().any(|it| it["x-page"] == true);
        let path = filled(path, first);
        routes.push(Route { path, allowed, is_page, read: item.get("get") });
    }
    routes
}

/// A path with its parameters filled.
fn filled(path: &str, told: &Value) -> String {
    let things = [
        ("srv", "{survey}"),
        ("sit", "{site}"),
        ("tch", "{shop}"),
        ("key", "{key}"),
        ("dep", "{department}"),
        ("agt", "{colleague}"),
        ("cus", "{customer}"),
        ("rsp", "{response}"),
        ("job", "{rebuild}"),
    ];
    let mut filled = path.to_owned();
    for it in told["parameters"].as_array().unwrap().iter().filter(|it| it["in"] == "path") {
        let pattern = it["schema"]["pattern"].as_str().unwrap_or_default();
        let kind = pattern.trim_start_matches('^').trim_end_matches('_');
        let thing = things.iter().find(|it| it.0 == kind).map(|it| it.1.to_owned());
        let word = it["schema"]["enum"][0].as_str().map(str::to_owned);
        let long = it["schema"]["minLength"] == 22;
        let long = long.then(|| "0123456789abcdefghijkl".to_owned());
        let value = word.or(thing).or(long).unwrap_or_else(|| format!("{kind}_none"));
        filled = filled.replace(&format!("{{{}}}", it["name"].as_str().unwrap()), &value);
    }
    filled
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_method_is_told_the_right_ones() {
    let scene = Scene::new().await;
    // Pages are asked by people, who have no methods.
    for Route { path, allowed, .. } in routes().into_iter().filter(|it| !it.is_page) {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            if allowed.iter().any(|it| it == method) {
                continue;
            }
            // With a key that could do anything, and with none.
            for key in ["\nauthorization: Bearer {admin}", ""] {
                let asked = format!("{method} {path}{key}");
                scene.refuse(&asked, 405, "method-not-allowed").await;
                let answer = scene.site.send(&asked).await;
                let told = header(&answer, "allow").split(", ");
                let mut told: Vec<&str> = told.collect();
                told.sort_unstable();
                assert_eq!(told, allowed, "{asked}");
            }
        }
    }
    scene.check_unwritten().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_that_does_not_exist_is_not_found() {
    let scene = Scene::new().await;
    for path in [
        "/v1/sites/{site}/other",
        "/v1/sites/{site}/audit/other",
        "/v1/keys/{key}/x/y",
        "/v1/touchpoints//",
        "/v1/touchpoints/tch_none",
        "/v1/touchpoints/%00",
        "/v1/touchpoints/%ff%fe",
        "/v1/touchpoints/'%20or%201=1--",
        "/v1/touchpoints/..%2Fkeys",
        "/v1/departments/{shop}",
        "/v1/agents/{department}",
        "/v1/rebuild/job_none",
        "/v1/customers/{customer}/other",
        "/v1/studies/{survey}/other",
        "/v1/studies/{survey}/responses/rsp_none",
        "/v1/studies/{draft}/responses/{response}",
        "/v1/studies/{draft}/mapping",
        "/v1/studies/srv_none",
        "/v1/touchpoints/tch_none/audit",
        "/v1/touchpoints/tch_none/audit/verify",
        "/v1/surveys/x/y/z",
        "/v1/surveys",
        "/v1/dashboard/other",
        "/demo/other",
        // Who set no key for it has no such page.
        "/metrics",
    ] {
        let asked = format!("GET {path}\nauthorization: Bearer {{admin}}");
        scene.refuse(&asked, 404, "not-found").await;
    }
    for path in ["/v1/surveys/{draft}", "/v1/surveys/srv_none", "/v1/surveys/{survey}?version=9"] {
        let asked = format!("GET {path}\nauthorization: Bearer {{pk}}");
        scene.refuse(&asked, 404, "not-found").await;
    }
    scene.check_unwritten().await;
}

/// What no component owns is answered by the host from the manifest: a document that stands
/// there as it is, in both languages at once and with no id of the request.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_path_of_no_component_is_not_found_either() {
    let server = Server::any();
    let client = Client::new(&server.base).unwrap();
    for path in [
        "/",
        "/v1",
        "/v1/other",
        "/v1/nps/x",
        "/v1/session/x",
        "/internal/tick/x",
        "/favicon.ico",
        "/v2/sites",
        "/widget.js/x",
    ] {
        for (method, body) in [("GET", ""), ("POST", "{}"), ("DELETE", "")] {
            let answer = client.send(method, path, &[], body).await.unwrap();
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(header(&answer, "content-type"), "application/problem+json", "{path}");
            assert_eq!(header(&answer, "content-length"), answer.body.len().to_string());
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(body["type"], "/problems/not-found", "{path}");
            assert_eq!(body["status"], 404);
            let title = body["title"].as_str().unwrap();
            assert!(title.contains("nothing here") && title.contains("没有内容"), "{title}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parameter_that_nobody_knows_is_named() {
    let scene = Scene::new().await;
    for Route { path, read, .. } in routes() {
        // Pages take whatever a link brings along, such as a campaign's marks.
        let Some(read) = read.filter(|it| it["responses"].get("422").is_some()) else { continue };
        let key = match read["x-who"].as_str().unwrap() {
            "publishable" => "pk",
            "link" | "anybody" => continue,
            _ => "admin",
        };
        let asked = format!("GET {path}?colour=red\nauthorization: Bearer {{{key}}}");
        // What is not there has no parameters.
        if scene.site.send(&asked).await.status == 404 {
            continue;
        }
        let mut places = scene.refuse(&asked, 422, "invalid-fields").await;
        // What must be said, and is not; of some, one of two.
        let told = read["parameters"].as_array().unwrap().iter();
        let must: Vec<&Value> = told.filter(|it| it["required"] == true).collect();
        places.retain(|place| !must.iter().any(|it| it["name"] == place.as_str()));
        places.retain(|it| !(path.ends_with("/reading") && it == "hours"));
        places.retain(|it| !(path.ends_with("/eligibility") && it == "visitor"));
        assert_eq!(places, ["colour"], "{path}");
    }
    for (query, expected) in [
        (
            "/v1/nps?from=2026-02-30&to=x&confidence=80&by=mood&form=1",
            &["by", "confidence", "form", "from", "to"][..],
        ),
        ("/v1/nps?from=2026-11-22&to=2026-11-21", &["to"]),
        ("/v1/nps?from=1975-01-01&to=2026-01-01", &["from"]),
        ("/v1/nps?channel=web&by=group", &["by"]),
        ("/v1/nps?channel=", &["channel"]),
        ("/v1/nps?by=day&by=day", &["by"]),
        ("/v1/csat?points=11", &["points"]),
        ("/v1/csat?points=1", &["points"]),
        ("/v1/dashboard?from=2026-13-01", &["from"]),
        ("/v1/dashboard?channel=web&group=core", &["group"]),
        ("/v1/heatmap?by=survey&step=year", &["by", "step"]),
        ("/v1/keys?limit=0", &["limit"]),
        ("/v1/customers?limit=101&after=x&after=y", &["after", "limit"]),
        ("/v1/surveys/{survey}?version=x", &["version"]),
    ] {
        let key = if query.starts_with("/v1/surveys") { "pk" } else { "admin" };
        let asked = format!("GET {query}\nauthorization: Bearer {{{key}}}");
        let mut places = scene.refuse(&asked, 422, "invalid-fields").await;
        places.sort_unstable();
        assert_eq!(places, expected, "{query}");
    }
    for write in [
        "POST /v1/surveys/{survey}/responses",
        "POST /v1/studies/{survey}/publish",
        "DELETE /v1/keys/{key}",
        "POST /v1/rebuild",
    ] {
        let key = if write.contains("/surveys/") { "pk" } else { "admin" };
        let asked = format!("{write}?colour=red\nauthorization: Bearer {{{key}}}");
        assert_eq!(scene.refuse(&asked, 422, "invalid-fields").await, ["colour"], "{write}");
    }
    scene.check_unwritten().await;
}
