//! Whom lists and searches find, and what happened with them.

use serde_json::{Value, json};
use testkit::{Given, World};

use super::super::handle;

fn make(world: &World, external_id: &str, contacts: Value) -> String {
    let body = json!({ "external_id": external_id, "contacts": contacts });
    let head = "POST /v1/customers\nauthorization: Bearer {agent}";
    world.json(handle, &format!("{head}\n\n{body}"))["id"].as_str().unwrap().to_owned()
}

fn get(world: &World, path: &str) -> Value {
    world.json(handle, &format!("GET {path}\nauthorization: Bearer {{agent}}"))
}

/// The external ids of whom a query finds, and where the next page begins.
fn found(world: &World, query: &str) -> (Vec<String>, Value) {
    let told = get(world, &format!("/v1/customers?{query}"));
    let items = told["items"].as_array().unwrap();
    let of = |it: &Value| it["external_id"].as_str().unwrap().to_owned();
    (items.iter().map(of).collect(), told["next"].clone())
}

#[test]
fn a_customer_is_found_by_whatever_is_known_of_them() {
    let world = World::with_site();
    let li = make(
        &world,
        "M-1001",
        json!({ "name": "李 想", "phone": "+86 138-0013-8000", "email": "Li@Example.com",
            "wechat": "lixiang_88" }),
    );
    make(&world, "M-1002", json!({ "name": "王芳", "phone": "0571 8888 8888" }));
    for text in [
        "M-1001",
        "M-1001%20",
        "%E6%9D%8E%E6%83%B3",
        "13800138000",
        "138%200013%208000",
        "li@example.COM",
        "LiXiang_88",
        &li,
    ] {
        assert_eq!(found(&world, &format!("q={text}")), (vec!["M-1001".into()], Value::Null));
    }
    assert_eq!(found(&world, "q=%2B8657188888888").0, ["M-1002"]);
    assert_eq!(found(&world, "q=M-1").0, ["M-1001", "M-1002"]);
    for text in ["nobody", "138", "%25", "M-1_", "8000"] {
        assert!(found(&world, &format!("q={text}")).0.is_empty(), "{text}");
    }
    // A contact that is changed, or goes, is found no more.
    let body = r#"{ "contacts": { "phone": "139 0000 0000", "email": null } }"#;
    world.json(
        handle,
        &format!("PATCH /v1/customers/{li}\nauthorization: Bearer {{agent}}\n\n{body}"),
    );
    assert!(found(&world, "q=13800138000").0.is_empty());
    assert!(found(&world, "q=li@example.com").0.is_empty());
    assert_eq!(found(&world, "q=13900000000").0, ["M-1001"]);
}

#[test]
fn contacts_of_other_sites_and_of_things_find_nobody() {
    let world = World::with_site();
    let li = make(&world, "M1", json!({ "phone": "13800138000" }));
    let contact = |owner: &str, kind: &str| {
        world.run(store::customers::set_contact(owner, kind, "13800138000"));
    };
    // A case's, a call-back's and a response's own.
    for owner in ["cmp_1", "cbk_1", "rsp_1"] {
        contact(owner, "phone");
    }
    assert_eq!(found(&world, "q=13800138000").0, ["M1"]);
    let other = "GET /v1/customers?q=13800138000\nauthorization: Bearer {other}";
    assert_eq!(world.json(handle, other)["items"], json!([]));
    for path in ["", "/summary", "/timeline", "/export"] {
        let other = format!("GET /v1/customers/{li}{path}\nauthorization: Bearer {{other}}");
        assert_eq!(world.send(handle, &other).status(), 404, "{path}");
        let viewer = format!("GET /v1/customers/{li}{path}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(handle, &viewer).status(), 403, "{path}");
    }
}

#[test]
fn pages_of_a_search_meet_everybody_once() {
    let world = World::with_site();
    for at in 0..7 {
        // Every second one is found by their name and by their own id.
        let name = if at % 2 == 0 { "m" } else { "x" };
        make(&world, &format!("m{at}"), json!({ "name": name, "wechat": "m" }));
        make(&world, &format!("other{at}"), json!({ "name": name }));
    }
    let (mut all, mut after) = (Vec::new(), String::new());
    for _ in 0..20 {
        let (some, next) = found(&world, &format!("q=m&limit=2&after={after}"));
        assert!(some.len() <= 2);
        all.extend(some);
        match next.as_str() {
            Some(next) => after = next.replace(':', "%3A"),
            None => break,
        }
    }
    all.sort();
    let wanted = ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "other0", "other2", "other4", "other6"];
    assert_eq!(all, wanted);
    for wrong in ["q=m&after=2:x", "q=m&after=x", "group=vip", "q=m&limit=0"] {
        let wrong = format!("GET /v1/customers?{wrong}\nauthorization: Bearer {{agent}}");
        assert_eq!(world.send(handle, &wrong).status(), 422, "{wrong}");
    }
}

