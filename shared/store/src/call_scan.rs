//! What leads to a call: how far rules have looked (table `call_scan`), and what they found.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// A site that has rules, and how far they have looked.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// The site.
    pub site_id: String,
    /// Its zone.
    pub zone: String,
    /// When the first of its rules was made.
    pub began_at: i64,
    /// Up to which event, on which day up to which customer; none before the first look.
    pub place: Option<Place>,
}

/// How far the rules of a site have looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Up to which event.
    pub sequence: i64,
    /// On which day they looked at customers.
    pub day: i64,
    /// Up to which: `group:id`, empty for none and `~` for all.
    pub customer: String,
}

/// The sites with rules after one.
pub fn cursors(after: &str, rows: i64) -> Query<Vec<Cursor>> {
    Query {
        statement: statement!(
            "select r.site_id, site.zone, min(r.created_at_ms), s.sequence,
               coalesce(s.day, 0), coalesce(s.customer, '')
             from call_rule r
             cross join site on site.id = r.site_id
             left join call_scan s on s.site_id = r.site_id
             where r.site_id > ?1
             group by r.site_id
             order by r.site_id limit ?2",
            after,
            rows
        ),
        decode: |rows| {
            all(rows, |row| Cursor {
                site_id: row.text(),
                zone: row.text(),
                began_at: row.integer(),
                place: {
                    let (sequence, day) = (row.integer_or_null(), row.integer());
                    let customer = row.text();
                    sequence.map(|sequence| Place { sequence, day, customer })
                },
            })
        },
    }
}

/// Begins to look at a site, with the events after the last whose id is less than this one.
pub fn begin(site_id: &str, event_id: &str) -> Statement {
    statement!(
        "insert into call_scan (site_id, sequence, day, customer)
         select ?1, coalesce((select seq from event where id < ?2 order by id desc limit 1), 0),
           0, ''
         on conflict do nothing",
        site_id,
        event_id
    )
}

/// How far a site was looked at.
pub fn place(site_id: &str) -> Query<Option<Place>> {
    Query {
        statement: statement!(
            "select sequence, day, customer from call_scan where site_id = ?1",
            site_id
        ),
        decode: |rows| {
            one(rows, |row| Place {
                sequence: row.integer(),
                day: row.integer(),
                customer: row.text(),
            })
        },
    }
}

/// Goes on from one event to another. Yields no row if somebody else did.
pub fn go_on(site_id: &str, from: i64, to: i64) -> Statement {
    statement!(
        "update call_scan set sequence = ?3 where site_id = ?1 and sequence = ?2
         returning sequence",
        site_id,
        from,
        to
    )
}

/// Goes on from one customer to another. Yields no row if somebody else did.
pub fn go_on_with(site_id: &str, from: (i64, &str), to: (i64, &str)) -> Statement {
    statement!(
        "update call_scan set day = ?4, customer = ?5
         where site_id = ?1 and day = ?2 and customer = ?3
         returning day",
        site_id,
        from.0,
        from.1,
        to.0,
        to.1
    )
}

/// Whom a rule may call, and what is to be known of that.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The case, order, response or customer.
    pub id: String,
    /// The customer; empty if nobody knows.
    pub customer_id: String,
    /// Their group; empty if unknown.
    pub group: String,
    /// The response that it is about; empty for none.
    pub response_id: String,
    /// Where it was; empty for nowhere in particular.
    pub touchpoint_id: String,
    /// Their language; empty if unknown.
    pub language: String,
    /// Their zone; empty if unknown.
    pub zone: String,
    /// Their name; empty if unknown.
    pub name: String,
    /// Their number as they wrote it; empty if unknown.
    pub phone: String,
    /// Whose customer they are; empty for nobody's who makes calls.
    pub agent_id: String,
    /// Whether they want to be asked for feedback.
    pub has_consent: bool,
    /// Whether they were erased, or the matter is none any more.
    pub is_over: bool,
    /// When it happened.
    pub at: i64,
    /// The round of a case; the day of the last visit of a customer.
    pub number: i64,
    /// What open call-backs there are, by purpose, with commas around each; of a case their ids.
    pub open: String,
}

fn read(row: &mut Cells) -> Subject {
    Subject {
        id: row.text(),
        customer_id: row.text(),
        group: row.text(),
        response_id: row.text(),
        touchpoint_id: row.text(),
        language: row.text(),
        zone: row.text(),
        name: row.text(),
        phone: row.text(),
        agent_id: row.text(),
        has_consent: row.flag(),
        is_over: row.flag(),
        at: row.integer(),
        number: row.integer(),
        open: row.text(),
    }
}

/// A contact of whoever owns it, as a query in brackets.
macro_rules! contact {
    ($owner:literal, $kind:literal) => {
        concat!(
            "(select n.value from contact n where n.owner = ",
            $owner,
            " and n.kind = '",
            $kind,
            "' order by n.question_id limit 1)"
        )
    };
}

/// The open call-backs of a customer, by purpose, as a query in brackets.
macro_rules! open {
    ($customer:literal) => {
        concat!(
            "coalesce((
               select ',' || group_concat(b.purpose) || ',' from callback b
               where b.customer_id = ",
            $customer,
            " and b.customer_id <> ''
                 and b.state in ('held', 'booked', 'waiting', 'calling')), '')"
        )
    };
}

