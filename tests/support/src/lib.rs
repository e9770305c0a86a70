//! What tests of a desk stand on: a region to deliver, built through feed's own encoder, and a desk to deliver it to.
//!
//! Everything that knows how a desk is opened and how a delivery reaches it is in [`desk`], so that it changes in one place.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up must stop"
)]

pub mod desk;
pub mod machine;
pub mod region;
pub mod running;
pub mod watch;

pub use desk::{
    NIGHT, OPERATOR, TestDesk, WORKSTATION, brought, deliver, deliver_from, delivered, delivery, night_clock,
    open_desk, open_desk_of, seh_stop,
};
pub use machine::NoMachine;
pub use region::{Bed, Region, Stop};
pub use running::{RunningDesk, Steps};
pub use watch::Watch;
