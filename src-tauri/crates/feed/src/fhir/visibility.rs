//! Who may see a resource: everybody, its own organisation only, or nobody whose code we do not know.

use crate::{fhir::profile::Profile, fhir::wire::Resource};
use domain::ids::within;
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// What belongs to the organisations of this account.
#[derive(Debug, Default)]
pub struct Own {
    organizations: BTreeSet<String>,
    /// Grows while a delivery is read, since what is said of a place follows the place.
    places: Mutex<BTreeSet<String>>,
}

impl Own {
    /// Of a source by its key: organisations as the source spells them, and the places of theirs that are known.
    pub fn new(source: &str, organizations: &[String], places: impl IntoIterator<Item = String>) -> Self {
        Self {
            organizations: organizations.iter().map(|id| within(source, id)).collect(),
            places: Mutex::new(places.into_iter().collect()),
        }
    }

    fn has(&self, r: &Resource) -> bool {
        let of = [&r.managing_organization, &r.provided_by, &r.organization];
        let mut organizations = of.into_iter().flatten().filter_map(|o| o.id("Organization"));
        let of_ours = organizations.any(|id| self.organizations.contains(id));
        let itself = r.id.as_deref().unwrap_or("");
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let at_ours = r
            .subject
            .iter()
            .chain(&r.part_of)
            .filter_map(|s| s.id("Location"))
            .any(|id| places.contains(id));
        let ours = of_ours || at_ours || (r.resource_type == "Organization" && self.organizations.contains(itself));
        if ours && r.resource_type == "Location" {
            places.insert(itself.to_owned());
        }
        ours
    }
}

/// Why a resource may not be shown here.
pub(super) fn hidden(r: &Resource, profile: &Profile, own: Option<&Own>) -> Option<String> {
    // Asked of every resource: also a visible place tells which places are ours.
    let ours = own.is_some_and(|own| own.has(r));
    let code = code(r, profile)?;
    let shown = match code {
        "regio" | "landelijk" => true,
        "eigen" => ours,
        // A stop that is only tried out must not look like one.
        "schaduw" => ours && r.resource_type != "Flag",
        _ => false,
    };
    (!shown).then(|| format!("zichtbaarheid {code:?}: niet voor deze werkplek"))
}

pub(super) fn is_shadow(r: &Resource, profile: &Profile) -> bool {
    code(r, profile) == Some("schaduw")
}

fn code<'r>(r: &'r Resource, profile: &Profile) -> Option<&'r str> {
    let system = profile.system("zichtbaarheid");
    let found = r.meta.security.iter().find(|c| c.system.as_deref() == Some(system))?;
    Some(found.code.as_deref().unwrap_or(""))
}
