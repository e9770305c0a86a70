//! Putting facts in their place and taking them away, with every index and sum kept right, and saying what changed.

use super::{Changes, Fact, RecordKey, RecordKind, Region, filing::Filed, time::Site};
use crate::{
    confirmation::Confirmation,
    count::Count,
    ids::{OrganizationId, PlaceId},
    label::{LabelKind, LabelOverride},
    place::{Place, PlaceKind},
};
use jiff::Timestamp;
use std::sync::Arc;

impl Region {
    /// A region of these facts. Nothing is added up yet: [`Region::advance`] does, once for all.
    pub fn of(facts: impl IntoIterator<Item = (RecordKey, Fact, Timestamp)>) -> Self {
        let mut region = Self::default();
        let mut changes = Changes::default();
        for (key, fact, written) in facts {
            region.set(&key, Some(fact), written, &mut changes);
        }
        region
    }

    /// Puts a fact in the place of an older one with the same key.
    pub fn put(&mut self, key: &RecordKey, fact: Fact, written: Timestamp) -> Changes {
        let mut changes = Changes::default();
        self.set(key, Some(fact), written, &mut changes);
        changes
    }

    /// Takes a fact away, as after a deletion at the source.
    pub fn remove(&mut self, key: &RecordKey) -> Changes {
        let mut changes = Changes::default();
        self.set(key, None, Timestamp::UNIX_EPOCH, &mut changes);
        changes
    }

    /// Lays a label by hand over what stands there: one of this desk that no server has yet.
    pub fn lay_label(&mut self, label: LabelOverride) -> Changes {
        let mut changes = Changes::default();
        self.set_label(&(label.bed.clone(), label.kind), Some(label), &mut changes);
        changes
    }

    /// Takes the label by hand away that stands there, whoever laid it.
    #[cfg(test)]
    pub(crate) fn remove_label(&mut self, bed: &PlaceId, kind: LabelKind) -> Changes {
        let mut changes = Changes::default();
        self.set_label(&(bed.clone(), kind), None, &mut changes);
        changes
    }

    /// Lays a confirmation of this desk beside those of the server, unless the server has it.
    pub fn lay_confirmation(&mut self, id: &str, confirmation: &Confirmation) -> Changes {
        let mut changes = Changes::default();
        if !self.confirmations.contains_key(id) {
            changes.confirmations.insert(confirmation.site.clone());
            self.confirmations.insert(id.to_owned(), confirmation.clone());
        }
        changes
    }

    fn set(&mut self, key: &RecordKey, fact: Option<Fact>, written: Timestamp, changes: &mut Changes) {
        let id = key.id.as_str();
        // One lookup for the kind of which there are forty thousand.
        if let Some(Fact::Place(place)) = fact {
            return self.set_place(place, written, changes);
        }
        if self.stands(id, fact.as_ref()) {
            return;
        }
        let counted_before = self.counted_itself(key);
        self.take(key, changes);
        match fact {
            Some(Fact::Place(_) | Fact::Other) | None => {}
            Some(Fact::Organization(o)) => {
                changes.organizations = true;
                self.organizations.insert(o.id.clone(), o);
            }
            Some(Fact::StopPoint(point)) => {
                for place in &point.places {
                    self.filing.add(&self.tree, place, Filed::Point, id);
                    self.note_changed(place, Filed::Point, changes);
                }
                self.stop_points.insert(id.to_owned(), point);
            }
            Some(Fact::Stop(stop)) => {
                self.filing.add(&self.tree, &stop.place, Filed::Stop, id);
                self.note_changed(&stop.place, Filed::Stop, changes);
                self.stops.insert(id.to_owned(), stop);
            }
            Some(Fact::Measurement(m)) => {
                self.filing.add(&self.tree, &m.place, Filed::Measurement, id);
                self.note_changed(&m.place, Filed::Measurement, changes);
                self.measurements.insert(id.to_owned(), m);
            }
            Some(Fact::Process(p)) => {
                self.filing.add(&self.tree, &p.place, Filed::Process, id);
                self.note_changed(&p.place, Filed::Process, changes);
                self.processes.insert(id.to_owned(), p);
            }
            Some(Fact::Report(report)) => {
                self.filing.add(&self.tree, &report.place, Filed::Report, id);
                self.note_changed(&report.place, Filed::Report, changes);
                self.reports.insert(id.to_owned(), report);
            }
            Some(Fact::Contact(contact)) => {
                changes.contacts = true;
                self.callable.add(id, &contact);
                self.contacts.insert(id.to_owned(), contact);
            }
            Some(Fact::Calendar(calendar)) => {
                let beds = self.reservations.beds_of_calendar(id, Some(&calendar));
                self.reserve(beds, changes, |r| r.reservations.set_calendar(id, Some(calendar)));
            }
            Some(Fact::Slot(slot)) => {
                let beds = self.reservations.beds_of_slot(id, Some(&slot));
                self.reserve(beds, changes, |r| r.reservations.set_slot(id, Some(slot)));
            }
            Some(Fact::Acknowledgement(a)) => {
                changes.acknowledged([&a]);
                self.acknowledgements.insert(id.to_owned(), a);
            }
            Some(Fact::Confirmation(c)) => {
                changes.confirmations.insert(c.site.clone());
                self.confirmations.insert(id.to_owned(), c);
            }
            Some(Fact::Label(label)) => {
                let at = (label.bed.clone(), label.kind);
                self.label_keys.insert(id.to_owned(), at.clone());
                self.set_label(&at, Some(label), changes);
            }
        }
        let counts_itself = self.counted_itself(key);
        if counts_itself != counted_before {
            let sites = counted_before.into_iter().chain(counts_itself).map(|(site, ..)| site);
            changes.sites.extend(sites);
        }
    }

