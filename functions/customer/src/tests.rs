//! Customers, told in requests and answers.

use testkit::{Given, World};

mod columns;
mod file;
mod found;

fn make(world: &World, body: &str) -> http::Response<Vec<u8>> {
    let head = "POST /v1/customers\nauthorization: Bearer {agent}";
    world.send(super::handle, &format!("{head}\n\n{body}"))
}

const LI: &str = r#"{ "external_id": "M1", "group": "core", "adviser_id": "agt_lan",
    "language": "zh-CN", "has_consent": true,
    "contacts": { "name": "李想", "phone": "+8613800000000" } }"#;

#[test]
fn a_customer_is_made_once_and_found_by_the_companys_own_id() {
    let world = World::with_site();
    assert_eq!(make(&world, LI).status(), 201);
    assert_eq!(make(&world, LI).status(), 409);
    world.check(
        super::handle,
        "GET /v1/customers?external_id=M1\nauthorization: Bearer {agent}",
        r#"
200

{ "items": [ { "id": "*", "external_id": "M1", "group": "core", "adviser_id": "agt_lan",
    "zone": null, "language": "zh-CN", "has_consent": true, "version": 1, "created_at": "*",
    "updated_at": "*", "erased_at": null } ], "next": null }"#,
    );
    let viewer = "GET /v1/customers\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, viewer).status(), 403);
}

#[test]
fn contacts_change_one_by_one_and_stay_out_of_the_log() {
    let world = World::with_site();
    make(&world, LI);
    let id: String =
        world.database().query_row("select id from customer", [], |row| row.get(0)).unwrap();
    let body = r#"{ "contacts": { "phone": null, "email": "li@example.com" } }"#;
    let changed = world.json(
        super::handle,
        &format!("PATCH /v1/customers/{id}\nauthorization: Bearer {{agent}}\n\n{body}"),
    );
    assert_eq!(
        changed["contacts"],
        serde_json::json!({ "name": "李想", "email": "li@example.com" })
    );
    let all: String = world
        .database()
        .query_row("select group_concat(data) from event", [], |row| row.get(0))
        .unwrap();
    assert!(!all.contains("李想") && !all.contains("example.com"), "{all}");
    let verify = format!("GET /v1/customers/{id}/audit/verify\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.json(super::handle, &verify)["events"], 2);
}

#[test]
fn erasing_takes_what_is_personal_and_leaves_the_figures() {
    let world = World::with_site();
    // With a key, so that the answer with its contacts is kept for a repeated request.
    let head = "POST /v1/customers\nauthorization: Bearer {agent}\nidempotency-key: li";
    world.json(super::handle, &format!("{head}\n\n{LI}"));
    let id: String =
        world.database().query_row("select id from customer", [], |row| row.get(0)).unwrap();
    let answers = r#"{ "why": "我是李想" }"#;
    let given =
        Given { scale: ("nps", 10), customer_id: &id, group: "core", answers, ..Given::default() };
    let response = world.answered_all(&[(given, 9)]);
    // What a response told of them, and what they have not finished yet.
    let contact = "insert into contact (owner, kind, question_id, value)
        values (?1, 'phone', 'call', '+86138')";
    world.database().execute(contact, [&response]).unwrap();
    let partial = store::partials::Partial {
        site_id: "sit_shop".into(),
        study_id: "srv_shop".into(),
        customer_id: id.clone(),
        answers: r#"{ "why": "我是李想" }"#.into(),
        ..store::partials::Partial::default()
    };
    world.run(store::partials::save(&partial, "[]", 1, None, None).statement);
    assert_eq!(world.number("select count(*) from partial"), 1);
    let erase = format!("DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}");
    let agent = erase.replace("{manager}", "{agent}");
    assert_eq!(world.send(super::handle, &agent).status(), 403);
    assert_eq!(world.send(super::handle, &erase).status(), 200);
    for table in ["customer", "contact", "partial", "response", "event", "idempotency"] {
        let connection = world.database();
        let mut rows = connection.prepare(&format!("select * from {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                let text: String = match row.get_ref(at).unwrap() {
                    rusqlite::types::ValueRef::Text(text) => {
                        String::from_utf8_lossy(text).into_owned()
                    }
                    _ => continue,
                };
                for personal in ["李想", "+86138", "M1"] {
                    assert!(!text.contains(personal), "{table}: {text}");
                }
            }
        }
    }
    assert_eq!(world.number("select sum(c9) from rollup where grain = 'site'"), 1);
    assert_eq!(world.send(super::handle, &erase).status(), 404);
    let change = format!("PATCH /v1/customers/{id}\nauthorization: Bearer {{agent}}\n\n{{}}");
    assert_eq!(world.send(super::handle, &change).status(), 404);
}

