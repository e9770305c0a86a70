//! FHIR R4: what travels between a regional server and this desk (one file a resource, reading and writing together).

pub mod basic_confirmation;
pub mod bundle;
pub mod client;
pub mod encode;
mod flag;
pub mod kinds;
mod location;
mod observation;
pub mod profile;
pub mod reader;
pub mod subscription;
pub mod sync;
pub mod visibility;
pub mod wire;
