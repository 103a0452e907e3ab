//! What is done in a case: said, graded, handed over, given, linked.

use super::*;

#[test]
fn answering_asks_and_the_customers_turn_pauses() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let body = r#"{ "text": "请问订单号？", "asks": true }"#;
    let case = act(&world, &id, "answer", body);
    assert_eq!((&case["state"], &case["version"]), (&"waiting".into(), &4.into()));
    assert_eq!(case["clocks"]["answer"]["state"], "met");
    assert_eq!(case["clocks"]["solution"]["state"], "paused");
    let case = act(&world, &id, "answer", r#"{ "text": "三天内换货", "is_plan": true }"#);
    assert_eq!(case["clocks"]["solution"]["state"], "met", "{case}");
    act(&world, &id, "note", r#"{ "text": "客户很着急" }"#);
    let texts = get(&world, &format!("/{id}"))["texts"].clone();
    let kinds: Vec<(&str, bool)> = texts
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["kind"].as_str().unwrap(), it["is_public"].as_bool().unwrap()))
        .collect();
    let expected = [("complaint", true), ("answer", true), ("answer", true), ("note", false)];
    assert_eq!(kinds, expected);
    assert_eq!(texts[1]["agent_id"], "agt_lan", "the agent whose case it is");
    // And whoever has a key of theirs speaks for themselves.
    let own = "update api_key set agent_id = 'agt_wu' where id = 'key_agent'";
    world.database().execute(own, []).unwrap();
    act(&world, &id, "answer", r#"{ "text": "我来" }"#);
    assert_eq!(get(&world, &format!("/{id}"))["texts"][4]["agent_id"], "agt_wu");
}

