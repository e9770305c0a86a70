//! What a moment says of its sources.

use super::state::{Link, PRACTICE, Source};
use crate::{moment::Moment, say};
use domain::{
    ids::{source_of, within},
    place::Place,
};
use feed::fhir::visibility::Own;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

impl Moment {
    pub fn sources(&self) -> &[Source] {
        self.sources.as_slice()
    }

    /// Whether what is on the screen is only practised.
    pub fn is_practice(&self) -> bool {
        self.sources.iter().any(|s| s.settings.address == PRACTICE)
    }

    /// A source by its key.
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.settings.key == key)
    }

    /// How the connection of the source stands that something comes from.
    pub fn link_of(&self, id: &str) -> &Link {
        self.source(source_of(id)).map_or(&Link::None, Source::link)
    }

    /// What belongs to this account's organisations at a source.
    pub(crate) fn own(&self, key: &str) -> Own {
        let organizations = self.source(key).map_or(&[][..], |s| &s.settings.own_organizations);
        if organizations.is_empty() {
            return Own::default();
        }
        let ours: BTreeSet<String> = organizations.iter().map(|id| within(key, id)).collect();
        let is_ours = |p: &&Place| p.organization.as_ref().is_some_and(|o| ours.contains(o.as_str()));
        let places = self.region.places().filter(is_ours).map(|p| p.id.0.clone());
        Own::new(key, organizations, places)
    }

    /// A name for people: what the source calls its region, else its host or folder.
    pub fn source_name(&self, source: &Source) -> String {
        let key = &source.settings.key;
        let region = self.region.organizations.iter();
        let region = region.filter(|(id, o)| o.jurisdiction && source_of(id.as_str()) == key);
        let address = &source.settings.address;
        region.map(|(_, o)| o.name.clone()).next().unwrap_or_else(|| {
            let host = url::Url::parse(address)
                .ok()
                .and_then(|u| u.host_str().map(str::to_owned));
            let folder = source.folder().and_then(|f| f.file_name());
            host.or_else(|| folder.map(|f| say!(self.language, SourceFolder, name = f.to_string_lossy())))
                .unwrap_or_else(|| address.clone())
        })
    }

    /// Whether the clock of some source differs from ours by less than that; what no source said is not known.
    pub(crate) fn a_source_agrees_within(&self, limit: SignedDuration) -> bool {
        let mut skews = self.sources.iter().filter_map(|s| s.clock_skew);
        skews.any(|skew| skew.abs() < limit)
    }

    /// When the whole picture that is shown was complete, of the source that is furthest behind.
    pub(crate) fn complete_at(&self) -> Option<Timestamp> {
        self.sources.iter().map(Source::complete_at).min().flatten()
    }

    /// When something was last heard of every source.
    pub(crate) fn heard_at(&self) -> Option<Timestamp> {
        self.sources.iter().map(Source::heard_at).min().flatten()
    }
}
