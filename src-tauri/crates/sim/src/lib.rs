//! A simulated region behind a real FHIR R4 HTTP interface: practice mode, tests, load. Seeded and deterministic.

pub mod http;
pub mod layout;
pub mod repository;
pub mod scenario;
pub mod seh;
mod subscriptions;
pub mod world;

pub use http::{Practice, Setup};
pub use scenario::Scenario;
pub use subscriptions::SubscriptionSupport;
pub use world::World;
