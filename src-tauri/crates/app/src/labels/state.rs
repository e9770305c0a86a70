//! The labels that were given at this desk, and what a person asks for.

use domain::{
    PlaceId,
    label::{LabelKind, LabelOverride},
};
use serde::Deserialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Until when a label holds, as offered on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Until {
    /// The end of this shift: 07:30, 15:30 or 23:00, whichever comes first.
    Shift,
    /// 10:00 tomorrow; in the night, this morning.
    NextTen,
    Day,
    Week,
    Open,
    /// An RFC 3339 time, or Dutch clock time without an offset.
    At {
        at: String,
    },
}

/// A labelling gesture: some beds, one element.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelRequest {
    pub beds: Vec<String>,
    /// Code of the classification.
    pub kind: String,
    pub element: String,
    pub reason: String,
    pub until: Until,
}

/// The labels that were given here, newest of each bed and classification.
pub type OwnLabels = BTreeMap<(PlaceId, LabelKind), LabelOverride>;

/// What takes a gesture back: the labels that each bed showed before.
pub type Undo = Vec<LabelOverride>;
