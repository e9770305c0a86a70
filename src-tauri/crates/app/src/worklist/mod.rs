//! What waits for somebody: labels to be decided, beds without one, sets.

mod view;

pub use view::{SetRow, WorkGroup, WorkRow, WorklistView, view};
