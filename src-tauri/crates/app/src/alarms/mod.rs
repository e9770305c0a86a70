//! Alarms: which conditions hold, what becomes of each alarm, what a person does with it, and how good the alarms are.

mod announce;
mod choice;
mod condition_inputs;
mod conditions;
mod copies;
mod events;
mod lifecycle;
mod metrics;
mod notification;
mod operator;
mod rules;
mod state;
mod stop_conditions;

pub use condition_inputs::{ConditionInputs, SourceInput};
pub use conditions::conditions;
pub use domain::alarms::{AlarmId, Priority};
pub use metrics::{AlarmMetricsView, Measure, TypeRow, export, view as metrics};
pub use notification::{Call, NotificationChange, NotificationKey};
pub use rules::{AlarmChoice, AlarmRules, DeskRule, EscalationRules, Watching};
pub(crate) use state::PendingAlarmWrite;
