//! The region as known at one moment: every fact by its id, and the tree of places over them.

mod key;
mod stops;
mod totals;

pub use key::{RecordKey, RecordKind};

use crate::{
    alarm::Acknowledgement,
    bed::{self, BedState},
    busyness::{Measurement, Process, Variant},
    calendar::{Calendar, Slot},
    capacity::{ElementCapacity, Tally, Totals},
    confirmation::Confirmation,
    contact::Contact,
    count::Count,
    freshness::{self, Freshness},
    ids::{ElementCode, OrganizationId, PlaceId, ServiceCode, StopId, source_of},
    label::{self, EffectiveLabel, LabelKind, LabelOverride},
    place::{Organization, Period, Place, PlaceKind},
    stop::{self, Stop, StopLevel, StopPoint, StopReason, StopStatus},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
};

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

/// The region. `BTreeMap`s, so that the same facts always give the same screen.
#[derive(Clone, Debug, Default)]
pub struct Region {
    pub organizations: BTreeMap<OrganizationId, Organization>,
    places: BTreeMap<PlaceId, Place>,
    children: BTreeMap<PlaceId, BTreeSet<PlaceId>>,
    sites: BTreeSet<PlaceId>,
    by_site: OnceCell<BySite>,
    pub stop_points: BTreeMap<String, StopPoint>,
    pub stops: BTreeMap<String, Stop>,
    pub measurements: BTreeMap<String, Measurement>,
    pub processes: BTreeMap<String, Process>,
    pub reports: BTreeMap<String, SiteReport>,
    pub contacts: BTreeMap<String, Contact>,
    /// Which desk acknowledged which stop.
    pub acknowledgements: BTreeMap<String, StopAcknowledgement>,
    /// What people heard by telephone about delivered numbers.
    pub confirmations: BTreeMap<String, Confirmation>,
    calendars: BTreeMap<String, Calendar>,
    slots: BTreeMap<String, Slot>,
    held: OnceCell<BTreeMap<PlaceId, Vec<Period>>>,
    /// Labels by hand as the server has them; the desk's own, not yet sent ones are laid over these.
    pub labels: BTreeMap<(PlaceId, LabelKind), LabelOverride>,
    label_keys: BTreeMap<String, (PlaceId, LabelKind)>,
    /// When each site's newest resource was written, for sources without a heartbeat.
    written: BTreeMap<PlaceId, Timestamp>,
}

/// Which facts belong to which site, worked out once for many questions: a delta of a hundred beds must not cost a walk
/// over forty thousand.
#[derive(Clone, Debug, Default)]
struct BySite {
    points: BTreeMap<PlaceId, Vec<String>>,
    stops: BTreeMap<PlaceId, Vec<String>>,
    reports: BTreeMap<PlaceId, Vec<String>>,
}

/// A stop point of a site with its status.
#[derive(Clone, Debug)]
pub struct StopPointStatus {
    pub service: ServiceCode,
    pub name: String,
    pub status: StopStatus,
    pub since: Option<Timestamp>,
    pub expected_end: Option<Timestamp>,
    pub reasons: Vec<StopReason>,
    pub overdue: bool,
    pub hours: Option<String>,
    pub phone: Option<String>,
    /// The stops that hold, most serious first.
    pub stops: Vec<Stop>,
}

impl Region {
    /// Puts a fact in the place of an older one with the same key.
    pub fn put(&mut self, key: &RecordKey, fact: Fact, written: Timestamp) {
        let was_bed = self.remove(key);
        let id = key.id.as_str();
        let bed_again = was_bed && matches!(&fact, Fact::Place(p) if p.kind == PlaceKind::Bed);
        if !bed_again {
            self.by_site = OnceCell::new();
        }
        match fact {
            Fact::Organization(o) => {
                self.organizations.insert(o.id.clone(), o);
            }
            Fact::Place(p) => {
                if let Some(parent) = &p.part_of {
                    self.children.entry(parent.clone()).or_default().insert(p.id.clone());
                }
                if p.kind == PlaceKind::Site {
                    self.sites.insert(p.id.clone());
                }
                let newest = self.written.entry(p.id.clone()).or_insert(written);
                *newest = written.max(*newest);
                self.places.insert(p.id.clone(), p);
            }
            Fact::StopPoint(s) => {
                self.stop_points.insert(id.to_owned(), s);
            }
            Fact::Stop(s) => {
                self.stops.insert(id.to_owned(), s);
            }
            Fact::Measurement(m) => {
                self.measurements.insert(id.to_owned(), m);
            }
            Fact::Process(p) => {
                self.processes.insert(id.to_owned(), p);
            }
            Fact::Report(r) => {
                self.reports.insert(id.to_owned(), r);
            }
            Fact::Contact(c) => {
                self.contacts.insert(id.to_owned(), c);
            }
            Fact::Calendar(c) => {
                self.calendars.insert(id.to_owned(), c);
            }
            Fact::Slot(s) => {
                self.slots.insert(id.to_owned(), s);
            }
            Fact::Acknowledgement(a) => {
                self.acknowledgements.insert(id.to_owned(), a);
            }
            Fact::Confirmation(c) => {
                self.confirmations.insert(id.to_owned(), c);
            }
            Fact::Label(l) => {
                let key = (l.bed.clone(), l.kind);
                self.label_keys.insert(id.to_owned(), key.clone());
                self.labels.insert(key, l);
            }
            Fact::Other => {}
        }
    }

