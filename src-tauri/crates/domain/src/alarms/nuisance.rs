//! What keeps alarms from training people to ignore them: delays, chatter and floods (AH-11, AH-12).

use super::{
    catalogue::{AlarmKind, entry},
    id::{AlarmId, AlarmOrigin},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// Three transitions of one origin within this time are chatter (control-room.md 2).
const CHATTER_WITHIN: SignedDuration = SignedDuration::from_secs(60);
const CHATTER: usize = 3;
/// Ten alarms within this time are a flood (EEMUA 191).
const FLOOD_WITHIN: SignedDuration = SignedDuration::from_mins(10);
pub const FLOOD: usize = 10;

/// How an announcement is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnounceMode {
    /// On its own.
    Singly,
    /// The flood begins with it: one grouped announcement for all that follow.
    FloodBegins,
    /// In a flood; the grouped one stands for it.
    Grouped,
}

/// What was seen lately.
#[derive(Clone, Debug, Default)]
pub struct Nuisance {
    seen: BTreeMap<AlarmId, Timestamp>,
    gone: BTreeMap<AlarmId, Timestamp>,
    /// When each origin came (`true`) or went.
    transitions: BTreeMap<AlarmOrigin, VecDeque<(Timestamp, bool)>>,
    announced: VecDeque<Timestamp>,
    flooding: bool,
}

/// One from the future, after a clock was set back, is no longer of now either.
fn lately(at: Timestamp, within: SignedDuration, now: Timestamp) -> bool {
    at <= now && now.duration_since(at) < within
}

impl Nuisance {
    /// The clock was set back by this much: what must hold or be gone for a while goes on being counted.
    pub fn set_back(&mut self, by: SignedDuration) {
        let transitions = self.transitions.values_mut().flatten().map(|(at, _)| at);
        let seen = self.seen.values_mut().chain(self.gone.values_mut());
        for at in seen.chain(transitions).chain(&mut self.announced) {
            *at -= by;
        }
    }

    /// Whether a condition has held for as long as its type asks.
    pub fn holds(&mut self, id: &AlarmId, kind: AlarmKind, now: Timestamp) -> bool {
        self.gone.remove(id);
        let since = *self.seen.entry(id.clone()).or_insert(now);
        now.duration_since(since).as_secs() >= entry(kind).on_delay_s
    }

    /// Whether a condition has been gone for as long as its type asks.
    pub fn is_gone(&mut self, id: &AlarmId, kind: AlarmKind, now: Timestamp) -> bool {
        self.seen.remove(id);
        let since = *self.gone.entry(id.clone()).or_insert(now);
        let gone = now.duration_since(since).as_secs() >= entry(kind).off_delay_s;
        if gone {
            self.gone.remove(id);
        }
        gone
    }

    /// What does not hold at a look begins anew the next time, also where no alarm ever came of it.
    pub fn forget_unseen(&mut self, is_seen: impl Fn(&AlarmId) -> bool) {
        self.seen.retain(|id, _| is_seen(id));
    }

    /// An alarm of an origin came or went.
    pub fn transition(&mut self, origin: AlarmOrigin, came: bool, now: Timestamp) {
        self.transitions.entry(origin).or_default().push_back((now, came));
    }

    /// The origins that chatter, with how often they came or went within the minute. Many that only came are a flood.
    pub fn chattering(&mut self, now: Timestamp) -> BTreeMap<AlarmOrigin, usize> {
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
        often.map(|(origin, times)| (origin.clone(), times.len())).collect()
    }

    /// An alarm is announced.
    pub fn announce(&mut self, now: Timestamp) -> AnnounceMode {
        self.announced.push_back(now);
        let flood = self.flood(now).is_some();
        match (std::mem::replace(&mut self.flooding, flood), flood) {
            (_, false) => AnnounceMode::Singly,
            (false, true) => AnnounceMode::FloodBegins,
            (true, true) => AnnounceMode::Grouped,
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

    fn origin(text: &str) -> AlarmOrigin {
        text.parse().unwrap()
    }

    #[test]
    fn ah_11_a_condition_must_hold_and_must_be_gone_for_as_long_as_its_type_asks() {
        let mut nuisance = Nuisance::default();
        let id = AlarmId::of_site(AlarmKind::Busyness, &"isala".into());
        let holds = |nuisance: &mut Nuisance, s| nuisance.holds(&id, AlarmKind::Busyness, at(s));
        assert!(!holds(&mut nuisance, 0) && !holds(&mut nuisance, 599));
        assert!(holds(&mut nuisance, 600));
        assert!(!nuisance.is_gone(&id, AlarmKind::Busyness, at(700)));
        assert!(!holds(&mut nuisance, 710), "coming back starts both anew");
        assert!(!nuisance.is_gone(&id, AlarmKind::Busyness, at(720)));
        assert!(nuisance.is_gone(&id, AlarmKind::Busyness, at(1320)));
        let stop = AlarmId::of_stop(Some(&"isala".into()), &"seh".into(), &"s".into());
        assert!(
            nuisance.holds(&stop, AlarmKind::SehStop, at(0)),
            "a stop is told at once"
        );
        assert!(nuisance.is_gone(&stop, AlarmKind::SehStop, at(1)));
    }

    #[test]
    fn ah_11_a_blip_an_hour_ago_does_not_shorten_the_delay_of_today() {
        let mut nuisance = Nuisance::default();
        let id = AlarmId::of_site(AlarmKind::Busyness, &"isala".into());
        assert!(!nuisance.holds(&id, AlarmKind::Busyness, at(0)));
        nuisance.forget_unseen(|seen| *seen != id);
        assert!(
            !nuisance.holds(&id, AlarmKind::Busyness, at(3_600)),
            "it holds since now, and not since an hour"
        );
        nuisance.forget_unseen(|seen| *seen == id);
        assert!(nuisance.holds(&id, AlarmKind::Busyness, at(4_200)));
    }

    #[test]
    fn ah_11_three_transitions_in_a_minute_are_chatter_and_two_are_not() {
        let mut nuisance = Nuisance::default();
        let (seh, ccu) = (origin("stop/isala/seh"), origin("stop/deventer/ccu"));
        nuisance.transition(seh.clone(), true, at(0));
        nuisance.transition(seh.clone(), false, at(20));
        for _ in 0..5 {
            nuisance.transition(ccu.clone(), true, at(21));
        }
        assert!(nuisance.chattering(at(21)).is_empty());
        nuisance.transition(seh.clone(), true, at(40));
        assert_eq!(nuisance.chattering(at(40)), [(seh, 3)].into());
        assert!(nuisance.chattering(at(61)).is_empty());
    }

    #[test]
    fn ah_12_the_tenth_alarm_in_ten_minutes_begins_a_flood_that_ends_when_it_calms_down() {
        let mut nuisance = Nuisance::default();
        let modes: Vec<AnnounceMode> = (0..200).map(|s| nuisance.announce(at(s))).collect();
        assert!(modes.iter().take(9).all(|m| *m == AnnounceMode::Singly));
        assert_eq!(modes.iter().filter(|m| **m == AnnounceMode::FloodBegins).count(), 1);
        assert_eq!(modes.last(), Some(&AnnounceMode::Grouped));
        assert_eq!(nuisance.flood(at(200)), Some(200));
        assert_eq!(nuisance.flood(at(900)), None);
        assert_eq!(nuisance.announce(at(900)), AnnounceMode::Singly);
    }
}
