//! What is measured: a site, a survey, its keys, and the requests about them.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runner::client::Client;
use runner::{Options, Running};
use serde_json::{Value, json};

use crate::load::Shot;

/// What ticks are called with.
pub(crate) const TICK_KEY: &str = "tick_of_the_bench";
/// The responses of one batch.
pub(crate) const BATCH: u64 = 100;

/// Ids and keys of what was set up.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) site: String,
    pub(crate) survey: String,
    pub(crate) definition: Value,
    publishable: String,
    agent: String,
}

/// A folder that goes away with its owner.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left stays in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The manifest of the product.
pub(crate) fn ours() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spin.toml")
}

/// The manifest of what it is measured against.
pub(crate) fn others() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("spin.toml")
}

/// Serves a manifest with its data in `state`, without a tick or a word on the console.
pub(crate) fn serve(manifest: PathBuf, state: &Path, admin_key: &str) -> Result<Running> {
    let mut variables = Vec::new();
    if manifest == ours() {
        variables.push(("admin_key".to_owned(), admin_key.to_owned()));
        variables.push(("tick_key".to_owned(), TICK_KEY.to_owned()));
        // The receivers of webhooks are ours, too.
        variables.push(("webhook_allow_private".to_owned(), "127.0.0.0/8".to_owned()));
        // All load comes from one address, and what it is compared with has no limits either.
        variables.push(("rate_limit".to_owned(), "off".to_owned()));
        variables.push(("spam".to_owned(), "off".to_owned()));
    }
    runner::serve(Options {
        manifest,
        listen: ([127, 0, 0, 1], 0).into(),
        state_dir: Some(state.to_path_buf()),
        variables,
        quiet: true,
        tick: false,
        ..Options::default()
    })
}

impl World {
    /// Adds a survey of one score and one text to the demonstration's site, and keys for it. With
    /// `touchpoints` it asks for the satisfaction with each of so many, too.
    pub(crate) async fn prepare(base: &str, admin_key: &str, touchpoints: usize) -> Result<World> {
        runner::demo::fill(base, admin_key, None, |_| ()).await?;
        let client = Client::new(base)?;
        let key = format!("Bearer {admin_key}");
        let headers = [("authorization", key.as_str()), ("content-type", "application/json")];
        let send = async |method: &str, path: &str, body: String| -> Result<Value> {
            let answer = client.send(method, path, &headers, body).await?;
            if !answer.status.is_success() {
                bail!("{method} {path}: {} {}", answer.status, answer.text());
            }
            Ok(serde_json::from_slice(&answer.body)?)
        };
        let call = async |path: &str, body: Value| send("POST", path, body.to_string()).await;
        let sites = send("GET", "/v1/sites", String::new()).await?;
        let site = sites.pointer("/items/0").context("the server has no site")?;
        let site = text(site, "id")?;
        let at_site = |path: &str| format!("{path}?site={site}");
        let touchpoint = json!({ "name": "bench", "stage": "purchase" });
        let touchpoint = text(&call(&at_site("/v1/touchpoints"), touchpoint).await?, "id")?;
        let mut questions = vec![
            json!({ "id": "recommend", "type": "nps", "required": true,
                "text": { "en": "Would you recommend us?", "zh-CN": "您会推荐我们吗？" } }),
            json!({ "id": "why", "type": "text", "max_length": 500,
                "text": { "en": "Why?", "zh-CN": "为什么？" } }),
        ];
        for at in 0..touchpoints {
            let name = json!({ "name": format!("bench {at}"), "stage": "purchase" });
            let id = text(&call(&at_site("/v1/touchpoints"), name).await?, "id")?;
            questions.push(json!({ "id": rating(at), "type": "rating", "points": 5,
                "touchpoint_id": id, "dimension": if at % 2 == 0 { "speed" } else { "quality" },
                "text": { "en": "How was it?", "zh-CN": "您满意吗？" } }));
        }
        let definition = json!({
            "default_language": "en",
            "title": { "en": "Your order", "zh-CN": "订单回访" },
            "touchpoint_id": touchpoint,
            "questions": questions,
        });
        let study = json!({ "name": "bench", "definition": &definition });
        let survey = text(&call(&at_site("/v1/studies"), study).await?, "id")?;
        call(&at_site(&format!("/v1/studies/{survey}/publish")), json!({})).await?;
        let publishable = json!({ "name": "bench", "kind": "publishable" });
        let agent = json!({ "name": "bench", "kind": "secret", "role": "agent" });
        Ok(World {
            publishable: text(&call(&at_site("/v1/keys"), publishable).await?, "key")?,
            agent: text(&call(&at_site("/v1/keys"), agent).await?, "key")?,
            site,
            survey,
            definition,
        })
    }

    /// One response, each under a key of its own.
    pub(crate) fn submit(&self) -> Shot {
        let path = format!("/v1/surveys/{}/responses", self.survey);
        let key = format!("Bearer {}", self.publishable);
        let run = run();
        Rc::new(move |number| {
            let mut response = answer(number);
            put(&mut response, "version", 1.into());
            request("POST", &path, &key, &format!("{run}-{number}"), response.to_string())
        })
    }

    /// [`BATCH`] responses in one call.
    pub(crate) fn batch(&self) -> Shot {
        let path = format!("/v1/surveys/{}/responses", self.survey);
        let key = format!("Bearer {}", self.publishable);
        let run = run();
        Rc::new(move |number| {
            let responses: Vec<Value> = (number * BATCH..(number + 1) * BATCH)
                .map(|number| {
                    let mut response = answer(number);
                    put(&mut response, "key", format!("{run}-{number}").into());
                    response
                })
                .collect();
            let body = json!({ "version": 1, "responses": responses }).to_string();
            request("POST", &path, &key, "", body)
        })
    }