    /// What a site counts itself, which is shown where it delivers no beds; not its heartbeat.
    fn counted_itself(&self, key: &RecordKey) -> Option<(PlaceId, PlaceId, Count, Count)> {
        if key.kind != RecordKind::Report {
            return None;
        }
        let report = self.reports.get(key.id.as_str())?;
        let site = self.filing.site(&report.place)?.clone();
        Some((site, report.place.clone(), report.occupied, report.available))
    }

    /// Whether the same fact stands already; a place is asked where it is put.
    fn stands(&self, id: &str, fact: Option<&Fact>) -> bool {
        match fact {
            Some(Fact::Organization(o)) => self.organizations.get(&o.id) == Some(o),
            Some(Fact::StopPoint(p)) => self.stop_points.get(id) == Some(p),
            Some(Fact::Stop(s)) => self.stops.get(id) == Some(s),
            Some(Fact::Measurement(m)) => self.measurements.get(id) == Some(m),
            Some(Fact::Process(p)) => self.processes.get(id) == Some(p),
            Some(Fact::Report(r)) => self.reports.get(id) == Some(r),
            Some(Fact::Contact(c)) => self.contacts.get(id) == Some(c),
            Some(Fact::Calendar(c)) => self.reservations.has_calendar(id, Some(c)),
            Some(Fact::Slot(s)) => self.reservations.has_slot(id, Some(s)),
            Some(Fact::Acknowledgement(a)) => self.acknowledgements.get(id) == Some(a),
            Some(Fact::Confirmation(c)) => self.confirmations.get(id) == Some(c),
            Some(Fact::Label(l)) => {
                let at = self.label_keys.get(id);
                at.is_some_and(|at| (&at.0, at.1) == (&l.bed, l.kind) && self.labels.get(at) == Some(l))
            }
            Some(Fact::Place(_) | Fact::Other) | None => false,
        }
    }

