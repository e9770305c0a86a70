//! What is asked of the desktop for an alarm: notifications, and the command of the region.

use domain::alarms::{AlarmId, Priority};
use std::fmt;

/// Which notification of the desktop it is: a new one with the same key takes the place of the one before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotificationKey {
    Alarm(AlarmId),
    /// The one that stands for many.
    Flood,
    /// The engine does not answer: no alarm of the list, which is the engine's.
    EngineStuck,
    /// Reminds of the expected end of what an alarm is about.
    Reminder(AlarmId),
}

impl NotificationKey {
    /// The alarm that it is about, if it is about one.
    pub fn alarm(&self) -> Option<&AlarmId> {
        match self {
            NotificationKey::Alarm(id) | NotificationKey::Reminder(id) => Some(id),
            NotificationKey::Flood | NotificationKey::EngineStuck => None,
        }
    }
}

/// For the log; nothing reads it back.
impl fmt::Display for NotificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotificationKey::Alarm(id) => id.fmt(f),
            NotificationKey::Flood => f.write_str("flood"),
            NotificationKey::EngineStuck => f.write_str("engine-stuck"),
            NotificationKey::Reminder(id) => write!(f, "{id}#herinnering"),
        }
    }
}

/// A native notification to raise or take away; whoever shows it decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotificationChange {
    Show {
        key: NotificationKey,
        priority: Priority,
        summary: String,
        body: String,
    },
    Withdraw {
        key: NotificationKey,
    },
}

/// The region's own command, to be called for an alarm that nobody acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The program and its arguments; never a shell.
    pub command: Vec<String>,
    /// For its standard input: the alarm as `bedden alarms --json` shows it.
    pub input: String,
    pub time_limit_s: u64,
}

/// How long the command may take where the region says nothing.
pub(super) const TIME_LIMIT_S: u64 = 10;
