//! Sending what people did: once, in order, and with a reason where it does not go.

mod intents;
mod send;
mod state;
mod view;

pub use send::send;
pub(crate) use state::stop_deadline;
pub use state::{Sent, UnsentStop};
