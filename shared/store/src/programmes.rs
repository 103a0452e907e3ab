//! Surveys that are asked again and again of a sample of customers: table `programme`.

use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `programme`.
#[derive(Clone, Debug)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// Counts its changes.
    pub version: i64,
    /// What staff call it.
    pub name: String,
    /// What it asks.
    pub study_id: String,
    /// `once`, `monthly` or `quarterly`.
    pub recurrence: String,
    /// The day of the first wave.
    pub first_day: i64,
    /// How many of each group a wave is to invite, as a JSON object.
    pub sample: String,
    /// After how many days a wave reminds, as a JSON array.
    pub remind_after_days: String,
    /// For how many days a wave takes answers.
    pub open_days: i64,
    /// Whether it goes on.
    pub is_active: bool,
    /// How many waves it had.
    pub waves: i64,
    /// The day for which the newest was due.
    pub last_day: Option<i64>,
    /// When the next one is due.
    pub due_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, version, name, study_id, recurrence, first_day, sample,
             remind_after_days, open_days, is_active, waves, last_day, due_at_ms, created_at_ms,
             updated_at_ms from programme ",
            $rest
        )
    };
}

/// Adds a row.
pub fn insert(it: &Programme) -> Statement {
    statement!(
        "insert into programme (id, site_id, version, name, study_id, recurrence, first_day,
           sample, remind_after_days, open_days, is_active, waves, last_day, due_at_ms,
           created_at_ms, updated_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        &it.id,
        &it.site_id,
        it.version,
        &it.name,
        &it.study_id,
        &it.recurrence,
        it.first_day,
        &it.sample,
        &it.remind_after_days,
        it.open_days,
        it.is_active,
        it.waves,
        it.last_day,
        it.due_at,
        it.created_at,
        it.updated_at,
    )
}

/// Writes a changed row over the version before it. Yields no row if that one is gone.
pub fn update(it: &Programme) -> Statement {
    statement!(
        "update programme set version = ?2, name = ?3, recurrence = ?4, first_day = ?5,
           sample = ?6, remind_after_days = ?7, open_days = ?8, is_active = ?9, waves = ?10,
           last_day = ?11, due_at_ms = ?12, updated_at_ms = ?13
         where id = ?1 and version = ?2 - 1
         returning id",
        &it.id,
        it.version,
        &it.name,
        &it.recurrence,
        it.first_day,
        &it.sample,
        &it.remind_after_days,
        it.open_days,
        it.is_active,
        it.waves,
        it.last_day,
        it.due_at,
        it.updated_at,
    )
}

look_ups!(Programme);

/// The one that has been due for the longest.
pub fn due(now: i64) -> Query<Option<Programme>> {
    Query {
        statement: statement!(select!("where due_at_ms <= ?1 order by due_at_ms limit 1"), now),
        decode: |rows| one(rows, read),
    }
}

fn read(row: &mut Cells) -> Programme {
    Programme {
        id: row.text(),
        site_id: row.text(),
        version: row.integer(),
        name: row.text(),
        study_id: row.text(),
        recurrence: row.text(),
        first_day: row.integer(),
        sample: row.text(),
        remind_after_days: row.text(),
        open_days: row.integer(),
        is_active: row.flag(),
        waves: row.integer(),
        last_day: row.integer_or_null(),
        due_at: row.integer_or_null(),
        created_at: row.integer(),
        updated_at: row.integer(),
    }
}
