//! Alarms at the desk: the pure machine, fed by what the region shows, what time brings and what people do, kept in the
//! ledger.

use super::{
    conditions::conditions,
    copies,
    state::{MOST_UNWRITTEN, PendingAlarmWrite},
    stop_conditions::condition_of_stop,
};
use crate::{
    clock::{CLOCK_GRAIN, whole_second},
    effect::View,
    engine::Engine,
    error::AppError,
    moment::Moment,
};
use domain::alarms::{
    Acknowledgement, Alarm, AlarmId, AlarmScope, Escalation, Event, Now, Priority, Refused, SuppressionRule,
    Suspension, advance, entry,
    metrics::{AlarmEvent, AlarmTransition},
    reading_order,
};
use domain::{StopId, stop::Stop};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};
use store::OutboxRow;

/// Who moves an alarm.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Actor<'a> {
    /// What the feed shows and what time brings; no person.
    Feed,
    /// A person, and what has to be sent of what that person did.
    Person(&'a str, &'a [OutboxRow]),
}

impl Actor<'_> {
    /// As the audit trail keeps it.
    fn name(&self) -> &str {
        match self {
            Actor::Feed => "feed",
            Actor::Person(name, _) => name,
        }
    }
}

impl Moment {
    /// How far an alarm that nobody acknowledged goes up now.
    fn escalation(&self, alarm: &Alarm, now: Timestamp) -> Option<Escalation> {
        let rules = &self.rules.escalation;
        let minutes = now.duration_since(alarm.raised_at).as_mins();
        let due = |after: Option<i64>| after.is_some_and(|after| minutes >= after);
        if !alarm.is_open() {
            return None;
        }
        if alarm.escalation < Escalation::Called && !rules.command.is_empty() && due(rules.command_after_min) {
            return Some(Escalation::Called);
        }
        let higher = alarm.priority < Priority::High;
        (alarm.escalation == Escalation::None && higher && due(rules.raise_after_min)).then_some(Escalation::Raised)
    }

    /// The highest priority of what is not acknowledged.
    pub(crate) fn highest_open(&self) -> Option<Priority> {
        self.alarms.values().filter(|a| a.is_open()).map(|a| a.priority).max()
    }

    /// The alarms in the order in which they are read.
    pub fn alarm_list(&self) -> Vec<Alarm> {
        let mut list: Vec<Alarm> = self.alarms.values().cloned().collect();
        reading_order(&mut list);
        list
    }
}

impl Engine {
    /// What other desks acknowledged of this alarm and we have not told yet: of the stop as it is, not of what it was
    /// before it was extended.
    fn acknowledged_elsewhere(&self, alarm: &Alarm) -> Option<Acknowledgement> {
        let stop = alarm.id.stop()?;
        let of_this = self.region.acknowledgements.values().filter(|a| a.stop == *stop);
        let new = of_this
            .map(|a| &a.by)
            .filter(|by| by.workstation != self.identity.workstation && !alarm.elsewhere.contains(by));
        // Acknowledgements carry whole seconds. Another desk may have known of it before this one.
        let raised = whole_second(alarm.raised_at);
        let written = || self.written_at(stop).map(whole_second);
        new.filter(|by| by.at >= raised || written().is_some_and(|written| by.at >= written))
            .min_by_key(|by| by.at)
            .cloned()
    }

    /// When the source wrote a stop as it is, by our clock.
    fn written_at(&self, stop: &StopId) -> Option<Timestamp> {
        let raw: serde_json::Value = serde_json::from_str(self.raw_stops.get(stop.as_str())?).ok()?;
        let written = raw.pointer("/meta/lastUpdated")?.as_str()?.parse().ok()?;
        Some(self.region.ours(stop.as_str(), written))
    }

