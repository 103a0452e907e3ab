//! Where events are sent.

use app::auth::Manager;
use app::signature::{self, Scheme};
use app::vault;
use app::write::Change;
use domain::civil::DAY_MS;
use domain::destination::{Exceptions, Refusal, check};
use domain::id::Kind;
use ports::{Env, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::webhooks::{self, Webhook};
use web::field::Fields;
use web::lang::{Said, said, said_now};
use web::{Problem, Request, Response, view};

use crate::{headers, types};

/// The most webhooks of a site.
const WEBHOOKS_MAX: i64 = 100;
/// How long a secret is good beside the one that replaced it.
const OVERLAP_MS: i64 = DAY_MS;
/// The most touchpoints, and the most grades, of a filter.
const FILTER_MAX: usize = 100;
/// The event that a test is.
const TESTED: &str = "webhook.tested";

#[derive(Serialize)]
struct WebhookView {
    id: String,
    name: String,
    url: String,
    types: Value,
    touchpoints: Value,
    grades: Value,
    /// The names alone.
    headers: Value,
    is_ordered: bool,
    signature: String,
    /// Shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// What `v1a` is verified by.
    public_key: Option<String>,
    /// Until when tries carry the signature of the secret before as well.
    old_secret_until: Option<String>,
    state: String,
    /// Why it is disabled.
    reason: Option<String>,
    /// Since when nothing arrived.
    failing_since: Option<String>,
    /// Nothing is tried before.
    held_until: Option<String>,
    is_replaying: bool,
    version: i64,
    created_at: String,
    updated_at: String,
}

pub(crate) async fn list(
    env: &impl Env,
    request: &Request,
    manager: &Manager,
) -> Result<Response, Problem> {
    let page = request.page()?;
    let now = env.now();
    let query = <Webhook as store::Entity>::list(&manager.site_id, &app::rows(&page));
    page.show(env.sql().fetch(query).await?, |it| it.id.clone(), |it| show_one(it, now))
}

pub(crate) fn show(it: &Webhook, now: i64) -> Result<Response, Problem> {
    web::response::ok_version(it.version, &show_one(it, now))
}

pub(crate) async fn create(
    env: &impl Env,
    request: &Request,
    site_id: &str,
    key: &str,
) -> Result<Change, Problem> {
    let now = env.now();
    let mut fields = request.fields()?;
    let mut it = Webhook {
        id: Kind::Webhook.id(now, env.random()),
        site_id: site_id.to_owned(),
        version: 1,
        signature: fields.one_of("signature", &["v1", "v1a"], "v1"),
        state: "active".to_owned(),
        created_at: now,
        updated_at: now,
        ..Webhook::default()
    };
    for list in [&mut it.types, &mut it.touchpoints, &mut it.grades, &mut it.header_names] {
        "[]".clone_into(list);
    }
    if !fields.has("headers") {
        it.headers = seal(env, key, &it.id, b"{}");
    }
    read(env, &mut fields, &mut it, key).await?;
    fields.done()?;
    let secret = renew(env, &mut it, key);
    let location = format!("/v1/webhooks/{}", it.id);
    let mut shown = show_one(&it, now);
    let kept = web::ok(&shown)?.into_body();
    shown.secret = secret;
    let answer = web::created(&location, &shown)?;
    let data = Value::Object(data(&it));
    let mut change = Change::new("webhook.created", &it.id, 1, data, answer);
    // A repeated request learns that it was made, not its secret.
    change.kept_body = Some(kept);
    let too_many = Problem::new(web::Kind::Conflict).with(said_now(
        format!("a site may have {WEBHOOKS_MAX} webhooks"),
        format!("每个站点最多 {WEBHOOKS_MAX} 个 webhook"),
    ));
    Ok(change
        .and(webhooks::insert(&it, WEBHOOKS_MAX).guarded())
        .and(webhooks::open(&it.id, &it.site_id).write())
        .or(too_many))
}

pub(crate) async fn change(
    env: &impl Env,
    request: &Request,
    mut it: Webhook,
    key: &str,
) -> Result<Change, Problem> {
    let now = it.updated_at;
    let mut fields = request.fields()?;
    if fields.text("signature", 0, 8, &it.signature) != it.signature {
        fields.refuse("signature", said("never changes", "不可更改"));
    }
    let (was_active, was_url) = (it.is_active(), it.url.clone());
    read(env, &mut fields, &mut it, key).await?;
    let is_skipping = read_state(&mut fields, &mut it);
    fields.done()?;
    // Another address deserves another chance at once.
    let is_new = it.is_active() && (!was_active || it.url != was_url);
    if is_new {
        it.failing_since = None;
        it.not_before = 0;
    }
    it.is_replaying &= !is_skipping;
    let answer = web::response::ok_version(it.version, &show_one(&it, now))?;
    let mut data = data(&it);
    data.insert("skip_missed".to_owned(), is_skipping.into());
    let mut change =
        Change::new("webhook.updated", &it.id, it.version, Value::Object(data), answer)
            .and(webhooks::update(&it).guarded());
    if is_skipping {
        change =
            change.and(webhooks::skip(&it.id).write()).and(webhooks::drop_due(&it.id, now).write());
    }
    if is_new {
        change = change.and(webhooks::resume(&it.id, now).write());
    } else if was_active && !it.is_active() {
        change = change.and(webhooks::pause(&it.id).write());
    }
    Ok(change)
}

/// A new secret. The one before is good for a day more, so that receivers have time to learn it.
pub(crate) fn rotate(env: &impl Env, mut it: Webhook, key: &str) -> Result<Change, Problem> {
    let now = it.updated_at;
    it.old_secret = std::mem::take(&mut it.secret);
    it.old_secret_until = now + OVERLAP_MS;
    let secret = renew(env, &mut it, key);
    let mut shown = show_one(&it, now);
    let kept = web::ok(&shown)?.into_body();
    shown.secret = secret;
    let answer = web::response::ok_version(it.version, &shown)?;
    let data = json!({ "old_secret_until": view::time(it.old_secret_until) });
    let mut change = Change::new("webhook.rotated", &it.id, it.version, data, answer);
    change.kept_body = Some(kept);
    Ok(change.and(webhooks::update(&it).guarded()))
}

/// An event for this webhook alone.
pub(crate) fn test(it: &Webhook) -> Result<Change, Problem> {
    let shown = json!({ "type": TESTED, "subject": it.id, "version": it.version });
    let location = format!("/v1/webhooks/{}/deliveries?type={TESTED}", it.id);
    let answer = web::response::accepted(&location, &shown)?;
    let data = json!({ "message": "A test. 这是一次测试。" });
    let change = Change::new(TESTED, &it.id, it.version, data, answer);
    Ok(change.and(webhooks::update(it).guarded()))
}

/// Its log follows with the tick.
pub(crate) fn delete(it: &Webhook) -> Change {
    let change = Change::new("webhook.deleted", &it.id, it.version, json!({}), web::no_content());
    change.and(webhooks::delete(&it.id, it.version - 1).guarded())
}

/// Nothing leaves for a webhook that rests.
pub(crate) fn must_be_active(it: &Webhook) -> Result<(), Problem> {
    if it.is_active() {
        return Ok(());
    }
    Err(Problem::new(web::Kind::Conflict)
        .with(said("make the webhook active first", "请先启用该 webhook")))
}

/// A new secret, and how it is shown; that of `v1a` never is.
fn renew(env: &impl Env, it: &mut Webhook, key: &str) -> Option<String> {
    let secret = signature::new_secret([env.random(), env.random()]);
    it.secret = seal(env, key, &it.id, &secret);
    if Scheme::parse(&it.signature) == Some(Scheme::V1a) {
        it.public_key = signature::public_key(&secret).unwrap_or_default();
        return None;
    }
    Some(signature::shown(&secret))
}

fn seal(env: &impl Env, key: &str, id: &str, plain: &[u8]) -> String {
    vault::seal(key, id, [env.random(), env.random()], plain)
}

async fn read(
    env: &impl Env,
    fields: &mut Fields,
    it: &mut Webhook,
    key: &str,
) -> Result<(), Problem> {
    it.name = fields.text("name", 1, 80, &it.name);
    if it.version == 1 || fields.has("url") {
        let url = fields.text("url", 1, 4_000, "");
        let setting = env.setting("webhook_allow_private").await.unwrap_or_default();
        match check(&url, &Exceptions::parse(&setting)) {
            Ok(destination) => it.url = destination.url,
            Err(_) if url.is_empty() => {}
            Err(refusal) => fields.refuse("url", url_rule(refusal)),
        }
    }
    if let Some(types) = types::of_field(fields, "types") {
        it.types = types;
    }
    read_touchpoints(env, fields, it).await?;
    let grades = fields.texts("grades", FILTER_MAX, is_word, &|| {
        said("must be a grade such as major", "须为等级，例如 major")
    });
    if let Some(grades) = grades {
        it.grades = view::text(&grades);
    }
    if let Some(headers) = headers::read(fields) {
        it.header_names = view::text(&headers.keys().collect::<Vec<_>>());
        it.headers = seal(env, key, &it.id, view::text(&headers).as_bytes());
    }
    it.is_ordered = fields.flag("is_ordered", it.is_ordered);
    Ok(())
}

async fn read_touchpoints(
    env: &impl Env,
    fields: &mut Fields,
    it: &mut Webhook,
) -> Result<(), Problem> {
    let rule = || said("must be a touchpoint of this site", "须为本站点的触点");
    let fits = |text: &str| (1..=64).contains(&text.len());
    let Some(ids) = fields.texts("touchpoints", FILTER_MAX, fits, &rule) else { return Ok(()) };
    it.touchpoints = view::text(&ids);
    let unknown = store::touchpoints::unknown(&it.site_id, &it.touchpoints);
    for id in env.sql().fetch(unknown).await? {
        let at = ids.iter().position(|it| *it == id).unwrap_or(0);
        fields.refuse(&format!("touchpoints/{at}"), rule());
    }
    Ok(())
}

/// Reads the state; returns whether what was missed is to be skipped.
fn read_state(fields: &mut Fields, it: &mut Webhook) -> bool {
    let was_active = it.is_active();
    if fields.has("state") {
        it.state = fields.one_of("state", &["active", "paused"], "paused");
        it.reason = String::new();
    }
    let is_skipping = fields.flag("skip_missed", false);
    if is_skipping && (was_active || !it.is_active()) {
        let rule = said(
            "goes with making a webhook active that is not",
            "仅在重新启用未启用的 webhook 时使用",
        );
        fields.refuse("skip_missed", rule);
    }
    is_skipping
}

fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
}

