//! Where to sign in, by the server's own word: SMART's configuration, or that of an OpenID issuer.

use super::error::SignInFault;
use crate::{
    error::FeedError,
    fhir::client::{is_allowed, unreachable},
};
use oauth2::{AuthUrl, TokenUrl};
use serde::Deserialize;
use url::Url;

pub(super) struct Endpoints {
    pub(super) authorize: Option<AuthUrl>,
    pub(super) token: TokenUrl,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
}

/// Asks for them, without saying who asks.
pub(super) async fn discover(http: &reqwest::Client, base: &Url, issuer: Option<&str>) -> Result<Endpoints, FeedError> {
    let (root, document) = match issuer {
        Some(issuer) => (issuer, ".well-known/openid-configuration"),
        None => (base.as_str(), ".well-known/smart-configuration"),
    };
    let address = format!("{}/{document}", root.trim_end_matches('/'));
    let answer = http.get(&address).send().await.map_err(unreachable)?;
    let said: Configuration = answer
        .json()
        .await
        .map_err(|_| FeedError::SignIn(SignInFault::NoEndpoints))?;
    let allowed = |address: String| {
        let url = Url::parse(&address).ok()?;
        is_allowed(&url).then_some(address)
    };
    let token = said
        .token_endpoint
        .and_then(allowed)
        .and_then(|t| TokenUrl::new(t).ok());
    Ok(Endpoints {
        authorize: said
            .authorization_endpoint
            .and_then(allowed)
            .and_then(|a| AuthUrl::new(a).ok()),
        token: token.ok_or(FeedError::SignIn(SignInFault::NoEndpoints))?,
    })
}