#[test]
fn erasing_leaves_the_coverage_of_a_wave_and_nobody_in_it() {
    let world = World::with_site();
    let [answered, silent, other] =
        ["M1", "M2", "M3"].map(|name| world.customer(name, "core", true));
    let response = world.answered_all(&[(Given { customer_id: &answered, ..Given::default() }, 5)]);
    world
        .database()
        .execute_batch(&format!(
            "update response set idempotency_key = 'link:n1', received_at_ms = 7
               where id = '{response}';
             insert into programme values ('prg_1', 'sit_shop', 1, 'p', 'srv_shop', 'once', 0,
               '{{}}', '[]', 7, 1, 1, 0, null, 0, 0);
             insert into wave values ('wav_1', 'sit_shop', 'prg_1', 'srv_shop', 1, 1, 'open', 0, 0,
               9, '{{}}', '[]', '[]', 0, '', 9);
             insert into invitation values
               ('wav_1', 'inv_1', 1, '{answered}', 'core', 'zh', 'n1', 1, null, null),
               ('wav_1', 'inv_2', 2, '{silent}', 'core', 'zh', 'n2', 1, 2, null),
               ('wav_1', 'inv_3', 1, '{other}', 'core', 'zh', 'n3', 1, null, null);
             insert into rest values ('sit_shop', '{answered}', '', 1),
               ('sit_shop', '{answered}', 'nps', 1), ('sit_shop', '{other}', '', 1);"
        ))
        .unwrap();
    let stranger = domain::asking::who("sit_shop", "customer", "M1");
    let clock = "insert into rest values ('sit_shop', ?1, '', 1)";
    world.database().execute(clock, [stranger]).unwrap();
    for id in [&answered, &silent] {
        let erase = format!("DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}");
        assert_eq!(world.send(super::handle, &erase).status(), 200);
    }
    let left = "select group_concat(id || customer_id || language || nonce || ':' ||
        coalesce(answered_at_ms, '')) from invitation";
    let left: String = world.database().query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, format!("inv_1:7,inv_2:,inv_3{other}zhn3:"));
    assert_eq!(world.number("select count(*) from rest"), 1);
}

