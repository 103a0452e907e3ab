//! What a visitor answered so far: saved after each question, gone on with later, and taken as it
//! is when its visitor stays away.

use domain::UtcMs;
use domain::id::{hex, token_hash};
use ports::{Env, Sql};
use serde_json::Map;
use store::partials::{self, Partial};
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, Told};
use web::{Kind, Problem, view};

use super::body;
use super::guard::{Guard, Link};
use super::published::Published;
use super::{Call, cells};
use crate::response::{Claims, Desk, Draft, fingerprint, open_row, screened};

/// The shortest key that opens a partial: whoever knows it reads the answers.
pub const KEY_CHARS_MIN: usize = 22;
/// The longest.
pub const KEY_CHARS_MAX: usize = 64;

/// The key of a response as the database keeps it: those of imports are others.
///
/// A key that may open a partial stands there hashed, so that nobody who reads the database can
/// read it. The hash is short enough to be hashed itself, so no other key can be one.
pub fn public(name: &str) -> String {
    if !(KEY_CHARS_MIN..=KEY_CHARS_MAX).contains(&name.len()) {
        return format!("public:{name}");
    }
    let hash = hex(&token_hash(name));
    format!("public:#{}", hash.get(..32).unwrap_or(&hash))
}

/// The key of the response that a partial will be.
pub fn key(name: &str, link: &Link) -> String {
    if link.is_single_use { format!("link:{}", link.nonce) } else { public(name) }
}

/// What was there, for whoever adds to it instead of saving over it.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// When it was saved, 0 for nothing; none if that does not matter.
    pub saved_at: Option<UtcMs>,
    /// Ways to reach the visitor that nobody will ask for again, encrypted; empty for none.
    pub held: String,
}

impl Call<'_> {
    /// Saves what was answered so far. `None`: what `published` says, or `before`, is no longer so.
    pub async fn save(
        &self,
        env: &impl Env,
        published: &Published,
        name: &str,
        fields: Fields,
        before: Before,
    ) -> Result<Option<()>, Problem> {
        let guard = self.guard(env).await?;
        let desk = published.desk(self.survey_id, env.now());
        let mut partial = read(&guard, &desk, fields, name)?;
        // Every state has a time of its own, by which the next one knows it.
        partial.saved_at = partial.saved_at.max(before.saved_at.unwrap_or(0) + 1);
        partial.held = before.held;
        let limits = view::text(&guard.partial_limits(desk.received_at));
        let (version, seen) = (published.site_version, before.saved_at);
        let save = partials::save(&partial, &limits, version, self.key, seen);
        let Some(saved) = env.sql().fetch(save).await? else { return Ok(None) };
        if saved.is_over {
            return Err(
                Problem::new(Kind::Conflict).with(said("the response is complete", "答卷已提交"))
            );
        }
        if saved.at != Some(partial.saved_at) {
            return Err(guard.too_many(desk.received_at));
        }
        Ok(Some(()))
    }
}

fn read(
    guard: &Guard,
    desk: &Desk<'_>,
    mut fields: Fields,
    name: &str,
) -> Result<Partial, Problem> {
    fields.integer("version", 1, i64::MAX, Some(desk.version));
    let link = body::link(guard, desk, &mut fields)?;
    let mut told = body::told(desk, &mut fields, &link);
    told.is_partial = true;
    let given = body::given(desk, &told, &mut fields);
    let at = fields.text("at", 1, 40, "");
    if !at.is_empty() && desk.definition.question(&at).is_none() {
        fields.refuse("at", said("must be the id of a question", "须为某个问题的 id"));
    }
    let pass = body::pass(&mut fields);
    fields.done()?;
    guard.check_form(desk.study_id, &pass, desk.received_at)?;
    Ok(partial(desk, told, given, key(name, &link), (at, link.customer_id)))
}

/// What is kept. Contacts are not, before the response is whole: they are asked for again.
fn partial(
    desk: &Desk<'_>,
    told: Told,
    mut given: Answers,
    key: String,
    (at, customer_id): (String, String),
) -> Partial {
    given.contacts.clear();
    for question in desk.definition.questions.iter().filter(|it| it.kind.is_contact()) {
        given.given.remove(&question.id);
    }
    let mut answers = given.given.clone();
    let mut hidden = Map::new();
    for (id, _) in &told.hidden {
        hidden.extend(answers.remove(id).map(|it| (id.clone(), it)));
    }
    let mut partial = Partial {
        site_id: desk.site_id.to_owned(),
        study_id: desk.study_id.to_owned(),
        key,
        study_version: desk.version,
        channel: told.channel,
        group: told.group,
        language: told.language,
        customer_id,
        answers: view::text(&answers),
        hidden: view::text(&hidden),
        row: String::new(),
        at,
        saved_at: desk.received_at,
        held: String::new(),
    };
    partial.row = row(desk, &partial, given);
    partial
}

/// The row of the response that it will be if its visitor stays away; empty if no score is given.
fn row(desk: &Desk<'_>, it: &Partial, given: Answers) -> String {
    if given.scores.is_empty() {
        return String::new();
    }
    let claims =
        Claims { cells: cells(desk.definition, &given), is_broken_off: true, ..Claims::default() };
    let draft = Draft {
        key: it.key.clone(),
        request_hash: token_hash(&it.answers),
        channel: it.channel.clone(),
        group: it.group.clone(),
        fingerprint: fingerprint(desk, &given),
        screened: screened(desk, &given, &it.language, None),
        language: it.language.clone(),
        customer_id: it.customer_id.clone(),
        agent_id: String::new(),
        answers: given,
        answered_at: it.saved_at,
    };
    view::text(&open_row(desk, draft, claims))
}

/// Whether a name can be the key of a partial.
pub fn is_key(name: &str) -> bool {
    (KEY_CHARS_MIN..=KEY_CHARS_MAX).contains(&name.len())
        && name.bytes().all(|it| it.is_ascii_graphic() && it != b'"' && it != b'\\')
}
