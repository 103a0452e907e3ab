//! Reads `spin.toml`, manifest version 2, and refuses what it does not know.
//!
//! Every table is walked by hand: a key nobody took is an error that names the table and the
//! key, so a typing mistake never turns into a setting that silently does nothing.
//! What the values mean lives elsewhere: routes in `routes`, templates in `variables`,
//! allowed hosts in `outbound`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value};

/// A manifest as written; templates are not yet expanded.
#[derive(Debug)]
pub struct Manifest {
    /// The application's name, as `/.well-known/spin/info` shows it.
    pub name: String,
    /// The application's version; empty when the manifest has none.
    pub version: String,
    /// Application variables by name.
    pub variables: BTreeMap<String, Declaration>,
    /// HTTP triggers in the order of the file.
    pub triggers: Vec<Trigger>,
    /// Components by id.
    pub components: BTreeMap<String, Component>,
}

/// One entry of `[variables]`.
#[derive(Debug)]
pub struct Declaration {
    /// The value when nobody supplies one; `None` means the variable is required.
    pub default: Option<String>,
    /// Whether the value must never be printed.
    pub is_secret: bool,
}

/// One `[[trigger.http]]`.
#[derive(Debug)]
pub struct Trigger {
    /// The trigger's own id, or that of its component.
    pub id: String,
    /// `None` for `{ private = true }`: reachable only from other components.
    pub route: Option<String>,
    /// Who answers.
    pub target: Target,
}

/// Who answers a route.
#[derive(Debug)]
pub enum Target {
    /// The component with this id.
    Component(String),
    /// The same bytes for every request.
    Static(StaticResponse),
}

/// One `[trigger.http.static_response]`.
#[derive(Debug, Clone)]
pub struct StaticResponse {
    /// The status, 200 unless said otherwise.
    pub status_code: u16,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body; empty when absent.
    pub body: String,
}

/// One `[component.<id>]`.
#[derive(Debug)]
pub struct Component {
    /// The path of the compiled component, relative to the manifest.
    pub source: String,
    /// What the component is for, shown beside its routes.
    pub description: String,
    /// Labels of the SQLite databases it may open.
    pub sqlite_databases: BTreeSet<String>,
    /// Labels of the key-value stores it may open.
    pub key_value_stores: BTreeSet<String>,
    /// Its own variables: templates over the application's.
    pub variables: BTreeMap<String, String>,
    /// Hosts it may call: templates too.
    pub allowed_outbound_hosts: Vec<String>,
    /// Environment variables it sees; it sees no others.
    pub environment: BTreeMap<String, String>,
    /// How it is built.
    pub build: Option<Build>,
}

/// One `[component.<id>.build]`.
#[derive(Debug)]
pub struct Build {
    /// The command, run by `spin build`.
    pub command: String,
    /// Where it runs, relative to the manifest.
    pub workdir: Option<String>,
    /// Globs whose changes call for a new build.
    pub watch: Vec<String>,
}

/// Reads and checks the manifest at `path`.
pub fn read(path: &Path) -> Result<Manifest> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the manifest {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not a manifest", path.display()))
}

/// Parses and checks a manifest.
pub fn parse(text: &str) -> Result<Manifest> {
    let mut root = Fields::new("the top level", toml::from_str::<Table>(text)?);
    match root.take("spin_manifest_version") {
        Some(Value::Integer(2)) => {}
        Some(_) => bail!("spin_manifest_version must be 2"),
        None => bail!("spin_manifest_version = 2 is missing"),
    }
    let mut application = root.table("application")?.context("[application] is missing")?;
    let name = application.required_string("name")?;
    let version = application.string("version")?.unwrap_or_default();
    application.string("description")?;
    application.strings("authors")?;
    application.finish()?;

    let variables = root.tables("variables")?;
    let variables = variables.into_iter().map(declaration).collect::<Result<_>>()?;
    let components = root.tables("component")?;
    let components = components.into_iter().map(component).collect::<Result<BTreeMap<_, _>>>()?;
    let triggers = triggers(&mut root)?;
    root.finish()?;

    for trigger in &triggers {
        if let Target::Component(id) = &trigger.target
            && !components.contains_key(id)
        {
            bail!("a trigger names the component \"{id}\", which [component.{id}] must declare");
        }
    }
    Ok(Manifest { name, version, variables, triggers, components })
}

