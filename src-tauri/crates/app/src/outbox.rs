//! Sending what people did: once, in order, and with a reason where it does not go.

use crate::{confirmations, desk::Desk, error::AppError};
use domain::{
    PlaceId,
    confirmation::Confirmation,
    ids::{as_the_source_says, source_of, within},
    label::LabelOverride,
    region::StopAcknowledgement,
};
use feed::{
    Change, Profile,
    bundle::{Bundle, reader},
    client::{FeedError, Server},
    encode,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use store::{OutboxKind, OutboxRow, Settled};

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

impl Desk {
    /// The next thing to send to a source, with its attempt counted before it is made.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn next_to_send(&mut self, source: &str) -> Result<Option<OutboxRow>, AppError> {
        let now = self.now();
        // Longer at each attempt would be wrong for a desk that was offline: coming back makes all rows due at once.
        let due = self.ledger.take_due(source, now, now + SignedDuration::from_secs(30))?;
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
        self.revision += 1;
        Ok(())
    }

    /// Makes everything that waits due at once.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn retry_now(&mut self) -> Result<(), AppError> {
        Ok(self.ledger.make_due(self.now())?)
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
    let key = source_of(&row.subject);
    let row = &OutboxRow {
        subject: as_the_source_says(key, &row.subject),
        payload: as_the_source_says(key, &row.payload),
        ..row.clone()
    };
    let result = match row.kind {
        OutboxKind::Label => match serde_json::from_str::<LabelOverride>(&row.payload) {
            Ok(label) => send_label(server, profile, row, label, now).await,
            Err(error) => return unreadable(&error),
        },
        OutboxKind::Stop => match serde_json::from_str::<Value>(&row.payload) {
            Ok(flag) => send_stop(server, flag).await,
            Err(error) => return unreadable(&error),
        },
        OutboxKind::Acknowledgement => match serde_json::from_str::<StopAcknowledgement>(&row.payload) {
            Ok(shared) => {
                let (id, basic) = (format!("ack-{}", row.id), encode::acknowledgement(&shared, profile));
                send_basic(server, &id, basic).await
            }
            Err(error) => return unreadable(&error),
        },
        OutboxKind::Confirmation => match serde_json::from_str::<Confirmation>(&row.payload) {
            Ok(said) => {
                let id = confirmations::server_id(&row.id);
                send_basic(server, &id, feed::confirmation::encode(&said, profile)).await
            }
            Err(error) => return unreadable(&error),
        },
    };
    match result {
        Ok(Sent::Conflict { why, theirs }) => Sent::Conflict {
            why,
            theirs: theirs.map(|t| Box::new(label_within(key, *t))),
        },
        Ok(sent) => sent,
        Err(FeedError::Refused { status, detail }) => Sent::Refused {
            status: Some(status),
            why: format!("HTTP {status}: {detail}"),
        },
        Err(FeedError::Conflict) => Sent::Conflict {
            why: "iemand anders heeft dit intussen gewijzigd".to_owned(),
            theirs: None,
        },
        Err(error) => Sent::Later(error.to_string()),
    }
}

fn unreadable(error: &serde_json::Error) -> Sent {
    Sent::Refused {
        status: None,
        why: error.to_string(),
    }
}

fn label_within(key: &str, label: LabelOverride) -> LabelOverride {
    LabelOverride {
        bed: PlaceId(within(key, label.bed.as_str())),
        server_id: label.server_id.map(|id| within(key, &id)),
        ..label
    }
}

