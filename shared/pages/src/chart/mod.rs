//! Charts: pure functions from data to SVG.
//!
//! A chart in a page has no colour of its own: the style sheet gives it, light and dark. One in a
//! file of its own brings that part of the style sheet along. Nothing is told by colour alone, and
//! every chart is an image with a title and a description, beside a table of the same.

use crate::html::Html;

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub enum Chart {
    /// Nothing: the table says it all.
    #[default]
    None,
    /// Courses over time.
    Trend(Trend),
    /// Values beside each other, one bar each.
    Bars(Bars),
    /// Values in rows and columns.
    Heat(Heat),
    /// Words as large as they matter.
    Cloud(Vec<Term>),
    /// Spots between two axes, with a middle that parts them in four.
    Matrix(Matrix),
    /// How often each of some answers was given, in their order.
    Spread(Vec<Bar>),
    /// What is left after each step.
    Funnel(Vec<Bar>),
}

/// Courses over time.
#[derive(Clone, Debug, Default)]
pub struct Trend {
    /// What the places on the time axis are called, oldest first.
    pub labels: Vec<String>,
    /// The courses; the first one is what it is about.
    pub lines: Vec<Line>,
    /// What it should be.
    pub target: Option<f64>,
    /// The lowest and the highest value that there can be; `None` to fit what is there.
    pub range: Option<(f64, f64)>,
}

/// One course.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// A point for each label; `None` where there is no value, which leaves a gap.
    pub points: Vec<Option<Point>>,
    /// Whether it stands behind the others: another period, a moving mean.
    pub is_faint: bool,
}

/// A value, and between what it surely lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The value.
    pub value: f64,
    /// Its interval, if it has one.
    pub interval: Option<(f64, f64)>,
}

/// Values beside each other.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// The bars, the first one uppermost.
    pub bars: Vec<Bar>,
    /// The lowest and the highest value that there can be; `None` to fit what is there.
    pub range: Option<(f64, f64)>,
}

/// One bar.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// What it is called.
    pub name: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// Its value, if there is one.
    pub point: Option<Point>,
    /// The value as it is read, with whatever belongs to it: `86.4 (n 212)`.
    pub text: String,
    /// What it should be.
    pub target: Option<f64>,
    /// What it is beside that.
    pub mood: Mood,
}

/// How something is, told by a sign as well as by a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// Neither.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Not sure, or of less weight.
    Faint,
}

/// Values in rows and columns.
#[derive(Clone, Debug, Default)]
pub struct Heat {
    /// What the columns are called.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<HeatRow>,
}

/// A row of values.
#[derive(Clone, Debug, Default)]
pub struct HeatRow {
    /// What it is called.
    pub name: String,
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// A field for each column; `None` where there is no value.
    pub fields: Vec<Option<Warm>>,
}

/// A field.
#[derive(Clone, Debug, Default)]
pub struct Warm {
    /// The value as it is read.
    pub text: String,
    /// How warm it is: from −1, far on the bad side, to 1, far on the good one.
    pub warmth: f64,
    /// What whoever points at it is told: `n 34, 78–91`.
    pub title: String,
}

/// A word.
#[derive(Clone, Debug, Default)]
pub struct Term {
    /// The word.
    pub text: String,
    /// How much it matters, from 0 to 1.
    pub weight: f64,
    /// What it stands for.
    pub mood: Mood,
    /// What whoever points at it is told.
    pub title: String,
}

/// Spots between two axes.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    /// What grows to the right, and what grows upwards.
    pub axes: [String; 2],
    /// Where the middle is on each.
    pub middle: (f64, f64),
    /// The ends of each axis.
    pub range: [(f64, f64); 2],
    /// What the fields mean: upper left, upper right, lower left, lower right.
    pub corners: [String; 4],
    /// The spots.
    pub spots: Vec<Spot>,
}

/// A spot.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    /// What it is called.
    pub name: String,
    /// Where it is: to the right, upwards.
    pub at: (f64, f64),
    /// What it is.
    pub mood: Mood,
    /// What whoever points at it is told.
    pub title: String,
}

impl Chart {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        match self {
            Chart::None => true,
            Chart::Trend(it) => it.lines.iter().all(|it| it.points.iter().all(Option::is_none)),
            Chart::Bars(it) => it.bars.is_empty(),
            Chart::Heat(it) => it.rows.is_empty(),
            Chart::Cloud(it) => it.is_empty(),
            Chart::Matrix(it) => it.spots.is_empty(),
            Chart::Spread(it) | Chart::Funnel(it) => it.is_empty(),
        }
    }
}

/// Draws a chart into a page. `id` is unique there; title and summary are its name and its
/// description for whoever does not see it.
pub fn draw(html: &mut Html, chart: &Chart, id: &str, title: &str, summary: &str) {
    if chart.is_empty() {
        return;
    }
    let (title_id, summary_id) = (format!("{id}-t"), format!("{id}-d"));
    let named = format!("{title_id} {summary_id}");
    let attributes = [
        ("class", "chart"),
        ("role", "img"),
        ("aria-labelledby", named.as_str()),
        ("viewBox", "0 0 640 8"),
    ];
    html.open("svg", &attributes);
    html.put("title", &[("id", &title_id)], title);
    html.put("desc", &[("id", &summary_id)], summary);
    html.close();
}

/// A chart as a file of its own, with its style.
pub fn file(chart: &Chart, title: &str, summary: &str) -> Vec<u8> {
    let mut html = Html::default();
    draw(&mut html, chart, "chart", title, summary);
    html.done()
}

/// A small course beside a number, oldest first. It is decoration: the number's trend is told
/// elsewhere.
pub fn spark(html: &mut Html, course: &[Option<f64>]) {
    if course.iter().flatten().count() < 2 {
        return;
    }
    html.open("svg", &[("class", "spark"), ("aria-hidden", "true"), ("viewBox", "0 0 120 28")]);
    html.close();
}
