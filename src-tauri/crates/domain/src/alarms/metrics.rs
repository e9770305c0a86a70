//! How good the alarms themselves are, against the figures of EEMUA 191 and ISA-18.2 (AH-14, control-room.md 2).

use super::{
    alarm::Alarm,
    catalogue::Priority,
    id::{AlarmId, AlarmOrigin},
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// What the alarm log keeps of an alarm's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmTransition {
    Raised,
    Returned,
    Acknowledged,
    Shelved,
    Escalated,
}

impl AlarmTransition {
    pub const ALL: [AlarmTransition; 5] = [
        AlarmTransition::Raised,
        AlarmTransition::Returned,
        AlarmTransition::Acknowledged,
        AlarmTransition::Shelved,
        AlarmTransition::Escalated,
    ];

    pub fn code(self) -> &'static str {
        match self {
            AlarmTransition::Raised => "raised",
            AlarmTransition::Returned => "returned",
            AlarmTransition::Acknowledged => "acknowledged",
            AlarmTransition::Shelved => "shelved",
            AlarmTransition::Escalated => "escalated",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }
}

/// One entry of the alarm log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmEvent {
    pub at: Timestamp,
    pub alarm: AlarmId,
    pub priority: Priority,
    pub transition: AlarmTransition,
}

/// The measures of a stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmMetrics {
    /// Alarms in each ten minutes, oldest first.
    pub per_ten: Vec<u32>,
    /// Alarms a ten minutes; about one is manageable.
    pub average: f64,
    /// In the worst ten minutes; ten are a flood.
    pub peak: u32,
    /// Percent of the ten minutes that were a flood; under one is the aim.
    pub flood_percent: f64,
    /// Alarms a day; 150 acceptable, 300 the most.
    pub per_day: f64,
    /// High, medium, low, in percent; the aim is 5, 15, 80.
    pub split: [f64; 3],
    /// Origins with the most alarms, and how many.
    pub top: Vec<(AlarmOrigin, u32)>,
    /// Percent of all alarms that the ten worst origins make; 1 to 5 is the aim.
    pub top_percent: f64,
    /// How often an origin changed three times within a minute.
    pub chatter: u32,
    /// Median seconds from raised to acknowledged.
    pub median_acknowledge_s: Option<i64>,
}

const TEN: SignedDuration = SignedDuration::from_mins(10);
/// Standing longer than this is stale.
pub const STALE: SignedDuration = SignedDuration::from_hours(24);

/// Measures what was told between two moments; events in order of time.
pub fn measure(events: &[AlarmEvent], from: Timestamp, to: Timestamp) -> AlarmMetrics {
    let within: Vec<&AlarmEvent> = events.iter().filter(|e| from <= e.at && e.at <= to).collect();
    let raised: Vec<&&AlarmEvent> = within
        .iter()
        .filter(|e| e.transition == AlarmTransition::Raised)
        .collect();
    let seconds = to.duration_since(from).as_secs().max(1);
    let tens = usize::try_from((seconds + 599) / 600).unwrap_or(1).max(1);
    let mut per_ten = vec![0_u32; tens];
    let mut origins: BTreeMap<AlarmOrigin, u32> = BTreeMap::new();
    let mut split = [0_u32; 3];
    for event in &raised {
        let n = usize::try_from(event.at.duration_since(from).as_secs() / TEN.as_secs()).unwrap_or(0);
        if let Some(count) = per_ten.get_mut(n.min(tens - 1)) {
            *count += 1;
        }
        *origins.entry(event.alarm.origin()).or_default() += 1;
        let [high, medium, low] = &mut split;
        *match event.priority {
            Priority::High => high,
            Priority::Medium => medium,
            Priority::Low => low,
        } += 1;
    }
    let mut top: Vec<(AlarmOrigin, u32)> = origins.into_iter().collect();
    top.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    top.truncate(10);
    let percent = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let all = raised.len() as f64;
    let flooded = per_ten.iter().filter(|n| **n >= 10).count();
    AlarmMetrics {
        average: all / per_ten.len() as f64,
        peak: per_ten.iter().copied().max().unwrap_or(0),
        flood_percent: percent(flooded as f64, per_ten.len() as f64),
        per_day: all * 86_400.0 / seconds as f64,
        split: split.map(|n| percent(f64::from(n), all)),
        top_percent: percent(f64::from(top.iter().map(|(_, n)| n).sum::<u32>()), all),
        top,
        chatter: chatter(&within),
        median_acknowledge_s: median_acknowledge(&within),
        per_ten,
    }
}

