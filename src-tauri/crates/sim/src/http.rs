//! The region over HTTP, as a FHIR R4 server: capability statement, search, type history, transactions.

use crate::{
    layout::{self, Layout},
    repository::{Repository, Version, WriteError, etag_version},
    scenario::Scenario,
    subscriptions::{self, SubscriptionEvent, SubscriptionSupport},
    world::{News, World},
};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use feed::Profile;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{net::TcpListener, sync::broadcast};

/// How a practice region is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// 0 takes any free port.
    pub port: u16,
    pub seed: u64,
    /// Simulated minutes a minute.
    pub speed: f64,
    pub scenario: Scenario,
    /// How it tells of changed stops.
    pub subscriptions: SubscriptionSupport,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1,
            speed: 1.0,
            scenario: Scenario::Calm,
            subscriptions: SubscriptionSupport::Classic,
        }
    }
}

pub(crate) struct Inner {
    world: World,
    pub events: broadcast::Sender<SubscriptionEvent>,
    /// Versions of stops that were told of.
    told: u64,
    subscriptions: SubscriptionSupport,
    host: String,
    /// Questions that were answered by "not changed".
    unchanged: u64,
    repository: Repository,
    profile: Profile,
    plugged: bool,
    now: fn() -> Timestamp,
}

/// A running practice region; it stops when the last handle goes.
#[derive(Clone)]
pub struct Practice {
    inner: Arc<Mutex<Inner>>,
    address: SocketAddr,
}

pub(crate) type Shared = Arc<Mutex<Inner>>;

pub(crate) fn lock(inner: &Shared) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

const MOST: usize = 1000;

impl Practice {
    /// Starts the Zwolle region on the loopback address. `now` is the caller's clock.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(setup: Setup, now: fn() -> Timestamp) -> std::io::Result<Self> {
        let layout = layout::zwolle().map_err(std::io::Error::other)?;
        Self::start_with(&layout, setup, now).await
    }

    /// Starts a region of another layout.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_with(layout: &Layout, setup: Setup, now: fn() -> Timestamp) -> std::io::Result<Self> {
        let world = World::new(layout, setup.seed, now(), setup.speed, setup.scenario);
        let profile = Profile::shipped().map_err(std::io::Error::other)?;
        let listener = TcpListener::bind(("127.0.0.1", setup.port)).await?;
        let address = listener.local_addr()?;
        let mut inner = Inner {
            world,
            events: subscriptions::lines(),
            told: 0,
            subscriptions: setup.subscriptions,
            host: address.to_string(),
            unchanged: 0,
            repository: Repository::default(),
            profile,
            plugged: true,
            now,
        };
        for (at, news) in inner.world.take_past() {
            inner.publish(news, at);
        }
        let first = inner.world.snapshot();
        inner.publish(first, now());
        let inner = Arc::new(Mutex::new(inner));
        let router = Router::new()
            .route("/fhir", axum::routing::any(root))
            .route("/fhir/", axum::routing::any(root))
            .route("/fhir/{*path}", axum::routing::any(resources))
            .route("/ws", axum::routing::any(subscriptions::line))
            .with_state(inner.clone())
            .layer(axum::middleware::map_response_with_state(inner.clone(), dated));
        let weak = Arc::downgrade(&inner);
        tokio::spawn(async move {
            while let Some(inner) = weak.upgrade() {
                lock(&inner).live();
                drop(inner);
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { inner, address })
    }

    /// The FHIR base address.
    pub fn url(&self) -> String {
        format!("http://{}/fhir", self.address)
    }

    /// Pulls the plug, or puts it back: without it the server answers nothing but an error.
    pub fn plug(&self, plugged: bool) {
        let mut inner = lock(&self.inner);
        inner.plugged = plugged;
        if !plugged {
            // Nobody may be listening.
            let _ = inner.events.send(SubscriptionEvent::Closed);
        }
    }

    /// How many lines are open over which stops are told.
    pub fn listeners(&self) -> usize {
        lock(&self.inner).events.receiver_count()
    }

    /// How many questions were answered by "not changed" (`If-None-Match`).
    pub fn unchanged_answers(&self) -> u64 {
        lock(&self.inner).unchanged
    }

    /// Starts another course of events.
    pub fn set_scenario(&self, scenario: Scenario) {
        lock(&self.inner).world.set_scenario(scenario);
    }
}

impl Inner {
    fn live(&mut self) {
        let now = (self.now)();
        for (at, news) in self.world.live_until(now) {
            // Never before what was published already: a reader's `_since` must not miss it.
            self.publish(news, at.max(now));
        }
        self.tell();
    }

    /// Tells of stops that changed since the last time.
    fn tell(&mut self) {
        let written = self.repository.written("Flag");
        if written != self.told {
            self.told = written;
            // Nobody may be listening.
            let _ = self.events.send(SubscriptionEvent::Stop);
        }
    }

