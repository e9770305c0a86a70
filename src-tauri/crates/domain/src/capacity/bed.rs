//! What a bed is at a moment, from the raw codes that were delivered (wire-format.md 2, domain.md 2.3).

use crate::place::{Period, Place};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A bed's state as a coordinator names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BedState {
    /// Free, staffed, equipped, nobody in it: the only state that is available.
    Free,
    /// A patient is in it.
    Occupied,
    /// Empty, but reserved for an admission before the cut-off: counts as occupied.
    Reserved,
    /// Being cleaned or contaminated: capacity, not available.
    Preparing,
    /// Isolated: capacity, not available.
    Isolation,
    /// Neither usable nor occupied: no capacity, hidden unless asked for.
    Blocked,
    /// Not delivered, or a code that we do not understand: never free.
    Unknown,
}

impl BedState {
    pub const ALL: [BedState; 7] = [
        BedState::Free,
        BedState::Occupied,
        BedState::Reserved,
        BedState::Preparing,
        BedState::Isolation,
        BedState::Blocked,
        BedState::Unknown,
    ];

    /// 0 when blocked, else 1.
    pub fn has_capacity(self) -> bool {
        self != BedState::Blocked
    }

    /// A patient in it, or reserved before the cut-off (Zwolle agreement).
    pub fn is_occupied(self) -> bool {
        matches!(self, BedState::Occupied | BedState::Reserved)
    }

    /// May be offered.
    pub fn is_available(self) -> bool {
        self == BedState::Free
    }
}

/// Reads a bed's state from its raw codes, and from the reservations that a calendar holds beside its own. Anything not
/// positively known to be free is not free.
pub fn state(bed: &Place, held: &[Period], now: Timestamp, cutoff: Timestamp) -> BedState {
    match bed.status.as_deref() {
        Some("suspended") => return BedState::Blocked,
        Some("active") | None => {}
        Some(_) => return BedState::Unknown,
    }
    match bed.operational_status.as_deref() {
        Some("C") => BedState::Blocked,
        Some("O") => BedState::Occupied,
        Some("H" | "K") => BedState::Preparing,
        Some("I") => BedState::Isolation,
        Some("U") if bed.status.is_none() => BedState::Unknown,
        Some("U") => {
            let counts = |r: &Period| r.end.is_none_or(|end| now < end) && r.start.is_none_or(|start| start < cutoff);
            if bed.reservation.iter().chain(held).any(counts) {
                BedState::Reserved
            } else {
                BedState::Free
            }
        }
        _ => BedState::Unknown,
    }
}

/// The cut-off for reservations at `now`, for callers that ask for many beds of one moment.
pub fn cutoff(now: Timestamp, zone: &TimeZone) -> Timestamp {
    crate::service_day::reservation_cutoff(now, zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::PlaceKind;

    fn bed(status: Option<&str>, operational: Option<&str>) -> Place {
        Place {
            status: status.map(str::to_owned),
            operational_status: operational.map(str::to_owned),
            ..Place::new("bed".into(), PlaceKind::Bed, "", None)
        }
    }

    fn read(bed: &Place, now: &str) -> BedState {
        let now: Timestamp = now.parse().unwrap();
        state(bed, &[], now, cutoff(now, &crate::service_day::dutch_zone()))
    }

    const NIGHT: &str = "2026-11-22T02:00:00+01:00";

    #[test]
    fn every_code_of_table_0116_becomes_the_state_that_a_coordinator_expects() {
        for (status, code, want) in [
            (Some("active"), Some("U"), BedState::Free),
            (Some("active"), Some("O"), BedState::Occupied),
            (Some("active"), Some("H"), BedState::Preparing),
            (Some("active"), Some("K"), BedState::Preparing),
            (Some("active"), Some("I"), BedState::Isolation),
            (Some("active"), Some("C"), BedState::Blocked),
            (Some("suspended"), Some("C"), BedState::Blocked),
            (Some("suspended"), Some("U"), BedState::Blocked),
        ] {
            assert_eq!(read(&bed(status, code), NIGHT), want, "{status:?} {code:?}");
        }
    }

    #[test]
    fn a_bed_is_never_free_unless_the_feed_says_so_in_words_we_understand() {
        for (status, code) in [
            (Some("active"), None),
            (Some("active"), Some("X")),
            (Some("active"), Some("")),
            (None, Some("U")),
            (None, None),
            (Some("retired"), Some("U")),
        ] {
            assert_eq!(
                read(&bed(status, code), NIGHT),
                BedState::Unknown,
                "{status:?} {code:?}"
            );
        }
    }

    #[test]
    fn a_reservation_takes_the_bed_until_its_end_and_only_when_it_starts_before_ten() {
        let mut b = bed(Some("active"), Some("U"));
        let reserve = |start: &str, end: &str| {
            Some(Period {
                start: Some(start.parse().unwrap()),
                end: Some(end.parse().unwrap()),
            })
        };
        b.reservation = reserve("2026-11-22T08:00:00+01:00", "2026-11-22T12:00:00+01:00");
        assert_eq!(read(&b, NIGHT), BedState::Reserved);
        assert_eq!(
            read(&b, "2026-11-22T12:00:00+01:00"),
            BedState::Free,
            "after its end it is available again"
        );
        b.reservation = reserve("2026-11-22T10:00:00+01:00", "2026-11-22T16:00:00+01:00");
        assert_eq!(
            read(&b, NIGHT),
            BedState::Free,
            "an admission from 10:00 on does not take the night's bed"
        );
    }
}
