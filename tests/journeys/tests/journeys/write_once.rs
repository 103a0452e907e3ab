//! Whatever is sent twice happens once, however many sockets it comes on at the same moment.

use std::collections::{BTreeMap, BTreeSet};

use runner::client::Answer;
use serde_json::{Value, json};

use crate::server::Server;
use crate::site::{Site, fresh, header, items, json, submission, text};

/// Requests that race.
const SAME: usize = 50;
/// Submissions that have nothing to do with each other.
const DIFFERENT: usize = 64;

/// Sends all of these at the same time, each on a connection of its own.
async fn at_once(site: &Site, transcripts: Vec<String>) -> Vec<Answer> {
    let sent = transcripts.into_iter().map(|transcript| {
        let site = site.clone();
        tokio::spawn(async move { site.send(&transcript).await })
    });
    let sent: Vec<_> = sent.collect();
    let mut answers = Vec::with_capacity(sent.len());
    for answer in sent {
        answers.push(answer.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_submissions_with_one_key_are_one_response() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let key = fresh("once");
    let body = r#"{ "version": 1, "channel": "app", "answers": { "recommend": 9, "quality": 5 } }"#;
    let answers = at_once(&site, vec![submission(&key, body); SAME]).await;
    let bodies: BTreeSet<String> = answers.iter().map(Answer::text).collect();
    assert!(answers.iter().all(|it| it.status == 201), "{bodies:?}");
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let first = answers.iter().filter(|it| header(it, "idempotent-replayed").is_empty());
    assert_eq!(first.count(), 1, "one of them was the first");
    check_one(&server, &site, &answers[0]).await;

    let before = server.written(&[&site]).await;
    let body = body.replace('9', "8");
    for other in at_once(&site, vec![submission(&key, &body); SAME]).await {
        assert_eq!(other.status, 422);
        assert_eq!(json(&other)["type"], "/problems/idempotency-key-reused");
    }
    assert_eq!(server.written(&[&site]).await, before);
    check_one(&server, &site, &answers[0]).await;
}

/// One response, one event, one count.
async fn check_one(server: &Server, site: &Site, answer: &Answer) {
    let id = text(&json(answer), "id").to_owned();
    let list = site.get("agent", "/v1/studies/{survey}/responses").await;
    let ids: Vec<&str> = items(&list).iter().map(|it| text(it, "id")).collect();
    assert_eq!(ids, [id.as_str()]);
    let path = format!("/v1/studies/{{survey}}/responses/{id}/audit");
    assert_eq!(items(&site.get("viewer", &path).await).len(), 1);
    let counted =
        [("/v1/nps", 1), ("/v1/csat?channel=app", 1), ("/v1/csat?touchpoint={delivery}", 1)];
    for (path, n) in counted {
        assert_eq!(site.get("viewer", path).await["n"], n, "{path}");
    }
    server.check_number("select count(*) from response", 1);
    server.check_number("select count(*) from score", 2);
    server.check_number("select count(*) from event where kind = 'response.created'", 1);
    server.check_number("select max(n) from rollup", 1);
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_different_submissions_at_once_are_sixty_four() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let one = |number: usize| {
        let body = json!({ "version": 1, "answers": { "recommend": number % 11, "quality": 4 } });
        submission(&fresh("each"), &body.to_string())
    };
    let answers = at_once(&site, (0..DIFFERENT).map(one).collect()).await;
    let ids: BTreeSet<String> = answers.iter().map(|it| text(&json(it), "id").to_owned()).collect();
    assert!(answers.iter().all(|it| it.status == 201));
    assert_eq!(ids.len(), DIFFERENT);
    let nps = site.get("viewer", "/v1/nps").await;
    assert_eq!(nps["n"], DIFFERENT);
    for value in 0..11 {
        let expected = (0..DIFFERENT).filter(|it| it % 11 == value).count();
        assert_eq!(nps["distribution"][value.to_string()], expected, "{value}");
    }
    assert_eq!(site.get("viewer", "/v1/csat?touchpoint={delivery}").await["n"], DIFFERENT);
    server.check_number("select count(*) from response", 64);
    server.check_number("select count(*) from event where kind = 'response.created'", 64);
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_staff_writes_with_one_key_make_one_department() {
    let server = Server::any();
    let site = Site::new(&server).await;
    let write = |name: &str, key: &str| {
        format!(
            "POST /v1/departments\nauthorization: Bearer {{manager}}\nidempotency-key: {key}\n\n\
             {{\"name\": \"{name}\"}}"
        )
    };
    let answers = at_once(&site, vec![write("客服", "\"d-1\""); SAME]).await;
    let told: BTreeMap<(u16, String, String), usize> =
        answers.iter().fold(BTreeMap::new(), |mut told, it| {
            let location = header(it, "location").to_owned();
            *told.entry((it.status.as_u16(), location, it.text())).or_default() += 1;
            told
        });
    assert_eq!(told.len(), 1, "all fifty get one answer: {told:#?}");
    assert!(answers.iter().all(|it| it.status == 201));
    let list = site.get("viewer", "/v1/departments").await;
    assert_eq!(items(&list).len(), 1);
    let other = site.send(&write("品控", "\"d-1\"")).await;
    assert_eq!(other.status, 422);
    assert_eq!(json(&other)["type"], "/problems/idempotency-key-reused");
    assert_eq!(site.get("viewer", "/v1/departments").await, list);
    server.check_number("select count(*) from event where kind = 'department.created'", 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_changes_to_one_version_one_wins_and_the_rest_are_told() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let change = |target: usize| {
        format!(
            "PATCH /v1/touchpoints/{{shop}}\nauthorization: Bearer {{manager}}\n\
             if-match: \"v1\"\n\n{{\"target\": {target}}}"
        )
    };
    let answers = at_once(&site, (20..40).map(change).collect()).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 200);
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|it| it.status).collect::<Vec<_>>());
    // Refused by what it read, or by who committed in between.
    assert!(lost.iter().all(|it| it.status == 412 || it.status == 409));
    let shown = site.get("viewer", "/v1/touchpoints/{shop}").await;
    assert_eq!(shown, json(won[0]));
    let verdict = site.get("viewer", "/v1/touchpoints/{shop}/audit/verify").await;
    assert_eq!((&verdict["events"], &verdict["is_intact"]), (&json!(2), &Value::Bool(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_told_yes_while_a_survey_closes_is_counted_and_nobody_else() {
    let server = Server::any();
    let site = Site::with_survey(&server).await;
    let one = |number: usize| {
        let body = json!({ "version": 1, "answers": { "recommend": number % 11 } });
        submission(&fresh("close"), &body.to_string())
    };
    let mut all: Vec<String> = (0..DIFFERENT).map(one).collect();
    let close = "POST /v1/studies/{survey}/close\nauthorization: Bearer {manager}";
    all.insert(DIFFERENT / 4, close.to_owned());
    let mut answers = at_once(&site, all).await;
    assert_eq!(answers.remove(DIFFERENT / 4).status, 200);
    let (taken, late): (Vec<_>, Vec<_>) = answers.iter().partition(|it| it.status == 201);
    for answer in &late {
        assert_eq!(answer.status, 409, "{}", answer.text());
        assert_eq!(json(answer)["type"], "/problems/survey-closed");
    }
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], taken.len());
    for late in at_once(&site, (0..SAME).map(one).collect()).await {
        assert_eq!(late.status, 409, "{}", late.text());
    }
    assert_eq!(site.get("viewer", "/v1/nps").await["n"], taken.len());
    server.check_rollups();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_that_breaks_the_statement_of_many_fails_alone() {
    let Some(server) = Server::ours("a fault in the database") else { return };
    let site = Site::with_survey(&server).await;
    // No request of ours can do this; a fault of ours might.
    let fault = "create trigger fault before insert on response when new.channel = 'sms'
        begin select raise(abort, 'constraint failed: a fault'); end";
    server.database().unwrap().execute(fault, []).unwrap();
    let one = |number: usize| {
        let channel = if number.is_multiple_of(8) { "sms" } else { "web" };
        let answers = json!({ "recommend": number % 11, "quality": 4 });
        let body = json!({ "version": 1, "channel": channel, "answers": answers });
        submission(&fresh("alone"), &body.to_string())
    };
    let sent = (0..DIFFERENT).map(|number| {
        let (site, transcript) = (site.clone(), one(number));
        tokio::spawn(async move { site.status(&transcript).await })
    });
    for (number, status) in sent.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(
            status.await.unwrap(),
            if number.is_multiple_of(8) { 500 } else { 201 },
            "{number}"
        );
    }
    let taken = i64::try_from(DIFFERENT - DIFFERENT.div_ceil(8)).unwrap();
    server.check_number("select count(*) from response", taken);
    server.check_rollups();
}
