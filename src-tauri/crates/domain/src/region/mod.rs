//! The region as known at one moment: every fact by its key, the tree of places over them, and what each site adds up to.
//!
//! A copy shares all that did not change, so that it costs the same for 1,700 beds as for 40,000, and stays what it was
//! whatever happens to its original. What changes a region says what became different by it:
//!
//! ```
//! use domain::{place::{Place, PlaceKind}, region::{Fact, RecordKey, RecordKind, Region}, service_day::dutch_zone};
//!
//! let now: jiff::Timestamp = "2026-11-22T03:00:00+01:00".parse().unwrap();
//! let mut region = Region::default();
//! let site = Place::new("isala".into(), PlaceKind::Site, "Isala", None);
//! let bed = Place::new("bed-1".into(), PlaceKind::Bed, "1", Some("isala".into()));
//! for place in [site, bed.clone()] {
//!     region.put(&RecordKey::new(RecordKind::Place, place.id.as_str()), Fact::Place(place), now);
//! }
//! region.advance(now, &dutch_zone());
//!
//! let before = region.clone();
//! let free = Place { status: Some("active".into()), operational_status: Some("U".into()), ..bed };
//! let changes = region.put(&RecordKey::new(RecordKind::Place, "bed-1"), Fact::Place(free), now);
//! assert!(changes.sites.contains(&"isala".into()));
//! let available = |region: &Region| region.totals(&"isala".into(), now, &dutch_zone()).available.known();
//! assert_eq!((available(&before), available(&region)), (None, Some(1)));
//! ```

mod change;
mod changes;
mod clocks;
mod contacts;
mod filing;
mod key;
mod records;
mod reservations;
mod stops;
mod sums;
#[cfg(test)]
mod tests;
mod time;
mod totals;
mod tree;
mod window;

pub use changes::Changes;
pub use key::{RecordKey, RecordKind};
pub use records::Records;
pub use stops::StopPointStatus;
pub use sums::SiteSums;

use crate::{
    alarms::Acknowledgement,
    bed::{self, BedState},
    busyness::{Measurement, Process, Variant},
    calendar::{Calendar, Slot},
    confirmation::Confirmation,
    contact::Contact,
    count::Count,
    freshness::{self, Freshness},
    ids::{OrganizationId, PlaceId, StopId},
    label::{self, EffectiveLabel, LabelKind, LabelOverride},
    place::{Organization, Place, PlaceKind},
    stop::{Stop, StopPoint},
};
use filing::Filed;
use imbl::OrdMap;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Site totals as a source counts them itself, and the heartbeat that says when it last delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteReport {
    pub place: PlaceId,
    /// Written at every delivery, even when nothing changed: tells "nothing changed" from "nothing came".
    pub heartbeat: Option<Timestamp>,
    pub occupied: Count,
    pub available: Count,
}

/// Somebody at some desk acknowledged a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopAcknowledgement {
    pub stop: StopId,
    pub by: Acknowledgement,
}

/// One fact about the region, as stored and as applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", content = "body", rename_all = "kebab-case")]
pub enum Fact {
    Organization(Organization),
    Place(Place),
    StopPoint(StopPoint),
    Stop(Stop),
    Measurement(Measurement),
    Process(Process),
    Report(SiteReport),
    Contact(Contact),
    Calendar(Calendar),
    Slot(Slot),
    Label(LabelOverride),
    Acknowledgement(StopAcknowledgement),
    Confirmation(Confirmation),
    /// Understood as administrative, of no use to us yet; kept as delivered elsewhere.
    Other,
}

/// The region, in the order of its keys, so that the same facts always give the same screen.
#[derive(Clone, Debug, Default)]
pub struct Region {
    pub organizations: Records<OrganizationId, Organization>,
    pub stop_points: Records<String, StopPoint>,
    pub stops: Records<String, Stop>,
    pub measurements: Records<String, Measurement>,
    pub processes: Records<String, Process>,
    pub reports: Records<String, SiteReport>,
    pub contacts: Records<String, Contact>,
    /// Which desk acknowledged which stop.
    pub acknowledgements: Records<String, StopAcknowledgement>,
    /// What people heard by telephone about delivered numbers.
    pub confirmations: Records<String, Confirmation>,
    /// Labels by hand as the server has them; the desk's own, not yet sent ones are laid over these
    /// ([`Region::lay_label`]).
    pub labels: Records<(PlaceId, LabelKind), LabelOverride>,
    label_keys: OrdMap<String, (PlaceId, LabelKind)>,
    /// Of which beds there are labels by hand, so that the many without any cost nothing.
    labelled: records::Groups<PlaceId, LabelKind>,
    tree: tree::Tree,
    filing: filing::Filing,
    callable: contacts::Callable,
    reservations: reservations::Reservations,
    sites: OrdMap<PlaceId, Arc<time::Site>>,
    /// Whether sums of any site were ever kept. Until then, as while a whole country is loaded, none have to be kept right.
    added_up: bool,
    /// Our clock less that of each source, where they differ.
    skews: OrdMap<String, SignedDuration>,
}

