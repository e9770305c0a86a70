//! What a delivery changes, on its way into the region.

use super::versions::StopVersions;
use crate::sources::Channel;
use domain::{
    confirmation::Confirmation,
    label::LabelOverride,
    region::{Changes, Fact, RecordKey, Region},
};
use feed::fhir::sync::Delivery;
use jiff::{SignedDuration, Timestamp};
use store::Write;

/// What one delivery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Resources that now say something else.
    pub changed: usize,
    /// Newer versions that say the same.
    pub same: usize,
    /// Versions older than what we had.
    pub older: usize,
    /// Kept as delivered, not read.
    pub kept: usize,
    pub removed: usize,
}

/// What a reading changes, on its way into the region.
pub(crate) struct Intake {
    pub(super) write: Write,
    /// When its source was heard last.
    pub(super) heard: Option<Timestamp>,
    /// When it was asked for.
    pub(super) began: Timestamp,
    pub(super) next: usize,
    pub(super) outcome: Outcome,
    pub(super) stops: StopVersions,
}

impl Intake {
    pub(super) fn of(write: Write, heard: Option<Timestamp>, began: Timestamp) -> Self {
        Self {
            write,
            heard,
            began,
            next: 0,
            outcome: Outcome::default(),
            stops: StopVersions::default(),
        }
    }

    /// The clock was set back by this much.
    pub(super) fn set_back(&mut self, by: SignedDuration) {
        self.began -= by;
        self.heard = self.heard.map(|at| at - by);
    }
}

/// A delivery of a channel that is being taken in by pieces.
pub(super) struct Staged {
    pub(super) source: String,
    pub(super) channel: Channel,
    pub(super) delivery: Delivery,
    pub(super) intake: Intake,
    /// The region as it will be shown when all is in.
    pub(super) region: Region,
    /// What that makes different.
    pub(super) changes: Changes,
    /// What changed meanwhile in the region that is shown.
    pub(super) meanwhile: Vec<RegionStep>,
}

/// One change of the region by the engine.
#[derive(Clone)]
pub(crate) enum RegionStep {
    Put(RecordKey, Box<Fact>, Timestamp),
    Remove(RecordKey),
    Lay(Box<LabelOverride>),
    /// A confirmation of this desk, under its id on the server.
    Confirm(String, Box<Confirmation>),
    /// Our clock less that of a source.
    Skew(String, SignedDuration),
}
