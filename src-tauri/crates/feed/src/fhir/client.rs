//! One regional FHIR server over HTTP: what it answers, and in which of a few ways it fails.

use crate::{
    auth::{Account, SignInFault},
    fhir::reader::timestamp,
};
use jiff::Timestamp;
use reqwest::{StatusCode, header, redirect};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Why talking to the server did not work; a closed set, so that the screen can say what to do about each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedError {
    #[error("the address is not usable: {0}")]
    Address(String),
    #[error("no answer: {0}")]
    Unreachable(String),
    #[error("the certificate is not trusted: {0}")]
    Certificate(String),
    #[error("the server refuses this account or this place (HTTP {0})")]
    Denied(u16),
    #[error("signing in: {0}")]
    SignIn(SignInFault),
    #[error("the server is busy; ask again in {0} s")]
    Busy(u64),
    #[error("the server does not keep history that far back (HTTP 410)")]
    Gone,
    #[error("somebody else wrote first")]
    Conflict,
    #[error("the server refused (HTTP {status}): {detail}")]
    Refused { status: u16, detail: String },
    #[error("the server fails (HTTP {0})")]
    Failing(u16),
    #[error("the answer is not FHIR: {0}")]
    NotFhir(String),
}

impl FeedError {
    /// A closed code for the screen.
    pub fn code(&self) -> &'static str {
        match self {
            FeedError::Address(_) => "address",
            FeedError::Unreachable(_) => "unreachable",
            FeedError::Certificate(_) => "certificate",
            FeedError::Denied(_) => "denied",
            FeedError::SignIn(fault) => fault.code(),
            FeedError::Busy(_) => "busy",
            FeedError::Gone => "gone",
            FeedError::Conflict => "conflict",
            FeedError::Refused { .. } => "refused",
            FeedError::Failing(_) => "failing",
            FeedError::NotFhir(_) => "not-fhir",
        }
    }
}

/// A body with what the answer said about itself.
#[derive(Debug)]
pub struct Answer {
    pub body: String,
    /// Names this state of what was asked for.
    pub etag: Option<String>,
    /// Where what was made lies.
    pub location: Option<String>,
    /// The server's clock, from the `Date` header.
    pub date: Option<Timestamp>,
}

/// What the server says it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capability {
    pub software: String,
    /// Types whose history can be asked for as a whole.
    pub history: Vec<String>,
    /// Where R4 subscriptions are told over a websocket.
    pub websocket: Option<Url>,
    /// Whether a subscription of the R5 backport can be bound to a websocket with a token.
    pub backport: bool,
}

impl Capability {
    /// Whether the server tells of changes over a websocket.
    pub fn tells(&self) -> bool {
        self.backport || self.websocket.is_some()
    }
}

/// A regional server.
#[derive(Clone, Debug)]
pub struct Server {
    base: Url,
    http: reqwest::Client,
    account: Option<Account>,
}

const LARGEST_BODY: usize = 256 << 20;

