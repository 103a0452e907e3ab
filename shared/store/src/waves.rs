//! The turns of programmes: table `wave`.

use ports::{Cells, Query, Statement};

use crate::{all, look_ups, one, statement};

/// One row of `wave`.
#[derive(Clone, Debug)]
pub struct Wave {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// The programme.
    pub programme_id: String,
    /// What it asks.
    pub study_id: String,
    /// Counts its changes.
    pub version: i64,
    /// The how manieth of its programme.
    pub number: i64,
    /// `inviting`, `open` or `closed`.
    pub state: String,
    /// The day for which it was due.
    pub day: i64,
    /// When it opened.
    pub opened_at: i64,
    /// Until when it takes answers.
    pub closes_at: i64,
    /// What was planned and found of each group, as a JSON object.
    pub plan: String,
    /// After how many days it reminds, as a JSON array.
    pub remind_after_days: String,
    /// The clocks that an invitation sets, as a JSON array.
    pub scopes: String,
    /// How many rounds of reminders are done.
    pub reminders: i64,
    /// The last invitation that was looked at in the round that is under way.
    pub cursor: String,
    /// When there is something to do.
    pub due_at: Option<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, programme_id, study_id, version, number, state, day,
             opened_at_ms, closes_at_ms, plan, remind_after_days, scopes, reminders, cursor,
             due_at_ms from wave ",
            $rest
        )
    };
}

/// Adds a row. Yields no row if the programme has a wave of this number.
pub fn insert(it: &Wave) -> Statement {
    statement!(
        "insert into wave (id, site_id, programme_id, study_id, version, number, state, day,
           opened_at_ms, closes_at_ms, plan, remind_after_days, scopes, reminders, cursor,
           due_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         on conflict (programme_id, number) do nothing
         returning id",
        &it.id,
        &it.site_id,
        &it.programme_id,
        &it.study_id,
        it.version,
        it.number,
        &it.state,
        it.day,
        it.opened_at,
        it.closes_at,
        &it.plan,
        &it.remind_after_days,
        &it.scopes,
        it.reminders,
        &it.cursor,
        it.due_at,
    )
}

/// Writes how far a wave has come over the version and the cursor before. Yields no row if it has
/// come further by now.
pub fn update(it: &Wave, version: i64, cursor: &str) -> Statement {
    statement!(
        "update wave set version = ?2, state = ?3, reminders = ?4, cursor = ?5, due_at_ms = ?6
         where id = ?1 and version = ?7 and cursor = ?8
         returning id",
        &it.id,
        it.version,
        &it.state,
        it.reminders,
        &it.cursor,
        it.due_at,
        version,
        cursor,
    )
}

look_ups!(Wave);

/// The waves of a programme, newest first; `after` is the last number of the page before.
pub fn of(site_id: &str, programme_id: &str, after: i64, rows: i64) -> Query<Vec<Wave>> {
    Query {
        statement: statement!(
            select!(
                "where programme_id = ?2 and number < ?3 and site_id = ?1
                 order by number desc limit ?4"
            ),
            site_id,
            programme_id,
            after,
            rows
        ),
        decode: |rows| all(rows, read),
    }
}

/// The one that has been due for the longest.
pub fn due(now: i64) -> Query<Option<Wave>> {
    Query {
        statement: statement!(select!("where due_at_ms <= ?1 order by due_at_ms limit 1"), now),
        decode: |rows| one(rows, read),
    }
}

fn read(row: &mut Cells) -> Wave {
    Wave {
        id: row.text(),
        site_id: row.text(),
        programme_id: row.text(),
        study_id: row.text(),
        version: row.integer(),
        number: row.integer(),
        state: row.text(),
        day: row.integer(),
        opened_at: row.integer(),
        closes_at: row.integer(),
        plan: row.text(),
        remind_after_days: row.text(),
        scopes: row.text(),
        reminders: row.integer(),
        cursor: row.text(),
        due_at: row.integer_or_null(),
    }
}
