//! One location in full, and how busy it was.

mod trend;
mod view;

pub use trend::{HALF_YEAR, Trend, Trends};
pub use view::{CapacityTab, ContactRow, LocationView, Score, StopRow, StripWard, Term, view};
