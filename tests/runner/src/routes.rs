//! Which route a path takes, in Spin's order.
//!
//! Exact segments beat `:name`, which beats a trailing `/...`; of two that fit alike, the longer
//! wins. A slash at the end of a path does not matter, the rest of it is taken as it is: nothing
//! is decoded and nothing is normalised. Of two equal routes the last wins.

use anyhow::{Result, bail};

/// Routes, each with what it leads to.
#[derive(Debug)]
pub struct Router<T> {
    routes: Vec<Route<T>>,
}

/// One route.
#[derive(Debug)]
pub struct Route<T> {
    /// As written in the manifest.
    pub raw: String,
    /// What it leads to.
    pub target: T,
    segments: Vec<Segment>,
}

/// Where a path led.
#[derive(Debug)]
pub struct Match<'a, T> {
    /// The route taken.
    pub route: &'a Route<T>,
    /// What `/...` stood for, with its leading slash; empty without one.
    pub path_info: String,
    /// What every `:name` stood for.
    pub named: Vec<(&'a str, String)>,
}

#[derive(Debug)]
enum Segment {
    Exact(String),
    Named(String),
    Rest,
}

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Segment::Exact(_) => 0,
            Segment::Named(_) => 1,
            Segment::Rest => 2,
        }
    }
}

impl<T> Default for Router<T> {
    fn default() -> Self {
        Router { routes: Vec::new() }
    }
}

impl<T> Router<T> {
    /// Adds a route; gives back the target of an equal route that it replaces.
    pub fn add(&mut self, raw: &str, target: T) -> Result<Option<T>> {
        let route = Route { raw: raw.to_string(), target, segments: segments(raw)? };
        match self.routes.iter_mut().find(|known| known.raw == raw) {
            Some(known) => Ok(Some(std::mem::replace(known, route).target)),
            None => {
                self.routes.push(route);
                Ok(None)
            }
        }
    }

    /// All routes in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Route<T>> {
        self.routes.iter()
    }

    /// The best route for `path`.
    pub fn find(&self, path: &str) -> Option<Match<'_, T>> {
        let matches = self.routes.iter().filter_map(|route| route.matches(path));
        matches.min_by_key(|found| found.route.precedence())
    }
}

impl<T> Route<T> {
    /// The route without a trailing `/...`.
    pub fn prefix(&self) -> &str {
        self.raw.strip_suffix("/...").unwrap_or(&self.raw)
    }

    // Compared from the left, so a route that ends first comes before one that goes on with
    // `/...`, and of two wildcards the one with more in front of it comes first.
    fn precedence(&self) -> Vec<u8> {
        self.segments.iter().map(Segment::rank).collect()
    }

    fn matches(&self, path: &str) -> Option<Match<'_, T>> {
        let mut left = path.trim_matches('/');
        let mut named = Vec::new();
        let mut rest = None;
        for segment in &self.segments {
            let (first, after) = left.split_once('/').unwrap_or((left, ""));
            match segment {
                Segment::Exact(text) if text == first => left = after,
                Segment::Named(name) if !first.is_empty() => {
                    named.push((name.as_str(), first.to_string()));
                    left = after;
                }
                Segment::Rest => rest = Some(std::mem::take(&mut left)),
                Segment::Exact(_) | Segment::Named(_) => return None,
            }
        }
        if !left.is_empty() {
            return None;
        }
        // Spin keeps the slash at the end of what `/...` stood for.
        let path_info = match (rest, path.ends_with('/')) {
            (None, _) | (Some(""), false) => String::new(),
            (Some(""), true) => "/".to_string(),
            (Some(rest), false) => format!("/{rest}"),
            (Some(rest), true) => format!("/{rest}/"),
        };
        Some(Match { route: self, path_info, named })
    }
}

fn segments(raw: &str) -> Result<Vec<Segment>> {
    let trimmed = raw.trim_matches('/');
    if trimmed.is_empty() {
        return Ok(Vec::new());
    }
    let count = trimmed.split('/').count();
    let segments = trimmed.split('/').enumerate().map(|(index, text)| match text {
        "..." | "*" if index + 1 == count => Ok(Segment::Rest),
        "..." | "*" => bail!("route \"{raw}\": /... must come last"),
        "" => bail!("route \"{raw}\" has an empty segment"),
        _ => match text.strip_prefix(':') {
            Some("") => bail!("route \"{raw}\": a parameter needs a name"),
            Some(name) => Ok(Segment::Named(name.to_string())),
            None => Ok(Segment::Exact(text.to_string())),
        },
    });
    segments.collect()
}
