//! What a customer does by their link, told in requests and answers.

use app::auth::Staff;
use app::case::{Book, Opening, Said, Work, open};
use domain::case::Source;
use domain::case::act::Act;
use http::StatusCode;
use ports::{Env, Sql};
use store::Entity;
use store::cases::Case;
use testkit::World;
use web::Response;

use super::handle;

const HOSTILE: &str = "<script>alert(1)</script> '; drop table complaint; -- \u{202e}\u{200b}😡\"&";

fn staff() -> Staff {
    Staff { site_id: "sit_shop".into(), actor: "key:key_agent".into(), agent_id: "agt_lan".into() }
}

/// A complaint; `{t}` is the token of its link from then on.
fn complained(world: &World, text: &str) -> Case {
    let opening = Opening {
        source: Source::Widget,
        channel: "web".into(),
        text: text.to_owned(),
        contacts: vec![("email".into(), "guest@example.com".into())],
        ..Opening::default()
    };
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let opened = open(world, &book, &staff(), opening).await.unwrap();
        world.name("t", &opened.token);
        let case = opened.work.case.clone();
        let change = opened.work.change(web::no_content());
        app::write::commit(world, &staff(), change).await.unwrap();
        case
    })
}

fn case(world: &World, id: &str) -> Case {
    let found = world.sql().fetch(Case::by_id("sit_shop", id));
    pollster::block_on(found).unwrap().unwrap()
}

/// Staff do something to a case, and say something in public.
fn staff_do(world: &World, id: &str, act: Act, event: &'static str, text: &str) {
    world.wait_ms(60_000);
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let mut work = Work::on(&book, case(world, id), world.now()).unwrap();
        let kind = if act == Act::Note { "note" } else { "answer" };
        let is_public = act != Act::Note;
        let said = Said { kind, is_public, agent_id: "agt_lan", text, files: "[]" };
        let mut data = work.say(world, &staff(), said);
        work.act(act).unwrap();
        match act {
            Act::Answer | Act::Ask => {
                data.insert("asks".into(), (act == Act::Ask).into());
                data.insert("is_plan".into(), false.into());
                data.insert("agent_id".into(), "agt_lan".into());
            }
            Act::Solve => {
                data.insert("is_first_contact".into(), true.into());
                data.insert("agent_id".into(), "agt_lan".into());
            }
            _ => {
                data.insert("agent_id".into(), "agt_lan".into());
            }
        }
        work.happened(event, data);
        work.settle();
        let change = work.change(web::no_content());
        app::write::commit(world, &staff(), change).await.unwrap();
    });
    world.wait_ms(60_000);
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body().clone()).unwrap()
}

/// The key of a form that nobody else has.
fn key(world: &World) -> String {
    domain::id::token("", world.random())
}

fn post(world: &World, body: &str) -> Response {
    let (act, body) = body.strip_prefix("act=").unwrap().split_once('&').unwrap();
    let head = format!("POST /t/{{t}}/{act}\ncontent-type: application/x-www-form-urlencoded");
    world.send(handle, &format!("{head}\norigin: http://huiyin.test\n\nlang=en&{body}"))
}

#[track_caller]
fn leads_to(response: &Response, done: &str) {
    let location = response.headers().get("location").map_or("", |it| it.to_str().unwrap());
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "{}", text(response));
    assert!(location.ends_with(&format!("?lang=en&done={done}")), "{location}");
}

#[track_caller]
fn is_refused(response: &Response, act: &str, said: &str) {
    let location = response.headers().get("location").map_or("", |it| it.to_str().unwrap());
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT, "{}", text(response));
    assert!(location.ends_with(&format!("?act={act}&said={said}")), "{location}");
}

fn encoded(text: &str) -> String {
    let mut body = String::new();
    for byte in text.bytes() {
        body.push_str(&format!("%{byte:02x}"));
    }
    body
}

#[test]
fn whatever_is_said_is_kept_as_it_is() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    leads_to(
        &post(&world, &format!("act=say&key={}&text={}", key(&world), encoded(HOSTILE))),
        "say",
    );
    let sql = "select text from case_text where kind = 'customer'";
    let kept: String = world.database().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(kept, domain::text::visible(HOSTILE));
}

#[test]
fn a_form_that_comes_twice_is_taken_once() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    let key = key(&world);
    let body = format!("act=say&key={key}&text=more");
    leads_to(&post(&world, &body), "say");
    leads_to(&post(&world, &body), "say");
    let said = "select count(*) from case_text where kind = 'customer'";
    assert_eq!(world.number(said), 1);
    assert_eq!(case(&world, &it.id).version, it.version + 1);
    // Another text under the same key was typed after going back.
    let other = post(&world, &format!("act=say&key={key}&text=something+else"));
    is_refused(&other, "say", "sent");
    assert_eq!(world.number(said), 1);
    let kept = "select count(*) from idempotency where body like '%/t/%' or headers like '%/t/%'";
    assert_eq!(world.number(kept), 0, "the link is kept nowhere");
}

#[test]
fn the_customers_reply_makes_it_our_turn_again() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    staff_do(&world, &it.id, Act::Ask, "complaint.answered", "订单号？");
    assert_eq!(case(&world, &it.id).state, "waiting");
    leads_to(&post(&world, &format!("act=say&key={}&text=A-1", key(&world))), "say");
    assert_eq!(case(&world, &it.id).state, "open");
}

