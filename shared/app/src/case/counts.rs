//! What a change of a case does to the counts, and to how many cases its agent has.

use ports::Write;
use store::case_counts;
use store::cases::Case;

/// More cases than anybody has: staff may give somebody a case in spite of their capacity.
const ANY: i64 = 1 << 40;

/// The statements that keep counts and loads right. `turn` is the capacity that the new agent must
/// have room in, and when their turn was.
pub(crate) fn writes(
    before: Option<&Case>,
    after: &Case,
    (capacity, turn): (Option<i64>, i64),
) -> Vec<Write> {
    let mut writes = Vec::with_capacity(2);
    let holder = |it: &Case| if is_open(it) { it.agent_id.clone() } else { String::new() };
    let (had, has) = (before.map(holder).unwrap_or_default(), holder(after));
    if had != has {
        if !had.is_empty() {
            writes.push(case_counts::change(&had, -1).write());
        }
        if !has.is_empty() {
            let take = case_counts::take(&has, &after.site_id, capacity.unwrap_or(ANY), turn);
            writes.push(take.guarded());
        }
    }
    writes
}

fn is_open(case: &Case) -> bool {
    matches!(case.state.as_str(), "open" | "waiting")
}
