//! Capacity sources: reading FHIR R4 and the CSV delivery into facts, following a server, writing back to it.
//!
//! Nothing is decided here: what a change means is `app`'s. What is not understood is kept as it was delivered, beside
//! a problem that says where and why. Patient data never gets past `privacy`.

pub mod bundle;
pub mod client;
pub mod confirmation;
pub mod csv;
pub mod encode;
pub mod kinds;
pub mod mapping;
pub mod news;
pub mod parse;
pub mod privacy;
pub mod problem;
pub mod profile;
pub mod sign_in;
pub mod sync;
pub mod wire;

pub use mapping::Mapping;
pub use problem::{Change, Head, Problem, Reading};
pub use profile::Profile;
