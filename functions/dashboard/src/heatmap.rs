//! `GET /v1/heatmap`: one score of many things, step by step.

use app::filters::{self, Filter, not_kept};
use app::period::Period;
use app::{auth, score};
use domain::civil;
use domain::rollup::{Dimension, Grain};
use domain::score::{Metric, Points};
use domain::trend::Step;
use ports::{Env, Sql};
use serde_json::{Value, json};
use store::heatmap::{self, Asked, Line, Rows};
use web::field::{Query, one_of_rule};
use web::lang::said_now;
use web::{Problem, Request, Response, view};

use super::scope::DIMENSIONS;

use Dimension::{Agent, Channel, Group, Touchpoint};

/// What rows may be.
const BY: [Dimension; 4] = [Touchpoint, Channel, Group, Agent];
/// How long a column may be.
const STEPS: [Step; 3] = [Step::Day, Step::Week, Step::Month];
/// The metrics, and the points of their scales.
const METRICS: [(&str, i64); 3] = [("csat", 5), ("nps", 10), ("ces", 7)];
/// Rows at most.
const ROWS_MAX: usize = 400;
/// Columns at most.
const COLUMNS_MAX: usize = 60;

/// What is asked.
struct Reading {
    by: Dimension,
    metric: (&'static str, i64),
    step: Step,
    columns: Vec<Period>,
    filters: Vec<Filter>,
}

pub(crate) async fn show(env: &impl Env, request: &Request) -> Result<Response, Problem> {
    let viewer = auth::viewer(env, request).await?;
    let site = app::site(env, &viewer.site_id).await?;
    let mut query = request.query();
    let period = Period::read(&mut query, app::zone(&site.zone)?.day(env.now()));
    let terms = score::terms(&mut query, &site);
    let it = Reading::read(&mut query, period);
    query.done()?;
    let it = it?;
    let grain = it.grain()?;
    let columns: Vec<(i64, i64)> = it.columns.iter().map(|it| it.span()).collect();
    let asked = Asked {
        site_id: &site.id,
        metric: it.metric.0,
        points: it.metric.1,
        grain: grain.name,
        fixed: it.filters.first().map_or("", |it| it.1.as_str()),
        columns: &view::text(&columns),
        rows: i64::try_from(ROWS_MAX + 1).unwrap_or(i64::MAX),
    };
    let rows = match grain.dimensions.first() {
        Some(Touchpoint) if it.by == Touchpoint => Rows::Touchpoints,
        Some(first) if *first == it.by => Rows::First,
        _ => Rows::Second,
    };
    let lines = env.sql().fetch(heatmap::heatmap(&asked, rows)).await?;
    if ROWS_MAX < lines.len() {
        return Err(too_many_rows(it.by));
    }
    let metric = metric(it.metric.0);
    let cell = |counts| score::brief(metric, counts, terms, None);
    let row = |line: &Line| {
        let mut cells = vec![Value::Null; it.columns.len()];
        for (at, counts) in &line.cells {
            if let Some(own) = usize::try_from(*at).ok().and_then(|at| cells.get_mut(at)) {
                *own = cell(*counts);
            }
        }
        json!({
            "key": line.key,
            "name": view::some(&line.name),
            // Satisfaction alone has targets.
            "target": line.target.filter(|_| it.metric.0 == "csat"),
            "cells": cells,
        })
    };
    let column = |own: &Period| {
        json!({
            "key": it.step.key(it.step.start(own.from)),
            "from": civil::date(own.from),
            "to": civil::date(own.to),
        })
    };
    let shown = json!({
        "metric": it.metric.0,
        "by": it.by.name(),
        "step": it.step.name(),
        "from": civil::date(period.from),
        "to": civil::date(period.to),
        "zone": site.zone,
        "confidence": terms.confidence.percent(),
        "columns": it.columns.iter().map(column).collect::<Value>(),
        "rows": lines.iter().map(row).collect::<Value>(),
    });
    web::response::ok_as_of(&shown, env.now())
}

impl Reading {
    /// Reads what is asked. Mistakes are noted in `query`; what is not kept is one by itself.
    fn read(query: &mut Query, period: Period) -> Result<Reading, Problem> {
        let by = |text: &str| BY.into_iter().find(|it| it.name() == text);
        let by = query.parse("by", by, || one_of_rule(&BY.map(Dimension::name)));
        let step = |text: &str| STEPS.into_iter().find(|it| it.name() == text);
        let step = query.parse("step", step, || one_of_rule(&STEPS.map(Step::name)));
        let metric = |text: &str| METRICS.into_iter().find(|it| it.0 == text);
        let metric = query.parse("metric", metric, || one_of_rule(&METRICS.map(|it| it.0)));
        let filters = filters::read(query, &DIMENSIONS);
        let step = step.unwrap_or(Step::Week);
        let mut columns = Vec::new();
        let mut start = step.start(period.from);
        while start <= period.to && columns.len() <= COLUMNS_MAX {
            let next = step.next(start);
            let (from, to) = (start.max(period.from), (next - 1).min(period.to));
            columns.push(Period { from, to });
            start = next;
        }
        if COLUMNS_MAX < columns.len() {
            query.refuse(
                "step",
                said_now(
                    format!(
                        "makes more than {COLUMNS_MAX} columns of these days: \
                         ask for longer steps or fewer days"
                    ),
                    format!("会产生超过 {COLUMNS_MAX} 列：请选用更长的步长或更短的时间段"),
                ),
            );
        }
        let (by, metric) = (by.unwrap_or(Touchpoint), metric.unwrap_or(METRICS[0]));
        let it = Reading { by, metric, step, columns, filters };
        it.grain().map(|_| it)
    }

    /// The grain that keeps the rows for the filter.
    fn grain(&self) -> Result<&'static Grain, Problem> {
        let mut dimensions: Vec<Dimension> = self.filters.iter().map(|it| it.0).collect();
        dimensions.push(self.by);
        Grain::of(&dimensions).ok_or_else(|| {
            let mut filters = self.filters.clone();
            filters.push((self.by, String::new()));
            not_kept(&filters, &DIMENSIONS)
        })
    }
}

fn metric(name: &str) -> Metric {
    match name {
        "nps" => Metric::Nps,
        "ces" => Metric::Ces,
        _ => Points::new(5).map_or(Metric::Ces, Metric::Csat),
    }
}

fn too_many_rows(by: Dimension) -> Problem {
    let (filter, name) = match by {
        Touchpoint => ("channel or group", "channel 或 group"),
        _ => ("channel", "channel"),
    };
    Problem::invalid(
        web::problem::Place::Parameter("by".to_owned()),
        said_now(
            format!("makes more than {ROWS_MAX} rows: ask for fewer days, or filter by {filter}"),
            format!("会产生超过 {ROWS_MAX} 行：请缩短时间段，或按 {name} 筛选"),
        ),
    )
}
