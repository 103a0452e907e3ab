//! Values beside each other: lying bars, columns, and what is left after each step.

use super::pen::{Pen, SMALL, TEXT, bold, count, fit, tame, to, wide, wrap};
use super::{Bar, Bars, Mood};

/// How high a line of text is.
const LINE: f64 = 18.0;
/// How high a bar is.
const BAR: f64 = 12.0;

/// Where a value is on its axis.
struct Axis {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl Axis {
    /// The axis of some bars. A bar has a length only from zero on, or from where values begin.
    fn of(bars: &[Bar], range: Option<(f64, f64)>, width: f64) -> Axis {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        if let Some((from, to)) = range.filter(|it| it.0 < it.1) {
            (low, high) = (tame(from), tame(to));
        } else {
            for it in bars {
                let values = [it.point.map(|it| it.value), it.target];
                for value in values.into_iter().flatten().map(tame) {
                    (low, high) = (low.min(value), high.max(value));
                }
            }
        }
        if high <= low {
            high = low + 1.0;
        }
        Axis { low, high, left: 0.0, right: width }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (tame(value) - self.low) / (self.high - self.low);
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0)
    }

    fn zero(&self) -> f64 {
        self.x(0.0_f64.max(self.low).min(self.high))
    }
}

/// What a bar is told as, for whoever points at it.
fn title(it: &Bar) -> String {
    format!("{} {}", it.name, it.text)
}

const fn look(mood: Mood) -> &'static str {
    match mood {
        Mood::Plain => "bar",
        Mood::Good => "bar good",
        Mood::Bad => "bar bad",
        Mood::Faint => "bar weak",
    }
}

/// Draws lying bars, each below its name and its value.
pub(super) fn draw(pen: &mut Pen, it: &Bars) {
    let axis = Axis::of(&it.bars, it.range, pen.width);
    let mut y = 0.0;
    for bar in &it.bars {
        let top = y;
        pen.begin("row", &bar.href, &title(bar));
        y = heading(pen, bar, y);
        let height = y + BAR + 12.0 - top;
        pen.rect("area", [0.0, top, pen.width, height]);
        pen.rect("rail", [0.0, y, pen.width, BAR]);
        if let Some(point) = bar.point {
            let (zero, end) = (axis.zero(), axis.x(point.value));
            let (from, to) = (zero.min(end), zero.max(end));
            pen.rect(look(bar.mood), [from, y, (to - from).max(1.5).min(pen.width - from), BAR]);
            if let Some((low, high)) = point.interval {
                whisker(pen, axis.x(low), axis.x(high), y + BAR / 2.0);
            }
        }
        if let Some(goal) = bar.target {
            let x = axis.x(goal).max(2.0).min(pen.width - 2.0);
            pen.line("goal-mark", [x, y - 3.0, x, y + BAR + 3.0]);
        }
        pen.end();
        y = top + height;
    }
    pen.height = y;
}

/// The name and the value; answers where the bar begins.
fn heading(pen: &mut Pen, bar: &Bar, top: f64) -> f64 {
    let text = fit(&bar.text, pen.width * 0.6, TEXT);
    let sign = if matches!(bar.mood, Mood::Good | Mood::Bad) { 18.0 } else { 0.0 };
    let value = bold(&text);
    let room = pen.width - value - sign - 14.0;
    let mut y = top + 14.0;
    let class = if bar.href.is_empty() { "" } else { "way" };
    let lines = wrap(&bar.name, room, TEXT, 2);
    for (at, line) in lines.iter().enumerate() {
        y = top + 14.0 + count(at) * LINE;
        pen.text(class, 0.0, y, line);
    }
    mood(pen, bar.mood, pen.width - value - sign, top + 14.0);
    pen.text("b e", pen.width, top + 14.0, &text);
    y + 7.0
}

/// The sign of what is as it should be, or not: a tick, or a triangle that points down.
fn mood(pen: &mut Pen, mood: Mood, x: f64, y: f64) {
    let mut path = String::new();
    let (class, places) = match mood {
        Mood::Good => ("tick-sign", [('M', 1.0, -5.0), ('L', 4.5, -1.5), ('L', 11.0, -9.0)]),
        Mood::Bad => ("bad-sign", [('M', 1.0, -9.0), ('L', 11.0, -9.0), ('L', 6.0, -0.5)]),
        _ => return,
    };
    for (verb, dx, dy) in places {
        to(&mut path, verb, x + dx, y + dy);
    }
    pen.path(class, &path);
}

