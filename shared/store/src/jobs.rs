//! Work that time causes: table `job`. A lease that runs out makes the work due again.

use ports::{Cells, Query, Statement};

use crate::{all, one, statement};

/// A piece of work.
#[derive(Clone, Debug)]
pub struct Job {
    /// `job_…`.
    pub id: String,
    /// The site it is for; empty for all.
    pub site_id: String,
    /// `expire`, `rebuild`, `alarm`, `read`, `digest` or `train`.
    pub kind: String,
    /// `due` or `done`.
    pub state: String,
    /// When it is to be done.
    pub due_at: i64,
    /// Where it stands and what it found, as JSON.
    pub progress: String,
}

/// Leases what is due of some kinds, a JSON array, oldest first. Two ticks at once never get
/// the same work.
pub fn lease(now: i64, until: i64, lease: &str, kinds: &str, most: i64) -> Query<Vec<Job>> {
    Query {
        statement: statement!(
            "update job set lease_until_ms = ?2, lease = ?3
             where state = 'due' and lease_until_ms <= ?1 and id in (
               select id from job
               where state = 'due' and due_at_ms <= ?1 and lease_until_ms <= ?1
                 and kind in (select value from json_each(?5))
               order by due_at_ms limit ?4)
             returning id, site_id, kind, state, due_at_ms, progress",
            now,
            until,
            lease,
            most,
            kinds
        ),
        decode: |rows| all(rows, read),
    }
}

/// Adds a rebuild of a site. Yields no row when one is under way already.
pub fn insert_rebuild(id: &str, site_id: &str, now: i64) -> Statement {
    statement!(
        "insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
           created_at_ms)
         values (?1, ?2, 'rebuild', 'due', ?3, 0, '',
           json_object('day', -100000, 'days', 0, 'differences', 0), ?3)
         on conflict (site_id, kind) where state = 'due' do nothing
         returning id",
        id,
        site_id,
        now
    )
}

/// Adds a training of a site's model. Yields no row if one is under way already.
pub fn insert_train(id: &str, site_id: &str, model: &str, now: i64) -> Statement {
    statement!(
        "insert into job (id, site_id, kind, state, due_at_ms, lease_until_ms, lease, progress,
           created_at_ms)
         values (?1, ?2, 'train', 'due', ?4, 0, '', json_object('model', ?3), ?4)
         on conflict (site_id, kind) where state = 'due' do nothing
         returning id",
        id,
        site_id,
        model,
        now
    )
}

/// Gives a job back, to be done at `due_at`, if the lease is still held.
pub fn again(id: &str, lease: &str, due_at: i64) -> Statement {
    statement!(
        "update job set lease_until_ms = 0, lease = '', due_at_ms = ?3
         where id = ?1 and lease = ?2
         returning id",
        id,
        lease,
        due_at
    )
}

/// Gives a job back with where it stands, to go on at `due_at`, if the lease is still held.
pub fn go_on(id: &str, lease: &str, due_at: i64, progress: &str) -> Statement {
    statement!(
        "update job set lease_until_ms = 0, lease = '', due_at_ms = ?3, progress = ?4
         where id = ?1 and lease = ?2
         returning id",
        id,
        lease,
        due_at,
        progress
    )
}

/// Notes where a job stands, if the lease is still held, and keeps it.
pub fn note(id: &str, lease: &str, progress: &str) -> Statement {
    statement!(
        "update job set progress = ?3 where id = ?1 and lease = ?2 returning id",
        id,
        lease,
        progress
    )
}

/// Ends a job, if the lease is still held.
pub fn done(id: &str, lease: &str) -> Statement {
    statement!(
        "update job set state = 'done', lease_until_ms = 0, lease = ''
         where id = ?1 and lease = ?2
         returning id",
        id,
        lease
    )
}

/// A job of a site.
pub fn by_id(site_id: &str, id: &str) -> Query<Option<Job>> {
    Query {
        statement: statement!(
            "select id, site_id, kind, state, due_at_ms, progress from job
             where id = ?2 and site_id = ?1",
            site_id,
            id
        ),
        decode: |rows| one(rows, read),
    }
}

/// When the next work of some kinds, a JSON array, is due; nothing when there is none.
pub fn next_due(kinds: &str) -> Query<Option<i64>> {
    Query {
        statement: statement!(
            "select min(max(due_at_ms, lease_until_ms)) from job
             where state = 'due' and kind in (select value from json_each(?1))",
            kinds
        ),
        decode: |rows| Ok(one(rows, Cells::integer_or_null)?.flatten()),
    }
}

fn read(row: &mut Cells) -> Job {
    Job {
        id: row.text(),
        site_id: row.text(),
        kind: row.text(),
        state: row.text(),
        due_at: row.integer(),
        progress: row.text(),
    }
}
