//! The alarm life cycle of ISA-18.2 / IEC 62682 as one pure function (control-room.md section 1).
//!
//! `advance` takes an alarm as it stands and something that happened, and gives the alarm as it stands now and what has
//! to be done about it. Effects are data; whoever performs them decides nothing.

use crate::{
    ids::{AlarmId, PlaceId},
    philosophy,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of condition an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmKind {
    /// An SEH stop in a watched hospital.
    SehStop,
    /// A stop of a service beside the SEH.
    ServiceStop,
    /// A stop threatens.
    ThreatenedStop,
    /// One location's delivery is silent for longer than two cycles.
    FeedSilent,
    /// The whole feed is lost: loss of view.
    FeedLost,
    /// The local store had to be rebuilt or does not take writes.
    Storage,
    /// The clock of this machine jumped, or is far from the server's.
    Clock,
    /// An SEH is busier than its own band; only where somebody asked for it.
    Busyness,
    /// One source comes and goes: its alarms are told as one.
    Chattering,
}

/// How soon somebody must look. Ordered: high is greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    Low,
    Medium,
    High,
}

impl AlarmKind {
    /// The priority of the alarm philosophy, where no watch list says otherwise.
    pub fn priority(self) -> Priority {
        philosophy::of(self).priority
    }

    pub fn code(self) -> &'static str {
        match self {
            AlarmKind::SehStop => "seh-stop",
            AlarmKind::ServiceStop => "service-stop",
            AlarmKind::ThreatenedStop => "threatened-stop",
            AlarmKind::FeedSilent => "feed-silent",
            AlarmKind::FeedLost => "feed-lost",
            AlarmKind::Storage => "storage",
            AlarmKind::Clock => "clock",
            AlarmKind::Busyness => "busyness",
            AlarmKind::Chattering => "chattering",
        }
    }
}

impl Priority {
    /// One step up, as an alarm goes that nobody acknowledges.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Priority::Low => Priority::Medium,
            Priority::Medium | Priority::High => Priority::High,
        }
    }
}

/// Exactly one at a time (AH-01). `Normal` is the absence of an alarm and therefore not a value of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    Unacknowledged,
    Acknowledged,
    ReturnedUnacknowledged,
    Shelved,
    Suppressed,
    OutOfService,
}

/// Who acknowledged, when, at which workstation (AH-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    pub by: String,
    pub workstation: String,
    pub at: Timestamp,
}

/// Why an alarm does not call for attention at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suspension {
    /// By the operator, with a reason and a limit; returns by itself.
    Shelved {
        by: String,
        reason: String,
        until: Timestamp,
    },
    /// By a rule that the region set.
    Suppressed { rule: String },
    /// By an administrator.
    OutOfService { by: String, reason: String },
}

/// What the operator reads (AH-15): every field the alarm philosophy asks for, empty where nobody delivered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmText {
    pub hospital: String,
    pub what: String,
    pub since: Option<Timestamp>,
    pub expected_end: Option<Timestamp>,
    pub reason: String,
    pub advice: String,
    pub phone: Option<String>,
}

/// An alarm as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    pub id: AlarmId,
    pub kind: AlarmKind,
    pub priority: Priority,
    pub place: Option<PlaceId>,
    pub text: AlarmText,
    /// The condition is true now.
    pub active: bool,
    pub raised_at: Timestamp,
    pub acknowledged: Option<Acknowledgement>,
    pub suspension: Option<Suspension>,
    /// What other desks acknowledged; it silences nothing here.
    #[serde(default)]
    pub elsewhere: Vec<Acknowledgement>,
    /// How far an unacknowledged alarm went up since it was raised.
    #[serde(default)]
    pub escalation: Escalation,
    /// The quarter of an hour around the expected end that was last reminded of: −1 before it, 0 at it, 1, 2, … after.
    #[serde(default)]
    pub reminded: Option<i64>,
}

/// How far an unacknowledged alarm went up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escalation {
    #[default]
    None,
    /// One priority higher than it came.
    Raised,
    /// The region's own command was called.
    Called,
}

impl Alarm {
    /// The stop that it is about, if it is about one.
    pub fn stop(&self) -> Option<&str> {
        self.id
            .as_str()
            .strip_prefix("stop/")
            .and_then(|rest| rest.splitn(3, '/').nth(2))
    }

    /// What comes and goes as one source: a service of a site, whichever stop it is.
    pub fn source(&self) -> &str {
        match self.id.as_str().rsplit_once('/') {
            Some((source, _)) if source.starts_with("stop/") => source,
            _ => self.id.as_str(),
        }
    }

