//! What was measured, as one table for people and as JSON for machines.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::load::Seen;

/// One slice.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Slice {
    round: usize,
    /// Wanted answers a second.
    pub(crate) rate: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    errors: u64,
    /// Processor time of the server for each answer.
    cpu_us: Option<f64>,
    /// Durable writes a second that the disk did just before.
    fsyncs: f64,
}

/// One line of the table: the slices of a measure on a side.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// What was asked.
    measure: String,
    /// Who answered.
    side: String,
    connections: usize,
    slices: Vec<Slice>,
}

/// All lines, in the order in which they were first measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
    peaks: BTreeMap<&'static str, u64>,
    sizes: BTreeMap<String, u64>,
    ratios: Vec<Ratio>,
}

/// A bar, and how far we are from it.
#[derive(Clone, Debug, Serialize)]
struct Ratio {
    what: String,
    values: Vec<f64>,
    bar: f64,
    /// Whether less is better.
    is_upper: bool,
}

impl Slice {
    #[expect(clippy::cast_precision_loss, reason = "counts of a slice are far below 2^52")]
    pub(crate) fn of(round: usize, seen: &Seen, cpu: Option<Duration>, fsyncs: f64) -> Slice {
        // Those of the warm-up cost too: in proportion.
        Slice {
            round,
            rate: seen.rate(),
            p50_ms: seen.percentile(50.0),
            p95_ms: seen.percentile(95.0),
            p99_ms: seen.percentile(99.0),
            max_ms: seen.percentile(100.0),
            errors: seen.errors,
            cpu_us: cpu.map(|it| it.as_secs_f64() * 1e6 / seen.done.max(1) as f64),
            fsyncs,
        }
    }
}

impl Report {
    /// Adds a slice and tells of it.
    pub(crate) fn add(&mut self, measure: &str, side: &str, connections: usize, slice: Slice) {
        tell(&format!(
            "  {:<24} {:<7}{:>5} conn {:>9.0}/s   p99 {:>8.2} ms   {} errors   {:>6.0} fsyncs/s",
            measure, side, connections, slice.rate, slice.p99_ms, slice.errors, slice.fsyncs,
        ));
        let is_it = |it: &&mut Line| {
            it.measure == measure && it.side == side && it.connections == connections
        };
        match self.lines.iter_mut().find(is_it) {
            Some(line) => line.slices.push(slice),
            None => self.lines.push(Line {
                measure: measure.to_owned(),
                side: side.to_owned(),
                connections,
                slices: vec![slice],
            }),
        }
    }

    /// Notes the most memory that a side had.
    pub(crate) fn peak(&mut self, side: &'static str, mb: Option<u64>) {
        self.peaks.extend(mb.map(|mb| (side, mb)));
    }

    /// Notes how many bytes a component has.
    pub(crate) fn size(&mut self, component: String, bytes: u64) {
        self.sizes.insert(component, bytes);
    }

    /// The rates of a line, round by round.
    pub(crate) fn rates(&self, measure: &str, side: &str, connections: usize) -> Vec<f64> {
        self.values(measure, side, connections, |it| it.rate)
    }

    /// The processor time of each answer of a line, round by round.
    pub(crate) fn cpu_ms(&self, measure: &str, side: &str, connections: usize) -> Vec<f64> {
        self.values(measure, side, connections, |it| it.cpu_us.unwrap_or(f64::NAN) / 1000.0)
    }

    fn values(
        &self,
        measure: &str,
        side: &str,
        connections: usize,
        of: impl Fn(&Slice) -> f64,
    ) -> Vec<f64> {
        let is_it =
            |it: &&Line| it.measure == measure && it.side == side && it.connections == connections;
        let line = self.lines.iter().find(is_it);
        line.map(|it| it.slices.iter().map(of).collect()).unwrap_or_default()
    }

    /// Holds the quotient of two rates of the same rounds against a bar.
    pub(crate) fn ratio(
        &mut self,
        what: &str,
        (above, below): (Vec<f64>, Vec<f64>),
        factor: f64,
        bar: f64,
    ) {
        let values = above.iter().zip(&below).map(|(above, below)| above * factor / below);
        let values = values.collect();
        self.ratios.push(Ratio { what: what.to_owned(), values, bar, is_upper: false });
    }

    /// Holds values against a bar that they must stay under.
    pub(crate) fn bound(&mut self, what: &str, values: Vec<f64>, bar: f64) {
        self.ratios.push(Ratio { what: what.to_owned(), values, bar, is_upper: true });
    }

    /// Holds values against a bar that they must reach.
    pub(crate) fn at_least(&mut self, what: &str, values: Vec<f64>, bar: f64) {
        self.ratios.push(Ratio { what: what.to_owned(), values, bar, is_upper: false });
    }

