//! The hospital's side of the chain: its own file to the regional server as versioned updates, only what changed.

use super::{decode, mapping::Mapping};
use crate::{
    data_quality::Issue,
    error::FeedError,
    fhir::{
        bundle::Bundle,
        client::Server,
        encode,
        kinds::resource_type,
        profile::Profile,
        reader::Reader,
        sync::same_server,
        write::{put_entry, transaction},
    },
    reading::Change,
};
use domain::{place::PlaceKind, region::Fact};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

/// Why a file was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// Nothing was sent.
    #[error("{0}")]
    Unreadable(String),
    /// The file lost over half of its beds: nothing was sent.
    #[error("{now} beds instead of {before}: not sent; say --accept-shrunk if that is so")]
    Shrunk { now: usize, before: usize },
    /// What the server has could not be remembered.
    #[error("{0}")]
    State(String),
    /// What was sent until then stands, and is recognised the next time.
    #[error("{base}: {error}")]
    Server { base: String, error: FeedError },
}

/// One file to deliver.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub csv: &'a Path,
    pub mapping: &'a Mapping,
    /// What the server had when we last heard of it; without it the server is asked.
    pub state: &'a Path,
    /// A person says that the hospital really became so much smaller.
    pub accept_shrunk: bool,
    pub now: Timestamp,
}

/// What a delivery did.
#[derive(Debug, Default, Serialize)]
pub struct Delivered {
    pub rows: usize,
    pub written: usize,
    pub unchanged: usize,
    /// Beds that the file names no longer: inactive from now on.
    pub retired: usize,
    #[serde(rename = "problems")]
    pub issues: Vec<Issue>,
}

/// The server's copies as we last saw them, by `Type/id`.
#[derive(Default, Serialize, Deserialize)]
struct Known {
    address: String,
    resources: BTreeMap<String, Value>,
    /// Beds that earlier files named.
    beds: BTreeSet<String>,
}

const TRIES: u32 = 4;
/// Servers take a transaction of this size in one go.
const MOST_ENTRIES: usize = 500;

/// Delivers a file. Interrupted anywhere it can be done again: what arrived is recognised and not written twice.
///
/// # Errors
/// When the file cannot be read or lost over half of its beds (nothing is sent then), or the server does not take it.
pub async fn deliver(server: &Server, profile: &Profile, order: Order<'_>) -> Result<Delivered, DeliverError> {
    let file = order.csv.display().to_string();
    let unreadable = |why: String| DeliverError::Unreadable(format!("{file}: {why}"));
    let text = decode(&std::fs::read(order.csv).map_err(|e| unreadable(e.to_string()))?);
    let reader = Reader {
        profile,
        received: order.now,
        source: "",
        own: None,
    };
    let mut reading = reader
        .csv(&text, order.mapping)
        .map_err(|e| unreadable(e.to_string()))?;
    let written_at = std::fs::metadata(order.csv).and_then(|m| m.modified()).ok();
    // A file that says no time of its own was true when it was written; never later than that.
    let made = reading.delivered.or_else(|| Timestamp::try_from(written_at?).ok());
    for change in &mut reading.changes {
        if let Change::Put {
            fact: Fact::Report(report),
            ..
        } = change
        {
            report.heartbeat = report.heartbeat.or(made);
        }
    }
    let wanted: BTreeMap<String, Wanted> = reading.changes.iter().filter_map(|c| Wanted::of(c, profile)).collect();
    let mut known = Known::load(order.state, server.base().as_str());
    let mut done = Delivered {
        rows: reading.read,
        issues: reading.issues,
        ..Delivered::default()
    };
    done.issues.extend(reading.refused.into_iter().map(|r| r.issue));
    let mut server_verified = known.address == server.base().as_str();
    let mut wait = Duration::from_secs(1);
    let mut last = None;
    for _ in 0..TRIES {
        match attempt(server, profile, &wanted, &mut known, server_verified, order, &mut done).await {
            Ok(()) => return Ok(done),
            Err(Undone::Never(error)) => return Err(error),
            Err(Undone::Later(error)) => {
                if let FeedError::Busy(seconds) = &error {
                    wait = Duration::from_secs((*seconds).min(60));
                }
                let conflict = error == FeedError::Conflict;
                last = Some(error);
                // Whatever became of it, the server knows best what it has.
                server_verified = false;
                if !conflict {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(60));
                }
            }
        }
    }
    let base = server.base().to_string();
    let error = last.unwrap_or(FeedError::Unreachable("not tried".to_owned()));
    Err(DeliverError::Server { base, error })
}

