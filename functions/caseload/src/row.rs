//! One row: what it says of a case of the past, and the case that this makes.

use app::auth::Staff;
use app::case::{Book, Opening, Said, TEXT_CHARS_MAX, Work, bring, graded};
use app::grading::Graded;
use domain::case::act::Act;
use domain::case::work::needs_cause;
use domain::case::{CauseKind, Grade, Need, Source, State, Tier, Urgency};
use domain::touchpoint::CHANNELS;
use ports::Env;
use serde_json::{Map, Value, json};
use web::case::unknown;
use web::field::{Fields, number_rule, one_of_rule};
use web::lang::said;
use web::problem::Mistake;
use web::survey::{is_language, language_rule};
use web::{Problem, view};

use crate::import::Raw;

/// What a row may tell.
pub(crate) const COLUMNS: [&str; 30] = [
    "reference",
    "text",
    "received_at",
    "channel",
    "language",
    "touchpoint_id",
    "department_id",
    "agent_id",
    "customer",
    "type",
    "need",
    "urgency",
    "grade",
    "tier",
    "amount",
    "state",
    "answered_at",
    "answer",
    "solved_at",
    "solution",
    "is_first_contact",
    "closed_at",
    "cause_kind",
    "cause_id",
    "cause",
    "remedy",
    "csat",
    "ces",
    "comment",
    "note",
];

/// What rows may name and is there.
pub(crate) struct Known {
    pub(crate) strange_touchpoints: Vec<String>,
    pub(crate) departments: Vec<String>,
    pub(crate) agents: Vec<String>,
    /// Each with its kind.
    pub(crate) causes: Vec<(String, String)>,
}

/// A case of the past.
pub(crate) struct Past {
    pub(crate) opening: Opening,
    /// The company's own id of the customer; empty for a stranger.
    pub(crate) customer: String,
    /// What its words were graded.
    pub(crate) found: Graded,
    /// What staff graded it; nothing for what its words say.
    grade: Option<Grade>,
    tier: Option<Tier>,
    need: String,
    urgency: String,
    department_id: String,
    agent_id: String,
    note: String,
    answered_at: Option<i64>,
    answer: String,
    solved_at: Option<i64>,
    solution: String,
    is_first_contact: Option<bool>,
    closed_at: Option<i64>,
    cause_kind: String,
    cause_id: String,
    cause: String,
    remedy: String,
    csat: Option<i64>,
    ces: Option<i64>,
    comment: String,
}

/// The cells of a row as texts, taken out one by one; the empty ones are absent.
struct Cells<'a> {
    fields: Fields,
    book: &'a Book,
    now: i64,
}

impl Cells<'_> {
    fn text(&mut self, name: &str, chars_min: usize, chars_max: usize) -> String {
        web::case::text(&mut self.fields, name, chars_min, chars_max)
    }

    fn word(&mut self, name: &str, words: &[&str]) -> String {
        self.fields.one_of_or_none(name, words, "")
    }

    fn time(&mut self, name: &str) -> Option<i64> {
        let text = self.fields.text(name, 0, 40, "");
        if text.is_empty() {
            return None;
        }
        let (zone, now) = (self.book.zone, self.now);
        Some(app::answered::read_as(name, &mut self.fields, &text, zone, now, None))
    }

    fn number(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let text = self.fields.text(name, 0, 20, "");
        if text.is_empty() {
            return None;
        }
        let number = text.parse().ok().filter(|it| (min..=max).contains(it));
        if number.is_none() {
            self.fields.refuse(name, number_rule(min, max));
        }
        number
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        match self.fields.text(name, 0, 10, "").as_str() {
            "" => None,
            "true" | "yes" | "1" | "是" => Some(true),
            "false" | "no" | "0" | "否" => Some(false),
            _ => {
                self.fields.refuse(name, said("must be true or false", "须为 true 或 false"));
                None
            }
        }
    }

    fn known(&mut self, name: &str, is_known: impl Fn(&str) -> bool) -> String {
        let id = self.fields.text(name, 0, 64, "");
        if !id.is_empty() && !is_known(&id) {
            self.fields.refuse(name, unknown());
        }
        id
    }
}

