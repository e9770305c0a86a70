//! What people did here: on disk before the screen says so.

mod alarms;
mod audit;
mod labels;
mod unreadable;

pub use labels::Spent;
pub use unreadable::{Rows, Unreadable};

use crate::open::{self, Migrations, StoreError};
use crate::{cache::key_in_front, from_micros, micros};
use audit::journal;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

const MIGRATIONS: Migrations = &[
    include_str!("../../migrations/ledger/0001.sql"),
    include_str!("../../migrations/ledger/0002.sql"),
    include_str!("../../migrations/ledger/0003.sql"),
    include_str!("../../migrations/ledger/0004.sql"),
];

/// Something that a person did and that the server must hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: String,
    /// `label`, `stop`, `acknowledgement` or `confirmation`.
    pub kind: String,
    pub subject: String,
    pub created: Timestamp,
    pub payload: String,
    pub attempts: u32,
    pub next_attempt: Timestamp,
    /// `waiting`, `sent`, `conflict` or `refused`.
    pub state: String,
    pub reason: Option<String>,
    /// What another desk wrote meanwhile, as JSON.
    pub theirs: Option<String>,
    /// What a person decided about it.
    pub decided: Option<String>,
}

impl OutboxRow {
    /// A row that is due at once.
    pub fn waiting(id: String, kind: &str, subject: &str, payload: String, now: Timestamp) -> Self {
        Self {
            id,
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            created: now,
            payload,
            attempts: 0,
            next_attempt: now,
            state: "waiting".to_owned(),
            reason: None,
            theirs: None,
            decided: None,
        }
    }
}

/// The ledger database.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

impl Ledger {
    /// Opens the ledger. A damaged one is set aside with its date, never deleted, and its new path is returned so that
    /// the user can be told.
    ///
    /// # Errors
    /// When the file is of a newer version, or no file can be had: without a ledger nothing a person does is safe.
    pub fn open(path: &Path, now: Timestamp) -> Result<(Self, Option<PathBuf>), StoreError> {
        let damaged = |e: &rusqlite::Error| {
            matches!(
                e.sqlite_error_code(),
                Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
            )
        };
        match open::open(path, MIGRATIONS, "FULL") {
            Ok(connection) => Ok((Self { connection }, None)),
            Err(StoreError::Sql(error)) if damaged(&error) => {
                let aside = open::set_aside(path, &now.strftime("%Y%m%dT%H%M%S").to_string())?;
                Ok((
                    Self {
                        connection: open::open(path, MIGRATIONS, "FULL")?,
                    },
                    Some(aside),
                ))
            }
            Err(error) => Err(error),
        }
    }

    /// Puts something in the outbox on its own, with a line in the journal.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn enqueue(&mut self, row: &OutboxRow, who: &str) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        insert_outbox(&tx, row)?;
        journal(&tx, row.created, who, &row.kind, &row.payload)?;
        tx.commit()?;
        Ok(())
    }

    /// The next row to send, with its attempt already counted, so that a poisoned row cannot loop for ever.
    /// Of rows about the same thing only the oldest is due.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn take_due(
        &mut self,
        source: &str,
        now: Timestamp,
        retry_at: Timestamp,
    ) -> Result<Option<OutboxRow>, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = tx
            .query_row(
                &format!(
                    "{OUTBOX} WHERE state = 'waiting' AND next_attempt <= ?1 AND {} = ?2
                     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.subject = outbox.subject AND o.state = 'waiting'
                                     AND o.rowid < outbox.rowid) ORDER BY rowid LIMIT 1",
                    key_in_front("subject")
                ),
                params![micros(now), source],
                outbox_row,
            )
            .optional()?;
        if let Some(row) = &row {
            tx.execute(
                "UPDATE outbox SET attempts = attempts + 1, next_attempt = ?2 WHERE id = ?1",
                params![row.id, micros(retry_at)],
            )?;
        }
        tx.commit()?;
        Ok(row.map(|r| OutboxRow {
            attempts: r.attempts + 1,
            ..r
        }))
    }

    /// Says what became of a row.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn settle(&self, id: &str, state: &str, reason: Option<&str>, theirs: Option<&str>) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE outbox SET state = ?2, reason = ?3, theirs = ?4 WHERE id = ?1",
            params![id, state, reason, theirs],
        )?;
        Ok(())
    }

    /// Writes down what a person decided about a row that could not be sent.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn decide(&mut self, id: &str, decision: &str, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("UPDATE outbox SET decided = ?2 WHERE id = ?1", [id, decision])?;
        journal(
            &tx,
            now,
            who,
            "decide",
            &serde_json::json!({ "row": id, "decision": decision }).to_string(),
        )?;
        tx.commit()?;
        Ok(())
    }

    /// Makes waiting rows due at once, when the network comes back.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn hurry(&self, now: Timestamp) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE outbox SET next_attempt = ?1 WHERE state = 'waiting'",
            [micros(now)],
        )?;
        Ok(())
    }

    /// What rows of a kind are about that the server has not accepted and no person has decided.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unaccepted(&self, kind: &str) -> Result<BTreeSet<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT subject FROM outbox
             WHERE state IN ('waiting', 'conflict', 'refused') AND kind = ?1 AND decided IS NULL",
        )?;
        let rows = statement.query_map([kind], |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What of the outbox still asks for something: not accepted by the server, and not decided by a person.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{OUTBOX} WHERE state IN ('waiting', 'conflict', 'refused') AND decided IS NULL ORDER BY rowid"
        ))?;
        let rows = statement.query_map([], outbox_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The whole outbox, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let mut statement = self.connection.prepare(&format!("{OUTBOX} ORDER BY rowid"))?;
        Ok(unreadable::rows("outbox", &mut statement, [], |r| Ok(outbox_row(r)?))?.read)
    }

    /// A setting of this desk.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .query_row("SELECT value FROM setting WHERE key = ?1", [key], |r| r.get(0))
            .optional()?)
    }

    /// Changes a setting of this desk.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )?;
        Ok(())
    }

    /// A copy of the ledger by SQLite's own backup, whole even while it is written to.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        open::create_private(to)?;
        Ok(self
            .connection
            .backup(rusqlite::MAIN_DB, to, None::<fn(rusqlite::backup::Progress)>)?)
    }

    /// SQLite's own check of the file; `ok` when it is whole.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn integrity(&self) -> Result<String, StoreError> {
        Ok(self.connection.query_row("PRAGMA integrity_check", [], |r| r.get(0))?)
    }
}

const OUTBOX: &str =
    "SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason, theirs, decided FROM outbox";

fn outbox_row(r: &rusqlite::Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        id: r.get(0)?,
        kind: r.get(1)?,
        subject: r.get(2)?,
        created: from_micros(r.get(3)?),
        payload: r.get(4)?,
        attempts: r.get(5)?,
        next_attempt: from_micros(r.get(6)?),
        state: r.get(7)?,
        reason: r.get(8)?,
        theirs: r.get(9)?,
        decided: r.get(10)?,
    })
}

fn insert_outbox(tx: &Transaction<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO outbox (id, kind, subject, created, payload, attempts, next_attempt, state, reason)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            row.id,
            row.kind,
            row.subject,
            micros(row.created),
            row.payload,
            row.attempts,
            micros(row.next_attempt),
            row.state,
            row.reason
        ],
    )?;
    Ok(())
}
