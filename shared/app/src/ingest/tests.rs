//! Rules as people write them, and the messages that they are followed on.

use serde_json::json;
use web::problem::Place;

use super::*;

fn read(text: &Value) -> Result<Vec<Rule>, Vec<String>> {
    let mut members = Map::new();
    members.insert("rules".to_owned(), text.clone());
    let mut fields = Fields::new(members);
    let rules = rules(&mut fields);
    fields.done().map(|()| rules).map_err(|problem| {
        let place = |it: &Place| match it {
            Place::Pointer(pointer) => pointer.clone(),
            other => panic!("{other:?}"),
        };
        problem.mistakes.iter().map(|it| place(&it.place)).collect()
    })
}

fn taken(rules: &Value, message: &Value) -> (Vec<Value>, Vec<Value>) {
    match follow(&read(rules).unwrap(), message) {
        Outcome::Ignored => panic!("ignored"),
        Outcome::Taken(items, mistakes) => (
            items.into_iter().map(|it| Value::Object(it.values)).collect(),
            mistakes.iter().map(Mistake::stored).collect(),
        ),
    }
}

fn orders() -> Value {
    json!([{
        "when": [{ "pointer": "/type", "in": ["order.completed", "order.paid"] },
                 { "pointer": "/livemode", "is": true }, { "pointer": "/test", "exists": false }],
        "each": "/data/orders",
        "to": "order",
        "fields": {
            "external_id": "/number", "customer": "^/data/buyer/id",
            "amount": { "pointer": "/total", "scale": 100 },
            "currency": { "value": "CNY" }, "completed_at": "/paid_at",
            "channel": { "pointer": "^/from", "values": { "小程序": "wechat", "7": "store" } }
        }
    }])
}

#[test]
fn every_mistake_of_rules_is_told_at_once() {
    let wrong = json!([
        { "to": "refund", "fields": {} },
        { "to": "order", "when": [{ "pointer": "type", "is": 1 }, { "pointer": "/a" },
            { "pointer": "/a", "is": 1, "in": [1] }, { "pointer": "/a", "is": {} },
            { "pointer": "^/a", "exists": 3 }, { "pointer": "/b", "in": [] }],
          "each": "^/items", "fields": { "external_id": "id", "customer": { "pointer": "/a",
            "value": 1 }, "amount": { "pointer": "/a", "scale": "many" }, "currency": 3,
            "completed_at": { "value": [] }, "channel": { "pointer": "/c", "values": { "x": {} } },
            "colour": "/colour" } },
        { "to": "rating", "fields": { "survey_id": { "value": "srv_1" }, "answers.": "/a" } },
        { "to": "ticket" }
    ]);
    assert_eq!(
        read(&wrong).unwrap_err(),
        [
            "/rules/0/to",
            "/rules/1/when/0/pointer",
            "/rules/1/when/1",
            "/rules/1/when/2",
            "/rules/1/when/3/is",
            "/rules/1/when/4/pointer",
            "/rules/1/when/4/exists",
            "/rules/1/when/5/in",
            "/rules/1/each",
            "/rules/1/fields/external_id",
            "/rules/1/fields/customer",
            "/rules/1/fields/amount/scale",
            "/rules/1/fields/currency",
            "/rules/1/fields/completed_at/value",
            "/rules/1/fields/channel/values/x",
            "/rules/1/fields/colour",
            "/rules/2/fields",
            "/rules/2/fields/answers.",
            "/rules/3/fields",
        ]
    );
    assert_eq!(read(&json!([])).unwrap_err(), ["/rules"]);
    assert_eq!(read(&json!("/a")).unwrap_err(), ["/rules"]);
    assert!(read(&orders()).is_ok());
}

#[test]
fn the_first_rule_that_holds_in_full_is_followed() {
    let rules = read(&orders()).unwrap();
    let message = |kind: Value, live: bool| json!({ "type": kind, "livemode": live });
    for (message, is_taken) in [
        (message(json!("order.paid"), true), true),
        (message(json!("order.created"), true), false),
        (message(json!("order.paid"), false), false),
        (message(json!(["order.paid"]), true), false),
        (json!({ "type": "order.paid", "livemode": true, "test": 1 }), false),
        (json!({ "type": "order.paid", "livemode": true, "test": null }), true),
        (json!([]), false),
        (json!(null), false),
    ] {
        let outcome = follow(&rules, &message);
        assert_eq!(matches!(outcome, Outcome::Taken(..)), is_taken, "{message}");
    }
}

