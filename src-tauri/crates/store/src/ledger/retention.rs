//! How long what people did is kept (decision 0017), and letting go of the rest in small steps.

use super::{Ledger, audit::journal};
use crate::{micros, open::StoreError, time};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

/// The audit trail, and what it tells of.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// The log of alarms: what was told to whom.
const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Who the audit trail names for what happens by itself.
pub(super) const BY_ITSELF: &str = "Beddenwacht";

impl Ledger {
    /// Deletes what is older than it is kept, as many rows of a table at most. Returns whether there is more. Of the
    /// audit trail an anchor stays, to which the rest is bound; that lines went is itself a line.
    ///
    /// What still stands is never too old: the newest label of a bed, and what waits to be sent or for a person.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing went.
    pub fn prune(&mut self, now: Timestamp, rows: u32) -> Result<bool, StoreError> {
        let (year, month) = (micros(now - YEAR), micros(now - MONTH));
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut more = prune_journal(&tx, now, year, rows)?;
        for (until, sql) in [
            (
                month,
                "DELETE FROM alarm_event WHERE seq IN (SELECT seq FROM alarm_event WHERE at <= ?1 LIMIT ?2)",
            ),
            (
                year,
                "DELETE FROM label_time WHERE seq IN (SELECT seq FROM label_time WHERE at <= ?1 LIMIT ?2)",
            ),
            (
                year,
                "DELETE FROM label WHERE seq IN (
                   SELECT seq FROM label l WHERE created <= ?1 AND EXISTS (
                     SELECT 1 FROM label n WHERE n.bed = l.bed AND n.kind = l.kind AND n.seq > l.seq) LIMIT ?2)",
            ),
            (
                year,
                "DELETE FROM outbox WHERE id IN (
                   SELECT id FROM outbox WHERE created <= ?1 AND (state IN ('sent', 'withdrawn') OR decided IS NOT NULL)
                   LIMIT ?2)",
            ),
        ] {
            more |= tx.execute(sql, params![until, rows])? >= rows as usize;
        }
        tx.commit()?;
        Ok(more)
    }
}

/// What the rest of the audit trail is bound to, where its first lines went.
pub(super) struct Anchor {
    pub seq: i64,
    pub hash: Option<String>,
}

pub(super) fn anchor(connection: &rusqlite::Connection) -> Result<Option<Anchor>, StoreError> {
    let sql = "SELECT seq, hash FROM journal_anchor";
    let read = |r: &rusqlite::Row<'_>| {
        Ok(Anchor {
            seq: r.get(0)?,
            hash: r.get(1)?,
        })
    };
    Ok(connection.query_row(sql, [], read).optional()?)
}

fn prune_journal(tx: &Transaction<'_>, now: Timestamp, until: i64, rows: u32) -> Result<bool, StoreError> {
    // Only from the front, so that what is left is one chain: a line between that a wrong clock dated early stays until
    // those before it went.
    let first_kept: Option<i64> = tx.query_row("SELECT min(seq) FROM journal WHERE at > ?1", [until], |r| r.get(0))?;
    let mut front = tx.prepare("SELECT seq, at, hash FROM journal WHERE seq < ?1 ORDER BY seq LIMIT ?2")?;
    let read = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let went: Vec<(i64, i64, Option<String>)> = front
        .query_map(params![first_kept.unwrap_or(i64::MAX), rows], read)?
        .collect::<Result<_, _>>()?;
    let Some((seq, at, hash)) = went.last() else {
        return Ok(false);
    };
    // Written first: it is bound to the newest line, which may be among those that go.
    let said = serde_json::json!({
        "lines": went.len(),
        "until": time(*at).ok().map(|at| at.to_string()),
        "hash": hash,
    });
    journal(tx, now, BY_ITSELF, "prune", &said.to_string())?;
    tx.execute("DELETE FROM journal WHERE seq <= ?1", [seq])?;
    tx.execute(
        "INSERT INTO journal_anchor (one, seq, at, hash) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, at = excluded.at, hash = excluded.hash",
        params![seq, at, hash],
    )?;
    Ok(went.len() >= rows as usize)
}
