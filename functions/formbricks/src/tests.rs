//! The API of another product, told in requests and answers.

mod answers;
mod guard;
mod sdk;
mod shape;

use testkit::World;

/// A survey with a question of every kind that has another shape over there.
const DEFINITION: &str = r#"{
  "default_language": "en", "title": { "en": "Your order", "de": "Ihre Bestellung" },
  "questions": [
    { "id": "recommend", "type": "nps", "text": { "en": "Recommend?" }, "required": true },
    { "id": "stars", "type": "rating", "points": 5, "text": { "en": "Stars" } },
    { "id": "easy", "type": "effort", "text": { "en": "Easy?" } },
    { "id": "how", "type": "single_choice", "text": { "en": "How?" }, "options": [
      { "id": "web", "text": { "en": "On the web", "de": "Im Netz" } },
      { "id": "shop", "text": { "en": "In a shop", "de": "Im Laden" } },
      { "id": "other", "text": { "en": "Other" }, "open": true } ] },
    { "id": "what", "type": "multiple_choice", "text": { "en": "What?" }, "options": [
      { "id": "tea", "text": { "en": "Tea" } }, { "id": "cups", "text": { "en": "Cups" } } ] },
    { "id": "parts", "type": "matrix", "text": { "en": "Parts" }, "rows": [
      { "id": "speed", "text": { "en": "The speed" } },
      { "id": "price", "text": { "en": "The price" } } ], "points": 5 },
    { "id": "order", "type": "ranking", "text": { "en": "Order" }, "options": [
      { "id": "cost", "text": { "en": "Cost" } }, { "id": "taste", "text": { "en": "Taste" } } ] },
    { "id": "cups", "type": "number", "text": { "en": "Cups?" } },
    { "id": "day", "type": "date", "text": { "en": "Day?" } },
    { "id": "why", "type": "text", "text": { "en": "Why?" } },
    { "id": "mail", "type": "email", "text": { "en": "Mail?" } },
    { "id": "agree", "type": "consent", "text": { "en": "Agree?" } } ],
  "hidden": [{ "id": "plan" }, { "id": "url", "max_length": 30 }]
}"#;

/// A world in which pages of the other product go on: their environment, their survey.
fn world() -> World {
    let world = World::with_site();
    world.set("formbricks", "on");
    world.set("spam", "off");
    publish(&world, DEFINITION);
    {
        let database = world.database();
        let name = "insert into foreign_id (id, site_id, foreign_id, key_id, study_id, questions,
                      created_at_ms) values
                      ('fid_1', 'sit_shop', 'clenvironment', 'key_pk', '', '{}', 0),
                      ('fid_2', 'sit_shop', 'clsurvey', '', 'srv_shop', ?1, 0)";
        let questions = r#"{ "qnps": "recommend", "qwhy": "why", "qmail": "mail", "qcta": "" }"#;
        database.execute(name, [questions]).unwrap();
    }
    world
}

/// Publishes a definition as the second version of `srv_shop`.
fn publish(world: &World, definition: &str) {
    let database = world.database();
    let add = "insert into study_version (study_id, number, definition, published_at_ms)
               select id, 2, ?1, 0 from study where id = 'srv_shop'";
    database.execute(add, [definition]).unwrap();
    database.execute("update study set published = 2 where id = 'srv_shop'", []).unwrap();
}

/// A new response by their ids.
fn post(body: &str) -> String {
    format!("POST /api/v1/client/clenvironment/responses\norigin: https://shop.example\n\n{body}")
}

fn put(id: &str, body: &str) -> String {
    format!(
        "PUT /api/v1/client/clenvironment/responses/{id}\norigin: https://shop.example\n\n{body}"
    )
}

/// The id of a response that must be taken.
#[track_caller]
fn id(world: &World, request: &str) -> String {
    let told = world.json(super::handle, request);
    assert_eq!(told["data"]["quotaFull"], false);
    told["data"]["id"].as_str().unwrap().to_owned()
}

fn status(world: &World, request: &str) -> u16 {
    world.send(super::handle, request).status().as_u16()
}

/// The answers of the one response that there is.
fn answers(world: &World) -> serde_json::Value {
    assert_eq!(world.number("select count(*) from response"), 1);
    let sql = "select answers from response";
    let text: String = world.database().query_row(sql, [], |row| row.get(0)).unwrap();
    serde_json::from_str(&text).unwrap()
}
