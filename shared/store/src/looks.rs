//! Responses at which somebody should look: low scores, and what was screened out.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// The low scores at which nobody looked yet; `Metric::verdict` says what is low. As in the index
/// `score_low`, to the letter.
macro_rules! low {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "counted = 1 and is_looked = 0
               and value <= case metric when 'nps' then 6 when 'ces' then 2
                 else max(points * 2 / 5, 1) end",
            $after
        )
    };
}

pub(crate) use low as low_scores;

/// A response with all that somebody who looks at it wants to know.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the columns of `response`, and of what it leads to")]
pub struct Look {
    pub id: String,
    pub study_id: String,
    pub study_version: i64,
    pub source: String,
    pub channel: String,
    pub group: String,
    pub language: String,
    pub agent_id: String,
    pub answers: String,
    pub answered_at: i64,
    pub received_at: i64,
    pub day: i64,
    pub screened: String,
    pub counted: bool,
    pub version: i64,
    pub complete: bool,
    pub looked_at: Option<i64>,
    pub looked_by: String,
    pub customer_id: String,
    /// The company's own id of them, and their name.
    pub external_id: String,
    pub customer_name: String,
    /// The complaint that was made of it; empty for none.
    pub case_id: String,
    pub case_number: String,
    /// A JSON array of `[question, metric, points, value, touchpoint, its name]`.
    pub scores: String,
}

/// `it` has the study, the id, the day and the site of each.
macro_rules! select {
    ($of:expr) => {
        concat!(
            "select r.id, r.study_id, r.study_version, r.source, r.channel, r.customer_group,
               r.language, r.agent_id, r.answers, r.answered_at_ms, r.received_at_ms, r.day,
               r.screened, r.counted, r.version, r.complete, r.looked_at_ms, r.looked_by,
               r.customer_id, coalesce(k.external_id, ''), coalesce(n.value, ''),
               coalesce(c.id, ''), coalesce(c.number, ''), (
                 select json_group_array(json_array(o.question_id, o.metric, o.points, o.value,
                   o.touchpoint_id, coalesce(t.name, '')))
                 from score o left join touchpoint t on t.id = o.touchpoint_id
                 where o.site_id = r.site_id and o.day = r.day and o.response_id = r.id)
             from (",
            $of,
            ") it
             cross join response r on r.study_id = it.study_id and r.id = it.id
             left join customer k on k.id = r.customer_id
             left join contact n on n.owner = r.customer_id and n.kind = 'name'
               and n.question_id = ''
             left join complaint c on c.site_id = r.site_id and c.once = 'response:' || r.id
             where r.site_id = ?1
             order by it.day desc, it.id desc"
        )
    };
}

/// Where a page of a list begins: before which day and id.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// The day.
    pub day: i64,
    /// The response.
    pub id: &'a str,
}

