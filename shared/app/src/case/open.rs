//! A complaint comes in: graded, joined to what the same customer said before, given to somebody,
//! and acknowledged, all at once.

use domain::asking::who;
use domain::case::number::number;
use domain::case::{Source, Step, Tier};
use domain::civil::DAY_MS;
use domain::id::Kind;
use ports::{Env, Sql};
use serde_json::{Map, Value, json};
use store::cases::{self, Case};
use store::{customers, looks};
use web::{Problem, view};
use words::similar::{ALIKE, jaccard};

use super::assign::Staffing;
use super::{Book, Said, Work};
use crate::auth::Staff;
use crate::grading::{self, Asked, Graded};
use domain::case::act::Act;

/// How long somebody who says the same again means the same case.
const JOIN_MS: i64 = 30 * DAY_MS;
/// How many earlier cases of somebody are looked at.
const EARLIER_MAX: i64 = 20;

/// What comes in.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What no other case has, such as `response:rsp_…`; empty for its own id.
    pub once: String,
    /// From where.
    pub source: Source,
    /// On which channel; empty if unknown.
    pub channel: String,
    /// In which language, as a BCP 47 tag; empty if unknown.
    pub language: String,
    /// Where it happened; empty if unknown.
    pub touchpoint_id: String,
    /// Whose it is; empty if unknown.
    pub customer_id: String,
    /// Their group.
    pub customer_group: String,
    /// Who looks after them.
    pub adviser_id: String,
    /// The response that led to it; empty for none.
    pub response_id: String,
    /// What it is about, if somebody says so; empty for what the words say.
    pub type_id: String,
    /// The money at stake in the smallest unit.
    pub amount: Option<i64>,
    /// What they say.
    pub text: String,
    /// Links to files, a JSON array; empty for none.
    pub files: String,
    /// How to reach somebody who is no customer yet: kind and value.
    pub contacts: Vec<(String, String)>,
    /// When it came in, if not now.
    pub received_at: Option<i64>,
}

/// A case that came in, ready to be committed.
pub struct Opened<'a> {
    /// The case: a new one, or the one that it joins. It is settled.
    pub work: Work<'a>,
    /// The token of its private link; empty where it joins one, whose link its customer has.
    pub token: String,
    /// Whether the customer said so before.
    pub is_joined: bool,
}

/// Takes in a complaint.
///
/// Whoever says much the same again while their case is open joins it: nothing is lost, and nobody
/// works on it twice. The unique `once` settles two that come at the same time.
pub async fn open<'a>(
    env: &impl Env,
    book: &'a Book,
    by: &Staff,
    opening: Opening,
) -> Result<Opened<'a>, Problem> {
    let now = env.now();
    let secret = env.setting("secret_key").await.unwrap_or_default();
    let who = name(&secret, &book.site.id, &opening);
    let earlier = if who.is_empty() {
        Vec::new()
    } else {
        env.sql().fetch(cases::of_who(&who, EARLIER_MAX)).await?
    };
    let says_again = |(case, text): &&(Case, String)| {
        matches!(case.state.as_str(), "open" | "waiting")
            && now - JOIN_MS <= case.received_at
            && ALIKE <= jaccard(text, &opening.text)
    };
    if opening.received_at.is_none()
        && let Some((case, _)) = earlier.iter().find(says_again)
    {
        let mut opened = join(env, book, by, case.clone(), &opening)?;
        take_up(&mut opened.work, &opening);
        return Ok(opened);
    }
    let mut work = Work::new(book, first(env, book, &opening, who, now), now);
    grade(env, &mut work, &opening, &earlier).await?;
    let mut data = work.say(env, by, said("complaint", &opening));
    tell(&mut data, &work.case, &opening);
    work.happened("complaint.opened", data);
    work.happened("complaint.graded", graded(&work.case));
    let mut staffing = Staffing::load(env, book).await?;
    let is_core = opening.customer_group == "core";
    work.assign(&mut staffing, if is_core { &opening.adviser_id } else { "" });
    for (kind, value) in &opening.contacts {
        work.also(customers::set_contact(&work.case.id, kind, value).write());
    }
    take_up(&mut work, &opening);
    let token = work.link(&secret, 1);
    work.settle();
    Ok(Opened { work, token, is_joined: false })
}

/// Nobody need look at the scores of a response any more that led to a case.
fn take_up(work: &mut Work<'_>, opening: &Opening) {
    if !opening.response_id.is_empty() {
        work.also(looks::take_up(&work.book.site.id, &opening.response_id).write());
    }
}

/// The customer's words go to the case that they have.
fn join<'a>(
    env: &impl Env,
    book: &'a Book,
    by: &Staff,
    case: Case,
    opening: &Opening,
) -> Result<Opened<'a>, Problem> {
    let mut work = Work::on(book, case, env.now())?;
    let mut data = work.say(env, by, said("more", opening));
    work.act(Act::Say)?;
    tell(&mut data, &work.case, opening);
    work.happened("complaint.joined", data);
    work.settle();
    Ok(Opened { work, token: String::new(), is_joined: true })
}

