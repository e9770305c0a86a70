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
#[serde(tag = "kind", rename_all = "kebab-case", try_from = "UntilFields")]
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

/// Until when, as it is sent. Of a tagged enum serde refuses no unknown field beside a variant that has none of its own,
/// whatever `deny_unknown_fields` says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UntilFields {
    kind: UntilKind,
    at: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum UntilKind {
    Shift,
    NextTen,
    Day,
    Week,
    Open,
    At,
}

impl TryFrom<UntilFields> for Until {
    type Error = &'static str;

    fn try_from(fields: UntilFields) -> Result<Self, Self::Error> {
        match (fields.kind, fields.at) {
            (UntilKind::Shift, None) => Ok(Self::Shift),
            (UntilKind::NextTen, None) => Ok(Self::NextTen),
            (UntilKind::Day, None) => Ok(Self::Day),
            (UntilKind::Week, None) => Ok(Self::Week),
            (UntilKind::Open, None) => Ok(Self::Open),
            (UntilKind::At, Some(at)) => Ok(Self::At { at }),
            (UntilKind::At, None) => Err("missing field `at`"),
            (UntilKind::Shift | UntilKind::NextTen | UntilKind::Day | UntilKind::Week | UntilKind::Open, Some(_)) => {
                Err("unknown field `at`")
            }
        }
    }
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
