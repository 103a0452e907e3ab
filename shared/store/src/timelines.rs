//! What happened with a customer, and how it stands with them now: across the tables that have the
//! link to them.

use ports::{Cells, Query};

use crate::{all, one, statement};

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Happened {
    /// When.
    pub at: i64,
    /// Such as `response` or `complaint`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// What tells it, as a JSON object.
    pub data: String,
}

/// Those of a customer before a key, in one table.
macro_rules! newest {
    ($kind:literal, $at:literal, $of:literal, $table:literal) => {
        concat!(
            "select * from (
               select ",
            $at,
            " as at, '",
            $kind,
            "' as kind, id, ",
            $of,
            " as of_id
               from ",
            $table,
            "
               where customer_id = ?2 and customer_id <> '' and (",
            $at,
            ", id) < (?3, ?4)
               order by 1 desc, id desc limit ?5)"
        )
    };
}

/// An instant of ours in JSON; null for none.
macro_rules! time {
    ($column:literal) => {
        concat!("strftime('%Y-%m-%dT%H:%M:%SZ', nullif(", $column, ", 0) / 1000, 'unixepoch')")
    };
}
pub(crate) use time;

/// A page of what happened with a customer of the site, the newest first. It looks at all that they
/// have, and at nothing of others.
pub fn page(
    site_id: &str,
    customer_id: &str,
    (at, id): (i64, &str),
    rows: i64,
) -> Query<Vec<Happened>> {
    Query {
        statement: statement!(
            concat!(
                "select h.at, h.kind, h.id, case h.kind
                   when 'response' then (
                     select json_object('survey_id', r.study_id, 'survey_name', s.name,
                       'source', r.source, 'channel', nullif(r.channel, ''),
                       'is_complete', json(iif(r.complete, 'true', 'false')),
                       'is_counted', json(iif(r.counted, 'true', 'false')),
                       'scores', (
                         select json_group_array(json_object('question_id', x.question_id,
                           'metric', x.metric, 'points', x.points, 'value', x.value))
                         from score x
                         where x.site_id = ?1 and x.day = r.day and x.response_id = r.id),
                       'comments', (
                         select json_group_array(c.text) from comment c
                         where c.site_id = ?1 and c.response_id = r.id))
                     from response r cross join study s on s.id = r.study_id
                     where r.study_id = h.of_id and r.id = h.id)
                   when 'complaint' then (
                     select json_object('number', c.number, 'state', c.state, 'grade', c.grade,
                       'type', nullif(c.type_id, ''), 'channel', nullif(c.channel, ''),
                       'csat', c.csat, 'ces', c.ces, 'text', (
                         select substr(t.text, 1, 280) from case_text t
                         where t.case_id = c.id and t.kind = 'complaint' order by t.id limit 1))
                     from complaint c where c.id = h.id)
                   when 'callback' then (
                     select json_object('mode', b.mode, 'state', b.state, 'purpose', b.purpose,
                       'case_id', nullif(b.case_id, ''), 'agent_id', nullif(b.agent_id, ''),
                       'start', ",
                time!("b.start_ms"),
                ", 'outcome', nullif(b.outcome, ''))
                     from callback b where b.id = h.id)
                   when 'order' then (
                     select json_object('external_id', nullif(o.external_id, ''),
                       'amount', o.amount, 'currency', o.currency,
                       'channel', nullif(o.channel, ''))
                     from purchase o where o.id = h.id)
                   when 'message' then (
                     select json_object('type', m.kind, 'subject', nullif(m.subject, ''),
                       'text', substr(m.text, 1, 280), 'channel', nullif(m.channel, ''))
                     from message m where m.id = h.id)
                   else (
                     select json_object('wave_id', i.wave_id, 'survey_id', w.study_id,
                       'survey_name', s.name, 'reminded_at', ",
                time!("i.reminded_at_ms"),
                ") from invitation i
                     cross join wave w on w.id = i.wave_id
                     cross join study s on s.id = w.study_id
                     where i.wave_id = h.of_id and i.id = h.id) end
                 from (
                   select * from (",
                newest!("response", "answered_at_ms", "study_id", "response"),
                " union all ",
                newest!("complaint", "received_at_ms", "''", "complaint"),
                " union all ",
                newest!("callback", "requested_at_ms", "''", "callback"),
                " union all ",
                newest!("order", "completed_at_ms", "''", "purchase"),
                " union all ",
                newest!("message", "created_at_ms", "''", "message"),
                " union all ",
                newest!("invitation", "coalesce(invited_at_ms, 0)", "wave_id", "invitation"),
                ") where at > 0 or kind <> 'invitation'
                   order by at desc, id desc limit ?5) h
                 order by h.at desc, h.id desc"
            ),
            site_id,
            customer_id,
            at,
            id,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// How it stands with a customer of the site now, as a JSON object: what is open, the next call and
/// how they scored last.
pub fn now(site_id: &str, customer_id: &str) -> Query<String> {
    Query {
        statement: statement!(
            concat!(
                "select json_object(
                   'complaints', (
                     select count(*) from complaint where customer_id = ?2 and customer_id <> ''),
                   'open_complaints', (
                     select count(*) from complaint
                     where customer_id = ?2 and customer_id <> ''
                       and state in ('open', 'waiting', 'solved')),
                   'responses', (
                     select count(*) from response where customer_id = ?2 and customer_id <> ''),
                   'open_callbacks', (
                     select count(*) from callback
                     where customer_id = ?2 and customer_id <> ''
                       and state in ('held', 'booked', 'waiting', 'calling')),
                   'next_callback', json((
                     select json_object('id', id, 'mode', mode, 'state', state,
                       'purpose', purpose, 'start', ",
                time!("start_ms"),
                ", 'due', ",
                time!("due_ms"),
                ") from callback
                     where customer_id = ?2 and customer_id <> ''
                       and state in ('held', 'booked', 'waiting', 'calling')
                     order by due_ms, id limit 1)),
                   'last_response', json((
                     select json_object('id', r.id, 'survey_id', r.study_id, 'answered_at', ",
                time!("r.answered_at_ms"),
                ", 'scores', (
                       select json_group_array(json_object('question_id', x.question_id,
                         'metric', x.metric, 'points', x.points, 'value', x.value))
                       from score x
                       where x.site_id = ?1 and x.day = r.day and x.response_id = r.id))
                     from response r
                     where r.customer_id = ?2 and r.customer_id <> ''
                       and exists (
                         select 1 from score x
                         where x.site_id = ?1 and x.day = r.day and x.response_id = r.id)
                     order by r.answered_at_ms desc, r.id desc limit 1)))"
            ),
            site_id,
            customer_id
        ),
        decode: |rows| Ok(one(rows, Cells::text)?.unwrap_or_default()),
    }
}

fn read(row: &mut Cells) -> Happened {
    Happened { at: row.integer(), kind: row.text(), id: row.text(), data: row.text() }
}
