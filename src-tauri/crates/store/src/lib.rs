//! Two SQLite files: the cache, which can be rebuilt from the source, and the ledger, which can not.
//!
//! What a source delivers is shown first and stored after ([`CacheWriter`], [`CacheReader`]); what a person did is on
//! disk before the screen says so ([`Ledger`]). [`Versions`] tells in memory what a delivery changes.
//!
//! ```
//! use store::{Ledger, OutboxKind, OutboxRow, Settled};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let now: jiff::Timestamp = "2026-11-22T03:00:00Z".parse()?;
//! let soon = now + jiff::SignedDuration::from_mins(15);
//! let (mut ledger, _opening) = Ledger::open(&dir.path().join("ledger.sqlite"), now)?;
//! let stop = OutboxRow::waiting("row-1".into(), OutboxKind::Stop, "stop-1", "{}".into(), now).until(soon);
//! ledger.enqueue(&stop, "WAN-hoofd")?;
//!
//! let due = ledger.take_due("", now, soon)?.row.ok_or("nothing is due")?;
//! assert_eq!(due.attempts, 1, "counted before it is made");
//! ledger.settle(&due.id, Settled::Later { why: "no answer" })?;
//! assert_eq!(ledger.take_due("", soon, soon)?.row, None, "too late to be sent");
//! assert!(ledger.withdraw(&due.id, "WAN-hoofd", soon)?);
//! # Ok(())
//! # }
//! ```

pub mod cache;
mod check;
pub mod ledger;
mod open;
mod place;
mod versions;

pub use cache::{
    Applied, Batch, Cache, CacheReader, CacheState, CacheWriter, Complete, Facts, Incoming, Limits, Packed, ParseIssue,
    Remark, Remarks, Retention, StoredFact, Write, WriteReport,
};
pub use check::{Depth, Verdict, check_in_background};
pub use ledger::{
    Backup, Decision, Due, Ledger, LedgerOpening, OutboxKind, OutboxRow, OutboxState, Restored, Rows, Settled, Spent,
    Unreadable,
};
pub use open::{StoreError, write_private};
pub use place::DatabaseAt;
pub use versions::{Change, Versions};

use jiff::Timestamp;

/// Times are stored as whole microseconds: what FHIR servers stamp, and what sorts.
fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A stored time, or a row that is not what it was.
fn time(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|_| StoreError::Value {
        column: "a time",
        value: us.to_string(),
    })
}
