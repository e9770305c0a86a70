//! Putting a copy of the ledger back. A person chooses one while the desk runs; it takes its place when the desk starts
//! next, before the file is opened (decision 0016).
//!
//! Not at once: what stands in memory (alarms, labels, what waits to be sent, the sources) was read from the present file,
//! readers beside the engine have it open, and Windows does not rename an open file. At the start there is one way in
//! which a ledger becomes a desk, and nothing else to keep in step with it. What is done until then goes to the present
//! file, which is kept.

use super::{Backup, Ledger, audit::journal, backups};
use crate::open::{self, StoreError};
use jiff::Timestamp;
use rusqlite::TransactionBehavior;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A copy that was put in the place of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// When the copy was made: what was done after it is in the file that was set aside.
    pub made_at: Timestamp,
    /// The file that stood there.
    pub set_aside: Option<PathBuf>,
    /// Who chose it.
    pub who: String,
}

/// What a person chose, as it lies beside the ledger.
#[derive(Debug, Serialize, Deserialize)]
struct Chosen {
    /// Its file name in the folder of the copies.
    backup: String,
    who: String,
    at: Timestamp,
}

fn file_of_choice(ledger: &Path) -> PathBuf {
    ledger.with_extension("restore.json")
}

/// Where the copies of a ledger lie.
pub fn backup_folder(ledger: &Path) -> PathBuf {
    ledger.with_file_name("backup")
}

/// Has a copy put back at the next start; on disk when this returns. The copy is looked through then, not now: whoever
/// chooses has [`backups`] that say which of them are whole.
///
/// # Errors
/// When the copy is damaged or is none of this ledger's, or the disk does not take the choice.
pub fn choose_restore(ledger: &Path, backup: &Backup, who: &str, now: Timestamp) -> Result<(), StoreError> {
    let name = backup.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.filter(|name| backup.whole && backup.path == backup_folder(ledger).join(name));
    let chosen = Chosen {
        backup: name.ok_or_else(|| not_a_copy(&backup.path.display().to_string()))?,
        who: who.to_owned(),
        at: now,
    };
    let path = file_of_choice(ledger);
    open::write_private(&path, &serde_json::to_string(&chosen)?)
}

fn not_a_copy(name: &str) -> StoreError {
    StoreError::Value {
        column: "a copy of the ledger",
        value: name.to_owned(),
    }
}

/// Has nothing put back after all.
///
/// # Errors
/// When the disk does not take it.
pub fn drop_restore(ledger: &Path) -> Result<(), StoreError> {
    let path = file_of_choice(ledger);
    match fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StoreError::File { path, source }),
        _ => Ok(()),
    }
}

fn whole_backup(ledger: &Path, name: &str) -> Result<Backup, StoreError> {
    let all = backups(&backup_folder(ledger))?.into_iter();
    let mut named = all.filter(|b| b.path.file_name().is_some_and(|n| n == name));
    named.find(|b| b.whole).ok_or_else(|| not_a_copy(name))
}

/// Puts back what was chosen, if something was. The choice is forgotten only after that, so that a start that is
/// interrupted does it again; and also where it fails, so that it does not fail at every start.
pub(super) fn restore_chosen(ledger: &Path, now: Timestamp) -> Option<Result<Restored, String>> {
    let text = fs::read_to_string(file_of_choice(ledger)).ok()?;
    let restored = || -> Result<Restored, StoreError> {
        let chosen: Chosen = serde_json::from_str(&text)?;
        let backup = whole_backup(ledger, &chosen.backup)?;
        let set_aside = super::restore(ledger, &backup, now)?;
        Ok(Restored {
            made_at: backup.made_at,
            set_aside,
            who: chosen.who,
        })
    };
    let done = restored().map_err(|error| error.to_string());
    // A disk that does not even take this has let nothing be restored either.
    let _ = drop_restore(ledger);
    Some(done)
}

impl Ledger {
    /// Writes down in the ledger that was put back that it was.
    pub(super) fn note_restored(&mut self, restored: &Restored, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let said = serde_json::json!({
            "name": restored.made_at.to_string(),
            "set_aside": restored.set_aside.as_ref().map(|p| p.display().to_string()),
        });
        journal(&tx, now, &restored.who, "restore", &said.to_string())?;
        Ok(tx.commit()?)
    }
}