#[test]
fn what_an_erased_customer_answers_later_is_nobodys() {
    let world = World::with_site();
    let [gone, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    let erase = format!("DELETE /v1/customers/{gone}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &erase).status(), 200);
    for customer_id in [&gone, &other] {
        world.answered(&Given { customer_id, scale: ("nps", 10), ..Given::default() }, 9);
    }
    let whose = "select group_concat(customer_id, '') from response";
    let whose: String = world.database().query_row(whose, [], |row| row.get(0)).unwrap();
    assert_eq!(whose, other);
    assert_eq!(world.number("select sum(c9) from rollup where grain = 'site'"), 2);
}

#[test]
fn every_bad_field_is_reported_at_once() {
    let world = World::with_site();
    let answer = make(
        &world,
        r#"{ "group": "vip", "adviser_id": "agt_x", "zone": "Mars", "language": "?",
             "has_consent": "yes", "contacts": { "fax": "1" } }"#,
    );
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in [
        "/external_id",
        "/group",
        "/adviser_id",
        "/zone",
        "/language",
        "/has_consent",
        "/contacts/fax",
    ] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
    assert_eq!(world.number("select count(*) from customer"), 0);
}

#[test]
fn a_broken_database_is_a_503() {
    let world = World::with_site();
    world.break_database();
    assert_eq!(make(&world, LI).status(), 503);
}

#[test]
fn erasing_reaches_what_other_systems_sent() {
    let world = World::with_site();
    let [gone, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    let who = |name: &str| domain::asking::who("sit_shop", "customer", name);
    world
        .database()
        .execute_batch(&format!(
            "insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             insert into inbound select value, 'sit_shop', 'src_1', 1, value, 'mapped',
               '[{{\"id\":\"ord_1\"}}]', '[]', 1, '', 0, 0, 0, 9
               from json_each('[\"inb_1\",\"inb_2\",\"inb_3\"]');
             insert into inbound_body select id, '李想' from inbound;
             insert into inbound_about values ('{}', 'inb_1'), ('{}', 'inb_2'), ('{}', 'inb_3');
             insert into purchase select 'ord_' || key, 'sit_shop', key, 'E-' || key, value, 100,
               'CNY', key, 'web', '', 'src_1', 'inb_1', 0
               from json_each('[\"{gone}\",\"{gone}\",\"{other}\"]');
             insert into message select 'msg_' || key, 'sit_shop', 'ticket', key, 'T-' || key,
               value, '李想', '我是李想', '', '', 'src_1', 'inb_1', 0, 0
               from json_each('[\"{gone}\",\"{other}\"]');",
            who("M1"),
            who(&gone),
            who("M2"),
        ))
        .unwrap();
    assert_eq!(world.number("select orders from rfm where amount = 200"), 2);
    let erase = format!("DELETE /v1/customers/{gone}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &erase).status(), 200);
    for (sql, left) in [
        ("select count(*) from purchase where amount = 100", 3),
        ("select count(*) from purchase where customer_id || external_id || inbound_id = ''", 2),
        ("select count(*) from rfm", 1),
        ("select count(*) from message", 2),
        (
            "select count(*) from message where customer_id || external_id || subject || text = ''",
            1,
        ),
        ("select count(*) from inbound", 3),
        ("select count(*) from inbound where outcome = '[]'", 2),
        ("select count(*) from inbound_body", 1),
        ("select count(*) from inbound_about", 1),
    ] {
        assert_eq!(world.number(sql), left, "{sql}");
    }
}

#[test]
fn what_other_systems_told_is_read_by_agents() {
    let world = World::with_site();
    let [lin, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    world
        .database()
        .execute_batch(&format!(
            "insert into purchase select 'ord_' || key, 'sit_shop', key, 'E-' || key, value, 100,
               'CNY', 86400000 * key, 'web', '', 'src_1', 'inb_1', 0
               from json_each('[\"{lin}\",\"{lin}\",\"{other}\"]');
             insert into message select 'msg_' || key, 'sit_shop', 'ticket', key, 'T-' || key,
               value, '', '在吗', '', 'tch_shop', 'src_1', 'inb_1', 0, 0
               from json_each('[\"{lin}\",\"\"]');"
        ))
        .unwrap();
    let order = |n: i64, day: i64| {
        format!(
            r#"{{ "id": "ord_{n}", "external_id": "E-{n}", "customer_id": "{lin}", "amount": 100,
            "currency": "CNY", "completed_at": "1970-01-0{day}T00:00:00Z", "channel": "web",
            "touchpoint_id": null, "source_id": "src_1", "received_at": "*" }}"#
        )
    };
    let agent = "authorization: Bearer {agent}";
    world.check(
        super::handle,
        &format!("GET /v1/orders?customer={lin}&limit=1\n{agent}"),
        &format!(
            r#"200{}{{ "items": [ {} ], "next": "ord_1", "totals": [ {{ "currency": "CNY",
            "orders": 2, "amount": 200, "first_at": "1970-01-01T00:00:00Z",
            "last_at": "1970-01-02T00:00:00Z", "days_since": 20778 }} ] }}"#,
            "\n\n",
            order(1, 2)
        ),
    );
    let one = format!("GET /v1/orders/ord_0\n{agent}");
    world.check(super::handle, &one, &format!("200\n\n{}", order(0, 1)));
    let all = world.json(super::handle, &format!("GET /v1/orders\n{agent}"));
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
    let message = r#"{ "id": "msg_0", "kind": "ticket", "external_id": "T-0",
        "customer_id": "*", "subject": null, "text": "在吗", "channel": null,
        "touchpoint_id": "tch_shop", "source_id": "src_1", "created_at": "*",
        "received_at": "*" }"#;
    let of = format!("GET /v1/messages?customer={lin}\n{agent}");
    let listed = format!("200\n\n{{ \"items\": [ {message} ], \"next\": null }}");
    world.check(super::handle, &of, &listed);
    let one = format!("GET /v1/messages/msg_0\n{agent}");
    world.check(super::handle, &one, &format!("200\n\n{message}"));
    let all = world.json(super::handle, &format!("GET /v1/messages\n{agent}"));
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    for path in ["orders", "orders/ord_0", "messages", "messages/msg_0"] {
        let get = |who: &str| format!("GET /v1/{path}\nauthorization: Bearer {{{who}}}");
        assert_eq!(world.send(super::handle, &get("viewer")).status(), 403, "{path}");
        let post = get("agent").replace("GET", "POST");
        assert_eq!(world.send(super::handle, &post).status(), 405, "{path}");
        let other = world.send(super::handle, &get("other"));
        let is_list = !path.contains('/');
        assert_eq!(other.status(), if is_list { 200 } else { 404 }, "{path}");
        assert!(!is_list || other.body().starts_with(b"{\"items\":[]"));
    }
}

