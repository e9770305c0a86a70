//! Sums over beds: capacity, occupied, available, and what is offered after the threshold.

pub mod bed;
pub mod calendar;
pub mod confirmation;
pub mod count;

use crate::{bed::BedState, count::Count, ids::ElementCode, label::LabelKind};

/// What a set of beds adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All beds that exist, blocked ones included.
    pub beds: Count,
    /// Beds that are not blocked.
    pub capacity: Count,
    pub occupied: Count,
    /// Unknown, rather than 0, as long as no bed's state is known.
    pub available: Count,
    /// Beds whose state we do not know: the gap in the other numbers.
    pub unknown: Count,
}

/// Adds up states as they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    beds: u32,
    capacity: u32,
    occupied: u32,
    available: u32,
    unknown: u32,
}

impl Tally {
    pub fn add(&mut self, state: BedState) {
        self.beds += 1;
        self.capacity += u32::from(state.has_capacity());
        self.occupied += u32::from(state.is_occupied());
        self.available += u32::from(state.is_available());
        self.unknown += u32::from(state == BedState::Unknown);
    }

    /// Takes a state out that was added before.
    pub fn take(&mut self, state: BedState) {
        self.beds = self.beds.saturating_sub(1);
        self.capacity = self.capacity.saturating_sub(u32::from(state.has_capacity()));
        self.occupied = self.occupied.saturating_sub(u32::from(state.is_occupied()));
        self.available = self.available.saturating_sub(u32::from(state.is_available()));
        self.unknown = self.unknown.saturating_sub(u32::from(state == BedState::Unknown));
    }

    /// The sums; a set in which nothing is known has unknown sums, and a set of no beds has none at all.
    pub fn totals(self) -> Totals {
        if self.beds == 0 {
            return Totals::default();
        }
        let known = |n: u32| {
            if self.unknown == self.beds {
                Count::Unknown
            } else {
                Count::Known(n)
            }
        };
        Totals {
            beds: Count::Known(self.beds),
            capacity: Count::Known(self.capacity),
            occupied: known(self.occupied),
            available: known(self.available),
            unknown: Count::Known(self.unknown),
        }
    }
}

/// One element's row: what is free, what is held back, what is offered (domain.md 2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementCapacity {
    pub kind: LabelKind,
    pub element: ElementCode,
    pub totals: Totals,
    pub threshold: u32,
}

impl ElementCapacity {
    /// `max(0, free − threshold)`.
    pub fn offered(&self) -> Count {
        self.totals.available.saturating_sub(Count::Known(self.threshold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(states: &[BedState]) -> Totals {
        let mut tally = Tally::default();
        states.iter().for_each(|s| tally.add(*s));
        tally.totals()
    }

    #[test]
    fn a_blocked_bed_has_no_capacity_and_a_reserved_one_counts_as_occupied() {
        let t = totals(&[
            BedState::Free,
            BedState::Occupied,
            BedState::Reserved,
            BedState::Blocked,
            BedState::Preparing,
        ]);
        assert_eq!(t.beds, Count::Known(5));
        assert_eq!(t.capacity, Count::Known(4));
        assert_eq!(t.occupied, Count::Known(2));
        assert_eq!(
            t.available,
            Count::Known(1),
            "a bed being cleaned is capacity, but nobody can be put in it"
        );
    }

    #[test]
    fn ah_27_when_no_bed_is_known_the_number_free_is_unknown_and_not_zero() {
        let t = totals(&[BedState::Unknown, BedState::Unknown]);
        assert_eq!(t.available, Count::Unknown);
        assert_eq!(t.unknown, Count::Known(2));
        assert_eq!(
            totals(&[]).available,
            Count::Unknown,
            "no beds delivered is not the same as no beds free"
        );
    }

    #[test]
    fn the_last_ic_bed_is_held_back_and_the_offer_never_goes_below_zero() {
        let row = |free: usize, threshold| ElementCapacity {
            kind: LabelKind::Specialistisch,
            element: "ic-beademd".into(),
            totals: totals(&[vec![BedState::Free; free], vec![BedState::Occupied]].concat()),
            threshold,
        };
        assert_eq!(row(2, 1).offered(), Count::Known(1));
        assert_eq!(row(1, 4).offered(), Count::Known(0));
    }
}
