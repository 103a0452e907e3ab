//! What is personal and older than its site keeps it: found and taken out, a slice at a time.

use ports::{Cells, Query, Statement};

use crate::callbacks::{self, Callback};
use crate::cases::{self, Case};
use crate::{all, one, statement};

/// Sites that keep something for some days alone, and how many.
pub fn sites(after: &str, rows: i64) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select id, retention from site where retention <> '{}' and id > ?1
             order by id limit ?2",
            after,
            rows
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// The oldest cases of a site that were over before a time and of which somebody is still told,
/// each with the seal of its newest event.
pub fn cases(site_id: &str, before: i64, rows: i64) -> Query<Vec<(Case, [u8; 32])>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                cases::columns!(),
                ", (select e.hash from event e
                    where e.subject = complaint.id and e.version = complaint.version)
                 from complaint indexed by complaint_kept
                 where site_id = ?1 and coalesce(closed_at_ms, updated_at_ms) < ?2
                   and state in ('closed', 'merged')
                   and coalesce(closed_at_ms, updated_at_ms) > coalesce(erased_at_ms, 0)
                 order by coalesce(closed_at_ms, updated_at_ms), id limit ?3"
            ),
            site_id,
            before,
            rows
        ),
        decode: |rows| all(rows, |row| (cases::read(row), row.hash())),
    }
}

/// Takes the words and the files of cases, a JSON array of ids.
pub fn case_texts(ids: &str) -> Statement {
    statement!(
        "update case_text set text = '', files = '[]', salt = x''
         where case_id in (select value from json_each(?1))",
        ids
    )
}

/// Revokes the links to cases, a JSON array of ids.
pub fn case_links(ids: &str, now: i64) -> Statement {
    statement!(
        "update case_link set revoked_at_ms = ?2
         where revoked_at_ms is null and case_id in (select value from json_each(?1))",
        ids,
        now
    )
}

/// Forgets the codes of what customers got in cases, a JSON array of ids; amounts stay.
pub fn compensations(ids: &str) -> Statement {
    statement!(
        "update compensation set reference = '', once = id
         where case_id in (select value from json_each(?1))",
        ids
    )
}

/// Takes how to reach somebody where a row has that for itself, a JSON array of their ids.
pub fn contacts(owners: &str) -> Statement {
    statement!("delete from contact where owner in (select value from json_each(?1))", owners)
}

/// Forgets what answers about some subjects said, a JSON array of ids.
pub fn answers(subjects: &str) -> Statement {
    statement!(
        "update idempotency set body = ''
         where body <> '' and subject in (select value from json_each(?1))",
        subjects
    )
}

/// Cuts the links from cases to their customers, over the versions before, a JSON array of
/// `[case, version]`. Whoever relies on it checks.
pub fn unlink_cases(rows: &str, now: i64) -> Statement {
    statement!(
        "update complaint set customer_id = '', who = '', version = complaint.version + 1,
           updated_at_ms = ?2, erased_at_ms = ?2
         from json_each(?1) it
         where complaint.id = it.value ->> 0 and complaint.version = it.value ->> 1",
        rows,
        now
    )
}

/// The oldest call-backs of a site that ended before a time and of which somebody is still told.
pub fn callbacks(site_id: &str, before: i64, rows: i64) -> Query<Vec<Callback>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                callbacks::columns!(),
                " from callback
                 where site_id = ?1 and ended_at_ms < ?2 and ended_at_ms is not null
                   and phone_hash <> x''
                 order by ended_at_ms, id limit ?3"
            ),
            site_id,
            before,
            rows
        ),
        decode: |rows| all(rows, callbacks::read),
    }
}

/// Takes what was noted of calls, a JSON array of the ids of call-backs.
pub fn call_notes(ids: &str) -> Statement {
    statement!(
        "update call_attempt set note = '', salt = x''
         where callback_id in (select value from json_each(?1))",
        ids
    )
}

/// The first responses before an id whose words are still there, of the first survey of a site that
/// has any: survey and response.
pub fn responses(site_id: &str, before: &str, rows: i64) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "with it (id, until) as materialized (
               select s.id, coalesce(x.until, '') from study s
               left join expired x on x.site_id = ?1 and x.kind = 'responses' and x.part = s.id
               where s.site_id = ?1 and exists (
                 select 1 from response r
                 where r.study_id = s.id and r.id > coalesce(x.until, '') and r.id < ?2)
               order by s.id limit 1)
             select study_id, id from response
             where study_id = (select id from it) and id > (select until from it) and id < ?2
             order by id limit ?3",
            site_id,
            before,
            rows
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// Cuts the links from invitations to responses, a JSON array of `[survey, response]`: that and on
/// which day they were answered stays, so that the coverage of their waves does.
pub fn invitations(site_id: &str, rows: &str) -> Statement {
    statement!(
        "update invitation set nonce = '',
           answered_at_ms = coalesce(answered_at_ms, (
             select r.received_at_ms - r.received_at_ms % 86400000 from response r
             where r.site_id = ?1 and r.idempotency_key = 'link:' || invitation.nonce))
         where nonce <> '' and nonce in (
           select substr(r.idempotency_key, 6) from json_each(?2) it
           cross join response r on r.study_id = it.value ->> 0 and r.id = it.value ->> 1
           where r.idempotency_key like 'link:%')",
        site_id,
        rows
    )
}

