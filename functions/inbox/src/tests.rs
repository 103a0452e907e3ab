//! Its pages, as requests and answers, and the calls that their forms make.

mod acts;
mod neighbours;

use ports::Answer;
use serde_json::{Value, json};
use testkit::{Given, World};
use web::Response;

use crate::handle;
use neighbours::{Calls, answer};

const HOSTILE: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

/// A low answer with words.
const LOW: Given<'_> = Given {
    scale: ("nps", 10),
    question: "recommend",
    touchpoint: "tch_shop",
    dimension: "",
    day: 20_778,
    channel: "web",
    group: "core",
    customer_id: "",
    agent: "",
    answers: r#"{ "recommend": 3, "many": ["a", "b"],
        "why": "<script>alert(1)</script>\"'&" }"#,
    fingerprint: "",
    screened: "",
    source: "import",
    key: "",
    is_broken_off: false,
    cells: &[],
};

fn world(canned: impl Fn(&str) -> Option<(u16, Value)> + 'static) -> (World, Calls) {
    let world = World::with_site();
    let calls = answer(&world, canned);
    (world, calls)
}

fn text(answer: &Response) -> String {
    String::from_utf8_lossy(answer.body()).into_owned()
}

/// A page as somebody sees it.
#[track_caller]
fn page(world: &World, role: &str, target: &str) -> String {
    let answer = world.send(handle, &format!("GET {target}\nauthorization: Bearer {{{role}}}"));
    let page = text(&answer);
    assert_eq!(answer.status(), 200, "{page}");
    is_well_made(&page);
    page
}

/// Sends a form of a page, as a browser does; its key is `k1` unless it says otherwise.
fn post(world: &World, role: &str, target: &str, body: &str) -> Response {
    let signed = format!("authorization: Bearer {{{role}}}");
    let form = text(&world.send(handle, &format!("GET /desk/inbox?lang=en\n{signed}")));
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let head = format!(
        "POST {target}\n{signed}\nsec-fetch-site: same-origin\n\
         content-type: application/x-www-form-urlencoded\n\n"
    );
    world.send(handle, &format!("{head}csrf={csrf}&{body}&key=k1"))
}

/// One `h1`, headings in order, ids that stand once, and no style or script in the page.
#[track_caller]
fn is_well_made(page: &str) {
    assert_eq!(page.matches("<h1").count(), 1, "{page}");
    for it in ["style=\"", "<style", "onclick", "javascript:", "<script>"] {
        assert!(!page.contains(it), "{it} is in {page}");
    }
    let mut last = 1;
    for (at, _) in page.match_indices("<h") {
        let level = page[at + 2..].chars().next().and_then(|it| it.to_digit(10));
        let Some(level) = level else { continue };
        assert!(level <= last + 1, "{}", &page[at..at + 30]);
        last = level;
    }
    let ids = page.match_indices(" id=\"").map(|(at, it)| &page[at + it.len()..]);
    let mut ids: Vec<&str> = ids.map(|it| it.split('"').next().unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice in {page}");
}

#[track_caller]
fn has(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(page.contains(it), "{it:?} is missing in {page}");
    }
}

#[track_caller]
fn lacks(page: &str, texts: &[&str]) {
    for it in texts {
        assert!(!page.contains(it), "{it:?} is in {page}");
    }
}

/// Notices of every kind, as the API tells them.
fn told_notices(asked: &str) -> Option<(u16, Value)> {
    if !asked.starts_with("GET webhook/v1/notices?waiting=true") {
        return None;
    }
    let of = |id: &str, kind: &str, subject: &str, data: Value| {
        json!({ "id": id, "type": kind, "text": format!("{kind} happened."), "subject": subject,
            "data": data, "created_at": "2026-11-22T01:00:00Z", "seen_at": null })
    };
    let case = json!({ "case_id": "cmp_1", "number": "C20261122-1", "grade": "major",
        "due": "2026-11-22T03:00:00Z" });
    Some((
        200,
        json!({ "items": [
            of("ntc_5", "case.late", "cmp_1", case.clone()),
            of("ntc_4", "callback.missed", "cbk_1",
                json!({ "callback_id": "cbk_1", "case_id": "cmp_9",
                    "start": "2026-11-22T02:00:00Z", "due_by": null })),
            of("ntc_3", "webhook.disabled", "whk_1", json!({ "reason": "gone" })),
            of("ntc_2", "complaint.offered", "rsp_1", json!({ "response_id": "rsp_1" })),
            of("ntc_1", "case.due", "sit_shop", json!({ "count": 7, "cases": [case] })),
        ], "next": "ntc_1" }),
    ))
}

