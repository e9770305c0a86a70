//! What waits to be stored: in order, bounded, and a source of which something was dropped remembered until all of it
//! came again.

use super::writer::{Write, WriteReport};
use domain::region::RecordKey;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// One thing to do.
pub(super) enum Job {
    Store(Box<Write>, usize),
    /// Forget where following a source stands, since deliveries of it were dropped.
    Anew(String),
    /// Ask a source again for records that cannot be read.
    AskAgain(String, Vec<RecordKey>),
    Forget {
        source: String,
        address: String,
    },
}

/// A source of which deliveries were dropped.
#[derive(Default)]
pub(super) struct Anew {
    /// Its cursors are forgotten.
    forgotten: bool,
    /// The cursors that a complete delivery set anew; no other one may be stored, since something before it is missing.
    cursors: BTreeSet<String>,
}

/// What waits, bounded.
#[derive(Default)]
pub(super) struct Queue {
    pub waiting: VecDeque<Job>,
    bytes: usize,
    anew: BTreeMap<String, Anew>,
    /// The thread has one in hand.
    pub busy: bool,
    pub closing: bool,
}

impl Queue {
    /// Deliveries of a source are dropped: from here on, and until all of it came, its cursors mean nothing.
    fn load_anew(&mut self, source: &str) {
        let Self { waiting, bytes, .. } = self;
        waiting.retain(|job| match job {
            Job::Store(other, size) if other.source == source => {
                *bytes -= size;
                false
            }
            Job::Store(..) | Job::Anew(_) | Job::AskAgain(..) | Job::Forget { .. } => true,
        });
        let before = self.anew.insert(source.to_owned(), Anew::default());
        if before.is_none_or(|anew| anew.forgotten) {
            self.waiting.push_back(Job::Anew(source.to_owned()));
        }
    }

    /// Adds a delivery, or drops it and what waits of its source when that is too much.
    pub fn add(&mut self, mut write: Box<Write>, limit: usize) {
        if let Some(anew) = self.anew.get_mut(&write.source) {
            if write.complete.is_some() {
                anew.cursors.extend(write.cursors.iter().map(|(key, _)| key.clone()));
            } else if anew.forgotten {
                write.cursors.retain(|(key, _)| anew.cursors.contains(key));
            } else {
                return;
            }
        }
        let size = write.size();
        if self.bytes + size <= limit || self.waiting.is_empty() {
            self.bytes += size;
            self.waiting.push_back(Job::Store(write, size));
            return;
        }
        self.load_anew(&write.source);
    }

    /// A delivery that can not be stored, for a reason of its own.
    pub fn drop_delivery(&mut self, job: Job) {
        match job {
            Job::Store(write, size) => {
                self.bytes -= size;
                self.load_anew(&write.source);
            }
            Job::AskAgain(source, _) => self.load_anew(&source),
            // Nothing was delivered that could be at fault.
            job @ (Job::Anew(_) | Job::Forget { .. }) => self.waiting.push_front(job),
        }
    }

    /// A delivery that failed goes first again, unless its source was dropped meanwhile.
    pub fn put_back(&mut self, job: Job) {
        if let Job::Store(write, size) = &job
            && write.complete.is_none()
            && self.anew.get(&write.source).is_some_and(|a| !a.forgotten)
        {
            self.bytes -= size;
            return;
        }
        self.waiting.push_front(job);
    }

    /// Something was done. Returns what there is to say about it.
    pub fn done(&mut self, job: &Job) -> Option<WriteReport> {
        match job {
            Job::Store(write, size) => {
                self.bytes -= size;
                Some(WriteReport::Stored {
                    source: write.source.clone(),
                    records: write.changes.len(),
                })
            }
            Job::Anew(source) => {
                if let Some(anew) = self.anew.get_mut(source) {
                    anew.forgotten = true;
                }
                Some(WriteReport::LoadAnew { source: source.clone() })
            }
            Job::AskAgain(source, _) => Some(WriteReport::LoadAnew { source: source.clone() }),
            Job::Forget { source, .. } => {
                self.anew.remove(source);
                None
            }
        }
    }
}