/// Every cell as a text; an empty one is absent, as a spreadsheet has no other way to say so.
fn texts(cells: Map<String, Value>) -> Map<String, Value> {
    let mut texts = Map::new();
    for (name, cell) in cells {
        let cell = match cell {
            Value::String(text) => Value::String(text),
            Value::Number(number) => Value::String(number.to_string()),
            Value::Bool(flag) => Value::String(flag.to_string()),
            other => other,
        };
        let is_empty = cell.as_str().is_some_and(|it| it.trim().is_empty()) || cell.is_null();
        if !is_empty {
            texts.insert(name, cell);
        }
    }
    texts
}

impl Past {
    /// Reads a row and gives every mistake in it.
    pub(crate) fn read(
        raw: Raw,
        book: &Book,
        known: &Known,
        now: i64,
    ) -> Result<Past, Vec<Mistake>> {
        let mut it = Cells { fields: Fields::new(texts(raw.cells)), book, now };
        let needs = [Need::Product, Need::Service, Need::Experience].map(Need::name);
        let reference = it.text("reference", 1, 80);
        let opening = Opening {
            once: format!("import:{reference}"),
            source: Source::Import,
            text: it.text("text", 1, TEXT_CHARS_MAX),
            channel: it.word("channel", &CHANNELS),
            language: language(&mut it),
            touchpoint_id: it
                .known("touchpoint_id", |id| !known.strange_touchpoints.iter().any(|it| it == id)),
            type_id: web::case::type_id(&mut it.fields, ""),
            amount: it.number("amount", 0, web::case::AMOUNT_MAX),
            received_at: received(&mut it),
            ..Opening::default()
        };
        let grade = it.word("grade", &Grade::NAMES);
        let tier = it.number("tier", 0, 2);
        let mut past = Past {
            opening,
            customer: it.text("customer", 0, 80),
            found: Graded::default(),
            grade: Grade::parse(&grade),
            tier: tier.and_then(Tier::of),
            need: it.word("need", &needs),
            urgency: it.word("urgency", &Urgency::NAMES),
            department_id: it
                .known("department_id", |id| known.departments.iter().any(|it| it == id)),
            agent_id: it.known("agent_id", |id| known.agents.iter().any(|it| it == id)),
            note: it.text("note", 0, TEXT_CHARS_MAX),
            answered_at: it.time("answered_at"),
            answer: it.text("answer", 0, TEXT_CHARS_MAX),
            solved_at: it.time("solved_at"),
            solution: it.text("solution", 0, TEXT_CHARS_MAX),
            is_first_contact: it.flag("is_first_contact"),
            closed_at: it.time("closed_at"),
            cause_kind: it.word("cause_kind", &CauseKind::NAMES),
            cause_id: it.known("cause_id", |id| known.causes.iter().any(|it| it.0 == id)),
            cause: it.text("cause", 0, TEXT_CHARS_MAX),
            remedy: it.text("remedy", 0, TEXT_CHARS_MAX),
            csat: it.number("csat", 1, 5),
            ces: it.number("ces", 1, 7),
            comment: it.text("comment", 0, TEXT_CHARS_MAX),
        };
        let state = it.word("state", &[State::Open, State::Solved, State::Closed].map(State::name));
        past.fit(&mut it.fields, &state, known);
        it.fields.done().map_err(|problem| problem.into_parts().mistakes)?;
        Ok(past)
    }

