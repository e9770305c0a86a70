//! What the engine wants done outside it, as data: performed in one place, compared as lists in tests.

use crate::alarms::{Call, Toast};
use domain::alarms::Priority;
use std::collections::BTreeSet;

/// Something to be done by whoever stands around the engine. None of it may hold the engine up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Raise a native notification, or take one away.
    Notify(Toast),
    /// Sound the alarm of a priority.
    Sound(Priority),
    /// Stop the sound that is being made.
    StopSound,
    /// Ask for attention in the task bar; the focus stays where the person is typing.
    AskForAttention,
    /// Call the region's own command.
    RunCommand(Call),
    /// Something waits to be sent.
    Send,
    /// Ask every source at once.
    AskSources,
    /// Other sources are followed than before.
    SourcesChanged,
    /// The engine itself does not answer, or does so again; told by what watches over it.
    EngineStuck(bool),
    /// These views may look different now.
    Changed(BTreeSet<View>),
}

/// The views that a screen asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum View {
    Frame,
    Region,
    Location,
    Beds,
    Worklist,
    AlarmMetrics,
    DataQuality,
    Settings,
}

impl View {
    pub const ALL: [View; 8] = [
        View::Frame,
        View::Region,
        View::Location,
        View::Beds,
        View::Worklist,
        View::AlarmMetrics,
        View::DataQuality,
        View::Settings,
    ];
}

/// Performs effects; decides nothing, and returns at once.
pub trait EffectSink: Send + Sync {
    fn perform(&self, effect: Effect);
}