/// Those with low scores at which nobody looked yet, the newest first, since a day.
pub fn low(site_id: &str, before: Before<'_>, since: i64, rows: i64) -> Query<Vec<Look>> {
    Query {
        statement: statement!(
            select!(low!(
                "select distinct day, response_id as id, study_id from score indexed by score_low
                 where site_id = ?1 and day >= ?4 and (day, response_id) < (?2, ?3) and ",
                " order by day desc, response_id desc, study_id desc limit ?5"
            )),
            site_id,
            before.day,
            before.id,
            since,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// Those that are screened out and at which nobody looked yet, the newest first, since a day.
pub fn screened(site_id: &str, before: Before<'_>, since: i64, rows: i64) -> Query<Vec<Look>> {
    Query {
        statement: statement!(
            select!(
                "select study_id, id, day from response indexed by response_screened
                 where site_id = ?1 and day >= ?4 and (day, id) < (?2, ?3)
                   and counted = 0 and looked_at_ms is null
                 order by day desc, id desc limit ?5"
            ),
            site_id,
            before.day,
            before.id,
            since,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// The one of this id, whatever was done with it.
pub fn by_id(site_id: &str, id: &str) -> Query<Option<Look>> {
    Query {
        statement: statement!(
            select!(
                "select s.id as study_id, f.id, f.day from study s
                 cross join response f on f.study_id = s.id and f.id = ?2
                 where s.site_id = ?1"
            ),
            site_id,
            id
        ),
        decode: |rows| one(rows, read),
    }
}

/// A definition that responses answer.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The study.
    pub study_id: String,
    /// Its name.
    pub name: String,
    /// The version.
    pub number: i64,
    /// The definition.
    pub definition: String,
}

/// The definitions of some versions, a JSON array of `[study, version]`.
pub fn asked(versions: &str) -> Query<Vec<Asked>> {
    Query {
        statement: statement!(
            "select s.id, s.name, v.number, v.definition
             from json_each(?1) it
             cross join study s on s.id = it.value ->> 0
             cross join study_version v on v.study_id = s.id and v.number = it.value ->> 1",
            versions
        ),
        decode: |rows| {
            all(rows, |row| Asked {
                study_id: row.text(),
                name: row.text(),
                number: row.integer(),
                definition: row.text(),
            })
        },
    }
}

/// Notes that somebody looked at a response. Yields no row if the version before is gone.
pub fn look(it: &Look) -> Statement {
    statement!(
        "update response set looked_at_ms = ?3, looked_by = ?4, version = ?5
         where study_id = ?1 and id = ?2 and version = ?5 - 1
         returning id",
        &it.study_id,
        &it.id,
        it.looked_at,
        &it.looked_by,
        it.version
    )
}

/// Takes the low scores of a response off the list: a complaint was made of it.
pub fn take_up(site_id: &str, response_id: &str) -> Statement {
    statement!(
        "update score set is_looked = 1
         where (site_id, day, response_id) in (
           select r.site_id, r.day, r.id from study s
           cross join response r on r.study_id = s.id and r.id = ?2
           where s.site_id = ?1)",
        site_id,
        response_id
    )
}

/// How much waits for somebody to look at it, each up to a bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    /// Notices that they are told and nobody saw.
    pub notices: i64,
    /// Alarms that are open.
    pub alarms: i64,
    /// Responses with low scores.
    pub low: i64,
    /// Responses that are screened out.
    pub screened: i64,
    /// Texts that want review.
    pub texts: i64,
}

/// Counts what waits, each up to `most`; `whom` is what [`crate::notices::waiting`] takes.
pub fn waiting(site_id: &str, whom: &str, since: i64, most: i64) -> Query<Option<Waiting>> {
    Query {
        statement: statement!(
            low!(
                "select (select count(*) from (
                     select 1 from json_each(?2) w
                     cross join notice n indexed by notice_unseen on n.site_id = ?1
                       and coalesce(n.data ->> '$.to.agent_id', n.data ->> '$.to.department_id',
                         n.data ->> '$.to.role', '') = w.value
                     where n.seen_at_ms is null limit ?4)),
                   (select count(*) from (
                     select 1 from alarm indexed by alarm_once
                     where site_id = ?1 and cleared_at_ms is null limit ?4)),
                   (select count(*) from (
                     select 1 from score indexed by score_low
                     where site_id = ?1 and day >= ?3 and ",
                " group by day, response_id limit ?4)),
                   (select count(*) from (
                     select 1 from response indexed by response_screened
                     where site_id = ?1 and day >= ?3 and counted = 0 and looked_at_ms is null
                     limit ?4)),
                   (select count(*) from (
                     select 1 from comment indexed by comment_review
                     where site_id = ?1 and needs_review = 1 and counted = 1 limit ?4))"
            ),
            site_id,
            whom,
            since,
            most
        ),
        decode: |rows| {
            one(rows, |row| Waiting {
                notices: row.integer(),
                alarms: row.integer(),
                low: row.integer(),
                screened: row.integer(),
                texts: row.integer(),
            })
        },
    }
}

fn read(row: &mut Cells) -> Look {
    Look {
        id: row.text(),
        study_id: row.text(),
        study_version: row.integer(),
        source: row.text(),
        channel: row.text(),
        group: row.text(),
        language: row.text(),
        agent_id: row.text(),
        answers: row.text(),
        answered_at: row.integer(),
        received_at: row.integer(),
        day: row.integer(),
        screened: row.text(),
        counted: row.flag(),
        version: row.integer(),
        complete: row.flag(),
        looked_at: row.integer_or_null(),
        looked_by: row.text(),
        customer_id: row.text(),
        external_id: row.text(),
        customer_name: row.text(),
        case_id: row.text(),
        case_number: row.text(),
        scores: row.text(),
    }
}
