//! What people did here: on disk before the screen says so.

mod alarms;
mod audit;
mod backups;
mod labels;
mod outbox;
mod unreadable;

pub use backups::{Backup, backups, restore};
pub use labels::Spent;
pub use outbox::{Decision, Due, OutboxKind, OutboxRow, OutboxState, Settled};
pub use unreadable::{Rows, Unreadable};

use crate::open::{self, Migrations, StoreError};
use domain::alarms::Alarm;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::IgnoredAny;
use std::path::{Path, PathBuf};

const MIGRATIONS: Migrations = &[
    include_str!("../../migrations/ledger/0001.sql"),
    include_str!("../../migrations/ledger/0002.sql"),
    include_str!("../../migrations/ledger/0003.sql"),
    include_str!("../../migrations/ledger/0004.sql"),
    include_str!("../../migrations/ledger/0005.sql"),
    include_str!("../../migrations/ledger/0006.sql"),
];

/// The ledger database.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

/// What opening the ledger came upon that somebody must be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerOpening {
    /// Where the damaged file was put that stood in its place; [`backups`] has what can be offered instead.
    pub set_aside: Option<PathBuf>,
    /// Why there is no copy of the file as it was before its migration.
    pub not_backed_up: Option<String>,
}

impl Ledger {
    /// Opens the ledger, and looks no further than its header and schema: reading all of it is for
    /// [`crate::check_in_background`]. A damaged one is set aside with its date, never deleted. Before a migration a
    /// copy goes to the folder `backup` beside it.
    ///
    /// # Errors
    /// When the file is of a newer version, or no file can be had: without a ledger nothing a person does is safe.
    pub fn open(path: &Path, now: Timestamp) -> Result<(Self, LedgerOpening), StoreError> {
        backups::finish_restoring(path)?;
        let mut opening = LedgerOpening::default();
        let mut before_migration = |c: &Connection, found: u32| {
            if let Err(error) = backups::before_migration(c, path, found) {
                // A migration is one transaction: going on without the copy is better than a desk that does not start.
                opening.not_backed_up = Some(error.to_string());
            }
        };
        let first = open::open(path, MIGRATIONS, "FULL", &mut before_migration);
        let connection = match first {
            Err(error) if error.is_damage() => {
                opening.set_aside = Some(Self::set_aside(path, now)?);
                open::open(path, MIGRATIONS, "FULL", &mut |_, _| {})?
            }
            other => other?,
        };
        Ok((Self { connection }, opening))
    }

    /// Opens a ledger beside the one that writes, only to read from it.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn open_query_only(path: &Path) -> Result<Self, StoreError> {
        let connection = crate::check::read_only(path)?;
        Ok(Self { connection })
    }

    /// Puts a ledger that turned out damaged out of the way, with its date in its name. It must not be open.
    ///
    /// # Errors
    /// When the disk does not do it.
    pub fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
        open::set_aside(path, now)
    }

    /// Every row of this file that cannot be read, each skipped by whoever reads its table. For the time after the first
    /// picture: it reads everything.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub fn unreadable(&self) -> Result<Vec<Unreadable>, StoreError> {
        let mut all = self.outbox_rows()?.unreadable;
        all.append(&mut self.unreadable_labels()?);
        let mut alarms = self.connection.prepare("SELECT id, body FROM alarm ORDER BY id")?;
        let read = |r: &Row<'_>| Ok(serde_json::from_str::<Alarm>(&r.get::<_, String>(1)?)?);
        all.append(&mut unreadable::rows("alarm", &mut alarms, [], read)?.unreadable);
        let mut settings = self.connection.prepare("SELECT key, value FROM setting ORDER BY key")?;
        let read = |r: &Row<'_>| Ok(serde_json::from_str::<IgnoredAny>(&r.get::<_, String>(1)?)?);
        all.append(&mut unreadable::rows("setting", &mut settings, [], read)?.unreadable);
        Ok(all)
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
