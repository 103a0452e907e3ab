//! HTTP without a server: requests taken apart, answers put together, problems explained.
//!
//! Nothing here performs I/O. A function's `handle` gets a [`Request`] and returns a
//! [`Response`] or a [`Problem`]; [`Exchange::finish`] turns either into what goes out. One whose
//! answer no memory holds returns a [`Streamed`].

pub mod assignment;
pub mod call_rule;
pub mod case;
pub mod catalogue;
pub mod csv;
pub mod exchange;
pub mod field;
pub mod grading;
pub mod hours;
pub mod intake;
pub mod ladder;
pub mod lang;
pub mod page;
pub mod problem;
pub mod promise;
#[cfg(feature = "reading")]
pub mod reading;
pub mod request;
pub mod response;
pub mod service;
pub mod stream;
pub mod survey;
pub mod view;
pub mod work;

pub use exchange::Exchange;
pub use field::Fields;
pub use lang::{Lang, Said};
pub use problem::{Kind, Problem};
pub use request::Request;
pub use response::{Response, created, no_content, ok};
pub use stream::{Rest, Streamed};