/// Under which name somebody is known who complains: their customer, or a keyed hash of the first
/// contact that they gave.
fn name(secret: &str, site_id: &str, opening: &Opening) -> String {
    if !opening.customer_id.is_empty() {
        return who(site_id, "customer", &opening.customer_id);
    }
    let contact = opening.contacts.iter().find(|(kind, _)| kind != "name");
    contact.map_or_else(String::new, |(kind, value)| {
        let value: String = words::fold::fold(value).split_whitespace().collect();
        crate::sealed::digest(secret, "who", &format!("{site_id} {kind} {value}"))
    })
}

/// The case before anything was thought about it.
fn first(env: &impl Env, book: &Book, opening: &Opening, who: String, now: i64) -> Case {
    let received_at = opening.received_at.unwrap_or(now);
    // In the order in which they were received, whenever we were told.
    let id = Kind::Case.id(received_at, env.random());
    let day = book.zone.day(received_at);
    Case {
        site_id: book.site.id.clone(),
        number: number(day, env.random()),
        once: if opening.once.is_empty() { id.clone() } else { opening.once.clone() },
        state: "open".to_owned(),
        grade: "none".to_owned(),
        urgency: "normal".to_owned(),
        source: opening.source.name().to_owned(),
        channel: opening.channel.clone(),
        language: opening.language.clone(),
        touchpoint_id: opening.touchpoint_id.clone(),
        customer_id: opening.customer_id.clone(),
        customer_group: opening.customer_group.clone(),
        response_id: opening.response_id.clone(),
        amount: opening.amount,
        grading: "{}".to_owned(),
        assigned: "{}".to_owned(),
        who,
        received_at,
        received_day: i64::from(day),
        created_at: now,
        id,
        ..Case::default()
    }
}

/// Grades it by the policy in force, and starts its clocks.
async fn grade(
    env: &impl Env,
    work: &mut Work<'_>,
    opening: &Opening,
    earlier: &[(Case, String)],
) -> Result<(), Problem> {
    let since = work.case.received_at - work.book.repeat_ms();
    // What was complained of before counts for the grade as long as it is not solved.
    let unsolved = |(it, _): &&(Case, String)| {
        matches!(it.state.as_str(), "open" | "waiting") && since <= it.received_at
    };
    let earlier_unsolved = earlier.iter().filter(unsolved).count();
    let asked = Asked { text: &opening.text, amount: opening.amount, earlier: earlier_unsolved };
    let found = grading::grade(env, &work.book.site.id, asked).await?;
    place(work, opening, found);
    let case = &mut work.case;
    let is_same = |(it, _): &(Case, String)| it.type_id == case.type_id && since <= it.received_at;
    case.is_repeat = earlier.iter().any(is_same);
    Ok(())
}

/// Gives it the grade that was found, and starts its clocks.
fn place(work: &mut Work<'_>, opening: &Opening, found: Graded) {
    let tier = Tier::of_grade(found.grade);
    let case = &mut work.case;
    found.grade.name().clone_into(&mut case.grade);
    case.tier = tier.number();
    found.urgency.name().clone_into(&mut case.urgency);
    found.need.name().clone_into(&mut case.need);
    case.type_id = if opening.type_id.is_empty() { found.type_id } else { opening.type_id.clone() };
    case.grading = view::text(&found.reasons);
    let received_at = case.received_at;
    work.past(received_at, Step::Started(found.grade, tier));
}

/// Takes in a complaint of the past, as imports tell of it: `found` is what it was graded.
///
/// Nobody is looked for who gets it, and it has no link. What comes after its opening is for the
/// caller to tell, with `now` of the work as the time of each step.
pub fn bring<'a>(
    env: &impl Env,
    book: &'a Book,
    by: &Staff,
    opening: &Opening,
    found: Graded,
) -> Work<'a> {
    let who = name("", &book.site.id, opening);
    let case = first(env, book, opening, who, env.now());
    let received_at = case.received_at;
    let mut work = Work::new(book, case, received_at);
    place(&mut work, opening, found);
    let mut data = work.say(env, by, said("complaint", opening));
    tell(&mut data, &work.case, opening);
    data.insert("is_past".to_owned(), true.into());
    work.happened("complaint.opened", data);
    work.happened("complaint.graded", graded(&work.case));
    work
}

fn said<'s>(kind: &'static str, opening: &'s Opening) -> Said<'s> {
    let files = if opening.files.is_empty() { "[]" } else { &opening.files };
    Said { kind, is_public: true, agent_id: "", text: &opening.text, files }
}

/// What the event of a complaint tells besides.
fn tell(data: &mut Map<String, Value>, case: &Case, opening: &Opening) {
    for (name, value) in [
        ("source", opening.source.name()),
        ("channel", &opening.channel),
        ("customer_id", &opening.customer_id),
        ("response_id", &opening.response_id),
        ("department_id", &case.department_id),
        ("agent_id", &case.agent_id),
    ] {
        data.insert(name.to_owned(), json!(view::some(value)));
    }
    data.insert("received_at".to_owned(), Value::from(view::time(case.received_at)));
}

/// What the event of a grading tells.
pub fn graded(case: &Case) -> Map<String, Value> {
    let mut data = view::object(&case.grading).unwrap_or_default();
    for (name, value) in [("type", &case.type_id), ("need", &case.need), ("urgency", &case.urgency)]
    {
        data.insert(name.to_owned(), json!(view::some(value)));
    }
    data.insert("tier".to_owned(), Value::from(case.tier));
    data
}
