//! The demonstration: one command fills an empty database, and all that it prints is true.

use runner::client::Answer;
use serde_json::{Value, json};

use crate::server::{Server, date};
use crate::site::{Site, fresh, header, items, text};

/// The days of the quarter before the courier changes, of the trouble, and after it.
const BEFORE: (&str, &str) = ("-91 days", "-57 days");
const TROUBLE: (&str, &str) = ("-49 days", "-39 days");
const AFTER: (&str, &str) = ("-28 days", "-1 days");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_fills_an_empty_server_and_all_it_prints_is_true() {
    let Some(server) = Server::ours("the demo, which fills only an empty server") else { return };
    let told = server.play_demo().await;
    let mut site = Site::none(&server);
    let commands = commands(&told);
    assert_eq!(commands.len(), 9, "{told}");
    for (target, key) in &commands {
        check_figures(&run(&site, target, key).await, target);
    }
    let viewer = commands[0].1.clone();
    site.name("viewer", &viewer);
    check_dip_and_recovery(&site).await;
    answer_on_the_page(&server, &mut site, &told).await;
    check_again(&server, &site, &told).await;
    server.check_rollups();
}

/// The printed commands: the target and the key of each.
fn commands(told: &str) -> Vec<(String, String)> {
    let command = |line: &str| {
        let (_, rest) = line.split_once(": curl -s \"")?;
        let (url, rest) = rest.split_once("\" -H \"Authorization: Bearer ")?;
        Some((target(url).to_owned(), rest.strip_suffix('"')?.to_owned()))
    };
    told.lines().filter_map(command).collect()
}

/// Path and query of a URL.
fn target(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    &rest[rest.find('/').unwrap()..]
}

async fn run(site: &Site, target: &str, key: &str) -> Answer {
    let answer = site.send(&format!("GET {target}\nauthorization: Bearer {key}")).await;
    assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    answer
}

/// What is printed to be tried shows something.
#[track_caller]
fn check_figures(answer: &Answer, target: &str) {
    let shown = crate::site::json(answer);
    if target.starts_with("/v1/dashboard") {
        assert_eq!(shown["touchpoints"].as_array().unwrap().len(), 6);
        assert_eq!(shown["scores"].as_object().unwrap().len(), 4);
        return;
    }
    if target.starts_with("/v1/figures") {
        let rates = shown["rates"].as_array().unwrap();
        let known = rates.iter().filter(|it| it["value"].is_f64()).count();
        assert_eq!(known, rates.len(), "{shown}");
        return;
    }
    if target.starts_with("/v1/complaint-figures") {
        assert!(80 <= shown["received"].as_u64().unwrap(), "{target}: {shown}");
        assert_eq!(shown["parts"].as_array().unwrap().len(), 3, "{target}: {shown}");
        assert!(0 < shown["backlog"]["open"].as_u64().unwrap(), "{target}: {shown}");
        return;
    }
    if target.starts_with("/v1/callback-figures") {
        assert!(100 <= shown["requested"].as_u64().unwrap(), "{target}: {shown}");
        assert_eq!(shown["parts"].as_array().unwrap().len(), 4, "{target}: {shown}");
        assert!(10 < shown["backlog"]["open"].as_u64().unwrap(), "{target}: {shown}");
        assert!(20 <= shown["waits"]["visit"]["n"].as_u64().unwrap(), "{target}: {shown}");
        return;
    }
    if target.starts_with("/v1/callbacks") {
        let states = items(&shown).iter().map(|it| text(it, "state"));
        assert!(10 < states.filter(|it| *it == "booked").count(), "{target}: {shown}");
        return;
    }
    if target.starts_with("/v1/causes/ranking") {
        let causes = items(&shown);
        let of = |part: &str| causes.iter().find(|it| text(it, "name").contains(part)).unwrap();
        assert_eq!(causes.len(), 5, "{target}: {shown}");
        assert_eq!(of("handover")["effect"]["verdict"], "fewer", "one was mended: {shown}");
        assert_ne!(of("Lids")["effect"]["verdict"], "fewer", "of one it is too early: {shown}");
        return;
    }
    assert!(100 <= shown["n"].as_u64().unwrap(), "{target}: {shown}");
    assert!(shown["value"].is_f64() && shown["interval"].is_array(), "{target}: {shown}");
    assert!(4 <= shown["parts"].as_array().unwrap().len(), "{target}: {shown}");
}

