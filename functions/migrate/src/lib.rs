//! Brings the database to the schema of this application.
//!
//! It has no route. A component that finds the schema behind calls it, once in the life of a
//! database and of each new version, and goes on. So the schema is in one component and not in
//! all of them.
//!
//! The work itself is in `edge`, since it must come before everything that a port promises.

#[cfg(target_family = "wasm")]
edge::service!(0, edge::migrate);

#[cfg(test)]
mod tests {
    use rusqlite::Connection;
    use store::migrations::{NUMBER, SCHEMA, after};

    fn schema(database: &Connection) -> Vec<String> {
        let mut all = database.prepare(SCHEMA).unwrap();
        let rows = all.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    fn apply(database: &Connection, statements: &[&str]) {
        for statement in statements {
            database.execute(statement, []).unwrap_or_else(|it| panic!("{it}: {statement}"));
        }
    }

    #[test]
    fn a_database_of_every_earlier_version_gets_the_same_schema() {
        let all: Vec<&str> = after(0).collect();
        let new = Connection::open_in_memory().unwrap();
        apply(&new, &all);
        assert!(schema(&new).len() > 20);
        for version in 1..=NUMBER {
            let left: Vec<&str> = after(version).collect();
            let old = Connection::open_in_memory().unwrap();
            apply(&old, &all[..all.len() - left.len()]);
            apply(&old, &left);
            assert_eq!(schema(&old), schema(&new), "from version {version}");
        }
    }
}
