//! The use cases of the desk: follow the feed, reconcile, label, announce, acknowledge. No window, no Tauri.

pub mod account;
pub mod alarms;
pub mod assets;
pub mod audit;
pub mod clock;
pub mod codes;
pub mod conditions;
pub mod confirmations;
mod data_folder;
pub mod defects;
pub mod deliver;
pub mod desk;
pub mod dry_run;
pub mod error;
pub mod folder;
pub mod follow;
pub mod import;
pub mod label_export;
pub mod labels;
mod operator;
pub mod outbox;
pub mod overlay;
pub mod report;
pub mod rules;
pub mod secrets;
pub mod sets;
pub mod source;
pub mod stops;
pub mod tiles;
pub mod view;

pub use clock::{Clock, SystemClock};
pub use desk::{Desk, Identity, Paths};
pub use error::{AppError, ErrorCode};
