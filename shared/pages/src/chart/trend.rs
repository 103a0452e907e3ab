//! Courses over time.

use super::pen::{Pen, SMALL, bold, count, fit, say, tame, to, wide};
use super::{Line, Point, Trend};

/// How high the field of the courses is.
const FIELD: f64 = 150.0;
/// Most places that can be pointed at one by one.
const PLACES_MAX: usize = 200;
/// Most courses that differ from each other by their looks.
const LINES_MAX: usize = 6;

/// Where values and places are in the field.
struct Field {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
    step: f64,
    places: usize,
}

impl Field {
    fn x(&self, at: usize) -> f64 {
        match self.places {
            0 | 1 => f64::midpoint(self.left, self.right),
            places => self.left + (self.right - self.left) * count(at) / count(places - 1),
        }
    }

    fn y(&self, value: f64) -> f64 {
        let share = (tame(value) - self.low) / (self.high - self.low);
        self.bottom - (self.bottom - self.top) * share.clamp(0.0, 1.0)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let ticks = (0..12_u8).map(|it| self.low + f64::from(it) * self.step);
        ticks.take_while(|it| *it <= self.high + self.step / 100.0)
    }

    fn decimals(&self) -> u32 {
        match self.step {
            1.0.. => 0,
            0.1.. => 1,
            _ => 2,
        }
    }
}

/// The lowest and the highest value of the axis, and the step of its ticks.
pub(super) fn axis(values: &[f64], bounds: &[f64], range: Option<(f64, f64)>) -> [f64; 3] {
    let mut low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let mut high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        (low, high) = (0.0, 1.0);
    }
    // An interval may stretch the axis, but not so far that the course becomes flat.
    let slack = (high - low).max(low.abs().max(high.abs()) / 50.0).max(0.1) * 0.6;
    let (least, most) = (low - slack, high + slack);
    low = bounds.iter().copied().fold(low, f64::min).max(least);
    high = bounds.iter().copied().fold(high, f64::max).min(most);
    // A tenth of a point is no mountain: some of what there can be is always shown.
    let range = range.map(|it| (tame(it.0), tame(it.1))).filter(|it| it.0 < it.1);
    let span = match range {
        Some((from, to)) => (to - from) / 5.0,
        None => (high.abs().max(low.abs()) / 1000.0).max(1.0),
    };
    if high - low < span {
        let middle = f64::midpoint(low, high);
        (low, high) = (middle - span / 2.0, middle + span / 2.0);
    }
    let (from, to) = match range {
        Some(range) => range,
        // Counts begin at nothing.
        None if values.iter().all(|it| 0.0 <= *it) => (0.0, f64::MAX),
        None => (f64::MIN, f64::MAX),
    };
    if range.is_none() && from == 0.0 {
        low = 0.0;
    }
    let step = nice((high - low) / 5.0);
    let low = ((low / step).floor() * step).max(from);
    let high = ((high / step).ceil() * step).min(to);
    [low, if low < high { high } else { low + step }, step]
}

/// The next larger of 1, 2, 2.5, 5, 10, …
fn nice(step: f64) -> f64 {
    let mut unit = 0.01;
    while unit * 10.0 < step {
        unit *= 10.0;
    }
    let factor = [1.0, 2.0, 2.5, 5.0].into_iter().find(|it| step <= unit * it * 1.000_001);
    let factor = factor.unwrap_or(10.0);
    // There are no half answers.
    if factor == 2.5 && unit == 1.0 { 5.0 } else { unit * factor }
}

/// Draws them.
pub(super) fn draw(pen: &mut Pen, it: &Trend) {
    let points = it.lines.iter().map(|it| it.points.len()).max().unwrap_or(0);
    let places = it.labels.len().max(points);
    let (mut values, mut bounds) = (Vec::new(), Vec::new());
    for point in it.lines.iter().flat_map(|it| it.points.iter().flatten()) {
        values.push(tame(point.value));
        if let Some((low, high)) = point.interval {
            bounds.extend([tame(low), tame(high)]);
        }
    }
    values.extend(it.target.map(tame));
    let [low, high, step] = axis(&values, &bounds, it.range);
    let top = legend(pen, it) + 8.0;
    let bottom = top + FIELD;
    let (left, right) = (0.0, pen.width);
    let mut field = Field { left, right, top, bottom, low, high, step, places };
    let last = it.lines.first().and_then(|it| {
        it.points.iter().enumerate().rev().find_map(|(at, it)| it.map(|it| (at, it)))
    });
    let ticks: Vec<(f64, String)> =
        field.ticks().map(|it| (it, say(it, field.decimals()))).collect();
    field.left = ticks.iter().map(|it| wide(&it.1, SMALL)).fold(0.0, f64::max) + 8.0;
    let said = last.map(|it| say(it.1.value, 1)).unwrap_or_default();
    let goal = it.target.map(|it| say(it, 1)).unwrap_or_default();
    field.right = pen.width - bold(&said).max(wide(&goal, SMALL)) - 16.0;
    for (value, text) in &ticks {
        let y = field.y(*value);
        pen.line("grid", [field.left, y, field.right, y]);
        pen.text("s e", field.left - 6.0, y + 4.0, text);
    }
    days(pen, &field, &it.labels);
    pen.height = bottom + 25.0;
    courses(pen, &field, it);
    ends(pen, &field, it.target.map(|it| (it, goal.as_str())), last, &said);
    places_to_point_at(pen, &field, it);
}

