//! Migrations: numbered, forward only, applied by the component `migrate`, which whoever finds the
//! database behind calls.
//!
//! The number of those applied is SQLite's `user_version`. They run in one transaction under
//! `begin immediate`, so two instances starting together apply each once.

/// Every migration, in order. The first brings the database to version 1.
const ALL: [&str; 12] = [
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_comments.sql"),
    include_str!("../migrations/0003_intake.sql"),
    include_str!("../migrations/0004_waves.sql"),
    include_str!("../migrations/0005_webhooks.sql"),
    include_str!("../migrations/0006_inbound.sql"),
    include_str!("../migrations/0007_measures.sql"),
    include_str!("../migrations/0008_complaints.sql"),
    include_str!("../migrations/0009_callbacks.sql"),
    include_str!("../migrations/0010_reports.sql"),
    include_str!("../migrations/0011_desk.sql"),
    include_str!("../migrations/0012_foreign_ids.sql"),
];

/// How many there are.
pub const NUMBER: usize = ALL.len();

/// Reads how many migrations were applied.
pub const VERSION: &str = "pragma user_version";

/// Reads everything that the schema has, in the order of its names, to compare two of them.
pub const SCHEMA: &str =
    "select name || ': ' || coalesce(sql, '') from sqlite_schema order by name";

/// Runs before the first migration and outside its transaction.
///
/// Write-ahead logging lets readers go on while one writes, and stays with the file.
pub const PREPARE: &str = "pragma journal_mode = wal";

/// Runs on every new connection, one after the other.
///
/// SQLite would wait for a lock by sleeping in growing steps inside the host; our own short,
/// jittered retry is fairer and faster. What is deleted is overwritten, so that who was erased
/// is gone from the file. `synchronous` keeps its default, FULL: what was acknowledged
/// survives a power cut.
pub const CONNECT: [&str; 2] = ["pragma busy_timeout = 0", "pragma secure_delete = on"];

/// Whether a database refused one of [`PREPARE`] and [`CONNECT`] because its server sees to such
/// things itself.
///
/// A libSQL server takes no pragma that changes its file or a connection, and says so like this; it
/// keeps a write-ahead log anyway, and arbitrates between writers. What is deleted is then not
/// overwritten.
pub fn is_left_to_server(error: &str) -> bool {
    error.to_ascii_lowercase().contains("unsupported statement")
}

/// Opens the transaction of migrations and of every commit.
pub const BEGIN: &str = "begin immediate";

/// Changes, on one connection, whenever another one has committed.
pub const DATA_VERSION: &str = "pragma data_version";

/// Ends it well.
pub const COMMIT: &str = "commit";

/// Ends it as if nothing had happened.
pub const ROLLBACK: &str = "rollback";

/// Records that all migrations are applied; its number is [`NUMBER`].
pub const APPLIED: &str = "pragma user_version = 12";

/// The statements of the migrations after `version`, in order.
///
/// What is made of them is never given back: a process migrates once, if at all.
pub fn after(version: usize) -> impl Iterator<Item = &'static str> {
    ALL.iter().skip(version).flat_map(|text| statements(bare(text).leak()))
}

/// A migration without comments and indentation: SQLite keeps the text of what is created, and
/// reads all of it again on every new connection.
fn bare(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|it| !it.starts_with("--")) {
        bare.push_str(line);
        bare.push('\n');
    }
    bare
}

/// Splits a migration at its blank lines: a trigger's body holds semicolons but none of them.
fn statements(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("\n\n").map(str::trim).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_version_is_the_number_of_migrations() {
        assert_eq!(APPLIED, format!("{VERSION} = {}", NUMBER));
    }

    #[test]
    fn only_a_refused_pragma_is_left_to_the_server() {
        for error in [
            "Hrana: `stream error: `Error { message: \"SQL string could not be parsed: unsupported \
             statement: pragma busy_timeout = 0\", code: \"SQL_PARSE_ERROR\" }``",
            "Unsupported statement",
        ] {
            assert!(is_left_to_server(error), "{error}");
        }
        for error in
            ["database is locked", "disk I/O error", "attempt to write a readonly database"]
        {
            assert!(!is_left_to_server(error), "{error}");
        }
    }

    #[test]
    fn every_statement_ends_with_a_semicolon() {
        for statement in after(0) {
            assert!(statement.ends_with(';'), "{statement}");
        }
        assert_eq!(after(NUMBER).count(), 0);
    }
}
