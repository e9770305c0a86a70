//! What is kept at this desk: whether it is whole, what of it cannot be read, its copies, and putting one back.

mod intents;
mod state;
mod upkeep;
mod view;

pub use state::{Places, Storage};
pub use upkeep::{CheckPlan, CheckResult, look};
pub use view::{LedgerCopy, StorageView, UnreadableRows, view};
