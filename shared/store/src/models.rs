//! Operators' own models: table `model`.

use ports::{Cells, Query, Statement, Value};

use crate::{all, one, statement};

/// A model without its weights.
#[derive(Clone, Debug)]
pub struct Model {
    /// `sentiment` or `topic`.
    pub kind: String,
    /// Counts its changes.
    pub version: i64,
    /// `trained`, `uploaded`, or `shipped` for the one that comes with the product.
    pub source: String,
    /// The comments that it learnt from.
    pub examples: i64,
    /// Right answers among those given, on what it had not seen, in thousandths.
    pub accuracy_milli: i64,
    /// Answers given and not left to a person, in thousandths.
    pub coverage_milli: i64,
    /// When it was made.
    pub made_at: i64,
}

/// The models of a site.
pub fn list(site_id: &str) -> Query<Vec<Model>> {
    Query {
        statement: statement!(
            "select kind, version, source, examples, accuracy_milli, coverage_milli, made_at_ms
             from model where site_id = ?1 order by kind",
            site_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// The models of a site with their weights, which are empty where the one that ships is in use.
pub fn whole(site_id: &str) -> Query<Vec<(Model, Vec<u8>)>> {
    Query {
        statement: statement!(
            "select kind, version, source, examples, accuracy_milli, coverage_milli, made_at_ms,
               bytes
             from model where site_id = ?1 order by kind",
            site_id
        ),
        decode: |rows| all(rows, |row| (read(row), row.bytes())),
    }
}

/// The weights of a site's model; nothing where the one that ships is in use.
pub fn weights(site_id: &str, kind: &str) -> Query<Option<Vec<u8>>> {
    Query {
        statement: statement!(
            "select bytes from model where site_id = ?1 and kind = ?2 and source <> 'shipped'",
            site_id,
            kind
        ),
        decode: |rows| one(rows, Cells::bytes),
    }
}

/// Puts a model in the place of the one before. Yields no row if that is not `it.version - 1`.
pub fn put(site_id: &str, it: &Model, bytes: Vec<u8>) -> Statement {
    statement!(
        "insert into model (site_id, kind, version, bytes, source, examples, accuracy_milli,
           coverage_milli, made_at_ms)
         select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         where ?3 = 1 + coalesce(
           (select version from model where site_id = ?1 and kind = ?2), 0)
         on conflict (site_id, kind) do update set version = excluded.version,
           bytes = excluded.bytes, source = excluded.source, examples = excluded.examples,
           accuracy_milli = excluded.accuracy_milli, coverage_milli = excluded.coverage_milli,
           made_at_ms = excluded.made_at_ms
         returning version",
        site_id,
        &it.kind,
        it.version,
        Value::Blob(bytes),
        &it.source,
        it.examples,
        it.accuracy_milli,
        it.coverage_milli,
        it.made_at
    )
}

fn read(row: &mut Cells) -> Model {
    Model {
        kind: row.text(),
        version: row.integer(),
        source: row.text(),
        examples: row.integer(),
        accuracy_milli: row.integer(),
        coverage_milli: row.integer(),
        made_at: row.integer(),
    }
}
