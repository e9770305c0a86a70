//! A file or a server's answer into readings: a resource, a Bundle, or NDJSON.

use crate::{
    data_quality::IssueCode,
    fhir::kinds::kind_of,
    fhir::profile::Profile,
    fhir::reader::{Reader, timestamp},
    fhir::wire::Envelope,
    reading::{Change, Head, Reading},
};
use domain::{
    place::PlaceKind,
    region::{Fact, RecordKey},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap};

/// A Bundle with its entries left as text, so that one broken entry does not spoil the others.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Bundle<'a> {
    pub resource_type: String,
    pub r#type: Option<String>,
    pub timestamp: Option<String>,
    pub meta: crate::fhir::wire::Meta,
    pub link: Vec<Link>,
    #[serde(borrow)]
    pub entry: Vec<Entry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Link {
    pub relation: String,
    pub url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Entry<'a> {
    #[serde(borrow)]
    pub resource: Option<&'a RawValue>,
    pub request: Option<Request>,
    pub response: Option<Response>,
    pub search: Option<Search>,
    #[serde(rename = "fullUrl")]
    pub full_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    pub method: String,
    pub url: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub status: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub location: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    pub mode: Option<String>,
}

/// Why a text could not be read at all; nothing of it was used.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum Unreadable {
    #[error("line {line}, column {column}: {what}")]
    Json { line: usize, column: usize, what: String },
    #[error("this is a web page, not FHIR: is there a sign-in page between us and the server?")]
    WebPage,
    #[error("line 1, column 1: no FHIR resource: resourceType is missing")]
    NotFhir,
    #[error("line 1, column 1: empty")]
    Empty,
}

fn at(error: &serde_json::Error) -> Unreadable {
    Unreadable::Json {
        line: error.line(),
        column: error.column(),
        what: error.to_string(),
    }
}

#[derive(Deserialize)]
struct Peek {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
}

impl Reader<'_> {
    /// Reads a FHIR resource or Bundle.
    ///
    /// # Errors
    /// When the text is not FHIR JSON; then nothing is read.
    pub fn json(&self, text: &str) -> Result<Reading, Unreadable> {
        let text = text.trim_start_matches('\u{feff}');
        let start = text.trim_start();
        if start.is_empty() {
            return Err(Unreadable::Empty);
        }
        if start.starts_with('<') {
            return Err(Unreadable::WebPage);
        }
        let peek: Peek = serde_json::from_str(text).map_err(|e| at(&e))?;
        let mut reading = Reading::default();
        match peek.resource_type.as_deref() {
            None => return Err(Unreadable::NotFhir),
            Some("Bundle") => {
                let bundle: Bundle = serde_json::from_str(text).map_err(|e| at(&e))?;
                reading = self.entries(&bundle);
            }
            Some(_) => self.resource(text, "resource", &mut reading),
        }
        self.look_over(&mut reading);
        Ok(reading)
    }

    /// Reads one resource a line; a broken line is a problem, the others are read.
    ///
    /// # Errors
    /// When not one line is JSON.
    pub fn ndjson(&self, text: &str) -> Result<Reading, Unreadable> {
        let mut reading = Reading::default();
        let mut first_error = None;
        for (i, line) in text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let path = format!("line {}", i + 1);
            if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(line) {
                first_error.get_or_insert(Unreadable::Json {
                    line: i + 1,
                    column: error.column(),
                    what: error.to_string(),
                });
                reading.read += 1;
                reading.nameless += 1;
                reading.refuse(path, IssueCode::Malformed, error.to_string(), Some(line));
                continue;
            }
            self.resource(line, &path, &mut reading);
        }
        if reading.read == 0 {
            return Err(Unreadable::Empty);
        }
        if let (Some(error), true) = (first_error, reading.read == reading.refused.len()) {
            return Err(error);
        }
        self.look_over(&mut reading);
        Ok(reading)
    }

    /// The entries of a Bundle of any type: search set, history, transaction, collection.
    pub fn entries(&self, bundle: &Bundle) -> Reading {
        let mut reading = Reading::default();
        let own_names = own_names(bundle);
        let said = bundle.meta.last_updated.as_deref().or(bundle.timestamp.as_deref());
        reading.delivered = said.and_then(timestamp).filter(|t| *t <= self.received);
        for (i, entry) in bundle.entry.iter().enumerate() {
            let path = format!("entry[{i}].resource");
            if entry
                .search
                .as_ref()
                .is_some_and(|s| s.mode.as_deref() == Some("outcome"))
            {
                continue;
            }
            if let Some(request) = entry.request.as_ref().filter(|r| r.method == "DELETE") {
                let modified = entry.response.as_ref().and_then(|r| r.last_modified.as_deref());
                match delete_head(&request.url, modified) {
                    Some(mut head) => {
                        head.key.id = domain::ids::within(self.source, &head.key.id);
                        reading.changes.push(Change::Delete { head });
                    }
                    None => {
                        reading.nameless += 1;
                        let path = format!("entry[{i}].request.url");
                        reading.refuse(path, IssueCode::Malformed, "DELETE zonder adres", None);
                    }
                }
                continue;
            }
            match entry.resource {
                Some(raw) => {
                    let mut text = Cow::Borrowed(raw.get());
                    for (urn, reference) in &own_names {
                        if text.contains(urn.as_str()) {
                            text = Cow::Owned(text.replace(urn.as_str(), reference));
                        }
                    }
                    self.resource_named(&text, &path, entry.named(), &mut reading);
                }
                None => {
                    reading.read += 1;
                    reading.nameless += 1;
                    reading.refuse(path, IssueCode::Missing, "regel zonder inhoud", None);
                }
            }
        }
        reading
    }

    /// What only shows when a whole delivery is looked over: one bed in two rooms, and when it was made.
    pub fn look_over(&self, reading: &mut Reading) {
        if reading.delivered.is_none() {
            reading.delivered = reading
                .changes
                .iter()
                .filter_map(|c| match c {
                    Change::Put {
                        fact: Fact::Report(r), ..
                    } => r.heartbeat,
                    _ => None,
                })
                .max();
        }
        let mut seen: BTreeMap<String, (String, Option<String>, Option<String>)> = BTreeMap::new();
        let mut twice = vec![];
        for (i, change) in reading.changes.iter().enumerate() {
            let Change::Put {
                head,
                fact: Fact::Place(place),
                ..
            } = change
            else {
                continue;
            };
            if place.kind != PlaceKind::Bed {
                continue;
            }
            let room = place.part_of.as_ref().map(|p| p.0.clone());
            for key in [Some(format!("id {}", head.key.id)), place.identifier.clone()]
                .into_iter()
                .flatten()
            {
                match seen.get(&key) {
                    // A later version of the same bed may have moved; the same version in two rooms may not.
                    Some((other, was, version))
                        if *was != room && (other != &head.key.id || *version == head.version) =>
                    {
                        twice.push((
                            i,
                            head.key.id.clone(),
                            was.clone().unwrap_or_default(),
                            room.clone().unwrap_or_default(),
                        ));
                        break;
                    }
                    _ => {
                        seen.insert(key, (head.key.id.clone(), room.clone(), head.version.clone()));
                    }
                }
            }
        }
        for (i, id, was, room) in twice.into_iter().rev() {
            if let Change::Put { raw, .. } = reading.changes.remove(i) {
                let detail = format!("bed {id} staat in {was} en in {room}: de eerste telt, deze niet");
                reading.refuse(
                    format!("Location/{id}.partOf"),
                    IssueCode::BedInTwoRooms,
                    detail,
                    Some(&raw),
                );
            }
        }
    }
}

