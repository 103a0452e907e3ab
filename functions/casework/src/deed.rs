//! What staff do to a case, read once and done to one or to many.

use app::auth::Staff;
use app::case::assign::Staffing;
use app::case::{Book, Said, TEXT_CHARS_MAX, Work, graded};
use domain::case::act::Act;
use domain::case::work::needs_cause;
use domain::case::{Grade, Source, Step, Tier};
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::Entity;
use store::agents::Agent;
use store::cases::{self, Case};
use store::departments::Department;
use web::case::{Cause, unknown};
use web::field::{Fields, one_of_rule};
use web::lang::said;
use web::problem::{Mistake, Place};
use web::{Kind, Problem, view};

/// What one request does to one case, by the last part of its path.
pub(crate) const ACTS: [&str; 8] =
    ["answer", "note", "grade", "assign", "escalate", "solve", "close", "reopen"];
/// Those of them that are done to many at once.
pub(crate) const BULK: [&str; 5] = ["assign", "note", "close", "grade", "solve"];

/// The most characters of a reason.
const REASON_CHARS_MAX: usize = 2_000;

/// Something to be done to a case.
pub(crate) struct Deed {
    what: What,
    /// What is said with it; empty for nothing.
    text: String,
    files: String,
}

enum What {
    Answer { asks: bool, is_plan: bool },
    Note,
    Grade { grade: Option<Grade>, tier: Option<Tier> },
    Assign { agent: Option<Agent>, department_id: String, is_auto: bool },
    Escalate { agent: Option<Agent>, skills: Vec<String> },
    Solve { is_first_contact: Option<bool> },
    Close { cause: Option<Cause>, remedy: String },
    Reopen,
}

impl Deed {
    /// Reads it; mistakes are noted in `fields`. With a case, what that one needs is required.
    pub(crate) async fn read(
        env: &impl Env,
        book: &Book,
        act: &str,
        fields: &mut Fields,
        case: Option<&Case>,
    ) -> Result<Deed, Problem> {
        let site_id = book.site.id.as_str();
        let (mut text, mut files) = (String::new(), "[]".to_owned());
        let what = match act {
            "answer" => {
                text = web::case::text(fields, "text", 1, TEXT_CHARS_MAX);
                files = web::case::files(fields);
                let (asks, is_plan) = (fields.flag("asks", false), fields.flag("is_plan", false));
                What::Answer { asks, is_plan }
            }
            "note" => {
                text = web::case::text(fields, "text", 1, TEXT_CHARS_MAX);
                files = web::case::files(fields);
                What::Note
            }
            "grade" => {
                text = web::case::text(fields, "reason", 1, REASON_CHARS_MAX);
                grading(fields)
            }
            "assign" => {
                text = web::case::text(fields, "reason", 0, REASON_CHARS_MAX);
                assignment(env, site_id, fields).await?
            }
            "escalate" => {
                text = web::case::text(fields, "reason", 1, REASON_CHARS_MAX);
                let agent = agent(env, site_id, fields).await?;
                let skill = fields.text("skill", 0, 40, "");
                let skills = if skill.is_empty() { Vec::new() } else { vec![skill] };
                What::Escalate { agent, skills }
            }
            "solve" => {
                text = web::case::text(fields, "text", 1, TEXT_CHARS_MAX);
                let is_told = fields.peek("is_first_contact").is_some_and(|it| !it.is_null());
                let flag = fields.flag("is_first_contact", false);
                What::Solve { is_first_contact: is_told.then_some(flag) }
            }
            "close" => {
                let is_needed = case.is_some_and(is_cause_needed);
                let cause = web::case::cause(fields, is_needed, TEXT_CHARS_MAX);
                if let Some(cause) = &cause {
                    in_ledger(env, site_id, fields, cause).await?;
                }
                let least = usize::from(is_needed);
                let remedy = web::case::text(fields, "remedy", least, TEXT_CHARS_MAX);
                What::Close { cause, remedy }
            }
            _ => {
                text = web::case::text(fields, "reason", 1, REASON_CHARS_MAX);
                What::Reopen
            }
        };
        Ok(Deed { what, text, files })
    }

