//! One attempt: a row of the outbox as a request to its server, and what the answer makes of it.

use super::state::Sent;
use crate::{moment::Moment, say, text::Language};
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
use jiff::Timestamp;
use store::{OutboxKind, OutboxRow};

/// Sends one row. Sending the same row twice leaves the server as sending it once.
pub async fn send(server: &Server, moment: &Moment, row: &OutboxRow) -> Sent {
    match attempt(server, &moment.profile, row, moment.now).await {
        Err(unreadable) => Sent::Refused {
            status: None,
            why: unreadable.to_string(),
        },
        Ok(Err(error)) => unanswered(moment.language, error),
        Ok(Ok(Written::Done)) => Sent::Done,
        Ok(Ok(Written::Conflict { theirs })) => Sent::Conflict {
            why: match &theirs {
                Some(theirs) => {
                    let (who, element) = (theirs.author.as_str(), theirs.element.as_str());
                    say!(moment.language, OutboxOvertakenBy, who = who, element = element)
                }
                None => say!(moment.language, OutboxOvertaken),
            },
            theirs,
        },
        Ok(Ok(Written::Refused { status, detail })) => Sent::Refused {
            status: Some(status),
            why: format!("HTTP {status}: {detail}"),
        },
    }
}

/// What no waiting mends is refused: a person decides. Reading before the write may be refused as well as the write.
fn unanswered(language: Language, error: FeedError) -> Sent {
    match error {
        FeedError::Denied(status) => Sent::Refused {
            status: Some(status),
            why: format!("HTTP {status}: {}", say!(language, OutboxDenied)),
        },
        FeedError::Refused { status, detail } => Sent::Refused {
            status: Some(status),
            why: format!("HTTP {status}: {detail}"),
        },
        FeedError::Gone => Sent::Refused {
            status: Some(410),
            why: format!("HTTP 410: {}", say!(language, OutboxGone)),
        },
        FeedError::Conflict => Sent::Conflict {
            why: say!(language, OutboxOvertaken),
            theirs: None,
        },
        FeedError::Address(_)
        | FeedError::Unreachable(_)
        | FeedError::Certificate(_)
        | FeedError::SignIn(_)
        | FeedError::Busy(_)
        | FeedError::Failing(_)
        | FeedError::NotFhir(_) => Sent::Later(error),
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
