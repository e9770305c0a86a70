//! The tree of places: what lies in what, and which sites a place belongs to.

use super::records::Groups;
use crate::{
    ids::{PlaceId, source_of},
    place::{Place, PlaceKind},
};
use imbl::{OrdMap, OrdSet};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Arc};

/// A place, and when its newest version was written at its source.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) written: Timestamp,
}

/// The places by their ids. A source can deliver a circle, a ward as a bed, or a bed before its ward.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: OrdMap<PlaceId, Arc<Node>>,
    /// Also of places that were not delivered, or not yet.
    children: Groups<PlaceId, PlaceId>,
    pub(super) sites: OrdSet<PlaceId>,
    /// The sites that are part of something, which is rare: what happens above them concerns them too.
    inner: OrdSet<PlaceId>,
    /// Sites by their name in lower case, and by their identifier: who looks for the same one asks no others.
    by_name: Groups<String, PlaceId>,
    by_identifier: Groups<String, PlaceId>,
}

/// How far up a place's site, ward or shadow is looked for.
const DEPTH: usize = 16;

impl Tree {
    pub(super) fn node(&self, id: &PlaceId) -> Option<&Arc<Node>> {
        self.nodes.get(id)
    }

    pub(super) fn place(&self, id: &PlaceId) -> Option<&Place> {
        self.nodes.get(id).map(|node| &node.place)
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.nodes.values().map(|node| &node.place)
    }

    pub(super) fn children(&self, id: &PlaceId) -> impl Iterator<Item = &Place> {
        self.children.of(id).iter().filter_map(|child| self.place(child))
    }

    pub(super) fn has_children(&self, id: &PlaceId) -> bool {
        self.children.has(id)
    }

    /// Puts a place in the place of an older version, and returns that.
    pub(super) fn insert(&mut self, place: Place, written: Timestamp) -> Option<Arc<Node>> {
        let (id, part_of) = (place.id.clone(), place.part_of.clone());
        let site = (place.kind == PlaceKind::Site).then(|| (place.name.to_ascii_lowercase(), place.identifier.clone()));
        let old = self.nodes.insert(id.clone(), Arc::new(Node { place, written }));
        if let Some(old) = &old {
            if old.written > written
                && let Some(node) = self.nodes.get_mut(&id)
            {
                Arc::make_mut(node).written = old.written;
            }
            if old.place.kind == PlaceKind::Site {
                self.forget_site(&old.place);
            }
        }
        let parent_before = old.as_ref().and_then(|old| old.place.part_of.as_ref());
        if parent_before != part_of.as_ref() || old.is_none() {
            if let Some(parent) = parent_before {
                self.children.take(parent, &id);
            }
            if let Some(parent) = &part_of {
                self.children.add(parent, id.clone());
            }
        }
        if let Some((name, identifier)) = site {
            self.by_name.add(&name, id.clone());
            if let Some(identifier) = identifier {
                self.by_identifier.add(&identifier, id.clone());
            }
            if part_of.is_some() {
                self.inner.insert(id.clone());
            }
            self.sites.insert(id);
        }
        old
    }

    pub(super) fn remove(&mut self, id: &PlaceId) -> Option<Arc<Node>> {
        let old = self.nodes.remove(id)?;
        if let Some(parent) = &old.place.part_of {
            self.children.take(parent, id);
        }
        if old.place.kind == PlaceKind::Site {
            self.forget_site(&old.place);
        }
        Some(old)
    }

    fn forget_site(&mut self, site: &Place) {
        self.sites.remove(&site.id);
        if site.part_of.is_some() {
            self.inner.remove(&site.id);
        }
        self.by_name.take(&site.name.to_ascii_lowercase(), &site.id);
        if let Some(identifier) = &site.identifier {
            self.by_identifier.take(identifier, &site.id);
        }
    }

    /// A place and what it lies in, from the inside out.
    fn upward<'a>(&'a self, id: &'a PlaceId) -> impl Iterator<Item = &'a Place> {
        let mut at = Some(id);
        std::iter::from_fn(move || {
            let place = self.place(at?)?;
            at = place.part_of.as_ref();
            Some(place)
        })
        .take(DEPTH)
    }

