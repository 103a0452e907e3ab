//! Links: made, listed, closed and shown, told in requests and answers.

mod api;
mod page;
mod shown;

use std::cell::RefCell;
use std::rc::Rc;

use board::{Board, Opened, Page, Signed};
use domain::civil::DAY_MS;
use http::Response;
use ports::Outgoing;
use serde_json::Value;
use testkit::World;
use web::{Problem, Request};

use super::handle;

const MEETING: &str = r#"{ "name": "董事会", "view": "/complaints?period=30d&channel=web",
    "expires_in_days": 30, "is_embeddable": true }"#;

/// The page of a neighbour: it says who looks, and what was asked for.
pub(crate) async fn neighbour(env: &World, request: Request) -> Result<web::Response, Problem> {
    let opened: Opened = match board::open(env, &request).await? {
        Signed::In(opened) => opened,
        Signed::Out(answer) => return Ok(answer),
    };
    if request.path().last() == Some(&"tch_none") {
        return Err(Problem::not_found());
    }
    let mut board = Board::new(&opened, Page::Complaints, "Neighbour", &["channel"]);
    board.say(format!("{} {} {}", opened.viewer.actor, opened.site.id, request.target));
    board.tiles(Vec::new());
    board.answer(&request)
}

/// A world whose neighbours answer, and what they were asked.
fn world() -> (World, Rc<RefCell<Vec<Outgoing>>>) {
    let world = World::with_site();
    let asked = Rc::new(RefCell::new(Vec::new()));
    let kept = Rc::clone(&asked);
    world.receive(move |world, call| {
        kept.borrow_mut().push(call.clone());
        Ok(world.asked(neighbour, call))
    });
    (world, asked)
}

/// Makes a link and names its paths `{share}` and `{embed}`, and its id `{id}`.
fn make(world: &World, body: &str) -> Value {
    let made = send(world, "manager", "POST /v1/shares", body);
    assert_eq!(made.status(), 201, "{}", text(&made));
    let made = json(&made);
    let path = |name: &str| {
        let url = made[name].as_str().unwrap_or("").to_owned();
        url.strip_prefix("http://huiyin.test").unwrap_or("").to_owned()
    };
    world.name("share", &path("url"));
    world.name("embed", &path("embed_url"));
    world.name("id", made["id"].as_str().unwrap());
    made
}

fn send(world: &World, who: &str, line: &str, body: &str) -> Response<Vec<u8>> {
    world.send(handle, &format!("{line}\nauthorization: Bearer {{{who}}}\n\n{body}"))
}

fn json(answer: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(answer.body()).unwrap_or(Value::Null)
}

fn text(answer: &Response<Vec<u8>>) -> String {
    String::from_utf8(answer.body().clone()).unwrap()
}

fn header<'a>(answer: &'a Response<Vec<u8>>, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |it| it.to_str().unwrap())
}

/// A day more than a link lasts that is made for thirty.
const LATER_MS: i64 = 31 * DAY_MS;
