//! Two SQLite files: the cache, which can be rebuilt from the source, and the ledger, which can not.

pub mod cache;
pub mod ledger;
mod open;

pub use cache::{Applied, Batch, Cache, CacheState, Incoming, NotUnderstood};
pub use ledger::{Ledger, OutboxRow, Unreadable};
pub use open::StoreError;

use jiff::Timestamp;

/// Times are stored as whole microseconds: what FHIR servers stamp, and what sorts.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn from_micros(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}
