//! What stands around every screen: the connection, the alarms, the notes.

mod view;

pub use view::{AlarmRow, ChannelReport, Connection, FrameView, view};