    /// Derived from the facts, so that no alarm can be in two states or in none.
    pub fn state(&self) -> AlarmState {
        match (&self.suspension, self.active, &self.acknowledged) {
            (Some(Suspension::Shelved { .. }), ..) => AlarmState::Shelved,
            (Some(Suspension::Suppressed { .. }), ..) => AlarmState::Suppressed,
            (Some(Suspension::OutOfService { .. }), ..) => AlarmState::OutOfService,
            (None, _, Some(_)) => AlarmState::Acknowledged,
            (None, true, None) => AlarmState::Unacknowledged,
            (None, false, None) => AlarmState::ReturnedUnacknowledged,
        }
    }

    /// Asks for attention: not acknowledged and not set aside.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state(),
            AlarmState::Unacknowledged | AlarmState::ReturnedUnacknowledged
        )
    }
}

/// A condition as the rules see it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub id: AlarmId,
    pub kind: AlarmKind,
    pub priority: Priority,
    pub place: Option<PlaceId>,
    pub text: AlarmText,
}

/// What can happen to an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The condition is true; told again at every look, so a repeat must change nothing.
    Present(Condition),
    /// The condition is no longer true.
    Absent,
    Acknowledge(Acknowledgement),
    /// Somebody at another desk acknowledged it.
    AcknowledgedElsewhere(Acknowledgement),
    /// Nobody acknowledged it for so long that it goes up.
    Escalate(Escalation),
    Shelve {
        by: String,
        reason: String,
        until: Timestamp,
    },
    Unshelve,
    Suppress {
        rule: String,
    },
    Unsuppress,
    OutOfService {
        by: String,
        reason: String,
    },
    IntoService,
    /// Time went by.
    Tick,
}

/// What has to be done; performed by the shell, which decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Raise a native notification, or update the one of this alarm.
    Announce(AlarmId),
    /// Take the notification of this alarm away.
    Withdraw(AlarmId),
    /// Remind of an expected end that comes near or has passed; nothing has to be acknowledged anew.
    Remind(AlarmId),
    /// Call the region's own command.
    Call(AlarmId),
}

/// Why an event was not carried out; the alarm stands as it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such alarm.
    NoAlarm,
    /// Shelving needs a reason (AH-08).
    NoReason,
    /// Shelving lasts 15 minutes to 12 hours (AH-08).
    LimitOutOfRange,
    /// The transition does not exist from the state the alarm is in.
    NotFromHere(AlarmState),
}

/// Shortest and longest shelf (AH-08), in minutes.
pub const SHELF_MIN: std::ops::RangeInclusive<i64> = 15..=720;

