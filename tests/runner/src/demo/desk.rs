//! The demonstration's call desk: who calls when, what can be booked, what leads to a call, and
//! what is asked in it.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

/// The name of the survey that a visit fills in.
pub(super) const SURVEY: &str = "电话回访 After-sale call";

/// Whom the play talks to, and how it moves the time.
pub(super) trait Desk {
    /// Sends a request; the status and the JSON of the answer.
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)>;
    /// Lets time do what it does to call-backs.
    async fn tick(&self) -> Result<()>;
    /// Moves the clock on to an instant.
    fn travel(&self, at: i64);
}

/// Sends what must not fail.
pub(super) async fn done(
    desk: &impl Desk,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Result<Value> {
    let (status, told) = desk.send(method, path, body).await?;
    if !(200..300).contains(&status) {
        bail!("{method} {path}: {status} {told}");
    }
    Ok(told)
}

async fn made(desk: &impl Desk, path: &str, body: Value) -> Result<String> {
    let told = done(desk, "POST", path, Some(body)).await?;
    let id = told.get("id").and_then(Value::as_str);
    Ok(id.with_context(|| format!("{path}: {told}"))?.to_owned())
}

/// What can be booked.
pub(super) struct Services {
    /// Rules lead to it.
    pub(super) follow_up: String,
    /// Customers choose a time for it.
    pub(super) consulting: String,
    /// Customers are called back as soon as possible.
    pub(super) call_back: String,
}

/// Languages of each agent, and how many calls they make on a day; the second works in London.
const CALLERS: [(&[&str], i64); 4] = [(&["zh"], 14), (&["en"], 10), (&["zh", "en"], 12), (&[], 10)];

/// Numbers of people who do not want to be called.
const NEVER: [&str; 2] = ["199 0000 9908", "+44 7700 900999"];

/// Makes all of it.
pub(super) async fn open(
    desk: &impl Desk,
    agents: &[String],
    touchpoints: &[String],
) -> Result<Services> {
    let shop = json!([["09:30", "12:00"], ["13:30", "18:30", 2]]);
    let shanghai = json!({
        "name": "回电坐席 Call desk", "zone": "Asia/Shanghai",
        "week": { "monday": shop, "tuesday": shop, "wednesday": shop, "thursday": shop,
                  "friday": shop, "saturday": [["10:00", "16:00"]] },
    });
    let morning = json!([["08:00", "13:00"]]);
    let london = json!({
        "name": "London desk", "zone": "Europe/London",
        "week": { "monday": morning, "tuesday": morning, "wednesday": morning,
                  "thursday": morning, "friday": morning, "sunday": [["09:00", "12:00"]] },
    });
    let shanghai = made(desk, "/v1/calendars", shanghai).await?;
    let london = made(desk, "/v1/calendars", london).await?;
    for (at, (id, (languages, most))) in agents.iter().zip(CALLERS).enumerate() {
        let calendar = if at == 1 { &london } else { &shanghai };
        let body = json!({
            "languages": languages, "calls_per_day": most, "calendar_id": calendar,
        });
        done(desk, "PATCH", &format!("/v1/agents/{id}"), Some(body)).await?;
    }
    for phone in NEVER {
        let body = json!({ "phone": phone });
        done(desk, "POST", "/v1/do-not-call", Some(body)).await?;
    }
    let services = services(desk, &shanghai, touchpoints).await?;
    rules(desk, &services).await?;
    Ok(services)
}

/// What is asked in a visit: the result, the service and the product.
pub(super) fn survey(touchpoints: &[String]) -> Value {
    let rating = |id: &str, at: usize, dimension: &str, zh: &str, en: &str| {
        json!({
            "id": id, "type": "rating", "touchpoint_id": touchpoints.get(at),
            "dimension": dimension, "text": { "zh": zh, "en": en },
            "low": { "zh": "很不满意", "en": "Very dissatisfied" },
            "high": { "zh": "很满意", "en": "Very satisfied" },
        })
    };
    json!({
        "default_language": "zh",
        "title": { "zh": "电话回访", "en": "Our call" },
        "questions": [
            rating("result", 4, "result", "您对处理结果满意吗？",
                   "How satisfied are you with the result?"),
            rating("service", 4, "service", "您对我们的服务满意吗？",
                   "How satisfied are you with our service?"),
            rating("product", 3, "quality", "您对咖啡的品质满意吗？",
                   "How satisfied are you with the coffee?"),
            { "id": "say", "type": "text", "max_length": 500,
              "text": { "zh": "客户还说了什么？", "en": "What else did they say?" } },
        ],
    })
}

async fn services(desk: &impl Desk, calendar: &str, touchpoints: &[String]) -> Result<Services> {
    let body = json!({ "name": SURVEY, "definition": survey(touchpoints) });
    let survey = made(desk, "/v1/studies", body).await?;
    done(desk, "POST", &format!("/v1/studies/{survey}/publish"), None).await?;
    let follow_up = json!({
        "name": "售后回访 After-sale follow-up", "length_min": 10, "every_min": 10,
        "survey_id": survey, "touchpoint_id": touchpoints.get(4), "calendar_id": calendar,
        "script": "您好，这里是鹿鸣咖啡。想了解上次的问题解决得怎么样，占用您两分钟可以吗？",
        "retries_min": { "no_answer": [120, 1440], "busy": [15, 60] },
    });
    let consulting = json!({
        "name": "咖啡顾问来电 Coffee consultation", "length_min": 30, "every_min": 30,
        "after_min": 10, "notice_min": 120, "horizon_days": 14, "is_public": true,
        "touchpoint_id": touchpoints.first(), "calendar_id": calendar,
        "script": "您好，我是鹿鸣的咖啡顾问。先问问您平时的口味，再推荐豆子和器具。",
    });
    let call_back = json!({
        "name": "请回电 Call me back", "length_min": 10, "every_min": 10, "is_public": true,
        "asap_within_min": 45, "touchpoint_id": touchpoints.get(4), "calendar_id": calendar,
        "script": "您好，这里是鹿鸣咖啡，您刚才请我们回电，请问有什么可以帮您？",
    });
    Ok(Services {
        follow_up: made(desk, "/v1/services", follow_up).await?,
        consulting: made(desk, "/v1/services", consulting).await?,
        call_back: made(desk, "/v1/services", call_back).await?,
    })
}

/// Each event that can lead to a call leads to one.
async fn rules(desk: &impl Desk, services: &Services) -> Result<()> {
    for (event, purpose, mut body) in [
        ("complaint.solved", "solved_case", json!({ "delay_min": 1440, "within_min": 5760 })),
        ("order.completed", "purchase_visit", json!({ "delay_min": 1440, "within_min": 4320 })),
        ("response.created", "recovery", json!({ "delay_min": 60, "within_min": 2880 })),
        (
            "customer",
            "core_visit",
            json!({ "every_days": 14, "within_min": 4320, "groups": ["core", "existing"] }),
        ),
    ] {
        if let Some(members) = body.as_object_mut() {
            for (name, value) in [
                ("event", event),
                ("purpose", purpose),
                ("service_id", services.follow_up.as_str()),
            ] {
                members.insert(name.to_owned(), value.into());
            }
        }
        made(desk, "/v1/call-rules", body).await?;
    }
    Ok(())
}
