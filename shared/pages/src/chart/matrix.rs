//! Spots between two axes.

use super::pen::{Pen, SMALL, TEXT, count, fit, tame, to, wide, wrap};
use super::{Matrix, Mood, Spot};

/// How high the field is.
const FIELD: f64 = 270.0;
const LEFT: f64 = 1.0;
const TOP: f64 = 24.0;

/// What is taken already: left, top, right, bottom.
type Taken = Vec<[f64; 4]>;

/// Draws them. A spot without room for its name beside it has a number, which is told below.
pub(super) fn draw(pen: &mut Pen, it: &Matrix) {
    let (right, bottom) = (pen.width - 1.0, TOP + FIELD);
    let x = |value: f64| LEFT + 8.0 + (right - LEFT - 16.0) * share(value, it.range[0]);
    let y = |value: f64| bottom - 8.0 - (FIELD - 16.0) * share(value, it.range[1]);
    let (cx, cy) = (x(it.middle.0), y(it.middle.1));
    pen.rect("plane", [LEFT, TOP, right - LEFT, FIELD]);
    pen.line("cross", [cx, TOP, cx, bottom]);
    pen.line("cross", [LEFT, cy, right, cy]);
    axes(pen, &it.axes, bottom);
    let places: Vec<(f64, f64)> = it.spots.iter().map(|it| (x(it.at.0), y(it.at.1))).collect();
    let mut taken: Taken =
        places.iter().map(|(x, y)| [x - 6.0, y - 6.0, x + 6.0, y + 6.0]).collect();
    corners(pen, &it.corners, [LEFT, TOP, right, bottom], (cx, cy), &mut taken);
    let mut rest = Vec::new();
    for (spot, place) in it.spots.iter().zip(&places) {
        let title = match spot.title.is_empty() {
            true => spot.name.clone(),
            false => format!("{} · {}", spot.name, spot.title),
        };
        pen.begin("hit", "", &title);
        mark(pen, spot.mood, *place);
        let bounds = [LEFT, TOP, right, bottom];
        let room = wide(&spot.name, SMALL) <= 150.0;
        if !(room && name(pen, &spot.name, *place, bounds, &mut taken)) {
            rest.push(spot);
            let number = rest.len().to_string();
            if !name(pen, &number, *place, bounds, &mut taken) {
                let x = place.0.max(8.0).min(pen.width - 8.0);
                pen.text("s m over halo", x, place.1 - 7.0, &number);
            }
        }
        pen.end();
    }
    pen.height = bottom + 26.0;
    numbered(pen, &rest);
}

fn share(value: f64, range: (f64, f64)) -> f64 {
    let (low, high) = (tame(range.0), tame(range.1));
    if high <= low { 0.5 } else { ((tame(value) - low) / (high - low)).clamp(0.0, 1.0) }
}

fn axes(pen: &mut Pen, names: &[String; 2], bottom: f64) {
    let room = pen.width - 24.0;
    let up = format!("\u{2191} {}", fit(&names[1], room, TEXT));
    pen.text("b", 0.0, 15.0, &up);
    let across = format!("{} \u{2192}", fit(&names[0], room, TEXT));
    pen.text("b e", pen.width, bottom + 18.0, &across);
}

/// What the four fields mean, each in its outer corner.
fn corners(
    pen: &mut Pen,
    names: &[String; 4],
    [left, top, right, bottom]: [f64; 4],
    (cx, cy): (f64, f64),
    taken: &mut Taken,
) {
    for (at, name) in names.iter().enumerate() {
        let (is_right, is_low) = (at % 2 == 1, 2 <= at);
        let room = if is_right { right - cx } else { cx - left };
        let high = if is_low { bottom - cy } else { cy - top };
        if name.is_empty() || room < 50.0 || high < 36.0 {
            continue;
        }
        let lines = wrap(name, room - 12.0, SMALL, 2);
        let widest = lines.iter().map(|it| wide(it, SMALL)).fold(0.0, f64::max);
        let x = if is_right { right - 6.0 } else { left + 6.0 };
        let first = match is_low {
            true => bottom - 7.0 - 14.0 * count(lines.len().saturating_sub(1)),
            false => top + 15.0,
        };
        for (at, line) in lines.iter().enumerate() {
            let class = if is_right { "s i e" } else { "s i" };
            pen.text(class, x, first + 14.0 * count(at), line);
        }
        let from = if is_right { x - widest } else { x };
        taken.push([from, first - 12.0, from + widest, first + 14.0 * count(lines.len()) - 10.0]);
    }
}

fn mark(pen: &mut Pen, mood: Mood, (x, y): (f64, f64)) {
    if mood != Mood::Bad {
        let class = match mood {
            Mood::Good => "spot good",
            Mood::Faint => "spot weak",
            _ => "spot",
        };
        return pen.circle(class, x, y, 5.0);
    }
    let mut path = String::new();
    to(&mut path, 'M', x - 6.0, y - 5.0);
    to(&mut path, 'L', x + 6.0, y - 5.0);
    to(&mut path, 'L', x, y + 6.0);
    path.push('Z');
    pen.path("spot bad", &path);
}

/// Puts a name beside its spot, where nothing else is; answers whether there is such a place.
fn name(
    pen: &mut Pen,
    name: &str,
    (x, y): (f64, f64),
    [left, top, right, bottom]: [f64; 4],
    taken: &mut Taken,
) -> bool {
    let width = wide(name, SMALL);
    let around = [
        (x + 9.0, y + 4.0),
        (x - 9.0 - width, y + 4.0),
        (x - width / 2.0, y - 9.0),
        (x - width / 2.0, y + 17.0),
        (x + 5.0, y - 8.0),
        (x + 5.0, y + 16.0),
        (x - 5.0 - width, y - 8.0),
        (x - 5.0 - width, y + 16.0),
    ];
    for (from, base) in around {
        let place = [from, base - 11.0, from + width, base + 3.0];
        let is_within = left + 2.0 <= place[0]
            && place[2] <= right - 2.0
            && top + 2.0 <= place[1]
            && place[3] <= bottom - 2.0;
        let is_free = |it: &[f64; 4]| {
            // Its own spot touches nothing: the places begin beside it.
            place[2] <= it[0] || it[2] <= place[0] || place[3] <= it[1] || it[3] <= place[1]
        };
        if is_within && taken.iter().all(is_free) {
            taken.push(place);
            pen.text("s halo", from, base, name);
            return true;
        }
    }
    false
}

/// What the numbers stand for.
fn numbered(pen: &mut Pen, spots: &[&Spot]) {
    for (at, spot) in spots.iter().enumerate() {
        let number = (at + 1).to_string();
        let y = pen.height + 14.0;
        pen.text("s b e", 20.0, y, &number);
        let lines = wrap(&spot.name, pen.width - 28.0, SMALL, 2);
        for (line, text) in lines.iter().enumerate() {
            pen.text("s", 28.0, y + 16.0 * count(line), text);
        }
        pen.height += 18.0 * count(lines.len().max(1));
    }
    if !spots.is_empty() {
        pen.height += 4.0;
    }
}
