//! What is in `deploy/` must fit what is served.
//!
//! Nothing here runs a cluster, a proxy or Spin. Files are read as what they are for would read
//! them, and compared with `spin.toml` and with each other; where systemd, nginx or Caddy is
//! installed it has its say as well.

mod kubernetes;
mod spinkube;

use std::collections::BTreeSet;
use std::process::Command;

use tidy::{file, files, none, root, toml};

/// Files that call the tick, all of it.
const CALLERS: [&str; 2] =
    ["deploy/kubernetes/tick-cronjob.yaml", "deploy/systemd/huiyin-tick.service"];
/// How the tick is called there.
const CALL: &str = "HUIYIN_URL";

const TICK: &str = "/internal/tick";

fn is_ticked(path: &str) -> bool {
    path.strip_prefix(TICK).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The routes of the tick in `spin.toml`.
fn ticks() -> BTreeSet<String> {
    let manifest = toml("spin.toml");
    let triggers = manifest["trigger"]["http"].as_array().expect("[[trigger.http]]");
    let routes = triggers.iter().filter_map(|it| it.get("route")?.as_str());
    routes.filter(|it| is_ticked(it)).map(str::to_owned).collect()
}

#[test]
fn whoever_calls_the_tick_calls_all_of_it() {
    let routes = ticks();
    let routes: BTreeSet<&str> = routes.iter().map(String::as_str).collect();
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

#[test]
fn the_loop_in_both_readmes_calls_all_of_the_tick() {
    for readme in ["README.md", "docs/README.zh-CN.md"] {
        let line = file(readme).text.lines().find_map(|it| it.strip_prefix("for part in "));
        let parts = line.expect("the loop that calls the tick").trim_end_matches("; do");
        let parts = parts.split(' ').map(|it| format!("{TICK}{}", it.trim_matches('"')));
        assert_eq!(parts.collect::<BTreeSet<_>>(), ticks(), "{readme}");
    }
}

/// Files that something here runs, or reads as it will be read.
const TRIED: [&str; 4] = [
    "deploy/README.md",
    "deploy/runtime-config.toml",
    "deploy/systemd/huiyin-tick.service",
    "deploy/systemd/huiyin-tick.timer",
];

#[test]
fn what_nothing_here_can_run_says_so_at_its_top() {
    let says_so = |text: &str| {
        let top: Vec<&str> = text.lines().take(6).collect();
        let top = top.join(" ");
        top.contains("Untested") || top.contains("was started nowhere")
    };
    let ours = files().iter().filter(|it| it.path.starts_with("deploy/"));
    let bare = ours.filter(|it| !TRIED.contains(&it.path.as_str()) && !says_so(&it.text));
    none(bare.map(|it| it.path.clone()).collect(), "say it, or try it and add it to TRIED");
}

#[test]
fn whatever_is_set_is_a_variable() {
    let manifest = toml("spin.toml");
    let variables = manifest["variables"].as_table().expect("[variables]");
    let mut found = Vec::new();
    let ours = files().iter().filter(|it| it.path.starts_with("deploy/"));
    for it in ours.chain([file("docs/operate.md")]) {
        for after in it.text.split("SPIN_VARIABLE_").skip(1) {
            let is_part = |it: char| it.is_ascii_uppercase() || it == '_';
            let name = after.split(|it| !is_part(it)).next().unwrap_or("").to_ascii_lowercase();
            if !name.is_empty() && !variables.contains_key(&name) {
                found.push(format!("{} sets {name}, which is no variable of spin.toml", it.path));
            }
        }
    }
    none(found, "call it as spin.toml does");
}

#[test]
fn runtime_configurations_name_what_components_use() {
    let labels = |key: &str| -> BTreeSet<String> {
        let components = tidy::components();
        let all = components.values().filter_map(|it| it.get(key)?.as_array().cloned());
        all.flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
    };
    let (databases, stores) = (labels("sqlite_databases"), labels("key_value_stores"));
    let mut found = Vec::new();
    let configs = files().iter().filter(|it| it.path.starts_with("deploy/"));
    for it in configs.filter(|it| it.has_ending(&["toml"])) {
        let config = toml(&it.path);
        let mut of = |table: &str, known: &BTreeSet<String>, kind: &str, fields: &[&str]| {
            let Some(named) = config.get(table).and_then(toml::Value::as_table) else { return };
            for (label, store) in named {
                let store = store.as_table().expect("a table");
                let names: BTreeSet<&str> = store.keys().map(String::as_str).collect();
                let is_right = known.contains(label)
                    && store["type"].as_str() == Some(kind)
                    && names == fields.iter().copied().collect()
                    // Spin refuses libsql://.
                    && store["url"].as_str().is_some_and(|it| {
                        ["http://", "https://", "redis://"].iter().any(|its| it.starts_with(its))
                    });
                if !is_right {
                    found.push(format!("{}: {table}.{label}", it.path));
                }
            }
        };
        of("sqlite_database", &databases, "libsql", &["type", "url", "token"]);
        of("key_value_store", &stores, "redis", &["type", "url"]);
        let known = ["sqlite_database", "key_value_store", "outbound_networking"];
        let unknown = config.keys().filter(|name| !known.contains(&name.as_str()));
        found.extend(unknown.map(|name| format!("{}: {name}", it.path)));
        if config["outbound_networking"]["block_networks"].as_array().is_none_or(Vec::is_empty) {
            found.push(format!("{}: webhooks reach private addresses", it.path));
        }
    }
    none(
        found,
        "mend it: labels as in spin.toml, kinds and fields as Spin's runtime configuration",
    );
}

/// How much any component takes, and some more for the headers of a form.
const BODY_MB: &str = "9";

#[test]
fn proxies_hide_what_is_ours_and_pass_on_who_came() {
    let (caddy, nginx) = (file("deploy/proxy/Caddyfile"), file("deploy/proxy/nginx.conf"));
    let mut found = Vec::new();
    for (it, wanted) in [
        (caddy, "@inner path /internal/* /metrics /.well-known/spin/*"),
        (caddy, "header_up X-Forwarded-For {http.request.remote.host}"),
        (caddy, "header_up X-Forwarded-Proto {http.request.scheme}"),
        (caddy, &format!("max_size {BODY_MB}MB")),
        (caddy, "read_header 10s"),
        (caddy, "Strict-Transport-Security"),
        (nginx, r"location ~ ^/(internal|metrics|\.well-known/spin)(/|$)"),
        (nginx, "proxy_set_header X-Forwarded-For $remote_addr;"),
        (nginx, "proxy_set_header X-Forwarded-Proto $scheme;"),
        (nginx, &format!("client_max_body_size {BODY_MB}m;")),
        (nginx, "client_header_timeout 10s;"),
        (nginx, "Strict-Transport-Security"),
    ] {
        if !it.text.contains(wanted) {
            found.push(format!("{} lacks {wanted}", it.path));
        }
    }
    for it in [caddy, nginx] {
        let said: Vec<&str> = it.text.lines().map(str::trim).collect();
        let said = said.into_iter().filter(|it| !it.starts_with('#'));
        let compressed = said.filter(|it| it.contains("text/event-stream"));
        found.extend(compressed.map(|line| format!("{} compresses a stream: {line}", it.path)));
    }
    none(found, "a proxy must do all of it");
}

/// Runs a program over files, if it is here; what it says on a failure.
fn says(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let run = Command::new(program).args(arguments).current_dir(root()).output();
    let Ok(output) = run else {
        eprintln!("{program} is not here, so it was not asked");
        return None;
    };
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stdout));
    Some((output.status.success(), said))
}

#[test]
fn systemd_takes_the_units() {
    for unit in ["huiyin.service", "huiyin-tick.service", "huiyin-tick.timer"] {
        let path = format!("deploy/systemd/{unit}");
        let Some((_, said)) = says("systemd-analyze", &["verify", &path]) else { return };
        // That Spin and curl are installed is for the machine that runs them.
        let is_ours = |it: &&str| it.contains("huiyin") && !it.contains("is not executable");
        let said: Vec<String> = said.lines().filter(is_ours).map(str::to_owned).collect();
        none(said, "systemd-analyze verify says");
    }
}

#[test]
fn proxies_take_their_files() {
    let caddy = ["validate", "--adapter", "caddyfile", "--config", "deploy/proxy/Caddyfile"];
    if let Some((is_good, said)) = says("caddy", &caddy) {
        assert!(is_good, "{said}");
    }
    let path = root().join("deploy/proxy/nginx.conf");
    if let Some((is_good, said)) = says("nginx", &["-t", "-c", &path.to_string_lossy()]) {
        // The certificate is for the machine that has the name.
        assert!(is_good || said.contains("cannot load certificate"), "{said}");
    }
}