    fn take(&mut self, key: &RecordKey, changes: &mut Changes) {
        let id = key.id.as_str();
        match &key.kind {
            RecordKind::Organization => {
                changes.organizations |= self.organizations.remove(&OrganizationId::from(id)).is_some();
            }
            RecordKind::Place => self.take_place(&PlaceId::from(id), changes),
            RecordKind::Service => {
                let old = self.stop_points.remove(id);
                for place in old.iter().flat_map(|point| &point.places) {
                    self.unfile(place, Filed::Point, id, changes);
                }
            }
            RecordKind::Stop => {
                if let Some(old) = self.stops.remove(id) {
                    self.unfile(&old.place, Filed::Stop, id, changes);
                }
            }
            RecordKind::Observation => {
                if let Some(old) = self.measurements.remove(id) {
                    self.unfile(&old.place, Filed::Measurement, id, changes);
                }
                if let Some(old) = self.processes.remove(id) {
                    self.unfile(&old.place, Filed::Process, id, changes);
                }
            }
            RecordKind::Report => {
                if let Some(old) = self.reports.remove(id) {
                    self.unfile(&old.place, Filed::Report, id, changes);
                }
            }
            RecordKind::Contact => {
                if let Some(old) = self.contacts.remove(id) {
                    changes.contacts = true;
                    self.callable.take(id, &old);
                }
            }
            RecordKind::Calendar => {
                if !self.reservations.has_calendar(id, None) {
                    let beds = self.reservations.beds_of_calendar(id, None);
                    self.reserve(beds, changes, |r| r.reservations.set_calendar(id, None));
                }
            }
            RecordKind::Slot => {
                if !self.reservations.has_slot(id, None) {
                    let beds = self.reservations.beds_of_slot(id, None);
                    self.reserve(beds, changes, |r| r.reservations.set_slot(id, None));
                }
            }
            RecordKind::Note => {
                changes.acknowledged(self.acknowledgements.remove(id).as_deref());
                if let Some(old) = self.confirmations.remove(id) {
                    changes.confirmations.insert(old.site.clone());
                }
                if let Some(at) = self.label_keys.remove(id) {
                    self.set_label(&at, None, changes);
                }
            }
            RecordKind::Other(_) => {}
        }
    }

    fn unfile(&mut self, place: &PlaceId, what: Filed, id: &str, changes: &mut Changes) {
        // Told before it is taken out: afterwards nothing may say where the place lies.
        self.note_changed(place, what, changes);
        self.filing.take(place, what, id);
    }

    /// Something that names a place is another one: its site's views and alarms have to look.
    fn note_changed(&mut self, place: &PlaceId, what: Filed, changes: &mut Changes) {
        let Some(site) = self.filing.site(place).cloned() else {
            return;
        };
        self.note_site_changed(site, what, changes);
    }

    fn note_site_changed(&mut self, id: PlaceId, what: Filed, changes: &mut Changes) {
        if let Some(site) = self.sites.get_mut(&id) {
            match what {
                Filed::Point | Filed::Stop if site.stops.is_some() => Arc::make_mut(site).stops = None,
                Filed::Report if site.age.is_some() => Arc::make_mut(site).age = None,
                Filed::Point | Filed::Stop | Filed::Report | Filed::Measurement | Filed::Process => {}
            }
        }
        match what {
            Filed::Point | Filed::Stop => changes.stops.insert(id),
            Filed::Report => changes.deliveries.insert(id),
            Filed::Measurement | Filed::Process => changes.measurements.insert(id),
        };
    }

    fn set_label(&mut self, at: &(PlaceId, LabelKind), next: Option<LabelOverride>, changes: &mut Changes) {
        if self.labels.get(at) == next.as_ref() {
            return;
        }
        self.take_out(&at.0);
        match next {
            Some(label) => {
                self.labelled.add(&at.0, at.1);
                self.labels.insert(at.clone(), label);
            }
            None => {
                self.labelled.take(&at.0, &at.1);
                self.labels.remove(at);
            }
        }
        self.put_in(&at.0);
        changes.labels.insert(at.0.clone());
        changes.sites.extend(self.tree.counting(&at.0));
    }

    fn reserve(
        &mut self,
        beds: impl IntoIterator<Item = PlaceId> + Clone,
        changes: &mut Changes,
        how: impl FnOnce(&mut Self),
    ) {
        for bed in beds.clone() {
            self.take_out(&bed);
        }
        how(self);
        for bed in beds {
            self.put_in(&bed);
            changes.sites.extend(self.tree.counting(&bed));
        }
    }

