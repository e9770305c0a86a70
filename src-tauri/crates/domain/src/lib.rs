//! The words and rules of regional bed capacity, as pure values and functions.
//!
//! Nothing here reads a clock, a file or a socket: what decides takes its inputs as values, so that every rule can be
//! tested as a sentence. The rules and their sources are those of the LPZ working agreements of the Zwolle acute-care
//! region (2021) and of the papers named beside each formula.

pub mod alarms;
pub mod busyness;
pub mod capacity;
pub mod freshness;
pub mod ids;
pub mod labels;
pub mod place;
pub mod region;
pub mod stops;

pub use alarms::AlarmId;
pub use capacity::{bed, calendar, confirmation, count};
pub use count::Count;
pub use ids::{ElementCode, OrganizationId, PlaceId, ServiceCode, SourceKey, StopId};
pub use labels::{codelist, label, label_set};
pub use place::{contact, drive_times, travel};
pub use stops::{service_day, stop};
