//! Requests that must be refused: each gets the right problem in both languages, never a
//! failure of ours, and nothing is written.

mod bodies;
mod callers;
pub(crate) mod paths;

use std::collections::BTreeMap;

use bytes::Bytes;
use runner::client::Answer;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, header, json, text};

/// The catalogue: status, type, and the titles in English and Chinese.
const PROBLEMS: &str = include_str!("../../../golden/problems.txt");

/// Two sites with one of everything: the other one's things do not exist for this one's keys.
struct Scene {
    server: Server,
    site: Site,
    other: Site,
    before: BTreeMap<String, String>,
}

impl Scene {
    async fn new() -> Scene {
        let server = Server::any();
        let site = furnished(&server).await;
        let other = furnished(&server).await;
        let before = server.written(&[&site, &other]).await;
        Scene { server, site, other, before }
    }

    /// Sends what must be refused, in both languages; the places of its mistakes.
    async fn refuse(&self, transcript: &str, status: u16, slug: &str) -> Vec<String> {
        let (head, body) = transcript.split_once("\n\n").unwrap_or((transcript.trim_end(), ""));
        self.refuse_bytes(head, Bytes::from(body.to_owned()), status, slug).await
    }

    /// The same with a body that is no text.
    async fn refuse_bytes(&self, head: &str, body: Bytes, status: u16, slug: &str) -> Vec<String> {
        let mut places = Vec::new();
        for language in ["zh-CN", "en"] {
            let head = format!("{head}\naccept-language: {language}");
            let answer = self.site.send_bytes(&head, body.clone()).await;
            let sent = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            let told = format!("{head}\n\n{sent}\n{} {}", answer.status, answer.text());
            places = check_problem(&answer, status, slug, language, &told);
            // Of another's server that would take a dozen requests each time.
            if self.server.database().is_some() {
                assert_eq!(self.written().await, self.before, "something was written: {told}");
            }
        }
        places
    }

    async fn written(&self) -> BTreeMap<String, String> {
        self.server.written(&[&self.site, &self.other]).await
    }

    /// Checks at the end that nothing was written.
    async fn check_unwritten(&self) {
        assert_eq!(self.written().await, self.before, "something was written");
    }

    /// Takes note of what is written now, after something that may be written.
    async fn go_on(&mut self) {
        self.before = self.written().await;
    }
}

/// A site with one of everything, and another survey that nobody published.
async fn furnished(server: &Server) -> Site {
    let mut site = Site::with_survey(server).await;
    site.name("nobody", "");
    let key = json!({ "name": "second", "kind": "publishable" });
    site.make("admin", "key", "/v1/keys", key).await;
    site.make("manager", "department", "/v1/departments", json!({ "name": "客服" })).await;
    site.make("manager", "colleague", "/v1/agents", json!({ "name": "沈一诺" })).await;
    site.make("agent", "customer", "/v1/customers", json!({ "external_id": "M1" })).await;
    let draft = json!({ "name": "草稿", "definition": { "title": "稿", "questions": [
        { "id": "recommend", "type": "nps", "text": "推荐吗？" } ] } });
    site.make("manager", "draft", "/v1/studies", draft).await;
    let body = json!({ "version": 1, "answers": { "recommend": 9 } });
    let taken = json(&site.submit("furnish", &body).await);
    site.name("response", text(&taken, "id"));
    let rebuild = server.rebuild(&site).await;
    site.name("rebuild", text(&rebuild, "id"));
    site
}

/// Checks a problem document; the places of its mistakes.
#[track_caller]
fn check_problem(
    answer: &Answer,
    status: u16,
    slug: &str,
    language: &str,
    told: &str,
) -> Vec<String> {
    assert_eq!(answer.status, status, "{told}");
    assert_eq!(header(answer, "content-type"), "application/problem+json", "{told}");
    assert_eq!(header(answer, "content-language"), language, "{told}");
    assert_eq!(header(answer, "cache-control"), "no-store", "{told}");
    let body = json(answer);
    assert_eq!(body["type"], format!("/problems/{slug}"), "{told}");
    assert_eq!(body["status"], status, "{told}");
    assert_eq!(text(&body, "title"), title(status, slug, language), "{told}");
    assert_eq!(text(&body, "instance"), header(answer, "request-id"), "{told}");
    let errors = body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    let details = errors.iter().chain([&body]).filter_map(|it| it["detail"].as_str());
    for detail in details {
        let is_chinese = detail.chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
        assert_eq!(is_chinese, language == "zh-CN", "the wrong language: {told}");
    }
    errors.iter().map(|it| place(it, told)).collect()
}

fn title(status: u16, slug: &str, language: &str) -> &'static str {
    let start = format!("{status} /problems/{slug} | ");
    let row = PROBLEMS.lines().find_map(|it| it.strip_prefix(&start));
    let (en, zh) = row.and_then(|it| it.split_once(" | ")).expect("a row of the catalogue");
    if language == "en" { en } else { zh }
}

/// Where a mistake stands: in the body, in the query or in a header, and in one of them.
#[track_caller]
fn place(error: &Value, told: &str) -> String {
    let members = error.as_object().unwrap();
    let places = members.iter().filter(|(name, _)| *name != "detail");
    let [(name, place)] = places.collect::<Vec<_>>()[..] else { panic!("{told}") };
    assert!(["pointer", "parameter", "header"].contains(&name.as_str()), "{told}");
    place.as_str().unwrap().to_owned()
}
