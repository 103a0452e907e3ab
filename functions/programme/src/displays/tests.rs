//! Displays, day by day.

use testkit::World;

#[test]
fn displays_are_told_day_by_day() {
    let world = World::with_site();
    let shown = |who: &str, day: i64| {
        let row =
            serde_json::json!([["sit_shop", "srv_shop", who, day, day * 86_400_000, [""], []]]);
        world.run(store::rests::shown(&row.to_string()));
    };
    shown("a", 20_779);
    shown("b", 20_779);
    shown("a", 20_780);
    let read = "GET /v1/studies/srv_shop/displays";
    let by = "authorization: Bearer {viewer}";
    world.check(
        super::super::handle,
        &format!("{read}?limit=1\n{by}"),
        r#"
200

{ "items": [ { "date": "2026-11-22", "displays": 2 } ], "next": "2026-11-22" }"#,
    );
    world.check(
        super::super::handle,
        &format!("{read}?after=2026-11-22\n{by}"),
        r#"
200

{ "items": [ { "date": "2026-11-23", "displays": 1 } ], "next": null }"#,
    );
    let other = format!("{read}\nauthorization: Bearer {{other}}");
    assert_eq!(world.send(super::super::handle, &other).status(), 404);
    assert_eq!(
        world
            .send(super::super::handle, &format!("POST /v1/studies/srv_shop/displays\n{by}"))
            .status(),
        405
    );
}