/// What an address must be, by what is wrong with it.
fn url_rule(refusal: Refusal) -> Said {
    match refusal {
        Refusal::TooLong => said("may have 2,000 characters", "不得超过 2000 个字符"),
        Refusal::Malformed => said(
            "must be an absolute URL such as https://crm.example/hooks, in ASCII",
            "须为完整的 ASCII 网址，例如 https://crm.example/hooks",
        ),
        Refusal::Scheme => said("must begin with https://", "须以 https:// 开头"),
        Refusal::Credentials => said(
            "must not hold a user name or password; use headers",
            "不得包含用户名或密码，请使用 headers",
        ),
        Refusal::Fragment => said("must not hold a fragment, #…", "不得包含片段 #…"),
        Refusal::Port => said("may use port 443 or 8443", "端口须为 443 或 8443"),
        Refusal::Host => said(
            "must name a public host, a plain IPv4 address or an IPv6 address in brackets",
            "须为公网域名、点分十进制 IPv4 地址或方括号中的 IPv6 地址",
        ),
        Refusal::Address => said(
            "must not lead to a private, local or reserved address",
            "不得指向内网、本机或保留地址",
        ),
        Refusal::Name => said("must not lead to a name inside a network", "不得指向内部网络的名称"),
    }
}

/// What events tell: not the address, which may be a secret in itself.
fn data(it: &Webhook) -> Map<String, Value> {
    let mut data = Map::new();
    for (name, value) in [
        ("name", Value::from(it.name.as_str())),
        ("types", view::json(&it.types)),
        ("touchpoints", view::json(&it.touchpoints)),
        ("grades", view::json(&it.grades)),
        ("is_ordered", it.is_ordered.into()),
        ("signature", it.signature.as_str().into()),
        ("state", it.state.as_str().into()),
    ] {
        data.insert(name.to_owned(), value);
    }
    data
}

fn show_one(it: &Webhook, now: i64) -> WebhookView {
    WebhookView {
        id: it.id.clone(),
        name: it.name.clone(),
        url: it.url.clone(),
        types: view::json(&it.types),
        touchpoints: view::json(&it.touchpoints),
        grades: view::json(&it.grades),
        headers: view::json(&it.header_names),
        is_ordered: it.is_ordered,
        signature: it.signature.clone(),
        secret: None,
        public_key: view::some(&it.public_key).map(str::to_owned),
        old_secret_until: later(it.old_secret_until, now),
        state: it.state.clone(),
        reason: view::some(&it.reason).map(str::to_owned),
        failing_since: view::time_or_null(it.failing_since),
        held_until: later(it.not_before, now),
        is_replaying: it.is_replaying,
        version: it.version,
        created_at: view::time(it.created_at),
        updated_at: view::time(it.updated_at),
    }
}

/// An instant that is still to come.
fn later(at: i64, now: i64) -> Option<String> {
    (now < at).then(|| view::time(at))
}
