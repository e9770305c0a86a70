//! The region as it was before anything was kept: every question walks over the facts. Slow, and plain enough to be
//! believed: what the region keeps must come to the same.

use crate::{
    bed::{self, BedState},
    busyness::{Measurement, Process, Variant},
    calendar::{Calendar, Slot},
    capacity::{ElementCapacity, Tally, Totals},
    confirmation::Confirmation,
    contact::Contact,
    count::Count,
    freshness::{self, Freshness},
    ids::{ElementCode, OrganizationId, PlaceId, ServiceCode, source_of},
    label::{self, EffectiveLabel, LabelKind, LabelOverride},
    place::{Organization, Period, Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind, SiteReport, StopAcknowledgement, StopPointStatus},
    stop::{self, Stop, StopLevel, StopPoint, StopReason},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub struct Walked {
    organizations: BTreeMap<OrganizationId, Organization>,
    places: BTreeMap<PlaceId, Place>,
    children: BTreeMap<PlaceId, BTreeSet<PlaceId>>,
    sites: BTreeSet<PlaceId>,
    stop_points: BTreeMap<String, StopPoint>,
    stops: BTreeMap<String, Stop>,
    measurements: BTreeMap<String, Measurement>,
    processes: BTreeMap<String, Process>,
    reports: BTreeMap<String, SiteReport>,
    contacts: BTreeMap<String, Contact>,
    acknowledgements: BTreeMap<String, StopAcknowledgement>,
    confirmations: BTreeMap<String, Confirmation>,
    calendars: BTreeMap<String, Calendar>,
    slots: BTreeMap<String, Slot>,
    pub labels: BTreeMap<(PlaceId, LabelKind), LabelOverride>,
    label_keys: BTreeMap<String, (PlaceId, LabelKind)>,
    written: BTreeMap<PlaceId, Timestamp>,
    /// Our clock less each source's.
    pub skews: BTreeMap<&'static str, SignedDuration>,
}

#[derive(Default)]
struct BySite {
    points: BTreeMap<PlaceId, Vec<String>>,
    stops: BTreeMap<PlaceId, Vec<String>>,
    reports: BTreeMap<PlaceId, Vec<String>>,
}

impl Walked {
    /// Puts a fact in the place of an older one with the same key.
    pub fn put(&mut self, key: &RecordKey, fact: Fact, written: Timestamp) {
        let known = self
            .written
            .get(&PlaceId::from(key.id.as_str()))
            .copied()
            .filter(|_| key.kind == RecordKind::Place);
        self.remove(key);
        let id = key.id.as_str();
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
                self.written
                    .insert(p.id.clone(), known.map_or(written, |known| known.max(written)));
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

    /// Takes a fact away, as after a deletion at the source.
    pub fn remove(&mut self, key: &RecordKey) {
        let id = key.id.as_str();
        match &key.kind {
            RecordKind::Organization => drop(self.organizations.remove(&OrganizationId::from(id))),
            RecordKind::Place => {
                let id = PlaceId::from(id);
                self.sites.remove(&id);
                let before = self.places.remove(&id);
                self.written.remove(&id);
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
            }
            RecordKind::Slot => {
                self.slots.remove(id);
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
    }

    fn by_site(&self) -> BySite {
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

    /// When the site last delivered: its heartbeat, else its newest resource.
    pub fn delivered_at(&self, site: &PlaceId) -> Option<Timestamp> {
        let ids = self.by_site().reports.remove(site).unwrap_or_default();
        let reports = ids.iter();
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

    fn theirs(&self, id: &str, ours: Timestamp) -> Timestamp {
        ours - self.skews.get(source_of(id)).copied().unwrap_or_default()
    }

    pub fn age_s(&self, site: &PlaceId, now: Timestamp) -> Option<i64> {
        freshness::age_s(self.delivered_at(site), self.theirs(site.as_str(), now))
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
        let mut held: BTreeMap<PlaceId, Vec<Period>> = BTreeMap::new();
        for slot in self.slots.values().filter(|s| s.held) {
            for bed in self.calendars.get(&slot.calendar).iter().flat_map(|c| &c.beds) {
                held.entry(bed.clone()).or_default().push(slot.period.clone());
            }
        }
        let theirs = |ours| self.theirs(bed.id.as_str(), ours);
        bed::state(
            bed,
            held.get(&bed.id).map_or(&[], Vec::as_slice),
            theirs(now),
            theirs(cutoff),
        )
    }

    /// Whom one can call at a site.
    pub fn contacts_of<'a>(&'a self, site: &'a PlaceId) -> impl Iterator<Item = &'a Contact> {
        let organization = self.places.get(site).and_then(|s| s.organization.as_ref());
        self.contacts.values().filter(move |c| {
            c.sites.contains(site)
                || (c.sites.is_empty() && c.organization.is_some() && c.organization.as_ref() == organization)
        })
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

    /// Whether the site has an emergency department.
    pub fn has_seh(&self, site: &PlaceId) -> bool {
        self.children(site).any(|p| p.roles.iter().any(|r| r == "ER"))
            || self.points_of(site).iter().any(|p| p.service.is_seh())
    }

    fn points_of(&self, site: &PlaceId) -> Vec<&StopPoint> {
        let ids = self.by_site().points.remove(site).unwrap_or_default();
        ids.iter().filter_map(|id| self.stop_points.get(id)).collect()
    }

    /// Every stop point of a site with its status, the SEH first.
    pub fn stop_status(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Vec<StopPointStatus> {
        let freshness = self.freshness(site, now);
        let holding = self.holding_stops(site, now);
        let mut services: BTreeMap<ServiceCode, Vec<&StopPoint>> = BTreeMap::new();
        for point in self.points_of(site) {
            services.entry(point.service.clone()).or_default().push(point);
        }
        if self.has_seh(site) {
            services.entry(ServiceCode::from(ServiceCode::SEH)).or_default();
        }
        for stop in &holding {
            services.entry(stop.service.clone()).or_default();
        }
        let mut rows: Vec<_> = services
            .into_iter()
            .map(|(service, points)| {
                let mut stops: Vec<Stop> = holding.iter().filter(|s| s.service == service).cloned().collect();
                stops.sort_by(|a, b| b.level.cmp(&a.level).then(a.start.cmp(&b.start)));
                let hours = points.first().map(|p| p.hours.clone()).unwrap_or_default();
                let leading = stops.first();
                StopPointStatus {
                    status: stop::status(leading.map(|s| s.level), &hours, freshness, now, zone),
                    since: leading.and_then(|s| s.start),
                    expected_end: leading.and_then(|s| s.expected_end),
                    reasons: leading.map(|s| s.reasons.clone()).unwrap_or_default(),
                    overdue: leading.is_some_and(|s| s.overdue_at(self.theirs(s.id.as_str(), now))),
                    hours: hours.in_words(),
                    phone: points.iter().find_map(|p| p.phone.clone()),
                    name: points
                        .first()
                        .map_or_else(|| service.0.to_uppercase(), |p| p.name.clone()),
                    stops,
                    service,
                }
            })
            .collect();
        rows.sort_by_key(|r| !r.service.is_seh());
        rows
    }

    /// All stops that hold at a site: announced ones, and closures that a service lists and nobody announced.
    pub fn holding_stops(&self, site: &PlaceId, now: Timestamp) -> Vec<Stop> {
        let ids = self.by_site().stops.remove(site).unwrap_or_default();
        let known = ids.iter().filter_map(|id| self.stops.get(id));
        let announced: Vec<&Stop> = known.filter(|s| s.holds_at(self.theirs(s.id.as_str(), now))).collect();
        let mut stops: Vec<Stop> = announced.iter().map(|s| (*s).clone()).collect();
        for point in self.points_of(site) {
            for closure in &point.closures {
                let listed = Stop {
                    id: format!(
                        "{}/{}",
                        point.id,
                        closure.start.map(|t| t.to_string()).unwrap_or_default()
                    )
                    .as_str()
                    .into(),
                    place: point.places.first().cloned().unwrap_or_else(|| site.clone()),
                    service: point.service.clone(),
                    level: StopLevel::Stop,
                    active: true,
                    start: closure.start,
                    end: closure.end,
                    expected_end: closure.end,
                    reasons: vec![StopReason {
                        code: None,
                        text: closure.text.clone(),
                    }],
                    version: None,
                };
                // The same closure is usually announced as well: same department, same start.
                let twin = announced
                    .iter()
                    .any(|s| s.service == listed.service && s.start == listed.start);
                if listed.holds_at(self.theirs(listed.id.as_str(), now)) && !twin {
                    stops.push(listed);
                }
            }
        }
        stops
    }

    /// Whether a place, or one that it lies in, is in shadow running.
    pub fn in_shadow(&self, id: &PlaceId) -> bool {
        let mut at = Some(id);
        for _ in 0..16 {
            let Some(place) = at.and_then(|id| self.places.get(id)) else {
                return false;
            };
            if place.shadow {
                return true;
            }
            at = place.part_of.as_ref();
        }
        false
    }

    /// Whether an earlier source delivers the same site, by its identifier or its name: it counts once.
    pub fn is_double(&self, site: &Place) -> bool {
        let same = |other: &&Place| {
            source_of(other.id.as_str()) < source_of(site.id.as_str())
                && (other.name.eq_ignore_ascii_case(&site.name)
                    || (site.identifier.is_some() && other.identifier == site.identifier))
        };
        self.sites().any(|other| same(&other))
    }

    /// The sites that count in the region's totals: not in shadow running, and each once.
    pub fn counted_sites(&self) -> impl Iterator<Item = &Place> {
        self.sites().filter(|s| !s.shadow && !self.is_double(s))
    }

    /// The beds that count in totals: not those in shadow running.
    pub fn counted_beds(&self, under: &PlaceId) -> Vec<&Place> {
        let mut beds = self.beds(under);
        beds.retain(|bed| !self.in_shadow(&bed.id));
        beds
    }

    /// The sums of all beds of a site; where no beds are delivered, those that the site counts itself.
    pub fn totals(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Totals {
        let cutoff = bed::cutoff(now, zone);
        let mut tally = Tally::default();
        for bed in self.counted_beds(site) {
            tally.add(self.state(bed, now, cutoff));
        }
        let totals = tally.totals();
        if totals.beds != Count::Unknown {
            return totals;
        }
        match self.reports.values().find(|r| &r.place == site) {
            Some(SiteReport {
                occupied, available, ..
            }) => Totals {
                beds: Count::Unknown,
                capacity: match (occupied, available) {
                    (Count::Known(o), Count::Known(a)) => Count::Known(o.saturating_add(*a)),
                    _ => Count::Unknown,
                },
                occupied: *occupied,
                available: *available,
                unknown: Count::Unknown,
            },
            None => totals,
        }
    }

    /// The rows of a classification, an element each.
    pub fn capacity(&self, site: &PlaceId, kind: LabelKind, now: Timestamp, zone: &TimeZone) -> Vec<ElementCapacity> {
        let cutoff = bed::cutoff(now, zone);
        let mut rows: BTreeMap<ElementCode, Tally> = BTreeMap::new();
        for bed in self.counted_beds(site) {
            if let Some(label) = self.label(bed, kind, now) {
                rows.entry(label.element.clone())
                    .or_default()
                    .add(self.state(bed, now, cutoff));
            }
        }
        let held = |element: &ElementCode| {
            self.places.get(site).map_or(0, |s| {
                s.thresholds
                    .iter()
                    .find(|t| t.kind == kind && &t.element == element)
                    .map_or(0, |t| t.beds)
            })
        };
        rows.into_iter()
            .map(|(element, tally)| ElementCapacity {
                kind,
                threshold: held(&element),
                totals: tally.totals(),
                element,
            })
            .collect()
    }

    /// The beds that have no label of a kind, and when each bed was written.
    pub fn missing(&self, site: &PlaceId, kind: LabelKind, now: Timestamp) -> u32 {
        let beds = self.beds(site).into_iter();
        beds.map(|bed| u32::from(self.label(bed, kind, now).is_none())).sum()
    }

    pub fn bed_times(&self, site: &PlaceId) -> Vec<Timestamp> {
        self.beds(site)
            .iter()
            .filter_map(|bed| self.written.get(&bed.id))
            .copied()
            .collect()
    }

    pub fn processes_of(&self, site: &PlaceId) -> Vec<&Process> {
        self.processes
            .values()
            .filter(|p| self.site_of(&p.place) == Some(site))
            .collect()
    }
}
