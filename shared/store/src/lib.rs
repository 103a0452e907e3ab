//! SQL as values: every statement of the product, its parameters, and what its rows mean.
//!
//! Nothing here runs a statement; `ports::Sql` does. SQL stands nowhere else.

pub mod agents;
pub mod alarms;
pub mod calendars;
pub mod call_attempts;
pub mod call_counts;
pub mod call_feeds;
pub mod call_figures;
pub mod call_lists;
pub mod call_notes;
pub mod call_queue;
pub mod call_rules;
pub mod call_scan;
pub mod call_steps;
pub mod callbacks;
pub mod case_counts;
pub mod case_figures;
pub mod case_queues;
pub mod case_scan;
pub mod case_search;
pub mod case_steps;
pub mod case_texts;
pub mod cases;
pub mod causes;
pub mod comments;
pub mod compensations;
pub mod customer_files;
pub mod customer_lists;
pub mod customers;
pub mod deliveries;
pub mod delivery_log;
pub mod departments;
pub mod digests;
pub mod do_not_call;
pub mod events;
pub mod expiry;
pub mod foreign_ids;
pub mod gauges;
pub mod heatmap;
pub mod idempotency;
pub mod inbound;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod looks;
pub mod measures;
pub mod messages;
pub mod migrations;
pub mod models;
pub mod notices;
pub mod orders;
pub mod overview;
pub mod partials;
pub mod policies;
pub mod presence;
pub mod prints;
pub mod programmes;
pub mod rebuild;
pub mod reports;
pub mod responses;
pub mod rests;
pub mod reviews;
pub mod rollups;
pub mod scales;
pub mod services;
pub mod shares;
pub mod sightings;
pub mod sites;
pub mod sources;
pub mod studies;
pub mod templates;
pub mod timelines;
pub mod touchpoints;
pub mod visits;
pub mod waves;
pub mod webhooks;

use ports::{Cells, Corrupt, Query, Row};

/// A statement with its parameters in the order of `?1`, `?2`, ….
///
/// `of` takes a text that is one of several; it keeps its indentation.
macro_rules! statement {
    (of $text:ident $(, $param:expr)* $(,)?) => {
        ports::Statement { text: $text, params: vec![$($param.into()),*] }
    };
    ($text:expr $(, $param:expr)* $(,)?) => {
        ports::Statement {
            text: const {
                const TEXT: &str = $text;
                const FLUSH: [u8; crate::flush_len(TEXT)] = crate::flush(TEXT);
                match std::str::from_utf8(&FLUSH) {
                    Ok(text) => text,
                    Err(_) => TEXT,
                }
            },
            params: vec![$($param.into()),*],
        }
    };
}
pub(crate) use statement;

/// The length of a statement without its indentation, which is for those who read it here: up to
/// 2 kB of a component.
const fn flush_len(text: &str) -> usize {
    let (mut rest, mut length, mut is_indent) = (text.as_bytes(), 0, false);
    while let Some((byte, left)) = rest.split_first() {
        is_indent = *byte == b'\n' || is_indent && *byte == b' ';
        if !is_indent || *byte == b'\n' {
            length += 1;
        }
        rest = left;
    }
    length
}

/// A statement without its indentation.
#[expect(clippy::indexing_slicing, reason = "it runs when we compile, and the place is there")]
const fn flush<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut flush = [b' '; LENGTH];
    let (mut rest, mut at, mut is_indent) = (text.as_bytes(), 0, false);
    while let Some((byte, left)) = rest.split_first() {
        is_indent = *byte == b'\n' || is_indent && *byte == b' ';
        if (!is_indent || *byte == b'\n') && at < LENGTH {
            flush[at] = *byte;
            at += 1;
        }
        rest = left;
    }
    flush
}

/// A page of a list: everything after this id, at most so many rows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The last id of the page before; empty for the first page.
    pub after: String,
    /// Rows to fetch: one more than shown, which tells whether there is a next page.
    pub rows: i64,
}

