//! Files of complaints, told in requests and answers.

use serde_json::{Value, json};
use testkit::World;

fn post(world: &World, kind: &str, body: &str) -> http::Response<Vec<u8>> {
    let head = "POST /v1/complaints/import\nauthorization: Bearer {manager}";
    world.send(super::handle, &format!("{head}\ncontent-type: {kind}\n\n{body}"))
}

#[track_caller]
fn taken(world: &World, kind: &str, body: &str) -> Value {
    let answer = post(world, kind, body);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A row of one that was closed.
fn closed(reference: &str) -> Value {
    json!({
        "reference": reference, "text": "洗衣机漏水，修了两次还是漏", "customer": "M1",
        "received_at": "2026-09-01 09:00", "answered_at": "2026-09-01 10:00",
        "answer": "明天上门", "solved_at": "2026-09-03 09:00", "solution": "换了新机",
        "closed_at": "2026-09-04 09:00", "cause_kind": "product_defect", "cause": "密封圈老化",
        "remedy": "召回该批次", "csat": 4, "ces": 6, "comment": "最后还不错", "type": "quality",
        "grade": "moderate", "agent_id": "agt_lan", "touchpoint_id": "tch_shop",
        "channel": "phone", "amount": 259900, "need": "product", "note": "老客户",
    })
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|it| format!("{it}\n")).collect()
}

#[test]
fn a_closed_case_comes_with_its_times_its_cause_and_its_rating() {
    let world = World::with_site();
    let report = taken(&world, "application/jsonl", &lines(&[closed("T-1")]));
    let expected = json!({ "rows": 1, "taken": 1, "repeated": 0, "refused": 0, "refusals": [] });
    assert_eq!(report, expected);
    let row: String = world
        .database()
        .query_row(
            "select json_array(state, grade, cause_kind, csat, ces, late, once, is_first_contact,
               amount, datetime(received_at_ms / 1000, 'unixepoch'),
               (solved_at_ms - received_at_ms) / 3600000, source)
             from complaint",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let row: Value = serde_json::from_str(&row).unwrap();
    let expected = json!([
        "closed",
        "moderate",
        "product_defect",
        4,
        6,
        0,
        "import:T-1",
        1,
        259900,
        "2026-09-01 01:00:00",
        48,
        "import"
    ]);
    assert_eq!(row, expected);
    let kinds: String = world
        .database()
        .query_row(
            "select group_concat(kind, ' ') from (
               select substr(kind, 11) as kind from event where kind like 'complaint.%'
                 and subject like 'cmp_%' order by version)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kinds, "opened graded assigned noted answered solved rated closed");
    assert_eq!(world.number("select count(*) from case_text"), 7);
    assert_eq!(world.number("select count(*) from customer where external_id = 'M1'"), 1);
    let made = "select count(*) from event where kind = 'customer.created'";
    assert_eq!(world.number(made), 1);
    assert_eq!(world.number("select count(*) from agent_load where open > 0"), 0);
    assert_eq!(world.number("select count(*) from case_link"), 0);
    let counted = "select received * 10 + closed from case_count where grain = 'site'";
    assert_eq!(world.number(counted), 11);
    let tier = "select count(*) from complaint where tier = 2 and need = 'product'";
    assert_eq!(world.number(tier), 1);
    let words = "select count(*) from event where data like '%漏水%' or data like '%密封%'";
    assert_eq!(world.number(words), 0);
}

#[test]
fn a_csv_says_the_same_and_what_came_before_is_not_taken_again() {
    let world = World::with_site();
    let csv = "\u{feff}reference,text,received_at,state,customer,agent_id,is_first_contact,\
        solved_at\r\n\
        A-1,\"快递晚了,\n三天没到\",2026-11-20 09:00,open,M1,agt_lan,,\r\n\
        A-2,'=1+1 快递晚了三天,2026-11-21,,M1,,,\r\n\
        A-3,充电器起火,2026-11-21 10:00,solved,,,否,2026-11-21 12:00\r\n\
        A-1,又一次,2026-11-21 10:00,,,,,\r\n";
    let report = taken(&world, "text/csv; charset=utf-8", csv);
    assert_eq!((&report["taken"], &report["repeated"]), (&json!(3), &json!(1)), "{report}");
    assert_eq!(world.number("select open from agent_load"), 1);
    let repeat = "select group_concat(is_repeat, '') = '010' from (
        select is_repeat from complaint order by once)";
    assert_eq!(world.number(repeat), 1);
    let major = "select grade = 'major' and is_first_contact = 0 from complaint
        where once = 'import:A-3'";
    assert_eq!(world.number(major), 1);
    assert_eq!(world.number("select count(*) from case_text where text like '=1+1%'"), 1);
    let report = taken(&world, "text/csv", csv);
    assert_eq!((&report["taken"], &report["repeated"]), (&json!(0), &json!(4)), "{report}");
    assert_eq!(world.number("select count(*) from complaint"), 3);
    assert_eq!(world.number("select open from agent_load"), 1);
}

