//! Who gets a case: what assignment needs to know, looked up, and its choice made part of the
//! change. The database arbitrates: nobody gets more than they can have, however many choose.

use domain::assign::{self, Candidate, Choice, Nobody, PassedOver, Wanted, Why, choose};
use domain::case::Tier;
use domain::hours::Hours;
use domain::ladder::To;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::agents::{self, Agent};
use web::assignment::Assignment;
use web::{Fields, Problem, view};

use super::{Book, Work};

/// The people of a site as they are now.
#[derive(Clone, Debug)]
pub struct Staffing {
    candidates: Vec<Candidate>,
    policy: Assignment,
}

impl Staffing {
    /// Looks up who works at a site, and who is there.
    pub async fn load(env: &impl Env, book: &Book) -> Result<Staffing, Problem> {
        let found = env.sql().fetch(agents::candidates(&book.site.id)).await?;
        let now = env.now();
        let candidates = found.into_iter().map(|it| candidate(book, it, now)).collect();
        Ok(Staffing { candidates, policy: policy(book) })
    }

    /// Chooses who gets a case. `skills` are those that somebody calls for; without them it is the
    /// case itself that says what is wanted.
    pub fn choose(
        &self,
        case: &store::cases::Case,
        adviser_id: &str,
        skills: &[String],
    ) -> Result<Choice, Nobody> {
        let own = self.skills(case);
        let skills = if skills.is_empty() { &own } else { skills };
        choose(&wanted_of(case, adviser_id, skills), &self.candidates)
    }

    /// What a case wants of whoever gets it: the skills of its route, and its type, which is one.
    fn skills(&self, case: &store::cases::Case) -> Vec<String> {
        let mut skills = self.route(case).map_or_else(Vec::new, |it| it.skills.clone());
        if !case.type_id.is_empty() && !skills.contains(&case.type_id) {
            skills.push(case.type_id.clone());
        }
        skills
    }

    /// Chooses somebody else for a case whose clock ran out: a specialist, somebody of a department
    /// or one by name.
    pub fn choose_other(&self, case: &store::cases::Case, to: &To) -> Result<Choice, Nobody> {
        let mut others = self.candidates.clone();
        others.retain(|it| {
            it.id != case.agent_id
                && match to {
                    To::AgentId(id) => it.id == *id,
                    To::DepartmentId(id) => it.department_id == *id,
                    _ => true,
                }
        });
        let skills = self.skills(case);
        let mut wanted = wanted_of(case, "", &skills);
        if *to == To::Specialist {
            wanted.tier = Tier::One;
        }
        choose(&wanted, &others)
    }

    /// Whether anybody at work can have one more.
    pub fn has_room(&self) -> bool {
        self.candidates.iter().any(|it| it.is_here && it.open < it.capacity)
    }

    /// Whether somebody works at the site, at whatever time.
    pub fn has(&self, agent_id: &str) -> bool {
        self.candidates.iter().any(|it| it.id == agent_id)
    }

    /// Whether somebody is at work now.
    pub fn is_here(&self, agent_id: &str) -> bool {
        self.candidates.iter().any(|it| it.id == agent_id && it.is_here)
    }

    /// Where a case goes.
    pub fn route(&self, case: &store::cases::Case) -> Option<&web::assignment::Route> {
        self.policy.route(&case.type_id, &case.need, &case.touchpoint_id)
    }

    /// Whether cases are given to people at all.
    pub fn is_automatic(&self) -> bool {
        self.policy.is_automatic
    }

    fn capacity(&self, agent_id: &str) -> Option<i64> {
        self.candidates.iter().find(|it| it.id == agent_id).map(|it| it.capacity)
    }

    /// Leaves somebody out: whoever calls for an expert is not the one who comes.
    pub fn leave_out(&mut self, agent_id: &str) {
        self.candidates.retain(|it| it.id != agent_id);
    }

    /// Notes that an agent got one, for the next choice of the same commit, and tells their turn.
    fn took(&mut self, agent_id: &str, now: i64) -> i64 {
        let turn = assign::next_turn(now, &self.candidates);
        for it in self.candidates.iter_mut().filter(|it| it.id == agent_id) {
            it.open += 1;
            it.turn = turn;
        }
        turn
    }
}

fn wanted_of<'a>(
    case: &'a store::cases::Case,
    adviser_id: &'a str,
    skills: &'a [String],
) -> Wanted<'a> {
    Wanted {
        skills,
        department_id: &case.department_id,
        tier: Tier::of(case.tier).unwrap_or_default(),
        grade: domain::case::Grade::parse(&case.grade).unwrap_or_default(),
        adviser_id,
        language: case.language.split('-').next().unwrap_or(""),
    }
}

/// The policy in force; one that is stored was read before.
fn policy(book: &Book) -> Assignment {
    let stored = book.policy("assignment").and_then(|it| view::object(&it.definition));
    stored.map_or_else(Assignment::default, |it| Assignment::read(&mut Fields::new(it)))
}

