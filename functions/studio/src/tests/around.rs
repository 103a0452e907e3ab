//! What stands around a survey: the tag, links, waves, files.

use super::*;

#[test]
fn the_tag_is_ready_to_paste_and_tells_whether_it_arrived() {
    let (world, _) = world();
    let path = "/desk/surveys/srv_shop/tag?lang=en";
    let none = page(&world, "viewer", path);
    has(&none, &["Not yet: no page has asked", "https://shop.example", "An administrator can"]);
    has(&none, &["data-key=&quot;pk_pk&quot; data-survey=&quot;srv_shop&quot; async&gt;"]);
    has(&none, &["src=&quot;http://huiyin.test/widget.js&quot;"]);
    let seen = world.number("select created_at_ms from site where id = 'sit_shop'");
    world.run(store::sightings::note("srv_shop", "https://shop.example", true, seen));
    world.run(store::sightings::note("srv_shop", "https://else.example", false, seen));
    world.wait_ms(5 * 60_000);
    let zh = page(&world, "admin", "/desk/surveys/srv_shop/tag?lang=zh");
    has(&zh, &["已生效", "https://shop.example，", "分钟前", "已拒绝", "站点未列出此来源"]);
    has(&zh, &["/desk/settings/site?lang=zh", "data-sightings=\"/v1/studies/srv_shop/sightings\""]);
    let chosen = format!("{path}&mode=tab&label=%3Cb%3E%22&exit=true&url=/a");
    has(
        &page(&world, "viewer", &chosen),
        &[
            "data-mode=&quot;tab&quot;",
            "data-label=&quot;&amp;lt;b&amp;gt;&amp;quot;&quot;",
            "data-url=&quot;/a&quot; data-exit async",
            "value=\"tab\" selected",
        ],
    );
    world
        .database()
        .execute("update api_key set revoked_at_ms = 1 where id = 'key_pk'", [])
        .unwrap();
    has(&page(&world, "viewer", path), &["no publishable key yet", "An administrator makes one."]);
    has(&page(&world, "admin", path), &["href=\"/desk/settings/keys?lang=en\""]);
}

#[test]
fn links_are_made_once_and_shown_once() {
    let (world, calls) = world();
    let path = "/desk/surveys/srv_shop/links?lang=en";
    has(&page(&world, "manager", path), &["Make links", "href=\"/s/srv_shop\""]);
    let fields = "key=k1&count=2&customers=&expires_at=&single_use=true&language=en";
    let answer = post(&world, "manager", path, fields);
    assert_eq!(answer.status(), 201, "{}", text(&answer));
    let shown = text(&answer);
    check(&shown);
    assert_eq!(shown.matches("http://huiyin.test/s/srv_shop?l=").count(), 2, "{shown}");
    let (verb, target, body, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Post, "/v1/studies/srv_shop/links"));
    assert_eq!(body, json!({ "count": 2, "single_use": true, "language": "en" }));
    assert_eq!(header(&headers, "idempotency-key"), "k1");
    let id = world.customer("M1", "core", true);
    let named = post(&world, "manager", path, &format!("count=1&customers=M1%0A{HOSTILE}"));
    assert_eq!(named.status(), 422);
    has(&text(&named), &["href=\"#customers\"", "must be a customer of this site", ESCAPED]);
    let named = post(&world, "manager", path, "count=1&customers=M1");
    has(&text(&named), &[&format!("{id} http://huiyin.test/s/srv_shop?l=")]);
    world.database().execute("update study set state = 'closed'", []).unwrap();
    has(&page(&world, "manager", path), &["once the survey is published and open"]);
}

