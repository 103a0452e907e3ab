//! Fills an empty application with a believable quarter, through the HTTP API and nothing else.

mod calls;
mod complaints;
mod desk;
mod quarter;

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use domain::civil;
use domain::zone::Zone;
use serde_json::{Value, json};

use crate::client::Client;
use crate::clock::Clock;

/// What the demonstration's site is called; a second start knows it by this.
const SITE: &str = "鹿鸣咖啡 Café Lumen";
/// Rows of one import: small enough that progress shows.
const ROWS_PER_IMPORT: usize = 1000;
/// A survey that asks in every way there is, in three languages. Nobody has answered it yet.
const TOUR: &str = include_str!("demo/tour.json");

/// How often one thing is ticked at most until it has nothing to do.
const TICKS_MAX: usize = 60;

/// The name of the survey of orders, which the widget shows.
const ORDERS: &str = "订单体验 Order experience";
/// The name of the survey that asks everything.
const VISIT: &str = "门店体验 Your visit";

/// What moves the time of the server: call-backs of past weeks are played, not imported.
#[derive(Debug)]
pub struct Time {
    /// The clock of the server's components.
    pub clock: Clock,
    /// What lets time do its work.
    pub tick_key: String,
}

/// Writes the demonstration's data at `base`, unless a site is there already, and returns what
/// to open and to try. `progress` is told of each step. Without `time` there are no call-backs.
pub async fn fill(
    base: &str,
    admin_key: &str,
    time: Option<&Time>,
    progress: impl Fn(&str),
) -> Result<String> {
    let api = Api { client: Client::new(base)?, key: admin_key.to_owned(), site: String::new() };
    let sites = api.call("GET", "/v1/sites", None).await?;
    if let Some(site) = sites.pointer("/items/0") {
        let ours = site.get("name").and_then(Value::as_str) == Some(SITE);
        if !ours {
            return Ok("The database has a site already: the demo fills only an empty one.".into());
        }
        return again(base, api, text(site, "id")?).await;
    }
    progress("demo: site, touchpoints, people …");
    let now = now();
    if let Some(time) = time {
        time.clock.set_story(true);
        time.clock.set_ms(calls::began(now));
    }
    let filled = write(base, api, (time, now), &progress).await;
    if let Some(time) = time {
        time.clock.set_real();
        time.clock.set_story(false);
    }
    filled
}

/// Writes all of it, call-backs first: their weeks are played up to now.
async fn write(
    base: &str,
    api: Api,
    (time, now): (Option<&Time>, i64),
    progress: &impl Fn(&str),
) -> Result<String> {
    let site = json!({ "name": SITE, "zone": "Asia/Shanghai", "origins": [base] });
    let site = api.call("POST", "/v1/sites", Some(site)).await?;
    let api = Api { site: text(&site, "id")?, ..api };
    let key = |name: &str, kind: &str| json!({ "name": name, "kind": kind });
    let public = api.call("POST", "/v1/keys", Some(key("widget", "publishable"))).await?;
    let viewer = json!({ "name": "demo viewer", "kind": "secret", "role": "viewer" });
    let viewer = api.call("POST", "/v1/keys", Some(viewer)).await?;
    let people = People::make(&api, now).await?;
    if let Some(time) = time {
        let stage = Stage { api: &api, time };
        let services = desk::open(&stage, &people.agents, &people.touchpoints).await?;
        let made = calls::play(&stage, &services, &people.agents, now).await?;
        time.clock.set_real();
        progress(&format!("demo: {made} call-backs"));
    }
    let survey = studies(&api, &people, progress).await?;
    complaints(&api, &people, progress).await?;
    if let Some(time) = time {
        reports(&api, time, people.today, progress).await?;
    }
    let tour = tour(&api).await?;
    let mut told = page(base, &text(&public, "key")?, &survey, Some(&tour));
    if time.is_some() {
        book(&mut told, base, &api.site);
    }
    tell(&mut told, base, &text(&viewer, "key")?, "");
    Ok(told)
}

/// A caller of the API who holds the admin key and names a site.
struct Api {
    client: Client,
    key: String,
    site: String,
}

