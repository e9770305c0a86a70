//! What time alone changes: reservations and labels that begin or end, planned stops, opening hours, ages.

use super::{Changes, Region, filing::Filed, window::Window};
use crate::{bed, freshness, ids::PlaceId, service_day::OpeningHours, stop::Stop};
use jiff::{Span, Timestamp, tz::TimeZone};
use std::sync::Arc;

/// What is kept with a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    /// Nothing until they are added up, or when the tree under the site changed since.
    pub(super) kept: Option<super::sums::Kept>,
    /// How long its stops stand as they do.
    pub(super) stops: Option<Window>,
    /// How long its last delivery stays in the same step of the ladder of ages.
    pub(super) age: Option<Window>,
}

impl Region {
    /// Brings what the sites keep to this moment, and returns what time changed. Sites whose time has not come are not
    /// touched. Until this is called, questions about a site whose time did come walk over its beds: the answers are
    /// the same.
    pub fn advance(&mut self, now: Timestamp, zone: &TimeZone) -> Changes {
        let cutoff = bed::cutoff(now, zone);
        let stands = |window: Option<&Window>| window.is_some_and(|w| w.holds(now, cutoff));
        let due: Vec<PlaceId> = self
            .sites
            .iter()
            .filter(|(_, site)| {
                !stands(site.kept.as_ref().map(|kept| &kept.window))
                    || !stands(site.stops.as_ref())
                    || !stands(site.age.as_ref())
            })
            .map(|(id, _)| id.clone())
            .collect();
        let mut changes = Changes::default();
        for id in due {
            let Some(mut site) = self.sites.get(&id).cloned() else {
                continue;
            };
            let next = Arc::make_mut(&mut site);
            if !stands(next.kept.as_ref().map(|kept| &kept.window)) {
                let kept = self.add_up(&id, now, cutoff);
                // Where nothing was kept, whatever spoiled it has been told.
                if next.kept.as_ref().is_some_and(|before| before.sums != kept.sums) {
                    changes.sites.insert(id.clone());
                }
                next.kept = Some(kept);
            }
            if !stands(next.stops.as_ref()) {
                if next.stops.is_some() {
                    changes.stops.insert(id.clone());
                }
                next.stops = Some(self.stops_window(&id, now, zone));
            }
            if !stands(next.age.as_ref()) {
                if next.age.is_some() {
                    changes.deliveries.insert(id.clone());
                }
                next.age = Some(self.age_window(&id, now));
            }
            self.sites.insert(id, site);
            self.added_up = true;
        }
        changes
    }

    /// When time will change something next, cut-offs for reservations left aside.
    #[cfg(test)]
    pub(crate) fn next_change(&self) -> Option<Timestamp> {
        let of = |w: Option<&Window>| w.and_then(Window::until);
        let sites = self.sites.values().flat_map(|site| {
            let kept = of(site.kept.as_ref().map(|kept| &kept.window));
            [kept, of(site.stops.as_ref()), of(site.age.as_ref())]
        });
        sites.flatten().min()
    }

    fn stops_window(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Window {
        let mut window = Window::starting(now);
        for stop in self.stops_of(site) {
            self.stop_changes(stop, &mut window, now);
        }
        for point in self.points_of(site) {
            for closure in &point.closures {
                for at in [closure.start, closure.end].into_iter().flatten() {
                    window.changes_at(self.ours(&point.id, at), now);
                }
            }
            hours_change(&point.hours, &mut window, now, zone);
        }
        window
    }

    fn age_window(&self, site: &PlaceId, now: Timestamp) -> Window {
        let mut window = Window::starting(now);
        if let Some(delivered) = self.delivered_at(site) {
            for at in freshness::steps(delivered) {
                window.changes_at(self.ours(site.as_str(), at), now);
            }
        }
        window
    }

    fn stop_changes(&self, stop: &Stop, window: &mut Window, now: Timestamp) {
        // It is overdue once its expected end is past, so a moment later.
        let past = stop
            .expected_end
            .and_then(|end| end.checked_add(Span::new().nanoseconds(1)).ok());
        for at in [stop.start, stop.end, past].into_iter().flatten() {
            window.changes_at(self.ours(stop.id.as_str(), at), now);
        }
    }

    /// The stops of a site, whether they hold or not.
    pub(super) fn stops_of(&self, site: &PlaceId) -> impl Iterator<Item = &Stop> {
        let ids = self.filing.of_site(site, Filed::Stop).into_iter();
        ids.filter_map(|id| self.stops.get(id))
    }
}

/// Names every moment at which hours can open or close; those at which they do not are no harm.
fn hours_change(hours: &OpeningHours, window: &mut Window, now: Timestamp, zone: &TimeZone) {
    for span in &hours.spans {
        for time in [span.from, span.until, jiff::civil::Time::midnight()] {
            window.changes_at(crate::service_day::next_at(now, time, zone), now);
        }
    }
}
