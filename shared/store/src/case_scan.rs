//! What becomes a complaint in time: low scores, tickets of other systems, many cases alike.

use ports::{Cells, Query, Statement};

use crate::cases::{Case, columns, read};
use crate::{all, one, statement};

/// A site that has a policy of intake, and up to which event it was looked at.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// The site.
    pub site_id: String,
    /// The policy, as JSON.
    pub definition: String,
    /// When it was published.
    pub published_at: i64,
    /// Up to which event; none before the first look.
    pub sequence: Option<i64>,
}

/// The sites with a policy of intake after one.
pub fn cursors(after: &str, rows: i64) -> Query<Vec<Cursor>> {
    Query {
        statement: statement!(
            "select p.site_id, v.definition, v.published_at_ms, s.sequence
             from policy p
             cross join policy_version v on v.policy_id = p.id and v.number = p.published
             left join case_scan s on s.site_id = p.site_id
             where p.kind = 'intake' and p.site_id > ?1
             order by p.site_id limit ?2",
            after,
            rows
        ),
        decode: |rows| {
            all(rows, |row| Cursor {
                site_id: row.text(),
                definition: row.text(),
                published_at: row.integer(),
                sequence: row.integer_or_null(),
            })
        },
    }
}

/// Begins to look at a site, with the events after the last whose id is less than this one.
pub fn begin(site_id: &str, event_id: &str) -> Statement {
    statement!(
        "insert into case_scan (site_id, sequence)
         select ?1, coalesce((select seq from event where id < ?2 order by id desc limit 1), 0)
         on conflict do nothing",
        site_id,
        event_id
    )
}

/// Up to which event a site was looked at.
pub fn cursor(site_id: &str) -> Query<Option<i64>> {
    Query {
        statement: statement!("select sequence from case_scan where site_id = ?1", site_id),
        decode: |rows| one(rows, Cells::integer),
    }
}

/// Goes on from one event to another. Yields no row if somebody else did.
pub fn go_on(site_id: &str, from: i64, to: i64) -> Statement {
    statement!(
        "update case_scan set sequence = ?3 where site_id = ?1 and sequence = ?2
         returning sequence",
        site_id,
        from,
        to
    )
}

/// What somebody said of whom a case may be made.
#[derive(Clone, Debug)]
pub struct Said {
    /// The response or the message.
    pub id: String,
    /// Whose it is; empty if nobody knows, or once they were erased.
    pub customer_id: String,
    /// Their group.
    pub group: String,
    /// Who looks after them.
    pub adviser_id: String,
    /// On which channel.
    pub channel: String,
    /// In which language.
    pub language: String,
    /// At which touchpoint, as far as a message says so.
    pub touchpoint_id: String,
    /// Their own words; empty for none.
    pub text: String,
}

fn read_said(row: &mut Cells) -> Said {
    Said {
        id: row.text(),
        customer_id: row.text(),
        group: row.text(),
        adviser_id: row.text(),
        channel: row.text(),
        language: row.text(),
        touchpoint_id: row.text(),
        text: row.text(),
    }
}

/// Responses that count, a JSON array of `[survey, response]`, with what was said in words.
pub fn responses(site_id: &str, rows: &str) -> Query<Vec<Said>> {
    Query {
        statement: statement!(
            "select r.id, r.customer_id, r.customer_group, coalesce(k.adviser_id, ''), r.channel,
               r.language, '', coalesce((
                 select group_concat(a.value, char(10))
                 from study_version v
                 cross join json_each(v.definition, '$.questions') q
                 cross join json_each(r.answers) a on a.key = q.value ->> 'id'
                 where v.study_id = r.study_id and v.number = r.study_version
                   and q.value ->> 'type' = 'text' and a.type = 'text'), '')
             from json_each(?2) it
             cross join response r on r.study_id = it.value ->> 0 and r.id = it.value ->> 1
             left join customer k on k.id = r.customer_id
             where r.site_id = ?1 and r.counted = 1",
            site_id,
            rows
        ),
        decode: |rows| all(rows, read_said),
    }
}

