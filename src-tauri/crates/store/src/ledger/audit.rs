//! The audit trail: append-only, each row bound to the one before, so that a change shows (S-08).

use super::{Ledger, retention::anchor, unreadable::rows};
use crate::{micros, open::StoreError, time};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};

impl Ledger {
    /// Walks the audit trail's chain (S-08), from its beginning or from where it was pruned to. Returns the first row that
    /// was changed, or after which one is missing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn first_broken_link(&self) -> Result<Option<i64>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, who, what, body, hash FROM journal ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let anchor = anchor(&self.connection)?;
        let anchored = anchor.as_ref().map(|anchor| anchor.seq);
        let mut before: Option<String> = anchor.and_then(|anchor| anchor.hash);
        while let Some(row) = rows.next()? {
            // A line that went cannot be there.
            if anchored.is_some_and(|seq| row.get(0).is_ok_and(|this: i64| this <= seq)) {
                return Ok(Some(row.get(0)?));
            }
            let fields =
                || -> rusqlite::Result<_> { Ok((row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?)) };
            let fields: Result<(i64, String, String, String, Option<String>), _> = fields();
            let Ok((at, who, what, body, found)) = fields else {
                return Ok(Some(row.get(0)?));
            };
            let whole = match (&found, &before) {
                // Rows of before the chain stand before its first link, and nowhere else.
                (None, None) => true,
                (None, Some(_)) => false,
                (Some(hash), _) => *hash == link(before.as_deref(), at, &who, &what, &body),
            };
            if !whole {
                return Ok(Some(row.get(0)?));
            }
            before = found;
        }
        Ok(None)
    }

    /// The audit trail, oldest first: (when, who, what, body).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn journal(&self) -> Result<Vec<(Timestamp, String, String, String)>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, who, what, body FROM journal ORDER BY seq")?;
        let read = |r: &Row<'_>| Ok((time(r.get(1)?)?, r.get(2)?, r.get(3)?, r.get(4)?));
        Ok(rows("journal", &mut statement, [], read)?.read)
    }
}

pub(super) fn journal(
    tx: &Transaction<'_>,
    at: Timestamp,
    who: &str,
    what: &str,
    body: &str,
) -> Result<(), StoreError> {
    let before: Option<String> = tx
        .query_row("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1", [], |r| r.get(0))
        .optional()?
        .flatten();
    let hash = link(before.as_deref(), micros(at), who, what, body);
    tx.execute(
        "INSERT INTO journal (at, who, what, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![micros(at), who, what, body, hash],
    )?;
    Ok(())
}

/// One link of the chain: the row before and every field of this one, each with its length, so that no two rows that
/// differ can run together into the same bytes.
fn link(before: Option<&str>, at: i64, who: &str, what: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    for field in [before.unwrap_or(""), &at.to_string(), who, what, body] {
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
