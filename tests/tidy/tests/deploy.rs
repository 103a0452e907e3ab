//! What is in `deploy/` must fit what is served.

use std::collections::BTreeSet;

use tidy::{file, none, toml};

/// Files that call the tick, all of it.
const CALLERS: [&str; 2] =
    ["deploy/kubernetes/tick-cronjob.yaml", "deploy/systemd/huiyin-tick.service"];
/// How the tick is called there.
const CALL: &str = "HUIYIN_URL";

const TICK: &str = "/internal/tick";

fn is_ticked(path: &str) -> bool {
    path.strip_prefix(TICK).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[test]
fn whoever_calls_the_tick_calls_all_of_it() {
    let manifest = toml("spin.toml");
    let triggers = manifest["trigger"]["http"].as_array().expect("[[trigger.http]]");
    let routes = triggers.iter().filter_map(|it| it.get("route")?.as_str());
    let routes: BTreeSet<&str> = routes.filter(|it| is_ticked(it)).collect();
    let mut found = Vec::new();
    for caller in CALLERS {
        let calls = file(caller).text.split(CALL).skip(1);
        let calls = calls.map(|it| it.trim_start_matches('}'));
        let calls = calls.map(|it| it.split(['"', '\\', ' ', '\n']).next().unwrap_or(""));
        let calls: Vec<&str> = calls.filter(|it| is_ticked(it)).collect();
        let called: BTreeSet<&str> = calls.iter().copied().collect();
        let missing = routes.difference(&called);
        found.extend(missing.map(|it| format!("{caller} does not call {it}")));
        let unknown = called.difference(&routes);
        found.extend(unknown.map(|it| format!("{caller} calls {it}, which is no route")));
        if called.len() != calls.len() {
            found.push(format!("{caller} calls a route twice"));
        }
    }
    none(found, "name every route of spin.toml below /internal/tick, and no other");
}
