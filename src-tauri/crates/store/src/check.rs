//! Looking a whole file through, beside whoever works with it: opening looks at no more than header and schema, so that
//! the first picture does not wait for a year of history.

use crate::{open::StoreError, place::DatabaseAt};

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

/// Has SQLite look a database through, on a connection of its own that cannot write. It takes as long as reading the file:
/// call it on a thread that nobody waits for.
///
/// # Errors
/// When the file cannot be had or is locked; a damaged one is a verdict.
pub fn check_in_background(at: &DatabaseAt, depth: Depth) -> Result<Verdict, StoreError> {
    let sql = match depth {
        Depth::Quick => "PRAGMA quick_check(1)",
        Depth::Full => "PRAGMA integrity_check(1)",
    };
    let look = || -> Result<String, StoreError> { Ok(at.read_only()?.query_row(sql, [], |r| r.get(0))?) };
    match look() {
        Ok(said) if said == "ok" => Ok(Verdict::Whole),
        Ok(said) => Ok(Verdict::Damaged(said)),
        Err(error) if error.is_damage() => Ok(Verdict::Damaged(error.to_string())),
        Err(error) => Err(error),
    }
}
