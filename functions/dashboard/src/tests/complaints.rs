//! The figures of complaints.

use serde_json::{Value, json};
use store::cases::Case;
use testkit::World;

/// 2026-11-22, the day of [`testkit::START`] at the site.
const TODAY: i64 = 20_779;
const HOUR: i64 = 3_600_000;

/// A case that was received on a day, and is closed in time.
fn case(day: i64, grade: &str) -> Case {
    let received_at = day * 24 * HOUR;
    Case {
        site_id: "sit_shop".to_owned(),
        state: "closed".to_owned(),
        grade: grade.to_owned(),
        grading: "{}".to_owned(),
        channel: "phone".to_owned(),
        cause_kind: "service_error".to_owned(),
        is_first_contact: Some(true),
        received_at,
        received_day: day,
        answered_at: Some(received_at + HOUR),
        solved_at: Some(received_at + 20 * HOUR),
        closed_at: Some(received_at + 21 * HOUR),
        ..Case::default()
    }
}

/// One that nobody has answered yet.
fn open(day: i64, grade: &str) -> Case {
    Case {
        state: "open".to_owned(),
        cause_kind: String::new(),
        is_first_contact: None,
        answered_at: None,
        solved_at: None,
        closed_at: None,
        ..case(day, grade)
    }
}

/// Counts cases, so many times each, as their changes would.
fn count(world: &World, cases: &[(Case, i64)]) {
    let mut sums = app::case::Sums::default();
    for (case, times) in cases {
        sums.add(case, *times);
    }
    for write in sums.writes("sit_shop") {
        world.run(write.statement);
    }
}

fn read(world: &World, path: &str) -> Value {
    world.json(crate::handle, &format!("GET {path}\nauthorization: Bearer {{viewer}}"))
}

/// Forty received ten days ago, a few of them late; some of today.
fn month(world: &World) {
    let day = TODAY - 10;
    let late = Case {
        late: 1,
        answered_at: Some(day * 24 * HOUR + 30 * HOUR),
        is_first_contact: Some(false),
        is_repeat: true,
        department_id: "dep_a".to_owned(),
        csat: Some(2),
        ..case(day, "moderate")
    };
    let good = Case { csat: Some(5), ces: Some(6), ..case(day, "general") };
    let mut overdue = open(day, "major");
    (overdue.late, overdue.agent_id) = (3, "agt_lan".to_owned());
    let merged = Case { state: "merged".to_owned(), ..case(day, "general") };
    count(world, &[(good, 30), (late, 8), (overdue, 2), (merged, 1), (case(day, "none"), 3)]);
    count(world, &[(open(TODAY, "general"), 4)]);
}

#[test]
fn the_site_is_told_with_its_rates_durations_and_backlog() {
    let world = World::with_site();
    month(&world);
    let shown = read(&world, "/v1/complaint-figures");
    assert_eq!((&shown["from"], &shown["to"]), (&"2026-10-24".into(), &"2026-11-22".into()));
    assert_eq!(shown["received"], 44);
    assert_eq!((&shown["merged"], &shown["not_complaints"]), (&1.into(), &3.into()));
    assert_eq!(shown["grades"], json!({ "general": 34, "moderate": 8, "major": 2 }));
    assert_eq!(shown["causes"]["service_error"], 38);
    let rates = &shown["rates"];
    // Of today's nobody knows yet; the two that are overdue count.
    assert_eq!(rates["answered_on_time"]["n"], 40);
    assert_eq!(rates["answered_on_time"]["value"], 75.0);
    // Wilson for 30 of 40.
    assert_eq!(rates["answered_on_time"]["interval"], json!([59.8, 85.8]));
    assert_eq!(rates["resolution"]["value"], 95.0);
    assert_eq!(
        (&rates["resolution"]["at_least"], &rates["resolution"]["met"]),
        (&98.into(), &false.into())
    );
    assert_eq!(
        (&rates["repeated"]["at_most"], &rates["repeated"]["value"]),
        (&5.into(), &18.2.into())
    );
    assert_eq!(
        (&rates["first_contact"]["hits"], &rates["first_contact"]["n"]),
        (&30.into(), &38.into())
    );
    assert_eq!(rates["closed_on_time"]["small"], false);
    let first = &shown["first_answer"];
    assert_eq!(
        (&first["n"], &first["median"], &first["p90"]),
        (&38.into(), &3600.into(), &108_000.into())
    );
    assert_eq!(shown["solution"]["median"], 86_400);
    assert_eq!((&shown["csat"]["n"], &shown["csat"]["value"]), (&38.into(), &78.9.into()));
    assert_eq!(shown["ces"]["n"], 30);
    let backlog = &shown["backlog"];
    assert_eq!((&backlog["open"], &backlog["overdue"]), (&6.into(), &2.into()));
    let ages: Vec<i64> =
        backlog["ages"].as_array().unwrap().iter().map(|it| it["n"].as_i64().unwrap()).collect();
    assert_eq!(ages, [4, 0, 0, 2, 0]);
}