/// A thing of a site that has versions: the tables that are looked at and changed alike.
pub trait Entity: Sized {
    /// Its id.
    fn id(&self) -> &str;
    /// Counts its changes.
    fn version(&self) -> i64;
    /// The one of this id at a site.
    fn by_id(site_id: &str, id: &str) -> Query<Option<Self>>;
    /// Those of a site after an id.
    fn list(site_id: &str, page: &Page) -> Query<Vec<Self>>;
}

/// The look-ups of an entity, over its module's `select!` and `read`.
macro_rules! look_ups {
    ($entity:ty) => {
        impl crate::Entity for $entity {
            fn id(&self) -> &str {
                &self.id
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn by_id(site_id: &str, id: &str) -> Query<Option<Self>> {
                Query {
                    statement: statement!(select!("where id = ?2 and site_id = ?1"), site_id, id),
                    decode: |rows| one(rows, read),
                }
            }

            fn list(site_id: &str, page: &crate::Page) -> Query<Vec<Self>> {
                Query {
                    statement: statement!(
                        select!("where site_id = ?1 and id > ?2 order by id limit ?3"),
                        site_id,
                        &page.after,
                        page.rows
                    ),
                    decode: |rows| crate::all(rows, read),
                }
            }
        }
    };
}
pub(crate) use look_ups;

/// The look-ups of what customers have at a site, newest first, over its module's `select!` and
/// `read`. No id sorts behind the second text.
macro_rules! newest_first {
    ($entity:ty, $beyond:literal) => {
        /// One of a site.
        pub fn by_id(site_id: &str, id: &str) -> Query<Option<$entity>> {
            Query {
                statement: statement!(select!("where id = ?2 and site_id = ?1"), site_id, id),
                decode: |rows| one(rows, read),
            }
        }

        /// Those of a site before an id.
        pub fn list(site_id: &str, page: &crate::Page) -> Query<Vec<$entity>> {
            Query {
                statement: statement!(
                    select!(concat!(
                        "where site_id = ?1 and id < case ?2 when '' then '",
                        $beyond,
                        "' else ?2 end
                         order by id desc limit ?3"
                    )),
                    site_id,
                    &page.after,
                    page.rows
                ),
                decode: |rows| crate::all(rows, read),
            }
        }

        /// Those of a customer.
        pub fn list_customer(
            site_id: &str,
            customer_id: &str,
            page: &crate::Page,
        ) -> Query<Vec<$entity>> {
            Query {
                statement: statement!(
                    select!(concat!(
                        "where customer_id = ?4 and customer_id <> '' and site_id = ?1
                           and id < case ?2 when '' then '",
                        $beyond,
                        "' else ?2 end
                         order by id desc limit ?3"
                    )),
                    site_id,
                    &page.after,
                    page.rows,
                    customer_id
                ),
                decode: |rows| crate::all(rows, read),
            }
        }
    };
}
pub(crate) use newest_first;

/// The one row of a look-up by key, decoded.
fn one<T>(rows: Vec<Row>, read: fn(&mut Cells) -> T) -> Result<Option<T>, Corrupt> {
    rows.into_iter().next().map(|row| row.read(read)).transpose()
}

/// Every row, decoded.
fn all<T>(rows: Vec<Row>, read: fn(&mut Cells) -> T) -> Result<Vec<T>, Corrupt> {
    rows.into_iter().map(|row| row.read(read)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_statement_loses_its_indentation_and_nothing_else() {
        let of = |it: ports::Statement| it.text;
        let text = of(statement!(
            "select 'a  b', c -- why
             from d
               where e = ?1",
            1
        ));
        assert_eq!(text, "select 'a  b', c -- why\nfrom d\nwhere e = ?1");
        assert_eq!(
            of(statement!(concat!("select 1 ", "union select 2"))),
            "select 1 union select 2"
        );
        let one_of_several = "select 1\n  where true";
        assert_eq!(of(statement!(of one_of_several)), one_of_several);
    }
}
