//! Changing what a server has: each thing that a person does is one transaction, and sending it twice leaves the server
//! as sending it once.
//!
//! What a person did waits in an outbox; the id of its row is part of what is written, so that a repeated write is
//! recognised. Whether a refusal is final is said by [`Written`]; an `Err` says that nothing is known of the write:
//! [`FeedError::retry`] tells whether later may go better.

use super::{
    basic_acknowledgement, basic_confirmation,
    basic_label::{self, override_key},
    bundle::{Bundle, reader},
    client::Server,
    flag,
    profile::Profile,
    server_quirks,
};
use crate::{
    error::FeedError,
    reading::{Change, Reading},
};
use domain::{
    PlaceId, StopId,
    confirmation::Confirmation,
    ids::{as_the_source_says, within},
    label::LabelOverride,
    region::{Fact, StopAcknowledgement},
    stop::Stop,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Something that a person did, on its way to a source.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a, T> {
    /// The id of its row in the outbox.
    pub row: &'a str,
    /// The key of the source, which stands in front of every id here and of none there.
    pub source: &'a str,
    pub what: &'a T,
}

/// The end of a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopEnd {
    /// The stop's resource as it was delivered.
    pub raw: String,
    pub at: Timestamp,
}

/// What became of a write that the server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// On the server.
    Done,
    /// Somebody else wrote something that this desk had not seen: a person decides.
    Conflict {
        /// Of a label: what stands there now.
        theirs: Option<Box<LabelOverride>>,
    },
    /// The server will never take it as it is.
    Refused { status: u16, detail: String },
}

/// How often a label is written anew when another write came between our look and ours.
const TRIES: u32 = 3;

/// Writes a label by hand, with who wrote it and why.
///
/// The server's copy is read first, so that its version guards the write, and a write whose answer was lost is recognised.
///
/// # Errors
/// When the server did not answer; nothing is known of the write then.
pub async fn send_label(
    server: &Server,
    profile: &Profile,
    label: &Outgoing<'_, LabelOverride>,
    now: Timestamp,
) -> Result<Written, FeedError> {
    let there = |id: &str| as_the_source_says(label.source, id);
    let mut sent = LabelOverride {
        bed: PlaceId(there(label.what.bed.as_str())),
        server_id: label.what.server_id.as_deref().map(there),
        ..label.what.clone()
    };
    let seen = sent.version.clone();
    for _ in 0..TRIES {
        if let Some(standing) = label_on_server(server, profile, &sent, now).await? {
            if says_the_same(&standing, &sent) {
                return Ok(Written::Done);
            }
            let unseen = standing.version != seen && standing.author != sent.author;
            if unseen && standing.element != sent.element && standing.valid_at(now) {
                let theirs = Some(Box::new(LabelOverride {
                    bed: PlaceId(within(label.source, standing.bed.as_str())),
                    server_id: standing.server_id.as_deref().map(|id| within(label.source, id)),
                    ..standing
                }));
                return Ok(Written::Conflict { theirs });
            }
            (sent.server_id, sent.version) = (standing.server_id, standing.version);
        }
        match write_label(server, profile, &sent, label.row).await {
            // Between our look and our write somebody else wrote: look again.
            Err(FeedError::Conflict) => continue,
            Err(error) => return refused(error),
            Ok(()) => {}
        }
        // A conditional create that found somebody else's label answers as if it had made ours.
        if let Some(standing) = label_on_server(server, profile, &sent, now).await?
            && says_the_same(&standing, &sent)
        {
            return Ok(Written::Done);
        }
    }
    Ok(Written::Conflict { theirs: None })
}

/// The first write of a label goes by `If-None-Exist`, so that two desks cannot make two of it.
async fn write_label(server: &Server, profile: &Profile, label: &LabelOverride, row: &str) -> Result<(), FeedError> {
    let mut bundle = basic_label::label_transaction(label, row, profile);
    let key = override_key(label.bed.as_str(), label.kind);
    if label.server_id.is_none() {
        basic_label::make_conditional(&mut bundle, row, &key, profile);
    }
    match server.transaction(&bundle).await {
        Err(FeedError::Refused { status, detail })
            if label.server_id.is_none() && server_quirks::knows_no_identifier(status, &detail) =>
        {
            let at_own_id = LabelOverride {
                server_id: Some(server_quirks::own_id(&key)),
                ..label.clone()
            };
            let bundle = basic_label::label_transaction(&at_own_id, row, profile);
            server.transaction(&bundle).await.map(drop)
        }
        other => other.map(drop),
    }
}

