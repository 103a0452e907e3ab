//! A world with a site in it: keys of every role, a touchpoint, an agent, a published survey.

use domain::event::{Event, ORIGIN};
use ports::{Env, Sql, Statement};
use store::Entity;
use store::agents::{self, Agent};
use store::customers::{self, Customer};
use store::events;
use store::keys::{self, Key};
use store::responses::{self, Submission};
use store::sites::{self, Site};
use store::studies::{self, Study};
use store::touchpoints::{self, Touchpoint};

use crate::World;

/// What the seeded survey asks.
pub const DEFINITION: &str = r#"{
  "default_language": "zh-CN",
  "title": { "zh-CN": "订单回访", "en": "Your order" },
  "touchpoint_id": "tch_shop",
  "questions": [
    { "id": "recommend", "type": "nps", "text": { "zh-CN": "推荐吗？" }, "required": true },
    { "id": "quality", "type": "rating", "points": 5, "text": { "zh-CN": "质量" } },
    { "id": "easy", "type": "effort", "text": { "zh-CN": "方便吗？" } },
    { "id": "many", "type": "multiple_choice", "text": { "zh-CN": "哪些？" }, "options": [
      { "id": "a", "text": { "zh-CN": "甲" } }, { "id": "b", "text": { "zh-CN": "乙" } } ] },
    { "id": "why", "type": "text", "text": { "zh-CN": "为什么？" }, "max_length": 200 }
  ]
}"#;

impl World {
    /// A world with the site `sit_shop`. `{admin}`, `{manager}`, `{agent}` and `{viewer}` stand
    /// for secret keys, `{pk}` for the publishable one; `{other}` is an admin of another site.
    pub fn with_site() -> World {
        let world = World::new();
        let now = world.now();
        for id in ["sit_shop", "sit_other"] {
            world.run(sites::insert(&Site {
                id: id.into(),
                version: 1,
                name: "鹿鸣".into(),
                zone: "Asia/Shanghai".into(),
                origins: r#"["https://shop.example"]"#.into(),
                minimum_n: 5,
                weights: "{}".into(),
                languages: r#"["zh-CN","en"]"#.into(),
                retention: "{}".into(),
                created_at: now,
                updated_at: now,
            }));
        }
        for role in ["admin", "manager", "agent", "viewer"] {
            world.key(role, "sit_shop", "secret", role);
        }
        world.key("pk", "sit_shop", "publishable", "");
        world.key("other", "sit_other", "secret", "admin");
        world.key("other_pk", "sit_other", "publishable", "");
        world.run(touchpoints::insert(&Touchpoint {
            id: "tch_shop".into(),
            site_id: "sit_shop".into(),
            version: 1,
            name: "门店".into(),
            stage: "purchase".into(),
            lifecycle: String::new(),
            channels: "[]".into(),
            is_key: false,
            target: 85,
            standards: "{}".into(),
            created_at: now,
            updated_at: now,
        }));
        world.run(agents::insert(&Agent {
            id: "agt_lan".into(),
            site_id: "sit_shop".into(),
            version: 1,
            name: "周岚".into(),
            department_id: String::new(),
            skills: "[]".into(),
            is_active: true,
            capacity: 20,
            is_specialist: false,
            calendar_id: String::new(),
            absences: "[]".into(),
            languages: "[]".into(),
            calls_per_day: 0,
            feed: 0,
            created_at: now,
            updated_at: now,
        }));
        world.publish();
        world
    }

    fn key(&self, name: &str, site_id: &str, kind: &str, role: &str) {
        let prefix = if kind == "secret" { "sk" } else { "pk" };
        let token = format!("{prefix}_{name}");
        self.name(name, &token);
        let key = Key {
            id: format!("key_{name}"),
            site_id: site_id.into(),
            version: 1,
            name: name.into(),
            kind: kind.into(),
            role: role.into(),
            agent_id: String::new(),
            public: if kind == "secret" { String::new() } else { token.clone() },
            created_at: self.now(),
            expires_at: None,
            revoked_at: None,
        };
        self.run(keys::insert(&key, hash(&token)));
    }

    /// Publishes [`DEFINITION`] as `srv_shop`.
    fn publish(&self) {
        let study = Study {
            id: "srv_shop".into(),
            site_id: "sit_shop".into(),
            version: 1,
            name: "订单".into(),
            state: "open".into(),
            published: 1,
            draft: DEFINITION.into(),
            mapping: String::new(),
            created_at: self.now(),
            updated_at: self.now(),
        };
        self.run(studies::insert(&study));
        self.run(studies::publish(&study));
        self.run(events::append(&Event {
            id: "evt_seed".into(),
            site_id: "sit_shop".into(),
            subject: study.id,
            version: 1,
            kind: "study.created",
            actor: "admin".into(),
            at: self.now(),
            data: "{}".into(),
            previous: ORIGIN,
        }));
    }

