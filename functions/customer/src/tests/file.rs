//! What an export holds and what erasing takes, against all that the schema has of a customer.

use std::collections::BTreeSet;

use serde_json::Value;
use testkit::World;

use super::super::handle;
use super::found::lived;

/// The tables that lead to a customer, by the name of the column that does; with what becomes of
/// them in an export: the part of it, or why there is none.
const TABLES: [(&str, &str); 26] = [
    ("call_attempt", "callback_attempts"),
    ("call_note", "callback_notes"),
    ("call_quantum", "none: the time of an agent"),
    ("callback", "callbacks"),
    ("case_link", "complaint_links"),
    ("case_search", "none: the words of the texts, to be found by"),
    ("case_text", "complaint_texts"),
    ("comment", "comments"),
    ("compensation", "compensations"),
    ("complaint", "complaints"),
    ("contact", "response_contacts"),
    ("customer", "customer"),
    ("event", "events"),
    ("fingerprint", "none: a hash that no two responses may share"),
    ("idempotency", "none: answers that are kept for a day, of what is here"),
    ("inbound_about", "received"),
    ("inbound_body", "none: a message may be about others as well; what came of it is here"),
    ("invitation", "invitations"),
    ("message", "messages"),
    ("partial", "unfinished"),
    ("print", "none: hashes of comments"),
    ("purchase", "orders"),
    ("response", "responses"),
    ("rest", "surveys_shown"),
    ("rfm", "none: sums of the orders"),
    ("score", "scores"),
];

/// Columns that lead to a customer, or to something of theirs.
const LINKS: [&str; 11] = [
    "customer_id",
    "who",
    "owner",
    "response_id",
    "case_id",
    "callback_id",
    "inbound_id",
    "subject",
    "result_id",
    "external_id",
    "text",
];

#[test]
fn no_table_with_a_link_to_a_customer_is_forgotten() {
    let world = World::with_site();
    let connection = world.database();
    let sql = "select m.name, c.name from sqlite_schema m join pragma_table_info(m.name) c
        where m.type = 'table'";
    let mut rows = connection.prepare(sql).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let mut found = BTreeSet::new();
    for (table, column) in rows.map(|it: rusqlite::Result<(String, String)>| it.unwrap()) {
        if LINKS.contains(&column.as_str()) {
            found.insert(table);
        }
    }
    // Of addresses, proofs of work and what staff look at; of events, which say nothing personal.
    for other in ["delivery", "notice", "presence", "spent", "visit"] {
        found.remove(other);
    }
    let known: BTreeSet<String> = TABLES.iter().map(|it| it.0.to_owned()).collect();
    assert_eq!(found, known);
}

/// A customer of whom every table knows something.
pub(super) fn whole(world: &World) -> String {
    let id = world.customer("M1", "core", true);
    lived(world, &id);
    for (kind, value) in [("name", "李想"), ("phone", "+8613800138000"), ("wechat", "李想")] {
        world.run(store::customers::set_contact(&id, kind, value));
    }
    let who = domain::asking::who("sit_shop", "customer", "M1");
    let partial = store::partials::Partial {
        site_id: "sit_shop".into(),
        study_id: "srv_shop".into(),
        customer_id: id.clone(),
        key: "0123456789abcdefghijkl".into(),
        answers: r#"{ "why": "我是李想" }"#.into(),
        hidden: r#"{ "order": "E-1" }"#.into(),
        row: r#"["李想"]"#.into(),
        held: "sealed".into(),
        ..store::partials::Partial::default()
    };
    world.run(store::partials::save(&partial, "[]", 1, None, None).statement);
    world
        .database()
        .execute_batch(&format!(
            "update customer set adviser_id = 'agt_lan', zone = 'Europe/Paris' where id = '{id}';
             insert into rest values ('sit_shop', '{id}', '', 7000);
             insert into rest values ('sit_shop', '{who}', 'nps', 7000);
             insert into source values ('src_1', 'sit_shop', 1, 'Shop', 1, 'token', '', '', '', 0,
               '', '', '[]', '', 0, 0, 0);
             insert into inbound values ('inb_1', 'sit_shop', 'src_1', 1, 'x', 'mapped', '[\"M1\"]',
               '[\"李想\"]', 1, '', 0, 0, 0, 9);
             insert into inbound_body values ('inb_1', '李想');
             insert into inbound_about values ('{who}', 'inb_1');
             insert into print (site_id, study_id, response_id, question_id, keys)
               select site_id, study_id, response_id, question_id, '[7001]' from comment;
             insert into contact (owner, kind, question_id, value)
               select id, 'name', 'call', '李想' from response where customer_id = '{id}';
             insert into compensation select 'cpn_1', 'sit_shop', id, 'x', 'coupon', 100, 'CNY',
               'LI-XIANG', 'admin', 8000 from complaint where customer_id = '{id}';"
        ))
        .unwrap();
    id
}

