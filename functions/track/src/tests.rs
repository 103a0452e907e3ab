//! The customer's page, told in requests and answers.

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

fn get(world: &World, target: &str) -> String {
    text(&world.send(handle, &format!("GET {target}")))
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body().clone()).unwrap()
}

/// The key of the forms on the page as it is now.
fn key(world: &World) -> String {
    let page = get(world, "/t/{t}?lang=en");
    let (_, rest) = page.split_once("name=\"key\" value=\"").expect("a form");
    rest.split_once('"').unwrap().0.to_owned()
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
fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

fn encoded(text: &str) -> String {
    let mut body = String::new();
    for byte in text.bytes() {
        body.push_str(&format!("%{byte:02x}"));
    }
    body
}

#[test]
fn the_page_tells_in_both_languages_where_a_complaint_stands() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了，等了三天还没有到");
    let english = get(&world, "/t/{t}?lang=en");
    has(
        &english,
        &["<html lang=\"en\"", &it.number, "We are working on it", "鹿鸣", "What was said"],
    );
    has(&english, &["送货太慢了", "Asia/Shanghai (UTC+08:00)", "Sunday 22 November, 09:30"]);
    let chinese = world.send(handle, "GET /t/{t}\naccept-language: zh-CN,zh;q=0.9");
    has(
        &text(&chinese),
        &["<html lang=\"zh-CN\"", "处理中", "11月22日（星期日）09:30", "服务单号"],
    );
    let opened = get(&world, "/t/{t}?lang=zh&done=opened");
    has(&opened, &["您的投诉已收到", "http://huiyin.test/t/"]);
    staff_do(&world, &it.id, Act::Note, "complaint.noted", "内部：客户脾气大");
    staff_do(&world, &it.id, Act::Ask, "complaint.answered", "请问订单号是多少？");
    let asked = get(&world, "/t/{t}?lang=en");
    has(&asked, &["Your turn: we asked you something", "请问订单号是多少？", "鹿鸣 answered"]);
    has(&asked, &["Your answer", "We first answered you on Sunday 22 November, 09:33."]);
    assert!(!asked.contains("脾气"), "a note is not for customers");
}

#[test]
fn the_promise_is_told_in_plain_words() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了，等了三天还没有到");
    let due = "We answer you by Monday 23 November, 09:30, in about 24 hours.";
    has(&get(&world, "/t/{t}?lang=en"), &[due]);
    world.wait_ms(26 * 3_600_000);
    let late = "We promised to answer you by Monday 23 November, 09:30 and have not done so: we \
        are late by about 2 hours. We are sorry.";
    has(&get(&world, "/t/{t}?lang=en"), &[late, "class=\"promise late\""]);
    has(&get(&world, "/t/{t}?lang=zh"), &["已超时约 2 小时。非常抱歉。"]);
    staff_do(&world, &it.id, Act::Ask, "complaint.answered", "订单号？");
    let paused = get(&world, "/t/{t}?lang=en");
    has(&paused, &["the time that we promised you stands still", "Your turn"]);
    assert!(!paused.contains("We are sorry"), "{paused}");
    leads_to(&post(&world, &format!("act=say&key={}&text=A-1", key(&world))), "say");
    let again = get(&world, "/t/{t}?lang=zh");
    has(&again, &["我们已于 11月23日（星期一）11:31 首次答复您。", "前告知您解决方案"]);
}

#[test]
fn nothing_of_a_page_is_inline_and_nobody_keeps_it() {
    let world = World::with_site();
    complained(&world, HOSTILE);
    for target in ["/t/{t}", "/t/{t}?done=opened&lang=en", "/t/none"] {
        let response = world.send(handle, &format!("GET {target}"));
        let page = text(&response);
        for inline in ["<style", " style=", "<script", " onclick=", "javascript:"] {
            assert!(!page.contains(inline), "{target}: {inline}");
        }
        let header = |name: &str| {
            response.headers().get(name).map_or("", |it| it.to_str().unwrap()).to_owned()
        };
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-robots-tag"), "noindex");
        assert_eq!(header("referrer-policy"), "same-origin");
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"));
    }
}