    fn publish(&mut self, news: Vec<News>, at: Timestamp) {
        for (kind, id, fact) in news {
            if let Some(value) = feed::fhir::encode::fact(&id, &fact, &self.profile) {
                // Without If-Match a write of an object cannot be refused.
                let _ = self.repository.put(kind, &id, value, None, at);
            }
        }
    }
}

/// Says what the region's own clock says, which may be another one than this machine's.
async fn dated(State(inner): State<Shared>, mut answer: Response) -> Response {
    let now = (lock(&inner).now)();
    let printed = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Ok(date) = printed
        .map_err(drop)
        .and_then(|d| HeaderValue::try_from(d).map_err(drop))
    {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

fn fhir(status: StatusCode, body: String) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, "application/fhir+json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

fn outcome(status: StatusCode, text: &str) -> Response {
    let body = json!({ "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "processing", "diagnostics": text }] });
    fhir(status, body.to_string())
}

fn unavailable(inner: &Inner) -> Option<Response> {
    (!inner.plugged || inner.world.server_fails()).then(|| outcome(StatusCode::SERVICE_UNAVAILABLE, "the plug is out"))
}

async fn root(State(inner): State<Shared>, method: Method, body: Bytes) -> Response {
    let mut inner = lock(&inner);
    if let Some(answer) = unavailable(&inner) {
        return answer;
    }
    if method != Method::POST {
        return outcome(StatusCode::METHOD_NOT_ALLOWED, "POST a transaction here");
    }
    let bundle: Value = match serde_json::from_slice(&body) {
        Ok(bundle) => bundle,
        Err(error) => return outcome(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let now = (inner.now)();
    let done = inner.repository.transaction(&bundle, now);
    inner.tell();
    match done {
        Err(WriteError::Conflict(why)) => outcome(StatusCode::PRECONDITION_FAILED, &why),
        Err(WriteError::Bad(why)) => outcome(StatusCode::BAD_REQUEST, &why),
        Ok(done) => {
            let entries: Vec<Value> = done
                .iter()
                .map(|(status, v)| {
                    json!({ "response": {
                        "status": status.to_string(),
                        "location": format!("{}/{}/_history/{}", v.kind, v.id, v.number),
                        "etag": format!("W/\"{}\"", v.number),
                        "lastModified": v.updated.to_string(),
                    } })
                })
                .collect();
            let body = json!({ "resourceType": "Bundle", "type": "transaction-response", "entry": entries });
            fhir(StatusCode::OK, body.to_string())
        }
    }
}

async fn resources(
    State(inner): State<Shared>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut inner = lock(&inner);
    if let Some(answer) = unavailable(&inner) {
        return answer;
    }
    inner.live();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["metadata"]) => fhir(StatusCode::OK, capability(&inner).to_string()),
        ("GET", [kind]) => search(&inner, kind, &query),
        ("GET", [kind, "_history"]) => history(&mut inner, kind, &query, headers.get(header::IF_NONE_MATCH)),
        ("GET", ["Subscription", id, "$get-ws-binding-token"])
            if inner.subscriptions == SubscriptionSupport::Backport =>
        {
            fhir(StatusCode::OK, subscriptions::token(id, &inner.host).to_string())
        }
        ("POST", ["Subscription"]) if inner.subscriptions != SubscriptionSupport::Nothing => {
            let Ok(resource) = serde_json::from_slice::<Value>(&body) else {
                return outcome(StatusCode::BAD_REQUEST, "not JSON");
            };
            let now = (inner.now)();
            let id = format!("subscription-{}", inner.repository.written("Subscription"));
            match inner.repository.put("Subscription", &id, resource, None, now) {
                Ok(v) => fhir(StatusCode::CREATED, v.text.as_deref().unwrap_or("").to_owned()),
                Err(WriteError::Conflict(why) | WriteError::Bad(why)) => outcome(StatusCode::BAD_REQUEST, &why),
            }
        }
        ("GET", [kind, id]) => match inner.repository.get(kind, id) {
            None => outcome(StatusCode::NOT_FOUND, "not known"),
            Some(v) => match &v.text {
                None => outcome(StatusCode::GONE, "deleted"),
                Some(text) => with_etag(fhir(StatusCode::OK, text.to_string()), v),
            },
        },
        ("PUT", [kind, id]) => {
            let Ok(resource) = serde_json::from_slice::<Value>(&body) else {
                return outcome(StatusCode::BAD_REQUEST, "not JSON");
            };
            let if_match = headers
                .get(header::IF_MATCH)
                .and_then(|v| v.to_str().ok())
                .and_then(etag_version);
            let now = (inner.now)();
            let done = inner.repository.put(kind, id, resource, if_match, now);
            inner.tell();
            match done {
                Ok(v) => with_etag(fhir(StatusCode::OK, v.text.as_deref().unwrap_or("").to_owned()), &v),
                Err(WriteError::Conflict(why)) => outcome(StatusCode::PRECONDITION_FAILED, &why),
                Err(WriteError::Bad(why)) => outcome(StatusCode::BAD_REQUEST, &why),
            }
        }
        _ => outcome(StatusCode::METHOD_NOT_ALLOWED, "not offered here"),
    }
}

fn with_etag(mut response: Response, version: &Version) -> Response {
    if let Ok(value) = HeaderValue::from_str(&format!("W/\"{}\"", version.number)) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

fn search(inner: &Inner, kind: &str, query: &HashMap<String, String>) -> Response {
    let found: Vec<&Version> = match query.get("identifier") {
        Some(identifier) => inner.repository.by_identifier(kind, identifier).collect(),
        None => inner.repository.all(kind).collect(),
    };
    let entry = |v: &Version| {
        format!(
            r#"{{"fullUrl":"{}/{}","resource":{},"search":{{"mode":"match"}}}}"#,
            v.kind,
            v.id,
            v.text.as_deref().unwrap_or("null")
        )
    };
    page(inner, kind, "searchset", &found, query, entry)
}

fn history(
    inner: &mut Inner,
    kind: &str,
    query: &HashMap<String, String>,
    if_none_match: Option<&HeaderValue>,
) -> Response {
    let since = query
        .get("_since")
        .and_then(|s| s.parse::<Timestamp>().ok())
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let Some(found) = inner.repository.since(kind, since) else {
        return outcome(StatusCode::GONE, "history does not go back that far");
    };
    let entry = |v: &Version| {
        format!(
            r#"{{"fullUrl":"{0}/{1}","resource":{2},"request":{{"method":"PUT","url":"{0}/{1}"}},"response":{{"status":"200","etag":"W/\"{3}\"","lastModified":"{4}"}}}}"#,
            v.kind,
            v.id,
            v.text.as_deref().unwrap_or("null"),
            v.number,
            v.updated
        )
    };
    let etag = format!("W/\"{}-{}\"", inner.repository.written(kind), found.len());
    if if_none_match.is_some_and(|known| known == etag.as_str()) {
        drop(found);
        inner.unchanged += 1;
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = page(inner, &format!("{kind}/_history"), "history", &found, query, entry);
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn page(
    inner: &Inner,
    path: &str,
    what: &str,
    found: &[&Version],
    query: &HashMap<String, String>,
    entry: impl Fn(&Version) -> String,
) -> Response {
    let number = |name: &str| query.get(name).and_then(|n| n.parse::<usize>().ok());
    let count = number("_count").unwrap_or(100).clamp(1, MOST);
    let offset = number("_page").unwrap_or(0);
    let mut keep: Vec<(&String, &String)> = query.iter().filter(|(k, _)| *k != "_page").collect();
    keep.sort();
    let address = |offset: usize| {
        let mut pairs: Vec<String> = keep.iter().map(|(k, v)| format!("{k}={}", encode(v))).collect();
        pairs.push(format!("_page={offset}"));
        format!("{path}?{}", pairs.join("&"))
    };
    let mut links = vec![json!({ "relation": "self", "url": address(offset) })];
    if offset + count < found.len() {
        links.push(json!({ "relation": "next", "url": address(offset + count) }));
    }
    let entries: Vec<String> = found.iter().skip(offset).take(count).map(|v| entry(v)).collect();
    let body = format!(
        r#"{{"resourceType":"Bundle","type":"{what}","meta":{{"lastUpdated":"{}"}},"total":{},"link":{},"entry":[{}]}}"#,
        (inner.now)(),
        found.len(),
        Value::Array(links),
        entries.join(",")
    );
    fhir(StatusCode::OK, body)
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn capability(inner: &Inner) -> Value {
    let interactions = |codes: &[&str]| codes.iter().map(|c| json!({ "code": c })).collect::<Vec<_>>();
    let resources: Vec<Value> = feed::fhir::sync::TYPES
        .iter()
        .chain(&["Provenance"])
        .map(|kind| {
            json!({
                "type": kind,
                "versioning": "versioned-update",
                "conditionalCreate": true,
                "interaction": interactions(&["read", "update", "search-type", "history-type"]),
            })
        })
        .collect();
    let (extension, operation) = subscriptions::announced(inner.subscriptions, &inner.host);
    let mut resources = resources;
    if inner.subscriptions != SubscriptionSupport::Nothing {
        let interaction = interactions(&["create", "read"]);
        resources.push(json!({ "type": "Subscription", "interaction": interaction, "operation": operation }));
    }
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "software": { "name": "Oefenregio" },
        "rest": [{ "mode": "server", "extension": extension, "resource": resources, "interaction": interactions(&["transaction"]) }],
    })
}
