//! Solving, closing and what comes after, one by one and in bulk; and the proof of it all.

use super::*;

const CLOSING: &str = r#"{ "cause": { "kind": "process_gap", "detail": "无人跟进" },
    "remedy": "补发并致歉" }"#;

#[test]
fn a_case_is_closed_with_its_cause_and_remedy_only() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let close = format!("POST /v1/complaints/{id}/close");
    assert_eq!(refused(&world, "agent", &close, CLOSING).0, "wrong-state");
    let case = act(&world, &id, "solve", r#"{ "text": "已补发" }"#);
    assert_eq!((&case["state"], &case["is_first_contact"]), (&"solved".into(), &true.into()));
    let (kind, text) = refused(&world, "agent", &close, "{}");
    assert_eq!(kind, "invalid-fields");
    assert!(text.contains("\"/cause\"") && text.contains("\"/remedy\""), "{text}");
    let body = r#"{ "cause": { "kind": "luck", "cause_id": "cau_x" }, "remedy": "" }"#;
    let (_, text) = refused(&world, "agent", &close, body);
    for pointer in ["/cause/kind", "/cause/detail", "/cause/cause_id", "/remedy"] {
        assert!(text.contains(pointer), "{pointer} in {text}");
    }
    // The schema says it a second time.
    let sql = "update complaint set state = 'closed' where grade = 'general'";
    assert!(world.database().execute(sql, []).is_err());
    let case = act(&world, &id, "close", CLOSING);
    assert_eq!((&case["state"], &case["cause"]["kind"]), (&"closed".into(), &"process_gap".into()));
    assert_eq!(case["clocks"]["closing"]["state"], "met");
    assert_eq!(world.number("select sum(open) from agent_load"), 0);
    let case = act(&world, &id, "reopen", r#"{ "reason": "客户来电：仍未收到" }"#);
    assert_eq!((&case["state"], &case["reopened"]), (&"open".into(), &1.into()));
    assert_eq!(case["is_first_contact"], false);
    let solve = format!("POST /v1/complaints/{id}/solve");
    let body = r#"{ "text": "x", "is_first_contact": true }"#;
    assert_eq!(refused(&world, "agent", &solve, body).0, "invalid-fields");
    assert_eq!(
        trail(&world, &id),
        ["opened", "graded", "assigned", "solved", "closed", "reopened"]
    );
}

#[test]
fn a_cause_of_the_ledger_must_be_there_and_of_its_kind() {
    let world = World::with_site();
    world.database().execute_batch(
        "insert into cause values ('cau_1', 'sit_shop', 1, 'product_defect', '过热', '', '', null, 1,
           0, 0), ('cau_2', 'sit_other', 1, 'process_gap', '别家', '', '', null, 1, 0, 0)").unwrap();
    let id = plain(&world, TEXT);
    act(&world, &id, "solve", r#"{ "text": "已补发" }"#);
    let close = format!("POST /v1/complaints/{id}/close");
    let body = |kind: &str, cause: &str| {
        format!(
            r#"{{ "cause": {{ "kind": "{kind}", "cause_id": "{cause}", "detail": "x" }},
            "remedy": "y" }}"#
        )
    };
    for wrong in [body("process_gap", "cau_1"), body("process_gap", "cau_2")] {
        assert_eq!(refused(&world, "agent", &close, &wrong).0, "invalid-fields", "{wrong}");
    }
    let case = done(&world, "agent", &close, &body("product_defect", "cau_1"));
    assert_eq!(case["cause"]["cause_id"], "cau_1");
}

