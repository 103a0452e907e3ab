//! Complaints: table `complaint`.

use ports::{Cells, Query, Statement, Value};

use crate::{all, look_ups, one, statement};

/// One row of `complaint`. Texts that name something are empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns, which the schema explains")]
pub struct Case {
    pub id: String,
    pub site_id: String,
    pub version: i64,
    pub number: String,
    pub once: String,
    pub state: String,
    pub grade: String,
    pub tier: i64,
    pub urgency: String,
    pub need: String,
    pub type_id: String,
    pub source: String,
    pub channel: String,
    pub language: String,
    pub touchpoint_id: String,
    pub department_id: String,
    pub agent_id: String,
    pub customer_id: String,
    pub customer_group: String,
    pub who: String,
    pub response_id: String,
    pub parent_id: String,
    pub amount: Option<i64>,
    pub grading: String,
    pub assigned: String,
    pub history: String,
    pub late: i64,
    pub ladder_done: String,
    pub reopened: i64,
    pub answers: i64,
    pub is_repeat: bool,
    pub is_first_contact: Option<bool>,
    pub cause_kind: String,
    pub cause_id: String,
    pub csat: Option<i64>,
    pub ces: Option<i64>,
    pub received_at: i64,
    pub received_day: i64,
    pub answered_at: Option<i64>,
    pub solved_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub answer_due: Option<i64>,
    pub solution_due: Option<i64>,
    pub closing_due: Option<i64>,
    pub next_due: Option<i64>,
    pub next_step: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// The columns, in the order of [`Case`].
macro_rules! columns {
    () => {
        "id, site_id, version, number, once, state, grade, tier, urgency, need, type_id, source,
         channel, language, touchpoint_id, department_id, agent_id, customer_id, customer_group,
         who, response_id, parent_id, amount, grading, assigned, history, late, ladder_done,
         reopened, answers, is_repeat, is_first_contact, cause_kind, cause_id, csat, ces,
         received_at_ms, received_day, answered_at_ms, solved_at_ms, closed_at_ms, answer_due_ms,
         solution_due_ms, closing_due_ms, next_due_ms, next_step_ms, created_at_ms, updated_at_ms"
    };
}

pub(crate) use columns;

macro_rules! select {
    ($rest:expr) => {
        concat!("select ", columns!(), " from complaint ", $rest)
    };
}

/// The ids of the cases of a customer, `?1`, and of those of nobody that were merged into them:
/// what was said there is told with theirs.
macro_rules! theirs {
    () => {
        "with recursive part (id) as (
           select id from complaint where customer_id = ?1 and customer_id <> ''
           union
           select c.id from part
           cross join complaint c on c.parent_id = part.id and c.parent_id <> ''
             and c.state = 'merged' and c.customer_id = '')
         select id from part"
    };
}

pub(crate) use theirs;

/// Every column of a case, as the parameters `?1` to `?48` of a statement. A function, because
/// two statements have them.
fn values(it: &Case) -> Vec<Value> {
    vec![
        (&it.id).into(),
        (&it.site_id).into(),
        it.version.into(),
        (&it.number).into(),
        (&it.once).into(),
        (&it.state).into(),
        (&it.grade).into(),
        it.tier.into(),
        (&it.urgency).into(),
        (&it.need).into(),
        (&it.type_id).into(),
        (&it.source).into(),
        (&it.channel).into(),
        (&it.language).into(),
        (&it.touchpoint_id).into(),
        (&it.department_id).into(),
        (&it.agent_id).into(),
        (&it.customer_id).into(),
        (&it.customer_group).into(),
        (&it.who).into(),
        (&it.response_id).into(),
        (&it.parent_id).into(),
        it.amount.into(),
        (&it.grading).into(),
        (&it.assigned).into(),
        (&it.history).into(),
        it.late.into(),
        (&it.ladder_done).into(),
        it.reopened.into(),
        it.answers.into(),
        it.is_repeat.into(),
        it.is_first_contact.map(i64::from).into(),
        (&it.cause_kind).into(),
        (&it.cause_id).into(),
        it.csat.into(),
        it.ces.into(),
        it.received_at.into(),
        it.received_day.into(),
        it.answered_at.into(),
        it.solved_at.into(),
        it.closed_at.into(),
        it.answer_due.into(),
        it.solution_due.into(),
        it.closing_due.into(),
        it.next_due.into(),
        it.next_step.into(),
        it.created_at.into(),
        it.updated_at.into(),
    ]
}