    /// Who could get a case, where that is what is asked for.
    pub(crate) async fn staffing(
        &self,
        env: &impl Env,
        book: &Book,
    ) -> Result<Option<Staffing>, Problem> {
        let is_wanted = match &self.what {
            What::Assign { is_auto, .. } => *is_auto,
            What::Escalate { agent, .. } => agent.is_none(),
            _ => false,
        };
        if is_wanted { Staffing::load(env, book).await.map(Some) } else { Ok(None) }
    }

    /// Does it to a case.
    pub(crate) fn apply(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        staffing: &mut Option<Staffing>,
    ) -> Result<(), Problem> {
        match &self.what {
            What::Answer { asks, is_plan } => self.answer(env, by, work, *asks, *is_plan),
            What::Note => {
                work.act(Act::Note)?;
                let data = self.say(env, by, work, "note", false);
                work.happened("complaint.noted", data);
                Ok(())
            }
            What::Grade { grade, tier } => self.grade(env, by, work, *grade, *tier),
            What::Assign { agent, department_id, .. } => {
                self.assign(env, by, work, agent.as_ref(), department_id, staffing.as_mut())
            }
            What::Escalate { agent, skills } => {
                self.escalate(env, by, work, agent.as_ref(), skills, staffing.as_mut())
            }
            What::Solve { is_first_contact } => self.solve(env, by, work, *is_first_contact),
            What::Close { cause, remedy } => close(env, by, work, cause.as_ref(), remedy),
            What::Reopen => {
                work.act(Act::Reopen)?;
                let mut data = self.say(env, by, work, "reopening", false);
                data.remove("agent_id");
                data.insert("reopened".to_owned(), work.case.reopened.into());
                work.happened("complaint.reopened", data);
                Ok(())
            }
        }
    }

    /// Adds what is said with it and gives what the event tells of it.
    fn say(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        kind: &'static str,
        is_public: bool,
    ) -> Map<String, Value> {
        let agent_id = speaker(by, &work.case);
        let said =
            Said { kind, is_public, agent_id: &agent_id, text: &self.text, files: &self.files };
        let mut data = work.say(env, by, said);
        data.insert("agent_id".to_owned(), json!(view::some(&agent_id)));
        data
    }

    /// The same among staff, where something is said at all.
    fn reason(&self, env: &impl Env, by: &Staff, work: &mut Work<'_>) -> Map<String, Value> {
        if self.text.is_empty() {
            return Map::new();
        }
        let mut data = self.say(env, by, work, "reason", false);
        data.remove("agent_id");
        data
    }

    fn answer(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        asks: bool,
        is_plan: bool,
    ) -> Result<(), Problem> {
        work.act(if asks { Act::Ask } else { Act::Answer })?;
        if is_plan {
            work.step(Step::Planned);
        }
        let mut data = self.say(env, by, work, "answer", true);
        data.insert("asks".to_owned(), asks.into());
        data.insert("is_plan".to_owned(), is_plan.into());
        work.happened("complaint.answered", data);
        Ok(())
    }

    fn grade(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        grade: Option<Grade>,
        tier: Option<Tier>,
    ) -> Result<(), Problem> {
        work.act(Act::Classify)?;
        let (was, was_tier) = work.graded();
        let before = json!({ "grade": was.name(), "tier": was_tier.number() });
        let next = grade.unwrap_or(was);
        // Another grade brings its own tier, unless staff say otherwise.
        let own = if next == was { was_tier } else { Tier::of_grade(next) };
        work.grade(next, tier.unwrap_or(own));
        let mut grading = view::object(&work.case.grading).unwrap_or_default();
        grading.insert("by".to_owned(), "staff".into());
        grading.insert("needs_review".to_owned(), false.into());
        work.case.grading = view::text(&grading);
        let mut data = graded(&work.case);
        data.insert("before".to_owned(), before);
        data.extend(self.reason(env, by, work));
        work.happened("complaint.graded", data);
        Ok(())
    }