#[test]
fn whatever_is_said_is_shown_as_a_text() {
    let world = World::with_site();
    complained(&world, HOSTILE);
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt; &#39;; drop table complaint; -- ";
    has(&get(&world, "/t/{t}"), &[escaped, "dir=\"auto\""]);
    let key = key(&world);
    let body = format!("act=say&key={key}&text={}", encoded(HOSTILE));
    leads_to(&post(&world, &body), "say");
    assert_eq!(get(&world, "/t/{t}").matches(escaped).count(), 2);
    assert_eq!(world.number("select count(*) from complaint"), 1);
    // A mistake keeps what was typed, as a text as well.
    let body = format!("act=rate&key={key}&text={}", encoded("</textarea><b>x"));
    let refused = post(&world, &body);
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
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
    assert_eq!(other.status(), StatusCode::CONFLICT);
    has(&text(&other), &["This form was sent already", ">\nsomething else</textarea>"]);
    assert_eq!(world.number(said), 1);
}

#[test]
fn the_customers_reply_makes_it_our_turn_again() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    staff_do(&world, &it.id, Act::Ask, "complaint.answered", "订单号？");
    leads_to(&post(&world, &format!("act=say&key={}&text=A-1", key(&world))), "say");
    assert_eq!(case(&world, &it.id).state, "open");
    has(&get(&world, "/t/{t}?lang=en&done=say"), &["We have what you wrote", "You added", "A-1"]);
}

#[test]
fn a_solution_is_rated_once_and_may_be_appealed() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    let early = post(&world, &format!("act=rate&key={}&csat=5", key(&world)));
    assert_eq!(early.status(), StatusCode::CONFLICT);
    staff_do(&world, &it.id, Act::Solve, "complaint.solved", "已补发，明天到");
    let page = get(&world, "/t/{t}?lang=en");
    has(&page, &["Solved, as far as we can see", "How did we do?", "Is it not solved?"]);
    let key = key(&world);
    let wrong = post(&world, &format!("act=rate&key={key}&csat=9&ces=6&text=kept"));
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(
        &text(&wrong),
        &["Please choose how satisfied you are", "<title>Error: ", ">\nkept</textarea>"],
    );
    has(&text(&wrong), &["id=\"ces-6\" value=\"6\" checked"]);
    leads_to(&post(&world, &format!("act=rate&key={key}&csat=2&ces=6&text=slow")), "rate");
    let rated = case(&world, &it.id);
    assert_eq!((rated.csat, rated.ces), (Some(2), Some(6)));
    let again = post(&world, "act=rate&key=aaaaaaaaaaaaaaaaaaaaaaaa&csat=5");
    assert_eq!(again.status(), StatusCode::CONFLICT);
    assert_eq!(case(&world, &it.id).csat, Some(2));
    has(&get(&world, "/t/{t}?lang=en&done=rate"), &["2 of 5. Thank you.", "You rated us"]);
    let empty = post(&world, "act=appeal&key=bbbbbbbbbbbbbbbbbbbbbbbb&text=%E2%80%8B+");
    has(&text(&empty), &["Please write something", "href=\"#appeal-text\"", "aria-invalid"]);
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
    has(&get(&world, "/t/{t}?lang=en"), &["It was closed on", "Is it back?", "How did we do?"]);
    let key = key(&world);
    let late = domain::civil::DAY_MS * 31;
    world.wait_ms(late);
    let refused = post(&world, &format!("act=reopen&key={key}&text=again"));
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    has(&text(&refused), &["This cannot be done any more"]);
    world.wait_ms(-late);
    leads_to(&post(&world, &format!("act=reopen&key={key}&text=again")), "reopen");
    let back = case(&world, &it.id);
    assert_eq!((back.state.as_str(), back.reopened), ("open", 1));
}