fn told_reports(asked: &str) -> Option<(u16, Value)> {
    asked.starts_with("GET evaluation/v1/reports").then(|| {
        let items = json!([{ "id": "rpt_1", "kind": "week", "title": "第 47 周" }]);
        (200, json!({ "items": items, "next": null }))
    })
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk/inbox?lang=en");
    assert_eq!(answer.status(), 401);
    let page = text(&answer);
    assert!(page.contains("Sign in to the desk") && page.contains("action=\"/desk/session\""));
}

#[test]
fn what_is_not_there_is_not_found_and_viewers_have_no_inbox() {
    let (world, _) = world(|_| None);
    let signed = "authorization: Bearer {agent}";
    for (line, status) in [
        ("GET /desk/inbox/nothing", 404),
        ("GET /desk/inbox/low/rsp_1/more", 404),
        ("GET /desk/inbox/low/rsp_none", 404),
        ("POST /desk/inbox", 405),
        ("POST /desk/inbox/alarms", 405),
        ("PUT /desk/inbox/low", 405),
    ] {
        let answer = world.send(handle, &format!("{line}\n{signed}"));
        assert_eq!(answer.status(), status, "{line}");
    }
    for path in ["", "/notices", "/alarms", "/low", "/screened", "/texts"] {
        let line = format!("GET /desk/inbox{path}?lang=en\nauthorization: Bearer {{viewer}}");
        let answer = world.send(handle, &line);
        assert_eq!(answer.status(), 403, "{path}");
        has(&text(&answer), &["needs a key with the role agent"]);
    }
}

#[test]
fn an_empty_inbox_says_what_brings_something_there() {
    let (world, _) = world(|_| None);
    let en = page(&world, "agent", "/desk/inbox?lang=en");
    has(&en, &["Nothing you have not seen", "No alarm is open", "No low score waits"]);
    has(&en, &["Nothing that was screened out waits", "No text wants review", "Each Monday"]);
    has(&en, &["data-tag=\"W/", ">0</span>"]);
    let zh = page(&world, "agent", "/desk/inbox?lang=zh");
    has(&zh, &["没有未读通知", "当前没有告警", "没有待处理的低分", "没有待复核的答卷", "周报"]);
    for path in ["notices", "alarms", "low", "screened", "texts"] {
        let zh = page(&world, "agent", &format!("/desk/inbox/{path}?lang=zh"));
        has(&zh, &["lang=\"zh-CN\"", "class=\"nothing\"", "aria-current=\"page\""]);
    }
}

#[test]
fn the_inbox_shows_the_first_of_each_with_how_much_waits() {
    let (world, _) = world(|asked| told_notices(asked).or_else(|| told_reports(asked)));
    world.answered_all(&[(LOW, 3)]);
    world.answered_all(&[(Given { screened: "too_fast", ..LOW }, 9)]);
    world.commented(&[json!({ "response_id": "rsp_a", "needs_review": 1, "text": HOSTILE })]);
    let en = page(&world, "agent", "/desk/inbox?lang=en");
    has(&en, &["case.late happened.", "NPS 3 of 10 · 推荐吗？", "faster than the questions"]);
    has(&en, &["/dashboard/reports/rpt_1?lang=en", "第 47 周", "Low scores <span", ESCAPED]);
    has(&en, &["/desk/inbox/low?lang=en", "/desk/inbox/texts?lang=en", ">1</span>"]);
    let zh = page(&world, "agent", "/desk/inbox?lang=zh");
    has(&zh, &["净推荐值 NPS 3 分（满分 10 分）", "作答时间短于", "标记已处理", "转为投诉"]);
}

