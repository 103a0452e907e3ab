//! What is forgotten when, and what stays, told in ticks.

// What counts the figures anew, as it ships.
#[path = "../../tick/src/rebuild.rs"]
mod rebuild;

use domain::civil::DAY_MS;
use ports::Env;
use serde_json::{Value, json};
use testkit::{Given, TICK_KEY, World};
use web::Request;

fn tick(world: &World) -> Value {
    let request = format!("POST /internal/tick/retention\nauthorization: Bearer {TICK_KEY}\n\n");
    world.json(super::handle, &request)
}

fn keep(world: &World, days: &str) {
    let sql = "update site set retention = ?1 where id = 'sit_shop'";
    world.database().execute(sql, [days]).unwrap();
}

/// Every text of some tables.
fn texts(world: &World, tables: &[&str]) -> String {
    let mut text = String::new();
    for table in tables {
        let connection = world.database();
        let mut prepared = connection.prepare(&format!("select * from {table}")).unwrap();
        let columns = prepared.column_count();
        let mut rows = prepared.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                if let rusqlite::types::ValueRef::Text(it) | rusqlite::types::ValueRef::Blob(it) =
                    row.get_ref(at).unwrap()
                {
                    text.push_str(&format!("{table}: {}\n", String::from_utf8_lossy(it)));
                }
            }
        }
    }
    text
}

/// How many days were counted anew, and how many rows differed.
fn rebuilt(world: &World) -> (i64, i64) {
    let id = domain::id::Kind::Job.id(world.now(), world.random());
    world.run(store::jobs::insert_rebuild(&id, "sit_shop", 0));
    let again = async |world: &World, request: Request| {
        app::tick::tick(world, &request, r#"["rebuild"]"#, async |job, lease| {
            rebuild::days(world, job, lease).await
        })
        .await
    };
    let request = format!("POST /internal/tick\nauthorization: Bearer {TICK_KEY}\n\n");
    for _ in 0..5 {
        world.json(again, &request);
    }
    let number = |name: &str| {
        world.number(&format!(
            "select progress ->> '{name}' from job where state = 'done' and id = '{id}'"
        ))
    };
    (number("days"), number("differences"))
}

/// Opens a case of a customer and closes it, unless it is to stay open.
fn complained(world: &World, customer_id: &str, is_closed: bool) -> String {
    use app::case::{Book, Opening, Work, open};
    use domain::case::act::Act;
    let by = app::auth::Staff::new("sit_shop", "key:key_agent");
    pollster::block_on(async {
        let book = Book::load(world, "sit_shop").await.unwrap();
        let opening = Opening {
            text: format!("我是李想，充电器起火了 {}", if is_closed { "" } else { "还没解决" }),
            files: r#"[{"name":"李想.jpg","url":"https://files.example/a.jpg"}]"#.to_owned(),
            customer_id: customer_id.to_owned(),
            contacts: vec![("phone".to_owned(), "13800000000".to_owned())],
            received_at: Some(world.now()),
            ..Opening::default()
        };
        let opened = open(world, &book, &by, opening).await.unwrap();
        let case = opened.work.case.clone();
        let change = opened.work.change(web::no_content());
        app::write::commit(world, &by, change).await.unwrap();
        if is_closed {
            let mut work = Work::on(&book, case.clone(), world.now()).unwrap();
            work.act(Act::Solve).unwrap();
            work.act(Act::Close).unwrap();
            work.case.cause_kind = "service_error".to_owned();
            let mut data = serde_json::Map::new();
            data.insert("cause_kind".to_owned(), "service_error".into());
            data.insert("cause_id".to_owned(), Value::Null);
            work.happened("complaint.closed", data);
            work.settle();
            app::write::commit(world, &by, work.change(web::no_content())).await.unwrap();
        }
        case.id
    })
}

