//! Labelling beds by hand, singly and in sets; deciding about what the server refused; the way back to the record.

mod decisions;
mod export;
mod intents;
mod sets;
mod state;
mod view;

pub use decisions::{Decision, LabelKey};
pub use export::{Advice, export_labels, export_today, label_advice};
pub use sets::{SetPreview, SetRequest};
pub use state::{LabelRequest, OwnLabels, Undo, Until};
pub use view::{LabelChoices, LabelPreview, Suggestion, choices, preview};
