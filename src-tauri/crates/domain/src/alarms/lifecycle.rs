//! The alarm life cycle of ISA-18.2 / IEC 62682 as one pure function (control-room.md section 1).
//!
//! `advance` takes an alarm as it stands and something that happened, and gives the alarm as it stands now and what has
//! to be done about it. Effects are data; whoever performs them decides nothing.

use super::{
    alarm::{Acknowledgement, Alarm, AlarmState, AlarmText, Condition, Escalation, SuppressionRule, Suspension},
    catalogue::{AlarmScope, Priority, entry},
    id::AlarmId,
};
use jiff::Timestamp;

/// What can happen to an alarm.
#[expect(clippy::large_enum_variant, reason = "nearly every event is a look at a condition")]
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
        rule: SuppressionRule,
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

/// When something happens, by both clocks: what is counted from here, and what the source dated.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    pub ours: Timestamp,
    pub of_source: Timestamp,
}

/// Where the clocks agree.
impl From<Timestamp> for Now {
    fn from(now: Timestamp) -> Self {
        Self {
            ours: now,
            of_source: now,
        }
    }
}

/// The alarm as it stands after `event`, `None` when all is normal again, and what to do about it.
///
/// # Errors
/// When the transition does not exist; nothing changes then.
pub fn advance(
    alarm: Option<Alarm>,
    event: Event,
    now: impl Into<Now>,
) -> Result<(Option<Alarm>, Vec<Effect>), Refused> {
    let at: Now = now.into();
    let now = at.ours;
    let Some(mut alarm) = alarm else {
        return match event {
            Event::Present(condition) => Ok(raise(condition, at)),
            Event::Absent | Event::Tick => Ok((None, vec![])),
            Event::Acknowledge(_)
            | Event::AcknowledgedElsewhere(_)
            | Event::Escalate(_)
            | Event::Shelve { .. }
            | Event::Unshelve
            | Event::Suppress { .. }
            | Event::Unsuppress
            | Event::OutOfService { .. }
            | Event::IntoService => Err(Refused::NoAlarm),
        };
    };
    let state = alarm.state();
    let mut effects = vec![];
    match event {
        Event::Present(condition) => {
            let again = !alarm.active;
            let escalated = escalates(&alarm, &condition);
            let risen = condition.priority > alarm.priority && alarm.escalation == Escalation::None;
            if again || escalated || alarm.escalation == Escalation::None {
                alarm.priority = condition.priority;
            }
            alarm.kind = condition.kind;
            alarm.subject = Some(condition.subject);
            alarm.text = condition.text;
            alarm.place = condition.place;
            alarm.active = true;
            alarm.ended_at = None;
            if again || escalated || risen {
                alarm.acknowledged = None;
                alarm.elsewhere.clear();
                alarm.escalation = Escalation::None;
                alarm.raised_at = now;
                alarm.reminded = quarter(&alarm.text, at.of_source);
                // A high alarm that escalates, and a high stop that begins anew, leaves the shelf (AH-09); rule and
                // administrator keep their word. A line or a clock that comes and goes is what the shelf is for.
                let begins_anew = again && entry(alarm.kind).scope == AlarmScope::Stop;
                if (escalated || begins_anew)
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
            if alarm.active {
                alarm.ended_at = Some(now);
            }
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
            AlarmState::Acknowledged | AlarmState::Shelved | AlarmState::Suppressed | AlarmState::OutOfService => {
                return Err(Refused::NotFromHere(state));
            }
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
                Escalation::Raised | Escalation::None => Effect::Announce(alarm.id.clone()),
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
            let due = quarter(&alarm.text, at.of_source);
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

fn raise(condition: Condition, now: Now) -> (Option<Alarm>, Vec<Effect>) {
    let effects = vec![Effect::Announce(condition.id.clone())];
    let alarm = Alarm {
        id: condition.id,
        priority: condition.priority,
        kind: condition.kind,
        place: condition.place,
        reminded: quarter(&condition.text, now.of_source),
        subject: Some(condition.subject),
        text: condition.text,
        active: true,
        raised_at: now.ours,
        ended_at: None,
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

/// A longer stop, or something else to act on, must be acknowledged again; a repeat and another wording must not.
fn escalates(old: &Alarm, new: &Condition) -> bool {
    let later = match (old.text.expected_end, new.text.expected_end) {
        (Some(a), Some(b)) => b > a,
        (None, Some(_)) | (Some(_), None) => true,
        (None, None) => false,
    };
    // Of what an earlier version stored only the end can be compared: an update of this program is not an alarm.
    later || old.subject.as_ref().is_some_and(|old| new.subject.asks_more_than(old))
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "transition_tests.rs"]
mod transition_tests;
