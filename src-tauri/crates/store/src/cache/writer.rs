//! Storing behind the desk: one thread, one connection, and a queue that nobody who fills it waits for.
//!
//! A delivery is stored whole, its cursor with it, in one transaction: after a crash the source is asked again from
//! where the file stands. A disk that does not take it is tried again, longer apart each time. What waits is bounded:
//! past [`Limits::bytes`] a source's deliveries are dropped, its cursor is forgotten as soon as the disk takes that, and
//! [`WriteReport::LoadAnew`] asks for all of it. The picture in memory is not touched by any of this.

use super::{
    Cache, CacheReader, CacheState, forget_sync,
    prune::{Pruning, Retention},
    put::{Put, Record},
    queue::{Job, Queue},
    remarks::Remarks,
    set_sync,
};
use crate::{micros, open::StoreError, place::DatabaseAt, versions::Change};
use domain::{
    ids::{source_of, within},
    region::{RecordKey, RecordKind},
};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    io,
    path::Path,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// One delivery of one source, to be stored whole.
#[derive(Clone, Debug)]
pub struct Write {
    /// The source's key.
    pub source: String,
    /// When this desk knew it.
    pub received: Timestamp,
    /// Every record that it brought, also those that say nothing new.
    pub changes: Vec<Change>,
    /// The delivery is everything there is of some kinds: what it does not name is gone.
    pub complete: Option<Complete>,
    /// Where following stands after it, by key without the source's in front.
    pub cursors: Vec<(String, String)>,
    pub remarks: Option<Remarks>,
}

impl Write {
    /// A delivery that brought nothing yet.
    pub fn of(source: &str, received: Timestamp) -> Self {
        Self {
            source: source.to_owned(),
            received,
            changes: vec![],
            complete: None,
            cursors: vec![],
            remarks: None,
        }
    }

    pub(super) fn size(&self) -> usize {
        let remarks = self.remarks.iter().flat_map(|r| &r.list);
        let remarks: usize = remarks
            .map(|r| r.detail.len() + r.raw.as_ref().map_or(0, String::len))
            .sum();
        let changes = self.changes.iter().map(|c| {
            let fact = c.fact.as_ref().map_or(0, super::Packed::size);
            c.raw.len() + c.key.id.len() + fact + size_of::<Change>()
        });
        changes.sum::<usize>() + remarks + size_of::<Self>()
    }
}

/// Of what a delivery is everything.
#[derive(Clone, Debug, Default)]
pub struct Complete {
    /// A type that the server refused is not among them.
    pub kinds: Vec<RecordKind>,
    /// What it named and is not among the changes, such as what could not be understood: not gone.
    pub kept: BTreeSet<RecordKey>,
}

/// What became of what was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteReport {
    /// A delivery is on disk.
    Stored { source: String, records: usize },
    /// It was not taken; it will be tried again. A file that is `damaged` does not get better: whoever owns the writer
    /// drops it, has [`Cache::rebuild`] begin another, and asks every source for everything.
    Failed {
        error: String,
        damaged: bool,
        waiting: usize,
    },
    /// So much waited that deliveries of this source were dropped: all of it has to be asked for.
    LoadAnew { source: String },
}

/// How long to wait and how much to keep waiting.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// About as many bytes may wait; a whole country is some 80 MB.
    pub bytes: usize,
    /// Before the first attempt after one that failed; doubles each time.
    pub first_retry: Duration,
    pub last_retry: Duration,
    /// How often a delivery is tried that fails though the disk does not: then it is dropped, so that it cannot stop
    /// those behind it, and its source is loaded anew.
    pub attempts: u32,
    /// How long the past is kept.
    pub retention: Retention,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            first_retry: Duration::from_secs(1),
            last_retry: Duration::from_secs(60),
            attempts: 5,
            retention: Retention::default(),
        }
    }
}

