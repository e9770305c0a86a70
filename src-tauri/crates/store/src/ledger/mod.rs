//! What people did here: on disk before the screen says so; without a disk, in memory (decision 0015).

mod alarms;
mod audit;
mod backups;
mod labels;
mod outbox;
mod restore;
mod retention;
mod salvage;
mod unreadable;

pub use backups::{Backup, backups, restore};
pub use labels::Spent;
pub use outbox::{Decision, Due, OutboxKind, OutboxRow, OutboxState, Settled};
pub use restore::{Restored, backup_folder, choose_restore, drop_restore};
pub use unreadable::{Rows, Unreadable};

use crate::{
    open::{self, Migrations, StoreError},
    place::DatabaseAt,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::{DeserializeOwned, IgnoredAny};
use std::path::{Path, PathBuf};

const MIGRATIONS: Migrations = &[
    include_str!("../../migrations/ledger/0001.sql"),
    include_str!("../../migrations/ledger/0002.sql"),
    include_str!("../../migrations/ledger/0003.sql"),
    include_str!("../../migrations/ledger/0004.sql"),
    include_str!("../../migrations/ledger/0005.sql"),
    include_str!("../../migrations/ledger/0006.sql"),
    include_str!("../../migrations/ledger/0007.sql"),
];

/// The ledger database.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
    at: DatabaseAt,
}

/// What opening the ledger came upon that somebody must be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerOpening {
    /// Where the damaged file was put that stood in its place; [`backups`] has what can be offered instead.
    pub set_aside: Option<PathBuf>,
    /// Why there is no copy of the file as it was before its migration.
    pub not_backed_up: Option<String>,
    /// The copy that a person chose stands in its place.
    pub restored: Option<Restored>,
    /// Why the copy that a person chose does not.
    pub not_restored: Option<String>,
    /// Why it is in memory only: what is done now is lost when the application ends.
    pub in_memory: Option<String>,
}

impl Ledger {
    /// Opens the ledger, and looks no further than its header and schema: reading all of it is for
    /// [`crate::check_in_background`]. A copy that a person chose is put back first. A damaged one is begun anew as
    /// [`Ledger::rebuild`] does. Before a migration a copy goes to the folder `backup` beside it. Where the disk takes
    /// nothing at all, what can be read is taken to memory, so that the desk shows and alarms, and says that nothing is
    /// kept.
    ///
    /// # Errors
    /// When the file is of a newer version or locked by somebody else, or SQLite itself is unusable.
    pub fn open(path: &Path, now: Timestamp) -> Result<(Self, LedgerOpening), StoreError> {
        match Self::open_file(path, now) {
            Err(error) if error.takes_no_writes() => Self::in_memory(path, &error),
            other => other,
        }
    }

