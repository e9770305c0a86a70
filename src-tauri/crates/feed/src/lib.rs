//! Capacity sources: reading FHIR R4 and the CSV delivery into facts, following a server, writing back to it.
//!
//! Nothing is decided here: what a change means is `app`'s. What is not understood is kept as it was delivered, beside
//! a problem that says where and why. Patient data never gets past `privacy`.

pub mod auth;
pub mod csv;
pub mod fhir;
pub mod privacy;
pub mod reading;

pub use csv::mapping::Mapping;
pub use fhir::profile::Profile;
pub use reading::{Change, Head, Problem, Reading};
