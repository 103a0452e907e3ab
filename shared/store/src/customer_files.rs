//! All that is kept of a customer, as JSON, part by part: what they may have a copy of.
//!
//! Each part is of one table. A test holds this list against the schema.

use ports::{Cells, Query};

use crate::call_steps::theirs as their_calls;
use crate::cases::theirs as their_cases;
use crate::timelines::time;
use crate::{all, statement};

/// Of a part more than this many rows are left out, the oldest of them.
pub const ROWS_MAX: i64 = 5_000;

/// The response ids of a customer.
macro_rules! their_responses {
    () => {
        "select id from response where customer_id = ?1 and customer_id <> ''"
    };
}

/// A part; all of them take the same parameters.
macro_rules! part {
    ($name:literal, $($text:expr),+ $(,)?) => {
        ($name, concat!("with asked as (select ?1, ?2, ?3, ?4) ", $($text),+))
    };
}

/// The parts: what each is called, and its rows as JSON. `?1` is the customer, `?2` the site, `?3`
/// how many rows, `?4` an array of the hashes by which other tables know them.
pub const PARTS: [(&str, &str); 21] = [
    part!(
        "responses",
        "select json_object('id', id, 'survey_id', study_id,
        'survey_version', study_version, 'source', source, 'channel', channel,
        'group', customer_group, 'language', language, 'agent_id', agent_id,
        'answers', iif(json_valid(answers), json(answers), null),
        'answered_at', ",
        time!("answered_at_ms"),
        ",
        'received_at', ",
        time!("received_at_ms"),
        ",
        'is_complete', json(iif(complete, 'true', 'false')),
        'is_counted', json(iif(counted, 'true', 'false')), 'screened', screened)
      from response where customer_id = ?1 and customer_id <> ''
      order by id desc limit ?3"
    ),
    part!(
        "response_contacts",
        "select json_object('response_id', owner, 'kind', kind,
        'question_id', question_id, 'value', value)
      from contact where owner in (",
        their_responses!(),
        ")
      order by owner desc limit ?3"
    ),
    part!(
        "scores",
        "select json_object('response_id', s.response_id,
        'question_id', s.question_id,
        'metric', s.metric, 'points', s.points, 'value', s.value,
        'dimension', s.dimension, 'touchpoint_id', s.touchpoint_id)
      from response r
      cross join score s on s.site_id = ?2 and s.day = r.day and s.response_id = r.id
      where r.customer_id = ?1 and r.customer_id <> ''
      order by r.id desc limit ?3"
    ),
    part!(
        "comments",
        "select json_object('response_id', response_id,
        'question_id', question_id, 'text', text, 'sentiment', sentiment, 'topic', topic)
      from comment where site_id = ?2 and response_id in (",
        their_responses!(),
        ")
      order by response_id desc limit ?3"
    ),
    part!(
        "unfinished",
        "select json_object('survey_id', study_id, 'channel', channel,
        'language', language, 'answers', iif(json_valid(answers), json(answers), null),
        'saved_at', ",
        time!("saved_at_ms"),
        ")
      from partial where customer_id = ?1 and customer_id <> ''
      order by saved_at_ms desc limit ?3"
    ),
    part!(
        "invitations",
        "select json_object('id', i.id, 'wave_id', i.wave_id,
        'survey_id', w.study_id, 'group', i.customer_group, 'language', i.language,
        'invited_at', ",
        time!("i.invited_at_ms"),
        ", 'reminded_at', ",
        time!("i.reminded_at_ms"),
        ", 'answered_at', ",
        time!("i.answered_at_ms"),
        ")
      from invitation i cross join wave w on w.id = i.wave_id
      where i.customer_id = ?1 and i.customer_id <> ''
      order by i.id desc limit ?3"
    ),
    part!(
        "surveys_shown",
        "select json_object('what', scope, 'at', ",
        time!("at_ms"),
        ")
      from rest where site_id = ?2
        and who in (select ?1 union all select value from json_each(?4))
      order by at_ms desc limit ?3"
    ),
    part!(
        "complaints",
        "select json_object('id', id, 'number', number, 'state', state,
        'grade', grade, 'urgency', urgency, 'type', type_id, 'source', source,
        'channel', channel, 'language', language, 'touchpoint_id', touchpoint_id,
        'department_id', department_id, 'agent_id', agent_id, 'group', customer_group,
        'response_id', response_id, 'parent_id', parent_id, 'amount', amount,
        'csat', csat, 'ces', ces, 'received_at', ",
        time!("received_at_ms"),
        ",
        'answered_at', ",
        time!("answered_at_ms"),
        ", 'solved_at', ",
        time!("solved_at_ms"),
        ",
        'closed_at', ",
        time!("closed_at_ms"),
        ")
      from complaint where id in (",
        their_cases!(),
        ")
      order by id desc limit ?3"
    ),
    part!(
        "complaint_texts",
        "select json_object('complaint_id', case_id, 'kind', kind,
        'is_public', json(iif(is_public, 'true', 'false')), 'by', actor,
        'agent_id', agent_id, 'text', text,
        'files', iif(json_valid(files), json(files), null), 'at', ",
        time!("at_ms"),
        ")
      from case_text where case_id in (",
        their_cases!(),
        ")
      order by case_id desc, id limit ?3"
    ),
    part!(
        "complaint_contacts",
        "select json_object('complaint_id', owner, 'kind', kind,
        'value', value)
      from contact where owner in (",
        their_cases!(),
        ")
      order by owner desc limit ?3"
    ),
    part!(
        "complaint_links",
        "select json_object('complaint_id', case_id, 'number', number,
        'created_at', ",
        time!("created_at_ms"),
        ", 'expires_at', ",
        time!("expires_at_ms"),
        ",
        'revoked_at', ",
        time!("revoked_at_ms"),
        ")
      from case_link where case_id in (",
        their_cases!(),
        ")
      order by case_id desc, number limit ?3"
    ),
    part!(
        "compensations",
        "select json_object('complaint_id', case_id, 'kind', kind,
        'amount', amount, 'currency', currency, 'reference', reference, 'at', ",
        time!("created_at_ms"),
        ")
      from compensation where case_id in (",
        their_cases!(),
        ")
      order by id desc limit ?3"
    ),
    part!(
        "callbacks",
        "select json_object('id', id, 'mode', mode, 'state', state,
        'purpose', purpose, 'service_id', service_id, 'complaint_id', case_id,
        'response_id', response_id, 'result_id', result_id, 'touchpoint_id', touchpoint_id,
        'agent_id', agent_id, 'language', language, 'zone', zone, 'start', ",
        time!("start_ms"),
        ", 'due', ",
        time!("due_ms"),
        ", 'outcome', outcome,
        'requested_at', ",
        time!("requested_at_ms"),
        ", 'ended_at', ",
        time!("ended_at_ms"),
        ")
      from callback where id in (",
        their_calls!(),
        ")
      order by id desc limit ?3"
    ),
    part!(
        "callback_contacts",
        "select json_object('callback_id', owner, 'kind', kind,
        'value', value)
      from contact where owner in (",
        their_calls!(),
        ")
      order by owner desc limit ?3"
    ),
    part!(
        "callback_notes",
        "select json_object('callback_id', callback_id, 'note', note)
      from call_note where callback_id in (",
        their_calls!(),
        ")
      order by callback_id desc limit ?3"
    ),
    part!(
        "callback_attempts",
        "select json_object('callback_id', callback_id,
        'number', number, 'outcome', outcome, 'agent_id', agent_id, 'note', note,
        'started_at', ",
        time!("started_at_ms"),
        ", 'duration_ms', duration_ms)
      from call_attempt where callback_id in (",
        their_calls!(),
        ")
      order by callback_id desc, number limit ?3"
    ),
    part!(
        "orders",
        "select json_object('id', id, 'external_id', external_id,
        'amount', amount, 'currency', currency, 'channel', channel,
        'touchpoint_id', touchpoint_id, 'source_id', source_id, 'completed_at', ",
        time!("completed_at_ms"),
        ", 'received_at', ",
        time!("received_at_ms"),
        ")
      from purchase where customer_id = ?1 and customer_id <> ''
      order by id desc limit ?3"
    ),
    part!(
        "messages",
        "select json_object('id', id, 'type', kind, 'external_id', external_id,
        'subject', subject, 'text', text, 'channel', channel, 'touchpoint_id', touchpoint_id,
        'source_id', source_id, 'created_at', ",
        time!("created_at_ms"),
        ")
      from message where customer_id = ?1 and customer_id <> ''
      order by id desc limit ?3"
    ),
    part!(
        "received",
        "select json_object('id', i.id, 'source_id', i.source_id, 'state', i.state,
        'received_at', ",
        time!("i.received_at_ms"),
        ")
      from inbound_about a cross join inbound i on i.id = a.inbound_id
      where a.who in (select value from json_each(?4)) and i.site_id = ?2
      order by i.id desc limit ?3"
    ),
    // When they agreed to be asked or took it back, where, and who told us.
    part!(
        "consents",
        "select json_object('given', json(iif(data ->> 'has_consent', 'true', 'false')),
        'source', data ->> 'consent_source', 'told_by', actor, 'at', ",
        time!("at_ms"),
        ")
      from event where subject = ?1 and data ->> 'has_consent' is not null
      order by version desc limit ?3"
    ),
    // Events have neither names nor words.
    part!(
        "events",
        "select json_object('id', e.id, 'subject', e.subject, 'version', e.version,
       'type', e.kind, 'at', ",
        time!("e.at_ms"),
        ")
     from (
       select ?1 as id
       union all ",
        their_responses!(),
        "  union all select id from invitation where customer_id = ?1 and customer_id <> ''
       union all select id from purchase where customer_id = ?1 and customer_id <> ''
       union all select id from message where customer_id = ?1 and customer_id <> ''
       union all select id from (",
        their_cases!(),
        ")
       union all select id from (",
        their_calls!(),
        ")) it
     cross join event e on e.subject = it.id
     order by e.seq desc limit ?3"
    ),
];

/// The rows of a part, and one more if there are more than may be.
pub fn part(text: &'static str, id: &str, site_id: &str, whos: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(of text, id, site_id, ROWS_MAX + 1, whos),
        decode: |rows| all(rows, Cells::text),
    }
}

/// How many rows of each kind lead to a customer.
const COUNTS: &str = concat!(
    "select 'contacts', count(*) from contact where owner = ?1
     union all select 'responses', count(*) from response
       where customer_id = ?1 and customer_id <> ''
     union all select 'unfinished', count(*) from partial
       where customer_id = ?1 and customer_id <> ''
     union all select 'invitations', count(*) from invitation
       where customer_id = ?1 and customer_id <> ''
     union all select 'complaints', count(*) from (",
    their_cases!(),
    ") union all select 'callbacks', count(*) from (",
    their_calls!(),
    ") union all select 'orders', count(*) from purchase
       where customer_id = ?1 and customer_id <> ''
     union all select 'messages', count(*) from message
       where customer_id = ?1 and customer_id <> ''"
);

/// How many rows of each kind lead to a customer, as name and count: what an erasure takes.
pub fn counts(id: &str) -> Query<Vec<(String, i64)>> {
    Query {
        statement: statement!(of COUNTS, id),
        decode: |rows| all(rows, |row| (row.text(), row.integer())),
    }
}