#[test]
fn links_that_open_nothing_are_all_alike() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    let unknown = get(&world, "/t/0123456789abcdefghjkmnpqrs?lang=en");
    has(&unknown, &["This link opens nothing"]);
    let day = domain::civil::DAY_MS;
    world.wait_ms(90 * day);
    assert_eq!(get(&world, "/t/{t}?lang=en"), unknown, "expired");
    let late = post(&world, "act=say&key=aaaaaaaaaaaaaaaaaaaaaaaa&text=x");
    assert_eq!((late.status(), text(&late)), (StatusCode::NOT_FOUND, unknown.clone()));
    world.wait_ms(-day);
    assert_ne!(get(&world, "/t/{t}?lang=en"), unknown);
    world.database().execute("update case_link set revoked_at_ms = 1", []).unwrap();
    assert_eq!(get(&world, "/t/{t}?lang=en"), unknown, "revoked");
}

#[test]
fn what_was_merged_shows_its_own_words_alone() {
    let world = World::with_site();
    let parent = complained(&world, "别人的秘密");
    let it = complained(&world, "我的问题");
    world
        .database()
        .execute(
            "update complaint set state = 'merged', parent_id = ?1 where id = ?2",
            [&parent.id, &it.id],
        )
        .unwrap();
    let page = get(&world, "/t/{t}?lang=en");
    has(&page, &["Handled together with others", "我的问题", "We are working on all of it"]);
    assert!(!page.contains("秘密") && !page.contains("<form"), "{page}");
    let refused = post(&world, "act=say&key=aaaaaaaaaaaaaaaaaaaaaaaa&text=x");
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}

#[test]
fn a_compensation_and_an_erased_text_are_told_plainly() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    let give = "insert into compensation (id, site_id, case_id, once, kind, amount, currency,
          reference, actor, created_at_ms)
        values ('gft_1', 'sit_shop', ?1, 'a', 'coupon', 2050, 'CNY', '<K-1>', 'key:key_agent', 0)";
    world.database().execute(give, [&it.id]).unwrap();
    world.database().execute("update case_text set text = '', salt = x''", []).unwrap();
    has(&get(&world, "/t/{t}?lang=en"), &["20.50 CNY", "&lt;K-1&gt;", "This text was erased."]);
}

#[test]
fn forms_of_others_and_broken_ones_are_refused() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    let form = "content-type: application/x-www-form-urlencoded";
    let key = "aaaaaaaaaaaaaaaaaaaaaaaa";
    for (request, status) in [
        ("PUT /t/{t}/rate".to_owned(), 405),
        ("POST /t/{t}".to_owned(), 405),
        ("GET /t/{t}/more".to_owned(), 404),
        ("POST /t/{t}/say\n\n{}".to_owned(), 415),
        (
            format!("POST /t/{{t}}/say\n{form}\norigin: https://evil.example\n\nkey={key}&text=x"),
            403,
        ),
        (format!("POST /t/{{t}}/say\n{form}\norigin: null\n\nkey={key}&text=x"), 403),
        (format!("POST /t/{{t}}/close\n{form}\n\nkey={key}&text=x"), 404),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey=short&text=x"), 422),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey={key}&text=a%00b"), 422),
        (format!("POST /t/{{t}}/say\n{form}\n\nkey={key}&text={}", "长".repeat(10_001)), 422),
    ] {
        assert_eq!(world.send(handle, &request).status().as_u16(), status, "{request:.90}");
    }
    assert_eq!(world.number("select count(*) from case_text"), 1);
    let longest = format!("act=say&key={key}&text={}", encoded(&"长".repeat(10_000)));
    leads_to(&post(&world, &longest), "say");
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
    assert_eq!(statuses, [303, 303, 429, 429]);
    assert_eq!(world.number("select count(*) from case_text where kind = 'customer'"), 2);
    has(&text(&send(4)), &["in a moment", ">\nmore</textarea>"]);
    world.wait_ms(60_000);
    assert_eq!(send(5).status().as_u16(), 303);
}

#[test]
fn without_a_database_nothing_is_told_of_why() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    world.break_database();
    let answer = world.send(handle, "GET /t/{t}");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(world.logged_cause().is_some());
}
