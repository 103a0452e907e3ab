//! Sudden rises of daily counts, such as complaints or dissatisfied answers.
//!
//! Every day is measured against earlier days of its own kind, so that a quiet Sunday is not a
//! fall and a busy Monday not a rise. Two rules watch together: one for a single day far out,
//! one for a rise that is small but lasts.

use crate::score::round;

/// Comparable days that an expectation is drawn from, at most: eight weeks.
const WEEKS: usize = 8;

/// Comparable days below which nothing can be said.
const MINIMUM_WEEKS: usize = 4;

/// Events in a day, or for a lasting rise in a week, below which nobody need be called.
const MINIMUM_COUNT: u64 = 5;

/// Normal quantile of the limit of a single day: one in a thousand.
const QUANTILE: f64 = 3.09;

/// How much the newest day counts in the moving average.
const LAMBDA: f64 = 0.3;

/// Standard errors of the moving average that are a rise.
const WIDTH: f64 = 3.0;

/// Where a day's deviation is cut, in standard errors: one day alone is no lasting rise.
const CAP: f64 = 4.0;

/// Days before today in the moving average. Older ones count for less than a thousandth.
const MEMORY: usize = 21;

/// Which days are comparable: the weekday, 0 to 6, or any other number for a class of days.
///
/// Holidays and make-up days are no ordinary weekdays; the caller gives them classes of their
/// own, such as 7 for days off and 8 for days worked instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayKind(pub u8);

/// What happened on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Days since any fixed date.
    pub day: i32,
    /// What it can be compared with.
    pub kind: DayKind,
    /// Events: complaints, or low answers.
    pub count: u64,
    /// Out of how many, such as all answers; `None` if the events are counted for themselves.
    pub exposure: Option<u64>,
    /// It raised an alarm, or is known to be unlike others: no measure for those to come.
    ///
    /// Where a rise is there to stay, clear this, or it will be an alarm for ever.
    pub flagged: bool,
}

/// What is to be thought of a day. Numbers are rounded to two decimals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Events that were to be expected.
    pub expected: f64,
    /// Events that are too many for a single day.
    pub limit: f64,
    /// Moving average of the deviations, in standard errors of one day.
    pub ewma: f64,
    /// The average that is too high.
    pub ewma_limit: f64,
    /// Variance of the counts as a multiple of that of Poisson's distribution, at least 1.
    pub dispersion: f64,
    /// Comparable days that the expectation was drawn from.
    pub weeks: usize,
    /// Someone should look.
    pub is_alarm: bool,
    /// Why, if so.
    pub reason: Option<Reason>,
}

/// Why a day is an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Far more than on any such day.
    Sudden,
    /// More than usual for days on end.
    Sustained,
}

/// Judges today by the days before it, oldest first. Only rises are alarms.
///
/// Eleven weeks of days before are all that it looks at, holidays aside, which are rarer.
///
/// The expectation `μ` is the mean of the last eight unflagged days of the same kind. With an
/// exposure it is their rate times today's exposure, so that more answers alone are no rise;
/// days without one are then passed over. Counts scatter more than Poisson's distribution has
/// it: `φ = max(1, Σ (x − μ)²/μ / degrees of freedom)`, Pearson's, pooled over all kinds of day.
/// The uncertainty of `μ` itself, drawn from `m` days, makes that `τ = φ (1 + 1/m)`, or
/// `φ (1 + today's exposure / theirs)`.
///
/// A day is too much above `μ (1 + ⅔ · 3.09 √(τ/μ))^1.5`, the limit on the scale of the power
/// ⅔, where such counts are symmetric: Farrington et al. (1996), "A statistical algorithm for
/// the early detection of outbreaks", *Journal of the Royal Statistical Society A* 159(3). It is
/// no alarm under five events.
///
/// A rise is lasting when the exponentially weighted moving average of `(x − μ)/√(τ μ)` is above
/// its limit (see `ewma_limit`), today is above its expectation and the week had five events.
///
/// `None` with fewer than four comparable days. In 60 simulated runs of 20 events a day with
/// `φ` = 1.5 both rules together raise about two false alarms a year and find a doubling within
/// three days; that test is in this file.
pub fn judge(history: &[Day], today: &Day) -> Option<Verdict> {
    let past = Past { days: history, is_exposed: today.exposure.is_some() };
    let usual = past.usual(today)?;
    let size = past.size(today)?;
    let dispersion = past.dispersion(today.day);
    let expected = usual.count / usual.size * size;
    let limit = limit(expected, dispersion * (1.0 + size / usual.size));
    let ewma = past.ewma(today, dispersion);
    let is_sudden = MINIMUM_COUNT <= today.count && limit < today.count as f64;
    let is_sustained = ewma_limit(1.0) < ewma
        && expected < today.count as f64
        && MINIMUM_COUNT <= past.week(today);
    let reason = match (is_sudden, is_sustained) {
        (true, _) => Some(Reason::Sudden),
        (false, true) => Some(Reason::Sustained),
        (false, false) => None,
    };
    Some(Verdict {
        expected: round(expected, 2),
        limit: round(limit, 2),
        ewma: round(ewma, 2),
        ewma_limit: round(ewma_limit(1.0), 2),
        dispersion: round(dispersion, 2),
        weeks: usual.days,
        is_alarm: reason.is_some(),
        reason,
    })
}

