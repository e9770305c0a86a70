//! Every bed of a location on one screen, and everything about one bed.

mod bed;
mod view;

pub use bed::{BedView, LabelStack, Span, view as bed};
pub(crate) use view::name_with_shadow;
pub use view::{BedCell, BedsView, Room, Ward, view};
