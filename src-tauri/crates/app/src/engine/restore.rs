//! Going on after a failure within an input.

use super::Engine;
use crate::{
    AppError,
    effect::{Effect, View},
    moment::Moment,
};
use jiff::SignedDuration;
use std::sync::Arc;

/// After a failure its sources are asked at once, but not oftener than this.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// What stood before an input.
pub(crate) struct BeforeInput {
    moment: Moment,
    evaluations: u64,
}

impl Engine {
    /// What stands before an input, to go on with should that fail.
    pub(crate) fn before_input(&self) -> BeforeInput {
        BeforeInput {
            moment: self.moment.clone(),
            evaluations: self.evaluations,
        }
    }

    /// After a failure within an input: on with the moment that stood before it, and with what a person did, which is on
    /// disk. What the input brought is asked for again.
    pub(crate) fn restore(&mut self, before: BeforeInput) {
        let BeforeInput { moment, evaluations } = before;
        let failed_before = self.failed_at.replace(self.moment.now);
        self.moment = moment;
        self.moment.failures += 1;
        self.effects.clear();
        self.staged = None;
        self.unstored.retain(|(after, _)| *after <= evaluations);
        self.forget_evaluations_since(evaluations);
        if let Err(error) = self.read_what_people_did() {
            self.ledger_refused(error.to_string());
        }
        // A delivery that always fails is not asked for as fast as its source answers.
        let lately = failed_before.is_some_and(|at| self.moment.now.duration_since(at) < ASK_AGAIN);
        if !lately {
            self.effect(Effect::AskSources);
        }
        // What was judged as known and is not shown after all is judged anew when it comes again.
        match self.cache.reader().and_then(|reader| reader.versions()) {
            Ok(versions) => self.versions = versions,
            Err(error) => tracing::error!(%error, "which versions are known cannot be read"),
        }
        self.changed([View::Frame]);
    }

    /// Shows what the ledger has, also of an input that failed after it was written.
    fn read_what_people_did(&mut self) -> Result<(), AppError> {
        self.write_unwritten()?;
        let alarms = self.ledger.alarms()?.read;
        self.moment.alarms = Arc::new(alarms.into_iter().map(|a| (a.id.clone(), a)).collect());
        let labels = self.ledger.labels()?.into_iter();
        self.moment.own_labels = Arc::new(labels.map(|(_, l)| ((l.bed.clone(), l.kind), l)).collect());
        self.moment.sets = Arc::new(self.ledger.sets()?);
        let outbox = self.ledger.outbox()?;
        self.read_own_confirmations(outbox);
        self.read_outbox()?;
        self.lay_own_labels()
    }
}
