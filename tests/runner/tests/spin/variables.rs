//! Where variables come from and who sees them. What needs a process of its own is in `binary`.

use std::collections::BTreeMap;

use runner::variables::{fill, find};

use crate::host::{options, probe, probe_with};

#[tokio::test]
async fn a_component_sees_its_own_variables_only() {
    let probe = probe();
    assert_eq!(probe.text("/do/variable?name=shown").await, "<from default>");
    assert_eq!(probe.text("/do/variable?name=required_one").await, "1");
    // Declared by the application, but not given to the component.
    for name in ["plain", "hidden", "unheard_of"] {
        let seen = probe.text(&format!("/do/variable?name={name}")).await;
        assert!(seen.contains("Undefined"), "{seen}");
    }
    assert!(probe.text("/do/variable?name=Not-A-Name").await.contains("InvalidName"));
    assert!(probe.text("/bare/do/variable?name=shown").await.contains("Undefined"));
}

#[tokio::test]
async fn a_given_variable_beats_the_default() {
    let given = |value: &str| ("plain".to_string(), value.to_string());
    let probe = probe_with(|options| options.variables.extend([given("a"), given("b")]));
    assert_eq!(probe.text("/do/variable?name=shown").await, "<b>");
}

#[test]
fn the_order_is_given_then_environment_then_default() {
    let text = "spin_manifest_version = 2\n[application]\nname = \"a\"\n\
                [variables]\nv = { default = \"default\" }\nw = { required = true }\n\
                [[trigger.http]]\nroute = \"/\"\nid = \"s\"\nstatic_response = {}\n";
    let declared = runner::manifest::parse(text).unwrap().variables;
    let environment = |key: &str| (key == "SPIN_VARIABLE_V").then(|| "environment".to_string());
    let given = [("v".to_string(), "given".to_string())];
    let value = |given: &[(String, String)], with_environment: bool| {
        let found = find(&declared, given, |key| environment(key).filter(|_| with_environment));
        let found = found.unwrap();
        assert_eq!(found.missing, ["w"]);
        found.values["v"].clone()
    };
    assert_eq!(value(&given, true), "given");
    assert_eq!(value(&[], true), "environment");
    assert_eq!(value(&[], false), "default");
    let unknown = [("x".to_string(), String::new())];
    assert!(find(&declared, &unknown, environment).is_err());
}

#[test]
fn a_template_is_text_around_names() {
    let values = [("a".to_string(), "1".to_string()), ("b_2".to_string(), "{{ a }}".to_string())];
    let values = BTreeMap::from(values);
    let filled = |template: &str| fill(template, &values);
    assert_eq!(filled("plain").unwrap(), "plain");
    assert_eq!(filled("x{{ a }}y{{b_2}}z").unwrap(), "x1y{{ a }}z");
    for template in ["{{ missing }}", "{{ a", "{{ a.b }}", "{{}}", "{{ A }}"] {
        assert!(filled(template).is_err(), "{template}");
    }
}

#[test]
fn a_required_variable_that_nobody_sets_is_named() {
    let state = crate::host::Temporary::new();
    let mut options = options(&state);
    options.variables.clear();
    let error = runner::serve(options).unwrap_err().to_string();
    assert!(error.contains("required_one") && error.contains("SPIN_VARIABLE_"), "{error}");
}

#[test]
fn a_missing_secret_is_made_once_and_kept_to_its_owner() {
    let first = probe();
    let secret = first.running.variable("hidden").unwrap().to_string();
    assert_eq!(secret.len(), 32);
    assert_eq!(first.running.generated, ["hidden"]);
    let file = first.state.path().join("secrets.json");
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(&file).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(first.running);
    let second = runner::serve(options(&first.state)).unwrap();
    assert_eq!(second.variable("hidden").unwrap(), secret);
    assert!(second.generated.is_empty());
    for entry in std::fs::read_dir(first.state.path().join("logs")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains(&secret));
    }
}

#[test]
fn a_new_admin_key_replaces_the_old_one_and_nothing_else() {
    let state = crate::host::Temporary::new();
    let first = runner::serve(options(&state)).unwrap();
    let hidden = first.variable("hidden").unwrap().to_string();
    drop(first);
    let key = runner::secrets::renew_admin_key(state.path()).unwrap();
    assert!(key.starts_with("sk_admin_"));
    assert_ne!(key, runner::secrets::renew_admin_key(state.path()).unwrap());
    assert_eq!(runner::serve(options(&state)).unwrap().variable("hidden").unwrap(), hidden);
}