/// Solved cases, a JSON array of ids.
pub fn cases(site_id: &str, ids: &str) -> Query<Vec<Subject>> {
    Query {
        statement: statement!(
            concat!(
                "select c.id, c.customer_id, c.customer_group, c.response_id,
                   c.touchpoint_id, coalesce(nullif(k.language, ''), c.language),
                   coalesce(k.zone, ''), coalesce(",
                contact!("c.id", "name"),
                ", ",
                contact!("k.id", "name"),
                ", ''), coalesce(",
                contact!("c.id", "phone"),
                ", ",
                contact!("k.id", "phone"),
                ", ",
                contact!("nullif(c.response_id, '')", "phone"),
                ", ''), '', 1,
                   c.state not in ('solved', 'closed') or k.erased_at_ms is not null,
                   coalesce(c.solved_at_ms, 0), c.reopened,
                   coalesce((
                     select ',' || group_concat(b.id) || ',' from callback b
                     where b.case_id = c.id and b.case_id <> ''
                       and b.state in ('held', 'booked', 'waiting', 'calling')), '')
                 from json_each(?2) it
                 cross join complaint c on c.id = it.value
                 left join customer k on k.id = c.customer_id
                 where c.site_id = ?1"
            ),
            site_id,
            ids
        ),
        decode: |rows| all(rows, read),
    }
}

/// Orders, a JSON array of ids.
pub fn orders(site_id: &str, ids: &str) -> Query<Vec<Subject>> {
    Query {
        statement: statement!(
            concat!(
                "select p.id, k.id, k.customer_group, '', p.touchpoint_id, k.language, k.zone,
                   coalesce(",
                contact!("k.id", "name"),
                ", ''), coalesce(",
                contact!("k.id", "phone"),
                ", ''), '', k.has_consent, k.erased_at_ms is not null, p.completed_at_ms, 0, ",
                open!("k.id"),
                " from json_each(?2) it
                 cross join purchase p on p.id = it.value
                 cross join customer k on k.id = p.customer_id
                 where p.site_id = ?1"
            ),
            site_id,
            ids
        ),
        decode: |rows| all(rows, read),
    }
}

/// Responses, a JSON array of `[survey, response]`. What was said in a call to win somebody back
/// leads to no other one.
pub fn responses(site_id: &str, rows: &str) -> Query<Vec<Subject>> {
    Query {
        statement: statement!(
            concat!(
                "select r.id, r.customer_id, r.customer_group, r.id, '',
                   coalesce(nullif(k.language, ''), r.language), coalesce(k.zone, ''),
                   coalesce(",
                contact!("r.id", "name"),
                ", ",
                contact!("k.id", "name"),
                ", ''), coalesce(",
                contact!("r.id", "phone"),
                ", ",
                contact!("k.id", "phone"),
                ", ''), '', coalesce(k.has_consent, 1),
                   r.counted = 0 or k.erased_at_ms is not null or exists (
                     select 1 from callback b
                     where b.customer_id = k.id and b.customer_id <> '' and b.result_id = r.id
                       and b.purpose = 'recovery'),
                   r.answered_at_ms, 0, ",
                open!("k.id"),
                " from json_each(?2) it
                 cross join response r on r.study_id = it.value ->> 0 and r.id = it.value ->> 1
                 left join customer k on k.id = r.customer_id
                 where r.site_id = ?1"
            ),
            site_id,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// The customers of a group after one, each with the day of their last visit; -1 for none.
pub fn customers(site_id: &str, group: &str, after: &str, rows: i64) -> Query<Vec<Subject>> {
    Query {
        statement: statement!(
            concat!(
                "select k.id, k.id, k.customer_group, '', '', k.language, k.zone, coalesce(",
                contact!("k.id", "name"),
                ", ''), coalesce(",
                contact!("k.id", "phone"),
                ", ''), coalesce((
                     select a.id from agent a
                     where a.id = k.adviser_id and a.is_active = 1 and a.calls_per_day > 0), ''),
                   k.has_consent, k.erased_at_ms is not null, 0, coalesce((
                     select max(b.requested_day) from callback b
                     where b.customer_id = k.id and b.customer_id <> ''
                       and b.purpose = 'core_visit'), -1), ",
                open!("k.id"),
                " from customer k
                 where k.site_id = ?1 and k.customer_group = ?2 and k.id > ?3
                 order by k.id limit ?4"
            ),
            site_id,
            group,
            after,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// How many calls those who work at a site can make on a day, and how many periodic visits a day
/// has already.
pub fn room(site_id: &str, day: i64) -> Query<(i64, i64)> {
    Query {
        statement: statement!(
            "select coalesce(sum(a.calls_per_day), 0), (
               select count(*) from callback b
               where b.site_id = ?1 and b.requested_day = ?2 and b.purpose = 'core_visit')
             from agent a
             where a.site_id = ?1 and a.is_active = 1",
            site_id,
            day
        ),
        decode: |rows| Ok(one(rows, |row| (row.integer(), row.integer()))?.unwrap_or_default()),
    }
}

/// Which of some names call-backs have, a JSON array; see `once`.
pub fn known(site_id: &str, names: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select b.once from json_each(?2) it
             cross join callback b on b.site_id = ?1 and b.once = it.value",
            site_id,
            names
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Which of some numbers are never to be called, a JSON array of their hashes in hexadecimal.
pub fn blocked(site_id: &str, hashes: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select it.value from json_each(?2) it
             cross join do_not_call d on d.site_id = ?1 and d.phone_hash = unhex(it.value)",
            site_id,
            hashes
        ),
        decode: |rows| all(rows, Cells::text),
    }
}
