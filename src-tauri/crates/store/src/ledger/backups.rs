//! Copies of the ledger: which there are, whether each is whole, and putting one back.

use super::{MIGRATIONS, restore::backup_folder};
use crate::{
    check::{Depth, Verdict, check_in_background},
    open::{self, StoreError},
    place::DatabaseAt,
};
use jiff::Timestamp;
use rusqlite::Connection;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A copy of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub path: PathBuf,
    pub made_at: Timestamp,
    /// SQLite finds nothing wrong with it, and this version can open it.
    pub whole: bool,
}

/// The copies in a folder, newest first; none where there is no such folder. Looks each one through.
///
/// # Errors
/// When the folder cannot be read.
pub fn backups(dir: &Path) -> Result<Vec<Backup>, StoreError> {
    let file = |source| StoreError::File {
        path: dir.to_owned(),
        source,
    };
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        other => other.map_err(file)?,
    };
    let mut found = vec![];
    for entry in entries {
        let path = entry.map_err(file)?.path();
        if path.extension().is_none_or(|e| e != "sqlite") {
            continue;
        }
        let written = fs::metadata(&path).and_then(|m| m.modified()).map_err(file)?;
        let made_at = Timestamp::try_from(written).map_err(|e| file(io::Error::other(e)))?;
        let whole = is_whole(&path);
        found.push(Backup { path, made_at, whole });
    }
    found.sort_by(|a, b| b.made_at.cmp(&a.made_at).then(b.path.cmp(&a.path)));
    Ok(found)
}

fn is_whole(path: &Path) -> bool {
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    let at = DatabaseAt::file(path);
    let version = at
        .read_only()
        .and_then(|c| Ok(c.query_row("PRAGMA user_version", [], |r| r.get::<_, u32>(0))?));
    version.is_ok_and(|v| (1..=known).contains(&v))
        && matches!(check_in_background(&at, Depth::Quick), Ok(Verdict::Whole))
}

/// Puts a copy in the place of the ledger, which must not be open; what stood there is set aside with its date, and its
/// new path returned.
///
/// # Errors
/// When the disk does not do it; then the ledger stands as it stood.
pub fn restore(ledger: &Path, backup: &Backup, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let copy = restoring(ledger);
    let file = |source| StoreError::File {
        path: copy.clone(),
        source,
    };
    open::create_private(&copy)?;
    fs::copy(&backup.path, &copy).map_err(file)?;
    fs::OpenOptions::new()
        .append(true)
        .open(&copy)
        .and_then(|f| f.sync_all())
        .map_err(file)?;
    let aside = if ledger.exists() {
        Some(open::set_aside(ledger, now)?)
    } else {
        None
    };
    finish_restoring(ledger)?;
    Ok(aside)
}

/// Where a copy lies until it is complete.
pub(super) fn restoring(ledger: &Path) -> PathBuf {
    ledger.with_extension("restoring")
}

/// Between two renames the power may go: a copy that was complete, with no ledger beside it, takes its place now.
pub(super) fn finish_restoring(ledger: &Path) -> Result<(), StoreError> {
    let copy = restoring(ledger);
    if !ledger.exists() && copy.exists() {
        fs::rename(&copy, ledger).map_err(|source| StoreError::File { path: copy, source })?;
    }
    Ok(())
}

/// Keeps the file as it was before a migration, one for each version that it had.
pub(super) fn before_migration(c: &Connection, ledger: &Path, version: u32) -> Result<(), StoreError> {
    let dir = backup_folder(ledger);
    let to = dir.join(format!("before-schema-{}.sqlite", version + 1));
    open::create_private(&to)?;
    Ok(c.backup(rusqlite::MAIN_DB, &to, None::<fn(rusqlite::backup::Progress)>)?)
}
