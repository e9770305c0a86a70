//! A folder in which a hospital puts its CSV delivery every five minutes, followed as a source of its own.

use crate::{
    AppError, ErrorCode,
    follow::{Outlet, Shared, hold},
};
use feed::{FeedError, Mapping};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How often the folder is looked into. Polled, since network shares tell nobody of changes.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A mapping beside the files; without it they use our own column names.
const MAPPING: &str = "mapping.json";

/// Length and time of the last write: what changed is read again.
type Stamp = (u64, Option<SystemTime>);

/// The task that follows a folder.
pub struct FolderWatch {
    desk: Shared,
    key: String,
    folder: PathBuf,
    outlet: Arc<dyn Outlet>,
    read: BTreeMap<PathBuf, Stamp>,
    /// As seen the time before: a file that still grows is left alone.
    seen: BTreeMap<PathBuf, Stamp>,
}

/// What a folder holds, in words, for somebody who wants to follow it.
///
/// # Errors
/// When it cannot be read, holds no CSV file, or its mapping is not usable.
pub fn look_into(folder: &Path) -> Result<String, AppError> {
    let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, why);
    let files = files_in(folder).map_err(|e| unreadable(format!("{}: {e}", folder.display())))?;
    let mapping = mapping_in(folder).map_err(unreadable)?;
    if files.is_empty() {
        return Err(unreadable(format!("{}: nog geen CSV-bestand", folder.display())));
    }
    Ok(format!(
        "een map met {} CSV-bestanden, kolommen volgens {}",
        files.len(),
        mapping.name
    ))
}

fn mapping_in(folder: &Path) -> Result<Mapping, String> {
    let path = folder.join(MAPPING);
    let read = match std::fs::read_to_string(&path) {
        Ok(text) => Mapping::parse(&text),
        Err(_) => Mapping::shipped(),
    };
    read.map_err(|e| format!("{}: {e}", path.display()))
}

fn files_in(folder: &Path) -> std::io::Result<Vec<(PathBuf, Stamp)>> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            let about = entry.metadata()?;
            found.push((path, (about.len(), about.modified().ok())));
        }
    }
    // Deliveries are applied in the order in which they were written.
    found.sort_by_key(|(path, (_, written))| (*written, path.clone()));
    Ok(found)
}

impl FolderWatch {
    pub fn new(desk: Shared, key: &str, folder: &Path, outlet: Arc<dyn Outlet>) -> Self {
        Self {
            desk,
            key: key.to_owned(),
            folder: folder.to_owned(),
            outlet,
            read: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Follows until dropped.
    pub async fn run(mut self, every: Duration) {
        loop {
            if let Err(error) = self.look() {
                hold(&self.desk).storage_failed(&error.to_string());
            }
            tokio::time::sleep(every).await;
        }
    }

    /// Reads what is new in the folder. A folder that cannot be read is an answer that did not come.
    ///
    /// # Errors
    /// Only of storage.
    pub fn look(&mut self) -> Result<(), AppError> {
        let brought = files_in(&self.folder)
            .map_err(|e| FeedError::Unreachable(format!("{}: {e}", self.folder.display())))
            .and_then(|files| Ok((files, mapping_in(&self.folder).map_err(FeedError::Address)?)));
        let (files, mapping) = match brought {
            Ok(brought) => brought,
            Err(error) => {
                tracing::warn!(%error, "no answer");
                hold(&self.desk).no_answer(&self.key, error)?;
                self.outlet.changed();
                return Ok(());
            }
        };
        for (path, stamp) in &files {
            let whole = self.seen.get(path) == Some(stamp);
            if whole && self.read.get(path) != Some(stamp) {
                self.take_in(path, &mapping)?;
                self.read.insert(path.clone(), *stamp);
            }
        }
        self.seen = files.into_iter().collect();
        let toasts = {
            let mut desk = hold(&self.desk);
            desk.answer_came(&self.key, None)?;
            desk.tick()?;
            desk.take_toasts()
        };
        if !toasts.is_empty() {
            self.outlet.toasts(toasts);
        }
        self.outlet.changed();
        Ok(())
    }

    fn take_in(&self, path: &Path, mapping: &Mapping) -> Result<(), AppError> {
        let mut desk = hold(&self.desk);
        let file = path.display().to_string();
        let taken = desk.import_as(path, &self.key, mapping);
        match taken {
            Ok(report) => {
                tracing::info!(%file, changed = report.changed, refused = report.refused, "delivery read");
                Ok(())
            }
            // A file that is not readable is kept in the list of defects; the next one may be.
            Err(error) if error.code == ErrorCode::Unreadable => {
                tracing::warn!(%error, "delivery not readable");
                desk.keep_unreadable(&file, &error.detail)
            }
            Err(error) => Err(error),
        }
    }
}
