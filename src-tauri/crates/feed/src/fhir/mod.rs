//! FHIR R4: what travels between a regional server and this desk. One file a resource, reading and writing together.
//!
//! Reading yields facts beside their raw text, and issues; it never guesses:
//!
//! ```
//! use domain::region::Fact;
//! use feed::{Change, Profile, fhir::bundle::reader};
//!
//! let bundle = r#"{
//!   "resourceType": "Bundle", "type": "searchset",
//!   "entry": [
//!     { "resource": { "resourceType": "Location", "id": "b1", "name": "Bed 1", "status": "active",
//!         "physicalType": { "coding": [{ "code": "bd" }] },
//!         "operationalStatus": { "code": "U" }, "partOf": { "reference": "Location/room-1" } } },
//!     { "resource": { "resourceType": "Location", "id": 7 } }
//!   ] }"#;
//! let profile = Profile::shipped()?;
//! let received = "2026-11-22T03:00:00Z".parse()?;
//! let reading = reader(&profile, received).json(bundle)?;
//!
//! let [Change::Put { head, fact: Fact::Place(bed), .. }] = reading.changes.as_slice() else {
//!     panic!("one bed was understood");
//! };
//! assert_eq!(head.key.to_string(), "place/b1");
//! assert_eq!(bed.operational_status.as_deref(), Some("U"));
//! assert_eq!(reading.refused.len(), 1, "the other one is listed, with what was delivered");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`sync`] follows a server, [`write`] changes what it has, [`subscription`] hears of changed stops early.

mod basic_acknowledgement;
mod basic_confirmation;
pub mod basic_label;
pub mod bundle;
pub mod client;
pub mod code_system;
mod delivery;
pub mod encode;
pub mod flag;
mod healthcare_service;
pub mod kinds;
mod location;
mod measure_report;
mod observation;
mod organization;
mod practitioner_role;
pub mod profile;
pub mod reader;
mod schedule_slot;
mod server_quirks;
pub mod subscription;
pub mod sync;
pub mod visibility;
pub mod wire;
pub mod write;