    pub(super) fn site_of<'a>(&'a self, id: &'a PlaceId) -> Option<&'a PlaceId> {
        self.above(id, &PlaceKind::Site).map(|site| &site.id)
    }

    pub(super) fn above<'a>(&'a self, id: &'a PlaceId, kind: &PlaceKind) -> Option<&'a Place> {
        self.upward(id).find(|place| &place.kind == kind)
    }

    pub(super) fn in_shadow(&self, id: &PlaceId) -> bool {
        self.upward(id).any(|place| place.shadow)
    }

    /// The places on which it depends what the site of `id` is: up to the first site, or the first that is missing.
    pub(super) fn path(&self, id: &PlaceId) -> Vec<PlaceId> {
        let mut path = vec![id.clone()];
        for place in self.upward(id) {
            match &place.part_of {
                Some(parent) if place.kind != PlaceKind::Site => path.push(parent.clone()),
                Some(_) | None => break,
            }
        }
        path
    }

    /// A place and all that it lies in, however deep, as [`Tree::beds`] looks from above.
    fn chain<'a>(&'a self, id: &PlaceId) -> Vec<&'a Place> {
        let mut chain: Vec<&Place> = vec![];
        let mut at = self.place(id);
        while let Some(place) = at.filter(|place| !chain.iter().any(|seen| seen.id == place.id)) {
            chain.push(place);
            at = place.part_of.as_ref().and_then(|parent| self.place(parent));
        }
        chain
    }

    /// Every site that counts the beds of a place, which is one but for a site inside another.
    pub(super) fn counting(&self, id: &PlaceId) -> Vec<PlaceId> {
        let chain = self.chain(id).into_iter();
        chain
            .filter(|p| p.kind == PlaceKind::Site)
            .map(|p| p.id.clone())
            .collect()
    }

    /// Every site that can count otherwise when a place comes, goes, moves or casts a shadow: those above and below.
    pub(super) fn concerned(&self, id: &PlaceId) -> Vec<PlaceId> {
        let mut sites = self.counting(id);
        let below = self
            .inner
            .iter()
            .filter(|site| self.chain(site).iter().any(|above| above.id == *id));
        sites.extend(below.cloned());
        sites
    }

    /// A bed that counts: not a ward sent as a bed, and not given up.
    pub(super) fn is_bed(&self, place: &Place) -> bool {
        place.kind == PlaceKind::Bed && place.status.as_deref() != Some("inactive") && !self.children.has(&place.id)
    }

    pub(super) fn beds(&self, under: &PlaceId) -> Vec<&Arc<Node>> {
        let mut beds = vec![];
        let mut todo = vec![under];
        let mut seen = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            for node in self.children.of(id).iter().filter_map(|child| self.nodes.get(child)) {
                if node.place.kind == PlaceKind::Bed && !self.children.has(&node.place.id) {
                    if node.place.status.as_deref() != Some("inactive") {
                        beds.push(node);
                    }
                } else {
                    todo.push(&node.place.id);
                }
            }
        }
        beds.sort_by(|a, b| a.place.id.cmp(&b.place.id));
        beds
    }

    /// The same site as the earliest source delivers it that knows it, by its identifier or its name; nothing where no
    /// earlier source does.
    pub(super) fn first_copy(&self, site: &Place) -> Option<&Place> {
        let same_name = self.by_name.of(&site.name.to_ascii_lowercase());
        let same_identifier = site.identifier.as_ref().map_or(&[][..], |i| self.by_identifier.of(i));
        same_name
            .iter()
            .chain(same_identifier)
            .filter(|other| source_of(other.as_str()) < source_of(site.id.as_str()))
            .filter_map(|other| self.place(other))
            .filter(|other| other.status.as_deref() != Some("inactive"))
            .min_by_key(|other| source_of(other.id.as_str()))
    }
}
