//! Whom one can call at a site, and who is on duty there.

use super::{Region, records::Groups};
use crate::{
    contact::Contact,
    ids::{OrganizationId, PlaceId},
};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeSet;

/// Contacts by the sites that they name, and by their organisation where they name none.
#[derive(Clone, Debug, Default)]
pub(super) struct Callable {
    at_site: Groups<PlaceId, String>,
    at_organization: Groups<OrganizationId, String>,
}

impl Callable {
    pub(super) fn add(&mut self, id: &str, contact: &Contact) {
        for site in &contact.sites {
            self.at_site.add(site, id.to_owned());
        }
        if let (true, Some(organization)) = (contact.sites.is_empty(), &contact.organization) {
            self.at_organization.add(organization, id.to_owned());
        }
    }

    pub(super) fn take(&mut self, id: &str, contact: &Contact) {
        let id = id.to_owned();
        for site in &contact.sites {
            self.at_site.take(site, &id);
        }
        if let (true, Some(organization)) = (contact.sites.is_empty(), &contact.organization) {
            self.at_organization.take(organization, &id);
        }
    }
}

impl Region {
    /// Whom one can call at a site.
    pub fn contacts_of<'a>(&'a self, site: &'a PlaceId) -> impl Iterator<Item = &'a Contact> {
        let organization = self.place(site).and_then(|s| s.organization.as_ref());
        let of_organization = organization.map_or(&[][..], |o| self.callable.at_organization.of(o));
        let ids: BTreeSet<&String> = self.callable.at_site.of(site).iter().chain(of_organization).collect();
        ids.into_iter().filter_map(|id| self.contacts.get(id))
    }

    /// Whom to call at a site at this hour: by role, then who says that this is their shift.
    pub fn on_duty<'a>(&'a self, site: &'a PlaceId, now: Timestamp, zone: &TimeZone) -> Option<&'a Contact> {
        const ROLES: [&str; 3] = ["regiehouder-seh", "contact-stop", "beddencoordinator"];
        self.contacts_of(site)
            .filter(|c| c.phone.is_some() && c.hours.open_at(now, zone))
            .filter_map(|c| Some((ROLES.iter().position(|r| *r == c.role)?, c)))
            .min_by_key(|(rank, c)| (*rank, c.hours.spans.is_empty()))
            .map(|(_, c)| c)
    }

    /// The phone of who is on duty at the site, else of the service, else of the site.
    pub fn phone(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Option<String> {
        self.on_duty(site, now, zone)
            .and_then(|c| c.phone.clone())
            .or_else(|| {
                self.points_of(site)
                    .filter(|p| p.service.is_seh())
                    .find_map(|p| p.phone.clone())
            })
            .or_else(|| self.place(site).and_then(|p| p.phone.clone()))
    }
}
