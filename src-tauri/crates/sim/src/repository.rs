//! Versioned resources as a FHIR R4 server keeps them, in memory.

use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// One version of one resource; `None` where it was deleted.
#[derive(Debug, Clone)]
pub struct Version {
    pub kind: String,
    pub id: String,
    pub number: u64,
    pub updated: Timestamp,
    pub text: Option<Arc<str>>,
}

/// Why a write was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// HTTP 412
    Conflict(String),
    /// HTTP 400
    Bad(String),
}

/// All resources with their history, bounded.
#[derive(Debug, Default)]
pub struct Repository {
    current: BTreeMap<(String, String), Version>,
    log: VecDeque<Version>,
    /// How many versions of each type were ever written.
    written: BTreeMap<String, u64>,
    /// History before this moment was dropped.
    pub forgotten: Option<Timestamp>,
}

const LONGEST_LOG: usize = 60_000;

impl Repository {
    /// Writes a resource; its id, version and time are set here.
    ///
    /// # Errors
    /// When `if_match` names another version than the current one.
    pub fn put(
        &mut self,
        kind: &str,
        id: &str,
        mut resource: Value,
        if_match: Option<u64>,
        at: Timestamp,
    ) -> Result<Version, WriteError> {
        let key = (kind.to_owned(), id.to_owned());
        let now = self.current.get(&key).map_or(0, |v| v.number);
        if let Some(wanted) = if_match
            && wanted != now
        {
            return Err(WriteError::Conflict(format!("version {now} is current, not {wanted}")));
        }
        let number = now + 1;
        let Some(map) = resource.as_object_mut() else {
            return Err(WriteError::Bad("a resource is an object".to_owned()));
        };
        map.insert("id".to_owned(), json!(id));
        let meta = map.entry("meta").or_insert_with(|| json!({}));
        if let Some(meta) = meta.as_object_mut() {
            meta.insert("versionId".to_owned(), json!(number.to_string()));
            meta.insert("lastUpdated".to_owned(), json!(at.to_string()));
        }
        let text: Arc<str> = resource.to_string().into();
        let version = Version {
            kind: key.0.clone(),
            id: key.1.clone(),
            number,
            updated: at,
            text: Some(text),
        };
        self.current.insert(key, version.clone());
        self.log.push_back(version.clone());
        *self.written.entry(version.kind.clone()).or_default() += 1;
        while self.log.len() > LONGEST_LOG {
            self.forgotten = self.log.pop_front().map(|v| v.updated);
        }
        Ok(version)
    }

    /// How many versions of a type were ever written.
    pub fn written(&self, kind: &str) -> u64 {
        self.written.get(kind).copied().unwrap_or(0)
    }

    pub fn get(&self, kind: &str, id: &str) -> Option<&Version> {
        self.current.get(&(kind.to_owned(), id.to_owned()))
    }

