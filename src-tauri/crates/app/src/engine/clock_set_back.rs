//! The clock of this machine was set back. What waits by our clock goes on waiting for as long as it would have; what is
//! history stays as it was written.

use super::Engine;
use crate::{
    AppError,
    alarms::PendingAlarmWrite,
    effect::{Effect, View},
    engine::RegionStep,
};
use domain::alarms::Suspension;
use jiff::SignedDuration;
use std::sync::Arc;

impl Engine {
    pub(super) fn clock_set_back(&mut self, by: SignedDuration) {
        tracing::warn!(seconds = by.as_secs(), "the clock was set back");
        self.set_sources_back(by);
        self.moment.annunciator.set_back(by);
        self.nuisance.set_back(by);
        let kept = [&mut self.ledger_due, &mut self.labelling_since, &mut self.pruned_at];
        for at in kept.into_iter().flatten().chain(self.recently_changed.values_mut()) {
            *at -= by;
        }
        if let Some(staged) = &mut self.staged {
            staged.intake.set_back(by);
        }
        self.set_alarms_back(by);
        if let Err(error) = self.set_outbox_back(by) {
            self.ledger_refused(error.to_string());
        }
        self.advance_region();
        self.changed(View::ALL);
    }

    /// The sources' clocks went on: they are ahead of ours by so much more, until they are measured anew.
    fn set_sources_back(&mut self, by: SignedDuration) {
        let mut skews = vec![];
        for source in Arc::make_mut(&mut self.moment.sources) {
            if let Some(skew) = &mut source.clock_skew {
                *skew -= by;
                skews.push((source.settings.key.clone(), *skew));
            }
            source.set_back(by);
        }
        for (source, skew) in skews {
            self.change_region(RegionStep::Skew(source, skew));
        }
    }

    /// An alarm that nobody acknowledged goes up in time, and a shelf ends in time; on disk behind that.
    fn set_alarms_back(&mut self, by: SignedDuration) {
        let mut changes = vec![];
        for (id, alarm) in Arc::make_mut(&mut self.moment.alarms) {
            let before = alarm.clone();
            if alarm.is_open() {
                alarm.raised_at -= by;
            }
            if let Some(ended) = &mut alarm.ended_at {
                *ended -= by;
            }
            if let Some(Suspension::Shelved { until, .. }) = &mut alarm.suspension {
                *until -= by;
            }
            if *alarm != before {
                changes.push((id.clone(), Some(alarm.clone())));
            }
        }
        if !changes.is_empty() {
            self.pending_alarm_writes.push_back(PendingAlarmWrite {
                changes,
                log: vec![],
                what: "clock set back".to_owned(),
                at: self.now(),
            });
        }
    }

    fn set_outbox_back(&mut self, by: SignedDuration) -> Result<(), AppError> {
        self.ledger.set_outbox_back(by, self.now())?;
        self.effect(Effect::Send);
        self.read_outbox()
    }
}
