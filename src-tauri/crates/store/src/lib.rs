//! Two SQLite files: the cache, which can be rebuilt from the source, and the ledger, which can not.

pub mod cache;
mod check;
pub mod ledger;
mod open;

pub use cache::{Applied, Batch, Cache, CacheState, Incoming, NotUnderstood};
pub use check::{Depth, Verdict, check_in_background};
pub use ledger::{
    Backup, Decision, Due, Ledger, LedgerOpening, OutboxKind, OutboxRow, OutboxState, Settled, Unreadable,
};
pub use open::StoreError;

use jiff::Timestamp;

/// Times are stored as whole microseconds: what FHIR servers stamp, and what sorts.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

fn from_micros(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A stored time, or a row that is not what it was.
fn time(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|_| StoreError::Value {
        column: "a time",
        value: us.to_string(),
    })
}