fn declaration((name, mut fields): (String, Fields)) -> Result<(String, Declaration)> {
    check_variable_name(&name, &fields.table)?;
    let default = fields.string("default")?;
    let is_required = fields.boolean("required")?.unwrap_or(false);
    let is_secret = fields.boolean("secret")?.unwrap_or(false);
    fields.string("description")?;
    fields.finish()?;
    match (is_required, &default) {
        (true, Some(_)) => bail!("the variable \"{name}\" is required, so it has no default"),
        (false, None) => bail!("the variable \"{name}\" needs a default or required = true"),
        (true, None) | (false, Some(_)) => Ok((name, Declaration { default, is_secret })),
    }
}

fn component((id, mut fields): (String, Fields)) -> Result<(String, Component)> {
    let source = fields.required_string("source")?;
    let description = fields.string("description")?.unwrap_or_default();
    let sqlite_databases = fields.strings("sqlite_databases")?.into_iter().collect();
    let key_value_stores = fields.strings("key_value_stores")?.into_iter().collect();
    let allowed_outbound_hosts = fields.strings("allowed_outbound_hosts")?;
    let variables = fields.string_map("variables")?;
    let environment = fields.string_map("environment")?;
    for name in variables.keys() {
        check_variable_name(name, &fields.table)?;
    }
    let build = match fields.table("build")? {
        None => None,
        Some(mut build) => {
            let command = build.required_string("command")?;
            let workdir = build.string("workdir")?;
            let watch = build.strings("watch")?;
            build.finish()?;
            Some(Build { command, workdir, watch })
        }
    };
    fields.finish()?;
    let component = Component {
        source,
        description,
        sqlite_databases,
        key_value_stores,
        variables,
        allowed_outbound_hosts,
        environment,
        build,
    };
    Ok((id, component))
}

fn triggers(root: &mut Fields) -> Result<Vec<Trigger>> {
    let mut table = root.table("trigger")?.context("[[trigger.http]] is missing")?;
    let entries = match table.take("http") {
        Some(Value::Array(entries)) => entries,
        Some(_) | None => bail!("[[trigger.http]] must be a list of tables"),
    };
    table.finish()?;
    let entries = entries.into_iter().enumerate().map(|(index, entry)| match entry {
        Value::Table(entry) => trigger(Fields::new(&format!("trigger.http #{}", index + 1), entry)),
        _ => bail!("[[trigger.http]] must be a list of tables"),
    });
    entries.collect()
}

fn trigger(mut fields: Fields) -> Result<Trigger> {
    let table = fields.table.clone();
    let id = fields.string("id")?;
    let route = match fields.take("route") {
        Some(Value::String(route)) => Some(route),
        Some(Value::Table(route)) => {
            let mut route = Fields::new(&format!("{table}.route"), route);
            let is_private = route.boolean("private")?;
            route.finish()?;
            if is_private != Some(true) {
                bail!("{table}: route must be a path or {{ private = true }}");
            }
            None
        }
        Some(_) | None => bail!("{table}: route must be a path or {{ private = true }}"),
    };
    let component = fields.string("component")?;
    let response = fields.table("static_response")?.map(static_response).transpose()?;
    fields.finish()?;
    let (id, target) = match (component, response) {
        (Some(component), None) => {
            (id.unwrap_or_else(|| component.clone()), Target::Component(component))
        }
        (None, Some(response)) => {
            let id = id.with_context(|| format!("{table}: a static_response needs an id"))?;
            (id, Target::Static(response))
        }
        (Some(_), Some(_)) | (None, None) => {
            bail!("{table}: either component or static_response must be given")
        }
    };
    Ok(Trigger { id, route, target })
}

