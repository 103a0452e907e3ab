//! What another product calls what is here: table `foreign_id`.

use ports::{Cells, Query, Statement};

use crate::{look_ups, one, statement};

/// One row of `foreign_id`.
#[derive(Clone, Debug, Default)]
pub struct ForeignId {
    /// `fid_…`.
    pub id: String,
    /// The site that it belongs to.
    pub site_id: String,
    /// What the other product says.
    pub foreign_id: String,
    /// The publishable key that it stands for; empty if it is a survey.
    pub key_id: String,
    /// The survey that it stands for; empty if it is a key.
    pub study_id: String,
    /// Its question ids and ours, as a JSON object.
    pub questions: String,
    /// When it was added.
    pub created_at: i64,
    /// 1: it never changes.
    pub version: i64,
}

/// Where a call that names foreign ids leads.
#[derive(Clone, Debug)]
pub struct Place {
    /// The hash of the publishable key.
    pub key_hash: [u8; 32],
    /// The site.
    pub site_id: String,
    /// Its version.
    pub site_version: i64,
    /// The pages that may embed its surveys, as a JSON array.
    pub origins: String,
    /// The survey; empty if the id is no foreign one.
    pub study_id: String,
    /// Question ids, as a JSON object; empty if the id is no foreign one.
    pub questions: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select id, site_id, foreign_id, key_id, study_id, questions, created_at_ms
             from foreign_id ",
            $rest
        )
    };
}

look_ups!(ForeignId);

/// Adds one. Yields no row if that id stands for something already.
pub fn insert(it: &ForeignId) -> Statement {
    statement!(
        "insert into foreign_id (id, site_id, foreign_id, key_id, study_id, questions,
           created_at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict do nothing
         returning id",
        &it.id,
        &it.site_id,
        &it.foreign_id,
        &it.key_id,
        &it.study_id,
        &it.questions,
        it.created_at,
    )
}

/// Removes one. Yields no row if it is gone.
pub fn delete(site_id: &str, id: &str) -> Statement {
    statement!("delete from foreign_id where site_id = ?1 and id = ?2 returning id", site_id, id)
}

/// Where a call leads that names a live publishable key, by its hash or by a foreign id, and
/// perhaps a survey by a foreign id.
pub fn place(hash: [u8; 32], key: &str, survey: &str, now: i64) -> Query<Option<Place>> {
    Query {
        statement: statement!(
            "select k.hash, k.site_id, t.version, t.origins, coalesce(f.study_id, ''),
               coalesce(f.questions, '')
             from api_key k
             cross join site t on t.id = k.site_id
             left join foreign_id f
               on f.site_id = k.site_id and f.foreign_id = ?3 and f.study_id <> ''
             where k.id = coalesce((select id from api_key where hash = ?1),
                 (select key_id from foreign_id where foreign_id = ?2 and key_id <> ''))
               and k.kind = 'publishable' and k.revoked_at_ms is null
               and (k.expires_at_ms is null or k.expires_at_ms > ?4)",
            hash,
            key,
            survey,
            now
        ),
        decode: |rows| {
            one(rows, |row| Place {
                key_hash: row.hash(),
                site_id: row.text(),
                site_version: row.integer(),
                origins: row.text(),
                study_id: row.text(),
                questions: row.text(),
            })
        },
    }
}

fn read(row: &mut Cells) -> ForeignId {
    ForeignId {
        id: row.text(),
        site_id: row.text(),
        foreign_id: row.text(),
        key_id: row.text(),
        study_id: row.text(),
        questions: row.text(),
        created_at: row.integer(),
        version: 1,
    }
}