struct Shared {
    queue: Mutex<Queue>,
    bell: Condvar,
    /// What is being stored is not wanted any more.
    abandoned: AtomicBool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // A thread that panicked left a queue that is whole: it is never changed in steps.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stores deliveries on a thread of its own. Dropping it waits until what it has is stored, or was tried once.
pub struct CacheWriter {
    shared: Arc<Shared>,
    limits: Limits,
    at: DatabaseAt,
    thread: Option<JoinHandle<()>>,
}

impl CacheWriter {
    /// Opens the cache as [`Cache::open`] does and starts the thread that owns it. `report` is called on that thread.
    ///
    /// # Errors
    /// When the file is of a newer version, SQLite is unusable, or no thread can be had.
    pub fn start(
        path: &Path,
        now: Timestamp,
        limits: Limits,
        report: impl FnMut(WriteReport) + Send + 'static,
    ) -> Result<(Self, CacheState), StoreError> {
        let (cache, state) = Cache::open(path, now)?;
        Ok((Self::over(cache, limits, report)?, state))
    }

    /// Starts the thread over a cache that is open.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn over(
        cache: Cache,
        limits: Limits,
        report: impl FnMut(WriteReport) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            bell: Condvar::new(),
            abandoned: AtomicBool::new(false),
        });
        let at = cache.at.clone();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("cache-writer".to_owned())
            .spawn(move || run(cache, &theirs, limits, report))
            .map_err(|source: io::Error| StoreError::File {
                path: "cache-writer".into(),
                source,
            })?;
        Ok(Self {
            shared,
            limits,
            at,
            thread: Some(thread),
        })
    }

    /// A reader beside the writer, wherever the cache lies.
    ///
    /// # Errors
    /// When the file cannot be had.
    pub fn reader(&self) -> Result<CacheReader, StoreError> {
        CacheReader::at(&self.at)
    }

    /// Where the cache lies, for whoever opens readers of it.
    pub fn place(&self) -> &DatabaseAt {
        &self.at
    }

    /// Has a delivery stored, after those before it. Returns at once.
    pub fn store(&self, write: Write) {
        self.shared.lock().add(Box::new(write), self.limits.bytes);
        self.shared.bell.notify_one();
    }

    /// Records of a source cannot be read: its cursor is forgotten, and what comes of them is stored whatever it says.
    pub fn ask_again(&self, source: &str, records: Vec<RecordKey>) {
        self.push(Job::AskAgain(source.to_owned(), records));
    }

    /// Forgets what came from a source, by its key and its address.
    pub fn forget(&self, source: &str, address: &str) {
        self.push(Job::Forget {
            source: source.to_owned(),
            address: address.to_owned(),
        });
    }

    /// How many deliveries wait to be stored.
    pub fn waiting(&self) -> usize {
        let queue = self.shared.lock();
        queue.waiting.len() + usize::from(queue.busy)
    }

    /// Ends the thread at the record that it is at and closes its file; what waits is not stored. For a cache that is to
    /// be rebuilt: Windows renames no file that is open, and storing into a file that is given up keeps its owner waiting.
    pub fn abandon(&mut self) {
        self.shared.abandoned.store(true, Ordering::Relaxed);
        self.shared.lock().waiting.clear();
        self.end();
    }

    fn end(&mut self) {
        self.shared.lock().closing = true;
        self.shared.bell.notify_one();
        if let Some(thread) = self.thread.take() {
            // Its panic was told by the panic hook; here is nothing left to do about it.
            let _ = thread.join();
        }
    }

    fn push(&self, job: Job) {
        self.shared.lock().waiting.push_back(job);
        self.shared.bell.notify_one();
    }
}

impl Drop for CacheWriter {
    fn drop(&mut self) {
        self.end();
    }
}

fn run(mut cache: Cache, shared: &Shared, limits: Limits, mut report: impl FnMut(WriteReport)) {
    let (mut wait, mut attempts) = (limits.first_retry, 0);
    let mut pruning = Pruning::new(limits.retention);
    loop {
        let Some(job) = next_job(&mut cache, shared, &mut pruning, &mut report) else {
            return;
        };
        let result = perform(&mut cache, &job, &mut pruning, &shared.abandoned);
        let mut queue = shared.lock();
        queue.busy = false;
        match result {
            Ok(()) => {
                (wait, attempts) = (limits.first_retry, 0);
                let said = queue.done(&job);
                drop(queue);
                said.into_iter().for_each(&mut report);
            }
            Err(error) => {
                attempts += 1;
                if !error.is_of_the_disk() && attempts >= limits.attempts {
                    queue.drop_delivery(job);
                    (wait, attempts) = (limits.first_retry, 0);
                } else {
                    queue.put_back(job);
                }
                let waiting = queue.waiting.len();
                drop(queue);
                report(WriteReport::Failed {
                    error: error.to_string(),
                    damaged: error.is_damage(),
                    waiting,
                });
                let (queue, _) = shared
                    .bell
                    .wait_timeout_while(shared.lock(), wait, |q| !q.closing)
                    .unwrap_or_else(PoisonError::into_inner);
                if queue.closing {
                    return;
                }
                wait = (wait * 2).min(limits.last_retry);
            }
        }
    }
}

