//! Sending what people did: once, in order, and with a reason where it does not go.

use super::state::Sent;
use crate::{moment::Moment, say};
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
        Ok(Err(error)) => Sent::Later(error.to_string()),
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