    fn assign(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        agent: Option<&Agent>,
        department_id: &str,
        staffing: Option<&mut Staffing>,
    ) -> Result<(), Problem> {
        work.act(Act::Assign)?;
        let before = holder(&work.case);
        if let Some(staffing) = staffing {
            if !work.pick(staffing, "", &[]) {
                return Err(nobody());
            }
        } else {
            hand_over(work, agent, department_id);
        }
        let mut data = work.assigned();
        data.insert("before".to_owned(), before);
        data.extend(self.reason(env, by, work));
        work.happened("complaint.assigned", data);
        Ok(())
    }

    fn escalate(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        agent: Option<&Agent>,
        skills: &[String],
        staffing: Option<&mut Staffing>,
    ) -> Result<(), Problem> {
        work.act(Act::Escalate)?;
        let before = holder(&work.case);
        if agent.is_some() {
            hand_over(work, agent, "");
        } else if let Some(staffing) = staffing {
            staffing.leave_out(&work.case.agent_id);
            // It is told that somebody is needed even where nobody is there: the ladder goes on.
            work.pick(staffing, "", skills);
        }
        let mut data = work.assigned();
        data.insert("by".to_owned(), "staff".into());
        data.insert("before".to_owned(), before);
        data.extend(self.reason(env, by, work));
        work.happened("complaint.escalated", data);
        Ok(())
    }

    fn solve(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        is_first_contact: Option<bool>,
    ) -> Result<(), Problem> {
        let was_settled_before = work.case.is_first_contact == Some(false);
        work.act(Act::Solve)?;
        if was_settled_before && is_first_contact == Some(true) {
            let rule = said(
                "cannot be true: it was escalated, contested or opened again",
                "不可为 true：该工单曾被升级、申诉或重新打开",
            );
            return Err(Problem::invalid(place("/is_first_contact"), rule));
        }
        if is_first_contact.is_some() {
            work.case.is_first_contact = is_first_contact;
        }
        let mut data = self.say(env, by, work, "answer", true);
        let is_first = work.case.is_first_contact.unwrap_or(false);
        data.insert("is_first_contact".to_owned(), is_first.into());
        work.happened("complaint.solved", data);
        Ok(())
    }
}

/// Whoever says something: the agent whose key it is, or else the case's.
pub(crate) fn speaker(by: &Staff, case: &Case) -> String {
    if by.agent_id.is_empty() { case.agent_id.clone() } else { by.agent_id.clone() }
}

fn close(
    env: &impl Env,
    by: &Staff,
    work: &mut Work<'_>,
    cause: Option<&Cause>,
    remedy: &str,
) -> Result<(), Problem> {
    work.act(Act::Close)?;
    let mut mistakes = Vec::new();
    for (name, is_absent) in [("/cause", cause.is_none()), ("/remedy", remedy.is_empty())] {
        if is_absent && is_cause_needed(&work.case) {
            let detail = said("is required", "为必填项");
            mistakes.push(Mistake { place: place(name), detail });
        }
    }
    if !mistakes.is_empty() {
        return Err(Problem::mistakes(mistakes));
    }
    let mut data = Map::new();
    let agent_id = speaker(by, &work.case);
    let detail = cause.map_or("", |it| &it.detail);
    for (name, text) in [("cause", detail), ("remedy", remedy)] {
        if !text.is_empty() {
            let said =
                Said { kind: name, is_public: false, agent_id: &agent_id, text, files: "[]" };
            data.insert(name.to_owned(), Value::Object(work.say(env, by, said)));
        }
    }
    if let Some(cause) = cause {
        work.case.cause_kind.clone_from(&cause.kind);
        work.case.cause_id.clone_from(&cause.cause_id);
    }
    data.insert("cause_kind".to_owned(), work.case.cause_kind.as_str().into());
    data.insert("cause_id".to_owned(), json!(view::some(&work.case.cause_id)));
    data.insert("agent_id".to_owned(), json!(view::some(&agent_id)));
    work.happened("complaint.closed", data);
    Ok(())
}

