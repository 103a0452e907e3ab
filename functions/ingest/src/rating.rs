//! Ratings: what another system was told becomes a response, as if staff had brought it.

use app::ingest::{Draft, Mistake, Rule, note};
use app::response::{self, Desk, fingerprint, row, screened};
use app::{answered, mapping};
use domain::civil::rfc3339;
use domain::id::token_hash;
use domain::survey::{Ask, Definition};
use domain::zone::Zone;
use ports::{Env, Sql};
use serde_json::{Map, Value};
use store::studies;
use web::field::Fields;
use web::lang::said;
use web::survey::{Answers, Told, answers};
use web::{Problem, view};

use crate::plan::{Planner, Work, absent_rule};
use crate::rows::Cell::Text;
use crate::rows::{Rows, actor, row as row_of};

/// How long a rating may lie about: two years and a leap day.
const DAYS_MAX: i64 = 731;

/// The surveys that ratings name, as far as they are published at their site.
#[derive(Default)]
pub(crate) struct Surveys(Vec<Survey>);

struct Survey {
    id: String,
    version: i64,
    zone: Zone,
    definition: Definition,
}

impl Surveys {
    /// Loads each once: nearly always it is one.
    pub(crate) async fn load(
        env: &impl Env,
        site_id: &str,
        ids: &[String],
    ) -> Result<Surveys, Problem> {
        let mut surveys = Vec::new();
        for id in ids {
            let found = env.sql().fetch(studies::public(id, 0)).await?;
            let Some(found) = found.filter(|it| it.site_id == site_id) else { continue };
            if let Some(definition) = mapping::definition(&found.definition) {
                surveys.push(Survey {
                    id: id.clone(),
                    version: found.published,
                    zone: app::zone(&found.zone)?,
                    definition,
                });
            }
        }
        Ok(Surveys(surveys))
    }
}

/// Plans a response and tells its id. `whose` is the customer and their group.
pub(crate) fn rating(
    planner: &mut Planner,
    own: &mut Rows,
    work: &Work<'_>,
    rule: &Rule,
    draft: Draft,
    whose: (&str, &str),
    mistakes: &mut Vec<Mistake>,
) -> Option<String> {
    let item = draft.item.clone();
    let Some(survey) = planner.surveys.0.iter().find(|it| it.id == draft.survey_id) else {
        // That it is missing was said before.
        if !draft.survey_id.is_empty() {
            mistakes.push(Mistake::of(&item, rule, "survey_id", absent_rule()));
        }
        return None;
    };
    let before = mistakes.len();
    let desk = Desk {
        site_id: &work.reader.site_id,
        zone: survey.zone,
        study_id: &survey.id,
        version: survey.version,
        definition: &survey.definition,
        actor: &actor(&work.reader.source_id),
        received_at: planner.now,
    };
    let mut fields = Fields::default();
    let text =
        if item.values.contains_key("answered_at") { rfc3339(draft.at, 0) } else { String::new() };
    let answered_at = answered::read(&mut fields, &text, desk.zone, planner.now, Some(DAYS_MAX));
    let (customer_id, group) = whose;
    let told = Told {
        language: survey.definition.default_language.clone(),
        group: group.to_owned(),
        channel: draft.channel,
        ..Told::default()
    };
    let given = given(&mut fields, &told, &survey.definition, &draft.rest);
    note(fields, &item, rule, mistakes);
    if before < mistakes.len() {
        return None;
    }
    let study_id = survey.id.clone();
    let draft = response::Draft {
        key: draft.once,
        request_hash: token_hash(&view::text(&item.values)),
        customer_id: customer_id.to_owned(),
        agent_id: draft.agent_id,
        fingerprint: fingerprint(&desk, &given),
        screened: screened(&desk, &given, &told.language, None),
        channel: told.channel,
        group: told.group,
        language: told.language,
        answers: given,
        answered_at,
    };
    let (id, row) = row(&desk, draft, [planner.chance.next(), planner.chance.next()]);
    own.checks.push(row_of(&[Text("response"), Text(&id), Text(&study_id)]));
    own.responses.push((study_id, work.reader.source_id.clone(), row));
    Some(id)
}

/// What is answered. Mistakes are noted in `fields`.
fn given(
    fields: &mut Fields,
    told: &Told,
    definition: &Definition,
    rest: &Map<String, Value>,
) -> Answers {
    let members = members(definition, rest);
    if members.is_empty() {
        fields.refuse("answers", said("needs at least one answer", "至少需要一个回答"));
        return Answers::default();
    }
    let mut outer = Map::new();
    outer.insert("answers".to_owned(), Value::Object(members));
    fields.put(outer);
    let Some(mut nested) = fields.object("answers") else { return Answers::default() };
    let given = answers(definition, told, &mut nested);
    fields.absorb(nested);
    given
}

/// The answers by their questions; `answers.question.row` is a row of a matrix.
fn members(definition: &Definition, rest: &Map<String, Value>) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in rest {
        let Some(name) = name.strip_prefix("answers.") else { continue };
        let (question, row) = name.split_once('.').unwrap_or((name, ""));
        let mut value = answer(definition, question, value);
        if !row.is_empty() {
            let mut rows = match members.remove(question) {
                Some(Value::Object(rows)) => rows,
                _ => Map::new(),
            };
            rows.insert(row.to_owned(), value);
            value = Value::Object(rows);
        }
        members.insert(question.to_owned(), value);
    }
    members
}

/// Others write numbers as texts, and texts as numbers.
fn answer(definition: &Definition, question: &str, value: &Value) -> Value {
    match (definition.question(question).map(|it| &it.kind), value) {
        (
            Some(Ask::Nps | Ask::Rating { .. } | Ask::Effort | Ask::Matrix { .. }),
            Value::String(text),
        ) => text.trim().parse::<i64>().map_or_else(|_| value.clone(), Value::from),
        (Some(Ask::Number { .. }), Value::String(text)) => match view::json(text.trim()) {
            it @ Value::Number(_) => it,
            _ => value.clone(),
        },
        (Some(Ask::Text { .. } | Ask::Single { .. }), Value::Number(_)) => {
            Value::String(view::text(value))
        }
        _ => value.clone(),
    }
}
