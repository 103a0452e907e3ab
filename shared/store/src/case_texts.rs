//! What was said in cases: table `case_text`. And who may see them: table `case_link`.

use ports::{Cells, Query, Statement};

use crate::cases::theirs;
use crate::{all, one, statement};

/// One row of `case_text`.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The case.
    pub case_id: String,
    /// `nte_…`.
    pub id: String,
    /// Such as `complaint`, `answer` or `note`; the schema has all of them.
    pub kind: String,
    /// Whether the customer sees it.
    pub is_public: bool,
    /// Who, for events.
    pub actor: String,
    /// The agent, if it was one.
    pub agent_id: String,
    /// The words; empty once they were erased.
    pub text: String,
    /// Links to files, a JSON array of objects with `name` and `url`.
    pub files: String,
    /// What the digest in the event is salted with; empty once the words were erased.
    pub salt: Vec<u8>,
    /// When.
    pub at: i64,
}

/// Adds what was said.
pub fn insert(it: &Text) -> Statement {
    statement!(
        "insert into case_text (case_id, id, kind, is_public, actor, agent_id, text, files, salt,
           at_ms)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &it.case_id,
        &it.id,
        &it.kind,
        it.is_public,
        &it.actor,
        &it.agent_id,
        &it.text,
        &it.files,
        ports::Value::Blob(it.salt.clone()),
        it.at,
    )
}

/// Adds what was said, a JSON array of rows with every column, salts in hexadecimal.
pub fn insert_all(rows: &str) -> Statement {
    statement!(
        "insert into case_text (case_id, id, kind, is_public, actor, agent_id, text, files, salt,
           at_ms)
         select it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3, it.value ->> 4,
           it.value ->> 5, it.value ->> 6, it.value ->> 7, unhex(it.value ->> 8), it.value ->> 9
         from json_each(?1) it",
        rows
    )
}

/// All that was said in a case, in its order; with `is_public` what the customer sees.
pub fn of_case(case_id: &str, is_public: bool) -> Query<Vec<Text>> {
    Query {
        statement: statement!(
            "select case_id, id, kind, is_public, actor, agent_id, text, files, salt, at_ms
             from case_text where case_id = ?1 and is_public >= ?2
             order by at_ms, id",
            case_id,
            is_public
        ),
        decode: |rows| all(rows, read),
    }
}

/// All that was said in a case and in those that were merged into it, in its order.
pub fn of_whole(case_id: &str) -> Query<Vec<Text>> {
    Query {
        statement: statement!(
            "with recursive part (id) as (
               select ?1
               union
               select c.id from part
               cross join complaint c on c.parent_id = part.id and c.parent_id <> ''
                 and c.state = 'merged')
             select t.case_id, t.id, t.kind, t.is_public, t.actor, t.agent_id, t.text, t.files,
               t.salt, t.at_ms
             from part cross join case_text t on t.case_id = part.id
             order by t.at_ms, t.id",
            case_id
        ),
        decode: |rows| all(rows, read),
    }
}

/// What a list tells of a case besides its row: how it begins, and whose it is.
#[derive(Clone, Debug)]
pub struct Gist {
    /// The case.
    pub id: String,
    /// The first words; empty once they were erased.
    pub excerpt: String,
    /// The name that was left, or the company's own id of the customer; empty for neither.
    pub customer: String,
}

/// How these cases begin, a JSON array of ids, and whose they are.
pub fn gists(ids: &str, chars: i64) -> Query<Vec<Gist>> {
    Query {
        statement: statement!(
            "select c.id,
               coalesce((select substr(t.text, 1, ?2) from case_text t
                 where t.case_id = c.id and t.kind = 'complaint' and t.text <> ''
                 order by t.id limit 1), ''),
               coalesce(
                 (select value from contact where owner = c.id and kind = 'name' limit 1),
                 (select value from contact
                  where owner = c.customer_id and c.customer_id <> '' and kind = 'name' limit 1),
                 (select external_id from customer
                  where id = c.customer_id and erased_at_ms is null), '')
             from json_each(?1) it cross join complaint c on c.id = it.value",
            ids,
            chars
        ),
        decode: |rows| {
            all(rows, |row| Gist { id: row.text(), excerpt: row.text(), customer: row.text() })
        },
    }
}

/// How a past case was graded, and what it said.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub number: String,
    /// The grade that it has.
    pub grade: String,
    /// Money at stake in the smallest unit.
    pub amount: Option<i64>,
    /// Whether the same customer complained of such a thing before.
    pub is_repeat: bool,
    /// What the customer said at first.
    pub text: String,
}

