//! One regional FHIR server over HTTP: what it answers, and in which of a few ways it fails.
//!
//! A request and who asks it go to the exact origin of the server (scheme, host and port) and nowhere else (S-02).

use super::server_quirks;
use crate::{
    auth::{Account, SignInFault},
    error::FeedError,
};
use jiff::Timestamp;
use reqwest::{StatusCode, header, redirect};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use url::Url;

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
    /// Types that it has; empty where it does not say.
    pub resources: Vec<String>,
    /// Types whose history can be asked for as a whole.
    pub history: Vec<String>,
    /// Where R4 subscriptions are told over a websocket.
    pub websocket: Option<Url>,
    /// Whether a subscription of the R5 backport can be bound to a websocket with a token.
    pub backport: bool,
}

impl Capability {
    /// Whether the server tells of changes over a websocket.
    pub fn has_subscriptions(&self) -> bool {
        self.backport || self.websocket.is_some()
    }

    /// Whether a type may be asked for. A statement that names no types forbids none.
    pub fn offers(&self, resource: &str) -> bool {
        self.resources.is_empty() || self.resources.iter().any(|r| r == resource)
    }

    /// Whether the history of a type can be asked for as a whole.
    pub fn has_history(&self, resource: &str) -> bool {
        self.history.iter().any(|r| r == resource)
    }
}

/// A regional server.
#[derive(Clone, Debug)]
pub struct Server {
    base: Url,
    http: reqwest::Client,
    account: Option<Account>,
    patience: Option<Patience>,
}

/// How long a round may wait, in all, for a busy server: what is left, shared by all its requests.
#[derive(Clone, Debug)]
struct Patience(Arc<Mutex<Duration>>);

impl Patience {
    /// Takes a wait from what is left. `None` when it is longer: then waiting a part of it would help nobody.
    fn take(&self, seconds: u64) -> Option<Duration> {
        // At least a second, so that "in 0 s" does not become a storm of questions.
        let wait = Duration::from_secs(seconds.max(1));
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *left = left.checked_sub(wait)?;
        Some(wait)
    }
}

/// What a round waits for a busy server, in all.
pub const PATIENCE_OF_A_ROUND: Duration = Duration::from_secs(30);
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
        let origin = base.origin();
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_secs(20))
            .timeout(Duration::from_secs(120))
            .redirect(redirect::Policy::custom(move |attempt| {
                let same = attempt.url().origin() == origin;
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
            patience: None,
        })
    }

    /// The same server for one round: where it is busy (`429`, or `503` with `Retry-After`) it is given the time that it
    /// asks for, in all no more than `patience`; after that it is [`FeedError::Busy`].
    #[must_use]
    pub fn patient(&self, patience: Duration) -> Self {
        Self {
            patience: Some(Patience(Arc::new(Mutex::new(patience)))),
            ..self.clone()
        }
    }

    /// As [`Server::patient`], unless this already is the server of a round.
    pub(crate) fn within_round(&self) -> Self {
        match &self.patience {
            Some(_) => self.clone(),
            None => self.patient(PATIENCE_OF_A_ROUND),
        }
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
        let all = value.pointer("/rest/0/resource").and_then(Value::as_array);
        let named = |r: &Value| r.get("type").and_then(Value::as_str).map(str::to_owned);
        let resources = all.into_iter().flatten().filter_map(named).collect();
        let history = all
            .into_iter()
            .flatten()
            .filter(|r| {
                r.get("interaction").and_then(Value::as_array).is_some_and(|all| {
                    all.iter()
                        .any(|i| i.get("code").and_then(Value::as_str) == Some("history-type"))
                })
            })
            .filter_map(named)
            .collect();
        let rest = value.pointer("/rest/0/extension").and_then(Value::as_array);
        let websocket = rest.into_iter().flatten().find_map(|e| {
            let url = e.get("url").and_then(Value::as_str)?;
            let named = url.ends_with("capabilitystatement-websocket");
            named.then(|| e.get("valueUri").and_then(Value::as_str)?.parse().ok())?
        });
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
            resources,
            history,
            websocket,
            backport,
        })
    }

    /// Sends a request, and again after the time that a busy server asks for, as long as the round's patience lasts.
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, FeedError> {
        let mut next = Some(request);
        while let Some(request) = next.take() {
            let again = request.try_clone();
            match self.ask_as_account(request).await {
                Err(FeedError::Busy(seconds)) => {
                    let wait = self.patience.as_ref().and_then(|p| p.take(seconds));
                    let (Some(again), Some(wait)) = (again, wait) else {
                        return Err(FeedError::Busy(seconds));
                    };
                    tracing::info!(wait_s = wait.as_secs(), "the server is busy; waiting within the round");
                    tokio::time::sleep(wait).await;
                    next = Some(again);
                }
                answer => return answer,
            }
        }
        Err(FeedError::Busy(0))
    }

    /// Sends a request as whoever we are; once more with a fresh token where the first was refused.
    async fn ask_as_account(&self, request: reqwest::RequestBuilder) -> Result<Answer, FeedError> {
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
        let (http, request) = request.build_split();
        let request = request.map_err(|e| FeedError::Address(e.to_string()))?;
        // The last check before anything leaves: whatever led here, nothing of ours goes to another origin.
        if request.url().origin() != self.base.origin() {
            return Err(FeedError::Address(format!("{} is not this server's", request.url())).into());
        }
        self.answer(http.execute(request).await).await
    }

    async fn answer(&self, sent: Result<reqwest::Response, reqwest::Error>) -> Result<Answer, Unanswered> {
        let mut response = sent.map_err(|e| Unanswered::Because(unreachable(e)))?;
        let status = response.status();
        let header_text = |name: header::HeaderName| response.headers().get(name).and_then(|v| v.to_str().ok());
        let date =
            header_text(header::DATE).and_then(|d| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(d).ok());
        let etag = header_text(header::ETAG).map(str::to_owned);
        let location = header_text(header::LOCATION).map(str::to_owned);
        let retry = header_text(header::RETRY_AFTER).and_then(|s| server_quirks::retry_after_s(s, date));
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
            StatusCode::TOO_MANY_REQUESTS => FeedError::Busy(retry.unwrap_or(60)),
            StatusCode::SERVICE_UNAVAILABLE if retry.is_some() => FeedError::Busy(retry.unwrap_or(60)),
            StatusCode::GONE => FeedError::Gone,
            StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => FeedError::Conflict,
            s if s.is_server_error() => FeedError::Failing(s.as_u16()),
            s => {
                let detail = outcome_text(&body);
                if server_quirks::is_conflict(s.as_u16(), &detail) {
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
