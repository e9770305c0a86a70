//! What people did here: on disk before the screen says so.

use crate::open::{self, Migrations, StoreError};
use crate::{from_micros, micros};
use domain::{alarm::Alarm, ids::AlarmId, label::LabelOverride};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};

const MIGRATIONS: Migrations = &[include_str!("../migrations/ledger/0001.sql")];

/// Something that a person did and that the server must hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: String,
    /// `label`, `stop` or `acknowledgement`.
    pub kind: String,
    pub subject: String,
    pub created: Timestamp,
    pub payload: String,
    pub attempts: u32,
    pub next_attempt: Timestamp,
    /// `waiting`, `sent`, `conflict` or `refused`.
    pub state: String,
    pub reason: Option<String>,
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

    /// Writes labels and what has to be sent for them, all or none.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing was written and the screen must say so.
    pub fn label(
        &mut self,
        gesture: &str,
        labels: &[LabelOverride],
        outbox: &[OutboxRow],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for label in labels {
            let body = serde_json::to_string(label)?;
            tx.execute(
                "INSERT INTO label (gesture, bed, kind, body, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![gesture, label.bed.as_str(), label.kind.code(), body, micros(now)],
            )?;
            journal(&tx, now, &label.author, "label", &body)?;
        }
        for row in outbox {
            insert_outbox(&tx, row)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The newest label of every bed and classification that was made here, with its gesture.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn labels(&self) -> Result<Vec<(String, LabelOverride)>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT gesture, body FROM label WHERE seq IN (SELECT max(seq) FROM label GROUP BY bed, kind) ORDER BY seq",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (gesture, body) = row?;
            Ok((gesture, serde_json::from_str(&body)?))
        })
        .collect()
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
    pub fn take_due(&mut self, now: Timestamp, retry_at: Timestamp) -> Result<Option<OutboxRow>, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = tx
            .query_row(
                &format!(
                    "{OUTBOX} WHERE state = 'waiting' AND next_attempt <= ?1
                     AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.subject = outbox.subject AND o.state = 'waiting'
                                     AND o.rowid < outbox.rowid) ORDER BY rowid LIMIT 1"
                ),
                [micros(now)],
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
    pub fn settle(&self, id: &str, state: &str, reason: Option<&str>) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE outbox SET state = ?2, reason = ?3 WHERE id = ?1",
            params![id, state, reason],
        )?;
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

    /// The whole outbox, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let mut statement = self.connection.prepare(&format!("{OUTBOX} ORDER BY rowid"))?;
        let rows = statement.query_map([], outbox_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores alarms as they stand now (`None`: normal again), with what happened, in one transaction.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_alarms(
        &mut self,
        changes: &[(AlarmId, Option<Alarm>)],
        who: &str,
        what: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (id, alarm) in changes {
            match alarm {
                Some(alarm) => {
                    let body = serde_json::to_string(alarm)?;
                    tx.execute(
                        "INSERT INTO alarm (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                        params![id.as_str(), body],
                    )?;
                    journal(&tx, now, who, what, &body)?;
                }
                None => {
                    tx.execute("DELETE FROM alarm WHERE id = ?1", [id.as_str()])?;
                    journal(&tx, now, who, "normal", &serde_json::to_string(id)?)?;
                }
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// The alarms as they stood when the application last ran (AH-02).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let mut statement = self.connection.prepare("SELECT body FROM alarm ORDER BY id")?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0))?;
        rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
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

const OUTBOX: &str = "SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason FROM outbox";

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

fn journal(tx: &Transaction<'_>, at: Timestamp, who: &str, what: &str, body: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO journal (at, who, what, body) VALUES (?1, ?2, ?3, ?4)",
        params![micros(at), who, what, body],
    )?;
    Ok(())
}
