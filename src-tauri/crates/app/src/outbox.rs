//! Sending what people did: once, in order, and with a reason where it does not go.

use crate::{
    AppError,
    effect::{Effect, View},
    engine::Engine,
    moment::Moment,
};
use domain::{
    PlaceId,
    confirmation::Confirmation,
    ids::{as_the_source_says, source_of},
    label::LabelOverride,
    region::{Fact, StopAcknowledgement},
};
use feed::{
    Change, FeedError, Profile,
    fhir::{
        client::Server,
        reader::Reader,
        write::{self, Outgoing, Written},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use store::{OutboxKind, OutboxRow, OutboxState, Settled};

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
    Later(String),
}

/// A row whose answer did not come is tried again after this long. Longer at each attempt would be wrong for a desk that
/// was offline: coming back makes all rows due at once.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// From then on a person is told that a stop of this desk did not reach the server.
const TOLD_AFTER: SignedDuration = SignedDuration::from_secs(10);
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

impl Moment {
    /// The stops of this desk that the server should have taken by now, oldest first.
    pub(crate) fn unsent_stops(&self) -> Vec<UnsentStop> {
        let stops = self.outbox.iter().filter(|r| r.kind == OutboxKind::Stop);
        stops
            .filter(|r| r.state != OutboxState::Waiting || self.now.duration_since(r.created) >= TOLD_AFTER)
            .map(|row| self.unsent_stop(row))
            .collect()
    }

    fn unsent_stop(&self, row: &OutboxRow) -> UnsentStop {
        let place = self.place_of_stop(row);
        let site = place.as_ref().map(|p| self.region.site_of(p).unwrap_or(p).clone());
        let late = row.state == OutboxState::Waiting && row.deadline.is_some_and(|d| d <= self.now);
        UnsentStop {
            row: row.id.clone(),
            hospital: site
                .as_ref()
                .and_then(|id| self.region.place(id))
                .map_or_else(|| row.subject.clone(), |p| p.name.clone()),
            phone: site.as_ref().and_then(|id| self.region.phone(id, self.now, &self.zone)),
            site,
            since: row.created,
            why: if late {
                Some("te laat om nog te versturen".to_owned())
            } else {
                row.reason.clone()
            },
        }
    }

    /// Where a stop in the outbox is: as it is known, and otherwise as it was written here.
    fn place_of_stop(&self, row: &OutboxRow) -> Option<PlaceId> {
        if let Some(known) = self.region.stops.get(row.subject.as_str()) {
            return Some(known.place.clone());
        }
        let reader = Reader {
            profile: &self.profile,
            received: row.created,
            source: "",
            own: None,
        };
        let read = reader.json(&row.payload).ok()?;
        read.changes.into_iter().find_map(|change| match change {
            Change::Put {
                fact: Fact::Stop(stop), ..
            } => Some(stop.place),
            Change::Put { .. } | Change::Delete { .. } => None,
        })
    }
}

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
            Sent::Later(why) => Settled::Later { why },
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

/// Sends one row. Sending the same row twice leaves the server as sending it once.
pub async fn send(server: &Server, profile: &Profile, row: &OutboxRow, now: Timestamp) -> Sent {
    match attempt(server, profile, row, now).await {
        Err(unreadable) => Sent::Refused {
            status: None,
            why: unreadable.to_string(),
        },
        Ok(Err(error)) => Sent::Later(error.to_string()),
        Ok(Ok(Written::Done)) => Sent::Done,
        Ok(Ok(Written::Conflict { theirs })) => Sent::Conflict {
            why: match &theirs {
                Some(theirs) => format!("{} koos intussen {}", theirs.author, theirs.element),
                None => "iemand anders heeft dit intussen gewijzigd".to_owned(),
            },
            theirs,
        },
        Ok(Ok(Written::Refused { status, detail })) => Sent::Refused {
            status: Some(status),
            why: format!("HTTP {status}: {detail}"),
        },
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
    Ok(match row.kind {
        OutboxKind::Label => {
            let label: LabelOverride = serde_json::from_str(&row.payload)?;
            write::send_label(server, profile, &outgoing(row, source, &label), now).await
        }
        OutboxKind::Stop => write::send_flag(server, &as_the_source_says(source, &row.payload)).await,
        OutboxKind::Acknowledgement => {
            let shared: StopAcknowledgement = serde_json::from_str(&row.payload)?;
            write::acknowledge(server, profile, &outgoing(row, source, &shared)).await
        }
        OutboxKind::Confirmation => {
            let said: Confirmation = serde_json::from_str(&row.payload)?;
            write::confirm(server, profile, &outgoing(row, source, &said)).await
        }
    })
}
