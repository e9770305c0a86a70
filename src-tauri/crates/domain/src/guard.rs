//! What keeps alarms from training people to ignore them: delays, chatter and floods (AH-11, AH-12).

use crate::{alarm::AlarmKind, ids::AlarmId, philosophy};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// Three transitions of one source within this time are chatter (control-room.md 2).
const CHATTER_WITHIN: SignedDuration = SignedDuration::from_secs(60);
const CHATTER: usize = 3;
/// Ten alarms within this time are a flood (EEMUA 191).
const FLOOD_WITHIN: SignedDuration = SignedDuration::from_mins(10);
pub const FLOOD: usize = 10;

/// How an announcement is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// On its own.
    Singly,
    /// The flood begins with it: one grouped announcement for all that follow.
    FloodBegins,
    /// In a flood; the grouped one stands for it.
    Grouped,
}

/// What was seen lately.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    seen: BTreeMap<AlarmId, Timestamp>,
    gone: BTreeMap<AlarmId, Timestamp>,
    /// When each source came (`true`) or went.
    transitions: BTreeMap<String, VecDeque<(Timestamp, bool)>>,
    announced: VecDeque<Timestamp>,
    flooding: bool,
}

/// One from the future, after a clock was set back, is no longer of now either.
fn lately(at: Timestamp, within: SignedDuration, now: Timestamp) -> bool {
    at <= now && now.duration_since(at) < within
}

impl Guard {
    /// Whether a condition has held for as long as its type asks.
    pub fn holds(&mut self, id: &AlarmId, kind: AlarmKind, now: Timestamp) -> bool {
        self.gone.remove(id);
        let since = *self.seen.entry(id.clone()).or_insert(now);
        now.duration_since(since).as_secs() >= philosophy::of(kind).on_delay_s
    }

    /// Whether a condition has been gone for as long as its type asks.
    pub fn is_gone(&mut self, id: &AlarmId, kind: AlarmKind, now: Timestamp) -> bool {
        self.seen.remove(id);
        let since = *self.gone.entry(id.clone()).or_insert(now);
        let gone = now.duration_since(since).as_secs() >= philosophy::of(kind).off_delay_s;
        if gone {
            self.gone.remove(id);
        }
        gone
    }

    /// A source came or went.
    pub fn transition(&mut self, source: &str, came: bool, now: Timestamp) {
        self.transitions
            .entry(source.to_owned())
            .or_default()
            .push_back((now, came));
    }

    /// The sources that chatter, with how often they came or went within the minute. Many that only came are a flood.
    pub fn chattering(&mut self, now: Timestamp) -> BTreeMap<String, usize> {
        self.transitions.retain(|_, times| {
            times.retain(|(at, _)| lately(*at, CHATTER_WITHIN, now));
            !times.is_empty()
        });
        let both = |times: &VecDeque<(Timestamp, bool)>| {
            times.iter().any(|(_, came)| *came) && times.iter().any(|(_, came)| !came)
        };
        let often = self
            .transitions
            .iter()
            .filter(|(_, times)| times.len() >= CHATTER && both(times));
        often.map(|(source, times)| (source.clone(), times.len())).collect()
    }

    /// An alarm is announced.
    pub fn announce(&mut self, now: Timestamp) -> Manner {
        self.announced.push_back(now);
        let flood = self.flood(now).is_some();
        match (std::mem::replace(&mut self.flooding, flood), flood) {
            (_, false) => Manner::Singly,
            (false, true) => Manner::FloodBegins,
            (true, true) => Manner::Grouped,
        }
    }

    /// How many alarms came within ten minutes, where that is a flood.
    pub fn flood(&mut self, now: Timestamp) -> Option<usize> {
        self.announced.retain(|at| lately(*at, FLOOD_WITHIN, now));
        (self.announced.len() >= FLOOD).then_some(self.announced.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    #[test]
    fn ah_11_a_condition_must_hold_and_must_be_gone_for_as_long_as_its_type_asks() {
        let mut guard = Guard::default();
        let id: AlarmId = "busyness/isala".into();
        let holds = |guard: &mut Guard, s| guard.holds(&id, AlarmKind::Busyness, at(s));
        assert!(!holds(&mut guard, 0) && !holds(&mut guard, 599));
        assert!(holds(&mut guard, 600));
        assert!(!guard.is_gone(&id, AlarmKind::Busyness, at(700)));
        assert!(!holds(&mut guard, 710), "coming back starts both anew");
        assert!(!guard.is_gone(&id, AlarmKind::Busyness, at(720)));
        assert!(guard.is_gone(&id, AlarmKind::Busyness, at(1320)));
        let stop: AlarmId = "stop/isala/seh/s".into();
        assert!(guard.holds(&stop, AlarmKind::SehStop, at(0)), "a stop is told at once");
        assert!(guard.is_gone(&stop, AlarmKind::SehStop, at(1)));
    }

    #[test]
    fn ah_11_three_transitions_in_a_minute_are_chatter_and_two_are_not() {
        let mut guard = Guard::default();
        guard.transition("stop/isala/seh", true, at(0));
        guard.transition("stop/isala/seh", false, at(20));
        for _ in 0..5 {
            guard.transition("stop/deventer/ccu", true, at(21));
        }
        assert!(guard.chattering(at(21)).is_empty());
        guard.transition("stop/isala/seh", true, at(40));
        assert_eq!(guard.chattering(at(40)), [("stop/isala/seh".to_owned(), 3)].into());
        assert!(guard.chattering(at(61)).is_empty());
    }

    #[test]
    fn ah_12_the_tenth_alarm_in_ten_minutes_begins_a_flood_that_ends_when_it_calms_down() {
        let mut guard = Guard::default();
        let manners: Vec<Manner> = (0..200).map(|s| guard.announce(at(s))).collect();
        assert!(manners.iter().take(9).all(|m| *m == Manner::Singly));
        assert_eq!(manners.iter().filter(|m| **m == Manner::FloodBegins).count(), 1);
        assert_eq!(manners.last(), Some(&Manner::Grouped));
        assert_eq!(guard.flood(at(200)), Some(200));
        assert_eq!(guard.flood(at(900)), None);
        assert_eq!(guard.announce(at(900)), Manner::Singly);
    }
}