impl Region {
    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.tree.place(id)
    }

    pub fn children(&self, id: &PlaceId) -> impl Iterator<Item = &Place> {
        self.tree.children(id)
    }

    pub fn sites(&self) -> impl Iterator<Item = &Place> {
        self.tree
            .sites
            .iter()
            .filter_map(|id| self.place(id))
            .filter(|p| p.status.as_deref() != Some("inactive"))
    }

    /// Every place that was delivered.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.tree.places()
    }

    /// The site that a place belongs to. Bounded, since a source can deliver a circle.
    pub fn site_of<'a>(&'a self, id: &'a PlaceId) -> Option<&'a PlaceId> {
        self.tree.site_of(id)
    }

    /// The nearest place of a kind at or above `id`.
    pub fn above<'a>(&'a self, id: &'a PlaceId, kind: &PlaceKind) -> Option<&'a Place> {
        self.tree.above(id, kind)
    }

    /// The beds below a place, in order. A "bed" that other places are part of is a ward sent as a bed: not counted.
    pub fn beds(&self, under: &PlaceId) -> Vec<&Place> {
        self.tree.beds(under).into_iter().map(|bed| &bed.place).collect()
    }

    /// Whether something delivered as a bed has places inside it.
    pub fn is_ward_sent_as_bed(&self, place: &Place) -> bool {
        place.kind == PlaceKind::Bed && self.tree.has_children(&place.id)
    }

    /// When the site last delivered: its heartbeat, else its newest resource.
    pub fn delivered_at(&self, site: &PlaceId) -> Option<Timestamp> {
        let reports = self.filing.of_site(site, Filed::Report).into_iter();
        let heartbeat = reports.filter_map(|id| self.reports.get(id)?.heartbeat).max();
        heartbeat
            .or_else(|| self.newest_bed(site))
            .or_else(|| self.written_at(site))
    }

    /// When a place's newest version was written at its source.
    pub fn written_at(&self, place: &PlaceId) -> Option<Timestamp> {
        self.tree.node(place).map(|node| node.written)
    }

    pub fn age_s(&self, site: &PlaceId, now: Timestamp) -> Option<i64> {
        self.age_of(site.as_str(), self.delivered_at(site), now)
    }

    pub fn freshness(&self, site: &PlaceId, now: Timestamp) -> Freshness {
        freshness::grade(self.age_s(site, now))
    }

    /// The label that counts for a bed.
    pub fn label<'a>(&'a self, bed: &'a Place, kind: LabelKind, now: Timestamp) -> Option<EffectiveLabel<'a>> {
        let by_hand = self.labelled.of(&bed.id).contains(&kind);
        let over = by_hand.then(|| self.labels.get(&(bed.id.clone(), kind))).flatten();
        label::effective(kind, &bed.labels, over, now)
    }

    /// What a bed is at `now`, with the reservations that stand in a calendar of its own.
    pub fn state(&self, bed: &Place, now: Timestamp, cutoff: Timestamp) -> BedState {
        let id = bed.id.as_str();
        bed::state(
            bed,
            self.reservations.of(&bed.id),
            self.now_of(id, now),
            self.now_of(id, cutoff),
        )
    }

    /// The measurements of a site's emergency department, NEDOCS first.
    pub fn measurements_of(&self, site: &PlaceId) -> Vec<(&String, &Measurement)> {
        let ids = self.filing.of_site(site, Filed::Measurement).into_iter();
        let mut found: Vec<_> = ids.filter_map(|id| self.measurements.entry(id)).collect();
        found.sort_by_key(|(_, m)| m.variant != Variant::Nedocs);
        found
    }

    /// The process information of a site's emergency department.
    pub fn processes_of(&self, site: &PlaceId) -> impl Iterator<Item = &Process> {
        let ids = self.filing.of_site(site, Filed::Process).into_iter();
        ids.filter_map(|id| self.processes.get(id))
    }

    /// State of every bed of a site, for the map and the list.
    pub fn bed_states(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Vec<(&Place, BedState)> {
        let cutoff = bed::cutoff(now, zone);
        self.beds(site)
            .into_iter()
            .map(|b| (b, self.state(b, now, cutoff)))
            .collect()
    }
}
