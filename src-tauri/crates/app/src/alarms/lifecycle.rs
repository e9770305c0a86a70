//! Alarms at the desk: the pure machine, fed by what the region shows, what time brings and what people do, kept in the
//! ledger.

use super::{conditions::conditions, copies, stop_conditions::condition_of_stop};
use crate::{
    clock::{CLOCK_GRAIN, whole_second},
    effect::View,
    engine::{Engine, StopVersion},
    moment::Moment,
};
use domain::StopId;
use domain::alarms::{
    Acknowledgement, Alarm, AlarmId, AlarmScope, AlarmSubject, Escalation, Event, Priority, SuppressionRule,
    Suspension, entry, reading_order,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

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
    pub fn evaluate_alarms(&mut self) {
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
        self.observe(events, "observed");
        let flood = self.nuisance.flood(now);
        if flood != self.flood {
            self.moment_mut().flood = flood;
            self.changed([View::Frame]);
        }
        self.suppress_chattering();
        self.sound_if_due();
    }

    /// Takes the versions of stops that lay between two looks through the machine, in their order: what began and ended
    /// meanwhile is told all the same (AH-03).
    pub(crate) fn observe_versions(&mut self, versions: &[StopVersion]) {
        let now = self.now();
        let inputs = self.condition_inputs(BTreeMap::new());
        // Of each stop its first version decides: what ends elsewhere a moment sooner is the same stop still.
        let mut told_elsewhere: BTreeMap<&StopId, bool> = BTreeMap::new();
        let untold = versions.iter().filter(|StopVersion { stop, at }| {
            let told = told_elsewhere.entry(&stop.id);
            !*told.or_insert_with(|| {
                copies::told_elsewhere(inputs.region, inputs.standing, stop, now, |other| {
                    self.written_at(other) >= Some(*at)
                })
            })
        });
        let untold: Vec<&StopVersion> = untold.collect();
        let events = untold.into_iter().filter_map(|StopVersion { stop, at }| {
            // Also where nobody here is called for it any more. Some of these began this second, by a clock that is known
            // less finely.
            if !self.region.holds(stop, now + CLOCK_GRAIN) {
                return Some((
                    copies::alarm_of(inputs.region, inputs.standing, stop),
                    Event::Absent,
                    *at,
                ));
            }
            let condition = condition_of_stop(&inputs, stop)?;
            Some((condition.id.clone(), Event::Present(condition), *at))
        });
        let events: Vec<(AlarmId, Event, Timestamp)> = events.collect();
        self.observe_past(events, "observed");
    }

    /// While the one alarm of an origin that comes and goes stands, its own alarms are kept quiet by that rule.
    fn suppress_chattering(&mut self) {
        let mut events = vec![];
        let standing = self.alarms.clone();
        for (id, alarm) in standing.iter() {
            if entry(alarm.kind).scope == AlarmScope::Origin {
                continue;
            }
            let one = AlarmId::of_chatter(&id.origin());
            let stands = self.alarms.get(&one).is_some_and(|one| stands_for(one, alarm));
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
        self.observe(events, "chatter");
    }
}

/// Whether the one alarm of an origin says all that one of its own does: another stop than those that came and went, and
/// one that became graver since, is heard by itself.
fn stands_for(one: &Alarm, alarm: &Alarm) -> bool {
    let known = match (&one.subject, alarm.id.stop()) {
        (Some(AlarmSubject::Chattering { stops }), Some(stop)) => stops.contains(stop),
        // As an earlier version stored it.
        _ => true,
    };
    one.active && known && alarm.priority <= one.priority
}