/// Removes what was read in the words of responses, a JSON array of `[survey, response]`.
pub fn comments(site_id: &str, rows: &str) -> Statement {
    statement!(
        "delete from comment
         where site_id = ?1 and response_id in (select value ->> 1 from json_each(?2))",
        site_id,
        rows
    )
}

/// Takes the contacts that responses gave, a JSON array of `[survey, response]`.
pub fn given(rows: &str) -> Statement {
    statement!("delete from contact where owner in (select value ->> 1 from json_each(?1))", rows)
}

/// Takes the answers of responses and whose they are, a JSON array of `[survey, response]`; their
/// scores stay.
pub fn unlink_responses(rows: &str) -> Statement {
    statement!(
        "update response set customer_id = '', answers = '{}'
         from json_each(?1) it
         where response.study_id = it.value ->> 0 and response.id = it.value ->> 1",
        rows
    )
}

/// The first messages of a site before an id whose words are still there.
pub fn messages(site_id: &str, before: &str, rows: i64) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select id from message
             where site_id = ?1 and id < ?2 and id > coalesce((
               select until from expired
               where site_id = ?1 and kind = 'messages' and part = ''), '')
             order by id limit ?3",
            site_id,
            before,
            rows
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Takes what other systems sent of messages, a JSON array of ids; before [`unlink_messages`].
pub fn inbound_bodies(ids: &str) -> Statement {
    statement!(
        "delete from inbound_body where inbound_id in (
           select m.inbound_id from json_each(?1) it
           cross join message m on m.id = it.value and m.inbound_id <> '')",
        ids
    )
}

/// Removes what such messages became, which would lead back to them; before [`unlink_messages`].
pub fn inbound_outcomes(ids: &str) -> Statement {
    statement!(
        "update inbound set outcome = '[]', mistakes = '[]'
         where id in (
           select m.inbound_id from json_each(?1) it
           cross join message m on m.id = it.value and m.inbound_id <> '')",
        ids
    )
}

/// Takes the words and the links of messages, a JSON array of ids.
pub fn unlink_messages(ids: &str) -> Statement {
    statement!(
        "update message set customer_id = '', external_id = '', subject = '', text = '',
           inbound_id = ''
         where id in (select value from json_each(?1))",
        ids
    )
}

/// Notes how far it is gone, a JSON array of `[part, until]`, each part once.
pub fn note(site_id: &str, kind: &str, rows: &str) -> Statement {
    statement!(
        "insert into expired (site_id, kind, part, until)
         select ?1, ?2, it.value ->> 0, it.value ->> 1 from json_each(?3) it where true
         on conflict (site_id, kind, part) do update set until = excluded.until",
        site_id,
        kind,
        rows
    )
}

/// Yields a row if none of these, a JSON array of `[part, first]`, was reached by somebody else.
pub fn is_ours(site_id: &str, kind: &str, rows: &str) -> Statement {
    statement!(
        "select 1 where not exists (
           select 1 from json_each(?3) it
           cross join expired x on x.site_id = ?1 and x.kind = ?2 and x.part = it.value ->> 0
             and x.until >= it.value ->> 1)",
        site_id,
        kind,
        rows
    )
}

/// Forgets who looked at what before a time. Bounded, so that a tick stays short.
pub fn presence(before: i64) -> Statement {
    statement!(
        "delete from presence where (subject, actor) in (
           select subject, actor from presence where seen_at_ms < ?1 limit 1000)",
        before
    )
}

/// Forgets where surveys were not seen since a time.
pub fn sightings(before: i64) -> Statement {
    statement!(
        "delete from sighting where (study_id, origin) in (
           select study_id, origin from sighting where seen_at_ms < ?1 limit 1000)",
        before
    )
}

/// Whether there is somebody who looked, or somewhere that was seen, before these times.
pub fn has_traces(presence_before: i64, sighting_before: i64) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select 1 where exists (select 1 from presence where seen_at_ms < ?1)
               or exists (select 1 from sighting where seen_at_ms < ?2)",
            presence_before,
            sighting_before
        ),
        decode: |rows| one(rows, Cells::integer),
    }
}
