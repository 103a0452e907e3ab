//! What the tests of this component share.

use store::customers::{self, Customer};
use testkit::World;

pub(crate) const DAY_MS: i64 = domain::civil::DAY_MS;

/// Publishes the definition of `srv_shop` anew, with further members.
pub(crate) fn publish(world: &World, members: &str) {
    let definition = testkit::DEFINITION.trim_end().trim_end_matches('}').trim_end();
    let definition = format!("{definition}, {members} }}");
    assert!(serde_json::from_str::<serde_json::Value>(&definition).is_ok(), "{definition}");
    let number = world.number("select published + 1 from study where id = 'srv_shop'");
    world
        .database()
        .execute("insert into study_version values ('srv_shop', ?1, ?2, 0)", (number, definition))
        .unwrap();
    world
        .database()
        .execute("update study set published = ?1 where id = 'srv_shop'", [number])
        .unwrap();
}

/// Makes a customer of `sit_shop` and returns their id.
pub(crate) fn customer(world: &World, external_id: &str, group: &str, has_consent: bool) -> String {
    use ports::Env;
    let id = domain::id::Kind::Customer.id(world.now(), world.random());
    world.run(customers::insert(&Customer {
        id: id.clone(),
        site_id: "sit_shop".into(),
        version: 1,
        external_id: external_id.into(),
        group: group.into(),
        adviser_id: String::new(),
        zone: String::new(),
        language: "zh-CN".into(),
        has_consent,
        erased_at: None,
        created_at: world.now(),
        updated_at: world.now(),
    }));
    world.run(store::events::append(&domain::event::Event {
        id: format!("evt_{id}"),
        site_id: "sit_shop".into(),
        subject: id.clone(),
        version: 1,
        kind: "customer.created",
        actor: "admin".into(),
        at: world.now(),
        data: "{}".into(),
        previous: domain::event::ORIGIN,
    }));
    id
}
