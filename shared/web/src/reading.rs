//! What a handler reads of a request, for tests that hold the contract to the code.
//!
//! Only with the feature `reading`, which nothing that ships has. A test takes what was noted since
//! it last did; see `testkit`.

/// One member of a body, or one parameter of a query, that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The JSON Pointer of a member, or the name of a parameter.
    pub place: String,
    /// What it must be.
    pub rule: Rule,
}

/// What a member must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// What the handler says by itself.
    Any,
    /// A text of so many characters.
    Text(usize, usize),
    /// A whole number in bounds.
    Integer(i64, i64),
    /// True or false.
    Flag,
    /// One of these words.
    OneOf(Vec<String>),
    /// A list of so many items.
    List(usize, usize),
    /// A parameter of a query.
    Parameter,
}

std::thread_local! {
    static NOTED: std::cell::RefCell<Vec<Read>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Notes that something was asked for.
pub(crate) fn note(place: String, rule: Rule) {
    NOTED.with_borrow_mut(|noted| noted.push(Read { place, rule }));
}

/// What was noted, in place of which `other` is noted from now on.
pub fn replace(other: Vec<Read>) -> Vec<Read> {
    NOTED.replace(other)
}