#[test]
fn an_export_has_a_part_of_every_table_and_stands_in_the_trail() {
    let world = super::with_service();
    let id = whole(&world);
    let other = world.customer("M2", "core", true);
    super::complained(&world, &other, "OTHERS");
    let get = format!("GET /v1/customers/{id}/export\nauthorization: Bearer {{manager}}");
    let agent = get.replace("{manager}", "{agent}");
    assert_eq!(world.send(handle, &agent).status(), 403);
    let answer = world.send(handle, &get);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "private, no-store");
    let name = format!("attachment; filename=\"{id}-2026-11-22.json\"");
    assert_eq!(answer.headers()["content-disposition"], name.as_str());
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    let told: Value = serde_json::from_str(&text).unwrap();
    for (table, part) in TABLES.iter().filter(|it| !it.1.starts_with("none")) {
        let rows = &told[part];
        let is_there = rows.is_object() || rows.as_array().is_some_and(|it| !it.is_empty());
        assert!(is_there, "{table}: {part} in {text}");
    }
    assert_eq!(told["customer"]["contacts"]["name"], "李想");
    assert_eq!(told["responses"][0]["answers"]["why"], "李想很满意");
    assert_eq!(told["callback_attempts"][0]["note"], "李想不在");
    assert_eq!(told["surveys_shown"].as_array().unwrap().len(), 2);
    assert_eq!(told["left_out"], serde_json::json!([]));
    assert!(!text.contains("OTHERS") && !text.contains("nonce"), "{text}");
    let trail = "select count(*) from event where kind = 'customer.exported' and version = 2";
    assert_eq!(world.number(trail), 1);
    assert_eq!(world.number(&format!("select version from customer where id = '{id}'")), 2);
}