    /// Current resources of a type, in the order of their ids.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Version> {
        let from = (kind.to_owned(), String::new());
        self.current
            .range(from..)
            .take_while(move |((k, _), _)| k == kind)
            .map(|(_, v)| v)
            .filter(|v| v.text.is_some())
    }

    /// Versions of a type since a moment, newest first as FHIR has it; `None` when history was dropped since.
    pub fn since(&self, kind: &str, since: Timestamp) -> Option<Vec<&Version>> {
        if self.forgotten.is_some_and(|f| since <= f) {
            return None;
        }
        Some(
            self.log
                .iter()
                .rev()
                .take_while(|v| v.updated >= since)
                .filter(|v| v.kind == kind)
                .collect(),
        )
    }

    /// Resources of a type that carry an identifier `system|value`.
    pub fn by_identifier<'a>(&'a self, kind: &'a str, identifier: &'a str) -> impl Iterator<Item = &'a Version> {
        self.all(kind).filter(move |v| {
            let text = v.text.as_deref().unwrap_or("");
            let (system, value) = identifier.split_once('|').unwrap_or(("", identifier));
            let resource: Value = serde_json::from_str(text).unwrap_or_default();
            resource.get("identifier").and_then(Value::as_array).is_some_and(|all| {
                all.iter().any(|i| {
                    i.get("value").and_then(Value::as_str) == Some(value)
                        && (system.is_empty() || i.get("system").and_then(Value::as_str) == Some(system))
                })
            })
        })
    }

    /// Carries out a transaction: all of it or nothing. References to `urn:uuid` are resolved.
    ///
    /// # Errors
    /// As soon as one entry cannot be carried out; nothing is written then.
    pub fn transaction(&mut self, bundle: &Value, at: Timestamp) -> Result<Vec<(u16, Version)>, WriteError> {
        struct Planned {
            kind: String,
            id: String,
            resource: Value,
            if_match: Option<u64>,
            exists: Option<Version>,
        }
        let entries = bundle
            .get("entry")
            .and_then(Value::as_array)
            .ok_or_else(|| WriteError::Bad("no entries".to_owned()))?;
        let mut planned = vec![];
        let mut resolved: Vec<(String, String)> = vec![];
        for entry in entries {
            let text = |path: &str| entry.pointer(path).and_then(Value::as_str);
            let resource = entry.get("resource").cloned().unwrap_or_default();
            let url = text("/request/url").unwrap_or("");
            let (kind, rest) = url.split_once(['/', '?']).unwrap_or((url, ""));
            let found = |identifier: Option<&str>| identifier.and_then(|i| self.by_identifier(kind, i).next().cloned());
            let identifier = |query: &str| query.strip_prefix("identifier=").map(str::to_owned);
            let (id, exists) = match text("/request/method") {
                Some("PUT") if url.contains('?') => {
                    let id = found(identifier(rest).as_deref()).map(|v| v.id);
                    (
                        id.unwrap_or_else(|| format!("{}-{}", kind.to_lowercase(), self.log.len())),
                        None,
                    )
                }
                Some("PUT") => (rest.to_owned(), None),
                Some("POST") => {
                    let exists = found(text("/request/ifNoneExist").and_then(identifier).as_deref());
                    let fresh = format!("{}-{}-{}", kind.to_lowercase(), self.log.len(), planned.len());
                    (exists.as_ref().map_or(fresh, |v| v.id.clone()), exists)
                }
                other => return Err(WriteError::Bad(format!("method {other:?} is not supported"))),
            };
            if resource.get("resourceType").and_then(Value::as_str) != Some(kind) || id.is_empty() {
                return Err(WriteError::Bad(format!("{url}: type or id is missing")));
            }
            if let Some(urn) = text("/fullUrl").filter(|u| u.starts_with("urn:uuid:")) {
                resolved.push((urn.to_owned(), format!("{kind}/{id}")));
            }
            let if_match = text("/request/ifMatch").and_then(etag_version);
            let now = self.get(kind, &id).map_or(0, |v| v.number);
            if let Some(wanted) = if_match
                && wanted != now
            {
                return Err(WriteError::Conflict(format!(
                    "{kind}/{id}: version {now} is current, not {wanted}"
                )));
            }
            planned.push(Planned {
                kind: kind.to_owned(),
                id,
                resource,
                if_match,
                exists,
            });
        }
        let mut done = vec![];
        for one in planned {
            if let Some(version) = one.exists {
                done.push((200, version));
                continue;
            }
            let mut text = one.resource.to_string();
            for (urn, reference) in &resolved {
                text = text.replace(urn, reference);
            }
            let resource = serde_json::from_str(&text).map_err(|e| WriteError::Bad(e.to_string()))?;
            let version = self.put(&one.kind, &one.id, resource, one.if_match, at)?;
            done.push((if version.number == 1 { 201 } else { 200 }, version));
        }
        Ok(done)
    }
}

/// The version in `W/"3"`.
pub fn etag_version(etag: &str) -> Option<u64> {
    etag.trim().trim_start_matches("W/").trim_matches('"').parse().ok()
}
