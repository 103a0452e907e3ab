//! What of the schema is personal: every column has its word in `tests/golden/columns.txt`.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::ValueRef;
use testkit::World;

use super::super::handle;
use super::file::whole;

const COLUMNS: &str = include_str!("../../../../tests/golden/columns.txt");

/// What a column may be; see the head of the list.
const CLASSES: [&str; 7] = ["customer", "link", "digest", "secret", "staff", "index", "plain"];

/// Personal columns that hold something else once it is erased, and why.
const REPLACED: [(&str, &str); 1] = [
    // It says that they are erased: each must have one of its own.
    ("customer", "external_id"),
];

/// The class of each column.
fn known() -> BTreeMap<(String, String), &'static str> {
    let mut known = BTreeMap::new();
    for line in COLUMNS.lines().filter(|it| !it.starts_with('#')) {
        let (head, columns) = line.split_once(": ").expect("table class: columns");
        let (table, class) = head.split_once(' ').expect("table class");
        assert!(CLASSES.contains(&class), "{line}");
        for column in columns.split(' ') {
            let twice = known.insert((table.to_owned(), column.to_owned()), class);
            assert!(twice.is_none(), "{table}.{column} stands there twice");
        }
    }
    known
}

/// Every column of every table, those that are computed as well.
fn schema(world: &World) -> BTreeSet<(String, String)> {
    let connection = world.database();
    let sql = "select m.name, c.name from sqlite_schema m join pragma_table_xinfo(m.name) c
        where m.type = 'table' and m.name not like 'sqlite%'";
    let mut rows = connection.prepare(sql).unwrap();
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// What a column holds in any row, but for what is empty.
fn held(world: &World, table: &str, column: &str) -> BTreeSet<String> {
    let connection = world.database();
    let mut rows = connection.prepare(&format!("select \"{column}\" from \"{table}\"")).unwrap();
    let rows = rows.query_map([], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Null => String::new(),
            ValueRef::Integer(it) => it.to_string(),
            ValueRef::Real(it) => it.to_string(),
            ValueRef::Text(it) => String::from_utf8_lossy(it).into_owned(),
            ValueRef::Blob(it) => domain::id::hex(it),
        })
    });
    let mut held: BTreeSet<String> = rows.unwrap().map(Result::unwrap).collect();
    held.retain(|it| !["", "0", "{}", "[]"].contains(&it.as_str()));
    held
}

#[test]
fn every_column_is_known_to_be_personal_or_not() {
    let world = World::with_site();
    let known: BTreeSet<(String, String)> = known().into_keys().collect();
    let schema = schema(&world);
    let new: Vec<_> = schema.difference(&known).collect();
    let gone: Vec<_> = known.difference(&schema).collect();
    assert!(
        new.is_empty(),
        "say in tests/golden/columns.txt what these hold; of what is personal, add a row to \
         `whole`, a part to the export and a statement to `erase`: {new:?}"
    );
    assert!(gone.is_empty(), "take these out of tests/golden/columns.txt: {gone:?}");
}

#[test]
fn erasing_empties_every_personal_column_and_cuts_every_link() {
    let world = super::with_service();
    let id = whole(&world);
    let (mut before, mut empty) = (BTreeMap::new(), Vec::new());
    for ((table, column), class) in known() {
        if ["customer", "link"].contains(&class) {
            let held = held(&world, &table, &column);
            if held.is_empty() {
                empty.push(format!("{table}.{column}"));
            }
            before.insert((table, column), held);
        }
    }
    assert!(empty.is_empty(), "`whole` puts nothing into {empty:?}");
    let erase = format!("DELETE /v1/customers/{id}\nauthorization: Bearer {{manager}}");
    assert_eq!(world.send(handle, &erase).status(), 200);
    let mut wrong = Vec::new();
    for ((table, column), before) in before {
        let left = held(&world, &table, &column);
        let is_left = match REPLACED.contains(&(table.as_str(), column.as_str())) {
            true => !left.is_disjoint(&before),
            false => !left.is_empty(),
        };
        if is_left {
            wrong.push(format!("{table}.{column}: {left:?}"));
        }
    }
    assert!(wrong.is_empty(), "erasing leaves {wrong:#?}");
    let words = "select count(*) from case_search where case_search match '\"李想\" OR 充电'";
    assert_eq!(world.number(words), 0);
}
