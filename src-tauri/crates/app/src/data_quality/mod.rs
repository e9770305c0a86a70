//! What was delivered wrongly, incompletely or not understandably.

mod view;

pub use view::{DataQualityIssue, DataQualityIssueGroup, defects, export, view};