impl Entry<'_> {
    /// The id that the Bundle gives a resource that does not name itself.
    fn named(&self) -> Option<&str> {
        let put = self
            .request
            .as_ref()
            .filter(|r| r.method == "PUT")
            .map(|r| r.url.as_str());
        let address = put.or(self.full_url.as_deref())?;
        if address.contains('?') {
            return None;
        }
        let id = address.rsplit(['/', ':']).next()?;
        (!id.is_empty()).then_some(id)
    }
}

/// What resources of a Bundle call each other before a server has named them: `"urn:uuid:…"` and the reference it
/// stands for.
fn own_names(bundle: &Bundle) -> Vec<(String, String)> {
    let urns = bundle.entry.iter().filter_map(|entry| {
        let urn = entry.full_url.as_deref().filter(|url| url.starts_with("urn:"))?;
        let envelope: Envelope = serde_json::from_str(entry.resource?.get()).ok()?;
        let id = envelope.id.as_deref().or_else(|| entry.named())?;
        Some((format!("\"{urn}\""), format!("\"{}/{id}\"", envelope.resource_type)))
    });
    urns.collect()
}

/// Reads `Location/x`, `Location/x/_history/3` or the same after a base address.
fn delete_head(url: &str, modified: Option<&str>) -> Option<Head> {
    let plain = url.split("/_history/").next()?;
    let (rest, id) = plain.rsplit_once('/')?;
    let kind = rest.rsplit('/').next()?;
    (!id.is_empty() && !kind.is_empty()).then(|| Head {
        key: RecordKey::new(kind_of(kind), id),
        version: url.split("/_history/").nth(1).map(str::to_owned),
        updated: modified.and_then(timestamp),
    })
}

/// A reader of the desk's first source.
pub fn reader(profile: &Profile, received: Timestamp) -> Reader<'_> {
    Reader {
        profile,
        received,
        source: "",
        own: None,
    }
}
