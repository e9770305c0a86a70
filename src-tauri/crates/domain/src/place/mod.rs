//! Sites, departments, rooms and beds, as one tree of places.

pub mod contact;
pub mod drive_times;
pub mod travel;

use crate::{
    ids::{ElementCode, OrganizationId, PlaceId},
    label::{DeliveredLabel, LabelKind},
    travel::Position,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a place is (codes si, wa, ro, bd).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// The unit of everything: account, stops, beds, profile.
    Site,
    Department,
    Room,
    Bed,
    /// Another or no physical type; kept, with the code as delivered.
    Other(String),
}

/// A place in a hospital, as its source delivers it. Every field beyond the id may be missing: absent is unknown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub id: PlaceId,
    pub kind: PlaceKind,
    #[serde(default)]
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<PlaceId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// v3-RoleCode codes: HOSP, ER, ICU, CCU, HU, PEDU, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// As delivered: active, suspended, inactive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// HL7 v2 table 0116 code as delivered: C, H, I, K, O, U.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operational_status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Period>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<DeliveredLabel>,
    /// Beds that the site keeps out of its offer, an element at a time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The custodian's own identifier, `system|value`; two beds with the same one are one bed in two places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// In shadow running: for its own organisation's eyes, in no total and no alarm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
}

impl Place {
    /// A place of which only this much is known.
    pub fn new(id: PlaceId, kind: PlaceKind, name: &str, part_of: Option<PlaceId>) -> Self {
        Self {
            id,
            kind,
            name: name.to_owned(),
            alias: None,
            part_of,
            organization: None,
            roles: vec![],
            status: None,
            operational_status: None,
            reservation: None,
            blocked_reason: None,
            labels: vec![],
            thresholds: vec![],
            position: None,
            phone: None,
            identifier: None,
            shadow: false,
        }
    }
}

/// A time span; a missing side is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
}

/// How many beds of an element a site holds back (drempelwaarde, domain.md 2.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    pub kind: LabelKind,
    pub element: ElementCode,
    pub beds: u32,
}

/// A hospital organisation or a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    pub id: OrganizationId,
    pub name: String,
    /// A jurisdiction (ROAZ region) rather than a hospital.
    #[serde(default)]
    pub jurisdiction: bool,
}
