//! What was delivered wrongly, incompletely or not understandably.

mod view;

pub use view::{Defect, DefectGroup, defects, export, view};