/// One step of the exponentially weighted moving average: `before + λ (value − before)`.
///
/// Roberts (1959), "Control chart tests based on geometric moving averages", *Technometrics*
/// 1(3), with `λ` = 0.3.
pub fn ewma(before: f64, value: f64) -> f64 {
    before + LAMBDA * (value - before)
}

/// How far that average may lie from its middle: `3 σ √(λ/(2 − λ))`.
///
/// `σ` is the standard deviation of one value; the rest as in the NIST/SEMATECH e-Handbook
/// 6.3.2.4, for an average that has run for long.
pub fn ewma_limit(sigma: f64) -> f64 {
    WIDTH * sigma * (LAMBDA / (2.0 - LAMBDA)).sqrt()
}

impl Reason {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Sudden => "sudden",
            Reason::Sustained => "sustained",
        }
    }
}

/// `μ (1 + ⅔ · 3.09 √(τ/μ))^1.5` as `μ^¼ (√μ + ⅔ · 3.09 √τ)^1.5`, which divides by nothing.
fn limit(expected: f64, tau: f64) -> f64 {
    let root = expected.sqrt();
    let reach = root + 2.0 / 3.0 * QUANTILE * tau.sqrt();
    root.sqrt() * reach * reach.sqrt()
}

/// The days before, and whether they are measured by their exposure.
struct Past<'a> {
    days: &'a [Day],
    is_exposed: bool,
}

/// Comparable days added up.
#[derive(Clone, Copy, Default)]
struct Usual {
    days: usize,
    count: f64,
    /// Their exposures, or how many days they are.
    size: f64,
}

impl Past<'_> {
    /// What a day is measured by; `None` if by nothing.
    fn size(&self, day: &Day) -> Option<f64> {
        match day.exposure {
            _ if !self.is_exposed => Some(1.0),
            Some(exposure) if 0 < exposure => Some(exposure as f64),
            _ => None,
        }
    }

    /// Days before this one that can be a measure, the latest first.
    fn before(&self, day: i32) -> impl Iterator<Item = (&Day, f64)> {
        let days = self.days.iter().rev().filter(move |it| it.day < day && !it.flagged);
        days.filter_map(|it| Some((it, self.size(it)?)))
    }

    /// What such a day is measured against; `None` if by too few.
    fn usual(&self, day: &Day) -> Option<Usual> {
        let mut usual = Usual::default();
        let same = self.before(day.day).filter(|(it, _)| it.kind == day.kind);
        for (it, size) in same.take(WEEKS) {
            usual.add(it, size);
        }
        (MINIMUM_WEEKS <= usual.days).then_some(usual)
    }

    /// `φ` of the last eight days of every kind before this day.
    fn dispersion(&self, day: i32) -> f64 {
        let mut kinds: Vec<(DayKind, Usual)> = Vec::new();
        let mut kept = Vec::new();
        for (it, size) in self.before(day) {
            let at = kinds.iter().position(|(kind, _)| *kind == it.kind);
            let at = at.unwrap_or_else(|| {
                kinds.push((it.kind, Usual::default()));
                kinds.len() - 1
            });
            if let Some((_, usual)) = kinds.get_mut(at)
                && usual.days < WEEKS
            {
                usual.add(it, size);
                kept.push((at, it.count as f64, size));
            }
        }
        let mut squares = 0.0;
        for (at, count, size) in kept {
            if let Some((_, usual)) = kinds.get(at)
                && 0.0 < usual.count
            {
                let expected = usual.count / usual.size * size;
                squares += (count - expected).powi(2) / expected;
            }
        }
        let degrees = kinds.iter().filter(|(_, usual)| 0.0 < usual.count);
        let degrees = degrees.map(|(_, usual)| usual.days - 1).sum::<usize>();
        if degrees == 0 { 1.0 } else { (squares / degrees as f64).max(1.0) }
    }

    /// Moving average up to today.
    ///
    /// Flagged days are passed over, so that one alarm does not raise those of the days after
    /// it, and so are days that cannot be measured.
    fn ewma(&self, today: &Day, dispersion: f64) -> f64 {
        let mut recent = [None; MEMORY];
        for (slot, (day, _)) in recent.iter_mut().rev().zip(self.before(today.day)) {
            *slot = self.deviation(day, dispersion);
        }
        let today = self.deviation(today, dispersion);
        recent.into_iter().chain([today]).flatten().fold(0.0, ewma)
    }

    /// `(x − μ)/√(τ μ)`, cut at the cap on either side.
    ///
    /// Where there never was an event, `μ` under the root is that of a single one.
    fn deviation(&self, day: &Day, dispersion: f64) -> Option<f64> {
        let usual = self.usual(day)?;
        let size = self.size(day)?;
        let part = size / usual.size;
        let expected = usual.count * part;
        let variance = dispersion * (1.0 + part) * expected.max(part);
        Some(((day.count as f64 - expected) / variance.sqrt()).clamp(-CAP, CAP))
    }

    /// Events of the seven days that end today.
    fn week(&self, today: &Day) -> u64 {
        let days = self.before(today.day).filter(|(it, _)| today.day.saturating_sub(it.day) < 7);
        days.fold(today.count, |sum, (it, _)| sum.saturating_add(it.count))
    }
}

impl Usual {
    fn add(&mut self, day: &Day, size: f64) {
        self.days += 1;
        self.count += day.count as f64;
        self.size += size;
    }
}

#[cfg(test)]
mod tests;