#[test]
fn every_item_is_mapped_with_pointers_into_it_and_into_the_whole() {
    let message = json!({
        "type": "order.paid", "livemode": true, "from": 7, "data": { "buyer": { "id": 1001 },
        "orders": [ { "number": "A-1", "total": 12.34, "paid_at": 1_795_311_000 },
                    { "number": 2, "total": "0.10", "paid_at": "2026-11-22T01:30:00Z" },
                    { "number": "  ", "total": "a lot", "paid_at": null } ] }
    });
    let (items, mistakes) = taken(&orders(), &message);
    let item = |number: &str, amount: i64, at: Value| {
        json!({ "external_id": number, "customer": "1001", "amount": amount, "currency": "CNY",
            "completed_at": at, "channel": "store" })
    };
    assert_eq!(items[0], item("A-1", 1234, json!(1_795_311_000)));
    assert_eq!(items[1], item("2", 10, json!("2026-11-22T01:30:00Z")));
    let places: Vec<Value> = mistakes
        .iter()
        .map(|it| json!([it["rule"], it["item"], it["field"], it["pointer"]]))
        .collect();
    assert_eq!(
        places,
        [
            json!([0, 2, "external_id", "/number"]),
            json!([0, 2, "amount", "/total"]),
            json!([0, 2, "completed_at", "/paid_at"]),
        ]
    );
    assert!(!view::text(&mistakes).contains("a lot"));
}

#[test]
fn what_is_not_an_array_is_a_mistake() {
    for orders_are in [json!(null), json!({}), json!(vec![1; 101])] {
        let message =
            json!({ "type": "order.paid", "livemode": true, "data": { "orders": orders_are } });
        let (items, mistakes) = taken(&orders(), &message);
        assert_eq!((items.len(), mistakes.len()), (0, 1));
        assert_eq!(mistakes[0]["pointer"], "/data/orders");
    }
}

#[test]
fn pointers_are_those_of_rfc_6901() {
    // The document and the table of section 5.
    let message = json!({ "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4,
        "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8 });
    for (pointer, expected) in [
        ("/foo/0", json!("bar")),
        ("/", json!("0")),
        ("/a~1b", json!("1")),
        ("/c%d", json!("2")),
        ("/e^f", json!("3")),
        ("/g|h", json!("4")),
        ("/i\\j", json!("5")),
        ("/k\"l", json!("6")),
        ("/ ", json!("7")),
        ("/m~0n", json!("8")),
        ("^/m~0n", json!("8")),
    ] {
        let rules = json!([{ "to": "message", "fields":
            { "external_id": { "value": 1 }, "text": { "pointer": pointer } } }]);
        let (items, _) = taken(&rules, &message);
        assert_eq!(items[0]["text"], expected, "{pointer}");
    }
    for pointer in ["/foo/2", "/foo/-", "/foo/00", "/bar", "/foo/0/x"] {
        let rules = json!([{ "to": "message", "fields":
            { "external_id": { "value": 1 }, "text": pointer } }]);
        assert_eq!(taken(&rules, &message).1.len(), 1, "{pointer}");
    }
}

#[test]
fn customers_are_found_whether_a_rule_holds_or_not() {
    let mut both = orders();
    both.as_array_mut().unwrap().push(json!({ "to": "message", "each": "/list",
        "fields": { "external_id": "/id", "text": "/text", "customer": "/from" } }));
    let rules = read(&both).unwrap();
    let message = json!({ "type": "push", "data": { "buyer": { "id": "M1" }, "orders": [{}] },
        "list": [{ "from": "M2" }, { "from": 3 }, { "from": "M1" }, {}] });
    assert_eq!(follow::customers(&rules, &message), ["M1", "M2", "3"]);
    assert_eq!(follow::customers(&rules, &json!({})), Vec::<String>::new());
}

#[test]
fn what_was_stored_reads_as_what_was_checked() {
    let mut all = orders();
    let rest = json!([
        { "to": "rating", "fields": { "answers.why": "/w", "survey_id": { "value": "srv_1" },
            "answers.a.b": { "pointer": "/b", "scale": 0.5, "values": { "x": 1, "y": false } },
            "customer": null } },
        { "to": "measurement", "when": [{ "pointer": "", "exists": true }], "fields":
            { "name": { "value": "waiting" }, "seconds": { "pointer": "/s" },
              "count": { "pointer": "", "values": null, "scale": null } } },
        { "to": "message", "fields": { "text": "^/a", "external_id": { "value": 7 } } }
    ]);
    all.as_array_mut().unwrap().extend(rest.as_array().unwrap().iter().cloned());
    let checked = read(&all).unwrap();
    assert_eq!(checked.len(), 4);
    assert_eq!(stored(&view::text(&all)), checked);
    assert_eq!(stored("[]"), []);
}
