//! How old a number may be: the 5/15/60-minute ladder (domain.md 10.13).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far a location's last delivery is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Within one delivery cycle and its slack: at most 5 minutes.
    Fresh,
    /// 5 to 15 minutes: shown with its age.
    Ageing,
    /// 15 to 60 minutes: greyed, struck through once.
    Stale,
    /// Over 60 minutes, or never delivered: not counted in a total without a mark.
    Unknown,
}

/// Whether a delivery lies in the future, by more than the two minutes by which two clocks may honestly differ: such an
/// age is not believable.
pub fn lies_ahead(age_s: i64) -> bool {
    age_s < -120
}

/// Grades an age in seconds; no age at all, and one that is not believable, is unknown.
pub fn grade(age_s: Option<i64>) -> Freshness {
    match age_s {
        Some(s) if lies_ahead(s) => Freshness::Unknown,
        Some(s) if s <= 5 * 60 => Freshness::Fresh,
        Some(s) if s <= 15 * 60 => Freshness::Ageing,
        Some(s) if s <= 60 * 60 => Freshness::Stale,
        _ => Freshness::Unknown,
    }
}

/// The moments from which the grade of a delivery is another one, in order: when it stops lying in the future, and when
/// it has aged by another step.
pub fn steps(delivered: Timestamp) -> impl Iterator<Item = Timestamp> {
    let later = move |s: i64| delivered.checked_add(SignedDuration::from_secs(s)).ok();
    // Ages are whole seconds, cut off towards zero: -120.9 s is still -120.
    let believable = later(-121).and_then(|at| at.checked_add(SignedDuration::from_nanos(1)).ok());
    let ages = [5 * 60 + 1, 15 * 60 + 1, 60 * 60 + 1].into_iter().filter_map(later);
    believable.into_iter().chain(ages)
}

/// Whole seconds between a delivery and now.
pub fn age_s(delivered: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    delivered.map(|at| now.duration_since(at).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grade_of_a_delivery_changes_at_its_steps_and_at_no_other_moment() {
        let delivered: Timestamp = "2026-11-22T03:00:00.5+01:00".parse().unwrap();
        let at = |ms: i64| delivered + SignedDuration::from_millis(ms);
        let graded = |now: Timestamp| grade(age_s(Some(delivered), now));
        for step in steps(delivered) {
            let before = step - SignedDuration::from_nanos(1);
            assert_ne!(graded(before), graded(step), "nothing changes at {step}");
        }
        for s in -200..4000 {
            let (from, to) = (at(s * 1000 + 7), at(s * 1000 + 1007));
            let step = steps(delivered).any(|step| from < step && step <= to);
            assert_eq!(graded(from) != graded(to), step, "between {from} and {to}");
        }
    }

    #[test]
    fn the_ladder_steps_at_five_fifteen_and_sixty_minutes() {
        for (age, want) in [
            (Some(0), Freshness::Fresh),
            (Some(300), Freshness::Fresh),
            (Some(301), Freshness::Ageing),
            (Some(900), Freshness::Ageing),
            (Some(901), Freshness::Stale),
            (Some(3600), Freshness::Stale),
            (Some(3601), Freshness::Unknown),
            (None, Freshness::Unknown),
            (Some(-60), Freshness::Fresh),
            (Some(-3600), Freshness::Unknown),
        ] {
            assert_eq!(grade(age), want, "age {age:?} s");
        }
    }
}
