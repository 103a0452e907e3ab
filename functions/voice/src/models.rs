//! The models that read comments: shown, replaced by the operator's own, removed, trained.

use app::auth::{self, Staff};
use app::write::{Change, check_version, write};
use domain::civil::DAY_MS;
use domain::id::Kind;
use http::header::CONTENT_DISPOSITION;
use ports::{Corrupt, Env, Sql};
use serde::Serialize;
use serde_json::{Value, json};
use store::models::Model;
use store::{comments, jobs, models};
use web::lang::{Said, said, said_now};
use web::{Problem, Request, Response, view};

use crate::comments::{is_label, label_rule};

/// The largest file of a model.
#[cfg_attr(not(target_family = "wasm"), expect(dead_code, reason = "the host reads with it"))]
pub(crate) const MODEL_BYTES_MAX: usize = 64 * 1024;

/// The model of what a text is about.
pub(crate) const TOPIC: &str = "topic";
/// The model of how a text feels.
pub(crate) const SENTIMENT: &str = "sentiment";

/// The source of the model that comes with the product.
const SHIPPED: &str = "shipped";

/// Comments of which staff must have said something before a model can learn from them.
const EXAMPLES_MIN: i64 = 20;

/// Comments that a model learns from at most, and so all that are worth a download.
const EXAMPLES_MAX: i64 = 20_000;

/// How far back comments are read again with another model.
const READ_AGAIN_MS: i64 = 90 * DAY_MS;

/// The labels of every model of feelings: label, Chinese and English name.
const FEELINGS: [(&str, &str, &str); 2] =
    [("negative", "负面", "Negative"), ("positive", "正面", "Positive")];

#[derive(Serialize)]
struct ModelView {
    kind: String,
    source: String,
    labels: Vec<LabelView>,
    /// The comments that it learnt from.
    examples: i64,
    /// Right answers among those given; null where nothing was measured here.
    accuracy: Option<f64>,
    /// Answers given and not left to a person.
    coverage: Option<f64>,
    /// Null for the one that ships.
    made_at: Option<String>,
    version: i64,
}

#[derive(Serialize)]
struct LabelView {
    label: String,
    /// Left out where the operator made the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    zh: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    en: Option<&'static str>,
}

#[derive(Serialize)]
struct TrainView<'a> {
    id: &'a str,
    kind: &'a str,
    state: &'static str,
    /// The comments that it learns from.
    examples: i64,
}

#[derive(Serialize)]
struct Listed {
    items: [ModelView; 2],
}

pub(crate) async fn list(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(models::whole(&viewer.site_id)).await?;
    web::ok(&Listed { items: [show_one(&found, TOPIC)?, show_one(&found, SENTIMENT)?] })
}

pub(crate) async fn show(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(models::whole(&viewer.site_id)).await?;
    let shown = show_one(&found, kind)?;
    web::response::ok_version(shown.version, &shown)
}

pub(crate) async fn replace(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    if request.media_type().as_deref() != Some("application/octet-stream") {
        return Err(Problem::new(web::Kind::UnsupportedMediaType).with(said(
            "send content-type: application/octet-stream",
            "请使用 content-type: application/octet-stream",
        )));
    }
    write(env, request, &admin, async || {
        let model = next(env, request, &admin, kind, "uploaded").await?;
        let bytes = request.body()?.to_vec();
        let labels = read(kind, &bytes)?;
        let data = json!({ "source": model.source, "bytes": bytes.len(), "labels": labels });
        let shown = view_of(&model, named(kind, labels.into_iter()));
        let answer = web::response::ok_version(model.version, &shown)?;
        Ok(put(&admin, "model.replaced", &model, bytes, data, answer))
    })
    .await
}

/// Goes back to the model that ships.
pub(crate) async fn remove(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let admin = auth::admin(env, request).await?;
    request.no_query()?;
    write(env, request, &admin, async || {
        let model = next(env, request, &admin, kind, SHIPPED).await?;
        Ok(put(&admin, "model.removed", &model, Vec::new(), json!({}), web::no_content()))
    })
    .await
}