    /// Holds how long a measure takes at 10^`exponent` against a tenth of that.
    pub(crate) fn grown(&mut self, measure: &str, exponent: u32, bar: f64) {
        let p50 = |exponent: u32| {
            let values =
                self.values(&format!("10^{exponent} {measure}"), "ours", 1, |it| it.p50_ms);
            median(&values)
        };
        let (more, less) = (p50(exponent), p50(exponent - 1));
        if less.is_finite() {
            let what = format!("p50 of {measure}, 10^{exponent} ÷ 10^{}", exponent - 1);
            self.bound(&what, vec![more / less], bar);
        }
    }

    /// Holds the p50 of a line against a bar.
    pub(crate) fn middle(&mut self, measure: &str, connections: usize, bar_ms: f64) {
        let p50 = self.values(measure, "ours", connections, |it| it.p50_ms);
        self.bound(&format!("p50 of {measure}, ms"), p50, bar_ms);
    }

    /// Holds the p99 and the errors of a line against their bars.
    pub(crate) fn tail(&mut self, measure: &str, connections: usize, bar_ms: f64) {
        let p99 = self.values(measure, "ours", connections, |it| it.p99_ms);
        #[expect(clippy::cast_precision_loss, reason = "a few")]
        let errors = self.values(measure, "ours", connections, |it| it.errors as f64);
        self.bound(&format!("p99 of {measure} at {connections} connections, ms"), p99, bar_ms);
        self.bound(&format!("errors of {measure} at {connections} connections"), errors, 0.0);
    }

    /// Holds the most memory of our side against a bar.
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    pub(crate) fn memory(&mut self, bar_mb: f64) {
        let ours = self.peaks.get("ours").map(|mb| *mb as f64);
        self.bound("peak memory of the whole runner, MB", ours.into_iter().collect(), bar_mb);
    }

    /// The tables.
    pub(crate) fn print(&self) {
        tell(
            "\nmeasure                  side    conn       per second (min … max)      \
              p50 ms   p95 ms   p99 ms   max ms  CPU µs  errors  fsyncs/s",
        );
        for line in &self.lines {
            let column = |of: fn(&Slice) -> f64| line.slices.iter().map(of).collect::<Vec<_>>();
            let rates = column(|it| it.rate);
            let (low, high) = spread(&rates);
            let cpu = line.slices.iter().filter_map(|it| it.cpu_us).collect::<Vec<_>>();
            tell(&format!(
                "{:<24} {:<7}{:>5} {:>10.0} ({low:>7.0} … {high:>7.0}) {:>8.2} {:>8.2} {:>8.2} \
                 {:>8.1} {:>7.0} {:>7} {:>9.0}",
                line.measure,
                line.side,
                line.connections,
                median(&rates),
                median(&column(|it| it.p50_ms)),
                median(&column(|it| it.p95_ms)),
                median(&column(|it| it.p99_ms)),
                spread(&column(|it| it.max_ms)).1,
                median(&cpu),
                line.slices.iter().map(|it| it.errors).sum::<u64>(),
                median(&column(|it| it.fsyncs)),
            ));
        }
        if !self.peaks.is_empty() {
            tell(&format!("\npeak memory, MB: {}", pairs(&self.peaks)));
        }
        tell(&format!("component sizes, bytes: {}", pairs(&self.sizes)));
        if !self.ratios.is_empty() {
            tell("\nratio (median, min … max of the rounds)                         bar");
        }
        for ratio in &self.ratios {
            let (low, high) = spread(&ratio.values);
            let middle = median(&ratio.values);
            let sign = if ratio.is_upper { '≤' } else { '≥' };
            let met = if ratio.is_met() { "met" } else { "NOT MET" };
            tell(&format!(
                "{:<56} {middle:>8.2} ({low:.2} … {high:.2}) {sign} {} {met}",
                ratio.what, ratio.bar
            ));
        }
    }

    /// Everything, for machines.
    pub(crate) fn json(&self) -> Value {
        json!({
            "lines": self.lines,
            "peak_memory_mb": self.peaks,
            "component_bytes": self.sizes,
            "ratios": self.ratios.iter().map(|it| json!({
                "what": it.what,
                "median": median(&it.values),
                "values": it.values,
                "bar": it.bar,
                "is_upper": it.is_upper,
                "is_met": it.is_met(),
            })).collect::<Vec<_>>(),
        })
    }
}

impl Ratio {
    fn is_met(&self) -> bool {
        let middle = median(&self.values);
        if self.is_upper { middle <= self.bar } else { self.bar <= middle }
    }
}

fn pairs<K: std::fmt::Display>(of: &BTreeMap<K, u64>) -> String {
    of.iter().map(|(name, it)| format!("{name} {it}")).collect::<Vec<_>>().join(" · ")
}

/// The middle value; not a number when there is none.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn spread(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (low, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// A line on the console.
#[expect(clippy::print_stdout, reason = "a table is what this program is for")]
pub(crate) fn tell(line: &str) {
    println!("{line}");
}
