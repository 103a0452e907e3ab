//! Causes ranked: by how often they come, whether their measure helped, and by their harm.

use super::*;
use serde_json::json;

/// A case that was closed with a cause.
fn of(day: i64, grade: &str, kind: &str, cause_id: &str) -> Case {
    Case { cause_kind: kind.to_owned(), cause_id: cause_id.to_owned(), ..case(day, grade) }
}

#[test]
fn causes_are_ranked_by_how_often_they_came_in_a_month() {
    let world = World::with_site();
    let gap = cause(&world, r#"{ "kind": "process_gap", "name": "no handover" }"#);
    let heat = cause(&world, r#"{ "kind": "product_defect", "name": "过热" }"#);
    let quiet = cause(&world, r#"{ "kind": "service_error", "name": "rude" }"#);
    let day = TODAY - 5;
    count(
        &world,
        &[
            (of(day, "general", "process_gap", &gap), 3),
            (of(day, "major", "product_defect", &heat), 5),
            (of(day, "general", "product_defect", ""), 2),
            (open(TODAY, "general"), 7),
            // Of October.
            (of(TODAY - 30, "general", "process_gap", &gap), 4),
            (of(TODAY - 30, "general", "service_error", &quiet), 4),
        ],
    );
    let shown = read(&world, "/v1/causes/ranking?month=2026-11");
    assert_eq!((&shown["from"], &shown["to"]), (&"2026-11-01".into(), &"2026-11-30".into()));
    assert_eq!(shown["compared"], json!({ "from": "2026-10-01", "to": "2026-10-31" }));
    let counts = ["received", "known", "unknown"].map(|it| shown[it].as_i64().unwrap());
    assert_eq!(counts, [17, 10, 7]);
    assert_eq!(
        shown["not_listed"],
        json!({ "process_gap": 0, "product_defect": 2, "service_error": 0 })
    );
    let items = shown["items"].as_array().unwrap();
    let told = items.iter().map(|it| (it["id"].as_str().unwrap(), it["n"].as_i64().unwrap()));
    assert_eq!(told.collect::<Vec<_>>(), [(heat.as_str(), 5), (gap.as_str(), 3)]);
    assert_eq!((&items[1]["rank"], &items[1]["n_before"]), (&2.into(), &4.into()));
    // Wilson for 5 of 10.
    assert_eq!(items[0]["share"]["value"], 50.0);
    assert_eq!(items[0]["share"]["interval"], json!([23.7, 76.3]));
    assert_eq!(items[0]["grades"]["major"], 5);
    assert!(items[0]["effect"].is_null(), "there is no measure");
    // This month is what is asked for by default, and any days are taken as well.
    assert_eq!(read(&world, "/v1/causes/ranking"), shown);
    let days = read(&world, "/v1/causes/ranking?from=2026-10-01&to=2026-10-31");
    let names = days["items"].as_array().unwrap().iter().map(|it| it["n"].as_i64().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), [4, 4]);
    for query in ["month=2026-13", "month=2026", "month=2026-11&from=2026-11-01"] {
        let request = format!("GET /v1/causes/ranking?{query}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(crate::handle, &request).status(), 422, "{query}");
    }
}

/// Whether the measure against a cause helped.
fn effect_of(world: &World, id: &str) -> Value {
    let shown = read(world, "/v1/causes/ranking");
    let items = shown["items"].as_array().unwrap();
    items.iter().find(|it| it["id"] == id).unwrap()["effect"].clone()
}

#[test]
fn a_measure_is_said_to_help_only_where_the_numbers_tell() {
    let world = World::with_site();
    let since = r#""measure": "it was mended", "measure_since": "2026-10-08""#;
    let made = |name: &str| {
        cause(&world, &format!(r#"{{ "kind": "process_gap", "name": "{name}", {since} }}"#))
    };
    let (helped, same, rare) = (made("helped"), made("same"), made("rare"));
    // 46 days since the measure, today included, and 90 before it.
    for day in TODAY - 135..=TODAY {
        let is_since = TODAY - 45 <= day;
        let some = |cause: &str, n| (of(day, "general", "process_gap", cause), n);
        count(&world, &[some(&helped, if is_since { day % 2 } else { 2 }), some(&same, 1)]);
        if day % 10 == 0 {
            count(&world, &[some(&rare, 1)]);
        }
    }
    let effect = |id: &str| effect_of(&world, id);
    let found = effect(&helped);
    assert_eq!((&found["verdict"], &found["before"]["n"]), (&"fewer".into(), &180.into()));
    let days = (&found["before"]["days"], &found["since"]["days"]);
    assert_eq!(days, (&90.into(), &46.into()));
    assert_eq!(found["before"]["per_month"], 60.0);
    let ratio = found["ratio"].as_f64().unwrap();
    assert!((0.2..0.3).contains(&ratio), "{found}");
    assert!(found["interval"][1].as_f64().unwrap() < 0.5, "{found}");
    assert!(found["p_corrected"].as_f64().unwrap() < 0.001, "{found}");
    assert_eq!(effect(&same)["verdict"], "unclear");
    assert_eq!(effect(&same)["ratio"], 1.0);
    let few = effect(&rare);
    assert_eq!(few["verdict"], "too_few");
    assert!(few["ratio"].is_null() && few["p"].is_null(), "{few}");
    assert_eq!(few["says"], "too few cases or days to say whether the measure helped");
    // What was before the first complaint of all says nothing.
    let early = r#"{ "kind": "process_gap", "name": "early", "measure": "it was mended",
        "measure_since": "2026-07-20" }"#;
    let early = cause(&world, early);
    count(&world, &[(of(TODAY, "general", "process_gap", &early), 60)]);
    let early = effect_of(&world, &early);
    assert_eq!((&early["before"]["days"], &early["verdict"]), (&10.into(), &"too_few".into()));
    let zh = world.json(
        crate::handle,
        "GET /v1/causes/ranking\nauthorization: Bearer {viewer}\naccept-language: zh-CN",
    );
    assert!(zh.to_string().contains("措施之后发生得更少"), "{zh}");
}

#[test]
fn a_quarter_is_reviewed_by_frequency_and_harm() {
    let world = World::with_site();
    let often = cause(&world, r#"{ "kind": "service_error", "name": "slow" }"#);
    let worst = cause(&world, r#"{ "kind": "product_defect", "name": "过热" }"#);
    count(
        &world,
        &[
            (of(TODAY - 20, "general", "service_error", &often), 12),
            (of(TODAY - 20, "major", "product_defect", &worst), 2),
            (of(TODAY - 20, "moderate", "product_defect", &worst), 1),
        ],
    );
    let note = format!(
        "POST /v1/reviews\nauthorization: Bearer {{manager}}\n\n\
         {{ \"quarter\": \"2026-Q4\", \"cause_id\": \"{worst}\", \"note\": \"recall\" }}"
    );
    assert_eq!(world.send(crate::handle, &note).status(), 201);
    let shown = read(&world, "/v1/reviews/ranking?quarter=2026-Q4");
    assert_eq!((&shown["quarter"], &shown["to"]), (&"2026-Q4".into(), &"2026-12-31".into()));
    let items = shown["items"].as_array().unwrap();
    assert_eq!((&items[0]["id"], &items[0]["risk"]), (&worst.as_str().into(), &23.into()));
    // (2 · 10 + 3) / 3.
    assert_eq!((&items[0]["harm"], &items[0]["n"]), (&7.67.into(), &3.into()));
    assert_eq!(items[0]["review"]["note"], "recall");
    assert!(items[1]["review"].is_null());
    // Who counts each alike ranks by frequency alone.
    let flat = read(&world, "/v1/reviews/ranking?harm=1,1,1");
    assert_eq!(flat["items"][0]["id"], often);
    assert_eq!(flat["weights"], json!({ "general": 1, "moderate": 1, "major": 1 }));
    assert_eq!(read(&world, "/v1/reviews/ranking?quarter=2026-Q3")["items"], json!([]));
    for query in ["quarter=2026-Q0", "quarter=2026-4", "harm=1,2", "harm=1,2,3,4", "harm=1,2,x"] {
        let request = format!("GET /v1/reviews/ranking?{query}\nauthorization: Bearer {{viewer}}");
        assert_eq!(world.send(crate::handle, &request).status(), 422, "{query}");
    }
}
