//! What a customer's words say, without a dictionary and without a network.

pub mod features;
pub mod model;
pub mod shipped;
pub mod train;
