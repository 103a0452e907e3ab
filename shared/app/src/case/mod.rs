//! Complaints: opened, worked on, and each change committed with its events, its counts and the
//! times that its clocks make of it.

pub mod assign;
pub mod batch;
pub mod book;
mod counts;
pub mod customer;
pub mod dues;
pub mod enter;
mod erase;
pub mod figures;
pub mod notice;
pub mod offer;
mod open;
pub mod search;
pub mod view;

use domain::case::act::Act;
use domain::case::{Grade, Moment, State, Step, Tier, read_history, write_history};
use domain::id::{Kind, token, token_hash};
use ports::{Env, Write};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use store::case_texts::{self, Text};
use store::cases::{self, Case};
use web::lang::said;
use web::{Kind as Fault, Problem, Response};

use crate::auth::Staff;
use crate::write::Change;

pub use book::{Book, Promise};
pub use counts::Sums;
pub use erase::{erase, erase_some};
pub use open::{Opened, Opening, bring, graded, open};

/// The longest text of a complaint or an answer, in characters.
pub const TEXT_CHARS_MAX: usize = 10_000;

/// How long a private link opens its case.
pub const LINK_MS: i64 = 90 * domain::civil::DAY_MS;

/// A case that is being changed.
///
/// Nothing is written before [`Work::change`] is committed; the case's version decides between two
/// who change it at once.
pub struct Work<'a> {
    /// What it goes by.
    pub book: &'a Book,
    /// As it will be.
    pub case: Case,
    /// When all of it happens.
    pub now: i64,
    before: Option<Case>,
    history: Vec<Moment>,
    events: Vec<(&'static str, Map<String, Value>)>,
    texts: Vec<Text>,
    writes: Vec<Write>,
    /// The capacity of whoever gets it, unless they get it whatever they have, and their turn.
    turn: (Option<i64>, i64),
}

