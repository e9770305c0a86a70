//! Function phones: whom to call at a site. Never a person (NL-GF), always a role.

use crate::{
    ids::{OrganizationId, PlaceId},
    service_day::OpeningHours,
};
use serde::{Deserialize, Serialize};

/// A role that can be called at some sites; `role` is one of the 13 contact types of domain.md 2.8, as a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub sites: Vec<PlaceId>,
    /// Whose every site it is, where no site is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    pub role: String,
    pub display: String,
    pub phone: Option<String>,
    /// When this phone is answered; no hours means that nothing is known of them.
    #[serde(default)]
    pub hours: OpeningHours,
}
