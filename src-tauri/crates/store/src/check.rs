//! Looking a whole file through, beside whoever works with it: opening looks at no more than header and schema, so that
//! the first picture does not wait for a year of history.

use crate::open::{BUSY, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// How thoroughly to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every page and every row: for each start.
    Quick,
    /// Every index against its table too: for a quiet hour.
    Full,
}

/// What SQLite thinks of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    /// Its first complaint.
    Damaged(String),
}

/// Has SQLite look a file through, on a connection of its own that cannot write. It takes as long as reading the file:
/// call it on a thread that nobody waits for.
///
/// # Errors
/// When the file cannot be had or is locked; a damaged one is a verdict.
pub fn check_in_background(path: &Path, depth: Depth) -> Result<Verdict, StoreError> {
    let sql = match depth {
        Depth::Quick => "PRAGMA quick_check(1)",
        Depth::Full => "PRAGMA integrity_check(1)",
    };
    let look = || -> Result<String, StoreError> { Ok(read_only(path)?.query_row(sql, [], |r| r.get(0))?) };
    match look() {
        Ok(said) if said == "ok" => Ok(Verdict::Whole),
        Ok(said) => Ok(Verdict::Damaged(said)),
        Err(error) if error.is_damage() => Ok(Verdict::Damaged(error.to_string())),
        Err(error) => Err(error),
    }
}

/// A connection that reads beside the writer. Not opened read-only: the first reader of a WAL file must be able to make
/// its index.
pub(crate) fn read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(path, flags)?;
    c.busy_timeout(BUSY)?;
    c.pragma_update(None, "query_only", true)?;
    Ok(c)
}