fn is_cause_needed(case: &Case) -> bool {
    let grade = Grade::parse(&case.grade).unwrap_or_default();
    needs_cause(grade, Source::parse(&case.source).unwrap_or_default())
}

/// Who has a case, as events tell it.
fn holder(case: &Case) -> Value {
    json!({
        "agent_id": view::some(&case.agent_id),
        "department_id": view::some(&case.department_id),
    })
}

/// Gives it to somebody whatever they have, or to a department.
fn hand_over(work: &mut Work<'_>, agent: Option<&Agent>, department_id: &str) {
    let own = agent.map_or("", |it| &it.department_id);
    let department_id = if department_id.is_empty() { own } else { department_id };
    if !department_id.is_empty() {
        department_id.clone_into(&mut work.case.department_id);
    }
    work.give(agent.map_or("", |it| &it.id), None);
    work.case.assigned = view::text(&json!({ "why": [{ "reason": "staff" }] }));
}

fn nobody() -> Problem {
    Problem::new(Kind::WrongState).with(said(
        "nobody who could get it is there and has room; name an agent or a department",
        "目前没有可接手且有余量的员工；请指定员工或部门",
    ))
}

fn place(pointer: &str) -> Place {
    Place::Pointer(pointer.to_owned())
}

/// Reads which grade and tier staff mean.
fn grading(fields: &mut Fields) -> What {
    let grade = fields.one_of_or_none("grade", &Grade::NAMES, "");
    let tier = match fields.take("tier") {
        None => None,
        Some(it) => {
            let tier = it.as_i64().and_then(Tier::of);
            if tier.is_none() {
                fields.refuse("tier", one_of_rule(&["0", "1", "2"]));
            }
            tier
        }
    };
    let grade = Grade::parse(&grade);
    if grade.is_none() && tier.is_none() {
        fields.refuse_all(said("needs grade or tier", "需要 grade 或 tier"));
    }
    What::Grade { grade, tier }
}

async fn assignment(env: &impl Env, site_id: &str, fields: &mut Fields) -> Result<What, Problem> {
    let is_auto = fields.flag("auto", false);
    let is_somebody = fields.peek("agent_id").is_some_and(|it| !it.is_null());
    let agent = agent(env, site_id, fields).await?;
    let department_id = fields.text("department_id", 0, 64, "");
    if !department_id.is_empty()
        && env.sql().fetch(Department::by_id(site_id, &department_id)).await?.is_none()
    {
        fields.refuse("department_id", unknown());
    }
    let is_named = is_somebody || !department_id.is_empty();
    if is_auto == is_named {
        fields.refuse_all(said(
            "needs an agent_id, a department_id, or auto: true alone",
            "需要 agent_id、department_id，或仅 auto: true",
        ));
    }
    Ok(What::Assign { agent, department_id, is_auto })
}

/// The agent who is named, who must work at present.
async fn agent(
    env: &impl Env,
    site_id: &str,
    fields: &mut Fields,
) -> Result<Option<Agent>, Problem> {
    let id = fields.text("agent_id", 0, 64, "");
    if id.is_empty() {
        return Ok(None);
    }
    let found = env.sql().fetch(Agent::by_id(site_id, &id)).await?.filter(|it| it.is_active);
    if found.is_none() {
        let rule = said("must be an agent of this site at work", "须为本站点在岗的员工");
        fields.refuse("agent_id", rule);
    }
    Ok(found)
}

/// A cause of the ledger must be there, and of the kind that is given.
async fn in_ledger(
    env: &impl Env,
    site_id: &str,
    fields: &mut Fields,
    cause: &Cause,
) -> Result<(), Problem> {
    if cause.cause_id.is_empty() {
        return Ok(());
    }
    match env.sql().fetch(cases::cause_kind(site_id, &cause.cause_id)).await? {
        None => fields.refuse("cause/cause_id", unknown()),
        Some(kind) if kind != cause.kind && !cause.kind.is_empty() => {
            let rule = said("is of another kind", "属于另一类原因");
            fields.refuse("cause/cause_id", rule);
        }
        Some(_) => {}
    }
    Ok(())
}
