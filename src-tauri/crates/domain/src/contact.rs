//! Function phones: whom to call at a site. Never a person (NL-GF), always a role.

use crate::ids::PlaceId;
use serde::{Deserialize, Serialize};

/// A role that can be called at some sites; `role` is one of the 13 contact types of domain.md 2.8, as a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub sites: Vec<PlaceId>,
    pub role: String,
    pub display: String,
    pub phone: Option<String>,
}
