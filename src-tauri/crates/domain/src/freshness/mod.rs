//! How old a number may be: the 5/15/60-minute ladder (domain.md 10.13).

use jiff::Timestamp;
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

/// Grades an age in seconds; no age at all is unknown. A delivery from the future has no believable age either, beyond
/// the two minutes by which two clocks may honestly differ.
pub fn grade(age_s: Option<i64>) -> Freshness {
    match age_s {
        Some(s) if s < -120 => Freshness::Unknown,
        Some(s) if s <= 5 * 60 => Freshness::Fresh,
        Some(s) if s <= 15 * 60 => Freshness::Ageing,
        Some(s) if s <= 60 * 60 => Freshness::Stale,
        _ => Freshness::Unknown,
    }
}

/// Whole seconds between a delivery and now.
pub fn age_s(delivered: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    delivered.map(|at| now.duration_since(at).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

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