    /// Publishes [`DEFINITION`] once more, with further members such as `"response_limit": 9`.
    pub fn publish_with(&self, members: &str) {
        let definition = DEFINITION.trim_end_matches('}').trim_end();
        let definition = format!("{definition}, {members} }}");
        serde_json::from_str::<serde_json::Value>(&definition).expect("a definition");
        let number = self.number("select published + 1 from study where id = 'srv_shop'");
        let found = pollster::block_on(self.sql().fetch(Study::by_id("sit_shop", "srv_shop")));
        let mut study = found.expect("a database").expect("a survey");
        study.version += 1;
        study.published = number;
        study.draft = definition;
        self.run(studies::update(&study));
        self.run(studies::publish(&study));
        self.made("study.published", &study.id, study.version);
    }

    /// Makes a customer of `sit_shop`, who speaks Chinese, and returns their id.
    pub fn customer(&self, external_id: &str, group: &str, has_consent: bool) -> String {
        let id = domain::id::Kind::Customer.id(self.now(), ports::Env::random(self));
        self.run(customers::insert(&Customer {
            id: id.clone(),
            site_id: "sit_shop".into(),
            version: 1,
            external_id: external_id.into(),
            group: group.into(),
            adviser_id: String::new(),
            zone: String::new(),
            language: "zh-CN".into(),
            has_consent,
            erased_at: None,
            created_at: self.now(),
            updated_at: self.now(),
        }));
        self.made("customer.created", &id, 1);
        id
    }

    /// Writes the event of something that the seed did.
    fn made(&self, kind: &'static str, subject: &str, version: i64) {
        let seal = events::seal(subject, version - 1);
        let seal = pollster::block_on(self.sql().fetch(seal)).expect("a database");
        self.run(events::append(&Event {
            id: format!("evt_{subject}_{version}"),
            site_id: "sit_shop".into(),
            subject: subject.to_owned(),
            version,
            kind,
            actor: "admin".into(),
            at: self.now(),
            data: "{}".into(),
            previous: seal.unwrap_or(ORIGIN),
        }));
    }

    /// Brings one answer to `srv_shop` with this score of a scale.
    pub fn answered(&self, given: &Given<'_>, value: u8) {
        self.answered_all(&[(*given, value)]);
    }

