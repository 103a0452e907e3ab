//! What cases come to, and how many each agent has: tables `case_count`,
//! `case_value` and `agent_load`.

use ports::Statement;

use crate::statement;

/// The columns of `case_count` that count, as `domain::case::count::Tally` has them.
macro_rules! tally {
    () => {
        "received, not_complaints, merged, open, waiting, answered, solved, closed,
         answer_decided, answer_on_time, solution_decided, solution_on_time,
         closing_decided, closing_on_time, overdue, late, reopened, repeated,
         first_contact_known, first_contact, needs_review, general, moderate, major,
         process_gap, product_defect, service_error"
    };
}
pub(crate) use tally;

/// Adds to the counts of a site.
///
/// `rows` is a JSON array of `[grain, a, day, …]` with every number of a tally; what is taken away
/// is negative. A row may come again.
pub fn add(site_id: &str, rows: &str) -> Statement {
    statement!(
        concat!(
            "insert into case_count (site_id, grain, a, day, ",
            tally!(),
            ")
             select ?1, it.value ->> 0, it.value ->> 1, it.value ->> 2,
               it.value ->> 3, it.value ->> 4, it.value ->> 5, it.value ->> 6, it.value ->>
               7, it.value ->> 8, it.value ->> 9, it.value ->> 10, it.value ->> 11, it.value
               ->> 12, it.value ->> 13, it.value ->> 14, it.value ->> 15, it.value ->> 16,
               it.value ->> 17, it.value ->> 18, it.value ->> 19, it.value ->> 20, it.value
               ->> 21, it.value ->> 22, it.value ->> 23, it.value ->> 24, it.value ->> 25,
               it.value ->> 26, it.value ->> 27, it.value ->> 28, it.value ->> 29
             from json_each(?2) it
             where true
             on conflict (site_id, grain, a, day) do update set
               received = received + excluded.received, not_complaints = not_complaints +
               excluded.not_complaints, merged = merged + excluded.merged, open = open +
               excluded.open, waiting = waiting + excluded.waiting, answered = answered +
               excluded.answered, solved = solved + excluded.solved, closed = closed +
               excluded.closed, answer_decided = answer_decided + excluded.answer_decided,
               answer_on_time = answer_on_time + excluded.answer_on_time, solution_decided =
               solution_decided + excluded.solution_decided, solution_on_time =
               solution_on_time + excluded.solution_on_time, closing_decided =
               closing_decided + excluded.closing_decided, closing_on_time = closing_on_time
               + excluded.closing_on_time, overdue = overdue + excluded.overdue, late = late
               + excluded.late, reopened = reopened + excluded.reopened, repeated = repeated
               + excluded.repeated, first_contact_known = first_contact_known +
               excluded.first_contact_known, first_contact = first_contact +
               excluded.first_contact, needs_review = needs_review + excluded.needs_review,
               general = general + excluded.general, moderate = moderate +
               excluded.moderate, major = major + excluded.major, process_gap = process_gap
               + excluded.process_gap, product_defect = product_defect +
               excluded.product_defect, service_error = service_error +
               excluded.service_error"
        ),
        site_id,
        rows
    )
}

/// Adds to the durations and ratings of a site.
///
/// `rows` is a JSON array of `[grain, name, a, day, bound, n, sum]`, as with [`add`].
pub fn add_values(site_id: &str, rows: &str) -> Statement {
    statement!(
        "insert into case_value (site_id, grain, name, a, day, bound, n, sum)
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
