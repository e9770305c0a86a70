//! Capacity sources: reading FHIR R4 and the CSV delivery into facts, following a server, writing back to it.
//!
//! Nothing is decided here: what a change means is `app`'s. What is not understood is kept as it was delivered, beside
//! an issue that says where and why. Patient data never gets past `privacy`.
//!
//! - [`fhir`]: what travels between a regional server and a desk;
//! - [`csv`]: a hospital's own file, read through a mapping, and delivered to a regional server;
//! - [`auth`]: who asks.

pub mod auth;
pub mod csv;
pub mod data_quality;
mod error;
pub mod fhir;
pub mod privacy;
pub mod reading;

pub use csv::mapping::Mapping;
pub use data_quality::{Issue, IssueCode};
pub use error::{FeedError, FeedErrorCode};
pub use fhir::profile::Profile;
pub use reading::{Change, Head, Reading};