enum Undone {
    Later(FeedError),
    Never(DeliverError),
}

impl From<DeliverError> for Undone {
    fn from(error: DeliverError) -> Self {
        Undone::Never(error)
    }
}

/// Whether trying again, with the server's copies read anew, may go better.
fn undone(server: &Server, error: FeedError) -> Undone {
    match error {
        FeedError::Refused { .. } | FeedError::Denied(_) | FeedError::SignIn(_) | FeedError::Certificate(_) => {
            Undone::Never(DeliverError::Server {
                base: server.base().to_string(),
                error,
            })
        }
        FeedError::Address(_)
        | FeedError::Unreachable(_)
        | FeedError::Busy(_)
        | FeedError::Gone
        | FeedError::Conflict
        | FeedError::Failing(_)
        | FeedError::NotFhir(_) => Undone::Later(error),
    }
}

async fn attempt(
    server: &Server,
    profile: &Profile,
    wanted: &BTreeMap<String, Wanted>,
    known: &mut Known,
    server_verified: bool,
    order: Order<'_>,
    done: &mut Delivered,
) -> Result<(), Undone> {
    if !server_verified {
        known.ask(server, wanted).await.map_err(|e| undone(server, e))?;
    }
    let beds: BTreeSet<String> = wanted
        .iter()
        .filter(|(_, w)| w.bed)
        .map(|(key, _)| key.clone())
        .collect();
    if beds.len() * 2 < known.beds.len() && !order.accept_shrunk {
        let (now, before) = (beds.len(), known.beds.len());
        return Err(DeliverError::Shrunk { now, before }.into());
    }
    let delivered = ["bed-label", "bed-reservering"].map(|e| profile.extension(e).to_owned());
    let mut entries: Vec<(String, Value)> = vec![];
    let mut unchanged = 0;
    for (key, one) in wanted {
        match known.resources.get(key) {
            None => entries.push((key.clone(), one.resource.clone())),
            // Others may have said more of a site, a ward or a room than its name.
            Some(_) if !one.ours => unchanged += 1,
            Some(theirs) => {
                let next = overlay(theirs, &one.resource, &delivered);
                if next == *theirs {
                    unchanged += 1;
                } else {
                    entries.push((key.clone(), next));
                }
            }
        }
    }
    let retired: Vec<String> = known.beds.difference(&beds).cloned().collect();
    for key in &retired {
        if let Some(theirs) = known.resources.get(key) {
            let next = overlay(theirs, &json!({ "status": "inactive" }), &delivered);
            if next != *theirs {
                entries.push((key.clone(), next));
            }
        }
    }
    // The heartbeat goes last: it says that what stands before it is all there.
    entries.sort_by_key(|(key, _)| key.starts_with("MeasureReport/"));
    for chunk in entries.chunks(MOST_ENTRIES) {
        known.write(server, chunk).await.map_err(|e| undone(server, e))?;
        done.written += chunk.len();
        known.save(order.state)?;
    }
    done.unchanged = unchanged;
    done.retired = retired.len();
    known.beds = beds;
    known.address = server.base().to_string();
    Ok(known.save(order.state)?)
}

/// What the server should have.
struct Wanted {
    resource: Value,
    bed: bool,
    /// Whether the file is the only one that speaks of it.
    ours: bool,
}

impl Wanted {
    fn of(change: &Change, profile: &Profile) -> Option<(String, Self)> {
        let Change::Put { head, fact, .. } = change else {
            return None;
        };
        let bed = matches!(fact, Fact::Place(p) if p.kind == PlaceKind::Bed);
        let one = Self {
            resource: encode::fact(&head.key.id, fact, profile)?,
            bed,
            ours: bed || matches!(fact, Fact::Report(_)),
        };
        Some((format!("{}/{}", resource_type(&head.key.kind), head.key.id), one))
    }
}