/// Tickets, a JSON array of ids, as far as their words are still there.
pub fn tickets(site_id: &str, ids: &str) -> Query<Vec<Said>> {
    Query {
        statement: statement!(
            "select m.id, m.customer_id, coalesce(k.customer_group, ''),
               coalesce(k.adviser_id, ''), m.channel, coalesce(k.language, ''), m.touchpoint_id,
               trim(m.subject || char(10) || m.text, char(10))
             from json_each(?2) it
             cross join message m on m.id = it.value
             left join customer k on k.id = m.customer_id
             where m.site_id = ?1 and m.subject || m.text <> ''",
            site_id,
            ids
        ),
        decode: |rows| all(rows, read_said),
    }
}

/// The sites at which complaints came in since an id, and those at which a surge goes on.
pub fn stirred(since_id: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select site_id from complaint
             where id > ?1 and source not in ('surge', 'import')
             union
             select site_id from alarm
             where kind = 'surge' and cleared_at_ms is null",
            since_id
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Cases that came in and are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Of this type; empty if nobody knows.
    pub type_id: String,
    /// At this touchpoint; empty if nobody knows.
    pub touchpoint_id: String,
    /// How many.
    pub count: i64,
}

/// The groups of what came in at a site after an id.
pub fn groups(site_id: &str, since_id: &str) -> Query<Vec<Group>> {
    Query {
        statement: statement!(
            "select type_id, touchpoint_id, count(*)
             from complaint
             where site_id = ?1 and id > ?2 and source not in ('surge', 'import')
             group by type_id, touchpoint_id",
            site_id,
            since_id
        ),
        decode: |rows| {
            all(rows, |row| Group {
                type_id: row.text(),
                touchpoint_id: row.text(),
                count: row.integer(),
            })
        },
    }
}

/// How many of a group came in between two ids.
pub fn count(site_id: &str, group: &Group, since_id: &str, until_id: &str) -> Query<i64> {
    Query {
        statement: statement!(
            "select count(*) from complaint
             where site_id = ?1 and id > ?4 and id <= ?5 and type_id = ?2
               and touchpoint_id = ?3 and source not in ('surge', 'import')",
            site_id,
            &group.type_id,
            &group.touchpoint_id,
            since_id,
            until_id
        ),
        decode: |rows| Ok(one(rows, Cells::integer)?.unwrap_or(0)),
    }
}

/// The cases of a group after an id that have no parent and are not over, oldest first, each with
/// what was said first.
pub fn orphans(
    site_id: &str,
    group: &Group,
    since_id: &str,
    rows: i64,
) -> Query<Vec<(Case, String)>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", coalesce((
                   select t.text from case_text t
                   where t.case_id = complaint.id and t.kind = 'complaint'
                   order by t.id limit 1), '')
                 from complaint
                 where site_id = ?1 and id > ?4 and type_id = ?2 and touchpoint_id = ?3
                   and parent_id = '' and state in ('open', 'waiting', 'solved')
                   and source not in ('surge', 'import')
                 order by id limit ?5"
            ),
            site_id,
            &group.type_id,
            &group.touchpoint_id,
            since_id,
            rows
        ),
        decode: |rows| all(rows, |row| (read(row), row.text())),
    }
}

/// What was said first in one of the cases that a parent has.
pub fn child_text(parent_id: &str) -> Query<Option<String>> {
    Query {
        statement: statement!(
            "select t.text from complaint c
             cross join case_text t on t.case_id = c.id and t.kind = 'complaint'
             where c.parent_id = ?1 and c.parent_id <> '' and t.text <> ''
             order by c.id limit 1",
            parent_id
        ),
        decode: |rows| one(rows, Cells::text),
    }
}