    /// Compares the conditions that hold with the alarms that stand, and moves each alarm accordingly.
    ///
    /// # Errors
    /// When the disk does not take it; the alarms stand as they stood.
    pub fn evaluate_alarms(&mut self) -> Result<(), AppError> {
        let now = self.now();
        self.greet_next_shift();
        let chattering = self.nuisance.chattering(now);
        if !chattering.is_empty() {
            tracing::info!(?chattering, "come and go");
        }
        let inputs = self.condition_inputs(chattering);
        let conditions = conditions(&inputs);
        let unseen = self
            .alarms
            .values()
            .filter(|a| a.active && !conditions.contains_key(&a.id));
        let over = unseen.filter(|a| inputs.may_conclude_absence(a));
        let over: BTreeMap<AlarmId, _> = over.map(|a| (a.id.clone(), a.kind)).collect();
        let mut events: Vec<(AlarmId, Event)> = vec![];
        let standing = self.alarms.clone();
        for (id, alarm) in standing.iter() {
            if over.get(id).is_some_and(|kind| self.nuisance.is_gone(id, *kind, now)) {
                events.push((id.clone(), Event::Absent));
            }
            events.push((id.clone(), Event::Tick));
            let elsewhere = self.acknowledged_elsewhere(alarm);
            events.extend(elsewhere.map(|ack| (id.clone(), Event::AcknowledgedElsewhere(ack))));
            let escalation = self.escalation(alarm, now);
            events.extend(escalation.map(|to| (id.clone(), Event::Escalate(to))));
        }
        self.nuisance.forget_unseen(|id| conditions.contains_key(id));
        for (id, condition) in conditions {
            // Every look counts for the delay, also of what stands already.
            let holds = self.nuisance.holds(&id, condition.kind, now);
            if holds || self.alarms.get(&id).is_some_and(|a| a.active) {
                events.push((id, Event::Present(condition)));
            }
        }
        self.apply_events(events, Actor::Feed, "observed")?;
        let flood = self.nuisance.flood(now);
        if flood != self.flood {
            self.moment_mut().flood = flood;
            self.changed([View::Frame]);
        }
        self.suppress_chattering()?;
        self.sound_if_due();
        Ok(())
    }

    /// Takes the versions of stops that lay between two looks through the machine, in their order: what began and ended
    /// meanwhile is told all the same (AH-03).
    ///
    /// # Errors
    /// As [`Engine::evaluate_alarms`].
    pub(crate) fn observe_versions(&mut self, versions: &[Stop]) -> Result<(), AppError> {
        let now = self.now();
        let inputs = self.condition_inputs(BTreeMap::new());
        let news = versions
            .iter()
            .filter(|stop| !copies::told_elsewhere(inputs.region, stop));
        let events = news.filter_map(|stop| {
            // Also where nobody here is called for it any more. Some of these began this second, by a clock that is known
            // less finely.
            if !self.region.holds(stop, now + CLOCK_GRAIN) {
                return Some((copies::alarm_of(inputs.region, inputs.standing, stop), Event::Absent));
            }
            let condition = condition_of_stop(&inputs, stop)?;
            Some((condition.id.clone(), Event::Present(condition)))
        });
        let events: Vec<(AlarmId, Event)> = events.collect();
        if events.is_empty() {
            return Ok(());
        }
        self.apply_events(events, Actor::Feed, "observed").map(drop)
    }