impl<'a> Work<'a> {
    /// Begins to change a case.
    pub fn on(book: &'a Book, case: Case, now: i64) -> Result<Work<'a>, Problem> {
        let history = read_history(&case.history)
            .ok_or_else(|| ports::Corrupt("a case has a broken history".to_owned()))?;
        let before = Some(case.clone());
        Ok(Work { before, history, ..Work::new(book, case, now) })
    }

    /// Begins a case.
    fn new(book: &'a Book, case: Case, now: i64) -> Work<'a> {
        Work {
            book,
            case,
            now,
            before: None,
            history: Vec::new(),
            events: Vec::new(),
            texts: Vec::new(),
            writes: Vec::new(),
            turn: (None, now),
        }
    }

    /// Moves the case on, if that can be done where it stands (409 if not).
    pub fn act(&mut self, act: Act) -> Result<(), Problem> {
        let state = State::parse(&self.case.state).unwrap_or_default();
        let Some(next) = act.from(state) else { return Err(impossible()) };
        let now = self.now;
        match (act, state, next) {
            (Act::Ask, State::Open, _) => self.step(Step::Waiting),
            (Act::Say | Act::Solve, State::Waiting, _) => self.step(Step::Resumed),
            (Act::Appeal, ..) => self.step(Step::Contested),
            (Act::Close, ..) => {
                self.step(Step::Closed);
                self.case.closed_at = Some(now);
            }
            _ => {}
        }
        match act {
            Act::Answer | Act::Ask => {
                self.step(Step::Answered);
                self.case.answers += 1;
                self.case.answered_at.get_or_insert(now);
            }
            Act::Solve => {
                self.step(Step::Solved);
                self.case.solved_at = Some(now);
                self.case.answered_at.get_or_insert(now);
                self.case.is_first_contact.get_or_insert(self.case.answers <= 1);
            }
            Act::Appeal => {
                self.case.solved_at = None;
                self.case.is_first_contact = Some(false);
            }
            Act::Reopen => {
                let (grade, tier) = self.graded();
                self.step(Step::Started(grade, tier));
                self.case.reopened += 1;
                self.case.solved_at = None;
                self.case.closed_at = None;
                self.case.is_first_contact = Some(false);
            }
            Act::Escalate => self.case.is_first_contact = Some(false),
            Act::Merge => self.step(Step::Closed),
            _ => {}
        }
        next.name().clone_into(&mut self.case.state);
        Ok(())
    }

    /// What its clocks are computed from.
    pub fn history(&self) -> &[Moment] {
        &self.history
    }

    /// The grade and the tier that it has.
    pub fn graded(&self) -> (Grade, Tier) {
        let grade = Grade::parse(&self.case.grade).unwrap_or_default();
        (grade, Tier::of(self.case.tier).unwrap_or_default())
    }

    /// Sets the grade and the tier; the clocks follow.
    pub fn grade(&mut self, grade: Grade, tier: Tier) {
        grade.name().clone_into(&mut self.case.grade);
        self.case.tier = tier.number();
        self.step(Step::Graded(grade, tier));
    }

    /// Adds a step that its clocks care about.
    pub fn step(&mut self, step: Step) {
        self.history.push(Moment { at: self.now, step });
    }

    /// Adds a step that was taken at another time, as imports tell of it.
    pub fn past(&mut self, at: i64, step: Step) {
        self.history.push(Moment { at, step });
    }

    /// Adds what was said, and gives what its event may tell of it: `text_id` and a salted
    /// `digest`, so that the words can be erased and the chain of events stays whole.
    pub fn say(&mut self, env: &impl Env, by: &Staff, said: Said<'_>) -> Map<String, Value> {
        let salt = env.random();
        let digest: [u8; 32] =
            Sha256::new().chain_update(salt).chain_update(said.text).finalize().into();
        let id = Kind::Note.id(self.now, env.random());
        let mut told = Map::new();
        told.insert("text_id".to_owned(), Value::from(id.as_str()));
        told.insert("digest".to_owned(), Value::from(domain::id::hex(&digest)));
        let text = Text {
            case_id: self.case.id.clone(),
            id,
            kind: said.kind.to_owned(),
            is_public: said.is_public,
            actor: by.actor.clone(),
            agent_id: said.agent_id.to_owned(),
            text: said.text.to_owned(),
            files: said.files.to_owned(),
            salt: salt.to_vec(),
            at: self.now,
        };
        self.texts.push(text);
        told
    }

    /// Adds an event. The case's number, state, grade and touchpoint are told with each.
    pub fn happened(&mut self, kind: &'static str, data: Map<String, Value>) {
        self.events.push((kind, data));
    }

    /// Whether anything happened to it.
    pub fn is_changed(&self) -> bool {
        !self.events.is_empty()
    }

    /// Adds a statement to the commit; a guarded one holds back all of it.
    pub fn also(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Makes a private link to the case and gives its token.
    ///
    /// The token is made of the secret, so that a repeated request gets the same one; only its
    /// hash is kept.
    pub fn link(&mut self, secret: &str, number: i64) -> String {
        let token = link_token(secret, &self.case.id, number);
        let until = self.now + LINK_MS;
        let hash = token_hash(&token);
        let link = case_texts::insert_link(hash, &self.case.id, number, self.now, until);
        self.writes.push(link.guarded());
        token
    }

    /// Computes what follows from all of it: the version, the times that are due. To be called
    /// last, before the answer is made of `case`.
    pub fn settle(&mut self) {
        let count = i64::try_from(self.events.len()).unwrap_or(0);
        self.case.version = self.before.as_ref().map_or(0, |it| it.version) + count;
        self.case.updated_at = self.now;
        self.case.history = write_history(&self.history);
        dues::settle(self.book, &mut self.case, &self.history, self.now);
    }

    /// The change, to be committed; `answer` shows the settled case.
    pub fn change(self, answer: Response) -> Change {
        let case = &self.case;
        let told = |(kind, data)| (kind, about(case, data));
        let mut events = self.events.into_iter().map(told);
        // Every change has its event; whoever forgets it is told by the catalogue in the tests,
        // where the data of each is an object.
        let (kind, data) = events.next().unwrap_or(("complaint.updated", Value::Null));
        let first = self.before.as_ref().map_or(0, |it| it.version) + 1;
        let mut change = Change::new(kind, &case.id, first, data, answer);
        change.also.extend(events);
        let row = match &self.before {
            None => cases::insert(case).guarded(),
            Some(before) => cases::update(case, before.version).guarded(),
        };
        change.writes.push(row);
        change.writes.extend(counts::writes(self.before.as_ref(), case, self.turn));
        change.writes.extend(self.texts.iter().map(|it| case_texts::insert(it).write()));
        change.writes.extend(search::put(&self.texts, &case.site_id));
        change.writes.extend(self.writes);
        change
    }
}

/// What an event tells of its case, and what each tells.
fn about(case: &Case, mut data: Map<String, Value>) -> Value {
    for (name, value) in [
        ("number", json!(case.number)),
        ("state", json!(case.state)),
        ("grade", json!(case.grade)),
        ("touchpoint_id", json!(web::view::some(&case.touchpoint_id))),
    ] {
        data.insert(name.to_owned(), value);
    }
    Value::Object(data)
}

/// What somebody said.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// One of the kinds of `case_text`.
    pub kind: &'static str,
    /// Whether the customer sees it.
    pub is_public: bool,
    /// The agent who said it; empty if it was none.
    pub agent_id: &'a str,
    /// The words.
    pub text: &'a str,
    /// Links to files, a JSON array.
    pub files: &'a str,
}

/// The token of a case's link.
pub fn link_token(secret: &str, case_id: &str, number: i64) -> String {
    let digest = crate::sealed::key(secret, &format!("track {case_id} {number}"));
    let random = std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default());
    token("", random)
}

/// What cannot be done to a case where it stands.
pub fn impossible() -> Problem {
    Problem::new(Fault::WrongState).with(said(
        "read the case: its state says what can be done to it",
        "请读取该工单：其状态决定可进行的操作",
    ))
}