#[test]
fn an_empty_site_has_honest_figures() {
    let world = World::with_site();
    let shown = read(&world, "/v1/complaint-figures");
    assert_eq!(shown["received"], 0);
    for name in ["answered_on_time", "resolution", "repeated", "first_contact"] {
        let rate = &shown["rates"][name];
        assert!(rate["value"].is_null() && rate["interval"].is_null(), "{rate}");
        assert_eq!(rate["n"], 0);
    }
    assert!(shown["first_answer"]["median"].is_null());
    assert_eq!(shown["csat"]["suppressed"], true);
    assert_eq!(shown["backlog"]["open"], 0);
}

#[test]
fn it_is_cut_by_things_and_says_what_is_not_stated() {
    let world = World::with_site();
    month(&world);
    let by = |grain: &str| read(&world, &format!("/v1/complaint-figures?by={grain}"));
    let shown = by("grade");
    let parts = shown["parts"].as_array().unwrap();
    let told =
        parts.iter().map(|it| (it["key"].as_str().unwrap(), it["received"].as_i64().unwrap()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("general", 34), ("major", 2), ("moderate", 8), ("none", 0)]
    );
    assert_eq!((&shown["not_stated"], &shown["by"]), (&0.into(), &"grade".into()));
    let agents = by("agent");
    assert_eq!(agents["parts"][0]["name"], "周岚");
    assert_eq!(agents["parts"][0]["backlog"]["overdue"], 2);
    assert_eq!(agents["not_stated"], 42);
    assert_eq!(by("department")["parts"][0]["first_answer"]["n"], 8);
    assert_eq!(by("channel")["parts"][0]["key"], "phone");
    assert_eq!(by("cause")["parts"][0]["key"], "service_error");
    for grain in ["type", "touchpoint", "group", "need", "cause_id"] {
        assert_eq!(by(grain)["parts"], json!([]), "{grain}");
    }
}

#[test]
fn one_thing_is_cut_by_time() {
    let world = World::with_site();
    month(&world);
    let asked = "/v1/complaint-figures?grade=general&by=week&from=2026-11-09";
    let shown = read(&world, asked);
    assert_eq!((&shown["received"], &shown["grade"]), (&34.into(), &"general".into()));
    let parts = shown["parts"].as_array().unwrap();
    let told: Vec<_> = parts.iter().map(|it| it["received"].as_i64().unwrap()).collect();
    assert_eq!(told, [30, 4]);
    assert_eq!((&parts[0]["key"], &parts[0]["csat"]["n"]), (&"2026-W46".into(), &30.into()));
    assert!(parts[0].get("backlog").is_none() && shown.get("backlog").is_some());
    let days = read(&world, &asked.replace("week", "day"));
    assert_eq!(days["parts"].as_array().unwrap().len(), 14);
}

#[test]
fn days_are_compared_with_those_before() {
    let world = World::with_site();
    month(&world);
    let before = TODAY - 45;
    let late = Case { late: 1, ..case(before, "general") };
    count(&world, &[(case(before, "general"), 40), (late, 40)]);
    let shown = read(&world, "/v1/complaint-figures?compare=previous");
    let compared = &shown["compared"];
    assert_eq!((&compared["received"], &compared["to"]), (&80.into(), &"2026-10-18".into()));
    let difference = &compared["differences"]["answered_on_time"];
    // 30 of 40 against 40 of 80.
    assert_eq!(difference["value"], 25.0);
    assert!(difference["p"].as_f64().unwrap() < 0.01, "{difference}");
    assert_eq!(difference["significant"], true);
}