#[test]
fn a_regrade_needs_a_reason_and_the_clocks_follow() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("POST /v1/complaints/{id}/grade");
    for body in [
        "{}",
        r#"{ "reason": "x" }"#,
        r#"{ "grade": "major" }"#,
        r#"{ "grade": "awful", "tier": 7, "reason": "x" }"#,
    ] {
        assert_eq!(refused(&world, "agent", &path, body).0, "invalid-fields", "{body}");
    }
    world.wait_ms(59_999);
    let case = act(&world, &id, "grade", r#"{ "grade": "major", "reason": "有人受伤" }"#);
    assert_eq!((&case["grade"], &case["tier"]), (&"major".into(), &1.into()));
    assert_eq!(case["grading"]["by"], "staff");
    assert_eq!(case["clocks"]["answer"]["allowance_s"], 3600);
    assert_eq!(case["clocks"]["answer"]["remaining_s"], 3540);
    let case = act(&world, &id, "grade", r#"{ "tier": 2, "reason": "专员已处理" }"#);
    assert_eq!((&case["grade"], &case["tier"]), (&"major".into(), &2.into()));
    let last = "select data ->> '$.before.tier' from event where kind = 'complaint.graded'
        order by seq desc limit 1";
    assert_eq!(world.number(last), 1);
}

#[test]
fn a_case_goes_to_who_is_named_or_chosen_and_loads_follow() {
    let world = World::with_site();
    world
        .database()
        .execute_batch(
            "insert into department values ('dep_it', 'sit_shop', 1, 'IT', 0, 0);
         insert into agent (id, site_id, version, name, department_id, skills, is_active,
           created_at_ms, updated_at_ms)
         values ('agt_wu', 'sit_shop', 1, '吴', 'dep_it', '[\"safety\"]', 1, 0, 0),
           ('agt_old', 'sit_shop', 1, '旧', '', '[]', 0, 0, 0)",
        )
        .unwrap();
    let id = plain(&world, TEXT);
    act(&world, &id, "assign", r#"{ "agent_id": "agt_lan" }"#);
    let case = act(&world, &id, "assign", r#"{ "agent_id": "agt_wu", "reason": "懂电器" }"#);
    assert_eq!(case["agent_id"], "agt_wu");
    assert_eq!(case["department_id"], "dep_it", "the agent's own");
    assert_eq!(case["assigned"]["why"][0]["reason"], "staff");
    let load = |agent: &str| {
        world.number(&format!(
            "select coalesce(sum(open), 0) from agent_load
            where agent_id = '{agent}'"
        ))
    };
    assert_eq!((load("agt_lan"), load("agt_wu")), (0, 1));
    let case = act(&world, &id, "assign", r#"{ "department_id": "dep_it" }"#);
    assert!(case["agent_id"].is_null());
    assert_eq!((load("agt_lan"), load("agt_wu")), (0, 0));
    let case = act(&world, &id, "assign", r#"{ "auto": true }"#);
    assert!(case["agent_id"].is_string(), "{case}");
    act(&world, &id, "assign", r#"{ "agent_id": "agt_lan" }"#);
    let body = r#"{ "reason": "冒烟", "skill": "safety" }"#;
    let case = act(&world, &id, "escalate", body);
    assert_eq!(case["agent_id"], "agt_wu");
    assert_eq!(case["is_first_contact"], false);
    // Whoever calls for an expert is not the one who comes; if nobody is left, it stays theirs.
    let case = act(&world, &id, "escalate", body);
    assert_eq!(case["agent_id"], "agt_lan");
    world.database().execute("update agent set is_active = 0 where id = 'agt_wu'", []).unwrap();
    let case = act(&world, &id, "escalate", body);
    assert_eq!(case["agent_id"], "agt_lan");
    assert_eq!(case["assigned"]["why"][0]["reason"], "no_agents", "{case}");
    world.database().execute("update agent set is_active = 1 where id = 'agt_wu'", []).unwrap();
    let path = format!("POST /v1/complaints/{id}/assign");
    for body in [
        "{}",
        r#"{ "auto": true, "agent_id": "agt_wu" }"#,
        r#"{ "agent_id": "agt_old" }"#,
        r#"{ "agent_id": "agt_x" }"#,
        r#"{ "department_id": "dep_x" }"#,
    ] {
        assert_eq!(refused(&world, "agent", &path, body).0, "invalid-fields", "{body}");
    }
    world.database().execute("update agent set is_active = 0", []).unwrap();
    let (kind, _) = refused(&world, "agent", &path, r#"{ "auto": true }"#);
    assert_eq!(kind, "wrong-state");
}

#[test]
fn what_is_known_of_a_case_is_changed_by_field() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("PATCH /v1/complaints/{id}");
    let body = r#"{ "type": "quality", "need": "product", "urgency": "high", "amount": 500,
        "touchpoint_id": "tch_shop" }"#;
    let case = done(&world, "agent", &path, body);
    assert_eq!(case["need"], "product");
    assert_eq!(case["touchpoint_id"], "tch_shop");
    assert_eq!(case["amount"], 500);
    let case = done(&world, "agent", &path, r#"{ "amount": null, "need": null }"#);
    assert!(case["amount"].is_null() && case["need"].is_null());
    assert_eq!(case["urgency"], "high");
    let (_, text) = refused(
        &world,
        "agent",
        &path,
        r#"{ "need": "x", "urgency": "x", "department_id": "dep_x", "state": "closed" }"#,
    );
    for pointer in ["/need", "/urgency", "/department_id", "/state"] {
        assert!(text.contains(pointer), "{pointer} in {text}");
    }
    let stale = format!("{path}\nif-match: \"v1\"");
    assert_eq!(refused(&world, "agent", &stale, "{}").0, "precondition-failed");
}

#[test]
fn compensation_is_limited_by_role_and_never_given_twice() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("POST /v1/complaints/{id}/compensate");
    let coupon = r#"{ "kind": "coupon", "amount": 15000, "currency": "CNY", "reference": "C-1" }"#;
    let keyed = format!("{path}\nidempotency-key: one");
    let case = done(&world, "agent", &keyed, coupon);
    assert_eq!(case["compensations"][0]["amount"], 15000);
    let again = send(&world, "agent", &keyed, coupon);
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    // The same coupon under another key, or long after the answer was forgotten.
    assert_eq!(refused(&world, "agent", &path, coupon).0, "wrong-state");
    let more = r#"{ "kind": "refund", "amount": 5001, "currency": "CNY" }"#;
    assert_eq!(refused(&world, "agent", &path, more).0, "forbidden");
    done(&world, "manager", &path, more);
    let large = r#"{ "kind": "refund", "amount": 500000, "currency": "CNY" }"#;
    assert_eq!(refused(&world, "manager", &path, large).0, "forbidden");
    done(&world, "admin", &path, large);
    let (kind, text) = refused(
        &world,
        "agent",
        &path,
        r#"{ "kind": "gift", "amount": 0, "currency": "usd", "x": 1 }"#,
    );
    assert_eq!(kind, "invalid-fields");
    for pointer in ["/kind", "/amount", "/currency", "/x"] {
        assert!(text.contains(pointer), "{pointer} in {text}");
    }
    let dollars = r#"{ "kind": "refund", "amount": 1, "currency": "USD" }"#;
    assert_eq!(refused(&world, "agent", &path, dollars).0, "invalid-fields");
    done(&world, "admin", &path, dollars);
    assert_eq!(world.number("select sum(amount) from compensation"), 520_002);
    let codes = "select count(*) from event where data like '%C-1%'";
    assert_eq!(world.number(codes), 0);
}

#[test]
fn the_policy_of_the_site_sets_the_limits() {
    let world = World::with_site();
    world
        .database()
        .execute_batch(
            "insert into policy values ('pol_1', 'sit_shop', 'work', 1, '', 1, 0);
         insert into policy_version values ('pol_1', 1,
           '{\"compensation\":{\"currency\":\"EUR\",\"agent\":100}}', 0)",
        )
        .unwrap();
    let id = plain(&world, TEXT);
    let path = format!("POST /v1/complaints/{id}/compensate");
    let of = |amount: i64, currency: &str| {
        format!(r#"{{ "kind": "coupon", "amount": {amount}, "currency": "{currency}" }}"#)
    };
    assert_eq!(refused(&world, "agent", &path, &of(1, "CNY")).0, "invalid-fields");
    assert_eq!(refused(&world, "agent", &path, &of(101, "EUR")).0, "forbidden");
    done(&world, "agent", &path, &of(100, "EUR"));
}

#[test]
fn links_are_made_and_revoked() {
    let world = World::with_site();
    let id = plain(&world, TEXT);
    let path = format!("POST /v1/complaints/{id}/links\nidempotency-key: l");
    let made = done(&world, "agent", &path, "");
    assert_eq!(made["number"], 2);
    let url = made["url"].as_str().unwrap();
    assert!(url.starts_with("http://huiyin.test/t/"), "{url}");
    assert_eq!(done(&world, "agent", &path, "")["url"], url, "a repeated request");
    assert_eq!(world.number("select count(*) from idempotency where body like '%/t/%'"), 0);
    let live = "select count(*) from case_link where revoked_at_ms is null";
    assert_eq!(world.number(live), 2);
    let remove = |what: &str| format!("DELETE /v1/complaints/{id}/links/{what}");
    done(&world, "agent", &remove("2"), "");
    assert_eq!(refused(&world, "agent", &remove("2"), "").0, "not-found");
    assert_eq!(refused(&world, "agent", &remove("x"), "").0, "not-found");
    done(&world, "agent", &remove("all"), "");
    assert_eq!(world.number(live), 0);
    assert_eq!(refused(&world, "agent", &remove("all"), "").0, "not-found");
    assert_eq!(
        trail(&world, &id)[3..],
        ["linked", "unlinked", "unlinked"],
        "the first link is part of the opening"
    );
}

#[test]
fn a_merged_case_is_shown_with_the_other() {
    let world = World::with_site();
    let (one, two, three) =
        (plain(&world, "一件"), plain(&world, "第二件事"), plain(&world, "另外第三件"));
    let merge = |id: &str, into: &str| {
        let body = format!(r#"{{ "into": "{into}", "reason": "同一问题" }}"#);
        send(&world, "agent", &format!("POST /v1/complaints/{id}/merge"), &body).status().as_u16()
    };
    assert_eq!(merge(&one, &one), 422);
    assert_eq!(merge(&one, "cmp_x"), 422);
    assert_eq!(merge(&one, &two), 200);
    assert_eq!(merge(&one, &three), 409, "merged already");
    assert_eq!(merge(&three, &one), 409, "into one that is merged");
    assert_eq!(merge(&two, &three), 200);
    let whole = get(&world, &format!("/{three}"));
    let said: Vec<&str> = whole["texts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "complaint")
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    assert_eq!(said, ["一件", "第二件事", "另外第三件"]);
    assert_eq!(trail(&world, &three).last().unwrap(), "joined");
    assert_eq!(whole["version"], 4);
    assert_eq!(world.number("select sum(open) from agent_load"), 1);
    let answer =
        send(&world, "agent", &format!("POST /v1/complaints/{one}/note"), r#"{ "text": "x" }"#);
    assert_eq!(answer.status(), 409);
}