    /// Brings one response with several scores; the first one is its overall verdict if it is
    /// an NPS. What is not about one score is taken from the first.
    pub fn answered_all(&self, scores: &[(Given<'_>, u8)]) -> String {
        let source = scores.first().expect("a score").0.source;
        let (id, row) = self.row(scores);
        self.run(responses::import(&submission(&row, source)));
        id
    }

    /// The same by the statement that takes responses of the public, cells of the tally included.
    pub fn submitted(&self, scores: &[(Given<'_>, u8)]) -> String {
        let (id, row) = self.row(scores);
        self.run(responses::submit_page(&submission(&row, "page"), responses::CELLS, 1));
        id
    }

    /// A response as the view `intake` takes it, in an array, and its id.
    pub fn row(&self, scores: &[(Given<'_>, u8)]) -> (String, String) {
        let id = domain::id::Kind::Response.id(self.now(), ports::Env::random(self));
        let hash = "00".repeat(32);
        let given = scores.first().expect("a score").0;
        let data = serde_json::json!({
            "survey_id": "srv_shop", "survey_version": 1, "channel": given.channel,
            "group": given.group, "language": "zh-CN", "agent_id": given.agent,
            "answered_at": "2026-11-22T01:30:00Z", "screened": [], "scores": told(scores),
        });
        let scores: Vec<serde_json::Value> = scores
            .iter()
            .enumerate()
            .map(|(at, (it, value))| {
                let (metric, points) = it.scale;
                let is_overall = u8::from(at == 0 && metric == "nps");
                serde_json::json!([
                    it.question,
                    it.touchpoint,
                    it.dimension,
                    metric,
                    points,
                    value,
                    is_overall
                ])
            })
            .collect();
        let event = Event {
            id: format!("evt_{id}"),
            site_id: "sit_shop".into(),
            subject: id.clone(),
            version: 1,
            kind: "response.created",
            actor: "public".into(),
            at: 0,
            data: data.to_string(),
            previous: ORIGIN,
        };
        let row = serde_json::json!([[
            id,
            1,
            if given.key.is_empty() { &id } else { given.key },
            hash,
            given.channel,
            given.group,
            "zh-CN",
            given.customer_id,
            given.agent,
            given.answers,
            0,
            0,
            given.day,
            given.fingerprint,
            event.id,
            event.data,
            domain::id::hex(&event.hash()),
            scores,
            given.screened,
            u8::from(!given.is_broken_off),
            null,
            null,
            given.cells,
            [],
        ]]);
        (id, row.to_string())
    }

    /// Writes comments as the reader would, given the columns that differ from the usual, and
    /// beside each the response to `srv_shop` that it belongs to.
    pub fn commented(&self, comments: &[serde_json::Value]) {
        let mut rows = Vec::new();
        for comment in comments {
            let mut row = serde_json::json!({
                "site_id": "sit_shop", "question_id": "why", "study_id": "srv_shop",
                "touchpoint_id": "tch_shop", "channel": "", "language": "zh-CN",
                "day": Given::default().day, "text": "等了很久", "verdict": "low",
                "sentiment": -75, "topic": "waiting", "needs_review": 0, "counted": 1,
            });
            for (name, value) in comment.as_object().expect("an object of columns") {
                row[name] = value.clone();
            }
            let response = "insert into response (id, site_id, study_id, study_version,
                   idempotency_key, request_hash, source, channel, customer_group, language,
                   customer_id, agent_id, answers, answered_at_ms, received_at_ms, day,
                   fingerprint, screened, counted)
                 select ?1 ->> 'response_id', ?1 ->> 'site_id', ?1 ->> 'study_id', 1,
                   ?1 ->> 'response_id', zeroblob(32), 'api', '', '', 'zh-CN', '', '',
                   '{\"why\":\"\"}', 0, 0, ?1 ->> 'day', '', '', 1
                 where true on conflict do nothing";
            let inserted = self.database().execute(response, [row.to_string()]);
            inserted.expect("a response of the seed");
            rows.push(row);
        }
        self.run(store::comments::write(&serde_json::Value::Array(rows).to_string()));
    }

    /// Runs a statement of the store.
    pub fn run(&self, statement: Statement) {
        pollster::block_on(self.sql().rows(statement)).expect("a statement of the seed");
    }

    /// A number from the database, such as a count.
    pub fn number(&self, sql: &str) -> i64 {
        self.database().query_row(sql, [], |row| row.get(0)).expect("a number")
    }
}

/// Scores as the event of their response tells them.
fn told(scores: &[(Given<'_>, u8)]) -> Vec<serde_json::Value> {
    let told = scores.iter().map(|(it, value)| {
        let (metric, points) = it.scale;
        serde_json::json!({
            "question_id": it.question, "metric": metric, "points": points, "value": value,
            "touchpoint_id": it.touchpoint, "dimension": it.dimension,
        })
    });
    told.collect()
}

/// An answer that a test needs to be there; see [`World::answered`].
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The metric and the points of its scale.
    pub scale: (&'a str, u8),
    /// The question.
    pub question: &'a str,
    /// The touchpoint.
    pub touchpoint: &'a str,
    /// The dimension.
    pub dimension: &'a str,
    /// The day's number.
    pub day: i64,
    /// The channel.
    pub channel: &'a str,
    /// The customer's group.
    pub group: &'a str,
    /// The customer.
    pub customer_id: &'a str,
    /// Who served the customer.
    pub agent: &'a str,
    /// The answers, as JSON.
    pub answers: &'a str,
    /// What no second response may share; empty for nothing.
    pub fingerprint: &'a str,
    /// Why it is screened out, parted by commas; empty if it is not.
    pub screened: &'a str,
    /// How it came.
    pub source: &'a str,
    /// Its key; empty for its id.
    pub key: &'a str,
    /// Whether its visitor went away before the end.
    pub is_broken_off: bool,
    /// The cells of the tally that it would count in, and the most of each.
    pub cells: &'a [(&'a str, i64)],
}

impl Default for Given<'_> {
    fn default() -> Self {
        Given {
            scale: ("csat", 5),
            question: "q",
            touchpoint: "tch_shop",
            dimension: "",
            day: 20_778,
            channel: "web",
            group: "",
            customer_id: "",
            agent: "",
            answers: "{}",
            fingerprint: "",
            screened: "",
            source: "import",
            key: "",
            is_broken_off: false,
            cells: &[],
        }
    }
}

fn submission<'a>(rows: &str, source: &'a str) -> Submission<'a> {
    Submission {
        rows: rows.to_owned(),
        site_id: "sit_shop",
        study_id: "srv_shop",
        source,
        actor: "public",
    }
}

fn hash(token: &str) -> [u8; 32] {
    domain::id::token_hash(token)
}