#[test]
fn what_was_no_complaint_is_closed_without_a_cause() {
    let world = World::with_site();
    let id = plain(&world, "谢谢");
    act(&world, &id, "grade", r#"{ "grade": "none", "reason": "表扬" }"#);
    act(&world, &id, "solve", r#"{ "text": "不客气" }"#);
    let case = act(&world, &id, "close", "{}");
    assert!(case["cause"].is_null());
}

#[test]
fn many_are_done_at_once_with_an_outcome_each() {
    let world = World::with_site();
    let [open, solved, praise] =
        ["快递晚了三天还没到", "收到的衣服破了一个洞", "谢谢你们"].map(|it| plain(&world, it));
    act(&world, &praise, "grade", r#"{ "grade": "none", "reason": "表扬" }"#);
    for id in [&solved, &praise] {
        act(&world, id, "solve", r#"{ "text": "好了" }"#);
    }
    let bulk = |body: &str| done(&world, "agent", "POST /v1/complaints/bulk", body);
    let ids = format!(r#""ids": ["{open}", "{solved}", "{praise}", "cmp_none"]"#);
    // Without a cause only what was no complaint is closed.
    let told = bulk(&format!(r#"{{ {ids}, "act": "close" }}"#));
    assert_eq!(told["done"], 1, "{told}");
    let status: Vec<i64> = told["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["status"].as_i64().unwrap())
        .collect();
    assert_eq!(status, [409, 422, 200, 404], "{told}");
    assert_eq!(told["outcomes"][1]["errors"][0]["pointer"], "/cause");
    let body = format!(r#"{{ {ids}, "act": "close", {} }}"#, &CLOSING[1..CLOSING.len() - 1]);
    let told = bulk(&body);
    assert_eq!(told["done"], 1);
    assert_eq!(told["outcomes"][1]["state"], "closed");
    let told = bulk(&format!(r#"{{ {ids}, "act": "note", "text": "季度复盘" }}"#));
    assert_eq!(told["done"], 3);
    for id in [&open, &solved, &praise] {
        let verdict = format!("GET /v1/complaints/{id}/audit/verify");
        assert_eq!(done(&world, "viewer", &verdict, "")["is_intact"], true);
    }
    let auto = format!(r#"{{ "ids": ["{open}"], "act": "assign", "auto": true }}"#);
    assert_eq!(bulk(&auto)["outcomes"][0]["agent_id"], "agt_lan");
    let many: Vec<String> = (0..101).map(|it| format!("\"cmp_{it}\"")).collect();
    let many = format!(r#"{{ "ids": [{}], "act": "note", "text": "x" }}"#, many.join(","));
    for wrong in [
        many.as_str(),
        r#"{ "ids": [], "act": "dance" }"#,
        r#"{ "act": "note" }"#,
        r#"{ "ids": ["x"], "act": "note", "text": "y" }"#,
    ] {
        let (kind, _) = refused(&world, "agent", "POST /v1/complaints/bulk", wrong);
        assert_eq!(kind, "invalid-fields", "{wrong}");
    }
}

#[test]
fn the_same_bulk_request_is_done_once() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let request = "POST /v1/complaints/bulk\nidempotency-key: b";
    let body = format!(r#"{{ "ids": ["{id}"], "act": "note", "text": "一次" }}"#);
    let first = done(&world, "agent", request, &body);
    assert_eq!(done(&world, "agent", request, &body), first);
    assert_eq!(world.number("select count(*) from case_text where kind = 'note'"), 1);
    let other = body.replace("一次", "两次");
    assert_eq!(refused(&world, "agent", request, &other).0, "idempotency-key-reused");
}

#[test]
fn the_proof_holds_for_events_and_words_alike() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    act(&world, &id, "answer", r#"{ "text": "在查了" }"#);
    act(&world, &id, "solve", r#"{ "text": "好了" }"#);
    act(&world, &id, "close", CLOSING);
    let path = format!("GET /v1/complaints/{id}/audit/verify");
    let verdict = || done(&world, "viewer", &path, "");
    let sound = verdict();
    assert_eq!((&sound["is_intact"], &sound["texts"]), (&true.into(), &5.into()), "{sound}");
    assert_eq!(sound["events"], 6);
    let tamper = |sql: &str| {
        world.database().execute_batch(sql).unwrap();
        let verdict = verdict();
        assert_eq!(verdict["is_intact"], false, "{sql}: {verdict}");
        assert_eq!(verdict["texts_broken"].as_array().unwrap().len(), 1, "{sql}: {verdict}");
    };
    tamper("update case_text set text = '没事' where kind = 'answer' and text = '在查了'");
    tamper(
        "update case_text set text = '在查了' where text = '没事';
        update case_text set text = '', salt = x'', files = '[]' where kind = 'cause'",
    );
    tamper("delete from case_text where kind = 'cause'");
    assert_eq!(send(&world, "other", &path, "").status(), 404);
}

#[test]
fn words_that_were_erased_by_wish_are_not_held_against_anybody() {
    let world = World::with_site();
    let customer = world.customer("M1", "core", true);
    let id = opened(
        &world,
        Opening { text: TEXT.to_owned(), customer_id: customer.clone(), ..Opening::default() },
    );
    act(&world, &id, "answer", r#"{ "text": "在查了" }"#);
    pollster::block_on(async {
        let by = Staff::new("sit_shop", "key:key_manager");
        let writes = app::case::erase(&world, &by, &customer).await.unwrap();
        let change = app::write::Change::of_others(writes, web::no_content());
        commit(&world, &by, change).await.unwrap();
    });
    let path = format!("GET /v1/complaints/{id}/audit/verify");
    let verdict = done(&world, "viewer", &path, "");
    assert_eq!((&verdict["is_intact"], &verdict["texts"]), (&true.into(), &0.into()), "{verdict}");
    let shown = get(&world, &format!("/{id}"));
    assert!(shown["texts"][0]["text"].is_null() && shown["customer_id"].is_null(), "{shown}");
    act(&world, &id, "solve", r#"{ "text": "好了" }"#);
    let verdict = done(&world, "viewer", &path, "");
    assert_eq!((&verdict["is_intact"], &verdict["texts"]), (&true.into(), &1.into()), "{verdict}");
}
