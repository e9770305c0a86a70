//! Alarms at the desk: the pure machine, fed by what the region shows, what time brings and what people do, kept in the
//! ledger.

use crate::{desk::Desk, error::AppError, source::Link};
pub use domain::alarm::Priority;
use domain::{
    alarm::{
        Acknowledgement, Alarm, AlarmKind, AlarmText, Condition, Effect, Escalation, Event, Refused, Suspension,
        advance, reading_order,
    },
    guard::Manner,
    ids::AlarmId,
    quality::{AlarmEvent, Told},
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A native notification to raise or take away; whoever shows it decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toast {
    Show {
        id: AlarmId,
        priority: Priority,
        summary: String,
        body: String,
    },
    Withdraw {
        id: AlarmId,
    },
}

/// The region's own command, to be called for an alarm that nobody acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The program and its arguments; never a shell.
    pub command: Vec<String>,
    /// For its standard input: the alarm as `bedden alarms --json` shows it.
    pub input: String,
    pub time_limit_s: u64,
}

/// The rule by which a source that comes and goes is told as one alarm.
const CHATTERS: &str = "wisselt, zie de gezamenlijke melding";
/// The one notification that stands for a flood.
const FLOOD: &str = "flood";
const TIME_LIMIT_S: u64 = 10;
/// Who moves an alarm that no person does.
const FEED: &str = "feed";

impl Desk {
    /// Compares the conditions that hold with the alarms that stand, and moves each alarm accordingly.
    ///
    /// # Errors
    /// When the disk does not take it; the alarms stand as they stood.
    pub fn look_at_alarms(&mut self) -> Result<(), AppError> {
        let now = self.now();
        let mut conditions = self.conditions();
        let chattering = self.guard.chattering(now);
        conditions.extend(self.chatter_conditions(&chattering));
        let mut events: Vec<(AlarmId, Event)> = vec![];
        for (id, alarm) in &self.alarms {
            let gone = !conditions.contains_key(id) && self.may_conclude_absence(id);
            if gone && alarm.active && self.guard.is_gone(id, alarm.kind, now) {
                events.push((id.clone(), Event::Absent));
            }
            events.push((id.clone(), Event::Tick));
            events.extend(
                self.acknowledged_elsewhere(alarm)
                    .map(|ack| (id.clone(), Event::AcknowledgedElsewhere(ack))),
            );
            events.extend(self.escalation(alarm, now).map(|to| (id.clone(), Event::Escalate(to))));
        }
        for (id, condition) in conditions {
            // Every look counts for the delay, also of what stands already.
            let holds = self.guard.holds(&id, condition.kind, now);
            if holds || self.alarms.get(&id).is_some_and(|a| a.active) {
                events.push((id, Event::Present(condition)));
            }
        }
        self.happen(events, FEED, "observed")?;
        self.tell_as_one()
    }

    /// A source that chatters: one alarm for it, as grave as the gravest of its own.
    fn chatter_conditions(&self, chattering: &BTreeMap<String, usize>) -> BTreeMap<AlarmId, Condition> {
        let mut found = BTreeMap::new();
        for (source, times) in chattering {
            let id = AlarmId::from(format!("chattering/{source}").as_str());
            let own = self
                .alarms
                .values()
                .filter(|a| a.source() == source && a.kind != AlarmKind::Chattering);
            let Some(gravest) = own.max_by_key(|a| (a.priority, a.raised_at)) else {
                continue;
            };
            let condition = Condition {
                kind: AlarmKind::Chattering,
                priority: gravest.priority.max(AlarmKind::Chattering.priority()),
                place: gravest.place.clone(),
                text: AlarmText {
                    what: format!("{} wisselt:", gravest.text.what),
                    since: Some(gravest.raised_at),
                    expected_end: None,
                    // The number may grow without that being another alarm.
                    reason: "drie keer of vaker in een minuut begonnen en geëindigd".to_owned(),
                    advice: "Bel en vraag wat er nu geldt.".to_owned(),
                    ..gravest.text.clone()
                },
                id: id.clone(),
            };
            tracing::info!(%source, times, "chattering");
            found.insert(id, condition);
        }
        found
    }

