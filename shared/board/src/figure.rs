//! Figures as values: what is drawn, what its table says, and what the files of it say is the same.

use pages::chart::Chart;

/// A chart with its title, what it says in a sentence, and its table.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// Its name in addresses, unique on its page: `nps_trend`.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// What it says, in a sentence; who does not see the chart has this and the table.
    pub summary: String,
    /// What is drawn.
    pub chart: Chart,
    /// The same as a table.
    pub table: Table,
    /// Why there is nothing to show and what to do about it; empty where there is something.
    pub empty: String,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What the columns are called. The first one names the row.
    pub columns: Vec<String>,
    /// Its rows, as wide as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// One field of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// As people read it.
    pub text: String,
    /// The number as the API tells it, for files; `None` of a text, and of what is withheld.
    pub number: Option<f64>,
    /// Where it leads; empty for nowhere.
    pub href: String,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// A text that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Cell {
        Cell { text: text.into(), number: None, href: href.into() }
    }

    /// A number, and how it is read.
    pub fn number(number: f64, text: impl Into<String>) -> Cell {
        Cell { text: text.into(), number: Some(number), href: String::new() }
    }
}

/// A number that stands alone: how it is, how sure that is, what it should be and what changed.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    /// Its name in addresses: `nps`.
    pub id: &'static str,
    /// What is told: `NPS`.
    pub title: String,
    /// The value as it is read; empty where it is withheld or there is none.
    pub value: String,
    /// The value as the API tells it.
    pub number: Option<f64>,
    /// Between what it surely lies, as it is read; empty for unknown.
    pub interval: String,
    /// Out of how many.
    pub n: Option<u64>,
    /// What it should be, as it is read; empty for no target.
    pub target: String,
    /// Whether it is so.
    pub is_met: Option<bool>,
    /// How it changed, as it is read, and whether that means anything; empty for not compared.
    pub change: String,
    /// Whether the change is for the better; `None` if it means nothing.
    pub is_better: Option<bool>,
    /// What else to know: few answers, withheld, what to connect; empty for nothing.
    pub note: String,
    /// Its course, oldest first; `None` where there was nothing.
    pub course: Vec<Option<f64>>,
    /// Where it leads; empty for nowhere.
    pub href: String,
}