impl Api {
    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        let (kind, body) = match body {
            Some(body) => ("application/json", body.to_string()),
            None => ("application/json", String::new()),
        };
        self.send(method, path, kind, body).await
    }

    async fn send(&self, method: &str, path: &str, kind: &str, body: String) -> Result<Value> {
        let key = format!("Bearer {}", self.key);
        let site =
            if self.site.is_empty() { String::new() } else { format!("?site={}", self.site) };
        let headers = [("authorization", key.as_str()), ("content-type", kind)];
        let answer = self.client.send(method, &format!("{path}{site}"), &headers, body).await?;
        if !answer.status.is_success() {
            bail!("{method} {path}: {} {}", answer.status, answer.text());
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    async fn tick(&self, path: &str, key: &str) -> Result<Value> {
        let headers = [("authorization", format!("Bearer {key}"))];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = self.client.send("POST", path, &headers, "").await?;
        if !answer.status.is_success() {
            bail!("{path}: {} {}", answer.status, answer.text());
        }
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Ticks until nothing is due any more, or long enough.
    async fn settle(&self, path: &str, key: &str) -> Result<()> {
        for _ in 0..TICKS_MAX {
            let ticked = self.tick(path, key).await?;
            if ticked.pointer("/done/0").is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn id(&self, path: &str, body: Value) -> Result<String> {
        text(&self.call("POST", path, Some(body)).await?, "id")
    }
}

/// Where call-backs are played.
struct Stage<'a> {
    api: &'a Api,
    time: &'a Time,
}

impl desk::Desk for Stage<'_> {
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
        let api = self.api;
        let key = format!("Bearer {}", api.key);
        let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
        let and = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{and}site={}", api.site);
        let body = body.map(|it| it.to_string()).unwrap_or_default();
        let answer = api.client.send(method, &path, &headers, body).await?;
        let told = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok((answer.status.as_u16(), told))
    }

    async fn tick(&self) -> Result<()> {
        self.api.tick("/internal/tick/callback", &self.time.tick_key).await.map(|_| ())
    }

    fn travel(&self, at: i64) {
        self.time.clock.set_ms(at);
    }
}

fn text(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("the answer has no {name}"))?.to_owned())
}

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or_default()
}

/// What responses and complaints hang on.
struct People {
    touchpoints: Vec<String>,
    agents: Vec<String>,
    /// Customer care.
    department: String,
    /// When the demonstration is filled, and that day in its zone.
    now: i64,
    today: i32,
}

impl People {
    async fn make(api: &Api, now: i64) -> Result<People> {
        let mut touchpoints = Vec::new();
        for (name, stage, is_key) in quarter::TOUCHPOINTS {
            let body = json!({ "name": name, "stage": stage, "is_key": is_key });
            touchpoints.push(api.id("/v1/touchpoints", body).await?);
        }
        let department = json!({ "name": "客户服务部 Customer care" });
        let department = api.id("/v1/departments", department).await?;
        let mut agents = Vec::new();
        for (name, skills) in quarter::AGENTS {
            let body = json!({ "name": name, "department_id": department, "skills": skills });
            agents.push(api.id("/v1/agents", body).await?);
        }
        for number in 1..=quarter::CORE_CUSTOMERS {
            let group = if number % 3 == 0 { "core" } else { "existing" };
            let name = calls::MEMBERS.get(usize::try_from(number)? % calls::MEMBERS.len());
            let body = json!({
                "external_id": format!("M{number:04}"), "group": group, "has_consent": true,
                "language": "zh-CN",
                "contacts": { "name": name, "phone": format!("199 0001 {number:04}") },
            });
            api.id("/v1/customers", body).await?;
        }
        Ok(People { touchpoints, agents, department, now, today: Zone::SHANGHAI.day(now) })
    }
}

/// Imports the quarter of surveys and measurements, and returns the order survey.
async fn studies(api: &Api, people: &People, progress: &impl Fn(&str)) -> Result<String> {
    let People { touchpoints, agents, today, .. } = people;
    let order = quarter::order_study(touchpoints);
    let survey = import(api, order, &quarter::orders(*today), progress).await?;
    let care = quarter::care_study(touchpoints);
    import(api, care, &quarter::cases(*today, agents), progress).await?;
    let measured = quarter::measurements(*today, touchpoints, agents);
    let body = json!({ "measurements": measured });
    api.call("POST", "/v1/measurements", Some(body)).await?;
    Ok(survey)
}

/// Imports the quarter's complaints, with the ledger of what caused them.
async fn complaints(api: &Api, people: &People, progress: &impl Fn(&str)) -> Result<()> {
    let mut departments = Vec::new();
    for name in complaints::DEPARTMENTS {
        departments.push(api.id("/v1/departments", json!({ "name": name })).await?);
    }
    departments.push(people.department.clone());
    let departments = [0, 1, 2].map(|at: usize| departments.get(at).map_or("", String::as_str));
    let mut causes = Vec::new();
    for body in complaints::causes(people.today, departments) {
        causes.push(api.id("/v1/causes", body).await?);
    }
    let known = complaints::Known {
        touchpoints: &people.touchpoints,
        agents: &people.agents,
        departments,
        causes: &causes,
    };
    let rows = complaints::rows(people.today, people.now, &known);
    let lines: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let path = "/v1/complaints/import";
    let report = api.send("POST", path, "application/x-ndjson", lines).await?;
    if report.get("refused").and_then(Value::as_u64) != Some(0) {
        bail!("the import refused complaints: {report}");
    }
    progress(&format!("demo: {} complaints", rows.len()));
    Ok(())
}

