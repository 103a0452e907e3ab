//! Lists, page by page: keyset, so that a page costs the same wherever it starts.

use serde::Serialize;

use crate::field::Query;
use crate::response::{Response, ok};
use crate::{Problem, lang::said_now};

/// The most rows of one page.
pub const ROWS_MAX: i64 = 100;
/// The rows of a page that names no limit.
pub const ROWS_DEFAULT: i64 = 50;

/// The longest `after`: an id and, where that takes both, the name of a question.
const AFTER_CHARS_MAX: usize = 80;

/// The page that is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    /// The last id of the page before; empty for the first.
    pub after: String,
    /// The most rows.
    pub limit: i64,
}

#[derive(Serialize)]
struct Listed<V> {
    items: Vec<V>,
    /// The `after` of the next page; null on the last.
    next: Option<String>,
}

impl Page {
    /// Reads `after` and `limit`.
    pub fn read(query: &mut Query) -> Page {
        let after = query.text("after", AFTER_CHARS_MAX).unwrap_or_default();
        let limit = query.parse(
            "limit",
            |it| it.parse().ok().filter(|it| fits(*it)),
            || {
                said_now(
                    format!("must be a whole number from 1 to {ROWS_MAX}"),
                    format!("须为 1 到 {ROWS_MAX} 的整数"),
                )
            },
        );
        Page { after, limit: limit.unwrap_or(ROWS_DEFAULT) }
    }

    /// Rows to fetch: one more than shown, which tells whether there is a next page.
    pub fn rows(&self) -> i64 {
        self.limit + 1
    }

    /// Shows the rows that were found.
    pub fn show<T, V: Serialize>(
        &self,
        mut found: Vec<T>,
        key: fn(&T) -> String,
        view: impl Fn(&T) -> V,
    ) -> Result<Response, Problem> {
        let shown = usize::try_from(self.limit).unwrap_or(0);
        let more = shown < found.len();
        found.truncate(shown);
        let next = if more { found.last().map(key) } else { None };
        ok(&Listed { items: found.iter().map(view).collect(), next })
    }
}

fn fits(limit: i64) -> bool {
    (1..=ROWS_MAX).contains(&limit)
}