fn whisker(pen: &mut Pen, from: f64, to: f64, y: f64) {
    let (from, to) = (from.min(to), from.max(to));
    pen.line("whisk", [from, y, to, y]);
    for x in [from, to] {
        let x = x.max(1.0).min(pen.width - 1.0);
        pen.line("whisk", [x, y - 4.0, x, y + 4.0]);
    }
}

/// Draws columns with what was counted above them and its answer below. Where the texts have no
/// room there, they lie.
pub(super) fn spread(pen: &mut Pen, bars: &[Bar]) {
    let each = pen.width / count(bars.len().max(1));
    let parts: Vec<Vec<String>> = bars.iter().map(|it| parts_of(&it.text)).collect();
    let texts =
        parts.iter().flatten().map(String::as_str).chain(bars.iter().map(|it| it.name.as_str()));
    let lines = parts.iter().map(Vec::len).max().unwrap_or(0);
    let widest = texts.map(|it| wide(it, SMALL)).fold(0.0, f64::max);
    if each < widest + 2.0 || 3 < lines {
        return draw(pen, &Bars { bars: bars.to_vec(), range: None });
    }
    let values = bars.iter().filter_map(|it| it.point).map(|it| tame(it.value));
    let most = values.fold(0.0, f64::max);
    let top = count(lines) * 15.0 + 6.0;
    let bottom = top + 120.0;
    for (at, (bar, parts)) in bars.iter().zip(&parts).enumerate() {
        let (x, middle) = (each * count(at), each * (count(at) + 0.5));
        pen.begin("row", &bar.href, &title(bar));
        pen.rect("area", [x, 0.0, each, bottom + 22.0]);
        let value = bar.point.map_or(0.0, |it| tame(it.value)).max(0.0);
        let height = if 0.0 < most { 120.0 * (value / most) } else { 0.0 };
        let height = if 0.0 < value { height.max(1.5) } else { height };
        let gap = (each / 8.0).min(8.0);
        pen.rect(look(bar.mood), [x + gap, bottom - height, each - 2.0 * gap, height]);
        for (line, part) in parts.iter().enumerate() {
            let above = count(parts.len() - 1 - line) * 15.0 + 5.0;
            pen.text(
                if line == 0 { "s b m" } else { "s m" },
                middle,
                bottom - height - above,
                part,
            );
        }
        pen.text("s m", middle, bottom + 16.0, &bar.name);
        pen.end();
    }
    pen.line("base", [0.0, bottom, pen.width, bottom]);
    pen.height = bottom + 22.0;
}

/// What a text says, part by part: `34 (12 %)` says two things.
fn parts_of(text: &str) -> Vec<String> {
    // A percent sign stays with its number.
    let text = text.replace(" %", "%");
    let parts = text.split([' ', '(', ')', '·', '（', '）']);
    parts.filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Draws what is left after each step, in the middle, so that what is lost shows at the sides.
pub(super) fn funnel(pen: &mut Pen, bars: &[Bar]) {
    let values = bars.iter().filter_map(|it| it.point).map(|it| tame(it.value));
    let most = values.fold(0.0, f64::max);
    let middle = pen.width / 2.0;
    let half = |it: &Bar| match it.point {
        Some(point) if 0.0 < most => middle * (tame(point.value).max(0.0) / most),
        _ => 0.0,
    };
    let mut y = 0.0;
    let mut before: Option<(f64, f64)> = None;
    for bar in bars {
        let half = half(bar).max(1.0);
        if let Some((wider, from)) = before {
            let mut path = String::new();
            to(&mut path, 'M', middle - wider, from);
            to(&mut path, 'L', middle + wider, from);
            to(&mut path, 'L', middle + half, y + 23.0);
            to(&mut path, 'L', middle - half, y + 23.0);
            path.push('Z');
            pen.path("lost", &path);
        }
        pen.begin("row", &bar.href, &title(bar));
        let top = y;
        let from = heading(pen, bar, y) + 2.0;
        pen.rect("area", [0.0, top, pen.width, from + 18.0 - top]);
        pen.rect(look(bar.mood), [middle - half, from, half * 2.0, 18.0]);
        pen.end();
        before = Some((half, from + 18.0));
        y = from + 18.0 + 8.0;
    }
    pen.height = y;
}
