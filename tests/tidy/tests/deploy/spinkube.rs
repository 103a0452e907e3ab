//! The resources of SpinKube, as its operator's API `core.spinkube.dev/v1alpha1` has them: no field
//! but these. What belongs to Kubernetes itself is `k8s-openapi`'s.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVarSource, LocalObjectReference, Volume, VolumeMount};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Resource<T> {
    #[serde(rename = "apiVersion")]
    pub(crate) _api_version: String,
    #[serde(rename = "kind")]
    pub(crate) _kind: String,
    #[serde(rename = "metadata")]
    pub(crate) _metadata: Value,
    pub(crate) spec: T,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SpinApp {
    pub(crate) executor: String,
    pub(crate) image: String,
    #[serde(default, rename = "imagePullSecrets")]
    pub(crate) _image_pull_secrets: Vec<LocalObjectReference>,
    #[serde(default)]
    pub(crate) checks: Checks,
    pub(crate) replicas: Option<i32>,
    #[serde(default)]
    pub(crate) enable_autoscaling: bool,
    #[serde(default)]
    pub(crate) runtime_config: RuntimeConfig,
    #[serde(default, rename = "volumes")]
    pub(crate) _volumes: Vec<Volume>,
    #[serde(default, rename = "volumeMounts")]
    pub(crate) _volume_mounts: Vec<VolumeMount>,
    #[serde(default)]
    pub(crate) variables: Vec<Variable>,
    #[serde(default, rename = "serviceAnnotations")]
    pub(crate) _service_annotations: BTreeMap<String, String>,
    #[serde(default, rename = "deploymentAnnotations")]
    pub(crate) _deployment_annotations: BTreeMap<String, String>,
    #[serde(default, rename = "podAnnotations")]
    pub(crate) _pod_annotations: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) pod_labels: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) resources: Resources,
    #[serde(default, rename = "components")]
    pub(crate) _components: Vec<String>,
    #[serde(default, rename = "serviceAccountName")]
    pub(crate) _service_account_name: String,
    #[serde(default, rename = "invocationLimits")]
    pub(crate) _invocation_limits: BTreeMap<String, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Checks {
    pub(crate) readiness: Option<Probe>,
    pub(crate) liveness: Option<Probe>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Probe {
    pub(crate) http_get: HttpGet,
    #[serde(rename = "initialDelaySeconds")]
    pub(crate) _initial_delay_seconds: Option<u16>,
    #[serde(rename = "timeoutSeconds")]
    pub(crate) _timeout_seconds: Option<u16>,
    #[serde(rename = "periodSeconds")]
    pub(crate) _period_seconds: Option<u16>,
    #[serde(rename = "successThreshold")]
    pub(crate) _success_threshold: Option<u16>,
    #[serde(rename = "failureThreshold")]
    pub(crate) _failure_threshold: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpGet {
    pub(crate) path: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct RuntimeConfig {
    #[serde(default)]
    pub(crate) load_from_secret: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
    pub(crate) value_from: Option<EnvVarSource>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resources {
    #[serde(default)]
    pub(crate) limits: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) requests: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct SpinAppExecutor {
    pub(crate) create_deployment: bool,
    pub(crate) deployment_config: DeploymentConfig,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct DeploymentConfig {
    pub(crate) runtime_class_name: String,
    #[serde(default, rename = "caCertSecret")]
    pub(crate) _ca_cert_secret: String,
    #[serde(default, rename = "installDefaultCACerts")]
    pub(crate) _install_default_ca_certs: bool,
    #[serde(rename = "otel")]
    pub(crate) _otel: Option<Value>,
}