/// Has the tick fit a model to what staff said.
pub(crate) async fn train(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    write(env, request, &manager, async || {
        request.fields_or_none()?.done()?;
        let labelled = comments::count_labelled(&manager.site_id, kind, EXAMPLES_MAX);
        let (examples, differ) = env.sql().fetch(labelled).await?.unwrap_or_default();
        if examples < EXAMPLES_MIN || !differ {
            return Err(invalid(too_few(kind, examples)));
        }
        let now = env.now();
        let id = Kind::Job.id(now, env.random());
        let shown = TrainView { id: &id, kind, state: "due", examples };
        let answer = web::response::accepted(&format!("/v1/models/{kind}"), &shown)?;
        let data = json!({ "model": kind, "examples": examples });
        let change = Change::new("model.training_started", &id, 1, data, answer);
        let under_way = Problem::new(web::Kind::Conflict)
            .with(said("a model of this site is being trained", "该站点正在训练模型"));
        let insert = jobs::insert_train(&id, &manager.site_id, kind, now);
        Ok(change.and(insert.guarded()).or(under_way))
    })
    .await
}

/// A CSV of what staff said, for the example `train` of `words`. A text that a spreadsheet would
/// take for a formula stays as it is: the trainer must see what the model will.
pub(crate) async fn labels(
    env: &impl Env,
    request: &Request,
    kind: &str,
) -> Result<Response, Problem> {
    let manager = auth::manager(env, request).await?;
    request.no_query()?;
    let found = env.sql().fetch(comments::labelled(&manager.site_id, EXAMPLES_MAX)).await?;
    // Spreadsheets take a file without the mark for the encoding of their own country.
    let mut csv = "\u{feff}\"text\",\"label\"\r\n".to_owned();
    for it in &found {
        let label = if kind == TOPIC { &it.topic } else { &it.sentiment };
        if !label.is_empty() {
            for part in ["\"", &doubled(&it.text), "\",\"", &doubled(label), "\"\r\n"] {
                csv.push_str(part);
            }
        }
    }
    let mut response = web::response::bytes("text/csv; charset=utf-8", csv.into_bytes());
    let attachment = format!("attachment; filename=\"{kind}-labels.csv\"");
    web::response::set(&mut response, CONTENT_DISPOSITION, &attachment);
    Ok(response)
}

/// A text inside the quotes of a CSV (RFC 4180).
fn doubled(text: &str) -> String {
    text.replace('"', "\"\"")
}

/// The model that ships, of version 0: the site never had its own.
fn shipped(kind: &str) -> Model {
    Model {
        kind: kind.to_owned(),
        version: 0,
        source: SHIPPED.to_owned(),
        examples: 0,
        accuracy_milli: 0,
        coverage_milli: 0,
        made_at: 0,
    }
}

/// The model in the place of the one that is there; the one that ships cannot replace itself.
async fn next(
    env: &impl Env,
    request: &Request,
    admin: &Staff,
    kind: &str,
    source: &str,
) -> Result<Model, Problem> {
    let mut found = env.sql().fetch(models::list(&admin.site_id)).await?.into_iter();
    let before = found.find(|it| it.kind == kind).unwrap_or_else(|| shipped(kind));
    if source == SHIPPED && before.source == SHIPPED {
        return Err(Problem::not_found());
    }
    check_version(request, before.version)?;
    let (version, source) = (before.version + 1, source.to_owned());
    Ok(Model { version, source, made_at: env.now(), ..shipped(kind) })
}

/// Puts a model in its place and has recent comments read with it.
fn put(
    admin: &Staff,
    event: &'static str,
    model: &Model,
    bytes: Vec<u8>,
    data: Value,
    answer: Response,
) -> Change {
    let site = admin.site_id.strip_prefix(Kind::Site.prefix()).unwrap_or(&admin.site_id);
    let subject = format!("mdl_{site}_{}", model.kind);
    let recent = Kind::Response.id(model.made_at - READ_AGAIN_MS, [0; 16]);
    Change::new(event, &subject, model.version, data, answer)
        .and(models::put(&admin.site_id, model, bytes).guarded())
        .and(comments::read_again(&admin.site_id, &recent).write())
}