/// Waits for what is to be done next; `None`: nothing, and the desk closes. While nothing is, the past is pruned: a
/// delivery that comes waits for one step at most.
fn next_job(
    cache: &mut Cache,
    shared: &Shared,
    pruning: &mut Pruning,
    report: &mut impl FnMut(WriteReport),
) -> Option<Job> {
    let mut queue = shared.lock();
    loop {
        if let Some(job) = queue.waiting.pop_front() {
            queue.busy = true;
            return Some(job);
        }
        if queue.closing {
            return None;
        }
        let Some(pause) = pruning.pause() else {
            queue = shared.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let (still, waited) = shared
            .bell
            .wait_timeout(queue, pause)
            .unwrap_or_else(PoisonError::into_inner);
        queue = still;
        if !waited.timed_out() || !queue.waiting.is_empty() || queue.closing {
            continue;
        }
        drop(queue);
        if let Err(error) = pruning.step(cache) {
            // A disk that is full or busy takes it another day; a damaged one must be told.
            pruning.stop();
            if error.is_damage() {
                report(WriteReport::Failed {
                    error: error.to_string(),
                    damaged: true,
                    waiting: 0,
                });
            }
        }
        queue = shared.lock();
    }
}

fn perform(cache: &mut Cache, job: &Job, pruning: &mut Pruning, abandoned: &AtomicBool) -> Result<(), StoreError> {
    match job {
        Job::Store(write, _) => {
            let Some(reused) = store(cache, write, abandoned)? else {
                return Ok(());
            };
            pruning.stored(write.received, &reused);
            Ok(())
        }
        Job::Anew(source) => cache.forget_sync(source),
        Job::AskAgain(source, records) => {
            let tx = cache.transaction()?;
            forget_sync(&tx, source)?;
            for key in records {
                let sql = "UPDATE thing SET digest = NULL WHERE kind = ?1 AND name = ?2";
                tx.execute(sql, [key.kind.code(), &key.id])?;
            }
            Ok(tx.commit()?)
        }
        Job::Forget { source, address } => cache.forget(source, address),
    }
}

/// Stores a delivery. Returns the bodies that it found there and named again; nothing, and nothing is stored, where it is
/// not wanted any more.
fn store(cache: &mut Cache, write: &Write, abandoned: &AtomicBool) -> Result<Option<Vec<i64>>, StoreError> {
    let tx = cache.transaction()?;
    let is_wanted = || !abandoned.load(Ordering::Relaxed);
    let reused = {
        let mut put = Put::new(&tx, write.received)?;
        for one in &write.changes {
            if !is_wanted() {
                return Ok(None);
            }
            put.store(&Record {
                key: &one.key,
                version: one.version.as_deref(),
                updated: one.updated,
                fact: one.fact.as_ref(),
                raw: &one.raw,
                site: one.site.as_deref(),
            })?;
        }
        if let Some(complete) = &write.complete {
            let named = write.changes.iter().map(|c| &c.key).chain(&complete.kept).collect();
            let gone = put.not_named(&write.source, Some(&complete.kinds), &named)?;
            put.all_gone(&gone)?;
        }
        if let Some(remarks) = &write.remarks {
            remarks.store(&tx, micros(write.received))?;
        }
        put.finish(is_wanted)?
    };
    let Some(reused) = reused else { return Ok(None) };
    for (key, value) in &write.cursors {
        debug_assert_eq!(source_of(key), "", "the key of a cursor comes without its source's");
        set_sync(&tx, &within(&write.source, key), value)?;
    }
    tx.commit()?;
    Ok(Some(reused))
}