    /// Takes a fact away, as after a deletion at the source. Returns whether it was a bed, on which nothing else hangs.
    pub fn remove(&mut self, key: &RecordKey) -> bool {
        let id = key.id.as_str();
        let mut was_bed = false;
        match &key.kind {
            RecordKind::Organization => drop(self.organizations.remove(&OrganizationId::from(id))),
            RecordKind::Place => {
                let id = PlaceId::from(id);
                self.sites.remove(&id);
                let before = self.places.remove(&id);
                was_bed = before.as_ref().is_some_and(|p| p.kind == PlaceKind::Bed);
                if let Some(parent) = before.and_then(|p| p.part_of)
                    && let Some(siblings) = self.children.get_mut(&parent)
                {
                    siblings.remove(&id);
                    if siblings.is_empty() {
                        self.children.remove(&parent);
                    }
                }
            }
            RecordKind::Service => drop(self.stop_points.remove(id)),
            RecordKind::Stop => drop(self.stops.remove(id)),
            RecordKind::Observation => {
                self.measurements.remove(id);
                self.processes.remove(id);
            }
            RecordKind::Report => drop(self.reports.remove(id)),
            RecordKind::Contact => drop(self.contacts.remove(id)),
            RecordKind::Calendar => {
                self.calendars.remove(id);
                self.held = OnceCell::new();
            }
            RecordKind::Slot => {
                self.slots.remove(id);
                self.held = OnceCell::new();
            }
            RecordKind::Note => {
                self.acknowledgements.remove(id);
                self.confirmations.remove(id);
                if let Some(key) = self.label_keys.remove(id) {
                    self.labels.remove(&key);
                }
            }
            RecordKind::Other(_) => {}
        }
        if !was_bed {
            self.by_site = OnceCell::new();
        }
        was_bed
    }

    fn by_site(&self) -> &BySite {
        self.by_site.get_or_init(|| {
            let mut index = BySite::default();
            for (id, point) in &self.stop_points {
                let sites: BTreeSet<&PlaceId> = point.places.iter().filter_map(|at| self.site_of(at)).collect();
                for site in sites {
                    index.points.entry(site.clone()).or_default().push(id.clone());
                }
            }
            for (id, stop) in &self.stops {
                if let Some(site) = self.site_of(&stop.place) {
                    index.stops.entry(site.clone()).or_default().push(id.clone());
                }
            }
            for (id, report) in &self.reports {
                if let Some(site) = self.site_of(&report.place) {
                    index.reports.entry(site.clone()).or_default().push(id.clone());
                }
            }
            index
        })
    }

