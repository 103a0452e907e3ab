//! The commands of both READMEs that talk to a server, one after the other.

use std::fs;
use std::process::Command;

use serde_json::json;

use super::{blocks, delivery, read};
use crate::server::{Server, Temporary, date, leave_out};
use crate::site::{Site, text};

/// Commands that build or serve for minutes; `tidy` reads them.
const READ: [&str; 3] = ["cargo ", "export SPIN_", "HUIYIN_URL="];
/// What stands before the commands: a refusal ends them, and is shown.
const STRICT: &str = r#"set -euo pipefail
curl() {
  case " $* " in
    *" -fsS "*) command curl "$@" ;;
    *) command curl -sS --fail-with-body "$@" ;;
  esac
  echo
}"#;
const ANSWERS: &str = "id,Customer Type,Inflight wifi service,Checkin service,satisfaction\n\
    1,Loyal Customer,4,5,satisfied\n2,disloyal Customer,0,3,neutral or dissatisfied\n";

/// The survey that the mapping of the READMEs is of.
const FLIGHT: &str = r#"{
  "default_language": "en", "title": { "en": "Your flight" }, "touchpoint_id": "{shop}",
  "questions": [
    { "id": "wifi", "type": "rating", "text": { "en": "The wifi?" } },
    { "id": "checkin", "type": "rating", "text": { "en": "Check-in?" } },
    { "id": "overall", "type": "single_choice", "text": { "en": "In all?" }, "options": [
      { "id": "yes", "text": { "en": "Satisfied" } },
      { "id": "no", "text": { "en": "Not satisfied" } } ] }
  ]
}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_of_the_english_readme_work() {
    check_commands("README.md").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_of_the_chinese_readme_work() {
    check_commands("docs/README.zh-CN.md").await;
}

async fn check_commands(readme: &str) {
    let server = Server::any();
    let Some(tick_key) = server.tick_key.clone() else {
        leave_out(&format!("the commands of {readme}, for want of a tick key"));
        return;
    };
    let mut site = Site::with_survey(&server).await;
    let study = site.publish("Flight", FLIGHT).await;
    site.name("flight", &study);
    let mapping = blocks(&read(readme), "json").into_iter().next().expect("the mapping").code;
    site.json(&format!(
        "PUT /v1/studies/{{flight}}/mapping\nauthorization: Bearer {{manager}}\n\n{mapping}"
    ))
    .await;
    let body = json!({ "name": "Lan" });
    let agent = text(&site.make("manager", "lan", "/v1/agents", body).await, "id").to_owned();
    let body = json!({ "name": "Visit", "length_min": 15, "is_public": true });
    let made = site.make("manager", "visit", "/v1/services", body).await;
    let service = text(&made, "id").to_owned();
    let folder = Temporary::new();
    fs::write(folder.path().join("answers.csv"), ANSWERS).unwrap();
    // A Tuesday that is still to come, and the Saturday after it.
    let tuesday = date(&date("now", "+1 day"), "weekday 2");
    let saturday = date(&tuesday, "+4 days");
    let commands = blocks(&read(readme), "sh").into_iter().map(|it| it.code);
    let commands = commands.filter(|it| !READ.iter().any(|begin| it.starts_with(begin)));
    let mut count = 0;
    for command in commands {
        let command = command
            .replace("svc_…", &service)
            .replace("2026-11-24", &tuesday)
            .replace("2026-11-28", &saturday);
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("{STRICT}\n{command}")]).current_dir(folder.path());
        bash.env("HUIYIN_URL", &server.base).env("KEY", site.named("admin"));
        bash.env("STUDY", &study).env("AGENT", &agent).env("SERVICE", &service);
        bash.env("SPIN_VARIABLE_TICK_KEY", &tick_key);
        let Ok(done) = bash.output() else {
            leave_out(&format!("the commands of {readme}, for want of bash"));
            return;
        };
        let (out, err) = (&done.stdout, &done.stderr);
        let (out, err) = (String::from_utf8_lossy(out), String::from_utf8_lossy(err));
        assert!(done.status.success(), "{readme}:\n{command}\n{out}\n{err}");
        count += 1;
    }
    assert_eq!(count, 5, "{readme}: import, webhook, complaint, call-backs, tick");
}

/// The receiver that both READMEs show takes what is ours, and that alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_receiver_of_the_readmes_knows_what_is_ours() {
    let server = Server::any();
    let mut site = Site::with_survey(&server).await;
    let folder = Temporary::new();
    let secret = delivery(&server, &mut site, folder.path()).await;
    for readme in ["README.md", "docs/README.zh-CN.md"] {
        let block = blocks(&read(readme), "js").into_iter().next().expect("the receiver").code;
        let program = format!(
            "const secret = process.env.SECRET;\n{block}\n\
             const {{ headers, body }} = JSON.parse((await import('node:fs')).readFileSync(\
             'delivery.json', 'utf8'));\n\
             console.log(isOurs(headers, body), isOurs(headers, `${{body}} `));\n"
        );
        let file = folder.path().join("receiver.mjs");
        fs::write(&file, program).unwrap();
        let mut node = Command::new("node");
        node.arg(&file).env("SECRET", &secret).current_dir(folder.path());
        let Ok(done) = node.output() else {
            leave_out(&format!("the receiver of {readme}, for want of Node"));
            return;
        };
        let err = String::from_utf8_lossy(&done.stderr);
        assert_eq!(String::from_utf8_lossy(&done.stdout), "true false\n", "{readme}: {err}");
    }
}