    /// Opens a ledger that cannot be read, as was found after it was opened and closed again.
    ///
    /// A damaged one is begun anew and filled with what can be read of it; where that is not which sources are followed,
    /// the settings of the newest whole copy count. The damaged one is set aside with its date, never deleted. Where it is
    /// the disk that does not answer, the file stays, and what can be read is taken to memory.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn rebuild(path: &Path, why: &StoreError, now: Timestamp) -> Result<(Self, LedgerOpening), StoreError> {
        if why.takes_no_writes() {
            return Self::in_memory(path, why);
        }
        let rebuilt = Self::begin_anew(path, now).and_then(|aside| {
            let opening = LedgerOpening {
                set_aside: Some(aside),
                ..LedgerOpening::default()
            };
            let connection = open::open(path, MIGRATIONS, "FULL", &mut |_, _| {})?;
            let at = DatabaseAt::file(path);
            Ok((Self { connection, at }, opening))
        });
        match rebuilt {
            Err(error) if error.takes_no_writes() => Self::in_memory(path, &error),
            other => other,
        }
    }

    fn in_memory(path: &Path, why: &StoreError) -> Result<(Self, LedgerOpening), StoreError> {
        let mut at = DatabaseAt::memory();
        let mut connection = at.writer()?;
        let copied = open::copy_of_readable(path, &at);
        if copied.is_err() {
            // A copy that was broken off may have left anything.
            at = DatabaseAt::memory();
            connection = at.writer()?;
        }
        open::prepare(&mut connection, MIGRATIONS, "FULL", &mut |_, _| {})?;
        if copied.is_err() {
            // An empty one is better than none: stops are shown and announced all the same.
            let _ = salvage::fill(&mut connection, path);
        }
        let opening = LedgerOpening {
            in_memory: Some(why.to_string()),
            ..LedgerOpening::default()
        };
        Ok((Self { connection, at }, opening))
    }

    fn open_file(path: &Path, now: Timestamp) -> Result<(Self, LedgerOpening), StoreError> {
        backups::finish_restoring(path)?;
        let mut opening = LedgerOpening::default();
        match restore::restore_chosen(path, now) {
            Some(Ok(restored)) => opening.restored = Some(restored),
            Some(Err(why)) => opening.not_restored = Some(why),
            None => {}
        }
        let mut before_migration = |c: &Connection, found: u32| {
            if let Err(error) = backups::before_migration(c, path, found) {
                // A migration is one transaction: going on without the copy is better than a desk that does not start.
                opening.not_backed_up = Some(error.to_string());
            }
        };
        let first = open::open(path, MIGRATIONS, "FULL", &mut before_migration);
        let connection = match first {
            Err(error) if error.is_damage() => {
                opening.set_aside = Some(Self::begin_anew(path, now)?);
                open::open(path, MIGRATIONS, "FULL", &mut |_, _| {})?
            }
            other => other?,
        };
        let at = DatabaseAt::file(path);
        let mut ledger = Self { connection, at };
        if let Some(restored) = &opening.restored {
            ledger.note_restored(restored, now)?;
        }
        Ok((ledger, opening))
    }

    /// Puts a new ledger in the place of a damaged one, with what can be read of it. Returns where the damaged one is now.
    /// The new one is complete before the old one moves, as with a copy that is put back: whenever the power goes, the next
    /// start has the one or the other.
    fn begin_anew(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
        salvage::rebuild_beside(path, &backups::restoring(path), now)?;
        let aside = Self::set_aside(path, now)?;
        backups::finish_restoring(path)?;
        Ok(aside)
    }

    /// Opens a ledger beside the one that writes, only to read from it.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn open_query_only(at: &DatabaseAt) -> Result<Self, StoreError> {
        Ok(Self {
            connection: at.read_only()?,
            at: at.clone(),
        })
    }

    /// Where it lies, for whoever reads beside it.
    pub fn place(&self) -> &DatabaseAt {
        &self.at
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
        all.append(&mut self.alarms()?.unreadable);
        all.append(&mut self.alarm_events(Timestamp::MIN)?.unreadable);
        let mut settings = self.connection.prepare("SELECT key, value FROM setting ORDER BY key")?;
        let read = |r: &Row<'_>| json::<IgnoredAny>(r, 1);
        all.append(&mut unreadable::rows("setting", &mut settings, [], read)?.unreadable);
        Ok(all)
    }

    /// Looks whether it can be worked with, without reading it all: where every table begins, every setting, and the end
    /// of the audit trail, to which the next line is bound.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn try_reading(&self) -> Result<(), StoreError> {
        let look = |sql: &str| -> Result<(), StoreError> {
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        };
        for table in salvage::tables(&self.connection)? {
            look(&format!("SELECT * FROM {} NOT INDEXED LIMIT 1", table.name))?;
        }
        look("SELECT key, value FROM setting")?;
        look("SELECT hash FROM journal ORDER BY seq DESC LIMIT 1")
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
        write_setting(&self.connection, key, value)
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

fn write_setting(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [key, value],
    )?;
    Ok(())
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, StoreError> {
    let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(serde_json::from_str(text)?)
}
