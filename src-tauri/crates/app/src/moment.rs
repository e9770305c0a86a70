//! Everything that a screen can be drawn from, at one moment.
//!
//! A [`Moment`] is a value: nothing behind it reads a clock, a database or a lock, so that any thread may draw from it
//! for as long as it likes while the engine goes on. Cloning one costs a handful of reference counts; what did not change
//! between two moments is shared by both. A view is a function of it, and the screen as it was at 03:40 is the same
//! function of the moment of 03:40 ([`Moment::at`]).
//!
//! ```
//! # use app::{Engine, Identity, Paths, SystemClock};
//! # use std::sync::Arc;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let identity = Identity::of("WAN-hoofd", "balie");
//! # let engine = Engine::open(&Paths { dir: dir.path().into() }, Arc::new(SystemClock), identity)?;
//! let moment = engine.moment().clone();
//! let drawn = app::region::view(&moment);
//! assert!(drawn.tiles.is_empty(), "nothing was delivered yet");
//! # Ok(())
//! # }
//! ```

use crate::{
    access::Account,
    alarms::{AlarmChoice, AlarmRules},
    assets::{Agreements, StopCodes},
    confirmations::OwnConfirmation,
    engine::Identity,
    health::Health,
    labels::OwnLabels,
    location::Trends,
    region::TileChoice,
    sources::Source,
    storage::Storage,
    text::{Language, age_in_words, clock},
};
use domain::{
    alarms::{Alarm, AlarmId, annunciator::Annunciator},
    codelist::CodeLists,
    drive_times::DriveTimes,
    label_set::LabelSet,
    region::Region,
};
use feed::Profile;
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};
use store::{OutboxRow, ParseIssue};

/// One moment of the desk.
#[derive(Clone, Debug)]
pub struct Moment {
    /// When it is; every age and every end on the screen is counted from here.
    pub now: Timestamp,
    pub zone: TimeZone,
    /// In which everything is said.
    pub language: Language,
    /// The region as delivered, with the labels and confirmations of this desk laid over it.
    pub region: Region,
    pub alarms: Arc<BTreeMap<AlarmId, Alarm>>,
    /// What the loudspeaker is at.
    pub annunciator: Annunciator,
    /// How many alarms came within ten minutes, where that is a flood (AH-12).
    pub flood: Option<usize>,
    /// How often the engine failed over an input. Whoever remembers what a source answered before the last time cannot tell
    /// whether it was taken in.
    pub failures: u32,
    /// The labels that were given at this desk.
    pub own_labels: Arc<OwnLabels>,
    pub own_confirmations: Arc<Vec<OwnConfirmation>>,
    pub sets: Arc<Vec<LabelSet>>,
    pub sources: Arc<Vec<Source>>,
    /// Nobody is followed, and yet something lies here that a source delivered: which it was, was lost.
    pub sources_forgotten: bool,
    /// What a server has not accepted and no person has decided, oldest first.
    pub outbox: Arc<Vec<OutboxRow>>,
    /// How busy each emergency department was.
    pub trends: Trends,
    /// What was delivered and not, or only partly, understood.
    pub not_understood: Arc<Vec<ParseIssue>>,
    /// What does not work at this workstation.
    pub health: Health,
    /// Where it is kept and how that is.
    pub storage: Arc<Storage>,
    pub identity: Arc<Identity>,
    pub account: Arc<Account>,
    pub tiles: Arc<TileChoice>,
    pub rules: Arc<AlarmRules>,
    pub alarm_choice: Arc<AlarmChoice>,
    /// The time that labelling costs is reported with the person's name.
    pub share_label_time: bool,
    pub profile: Arc<Profile>,
    pub codes: Arc<CodeLists>,
    pub stop_codes: Arc<StopCodes>,
    pub agreements: Arc<Agreements>,
    pub drive_times: Arc<DriveTimes>,
}

impl Moment {
    /// When it is.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A time as whoever looks at this moment reads it.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        clock(self.language, at, self.now, &self.zone)
    }

    /// An age as whoever looks at this moment reads it.
    pub(crate) fn age_in_words(&self, age_s: Option<i64>) -> String {
        age_in_words(self.language, age_s)
    }

    /// The same desk with the region as it was, seen from that time.
    #[must_use]
    pub fn at(&self, region: Region, then: Timestamp) -> Self {
        Self {
            now: then,
            region,
            ..self.clone()
        }
    }
}
