//! What counts: sums of beds, without those in shadow running and without what came twice.

use super::*;

impl Region {
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
}