impl Server {
    /// Prepares to talk to a FHIR base address; nothing is sent yet.
    ///
    /// # Errors
    /// When it is not an `https` address; plain `http` is for the loopback only (S-01).
    pub fn new(base: &str) -> Result<Self, FeedError> {
        let mut base = Url::parse(base.trim()).map_err(|e| FeedError::Address(e.to_string()))?;
        if !is_allowed(&base) {
            return Err(FeedError::Address("only https is allowed".to_owned()));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let host = base.host_str().map(str::to_owned);
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_secs(20))
            .timeout(Duration::from_secs(120))
            .redirect(redirect::Policy::custom(move |attempt| {
                let same = attempt.url().host_str() == host.as_deref();
                if same && attempt.previous().len() < 3 {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }))
            .user_agent(concat!("Beddenwacht/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| FeedError::Address(e.to_string()))?;
        Ok(Self {
            base,
            http,
            account: None,
        })
    }

    /// Asks as this account from now on.
    #[must_use]
    pub fn with_account(self, account: Account) -> Self {
        Self {
            account: Some(account),
            ..self
        }
    }

    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    pub fn base(&self) -> &Url {
        &self.base
    }

    /// An address under the base.
    ///
    /// # Errors
    /// When `path` is no path.
    pub fn url(&self, path: &str) -> Result<Url, FeedError> {
        self.base.join(path).map_err(|e| FeedError::Address(e.to_string()))
    }

    /// Gets a FHIR answer.
    ///
    /// # Errors
    /// See [`FeedError`]; a web page with status 200 is [`FeedError::NotFhir`].
    pub async fn get(&self, url: Url) -> Result<Answer, FeedError> {
        let request = self.http.get(url).header(header::ACCEPT, "application/fhir+json");
        self.ask(request).await
    }

    /// Gets a FHIR answer that may not have changed since the one that this tag names: then there is none.
    ///
    /// # Errors
    /// As [`Server::get`].
    pub async fn get_if_changed(&self, url: Url, etag: Option<&str>) -> Result<Option<Answer>, FeedError> {
        let mut request = self.http.get(url).header(header::ACCEPT, "application/fhir+json");
        if let Some(etag) = etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        match self.ask(request).await {
            Err(FeedError::Refused { status: 304, .. }) => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// Makes a resource.
    ///
    /// # Errors
    /// See [`FeedError`].
    pub async fn post(&self, kind: &str, resource: &Value) -> Result<Answer, FeedError> {
        self.send(self.url(kind)?, resource).await
    }

    /// Posts a transaction; the answer is its response Bundle.
    ///
    /// # Errors
    /// [`FeedError::Conflict`] when a version in it was overtaken, whichever of the two ways the server says so.
    pub async fn transaction(&self, bundle: &Value) -> Result<Answer, FeedError> {
        self.send(self.base.clone(), bundle).await
    }

    async fn send(&self, to: Url, body: &Value) -> Result<Answer, FeedError> {
        let request = self
            .http
            .post(to)
            .header(header::ACCEPT, "application/fhir+json")
            .header(header::CONTENT_TYPE, "application/fhir+json")
            .body(body.to_string());
        self.ask(request).await
    }

    /// Reads what the server can do.
    ///
    /// # Errors
    /// When it does not answer with a capability statement.
    pub async fn capability(&self) -> Result<Capability, FeedError> {
        let answer = self.get(self.url("metadata")?).await?;
        let value: Value = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
        if value.get("resourceType").and_then(Value::as_str) != Some("CapabilityStatement") {
            return Err(FeedError::NotFhir("no capability statement".to_owned()));
        }
        let resources = value
            .pointer("/rest/0/resource")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let history = resources
            .filter(|r| {
                r.get("interaction").and_then(Value::as_array).is_some_and(|all| {
                    all.iter()
                        .any(|i| i.get("code").and_then(Value::as_str) == Some("history-type"))
                })
            })
            .filter_map(|r| r.get("type").and_then(Value::as_str).map(str::to_owned))
            .collect();
        let rest = value.pointer("/rest/0/extension").and_then(Value::as_array);
        let websocket = rest.into_iter().flatten().find_map(|e| {
            let url = e.get("url").and_then(Value::as_str)?;
            let named = url.ends_with("capabilitystatement-websocket");
            named.then(|| e.get("valueUri").and_then(Value::as_str)?.parse().ok())?
        });
        let all = value.pointer("/rest/0/resource").and_then(Value::as_array);
        let backport = all.into_iter().flatten().any(|r| {
            let operations = r.get("operation").and_then(Value::as_array);
            let named = |o: &Value| o.get("name").and_then(Value::as_str) == Some("get-ws-binding-token");
            operations.is_some_and(|all| all.iter().any(named))
        });
        let software = value
            .pointer("/software/name")
            .and_then(Value::as_str)
            .unwrap_or("FHIR")
            .to_owned();
        Ok(Capability {
            software,
            history,
            websocket,
            backport,
        })
    }

    /// Sends a request as whoever we are; once more with a fresh token where the first was refused.
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, FeedError> {
        let again = request.try_clone();
        let refused = match self.ask_once(request).await {
            Err(Unanswered::Unauthorized(date)) => date,
            Err(Unanswered::Because(error)) => return Err(error),
            Ok(answer) => return Ok(answer),
        };
        let worth = self.account.as_ref().is_some_and(Account::forget_access);
        let refused = match again.filter(|_| worth) {
            None => refused,
            Some(again) => match self.ask_once(again).await {
                Err(Unanswered::Unauthorized(date)) => date,
                Err(Unanswered::Because(error)) => return Err(error),
                Ok(answer) => return Ok(answer),
            },
        };
        Err(match &self.account {
            None => FeedError::SignIn(SignInFault::Needed),
            Some(account) => account.refused(refused),
        })
    }

    async fn ask_once(&self, request: reqwest::RequestBuilder) -> Result<Answer, Unanswered> {
        let request = match &self.account {
            Some(account) => account.authorize(&self.base, request).await?,
            None => request,
        };
        self.answer(request.send().await).await
    }

    async fn answer(&self, sent: Result<reqwest::Response, reqwest::Error>) -> Result<Answer, Unanswered> {
        let mut response = sent.map_err(|e| Unanswered::Because(unreachable(e)))?;
        let status = response.status();
        let header_text = |name: header::HeaderName| response.headers().get(name).and_then(|v| v.to_str().ok());
        let date =
            header_text(header::DATE).and_then(|d| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(d).ok());
        let etag = header_text(header::ETAG).map(str::to_owned);
        let location = header_text(header::LOCATION).map(str::to_owned);
        let retry = header_text(header::RETRY_AFTER)
            .and_then(|s| s.parse().ok())
            .unwrap_or(60);
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|e| Unanswered::Because(unreachable(e)))?
        {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(FeedError::NotFhir("the answer is larger than 256 MiB".to_owned()).into());
            }
            body.extend_from_slice(&chunk);
        }
        let body = String::from_utf8(body).map_err(|e| Unanswered::Because(FeedError::NotFhir(e.to_string())))?;
        let why = match status {
            s if s.is_success() => {
                let start = body.trim_start();
                if start.starts_with('<') {
                    return Err(FeedError::NotFhir("a web page".to_owned()).into());
                }
                return Ok(Answer {
                    body,
                    etag,
                    location,
                    date,
                });
            }
            StatusCode::UNAUTHORIZED => return Err(Unanswered::Unauthorized(date)),
            StatusCode::FORBIDDEN => FeedError::Denied(status.as_u16()),
            StatusCode::TOO_MANY_REQUESTS => FeedError::Busy(retry),
            StatusCode::GONE => FeedError::Gone,
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => FeedError::Conflict,
            s if s.is_server_error() => FeedError::Failing(s.as_u16()),
            s => {
                let detail = outcome_text(&body);
                // Some servers answer a stale version inside a transaction with 400 and the words of a 412.
                if s == StatusCode::BAD_REQUEST && detail.contains("412") {
                    return Err(FeedError::Conflict.into());
                }
                FeedError::Refused {
                    status: s.as_u16(),
                    detail,
                }
            }
        };
        Err(why.into())
    }
}

/// Why there is no answer; a 401 is looked at once more before it is said.
enum Unanswered {
    Unauthorized(Option<Timestamp>),
    Because(FeedError),
}

impl From<FeedError> for Unanswered {
    fn from(error: FeedError) -> Self {
        Unanswered::Because(error)
    }
}

/// Plain `http` is for the loopback only (S-01).
pub(crate) fn is_allowed(url: &Url) -> bool {
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

pub(crate) fn unreachable(error: reqwest::Error) -> FeedError {
    let mut text = error.to_string();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    if text.contains("certificate") || text.contains("UnknownIssuer") {
        FeedError::Certificate(text)
    } else {
        FeedError::Unreachable(text)
    }
}

/// The words of an `OperationOutcome`, bounded.
fn outcome_text(body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let issue = value.pointer("/issue/0");
    let text = issue
        .and_then(|i| i.get("diagnostics").or_else(|| i.pointer("/details/text")))
        .and_then(Value::as_str)
        .unwrap_or(body);
    crate::privacy::clean_text(text)
}

/// `meta.lastUpdated` of a Bundle, else the answer's `Date` less two seconds, since that one is rounded.
pub fn server_time(said: Option<&str>, date: Option<Timestamp>) -> Option<Timestamp> {
    said.and_then(timestamp)
        .or_else(|| date.map(|d| d - jiff::SignedDuration::from_secs(2)))
}
