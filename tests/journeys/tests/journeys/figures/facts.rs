//! What the demonstration's facts say: answers, complaints and calls as they were given, counted
//! again by nothing that the product counts with.

use rusqlite::Connection;
use serde_json::{Map, Value};

/// Shanghai has had no summer time for longer than the demo tells of.
const ZONE_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// A thing that happened on a day, with what it can be filtered by.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) day: i64,
    /// Touchpoint, channel, group, agent and survey, in the order of [`NAMES`].
    keys: [String; 5],
}

/// By what figures are filtered.
pub(super) const NAMES: [&str; 5] = ["touchpoint", "channel", "group", "agent", "survey"];

impl Place {
    pub(super) fn key(&self, name: &str) -> &str {
        &self.keys[NAMES.iter().position(|it| *it == name).unwrap()]
    }

    /// Whether it is of these days and all these filters.
    pub(super) fn is_in(&self, days: (i64, i64), filters: &[(&str, &str)]) -> bool {
        (days.0..=days.1).contains(&self.day)
            && filters.iter().all(|(name, key)| self.key(name) == *key)
    }
}

/// One answer on a scale.
#[derive(Clone, Debug)]
pub(super) struct Rating {
    pub(super) at: Place,
    /// `nps`, `csat` or `ces`.
    pub(super) metric: &'static str,
    /// Of a satisfaction, its points.
    pub(super) points: i64,
    pub(super) dimension: String,
    pub(super) value: i64,
}

/// What came of a complaint or a call: the names of what is true of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) at: Place,
    pub(super) grade: String,
    is: Vec<&'static str>,
}

impl Outcome {
    pub(super) fn is(&self, what: &str) -> bool {
        self.is.contains(&what)
    }
}

/// Everything that figures are made of.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) ratings: Vec<Rating>,
    pub(super) complaints: Vec<Outcome>,
    pub(super) calls: Vec<Outcome>,
    /// Ids, names and targets.
    pub(super) touchpoints: Vec<(String, String, i64)>,
    pub(super) agents: Vec<String>,
    pub(super) surveys: Vec<String>,
    /// Alarms that are open.
    pub(super) alarms: usize,
}

impl Facts {
    /// Reads the tables of facts and nothing that is counted from them.
    pub(super) fn read(database: &Connection) -> Facts {
        let ids = |sql: &str| all(database, sql, |row| row.get::<_, String>(0).unwrap());
        let touchpoints = "select id, name, target from touchpoint";
        let alarms = "select id from alarm where cleared_at_ms is null";
        Facts {
            ratings: ratings(database),
            complaints: complaints(database),
            calls: calls(database),
            touchpoints: all(database, touchpoints, |row| {
                (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap())
            }),
            agents: ids("select id from agent"),
            surveys: ids("select id from study"),
            alarms: ids(alarms).len(),
        }
    }
}