/// A call-back of a customer, with contacts and what was noted of a call.
fn called(world: &World, id: &str, state: &str, customer_id: &str) {
    let now = world.now();
    let row = store::callbacks::Callback {
        id: id.into(),
        site_id: "sit_shop".into(),
        once: id.into(),
        mode: "asap".into(),
        state: state.into(),
        purpose: "request".into(),
        service_id: "svc_1".into(),
        customer_id: customer_id.into(),
        zone: "Asia/Shanghai".into(),
        phone_hash: vec![7; 32],
        due_by: now + DAY_MS,
        expires: now + DAY_MS,
        requested_at: now,
        requested_day: 20_779,
        ended_at: (state == "reached").then_some(now),
        created_at: now,
        ..store::callbacks::Callback::default()
    };
    let offered = web::service::Offered::default();
    let by = app::auth::Staff::new("sit_shop", "key:key_agent");
    let mut work = app::callback::Work::new(&offered, row, now);
    work.link("secret");
    work.contact("phone", "+8613800000000");
    work.contact("name", "李想");
    work.happened("callback.booked", serde_json::Map::new());
    work.settle();
    let change = work.change(web::no_content());
    pollster::block_on(app::write::commit(world, &by, change)).unwrap();
    let noted = "insert into call_attempt values (?1, 1, 'reached', 'key:key_agent', 'agt_lan', 0,
        0, '李想不在', x'01', 0)";
    world.database().execute(noted, [id]).unwrap();
}

/// A world in which somebody said something in every way.
fn told() -> World {
    let world = World::with_site();
    let customer = world.customer("M1", "core", true);
    let given = Given {
        scale: ("nps", 10),
        customer_id: &customer,
        answers: r#"{ "why": "我是李想，充电器起火了" }"#,
        ..Given::default()
    };
    let response = world.answered_all(&[(given, 2)]);
    world.commented(&[json!({ "response_id": response, "text": "我是李想，充电器起火了" })]);
    complained(&world, &customer, true);
    let now = world.now();
    let message = domain::id::Kind::Message.id(now, world.random());
    world
        .database()
        .execute_batch(&format!(
            "insert into service values ('svc_1', 'sit_shop', 1, 'x', 1, '{{}}', 0, 0);
             insert into contact (owner, kind, question_id, value)
               values ('{response}', 'phone', 'call', '13800000000');
             insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             insert into inbound values ('inb_1', 'sit_shop', 'src_1', 1, 'x', 'mapped',
               '[{{\"id\":\"{message}\"}}]', '[]', 1, '', 0, 0, 0, 9);
             insert into inbound_body values ('inb_1', '李想');
             insert into message values ('{message}', 'sit_shop', 'ticket', 'x', 'T-1',
               '{customer}', '李想', '我是李想，充电器起火了', '', '', 'src_1', 'inb_1', 0, {now});"
        ))
        .unwrap();
    called(&world, "cbk_over", "reached", &customer);
    world
}

const TABLES: [&str; 12] = [
    "response",
    "comment",
    "contact",
    "complaint",
    "case_text",
    "case_search",
    "case_search_data",
    "callback",
    "call_attempt",
    "message",
    "inbound_body",
    "event",
];
const ALL: &str = r#"{ "responses": 30, "complaints": 30, "callbacks": 30, "messages": 30 }"#;

