//! What charts are written with: shapes whose looks are classes, and texts that are measured.

use crate::html::Html;

/// How large texts are, as the style sheet has it.
pub(super) const TEXT: f64 = 13.0;
/// How large those are that matter less.
pub(super) const SMALL: f64 = 12.0;
/// Beyond this a value is drawn as if it were this: nothing here is larger, and it is a number
/// that can be written.
const VALUE_MAX: f64 = 1e12;

/// A drawing in the making.
#[derive(Debug, Default)]
pub(super) struct Pen {
    pub(super) html: Html,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) has_links: bool,
}

impl Pen {
    pub(super) fn new(width: f64) -> Pen {
        Pen { width, ..Pen::default() }
    }

    /// A shape: its class, and where it is.
    pub(super) fn shape(&mut self, tag: &'static str, class: &str, places: &[(&str, f64)]) {
        let written: Vec<String> = places.iter().map(|it| number(it.1)).collect();
        let mut attributes = vec![("class", class)];
        attributes.extend(places.iter().zip(&written).map(|(it, text)| (it.0, text.as_str())));
        self.html.open(tag, &attributes);
        self.html.close();
    }

    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4]) {
        let places = [("x", x), ("y", y), ("width", width), ("height", height)];
        self.shape("rect", class, &places);
    }

    pub(super) fn line(&mut self, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
        self.shape("line", class, &[("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)]);
    }

    pub(super) fn circle(&mut self, class: &str, x: f64, y: f64, r: f64) {
        self.shape("circle", class, &[("cx", x), ("cy", y), ("r", r)]);
    }

    pub(super) fn path(&mut self, class: &str, path: &str) {
        self.html.open("path", &[("class", class), ("d", path)]);
        self.html.close();
    }

    /// A text on its base line. The class says where it is held: `e` at its end, `m` in its
    /// middle.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let (x, y) = (number(x), number(y));
        self.html.put("text", &[("class", class), ("x", &x), ("y", &y)], text);
    }

    /// Begins a group of what belongs together; it leads somewhere unless `href` is empty.
    /// Whoever points at it is told the title.
    pub(super) fn begin(&mut self, class: &str, href: &str, title: &str) {
        if href.is_empty() {
            self.html.open("g", &[("class", class)]);
        } else {
            self.has_links = true;
            self.html.open("a", &[("class", class), ("href", href)]);
        }
        if !title.is_empty() {
            self.html.put("title", &[], title);
        }
    }

    pub(super) fn end(&mut self) {
        self.html.close();
    }
}

/// A place as it is written: in tenths, within what can be seen.
#[expect(clippy::cast_possible_truncation, reason = "it is within bounds by then")]
pub(super) fn number(place: f64) -> String {
    // What is no number becomes 0 here.
    let tenths = (place.clamp(0.0, 99_999.0) * 10.0).round() as i64;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

/// Goes on with a path to a place.
pub(super) fn to(path: &mut String, verb: char, x: f64, y: f64) {
    path.push(verb);
    path.push_str(&number(x));
    path.push(' ');
    path.push_str(&number(y));
}

/// A value that can be drawn.
pub(super) fn tame(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(-VALUE_MAX, VALUE_MAX) }
}

/// How many there are, to reckon with.
#[expect(clippy::cast_precision_loss, reason = "nothing has 2^53 parts")]
pub(super) fn count(count: usize) -> f64 {
    count as f64
}

/// A value as it is read, with so many decimals at most: `1,234.5`, `12k`.
#[expect(clippy::cast_possible_truncation, reason = "a tame value is within bounds")]
pub(super) fn say(value: f64, decimals: u32) -> String {
    let value = tame(value);
    let (value, unit) = match value.abs() {
        1e9.. => (value / 1e9, "G"),
        1e6.. => (value / 1e6, "M"),
        1e4.. => (value / 1e3, "k"),
        _ => (value, ""),
    };
    let decimals = if unit.is_empty() { decimals } else { 1 };
    let parts = 10_i64.pow(decimals);
    let number = (value.abs() * f64::from(10_u32.pow(decimals))).round() as i64;
    let sign = if value < 0.0 && number != 0 { "\u{2212}" } else { "" };
    let (whole, rest) = (number / parts, number % parts);
    let whole = match whole {
        ..1000 => whole.to_string(),
        _ => format!("{},{:03}", whole / 1000, whole % 1000),
    };
    if rest == 0 {
        return format!("{sign}{whole}{unit}");
    }
    let digits = usize::try_from(decimals).unwrap_or(1);
    let rest = format!("{rest:0digits$}");
    format!("{sign}{whole}.{}{unit}", rest.trim_end_matches('0'))
}

/// How wide a text is, rather more than less: who sees it has other fonts than we.
pub(super) fn wide(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// How wide a text is that is bold and of the usual size.
pub(super) fn bold(text: &str) -> f64 {
    wide(text, TEXT * 1.1)
}

fn em(it: char) -> f64 {
    match it {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        'A'..='Z' | '&' | '+' | '\u{2212}' => 0.7,
        // Combining marks and letters of narrow scripts are fewer than the wide signs behind them.
        '\0'..'\u{1100}' => 0.58,
        '\u{2010}'..='\u{2027}' => 0.6,
        _ => 1.0,
    }
}

/// As much of a text as there is room for.
pub(super) fn fit(text: &str, room: f64, size: f64) -> String {
    if wide(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - wide("\u{2026}", size);
    let mut short = String::new();
    for it in text.chars() {
        left -= em(it) * size;
        if left < 0.0 {
            break;
        }
        short.push(it);
    }
    short.truncate(short.trim_end().len());
    short.push('\u{2026}');
    short
}

/// A text in lines; what is beyond the last of them is left out.
pub(super) fn wrap(text: &str, room: f64, size: f64, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 == lines_max {
            lines.push(fit(rest, room, size));
            break;
        }
        let cut = cut(rest, room, size);
        let (line, more) = rest.split_at(cut);
        lines.push(line.trim_end().to_owned());
        rest = more.trim_start();
    }
    lines
}

/// Where the first line of a text ends: behind a space or between wide signs, if there is one.
fn cut(text: &str, room: f64, size: f64) -> usize {
    let mut left = room;
    let mut best = 0;
    let mut was_wide = false;
    for (at, it) in text.char_indices() {
        let width = em(it);
        let is_wide = '\u{2e80}' <= it;
        // A stop never begins a line.
        if at != 0 && (is_wide || was_wide || it == ' ') && !"，。、；：！？）》」".contains(it)
        {
            best = at;
        }
        left -= width * size;
        if left < 0.0 && it != ' ' {
            return match best {
                0 => at.max(it.len_utf8()),
                best => best,
            };
        }
        was_wide = is_wide || it == ' ' || it == '/' || it == '-';
    }
    text.len()
}
