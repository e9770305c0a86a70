//! Deliveries that wait for what became of alarms by them, before the cache may have them.

use super::Engine;
use store::Write;

/// As many deliveries wait for the ledger at most; asked every ten seconds, those of some hours.
const MOST_UNSTORED: usize = 1_000;

impl Engine {
    /// Has a delivery stored, after what became of alarms by it: a stop that the cache knows and the ledger does not is told
    /// to nobody when the process ends in between.
    pub(crate) fn store_after_alarms(&mut self, write: Write) {
        self.unstored.push_back((self.evaluations, write));
        self.store_what_may_be();
    }

    pub(crate) fn store_what_may_be(&mut self) {
        let on_disk = self.evaluations.saturating_sub(self.pending_alarm_writes.len() as u64);
        while let Some((evaluations, _)) = self.unstored.front() {
            // Behind a ledger that takes nothing for hours the oldest go, so that memory does not run out.
            if *evaluations > on_disk && self.unstored.len() <= MOST_UNSTORED {
                break;
            }
            if let Some((_, write)) = self.unstored.pop_front() {
                self.cache.store(write);
            }
        }
    }

    /// Nothing that waits to be stored of a source says where following it stands.
    pub(crate) fn forget_unstored_cursors(&mut self, source: &str) {
        for (_, write) in self.unstored.iter_mut().filter(|(_, w)| w.source == source) {
            write.cursors.clear();
        }
    }

    pub(crate) fn drop_unstored(&mut self, source: &str) {
        self.unstored.retain(|(_, write)| write.source != source);
    }
}
