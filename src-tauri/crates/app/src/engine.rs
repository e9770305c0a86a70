//! The one owner of the desk's state. It takes inputs one at a time; each leads to a next [`Moment`] and to effects.
//!
//! What the feed delivers is shown first and stored after: it can be had again, and a full or slow disk must not hide a
//! stop. What a person did is stored first and shown after. Nothing slow runs in here: no network, no disk of the cache,
//! no child process, no view (decision 0011). The two exceptions read the cache, and only after a failure: going on after a
//! panic (`restore`), and beginning a damaged cache anew (`rebuild_cache`).
//!
//! ```
//! use app::{Engine, Identity, Paths, SystemClock, effect::Effect, engine::Input, health::HealthReport};
//! use std::sync::Arc;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let identity = Identity::of("WAN-hoofd", "balie");
//! let mut engine = Engine::open(&Paths { dir: dir.path().into() }, Arc::new(SystemClock), identity)?;
//!
//! let effects = engine.take(Input::Health(HealthReport::Sound(Some("no device".into()))));
//! assert!(matches!(effects.as_slice(), [Effect::Changed(_)]), "the frame says so; nothing is done about it in here");
//! assert!(engine.moment().health.sound.is_some());
//! # Ok(())
//! # }
//! ```

mod apply;
mod clock_set_back;
mod data_folder;
mod identity;
mod intake;
mod open;
mod packed_delivery;
mod restore;
mod run;
mod staged;
mod store_behind;
mod versions;
mod watchdog;

pub use identity::{Identity, Paths};
pub use packed_delivery::PackedDelivery;
pub(crate) use packed_delivery::{packed, remarks};
pub use run::{Handle, start};
pub use staged::Outcome;
pub(crate) use staged::RegionStep;
pub(crate) use versions::StopVersion;
pub use watchdog::Watchdog;

use crate::{
    AppError, Clock,
    alarms::PendingAlarmWrite,
    effect::{Effect, View},
    health::HealthReport,
    labels::Undo,
    location::Trend,
    moment::Moment,
    outbox::Sent,
    sources::{Channel, FeedError, SourceRequest},
};
use domain::{
    alarms::nuisance::Nuisance,
    region::{Changes, RecordKey},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Deref,
    sync::{Arc, mpsc},
};
use store::{CacheWriter, Ledger, OutboxRow, Versions, Write, WriteReport};

/// A clock that is kept right over the network goes back by less, and nothing is late by that.
const UNNOTICED: SignedDuration = SignedDuration::from_secs(2);
/// How soon a ledger that the disk refused is tried again. A file that somebody else has locked is waited for, and that
/// must not be every second.
const LEDGER_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// Something that happened, for the engine to take in.
#[derive(Debug)]
pub enum Input {
    /// A channel of a source brought something.
    Delivered {
        source: String,
        channel: Channel,
        brought: Box<PackedDelivery>,
    },
    /// A channel of a source had no answer.
    Silent {
        source: String,
        channel: Channel,
        error: FeedError,
    },
    /// A file of a followed folder was read.
    File(Box<crate::sources::ReadFile>),
    /// A followed folder was looked into; its files came before.
    Looked { source: String },
    /// What became of an attempt to send.
    Settled { row: Box<OutboxRow>, sent: Sent },
    /// A device or a task reports.
    Health(HealthReport),
    /// The past of the emergency departments, read from disk.
    Trends(BTreeMap<String, Trend>),
    /// What looking through the files found.
    Storage(Box<crate::storage::CheckResult>),
    /// A second went by.
    Tick,
}

/// What a person wants done. The requests of the screen are such acts; the engine knows none of them by name.
pub trait Act: Send {
    /// Carries it out; on disk when this returns.
    ///
    /// # Errors
    /// As what it stands for: then nothing has changed.
    fn carry_out(self: Box<Self>, engine: &mut Engine) -> Result<serde_json::Value, AppError>;
}

/// What is followed, changed by whoever sets the desk up.
#[derive(Clone)]
pub enum Setup {
    /// This address and no other.
    FollowOnly { address: String },
    /// This source beside the others; answers its key.
    Follow(SourceRequest),
    /// This source no longer.
    Unfollow { key: String },
    /// The practice region, from its beginning.
    Practise { address: String },
    /// Send everything that waits, however lately it was tried.
    SendNow,
    /// Announce what stood unacknowledged when the application last ran (AH-02).
    AnnounceStanding,
}