/// Opens a case of a customer with contacts of its own, and gives its id.
fn complained(world: &World, customer_id: &str, key: &str) -> String {
    use app::case::{Book, Opening, open};
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let by = app::auth::Staff::new("sit_shop", "key:key_agent");
        let opening = Opening {
            text: format!("我是李想，充电器起火了 {key}"),
            files: r#"[{"name":"李想.jpg","url":"https://files.example/a.jpg"}]"#.to_owned(),
            customer_id: customer_id.to_owned(),
            contacts: vec![("phone".to_owned(), "13800000000".to_owned())],
            ..Opening::default()
        };
        let opened = open(world, &book, &by, opening).await.unwrap();
        let id = opened.work.case.id.clone();
        let answer = web::ok(&serde_json::json!({ "id": id, "name": "李想" })).unwrap();
        app::write::commit(world, &by, opened.work.change(answer)).await.unwrap();
        id
    })
}

#[test]
fn erasing_reaches_complaints_and_leaves_their_figures() {
    let world = World::with_site();
    let [gone, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    let case = complained(&world, &gone, "");
    complained(&world, &other, "");
    let kept = "select group_concat(grain || a || day || received || major) from case_count";
    let figures = |world: &World| -> String {
        world.database().query_row(kept, [], |row| row.get(0)).unwrap()
    };
    let before = figures(&world);
    world
        .database()
        .execute_batch(&format!(
            "insert into compensation values ('cpn_1', 'sit_shop', '{case}', 'x', 'coupon', 100,
               'CNY', 'LI-XIANG', 'admin', 0);
             insert into idempotency (caller, key, request_hash, status, headers, body,
               created_at_ms, subject) values ('key:key_agent', 'k', zeroblob(32), 200, '{{}}',
               '{{\"name\":\"李想\"}}', 0, '{case}');"
        ))
        .unwrap();
    let erase = format!("DELETE /v1/customers/{gone}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &erase).status(), 200);
    for (sql, left) in [
        ("select count(*) from complaint", 2),
        ("select count(*) from complaint where customer_id || who = ''", 1),
        ("select count(*) from complaint where grade = 'major'", 2),
        ("select count(*) from case_text where text = '' and files = '[]' and salt = x''", 1),
        ("select count(*) from case_text where text like '%李想%'", 1),
        ("select count(*) from contact where owner like 'cmp_%'", 1),
        ("select count(*) from case_link where revoked_at_ms is null", 1),
        ("select count(*) from compensation where amount = 100 and reference = ''", 1),
        ("select count(*) from idempotency where body like '%李想%'", 0),
        ("select count(*) from event where kind = 'complaint.erased'", 1),
    ] {
        assert_eq!(world.number(sql), left, "{sql}");
    }
    assert_eq!(figures(&world), before);
    // The chain goes on: version and events agree, so that staff can go on working on it.
    let agree = format!(
        "select c.version = (select max(version) from event where subject = c.id)
         from complaint c where id = '{case}'"
    );
    assert_eq!(world.number(&agree), 1);
}

/// A call-back of a customer, with contacts, a try and what was noted of it.
fn called(world: &World, id: &str, state: &str, customer_id: &str) {
    use app::callback::{Place, Work};
    use store::callbacks::Callback;
    let (start, now) = (ports::Env::now(world) + 3_600_000, ports::Env::now(world));
    let row = Callback {
        id: id.into(),
        site_id: "sit_shop".into(),
        once: id.into(),
        mode: "appointment".into(),
        state: "waiting".into(),
        purpose: "request".into(),
        service_id: "svc_1".into(),
        customer_id: customer_id.into(),
        agent_id: "agt_lan".into(),
        zone: "Asia/Shanghai".into(),
        phone_hash: vec![7; 32],
        due_by: start,
        expires: start,
        requested_at: now,
        requested_day: 20_779,
        created_at: now,
        ..Callback::default()
    };
    let offered = web::service::Offered::default();
    let by = app::auth::Staff::new("sit_shop", "key:key_agent");
    let mut work = Work::new(&offered, row, now);
    if state == "booked" {
        let agent_id = "agt_lan".to_owned();
        work.place(&Place { agent_id, lane: 0, start, day: 20_779, cap: 9 });
    }
    work.row.state = state.to_owned();
    work.link("secret");
    work.contact("phone", "+8613800138000");
    work.contact("name", "李想");
    work.happened("callback.booked", serde_json::Map::new());
    work.settle();
    let change = work.change(web::created("/", &serde_json::json!({ "name": "李想" })).unwrap());
    pollster::block_on(app::write::commit(world, &by, change)).unwrap();
    world
        .database()
        .execute_batch(&format!(
            "insert into call_attempt values ('{id}', 1, 'no_answer', 'key:key_agent', 'agt_lan',
               0, 0, '李想不在', x'01', 0);
             insert into call_note values ('{id}', '李想会说英语');
             insert into idempotency (caller, key, request_hash, status, headers, body,
               created_at_ms, subject) values ('key:key_agent', '{id}', zeroblob(32), 201, '{{}}',
               '{{\"name\":\"李想\"}}', 0, '{id}');"
        ))
        .unwrap();
}

