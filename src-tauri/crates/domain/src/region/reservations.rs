//! Reservations that stand in a calendar beside the bed: which spans hold which bed.

use super::records::Groups;
use crate::{
    calendar::{Calendar, Slot},
    ids::PlaceId,
    place::Period,
};
use imbl::OrdMap;
use std::{collections::BTreeSet, sync::Arc};

#[derive(Clone, Debug, Default)]
pub(super) struct Reservations {
    calendars: OrdMap<String, Arc<Calendar>>,
    slots: OrdMap<String, Arc<Slot>>,
    slots_of: Groups<String, String>,
    calendars_of: Groups<PlaceId, String>,
    held: OrdMap<PlaceId, Arc<Vec<Period>>>,
}

impl Reservations {
    /// The spans in which a calendar holds a bed for somebody.
    pub(super) fn of(&self, bed: &PlaceId) -> &[Period] {
        self.held.get(bed).map_or(&[], |spans| spans.as_slice())
    }

    /// The beds that a change of a calendar is about.
    pub(super) fn beds_of_calendar(&self, id: &str, next: Option<&Calendar>) -> BTreeSet<PlaceId> {
        let before = self.calendars.get(id).map(Arc::as_ref);
        before
            .into_iter()
            .chain(next)
            .flat_map(|c| c.beds.iter().cloned())
            .collect()
    }

    /// The beds that a change of a slot is about.
    pub(super) fn beds_of_slot(&self, id: &str, next: Option<&Slot>) -> BTreeSet<PlaceId> {
        let before = self.slots.get(id).map(Arc::as_ref);
        let calendars = before
            .into_iter()
            .chain(next)
            .filter_map(|s| self.calendars.get(&s.calendar));
        calendars.flat_map(|c| c.beds.iter().cloned()).collect()
    }

    pub(super) fn has_calendar(&self, id: &str, calendar: Option<&Calendar>) -> bool {
        self.calendars.get(id).map(Arc::as_ref) == calendar
    }

    pub(super) fn has_slot(&self, id: &str, slot: Option<&Slot>) -> bool {
        self.slots.get(id).map(Arc::as_ref) == slot
    }

    pub(super) fn set_calendar(&mut self, id: &str, next: Option<Calendar>) {
        let beds = self.beds_of_calendar(id, next.as_ref());
        let old = match next {
            Some(next) => {
                for bed in &next.beds {
                    self.calendars_of.add(bed, id.to_owned());
                }
                self.calendars.insert(id.to_owned(), Arc::new(next))
            }
            None => self.calendars.remove(id),
        };
        for bed in old.iter().flat_map(|c| &c.beds) {
            if !self.calendars.get(id).is_some_and(|c| c.beds.contains(bed)) {
                self.calendars_of.take(bed, &id.to_owned());
            }
        }
        self.hold(&beds);
    }

    pub(super) fn set_slot(&mut self, id: &str, next: Option<Slot>) {
        let beds = self.beds_of_slot(id, next.as_ref());
        let calendar = next.as_ref().map(|s| s.calendar.clone());
        let old = match next {
            Some(next) => self.slots.insert(id.to_owned(), Arc::new(next)),
            None => self.slots.remove(id),
        };
        if let Some(old) = old {
            self.slots_of.take(&old.calendar, &id.to_owned());
        }
        if let Some(calendar) = calendar {
            self.slots_of.add(&calendar, id.to_owned());
        }
        self.hold(&beds);
    }

    fn hold(&mut self, beds: &BTreeSet<PlaceId>) {
        for bed in beds {
            let calendars = self.calendars_of.of(bed).iter();
            let slots = calendars
                .flat_map(|c| self.slots_of.of(c))
                .filter_map(|s| self.slots.get(s));
            let spans: Vec<Period> = slots.filter(|s| s.held).map(|s| s.period.clone()).collect();
            if spans.is_empty() {
                self.held.remove(bed);
            } else {
                self.held.insert(bed.clone(), Arc::new(spans));
            }
        }
    }
}