    fn set_place(&mut self, place: Place, written: Timestamp, changes: &mut Changes) {
        let id = place.id.clone();
        if !self.added_up {
            // Only where facts belong is kept, since nobody can have looked at a part yet.
            let old = self.tree.insert(place, written);
            let (stands, moved) = match (&old, self.tree.place(&id)) {
                (Some(old), Some(new)) => (
                    old.place == *new && old.written >= written,
                    shape(&old.place) != shape(new),
                ),
                (None, _) | (_, None) => (false, true),
            };
            changes.everything |= !stands;
            if moved {
                self.place_moved(&id, changes);
            }
            return;
        }
        let old = self.tree.node(&id).cloned();
        if old
            .as_ref()
            .is_some_and(|old| old.place == place && old.written >= written)
        {
            return;
        }
        let same_shape = old.as_ref().is_some_and(|old| shape(&old.place) == shape(&place));
        let called = |p: &Place| (p.name.clone(), p.alias.clone(), p.status.clone(), p.identifier.clone());
        let is_bed = place.kind == PlaceKind::Bed;
        let renamed = old.as_ref().is_none_or(|old| called(&old.place) != called(&place));
        changes.places |= !same_shape || (!is_bed && renamed);
        let alone = [old.as_ref().map(|old| &old.place), Some(&place)]
            .into_iter()
            .flatten()
            .all(|version| self.stands_alone(version, !same_shape));
        self.change_place(&id, alone, !same_shape, changes, |tree| {
            drop(tree.insert(place, written))
        });
    }

    fn take_place(&mut self, id: &PlaceId, changes: &mut Changes) {
        let Some(old) = self.tree.node(id).cloned() else { return };
        changes.places = true;
        let alone = self.stands_alone(&old.place, true);
        self.change_place(id, alone, true, changes, |tree| drop(tree.remove(id)));
    }

    fn change_place(
        &mut self,
        id: &PlaceId,
        alone: bool,
        reshaped: bool,
        changes: &mut Changes,
        how: impl FnOnce(&mut super::tree::Tree),
    ) {
        let concerned = |region: &Self| {
            if alone {
                region.tree.counting(id)
            } else {
                region.tree.concerned(id)
            }
        };
        let mut sites = concerned(self);
        if alone {
            self.take_out(id);
        } else if reshaped {
            self.spoil(&sites);
        }
        how(&mut self.tree);
        let after = concerned(self);
        if alone {
            self.put_in(id);
        } else if reshaped {
            self.spoil(&after);
        }
        sites.extend(after);
        for site in &sites {
            // Without a heartbeat its newest bed says when it delivered.
            if let Some(site) = self.sites.get_mut(site).filter(|site| site.age.is_some()) {
                Arc::make_mut(site).age = None;
            }
        }
        changes.sites.extend(sites);
        if reshaped {
            self.place_moved(id, changes);
        }
    }

    /// Whether nothing but this place itself counts otherwise by its change: it is a bed without places in it. Where it
    /// comes, goes or moves, a place that it lies in must be no bed either, which would then become a ward or a bed.
    fn stands_alone(&self, place: &Place, reshaped: bool) -> bool {
        let parent = place.part_of.as_ref();
        let in_a_bed = || {
            parent
                .and_then(|p| self.tree.place(p))
                .is_some_and(|p| p.kind == PlaceKind::Bed)
        };
        place.kind == PlaceKind::Bed
            && !self.tree.has_children(&place.id)
            && !(reshaped && (parent == Some(&place.id) || in_a_bed()))
    }

    fn place_moved(&mut self, id: &PlaceId, changes: &mut Changes) {
        if self.tree.place(id).is_some_and(|p| p.kind == PlaceKind::Site) {
            if !self.sites.contains_key(id) {
                self.sites.insert(id.clone(), Arc::new(Site::default()));
            }
        } else if self.sites.contains_key(id) {
            self.sites.remove(id);
        }
        for site in self.filing.moved(&self.tree, id) {
            for what in [Filed::Stop, Filed::Report, Filed::Measurement] {
                self.note_site_changed(site.clone(), what, changes);
            }
        }
    }
}

/// What of a place decides where it and all below it count.
fn shape(place: &Place) -> (&PlaceKind, Option<&PlaceId>, bool) {
    (&place.kind, place.part_of.as_ref(), place.shadow)
}
