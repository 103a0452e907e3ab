//! Responses at which somebody should look.

use domain::score::Verdict;
use serde_json::{Value, json};
use testkit::{Given, World};

use crate::handle;
use crate::told::metric;

fn get(world: &World, role: &str, path: &str) -> Value {
    world.json(handle, &format!("GET {path}\nauthorization: Bearer {{{role}}}"))
}

fn send(world: &World, role: &str, line: &str, body: &str) -> (u16, Value) {
    let request = format!("{line}\nauthorization: Bearer {{{role}}}\n\n{body}");
    let answer = world.send(handle, &request);
    let told = serde_json::from_slice(answer.body()).unwrap_or_default();
    (answer.status().as_u16(), told)
}

fn ids(told: &Value) -> Vec<&str> {
    told["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

const NPS: Given<'_> = Given {
    scale: ("nps", 10),
    question: "recommend",
    touchpoint: "tch_shop",
    dimension: "",
    day: 20_778,
    channel: "web",
    group: "core",
    customer_id: "",
    agent: "",
    answers: r#"{ "recommend": 3, "why": "等了<b>很久" }"#,
    fingerprint: "",
    screened: "",
    source: "import",
    key: "",
    is_broken_off: false,
    cells: &[],
};

#[test]
fn what_is_low_is_what_the_domain_says() {
    let world = World::with_site();
    let (mut low, mut all) = (Vec::new(), 0);
    let csat = (2..=10).map(|points| ("csat", points));
    for scale in csat.chain([("nps", 10), ("ces", 7)]) {
        for value in u8::from(scale.0 != "nps")..=scale.1 {
            let id = world.answered_all(&[(Given { scale, ..Given::default() }, value)]);
            all += 1;
            if metric(scale.0, scale.1).unwrap().verdict(value) == Verdict::Low {
                low.push(id);
            }
        }
    }
    let found = get(&world, "agent", "/v1/responses?kind=low&limit=100");
    let mut found = ids(&found);
    found.sort_unstable();
    low.sort_unstable();
    assert_eq!(found, low);
    assert!(10 < low.len() && low.len() < all);
}

#[test]
fn a_low_score_is_told_with_its_words_and_whom_it_is_about() {
    let world = World::with_site();
    let customer_id = world.customer("C-7", "core", true);
    let name = "insert into contact (owner, kind, value) values (?1, 'name', '李雷')";
    world.database().execute(name, [&customer_id]).unwrap();
    let nps = Given { customer_id: &customer_id, ..NPS };
    let id = world.answered_all(&[(nps, 3), (Given { question: "q", ..nps }, 9)]);
    let told = get(&world, "agent", &format!("/v1/responses/{id}"));
    assert_eq!(told["survey"], json!({ "id": "srv_shop", "name": "订单", "version": 1 }));
    assert_eq!(
        told["customer"],
        json!({ "id": customer_id, "external_id": "C-7", "name": "李雷" })
    );
    assert_eq!((&told["case"], &told["looked_at"]), (&Value::Null, &Value::Null));
    let low = &told["scores"][0];
    let expected = json!({ "id": "tch_shop", "name": "门店" });
    assert_eq!(
        (&low["value"], &low["points"], &low["touchpoint"]),
        (&3.into(), &10.into(), &expected)
    );
    assert!(!low["question"].as_str().unwrap().is_empty());
    assert_eq!(told["scores"][1]["is_low"], false);
    let why = &told["answers"][0];
    assert_eq!((&why["answer"], &why["is_text"]), (&"等了<b>很久".into(), &true.into()));
    let listed = get(&world, "agent", "/v1/responses?kind=low");
    assert_eq!(listed["items"][0], told, "a list tells what each tells by itself");
    for (role, status) in [("viewer", 403), ("other", 404)] {
        assert_eq!(send(&world, role, &format!("GET /v1/responses/{id}"), "").0, status);
    }
    assert!(ids(&get(&world, "other", "/v1/responses?kind=low")).is_empty());
}

#[test]
fn the_newest_come_first_page_by_page_and_history_stays_away() {
    let world = World::with_site();
    let on = |day| {
        world.answered_all(&[(Given { day, ..NPS }, 2), (Given { day, question: "q", ..NPS }, 0)])
    };
    let (old, new, newer) = (on(20_760), on(20_770), on(20_778));
    on(20_778 - 40);
    assert_eq!(ids(&get(&world, "agent", "/v1/responses?kind=low")), [&*newer, &new, &old]);
    let first = get(&world, "agent", "/v1/responses?kind=low&limit=2");
    assert_eq!(ids(&first), [&*newer, &new]);
    let next = first["next"].as_str().unwrap();
    let rest = get(&world, "agent", &format!("/v1/responses?kind=low&limit=2&after={next}"));
    assert_eq!((ids(&rest), &rest["next"]), (vec![old.as_str()], &Value::Null));
    for wrong in ["", "?kind=high", "?kind=low&x=1", "?kind=low&limit=0"] {
        assert_eq!(
            send(&world, "agent", &format!("GET /v1/responses{wrong}"), "").0,
            422,
            "{wrong}"
        );
    }
}

#[test]
fn whoever_puts_a_response_aside_empties_the_list() {
    let world = World::with_site();
    let id = world.answered_all(&[(NPS, 0)]);
    let count = || get(&world, "agent", "/v1/inbox")["low"].as_i64().unwrap();
    assert_eq!(count(), 1);
    let line = format!("POST /v1/responses/{id}/looked-at\nidempotency-key: k");
    assert_eq!(send(&world, "viewer", &line, "").0, 403);
    assert_eq!(send(&world, "other", &line, "").0, 404);
    assert_eq!(send(&world, "agent", &line, r#"{ "x": 1 }"#).0, 422);
    let (status, told) = send(&world, "agent", &line, "");
    assert_eq!(status, 200);
    assert_eq!(
        told,
        json!({ "id": id, "looked_at": "2026-11-22T01:30:00Z", "looked_by": "key:key_agent",
            "version": 2 })
    );
    world.wait_ms(1_000);
    assert_eq!(send(&world, "agent", &line, ""), (200, told.clone()));
    let other = format!("POST /v1/responses/{id}/looked-at");
    assert_eq!(send(&world, "manager", &other, ""), (200, told), "it is so already");
    assert_eq!(world.number("select count(*) from event where kind = 'response.looked_at'"), 1);
    assert_eq!(count(), 0);
    assert!(ids(&get(&world, "agent", "/v1/responses?kind=low")).is_empty());
    let shown = get(&world, "agent", &format!("/v1/responses/{id}"));
    assert_eq!(shown["looked_at"], "2026-11-22T01:30:00Z");
}

#[test]
fn what_a_complaint_was_made_of_waits_no_more() {
    let world = World::with_site();
    let id = world.answered_all(&[(NPS, 0)]);
    let rest = world.answered_all(&[(NPS, 1)]);
    world.run(store::looks::take_up("sit_other", &id));
    assert_eq!(ids(&get(&world, "agent", "/v1/responses?kind=low")).len(), 2);
    world.run(store::looks::take_up("sit_shop", &id));
    assert_eq!(ids(&get(&world, "agent", "/v1/responses?kind=low")), [&rest]);
    assert_eq!(world.number("select count(*) from response where looked_at_ms is not null"), 0);
}

#[test]
fn what_is_screened_out_waits_until_somebody_looked() {
    let world = World::with_site();
    let given = Given { screened: "straight_lining,too_fast", ..NPS };
    let id = world.answered_all(&[(given, 0)]);
    world.answered_all(&[(NPS, 9)]);
    assert!(ids(&get(&world, "agent", "/v1/responses?kind=low")).is_empty(), "it does not count");
    let found = get(&world, "agent", "/v1/responses?kind=screened");
    assert_eq!(ids(&found), [&id]);
    assert_eq!(found["items"][0]["screened"], json!(["straight_lining", "too_fast"]));
    assert_eq!(get(&world, "agent", "/v1/inbox")["screened"], 1);
    let counted = "update response set counted = 1 where id = ?1";
    world.database().execute(counted, [&id]).unwrap();
    assert!(ids(&get(&world, "agent", "/v1/responses?kind=screened")).is_empty());
    assert_eq!(ids(&get(&world, "agent", "/v1/responses?kind=low")), [&id], "it is low as well");
}

#[test]
fn an_inbox_counts_what_waits_for_whom() {
    let world = World::with_site();
    let row = "insert into notice (id, site_id, version, kind, subject, data, created_at_ms)
        values (?1, 'sit_shop', 1, 'case.late', 'cmp_1', ?2, 0)";
    for (id, data) in [("ntc_1", "{}"), ("ntc_2", r#"{ "to": { "role": "manager" } }"#)] {
        world.database().execute(row, [id, data]).unwrap();
    }
    world.commented(&[
        json!({ "response_id": "rsp_a", "needs_review": 1 }),
        json!({ "response_id": "rsp_b" }),
    ]);
    let zero =
        json!({ "notices": 1, "alarms": 0, "low": 0, "screened": 0, "texts": 1, "most": 1000 });
    assert_eq!(get(&world, "agent", "/v1/inbox"), zero);
    assert_eq!(get(&world, "manager", "/v1/inbox")["notices"], 2);
    assert_eq!(send(&world, "viewer", "GET /v1/inbox", "").0, 403);
    assert_eq!(send(&world, "agent", "POST /v1/inbox", "").0, 405);
    assert_eq!(send(&world, "agent", "PUT /v1/responses", "").0, 405);
    assert_eq!(send(&world, "agent", "DELETE /v1/responses/x", "").0, 405);
    assert_eq!(send(&world, "agent", "GET /v1/responses/x/looked-at", "").0, 405);
    assert_eq!(send(&world, "agent", "GET /v1/responses/x/more", "").0, 404);
}