fn static_response(mut fields: Fields) -> Result<StaticResponse> {
    let status_code = match fields.take("status_code") {
        None => 200,
        Some(Value::Integer(code @ 100..=999)) => u16::try_from(code)?,
        Some(_) => bail!("{}: status_code must be between 100 and 999", fields.table),
    };
    let headers = fields.string_map("headers")?;
    let headers = headers.into_iter().map(|(k, v)| (k.to_ascii_lowercase(), v)).collect();
    let body = fields.string("body")?.unwrap_or_default();
    fields.finish()?;
    Ok(StaticResponse { status_code, headers, body })
}

// Lower snake case: words of a-z and 0-9, the first of them starting with a letter.
fn check_variable_name(name: &str, table: &str) -> Result<()> {
    match is_variable_name(name) {
        true => Ok(()),
        false => bail!("{table}: \"{name}\" must be in lower_snake_case"),
    }
}

/// Whether `name` may name a variable.
pub fn is_variable_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('_').all(is_word)
}

/// A table whose keys are taken one by one; what is left at the end is an error.
struct Fields {
    table: String,
    left: Table,
}

impl Fields {
    fn new(table: &str, left: Table) -> Fields {
        Fields { table: table.to_string(), left }
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.left.remove(key)
    }

    fn string(&mut self, key: &str) -> Result<Option<String>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => bail!("{}: {key} must be a string", self.table),
        }
    }

    fn required_string(&mut self, key: &str) -> Result<String> {
        let found = self.string(key)?;
        found.with_context(|| format!("{}: {key} is missing", self.table))
    }

    fn boolean(&mut self, key: &str) -> Result<Option<bool>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Boolean(value)) => Ok(Some(value)),
            Some(_) => bail!("{}: {key} must be true or false", self.table),
        }
    }

    fn strings(&mut self, key: &str) -> Result<Vec<String>> {
        let found = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(found)) => found,
            // Spin takes one string where a list of one would do.
            Some(text @ Value::String(_)) => vec![text],
            Some(_) => bail!("{}: {key} must be a list of strings", self.table),
        };
        let found = found.into_iter().map(|value| match value {
            Value::String(text) => Ok(text),
            _ => bail!("{}: {key} must be a list of strings", self.table),
        });
        found.collect()
    }

    fn string_map(&mut self, key: &str) -> Result<BTreeMap<String, String>> {
        let Some(fields) = self.table(key)? else { return Ok(BTreeMap::new()) };
        let entries = fields.left.into_iter().map(|(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            _ => bail!("{}: {name} must be a string", fields.table),
        });
        entries.collect()
    }

    fn table(&mut self, key: &str) -> Result<Option<Fields>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Table(found)) => Ok(Some(Fields::new(&self.path_of(key), found))),
            Some(_) => bail!("{} must be a table", self.path_of(key)),
        }
    }

    fn tables(&mut self, key: &str) -> Result<Vec<(String, Fields)>> {
        let Some(fields) = self.table(key)? else { return Ok(Vec::new()) };
        let tables = fields.left.into_iter().map(|(name, value)| match value {
            Value::Table(table) => {
                let fields = Fields::new(&format!("{}.{name}", fields.table), table);
                Ok((name, fields))
            }
            _ => bail!("{}.{name} must be a table", fields.table),
        });
        tables.collect()
    }

    fn path_of(&self, key: &str) -> String {
        match self.table.as_str() {
            "the top level" => key.to_string(),
            table => format!("{table}.{key}"),
        }
    }

    fn finish(self) -> Result<()> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(key) => bail!("unknown key \"{key}\" in {}", self.table),
        }
    }
}
