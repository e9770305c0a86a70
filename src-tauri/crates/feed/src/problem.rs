//! What reading a delivery yields: changes, and problems that say where and why something was not understood.

use domain::region::{Fact, RecordKey};
use jiff::Timestamp;
use serde::Serialize;

/// Something in a delivery that a person may have to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: `entry[3].resource.operationalStatus.code`, or `row 12, bezet`.
    pub path: String,
    /// A closed set; see [`code`].
    pub code: &'static str,
    /// For a person; never patient data.
    pub detail: String,
}

/// The codes of problems. Words for the screen are chosen by these, never by the detail.
pub mod code {
    pub const PATIENT_DATA: &str = "patient-data";
    pub const UNKNOWN_CODE: &str = "unknown-code";
    pub const UNKNOWN_RESOURCE: &str = "unknown-resource";
    pub const MALFORMED: &str = "malformed";
    pub const MISSING: &str = "missing";
    pub const MISSING_NUMBER: &str = "missing-number";
    pub const FUTURE: &str = "time-in-future";
    pub const BED_IN_TWO_ROOMS: &str = "bed-in-two-rooms";
    pub const WARD_AS_BED: &str = "ward-as-bed";
    pub const HIDDEN: &str = "hidden";
    pub const STALE_VERSION: &str = "older-version";
    pub const UNRESOLVED: &str = "unresolved-reference";
    /// The server did not do what was asked, and says so.
    pub const IGNORED: &str = "parameter-ignored";
    pub const SHRUNK: &str = "shrunk";
}

/// Which version of which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub key: RecordKey,
    pub version: Option<String>,
    /// `meta.lastUpdated`, clamped to the moment of receipt where it lies in the future.
    pub updated: Option<Timestamp>,
}

/// One change of the region.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every change is a put")]
pub enum Change {
    Put {
        head: Head,
        fact: Fact,
        /// The resource as delivered, but for patient data: what we do not understand survives in it.
        raw: String,
    },
    Delete {
        head: Head,
    },
}

impl Change {
    pub fn head(&self) -> &Head {
        match self {
            Change::Put { head, .. } | Change::Delete { head } => head,
        }
    }
}

/// A piece that was not taken in, with what was delivered unless that was patient data.
#[derive(Clone, Debug)]
pub struct Refused {
    pub problem: Problem,
    pub raw: Option<String>,
}

/// Everything that one delivery held.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub read: usize,
    pub changes: Vec<Change>,
    pub refused: Vec<Refused>,
    /// Remarks on what was applied all the same.
    pub problems: Vec<Problem>,
    /// When the delivery says it was made; for resources that carry no time of their own.
    pub delivered: Option<Timestamp>,
    /// Sites of which the delivery names every bed: what it does not name is gone.
    pub replaces: Vec<domain::PlaceId>,
}

impl Reading {
    pub fn problem(&mut self, path: impl Into<String>, code: &'static str, detail: impl Into<String>) {
        self.problems.push(Problem {
            path: path.into(),
            code,
            detail: detail.into(),
        });
    }

    pub fn refuse(
        &mut self,
        path: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
        raw: Option<&str>,
    ) {
        self.refused.push(Refused {
            problem: Problem {
                path: path.into(),
                code,
                detail: detail.into(),
            },
            raw: raw.map(str::to_owned),
        });
    }

    /// Adds another page or file of the same delivery.
    pub fn absorb(&mut self, mut other: Reading) {
        self.read += other.read;
        self.changes.append(&mut other.changes);
        self.refused.append(&mut other.refused);
        self.problems.append(&mut other.problems);
        self.delivered = self.delivered.max(other.delivered);
        self.replaces.append(&mut other.replaces);
    }
}
