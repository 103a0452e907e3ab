//! Pages, told in requests and answers. The figures are those of the real neighbour; the other
//! neighbours answer as their own transcripts have it.

mod callbacks;
mod complaints;
mod figures;
mod voice;

use std::cell::RefCell;
use std::rc::Rc;

use ports::{Answer, Outgoing, Unanswered};
use serde_json::{Value, json};
use testkit::World;

/// 2026-11-22, the day of [`testkit::START`] at the site.
const TODAY: i64 = 20_779;

/// What was asked of neighbours: their addresses.
type Asked = Rc<RefCell<Vec<String>>>;

/// Lets neighbours answer: the figures for real, the others with what `canned` has; whoever it has
/// nothing for is not there.
fn neighbours(world: &World, canned: impl Fn(&str) -> Option<Value> + 'static) -> Asked {
    let asked = Asked::default();
    let heard = Rc::clone(&asked);
    world.receive(move |world, call: &Outgoing| {
        let target = call.url.strip_prefix("http://").unwrap();
        heard.borrow_mut().push(target.to_owned());
        if target.starts_with("dashboard.spin.internal/v1/") {
            return Ok(world.asked(figures::handle, call));
        }
        let found = canned(target).ok_or(Unanswered::Unreachable)?;
        let status = found["status"].as_u64().unwrap_or(200);
        let status = u16::try_from(status).unwrap();
        Ok(Answer { status, body: found.to_string().into_bytes(), ..Answer::default() })
    });
    asked
}

/// A page as somebody sees it.
#[track_caller]
fn page(world: &World, role: &str, target: &str) -> String {
    let request = format!("GET {target}\nauthorization: Bearer {{{role}}}");
    let answer = world.send(crate::handle, &request);
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(answer.body()));
    String::from_utf8(answer.into_body()).unwrap()
}

/// A figure of a page as JSON.
#[track_caller]
fn card(world: &World, target: &str, card: &str) -> Value {
    let joint = if target.contains('?') { '&' } else { '?' };
    serde_json::from_str(&page(world, "agent", &format!("{target}{joint}card={card}&format=json")))
        .unwrap()
}

/// What the API answers.
#[track_caller]
fn api(world: &World, path: &str) -> Value {
    world.json(figures::handle, &format!("GET {path}\nauthorization: Bearer {{viewer}}"))
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text} is not in\n{page}");
    }
}

#[track_caller]
fn lacks(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(!page.contains(text), "{text} is in\n{page}");
    }
}

/// The rows of a figure's table, each column of them.
fn column(figure: &Value, name: &str) -> Vec<Value> {
    let columns = figure["columns"].as_array().unwrap();
    let at =
        columns.iter().position(|it| it == name).unwrap_or_else(|| panic!("{name}: {columns:?}"));
    figure["rows"].as_array().unwrap().iter().map(|it| it[at].clone()).collect()
}

/// What a ledger without causes tells.
fn no_causes(target: &str) -> Option<Value> {
    target.starts_with("ledger").then(
        || json!({ "items": [], "received": 0, "known": 0, "unknown": 0, "quarter": "2026-Q4" }),
    )
}

#[test]
fn what_is_not_there_is_not_found_and_pages_are_read() {
    let world = World::with_site();
    for (line, status) in [
        ("GET /v1/nothing", 404),
        ("GET /dashboard/nothing", 404),
        ("GET /dashboard/voice/more", 404),
        ("POST /dashboard/voice", 405),
        ("DELETE /dashboard/complaints", 405),
        ("GET /dashboard/callbacks", 401),
        ("GET /dashboard/voice\nauthorization: Bearer sk_nobody", 401),
        ("GET /dashboard/voice\nauthorization: Bearer {pk}", 401),
    ] {
        assert_eq!(world.send(crate::handle, line).status(), status, "{line}");
    }
    let asked = world.send(crate::handle, "GET /dashboard/complaints?period=7d&lang=zh-CN");
    has(&String::from_utf8_lossy(asked.body()), &["登录", "/dashboard/complaints?period=7d"]);
    world.break_database();
    let line = "GET /dashboard/complaints\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(crate::handle, line).status(), 503);
}

#[test]
fn every_page_stands_when_all_neighbours_are_down() {
    let world = World::with_site();
    for name in ["voice", "complaints", "callbacks"] {
        let en = page(&world, "manager", &format!("/dashboard/{name}?lang=en"));
        has(&en, &["This cannot be read just now", "<h1>"]);
        let zh = page(&world, "manager", &format!("/dashboard/{name}?lang=zh"));
        has(&zh, &["暂时无法读取这一部分", "lang=\"zh-CN\""]);
    }
}

#[test]
fn headings_are_in_order_and_no_style_or_script_stands_in_a_page() {
    let world = World::with_site();
    neighbours(&world, no_causes);
    for name in ["voice", "complaints", "callbacks"] {
        let shown = page(&world, "agent", &format!("/dashboard/{name}?lang=en"));
        assert_eq!(shown.matches("<h1").count(), 1, "{name}");
        lacks(&shown, &["style=\"", "<style", "onclick", "javascript:"]);
        let mut last = 1;
        for (at, _) in shown.match_indices("<h") {
            let Some(level) = shown[at + 2..].chars().next().and_then(|it| it.to_digit(10)) else {
                continue;
            };
            assert!(level <= last + 1, "{name}: {}", &shown[at..at + 40]);
            last = level;
        }
        let mut ids: Vec<&str> = shown
            .match_indices(" id=\"")
            .map(|(at, it)| shown[at + it.len()..].split('"').next().unwrap())
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
    }
}
