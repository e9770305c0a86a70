//! What a use case can fail with; the screen chooses its words by the code, never by the text.

use serde::Serialize;
use ts_rs::TS;

/// A closed set of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The disk did not take it: nothing was kept.
    Storage,
    /// There is no such location, bed, alarm or element.
    NotFound,
    /// What was asked does not make sense; `detail` says which part.
    Invalid,
    /// Cannot be done without the server.
    Offline,
    /// The server refused.
    Refused,
    /// This account may not.
    NotAllowed,
    /// The alarm is not in a state from which that is possible.
    NotFromHere,
    /// The alarm was raised anew after the screen showed it: nobody has seen what it says now.
    Changed,
    /// A file or an answer could not be read.
    Unreadable,
}

/// An error at the edge of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[error("{detail}")]
pub struct AppError {
    pub code: ErrorCode,
    /// For the log and the command line.
    pub detail: String,
    /// Whether doing the same again may help.
    pub retry: bool,
}

impl AppError {
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            retry: matches!(code, ErrorCode::Storage | ErrorCode::Offline),
        }
    }

    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotFound, format!("{what} is not known"))
    }

    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, detail)
    }
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        if error.is_of_one_row() {
            tracing::error!(%error, "a row cannot be read or written");
            return Self::new(ErrorCode::Unreadable, error.to_string());
        }
        Self::new(ErrorCode::Storage, error.to_string())
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(%error, "no JSON");
        Self::new(ErrorCode::Unreadable, error.to_string())
    }
}