/// Deliveries go wrong in the sixth week and are better than before in the ninth.
async fn check_dip_and_recovery(site: &Site) {
    let today = text(&site.get("viewer", "/v1/dashboard").await, "to").to_owned();
    let mut values = Vec::new();
    for (from, to) in [BEFORE, TROUBLE, AFTER] {
        let span = format!("from={}&to={}", date(&today, from), date(&today, to));
        let shown = site.get("viewer", &format!("/v1/dashboard?{span}")).await;
        let of = |part: &str| {
            let touchpoints = shown["touchpoints"].as_array().unwrap();
            let found = touchpoints.iter().find(|it| text(it, "name").contains(part)).unwrap();
            found["csat"]["value"].as_f64().unwrap()
        };
        let nps = shown["scores"]["nps"]["value"].as_f64().unwrap();
        values.push((of("Delivery"), of("Coffee"), nps));
    }
    let [before, trouble, after] = values[..] else { panic!("{values:?}") };
    assert!(trouble.0 + 20.0 < before.0, "deliveries dip: {values:?}");
    assert!(before.0 < after.0, "and are better than before: {values:?}");
    assert!(trouble.2 + 20.0 < before.2 && trouble.2 + 20.0 < after.2, "as NPS does: {values:?}");
    assert!((before.1 - trouble.1).abs() < 10.0, "the coffee stays good: {values:?}");
}

/// The page opens, and an answer given there moves the score by one.
async fn answer_on_the_page(server: &Server, site: &mut Site, told: &str) {
    let line = told.lines().find_map(|it| it.strip_prefix("A page with the widget: ")).unwrap();
    let page = site.send(&format!("GET {}", target(line))).await;
    assert_eq!(
        (page.status.as_u16(), header(&page, "content-type")),
        (200, "text/html; charset=utf-8")
    );
    let mut parts = page.text();
    for part in ["/demo/page.js", "/demo/page.css", "/widget.js"] {
        assert!(parts.contains(part), "nothing loads {part}");
        let part = site.send(&format!("GET {part}")).await;
        assert_eq!(part.status, 200);
        parts.push_str(&part.text());
    }
    let (_, query) = line.split_once('?').unwrap();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        site.name(if name == "key" { "pk" } else { name }, value);
    }
    let base = &server.base;
    let show = format!("GET /v1/surveys/{{survey}}\nauthorization: Bearer {{pk}}\norigin: {base}");
    let shown = site.json(&show).await;
    let before = site.get("viewer", "/v1/nps").await["n"].as_u64().unwrap();
    let key = fresh("page");
    let submit = format!(
        "POST /v1/surveys/{{survey}}/responses\nauthorization: Bearer {{pk}}\norigin: {base}\n\
         idempotency-key: {key}\n\n{}",
        json!({ "version": shown["version"], "answers": { "recommend": 10, "delivery": 5 } })
    );
    for _ in 0..3 {
        assert_eq!(site.send(&submit).await.status, 201);
    }
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], before + 1);
}

/// A second start finds it there, changes nothing and prints what still works.
async fn check_again(server: &Server, site: &Site, first: &str) {
    let before = server.written(&[]).await;
    let told = server.play_demo().await;
    assert!(told.starts_with("The demo is there already."), "{told}");
    assert_eq!(server.written(&[]).await, before);
    let page = |told: &str| {
        let line = told.lines().find_map(|it| it.strip_prefix("A page with the widget: "));
        line.map(str::to_owned)
    };
    assert_eq!(page(&told), page(first));
    let commands = commands(&told);
    assert_eq!(commands.len(), 9, "{told}");
    for (target, key) in &commands {
        assert_eq!(key, "$HUIYIN_KEY", "a secret key cannot be shown again");
        check_figures(&run(site, target, "{owner}").await, target);
    }
    let studies: Value = site.get("viewer", "/v1/studies").await;
    assert_eq!(items(&studies).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_leaves_a_server_alone_that_has_a_site() {
    let Some(server) = Server::ours("the demo beside another site") else {
        return;
    };
    Site::new(&server).await;
    let before = server.written(&[]).await;
    let told = server.play_demo().await;
    assert!(told.starts_with("The database has a site already"), "{told}");
    assert_eq!(server.written(&[]).await, before);
}
