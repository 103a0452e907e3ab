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
        let kind = match act {
            Act::Note => "note",
            Act::Say => "customer",
            _ => "answer",
        };
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
            Act::Say => {}
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

/// A form that `reply` did not take, and why.
fn again(world: &World, act: &str, said: &str, body: &str) -> Response {
    let head = format!("POST /t/{{t}}?act={act}&said={said}");
    let form = "content-type: application/x-www-form-urlencoded\norigin: http://huiyin.test";
    world.send(handle, &format!("{head}\n{form}\n\nlang=en&{body}"))
}

#[track_caller]
fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
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
    staff_do(&world, &it.id, Act::Say, "complaint.replied", "A-1");
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
    // What was typed is kept as a text as well.
    let refused = again(&world, "say", "busy", "key=a&text=%3C%2Ftextarea%3E%3Cb%3Ex");
    has(&text(&refused), &[">\n&lt;/textarea&gt;&lt;b&gt;x</textarea>"]);
}

#[test]
fn a_form_that_was_not_taken_says_why_and_keeps_what_was_typed() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    let key = "key=aaaaaaaaaaaaaaaaaaaaaaaa";
    for (said, status, words) in [
        ("sent", 409, "This form was sent already"),
        ("over", 409, "This cannot be done any more"),
        ("busy", 429, "in a moment"),
        ("other", 422, "Please send it once more"),
    ] {
        let shown = again(&world, "say", said, &format!("{key}&text=typed"));
        assert_eq!(shown.status().as_u16(), status, "{said}");
        has(&text(&shown), &[words, ">\ntyped</textarea>", "<title>Error: ", "role=\"alert\""]);
        assert!(!text(&shown).contains(key.trim_start_matches("key=")), "a key of its own");
    }
    staff_do(&world, &it.id, Act::Solve, "complaint.solved", "已补发，明天到");
    let page = get(&world, "/t/{t}?lang=en");
    has(&page, &["Solved, as far as we can see", "How did we do?", "Is it not solved?"]);
    let wrong = again(&world, "rate", "wrong", &format!("{key}&csat=9&ces=6&text=kept"));
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    has(&text(&wrong), &["Please choose how satisfied you are", "href=\"#csat-1\""]);
    has(&text(&wrong), &["id=\"ces-6\" value=\"6\" checked", ">\nkept</textarea>"]);
    let empty = again(&world, "appeal", "wrong", &format!("{key}&text=%E2%80%8B+"));
    has(&text(&empty), &["Please write something", "href=\"#appeal-text\"", "aria-invalid"]);
    let chinese = again(&world, "appeal", "wrong", &format!("{key}&text=a%00b")).into_body();
    assert!(String::from_utf8(chinese).unwrap().contains("control characters"));
}

#[test]
fn what_was_rated_or_closed_offers_what_is_left() {
    let world = World::with_site();
    let it = complained(&world, "送货太慢了");
    staff_do(&world, &it.id, Act::Solve, "complaint.solved", "已补发");
    let day = domain::civil::DAY_MS;
    let close = "update complaint set state = 'closed', cause_kind = 'service_error', csat = 2,
        closed_at_ms = solved_at_ms";
    world.database().execute(close, []).unwrap();
    let page = get(&world, "/t/{t}?lang=en");
    has(&page, &["It was closed on", "Is it back?", "2 of 5. Thank you.", "/reopen\""]);
    assert!(!page.contains("/rate\"") && !page.contains("/say\""), "{page}");
    world.wait_ms(31 * day);
    assert!(!get(&world, "/t/{t}?lang=en").contains("<form"), "too late to reopen");
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
    let late = again(&world, "say", "wrong", "key=aaaaaaaaaaaaaaaaaaaaaaaa&text=x");
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
fn forms_of_others_and_wrong_methods_are_refused() {
    let world = World::with_site();
    complained(&world, "送货太慢了");
    let form = "content-type: application/x-www-form-urlencoded";
    for (request, status) in [
        ("PUT /t/{t}".to_owned(), 405),
        ("GET /t/{t}/more".to_owned(), 404),
        ("POST /t/{t}?act=say\n\n{}".to_owned(), 415),
        (format!("POST /t/{{t}}?act=say\n{form}\norigin: https://evil.example\n\ntext=x"), 403),
        (format!("POST /t/{{t}}?act=close\n{form}\n\ntext=x"), 422),
    ] {
        assert_eq!(world.send(handle, &request).status().as_u16(), status, "{request:.90}");
    }
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
