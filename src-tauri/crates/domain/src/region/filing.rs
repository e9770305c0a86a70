//! Which facts belong to which site. Kept up with every change, so that a question about a site asks no other's facts.

use super::{records::Groups, tree::Tree};
use crate::ids::PlaceId;
use imbl::OrdMap;
use std::{collections::BTreeSet, sync::Arc};

/// What a fact that names a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Filed {
    Point,
    Stop,
    Report,
    Measurement,
    Process,
}

/// The facts that name a place, and where that place lies.
#[derive(Clone, Debug, Default)]
struct Folder {
    facts: BTreeSet<(Filed, String)>,
    site: Option<PlaceId>,
    /// The places on which `site` depends.
    path: Vec<PlaceId>,
}

/// Facts by the place that they name, and those places by their site. Few places are named by a fact (a site, its
/// emergency department), so that what moves in the tree moves few folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Filing {
    folders: OrdMap<PlaceId, Arc<Folder>>,
    on_path: Groups<PlaceId, PlaceId>,
    of_site: Groups<PlaceId, PlaceId>,
}

impl Filing {
    /// The site of a place that a fact names.
    pub(super) fn site(&self, place: &PlaceId) -> Option<&PlaceId> {
        self.folders.get(place)?.site.as_ref()
    }

    /// The facts that name a place itself, in order.
    pub(super) fn at(&self, place: &PlaceId, what: Filed) -> impl Iterator<Item = &str> {
        let facts = self.folders.get(place).into_iter().flat_map(|folder| &folder.facts);
        facts.filter(move |(w, _)| *w == what).map(|(_, id)| id.as_str())
    }

    /// The facts that name a place of a site, in order.
    pub(super) fn of_site(&self, site: &PlaceId, what: Filed) -> BTreeSet<&str> {
        self.of_site
            .of(site)
            .iter()
            .flat_map(|place| self.at(place, what))
            .collect()
    }

    pub(super) fn add(&mut self, tree: &Tree, place: &PlaceId, what: Filed, id: &str) {
        // Asked first, since looking for what is not there would copy what is shared.
        match self
            .folders
            .contains_key(place)
            .then(|| self.folders.get_mut(place))
            .flatten()
        {
            Some(folder) => drop(Arc::make_mut(folder).facts.insert((what, id.to_owned()))),
            None => {
                let folder = Folder {
                    facts: BTreeSet::from([(what, id.to_owned())]),
                    ..Folder::default()
                };
                self.folders.insert(place.clone(), Arc::new(folder));
                self.file(tree, place);
            }
        }
    }

    pub(super) fn take(&mut self, place: &PlaceId, what: Filed, id: &str) {
        let Some(folder) = self.folders.get_mut(place) else {
            return;
        };
        let folder = Arc::make_mut(folder);
        folder.facts.remove(&(what, id.to_owned()));
        if folder.facts.is_empty() {
            self.unfile(place);
            self.folders.remove(place);
        }
    }

    /// Files anew what depends on a place that came, went or moved. Returns the sites that lost or gained by it.
    pub(super) fn moved(&mut self, tree: &Tree, changed: &PlaceId) -> BTreeSet<PlaceId> {
        let mut sites = BTreeSet::new();
        for place in self.on_path.of(changed).to_vec() {
            let before = self.unfile(&place);
            let after = self.file(tree, &place);
            if before != after {
                sites.extend(before.into_iter().chain(after));
            }
        }
        sites
    }

    fn file(&mut self, tree: &Tree, place: &PlaceId) -> Option<PlaceId> {
        let (site, path) = (tree.site_of(place).cloned(), tree.path(place));
        for at in &path {
            self.on_path.add(at, place.clone());
        }
        if let Some(site) = &site {
            self.of_site.add(site, place.clone());
        }
        if let Some(folder) = self.folders.get_mut(place) {
            let folder = Arc::make_mut(folder);
            folder.site.clone_from(&site);
            folder.path = path;
        }
        site
    }

    fn unfile(&mut self, place: &PlaceId) -> Option<PlaceId> {
        let folder = self.folders.get_mut(place).map(Arc::make_mut)?;
        let (site, path) = (folder.site.take(), std::mem::take(&mut folder.path));
        for at in &path {
            self.on_path.take(at, place);
        }
        if let Some(site) = &site {
            self.of_site.take(site, place);
        }
        site
    }
}