/// A world with a service.
fn with_service() -> World {
    let world = World::with_site();
    let service = "insert into service values ('svc_1', 'sit_shop', 1, 'x', 1, '{}', 0, 0)";
    world.database().execute(service, []).unwrap();
    world
}

#[test]
fn erasing_reaches_call_backs_frees_their_time_and_leaves_their_figures() {
    let world = with_service();
    let [gone, other] = ["M1", "M2"].map(|name| world.customer(name, "core", true));
    called(&world, "cbk_booked", "booked", &gone);
    called(&world, "cbk_calling", "calling", &gone);
    called(&world, "cbk_reached", "reached", &gone);
    called(&world, "cbk_other", "waiting", &other);
    let requested = "select sum(requested) from call_count where grain = 'site'";
    let reached = "select sum(reached) from call_count where grain = 'site'";
    assert_eq!((world.number(requested), world.number(reached)), (4, 1));
    let erase = format!("DELETE /v1/customers/{gone}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &erase).status(), 200);
    for (sql, left) in [
        ("select count(*) from callback", 4),
        (
            "select count(*) from callback where customer_id = '' and phone_hash = x''
            and link_hash = x''",
            3,
        ),
        (
            "select count(*) from callback where state = 'cancelled' and next_step_ms is null
            and ended_at_ms > 0",
            2,
        ),
        ("select count(*) from callback where state = 'reached'", 1),
        ("select count(*) from call_quantum", 0),
        ("select calls from call_day", 0),
        ("select count(*) from call_attempt", 4),
        ("select count(*) from call_attempt where note = '' and salt = x''", 3),
        ("select count(*) from call_note", 1),
        ("select count(*) from contact where owner like 'cbk_%' and owner <> 'cbk_other'", 0),
        ("select count(*) from contact where owner = 'cbk_other'", 2),
        ("select count(*) from idempotency where body like '%李想%'", 1),
        ("select count(*) from event where kind = 'callback.erased'", 3),
        ("select count(*) from event where kind = 'callback.cancelled'", 2),
        ("select sum(cancelled) from call_count where grain = 'site'", 2),
        (requested, 4),
        (reached, 1),
        // The chain goes on: version and events agree.
        (
            "select count(*) from callback c where version <> (
            select max(version) from event where subject = c.id)",
            0,
        ),
    ] {
        assert_eq!(world.number(sql), left, "{sql}");
    }
}

#[test]
fn a_call_back_that_comes_in_meanwhile_holds_back_the_erasing() {
    let world = with_service();
    let gone = world.customer("M1", "core", true);
    called(&world, "cbk_1", "waiting", &gone);
    // Another one appears between the look-up and the commit.
    let late = "create trigger late after delete on contact begin
        update callback set customer_id = (select id from customer limit 1)
        where id = 'cbk_2'; end";
    called(&world, "cbk_2", "waiting", "");
    world.database().execute(late, []).unwrap();
    let erase = format!("DELETE /v1/customers/{gone}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(super::handle, &erase).status(), 409);
    assert_eq!(world.number("select count(*) from customer where erased_at_ms is null"), 1);
    assert_eq!(world.number("select count(*) from contact where owner = 'cbk_1'"), 2);
    world.database().execute("drop trigger late", []).unwrap();
    assert_eq!(world.send(super::handle, &erase).status(), 200);
}
