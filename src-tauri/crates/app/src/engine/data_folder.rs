//! What lies in the data folder beside the two databases: an administrator's files, and settings.

use crate::{AppError, access::Account, assets, drive_times, engine::Engine, health::StorageNote, say, text::Spoken};
use domain::alarms::StorageProblem;
use std::{path::Path, sync::Arc};

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

    pub(crate) fn set_setting<T: serde::Serialize>(&mut self, key: &str, value: &T) -> Result<(), AppError> {
        Ok(self.ledger.set_setting(key, &serde_json::to_string(value)?)?)
    }

    /// Reads what an administrator put in the data folder: agreements, code lists, drive times, what this account may. A file that is
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
        if let Some(found) = drive_times::in_folder(dir, &mut problems) {
            self.moment_mut().drive_times = Arc::new(found);
        }
        let today = self.now().to_zoned(self.zone.clone()).date();
        for list in assets::lists_in(dir, &mut problems) {
            Arc::make_mut(&mut self.moment_mut().codes).replace(list, today);
        }
        if let Some(first) = problems.into_iter().next() {
            self.moment_mut().health.storage.get_or_insert(StorageNote {
                problem: StorageProblem::UnreadableFile,
                text: Spoken::of(|language| say!(language, StorageUnreadableFile, detail = first.as_str())),
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
        problems.push(format!("{}: {error}", path.display()));
    })
    .ok()
}