/// Reads the server's copy first, so that its version guards the write, and a lost answer is recognised.
async fn send_label(
    server: &Server,
    profile: &Profile,
    row: &OutboxRow,
    mut label: LabelOverride,
    now: Timestamp,
) -> Result<Sent, FeedError> {
    let seen = label.version.clone();
    for _ in 0..3 {
        let standing = label_on_server(server, profile, &label, now).await?;
        if let Some(standing) = standing {
            if says_the_same(&standing, &label) {
                return Ok(Sent::Done);
            }
            let unseen = standing.version != seen && standing.author != label.author;
            if unseen && standing.element != label.element && standing.valid_at(now) {
                return Ok(Sent::Conflict {
                    why: format!("{} koos intussen {}", standing.author, standing.element),
                    theirs: Some(Box::new(standing)),
                });
            }
            (label.server_id, label.version) = (standing.server_id, standing.version);
        }
        let transaction = label_transaction(&label, row, profile);
        match server.transaction(&transaction).await {
            // Between our look and our write somebody else wrote: look again.
            Err(FeedError::Conflict) => {}
            Err(error) => return Err(error),
            Ok(_) => match label_on_server(server, profile, &label, now).await? {
                Some(standing) if says_the_same(&standing, &label) => return Ok(Sent::Done),
                _ => {}
            },
        }
    }
    Err(FeedError::Conflict)
}

/// The first write of a label goes by `If-None-Exist`, so that two desks cannot make two of it.
fn label_transaction(label: &LabelOverride, row: &OutboxRow, profile: &Profile) -> Value {
    let mut bundle = encode::label_transaction(label, &row.id, profile);
    if label.server_id.is_some() {
        return bundle;
    }
    let full_url = format!("urn:uuid:{}", row.id);
    let key = format!("identifier={}|{}", profile.system("label-override"), row.subject);
    if let Some(entry) = bundle.pointer_mut("/entry/0").and_then(Value::as_object_mut) {
        entry.insert("fullUrl".to_owned(), json!(full_url));
        entry.insert(
            "request".to_owned(),
            json!({ "method": "POST", "url": "Basic", "ifNoneExist": key }),
        );
        if let Some(resource) = entry.get_mut("resource").and_then(Value::as_object_mut) {
            resource.remove("id");
        }
    }
    if let Some(target) = bundle.pointer_mut("/entry/1/resource/target/0") {
        *target = json!({ "reference": full_url });
    }
    bundle
}

async fn label_on_server(
    server: &Server,
    profile: &Profile,
    label: &LabelOverride,
    now: Timestamp,
) -> Result<Option<LabelOverride>, FeedError> {
    let key = encode::override_key(label.bed.as_str(), label.kind);
    let mut url = server.url("Basic")?;
    url.query_pairs_mut()
        .append_pair("identifier", &format!("{}|{key}", profile.system("label-override")));
    let answer = server.get(url).await?;
    let bundle: Bundle = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
    let reading = reader(profile, now).entries(&bundle);
    Ok(reading.changes.into_iter().find_map(|change| match change {
        // A server that ignores the search would give us somebody else's label.
        Change::Put {
            fact: domain::region::Fact::Label(found),
            ..
        } if found.bed == label.bed && found.kind == label.kind => Some(found),
        _ => None,
    }))
}

fn says_the_same(a: &LabelOverride, b: &LabelOverride) -> bool {
    a.element == b.element && a.until == b.until && a.from == b.from && a.author == b.author
}

/// A stop carries an id of our own making, so that repeating the PUT writes the same stop again.
async fn send_stop(server: &Server, flag: Value) -> Result<Sent, FeedError> {
    let id = flag.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    let version = flag
        .pointer("/meta/versionId")
        .and_then(Value::as_str)
        .map(|v| format!("W/\"{v}\""));
    let mut request = json!({ "method": "PUT", "url": format!("Flag/{id}") });
    if let (Some(version), Some(map)) = (version, request.as_object_mut()) {
        map.insert("ifMatch".to_owned(), json!(version));
    }
    let bundle =
        json!({ "resourceType": "Bundle", "type": "transaction", "entry": [{ "resource": flag, "request": request }] });
    server.transaction(&bundle).await.map(|_| Sent::Done)
}

/// The id comes from the outbox row, so that repeating the PUT writes the same resource again.
async fn send_basic(server: &Server, id: &str, mut basic: Value) -> Result<Sent, FeedError> {
    if let Some(map) = basic.as_object_mut() {
        map.insert("id".to_owned(), json!(id));
    }
    let request = json!({ "method": "PUT", "url": format!("Basic/{id}") });
    let entry = json!([{ "resource": basic, "request": request }]);
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entry });
    server.transaction(&bundle).await.map(|_| Sent::Done)
}
