//! Words as large as they matter, packed.

use super::pen::{Pen, fit, tame, wide};
use super::{Mood, Term};

/// The size of a word that hardly matters, and of one that matters most.
const SIZES: [f64; 2] = [13.0, 34.0];
/// Most words: those beyond stand in the table.
const WORDS_MAX: usize = 60;
/// Most places that are tried for a word.
const TRIES_MAX: u32 = 1500;
/// A turn by 0.35 (its cosine and its sine), and how much further out each one leads.
const TURN: (f64, f64) = (0.939_372_7, 0.342_897_8);
const OUTWARD: f64 = 1.012;

/// A word with its place: its left, its top, its width, its height.
struct Put<'a> {
    term: &'a Term,
    text: String,
    size: f64,
    place: [f64; 4],
}

/// Draws them: the heaviest in the middle, the others around it where there is room.
pub(super) fn draw(pen: &mut Pen, terms: &[Term]) {
    let mut order: Vec<&Term> = Vec::with_capacity(terms.len());
    for it in terms.iter().filter(|it| !it.text.trim().is_empty()) {
        // By inserting, not sorting: there are few words, and a sort is 5 kB of code.
        let at = order.partition_point(|other| tame(it.weight) <= tame(other.weight));
        order.insert(at, it);
    }
    let mut words: Vec<Put<'_>> = Vec::new();
    let mut below: f64 = 0.0;
    for term in order.into_iter().take(WORDS_MAX) {
        let (text, size) = measure(term, pen.width);
        let (width, height) = (wide(&text, size) * 1.06 + 8.0, size * 1.3);
        let width = width.min(pen.width);
        let free = |place: &[f64; 4]| words.iter().all(|it| !touch(&it.place, place));
        let place = around(pen.width, width, height, &free);
        // Whoever finds no room there stands below all others.
        let place = place.unwrap_or([(pen.width - width) / 2.0, below, width, height]);
        below = below.max(place[1] + place[3]);
        words.push(Put { term, text, size, place });
    }
    let top = words.iter().map(|it| it.place[1]).fold(f64::INFINITY, f64::min);
    pen.height = if words.is_empty() { 0.0 } else { below - top };
    for it in &words {
        let [x, y, width, height] = it.place;
        pen.begin("hit", "", if it.term.title.is_empty() { &it.text } else { &it.term.title });
        let size = super::pen::number(it.size);
        let (x, y) = (x + width / 2.0, y - top + height * 0.74);
        let (x, y) = (super::pen::number(x), super::pen::number(y));
        let class = match it.term.mood {
            Mood::Plain => "word m",
            Mood::Good => "word m good",
            Mood::Bad => "word m bad",
            Mood::Faint => "word m weak",
        };
        let attributes = [("class", class), ("x", &*x), ("y", &*y), ("font-size", &*size)];
        pen.html.put("text", &attributes, &it.text);
        pen.end();
    }
}

/// A word as large as it matters, if there is room; a very long one is cut.
fn measure(term: &Term, width: f64) -> (String, f64) {
    let share = tame(term.weight).clamp(0.0, 1.0);
    let size = SIZES[0] + (SIZES[1] - SIZES[0]) * share;
    let room = (width - 8.0) / 1.06;
    let text = term.text.trim();
    let size = size.min(room / wide(text, 1.0)).max(SIZES[0]);
    (fit(text, room, size), size)
}

/// The first free place on a way that winds outwards, wider than high.
fn around(
    room: f64,
    width: f64,
    height: f64,
    free: &dyn Fn(&[f64; 4]) -> bool,
) -> Option<[f64; 4]> {
    let (mut dx, mut dy) = (1.0, 0.0);
    let middle = room / 2.0;
    for _ in 0..TRIES_MAX {
        let x = middle + dx - width / 2.0;
        let place = [x, dy * 0.7 - height / 2.0, width, height];
        if 0.0 <= x && x + width <= room && free(&place) {
            return Some(place);
        }
        let far = if dx * dx + dy * dy < 4e6 { OUTWARD } else { return None };
        (dx, dy) = ((dx * TURN.0 - dy * TURN.1) * far, (dx * TURN.1 + dy * TURN.0) * far);
    }
    None
}

fn touch(one: &[f64; 4], other: &[f64; 4]) -> bool {
    one[0] < other[0] + other[2]
        && other[0] < one[0] + one[2]
        && one[1] < other[1] + other[3]
        && other[1] < one[1] + one[3]
}