fn candidate(book: &Book, (agent, open, turn): (Agent, i64, i64), now: i64) -> Candidate {
    let is_here = agent.is_active
        && !is_absent(&agent.absences, now)
        && book.hours(&agent.calendar_id).is_none_or(|it: Hours| it.is_open(now));
    let skills = view::json(&agent.skills);
    let skills = skills.as_array().into_iter().flatten().filter_map(Value::as_str);
    Candidate {
        skills: skills.map(str::to_owned).collect(),
        id: agent.id,
        department_id: agent.department_id,
        is_specialist: agent.is_specialist,
        open,
        capacity: agent.capacity,
        is_here,
        turn,
    }
}

fn is_absent(absences: &str, now: i64) -> bool {
    let pairs = view::json(absences);
    let at = |it: &Value, place: usize| it.get(place).and_then(Value::as_i64).unwrap_or(0);
    pairs.as_array().into_iter().flatten().any(|it| at(it, 0) <= now && now < at(it, 1))
}

impl Work<'_> {
    /// Sends the case to its department and gives it to somebody, if there is anybody, with the
    /// event that says why. Somebody who has it already keeps it unless they must not.
    pub fn assign(&mut self, staffing: &mut Staffing, adviser_id: &str) {
        if self.case.department_id.is_empty()
            && let Some(route) = staffing.route(&self.case)
        {
            self.case.department_id.clone_from(&route.department_id);
        }
        if !staffing.is_automatic() {
            return;
        }
        self.pick(staffing, adviser_id, &[]);
        if !self.case.agent_id.is_empty() {
            let data = self.assigned();
            self.happened("complaint.assigned", data);
        }
    }

    /// Gives the case to whoever is the fittest, if there is anybody, and says whether there is.
    pub fn pick(&mut self, staffing: &mut Staffing, adviser_id: &str, skills: &[String]) -> bool {
        let choice = staffing.choose(&self.case, adviser_id, skills);
        let told = match &choice {
            Ok(choice) => {
                self.take(staffing, choice);
                shown(choice)
            }
            Err(nobody) => {
                let passed_over = passed_over(&nobody.passed_over);
                json!({ "why": [{ "reason": nobody.name() }], "passed_over": passed_over })
            }
        };
        self.case.assigned = view::text(&told);
        choice.is_ok()
    }

    /// Gives the case to somebody else because a clock ran out, if there is anybody.
    pub fn hand_on(&mut self, staffing: &mut Staffing, to: &To) -> bool {
        let Ok(choice) = staffing.choose_other(&self.case, to) else { return false };
        self.take(staffing, &choice);
        if let To::DepartmentId(id) = to {
            self.case.department_id.clone_from(id);
        }
        self.case.assigned = view::text(&shown(&choice));
        true
    }

    /// Gives the case to whom it was chosen for, as far as they have room.
    fn take(&mut self, staffing: &mut Staffing, choice: &Choice) {
        self.give(&choice.agent_id, staffing.capacity(&choice.agent_id));
        self.turn.1 = staffing.took(&choice.agent_id, self.now);
    }

    /// Gives the case to an agent, who must have room if `capacity` says how much they can have.
    pub fn give(&mut self, agent_id: &str, capacity: Option<i64>) {
        agent_id.clone_into(&mut self.case.agent_id);
        self.turn.0 = capacity;
    }

    /// What the event of an assignment tells.
    pub fn assigned(&self) -> Map<String, Value> {
        let mut data = view::object(&self.case.assigned).unwrap_or_default();
        // The names of the reasons are enough there; their numbers stand in the case.
        let why = data.get("why").and_then(Value::as_array).into_iter().flatten();
        let why: Vec<Value> = why.filter_map(|it| it.get("reason").cloned()).collect();
        data.insert("why".to_owned(), Value::Array(why));
        data.insert("agent_id".to_owned(), json!(view::some(&self.case.agent_id)));
        data.insert("department_id".to_owned(), json!(view::some(&self.case.department_id)));
        data
    }
}

fn shown(choice: &Choice) -> Value {
    let why: Vec<Value> = choice.why.iter().map(told).collect();
    json!({ "why": why, "passed_over": passed_over(&choice.passed_over) })
}

fn told(why: &Why) -> Value {
    match why {
        Why::Skills { has, of } => json!({ "reason": why.name(), "has": has, "of": of }),
        Why::LeastLoaded { open, capacity } => {
            json!({ "reason": why.name(), "open": open, "capacity": capacity })
        }
        _ => json!({ "reason": why.name() }),
    }
}

fn passed_over(it: &PassedOver) -> Value {
    let mut over = Map::new();
    for (name, count) in [
        ("absent", it.absent),
        ("full", it.full),
        ("no_specialist", it.no_specialist),
        ("no_skill", it.no_skill),
        ("no_language", it.no_language),
        ("other_department", it.other_department),
        ("busier", it.busier),
    ] {
        if 0 < count {
            over.insert(name.to_owned(), Value::from(count));
        }
    }
    Value::Object(over)
}
