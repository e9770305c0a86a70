//! Why talking to a source did not work: a closed set, so that the screen can say what to do about each.
//!
//! The messages are English and for the log. What a person reads is chosen elsewhere, by [`FeedErrorCode`].

use crate::auth::SignInFault;

/// Why talking to the server did not work.
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
    /// Asked to wait for longer than a round may take.
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

/// The kind of a [`FeedError`], by which words are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedErrorCode {
    Address,
    Unreachable,
    Certificate,
    Denied,
    SignInNeeded,
    SignInRevoked,
    SignInClient,
    SignInPassword,
    SignInClock,
    SignInKeyring,
    SignInNoEndpoints,
    SignInAbandoned,
    Busy,
    Gone,
    Conflict,
    Refused,
    Failing,
    NotFhir,
}

impl FeedErrorCode {
    pub const ALL: [FeedErrorCode; 18] = [
        FeedErrorCode::Address,
        FeedErrorCode::Unreachable,
        FeedErrorCode::Certificate,
        FeedErrorCode::Denied,
        FeedErrorCode::SignInNeeded,
        FeedErrorCode::SignInRevoked,
        FeedErrorCode::SignInClient,
        FeedErrorCode::SignInPassword,
        FeedErrorCode::SignInClock,
        FeedErrorCode::SignInKeyring,
        FeedErrorCode::SignInNoEndpoints,
        FeedErrorCode::SignInAbandoned,
        FeedErrorCode::Busy,
        FeedErrorCode::Gone,
        FeedErrorCode::Conflict,
        FeedErrorCode::Refused,
        FeedErrorCode::Failing,
        FeedErrorCode::NotFhir,
    ];

    /// The code as it is logged and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            FeedErrorCode::Address => "address",
            FeedErrorCode::Unreachable => "unreachable",
            FeedErrorCode::Certificate => "certificate",
            FeedErrorCode::Denied => "denied",
            FeedErrorCode::SignInNeeded => "sign-in-needed",
            FeedErrorCode::SignInRevoked => "sign-in-revoked",
            FeedErrorCode::SignInClient => "sign-in-client",
            FeedErrorCode::SignInPassword => "sign-in-password",
            FeedErrorCode::SignInClock => "sign-in-clock",
            FeedErrorCode::SignInKeyring => "sign-in-keyring",
            FeedErrorCode::SignInNoEndpoints => "sign-in-no-endpoints",
            FeedErrorCode::SignInAbandoned => "sign-in-abandoned",
            FeedErrorCode::Busy => "busy",
            FeedErrorCode::Gone => "gone",
            FeedErrorCode::Conflict => "conflict",
            FeedErrorCode::Refused => "refused",
            FeedErrorCode::Failing => "failing",
            FeedErrorCode::NotFhir => "not-fhir",
        }
    }

    /// The code of a stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == code)
    }
}

impl std::fmt::Display for FeedErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FeedError {
    pub fn code(&self) -> FeedErrorCode {
        match self {
            FeedError::Address(_) => FeedErrorCode::Address,
            FeedError::Unreachable(_) => FeedErrorCode::Unreachable,
            FeedError::Certificate(_) => FeedErrorCode::Certificate,
            FeedError::Denied(_) => FeedErrorCode::Denied,
            FeedError::SignIn(fault) => fault.code(),
            FeedError::Busy(_) => FeedErrorCode::Busy,
            FeedError::Gone => FeedErrorCode::Gone,
            FeedError::Conflict => FeedErrorCode::Conflict,
            FeedError::Refused { .. } => FeedErrorCode::Refused,
            FeedError::Failing(_) => FeedErrorCode::Failing,
            FeedError::NotFhir(_) => FeedErrorCode::NotFhir,
        }
    }

    /// Whether asking the same again may be answered without anybody having changed anything: a network comes back, a
    /// server recovers, a guest network's sign-in page is clicked away. What a person must mend first is not retried.
    pub fn retry(&self) -> bool {
        match self {
            FeedError::Unreachable(_) | FeedError::Busy(_) | FeedError::Failing(_) | FeedError::NotFhir(_) => true,
            FeedError::Address(_)
            | FeedError::Certificate(_)
            | FeedError::Denied(_)
            | FeedError::SignIn(_)
            | FeedError::Gone
            | FeedError::Conflict
            | FeedError::Refused { .. } => false,
        }
    }

    /// The HTTP status that the server answered with, where it did.
    pub fn status(&self) -> Option<u16> {
        match self {
            FeedError::Denied(status) | FeedError::Failing(status) | FeedError::Refused { status, .. } => Some(*status),
            FeedError::Gone => Some(410),
            FeedError::Conflict => Some(412),
            FeedError::Busy(_) => Some(429),
            FeedError::SignIn(_) => Some(401),
            FeedError::Address(_) | FeedError::Unreachable(_) | FeedError::Certificate(_) | FeedError::NotFhir(_) => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_again_by_its_word() {
        for code in FeedErrorCode::ALL {
            assert_eq!(FeedErrorCode::from_code(code.as_str()), Some(code), "{code}");
        }
    }
}
