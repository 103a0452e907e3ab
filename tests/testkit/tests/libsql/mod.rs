//! How libSQL reads what we write: its server parses each statement with a parser of its own, and
//! runs what that prints. Here is the same parser; the server is not.

use fallible_iterator::FallibleIterator as _;
use libsql_sqlite3_parser::ast::{Cmd, Stmt};
use libsql_sqlite3_parser::lexer::sql::Parser;
use rusqlite::Connection;
use store::migrations;

/// A statement as libSQL would hand it to SQLite.
fn printed(name: &str, text: &str) -> (Cmd, String) {
    let mut parser = Parser::new(text.as_bytes());
    let parsed = parser.next().unwrap_or_else(|it| panic!("libSQL cannot read {name}: {it}"));
    let parsed = parsed.unwrap_or_else(|| panic!("libSQL sees nothing in {name}"));
    let rest = parser.next().unwrap_or_else(|it| panic!("libSQL cannot read {name}: {it}"));
    assert!(rest.is_none(), "{name} is more than one statement");
    // It leaves those that make a table as they are, and could not print them.
    let is_table = matches!(parsed, Cmd::Stmt(Stmt::CreateTable { .. }));
    let printed = if is_table { text.to_owned() } else { parsed.to_string() };
    (parsed, printed)
}

/// A database that was migrated by what libSQL makes of our migrations.
pub(crate) fn migrated() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for text in migrations::after(0) {
        let (parsed, printed) = printed(text, text);
        assert!(
            !matches!(parsed, Cmd::Stmt(Stmt::Pragma(..) | Stmt::Vacuum(..) | Stmt::Attach { .. })),
            "libSQL's server would refuse {text}"
        );
        connection.execute(&printed, []).unwrap_or_else(|it| panic!("{it}: {text}\n{printed}"));
    }
    connection
}

/// How SQLite means to run a statement.
pub(crate) fn plan(connection: &Connection, text: &str) -> rusqlite::Result<Vec<String>> {
    let mut prepared = connection.prepare(&format!("explain query plan {text}"))?;
    // Unbound parameters are null; a plan does not look at values.
    let mut rows = prepared.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(row.get(3)?);
    }
    Ok(steps)
}

/// Fails where libSQL would run something else than we wrote, on a database of its own.
pub(crate) fn check(connection: &Connection, name: &str, text: &str, steps: &[String]) {
    let (parsed, printed) = printed(name, text);
    let is_ours = matches!(
        parsed,
        Cmd::Stmt(
            Stmt::Select(_) | Stmt::Insert { .. } | Stmt::Update { .. } | Stmt::Delete { .. }
        )
    );
    assert!(is_ours, "{name} is no statement that libSQL's server takes");
    let theirs = plan(connection, &printed);
    let theirs = theirs.unwrap_or_else(|it| panic!("libSQL garbles {name}: {it}\n{printed}"));
    assert_eq!(theirs, steps, "libSQL runs {name} otherwise:\n{printed}");
}

#[test]
fn libsql_makes_the_same_schema_of_our_migrations() {
    let (ours, theirs) = (Connection::open_in_memory().unwrap(), migrated());
    for text in migrations::after(0) {
        ours.execute(text, []).unwrap();
    }
    // What columns, keys and indexes there are. Words that SQL knows become upper case, of which no
    // name takes notice, and the text of a schema may be spaced otherwise.
    let shape =
        "select m.type || ' ' || m.name || ' ' || coalesce(group_concat(lower(c.name) || ' ' ||
           c.type || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk), '')
         from sqlite_schema m left join pragma_table_xinfo(m.name) c
         group by m.type, m.name order by m.type, m.name";
    let read = |it: &Connection| -> Vec<String> {
        let mut prepared = it.prepare(shape).unwrap();
        let rows = prepared.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    let (ours, theirs) = (read(&ours), read(&theirs));
    assert!(100 < ours.len());
    let differing: Vec<_> =
        ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).collect();
    assert!(ours.len() == theirs.len() && differing.is_empty(), "{differing:#?}");
}
