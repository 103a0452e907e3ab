//! Who looks at what just now: table `presence`. It may be lost; it is no state of anything.

use ports::{Query, Statement};

use crate::{all, statement};

/// The most who are told of: whoever comes to a crowd need not know each of it.
const OTHERS_MAX: i64 = 20;

/// Notes that somebody is there.
pub fn seen(subject: &str, actor: &str, agent_id: &str, is_writing: bool, now: i64) -> Statement {
    statement!(
        "insert into presence (subject, actor, agent_id, is_writing, seen_at_ms)
         values (?1, ?2, ?3, ?4, ?5)
         on conflict (subject, actor) do update set agent_id = excluded.agent_id,
           is_writing = excluded.is_writing, seen_at_ms = excluded.seen_at_ms",
        subject,
        actor,
        agent_id,
        is_writing,
        now
    )
}

/// Somebody who is there.
#[derive(Clone, Debug)]
pub struct Other {
    /// As in events.
    pub actor: String,
    /// The agent; empty for nobody's key.
    pub agent_id: String,
    /// What the agent, or else the key, is called; empty for the admin key.
    pub name: String,
    /// Whether they are writing.
    pub is_writing: bool,
}

/// The others who were seen since, by name. Another key of the same agent is no other.
pub fn others(subject: &str, actor: &str, agent_id: &str, since: i64) -> Query<Vec<Other>> {
    Query {
        statement: statement!(
            "select p.actor, p.agent_id, coalesce(a.name, k.name, ''), p.is_writing
             from presence p
             left join agent a on a.id = p.agent_id
             left join api_key k on k.id = substr(p.actor, 5)
             where p.subject = ?1 and p.actor <> ?2 and (?3 = '' or p.agent_id <> ?3)
               and p.seen_at_ms >= ?4
             order by p.actor limit ?5",
            subject,
            actor,
            agent_id,
            since,
            OTHERS_MAX
        ),
        decode: |rows| {
            all(rows, |row| Other {
                actor: row.text(),
                agent_id: row.text(),
                name: row.text(),
                is_writing: row.flag(),
            })
        },
    }
}

/// Forgets some who left long ago. Bounded, so that a tick stays short.
pub fn expire(before: i64) -> Statement {
    statement!(
        "delete from presence where (subject, actor) in
           (select subject, actor from presence where seen_at_ms <= ?1 limit 1000)",
        before
    )
}