/// The labels of a file, if it is a model of this kind.
fn read<'b>(kind: &str, bytes: &'b [u8]) -> Result<Vec<&'b str>, Problem> {
    let Some(model) = words::model::Model::parse(bytes) else {
        return Err(invalid(said(
            "this is not a model: fit one to …/labels with cargo run -p words --example train",
            "这不是模型文件：请用 …/labels 的数据，以 cargo run -p words --example train 生成",
        )));
    };
    let mut labels = Vec::new();
    for label in model.labels() {
        if labels.contains(&label) {
            return Err(invalid(said("each label may stand once", "标签不得重复")));
        }
        labels.push(label);
    }
    let feels = labels.len() == 2 && FEELINGS.iter().all(|(it, ..)| labels.contains(it));
    if kind == SENTIMENT && !feels {
        return Err(invalid(said(
            "a model of feelings must have exactly the labels negative and positive",
            "情感模型须恰有 negative 和 positive 两个标签",
        )));
    }
    if labels.iter().all(|it| is_label(it)) { Ok(labels) } else { Err(invalid(label_rule())) }
}

fn invalid(detail: Said) -> Problem {
    Problem::new(web::Kind::InvalidFields).with(detail)
}

fn too_few(kind: &str, examples: i64) -> Said {
    said_now(
        format!(
            "a model needs {EXAMPLES_MIN} comments or more whose {kind} staff said, \
             with two labels or more; there are {examples}"
        ),
        format!(
            "训练需要至少 {EXAMPLES_MIN} 条由员工标注 {kind} 的评论，\
             且至少有两种标签；现有 {examples} 条"
        ),
    )
}

/// The model of a kind with its labels, for which the operator's own has to be looked into.
fn show_one(found: &[(Model, Vec<u8>)], kind: &str) -> Result<ModelView, Problem> {
    let own = found.iter().find(|(it, _)| it.kind == kind);
    let Some((model, bytes)) = own.filter(|(it, _)| it.source != SHIPPED) else {
        let model = own.map_or_else(|| shipped(kind), |(model, _)| model.clone());
        let labels = names(kind).iter().map(|(label, ..)| *label);
        return Ok(view_of(&model, named(kind, labels)));
    };
    let parsed = words::model::Model::parse(bytes)
        .ok_or_else(|| Corrupt("a model is stored that does not parse".to_owned()))?;
    Ok(view_of(model, named(kind, parsed.labels())))
}

/// The labels of the model that ships: label, Chinese and English name.
fn names(kind: &str) -> &'static [(&'static str, &'static str, &'static str)] {
    if kind == TOPIC { &words::shipped::TOPICS } else { &FEELINGS }
}

/// Labels with their names, where they are among those that ship.
fn named<'l>(kind: &str, labels: impl Iterator<Item = &'l str>) -> Vec<LabelView> {
    let view = |label: &str| {
        let found = names(kind).iter().find(|(it, ..)| *it == label);
        let label = label.to_owned();
        LabelView { label, zh: found.map(|it| it.1), en: found.map(|it| it.2) }
    };
    labels.map(view).collect()
}

fn view_of(model: &Model, labels: Vec<LabelView>) -> ModelView {
    let is_trained = model.source == "trained";
    let share = |milli: i64| if is_trained { Some(milli as f64 / 1000.0) } else { None };
    let is_shipped = model.source == SHIPPED;
    ModelView {
        kind: model.kind.clone(),
        source: model.source.clone(),
        labels,
        examples: model.examples,
        accuracy: share(model.accuracy_milli),
        coverage: share(model.coverage_milli),
        made_at: if is_shipped { None } else { Some(view::time(model.made_at)) },
        version: model.version,
    }
}