    /// While the one alarm of an origin that comes and goes stands, its own alarms are kept quiet by that rule.
    fn suppress_chattering(&mut self) -> Result<(), AppError> {
        let mut events = vec![];
        let standing = self.alarms.clone();
        for (id, alarm) in standing.iter() {
            if entry(alarm.kind).scope == AlarmScope::Origin {
                continue;
            }
            let one = AlarmId::of_chatter(&id.origin());
            let stands = self.alarms.get(&one).is_some_and(|a| a.active);
            match (&alarm.suspension, stands) {
                (None, true) => {
                    let rule = SuppressionRule::Chattering;
                    events.push((id.clone(), Event::Suppress { rule }));
                }
                (
                    Some(Suspension::Suppressed {
                        rule: SuppressionRule::Chattering,
                    }),
                    false,
                ) => events.push((id.clone(), Event::Unsuppress)),
                (None, false) | (Some(_), _) => {}
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        self.apply_events(events, Actor::Feed, "chatter").map(drop)
    }

    /// Carries out events; the first refusal of a person's event is returned. What a person did is on disk before it is in
    /// memory, what the feed brought is written behind.
    pub(crate) fn apply_events(
        &mut self,
        events: Vec<(AlarmId, Event)>,
        who: Actor<'_>,
        what: &str,
    ) -> Result<Option<Refused>, AppError> {
        let now = self.now();
        let mut pending: BTreeMap<AlarmId, Option<Alarm>> = BTreeMap::new();
        let (mut effects, mut log) = (vec![], vec![]);
        let mut refused = None;
        for (id, event) in events {
            let before = match pending.get(&id) {
                Some(alarm) => alarm.clone(),
                None => self.alarms.get(&id).cloned(),
            };
            let act = brought_by(&event);
            let at = Now {
                ours: now,
                of_source: self.region.now_of_source(id.source().as_str(), now),
            };
            match advance(before.clone(), event, at) {
                Ok((after, mut done)) => {
                    if after != before {
                        let alarm = after.as_ref().or(before.as_ref());
                        let transition = transition(before.as_ref(), after.as_ref(), act);
                        log.extend(transition.map(|transition| AlarmEvent {
                            at: now,
                            alarm: id.clone(),
                            priority: alarm.map_or(Priority::Low, |a| a.priority),
                            transition,
                        }));
                        pending.insert(id, after);
                    }
                    effects.append(&mut done);
                }
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        pending.retain(|id, after| self.alarms.get(id) != after.as_ref());
        if !pending.is_empty() {
            let changes: Vec<(AlarmId, Option<Alarm>)> = pending.into_iter().collect();
            match who {
                // What a person did must be on disk before it counts.
                Actor::Person(name, sends) => {
                    self.write_unwritten()?;
                    self.ledger.save_alarms(&changes, &log, sends, name, what, now)?;
                }
                // An alarm must be seen and heard also when the disk takes its time, or takes nothing.
                Actor::Feed => {
                    // On a disk that takes nothing for days the oldest go: what stands is kept whole when it does again.
                    if self.pending_alarm_writes.len() >= MOST_UNWRITTEN {
                        self.pending_alarm_writes.pop_front();
                    }
                    self.looks += 1;
                    self.pending_alarm_writes.push_back(PendingAlarmWrite {
                        changes: changes.clone(),
                        log: log.clone(),
                        what: what.to_owned(),
                        at: now,
                    });
                }
            }
            let alarms = Arc::make_mut(&mut self.moment_mut().alarms);
            for (id, after) in changes {
                match after {
                    Some(alarm) => drop(alarms.insert(id, alarm)),
                    None => drop(alarms.remove(&id)),
                }
            }
            self.changed([View::Frame, View::AlarmMetrics]);
        }
        for event in &log {
            let came = match event.transition {
                AlarmTransition::Raised => true,
                AlarmTransition::Returned => false,
                AlarmTransition::Acknowledged | AlarmTransition::Shelved | AlarmTransition::Escalated => continue,
            };
            self.nuisance.transition(event.alarm.origin(), came, now);
        }
        for effect in effects {
            self.perform(effect, now);
        }
        Ok(refused)
    }

    /// Writes what became of alarms by the feed, oldest first.
    ///
    /// # Errors
    /// When the disk does not take it; what is left is tried again later.
    pub(crate) fn write_unwritten(&mut self) -> Result<(), AppError> {
        let written = self.write_looks();
        self.store_what_may_be();
        written
    }

    fn write_looks(&mut self) -> Result<(), AppError> {
        while let Some(next) = self.pending_alarm_writes.front() {
            let who = Actor::Feed.name();
            self.ledger
                .save_alarms(&next.changes, &next.log, &[], who, &next.what, next.at)?;
            self.pending_alarm_writes.pop_front();
        }
        Ok(())
    }

    /// Forgets what became of alarms after so many looks, where that is not on disk yet.
    pub(crate) fn forget_looks_since(&mut self, looks: u64) {
        let since = usize::try_from(self.looks - looks).unwrap_or(usize::MAX);
        self.pending_alarm_writes
            .truncate(self.pending_alarm_writes.len().saturating_sub(since));
        self.looks = looks;
    }

    /// Puts every alarm on disk as it stands, after the disk refused something.
    ///
    /// # Errors
    /// When it still does not take it.
    pub(crate) fn keep_alarms_again(&mut self) -> Result<(), AppError> {
        self.write_unwritten()?;
        let standing = self.alarms.iter().map(|(id, alarm)| (id.clone(), Some(alarm.clone())));
        let standing: Vec<_> = standing.collect();
        let (who, now) = (Actor::Feed.name(), self.now());
        Ok(self.ledger.save_alarms(&standing, &[], &[], who, "kept again", now)?)
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
