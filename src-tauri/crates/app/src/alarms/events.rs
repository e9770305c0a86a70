//! Events taken through the alarm machine, kept in the ledger and announced.

use super::state::{MOST_UNWRITTEN, PendingAlarmWrite};
use crate::{effect::View, engine::Engine, error::AppError};
use domain::alarms::{
    Alarm, AlarmId, AlarmOrigin, Effect, Event, Now, Priority, Refused, advance,
    metrics::{AlarmEvent, AlarmTransition},
};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};
use store::OutboxRow;

/// Who moves an alarm that no person moves, as the audit trail keeps it: what the feed shows and what time brings.
const FEED: &str = "feed";

/// What events make of the alarms; nothing of it counts yet.
#[derive(Default)]
struct Outcome {
    /// `None` is an alarm that is no more.
    changes: Vec<(AlarmId, Option<Alarm>)>,
    log: Vec<AlarmEvent>,
    /// What came or went, and when that happened, which for what is known late is not now.
    moved: Vec<(AlarmOrigin, bool, Timestamp)>,
    effects: Vec<Effect>,
    /// The first event that the machine does not allow.
    refused: Option<Refused>,
}

impl Engine {
    /// Takes in what the feed shows and what time brings; written behind, since an alarm must be seen and heard also when
    /// the disk takes its time, or takes nothing.
    pub(super) fn observe(&mut self, events: Vec<(AlarmId, Event)>, what: &str) {
        let now = self.now();
        self.observe_past(events.into_iter().map(|(id, event)| (id, event, now)).collect(), what);
    }

    /// The same of what happened earlier and is known only now, each with when, by our clock.
    pub(super) fn observe_past(&mut self, events: Vec<(AlarmId, Event, Timestamp)>, what: &str) {
        let outcome = self.outcome_of(events);
        if !outcome.changes.is_empty() {
            // On a disk that takes nothing for days the oldest go: what stands is kept whole when it does again.
            if self.pending_alarm_writes.len() >= MOST_UNWRITTEN {
                self.pending_alarm_writes.pop_front();
            }
            self.evaluations += 1;
            self.pending_alarm_writes.push_back(PendingAlarmWrite {
                changes: outcome.changes.clone(),
                log: outcome.log.clone(),
                what: what.to_owned(),
                at: self.now(),
            });
        }
        self.take_effect_of(outcome);
    }

    /// Does with an alarm what a person asks, with what has to be sent of it; on disk before it counts. Returns what the
    /// machine does not allow.
    ///
    /// # Errors
    /// When the disk does not take it; nothing has changed then.
    pub(super) fn operate(
        &mut self,
        id: &AlarmId,
        event: Event,
        what: &str,
        sends: &[OutboxRow],
    ) -> Result<Option<Refused>, AppError> {
        let outcome = self.outcome_of(vec![(id.clone(), event, self.now())]);
        if !outcome.changes.is_empty() {
            self.write_unwritten()?;
            let (who, now) = (self.identity.author(), self.now());
            self.ledger
                .save_alarms(&outcome.changes, &outcome.log, sends, &who, what, now)?;
        }
        let refused = outcome.refused;
        self.take_effect_of(outcome);
        Ok(refused)
    }

    fn outcome_of(&self, events: Vec<(AlarmId, Event, Timestamp)>) -> Outcome {
        let now = self.now();
        let mut moved: BTreeMap<AlarmId, Option<Alarm>> = BTreeMap::new();
        let mut outcome = Outcome::default();
        for (id, event, happened) in events {
            let before = match moved.get(&id) {
                Some(alarm) => alarm.clone(),
                None => self.alarms.get(&id).cloned(),
            };
            let act = brought_by(&event);
            let at = Now {
                // What is over is so since it was over, not since that is known.
                ours: if matches!(event, Event::Absent) {
                    happened.min(now)
                } else {
                    now
                },
                of_source: self.region.now_of_source(id.source().as_str(), now),
            };
            match advance(before.clone(), event, at) {
                Ok((after, mut effects)) => {
                    if after != before {
                        let alarm = after.as_ref().or(before.as_ref());
                        let transition = transition(before.as_ref(), after.as_ref(), act);
                        let came = transition.and_then(came);
                        outcome
                            .moved
                            .extend(came.map(|came| (id.origin(), came, happened.min(now))));
                        outcome.log.extend(transition.map(|transition| AlarmEvent {
                            at: now,
                            alarm: id.clone(),
                            priority: alarm.map_or(Priority::Low, |a| a.priority),
                            transition,
                        }));
                        moved.insert(id, after);
                    }
                    outcome.effects.append(&mut effects);
                }
                Err(why) => outcome.refused = outcome.refused.or(Some(why)),
            }
        }
        moved.retain(|id, after| self.alarms.get(id) != after.as_ref());
        outcome.changes = moved.into_iter().collect();
        outcome
    }

