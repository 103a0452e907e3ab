//! What customers write is read soon after, without who they are; what they say together is
//! found; and what staff say of it is learnt. And what is out of order raises an alarm.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Server, leave_out};
use crate::site::{Site, items, text};

/// How long a comment may take to be read.
const LONGEST: Duration = Duration::from_secs(90);

/// Lets the work of a route be done; `None` where nobody knows the key.
async fn tick(server: &Server, site: &Site, part: &str) -> Option<Value> {
    let key = server.tick_key.clone()?;
    let request = format!("POST /internal/tick{part}\nauthorization: Bearer {key}");
    Some(site.json(&request).await)
}

/// Twelve unhappy customers and twelve happy ones.
async fn answer(site: &Site) {
    // Each has fewer letters than are compared: a longer one said twelve times would count once.
    let firsts = ["今天", "这次又", "居然", "昨晚", "真的", "说好了还"];
    for at in 0..12 {
        let first = firsts[at % 6];
        let bad = format!("{first}快递太慢，包裹破了，电话 1381234567{}", at % 10);
        let good = format!("{first}客服态度特别好，很耐心，第 {at} 次买了");
        for (kind, nps, why) in [("bad", 2, bad), ("good", 10, good)] {
            let body = json!({ "version": 1, "answers": {
                "recommend": nps, "quality": if nps == 2 { 1 } else { 5 }, "why": why } });
            let answer = site.submit(&format!("{kind}-{at}"), &body).await;
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
    }
}

async fn read(server: &Server, site: &Site, wanted: usize) -> Vec<Value> {
    let began = Instant::now();
    loop {
        tick(server, site, "/reader").await;
        let list = site.get("agent", "/v1/comments?limit=100").await;
        if wanted <= items(&list).len() {
            return items(&list).to_vec();
        }
        assert!(began.elapsed() < LONGEST, "{} of {wanted} comments", items(&list).len());
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_customers_write_is_read_digested_and_learnt_from() {
    let server = Server::any();
    if server.tick_key.is_none() {
        leave_out("comments are read by the tick: HUIYIN_TICK_KEY is not set");
        return;
    }
    let site = Site::with_survey(&server).await;
    answer(&site).await;
    let comments = read(&server, &site, 24).await;
    for comment in &comments {
        let (written, verdict) = (text(comment, "text"), text(comment, "verdict"));
        assert!(!written.contains("138"), "personal data is hidden: {written}");
        let is_bad = written.contains("快递");
        assert_eq!(verdict, if is_bad { "low" } else { "high" }, "{comment}");
        let feeling = comment["sentiment"].as_f64().unwrap();
        assert_eq!(is_bad, feeling < 0.0, "{comment}");
    }
    let kinds = ["delivery", "service"];
    for topic in kinds {
        let list = site.get("agent", &format!("/v1/comments?topic={topic}&limit=100")).await;
        assert!(6 <= items(&list).len(), "{topic}: {list}");
    }
    // Other journeys' sites may come first, a few at a time.
    let began = Instant::now();
    let keywords = loop {
        tick(&server, &site, "/gist").await;
        let found = site.get("viewer", "/v1/keywords?side=low").await;
        if !found["as_of"].is_null() {
            break found;
        }
        assert!(began.elapsed() < LONGEST, "no digest");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let terms: Vec<&str> = items(&keywords).iter().map(|it| text(it, "term")).collect();
    assert!(terms.iter().any(|it| it.contains("快递")), "{terms:?}");
    assert!(!terms.iter().any(|it| it.contains("耐心")), "{terms:?}");
    let alike = site.get("agent", "/v1/keywords/alike").await;
    assert!(2 <= items(&alike)[0]["comments"].as_u64().unwrap(), "{alike}");
    teach(&server, &site, &comments).await;
}

/// Staff call them by names of their own, and from then on so does the model.
async fn teach(server: &Server, site: &Site, comments: &[Value]) {
    for comment in comments {
        let own = if text(comment, "text").contains("快递") { "时效" } else { "态度" };
        let patch = format!("PATCH /v1/comments/{}", text(comment, "id"));
        let body = json!({ "topic": own });
        let said = site.json(&format!("{patch}\nauthorization: Bearer {{agent}}\n\n{body}")).await;
        assert_eq!((&said["topic"], &said["said"]), (&json!(own), &json!(["topic"])));
    }
    site.post("manager", "/v1/models/topic/train", Value::Null).await;
    let began = Instant::now();
    let model = loop {
        tick(server, site, "/gist").await;
        let model = site.get("viewer", "/v1/models/topic").await;
        if model["source"] == "trained" {
            break model;
        }
        assert!(began.elapsed() < LONGEST, "{model}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!((&model["examples"], &model["version"]), (&json!(24), &json!(1)));
    assert!(0.9 <= model["accuracy"].as_f64().unwrap(), "{model}");
    let body = json!({ "version": 1, "answers": { "recommend": 3, "why": "快递又晚到了，太慢" } });
    assert_eq!(site.submit("later", &body).await.status, 201);
    let comments = read(server, site, 25).await;
    assert_eq!(comments[0]["topic"], "时效", "{}", comments[0]);
    let audit = format!("/v1/comments/{}/audit/verify", text(&comments[1], "id"));
    assert_eq!(site.get("viewer", &audit).await["is_intact"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_touchpoint_under_target_raises_one_alarm_that_clears_itself() {
    let Some(server) = Server::ours("the alarms are looked after every ten minutes") else {
        return;
    };
    let site = Site::with_survey(&server).await;
    for at in 0..40 {
        let body = json!({ "version": 1, "answers": { "recommend": 5, "quality": 1 + at % 4 } });
        assert_eq!(site.submit(&format!("a{at}"), &body).await.status, 201);
    }
    tick(&server, &site, "").await;
    let alarms = site.get("viewer", "/v1/alarms?state=open").await;
    let [alarm] = items(&alarms) else { panic!("{alarms}") };
    assert_eq!(
        (text(alarm, "kind"), text(alarm, "touchpoint_id")),
        ("under_target", site.named("delivery"))
    );
    assert_eq!((&alarm["numbers"]["value"], &alarm["numbers"]["n"]), (&json!(25.0), &json!(40)));
    let audit = site.get("viewer", "/v1/drivers?by=touchpoint").await;
    assert_eq!(audit["items"][0]["name"], "delivery");
}