async fn label_on_server(
    server: &Server,
    profile: &Profile,
    label: &LabelOverride,
    now: Timestamp,
) -> Result<Option<LabelOverride>, FeedError> {
    let key = override_key(label.bed.as_str(), label.kind);
    let mut url = server.url("Basic")?;
    url.query_pairs_mut()
        .append_pair("identifier", &format!("{}|{key}", profile.system("label-override")));
    let reading = match server.get(url).await {
        Ok(answer) => {
            let bundle: Bundle = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
            reader(profile, now).entries(&bundle)
        }
        Err(FeedError::Refused { status, detail }) if server_quirks::knows_no_identifier(status, &detail) => {
            let id = server_quirks::own_id(&key);
            match server.get(server.url(&format!("Basic/{id}"))?).await {
                Ok(answer) => {
                    let mut reading = Reading::default();
                    reader(profile, now).resource(&answer.body, "resource", &mut reading);
                    reading
                }
                Err(FeedError::Gone | FeedError::Refused { status: 404, .. }) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    Ok(reading.changes.into_iter().find_map(|change| match change {
        // A server that ignores the search would give us somebody else's label.
        Change::Put {
            fact: Fact::Label(found),
            ..
        } if found.bed == label.bed && found.kind == label.kind => Some(found),
        Change::Put { .. } | Change::Delete { .. } => None,
    }))
}

fn says_the_same(a: &LabelOverride, b: &LabelOverride) -> bool {
    let same = |a, b| server_quirks::same_moment(a, b);
    a.element == b.element && a.author == b.author && same(a.until, b.until) && same(Some(a.from), Some(b.from))
}

/// Announces a stop. It carries an id of our own making, so that repeating the write writes the same stop again.
///
/// # Errors
/// As [`send_label`].
pub async fn announce_stop(
    server: &Server,
    profile: &Profile,
    stop: &Outgoing<'_, Stop>,
) -> Result<Written, FeedError> {
    let there = |id: &str| as_the_source_says(stop.source, id);
    let sent = Stop {
        id: StopId(there(stop.what.id.as_str())),
        place: PlaceId(there(stop.what.place.as_str())),
        ..stop.what.clone()
    };
    send_flag(server, &flag::announcement(&sent, profile)).await
}

/// Ends a stop over the version that was delivered. One that has ended meanwhile is done.
///
/// # Errors
/// As [`send_label`].
pub async fn lift_stop(server: &Server, end: &Outgoing<'_, StopEnd>) -> Result<Written, FeedError> {
    match flag::lifted(&end.what.raw, end.what.at) {
        Ok(text) => send_flag(server, &as_the_source_says(end.source, &text)).await,
        Err(error) => Ok(Written::Refused {
            status: 0,
            detail: error.to_string(),
        }),
    }
}

/// Writes a stop's resource from its text ([`flag::announcement`], [`flag::lifted`]): over the version that it carries, if
/// it carries one.
///
/// # Errors
/// As [`send_label`].
pub async fn send_flag(server: &Server, text: &str) -> Result<Written, FeedError> {
    let malformed = |detail: String| Written::Refused { status: 0, detail };
    let resource: Value = match serde_json::from_str(text) {
        Ok(resource) => resource,
        Err(error) => return Ok(malformed(error.to_string())),
    };
    let text_at = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str);
    let Some(id) = text_at("/id").map(str::to_owned) else {
        return Ok(malformed("a stop without an id".to_owned()));
    };
    let ended = text_at("/status") == Some("inactive");
    let version = text_at("/meta/versionId").map(str::to_owned);
    if version.is_none() && !ended && exists(server, &id).await? {
        // The answer to an earlier attempt was lost. Written again it would revive a stop that was lifted meanwhile.
        return Ok(Written::Done);
    }
    match put(server, "Flag", &id, resource, version.as_deref()).await {
        // An answer that was lost, or a colleague who was first: what we wanted is so.
        Err(FeedError::Conflict) if ended && has_ended(server, &id).await? => Ok(Written::Done),
        Err(error) => refused(error),
        Ok(()) => Ok(Written::Done),
    }
}

/// Whether the server has a stop, or had it and deleted it. One that does not let us look, or shows something else, is
/// asked to write.
async fn exists(server: &Server, id: &str) -> Result<bool, FeedError> {
    match server.get(server.url(&format!("Flag/{id}"))?).await {
        Ok(answer) => Ok(serde_json::from_str::<Value>(&answer.body)
            .is_ok_and(|found| found["resourceType"] == "Flag" && found["id"] == id)),
        Err(FeedError::Gone) => Ok(true),
        Err(FeedError::Refused { .. } | FeedError::Denied(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn has_ended(server: &Server, id: &str) -> Result<bool, FeedError> {
    let answer = server.get(server.url(&format!("Flag/{id}"))?).await?;
    let standing: Value = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
    Ok(standing.get("status").and_then(Value::as_str) == Some("inactive"))
}

/// Tells the other desks that somebody here acknowledged a stop.
///
/// # Errors
/// As [`send_label`].
pub async fn acknowledge(
    server: &Server,
    profile: &Profile,
    acknowledged: &Outgoing<'_, StopAcknowledgement>,
) -> Result<Written, FeedError> {
    let sent = StopAcknowledgement {
        stop: StopId(as_the_source_says(acknowledged.source, acknowledged.what.stop.as_str())),
        ..acknowledged.what.clone()
    };
    let basic = basic_acknowledgement::acknowledgement(&sent, profile);
    let id = format!("ack-{}", acknowledged.row);
    written(put(server, "Basic", &id, basic, None).await)
}

/// The id that a confirmation has on the server: that of the outbox row, so that sending twice writes the same again.
pub fn confirmation_id(row: &str) -> String {
    format!("bevestigd-{row}")
}

/// Tells the other desks what a location said on the telephone.
///
/// # Errors
/// As [`send_label`].
pub async fn confirm(
    server: &Server,
    profile: &Profile,
    confirmed: &Outgoing<'_, Confirmation>,
) -> Result<Written, FeedError> {
    let sent = Confirmation {
        site: PlaceId(as_the_source_says(confirmed.source, confirmed.what.site.as_str())),
        ..confirmed.what.clone()
    };
    let basic = basic_confirmation::encode(&sent, profile);
    written(put(server, "Basic", &confirmation_id(confirmed.row), basic, None).await)
}

/// Writes one resource under its id, in a transaction of its own.
async fn put(
    server: &Server,
    resource_type: &str,
    id: &str,
    mut resource: Value,
    version: Option<&str>,
) -> Result<(), FeedError> {
    if let Some(map) = resource.as_object_mut() {
        map.insert("id".to_owned(), json!(id));
    }
    let entry = put_entry(&format!("{resource_type}/{id}"), resource, version);
    server.transaction(&transaction(vec![entry])).await.map(drop)
}

/// An entry that writes a resource at its address, over a version where one is known.
pub(crate) fn put_entry(address: &str, resource: Value, version: Option<&str>) -> Value {
    let mut request = json!({ "method": "PUT", "url": address });
    if let (Some(version), Some(map)) = (version, request.as_object_mut()) {
        map.insert("ifMatch".to_owned(), json!(format!("W/\"{version}\"")));
    }
    json!({ "resource": resource, "request": request })
}

pub(crate) fn transaction(entries: Vec<Value>) -> Value {
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })
}

fn written(sent: Result<(), FeedError>) -> Result<Written, FeedError> {
    match sent {
        Ok(()) => Ok(Written::Done),
        Err(error) => refused(error),
    }
}

/// What the server said no to for good, apart from what may go better later.
fn refused(error: FeedError) -> Result<Written, FeedError> {
    match error {
        FeedError::Conflict => Ok(Written::Conflict { theirs: None }),
        FeedError::Refused { status, detail } => Ok(Written::Refused { status, detail }),
        other => Err(other),
    }
}