#[test]
fn what_is_over_loses_words_and_names_and_the_figures_stay() {
    let world = told();
    let (days, differences) = rebuilt(&world);
    assert!(0 < days && differences == 0, "{days} days, {differences} differences");
    keep(&world, ALL);
    world.wait_ms(30 * DAY_MS);
    assert_eq!(tick(&world)["expired"], 0, "thirty days are kept");
    world.wait_ms(1);
    let figures = |world: &World| {
        world.number(
            "select (select sum(c2) from rollup) * 1000000 + (select sum(received) from case_count)
               * 1000 + (select sum(requested) from call_count)",
        )
    };
    let before = figures(&world);
    let told = tick(&world);
    assert_eq!(told["expired"], 4, "{told}");
    // The customer stays, who is no part of what is over.
    let customer = "delete from contact where owner in (select id from customer)";
    world.database().execute(customer, []).unwrap();
    let left = texts(&world, &TABLES);
    for personal in ["李想", "起火", "138", "M1"] {
        let line = left.lines().find(|it| it.contains(personal));
        assert_eq!(line, None, "{personal}");
    }
    for (sql, expected) in [
        ("select count(*) from response where customer_id || answers = '{}'", 1),
        ("select count(*) from complaint where customer_id || who = ''", 1),
        ("select count(*) from complaint where state = 'closed' and grade <> 'none'", 1),
        ("select count(*) from case_text where text = '' and files = '[]' and salt = x''", 1),
        ("select count(*) from case_link where revoked_at_ms is null", 0),
        ("select count(*) from case_search", 0),
        (
            "select count(*) from callback where customer_id = '' and phone_hash || link_hash = ''",
            1,
        ),
        ("select count(*) from message where customer_id || external_id || inbound_id = ''", 1),
        ("select count(*) from inbound where outcome = '[]'", 1),
        ("select count(*) from event where kind = 'complaint.erased'", 1),
        ("select count(*) from event where kind = 'callback.erased'", 1),
        ("select count(*) from event where kind = 'personal.expired'", 2),
        (
            "select count(*) from complaint c where version <> (
               select max(version) from event where subject = c.id)",
            0,
        ),
        (
            "select count(*) from callback c where version <> (
               select max(version) from event where subject = c.id)",
            0,
        ),
    ] {
        assert_eq!(world.number(sql), expected, "{sql}");
    }
    assert_eq!(figures(&world), before);
    assert_eq!(rebuilt(&world), (days, 0), "counted anew, the figures are the same");
    assert_eq!(figures(&world), before);
    let events = world.number("select count(*) from event");
    assert_eq!(tick(&world)["done"], json!([]));
    assert_eq!(world.number("select count(*) from event"), events);
}

