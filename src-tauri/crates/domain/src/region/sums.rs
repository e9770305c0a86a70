//! What the beds of a site add up to, kept with the site: a bed that changes is taken out of the sums and put in again.

use super::{Region, tree::Node, window::Window};
use crate::{
    bed::{self, BedState},
    capacity::{Tally, Totals},
    ids::{ElementCode, PlaceId},
    label::LabelKind,
};
use imbl::OrdMap;
use jiff::{Timestamp, tz::TimeZone};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// The sums over a site's beds. What is in shadow running is delivered, but not counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteSums {
    all: Tally,
    elements: BTreeMap<(LabelKind, ElementCode), Tally>,
    missing: BTreeMap<LabelKind, u32>,
    /// How many beds were written when: the newest and the oldest can be had whichever bed goes.
    written: OrdMap<Timestamp, u32>,
}

impl SiteSums {
    /// Over all beds that count.
    pub fn totals(&self) -> Totals {
        self.all.totals()
    }

    /// The elements of a classification that some counted bed has, in order.
    pub fn elements(&self, kind: LabelKind) -> impl Iterator<Item = (&ElementCode, Totals)> {
        let from = (kind, ElementCode(String::new()));
        let rows = self.elements.range(from..).take_while(move |((k, _), _)| *k == kind);
        rows.map(|((_, element), tally)| (element, tally.totals()))
    }

    /// How many delivered beds have no label of a classification that every bed must have.
    pub fn labels_missing(&self, kind: LabelKind) -> u32 {
        self.missing.get(&kind).copied().unwrap_or(0)
    }

    /// How many beds are delivered, those in shadow running included.
    pub fn beds_delivered(&self) -> usize {
        self.written.values().map(|n| *n as usize).sum()
    }

    /// When the bed that changed last was written at its source.
    pub fn newest(&self) -> Option<Timestamp> {
        self.written.get_max().map(|(at, _)| *at)
    }

    /// When the bed that has not changed for longest was written at its source.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.written.get_min().map(|(at, _)| *at)
    }

    fn add(&mut self, share: Share) {
        let n = self.written.get(&share.written).copied().unwrap_or(0);
        self.written.insert(share.written, n + 1);
        for kind in share.missing {
            *self.missing.entry(kind).or_default() += 1;
        }
        if let Some(state) = share.counted {
            self.all.add(state);
            for element in share.elements {
                self.elements.entry(element).or_default().add(state);
            }
        }
    }

    fn take(&mut self, share: &Share) {
        match self.written.get(&share.written).copied() {
            Some(n) if n > 1 => drop(self.written.insert(share.written, n - 1)),
            Some(_) | None => drop(self.written.remove(&share.written)),
        }
        for kind in &share.missing {
            if let Some(n) = self.missing.get_mut(kind) {
                *n = n.saturating_sub(1);
                if *n == 0 {
                    self.missing.remove(kind);
                }
            }
        }
        if let Some(state) = share.counted {
            self.all.take(state);
            for element in &share.elements {
                if let Some(tally) = self.elements.get_mut(element) {
                    tally.take(state);
                    if *tally == Tally::default() {
                        self.elements.remove(element);
                    }
                }
            }
        }
    }
}

/// What one bed adds to the sums of its site.
struct Share {
    written: Timestamp,
    /// Nothing in shadow running.
    counted: Option<BedState>,
    elements: Vec<(LabelKind, ElementCode)>,
    missing: Vec<LabelKind>,
}

/// Sums as they were computed, and how long they stay so.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) sums: SiteSums,
    now: Timestamp,
    cutoff: Timestamp,
    pub(super) window: Window,
}

