//! The files for Kubernetes: each object as its API has it, and all of them fitting each other.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::CronJob;
use k8s_openapi::api::core::v1::{PodTemplateSpec, Service};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tidy::{File, files, none, toml};

use crate::spinkube::{Resource, SpinApp, SpinAppExecutor};

fn yamls() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|it| it.path.starts_with("deploy/") && it.has_ending(&["yaml", "yml"]))
}

/// Every object with the file that it stands in.
fn objects() -> Vec<(&'static str, Value)> {
    let mut objects = Vec::new();
    for file in yamls() {
        let read: Vec<Value> = serde_saphyr::from_multiple(&file.text)
            .unwrap_or_else(|it| panic!("{}: {it}", file.path));
        assert!(!read.is_empty(), "{} is empty", file.path);
        objects.extend(read.into_iter().map(|it| (file.path.as_str(), it)));
    }
    objects
}

/// The objects of a kind, by their names.
fn of_kind<T: DeserializeOwned>(kind: &str) -> BTreeMap<String, T> {
    let all = objects().into_iter().filter(|(_, it)| it["kind"] == kind);
    let named = |(path, it): (&str, Value)| {
        let name = it["metadata"]["name"].as_str().expect("a name").to_owned();
        let read = serde_json::from_value(it).unwrap_or_else(|it| panic!("{path} {name}: {it}"));
        (name, read)
    };
    all.map(named).collect()
}

/// Reads an object as its type; what the type does not know is lost, and so found out.
fn typed<T: DeserializeOwned + Serialize>(object: &Value) -> Vec<String> {
    let read: T = match serde_json::from_value(object.clone()) {
        Ok(read) => read,
        Err(error) => return vec![error.to_string()],
    };
    let mut lost = Vec::new();
    compare(object, &serde_json::to_value(read).expect("JSON"), "", &mut lost);
    lost
}

fn compare(ours: &Value, theirs: &Value, at: &str, lost: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (name, it) in ours {
                let place = format!("{at}/{name}");
                match theirs.get(name) {
                    Some(found) => compare(it, found, &place, lost),
                    // What is empty need not be written.
                    None if it.as_object().is_some_and(serde_json::Map::is_empty) => {}
                    None => lost.push(format!("{place} is no field")),
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                compare(ours, theirs, &format!("{at}/{number}"), lost);
            }
        }
        _ if ours == theirs => {}
        _ => lost.push(format!("{at} is {ours}, which is read as {theirs}")),
    }
}

#[test]
fn every_object_is_as_its_api_has_it() {
    let mut found = Vec::new();
    for (path, object) in objects() {
        let text = |name: &str| object[name].as_str().unwrap_or("").to_owned();
        let (version, kind) = (text("apiVersion"), text("kind"));
        let lost = match (version.as_str(), kind.as_str()) {
            ("batch/v1", "CronJob") => typed::<CronJob>(&object),
            ("apps/v1", "Deployment") => typed::<Deployment>(&object),
            ("apps/v1", "StatefulSet") => typed::<StatefulSet>(&object),
            ("v1", "Service") => typed::<Service>(&object),
            ("networking.k8s.io/v1", "NetworkPolicy") => typed::<NetworkPolicy>(&object),
            ("autoscaling/v2", "HorizontalPodAutoscaler") => {
                typed::<HorizontalPodAutoscaler>(&object)
            }
            ("policy/v1", "PodDisruptionBudget") => typed::<PodDisruptionBudget>(&object),
            // These two refuse what they do not know.
            ("core.spinkube.dev/v1alpha1", "SpinApp") => refused::<Resource<SpinApp>>(&object),
            ("core.spinkube.dev/v1alpha1", "SpinAppExecutor") => {
                refused::<Resource<SpinAppExecutor>>(&object)
            }
            _ => vec![format!("{version} {kind} is not known here")],
        };
        found.extend(lost.iter().map(|it| format!("{path} {kind}: {it}")));
    }
    none(found, "look the field up in the API of that version");
}

fn refused<T: DeserializeOwned>(object: &Value) -> Vec<String> {
    serde_json::from_value::<T>(object.clone()).err().map(|it| it.to_string()).into_iter().collect()
}

#[test]
fn a_field_that_nobody_knows_is_found() {
    let policy = |field: &str| {
        let text = format!(
            r#"{{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                 "metadata": {{"name": "x"}}, "spec": {{"podSelector": {{}}, "{field}": []}}}}"#
        );
        typed::<NetworkPolicy>(&serde_json::from_str(&text).unwrap())
    };
    assert_eq!(policy("egress"), Vec::<String>::new());
    assert_eq!(policy("egres"), ["/spec/egres is no field"]);
}

