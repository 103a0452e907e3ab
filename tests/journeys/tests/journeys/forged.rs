//! What a caller claims to be the host's word changes nothing, and neighbours in one instance
//! do not see each other.

use std::collections::BTreeSet;

use runner::client::Answer;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{ORIGIN, Site, fresh, header, items, json, submission, text};

/// Headers that Spin adds itself. It puts its own behind those of the client, so both arrive.
const FORGED: &str = "spin-path-match-id: {delivery}\nspin-path-match-0: {delivery}\n\
    spin-path-info: /{delivery}\nspin-full-url: http://evil.example/v1/touchpoints/{delivery}\n\
    spin-matched-route: /internal/tick\nspin-base-path: /evil\n\
    spin-raw-component-route: /v1/keys/...\nspin-component-route: /v1/keys\n\
    spin-client-addr: 6.6.6.6:666\nx-forwarded-for: 6.6.6.6\nforwarded: for=6.6.6.6";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_headers_of_the_host_change_nothing() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let forged = FORGED.replace("{delivery}", site.named("delivery"));
    let key = fresh("forged");
    let taken = submission(&key, r#"{ "version": 1, "answers": { "recommend": 9 } }"#);
    assert_eq!(site.send(&taken).await.status, 201);
    let bearer = "authorization: Bearer";
    for request in [
        format!("GET /v1/touchpoints/{{shop}}\n{bearer} {{viewer}}"),
        format!("GET /v1/touchpoints/tch_none\n{bearer} {{viewer}}"),
        "GET /v1/touchpoints/{shop}".to_owned(),
        format!("GET /v1/keys\n{bearer} {{viewer}}"),
        format!("GET /v1/surveys/{{survey}}\n{bearer} {{pk}}"),
        format!("GET /v1/studies/{{survey}}\n{bearer} {{agent}}"),
        format!("POST /internal/tick\n{bearer} {{admin}}"),
        format!("DELETE /v1/touchpoints/{{shop}}\n{bearer} {{admin}}"),
        taken,
    ] {
        let (head, body) = request.split_once("\n\n").unwrap_or((&request, ""));
        let honest = site.send(&request).await;
        let other = site.send(&format!("{head}\n{forged}\n\n{body}")).await;
        assert_eq!(told(&honest), told(&other), "{head}");
    }
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], 1);
}

/// What an answer says, without the id of its request.
fn told(answer: &Answer) -> (u16, String, String, String) {
    let mut body = json(answer);
    if let Some(members) = body.as_object_mut() {
        members.remove("instance");
    }
    let header = |name: &str| header(answer, name).to_owned();
    (answer.status.as_u16(), header("etag"), header("allow"), body.to_string())
}

/// One request of a crowd: who asks, for what, and as which of many.
struct Asked {
    site: Site,
    other: Site,
    number: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_in_an_instance_do_not_see_each_other() {
    let server = Server::any();
    let sites = [Site::with_survey(&server).await, Site::with_survey(&server).await];
    let names = ["甲 First", "乙 Second"];
    for (site, name) in sites.iter().zip(names) {
        let change = "PATCH /v1/touchpoints/{shop}\nauthorization: Bearer {manager}";
        site.json(&format!("{change}\n\n{{\"name\": \"{name}\"}}")).await;
    }
    // Six rounds of 32 at once: an instance serves sixteen at a time.
    for round in 0..6 {
        let crowd = (0..32_usize).map(|at| {
            let [first, second] = sites.clone();
            let number = round * 32 + at;
            let is_first = number.is_multiple_of(2);
            let (site, other) = if is_first { (first, second) } else { (second, first) };
            let name = if is_first { names[0] } else { names[1] };
            let asked = Asked { site, other, number };
            tokio::spawn(async move { ask(&asked, name).await })
        });
        let mut ids = BTreeSet::new();
        for asked in crowd.collect::<Vec<_>>() {
            assert!(ids.insert(asked.await.unwrap()), "two answers with one request-id");
        }
    }
    for site in &sites {
        // Each site sent the same: every fourth request of a site was a submission.
        let list = site.get("agent", "/v1/studies/{survey}/responses?limit=100").await;
        let why: BTreeSet<&str> =
            items(&list).iter().map(|it| text(&it["answers"], "why")).collect();
        assert_eq!((items(&list).len(), why.len()), (24, 24), "each its own");
        assert!(why.iter().all(|it| it.starts_with(site.named("site"))), "{why:?}");
        assert_eq!(site.get("viewer", "/v1/nps").await["n"], 24);
    }
    server.check_rollups();
}

/// Asks one thing and checks that the answer is for us; its request id.
async fn ask(asked: &Asked, name: &str) -> String {
    let Asked { site, other, number } = asked;
    let is_zh = number % 3 == 0;
    let language = if is_zh { "zh-CN" } else { "en" };
    let trace = format!("00-{:032x}-{:016x}-01", number + 1, number + 1);
    let headers = format!("accept-language: {language}\ntraceparent: {trace}");
    let answer = match number / 2 % 4 {
        0 => {
            let body = json!({ "version": 1, "language": language, "answers": {
                "recommend": 9, "why": format!("{} {number}", site.named("site")) } });
            let answer = site.submit(&fresh("crowd"), &body).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
            return header(&answer, "request-id").to_owned();
        }
        1 => {
            let get = "GET /v1/touchpoints/{shop}\nauthorization: Bearer {viewer}";
            let answer = site.send(&format!("{get}\n{headers}")).await;
            assert_eq!(json(&answer)["name"], name);
            answer
        }
        2 => {
            let shop = other.named("shop");
            let get = format!("GET /v1/touchpoints/{shop}\nauthorization: Bearer {{viewer}}");
            let answer = site.send(&format!("{get}\n{headers}")).await;
            assert_eq!(answer.status, 404, "the other site's does not exist here");
            let title = if is_zh { "这里没有内容" } else { "There is nothing here" };
            assert_eq!(json(&answer)["title"], title);
            answer
        }
        _ => {
            let get = "GET /v1/surveys/{survey}\nauthorization: Bearer {pk}";
            let answer = site.send(&format!("{get}\norigin: {ORIGIN}\n{headers}")).await;
            assert_eq!(json(&answer)["id"], Value::from(site.named("survey")));
            answer
        }
    };
    assert_eq!(header(&answer, "traceparent"), trace);
    header(&answer, "request-id").to_owned()
}