#[test]
fn a_solution_is_rated_once_and_may_be_appealed() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    is_refused(&post(&world, &format!("act=rate&key={}&csat=5", key(&world))), "rate", "over");
    staff_do(&world, &it.id, Act::Solve, "complaint.solved", "已补发，明天到");
    let key = key(&world);
    let wrong = post(&world, &format!("act=rate&key={key}&csat=9&ces=6&text=kept"));
    is_refused(&wrong, "rate", "wrong");
    leads_to(&post(&world, &format!("act=rate&key={key}&csat=2&ces=6&text=slow")), "rate");
    let rated = case(&world, &it.id);
    assert_eq!((rated.csat, rated.ces), (Some(2), Some(6)));
    let again = post(&world, "act=rate&key=aaaaaaaaaaaaaaaaaaaaaaaa&csat=5");
    is_refused(&again, "rate", "over");
    assert_eq!(case(&world, &it.id).csat, Some(2));
    assert_eq!(world.number("select count(*) from case_text where kind = 'rating'"), 1);
    let empty = post(&world, "act=appeal&key=bbbbbbbbbbbbbbbbbbbbbbbb&text=%E2%80%8B+");
    is_refused(&empty, "appeal", "wrong");
    let appeal = "act=appeal&key=bbbbbbbbbbbbbbbbbbbbbbbb&text=still+broken";
    leads_to(&post(&world, appeal), "appeal");
    assert_eq!(case(&world, &it.id).state, "open");
}

#[test]
fn what_was_closed_comes_back_for_a_while() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    staff_do(&world, &it.id, Act::Solve, "complaint.solved", "已补发");
    pollster::block_on(async {
        let book = Book::load(&world, "sit_shop").await.unwrap();
        let mut work = Work::on(&book, case(&world, &it.id), world.now()).unwrap();
        work.act(Act::Close).unwrap();
        work.case.cause_kind = "service_error".into();
        work.settle();
        world.run(store::cases::update(&work.case, work.case.version));
    });
    let key = key(&world);
    let late = domain::civil::DAY_MS * 31;
    world.wait_ms(late);
    let refused = post(&world, &format!("act=reopen&key={key}&text=again"));
    is_refused(&refused, "reopen", "over");
    world.wait_ms(-late);
    leads_to(&post(&world, &format!("act=reopen&key={key}&text=again")), "reopen");
    let back = case(&world, &it.id);
    assert_eq!((back.state.as_str(), back.reopened), ("open", 1));
}

#[test]
fn nobody_writes_without_end() {
    let world = World::with_site();
    world.set("rate_limit", "address=2/60");
    complained(&world, "送货太慢了");
    let send = |at: usize| {
        let head = "POST /t/{t}/say\ncontent-type: application/x-www-form-urlencoded";
        let body = format!("key={at:024}&lang=en&text=more");
        world.send(handle, &format!("{head}\nspin-client-addr: 192.0.2.7:4711\n\n{body}"))
    };
    let statuses: Vec<u16> = (0..4).map(|at| send(at).status().as_u16()).collect();
    assert_eq!(statuses, [303, 303, 307, 307]);
    assert_eq!(world.number("select count(*) from case_text where kind = 'customer'"), 2);
    is_refused(&send(4), "say", "busy");
    world.wait_ms(60_000);
    assert_eq!(send(5).status().as_u16(), 303);
}

#[test]
fn what_was_merged_or_has_no_link_is_left_alone() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    let say = "act=say&key=aaaaaaaaaaaaaaaaaaaaaaaa&text=x";
    world.database().execute("update complaint set state = 'merged'", []).unwrap();
    is_refused(&post(&world, say), "say", "over");
    world.database().execute("update complaint set state = 'open'", []).unwrap();
    let day = domain::civil::DAY_MS;
    world.wait_ms(90 * day);
    is_refused(&post(&world, say), "say", "wrong");
    world.wait_ms(-day);
    world.database().execute("update case_link set revoked_at_ms = 1", []).unwrap();
    is_refused(&post(&world, say), "say", "wrong");
    assert_eq!(world.number("select count(*) from case_text"), 1);
}

#[test]
fn forms_of_others_and_broken_ones_are_refused() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    let form = "content-type: application/x-www-form-urlencoded";
    let key = "aaaaaaaaaaaaaaaaaaaaaaaa";
    let said = format!("key={key}&text=x");
    for (request, status) in [
        ("GET /t/{t}/rate".to_owned(), 405),
        ("POST /t/{t}/say\n\n{}".to_owned(), 415),
        (format!("POST /t/{{t}}/say\n{form}\norigin: https://evil.example\n\n{said}"), 403),
        (format!("POST /t/{{t}}/say\n{form}\norigin: null\n\n{said}"), 403),
        (format!("POST /t/{{t}}/close\n{form}\n\n{said}"), 404),
        (format!("POST /t/..%2F%2Fx/say\n{form}\n\n{said}"), 404),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey=short&text=x"), 307),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey={key}&text=a%00b"), 307),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey={key}&text={}", "长".repeat(10_001)), 307),
    ] {
        assert_eq!(world.send(handle, &request).status().as_u16(), status, "{request:.90}");
    }
    assert_eq!(world.number("select count(*) from case_text"), 1);
    let longest = format!("act=say&key={key}&text={}", encoded(&"长".repeat(10_000)));
    leads_to(&post(&world, &longest), "say");
}

#[test]
fn without_a_database_nothing_is_told_of_why() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    world.break_database();
    let answer = post(&world, "act=say&key=aaaaaaaaaaaaaaaaaaaaaaaa&text=x");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(world.logged_cause().is_some());
}