/// Has the reports made that the quarter left due, and a special one.
async fn reports(api: &Api, time: &Time, today: i32, progress: &impl Fn(&str)) -> Result<()> {
    // Comments are read first: reports tell of their words.
    for path in ["/internal/tick/reader", "/internal/tick/gist", "/internal/tick/report"] {
        api.settle(path, &time.tick_key).await?;
    }
    let body = json!({
        "name": "会员周评估 Members' week",
        "from": civil::date(today - 13),
        "to": civil::date(today),
    });
    api.id("/v1/reports", body).await?;
    progress("demo: reports");
    Ok(())
}

/// Publishes the survey that asks everything.
async fn tour(api: &Api) -> Result<String> {
    let definition: Value = serde_json::from_str(TOUR)?;
    let body = json!({ "name": VISIT, "definition": definition });
    let id = api.id("/v1/studies", body).await?;
    api.call("POST", &format!("/v1/studies/{id}/publish"), None).await?;
    Ok(id)
}

async fn import(
    api: &Api,
    study: quarter::Study,
    sheet: &quarter::Sheet,
    progress: &impl Fn(&str),
) -> Result<String> {
    let body = json!({ "name": study.name, "definition": study.definition });
    let id = api.id("/v1/studies", body).await?;
    api.call("POST", &format!("/v1/studies/{id}/publish"), None).await?;
    api.call("PUT", &format!("/v1/studies/{id}/mapping"), Some(study.mapping)).await?;
    let mut taken = 0;
    for rows in sheet.rows.chunks(ROWS_PER_IMPORT) {
        let csv = format!("{}\n{}\n", sheet.heading, rows.join("\n"));
        let report = api.send("POST", &format!("/v1/studies/{id}/import"), "text/csv", csv).await?;
        if report.get("refused").and_then(Value::as_u64) != Some(0) {
            bail!("the import refused rows: {report}");
        }
        taken += rows.len();
        progress(&format!("demo: {} {taken}/{}", study.name, sheet.rows.len()));
    }
    Ok(id)
}

/// What to open when an earlier start has filled the demo in. Secret keys cannot be shown again.
async fn again(base: &str, api: Api, site: String) -> Result<String> {
    let api = Api { site: site.clone(), ..api };
    let keys = api.call("GET", "/v1/keys", None).await?;
    let keys = keys.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let public = keys.iter().find_map(|it| it.get("key").and_then(Value::as_str));
    let studies = api.call("GET", "/v1/studies", None).await?;
    let studies = studies.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let named = |name: &str| {
        let found = studies.iter().find(|it| it.get("name").is_some_and(|it| it == name));
        found.and_then(|it| it.get("id")).and_then(Value::as_str)
    };
    let (survey, tour) = (named(ORDERS), named(VISIT));
    let has_calls = named(desk::SURVEY).is_some();
    let mut told = String::from("The demo is there already.\n");
    if let (Some(public), Some(survey)) = (public, survey) {
        told.push_str(&page(base, public, survey, tour));
    }
    if has_calls {
        book(&mut told, base, &site);
    }
    tell(&mut told, base, "$HUIYIN_KEY", &format!("?site={site}"));
    Ok(told)
}

fn page(base: &str, key: &str, survey: &str, tour: Option<&str>) -> String {
    let mut told = format!("\nA page with the widget: {base}/demo?key={key}&survey={survey}\n");
    if let Some(tour) = tour {
        // Writing to a string does not fail.
        let _ = writeln!(told, "Every way to ask, on a page of its own: {base}/s/{tour}");
    }
    told
}

/// Where calls are booked, and where agents see theirs.
fn book(told: &mut String, base: &str, site: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(told, "A page to book a call on: {base}/book/{site}");
    let _ = writeln!(told, "An agent's day, for whoever holds their key: {base}/day");
}

fn tell(told: &mut String, base: &str, key: &str, site: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(told, "The dashboard: {base}/dashboard{site} (sign in with {key})");
    let and = if site.is_empty() { "?" } else { "&" };
    let first = civil::date(Zone::SHANGHAI.day(now()) - quarter::DAYS);
    let ranking = format!("/v1/causes/ranking{site}{and}from={first}");
    let lines = [
        ("The overview", format!("/v1/dashboard{site}")),
        ("NPS by day", format!("/v1/nps{site}{and}by=day")),
        ("Satisfaction by touchpoint", format!("/v1/csat{site}{and}by=touchpoint")),
        ("Effort by agent", format!("/v1/ces{site}{and}by=agent")),
        ("Service standards and rates", format!("/v1/figures{site}")),
        ("Complaints by department", format!("/v1/complaint-figures{site}{and}by=department")),
        ("What causes them, and whether it was mended", ranking),
        ("Call-backs by agent", format!("/v1/callback-figures{site}{and}by=agent")),
        (
            "What calls are for, and what comes of them",
            format!("/v1/callback-figures{site}{and}by=purpose"),
        ),
    ];
    for (what, path) in lines {
        // Writing to a string does not fail.
        let _ =
            writeln!(told, "{what}: curl -s \"{base}{path}\" -H \"Authorization: Bearer {key}\"");
    }
}