/// The cases of a site that came in on these days and whose words are still there, newest first.
pub fn past(site_id: &str, (from, to): (i64, i64), rows: i64) -> Query<Vec<Past>> {
    Query {
        statement: statement!(
            "select c.id, c.number, c.grade, c.amount, c.is_repeat, t.text
             from complaint c
             cross join case_text t on t.case_id = c.id and t.kind = 'complaint' and t.text <> ''
             where c.site_id = ?1 and c.received_day between ?2 and ?3
             order by c.received_day desc, c.id desc limit ?4",
            site_id,
            from,
            to,
            rows
        ),
        decode: |rows| all(rows, read_past),
    }
}

/// Takes the words and the files of every case of a customer.
pub fn erase(customer_id: &str) -> Statement {
    statement!(
        concat!(
            "update case_text set text = '', files = '[]', salt = x''
             where case_id in (",
            theirs!(),
            ")"
        ),
        customer_id
    )
}

/// Takes how to reach whoever complained, where a case of a customer has that for itself.
pub fn erase_contacts(customer_id: &str) -> Statement {
    statement!(concat!("delete from contact where owner in (", theirs!(), ")"), customer_id)
}

/// Revokes every link to a case of a customer.
pub fn erase_links(customer_id: &str, now: i64) -> Statement {
    statement!(
        concat!(
            "update case_link set revoked_at_ms = ?2
             where revoked_at_ms is null and case_id in (",
            theirs!(),
            ")"
        ),
        customer_id,
        now
    )
}

/// Forgets what answers about cases of a customer said.
pub fn erase_answers(customer_id: &str) -> Statement {
    statement!(
        concat!(
            "update idempotency set body = ''
             where body <> '' and subject in (",
            theirs!(),
            ")"
        ),
        customer_id
    )
}

/// Adds a link under the hash of its token.
pub fn insert_link(hash: [u8; 32], case_id: &str, number: i64, now: i64, until: i64) -> Statement {
    statement!(
        "insert into case_link (hash, case_id, number, created_at_ms, expires_at_ms)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict do nothing
         returning case_id",
        hash,
        case_id,
        number,
        now,
        until
    )
}

/// Whose link it is, and whether it still opens.
#[derive(Clone, Debug)]
pub struct Link {
    /// The case.
    pub case_id: String,
    /// Its site.
    pub site_id: String,
    /// Which of the case's links it is, from 1.
    pub number: i64,
    /// Until when.
    pub expires_at: i64,
    /// Since when it opens nothing.
    pub revoked_at: Option<i64>,
}

/// The link whose token has this hash.
pub fn link(hash: [u8; 32]) -> Query<Option<Link>> {
    Query {
        statement: statement!(
            "select l.case_id, c.site_id, l.number, l.expires_at_ms, l.revoked_at_ms
             from case_link l cross join complaint c on c.id = l.case_id
             where l.hash = ?1",
            hash
        ),
        decode: |rows| one(rows, read_link),
    }
}

/// The links of a case.
pub fn links(case_id: &str) -> Query<Vec<Link>> {
    Query {
        statement: statement!(
            "select l.case_id, c.site_id, l.number, l.expires_at_ms, l.revoked_at_ms
             from complaint c cross join case_link l on l.case_id = c.id
             where c.id = ?1
             order by l.number",
            case_id
        ),
        decode: |rows| all(rows, read_link),
    }
}

/// Revokes a link, or with 0 every link of a case. Yields no row if none was live.
pub fn revoke(case_id: &str, number: i64, now: i64) -> Statement {
    statement!(
        "update case_link set revoked_at_ms = ?3
         where case_id = ?1 and (?2 = 0 or number = ?2) and revoked_at_ms is null
         returning number",
        case_id,
        number,
        now
    )
}

fn read(row: &mut Cells) -> Text {
    Text {
        case_id: row.text(),
        id: row.text(),
        kind: row.text(),
        is_public: row.flag(),
        actor: row.text(),
        agent_id: row.text(),
        text: row.text(),
        files: row.text(),
        salt: row.bytes(),
        at: row.integer(),
    }
}

fn read_past(row: &mut Cells) -> Past {
    Past {
        id: row.text(),
        number: row.text(),
        grade: row.text(),
        amount: row.integer_or_null(),
        is_repeat: row.flag(),
        text: row.text(),
    }
}

fn read_link(row: &mut Cells) -> Link {
    Link {
        case_id: row.text(),
        site_id: row.text(),
        number: row.integer(),
        expires_at: row.integer(),
        revoked_at: row.integer_or_null(),
    }
}