#[test]
fn what_is_not_kept_is_refused_by_name() {
    let world = World::with_site();
    let refused = |query: &str| {
        let request =
            format!("GET /v1/complaint-figures?{query}\nauthorization: Bearer {{viewer}}");
        let answer = world.send(crate::handle, &request);
        assert_eq!(answer.status(), 422, "{query}");
        String::from_utf8(answer.body().clone()).unwrap()
    };
    for query in ["grade=major&by=agent", "grade=major&channel=web"] {
        assert!(refused(query).contains("department, channel, touchpoint, agent"), "{query}");
    }
    assert!(refused("by=weather").contains("touchpoint"));
    for query in
        ["from=yesterday", "confidence=97", "agent=", "limit=3", "from=2026-11-02&to=2026-11-01"]
    {
        refused(query);
    }
    for query in ["grade=big", "group=old", "channel=fax", "need=x", "cause=none"] {
        refused(query);
    }
}

#[test]
fn the_overview_tells_of_complaints() {
    let world = World::with_site();
    let path = "/v1/dashboard?from=2026-11-01&to=2026-11-21";
    assert_eq!(read(&world, path)["complaints"]["received"], 0);
    month(&world);
    // What was received before the days asked for is open all the same.
    count(&world, &[(open(TODAY - 200, "major"), 1)]);
    world.wait_ms(app::cache::KEPT_MS);
    let shown = read(&world, path)["complaints"].clone();
    assert_eq!((&shown["received"], &shown["late"]), (&40.into(), &10.into()));
    assert_eq!((&shown["open"], &shown["overdue"]), (&7.into(), &2.into()));
    assert_eq!(shown["rates"]["answered_on_time"]["value"], 75.0);
    assert_eq!(shown["rates"]["closed_on_time"]["n"], 38);
    let first = &shown["first_answer"];
    assert_eq!((&first["n"], &first["median"]), (&38.into(), &3600.into()));
    let grades = shown["by_grade"].as_array().unwrap();
    let told = grades.iter().map(|it| {
        let number = |name: &str| it[name].as_i64().unwrap();
        (it["grade"].as_str().unwrap(), number("received"), number("open"), number("overdue"))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [("major", 2, 3, 2), ("moderate", 8, 0, 0), ("general", 30, 4, 0)]
    );
}

#[test]
fn the_overview_tells_their_course_and_what_they_were_before() {
    let world = World::with_site();
    month(&world);
    let before = TODAY - 45;
    let late = Case { late: 1, ..case(before, "general") };
    let by_web = Case { channel: "web".to_owned(), ..case(TODAY - 10, "general") };
    count(&world, &[(case(before, "general"), 40), (late, 40), (by_web, 5)]);
    let shown = read(&world, "/v1/dashboard")["complaints"].clone();
    let compared = &shown["compared"];
    assert_eq!((&compared["received"], &compared["late"]), (&80.into(), &40.into()));
    assert_eq!(compared["rates"]["answered_on_time"]["value"], 50.0);
    // 35 of 45 against 40 of 80, among six rates.
    let difference = &compared["differences"]["answered_on_time"];
    assert_eq!((&difference["value"], &difference["significant"]), (&27.8.into(), &true.into()));
    let (p, corrected) = (&difference["p"], &difference["p_corrected"]);
    assert!(p.as_f64().unwrap() * 1.9 < corrected.as_f64().unwrap(), "{difference}");
    let course: Vec<_> = shown["trend"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["day"].as_str().unwrap(), it["received"].as_i64().unwrap()))
        .collect();
    assert_eq!((course.len(), course[19], course[20]), (30, ("2026-11-12", 45), ("2026-11-13", 0)));
    assert_eq!(course[29], ("2026-11-22", 4));
    // Days to come have no course.
    let ahead = read(&world, "/v1/dashboard?from=2026-11-21&to=2026-11-30");
    assert_eq!(ahead["complaints"]["trend"].as_array().unwrap().len(), 2);
    for (filter, received, open, then) in [
        ("channel=web", 5, 0, 0),
        ("channel=phone", 44, 6, 80),
        ("agent=agt_lan", 2, 2, 0),
        ("group=core", 0, 0, 0),
    ] {
        let shown = read(&world, &format!("/v1/dashboard?{filter}"))["complaints"].clone();
        let told = ["received", "open"].map(|it| shown[it].clone());
        assert_eq!(json!(told), json!([received, open]), "{filter}");
        assert_eq!(shown["compared"]["received"], then, "{filter}");
        let sum = shown["trend"].as_array().unwrap().iter();
        assert_eq!(sum.map(|it| it["received"].as_i64().unwrap()).sum::<i64>(), received);
        assert!(shown["by_grade"].is_null());
    }
    let phone = read(&world, "/v1/dashboard?channel=phone")["complaints"].clone();
    assert_eq!(phone["grades"], json!({ "general": 34, "moderate": 8, "major": 2 }));
    assert_eq!(phone["first_answer"]["n"], 38);
}