    pub fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.places.get(id)
    }

    pub fn children(&self, id: &PlaceId) -> impl Iterator<Item = &Place> {
        self.children
            .get(id)
            .into_iter()
            .flatten()
            .filter_map(|c| self.places.get(c))
    }

    pub fn sites(&self) -> impl Iterator<Item = &Place> {
        self.sites
            .iter()
            .filter_map(|id| self.places.get(id))
            .filter(|p| p.status.as_deref() != Some("inactive"))
    }

    /// Every place that was delivered.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// The site that a place belongs to. Bounded, since a source can deliver a circle.
    pub fn site_of<'a>(&'a self, id: &'a PlaceId) -> Option<&'a PlaceId> {
        let mut at = id;
        for _ in 0..16 {
            let place = self.places.get(at)?;
            if place.kind == PlaceKind::Site {
                return Some(&place.id);
            }
            at = place.part_of.as_ref()?;
        }
        None
    }

    /// The nearest place of a kind at or above `id`.
    pub fn above<'a>(&'a self, id: &'a PlaceId, kind: &PlaceKind) -> Option<&'a Place> {
        let mut at = id;
        for _ in 0..16 {
            let place = self.places.get(at)?;
            if &place.kind == kind {
                return Some(place);
            }
            at = place.part_of.as_ref()?;
        }
        None
    }

    /// The beds below a place, in order. A "bed" that other places are part of is a ward sent as a bed: not counted.
    pub fn beds(&self, under: &PlaceId) -> Vec<&Place> {
        let mut beds = vec![];
        let mut todo = vec![under.clone()];
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            for child in self.children(&id) {
                if child.kind == PlaceKind::Bed && !self.children.contains_key(&child.id) {
                    if child.status.as_deref() != Some("inactive") {
                        beds.push(child);
                    }
                } else {
                    todo.push(child.id.clone());
                }
            }
        }
        beds.sort_by(|a, b| a.id.cmp(&b.id));
        beds
    }

    /// Whether something delivered as a bed has places inside it.
    pub fn is_ward_sent_as_bed(&self, place: &Place) -> bool {
        place.kind == PlaceKind::Bed && self.children.contains_key(&place.id)
    }

    /// When the site last delivered: its heartbeat, else its newest resource.
    pub fn delivered_at(&self, site: &PlaceId) -> Option<Timestamp> {
        let reports = self.by_site().reports.get(site).into_iter().flatten();
        let heartbeat = reports.filter_map(|id| self.reports.get(id)?.heartbeat).max();
        heartbeat
            .or_else(|| {
                self.beds(site)
                    .iter()
                    .filter_map(|b| self.written.get(&b.id))
                    .max()
                    .copied()
            })
            .or_else(|| self.written.get(site).copied())
    }

    /// When a place's newest version was written at its source.
    pub fn written_at(&self, place: &PlaceId) -> Option<Timestamp> {
        self.written.get(place).copied()
    }

    pub fn age_s(&self, site: &PlaceId, now: Timestamp) -> Option<i64> {
        freshness::age_s(self.delivered_at(site), now)
    }

    pub fn freshness(&self, site: &PlaceId, now: Timestamp) -> Freshness {
        freshness::grade(self.age_s(site, now))
    }

    /// The label that counts for a bed.
    pub fn label<'a>(&'a self, bed: &'a Place, kind: LabelKind, now: Timestamp) -> Option<EffectiveLabel<'a>> {
        label::effective(kind, &bed.labels, self.labels.get(&(bed.id.clone(), kind)), now)
    }

    /// What a bed is at `now`, with the reservations that stand in a calendar of its own.
    pub fn state(&self, bed: &Place, now: Timestamp, cutoff: Timestamp) -> BedState {
        let held = self.held.get_or_init(|| {
            let mut by_bed: BTreeMap<PlaceId, Vec<Period>> = BTreeMap::new();
            for slot in self.slots.values().filter(|s| s.held) {
                for bed in self.calendars.get(&slot.calendar).iter().flat_map(|c| &c.beds) {
                    by_bed.entry(bed.clone()).or_default().push(slot.period.clone());
                }
            }
            by_bed
        });
        bed::state(bed, held.get(&bed.id).map_or(&[], Vec::as_slice), now, cutoff)
    }

    /// Whom one can call at a site.
    pub fn contacts_of<'a>(&'a self, site: &'a PlaceId) -> impl Iterator<Item = &'a Contact> {
        let organization = self.places.get(site).and_then(|s| s.organization.as_ref());
        self.contacts.values().filter(move |c| {
            c.sites.contains(site)
                || (c.sites.is_empty() && c.organization.is_some() && c.organization.as_ref() == organization)
        })
    }

    /// Whom to call at a site at this hour: by role, then who says that this is their shift.
    pub fn on_duty<'a>(&'a self, site: &'a PlaceId, now: Timestamp, zone: &TimeZone) -> Option<&'a Contact> {
        const ROLES: [&str; 3] = ["regiehouder-seh", "contact-stop", "beddencoordinator"];
        self.contacts_of(site)
            .filter(|c| c.phone.is_some() && c.hours.open_at(now, zone))
            .filter_map(|c| Some((ROLES.iter().position(|r| *r == c.role)?, c)))
            .min_by_key(|(rank, c)| (*rank, c.hours.spans.is_empty()))
            .map(|(_, c)| c)
    }

    /// The phone of who is on duty at the site, else of the service, else of the site.
    pub fn phone(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Option<String> {
        self.on_duty(site, now, zone)
            .and_then(|c| c.phone.clone())
            .or_else(|| {
                self.points_of(site)
                    .filter(|p| p.service.is_seh())
                    .find_map(|p| p.phone.clone())
            })
            .or_else(|| self.places.get(site).and_then(|p| p.phone.clone()))
    }

    /// The measurements of a site's emergency department, NEDOCS first.
    pub fn measurements_of(&self, site: &PlaceId) -> Vec<(&String, &Measurement)> {
        let mut found: Vec<_> = self
            .measurements
            .iter()
            .filter(|(_, m)| self.site_of(&m.place) == Some(site))
            .collect();
        found.sort_by_key(|(id, m)| (m.variant != Variant::Nedocs, (*id).clone()));
        found
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