#[test]
fn groups_and_advisers_narrow_lists_and_searches() {
    let world = World::with_site();
    for (at, group) in ["core", "new", "core", "existing"].into_iter().enumerate() {
        world.customer(&format!("M{at}"), group, true);
    }
    world
        .database()
        .execute("update customer set adviser_id = 'agt_lan' where external_id in ('M0', 'M1')", [])
        .unwrap();
    for (query, wanted) in [
        ("group=core", vec!["M0", "M2"]),
        ("adviser_id=agt_lan", vec!["M0", "M1"]),
        ("adviser_id=agt_lan&group=core", vec!["M0"]),
        ("adviser_id=agt_nobody", vec![]),
        ("q=M&group=core", vec!["M0", "M2"]),
        ("q=M&group=core&adviser_id=agt_lan", vec!["M0"]),
        ("q=M&group=existing&limit=1", vec!["M3"]),
        ("group=&adviser_id=", vec!["M0", "M1", "M2", "M3"]),
    ] {
        let mut some = found(&world, query).0;
        some.sort();
        assert_eq!(some, wanted, "{query}");
    }
    let (some, next) = found(&world, "group=core&limit=1");
    let (rest, none) =
        found(&world, &format!("group=core&limit=1&after={}", next.as_str().unwrap()));
    assert_eq!((some.len(), rest.len(), none), (1, 1, Value::Null));
}

/// Something of each kind that happened with a customer.
pub(super) fn lived(world: &World, id: &str) {
    let answers = r#"{ "recommend": 9, "why": "李想很满意" }"#;
    let given =
        Given { scale: ("nps", 10), customer_id: id, group: "core", answers, ..Given::default() };
    let response = world.answered_all(&[(given, 9)]);
    let case = super::complained(world, id, "");
    super::called(world, &format!("cbk_{id}"), "waiting", id);
    world
        .database()
        .execute_batch(&format!(
            "update response set answered_at_ms = 1000 where id = '{response}';
             update complaint set received_at_ms = 2000 where id = '{case}';
             update callback set requested_at_ms = 3000, case_id = '{case}'
               where customer_id = '{id}';
             insert into purchase values ('ord_{id}', 'sit_shop', '{id}', 'E-1', '{id}', 19900,
               'CNY', 4000, 'web', '', 'src_1', 'inb_1', 0);
             insert into message values ('msg_{id}', 'sit_shop', 'ticket', '{id}', 'T-1', '{id}',
               '李想', '在吗？', 'app', '', 'src_1', 'inb_1', 5000, 0);
             insert into programme values ('prg_{id}', 'sit_shop', 1, '季度', 'srv_shop',
               'once', 0, '{{}}', '[]', 7, 1, 0, null, null, 0, 0);
             insert into wave values ('wav_{id}', 'sit_shop', 'prg_{id}', 'srv_shop', 1, 1, 'closed',
               0, 0, 0, '{{}}', '[]', '[]', 0, '', null);
             insert into invitation values ('wav_{id}', 'inv_{id}', 1, '{id}', 'core', 'zh-CN',
               'nonce', 5000, null, null);"
        ))
        .unwrap();
    world.commented(&[json!({ "response_id": response, "text": "很满意" })]);
}

