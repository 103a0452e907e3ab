//! Call-backs over the real components: a crowd that wants the same few slots, a drill with
//! `kill -9`, and the follow-up of a solved complaint.

mod crowd;
mod drill;
mod story;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::site::{Site, text};

/// Makes a service of half an hour around the clock, `{service}`, and so many agents who make its
/// calls, `{agent_0}` and so on.
async fn supply(site: &mut Site, agents: usize, more: Value) {
    for nth in 0..agents {
        let body = json!({ "name": format!("客服 {nth}"), "calls_per_day": 200,
            "calendar_id": "around_the_clock" });
        site.make("manager", &format!("agent_{nth}"), "/v1/agents", body).await;
    }
    let mut body = json!({ "name": "咨询 Consulting", "length_min": 30, "every_min": 30,
        "after_min": 0, "quiet": null, "calendar_id": "around_the_clock", "is_public": true });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    site.make("manager", "service", "/v1/services", body).await;
}

/// The beginnings of free slots between two days, at most so many.
async fn free(site: &Site, from: &str, to: &str, most: usize) -> Vec<String> {
    let path = format!("/v1/slots?service={{service}}&from={from}&to={to}&tz=UTC&limit={most}");
    let found = site.get("agent", &path).await;
    let items = found["items"].as_array().unwrap_or_else(|| panic!("{found}"));
    items.iter().map(|it| text(it, "start").to_owned()).collect()
}

/// The transcript of a booking.
fn booking(start: &str, number: usize, more: &Value) -> String {
    let mut body = json!({ "service_id": "{service}", "mode": "appointment", "start": start,
        "tz": "UTC", "phone": format!("+86138{number:08}") });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    format!("POST /v1/callbacks\nauthorization: Bearer {{agent}}\n\n{body}")
}

/// What the file of every journey must say: nobody's time is sold twice, what is sold is what
/// call-backs have, and the counts of each day are what they have on it.
pub(crate) fn check(database: &Connection) {
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    for nothing in [
        // Two that overlap on one line of somebody's.
        "select count(*) from callback a join callback b
           on a.agent_id = b.agent_id and a.lane = b.lane and a.id < b.id
           and a.from_ms < b.until_ms and b.from_ms < a.until_ms
         where a.state in ('held', 'booked') and b.state in ('held', 'booked')",
        // Pieces without a call-back that has them.
        "select count(*) from call_quantum q
         where not exists (
           select 1 from callback c
           where c.id = q.callback_id and c.state in ('held', 'booked')
             and c.agent_id = q.agent_id and c.lane = q.lane
             and c.from_ms <= q.quantum * 300000 and q.quantum * 300000 < c.until_ms)",
        // Call-backs without all of their pieces.
        "select count(*) from callback c
         where c.state in ('held', 'booked') and (c.until_ms - c.from_ms) / 300000 <> (
           select count(*) from call_quantum q where q.callback_id = c.id)",
        // Counts of days that are not what they count.
        "select count(*) from call_day d
         where d.calls <> (
           select count(*) from callback c
           where c.agent_id = d.agent_id and c.day = d.day and 0 < c.start_ms
             and (c.state in ('held', 'booked', 'calling') or 0 < c.attempts))",
        "select count(*) from callback c
         where c.state in ('held', 'booked') and not exists (
           select 1 from call_day d where d.agent_id = c.agent_id and d.day = c.day)",
        // Events that are not those of its version.
        "select count(*) from callback c
         where c.version <> (select count(*) from event e where e.subject = c.id)",
    ] {
        assert_eq!(number(nothing), 0, "{nothing}");
    }
}