/// Adds a case. Yields no row when there is one of its `once`.
pub fn insert(it: &Case) -> Statement {
    let mut statement = statement!(concat!(
        "insert into complaint (",
        columns!(),
        ")
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33,
               ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48)
             on conflict do nothing
             returning id"
    ));
    statement.params = values(it);
    statement
}

/// Adds cases, a JSON array of rows with every column. One whose `once` is taken is left out;
/// whoever relies on it checks.
pub fn insert_all(rows: &str) -> Statement {
    statement!(
        concat!(
            "insert into complaint (",
            columns!(),
            ")
             select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->>
               4, it.value ->> 5, it.value ->> 6, it.value ->> 7, it.value ->> 8, it.value
               ->> 9, it.value ->> 10, it.value ->> 11, it.value ->> 12, it.value ->> 13,
               it.value ->> 14, it.value ->> 15, it.value ->> 16, it.value ->> 17, it.value
               ->> 18, it.value ->> 19, it.value ->> 20, it.value ->> 21, it.value ->> 22,
               it.value ->> 23, it.value ->> 24, it.value ->> 25, it.value ->> 26, it.value
               ->> 27, it.value ->> 28, it.value ->> 29, it.value ->> 30, it.value ->> 31,
               it.value ->> 32, it.value ->> 33, it.value ->> 34, it.value ->> 35, it.value
               ->> 36, it.value ->> 37, it.value ->> 38, it.value ->> 39, it.value ->> 40,
               it.value ->> 41, it.value ->> 42, it.value ->> 43, it.value ->> 44, it.value
               ->> 45, it.value ->> 46, it.value ->> 47
             from json_each(?1) it
             where true
             on conflict do nothing"
        ),
        rows
    )
}

/// Which of these, a JSON array, are names under which something was opened.
pub fn known(site_id: &str, onces: &str) -> Query<Vec<String>> {
    Query {
        statement: statement!(
            "select once from complaint
             where site_id = ?1 and once in (select value from json_each(?2))",
            site_id,
            onces
        ),
        decode: |rows| all(rows, Cells::text),
    }
}

/// Of what these, a JSON array of hashes, complained and when.
pub fn of_whos(whos: &str) -> Query<Vec<(String, String, i64)>> {
    Query {
        statement: statement!(
            "select who, type_id, received_at_ms from complaint
             where who <> '' and who in (select value from json_each(?1))",
            whos
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text(), row.integer())),
    }
}

/// The kinds of the causes that may be chosen among some ids, a JSON array.
pub fn cause_kinds(site_id: &str, ids: &str) -> Query<Vec<(String, String)>> {
    Query {
        statement: statement!(
            "select c.id, c.kind from json_each(?2) it
             cross join cause c on c.id = it.value and c.site_id = ?1",
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (row.text(), row.text())),
    }
}

/// Writes a changed case over the version `before`. Yields no row if that one is gone.
pub fn update(it: &Case, before: i64) -> Statement {
    let mut statement = statement!(concat!(
        "update complaint set (",
        columns!(),
        ") = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
               ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33,
               ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48)
             where id = ?1 and version = ?49
             returning id"
    ));
    statement.params = values(it);
    statement.params.push(before.into());
    statement
}

look_ups!(Case);

/// The one of this number.
pub fn by_number(site_id: &str, number: &str) -> Query<Option<Case>> {
    Query {
        statement: statement!(select!("where site_id = ?1 and number = ?2"), site_id, number),
        decode: |rows| one(rows, read),
    }
}

/// The one that was opened under this name.
pub fn by_once(site_id: &str, once: &str) -> Query<Option<Case>> {
    Query {
        statement: statement!(select!("where site_id = ?1 and once = ?2"), site_id, once),
        decode: |rows| one(rows, read),
    }
}

/// What somebody complained of before: the newest of them, with their text.
pub fn of_who(who: &str, rows: i64) -> Query<Vec<(Case, String)>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", coalesce((
                   select t.text from case_text t
                   where t.case_id = complaint.id and t.kind = 'complaint'
                   order by t.id limit 1), '')
                 from complaint where who = ?1 and who <> '' order by id desc limit ?2"
            ),
            who,
            rows
        ),
        decode: |rows| all(rows, |row| (read(row), row.text())),
    }
}

