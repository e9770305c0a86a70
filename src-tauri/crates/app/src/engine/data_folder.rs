//! What lies in the data folder beside the two databases: an administrator's files, settings, copies of the ledger.

use crate::{
    AppError,
    access::Account,
    assets,
    engine::{Engine, Paths},
    health::StorageNote,
};
use domain::alarms::StorageProblem;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

impl Engine {
    /// A setting of this desk; one that can no longer be read counts as not set.
    pub(crate) fn setting<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<Option<T>, AppError> {
        let text = self.ledger.setting(key)?;
        Ok(text.and_then(|t| {
            let read = serde_json::from_str(&t);
            read.inspect_err(|error| tracing::warn!(%error, key, "a setting is not readable"))
                .ok()
        }))
    }

    /// A copy of the ledger a day, the last seven kept.
    pub(crate) fn back_up_daily(&self, paths: &Paths) -> Result<(), AppError> {
        let dir = paths.dir.join("backup");
        let today = self
            .now()
            .to_zoned(self.zone.clone())
            .strftime("ledger-%Y%m%d.sqlite")
            .to_string();
        if dir.join(&today).exists() {
            return Ok(());
        }
        self.ledger.back_up(&dir.join(&today))?;
        let io = |e: std::io::Error| AppError::new(crate::ErrorCode::Storage, e.to_string());
        let entries = std::fs::read_dir(&dir)
            .map_err(io)?
            .filter_map(Result::ok)
            .map(|e| e.path());
        let mut copies: Vec<PathBuf> = entries
            .filter(|p| {
                let name = p.file_name().map(|n| n.to_string_lossy());
                // Beside them lie the copies of before a migration, which stay.
                name.is_some_and(|n| n.starts_with("ledger-") && n.ends_with(".sqlite"))
            })
            .collect();
        copies.sort();
        for old in copies.iter().rev().skip(7) {
            std::fs::remove_file(old).map_err(io)?;
        }
        Ok(())
    }
}

impl Engine {
    pub(crate) fn set_setting<T: serde::Serialize>(&mut self, key: &str, value: &T) -> Result<(), AppError> {
        Ok(self.ledger.set_setting(key, &serde_json::to_string(value)?)?)
    }

    /// Reads what an administrator put in the data folder: agreements, code lists, what this account may. A file that is
    /// not readable is said, and what shipped counts instead; of the account nothing is allowed then.
    pub(crate) fn read_data_folder(&mut self, dir: &Path) {
        let mut problems = vec![];
        if let Some(found) = read_json(&dir.join("agreements.json"), &mut problems) {
            self.moment_mut().agreements = Arc::new(found);
        }
        if let Some(found) = read_json(&dir.join("alarms.json"), &mut problems) {
            self.moment_mut().rules = Arc::new(found);
        }
        if let Some(found) = read_json(&dir.join("account.json"), &mut problems) {
            self.moment_mut().account = Arc::new(found);
        } else if dir.join("account.json").exists() {
            self.moment_mut().account = Arc::new(Account::nothing());
        }
        let today = self.now().to_zoned(self.zone.clone()).date();
        for list in assets::lists_in(dir, &mut problems) {
            Arc::make_mut(&mut self.moment_mut().codes).replace(list, today);
        }
        if let Some(first) = problems.into_iter().next() {
            self.moment_mut().health.storage.get_or_insert(StorageNote {
                problem: StorageProblem::UnreadableFile,
                detail: first,
            });
        }
    }

    /// In the practice region, where nobody put agreements of their own: invented ones, which say so.
    ///
    /// # Errors
    /// When the shipped file is broken.
    pub fn use_example_agreements(&mut self) -> Result<(), AppError> {
        if self.agreements.version.is_empty() {
            self.moment_mut().agreements = Arc::new(assets::example_agreements()?);
        }
        Ok(())
    }
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path, problems: &mut Vec<String>) -> Option<T> {
    let text = std::fs::read_to_string(path).ok()?;
    let read = serde_json::from_str(&text);
    read.inspect_err(|error| {
        tracing::error!(%error, path = %path.display(), "not readable");
        problems.push(path.display().to_string());
    })
    .ok()
}
