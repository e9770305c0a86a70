//! What became of alarms by the feed, on its way to the ledger.

use domain::alarms::{Alarm, AlarmId, metrics::AlarmEvent};
use jiff::Timestamp;

/// At most so many evaluations of the alarms wait to be written.
pub(super) const MOST_UNWRITTEN: usize = 10_000;

/// One look at the alarms: it was shown and announced, and is written to the ledger behind that. The feed can be had
/// again, so that an end of the process in between loses nothing that is not raised anew.
#[derive(Debug)]
pub(crate) struct PendingAlarmWrite {
    /// Nothing for an alarm stands for its end.
    pub changes: Vec<(AlarmId, Option<Alarm>)>,
    pub log: Vec<AlarmEvent>,
    pub what: String,
    pub at: Timestamp,
}
