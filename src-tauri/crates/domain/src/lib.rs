//! The words and rules of regional bed capacity, as pure values and functions.
//!
//! Nothing here reads a clock, a file or a socket: what decides takes its inputs as values, so that every rule can be
//! tested as a sentence. The rules and their sources are those of the LPZ working agreements of the Zwolle acute-care
//! region (2021) and of the papers named beside each formula.

pub mod alarms;
pub mod bed;
pub mod busyness;
pub mod calendar;
pub mod capacity;
pub mod codelist;
pub mod confirmation;
pub mod contact;
pub mod count;
pub mod freshness;
pub mod ids;
pub mod label;
pub mod label_set;
pub mod place;
pub mod region;
pub mod service_day;
pub mod stop;
pub mod travel;

/// The name of before, for code that has not moved yet.
pub use alarms as alarm;
pub use alarms::AlarmId;
pub use count::Count;
pub use ids::{ElementCode, OrganizationId, PlaceId, ServiceCode, SourceKey, StopId};
