//! For which moments an answer stays the same when nothing is delivered.

use jiff::Timestamp;

/// The moments, and the cut-offs for reservations, for which something computed once stays true. An open side has no
/// limit. The cut-off stands apart from the moment, since it follows from the moment and the clock of a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Window {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    cutoff_above: Option<Timestamp>,
    cutoff_up_to: Option<Timestamp>,
}

impl Window {
    /// From this moment on, as long as nothing is named that changes it.
    pub(super) fn starting(now: Timestamp) -> Self {
        Self {
            from: Some(now),
            ..Self::default()
        }
    }

    pub(super) fn holds(&self, now: Timestamp, cutoff: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
            && self.cutoff_above.is_none_or(|above| above < cutoff)
            && self.cutoff_up_to.is_none_or(|up_to| cutoff <= up_to)
    }

    /// The answer computed at `now` is another one from `at` on.
    pub(super) fn changes_at(&mut self, at: Timestamp, now: Timestamp) {
        if at <= now {
            self.from = self.from.max(Some(at));
        } else {
            self.until = Some(self.until.map_or(at, |until| until.min(at)));
        }
    }

    /// The answer computed for `cutoff` is another one where `start` lies on the other side of it.
    pub(super) fn starts_at(&mut self, start: Timestamp, cutoff: Timestamp) {
        if start < cutoff {
            self.cutoff_above = self.cutoff_above.max(Some(start));
        } else {
            self.cutoff_up_to = Some(self.cutoff_up_to.map_or(start, |up_to| up_to.min(start)));
        }
    }

    /// Where both hold.
    pub(super) fn narrow(&mut self, other: &Self) {
        let earliest = |a: Option<Timestamp>, b: Option<Timestamp>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.from = self.from.max(other.from);
        self.until = earliest(self.until, other.until);
        self.cutoff_above = self.cutoff_above.max(other.cutoff_above);
        self.cutoff_up_to = earliest(self.cutoff_up_to, other.cutoff_up_to);
    }

    /// The first moment at which it is over by time alone, cut-offs left aside.
    #[cfg(test)]
    pub(super) fn until(&self) -> Option<Timestamp> {
        self.until
    }
}