#[test]
fn an_export_is_bounded_and_says_what_it_left_out() {
    let world = World::with_site();
    let id = world.customer("M1", "core", true);
    let many = format!(
        "insert into message
         with recursive it (n) as (select 1 union all select n + 1 from it where n < 5001)
         select printf('msg_%04d', n), 'sit_shop', 'message', n, '', '{id}', '', 'x', '', '', '',
           '', n, 0
         from it"
    );
    world.database().execute(&many, []).unwrap();
    let get = format!("GET /v1/customers/{id}/export\nauthorization: Bearer {{manager}}");
    let told = world.json(handle, &get);
    let messages = told["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 5000);
    assert_eq!(
        (&messages[0]["id"], &messages[4999]["id"]),
        (&"msg_5001".into(), &"msg_0002".into())
    );
    assert_eq!(told["left_out"], serde_json::json!(["messages"]));
}

#[test]
fn erasing_leaves_nothing_of_them_in_any_table() {
    let world = super::with_service();
    let id = whole(&world);
    let erase = format!("DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(handle, &erase).status(), 200);
    for (table, _) in TABLES {
        let connection = world.database();
        let mut rows = connection.prepare(&format!("select * from {table}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                let rusqlite::types::ValueRef::Text(text) = row.get_ref(at).unwrap() else {
                    continue;
                };
                let text = String::from_utf8_lossy(text);
                for personal in ["李想", "13800138000", "M1", "LI-XIANG", "T-1", "E-1"] {
                    assert!(!text.contains(personal), "{table}: {text}");
                }
            }
        }
    }
    let get =
        |what: &str| format!("GET /v1/customers/{id}/{what}\nauthorization: Bearer {{manager}}");
    let timeline = world.json(handle, &get("timeline"));
    assert_eq!(timeline["items"], serde_json::json!([]));
    assert_eq!(world.send(handle, &get("export")).status(), 404);
}

#[test]
fn erasing_reaches_what_became_theirs_only_later() {
    let world = super::with_service();
    let id = world.customer("M1", "core", true);
    // A stranger complains and is to be called; then it turns out who they are, and their case
    // becomes part of another one.
    let case = super::complained(&world, &id, "one");
    let merged = super::complained(&world, "", "another thing of a stranger");
    super::called(&world, "cbk_case", "booked", "");
    super::called(&world, "cbk_merged", "waiting", "");
    super::called(&world, "cbk_other", "waiting", "");
    world
        .database()
        .execute_batch(&format!(
            "update callback set case_id = '{case}' where id = 'cbk_case';
             update callback set case_id = '{merged}' where id = 'cbk_merged';
             update complaint set state = 'merged', parent_id = '{case}' where id = '{merged}';"
        ))
        .unwrap();
    let get = format!("GET /v1/customers/{id}/export\nauthorization: Bearer {{manager}}");
    let told = world.json(handle, &get);
    for (part, count) in [("complaints", 2), ("callbacks", 2), ("callback_attempts", 2)] {
        assert_eq!(told[part].as_array().unwrap().len(), count, "{part}");
    }
    let erase = format!("DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(handle, &erase).status(), 200);
    for (sql, left) in [
        ("select count(*) from callback where phone_hash = x'' and state = 'cancelled'", 2),
        ("select count(*) from call_attempt where note = '' and salt = x''", 2),
        ("select count(*) from contact where owner in ('cbk_case', 'cbk_merged')", 0),
        ("select count(*) from contact where owner = 'cbk_other'", 2),
        ("select count(*) from contact where owner like 'cmp_%'", 0),
        ("select count(*) from case_text where text <> ''", 0),
        ("select count(*) from event where kind = 'complaint.erased'", 2),
        ("select count(*) from event where kind = 'callback.erased'", 2),
        ("select count(*) from complaint where who <> ''", 0),
    ] {
        assert_eq!(world.number(sql), left, "{sql}");
    }
}

#[test]
fn erasing_leaves_a_receipt_which_a_repeated_request_gets_again() {
    let world = super::with_service();
    let id = whole(&world);
    let erase = format!(
        "DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}\nidempotency-key: erase-1"
    );
    let receipt = world.json(handle, &erase);
    let wanted = serde_json::json!({
        "customer_id": id, "version": 2, "erased_at": "2026-11-22T01:30:00Z",
        "erased": { "contacts": 3, "responses": 1, "unfinished": 1, "invitations": 1,
            "complaints": 1, "callbacks": 1, "orders": 1, "messages": 1 },
        "audit": format!("/v1/customers/{id}/audit"),
    });
    assert_eq!(receipt, wanted);
    let told = "select data from event where kind = 'customer.erased'";
    let told: String = world.database().query_row(told, [], |row| row.get(0)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["erased"], wanted["erased"]);
    assert_eq!(world.json(handle, &erase), receipt);
}

#[test]
fn the_trail_says_when_and_where_they_agreed_and_who_told() {
    let world = World::with_site();
    let body = r#"{ "external_id": "M1", "has_consent": true, "consent_source": "store" }"#;
    let post = format!("POST /v1/customers\nauthorization: Bearer {{agent}}\n\n{body}");
    let id = world.json(handle, &post)["id"].as_str().unwrap().to_owned();
    world.wait_ms(60_000);
    let patch = |body: &str| {
        format!("PATCH /v1/customers/{id}\nauthorization: Bearer {{manager}}\n\n{body}")
    };
    world.json(handle, &patch(r#"{ "group": "core" }"#));
    world.json(handle, &patch(r#"{ "has_consent": false }"#));
    for wrong in [
        r#"{ "consent_source": "web" }"#,
        r#"{ "has_consent": true, "consent_source": "a friend of 李想" }"#,
    ] {
        assert_eq!(world.send(handle, &patch(wrong)).status(), 422, "{wrong}");
    }
    let get = format!("GET /v1/customers/{id}/export\nauthorization: Bearer {{manager}}");
    let wanted = serde_json::json!([
        { "given": false, "source": null, "told_by": "*", "at": "2026-11-22T01:31:00Z" },
        { "given": true, "source": "store", "told_by": "*", "at": "2026-11-22T01:30:00Z" },
    ]);
    let told = world.json(handle, &get);
    assert!(testkit::matches(&told["consents"], &wanted), "{told:#}");
}
