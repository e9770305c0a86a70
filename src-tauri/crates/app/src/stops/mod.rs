//! Announcing and lifting stops.

mod intents;
mod view;

pub use intents::{StopLevelChoice, StopRequest};
pub use view::{Choice, OtherSeh, StopOutlook, stop_outlook as outlook};
