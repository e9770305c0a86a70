//! Alarms, in the words of ISA-18.2 / IEC 62682 and EEMUA 191 (control-room.md): what kinds there are, how one lives from
//! its beginning to its acknowledgement, and what keeps alarms from training people to ignore them.
//!
//! ```
//! use domain::alarms::{Alarm, AlarmId, AlarmKind, AlarmState, AlarmSubject, AlarmText, Condition, Effect, Event, advance};
//!
//! let now: jiff::Timestamp = "2026-11-22T03:00:00+01:00".parse()?;
//! let silent = Condition {
//!     id: AlarmId::of_site(AlarmKind::FeedSilent, &"isala".into()),
//!     kind: AlarmKind::FeedSilent,
//!     priority: AlarmKind::FeedSilent.priority(),
//!     place: Some("isala".into()),
//!     subject: AlarmSubject::Plain,
//!     text: AlarmText { hospital: "Isala Zwolle".into(), what: "Levering stil".into(), ..AlarmText::default() },
//! };
//! let (alarm, effects) = advance(None, Event::Present(silent.clone()), now).unwrap();
//! assert_eq!(effects, [Effect::Announce(silent.id)]);
//! assert_eq!(alarm.as_ref().map(Alarm::state), Some(AlarmState::Unacknowledged));
//!
//! // It ends before anybody has seen it: it stays until somebody has.
//! let (alarm, _) = advance(alarm, Event::Absent, now).unwrap();
//! assert_eq!(alarm.as_ref().map(Alarm::state), Some(AlarmState::ReturnedUnacknowledged));
//! # Ok::<(), jiff::Error>(())
//! ```

mod alarm;
pub mod annunciator;
pub mod catalogue;
mod id;
pub mod lifecycle;
pub mod metrics;
pub mod nuisance;
pub mod watch_list;

pub use alarm::{
    Acknowledgement, Alarm, AlarmState, AlarmText, Condition, Escalation, SuppressionRule, Suspension, reading_order,
};
pub use catalogue::{
    AlarmKind, AlarmScope, AlarmSubject, CatalogueEntry, ClockDirection, FeedProblem, LeadingReason, Priority,
    StorageProblem, entry,
};
pub use id::{AlarmCondition, AlarmId, AlarmOrigin, NotAnAlarmId};
pub use lifecycle::{Effect, Event, Now, Refused, SHELF_MIN, advance};
