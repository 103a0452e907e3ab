//! The secret addresses of agents' calendars: table `call_feed`.

use ports::{Cells, Query, Statement};

use crate::{one, statement};

/// Sets the address of an agent's; the one before opens nothing any more.
pub fn set(agent_id: &str, hash: [u8; 32]) -> Statement {
    statement!(
        "insert into call_feed (hash, agent_id) values (?2, ?1)
         on conflict (agent_id) do update set hash = excluded.hash",
        agent_id,
        hash.to_vec()
    )
}

/// Removes it.
pub fn drop(agent_id: &str) -> Statement {
    statement!("delete from call_feed where agent_id = ?1", agent_id)
}

/// Whose it is.
pub fn agent(hash: [u8; 32]) -> Query<Option<String>> {
    Query {
        statement: statement!("select agent_id from call_feed where hash = ?1", hash.to_vec()),
        decode: |rows| one(rows, Cells::text),
    }
}
