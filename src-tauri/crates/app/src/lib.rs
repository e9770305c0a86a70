//! The use cases of the desk: follow the feed, reconcile, label, announce, acknowledge. No window, no Tauri.
//!
//! The engine owns the state and publishes it as a [`Moment`]; every feature is a room, a folder with its state, its
//! intents, its view and its tests, of which the rest of the house sees the front door (`mod.rs`) only.

// What all rooms stand on.
pub mod access;
pub mod assets;
pub mod clock;
pub mod drive_times;
pub mod effect;
pub mod engine;
pub mod error;
mod export;
pub mod health;
pub mod moment;
pub mod records;
pub mod report;
pub mod supervise;
pub mod text;

// The rooms.
pub mod alarms;
pub mod beds;
pub mod confirmations;
pub mod data_quality;
pub mod frame;
pub mod journal;
pub mod labels;
pub mod location;
pub mod outbox;
pub mod region;
pub mod settings;
pub mod sources;
pub mod stops;
pub mod storage;
pub mod worklist;

// What a screen can ask of them.
pub mod commands;

#[cfg(test)]
mod bindings;

pub use clock::{Clock, SystemClock};
pub use engine::{Engine, Handle, Identity, Paths};
pub use error::{AppError, ErrorCode};
pub use moment::Moment;
