//! What reading a delivery yields: changes in their order, what was not taken in, and remarks.

use crate::data_quality::{Issue, IssueCode};
use domain::region::{Fact, RecordKey};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Which version of which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub key: RecordKey,
    pub version: Option<String>,
    /// When the source wrote it, clamped to the moment of receipt where it lies in the future.
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
    pub issue: Issue,
    pub raw: Option<String>,
}

/// Everything that one delivery held.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    pub read: usize,
    /// Oldest first. Every version of a record that was delivered is among them, so that what began and ended between
    /// two rounds can be told: they are never reduced to the newest.
    pub changes: Vec<Change>,
    pub refused: Vec<Refused>,
    /// Remarks on what was applied all the same.
    pub issues: Vec<Issue>,
    /// Records that were delivered and not taken in, because they could not be understood: what was known of them
    /// stands, and they are not gone. What may not be seen here is not among these.
    pub kept: BTreeSet<RecordKey>,
    /// How many were delivered of which not even the name could be read: any known record may be one of these.
    pub nameless: usize,
    /// When the delivery says it was made; for resources that carry no time of their own.
    pub delivered: Option<Timestamp>,
    /// Sites of which the delivery names every bed: what it does not name is gone.
    pub replaces: Vec<domain::PlaceId>,
}

impl Reading {
    pub fn issue(&mut self, path: impl Into<String>, code: IssueCode, detail: impl Into<String>) {
        self.issues.push(Issue {
            path: path.into(),
            code,
            detail: detail.into(),
        });
    }

    pub fn refuse(&mut self, path: impl Into<String>, code: IssueCode, detail: impl Into<String>, raw: Option<&str>) {
        self.refused.push(Refused {
            issue: Issue {
                path: path.into(),
                code,
                detail: detail.into(),
            },
            raw: raw.map(str::to_owned),
        });
    }

    /// As [`Reading::refuse`], of a record whose name is known: what was known of it stands.
    pub(crate) fn refuse_record(
        &mut self,
        key: &RecordKey,
        path: impl Into<String>,
        code: IssueCode,
        detail: impl Into<String>,
        raw: Option<&str>,
    ) {
        self.kept.insert(key.clone());
        self.refuse(path, code, detail, raw);
    }

    /// Adds another page or file of the same delivery.
    pub fn absorb(&mut self, mut other: Reading) {
        self.read += other.read;
        self.changes.append(&mut other.changes);
        self.refused.append(&mut other.refused);
        self.issues.append(&mut other.issues);
        self.kept.append(&mut other.kept);
        self.nameless += other.nameless;
        self.delivered = self.delivered.max(other.delivered);
        self.replaces.append(&mut other.replaces);
    }
}
