//! The audit trail.

mod view;

pub use view::{AuditRow, trail};