fn app() -> (String, SpinApp) {
    let mut apps = of_kind::<Resource<SpinApp>>("SpinApp").into_iter();
    let (name, app) = apps.next().expect("a SpinApp");
    assert!(apps.next().is_none(), "one application");
    (name, app.spec)
}

#[test]
fn the_application_has_its_variables_and_is_asked_at_routes_that_it_has() {
    let (_, app) = app();
    let manifest = toml("spin.toml");
    let variables = manifest["variables"].as_table().unwrap();
    let mut found = Vec::new();
    let is_set = |of: &toml::Value, name: &str| of.get(name).and_then(toml::Value::as_bool);
    for it in &app.variables {
        let Some(variable) = variables.get(&it.name) else {
            found.push(format!("{} is no variable of spin.toml", it.name));
            continue;
        };
        let is_secret = is_set(variable, "secret") == Some(true);
        let from = it.value_from.as_ref().and_then(|it| it.secret_key_ref.as_ref());
        if is_secret != from.is_some() || is_secret == it.value.is_some() {
            found
                .push(format!("{}: what is secret comes from a Secret, and nothing else", it.name));
        }
    }
    let bound: BTreeSet<&str> = app.variables.iter().map(|it| it.name.as_str()).collect();
    let required = variables.iter().filter(|(_, it)| is_set(it, "required") == Some(true));
    let missing = required.filter(|(name, _)| !bound.contains(name.as_str()));
    found.extend(missing.map(|(name, _)| format!("{name} is required and not set")));
    let routes = manifest["trigger"]["http"].as_array().unwrap();
    for probe in [&app.checks.readiness, &app.checks.liveness] {
        let path = &probe.as_ref().expect("both probes").http_get.path;
        let is_route = |it: &toml::Value| it.get("route").and_then(|it| it.as_str()) == Some(path);
        if !routes.iter().any(is_route) {
            found.push(format!("{path} is no route"));
        }
    }
    if app.enable_autoscaling == app.replicas.is_some() {
        found.push("either replicas or enableAutoscaling".to_owned());
    }
    if !app.image.contains("@sha256:") {
        found.push(format!("{}: an image is named by its digest", app.image));
    }
    if !app.resources.limits.contains_key("memory") || app.resources.requests.is_empty() {
        found.push("the application has requests and a limit of memory".to_owned());
    }
    none(found, "mend deploy/kubernetes/spinapp.yaml");
}

/// The pods that are made, by the name of what makes them.
fn pods() -> BTreeMap<String, PodTemplateSpec> {
    let mut pods = BTreeMap::new();
    let of = of_kind::<Deployment>("Deployment").into_iter();
    pods.extend(of.map(|(name, it)| (name, it.spec.expect("a spec").template)));
    let of = of_kind::<StatefulSet>("StatefulSet").into_iter();
    pods.extend(of.map(|(name, it)| (name, it.spec.expect("a spec").template)));
    let of = of_kind::<CronJob>("CronJob").into_iter();
    let template = |it: CronJob| it.spec.and_then(|it| it.job_template.spec).expect("a spec");
    pods.extend(of.map(|(name, it)| (name, template(it).template)));
    pods
}

#[test]
fn pods_may_do_nothing_that_they_do_not_need() {
    let mut found = Vec::new();
    for (name, pod) in pods() {
        let pod = pod.spec.expect("a spec");
        let mut must = |is_so: bool, what: &str| {
            if !is_so {
                found.push(format!("{name}: {what}"));
            }
        };
        must(pod.automount_service_account_token == Some(false), "no token of the cluster");
        let context = pod.security_context.unwrap_or_default();
        must(context.run_as_non_root == Some(true), "runAsNonRoot");
        must(context.seccomp_profile.is_some_and(|it| it.type_ == "RuntimeDefault"), "seccomp");
        for it in pod.containers {
            let image = it.image.unwrap_or_default();
            let tag = image.rsplit_once(':').map_or("latest", |(_, tag)| tag);
            must(!tag.starts_with("latest"), "an image of one version");
            let context = it.security_context.unwrap_or_default();
            must(context.allow_privilege_escalation == Some(false), "allowPrivilegeEscalation");
            must(context.read_only_root_filesystem == Some(true), "readOnlyRootFilesystem");
            let dropped = context.capabilities.and_then(|it| it.drop).unwrap_or_default();
            must(dropped == ["ALL"], "no capability");
            let limits = it.resources.and_then(|it| it.limits).unwrap_or_default();
            must(limits.contains_key("memory"), "a limit of memory");
        }
    }
    none(found, "add it");
}

type Labels = BTreeMap<String, String>;

