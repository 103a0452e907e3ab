//! The tables of the tools: complete, valid, and with the limits of the API.

use std::collections::BTreeSet;

use domain::rollup::{Dimension, GRAINS};
use domain::touchpoint::STAGES;
use domain::trend::Step;
use serde_json::json;

use super::{ask, call, fault, world};
use crate::tool::{Kind, Tool};
use crate::tools::TOOLS;

fn all() -> impl Iterator<Item = &'static Tool> {
    TOOLS.into_iter().flatten()
}

/// The words of an argument of a tool.
fn words(tool: &str, arg: &str) -> BTreeSet<&'static str> {
    let tool = all().find(|it| it.name == tool).unwrap();
    let found = tool.args().find(|it| it.name == arg).unwrap();
    let Kind::One(words) = found.kind else { panic!("{arg}") };
    words.iter().copied().collect()
}

#[test]
fn every_schema_is_one_and_takes_what_it_should() {
    let (world, _) = world();
    world.set("mcp_writes", "on");
    for who in ["manager", "spanning"] {
        let told = ask(&world, who, "tools/list", &json!({}));
        let mut seen = BTreeSet::new();
        for it in told["result"]["tools"].as_array().unwrap() {
            let name = it["name"].as_str().unwrap().to_owned();
            assert!(jsonschema::meta::is_valid(&it["inputSchema"]), "{name}");
            let properties = it["inputSchema"]["properties"].as_object().unwrap();
            let spans = who == "spanning" && name != "list_sites";
            assert_eq!(properties.contains_key("site"), spans, "{name}");
            let needed = it["inputSchema"]["required"].as_array().unwrap();
            assert_eq!(needed.contains(&json!("site")), spans, "{name}");
            for (name, of) in properties {
                assert!(!of["description"].as_str().unwrap().is_empty(), "{name}");
            }
            let hints = &it["annotations"];
            let writes = ["add_complaint_note", "open_complaint", "make_report"];
            assert_eq!(hints["readOnlyHint"], !writes.contains(&name.as_str()), "{name}");
            assert_eq!(hints["destructiveHint"], false);
            assert!(it["description"].as_str().unwrap().len() < 700, "{name}");
            assert!(seen.insert(name));
        }
        assert_eq!(seen.len(), all().count());
    }
}

#[test]
fn a_schema_refuses_what_the_tool_refuses() {
    let (world, _) = world();
    let told = ask(&world, "agent", "tools/list", &json!({}));
    let tools = told["result"]["tools"].as_array().unwrap().clone();
    let cases = [
        ("get_score", json!({})),
        ("get_score", json!({ "metric": "joy" })),
        ("get_score", json!({ "metric": "csat", "points": 11 })),
        ("get_score", json!({ "metric": "nps", "confidence": 80 })),
        ("get_score", json!({ "metric": "nps", "by": "mood" })),
        ("get_score", json!({ "metric": "nps", "colour": "red" })),
        ("get_complaint", json!({ "id": "../keys" })),
        ("list_complaints", json!({ "limit": 101 })),
        ("list_complaints", json!({ "limit": "many" })),
        ("list_complaints", json!({ "q": "x".repeat(101) })),
        ("list_complaints", json!({ "state": "open" })),
        ("list_complaints", json!({ "state": ["asleep"] })),
        ("list_complaints", json!({ "is_late": "true" })),
    ];
    for (name, arguments) in cases {
        let tool = tools.iter().find(|it| it["name"] == name).unwrap();
        assert!(!jsonschema::is_valid(&tool["inputSchema"], &arguments), "{arguments}");
        fault(&call(&world, "agent", name, &arguments));
    }
}

#[test]
fn what_figures_are_cut_by_is_what_is_kept() {
    let steps: BTreeSet<&str> = Step::ALL.map(Step::name).into_iter().collect();
    assert_eq!(words("get_satisfaction_index", "by"), steps);
    let mut by: BTreeSet<String> =
        words("get_score", "by").into_iter().map(str::to_owned).collect();
    for it in steps.iter().copied().chain(["stage"]).chain(Dimension::NAMES) {
        assert!(by.remove(it), "{it}");
    }
    let pairs = GRAINS.iter().filter(|it| it.dimensions.len() == 2);
    let pairs =
        pairs.map(|it| it.dimensions.iter().map(|it| it.name()).collect::<Vec<_>>().join(","));
    assert_eq!(by, pairs.collect());
    assert_eq!(words("get_score", "stage"), STAGES.into_iter().collect());
    for (tool, grains) in [
        ("get_complaint_figures", &domain::case::count::GRAINS[1..]),
        ("get_callback_figures", &domain::callback::count::GRAINS[1..]),
    ] {
        let kept: BTreeSet<&str> = grains.iter().copied().chain(steps.clone()).collect();
        assert_eq!(words(tool, "by"), kept);
        let tool = all().find(|it| it.name == tool).unwrap();
        let filters: BTreeSet<&str> = tool.args().map(|it| it.name).collect();
        assert!(grains.iter().all(|it| filters.contains(it)), "{filters:?}");
    }
}

#[test]
fn every_component_that_is_asked_may_be() {
    let manifest = include_str!("../../../../spin.toml");
    let (_, rest) = manifest.split_once("[component.mcp]\n").unwrap();
    let (own, _) = rest.split_once("[[trigger").unwrap();
    let mut asked: BTreeSet<&str> = all().map(|it| it.target.0).collect();
    asked.insert("admin");
    for it in &asked {
        assert!(own.contains(&format!("\"http://{it}.spin.internal\"")), "{it}");
    }
    assert_eq!(own.matches(".spin.internal").count(), asked.len());
}

#[test]
fn the_manual_names_every_tool_and_no_other() {
    let manual = include_str!("../../../../docs/mcp.md");
    for it in all() {
        let row = format!("| `{}` |", it.name);
        let line = manual.lines().find(|line| line.starts_with(&row));
        let line = line.unwrap_or_else(|| panic!("{row}"));
        assert!(line.contains(it.role.name()), "{line}");
        assert!(line.contains(it.target.1.split('?').next().unwrap()), "{line}");
    }
    let rows = manual.lines().filter(|it| it.starts_with("| `") && it.contains("/v1/")).count();
    assert_eq!(rows, all().count());
}
