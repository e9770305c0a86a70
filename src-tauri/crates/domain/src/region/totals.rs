//! What counts: sums of beds, without those in shadow running and without what came twice.

use super::{Region, SiteReport, filing::Filed};
use crate::{
    capacity::{ElementCapacity, Totals},
    count::Count,
    ids::{ElementCode, PlaceId},
    label::LabelKind,
    place::Place,
};
use jiff::{Timestamp, tz::TimeZone};

impl Region {
    /// Whether a place, or one that it lies in, is in shadow running.
    pub fn in_shadow(&self, id: &PlaceId) -> bool {
        self.tree.in_shadow(id)
    }

    /// Whether an earlier source delivers the same site, by its identifier or its name: it counts once.
    pub fn is_double(&self, site: &Place) -> bool {
        self.first_copy(site).is_some()
    }

    /// The same site as an earlier source delivers it.
    pub fn first_copy(&self, site: &Place) -> Option<&Place> {
        self.tree.first_copy(site)
    }

    /// The sites that count in the region's totals: not in shadow running, and each once.
    pub fn counted_sites(&self) -> impl Iterator<Item = &Place> {
        self.sites().filter(|s| !s.shadow && !self.is_double(s))
    }

    /// The beds that count in totals: not those in shadow running.
    #[cfg(test)]
    pub(crate) fn counted_beds(&self, under: &PlaceId) -> Vec<&Place> {
        let mut beds = self.beds(under);
        beds.retain(|bed| !self.in_shadow(&bed.id));
        beds
    }

    /// The sums of all beds of a site; where no beds are delivered, those that the site counts itself.
    pub fn totals(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Totals {
        let totals = self.sums(site, now, zone).totals();
        if totals.beds != Count::Unknown {
            return totals;
        }
        let report = self.filing.at(site, Filed::Report).find_map(|id| self.reports.get(id));
        match report {
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
        let thresholds = self.place(site).map_or(&[][..], |s| &s.thresholds);
        let held_back = |element: &ElementCode| {
            let of_row = thresholds.iter().find(|t| t.kind == kind && &t.element == element);
            of_row.map_or(0, |t| t.beds)
        };
        let sums = self.sums(site, now, zone);
        sums.elements(kind)
            .map(|(element, totals)| ElementCapacity {
                kind,
                threshold: held_back(element),
                totals,
                element: element.clone(),
            })
            .collect()
    }
}
