//! Named sets of labels: what is switched as a whole, or comes back every night ("harmonica stand 2").

use crate::{
    ids::{ElementCode, PlaceId},
    label::LabelKind,
    service_day::next_at,
};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A set. It says nothing about beds that a person labelled singly, unless that person agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSet {
    pub id: String,
    pub name: String,
    pub lines: Vec<SetLine>,
    pub reason: String,
    pub when: When,
    pub author: String,
    pub on: bool,
    /// When it was switched on; what a person took back since is not laid again.
    pub since: Timestamp,
    /// Beds labelled singly that the set may relabel all the same.
    #[serde(default)]
    pub over: Vec<PlaceId>,
}

/// Some places, every bed of which gets one element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetLine {
    /// Wards, rooms or beds.
    pub places: Vec<PlaceId>,
    pub kind: LabelKind,
    pub element: ElementCode,
}

/// When a set that is switched on holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum When {
    /// Until a moment, or until it is switched off.
    Until { until: Option<Timestamp> },
    /// Every day between two clock times, past midnight where the second comes first.
    Daily { from: civil::Time, until: civil::Time },
}

impl LabelSet {
    /// The stretch around `now` in which labels of the set hold: its start, and its end if it has one.
    pub fn window(&self, now: Timestamp, zone: &TimeZone) -> Option<(Timestamp, Option<Timestamp>)> {
        if !self.on {
            return None;
        }
        match &self.when {
            When::Until { until } => until.is_none_or(|end| now < end).then_some((self.since, *until)),
            When::Daily { from, until } => {
                let clock = now.to_zoned(zone.clone()).time();
                let within = if from < until {
                    *from <= clock && clock < *until
                } else {
                    *from <= clock || clock < *until
                };
                let began = next_at(now, *from, zone) - SignedDuration::from_hours(24);
                within.then(|| (began.max(self.since), Some(next_at(now, *until, zone))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_day::dutch_zone;

    #[test]
    fn a_set_for_every_night_holds_past_midnight_and_ends_in_the_morning() {
        let set = LabelSet {
            id: "s".into(),
            name: "bed 4 is isolatie".into(),
            lines: vec![],
            reason: String::new(),
            when: When::Daily {
                from: civil::time(22, 0, 0, 0),
                until: civil::time(7, 30, 0, 0),
            },
            author: "wan-hoofd".into(),
            on: true,
            since: Timestamp::UNIX_EPOCH,
            over: vec![],
        };
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let night = Some((at("2026-11-21T22:00:00+01:00"), Some(at("2026-11-22T07:30:00+01:00"))));
        assert_eq!(set.window(at("2026-11-21T22:00:00+01:00"), &dutch_zone()), night);
        assert_eq!(set.window(at("2026-11-22T03:00:00+01:00"), &dutch_zone()), night);
        assert_eq!(set.window(at("2026-11-22T07:30:00+01:00"), &dutch_zone()), None);
        let off = LabelSet { on: false, ..set };
        assert_eq!(off.window(at("2026-11-22T03:00:00+01:00"), &dutch_zone()), None);
    }
}
