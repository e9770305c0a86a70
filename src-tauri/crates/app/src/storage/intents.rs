//! Taking in what looking found, putting a copy of the ledger back, and letting go of what was kept long enough.

use super::CheckResult;
use crate::{AppError, Engine, effect::View};
use domain::alarms::StorageProblem;
use jiff::SignedDuration;
use std::{collections::BTreeMap, sync::Arc};
use store::ledger::{choose_restore, drop_restore};

/// As many rows of a table go at once: the engine waits for the disk that long.
const ROWS_A_STEP: u32 = 200;
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Engine {
    /// Takes in what looking through the files found. A damaged cache is begun anew at once; of the ledger a copy is
    /// offered.
    pub(crate) fn storage_found(&mut self, found: CheckResult) {
        let mut unreadable: BTreeMap<&'static str, usize> = BTreeMap::new();
        for row in &found.unreadable {
            tracing::error!(?row, "a row of the ledger is not readable; it is kept");
            *unreadable.entry(row.table).or_default() += 1;
        }
        if let Some(why) = &found.cache_damaged {
            self.rebuild_cache(why);
        }
        let storage = Arc::make_mut(&mut self.moment_mut().storage);
        storage.ledger_damaged = found.ledger_damaged.map(Into::into);
        storage.unreadable = unreadable;
        storage.backups = found.backups;
        storage.not_backed_up = found.not_backed_up.map(Into::into);
        storage.looked_at = Some(found.at);
        let note = self.storage.note(self.now(), &self.zone);
        let health = &mut self.moment_mut().health;
        match note {
            Some(note) => health.note_storage(note),
            None => health.storage_is_no_longer(&[
                StorageProblem::LedgerDamaged,
                StorageProblem::UnreadableRows,
                StorageProblem::NoBackup,
            ]),
        }
        self.changed([View::Frame, View::Settings]);
        self.evaluate_alarms();
    }

    /// Has a copy of the ledger put back at the next start, by its file name.
    ///
    /// # Errors
    /// When there is no such copy or it is damaged, and when the disk does not take the choice.
    pub fn restore_ledger(&mut self, backup: &str) -> Result<(), AppError> {
        let named = |name: &std::ffi::OsStr| name == backup;
        let mut copies = self.storage.backups.iter();
        let copy = copies
            .find(|copy| copy.path.file_name().is_some_and(named))
            .filter(|copy| copy.whole)
            .cloned()
            .ok_or_else(|| AppError::not_found(format!("no whole copy {backup:?}")))?;
        choose_restore(&self.paths().ledger(), &copy, &self.identity.author(), self.now())?;
        Arc::make_mut(&mut self.moment_mut().storage).chosen = Some(copy);
        self.changed([View::Settings]);
        Ok(())
    }

    /// Has nothing put back after all.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn keep_ledger(&mut self) -> Result<(), AppError> {
        drop_restore(&self.paths().ledger())?;
        Arc::make_mut(&mut self.moment_mut().storage).chosen = None;
        self.changed([View::Settings]);
        Ok(())
    }

    /// Lets go of what the ledger kept long enough: once a day, a step at a tick. What it deletes does not come back, so a
    /// server's clock must agree about the day.
    pub(crate) fn prune_ledger(&mut self) {
        let now = self.now();
        if self.pruned_at.is_some_and(|at| now.duration_since(at) < DAY) {
            return;
        }
        if !self.a_source_agrees_within(DAY) {
            return;
        }
        match self.ledger.prune(now, ROWS_A_STEP) {
            Ok(true) => {}
            Ok(false) => self.pruned_at = Some(now),
            Err(error) => {
                // No alarm for this: a disk that takes nothing raises one with the next thing that must be kept.
                tracing::warn!(%error, "the ledger was not pruned");
                self.pruned_at = Some(now);
            }
        }
    }
}