#[test]
fn the_week_is_that_of_ones_department() {
    use std::cell::RefCell;
    use std::rc::Rc;
    let heard = Rc::new(RefCell::new(Vec::new()));
    let noted = Rc::clone(&heard);
    let (world, _) = world(move |asked| {
        noted.borrow_mut().push(asked.to_owned());
        None
    });
    page(&world, "agent", "/desk/inbox");
    page(&world, "manager", "/desk/inbox");
    let reports: Vec<String> =
        heard.borrow().iter().filter(|it| it.contains("/reports")).cloned().collect();
    assert_eq!(
        reports,
        [
            "GET evaluation/v1/reports?kind=week&limit=3&department_id=dep_1",
            "GET evaluation/v1/reports?kind=week&limit=3"
        ]
    );
    let calls = heard.borrow().len();
    assert!(calls <= 18, "two pages ask {calls} times");
}

#[test]
fn every_list_stands_when_its_neighbours_are_down() {
    let (world, _) = world(|asked| {
        if asked.contains("/v1/session") { None } else { Some((503, json!({ "title": "x" }))) }
    });
    for path in ["", "/notices", "/alarms", "/low", "/screened", "/texts"] {
        let en = page(&world, "manager", &format!("/desk/inbox{path}?lang=en"));
        has(&en, &["This part cannot be read just now"]);
    }
}

#[test]
fn notices_lead_to_what_they_are_about() {
    let (world, _) = world(told_notices);
    let en = page(&world, "agent", "/desk/inbox/notices?lang=en");
    has(&en, &["/desk/complaints/cmp_1?lang=en", "Complaint C20261122-1", "Major", "due <time"]);
    has(&en, &["/desk/callbacks/cbk_1?lang=en", "planned for <time", "/desk/inbox/low/rsp_1"]);
    assert_eq!(en.matches("data-key=\"x\"").count(), 1);
    has(&en, &["7 × case.due happened.", "name=\"shown\" value=\"ntc_5\"", "after=ntc_1"]);
    // Webhooks are for managers, and a call-back is told by itself.
    lacks(&en, &["/desk/settings/webhooks", "/desk/complaints/cmp_9"]);
    let zh = page(&world, "manager", "/desk/inbox/notices?lang=zh");
    has(&zh, &["/desk/settings/webhooks/whk_1?lang=zh-CN", "7 件：", "重大", "以上全部知道了"]);
}

#[test]
fn alarms_say_what_is_wrong_and_where() {
    let (world, _) = world(|_| None);
    let raise = |id: &str, kind: &str, touchpoint: &str, numbers: Value| {
        world.run(store::alarms::raise(&store::alarms::Alarm {
            id: id.into(),
            site_id: "sit_shop".into(),
            version: 1,
            kind: kind.into(),
            metric: if kind == "surge" { "complaints" } else { "csat" }.into(),
            touchpoint_id: touchpoint.into(),
            numbers: numbers.to_string(),
            cleared_by: String::new(),
            raised_at: testkit::START,
            cleared_at: None,
        }));
    };
    let under = json!({ "value": 60.5, "target": 85, "n": 40 });
    raise("alm_1", "under_target", "tch_shop", under);
    raise("alm_2", "rise", "", json!({ "low_answers": 12, "expected": 3.4 }));
    let surge = json!({ "count": 14, "within_hours": 24, "usual": 1.5, "parent_id": "cmp_7",
        "number": "C7" });
    raise("alm_3", "surge", "delivery@tch_far", surge);
    let en = page(&world, "agent", "/desk/inbox/alarms?lang=en");
    has(&en, &["60.5% of 40 answers; the target is 85%.", "/dashboard/touchpoints/tch_shop?"]);
    has(&en, &["12 low scores in a day; about 3.4 are usual.", "The whole site", "门店"]);
    has(&en, &["14 within 24 hours; 1.5 are usual.", "/desk/complaints/cmp_7", "The touchpoint"]);
    has(&en, &["Alarms 3", "data-tag"]);
    let zh = page(&world, "agent", "/desk/inbox/alarms?lang=zh");
    has(&zh, &["40 份回答中为 60.5%，目标 85%。", "24 小时内 14 件，平常 1.5 件。", "主单 C7"]);
}

