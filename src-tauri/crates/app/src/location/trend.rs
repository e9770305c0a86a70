//! How busy an emergency department was: the last day as a line, the last half year as a distribution.

use domain::busyness::busier_than_percent;
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, sync::Arc};

/// A line is drawn over a day at the most.
const LINE: SignedDuration = SignedDuration::from_hours(24);
/// Against what a score is compared.
pub const HALF_YEAR: SignedDuration = SignedDuration::from_hours(24 * 182);

/// By the id of the measurement.
#[derive(Clone, Debug, Default)]
pub struct Trends(Arc<BTreeMap<String, Arc<Trend>>>);

/// The scores of one measurement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trend {
    /// (since when, score), oldest first; the last one stands until now.
    line: Vec<(Timestamp, f64)>,
    /// Seconds that each score stood, by tenths of a point: a half year of five-minute scores is a few hundred entries.
    stood_s: BTreeMap<i64, i64>,
}

fn tenths(score: f64) -> i64 {
    (score * 10.0).round() as i64
}

impl Trend {
    /// From scores as they followed each other, oldest first.
    pub fn of(scores: impl IntoIterator<Item = (Timestamp, f64)>) -> Self {
        let mut trend = Self::default();
        for (at, score) in scores {
            trend.add(at, score);
        }
        trend
    }

    /// Another score came; one that is older than the newest known changes nothing.
    pub fn add(&mut self, at: Timestamp, score: f64) {
        if let Some((before, stood)) = self.line.last().copied() {
            if at < before {
                return;
            }
            *self.stood_s.entry(tenths(stood)).or_default() += at.duration_since(before).as_secs();
        }
        self.line.push((at, score));
        // What stood when the day began is kept: the line starts with it.
        let begun = self
            .line
            .iter()
            .take_while(|(t, _)| at.duration_since(*t) > LINE)
            .count();
        self.line.drain(..begun.saturating_sub(1));
    }
}

impl Trends {
    /// Puts what was read from disk in the place of what was known; scores that came since are added to it.
    pub fn load(&mut self, read: BTreeMap<String, Trend>) {
        let known = Arc::make_mut(&mut self.0);
        for (id, mut trend) in read {
            let newest = trend.line.last().map(|(at, _)| *at);
            for (at, score) in known.get(&id).iter().flat_map(|t| t.line.iter().copied()) {
                if newest.is_none_or(|newest| at > newest) {
                    trend.add(at, score);
                }
            }
            known.insert(id, Arc::new(trend));
        }
    }

    /// A score came.
    pub fn add(&mut self, id: &str, at: Timestamp, score: f64) {
        let trend = Arc::make_mut(&mut self.0).entry(id.to_owned()).or_default();
        Arc::make_mut(trend).add(at, score);
    }

    /// The scores since a moment: (from, score), the last one running until `now`.
    pub fn line(&self, id: &str, since: Timestamp, now: Timestamp) -> Vec<(Timestamp, f64)> {
        let line = self.0.get(id).map_or(&[][..], |t| t.line.as_slice());
        let begun = line.iter().take_while(|(at, _)| *at <= since).count();
        let mut points: Vec<(Timestamp, f64)> = line
            .iter()
            .skip(begun.saturating_sub(1))
            .map(|(at, score)| ((*at).max(since), *score))
            .collect();
        if let Some((_, last)) = points.last().copied() {
            points.push((now, last));
        }
        points
    }

    /// The part of its own half year that was calmer than `score`, in percent; nothing under four weeks of history.
    pub fn busier_than(&self, id: &str, score: f64, now: Timestamp) -> Option<u32> {
        let trend = self.0.get(id)?;
        let mut stood: Vec<(f64, i64)> = trend.stood_s.iter().map(|(t, s)| (*t as f64 / 10.0, *s)).collect();
        if let Some((at, last)) = trend.line.last() {
            stood.push((*last, now.duration_since(*at).as_secs().max(0)));
        }
        // As fine as what it is compared with.
        busier_than_percent(tenths(score) as f64 / 10.0, &stood)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + hour * 3600).unwrap()
    }

    #[test]
    fn a_line_begins_with_what_stood_when_its_time_began() {
        let mut trends = Trends::default();
        for (hour, score) in [(0, 10.0), (5, 20.0), (9, 30.0)] {
            trends.add("m", at(hour), score);
        }
        assert_eq!(
            trends.line("m", at(6), at(10)),
            [(at(6), 20.0), (at(9), 30.0), (at(10), 30.0)]
        );
    }

    #[test]
    fn a_day_of_line_is_kept_and_the_time_before_counts_in_the_distribution() {
        let mut trends = Trends::default();
        for hour in 0..24 * 40 {
            trends.add("m", at(hour), if hour % 4 == 0 { 100.0 } else { 20.0 });
        }
        let now = at(24 * 40);
        assert_eq!(
            trends.busier_than("m", 99.9, now),
            Some(75),
            "three of four hours were calmer"
        );
        assert!(trends.line("m", at(0), now).len() <= 27);
    }

    #[test]
    fn what_is_read_from_disk_does_not_lose_what_came_meanwhile() {
        let mut trends = Trends::default();
        trends.add("m", at(10), 50.0);
        trends.load([("m".to_owned(), Trend::of([(at(0), 10.0), (at(8), 20.0)]))].into());
        assert_eq!(trends.line("m", at(0), at(11)).last(), Some(&(at(11), 50.0)));
    }
}