#[test]
fn what_is_open_or_young_or_kept_stays() {
    let world = told();
    let customer: String =
        world.database().query_row("select id from customer", [], |row| row.get(0)).unwrap();
    complained(&world, &customer, false);
    called(&world, "cbk_open", "waiting", &customer);
    let before = texts(&world, &TABLES);
    world.wait_ms(40 * DAY_MS);
    assert_eq!(tick(&world)["done"], json!([]), "a site that says nothing keeps all");
    keep(&world, r#"{ "responses": 41, "complaints": 41, "callbacks": 41, "messages": 41 }"#);
    assert_eq!(tick(&world)["done"], json!([]));
    assert_eq!(texts(&world, &TABLES), before);
    keep(&world, ALL);
    assert_eq!(tick(&world)["expired"], 4);
    assert_eq!(world.number("select count(*) from case_text where text like '%还没解决%'"), 1);
    assert_eq!(world.number("select count(*) from case_search"), 1);
    assert_eq!(world.number("select count(*) from contact where owner = 'cbk_open'"), 2);
    assert_eq!(world.number("select count(*) from complaint where customer_id <> ''"), 1);
}

#[test]
fn much_is_done_in_slices_and_an_invitation_forgets_its_answer_but_not_that_there_was_one() {
    let world = World::with_site();
    for at in 0..250 {
        let key = format!("link:n{at}");
        let given = Given { key: &key, answers: r#"{ "why": "李想" }"#, ..Given::default() };
        world.answered(&given, 5);
    }
    world
        .database()
        .execute_batch(
            "update response set received_at_ms = 1795311000000;
             insert into programme values ('prg_1', 'sit_shop', 1, 'p', 'srv_shop', 'once', 0,
               '{}', '[]', 7, 1, 1, 0, null, 0, 0);
             insert into wave values ('wav_1', 'sit_shop', 'prg_1', 'srv_shop', 1, 1, 'open', 0, 0,
               9, '{}', '[]', '[]', 0, '', 9);
             insert into invitation values
               ('wav_1', 'inv_1', 1, 'cus_1', 'core', 'zh', 'n7', 1, null, null),
               ('wav_1', 'inv_2', 1, 'cus_2', 'core', 'zh', 'other', 1, null, null);",
        )
        .unwrap();
    keep(&world, ALL);
    world.wait_ms(31 * DAY_MS);
    let first = tick(&world);
    assert_eq!(first["expired"], 200);
    assert!(first["next_due_at"].is_string());
    let second = tick(&world);
    assert_eq!(second["expired"], 50);
    assert_eq!(tick(&world)["next_due_at"], Value::Null);
    assert_eq!(world.number("select count(*) from response where answers <> '{}'"), 0);
    let told = "select sum(data ->> 'count') from event where kind = 'personal.expired'";
    assert_eq!(world.number(told), 250);
    let left = "select group_concat(nonce || ':' || coalesce(answered_at_ms, '')) from invitation";
    let left: String = world.database().query_row(left, [], |row| row.get(0)).unwrap();
    assert_eq!(left, ":1795305600000,other:", "the day alone");
    // What comes in later is looked at again.
    world.answered(&Given { answers: r#"{ "why": "王芳" }"#, ..Given::default() }, 5);
    world.wait_ms(31 * DAY_MS);
    assert_eq!(tick(&world)["expired"], 1);
}

#[test]
fn what_was_said_before_there_was_an_index_is_taken_into_it() {
    let world = told();
    let count =
        "select count(*) from case_search where case_search match '\"sit_shop\" AND \"起火\"'";
    assert_eq!(world.number(count), 1);
    let behind = "insert into case_search_left select max(id) || '~' from complaint";
    world.database().execute(behind, []).unwrap();
    tick(&world);
    assert_eq!(world.number(count), 1, "what is there already is not added again");
    assert_eq!(world.number("select count(*) from case_search_left"), 0);
    world.database().execute("delete from case_search", []).unwrap();
    world.database().execute(behind, []).unwrap();
    let told = tick(&world);
    assert_eq!((&told["done"], &told["indexed"]), (&json!(["index"]), &json!(1)), "{told}");
    assert_eq!(world.number(count), 1);
    assert_eq!(tick(&world)["done"], json!([]));
}

#[test]
fn who_looked_is_forgotten_after_a_day_and_where_a_survey_was_seen_after_a_year() {
    let world = World::with_site();
    let now = world.now();
    world
        .database()
        .execute_batch(&format!(
            "insert into presence values ('cmp_1', 'admin', '', 0, {now}),
               ('cmp_2', 'admin', '', 1, {});
             insert into sighting (study_id, origin, first_at_ms, seen_at_ms, is_listed)
             values ('srv_shop', 'https://a.example', 0, {now}, 1),
               ('srv_shop', 'https://b.example', 0, {}, 1);",
            now + DAY_MS,
            now + 365 * DAY_MS
        ))
        .unwrap();
    assert_eq!(tick(&world)["done"], json!([]));
    world.wait_ms(DAY_MS + 1);
    assert_eq!(tick(&world)["done"], json!(["forget"]));
    assert_eq!(world.number("select count(*) from presence where subject = 'cmp_2'"), 1);
    assert_eq!(world.number("select count(*) from sighting"), 2);
    world.wait_ms(365 * DAY_MS);
    tick(&world);
    assert_eq!(world.number("select count(*) from presence"), 0);
    let left = world.number("select count(*) from sighting where origin = 'https://b.example'");
    assert_eq!((left, world.number("select count(*) from sighting")), (1, 1));
}

#[test]
fn only_the_tick_key_ticks() {
    let world = World::with_site();
    for auth in ["", "authorization: Bearer {admin}", "authorization: Bearer x"] {
        let request = format!("POST /internal/tick/retention\n{auth}\n");
        assert_eq!(world.send(super::handle, &request).status(), 401, "{auth}");
    }
    assert_eq!(world.send(super::handle, "GET /internal/tick/retention").status(), 405);
    assert_eq!(world.send(super::handle, "GET /internal/tick").status(), 404);
    world.break_database();
    let request = format!("POST /internal/tick/retention\nauthorization: Bearer {TICK_KEY}\n");
    assert_eq!(world.send(super::handle, &request).status(), 503);
}