/// What the courses are called, above them; answers how high that is.
fn legend(pen: &mut Pen, it: &Trend) -> f64 {
    if it.lines.len() < 2 {
        return 0.0;
    }
    let (mut x, mut y) = (0.0, 14.0);
    for (at, line) in it.lines.iter().enumerate().take(LINES_MAX) {
        let name = fit(&line.name, pen.width - 32.0, SMALL);
        let width = 26.0 + wide(&name, SMALL) + 14.0;
        if 0.0 < x && pen.width < x + width {
            (x, y) = (0.0, y + 18.0);
        }
        pen.line(look(at, line), [x + 1.0, y - 4.0, x + 21.0, y - 4.0]);
        pen.text("s", x + 26.0, y, &name);
        x += width;
    }
    y + 6.0
}

fn look(at: usize, line: &Line) -> &'static str {
    match at {
        _ if line.is_faint => "course faint",
        0 => "course",
        1 => "course c1",
        2 => "course c2",
        3 => "course c3",
        4 => "course c4",
        _ => "course c5",
    }
}

/// As many of the days as there is room for, the first and the last one always.
fn days(pen: &mut Pen, field: &Field, labels: &[String]) {
    if labels.is_empty() {
        return;
    }
    let room = (pen.width / 2.0) - 8.0;
    let said: Vec<String> = labels.iter().map(|it| fit(it, room, SMALL)).collect();
    let widest = said.iter().map(|it| wide(it, SMALL)).fold(0.0, f64::max) + 14.0;
    let last = labels.len() - 1;
    let fits = |every: usize| widest <= (field.right - field.left) * count(every) / count(last);
    let every = (1..=last).find(|it| fits(*it)).unwrap_or(last.max(1));
    let y = field.bottom + 19.0;
    let parts = (last / every).max(1);
    for part in 0..=parts {
        // Evenly, to the nearest one.
        let at = (part * last + parts / 2) / parts;
        let Some(text) = said.get(at).filter(|it| !it.is_empty()) else { continue };
        let x = field.x(at);
        let half = wide(text, SMALL) / 2.0;
        pen.line("tick", [x, field.bottom, x, field.bottom + 4.0]);
        pen.text("s m", x.max(half).min((pen.width - half).max(half)), y, text);
        if last == 0 {
            break;
        }
    }
}

/// Runs of points without a gap, each with the place of its first one.
fn runs(points: &[Option<Point>]) -> Vec<(usize, Vec<Point>)> {
    let mut runs: Vec<(usize, Vec<Point>)> = Vec::new();
    let mut is_open = false;
    for (at, point) in points.iter().enumerate() {
        let Some(point) = point else {
            is_open = false;
            continue;
        };
        match runs.last_mut() {
            Some(run) if is_open => run.1.push(*point),
            _ => runs.push((at, vec![*point])),
        }
        is_open = true;
    }
    runs
}

fn courses(pen: &mut Pen, field: &Field, it: &Trend) {
    if let Some(first) = it.lines.first() {
        for (from, run) in runs(&first.points) {
            band(pen, field, from, &run);
        }
    }
    // What stands behind is drawn first, what it is about last.
    for (at, line) in it.lines.iter().enumerate().take(LINES_MAX).rev() {
        for (from, run) in runs(&line.points) {
            let mut path = String::new();
            for (offset, point) in run.iter().enumerate() {
                let verb = if offset == 0 { 'M' } else { 'L' };
                to(&mut path, verb, field.x(from + offset), field.y(point.value));
            }
            match run.first() {
                Some(point) if run.len() == 1 => {
                    let class = if line.is_faint { "dot faint" } else { "dot" };
                    pen.circle(class, field.x(from), field.y(point.value), 2.5);
                }
                _ => pen.path(look(at, line), &path),
            }
        }
    }
}

