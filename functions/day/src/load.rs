//! All that a day holds, looked up.

use app::auth::{self, Staff};
use app::case::Book;
use domain::civil::{date, parse_date};
use domain::hours::Hours;
use domain::role::Role;
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::Value;
use store::Entity;
use store::agents::Agent;
use store::call_attempts::{self, Attempt};
use store::call_queue;
use store::callbacks::Callback;
use store::services::{self, Service};
use web::lang::said;
use web::problem::Place;
use web::{Kind, Problem, Request, view};

/// Most rows of each list of a day.
const ROWS_MAX: i64 = 300;

/// What a day holds.
pub(crate) struct Day {
    /// Whose.
    pub agent: Agent,
    /// Which.
    pub day: i32,
    /// Today.
    pub today: i32,
    /// Where their clocks are.
    pub zone: Zone,
    /// When they work.
    pub open: Vec<(i64, i64)>,
    /// Appointments, by their time.
    pub appointments: Vec<Callback>,
    /// What waits for them, or is in their hands.
    pub waiting: Vec<Callback>,
    /// What they did, in its order.
    pub done: Vec<Attempt>,
    /// What else those were about.
    others: Vec<Callback>,
    services: Vec<Service>,
    /// Owner, kind, value.
    contacts: Vec<(String, String, String)>,
    /// Of the complaints: id, number.
    numbers: Vec<(String, String)>,
    /// Of all of them, oldest first.
    attempts: Vec<Attempt>,
}

/// Who asks, and about whom; none for somebody who is no agent and names none.
pub(crate) async fn whose(
    env: &impl Env,
    request: &Request,
) -> Result<(Staff, Option<Agent>), Problem> {
    let (by, role) = auth::agent_as(env, request).await?;
    let by = Staff::clone(&by);
    let named = request.param("agent").filter(|it| !it.is_empty() && *it != "me");
    let id = named.unwrap_or(&by.agent_id).to_owned();
    if id != by.agent_id && role < Role::Manager {
        return Err(Problem::new(Kind::Forbidden)
            .with(said("other people's days are for managers", "他人的日程仅经理可查看")));
    }
    if id.is_empty() {
        return Ok((by, None));
    }
    let found = env.sql().fetch(Agent::by_id(&by.site_id, &id)).await?;
    let agent = found.ok_or_else(|| {
        let place = Place::Parameter("agent".to_owned());
        Problem::invalid(place, said("must be the id of an agent", "须为已有员工的编号"))
    })?;
    Ok((by, Some(agent)))
}

impl Day {
    /// Looks a day up; today unless the request names one.
    pub(crate) async fn load(
        env: &impl Env,
        request: &Request,
        agent: Agent,
    ) -> Result<Day, Problem> {
        let (sql, now) = (env.sql(), env.now());
        let book = Book::load(env, &agent.site_id).await?;
        let hours = book.hours(&agent.calendar_id).unwrap_or_else(|| Hours::office(book.zone));
        let zone = hours.zone;
        let today = zone.day(now);
        let day = match request.param("date").filter(|it| !it.is_empty()) {
            None => today,
            Some(text) => parse_date(text).ok_or_else(|| {
                let rule = said("must be a date such as 2026-11-24", "须为日期，例如 2026-11-24");
                Problem::invalid(Place::Parameter("date".to_owned()), rule)
            })?,
        };
        let (from, until) = (zone.start_of_day(day), zone.start_of_day(day + 1));
        let appointments = call_queue::diary(&agent.id, from, until, ROWS_MAX);
        let appointments = sql.fetch(appointments).await?;
        let mut waiting = Vec::new();
        // What is overdue waits today; what is to come waits on its day.
        if today <= day {
            waiting = sql.fetch(call_queue::waiting(&agent.id, until, ROWS_MAX)).await?;
            waiting.retain(|it| {
                (day == today || from <= it.due) && appointments.iter().all(|own| own.id != it.id)
            });
        }
        let done = sql.fetch(call_attempts::by_agent(&agent.id, from, until, ROWS_MAX)).await?;
        let open = open(&hours, &agent, from, until);
        let mut it = Day {
            agent,
            day,
            today,
            zone,
            open,
            appointments,
            waiting,
            done,
            others: Vec::new(),
            services: Vec::new(),
            contacts: Vec::new(),
            numbers: Vec::new(),
            attempts: Vec::new(),
        };
        it.look_up(env).await?;
        Ok(it)
    }