/// The state, and what it was read from.
pub struct Engine {
    moment: Moment,
    pub(crate) ledger: Ledger,
    /// Stores what the feed brought, behind everything else.
    pub(crate) cache: CacheWriter,
    /// What the writer says of it, from its own thread.
    stored: mpsc::Receiver<WriteReport>,
    /// The last write of the cache failed.
    cache_failing: bool,
    /// When the ledger is tried again, which the disk did not take.
    ledger_due: Option<Timestamp>,
    /// Which version of every record is known.
    pub(crate) versions: Versions,
    /// The stops as they were delivered: lifting one edits that.
    pub(crate) raw_stops: BTreeMap<String, String>,
    paths: Paths,
    /// When the last second went by.
    pub(crate) ticked_at: Timestamp,
    /// When the ledger was last pruned by this run.
    pub(crate) pruned_at: Option<Timestamp>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) nuisance: Nuisance,
    /// The shift to which what stands was announced.
    pub(crate) shift: Option<String>,
    pub(crate) undo: Vec<Undo>,
    /// When the person at the desk began the gesture of labelling that is under way.
    pub(crate) labelling_since: Option<Timestamp>,
    effects: Vec<Effect>,
    changed: BTreeSet<View>,
    /// What is different in the region since the last effects.
    region_changes: Changes,
    /// When a stop, or what a person wrote, came to be known in its present version, of lately.
    recently_changed: BTreeMap<RecordKey, Timestamp>,
    /// A delivery that is being taken in by pieces.
    staged: Option<Box<staged::Staged>>,
    /// What became of alarms by the feed, and is not on disk yet.
    pub(crate) pending_alarm_writes: VecDeque<PendingAlarmWrite>,
    /// Deliveries that are stored once the ledger has what so many evaluations of the alarms changed.
    unstored: VecDeque<(u64, Write)>,
    /// How many evaluations of the alarms changed something that the ledger keeps.
    pub(crate) evaluations: u64,
    /// When an input failed last.
    failed_at: Option<Timestamp>,
}

/// The engine reads its own state as everybody else does; it changes it through [`Engine::moment_mut`] alone.
impl Deref for Engine {
    type Target = Moment;

    fn deref(&self) -> &Moment {
        &self.moment
    }
}

/// What was shown and is not on disk yet gets there, also where nobody runs the engine as a task.
impl Drop for Engine {
    fn drop(&mut self) {
        if let Err(error) = self.write_unwritten() {
            tracing::error!(%error, "what became of the alarms is not on disk");
        }
    }
}

impl Engine {
    /// The moment as it stands, to be kept and drawn from.
    pub fn moment(&self) -> &Moment {
        &self.moment
    }

    pub(crate) fn paths(&self) -> &Paths {
        &self.paths
    }

    pub(crate) fn moment_mut(&mut self) -> &mut Moment {
        &mut self.moment
    }

    /// Sets the time from which everything is counted, and hears what became of what was stored; called before each
    /// input.
    pub fn set_now(&mut self) {
        let before = std::mem::replace(&mut self.moment.now, self.clock.now());
        let back = before.duration_since(self.now());
        if back > UNNOTICED {
            self.clock_set_back(back);
        }
        while let Ok(report) = self.stored.try_recv() {
            self.cache_reported(report);
        }
    }

    /// Takes one input in. What fails in it is logged and stands as a remark: the engine goes on.
    pub fn take(&mut self, input: Input) -> Vec<Effect> {
        self.set_now();
        let done = match input {
            Input::Delivered {
                source,
                channel,
                brought,
            } => self.deliver_by_pieces(source, channel, *brought),
            Input::Silent { source, channel, error } => {
                self.no_answer(&source, channel, error);
                Ok(())
            }
            Input::File(read) => self.take_file(*read).map(drop),
            Input::Looked { source } => {
                self.answered_on(&source, Channel::Bulk);
                self.evaluate_alarms();
                Ok(())
            }
            Input::Settled { row, sent } => self.settle(&row, &sent),
            Input::Health(report) => {
                let of_disk = matches!(report, HealthReport::Storage(_));
                self.report(report);
                if of_disk {
                    self.try_ledger_later();
                }
                Ok(())
            }
            Input::Trends(read) => {
                self.moment.trends.load(read);
                self.changed([View::Region, View::Location]);
                Ok(())
            }
            Input::Storage(found) => {
                self.storage_found(*found);
                Ok(())
            }
            Input::Tick => self.tick(),
        };
        if let Err(error) = done {
            self.ledger_refused(error.to_string());
        }
        self.take_effects()
    }

