//! Alarms at the desk: the pure machine, fed by what the region shows and by what people do, kept in the ledger.

use crate::{
    desk::Desk,
    error::{AppError, ErrorCode},
};
pub use domain::alarm::Priority;
use domain::{
    alarm::{Acknowledgement, Alarm, Effect, Event, Refused, advance, reading_order},
    ids::AlarmId,
};
use jiff::{SignedDuration, Timestamp};

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

impl Desk {
    /// Compares the conditions that hold with the alarms that stand, and moves each alarm accordingly.
    ///
    /// # Errors
    /// When the disk does not take it; the alarms stand as they stood.
    pub fn look_at_alarms(&mut self) -> Result<(), AppError> {
        let conditions = self.conditions();
        let mut events: Vec<(AlarmId, Event)> = vec![];
        for id in self.alarms.keys() {
            if !conditions.contains_key(id) && self.may_conclude_absence(id) {
                events.push((id.clone(), Event::Absent));
            }
            events.push((id.clone(), Event::Tick));
        }
        events.extend(conditions.into_iter().map(|(id, c)| (id, Event::Present(c))));
        self.happen(events, "feed", "observed").map(drop)
    }

    /// Without a live feed, a condition that we no longer see may still hold.
    fn may_conclude_absence(&self, id: &AlarmId) -> bool {
        matches!(self.link, crate::desk::Link::Live | crate::desk::Link::None)
            || !(id.as_str().starts_with("stop/") || id.as_str().starts_with("feed-silent/"))
    }

    /// Carries out events; the first refusal of a person's event is returned. On disk before it is in memory.
    fn happen(&mut self, events: Vec<(AlarmId, Event)>, who: &str, what: &str) -> Result<Option<Refused>, AppError> {
        let now = self.now();
        let mut changes: Vec<(AlarmId, Option<Alarm>)> = vec![];
        let mut effects = vec![];
        let mut refused = None;
        for (id, event) in events {
            let pending = changes.iter().rev().find(|(i, _)| *i == id).map(|(_, a)| a.clone());
            let before = pending.unwrap_or_else(|| self.alarms.get(&id).cloned());
            match advance(before.clone(), event, now) {
                Ok((after, mut told)) => {
                    effects.append(&mut told);
                    if after != before {
                        changes.push((id, after));
                    }
                }
                Err(why) => refused = refused.or(Some(why)),
            }
        }
        if !changes.is_empty() {
            self.ledger.save_alarms(&changes, who, what, now)?;
            for (id, after) in changes {
                match after {
                    Some(alarm) => drop(self.alarms.insert(id, alarm)),
                    None => drop(self.alarms.remove(&id)),
                }
            }
            self.revision += 1;
        }
        for effect in effects {
            let toast = match effect {
                Effect::Announce(id) => self.alarms.get(&id).map(|a| self.toast(a)),
                Effect::Withdraw(id) => Some(Toast::Withdraw { id }),
            };
            self.toasts.extend(toast);
        }
        Ok(refused)
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

    /// Raises what stood unacknowledged when the application last ran, again (AH-02).
    pub fn announce_standing(&mut self) {
        let again: Vec<Toast> = self
            .alarms
            .values()
            .filter(|a| a.is_open())
            .map(|a| self.toast(a))
            .collect();
        self.toasts.extend(again);
    }

    /// The notifications to raise or take away since the last call.
    pub fn take_toasts(&mut self) -> Vec<Toast> {
        std::mem::take(&mut self.toasts)
    }

    /// The alarms in the order in which they are read.
    pub fn alarm_list(&self) -> Vec<Alarm> {
        let mut list: Vec<Alarm> = self.alarms.values().cloned().collect();
        reading_order(&mut list);
        list
    }

    /// A person has seen this alarm; on disk when this returns.
    ///
    /// # Errors
    /// When there is no such alarm, it was acknowledged before, or the disk does not take it.
    pub fn acknowledge(&mut self, id: &AlarmId) -> Result<(), AppError> {
        let who = Acknowledgement {
            by: self.identity.user.clone(),
            workstation: self.identity.workstation.clone(),
            at: self.now(),
        };
        self.by_person(id, Event::Acknowledge(who), "acknowledge")
    }

    /// Sets an alarm aside for a while, with a reason.
    ///
    /// # Errors
    /// Without a reason, outside 15 minutes to 12 hours, or when the disk does not take it.
    pub fn shelve(&mut self, id: &AlarmId, reason: &str, minutes: i64) -> Result<(), AppError> {
        let until = self.now() + SignedDuration::from_mins(minutes.clamp(0, 24 * 60));
        let reason = feed::privacy::clean_text(reason);
        self.by_person(
            id,
            Event::Shelve {
                by: self.identity.user.clone(),
                reason,
                until,
            },
            "shelve",
        )
    }

    /// Takes an alarm off the shelf.
    ///
    /// # Errors
    /// When it is not on it, or the disk does not take it.
    pub fn unshelve(&mut self, id: &AlarmId) -> Result<(), AppError> {
        self.by_person(id, Event::Unshelve, "unshelve")
    }

    fn by_person(&mut self, id: &AlarmId, event: Event, what: &str) -> Result<(), AppError> {
        let who = self.identity.user.clone();
        match self.happen(vec![(id.clone(), event)], &who, what)? {
            None => Ok(()),
            Some(Refused::NoAlarm) => Err(AppError::not_found(format!("alarm {id}"))),
            Some(Refused::NoReason) => Err(AppError::invalid("shelving needs a reason")),
            Some(Refused::LimitOutOfRange) => Err(AppError::invalid("shelving lasts 15 minutes to 12 hours")),
            Some(Refused::NotFromHere(state)) => {
                Err(AppError::new(ErrorCode::NotFromHere, format!("the alarm is {state:?}")))
            }
        }
    }
}