    /// While the one alarm of a chattering source stands, its own alarms are kept quiet by that rule.
    fn tell_as_one(&mut self) -> Result<(), AppError> {
        let mut events = vec![];
        for (id, alarm) in self.alarms.iter().filter(|(_, a)| a.kind != AlarmKind::Chattering) {
            let one = AlarmId::from(format!("chattering/{}", alarm.source()).as_str());
            let told = self.alarms.get(&one).is_some_and(|a| a.active);
            let quiet = matches!(&alarm.suspension, Some(Suspension::Suppressed { rule }) if rule == CHATTERS);
            match (told, quiet) {
                (true, false) if alarm.suspension.is_none() => {
                    events.push((
                        id.clone(),
                        Event::Suppress {
                            rule: CHATTERS.to_owned(),
                        },
                    ));
                }
                (false, true) => events.push((id.clone(), Event::Unsuppress)),
                _ => {}
            }
        }
        if events.is_empty() {
            return Ok(());
        }
        self.happen(events, FEED, "chatter").map(drop)
    }

    /// Without a live feed, a condition that we no longer see may still hold.
    fn may_conclude_absence(&self, id: &AlarmId) -> bool {
        let site = id.as_str().split('/').nth(1).unwrap_or("");
        matches!(self.link_of(site), Link::Live | Link::None)
            || !["stop/", "feed-silent/", "busyness/"]
                .iter()
                .any(|of| id.as_str().starts_with(of))
    }

    /// What other desks acknowledged of this alarm and we have not told yet.
    fn acknowledged_elsewhere(&self, alarm: &Alarm) -> Option<Acknowledgement> {
        let stop = alarm.stop()?;
        let of_this = self
            .region
            .acknowledgements
            .values()
            .filter(|a| a.stop.as_str() == stop);
        of_this
            .map(|a| &a.by)
            .find(|by| by.workstation != self.identity.workstation && !alarm.elsewhere.contains(by))
            .cloned()
    }

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

