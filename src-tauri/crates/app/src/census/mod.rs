//! How many beds each location delivers.

mod view;

pub use view::{CensusRow, view};