#[test]
fn the_timeline_has_everything_newest_first_and_pages_meet_each_once() {
    let world = super::with_service();
    let [li, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    lived(&world, &li);
    lived(&world, &other);
    let whole = get(&world, &format!("/v1/customers/{li}/timeline"));
    let items = whole["items"].as_array().unwrap();
    let kinds: Vec<&str> = items.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    // Two of the same instant stand by their ids.
    assert_eq!(kinds, ["message", "invitation", "order", "callback", "complaint", "response"]);
    let told = json!([
        { "kind": "message", "id": format!("msg_{li}"), "at": "1970-01-01T00:00:05Z",
          "type": "ticket", "subject": "李想", "text": "在吗？", "channel": "app" },
        { "kind": "invitation", "id": format!("inv_{li}"), "at": "*",
          "wave_id": format!("wav_{li}"), "survey_id": "srv_shop", "survey_name": "订单",
          "reminded_at": null },
        { "kind": "order", "id": format!("ord_{li}"), "at": "*", "external_id": "E-1",
          "amount": 19900, "currency": "CNY", "channel": "web" },
        { "kind": "callback", "id": format!("cbk_{li}"), "at": "*", "mode": "appointment",
          "state": "waiting", "purpose": "request", "case_id": "*", "agent_id": "agt_lan",
          "start": null, "outcome": null },
        { "kind": "complaint", "id": "*", "at": "*", "number": "*", "state": "open",
          "grade": "major", "type": "*", "channel": null, "csat": null, "ces": null,
          "text": "我是李想，充电器起火了 " },
        { "kind": "response", "id": "*", "at": "*", "survey_id": "srv_shop",
          "survey_name": "订单", "source": "*", "channel": "*", "is_complete": true,
          "is_counted": true, "comments": ["很满意"],
          "scores": [{ "question_id": "*", "metric": "nps", "points": 10, "value": 9 }] },
    ]);
    assert!(testkit::matches(&whole["items"], &told), "{whole:#}");
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = get(&world, &format!("/v1/customers/{li}/timeline?limit=1&after={after}"));
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(&all, items);
    let wrong = format!("GET /v1/customers/{li}/timeline?after=x\nauthorization: Bearer {{agent}}");
    assert_eq!(world.send(handle, &wrong).status(), 422);
}

#[test]
fn the_summary_says_how_it_stands() {
    let world = super::with_service();
    let [li, nobody] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    lived(&world, &li);
    let told = get(&world, &format!("/v1/customers/{li}/summary"));
    let wanted = json!({
        "complaints": 1, "open_complaints": 1, "responses": 1, "open_callbacks": 1,
        "next_callback": { "id": format!("cbk_{li}"), "mode": "appointment", "state": "waiting",
            "purpose": "request", "start": null, "due": null },
        "last_response": { "id": "*", "survey_id": "srv_shop", "answered_at": "*",
            "scores": [{ "question_id": "*", "metric": "nps", "points": 10, "value": 9 }] },
        "orders": [{ "currency": "CNY", "orders": 1, "amount": 19900, "first_at": "*",
            "last_at": "*", "days_since": "*" }],
    });
    assert!(testkit::matches(&told, &wanted), "{told:#}");
    let told = get(&world, &format!("/v1/customers/{nobody}/summary"));
    let wanted = json!({ "complaints": 0, "open_complaints": 0, "responses": 0,
        "open_callbacks": 0, "next_callback": null, "last_response": null, "orders": [] });
    assert_eq!(told, wanted);
}

#[test]
fn contacts_from_before_are_found_as_well() {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let all: Vec<&str> = store::migrations::after(0).collect();
    let (before, desk) = all.split_at(all.len() - store::migrations::after(10).count());
    let run = |some: &[&str]| some.iter().for_each(|it| connection.execute_batch(it).unwrap());
    run(before);
    connection
        .execute_batch(
            "insert into site (id, version, name, zone, origins, minimum_n, weights,
               created_at_ms, updated_at_ms) values ('sit_1', 1, 'x', 'UTC', '[]', 5, '{}', 0, 0);
             insert into customer values ('cus_1', 'sit_1', 1, 'M1', '', '', '', '', 0, 0, 0, null);
             insert into contact (owner, kind, value) values ('cus_1', 'phone', '+86 138-1');
             insert into contact (owner, kind, value) values ('cus_1', 'name', 'Li XIANG');
             insert into contact (owner, kind, value) values ('cmp_1', 'name', 'Li XIANG');",
        )
        .unwrap();
    run(desk);
    let told = "select group_concat(owner || site_id || look_up order by owner, kind) from contact";
    let told: String = connection.query_row(told, [], |row| row.get(0)).unwrap();
    assert_eq!(told, "cmp_1lixiang,cus_1sit_1lixiang,cus_1sit_1861381");
}
