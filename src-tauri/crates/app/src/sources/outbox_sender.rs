//! Sending to a source what people did.

use super::line::Line;
use crate::{AppError, engine::Input, health::HealthReport, outbox, supervise::Pulse};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// How often the outbox is looked into for rows that are due.
pub(super) const LOOK_INTO_OUTBOX: Duration = Duration::from_secs(10);

/// Sends what people did.
pub struct OutboxSender {
    line: Line,
}

impl OutboxSender {
    pub(super) fn of(line: Line) -> Self {
        Self { line }
    }

    /// Sends everything that is due, stops first; a row that fails keeps no other one back. Returns how many rows were
    /// tried.
    ///
    /// # Errors
    /// When the disk does not take that a row is tried.
    pub async fn send_all(&self) -> Result<usize, AppError> {
        let mut tried = 0;
        while let Some(row) = self.line.handle.take_due(&self.line.key).await? {
            let moment = self.line.handle.moment();
            let sent = outbox::send(&self.line.server, &moment, &row).await;
            let line_is_down = sent.line_is_down();
            let row = Box::new(row);
            self.line.handle.tell(Input::Settled { row, sent });
            tried += 1;
            if line_is_down {
                break;
            }
        }
        Ok(tried)
    }

    pub(super) async fn run(self, pulse: Pulse, send: Arc<Notify>, ask: [Arc<Notify>; 2]) {
        loop {
            match self.send_all().await {
                // What was sent changed something at the server.
                Ok(tried) if tried > 0 => ask.iter().for_each(|a| a.notify_one()),
                Ok(_) => {}
                Err(error) => self
                    .line
                    .handle
                    .tell(Input::Health(HealthReport::Storage(error.to_string()))),
            }
            pulse.beat();
            tokio::select! {
                () = tokio::time::sleep(LOOK_INTO_OUTBOX) => {}
                () = send.notified() => {}
            }
        }
    }
}
