//! What the pages of figures share.
//!
//! Who may see them and by which filters ([`open()`]), the frame around them ([`Board`]), figures
//! as values that are drawn, tabled and exported the same way ([`Figure`]), and the API's JSON told
//! in words ([`tell`]).

mod draw;
mod figure;
mod file;
mod filter;
mod frame;
mod open;
pub mod tell;

pub use figure::{Cell, Figure, Table, Tile};
pub use filter::{COMPARES, Filters, GRAINS, PERIODS};
pub use frame::{Board, Page};
pub use open::{Choices, Days, Opened, Signed, open, sign_in};
pub use pages::told;
pub use pages::words::{CHANNELS, GROUPS, TYPES};

#[cfg(test)]
mod tests;