    /// The published definition.
    pub(crate) fn definition(&self) -> Shot {
        get(format!("/v1/surveys/{}", self.survey), &self.publishable)
    }

    /// The same, read from the database each time.
    pub(crate) fn fresh_definition(&self) -> Shot {
        let definition = self.definition();
        Rc::new(move |number| {
            let mut request = definition(number);
            let anew = http::HeaderValue::from_static("no-cache");
            request.headers_mut().insert(http::header::CACHE_CONTROL, anew);
            request
        })
    }

    /// The overview of the last thirty days.
    pub(crate) fn dashboard(&self) -> Shot {
        get("/v1/dashboard".to_owned(), &self.agent)
    }

    /// The overview, of other days each time, so that nobody has it ready.
    pub(crate) fn fresh_dashboard(&self) -> Shot {
        let key = format!("Bearer {}", self.agent);
        Rc::new(move |number| {
            let (year, month, day) = (2025, number / 28 % 12 + 1, number % 28);
            let path = format!("/v1/dashboard?from={year}-{month:02}-{:02}", day + 1);
            request("GET", &path, &key, "", String::new())
        })
    }

    /// A complaint of so many characters, graded and not kept. Nothing in it is bad enough to stop
    /// reading early.
    pub(crate) fn grade(&self, chars: usize) -> Shot {
        const SAID: &str = "快递员态度一般，等了两天还没有人联系我。The parcel was late and nobody \
            called me back, 希望尽快处理，没有起火也没有受伤。";
        let key = format!("Bearer {}", self.agent);
        let text: String = SAID.chars().cycle().take(chars).collect();
        let body = json!({ "text": text }).to_string();
        Rc::new(move |_| request("POST", "/v1/complaints/grade", &key, "", body.clone()))
    }

    /// A complaint that staff key in.
    pub(crate) fn complain(&self) -> Shot {
        let key = format!("Bearer {}", self.agent);
        let run = run();
        Rc::new(move |number| {
            let text = format!("包裹 {number} 晚到了三天，打电话也没有人接");
            let body = json!({ "text": text, "channel": "phone" }).to_string();
            request("POST", "/v1/complaints", &key, &format!("{run}-c-{number}"), body)
        })
    }

    /// The empty component, asked as a submission is.
    pub(crate) fn empty(&self) -> Shot {
        let submit = self.submit();
        Rc::new(move |number| {
            let mut request = submit(number);
            *request.uri_mut() = http::Uri::from_static("/empty");
            request
        })
    }

    /// A reading of scores over the last `days` days, never the same twice in a row.
    pub(crate) fn reading(&self, path: &'static str, days: i64) -> Shot {
        let key = format!("Bearer {}", self.agent);
        let today = domain::civil::day_of(now_ms());
        Rc::new(move |number| {
            let last = i64::from(today) - i64::try_from(number % 2).unwrap_or(0);
            let date = |day: i64| domain::civil::date(i32::try_from(day).unwrap_or(0));
            let (from, to) = (date(last - days + 1), date(last));
            let mut request =
                request("GET", &format!("{path}from={from}&to={to}"), &key, "", String::new());
            let anew = http::HeaderValue::from_static("no-cache");
            request.headers_mut().insert(http::header::CACHE_CONTROL, anew);
            request
        })
    }

    /// A page that begins after everything taken in the last five seconds.
    pub(crate) fn list_below(&self) -> Shot {
        let after = domain::id::Kind::Response.id(now_ms() - 5_000, [0; 16]);
        get(format!("/v1/studies/{}/responses?after={after}", self.survey), &self.agent)
    }

    /// The newest responses.
    pub(crate) fn list(&self) -> Shot {
        get(format!("/v1/studies/{}/responses", self.survey), &self.agent)
    }
}

/// The id of the question about a touchpoint.
pub(crate) fn rating(at: usize) -> String {
    format!("rating_{at}")
}

pub(crate) fn now_ms() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(0)
}

/// Tells the runs of one server's database apart.
fn run() -> String {
    let mut bytes = [0; 6];
    // Keys that come again would show as errors of the server.
    let _ = getrandom::fill(&mut bytes);
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

fn answer(number: u64) -> Value {
    let channels = ["web", "app", "wechat", "store"];
    let channel = channels.get(usize::try_from(number % 4).unwrap_or(0));
    json!({
        "channel": channel,
        "language": "zh-CN",
        "answers": {
            "recommend": number * 7 % 11,
            "why": format!("第 {number} 单：配送比说好的时间晚了一些，别的都很好。"),
        },
    })
}

fn get(path: String, key: &str) -> Shot {
    let key = format!("Bearer {key}");
    Rc::new(move |_| request("GET", &path, &key, "", String::new()))
}

fn request(method: &str, path: &str, key: &str, name: &str, body: String) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("authorization", key);
    if !body.is_empty() {
        request = request.header("content-type", "application/json");
    }
    if !name.is_empty() {
        request = request.header("idempotency-key", name);
    }
    // Ids and keys of ours are header values and path segments.
    request.body(Full::new(body.into())).unwrap_or_default()
}

fn text(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("the answer has no {name}"))?.to_owned())
}

fn put(into: &mut Value, name: &str, value: Value) {
    if let Some(into) = into.as_object_mut() {
        into.insert(name.to_owned(), value);
    }
}