#[test]
fn programmes_are_planned_and_changed() {
    let (world, calls) = world();
    let path = "/desk/surveys/srv_shop/waves?lang=en";
    has(&page(&world, "viewer", path), &["Nobody is asked of our own accord yet"]);
    assert!(!page(&world, "viewer", path).contains("Plan it"));
    let fields = "name=Quarterly&recurrence=quarterly&starts_on=2026-12-31&sample/new=10\
        &sample/existing=&sample/core=5&remind_after_days=3%EF%BC%8C+7&open_days=14";
    assert_eq!(goes(&post(&world, "manager", path, fields)), format!("{path}&done=created"));
    let (_, target, body, _) = calls.one();
    assert_eq!(target, "/v1/programmes");
    assert_eq!(
        body,
        json!({ "name": "Quarterly", "study_id": "srv_shop",
        "recurrence": "quarterly", "starts_on": "2026-12-31", "sample": { "new": 10, "core": 5 },
        "remind_after_days": [3, 7], "open_days": 14 })
    );
    let listed = page(&world, "viewer", path);
    has(&listed, &["Quarterly", "Every quarter · 0 waves so far"]);
    let own = listed.split("/desk/surveys/srv_shop/waves/").nth(1).unwrap();
    let own = format!("/desk/surveys/srv_shop/waves/{}", own.split('"').next().unwrap());
    has(&page(&world, "manager", &own), &["value=\"3, 7\"", "None yet", "value=\"2026-12-31\""]);
    let wrong = fields.replace("14", "2").replace("Quarterly", "");
    let answer = post(&world, "manager", &own, &format!("version=1&is_active=true&{wrong}"));
    has(&text(&answer), &["href=\"#name\"", "must be filled in"]);
    let wrong = fields.replace("=14", "=2");
    let answer = post(&world, "manager", &own, &format!("version=1&is_active=true&{wrong}"));
    assert_eq!(answer.status(), 422);
    let shown = text(&answer);
    check(&shown);
    has(&shown, &["href=\"#remind_after_days\"", "all less than open_days"]);
    let _ = calls.take();
    let rest = format!("version=1&{fields}");
    goes(&post(&world, "manager", &own, &rest));
    let (verb, _, body, headers) = calls.one();
    assert_eq!((verb, &body["is_active"]), (Verb::Patch, &false.into()));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    has(&page(&world, "viewer", path), &["· rests"]);
}

#[test]
fn files_come_and_go_through_the_api() {
    let (world, calls) = world();
    let path = "/desk/surveys/srv_shop/files?lang=en";
    let agent = page(&world, "agent", path);
    has(&agent, &["action=\"/v1/studies/srv_shop/export\"", "name=\"format\""]);
    assert!(!agent.contains("Bring answers") && get(&world, "viewer", path).status() == 403);
    let answer = post(&world, "manager", path, "format=delighted&zone=Europe/Berlin&csv=a,b%0A1,2");
    let shown = text(&answer);
    check(&shown);
    has(&shown, &["What came of the file", "Line 4, answers/recommend: must be 0 to 10"]);
    let call = calls.take().remove(0);
    assert!(
        call.url.ends_with("/v1/studies/srv_shop/import?format=delighted&zone=Europe%2FBerlin")
    );
    assert_eq!(call.body, b"a,b\n1,2");
    assert_eq!(header(&call.headers, "content-type"), "text/csv");
    has(&text(&post(&world, "manager", path, "csv=")), &["href=\"#csv\"", "must be filled in"]);
    let map = "/desk/surveys/srv_shop/files/mapping?lang=en";
    let fields = "version=1&id=No&answers/recommend={\"column\":\"Q1\",\"map\":{\"good\":9}}\
        &answers/why=W";
    assert_eq!(goes(&post(&world, "manager", map, fields)), format!("{path}&done=saved"));
    let (verb, target, body, headers) = calls.one();
    assert_eq!((verb, target.as_str()), (Verb::Put, "/v1/studies/srv_shop/mapping"));
    assert_eq!(header(&headers, "if-match"), "\"v1\"");
    let expected = json!({ "id": "No", "answers": { "why": "W",
        "recommend": { "column": "Q1", "map": { "good": 9 } } } });
    assert_eq!(body, expected);
    has(&page(&world, "manager", path), &["value=\"No\"", "&quot;column&quot;:&quot;Q1&quot;"]);
    let wrong = "version=2&answers/recommend={\"map\":{}}";
    let answer = post(&world, "manager", map, wrong);
    assert_eq!(answer.status(), 422);
    has(&text(&answer), &["href=\"#answers/recommend\"", "needs either column or value"]);
}
