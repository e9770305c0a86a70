//! What a person heard by telephone about a delivered number: a fact of its own, beside the number and never over it.

use crate::{
    count::Count,
    ids::{ElementCode, PlaceId},
    label::LabelKind,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Somebody called a location about its free beds of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    pub site: PlaceId,
    pub kind: LabelKind,
    pub element: ElementCode,
    /// What was on the screen at that moment.
    pub delivered: Count,
    /// What the location said.
    pub actual: u32,
    /// A name or a role (domain.md 6).
    pub by: String,
    pub at: Timestamp,
}

/// How far back "lately" goes.
pub const LATELY: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Confirmation {
    /// Whether a bed that was shown free was there; nothing where none was shown free.
    pub fn held(&self) -> Option<bool> {
        self.delivered.known().filter(|free| *free > 0).map(|_| self.actual > 0)
    }
}

/// How often "free" held lately, of how many times that somebody asked.
pub fn free_confirmed<'a>(all: impl IntoIterator<Item = &'a Confirmation>, now: Timestamp) -> (u32, u32) {
    let recent = all
        .into_iter()
        .filter(|c| c.at <= now && now.duration_since(c.at) < LATELY);
    recent
        .filter_map(Confirmation::held)
        .fold((0, 0), |(held, asked), one| (held + u32::from(one), asked + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_held_as_often_as_a_bed_was_there_when_somebody_called() {
        let now: Timestamp = "2026-11-22T03:00:00+01:00".parse().unwrap();
        let called = |days: i64, delivered: Option<u32>, actual: u32| Confirmation {
            site: "isala".into(),
            kind: LabelKind::Specialistisch,
            element: "ic-beademd".into(),
            delivered: delivered.into(),
            actual,
            by: "wan-hoofd".to_owned(),
            at: now - SignedDuration::from_hours(24 * days),
        };
        let all = [
            called(1, Some(2), 2),
            called(2, Some(1), 0),
            called(3, Some(3), 1),
            called(4, Some(0), 1),
            called(5, None, 1),
            called(31, Some(1), 0),
        ];
        assert_eq!(
            free_confirmed(&all, now),
            (2, 3),
            "only where something was shown free, and lately"
        );
    }
}
