//! Reservations that a source keeps beside the bed: a calendar of beds, and its slots.

use crate::{ids::PlaceId, place::Period};
use serde::{Deserialize, Serialize};

/// Whose time a calendar keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    pub beds: Vec<PlaceId>,
}

/// A span in a calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The source's id of the calendar.
    pub calendar: String,
    /// Not free: the bed is meant for somebody.
    pub held: bool,
    pub period: Period,
}