    fn take_effect_of(&mut self, outcome: Outcome) {
        let now = self.now();
        if !outcome.changes.is_empty() {
            let alarms = Arc::make_mut(&mut self.moment_mut().alarms);
            for (id, after) in outcome.changes {
                match after {
                    Some(alarm) => drop(alarms.insert(id, alarm)),
                    None => drop(alarms.remove(&id)),
                }
            }
            self.changed([View::Frame, View::AlarmMetrics]);
        }
        for (origin, came, at) in outcome.moved {
            self.nuisance.transition(origin, came, at);
        }
        for effect in outcome.effects {
            self.perform(effect, now);
        }
    }

    /// Writes what became of alarms by the feed, oldest first.
    ///
    /// # Errors
    /// When the disk does not take it; what is left is tried again later.
    pub(crate) fn write_unwritten(&mut self) -> Result<(), AppError> {
        let written = self.write_evaluations();
        self.store_what_may_be();
        written
    }

    fn write_evaluations(&mut self) -> Result<(), AppError> {
        while let Some(next) = self.pending_alarm_writes.front() {
            self.ledger
                .save_alarms(&next.changes, &next.log, &[], FEED, &next.what, next.at)?;
            self.pending_alarm_writes.pop_front();
        }
        Ok(())
    }

    /// Forgets what became of alarms after so many looks, where that is not on disk yet.
    pub(crate) fn forget_evaluations_since(&mut self, evaluations: u64) {
        let since = usize::try_from(self.evaluations - evaluations).unwrap_or(usize::MAX);
        self.pending_alarm_writes
            .truncate(self.pending_alarm_writes.len().saturating_sub(since));
        self.evaluations = evaluations;
    }

    /// Puts every alarm on disk as it stands, after the disk refused something.
    ///
    /// # Errors
    /// When it still does not take it.
    pub(crate) fn keep_alarms_again(&mut self) -> Result<(), AppError> {
        self.write_unwritten()?;
        let standing = self.alarms.iter().map(|(id, alarm)| (id.clone(), Some(alarm.clone())));
        let standing: Vec<_> = standing.collect();
        Ok(self
            .ledger
            .save_alarms(&standing, &[], &[], FEED, "kept again", self.now())?)
    }
}

/// What the log keeps of an event that a person or a rule brings.
fn brought_by(event: &Event) -> Option<AlarmTransition> {
    match event {
        Event::Acknowledge(_) => Some(AlarmTransition::Acknowledged),
        Event::Shelve { .. } => Some(AlarmTransition::Shelved),
        Event::Escalate(_) => Some(AlarmTransition::Escalated),
        Event::Present(_)
        | Event::Absent
        | Event::AcknowledgedElsewhere(_)
        | Event::Unshelve
        | Event::Suppress { .. }
        | Event::Unsuppress
        | Event::OutOfService { .. }
        | Event::IntoService
        | Event::Tick => None,
    }
}

/// Whether a condition came or went by it.
fn came(transition: AlarmTransition) -> Option<bool> {
    match transition {
        AlarmTransition::Raised => Some(true),
        AlarmTransition::Returned => Some(false),
        AlarmTransition::Acknowledged | AlarmTransition::Shelved | AlarmTransition::Escalated => None,
    }
}

/// What the log keeps of a change; of most changes of a text nothing.
fn transition(before: Option<&Alarm>, after: Option<&Alarm>, act: Option<AlarmTransition>) -> Option<AlarmTransition> {
    let active = |a: Option<&Alarm>| a.is_some_and(|a| a.active);
    let anew = matches!((before, after), (Some(b), Some(a)) if b.raised_at != a.raised_at);
    if act.is_some() {
        act
    } else if active(after) && (!active(before) || anew) {
        Some(AlarmTransition::Raised)
    } else if active(before) && !active(after) {
        Some(AlarmTransition::Returned)
    } else {
        None
    }
}