/// Some of a site by their ids, a JSON array, each with the seal of its last event.
pub fn some(site_id: &str, ids: &str) -> Query<Vec<(Case, [u8; 32])>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", (select e.hash from event e
                    where e.subject = complaint.id and e.version = complaint.version)
                 from complaint
                 where id in (select value from json_each(?2)) and site_id = ?1"
            ),
            site_id,
            ids
        ),
        decode: |rows| all(rows, |row| (read(row), row.hash())),
    }
}

/// Those of a customer, and those of nobody that became part of them, each with the seal of its
/// last event.
pub fn of_customer(customer_id: &str) -> Query<Vec<(Case, [u8; 32])>> {
    Query {
        statement: statement!(
            concat!(
                "select ",
                columns!(),
                ", (select e.hash from event e
                    where e.subject = complaint.id and e.version = complaint.version)
                 from complaint where id in (",
                theirs!(),
                ")"
            ),
            customer_id
        ),
        decode: |rows| all(rows, |row| (read(row), row.hash())),
    }
}

/// Which kind of cause the ledger has under an id, if it is one that may be chosen.
pub fn cause_kind(site_id: &str, cause_id: &str) -> Query<Option<String>> {
    Query {
        statement: statement!(
            "select kind from cause where id = ?2 and site_id = ?1 and is_active = 1",
            site_id,
            cause_id
        ),
        decode: |rows| one(rows, Cells::text),
    }
}

/// Whether a site has a response of this id, and whose it is. A response is found by its survey, so
/// each survey of the site is asked.
pub fn of_response(site_id: &str, response_id: &str) -> Query<Option<Response>> {
    Query {
        statement: statement!(
            "select r.customer_id, r.customer_group, r.channel, r.language, s.id
             from study s
             cross join response r on r.study_id = s.id and r.id = ?2
             where s.site_id = ?1",
            site_id,
            response_id
        ),
        decode: |rows| {
            one(rows, |row| Response {
                customer_id: row.text(),
                customer_group: row.text(),
                channel: row.text(),
                language: row.text(),
                survey_id: row.text(),
            })
        },
    }
}

/// What a complaint takes over from the response that led to it.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the columns of `response`")]
pub struct Response {
    pub customer_id: String,
    pub customer_group: String,
    pub channel: String,
    pub language: String,
    pub survey_id: String,
}

/// Cuts the link from a case to its customer, over the version before.
pub fn unlink(id: &str, before: i64, now: i64) -> Statement {
    statement!(
        "update complaint set customer_id = '', who = '', version = ?2 + 1, updated_at_ms = ?3,
           erased_at_ms = ?3
         where id = ?1 and version = ?2
         returning id",
        id,
        before,
        now
    )
}

/// Yields a row if no case of a customer is left.
pub fn has_none(customer_id: &str) -> Statement {
    statement!(
        "select 1 where not exists (
           select 1 from complaint where customer_id = ?1 and customer_id <> '')",
        customer_id
    )
}

/// Reads the columns of a case.
pub(crate) fn read(row: &mut Cells) -> Case {
    Case {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        number: row.text(),
        once: row.text(),
        state: row.text(),
        grade: row.text(),
        tier: row.integer(),
        urgency: row.text(),
        need: row.text(),
        type_id: row.text(),
        source: row.text(),
        channel: row.text(),
        language: row.text(),
        touchpoint_id: row.text(),
        department_id: row.text(),
        agent_id: row.text(),
        customer_id: row.text(),
        customer_group: row.text(),
        who: row.text(),
        response_id: row.text(),
        parent_id: row.text(),
        amount: row.integer_or_null(),
        grading: row.text(),
        assigned: row.text(),
        history: row.text(),
        late: row.integer(),
        ladder_done: row.text(),
        reopened: row.integer(),
        answers: row.integer(),
        is_repeat: row.flag(),
        is_first_contact: row.integer_or_null().map(|it| it != 0),
        cause_kind: row.text(),
        cause_id: row.text(),
        csat: row.integer_or_null(),
        ces: row.integer_or_null(),
        received_at: row.integer(),
        received_day: row.integer(),
        answered_at: row.integer_or_null(),
        solved_at: row.integer_or_null(),
        closed_at: row.integer_or_null(),
        answer_due: row.integer_or_null(),
        solution_due: row.integer_or_null(),
        closing_due: row.integer_or_null(),
        next_due: row.integer_or_null(),
        next_step: row.integer_or_null(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