    /// Whether one cell goes with the others.
    fn fit(&mut self, fields: &mut Fields, state: &str, known: &Known) {
        // A closing says nothing of when it was solved: then, at the latest.
        if self.solved_at.is_none() {
            self.solved_at = self.closed_at;
        }
        let times = [
            ("received_at", self.opening.received_at),
            ("answered_at", self.answered_at),
            ("solved_at", self.solved_at),
            ("closed_at", self.closed_at),
        ];
        let mut last = i64::MIN;
        for (name, at) in times {
            if at.is_some_and(|it| it < last) {
                fields.refuse(name, said("must not be before what precedes it", "不得早于前一步"));
            }
            last = at.unwrap_or(last).max(last);
        }
        let own = match (self.solved_at, self.closed_at) {
            (_, Some(_)) => State::Closed,
            (Some(_), None) => State::Solved,
            _ => State::Open,
        };
        if !state.is_empty() && state != own.name() {
            fields.refuse("state", said("does not go with the times", "与各时间不一致"));
        }
        for (name, text, at) in [
            ("answered_at", &self.answer, self.answered_at),
            ("solved_at", &self.solution, self.solved_at),
            ("closed_at", &self.cause, self.closed_at),
            ("closed_at", &self.remedy, self.closed_at),
        ] {
            if !text.is_empty() && at.is_none() {
                fields.refuse(
                    name,
                    said("is required with what was said then", "有内容时须给出时间"),
                );
            }
        }
        let is_rated = self.csat.is_some() || self.ces.is_some() || !self.comment.is_empty();
        if is_rated && (self.csat.is_none() || self.solved_at.is_none()) {
            let rule = said("needs csat and solved_at", "需要 csat 与 solved_at");
            fields.refuse("csat", rule);
        }
        self.fit_cause(fields, known);
    }

    fn fit_cause(&self, fields: &mut Fields, known: &Known) {
        let kind = known.causes.iter().find(|it| it.0 == self.cause_id);
        if let Some((_, kind)) = kind.filter(|it| it.1 != self.cause_kind) {
            fields.refuse("cause_kind", one_of_rule(&[kind]));
        }
        let is_needed = self.grade.is_none_or(|it| needs_cause(it, Source::Import));
        if self.closed_at.is_none() || !is_needed {
            return;
        }
        for (name, text) in
            [("cause_kind", &self.cause_kind), ("cause", &self.cause), ("remedy", &self.remedy)]
        {
            if text.is_empty() {
                fields.refuse(name, said("is required to close", "结案须填写"));
            }
        }
    }

