//! Looking through what is kept, and making the copy of the day. It takes as long as reading the files: it is called
//! beside the engine, after the first picture, through connections that cannot write.

use super::Places;
use crate::{AppError, ErrorCode, engine::Paths};
use jiff::{Timestamp, tz::TimeZone};
use std::path::{Path, PathBuf};
use store::{
    Backup, Depth, Ledger, Unreadable, Verdict, check_in_background,
    ledger::{backup_folder, backups},
};

/// As many copies of the ledger are kept, one a day.
const COPIES: usize = 7;

/// What to look through, and how.
#[derive(Clone, Copy, Debug)]
pub struct CheckPlan {
    pub ledger: Depth,
    /// The cache is large and can be had again: not at every look.
    pub cache: Option<Depth>,
}

/// The cache is looked through once in as many looks, an hour apart.
const LOOKS_A_DAY: u32 = 24;

impl CheckPlan {
    /// At the n-th look of a run: the first soon after the first picture, the others an hour apart, since a new day needs
    /// its copy.
    pub fn at_look(n: u32) -> Self {
        match n {
            0 => Self {
                ledger: Depth::Quick,
                cache: Some(Depth::Quick),
            },
            n => Self {
                ledger: Depth::Full,
                cache: (n % LOOKS_A_DAY == 0).then_some(Depth::Full),
            },
        }
    }
}

/// What looking found.
#[derive(Clone, Debug)]
pub struct CheckResult {
    pub at: Timestamp,
    /// SQLite's first complaint.
    pub cache_damaged: Option<String>,
    pub ledger_damaged: Option<String>,
    /// Rows of the ledger, each left where it stands.
    pub unreadable: Vec<Unreadable>,
    pub backups: Vec<Backup>,
    pub not_backed_up: Option<String>,
}

/// Looks both databases through and makes the copy of the day if there is none. What cannot even be looked at is logged:
/// whoever works with the file will say so too.
pub fn look(paths: &Paths, places: &Places, wanted: CheckPlan, now: Timestamp, zone: &TimeZone) -> CheckResult {
    let mut found = CheckResult {
        at: now,
        cache_damaged: None,
        ledger_damaged: None,
        unreadable: vec![],
        backups: vec![],
        not_backed_up: None,
    };
    let verdict = |name: &str, verdict: Result<Verdict, store::StoreError>| match verdict {
        Ok(Verdict::Whole) => None,
        Ok(Verdict::Damaged(why)) => {
            tracing::error!(name, %why, "a database is damaged");
            Some(why)
        }
        Err(error) => {
            tracing::warn!(name, %error, "a database could not be looked through");
            None
        }
    };
    found.cache_damaged = wanted
        .cache
        .and_then(|depth| verdict("cache", check_in_background(&places.cache, depth)));
    found.ledger_damaged = verdict("ledger", check_in_background(&places.ledger, wanted.ledger));
    match Ledger::open_query_only(&places.ledger).and_then(|ledger| Ok((ledger.unreadable()?, ledger))) {
        Ok((unreadable, ledger)) => {
            found.unreadable = unreadable;
            // A copy of a damaged file would take the place of a good one.
            if found.ledger_damaged.is_none() && !places.ledger.is_in_memory() {
                let spare = found.unreadable.is_empty();
                let made = back_up_daily(&ledger, paths, now, zone, spare);
                found.not_backed_up = made.err().map(|error| {
                    tracing::error!(%error, "the ledger was not backed up");
                    error.to_string()
                });
            }
        }
        Err(error) if error.is_damage() => found.ledger_damaged = Some(error.to_string()),
        Err(error) => tracing::warn!(%error, "the ledger could not be looked through"),
    }
    match backups(&backup_folder(&paths.ledger())) {
        Ok(copies) => found.backups = copies,
        Err(error) => tracing::warn!(%error, "the copies of the ledger could not be looked through"),
    }
    found
}

/// A copy of the ledger a day, the last seven kept; all of them while something in the ledger cannot be read.
fn back_up_daily(
    ledger: &Ledger,
    paths: &Paths,
    now: Timestamp,
    zone: &TimeZone,
    drop_old: bool,
) -> Result<(), AppError> {
    let dir = backup_folder(&paths.ledger());
    let today = now.to_zoned(zone.clone()).strftime("ledger-%Y%m%d.sqlite").to_string();
    let to = dir.join(&today);
    if to.exists() {
        return Ok(());
    }
    // A copy that was cut short must not pass for one of today.
    let making = dir.join("making.tmp");
    let io = |e: std::io::Error| AppError::new(ErrorCode::Storage, e.to_string());
    let _ = std::fs::remove_file(&making);
    ledger.back_up(&making)?;
    std::fs::rename(&making, &to).map_err(io)?;
    if drop_old {
        for old in daily_copies(&dir)?.iter().rev().skip(COPIES) {
            std::fs::remove_file(old).map_err(io)?;
        }
    }
    Ok(())
}

/// Oldest first. Beside them lie the copies of before a migration, which stay.
fn daily_copies(dir: &Path) -> Result<Vec<PathBuf>, AppError> {
    let entries = std::fs::read_dir(dir).map_err(|e| AppError::new(ErrorCode::Storage, e.to_string()))?;
    let mut copies: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| {
            let name = p.file_name().map(|n| n.to_string_lossy());
            name.is_some_and(|n| n.starts_with("ledger-") && n.ends_with(".sqlite"))
        })
        .collect();
    copies.sort();
    Ok(copies)
}
