//! `PractitionerRole` without a practitioner: the telephone of a function, never of a person.

use super::{
    encode::{reference, telecom},
    healthcare_service::{available_time, opening_hours},
    profile::Profile,
    reader::{Findings, Reader, phone_of, places},
    wire::{Resource, code_in},
};
use crate::privacy::clean_text;
use domain::{contact::Contact, region::Fact};
use serde_json::{Value, json};

impl Reader<'_> {
    pub(super) fn contact(&self, r: &Resource, found: &mut Findings) -> Fact {
        let coding = code_in(r.code.as_slice(), self.profile.system("contactrol"));
        let Some(role) = coding.and_then(|c| c.code.clone()) else {
            return Fact::Other;
        };
        Fact::Contact(Contact {
            sites: places(&r.location),
            organization: r
                .organization
                .as_ref()
                .and_then(|o| o.id("Organization"))
                .map(Into::into),
            hours: opening_hours(r, found),
            display: clean_text(coding.and_then(|c| c.display.as_deref()).unwrap_or(&role)),
            role,
            phone: phone_of(r),
        })
    }
}

pub(super) fn contact(c: &Contact, profile: &Profile) -> Value {
    json!({
        "resourceType": "PractitionerRole",
        "active": true,
        "location": c.sites.iter().map(|p| reference("Location", p.as_str())).collect::<Vec<_>>(),
        "code": [{ "coding": [{ "system": profile.system("contactrol"), "code": c.role, "display": c.display }] }],
        "organization": c.organization.as_ref().map(|o| reference("Organization", o.as_str())),
        "telecom": telecom(c.phone.as_ref()),
        "availableTime": available_time(&c.hours),
    })
}