    /// Looks up what stands beside the calls.
    async fn look_up(&mut self, env: &impl Env) -> Result<(), Problem> {
        let sql = env.sql();
        let missing: Vec<&str> = self
            .done
            .iter()
            .map(|it| it.callback_id.as_str())
            .filter(|id| self.calls().all(|it| it.id != *id))
            .collect();
        let others = sql.fetch(call_queue::of_ids(&view::text(&missing))).await?;
        self.others = others;
        let all = |of: fn(&Callback) -> &str| {
            let mut ids: Vec<&str> = self.calls().map(of).filter(|it| !it.is_empty()).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (ids, cases) = (all(|it| &it.id), all(|it| &it.case_id));
        let owners = [&ids[..], &cases[..], &all(|it| &it.customer_id)[..]].concat();
        let services = view::text(&all(|it| &it.service_id));
        let services = sql.fetch(services::of_ids(&services)).await?;
        let contacts = sql.fetch(call_queue::contacts(&view::text(&owners))).await?;
        let numbers = sql.fetch(call_queue::case_numbers(&view::text(&cases))).await?;
        let attempts = sql.fetch(call_attempts::of_all(&view::text(&ids))).await?;
        (self.services, self.contacts) = (services, contacts);
        (self.numbers, self.attempts) = (numbers, attempts);
        Ok(())
    }

    /// Every call-back that the day tells of.
    fn calls(&self) -> impl Iterator<Item = &Callback> {
        self.appointments.iter().chain(&self.waiting).chain(&self.others)
    }

    /// What an attempt was about.
    pub(crate) fn call(&self, id: &str) -> Option<&Callback> {
        self.calls().find(|it| it.id == id)
    }

    /// How they are reached: as they said for this call, or else as we know them; may be empty.
    pub(crate) fn contact(&self, row: &Callback, kind: &str) -> &str {
        let owners = [&row.id, &row.customer_id, &row.case_id];
        let of = |owner: &String| self.contacts.iter().find(|it| it.0 == *owner && it.1 == kind);
        owners.into_iter().find_map(of).map_or("", |it| &it.2)
    }

    /// The service of a call.
    pub(crate) fn service(&self, row: &Callback) -> Option<&Service> {
        self.services.iter().find(|it| it.id == row.service_id)
    }

    /// The number of the complaint that a call is about; empty for none.
    pub(crate) fn number(&self, row: &Callback) -> &str {
        self.numbers.iter().find(|it| it.0 == row.case_id).map_or("", |it| &it.1)
    }

    /// Who was called before, and what came of it.
    pub(crate) fn tried(&self, row: &Callback) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter().filter(|it| it.callback_id == row.id)
    }

    /// The day as a date.
    pub(crate) fn date(&self) -> String {
        date(self.day)
    }
}

/// When somebody works on a day: their hours without their absences.
pub(crate) fn open(hours: &Hours, agent: &Agent, from: i64, until: i64) -> Vec<(i64, i64)> {
    let mut spans: Vec<(i64, i64)> = hours
        .opens(from)
        .take_while(|it| it.0 < until)
        .map(|(open, close)| (open.max(from), close.min(until)))
        .collect();
    let absences = view::json(&agent.absences);
    let read = |it: &Value| Some((it.get(0)?.as_i64()?, it.get(1)?.as_i64()?));
    for (away, back) in absences.as_array().into_iter().flatten().filter_map(read) {
        let left = |(open, close): (i64, i64)| {
            [(open, close.min(away)), (open.max(back), close)].into_iter().filter(|it| it.0 < it.1)
        };
        spans = spans.into_iter().flat_map(left).collect();
    }
    spans
}