/// The alarm as it stands after `event`, `None` when all is normal again, and what to do about it.
///
/// # Errors
/// When the transition does not exist; nothing changes then.
pub fn advance(alarm: Option<Alarm>, event: Event, now: Timestamp) -> Result<(Option<Alarm>, Vec<Effect>), Refused> {
    let Some(mut alarm) = alarm else {
        return match event {
            Event::Present(condition) => Ok(raise(condition, now)),
            Event::Absent | Event::Tick => Ok((None, vec![])),
            _ => Err(Refused::NoAlarm),
        };
    };
    let state = alarm.state();
    let mut effects = vec![];
    match event {
        Event::Present(condition) => {
            let again = !alarm.active;
            let escalated = escalates(&alarm.text, &condition.text);
            let risen = condition.priority > alarm.priority && alarm.escalation == Escalation::None;
            if again || escalated || alarm.escalation == Escalation::None {
                alarm.priority = condition.priority;
            }
            alarm.kind = condition.kind;
            alarm.text = condition.text;
            alarm.place = condition.place;
            alarm.active = true;
            if again || escalated || risen {
                alarm.acknowledged = None;
                alarm.elsewhere.clear();
                alarm.escalation = Escalation::None;
                alarm.raised_at = now;
                alarm.reminded = quarter(&alarm.text, now);
                // A high alarm that escalates leaves the shelf (AH-09); rule and administrator keep their word.
                if escalated
                    && alarm.priority == Priority::High
                    && matches!(alarm.suspension, Some(Suspension::Shelved { .. }))
                {
                    alarm.suspension = None;
                }
                if alarm.suspension.is_none() {
                    effects.push(Effect::Announce(alarm.id.clone()));
                }
            }
        }
        Event::Absent => {
            alarm.active = false;
            if alarm.acknowledged.is_some() {
                return Ok((None, vec![Effect::Withdraw(alarm.id)]));
            }
        }
        Event::Acknowledge(who) => match state {
            AlarmState::Unacknowledged => {
                alarm.acknowledged = Some(who);
                effects.push(Effect::Withdraw(alarm.id.clone()));
            }
            AlarmState::ReturnedUnacknowledged => return Ok((None, vec![Effect::Withdraw(alarm.id)])),
            other => return Err(Refused::NotFromHere(other)),
        },
        Event::AcknowledgedElsewhere(who) => {
            if !alarm.elsewhere.contains(&who) {
                alarm.elsewhere.push(who);
            }
        }
        Event::Escalate(to) => {
            if !alarm.is_open() || to <= alarm.escalation {
                return Err(Refused::NotFromHere(state));
            }
            alarm.escalation = to;
            alarm.priority = alarm.priority.raised();
            effects.push(match to {
                Escalation::Called => Effect::Call(alarm.id.clone()),
                _ => Effect::Announce(alarm.id.clone()),
            });
        }
        Event::Shelve { by, reason, until } => {
            if !matches!(
                state,
                AlarmState::Unacknowledged | AlarmState::Acknowledged | AlarmState::ReturnedUnacknowledged
            ) {
                return Err(Refused::NotFromHere(state));
            }
            if reason.trim().is_empty() {
                return Err(Refused::NoReason);
            }
            if !SHELF_MIN.contains(&(until.duration_since(now).as_secs() / 60)) {
                return Err(Refused::LimitOutOfRange);
            }
            alarm.suspension = Some(Suspension::Shelved { by, reason, until });
            effects.push(Effect::Withdraw(alarm.id.clone()));
        }
        Event::Unshelve => return lift(alarm, AlarmState::Shelved),
        Event::Unsuppress => return lift(alarm, AlarmState::Suppressed),
        Event::IntoService => return lift(alarm, AlarmState::OutOfService),
        Event::Suppress { rule } => {
            if state == AlarmState::OutOfService {
                return Err(Refused::NotFromHere(state));
            }
            alarm.suspension = Some(Suspension::Suppressed { rule });
            effects.push(Effect::Withdraw(alarm.id.clone()));
        }
        Event::OutOfService { by, reason } => {
            alarm.suspension = Some(Suspension::OutOfService { by, reason });
            effects.push(Effect::Withdraw(alarm.id.clone()));
        }
        Event::Tick => {
            if matches!(&alarm.suspension, Some(Suspension::Shelved { until, .. }) if *until <= now) {
                return lift(alarm, AlarmState::Shelved);
            }
            let due = quarter(&alarm.text, now);
            if alarm.active && due > alarm.reminded {
                alarm.reminded = due;
                if alarm.suspension.is_none() {
                    effects.push(Effect::Remind(alarm.id.clone()));
                }
            }
        }
    }
    Ok((Some(alarm), effects))
}

/// Which quarter of an hour around the expected end it is; none before the last one.
fn quarter(text: &AlarmText, now: Timestamp) -> Option<i64> {
    let seconds = now.duration_since(text.expected_end?).as_secs();
    let quarter = seconds.div_euclid(15 * 60);
    (quarter >= -1).then_some(quarter)
}

fn raise(condition: Condition, now: Timestamp) -> (Option<Alarm>, Vec<Effect>) {
    let effects = vec![Effect::Announce(condition.id.clone())];
    let alarm = Alarm {
        id: condition.id,
        priority: condition.priority,
        kind: condition.kind,
        place: condition.place,
        reminded: quarter(&condition.text, now),
        text: condition.text,
        active: true,
        raised_at: now,
        acknowledged: None,
        suspension: None,
        elsewhere: vec![],
        escalation: Escalation::None,
    };
    (Some(alarm), effects)
}

/// Takes a suspension away. What comes back demands attention again unless it was acknowledged before.
fn lift(mut alarm: Alarm, from: AlarmState) -> Result<(Option<Alarm>, Vec<Effect>), Refused> {
    if alarm.state() != from {
        return Err(Refused::NotFromHere(alarm.state()));
    }
    alarm.suspension = None;
    let effects = if alarm.is_open() {
        vec![Effect::Announce(alarm.id.clone())]
    } else {
        vec![]
    };
    Ok((Some(alarm), effects))
}

/// A longer stop or another reason is news that must be acknowledged again; a mere repeat is not.
fn escalates(old: &AlarmText, new: &AlarmText) -> bool {
    let later = match (old.expected_end, new.expected_end) {
        (Some(a), Some(b)) => b > a,
        (None, Some(_)) | (Some(_), None) => true,
        (None, None) => false,
    };
    later || old.what != new.what || old.reason != new.reason
}

/// The order in which an operator reads the list: unacknowledged first, then priority, then the newest (AH-21).
pub fn reading_order(alarms: &mut [Alarm]) {
    alarms.sort_by(|a, b| {
        b.is_open()
            .cmp(&a.is_open())
            .then(b.priority.cmp(&a.priority))
            .then(b.raised_at.cmp(&a.raised_at))
            .then(a.id.cmp(&b.id))
    });
}

#[cfg(test)]
#[path = "alarm_tests.rs"]
mod tests;
