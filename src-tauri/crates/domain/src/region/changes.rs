//! What a change of the region may have made different, so that a view or an alarm looks at that and nothing else.

use super::StopAcknowledgement;
use crate::ids::{PlaceId, StopId};
use std::collections::BTreeSet;

/// What was put, removed or brought by time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// More than can be listed, as after loading: everything has to be looked at.
    pub everything: bool,
    /// Sites whose beds, with their states, labels and sums, are others than before.
    pub sites: BTreeSet<PlaceId>,
    /// Sites whose stops or stop points are, or stand, otherwise.
    pub stops: BTreeSet<PlaceId>,
    /// Sites with another measurement or other process information.
    pub measurements: BTreeSet<PlaceId>,
    /// Sites that delivered, or whose last delivery came into another step of the ladder of ages.
    pub deliveries: BTreeSet<PlaceId>,
    /// Beds with another label by hand.
    pub labels: BTreeSet<PlaceId>,
    /// Stops that somebody acknowledged, or no longer.
    pub acknowledgements: BTreeSet<StopId>,
    /// Sites about which somebody was told something by telephone.
    pub confirmations: BTreeSet<PlaceId>,
    /// Places came, went, moved, or are called otherwise.
    pub places: bool,
    pub contacts: bool,
    pub organizations: bool,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what another change did.
    pub fn extend(&mut self, other: Changes) {
        self.everything |= other.everything;
        self.sites.extend(other.sites);
        self.stops.extend(other.stops);
        self.measurements.extend(other.measurements);
        self.deliveries.extend(other.deliveries);
        self.labels.extend(other.labels);
        self.acknowledgements.extend(other.acknowledgements);
        self.confirmations.extend(other.confirmations);
        self.places |= other.places;
        self.contacts |= other.contacts;
        self.organizations |= other.organizations;
    }

    pub(super) fn acknowledged<'a>(&mut self, all: impl IntoIterator<Item = &'a StopAcknowledgement>) {
        self.acknowledgements.extend(all.into_iter().map(|a| a.stop.clone()));
    }
}
