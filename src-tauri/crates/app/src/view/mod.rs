//! What the screens receive. Everything is computed here; the screen draws it and sends back intents.

mod alarm_metrics;
mod bed;
mod beds;
mod frame;
mod location;
mod region;
mod settings;
mod words;
mod worklist;

pub use alarm_metrics::{AlarmMetricsView, Measure, TypeRow, alarm_metrics, export_alarms};
pub use bed::{BedView, LabelStack, Span, bed};
pub use beds::{BedCell, BedsView, Choosable, Room, Ward, beds};
pub(crate) use beds::{kinds, state_code};
pub use frame::{AlarmRow, ChannelReport, Connection, FrameView, frame};
pub use location::{CapacityTab, ContactRow, LocationView, Score, StopRow, StripWard, Term, location};
pub use region::{CapacityRow, Meter, Point, RegionTotal, RegionView, SehStatus, Tile, region};
pub(crate) use settings::kind_name;
pub use settings::{AlarmSettings, LocationSetting, RowSetting, SettingsView, SourceRow, WatchRow, settings};
pub(crate) use words::beds_in_words;
pub use words::{age_in_words, clock, status_in_words};
pub use worklist::{SetRow, WorkGroup, WorkRow, WorklistView, worklist};

#[cfg(test)]
mod bindings;
