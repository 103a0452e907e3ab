//! Its pages, made of what customers are, as their own component tells it.

mod changes;
mod stage;

use ports::Answer;
use serde_json::json;
use testkit::{Given, World};

use crate::handle;
use stage::world;

const HOSTILE: &str = "<script>alert(1)</script>\"'&";
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;";

#[track_caller]
fn page(world: &World, role: &str, path: &str) -> String {
    let answer = world.send(handle, &format!("GET {path}\nauthorization: Bearer {{{role}}}"));
    let page = String::from_utf8(answer.body().clone()).unwrap();
    assert_eq!(answer.status(), 200, "{page}");
    assert!(!page.contains("style=") && !page.contains("<script>"), "{page}");
    page
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

/// A customer with contacts of whom a name is hostile.
fn li(world: &World) -> String {
    let id = world.customer("M-1001", "core", true);
    for (kind, value) in
        [("name", HOSTILE), ("phone", "+86 138-0013 8000"), ("email", "li@a.example")]
    {
        world.run(store::customers::set_contact(&id, kind, value));
    }
    let adviser = "update customer set adviser_id = 'agt_lan' where id = ?1";
    world.database().execute(adviser, [&id]).unwrap();
    id
}

/// Something of each kind that happened with a customer.
fn lived(world: &World, id: &str) {
    let answers = r#"{ "recommend": 9 }"#;
    let given = Given { scale: ("nps", 10), customer_id: id, answers, ..Given::default() };
    let response = world.answered_all(&[(given, 9)]);
    world.commented(&[json!({ "response_id": response, "text": HOSTILE })]);
    world
        .database()
        .execute_batch(&format!(
            "update response set answered_at_ms = 1795300000000 where id = '{response}';
             insert into complaint (id, site_id, version, number, once, state, grade, tier, urgency,
               need, type_id, source, channel, language, touchpoint_id, department_id, agent_id,
               customer_id, customer_group, who, response_id, parent_id, grading, assigned, history,
               late, ladder_done, reopened, answers, is_repeat, cause_kind, cause_id, csat,
               received_at_ms, received_day, created_at_ms, updated_at_ms)
             values ('cmp_1', 'sit_shop', 1, '261122-7KQ2M-X', 'x', 'open', 'major', 2, 'high', '',
               'safety', 'staff', 'phone', '', '', '', '', '{id}', '', '', '', '', '{{}}', '{{}}',
               '', 0, '', 0, 0, 0, '', '', 4, 1795310000000, 20779, 0, 0);
             insert into case_text values ('cmp_1', 'nte_1', 'complaint', 1, 'public', '',
               '充电器起火了', '[]', x'01', 0);
             insert into purchase values ('ord_1', 'sit_shop', 'x', 'E-1', '{id}', 19900, 'CNY',
               1795220000000, 'web', '', 'src_1', 'inb_1', 0);
             insert into message values ('msg_1', 'sit_shop', 'ticket', 'x', 'T-1', '{id}',
               '在吗', '我的订单呢', 'app', '', 'src_1', 'inb_1', 1795210000000, 0);"
        ))
        .unwrap();
}

#[test]
fn whoever_is_not_signed_in_is_asked_for_a_key() {
    let world = World::with_site();
    world.receive(|_, _| {
        let body = json!({ "title": "We need a valid key" }).to_string().into_bytes();
        Ok(Answer { status: 401, headers: Vec::new(), body })
    });
    let answer = world.send(handle, "GET /desk/customers?lang=en");
    assert_eq!(answer.status(), 401);
    let page = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(page.contains("Sign in to the desk") && page.contains("action=\"/desk/session\""));
}

#[test]
fn viewers_see_nobody_and_what_is_not_there_is_not_found() {
    let (world, _) = world("viewer", "");
    let id = li(&world);
    for path in ["", "/new", &format!("/{id}"), &format!("/{id}/edit"), &format!("/{id}/history")] {
        let path = format!("GET /desk/customers{path}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(handle, &path).status(), 403, "{path}");
    }
    let (world, _) = stage::world("agent", "");
    for (request, status) in [
        ("GET /desk/customers/cus_none", 404),
        ("GET /desk/customers/cus_none/edit", 404),
        ("GET /desk/customers/cus_none/nothing", 404),
        ("POST /desk/customers", 405),
        ("GET /desk/customers/cus_none/erase", 403),
    ] {
        let answer = world.send(handle, &format!("{request}\nauthorization: Bearer {{agent}}"));
        assert_eq!(answer.status(), status, "{request}");
    }
}

#[test]
fn the_list_finds_and_says_what_brings_customers_here() {
    let (world, _) = world("agent", "");
    let empty = page(&world, "agent", "/desk/customers?lang=en");
    has(&empty, &["There is no customer yet", "/desk/customers/new?lang=en", "name=\"q\""]);
    let id = li(&world);
    world.customer("M-1002", "new", true);
    let all = page(&world, "agent", "/desk/customers?lang=en");
    has(&all, &["M-1001", "M-1002", "Adviser: 周岚", ">Core<", "data-row"]);
    let way = format!("/desk/customers/{id}?lang=en");
    for query in ["q=138%200013%208000", "q=LI@a.example", "group=core", "adviser_id=agt_lan"] {
        let found = page(&world, "agent", &format!("/desk/customers?lang=en&{query}"));
        has(&found, &["M-1001", &way]);
        lacks(&found, &["M-1002"]);
    }
    let none = page(&world, "agent", "/desk/customers?lang=en&q=%3Cscript%3Ealert(1)%3C/script%3E");
    has(&none, &["Nobody is known by that", "value=\"&lt;script&gt;alert(1)&lt;/script&gt;\""]);
    let zh = page(&world, "agent", "/desk/customers?lang=zh&group=core");
    has(&zh, &["专属顾问：周岚", ">核心客户<", "手机、邮箱", "新建客户", "建档"]);
    for at in 0..60 {
        world.customer(&format!("N{at:02}"), "new", true);
    }
    let first = page(&world, "agent", "/desk/customers?lang=en&q=N&group=new");
    has(&first, &["href=\"/desk/customers?q=N&amp;group=new&amp;after=1%3AN49&amp;lang=en\""]);
    let next = page(&world, "agent", "/desk/customers?lang=en&q=N&group=new&after=1%3AN49");
    has(&next, &["N50", "N59"]);
    lacks(&next, &[">N49<", "rel=\"next\""]);
    let wrong = page(&world, "agent", "/desk/customers?lang=en&q=N&after=x");
    has(&wrong, &["role=\"alert\"", "must be the “next” of a page"]);
}

#[test]
fn a_profile_shows_who_they_are_and_all_that_happened() {
    let (world, _) = world("agent", "");
    let id = li(&world);
    lived(&world, &id);
    let profile = page(&world, "agent", &format!("/desk/customers/{id}?lang=en"));
    has(
        &profile,
        &[
            &format!("<h1>{ESCAPED}</h1>"),
            "href=\"tel:+8613800138000\" data-key=\"p\" data-does=\"Call them\">+86 138-0013 8000",
            "href=\"mailto:li@a.example\"",
            "Core",
            "周岚",
            "Chinese",
            "may be asked for feedback",
            "1 open of 1",
            "Recommends 9 of 10",
            "1 for 199.00 CNY, the last one a day ago",
            &format!("/desk/complaints/new?customer_id={id}&amp;lang=en"),
            &format!("/desk/callbacks/new?customer_id={id}&amp;lang=en"),
            "href=\"/desk/complaints/cmp_1?lang=en\"",
            "261122-7KQ2M-X",
            "Major · Open · Safety · rated 4 of 5",
            "充电器起火了",
            "href=\"/desk/surveys/srv_shop?lang=en\"",
            &format!("<blockquote>{ESCAPED}</blockquote>"),
            ">Ticket<",
            "199.00 CNY",
        ][..],
    );
    lacks(&profile, &["/export", "/erase", HOSTILE]);
    let (complaint, response) = (profile.find("cmp_1"), profile.find("srv_shop"));
    assert!(complaint < response, "the newest comes first");
    let zh = page(&world, "agent", &format!("/desk/customers/{id}?lang=zh"));
    has(&zh, &["概览", "往来记录", "共 1 件，处理中 1 件", "推荐意愿 9/10", "最近一单在 1 天前"]);
    has(&zh, &["处理评分 4/5", "同意接受满意度回访", "登记投诉", "预约回电", ">工单<"]);
}

#[test]
fn managers_export_and_erase_and_everybody_sees_the_history() {
    let (world, _) = world("manager", "");
    let id = li(&world);
    let profile = page(&world, "manager", &format!("/desk/customers/{id}?lang=en"));
    has(
        &profile,
        &[
            &format!("href=\"/v1/customers/{id}/export\" download"),
            &format!("href=\"/desk/customers/{id}/erase?lang=en\""),
            "Nothing yet.",
            "none yet",
        ],
    );
    let history = page(&world, "manager", &format!("/desk/customers/{id}/history?lang=en"));
    has(&history, &["administrator", "<ol class=\"history\">"]);
}

#[test]
fn whoever_spans_sites_names_one_in_every_way() {
    let (world, _) = world("admin", "");
    let id = li(&world);
    let list = page(&world, "admin", "/desk/customers?lang=en&site=sit_shop");
    has(&list, &[&format!("/desk/customers/{id}?lang=en&amp;site=sit_shop"), "value=\"sit_shop\""]);
    let profile = page(&world, "admin", &format!("/desk/customers/{id}?lang=en&site=sit_shop"));
    has(&profile, &[&format!("/v1/customers/{id}/export?site=sit_shop"), "M-1001"]);
}

#[test]
fn what_cannot_be_reached_is_said_in_its_place() {
    for (gone, said) in [
        ("/timeline", "What happened</h2><p class=\"nothing\">This cannot be shown just now"),
        ("/summary", "At a glance</h2><p class=\"nothing\">This cannot be shown just now"),
        ("/v1/agents", "agt_lan"),
    ] {
        let (world, _) = world("agent", gone);
        let id = li(&world);
        let profile = page(&world, "agent", &format!("/desk/customers/{id}?lang=en"));
        has(&profile, &[said, "M-1001"]);
    }
}

#[test]
fn pages_of_a_timeline_lead_on() {
    let (world, _) = world("agent", "");
    let id = li(&world);
    for at in 0..31 {
        let message = format!(
            "insert into message values ('msg_{at:02}', 'sit_shop', 'message', '{at}', '', '{id}',
               '', 'number {at}.', '', '', '', '', {at}, 0)"
        );
        world.database().execute(&message, []).unwrap();
    }
    let first = page(&world, "agent", &format!("/desk/customers/{id}?lang=en"));
    has(&first, &["number 30.", "number 1.", "after=1.msg_01&amp;lang=en"]);
    lacks(&first, &["number 0."]);
    let rest = page(&world, "agent", &format!("/desk/customers/{id}?lang=en&after=1.msg_01"));
    has(&rest, &["number 0."]);
    lacks(&rest, &["number 1.", "rel=\"next\""]);
}
