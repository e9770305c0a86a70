//! How this desk is set up.

mod code_lists;
mod intents;
mod view;

pub use code_lists::import;
pub use view::{AlarmSettings, LocationSetting, RowSetting, SettingsView, SourceRow, WatchRow, view};
