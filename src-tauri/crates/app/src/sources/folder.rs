//! A folder in which a hospital puts its CSV delivery every five minutes, followed as a source of its own.

use crate::{
    AppError, ErrorCode,
    engine::{Handle, Input},
    say,
    sources::{Channel, Following, ReadFile, read_file},
    supervise::{Pulse, supervise},
    text::Language,
};
use feed::{FeedError, Mapping};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{
    sync::{Mutex, Notify},
    task::JoinSet,
};

/// How often the folder is looked into. Polled, since network shares tell nobody of changes.
pub const LOOK_EVERY: Duration = Duration::from_secs(10);
/// A mapping beside the files; without it they use our own column names.
const MAPPING: &str = "mapping.json";

/// Length and time of the last write: what changed is read again.
type Stamp = (u64, Option<SystemTime>);

/// A share that does not answer for this long is not waited for any more.
const SILENT: Duration = Duration::from_secs(120);

/// What follows a folder.
pub struct FolderWatch {
    handle: Handle,
    key: String,
    folder: PathBuf,
    read: BTreeMap<PathBuf, Stamp>,
    /// As seen the time before: a file that still grows is left alone.
    seen: BTreeMap<PathBuf, Stamp>,
}

/// What a folder holds, in words, for somebody who wants to follow it.
///
/// # Errors
/// When it cannot be read, holds no CSV file, or its mapping is not usable.
pub fn look_into(language: Language, folder: &Path) -> Result<String, AppError> {
    let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, why);
    let files = files_in(folder).map_err(|e| unreadable(format!("{}: {e}", folder.display())))?;
    let mapping = mapping_in(folder).map_err(unreadable)?;
    if files.is_empty() {
        return Err(unreadable(say!(
            language,
            FolderEmpty,
            folder = folder.display().to_string()
        )));
    }
    Ok(say!(language, FolderFound, n = files.len(), mapping = mapping.name))
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
    pub fn new(handle: Handle, key: &str, folder: &Path) -> Self {
        Self {
            handle,
            key: key.to_owned(),
            folder: folder.to_owned(),
            read: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Follows until what is returned is dropped. Needs a running runtime.
    pub fn start(self, every: Duration) -> Following {
        let mut tasks = JoinSet::new();
        let ask = Arc::new(Notify::new());
        let asked = ask.clone();
        let handle = self.handle.clone();
        let line = (self.handle.clone(), self.key.clone(), self.folder.clone());
        let watch = Arc::new(Mutex::new(self));
        tasks.spawn(async move {
            let report = move |report| handle.tell(Input::Health(report));
            let make = |pulse: Pulse| {
                let (watch, asked, (handle, key, folder)) = (watch.clone(), asked.clone(), line.clone());
                async move {
                    loop {
                        match look_aside(&watch).await {
                            Looked::Told => {}
                            Looked::Failed => return,
                            Looked::Hangs => no_answer(&handle, &key, &folder),
                        }
                        pulse.beat();
                        tokio::select! {
                            () = tokio::time::sleep(every) => {}
                            () = asked.notified() => {}
                        }
                    }
                }
            };
            supervise("folder", every + SILENT * 2, report, make).await;
        });
        Following::of(tasks, ask)
    }

    /// Reads what is new in the folder and hands it over. A folder that cannot be read is an answer that did not come.
    pub fn look(&mut self) {
        let brought = files_in(&self.folder)
            .map_err(|e| FeedError::Unreachable(format!("{}: {e}", self.folder.display())))
            .and_then(|files| Ok((files, mapping_in(&self.folder).map_err(FeedError::Address)?)));
        let (files, mapping) = match brought {
            Ok(brought) => brought,
            Err(error) => {
                tracing::warn!(%error, "no answer");
                let (source, channel) = (self.key.clone(), Channel::Bulk);
                return self.handle.tell(Input::Silent { source, channel, error });
            }
        };
        for (path, stamp) in &files {
            let whole = self.seen.get(path) == Some(stamp);
            if whole && self.read.get(path) != Some(stamp) {
                let reading = read_file(&self.handle.moment(), path, &self.key, &mapping);
                self.handle.tell(Input::File(Box::new(ReadFile {
                    file: path.display().to_string(),
                    source: self.key.clone(),
                    reading: reading.map_err(|e| e.detail),
                })));
                self.read.insert(path.clone(), *stamp);
            }
        }
        self.seen = files.into_iter().collect();
        self.handle.tell(Input::Looked {
            source: self.key.clone(),
        });
    }
}

enum Looked {
    /// What there was is handed over.
    Told,
    /// Looking broke down.
    Failed,
    Hangs,
}

/// Looks on a thread: a network share may take its time, or hang, and nothing ends a thread that waits for one. As long as
/// an earlier look waits, another would only wait beside it.
async fn look_aside(watch: &Arc<Mutex<FolderWatch>>) -> Looked {
    let Ok(mut watch) = watch.clone().try_lock_owned() else {
        return Looked::Hangs;
    };
    let looking = tokio::task::spawn_blocking(move || watch.look());
    match tokio::time::timeout(SILENT, looking).await {
        Ok(Ok(())) => Looked::Told,
        Ok(Err(_)) => Looked::Failed,
        Err(_) => Looked::Hangs,
    }
}

fn no_answer(handle: &Handle, key: &str, folder: &Path) {
    let error = FeedError::Unreachable(format!("{}: no answer", folder.display()));
    tracing::warn!(%error, "no answer");
    handle.tell(Input::Silent {
        source: key.to_owned(),
        channel: Channel::Bulk,
        error,
    });
}
