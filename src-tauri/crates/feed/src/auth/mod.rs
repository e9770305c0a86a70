//! Who asks: OAuth 2.0 with PKCE in the system's browser, a service account, or a name with a password (S-06).
//!
//! RFC 6749, 7636 and 8252, with SMART's `.well-known/smart-configuration` where the server offers it.

mod basic;
mod client_credentials;
mod endpoints;
mod error;
mod keyring;
mod oauth;

pub use error::SignInFault;
pub use keyring::Secrets;

use crate::error::FeedError;
use jiff::Timestamp;
use oauth2::{TokenResponse, basic::BasicTokenResponse};
use reqwest::{RequestBuilder, redirect};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use url::Url;

/// How a source wants to know who asks. Secrets are never part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SignIn {
    /// Whoever reaches the server may read it.
    #[default]
    None,
    /// A name and a password, for servers that only know that.
    Basic { user: String },
    /// Client credentials; the secret is the client's.
    Service { client_id: String, issuer: Option<String> },
    /// A person signs in with the browser.
    Person { client_id: String, issuer: Option<String> },
}

#[derive(Clone)]
struct Access {
    token: String,
    /// Taken anew half a minute before it ends.
    until: Option<Instant>,
}

/// One account at one source. The access token lives in memory; what lasts, in the keyring.
#[derive(Clone)]
pub struct Account {
    sign_in: SignIn,
    /// The source's address: the name of its secret.
    name: String,
    secrets: Arc<dyn Secrets>,
    access: Arc<Mutex<Option<Access>>>,
    /// A refresh token is good for one time: two tasks must not use it at once.
    renewing: Arc<tokio::sync::Mutex<()>>,
    http: reqwest::Client,
    now: fn() -> Timestamp,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({:?} at {})", self.sign_in, self.name)
    }
}

impl Account {
    /// An account at the source of this address. `now` is the caller's clock.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(
        sign_in: SignIn,
        address: &str,
        secrets: Arc<dyn Secrets>,
        now: fn() -> Timestamp,
    ) -> Result<Self, FeedError> {
        let http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .map_err(|e| FeedError::Address(e.to_string()))?;
        Ok(Self {
            sign_in,
            name: address.trim().trim_end_matches('/').to_owned(),
            secrets,
            access: Arc::default(),
            renewing: Arc::default(),
            http,
            now,
        })
    }

    /// Adds to a request who asks.
    ///
    /// # Errors
    /// When that cannot be had; see [`SignInFault`].
    pub(crate) async fn authorize(&self, base: &Url, request: RequestBuilder) -> Result<RequestBuilder, FeedError> {
        Ok(match &self.sign_in {
            SignIn::None => request,
            SignIn::Basic { user } => basic::authorize(request, user, self.secret().await?),
            SignIn::Service { .. } | SignIn::Person { .. } => request.bearer_auth(self.token(base).await?),
        })
    }

    /// After a 401: whether a fresh token is worth a second try.
    pub(crate) fn forget_access(&self) -> bool {
        self.access().take().is_some()
    }

    /// What a 401 means that stays after a fresh token.
    pub(crate) fn refused(&self, server_date: Option<Timestamp>) -> FeedError {
        const CLOCK_LIMIT_S: i64 = 120;
        let skew_s = server_date.map(|date| (self.now)().duration_since(date).as_secs());
        FeedError::SignIn(match (&self.sign_in, skew_s) {
            (SignIn::None, _) => SignInFault::Needed,
            (SignIn::Basic { .. }, _) => SignInFault::Password,
            (_, Some(skew)) if skew.abs() > CLOCK_LIMIT_S => SignInFault::Clock(skew),
            _ => SignInFault::Revoked,
        })
    }

    /// Signs a person in with the system's browser; `open` opens it at an address. Returns when the browser came back.
    ///
    /// # Errors
    /// See [`SignInFault`]; nothing is kept then.
    pub async fn sign_in(&self, base: &Url, open: impl FnOnce(&Url) -> Result<(), String>) -> Result<(), FeedError> {
        let SignIn::Person { client_id, .. } = &self.sign_in else {
            return Ok(());
        };
        let endpoints = endpoints::discover(&self.http, base, self.issuer()).await?;
        let authorize = endpoints.authorize.ok_or(FeedError::SignIn(SignInFault::NoEndpoints))?;
        let granted = oauth::sign_in(&self.http, client_id, authorize, endpoints.token, base, open).await?;
        self.take(&granted).await.map(drop)
    }

    /// Keeps the password or the client's secret.
    ///
    /// # Errors
    /// When the keyring does not take it.
    pub async fn keep_secret(&self, secret: Option<String>) -> Result<(), FeedError> {
        let (secrets, name) = (self.secrets.clone(), self.name.clone());
        self.access().take();
        let kept = tokio::task::spawn_blocking(move || secrets.set(&name, secret.as_deref())).await;
        kept.unwrap_or_else(|e| Err(e.to_string()))
            .map_err(|why| FeedError::SignIn(SignInFault::Keyring(why)))
    }

    fn issuer(&self) -> Option<&str> {
        match &self.sign_in {
            SignIn::Service { issuer, .. } | SignIn::Person { issuer, .. } => issuer.as_deref(),
            SignIn::None | SignIn::Basic { .. } => None,
        }
    }

    fn access(&self) -> std::sync::MutexGuard<'_, Option<Access>> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn secret(&self) -> Result<String, FeedError> {
        let (secrets, name) = (self.secrets.clone(), self.name.clone());
        let found = tokio::task::spawn_blocking(move || secrets.get(&name)).await;
        found
            .unwrap_or_else(|e| Err(e.to_string()))
            .map_err(|why| FeedError::SignIn(SignInFault::Keyring(why)))?
            .ok_or(FeedError::SignIn(SignInFault::Needed))
    }

    async fn token(&self, base: &Url) -> Result<String, FeedError> {
        let fresh = |a: &Access| a.until.is_none_or(|until| Instant::now() < until);
        let _alone = self.renewing.lock().await;
        if let Some(access) = self.access().clone().filter(fresh) {
            return Ok(access.token);
        }
        let kept = self.secret().await?;
        let token = endpoints::discover(&self.http, base, self.issuer()).await?.token;
        let granted = match &self.sign_in {
            SignIn::Service { client_id, .. } => client_credentials::grant(&self.http, client_id, kept, token).await?,
            SignIn::Person { client_id, .. } => oauth::refresh(&self.http, client_id, kept, token).await?,
            SignIn::None | SignIn::Basic { .. } => return Ok(kept),
        };
        self.take(&granted).await
    }

    /// Keeps what was granted: a refresh token may be good for one time only.
    async fn take(&self, granted: &BasicTokenResponse) -> Result<String, FeedError> {
        if let Some(refresh) = granted.refresh_token() {
            self.keep_secret(Some(refresh.secret().clone())).await?;
        }
        let token = granted.access_token().secret().clone();
        let lasts = granted.expires_in();
        *self.access() = Some(Access {
            token: token.clone(),
            until: lasts.map(|s| Instant::now() + s.saturating_sub(Duration::from_secs(30))),
        });
        Ok(token)
    }
}
