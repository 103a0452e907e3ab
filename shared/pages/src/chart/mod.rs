//! Charts: pure functions from data to SVG.
//!
//! A chart in a page has no colour of its own: the style sheet gives it, light and dark. One in a
//! file of its own brings that part of the style sheet along. Nothing is told by colour alone, and
//! every chart is an image with a title and a description, beside a table of the same.

mod bars;
mod cloud;
mod heat;
mod matrix;
mod pen;
mod trend;

use crate::html::{Html, when};
use pen::Pen;

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
    let Chart::Heat(heat) = chart else {
        return image(html, pen(chart, NARROW), &Named { id, title, summary, class: "chart" }, "");
    };
    // Where there is room, a matrix; where there is none, each row below its name. A large one is
    // drawn once.
    let fields: usize = heat.rows.iter().map(|it| it.fields.len()).sum();
    if heat.columns.len() < 5 || FIELDS_TWICE_MAX < fields {
        return image(html, pen(chart, NARROW), &Named { id, title, summary, class: "chart" }, "");
    }
    let wide_id = format!("{id}-wide");
    let named = Named { id, title, summary, class: "chart narrow" };
    image(html, pen(chart, NARROW), &named, "");
    let named = Named { id: &wide_id, class: "chart wide", ..named };
    image(html, pen(chart, WIDE), &named, "");
}

/// A chart as a file of its own, with its style.
pub fn file(chart: &Chart, title: &str, summary: &str) -> Vec<u8> {
    let mut html = Html::default();
    let is_wide = matches!(chart, Chart::Heat(it) if 5 <= it.columns.len());
    let width = if is_wide { WIDE } else { NARROW };
    let named = Named { id: "chart", title, summary, class: "chart" };
    image(&mut html, pen(chart, width), &named, crate::CHART_STYLE);
    html.done()
}

/// A small course beside a number, oldest first. It is decoration: the number's trend is told
/// elsewhere.
pub fn spark(html: &mut Html, course: &[Option<f64>]) {
    if course.iter().flatten().count() < 2 {
        return;
    }
    let mut pen = Pen::new(120.0);
    pen.height = 32.0;
    trend::spark(&mut pen, course);
    html.open("svg", &[("class", "spark"), ("aria-hidden", "true"), ("viewBox", "0 0 120 32")]);
    html.append(pen.html);
    html.close();
}

/// How wide charts are drawn: as a phone shows them, so that their texts stay legible there.
const NARROW: f64 = 340.0;
/// How wide matrices are drawn where there is room.
const WIDE: f64 = 900.0;
/// Most fields of a matrix that is drawn for both.
const FIELDS_TWICE_MAX: usize = 800;

fn pen(chart: &Chart, width: f64) -> Pen {
    let mut pen = Pen::new(width);
    match chart {
        Chart::None => {}
        Chart::Trend(it) => trend::draw(&mut pen, it),
        Chart::Bars(it) => bars::draw(&mut pen, it),
        Chart::Heat(it) => heat::draw(&mut pen, it),
        Chart::Cloud(it) => cloud::draw(&mut pen, it),
        Chart::Matrix(it) => matrix::draw(&mut pen, it),
        Chart::Spread(it) => bars::spread(&mut pen, it),
        Chart::Funnel(it) => bars::funnel(&mut pen, it),
    }
    pen
}

#[derive(Clone, Copy)]
struct Named<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
    class: &'a str,
}

/// What was drawn as an image with a name. With a style it is a file of its own.
fn image(html: &mut Html, pen: Pen, it: &Named<'_>, style: &'static str) {
    let (title_id, summary_id) = (format!("{}-t", it.id), format!("{}-d", it.id));
    let named = format!("{title_id} {summary_id}");
    let (width, height) = (pen::number(pen.width), pen::number(pen.height));
    let view = format!("0 0 {width} {height}");
    let is_file = !style.is_empty();
    // An image has no parts that can be reached; one with links in it is a group of them.
    let role = if pen.has_links && !is_file { "group" } else { "img" };
    let attributes = [
        (when(is_file, "xmlns"), "http://www.w3.org/2000/svg"),
        (when(is_file, "width"), width.as_str()),
        (when(is_file, "height"), height.as_str()),
        ("class", it.class),
        ("role", role),
        ("aria-labelledby", named.as_str()),
        ("viewBox", view.as_str()),
    ];
    html.open("svg", &attributes);
    html.put("title", &[("id", &title_id)], it.title);
    html.put("desc", &[("id", &summary_id)], it.summary);
    if is_file {
        html.put("style", &[], style);
    }
    html.append(pen.html);
    html.close();
}

#[cfg(test)]
mod tests;
