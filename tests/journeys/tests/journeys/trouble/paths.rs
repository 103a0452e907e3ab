//! Methods and paths that do not exist, and parameters that nobody knows.

use runner::client::Client;
use serde_json::Value;

use super::Scene;
use crate::server::Server;
use crate::site::header;

/// Every route and its methods.
pub(crate) const ROUTES: &[(&str, &str)] = &[
    ("/v1/surveys/{survey}", "GET, HEAD, OPTIONS"),
    ("/v1/surveys/{survey}/responses", "POST, OPTIONS"),
    ("/v1/surveys/{survey}/challenge", "GET, HEAD, OPTIONS"),
    ("/v1/surveys/{survey}/partials/0123456789abcdefghijkl", "GET, HEAD, PUT, OPTIONS"),
    ("/v1/surveys/{survey}/eligibility", "GET, HEAD, OPTIONS"),
    ("/v1/surveys/{survey}/displays", "POST, OPTIONS"),
    ("/v1/sites", "GET, HEAD, POST"),
    ("/v1/sites/{site}", "GET, HEAD, PATCH"),
    ("/v1/sites/{site}/audit", "GET, HEAD"),
    ("/v1/sites/{site}/audit/verify", "GET, HEAD"),
    ("/v1/keys", "GET, HEAD, POST"),
    ("/v1/keys/{key}", "GET, HEAD, DELETE"),
    ("/v1/keys/{key}/audit", "GET, HEAD"),
    ("/v1/session", "GET, HEAD, POST, DELETE"),
    ("/v1/sessions", "GET, HEAD, DELETE"),
    ("/v1/sessions/ses_none", "DELETE"),
    ("/v1/templates", "GET, HEAD, POST"),
    ("/v1/templates/tpl_none", "GET, HEAD, PATCH"),
    ("/v1/touchpoints", "GET, HEAD, POST"),
    ("/v1/touchpoints/{shop}", "GET, HEAD, PATCH"),
    ("/v1/departments", "GET, HEAD, POST"),
    ("/v1/departments/{department}", "GET, HEAD, PATCH"),
    ("/v1/agents", "GET, HEAD, POST"),
    ("/v1/agents/{colleague}", "GET, HEAD, PATCH"),
    ("/v1/rebuild", "POST"),
    ("/v1/rebuild/{rebuild}", "GET, HEAD"),
    ("/v1/customers", "GET, HEAD, POST"),
    ("/v1/customers/{customer}", "GET, HEAD, PATCH, DELETE"),
    ("/v1/customers/{customer}/audit/verify", "GET, HEAD"),
    ("/v1/studies", "GET, HEAD, POST"),
    ("/v1/studies/{survey}", "GET, HEAD, PATCH"),
    ("/v1/studies/{survey}/mapping", "GET, HEAD, PUT"),
    ("/v1/studies/{survey}/publish", "POST"),
    ("/v1/studies/{survey}/close", "POST"),
    ("/v1/studies/{survey}/import", "POST"),
    ("/v1/studies/{survey}/versions", "GET, HEAD"),
    ("/v1/studies/{survey}/dropoff", "GET, HEAD"),
    ("/v1/studies/{survey}/responses", "GET, HEAD, POST"),
    ("/v1/studies/{survey}/responses/{response}", "GET, HEAD, PATCH"),
    ("/v1/studies/{survey}/audit/verify", "GET, HEAD"),
    ("/v1/studies/{survey}/dropoff", "GET, HEAD"),
    ("/v1/studies/{survey}/displays", "GET, HEAD"),
    ("/v1/studies/{survey}/links", "POST"),
    ("/v1/studies/validate", "POST"),
    ("/v1/programmes", "GET, HEAD, POST"),
    ("/v1/waves/wav_none", "GET, HEAD"),
    ("/v1/nps", "GET, HEAD"),
    ("/v1/csat", "GET, HEAD"),
    ("/v1/ces", "GET, HEAD"),
    ("/v1/index", "GET, HEAD"),
    ("/v1/drivers", "GET, HEAD"),
    ("/v1/alarms", "GET, HEAD"),
    ("/v1/dashboard", "GET, HEAD"),
    ("/v1/heatmap", "GET, HEAD"),
    ("/v1/complaint-figures", "GET, HEAD"),
    ("/v1/reports", "GET, HEAD, POST"),
    ("/v1/reports/rpt_none", "GET, HEAD"),
    ("/v1/reports/rpt_none/audit", "GET, HEAD"),
    ("/v1/goals", "GET, HEAD"),
    ("/v1/keywords/topics", "GET, HEAD"),
    ("/v1/shares", "GET, HEAD, POST"),
    ("/v1/shares/shr_none", "GET, HEAD, DELETE"),
    ("/dashboard", "GET, HEAD"),
    ("/dashboard/session", "POST"),
    ("/dashboard/session/end", "POST"),
    ("/dashboard/touchpoints", "GET, HEAD"),
    ("/dashboard/voice", "GET, HEAD"),
    ("/dashboard/complaints", "GET, HEAD"),
    ("/dashboard/callbacks", "GET, HEAD"),
    ("/dashboard/goals", "GET, HEAD"),
    ("/dashboard/shares", "GET, HEAD, POST"),
    ("/share/none", "GET, HEAD"),
    ("/embed/none", "GET, HEAD"),
    ("/dashboard/reports", "GET, HEAD, POST"),
    ("/dashboard/reports/rpt_none", "GET, HEAD"),
    ("/v1/callback-figures", "GET, HEAD"),
    ("/v1/slots", "GET, HEAD, OPTIONS"),
    ("/v1/callbacks", "GET, HEAD, POST"),
    ("/v1/callbacks/next", "POST"),
    ("/v1/callbacks/cbk_none", "GET, HEAD"),
    ("/v1/callbacks/cbk_none/ics", "GET, HEAD"),
    ("/v1/callbacks/cbk_none/confirm", "POST"),
    ("/v1/callbacks/cbk_none/move", "POST"),
    ("/v1/callbacks/cbk_none/cancel", "POST"),
    ("/v1/callbacks/cbk_none/take", "POST"),
    ("/v1/callbacks/cbk_none/release", "POST"),
    ("/v1/callbacks/cbk_none/attempts", "POST"),
    ("/v1/bookings/none", "GET, HEAD"),
    ("/v1/bookings/none/confirm", "POST"),
    ("/v1/bookings/none/move", "POST"),
    ("/v1/bookings/none/cancel", "POST"),
    ("/v1/bookings/none/ics", "GET, HEAD"),
    ("/v1/services", "GET, HEAD, POST"),
    ("/v1/services/svc_none", "GET, HEAD, PATCH"),
    ("/v1/call-rules", "GET, HEAD, POST"),
    ("/v1/call-rules/crl_none", "GET, HEAD, PATCH"),
    ("/v1/do-not-call", "GET, HEAD, POST"),
    ("/v1/do-not-call/dnc_none", "DELETE"),
    ("/v1/agents/{colleague}/feed", "POST, DELETE"),
    ("/v1/day", "GET, HEAD"),
    ("/day", "GET, HEAD"),
    ("/day/session", "POST"),
    ("/feed/none.ics", "GET, HEAD"),
    ("/v1/causes", "GET, HEAD, POST"),
    ("/v1/causes/cau_none", "GET, HEAD, PATCH"),
    ("/v1/causes/cau_none/cases", "GET, HEAD"),
    ("/v1/causes/ranking", "GET, HEAD"),
    ("/v1/reviews", "GET, HEAD, POST"),
    ("/v1/reviews/rvw_none", "GET, HEAD, PATCH"),
    ("/v1/reviews/ranking", "GET, HEAD"),
    ("/v1/calendars", "GET, HEAD, POST"),
    ("/v1/calendars/cal_none", "GET, HEAD, PATCH"),
    ("/v1/calendars/cal_none/days", "GET, HEAD, POST"),
    ("/v1/calendars/cal_none/reading", "GET, HEAD"),
    ("/v1/calendars/office", "GET, HEAD"),
    ("/v1/policies/promise", "GET, HEAD"),
    ("/v1/policies/promise/draft", "GET, HEAD, PUT"),
    ("/v1/policies/promise/publish", "POST"),
    ("/v1/policies/promise/versions", "GET, HEAD"),
    ("/v1/policies/promise/versions/0", "GET, HEAD"),
    ("/v1/measurements", "GET, HEAD, POST"),
    ("/v1/figures", "GET, HEAD"),
    ("/v1/events", "GET, HEAD"),
    ("/v1/events/types", "GET, HEAD"),
    ("/v1/events/evt_none", "GET, HEAD"),
    ("/v1/webhooks", "GET, HEAD, POST"),
    ("/v1/webhooks/whk_none", "GET, HEAD, PATCH, DELETE"),
    ("/v1/webhooks/whk_none/rotate", "POST"),
    ("/v1/webhooks/whk_none/test", "POST"),
    ("/v1/webhooks/whk_none/replay", "POST"),
    ("/v1/webhooks/whk_none/deliveries", "GET, HEAD"),
    ("/v1/webhooks/whk_none/deliveries/1", "GET, HEAD"),
    ("/v1/webhooks/whk_none/deliveries/1/retry", "POST"),
    ("/v1/notices", "GET, HEAD"),
    ("/v1/notices/ntc_none/seen", "POST"),
    ("/v1/notices/seen", "POST"),
    ("/v1/responses", "GET, HEAD"),
    ("/v1/responses/rsp_none", "GET, HEAD"),
    ("/v1/responses/rsp_none/looked-at", "POST"),
    ("/v1/inbox", "GET, HEAD"),
    ("/v1/inbound/src_none", "POST"),
    ("/v1/sources", "GET, HEAD, POST"),
    ("/v1/sources/src_none", "GET, HEAD, PATCH"),
    ("/v1/sources/src_none/try", "POST"),
    ("/v1/sources/src_none/replay", "POST"),
    ("/v1/sources/src_none/messages", "GET, HEAD"),
    ("/v1/sources/src_none/messages/inb_none", "GET, HEAD"),
    ("/v1/sources/src_none/messages/inb_none/replay", "POST"),
    ("/v1/orders", "GET, HEAD"),
    ("/v1/messages", "GET, HEAD"),
    ("/internal/tick", "POST"),
    ("/internal/tick/deliver", "POST"),
    ("/internal/tick/ingest", "POST"),
    ("/internal/tick/promise", "POST"),
    ("/internal/tick/callback", "POST"),
    ("/internal/tick/watch", "POST"),
    ("/internal/tick/retention", "POST"),
    ("/internal/tick/callback", "POST"),
    ("/internal/tick/reader", "POST"),
    ("/internal/tick/gist", "POST"),
    ("/internal/tick/invite", "POST"),
    ("/internal/tick/report", "POST"),
    ("/widget.json", "GET, HEAD"),
    ("/v1/sites/{site}/complaints", "GET, HEAD, POST, OPTIONS"),
    ("/v1/sites/{site}/complaints/challenge", "GET, HEAD, OPTIONS"),
    ("/v1/sites/{site}/callbacks", "GET, HEAD, POST, OPTIONS"),
    ("/v1/sites/{site}/callbacks/challenge", "GET, HEAD, OPTIONS"),
    ("/book/{site}", "GET, HEAD, POST"),
    ("/b/none", "GET, HEAD"),
    ("/b/none/call.ics", "GET, HEAD"),
    ("/b/none/cancel", "POST"),
    ("/c/{site}", "GET, HEAD, POST"),
    ("/c/{site}/thanks", "GET, HEAD"),
    ("/t/none", "GET, HEAD, POST"),
    ("/t/none/say", "POST"),
    ("/s/{survey}", "GET, HEAD, POST"),
    ("/widget.js", "GET, HEAD"),
    ("/complaint.js", "GET, HEAD"),
    ("/demo", "GET, HEAD"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_method_is_told_the_right_ones() {
    let scene = Scene::new().await;
    for &(path, allow) in ROUTES {
        let right: Vec<&str> = allow.split(", ").collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
            if right.contains(&method) {
                continue;
            }
            // With a key that could do anything, and with none.
            for key in ["\nauthorization: Bearer {admin}", ""] {
                let asked = format!("{method} {path}{key}");
                scene.refuse(&asked, 405, "method-not-allowed").await;
                let answer = scene.site.send(&asked).await;
                assert_eq!(header(&answer, "allow"), allow, "{asked}");
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
    for (path, allow) in ROUTES {
        // Pages take whatever a link brings along, such as a campaign's marks.
        let pages = [
            "/s/",
            "/c/",
            "/t/",
            "/book/",
            "/b/",
            "/day",
            "/demo",
            "/dashboard",
            "/share",
            "/embed",
        ];
        let files = ["/widget", "/complaint", "/feed/", "/v1/events/types"];
        let is_open = pages.iter().chain(&files).any(|it| path.starts_with(it));
        if !allow.contains("GET") || is_open || path.ends_with("/mapping") {
            continue;
        }
        let public = ["/v1/surveys", "/v1/sites/{site}/comp"];
        let key = if public.iter().any(|it| path.starts_with(it)) { "pk" } else { "admin" };
        let asked = format!("GET {path}?colour=red\nauthorization: Bearer {{{key}}}");
        let mut places = scene.refuse(&asked, 422, "invalid-fields").await;
        // Whose eligibility is asked for must be said, what was measured, and how long.
        places.retain(|it| !(path.ends_with("/reading") && it == "hours"));
        places.retain(|it| !(path.ends_with("/eligibility") && it == "visitor"));
        places.retain(|it| !(path.ends_with("/measurements") && it == "name"));
        places.retain(|it| !(*path == "/v1/responses" && it == "kind"));
        places.retain(|it| !(path.ends_with("/slots") && it == "service"));
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