impl Region {
    /// The sums over the beds below a place. Kept for a site, and then read as they are where [`Region::advance`] has
    /// come to this moment; else the beds below this one place are walked over.
    pub fn sums(&self, under: &PlaceId, now: Timestamp, zone: &TimeZone) -> Cow<'_, SiteSums> {
        let cutoff = bed::cutoff(now, zone);
        match self.kept(under) {
            Some(kept) if kept.window.holds(now, cutoff) => Cow::Borrowed(&kept.sums),
            Some(_) | None => Cow::Owned(self.add_up(under, now, cutoff).sums),
        }
    }

    /// How many beds lie below a place.
    pub fn beds_delivered(&self, under: &PlaceId) -> usize {
        match self.kept(under) {
            Some(kept) => kept.sums.beds_delivered(),
            None => self.tree.beds(under).len(),
        }
    }

    /// When the newest version of a bed below a place was written.
    pub(super) fn newest_bed(&self, under: &PlaceId) -> Option<Timestamp> {
        match self.kept(under) {
            Some(kept) => kept.sums.newest(),
            None => self.tree.beds(under).into_iter().map(|bed| bed.written).max(),
        }
    }

    pub(super) fn kept(&self, site: &PlaceId) -> Option<&Kept> {
        self.sites.get(site)?.kept.as_ref()
    }

    pub(super) fn add_up(&self, under: &PlaceId, now: Timestamp, cutoff: Timestamp) -> Kept {
        let mut kept = Kept {
            sums: SiteSums::default(),
            now,
            cutoff,
            window: Window::default(),
        };
        for bed in self.tree.beds(under) {
            kept.sums.add(self.share(bed, now, cutoff, &mut kept.window));
        }
        kept
    }

    fn share(&self, bed: &Node, now: Timestamp, cutoff: Timestamp, window: &mut Window) -> Share {
        let place = &bed.place;
        let held = self.reservations.of(&place.id);
        for span in place.reservation.iter().chain(held) {
            if let Some(start) = span.start {
                window.starts_at(self.ours(place.id.as_str(), start), cutoff);
            }
            if let Some(end) = span.end {
                window.changes_at(self.ours(place.id.as_str(), end), now);
            }
        }
        let by_hand = self.labelled.of(&place.id);
        for over in by_hand
            .iter()
            .filter_map(|kind| self.labels.get(&(place.id.clone(), *kind)))
        {
            window.changes_at(over.from, now);
            if let Some(until) = over.until {
                window.changes_at(until, now);
            }
        }
        let (mut elements, mut missing) = (vec![], vec![]);
        for kind in LabelKind::ALL {
            match self.label(place, kind, now) {
                Some(label) => elements.push((kind, label.element.clone())),
                None if LabelKind::MANDATORY.contains(&kind) => missing.push(kind),
                None => {}
            }
        }
        Share {
            written: bed.written,
            counted: (!self.tree.in_shadow(&place.id)).then(|| self.state(place, now, cutoff)),
            elements,
            missing,
        }
    }

    /// Takes what a bed adds out of its site's sums, as it stands before a change.
    pub(super) fn take_out(&mut self, bed: &PlaceId) {
        self.shift(bed, |kept, share, _| kept.sums.take(&share));
    }

    /// Adds to the sums of its site what a bed comes to after a change.
    pub(super) fn put_in(&mut self, bed: &PlaceId) {
        self.shift(bed, |kept, share, window| {
            kept.sums.add(share);
            kept.window.narrow(window);
        });
    }

    fn shift(&mut self, bed: &PlaceId, how: impl Fn(&mut Kept, Share, &Window)) {
        let Some(node) = self
            .tree
            .node(bed)
            .filter(|node| self.tree.is_bed(&node.place))
            .cloned()
        else {
            return;
        };
        for site in self.tree.counting(bed) {
            let Some((now, cutoff)) = self.kept(&site).map(|kept| (kept.now, kept.cutoff)) else {
                continue;
            };
            let mut window = Window::default();
            let share = self.share(&node, now, cutoff, &mut window);
            if let Some(kept) = self
                .sites
                .get_mut(&site)
                .and_then(|site| Arc::make_mut(site).kept.as_mut())
            {
                how(kept, share, &window);
            }
        }
    }

    /// The sums of these sites have to be added up anew.
    pub(super) fn spoil(&mut self, sites: &[PlaceId]) {
        for site in sites {
            if let Some(site) = self.sites.get_mut(site).filter(|site| site.kept.is_some()) {
                Arc::make_mut(site).kept = None;
            }
        }
    }
}