/// Between what the values of a run surely lie.
fn band(pen: &mut Pen, field: &Field, from: usize, run: &[Point]) {
    let bounds: Vec<(f64, f64, f64)> = run
        .iter()
        .enumerate()
        .map(|(offset, it)| {
            let (low, high) = it.interval.unwrap_or((it.value, it.value));
            (field.x(from + offset), field.y(low), field.y(high))
        })
        .collect();
    if run.iter().all(|it| it.interval.is_none()) {
        return;
    }
    if let [(x, low, high)] = bounds[..] {
        return pen.line("whisk", [x, low, x, high]);
    }
    let mut path = String::new();
    for (at, (x, _, high)) in bounds.iter().enumerate() {
        to(&mut path, if at == 0 { 'M' } else { 'L' }, *x, *high);
    }
    for (x, low, _) in bounds.iter().rev() {
        to(&mut path, 'L', *x, *low);
    }
    path.push('Z');
    pen.path("band", &path);
}

/// The last value and the target, told beside the field and apart from each other.
fn ends(
    pen: &mut Pen,
    field: &Field,
    goal: Option<(f64, &str)>,
    last: Option<(usize, Point)>,
    said: &str,
) {
    let value_y = last.map(|(_, it)| field.y(it.value));
    if let Some((goal, text)) = goal {
        let (x, y) = (field.right, field.y(goal));
        pen.line("goal", [field.left, y, x, y]);
        let mut text_y = y;
        if let Some(value_y) = value_y.filter(|it| (y - it).abs() < 15.0) {
            let below = field.bottom < value_y + 15.0;
            text_y = if y < value_y && field.top < value_y || below {
                value_y - 15.0
            } else {
                value_y + 15.0
            };
        }
        flag(pen, x + 4.0, y);
        pen.text("s", x + 10.0, text_y + 4.0, text);
    }
    if let (Some((at, _)), Some(y)) = (last, value_y) {
        pen.circle("dot", field.x(at), y, 3.5);
        pen.text("b", field.right + 10.0, y + 4.0, said);
    }
}

/// The sign of a target.
fn flag(pen: &mut Pen, x: f64, y: f64) {
    let mut path = String::new();
    for (verb, x, y) in [('M', x - 4.0, y), ('L', x, y - 4.0), ('L', x + 4.0, y), ('L', x, y + 4.0)]
    {
        to(&mut path, verb, x, y);
    }
    path.push('Z');
    pen.path("flag", &path);
}

fn places_to_point_at(pen: &mut Pen, field: &Field, it: &Trend) {
    if PLACES_MAX < field.places {
        return;
    }
    let half = (field.right - field.left) / count(field.places.max(2) - 1) / 2.0;
    for at in 0..field.places {
        let mut title = it.labels.get(at).cloned().unwrap_or_default();
        for (line, point) in it.lines.iter().filter_map(|it| Some((it, (*it.points.get(at)?)?))) {
            title.push_str(if title.is_empty() { "" } else { " · " });
            if 1 < it.lines.len() && !line.name.is_empty() {
                title.push_str(&line.name);
                title.push(' ');
            }
            title.push_str(&say(point.value, 1));
            if let Some((low, high)) = point.interval.filter(|it| it.0 < it.1) {
                title.push_str(&format!(" ({}\u{2026}{})", say(low, 1), say(high, 1)));
            }
        }
        let (from, to) = (field.x(at) - half, field.x(at) + half);
        let (from, to) = (from.max(field.left), to.min(field.right));
        pen.begin("hit", "", &title);
        pen.rect("area", [from, field.top, to - from, field.bottom - field.top]);
        pen.end();
    }
}

/// A small course, with its end marked.
pub(super) fn spark(pen: &mut Pen, course: &[Option<f64>]) {
    let values: Vec<f64> = course.iter().flatten().copied().map(tame).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // What hardly moves is not made to look as if it did.
    let span = (high - low).max(high.abs() / 20.0).max(0.1);
    let middle = f64::midpoint(low, high);
    let field = Field {
        left: 3.0,
        right: pen.width - 5.0,
        top: 5.0,
        bottom: pen.height - 5.0,
        low: middle - span / 2.0,
        high: middle + span / 2.0,
        step: span,
        places: course.len(),
    };
    let points: Vec<Option<Point>> =
        course.iter().map(|it| it.map(|value| Point { value, interval: None })).collect();
    let line = Line { points, ..Line::default() };
    let last = line.points.iter().rposition(Option::is_some).unwrap_or(0);
    let end = values.last().copied().unwrap_or(0.0);
    let (x, y) = (field.x(last), field.y(end));
    courses(pen, &field, &Trend { lines: vec![line], ..Trend::default() });
    pen.circle("dot", x, y, 3.0);
}
