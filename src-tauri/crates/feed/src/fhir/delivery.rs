//! What a round with a server brought: its changes, of which types it is whole, and where each type goes on.

use super::{kinds::kind_of, sync::TYPES};
use crate::{error::FeedError, reading::Reading};
use domain::region::{RecordKey, RecordKind};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Where the next delta of each type starts, by resource type.
pub type Cursors = BTreeMap<String, Timestamp>;

/// A type that the server does not let us read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedType {
    pub resource: String,
    pub error: FeedError,
}

/// A type that was not read to its end; it is asked again from where it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedType {
    pub resource: String,
    pub error: FeedError,
}

/// Of which kinds of records a delivery holds everything that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completeness(BTreeSet<RecordKind>);

impl Completeness {
    pub fn of(kinds: impl IntoIterator<Item = RecordKind>) -> Self {
        Self(kinds.into_iter().collect())
    }

    /// Of every type that is followed.
    pub fn all() -> Self {
        Self::of(TYPES.map(kind_of))
    }

    pub(super) fn add(&mut self, kind: RecordKind) {
        self.0.insert(kind);
    }

    /// Whether what is not named of a kind is gone.
    pub fn covers(&self, kind: &RecordKind) -> bool {
        self.0.contains(kind)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The kinds that it covers.
    pub fn kinds(&self) -> impl Iterator<Item = &RecordKind> {
        self.0.iter()
    }
}

/// What one round with the server brought.
#[derive(Debug, Default)]
pub struct Delivery {
    pub reading: Reading,
    /// What it does not name of these is gone; see [`Delivery::is_gone`].
    pub complete: Completeness,
    /// Every followed type was loaded anew, but for those that are refused.
    pub everything: bool,
    /// Where the next delta of each type that was read starts: the server's own time of its first page.
    pub next_since: Cursors,
    /// Types that the server refuses; the rest of the round went on.
    pub refused: Vec<RefusedType>,
    /// Types that were not read to their end, or not asked for any more.
    pub unfinished: Vec<UnfinishedType>,
    /// The server's clock, for measuring how far ours is off.
    pub server_date: Option<Timestamp>,
}

impl Delivery {
    /// Whether a record that was known before, and is not among the changes, is gone at the source.
    pub fn is_gone(&self, known: &RecordKey) -> bool {
        self.complete.covers(&known.kind) && !self.reading.kept.contains(known)
    }

    /// Whether the source answered what it was asked. One that refuses everything, or broke off, did not: it must not look
    /// live for that.
    pub fn is_sign_of_life(&self) -> bool {
        self.unfinished.is_empty() && (self.refused.is_empty() || !self.next_since.is_empty())
    }

    /// Why the round is not whole, where it is not.
    pub fn broke_off(&self) -> Option<&FeedError> {
        self.unfinished.first().map(|u| &u.error)
    }
}
