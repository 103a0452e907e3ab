//! The widget's half of the logic, run by the browser that it is for.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::chromium::chromium;
use crate::tab::{DESKTOP, Person};

#[test]
fn the_table_of_cases_holds_in_the_browser() {
    let Some(chromium) = chromium() else { return };
    let table = include_str!("../../../golden/logic.json");
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    assert!(60 <= cases.len());
    let script = Base64::encode_string(include_bytes!("../../../../functions/widget/src/logic.js"));
    let person = Person::new(chromium);
    let tab = person.tab(DESKTOP);
    let differing = tab.eval(&format!(
        "import('data:text/javascript;base64,{script}').then(({{ path }}) => {table}
           .map((it) => [it.name, path(it.survey, it.answers, it.hidden, it.language), it])
           .filter(([, found, it]) => found.ending !== it.ending ||
             String(found.reached) !== String(it.reached)))"
    ));
    assert_eq!(differing, json!([]));
}