    /// Carries out what a person wants; on disk when this returns.
    ///
    /// # Errors
    /// As the intent's own method: then nothing has changed.
    pub fn carry_out(&mut self, act: Box<dyn Act>) -> (Result<serde_json::Value, AppError>, Vec<Effect>) {
        self.set_now();
        let answer = act.carry_out(self);
        if self.highest_open().is_none() {
            self.effect(Effect::StopSound);
        }
        (answer, self.take_effects())
    }

    /// Goes on with a delivery that is taken in by pieces.
    pub fn go_on(&mut self) -> Vec<Effect> {
        self.set_now();
        if let Err(error) = self.take_next_piece() {
            self.ledger_refused(error.to_string());
        }
        if self.is_taking_in() {
            vec![]
        } else {
            self.take_effects()
        }
    }

    /// Writes to the ledger what was shown already; called after the moment was published. Returns what that changes.
    pub fn write_behind(&mut self) -> Vec<Effect> {
        if self.pending_alarm_writes.is_empty() || self.ledger_due.is_some() {
            return vec![];
        }
        match self.write_unwritten() {
            // What is measured of the alarms is read from there.
            Ok(()) => self.changed([View::AlarmMetrics]),
            Err(error) => self.ledger_refused(error.to_string()),
        }
        self.take_effects()
    }

    /// Time went by: sets come and go, sites grow old, alarms are looked at.
    ///
    /// # Errors
    /// When the disk does not take what a set laid.
    pub fn tick(&mut self) -> Result<(), AppError> {
        let laid = self.lay_sets();
        self.advance_region();
        self.notice_gap();
        self.notice_silence();
        self.evaluate_alarms();
        self.sound_if_due();
        self.try_ledger_again();
        self.prune_ledger();
        laid
    }

    /// The disk does not take what must be kept. That is a remark until it does.
    pub(crate) fn ledger_refused(&mut self, why: String) {
        self.report(HealthReport::Storage(why));
        self.try_ledger_later();
    }

    fn try_ledger_later(&mut self) {
        self.ledger_due = Some(self.now() + LEDGER_AGAIN);
    }

    /// Tries it with the alarms as they stand, since those are what was shown without being kept.
    fn try_ledger_again(&mut self) {
        if self.ledger_due.is_none_or(|due| due > self.now()) {
            return;
        }
        match self.keep_alarms_again() {
            Ok(()) => {
                self.ledger_due = None;
                if !self.cache_failing {
                    self.report(HealthReport::StorageMended);
                }
            }
            Err(error) => self.ledger_refused(error.to_string()),
        }
    }

    pub(crate) fn set_up(&mut self, setup: Setup) -> Result<String, AppError> {
        match setup {
            Setup::FollowOnly { address } => {
                // What is followed with an account stays as it was set up.
                if !self.sources().iter().any(|s| s.settings.address == address) {
                    self.set_source(&address)?;
                }
                Ok(String::new())
            }
            Setup::Follow(request) => self.add_source(request),
            Setup::Unfollow { key } => self.remove_source(&key).map(|()| key),
            Setup::Practise { address } => {
                self.set_source(&address)?;
                self.use_example_agreements()?;
                // A practice region begins anew at every start.
                self.load_anew("");
                Ok(String::new())
            }
            Setup::SendNow => {
                self.retry_now();
                Ok(String::new())
            }
            Setup::AnnounceStanding => {
                self.announce_standing();
                Ok(String::new())
            }
        }
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// These views may look different now.
    pub(crate) fn changed(&mut self, views: impl IntoIterator<Item = View>) {
        self.changed.extend(views);
    }

    pub(crate) fn report(&mut self, report: HealthReport) {
        let before = self.moment.health.clone();
        self.moment.health.take(report);
        if before != self.moment.health {
            self.changed([View::Frame]);
        }
    }

    /// The effects since the last call, what changed last.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.effects);
        self.changed
            .extend(View::drawn_from(&std::mem::take(&mut self.region_changes)));
        let changed = std::mem::take(&mut self.changed);
        if !changed.is_empty() {
            effects.push(Effect::Changed(changed));
        }
        effects
    }
}
