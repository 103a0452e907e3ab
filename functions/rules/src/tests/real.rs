//! The real components that the pages are made of: their sources, reached as they reach them.

pub(crate) mod calendars;
pub(crate) mod grader;
pub(crate) mod policies;
pub(crate) mod services;
