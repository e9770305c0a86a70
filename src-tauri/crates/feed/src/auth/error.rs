//! What keeps a source from knowing who asks.

use crate::error::{FeedError, FeedErrorCode};
use oauth2::{
    RequestTokenError,
    basic::{BasicErrorResponseType, BasicRequestTokenError},
};

/// What keeps a source from knowing us; each says what happened, and the screen what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInFault {
    #[error("nobody is signed in")]
    Needed,
    #[error("the sign-in was withdrawn or has ended")]
    Revoked,
    #[error("the sign-in server refuses this client: {0}")]
    Client(String),
    #[error("the name or the password is wrong")]
    Password,
    #[error("our clock is {0} s off, so that a fresh sign-in counts as old")]
    Clock(i64),
    #[error("the system's keyring does not answer: {0}")]
    Keyring(String),
    #[error("the server does not say where to sign in")]
    NoEndpoints,
    #[error("the browser did not come back")]
    Abandoned,
}

impl SignInFault {
    pub fn code(&self) -> FeedErrorCode {
        match self {
            SignInFault::Needed => FeedErrorCode::SignInNeeded,
            SignInFault::Revoked => FeedErrorCode::SignInRevoked,
            SignInFault::Client(_) => FeedErrorCode::SignInClient,
            SignInFault::Password => FeedErrorCode::SignInPassword,
            SignInFault::Clock(_) => FeedErrorCode::SignInClock,
            SignInFault::Keyring(_) => FeedErrorCode::SignInKeyring,
            SignInFault::NoEndpoints => FeedErrorCode::SignInNoEndpoints,
            SignInFault::Abandoned => FeedErrorCode::SignInAbandoned,
        }
    }
}

pub(super) fn token_error(error: BasicRequestTokenError<oauth2::HttpClientError<reqwest::Error>>) -> FeedError {
    match error {
        RequestTokenError::ServerResponse(said) => FeedError::SignIn(match said.error() {
            BasicErrorResponseType::InvalidGrant => SignInFault::Revoked,
            other => SignInFault::Client(other.as_ref().to_owned()),
        }),
        RequestTokenError::Request(oauth2::HttpClientError::Reqwest(inner)) => crate::fhir::client::unreachable(*inner),
        other => FeedError::Unreachable(other.to_string()),
    }
}