    /// Carries out events; the first refusal of a person's event is returned. On disk before it is in memory.
    pub(crate) fn happen(
        &mut self,
        events: Vec<(AlarmId, Event)>,
        who: &str,
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
            let act = told_by(&event);
            match advance(before.clone(), event, now) {
                Ok((after, mut done)) => {
                    if after != before {
                        log.extend(
                            told(before.as_ref(), after.as_ref(), act)
                                .map(|t| entry(&id, before.as_ref(), after.as_ref(), t, now)),
                        );
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
            if let Err(error) = self.ledger.save_alarms(&changes, &log, who, what, now) {
                // What a person did must be on disk before it counts. An alarm must be seen and heard even when no disk
                // takes it, and that none does is an alarm too.
                if who != FEED {
                    return Err(error.into());
                }
                self.storage_failed(&error.to_string());
            }
            for (id, after) in changes {
                match after {
                    Some(alarm) => drop(self.alarms.insert(id, alarm)),
                    None => drop(self.alarms.remove(&id)),
                }
            }
            self.revision += 1;
        }
        for event in log.iter().filter(|e| matches!(e.told, Told::Raised | Told::Returned)) {
            self.guard.transition(&event.source, event.told == Told::Raised, now);
        }
        for effect in effects {
            self.perform(effect, now);
        }
        Ok(refused)
    }

    fn perform(&mut self, effect: Effect, now: Timestamp) {
        match effect {
            Effect::Announce(id) => {
                let Some(alarm) = self.alarms.get(&id) else { return };
                let toast = self.toast(alarm);
                self.annunciator.announce(alarm.priority);
                let high = alarm.priority == Priority::High;
                match self.guard.announce(now) {
                    Manner::Singly => self.toasts.push(toast),
                    // One for all; the list shows every one of them.
                    Manner::FloodBegins => self.toasts.push(Toast::Show {
                        id: FLOOD.into(),
                        priority: if high { Priority::High } else { Priority::Medium },
                        summary: "Veel meldingen tegelijk".to_owned(),
                        body: "Tien of meer in tien minuten. Kijk op de meldingenlijst; de hoge staan er één voor één."
                            .to_owned(),
                    }),
                    Manner::Grouped => {}
                }
            }
            Effect::Withdraw(id) => {
                self.toasts.push(Toast::Withdraw { id });
                if self.guard.flood(now).is_none() {
                    self.toasts.push(Toast::Withdraw { id: FLOOD.into() });
                }
            }
            Effect::Remind(id) => {
                let Some(alarm) = self.alarms.get(&id) else { return };
                let over = alarm.text.expected_end.is_some_and(|end| end <= now);
                if let Toast::Show { id, summary, body, .. } = self.toast(alarm) {
                    let word = if over { "Over tijd" } else { "Loopt bijna af" };
                    self.toasts.push(Toast::Show {
                        id: format!("{id}#herinnering").as_str().into(),
                        priority: Priority::Low,
                        summary: format!("{word}: {summary}"),
                        body: format!("Niets heft een stop op behalve het ziekenhuis.\n{body}"),
                    });
                }
            }
            Effect::Call(id) => {
                let rules = &self.rules.escalation;
                let report = self.alarms_report().into_iter().find(|a| a.id == id.as_str());
                let input = report.and_then(|r| serde_json::to_string(&r).ok()).unwrap_or_default();
                let call = Call {
                    command: rules.command.clone(),
                    time_limit_s: rules.time_limit_s.unwrap_or(TIME_LIMIT_S),
                    input,
                };
                self.calls.push(call);
            }
        }
    }

    fn toast(&self, alarm: &Alarm) -> Toast {
        let t = &alarm.text;
        let now = self.now();
        let clock = |at: Timestamp| crate::view::clock(at, now, &self.zone);
        let mut times = t.since.map(|s| format!("Sinds {}", clock(s))).unwrap_or_default();
        match t.expected_end {
            Some(end) => times.push_str(&format!(", verwacht tot {}", clock(end))),
            None if alarm.kind.code().contains("stop") => times.push_str(", einde onbekend"),
            None => {}
        }
        let phone = t.phone.as_ref().map(|p| format!("Bel {p}"));
        let lines = [Some(times), Some(t.reason.clone()), phone, Some(t.advice.clone())];
        Toast::Show {
            id: alarm.id.clone(),
            priority: alarm.priority,
            summary: format!("{} {}", t.what, t.hospital),
            body: lines
                .into_iter()
                .flatten()
                .filter(|l| !l.is_empty())
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// Raises what stood unacknowledged when the application last ran, again and with its sound (AH-02).
    pub fn announce_standing(&mut self) {
        let now = self.now();
        let open: Vec<AlarmId> = self
            .alarms
            .values()
            .filter(|a| a.is_open())
            .map(|a| a.id.clone())
            .collect();
        for id in open {
            self.perform(Effect::Announce(id), now);
        }
    }

    /// The notifications to raise or take away since the last call.
    pub fn take_toasts(&mut self) -> Vec<Toast> {
        std::mem::take(&mut self.toasts)
    }

    /// The commands to call since the last call.
    pub fn take_calls(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.calls)
    }

    /// What to sound now, if anything.
    pub fn take_sound(&mut self) -> Option<Priority> {
        let (open, repeat_s, now) = (self.highest_open(), self.repeat_s(), self.now());
        self.annunciator.sound(open, repeat_s, now)
    }

    /// Whether some alarm is not acknowledged.
    pub fn calls_for_attention(&self) -> bool {
        self.highest_open().is_some()
    }

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

/// What an event that a person or a rule brings is told as.
fn told_by(event: &Event) -> Option<Told> {
    match event {
        Event::Acknowledge(_) => Some(Told::Acknowledged),
        Event::Shelve { .. } => Some(Told::Shelved),
        Event::Escalate(_) => Some(Told::Escalated),
        _ => None,
    }
}

/// What a change is told as in the log; most changes of a text are not.
fn told(before: Option<&Alarm>, after: Option<&Alarm>, act: Option<Told>) -> Option<Told> {
    let active = |a: Option<&Alarm>| a.is_some_and(|a| a.active);
    let anew = matches!((before, after), (Some(b), Some(a)) if b.raised_at != a.raised_at);
    if act.is_some() {
        act
    } else if active(after) && (!active(before) || anew) {
        Some(Told::Raised)
    } else if active(before) && !active(after) {
        Some(Told::Returned)
    } else {
        None
    }
}

fn entry(id: &AlarmId, before: Option<&Alarm>, after: Option<&Alarm>, told: Told, now: Timestamp) -> AlarmEvent {
    let alarm = after.or(before);
    AlarmEvent {
        at: now,
        alarm: id.0.clone(),
        source: alarm.map_or_else(|| id.0.clone(), |a| a.source().to_owned()),
        priority: alarm.map_or(Priority::Low, |a| a.priority),
        told,
    }
}