#[test]
fn every_mistake_is_told_with_its_row_and_fails_no_neighbour() {
    let world = World::with_site();
    let mut wrong = closed("");
    for (name, value) in [
        ("text", json!("\u{200b}")),
        ("channel", json!("pigeon")),
        ("language", json!("?")),
        ("touchpoint_id", json!("tch_x")),
        ("department_id", json!("dep_x")),
        ("agent_id", json!("agt_x")),
        ("cause_id", json!("cau_x")),
        ("cause_kind", json!("luck")),
        ("need", json!("peace")),
        ("grade", json!("bad")),
        ("tier", json!(9)),
        ("amount", json!("lots")),
        ("is_first_contact", json!("maybe")),
        ("csat", json!(6)),
        ("solved_at", json!("2026-08-01 09:00")),
        ("closed_at", json!("2027-01-01 09:00")),
        ("colour", json!("red")),
    ] {
        wrong[name] = value;
    }
    let mut early = closed("T-2");
    early["remedy"] = json!("");
    early["state"] = json!("open");
    let report = taken(&world, "application/jsonl", &lines(&[wrong, closed("T-1"), early]));
    assert_eq!((&report["taken"], &report["refused"]), (&json!(1), &json!(2)), "{report}");
    let told = &report["refusals"][0];
    assert_eq!(told["line"], 1);
    for name in [
        "reference",
        "text",
        "channel",
        "language",
        "touchpoint_id",
        "department_id",
        "agent_id",
        "cause_id",
        "cause_kind",
        "need",
        "grade",
        "tier",
        "amount",
        "is_first_contact",
        "csat",
        "solved_at",
        "closed_at",
        "colour",
    ] {
        let is_told = told["errors"].as_array().unwrap().iter().any(|it| it["field"] == name);
        assert!(is_told, "{name} in {told}");
    }
    let told = report["refusals"][1]["errors"].to_string();
    assert!(told.contains("\"remedy\"") && told.contains("\"state\""), "{told}");
    assert_eq!(world.number("select count(*) from complaint"), 1);
}

#[test]
fn what_staff_know_better_than_words_is_in_the_events_as_well() {
    let world = World::with_site();
    let mut row = closed("T-1");
    row["tier"] = json!(1);
    row["urgency"] = json!("high");
    taken(&world, "application/jsonl", &lines(&[row]));
    let told = "select count(*) from event e join complaint c on c.id = e.subject
        where e.kind = 'complaint.graded' and e.data ->> 'urgency' = 'high'
          and e.data ->> 'need' = 'product' and e.data ->> 'by' = 'staff'
          and c.tier = 1 and c.urgency = 'high'";
    assert_eq!(world.number(told), 2);
    let last = "select data ->> '$.before.tier' from event where kind = 'complaint.graded'
        order by version desc limit 1";
    assert_eq!(world.number(last), 2);
}

#[test]
fn many_rows_are_one_file_and_are_done_once() {
    let world = World::with_site();
    let rows: Vec<Value> = (0..1_000)
        .map(|it| {
            let mut row = closed(&format!("T-{it}"));
            row["customer"] = json!(format!("M{}", it % 300));
            row
        })
        .collect();
    let head = "POST /v1/complaints/import\nauthorization: Bearer {manager}\n\
        content-type: application/jsonl\nidempotency-key: k";
    let send = || world.json(super::handle, &format!("{head}\n\n{}", lines(&rows)));
    let report = send();
    assert_eq!(report["taken"], 1_000);
    assert_eq!(send(), report, "a repeated request");
    assert_eq!(world.number("select count(*) from complaint"), 1_000);
    assert_eq!(world.number("select count(*) from customer"), 300);
    assert_eq!(world.number("select count(*) from event where kind = 'complaint.imported'"), 1);
    // Each chain begins where chains begin and has no hole.
    let holes = "select count(*) from complaint c where c.version <> (
        select count(*) from event e where e.subject = c.id)";
    assert_eq!(world.number(holes), 0);
    let mut more = lines(&rows);
    more.push_str(&lines(&[closed("T-x")]));
    assert_eq!(post(&world, "application/jsonl", &more).status(), 413);
}

#[test]
fn other_files_keys_and_broken_disks_are_answered() {
    let world = World::with_site();
    let jsonl = "application/jsonl";
    assert_eq!(post(&world, "text/plain", "x").status(), 415);
    assert_eq!(post(&world, jsonl, "{ \"a\": ").status(), 400);
    assert_eq!(post(&world, jsonl, "[1]").status(), 400);
    let answer = post(&world, "text/csv", "reference,colour\n1,red\n");
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(text.contains("colour") && text.contains("received_at"), "{text}");
    for (who, status) in [("agent", 403), ("viewer", 403)] {
        let head = format!("POST /v1/complaints/import\nauthorization: Bearer {{{who}}}");
        let answer = world.send(super::handle, &format!("{head}\ncontent-type: {jsonl}\n\n{{}}"));
        assert_eq!(answer.status(), status);
    }
    let get = "GET /v1/complaints/import\nauthorization: Bearer {manager}";
    assert_eq!(world.send(super::handle, get).status(), 405);
    let nobody = world.send(super::handle, "POST /v1/complaints/import\n\n{}");
    assert_eq!(nobody.status(), 401);
    world.break_database();
    assert_eq!(post(&world, jsonl, &lines(&[closed("T-1")])).status(), 503);
}
