//! Sending what people did: once, in order, and with a reason where it does not go.

use crate::{confirmations, desk::Desk, error::AppError};
use domain::{
    confirmation::Confirmation,
    ids::{as_the_source_says, source_of},
    label::LabelOverride,
    region::StopAcknowledgement,
};
use feed::{
    FeedError, Profile,
    fhir::{
        client::Server,
        write::{self, Outgoing, Written},
    },
};
use jiff::{SignedDuration, Timestamp};
use store::OutboxRow;

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// On the server.
    Done,
    /// Somebody else wrote something that this desk had not seen: a person decides.
    Conflict {
        why: String,
        theirs: Option<Box<LabelOverride>>,
    },
    /// The server will never take it as it is.
    Refused(String),
    /// No answer, or a busy server: later again.
    Later(String),
}

impl Desk {
    /// The next thing to send to a source, with its attempt counted before it is made.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn next_to_send(&mut self, source: &str) -> Result<Option<OutboxRow>, AppError> {
        let now = self.now();
        // Longer at each attempt would be wrong for a desk that was offline: coming back makes all rows due at once.
        Ok(self.ledger.take_due(source, now, now + SignedDuration::from_secs(30))?)
    }

    /// Writes down what became of an attempt.
    ///
    /// # Errors
    /// When the disk does not take it; the row then stays waiting, and sending it again is harmless.
    pub fn settle(&mut self, row: &OutboxRow, sent: &Sent) -> Result<(), AppError> {
        let (state, reason, theirs) = match sent {
            Sent::Done => ("sent", None, None),
            Sent::Conflict { why, theirs } => ("conflict", Some(why.as_str()), theirs.as_ref()),
            Sent::Refused(why) => ("refused", Some(why.as_str()), None),
            Sent::Later(why) => ("waiting", Some(why.as_str()), None),
        };
        let theirs = theirs.map(serde_json::to_string).transpose()?;
        self.ledger.settle(&row.id, state, reason, theirs.as_deref())?;
        self.revision += 1;
        Ok(())
    }

    /// Makes everything that waits due at once.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn retry_now(&mut self) -> Result<(), AppError> {
        Ok(self.ledger.hurry(self.now())?)
    }

    /// The outbox, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, AppError> {
        Ok(self.ledger.outbox()?)
    }
}

/// Sends one row. Sending the same row twice leaves the server as sending it once.
pub async fn send(server: &Server, profile: &Profile, row: &OutboxRow, now: Timestamp) -> Sent {
    match attempt(server, profile, row, now).await {
        Err(unreadable) => Sent::Refused(unreadable.to_string()),
        Ok(Err(error)) => Sent::Later(error.to_string()),
        Ok(Ok(Written::Done)) => Sent::Done,
        Ok(Ok(Written::Conflict { theirs })) => Sent::Conflict {
            why: match &theirs {
                Some(theirs) => format!("{} koos intussen {}", theirs.author, theirs.element),
                None => "iemand anders heeft dit intussen gewijzigd".to_owned(),
            },
            theirs,
        },
        Ok(Ok(Written::Refused { status, detail })) => Sent::Refused(format!("HTTP {status}: {detail}")),
    }
}

/// The outer error: the row itself cannot be read.
async fn attempt(
    server: &Server,
    profile: &Profile,
    row: &OutboxRow,
    now: Timestamp,
) -> Result<Result<Written, FeedError>, serde_json::Error> {
    let source = source_of(&row.subject);
    fn outgoing<'a, T>(row: &'a OutboxRow, source: &'a str, what: &'a T) -> Outgoing<'a, T> {
        let row = &row.id;
        Outgoing { row, source, what }
    }
    Ok(match row.kind.as_str() {
        "label" => {
            let label: LabelOverride = serde_json::from_str(&row.payload)?;
            write::send_label(server, profile, &outgoing(row, source, &label), now).await
        }
        "stop" => write::send_flag(server, &as_the_source_says(source, &row.payload)).await,
        "acknowledgement" => {
            let shared: StopAcknowledgement = serde_json::from_str(&row.payload)?;
            write::acknowledge(server, profile, &outgoing(row, source, &shared)).await
        }
        confirmations::KIND => {
            let said: Confirmation = serde_json::from_str(&row.payload)?;
            write::confirm(server, profile, &outgoing(row, source, &said)).await
        }
        other => {
            let detail = format!("nothing sends a {other}");
            Ok(Written::Refused { status: 0, detail })
        }
    })
}