/// The server's copy with what the file says; extensions that are none of ours stay.
fn overlay(theirs: &Value, ours: &Value, delivered: &[String]) -> Value {
    let mut next = theirs.clone();
    let (Some(map), Some(ours)) = (next.as_object_mut(), ours.as_object()) else {
        return next;
    };
    for (name, value) in ours {
        if name == "extension" {
            continue;
        }
        map.insert(name.clone(), value.clone());
    }
    if ours.contains_key("resourceType") {
        if !ours.contains_key("operationalStatus") {
            map.remove("operationalStatus");
        }
        let said = ours
            .get("extension")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let is_delivered = |e: &Value| {
            let url = e.get("url").and_then(Value::as_str).unwrap_or("");
            delivered.iter().any(|d| url == d)
        };
        let kept = map
            .get("extension")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut all: Vec<Value> = kept.into_iter().filter(|e| !is_delivered(e)).collect();
        all.extend(said);
        if all.is_empty() {
            map.remove("extension");
        } else {
            map.insert("extension".to_owned(), Value::Array(all));
        }
    }
    next
}

impl Known {
    fn load(path: &Path, address: &str) -> Self {
        let kept = std::fs::read_to_string(path).ok();
        let known: Option<Self> = kept.and_then(|text| serde_json::from_str(&text).ok());
        known.filter(|k| k.address == address).unwrap_or_default()
    }

    fn save(&self, path: &Path) -> Result<(), DeliverError> {
        let failed = |e: std::io::Error| DeliverError::State(format!("{}: {e}", path.display()));
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(failed)?;
        }
        let fresh = path.with_extension("new");
        let text = serde_json::to_string(self).map_err(|e| DeliverError::State(e.to_string()))?;
        std::fs::write(&fresh, text).map_err(failed)?;
        std::fs::rename(&fresh, path).map_err(failed)
    }

    /// Asks the server what it has of what the file speaks of, or spoke of before: it may serve a whole country.
    async fn ask(&mut self, server: &Server, wanted: &BTreeMap<String, Wanted>) -> Result<(), FeedError> {
        self.resources.clear();
        for kind in ["Location", "MeasureReport"] {
            let mut url = server.url(kind)?;
            url.query_pairs_mut().append_pair("_count", "1000");
            let mut next = Some(url);
            while let Some(url) = next.take() {
                let answer = server.get(url).await?;
                let bundle: Bundle =
                    serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
                for resource in bundle.entry.iter().filter_map(|e| e.resource) {
                    let value: Value =
                        serde_json::from_str(resource.get()).map_err(|e| FeedError::NotFhir(e.to_string()))?;
                    if let Some(id) = value.get("id").and_then(Value::as_str) {
                        let key = format!("{kind}/{id}");
                        if wanted.contains_key(&key) || self.beds.contains(&key) {
                            self.resources.insert(key, value);
                        }
                    }
                }
                let link = bundle.link.iter().find(|l| l.relation == "next");
                next = link.map(|l| same_server(server, &l.url)).transpose()?;
            }
        }
        Ok(())
    }

    /// Writes some resources in one transaction, each over the version that we know.
    async fn write(&mut self, server: &Server, entries: &[(String, Value)]) -> Result<(), FeedError> {
        let entry = |(key, resource): &(String, Value)| {
            let version = self.resources.get(key).and_then(|r| r.pointer("/meta/versionId"));
            put_entry(key, resource.clone(), version.and_then(Value::as_str))
        };
        let bundle = transaction(entries.iter().map(entry).collect());
        let answer = server.transaction(&bundle).await?;
        let answered: Bundle = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
        for ((key, resource), answered) in entries.iter().zip(&answered.entry) {
            let etag = answered.response.as_ref().and_then(|r| r.etag.as_deref());
            let version = etag.map(|e| e.trim_start_matches("W/").trim_matches('"').to_owned());
            let mut kept = resource.clone();
            if let Some(map) = kept.as_object_mut() {
                map.insert("meta".to_owned(), json!({ "versionId": version }));
            }
            self.resources.insert(key.clone(), kept);
        }
        Ok(())
    }
}