#[test]
fn low_scores_show_whom_they_are_about_and_lead_on_page_by_page() {
    let (world, _) = world(|_| None);
    let customer_id = world.customer("C-7", "core", true);
    for _ in 0..26 {
        world.answered_all(&[(Given { customer_id: &customer_id, ..LOW }, 3)]);
    }
    let en = page(&world, "agent", "/desk/inbox/low?lang=en");
    has(&en, &[ESCAPED, "门店", "订单", &format!("/desk/customers/{customer_id}?lang=en"), "C-7"]);
    has(&en, &["rel=\"next\"", "Low scores 26", "#complain\">Open a complaint", "data-row"]);
    assert_eq!(en.matches(">Put aside<").count(), 25);
    let next = en.split("after=").nth(1).unwrap().split('"').next().unwrap();
    let next = page(&world, "agent", &format!("/desk/inbox/low?lang=en&after={next}"));
    assert_eq!(next.matches(">Put aside<").count(), 1);
}

#[test]
fn screened_answers_tell_why_and_managers_alone_decide() {
    let (world, _) = world(|_| None);
    world.answered_all(&[(Given { screened: "straight_lining,too_fast", ..LOW }, 3)]);
    let en = page(&world, "agent", "/desk/inbox/screened?lang=en");
    has(&en, &["Every question got the same answer", "faster than", "甲, 乙", ESCAPED]);
    has(&en, &["Put aside"]);
    lacks(&en, &["Count it again", "Leave it out"]);
    let zh = page(&world, "manager", "/desk/inbox/screened?lang=zh");
    has(&zh, &["所有题目选了同一个答案", "恢复计入", "确认剔除", "甲、乙"]);
    lacks(&zh, &["标记已处理"]);
}

#[test]
fn texts_come_one_at_a_time_with_a_key_for_each_topic() {
    let (world, _) = world(|_| None);
    world.commented(&[
        json!({ "response_id": "rsp_a", "needs_review": 1, "text": "旧的" }),
        json!({ "response_id": "rsp_b", "needs_review": 1, "text": HOSTILE, "sentiment": 10,
            "topic": "", "language": "en", "verdict": "low" }),
    ]);
    let en = page(&world, "agent", "/desk/inbox/texts?lang=en");
    has(&en, &[ESCAPED, "2 left", "data-key=\"1\" data-does=\"Waiting\"", "&lt;b&gt;own"]);
    has(&en, &["name=\"topic\" value=\"delivery\"", "not sure", "lang=\"en\">&lt;script"]);
    has(&en, &["reads 80% by itself and is right in 95.1%", "comes with the product"]);
    lacks(&en, &["旧的", "Learn topics now", "/labels", "The feeling alone", "data-tag"]);
    let skip = "/desk/inbox/texts?after=rsp_b.why&amp;lang=en";
    has(&en, &[skip, "data-key=\"s\""]);
    let next = page(&world, "agent", "/desk/inbox/texts?lang=en&after=rsp_b.why&feels=negative");
    has(&next, &["旧的", "name=\"sentiment\" value=\"negative\"", "The feeling alone"]);
    has(&next, &["name=\"after\" value=\"rsp_b.why\"", "class=\"label read\""]);
    let last = page(&world, "agent", "/desk/inbox/texts?lang=en&after=rsp_a.why");
    has(&last, &["That was the last one.", "To those that were skipped"]);
    let zh = page(&world, "manager", "/desk/inbox/texts?lang=zh");
    has(&zh, &["还剩 2 条", "等待时间", "立即训练主题模型", "/v1/models/topic/labels"]);
}

#[test]
fn whoever_spans_sites_names_one_in_every_address() {
    let (world, _) = world(told_notices);
    world.name("spanning", testkit::ADMIN_KEY);
    world.answered_all(&[(LOW, 3)]);
    let en = page(&world, "spanning", "/desk/inbox?site=sit_shop&lang=en");
    let main = en.split("<main").nth(1).unwrap();
    for it in main.split("href=\"").skip(1).chain(main.split("action=\"").skip(1)) {
        let address = it.split('"').next().unwrap();
        assert!(address.contains("site=sit_shop"), "{address}");
    }
    has(&en, &["NPS 3 of 10"]);
}
