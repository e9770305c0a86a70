//! The region at a glance: a tile a location, in the order that a person chose.

mod intents;
mod tiles;
mod view;

pub use tiles::{MOST_ROWS, RowChoice, TileChoice};
pub use view::{CapacityRow, Meter, Point, RegionTotal, RegionView, SehCount, SehStatus, Tile, view};
pub(crate) use view::{capacity_rows, meter, seh_status};