fn all<T>(database: &Connection, sql: &str, read: impl Fn(&rusqlite::Row<'_>) -> T) -> Vec<T> {
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok(read(row))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn day(ms: i64) -> i64 {
    (ms + ZONE_MS).div_euclid(DAY_MS)
}

/// Every answer on a scale that counts, by what its survey's version says of the question.
fn ratings(database: &Connection) -> Vec<Rating> {
    let sql = "select r.answers, v.definition, r.answered_at_ms, r.channel, r.customer_group,
                 r.agent_id, r.study_id
               from response r
               join study_version v on v.study_id = r.study_id and v.number = r.study_version
               where r.counted = 1";
    let responses = all(database, sql, |row| {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let json = |at| serde_json::from_str::<Map<String, Value>>(&text(at)).unwrap();
        let keys = [String::new(), text(3), text(4), text(5), text(6)];
        (json(0), json(1), Place { day: day(row.get(2).unwrap()), keys })
    });
    let mut ratings = Vec::new();
    for (answers, definition, at) in responses {
        for question in definition["questions"].as_array().unwrap() {
            let text = |name: &str| question[name].as_str().unwrap_or("").to_owned();
            let usual = if question["type"] == "nps" { 10 } else { 5 };
            let points = question["points"].as_i64().unwrap_or(usual);
            let metric = match text("type").as_str() {
                "nps" => "nps",
                "rating" => "csat",
                "effort" => "ces",
                "matrix" if question["points"].is_i64() => {
                    assert!(answers.get(&text("id")).is_none(), "a matrix is not read here");
                    continue;
                }
                _ => continue,
            };
            let Some(value) = answers.get(&text("id")).and_then(Value::as_i64) else { continue };
            let mut at = at.clone();
            let touchpoint = question["touchpoint_id"].as_str();
            let touchpoint =
                touchpoint.or_else(|| definition.get("touchpoint_id").and_then(Value::as_str));
            at.keys[0] = touchpoint.unwrap_or("").to_owned();
            ratings.push(Rating { at, metric, points, dimension: text("dimension"), value });
        }
    }
    ratings
}

/// Every complaint: what is none, what became part of another one, and what stands for many are
/// left out.
fn complaints(database: &Connection) -> Vec<Outcome> {
    let sql = "select received_at_ms, touchpoint_id, channel, customer_group, agent_id, grade,
                 state, late, history, reopened, is_repeat, is_first_contact,
                 answered_at_ms is not null, solved_at_ms is not null, closed_at_ms is not null
               from complaint
               where source <> 'surge' and state <> 'merged' and grade <> 'none'";
    all(database, sql, |row| {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let flag = |at: usize| row.get::<_, Option<bool>>(at).unwrap();
        let is = |at: usize| flag(at) == Some(true);
        let late: i64 = row.get(7).unwrap();
        let history = text(8);
        // What was promised before it came back is not what is promised now.
        let current = history.rfind("started").map_or("", |at| &history[at..]);
        let (answered, solved, closed) = (is(12), is(13), is(14));
        let told = solved || current.contains("planned");
        let [late_answer, late_solution, late_closing] = [1, 2, 4].map(|bit| late & bit != 0);
        let facts = [
            ("open", matches!(text(6).as_str(), "open" | "waiting")),
            ("late", late != 0),
            ("overdue", !solved && (late_solution || late_closing)),
            ("answered_on_time", answered && !late_answer),
            ("answered_on_time known", answered || late_answer),
            ("solved_on_time", told && !late_solution),
            ("solved_on_time known", told || late_solution),
            ("closed_on_time", closed && !late_closing),
            ("closed_on_time known", closed || late_closing),
            ("resolution", solved),
            ("resolution known", solved || late_solution || late_closing),
            ("repeated", is(10)),
            ("repeated known", true),
            ("first_contact", solved && is(11)),
            ("first_contact known", solved && flag(11).is_some()),
        ];
        let keys = [text(1), text(2), text(3), text(4), String::new()];
        Outcome {
            at: Place { day: day(row.get(0).unwrap()), keys },
            grade: text(5),
            is: facts.into_iter().filter(|it| it.1).map(|it| it.0).collect(),
        }
    })
}

/// Every call-back that was asked for; a slot that was held and let go was not.
fn calls(database: &Connection) -> Vec<Outcome> {
    let sql = "select requested_at_ms, agent_id, state, promise, is_no_show, attempts, since_mode,
                 first_attempt_ms is not null
               from callback
               where state <> 'held'
                 and (lease_ms = 0 or state in ('booked', 'waiting', 'calling'))";
    all(database, sql, |row| {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let number = |at: usize| row.get::<_, i64>(at).unwrap();
        let (state, promise) = (text(2), number(3));
        let is = |it: &str| state == it;
        let open = is("booked") || is("waiting") || is("calling");
        let called = number(7) == 1;
        let shown = called && text(6) == "appointment";
        let facts = [
            ("open", open),
            ("overdue", open && promise == 2),
            ("cancelled", is("cancelled")),
            ("cancelled known", true),
            ("kept", promise == 1),
            ("kept known", promise != 0),
            ("reached", is("reached")),
            ("reached known", is("reached") || is("failed") || is("expired")),
            ("reached_first", is("reached") && number(5) == 1),
            ("reached_first known", called),
            ("no_show", shown && number(4) == 1),
            ("no_show known", shown),
        ];
        let mut keys: [String; 5] = Default::default();
        keys[3] = text(1);
        Outcome {
            at: Place { day: day(number(0)), keys },
            grade: String::new(),
            is: facts.into_iter().filter(|it| it.1).map(|it| it.0).collect(),
        }
    })
}
