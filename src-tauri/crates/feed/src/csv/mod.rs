//! The CSV delivery: a hospital's own five-minute file (wire-format.md 5).

pub mod deliver;
pub mod mapping;
mod read;

pub use read::{Unreadable, decode, headers};