/// The labels and the ports of every pod there is, the application's too.
fn labelled() -> Vec<(Labels, Vec<i32>)> {
    let mut all = vec![(app().1.pod_labels, vec![80])];
    for pod in pods().into_values() {
        let labels = pod.metadata.and_then(|it| it.labels).expect("labels");
        let containers = pod.spec.expect("a spec").containers;
        let ports = containers.into_iter().flat_map(|it| it.ports.unwrap_or_default());
        all.push((labels, ports.map(|it| it.container_port).collect()));
    }
    all
}

#[test]
fn policies_select_pods_that_there_are_and_let_ports_through_that_they_have() {
    let pods = labelled();
    let selected = |labels: Option<Labels>| -> Vec<&(Labels, Vec<i32>)> {
        let labels = labels.unwrap_or_default();
        let has = |own: &Labels| labels.iter().all(|(name, it)| own.get(name) == Some(it));
        pods.iter().filter(|(own, _)| has(own)).collect()
    };
    let mut found = Vec::new();
    let mut guarded = BTreeSet::new();
    for (name, policy) in of_kind::<NetworkPolicy>("NetworkPolicy") {
        let spec = policy.spec.expect("a spec");
        let own = selected(spec.pod_selector.and_then(|it| it.match_labels));
        if own.is_empty() {
            found.push(format!("{name} selects no pod"));
        }
        let types = spec.policy_types.unwrap_or_default();
        if spec.ingress.is_none() && spec.egress.is_none() && types == ["Ingress", "Egress"] {
            guarded.extend(own.iter().map(|(labels, _)| labels.clone()));
        }
        for rule in spec.ingress.unwrap_or_default() {
            for port in rule.ports.unwrap_or_default() {
                let port = format!("{:?}", port.port);
                if !own.iter().any(|(_, has)| has.iter().any(|it| port.contains(&it.to_string()))) {
                    found.push(format!("{name} lets {port} in, at which nobody listens"));
                }
            }
        }
        for rule in spec.egress.unwrap_or_default() {
            for peer in rule.to.unwrap_or_default() {
                // Pods of other namespaces are not ours.
                let labels = peer.pod_selector.filter(|_| peer.namespace_selector.is_none());
                if labels.is_some_and(|it| selected(it.match_labels).is_empty()) {
                    found.push(format!("{name} lets out to no pod"));
                }
            }
        }
    }
    let bare = pods.iter().filter(|(labels, _)| !guarded.contains(labels));
    found.extend(bare.map(|(labels, _)| format!("nothing is denied to {labels:?}")));
    none(found, "mend deploy/kubernetes/network-policy.yaml");
}

#[test]
fn everything_is_called_what_the_others_call_it() {
    let (name, app) = app();
    let mut found = Vec::new();
    let executors = of_kind::<Resource<SpinAppExecutor>>("SpinAppExecutor");
    match executors.get(&app.executor) {
        Some(it) if it.spec.create_deployment => {
            assert!(!it.spec.deployment_config.runtime_class_name.is_empty());
        }
        _ => found.push(format!("no executor {} that makes a Deployment", app.executor)),
    }
    for (scaler, it) in of_kind::<HorizontalPodAutoscaler>("HorizontalPodAutoscaler") {
        if it.spec.is_none_or(|it| it.scale_target_ref.name != name) {
            found.push(format!("{scaler} scales something else than {name}"));
        }
    }
    let tick = tidy::file("deploy/kubernetes/tick-cronjob.yaml");
    if !tick.text.contains(&format!("value: http://{name}\n")) {
        found.push(format!("{} does not call http://{name}", tick.path));
    }
    let services = of_kind::<Service>("Service");
    let config = tidy::file("deploy/kubernetes/runtime-config.toml");
    for line in config.text.lines().filter_map(|it| it.strip_prefix("url = ")) {
        let address = line.trim_matches('"').rsplit(['/', '@']).next().unwrap_or("");
        let (host, port) = address.split_once(':').expect("a host and a port");
        let ports = services.get(host).and_then(|it| it.spec.as_ref()?.ports.clone());
        if !ports.unwrap_or_default().iter().any(|it| it.port.to_string() == port) {
            found.push(format!("{} names {address}, which is no Service", config.path));
        }
    }
    // Each Secret is made by a command that somebody can copy.
    let manuals = yamls().map(|it| it.text.as_str());
    let manuals: String = manuals.chain([config.text.as_str()]).collect();
    let manuals = manuals + &tidy::file("deploy/README.md").text;
    let secrets = app.variables.iter().filter_map(|it| it.value_from.as_ref());
    let secrets = secrets.filter_map(|it| Some(it.secret_key_ref.as_ref()?.name.clone()));
    for secret in secrets.chain([app.runtime_config.load_from_secret.clone()]) {
        if !manuals.contains(&format!("kubectl create secret generic {secret} ")) {
            found.push(format!("nothing tells how to make the Secret {secret}"));
        }
    }
    none(found, "call it the same everywhere in deploy/kubernetes");
}