fn chatter(events: &[&AlarmEvent]) -> u32 {
    let mut by_origin: BTreeMap<AlarmOrigin, Vec<Timestamp>> = BTreeMap::new();
    for e in events
        .iter()
        .filter(|e| matches!(e.transition, AlarmTransition::Raised | AlarmTransition::Returned))
    {
        by_origin.entry(e.alarm.origin()).or_default().push(e.at);
    }
    let mut found = 0;
    for times in by_origin.values() {
        let mut next = 0;
        while let (Some(first), Some(third)) = (times.get(next), times.get(next + 2)) {
            if third.duration_since(*first).as_secs() < 60 {
                found += 1;
                next += 3;
            } else {
                next += 1;
            }
        }
    }
    found
}

fn median_acknowledge(events: &[&AlarmEvent]) -> Option<i64> {
    let mut waiting: BTreeMap<&AlarmId, Timestamp> = BTreeMap::new();
    let mut took = vec![];
    for e in events {
        match e.transition {
            AlarmTransition::Raised => drop(waiting.insert(&e.alarm, e.at)),
            AlarmTransition::Acknowledged => {
                took.extend(waiting.remove(&e.alarm).map(|at| e.at.duration_since(at).as_secs()))
            }
            AlarmTransition::Returned | AlarmTransition::Shelved | AlarmTransition::Escalated => {}
        }
    }
    took.sort_unstable();
    let (low, high) = (took.get(took.len().checked_sub(1)? / 2)?, took.get(took.len() / 2)?);
    Some((low + high) / 2)
}

/// The alarms that have stood for over a day; never removed by themselves (AH-13).
pub fn stale<'a>(alarms: impl IntoIterator<Item = &'a Alarm>, now: Timestamp) -> Vec<&'a Alarm> {
    let stands = |a: &&Alarm| now.duration_since(a.text.since.unwrap_or(a.raised_at)) > STALE;
    alarms.into_iter().filter(stands).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    fn event(minute: i64, alarm: &str, priority: Priority, transition: AlarmTransition) -> AlarmEvent {
        AlarmEvent {
            at: at(minute),
            alarm: alarm.parse().unwrap(),
            priority,
            transition,
        }
    }

    #[test]
    fn ah_14_the_measures_are_those_that_one_counts_by_hand() {
        use Priority::{High, Low, Medium};
        let mut events = vec![
            event(1, "stop/isala/seh/1", High, AlarmTransition::Raised),
            event(4, "stop/isala/seh/1", High, AlarmTransition::Acknowledged),
            event(5, "stop/deventer/seh/1", Medium, AlarmTransition::Raised),
            event(6, "stop/deventer/seh/1", Medium, AlarmTransition::Acknowledged),
            event(9, "stop/meppel/seh/1", Low, AlarmTransition::Raised),
        ];
        // Between 20 and 30 minutes: twelve of one source, a flood, and never acknowledged.
        events.extend((0..12).map(|n| {
            event(
                20 + n / 2,
                &format!("stop/zutphen/ccu/{n}"),
                Low,
                AlarmTransition::Raised,
            )
        }));
        let q = measure(&events, at(0), at(60));
        assert_eq!(q.per_ten, [3, 0, 12, 0, 0, 0]);
        assert_eq!((q.average, q.peak), (2.5, 12));
        assert!((q.flood_percent - 100.0 / 6.0).abs() < 1e-9);
        assert_eq!(q.per_day, 360.0);
        assert!((q.split[0] - 100.0 / 15.0).abs() < 1e-9 && (q.split[2] - 1300.0 / 15.0).abs() < 1e-9);
        assert_eq!(q.top.first(), Some(&("stop/zutphen/ccu".parse().unwrap(), 12)));
        assert_eq!(q.top_percent, 100.0);
        assert_eq!(q.chatter, 0, "two a minute is not three within a minute");
        assert_eq!(q.median_acknowledge_s, Some(120), "of one and of three minutes");
        let nothing = measure(&[], at(0), at(60));
        assert_eq!((nothing.peak, nothing.median_acknowledge_s), (0, None));
    }
}
