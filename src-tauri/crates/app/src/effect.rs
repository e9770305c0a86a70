//! What the engine wants done outside it, as data: performed in one place, compared as lists in tests.
//!
//! ```
//! use app::effect::{Effect, EffectSink};
//! use std::sync::Mutex;
//!
//! /// A shell that writes down what it was asked for.
//! #[derive(Default)]
//! struct Written(Mutex<Vec<Effect>>);
//!
//! impl EffectSink for Written {
//!     fn perform(&self, effect: Effect) {
//!         self.0.lock().unwrap().push(effect);
//!     }
//! }
//!
//! let shell = Written::default();
//! shell.perform(Effect::StopSound);
//! assert_eq!(*shell.0.lock().unwrap(), [Effect::StopSound]);
//! ```

use crate::alarms::{Call, NotificationChange};
use domain::{alarms::Priority, region::Changes};
use std::collections::BTreeSet;

/// Something to be done by whoever stands around the engine. None of it may hold the engine up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Raise a native notification, or take one away.
    Notify(NotificationChange),
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

    /// The views that are drawn otherwise after these changes of the region.
    pub fn drawn_from(changes: &Changes) -> BTreeSet<View> {
        let Changes {
            everything,
            sites,
            stops,
            measurements,
            deliveries,
            labels,
            acknowledgements,
            confirmations,
            places,
            contacts,
            organizations,
        } = changes;
        let mut views = BTreeSet::new();
        let mut drawn = |changed: bool, which: &[View]| {
            if changed {
                views.extend(which);
            }
        };
        let beds = [
            View::Region,
            View::Location,
            View::Beds,
            View::Worklist,
            View::DataQuality,
            View::Settings,
        ];
        drawn(*everything, &View::ALL);
        drawn(!sites.is_empty() || !labels.is_empty() || *places, &beds);
        drawn(
            !stops.is_empty() || !measurements.is_empty(),
            &[View::Region, View::Location],
        );
        drawn(!deliveries.is_empty(), &[View::Region, View::Location, View::Beds]);
        drawn(!confirmations.is_empty(), &[View::Region, View::Location]);
        drawn(!acknowledgements.is_empty(), &[View::Frame]);
        // A name or a number to call stands beside the alarms and at the sources too.
        drawn(
            *contacts || *organizations,
            &[View::Frame, View::Region, View::Location, View::Settings],
        );
        views
    }
}

/// Performs effects; decides nothing, and returns at once.
pub trait EffectSink: Send + Sync {
    fn perform(&self, effect: Effect);
}
