//! What waits to be sent, and what became of attempts.

use domain::{PlaceId, label::LabelOverride};
use feed::FeedError;
use jiff::{SignedDuration, Timestamp};

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
    Refused { status: Option<u16>, why: String },
    /// No answer, or a busy server: later again.
    Later(FeedError),
}

impl Sent {
    /// Whether the next row would fare no better now: what failed is the line or the account, not the row.
    pub(crate) fn line_is_down(&self) -> bool {
        match self {
            Self::Done | Self::Conflict { .. } | Self::Refused { .. } => false,
            Self::Later(error) => match error {
                FeedError::Address(_)
                | FeedError::Unreachable(_)
                | FeedError::Certificate(_)
                | FeedError::SignIn(_)
                | FeedError::Busy(_)
                | FeedError::NotFhir(_) => true,
                // A server may fail on what one row says, again and again.
                FeedError::Failing(_)
                | FeedError::Denied(_)
                | FeedError::Gone
                | FeedError::Conflict
                | FeedError::Refused { .. } => false,
            },
        }
    }
}

/// A stop that could not be sent for so long is not sent any more: by then it may say what no longer holds.
const NO_STOP_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// A stop that was announced or lifted here and that the server has not taken.
#[derive(Clone, Debug)]
pub struct UnsentStop {
    /// Its row in the outbox.
    pub row: String,
    pub site: Option<PlaceId>,
    pub hospital: String,
    pub phone: Option<String>,
    pub since: Timestamp,
    /// Why the last attempt did not succeed, or that it will not be tried again.
    pub why: Option<String>,
}

/// Until when a stop that is put in the outbox now may be sent.
pub(crate) fn stop_deadline(now: Timestamp) -> Timestamp {
    now + NO_STOP_AFTER
}
