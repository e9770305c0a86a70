//! `Organization`: hospitals, and the region that they belong to.

use super::{
    reader::{Reader, name_of},
    wire::Resource,
};
use crate::reading::Head;
use domain::place::Organization;
use serde_json::{Value, json};

impl Reader<'_> {
    pub(super) fn organization(&self, head: &Head, r: &Resource) -> Organization {
        Organization {
            id: head.key.id.as_str().into(),
            name: name_of(r).unwrap_or_else(|| head.key.id.clone()),
            jurisdiction: r
                .r#type
                .as_slice()
                .iter()
                .flat_map(|t| &t.coding)
                .any(|c| c.code.as_deref() == Some("jurisdiction")),
        }
    }
}

pub(super) fn organization(o: &Organization) -> Value {
    let code = if o.jurisdiction {
        json!({ "system": "https://profiles.ihe.net/ITI/mCSD/CodeSystem/MCSDOrganizationLocationTypes", "code": "jurisdiction" })
    } else {
        json!({ "system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "prov" })
    };
    json!({ "resourceType": "Organization", "active": true, "type": [{ "coding": [code] }], "name": o.name })
}
