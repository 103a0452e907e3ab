//! What `q` means: a ticket number, somebody, or words that were said.

use app::case::{Book, search};
use domain::case::number;
use domain::phone::{Region, e164};
use ports::{Env, Sql};
use store::cases::Case;
use store::{case_queues, cases};
use web::field::{Query, text_rule};
use web::{Problem, view};

/// How long it may be, in characters.
const CHARS_MIN: usize = 2;
const CHARS_MAX: usize = 100;

/// What is looked for.
pub(crate) enum Sought {
    /// Nothing in particular.
    Nothing,
    /// This case, or none.
    One(Option<Box<Case>>),
    /// The cases of people, by a JSON array of what is theirs.
    OfPeople(String),
    /// Cases in which something was said, as the index is asked for it.
    WithWords(String),
}

/// Takes `q` out of a query.
pub(crate) fn read(query: &mut Query) -> Option<String> {
    let text = query.text("q", CHARS_MAX)?;
    match domain::text::clean(&text, CHARS_MIN, CHARS_MAX) {
        Ok(text) => Some(text.to_owned()),
        Err(fault) => {
            query.refuse("q", text_rule(fault, CHARS_MIN, CHARS_MAX));
            None
        }
    }
}

/// Finds out what is meant: the first that there is.
pub(crate) async fn seek(env: &impl Env, book: &Book, text: &str) -> Result<Sought, Problem> {
    let site_id = &book.site.id;
    if let Some(number) = number::parse(text)
        && let Some(case) = env.sql().fetch(cases::by_number(site_id, &number)).await?
    {
        return Ok(Sought::One(Some(Box::new(case))));
    }
    let people = view::text(&names(text, Region::of_zone(&book.site.zone)));
    if env.sql().fetch(case_queues::has_people(site_id, &people)).await?.is_some() {
        return Ok(Sought::OfPeople(people));
    }
    Ok(search::wanted(site_id, text).map_or(Sought::One(None), Sought::WithWords))
}

/// How somebody may be written down: the company's own id as it is, the rest in small letters
/// without blanks and hyphens, a phone number with its country's code and without.
fn names(text: &str, region: Region) -> Vec<String> {
    let plain: String = text.chars().filter(|it| !matches!(it, ' ' | '-')).collect();
    let mut names = vec![text.to_owned()];
    let mut add = |it: String| {
        if !names.contains(&it) {
            names.push(it);
        }
    };
    add(plain.to_ascii_lowercase());
    if let Ok(number) = e164(text, region) {
        for code in ["+86", "+1"] {
            if let Some(own) = number.strip_prefix(code) {
                add(own.to_owned());
                add(format!("{}{own}", code.trim_start_matches('+')));
            }
        }
        add(number);
    }
    names
}
