//! The outbox in the ledger: taking the next row, and writing down what became of it.

use super::state::Sent;
use crate::{
    AppError,
    effect::{Effect, View},
    engine::Engine,
};
use jiff::SignedDuration;
use std::sync::Arc;
use store::{OutboxRow, Settled};

/// How long a row waits after an attempt that had no answer. Not longer at each attempt: a row fails because the server or
/// the line does, not of itself, and once that is over what a person did must not wait for minutes more.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

impl Engine {
    /// The next thing to send to a source, with its attempt counted before it is made.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn next_to_send(&mut self, source: &str) -> Result<Option<OutboxRow>, AppError> {
        let now = self.now();
        let due = self.ledger.take_due(source, now, now + AGAIN)?;
        for passed in &due.unreadable {
            tracing::error!(row = %passed.row, why = %passed.why, "a row of the outbox cannot be read");
        }
        Ok(due.row)
    }

    /// Writes down what became of an attempt.
    ///
    /// # Errors
    /// When the disk does not take it; the row then stays waiting, and sending it again is harmless.
    pub fn settle(&mut self, row: &OutboxRow, sent: &Sent) -> Result<(), AppError> {
        let later = match sent {
            Sent::Later(error) => error.to_string(),
            Sent::Done | Sent::Conflict { .. } | Sent::Refused { .. } => String::new(),
        };
        let theirs = match sent {
            Sent::Conflict { theirs, .. } => theirs.as_ref().map(serde_json::to_string).transpose()?,
            Sent::Done | Sent::Refused { .. } | Sent::Later(_) => None,
        };
        let settled = match sent {
            Sent::Done => Settled::Sent,
            Sent::Conflict { why, .. } => Settled::Conflict {
                why,
                theirs: theirs.as_deref(),
            },
            Sent::Refused { status, why } => Settled::Refused { status: *status, why },
            Sent::Later(_) => Settled::Later { why: &later },
        };
        self.ledger.settle(&row.id, settled)?;
        self.read_outbox()?;
        // What the server now has stands above what was laid here while it waited.
        self.lay_own_labels()
    }

    /// Makes everything that waits due at once.
    pub fn retry_now(&mut self) {
        let now = self.now();
        match self.ledger.make_due(now) {
            Ok(()) => self.effect(Effect::Send),
            Err(error) => self.ledger_refused(error.to_string()),
        }
    }

    /// Shows the outbox as it stands on disk.
    pub(crate) fn read_outbox(&mut self) -> Result<(), AppError> {
        self.moment_mut().outbox = Arc::new(self.ledger.open_outbox()?);
        self.changed([View::Frame, View::Worklist]);
        Ok(())
    }

    /// Something was put in the outbox: it is shown, and sent.
    pub(crate) fn enqueued(&mut self) -> Result<(), AppError> {
        self.effect(Effect::Send);
        self.read_outbox()
    }
}
