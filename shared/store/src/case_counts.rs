//! What cases come to, and how many each agent has: tables `case_count` and `agent_load`.

use ports::Statement;

use crate::statement;

/// Adds to the counts of a site.
///
/// `rows` is a JSON array of `[grain, name, a, day, bound, n, sum]`; what is taken away is
/// negative. A row may come again.
pub fn add(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into case_count (site_id, grain, name, a, day, bound, n, sum)
         select ?1, it.value ->> 0, it.value ->> 1, it.value ->> 2, it.value ->> 3,
           it.value ->> 4, it.value ->> 5, it.value ->> 6
         from json_each(?2) it
         where true
         on conflict (site_id, grain, name, a, day, bound) do update set
           n = n + excluded.n, sum = sum + excluded.sum",
        site_id,
        rows
    )
}

/// An agent gets a case. Yields no row if that would be more than `capacity`; a very large one
/// holds nobody back.
pub fn take(agent_id: &str, site_id: &str, capacity: i64, turn: i64) -> Statement {
    statement!(
        "insert into agent_load (agent_id, site_id, open, turn)
         select ?1, ?2, 1, ?4 where ?3 >= 1
         on conflict (agent_id) do update set open = open + 1, turn = ?4
           where open < ?3
         returning open",
        agent_id,
        site_id,
        capacity,
        turn
    )
}

/// An agent has one case less, or with the same case open again one more.
pub fn change(agent_id: &str, by: i64) -> Statement {
    statement!("update agent_load set open = max(0, open + ?2) where agent_id = ?1", agent_id, by)
}
