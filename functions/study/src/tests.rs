//! Studies, told in requests and answers.

use testkit::{DEFINITION, Given, World};

#[test]
fn a_study_is_made_published_changed_and_closed() {
    let world = World::with_site();
    let auth = "authorization: Bearer {manager}";
    let body = format!(r#"{{ "name": "季度", "definition": {DEFINITION} }}"#);
    let made = world.json(super::handle, &format!("POST /v1/studies\n{auth}\n\n{body}"));
    assert_eq!(made["state"], "draft");
    assert!(made["published_version"].is_null());
    let id = made["id"].as_str().unwrap();
    let path = format!("/v1/studies/{id}");
    let closed = world.send(super::handle, &format!("POST {path}/close\n{auth}"));
    assert_eq!(closed.status(), 409, "what was never published cannot be closed");
    assert!(String::from_utf8_lossy(closed.body()).contains("/problems/not-published"));
    let published = world.json(super::handle, &format!("POST {path}/publish\n{auth}"));
    assert_eq!(published["published_version"], 1);
    assert_eq!(published["state"], "open");
    let renamed =
        world.json(super::handle, &format!("PATCH {path}\n{auth}\n\n{{\"name\": \"月度\"}}"));
    assert_eq!(renamed["definition"], published["definition"]);
    world.json(super::handle, &format!("POST {path}/publish\n{auth}"));
    let versions = world.json(super::handle, &format!("GET {path}/versions\n{auth}"));
    assert_eq!(versions["items"].as_array().unwrap().len(), 2);
    let closed = world.json(super::handle, &format!("POST {path}/close\n{auth}"));
    assert_eq!(closed["state"], "closed");
    let verdict = world.json(super::handle, &format!("GET {path}/audit/verify\n{auth}"));
    assert_eq!((&verdict["events"], &verdict["is_intact"]), (&5.into(), &true.into()));
    let stays = "update study_version set definition = '{}'";
    assert!(world.database().execute(stays, []).is_err(), "a published version never changes");
}

#[test]
fn a_definition_names_touchpoints_that_exist_here() {
    let world = World::with_site();
    let definition = DEFINITION.replace("tch_shop", "tch_gone");
    let body = format!(r#"{{ "name": "x", "definition": {definition} }}"#);
    world.check(
        super::handle,
        &format!("POST /v1/studies\nauthorization: Bearer {{manager}}\n\n{body}"),
        r#"
422

{ "type": "/problems/invalid-fields", "title": "Some fields are not valid", "status": 422,
  "instance": "req_test", "errors": [
    { "pointer": "/definition/touchpoint_id", "detail": "must be a touchpoint of this site" } ] }"#,
    );
}

#[test]
fn a_definition_is_explained_before_it_is_kept() {
    let world = World::with_site();
    let body = r#"{
        "title": { "zh-CN": "回访", "en": "Visit" },
        "questions": [
            { "id": "recommend", "type": "nps", "text": "推荐吗？", "touchpoint_id": "tch_gone",
              "next": [{ "to": "end:bye" }] },
            { "id": "why", "type": "text", "text": "为什么？", "colour": "red",
              "show_if": { "question": "mail", "is": "answered" } },
            { "id": "why", "type": "email", "text": { "zh-CN": "邮箱", "en": "Mail" } }
        ] }"#;
    world.check(
        super::handle,
        &format!(
            "POST /v1/studies/validate\nauthorization: Bearer {{viewer}}\n\
             accept-language: zh-CN\n\n{body}"
        ),
        r#"
200

{ "valid": false, "errors": [
    { "pointer": "/questions/1/colour", "detail": "是未知字段" },
    { "pointer": "/questions/2/id", "detail": "与前面的重复" },
    { "pointer": "/questions/0/next/0/to", "detail": "须为某个问题的 id、end，或 end: 加结束语的 id" },
    { "pointer": "/questions/1/show_if/question", "detail": "须为某个问题的 id" },
    { "pointer": "/questions/0/touchpoint_id", "detail": "须为本站点的触点" } ],
  "warnings": [
    { "pointer": "/questions/0/text", "detail": "没有 en 的文本，将显示 zh-CN 的文本" },
    { "pointer": "/questions/1/text", "detail": "没有 en 的文本，将显示 zh-CN 的文本" } ] }"#,
    );
    // What cannot be answered is not kept either.
    let body = format!(r#"{{ "name": "x", "definition": {body} }}"#);
    let request = format!("POST /v1/studies\nauthorization: Bearer {{manager}}\n\n{body}");
    assert_eq!(world.send(super::handle, &request).status(), 422);
    let right =
        format!("POST /v1/studies/validate\nauthorization: Bearer {{viewer}}\n\n{DEFINITION}");
    let verdict = world.json(super::handle, &right);
    assert_eq!(verdict["valid"], true);
    assert_eq!(world.send(super::handle, "POST /v1/studies/validate\n\n{}").status(), 401);
}

#[test]
fn staff_screen_a_response_and_overrule_it_and_the_figures_follow() {
    let world = World::with_site();
    let nps = Given { scale: ("nps", 10), question: "recommend", ..Given::default() };
    let csat = Given { question: "quality", dimension: "quality", ..Given::default() };
    world.answered_all(&[(nps, 9), (csat, 4)]);
    let id = world.answered_all(&[(nps, 2), (csat, 1)]);
    let counted = || {
        (
            world.number("select n from rollup where grain = 'site' and metric = 'nps'"),
            world.number("select sum(n) from rollup where grain = 'dimension_driver'"),
        )
    };
    assert_eq!(counted(), (2, 2));
    let path = format!("/v1/studies/srv_shop/responses/{id}");
    let patch = |key: &str, is_counted: bool| {
        let body = format!("{{ \"is_counted\": {is_counted} }}");
        let request = format!("PATCH {path}\nauthorization: Bearer {{{key}}}\n\n{body}");
        world.send(super::handle, &request)
    };
    assert_eq!(patch("agent", false).status(), 403);
    assert_eq!(patch("other", false).status(), 404);
    let screened = patch("manager", false);
    let body = String::from_utf8_lossy(screened.body()).into_owned();
    assert!(body.contains(r#""is_counted":false,"screened":["staff"],"version":2"#), "{body}");
    assert_eq!(counted(), (1, 1));
    assert_eq!(patch("manager", false).status(), 200, "once more changes nothing");
    assert_eq!(counted(), (1, 1));
    let overruled = patch("manager", true);
    assert_eq!(overruled.headers()["etag"], "\"v4\"");
    let body = String::from_utf8_lossy(overruled.body()).into_owned();
    assert!(body.contains(r#""is_counted":true,"screened":["staff"]"#), "{body}");
    assert_eq!(counted(), (2, 2));
    let rollups = "select count(*) from (select * from rollup_fact except select * from rollup)";
    assert_eq!(world.number(rollups), 0);
    let verify = format!("GET {path}/audit/verify\nauthorization: Bearer {{viewer}}");
    let verdict = world.json(super::handle, &verify);
    assert_eq!((&verdict["events"], &verdict["is_intact"]), (&4.into(), &true.into()));
}

#[test]
fn staff_overrule_what_was_screened_and_add_their_own_reason() {
    let world = World::with_site();
    let given = Given { screened: "straight_lining,too_fast", ..Given::default() };
    let id = world.answered_all(&[(given, 4)]);
    world.answered(&Given::default(), 4);
    let path = format!("/v1/studies/srv_shop/responses/{id}");
    let show = format!("GET {path}\nauthorization: Bearer {{agent}}");
    let patch = |is_counted: bool| {
        let head = format!("PATCH {path}\nauthorization: Bearer {{manager}}");
        world.json(super::handle, &format!("{head}\n\n{{ \"is_counted\": {is_counted} }}"))
    };
    let counted = || world.number("select n from rollup where grain = 'site'");
    let reasons = serde_json::json!(["straight_lining", "too_fast"]);
    let shown = world.json(super::handle, &show);
    assert_eq!((&shown["is_counted"], &shown["screened"]), (&false.into(), &reasons));
    assert_eq!(counted(), 1);
    let shown = patch(true);
    assert_eq!((&shown["is_counted"], &shown["screened"]), (&true.into(), &reasons));
    assert_eq!(counted(), 2);
    let reasons = serde_json::json!(["straight_lining", "too_fast", "staff"]);
    assert_eq!(patch(false)["screened"], reasons);
    assert_eq!(counted(), 1);
    assert_eq!(patch(false)["screened"], reasons, "each reason is told once");
}

#[test]
fn a_mapping_names_questions_that_exist() {
    let world = World::with_site();
    let long = "H".repeat(201);
    let body = r#"{ "answers": { "recommend": {}, "colour": "C" }, "when": "W", "id": "#;
    let put = "PUT /v1/studies/srv_shop/mapping\nauthorization: Bearer {manager}";
    let answer = world.send(super::handle, &format!("{put}\n\n{body}\"{long}\" }}"));
    assert_eq!(answer.status(), 422);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    for pointer in ["/answers/recommend/column", "/answers/colour", "/when", "/id"] {
        assert!(text.contains(&format!("\"{pointer}\"")), "{pointer} in {text}");
    }
}

#[test]
fn a_mapping_is_kept_as_it_was_sent() {
    let world = World::with_site();
    let path = "/v1/studies/srv_shop/mapping\nauthorization: Bearer {manager}";
    assert_eq!(world.send(super::handle, &format!("GET {path}")).status(), 404);
    let body = r#"{ "id": "No", "answers": { "why": { "column": "W", "map": { "a": "b" } } } }"#;
    let put = world.send(super::handle, &format!("PUT {path}\n\n{body}"));
    assert_eq!((put.status().as_u16(), &put.headers()["etag"]), (200, &"\"v2\"".parse().unwrap()));
    let shown = world.json(super::handle, &format!("GET {path}"));
    assert_eq!(shown, web::view::json(body));
    let nulls = r#"{ "id": null, "answers": { "why": { "column": "W", "value": null } } }"#;
    let put = world.json(super::handle, &format!("PUT {path}\n\n{nulls}"));
    assert_eq!(put, serde_json::json!({ "answers": { "why": { "column": "W" } } }));
    let stale = format!("PUT {path}\nif-match: \"v1\"\n\n{body}");
    assert_eq!(world.send(super::handle, &stale).status(), 412);
}

#[test]
fn wrong_methods_and_a_broken_database_say_so() {
    let world = World::with_site();
    for (path, allow) in [
        ("/v1/studies", "GET, HEAD, POST"),
        ("/v1/studies/x/publish", "POST"),
        ("/v1/studies/x/mapping", "GET, HEAD, PUT"),
        ("/v1/studies/x/versions", "GET, HEAD"),
    ] {
        let answer = world.send(super::handle, &format!("DELETE {path}"));
        assert_eq!(answer.status(), 405, "{path}");
        assert_eq!(answer.headers()["allow"], allow);
    }
    world.break_database();
    let read = "GET /v1/studies\nauthorization: Bearer {viewer}";
    assert_eq!(world.send(super::handle, read).status(), 503);
}

#[test]
fn agents_see_the_contacts_that_a_response_gave() {
    let world = World::with_site();
    let given = Given { answers: r#"{ "q": 4, "mail": true }"#, ..Given::default() };
    let id = world.answered_all(&[(given, 4)]);
    let contact = "insert into contact (owner, kind, question_id, value)
        values (?1, 'email', 'mail', 'a@example.com')";
    world.database().execute(contact, [&id]).unwrap();
    let path = "/v1/studies/srv_shop/responses";
    let one =
        world.json(super::handle, &format!("GET {path}/{id}\nauthorization: Bearer {{agent}}"));
    assert_eq!(one["answers"]["mail"], "a@example.com");
    let viewer = format!("GET {path}/{id}\nauthorization: Bearer {{viewer}}");
    assert_eq!(world.send(super::handle, &viewer).status(), 403);
}

#[test]
fn viewers_see_where_visitors_stop() {
    let world = World::with_site();
    let tally = "insert into tally values ('srv_shop', 'stopped:1:quality', 3),
        ('srv_shop', 'stopped:2:quality', 9), ('srv_shop', 'stopped:10:quality', 9),
        ('srv_shop', 'finished:1', 7), ('srv_shop', 'quota:x', 5), ('srv_other', 'finished:1', 1)";
    world.database().execute(tally, []).unwrap();
    let read = "GET /v1/studies/srv_shop/dropoff\nauthorization: Bearer {viewer}";
    world.check(
        super::handle,
        read,
        r#"
200

{ "survey_id": "srv_shop", "version": 1, "finished": 7, "questions": [
    { "id": "recommend", "stopped": 0 }, { "id": "quality", "stopped": 3 },
    { "id": "easy", "stopped": 0 }, { "id": "many", "stopped": 0 },
    { "id": "why", "stopped": 0 } ] }"#,
    );
    for (key, status) in [("pk", 401), ("other", 404)] {
        let answer = world.send(super::handle, &read.replace("viewer", key));
        assert_eq!(answer.status(), status, "{key}");
    }
    assert_eq!(world.send(super::handle, &read.replace("GET", "POST")).status(), 405);
}

#[test]
fn every_template_is_a_survey_that_can_be_published_in_both_languages() {
    let world = World::with_site();
    let told =
        world.json(super::handle, "GET /v1/studies/templates\nauthorization: Bearer {viewer}");
    let items = told["items"].as_array().unwrap();
    let ids: Vec<&str> = items.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        ["nps", "csat", "ces", "after_sale", "mystery_shopper", "journey", "complaint", "blank"]
    );
    for it in items {
        for lang in ["zh", "en"] {
            assert!(it["name"][lang].is_string() && it["about"][lang].is_string(), "{it}");
        }
        let definition = &it["definition"];
        let validate = "POST /v1/studies/validate\nauthorization: Bearer {viewer}";
        let verdict = world.json(super::handle, &format!("{validate}\n\n{definition}"));
        assert_eq!(verdict["valid"], true, "{}: {verdict}", it["id"]);
        assert_eq!(verdict["warnings"], serde_json::json!([]), "{}: {verdict}", it["id"]);
        let body = serde_json::json!({ "name": it["name"]["zh"], "definition": definition });
        let create = "POST /v1/studies\nauthorization: Bearer {manager}";
        let made = world.json(super::handle, &format!("{create}\n\n{body}"));
        let path = format!("POST /v1/studies/{}/publish", made["id"].as_str().unwrap());
        let published =
            world.json(super::handle, &format!("{path}\nauthorization: Bearer {{manager}}"));
        assert_eq!(published["published_version"], 1, "{}", it["id"]);
    }
    assert_eq!(world.send(super::handle, "GET /v1/studies/templates").status(), 401);
    assert_eq!(world.send(super::handle, "POST /v1/studies/templates\n\n{}").status(), 405);
}

#[test]
fn viewers_learn_the_tag_and_where_it_arrived() {
    let world = World::with_site();
    world.check(
        super::handle,
        "GET /v1/studies/srv_shop/tag\nauthorization: Bearer {viewer}",
        r#"
200

{ "survey_id": "srv_shop", "key": "pk_pk", "script": "http://huiyin.test/widget.js",
  "page": "http://huiyin.test/s/srv_shop", "origins": ["https://shop.example"],
  "tag": "*" }"#,
    );
    let tag = "GET /v1/studies/srv_shop/tag\nauthorization: Bearer {viewer}";
    assert_eq!(
        world.json(super::handle, tag)["tag"],
        "<script src=\"http://huiyin.test/widget.js\" data-key=\"pk_pk\" \
         data-survey=\"srv_shop\" async></script>"
    );
    world.run(store::sightings::note("srv_shop", "https://shop.example", true, 1_000));
    world.run(store::sightings::note("srv_shop", "https://shop.example", true, 3_600_000));
    world.run(store::sightings::note("srv_shop", "https://else.example", false, 2_000));
    world.run(store::sightings::note("srv_none", "https://else.example", false, 2_000));
    world.check(
        super::handle,
        "GET /v1/studies/srv_shop/sightings\nauthorization: Bearer {viewer}",
        r#"
200

{ "items": [
  { "origin": "https://shop.example", "is_listed": true,
    "first_at": "1970-01-01T00:00:01Z", "seen_at": "1970-01-01T01:00:00Z" },
  { "origin": "https://else.example", "is_listed": false,
    "first_at": "1970-01-01T00:00:02Z", "seen_at": "1970-01-01T00:00:02Z" } ] }"#,
    );
    assert_eq!(world.number("select count(*) from sighting"), 2, "none of what does not exist");
    for what in ["tag", "sightings"] {
        let read = format!("GET /v1/studies/srv_shop/{what}");
        assert_eq!(world.send(super::handle, &read).status(), 401);
        let other = format!("{read}\nauthorization: Bearer {{other}}");
        assert_eq!(world.send(super::handle, &other).status(), 404);
        let post = format!("POST /v1/studies/srv_shop/{what}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(super::handle, &post).status(), 405);
    }
}
