//! Numbers that a person confirmed by telephone.

mod intents;
mod state;
mod view;

pub use state::{ConfirmRequest, OwnConfirmation};
