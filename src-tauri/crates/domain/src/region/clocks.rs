//! The clocks of the sources. What a source dates is compared with the time of that source; what people did at this desk,
//! labels among it, with ours. The times themselves stay as they were delivered.

use super::{Changes, Region, time::Site};
use crate::{freshness, ids::source_of, stop::Stop};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

impl Region {
    /// Our clock less that of a source, as it was measured; zero where the two agree. All that is kept of the sites is
    /// computed anew, so this is not for every second of difference.
    pub fn set_skew(&mut self, source: &str, skew: SignedDuration) -> Changes {
        if self.skew(source) == skew {
            return Changes::default();
        }
        if skew.is_zero() {
            self.skews.remove(source);
        } else {
            self.skews.insert(source.to_owned(), skew);
        }
        // A site may have beds of another source, so that no site is sure to stay as it was.
        let anew = self.sites.keys().map(|id| (id.clone(), Arc::new(Site::default())));
        self.sites = anew.collect();
        Changes {
            everything: true,
            ..Changes::default()
        }
    }

    /// Takes the measured clocks of another region of the same sources over.
    pub fn take_clocks_of(&mut self, other: &Self) {
        for (source, skew) in &other.skews {
            self.set_skew(source, *skew);
        }
    }

    fn skew(&self, source: &str) -> SignedDuration {
        self.skews.get(source).copied().unwrap_or_default()
    }

    /// What the clock of a source says at our `now`.
    pub fn now_of_source(&self, source: &str, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.skew(source)).unwrap_or(now)
    }

    /// What the clock of the source that a place, a stop or another record comes from says at our `now`.
    pub fn now_of(&self, id: &str, now: Timestamp) -> Timestamp {
        self.now_of_source(source_of(id), now)
    }

    /// What our clock said when that of the source of `id` said `at`.
    pub(super) fn ours(&self, id: &str, at: Timestamp) -> Timestamp {
        at.saturating_add(self.skew(source_of(id))).unwrap_or(at)
    }

    /// Whether a stop holds at our `now`.
    pub fn holds(&self, stop: &Stop, now: Timestamp) -> bool {
        stop.holds_at(self.now_of(stop.id.as_str(), now))
    }

    /// Seconds since a moment that the source of `id` named.
    pub fn age_of(&self, id: &str, at: Option<Timestamp>, now: Timestamp) -> Option<i64> {
        freshness::age_s(at, self.now_of(id, now))
    }
}
