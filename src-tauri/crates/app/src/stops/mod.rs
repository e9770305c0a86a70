//! Announcing and lifting stops.

mod intents;
mod view;

pub use intents::{StopLevelChoice, StopRequest};
pub use view::{Choice, Drive, OtherSeh, StopOutlook, stop_outlook as outlook};