    /// The case, with everything that happened to it at its time. It is not settled yet.
    pub(crate) fn work<'b>(
        &self,
        env: &impl Env,
        book: &'b Book,
        by: &Staff,
    ) -> Result<Work<'b>, Problem> {
        let mut work = bring(env, book, by, &self.opening, self.graded());
        let (grade, own) = work.graded();
        if let Some(tier) = self.tier.filter(|it| *it != own) {
            work.grade(grade, tier);
            let mut data = graded(&work.case);
            let before = json!({ "grade": grade.name(), "tier": own.number() });
            data.insert("before".to_owned(), before);
            work.happened("complaint.graded", data);
        }
        self.hand(&mut work);
        if !self.note.is_empty() {
            let data = self.say(env, by, &mut work, ("note", false), &self.note);
            work.happened("complaint.noted", data);
        }
        if let Some(at) = self.answered_at {
            work.now = at;
            work.act(Act::Answer)?;
            if !self.answer.is_empty() {
                let mut data = self.say(env, by, &mut work, ("answer", true), &self.answer);
                data.insert("asks".to_owned(), false.into());
                data.insert("is_plan".to_owned(), false.into());
                work.happened("complaint.answered", data);
            }
        }
        if let Some(at) = self.solved_at {
            work.now = at;
            self.solve(env, by, &mut work)?;
        }
        if let Some(at) = self.closed_at {
            work.now = at;
            self.close(env, by, &mut work)?;
        }
        work.now = env.now();
        Ok(work)
    }

    /// What staff graded it, or else its words.
    fn graded(&self) -> Graded {
        let mut found = self.found.clone();
        if let (Some(own), Some(reasons)) = (self.grade, found.reasons.as_object_mut()) {
            found.grade = own;
            reasons.insert("by".to_owned(), "staff".into());
            reasons.insert("needs_review".to_owned(), false.into());
        }
        found.need =
            Need::parse(&self.need).filter(|it| *it != Need::Unknown).unwrap_or(found.need);
        found.urgency = Urgency::parse(&self.urgency).unwrap_or(found.urgency);
        found
    }

    fn hand(&self, work: &mut Work<'_>) {
        self.department_id.clone_into(&mut work.case.department_id);
        if self.agent_id.is_empty() {
            return;
        }
        work.give(&self.agent_id, None);
        work.case.assigned = view::text(&json!({ "why": [{ "reason": "staff" }] }));
        let data = work.assigned();
        work.happened("complaint.assigned", data);
    }

    fn say(
        &self,
        env: &impl Env,
        by: &Staff,
        work: &mut Work<'_>,
        (kind, is_public): (&'static str, bool),
        text: &str,
    ) -> Map<String, Value> {
        let said = Said { kind, is_public, agent_id: &self.agent_id, text, files: "[]" };
        let mut data = work.say(env, by, said);
        data.insert("agent_id".to_owned(), json!(view::some(&self.agent_id)));
        data
    }

    fn solve(&self, env: &impl Env, by: &Staff, work: &mut Work<'_>) -> Result<(), Problem> {
        work.act(Act::Solve)?;
        if self.is_first_contact.is_some() {
            work.case.is_first_contact = self.is_first_contact;
        }
        let mut data = Map::new();
        data.insert("agent_id".to_owned(), json!(view::some(&self.agent_id)));
        if !self.solution.is_empty() {
            data = self.say(env, by, work, ("answer", true), &self.solution);
        }
        let is_first = work.case.is_first_contact.unwrap_or(false);
        data.insert("is_first_contact".to_owned(), is_first.into());
        data.insert("is_past".to_owned(), true.into());
        work.happened("complaint.solved", data);
        let Some(csat) = self.csat else { return Ok(()) };
        work.act(Act::Rate)?;
        work.case.csat = self.csat;
        work.case.ces = self.ces;
        let mut data = Map::new();
        if !self.comment.is_empty() {
            data = self.say(env, by, work, ("rating", true), &self.comment);
        }
        data.insert("agent_id".to_owned(), json!(view::some(&self.agent_id)));
        data.insert("csat".to_owned(), csat.into());
        data.insert("ces".to_owned(), json!(self.ces));
        data.insert("is_past".to_owned(), true.into());
        work.happened("complaint.rated", data);
        Ok(())
    }

    fn close(&self, env: &impl Env, by: &Staff, work: &mut Work<'_>) -> Result<(), Problem> {
        work.act(Act::Close)?;
        let mut data = Map::new();
        for (name, text) in [("cause", &self.cause), ("remedy", &self.remedy)] {
            if !text.is_empty() {
                let agent_id = &self.agent_id;
                let said = Said { kind: name, is_public: false, agent_id, text, files: "[]" };
                data.insert(name.to_owned(), Value::Object(work.say(env, by, said)));
            }
        }
        work.case.cause_kind.clone_from(&self.cause_kind);
        work.case.cause_id.clone_from(&self.cause_id);
        data.insert("cause_kind".to_owned(), self.cause_kind.as_str().into());
        data.insert("cause_id".to_owned(), json!(view::some(&self.cause_id)));
        data.insert("agent_id".to_owned(), json!(view::some(&self.agent_id)));
        data.insert("is_past".to_owned(), true.into());
        work.happened("complaint.closed", data);
        Ok(())
    }
}

fn language(it: &mut Cells<'_>) -> String {
    let text = it.fields.text("language", 0, 35, "");
    if !text.is_empty() && !is_language(&text) {
        it.fields.refuse("language", language_rule());
    }
    text
}

/// When it came in, which a row must say.
fn received(it: &mut Cells<'_>) -> Option<i64> {
    let at = it.time("received_at");
    if at.is_none() {
        it.fields.refuse("received_at", said("is required", "为必填项"));
    }
    at
}
