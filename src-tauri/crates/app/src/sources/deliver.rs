//! The hospital's side of the chain, as the command line offers it: a file of its own to a source.

use crate::{AppError, ErrorCode, sources::SourceRequest};
pub use feed::csv::deliver::{Delivered, Order};
use feed::{FeedErrorCode, Profile, csv::deliver::DeliverError};

/// Delivers a file. Interrupted anywhere it can be done again: what arrived is recognised and not written twice.
///
/// # Errors
/// When the file cannot be read or lost over half of its beds (nothing is sent then), or the server does not take it.
pub async fn deliver(to: &SourceRequest, order: Order<'_>) -> Result<Delivered, AppError> {
    let server = to.server().map_err(|e| AppError::invalid(e.to_string()))?;
    let done = feed::csv::deliver::deliver(&server, &Profile::shipped()?, order).await;
    done.map_err(|error| {
        let code = match &error {
            DeliverError::Unreadable(_) => ErrorCode::Unreadable,
            DeliverError::Shrunk { .. } => ErrorCode::Invalid,
            DeliverError::State(_) => ErrorCode::Storage,
            DeliverError::Server { error, .. } => refused_or_offline(error.code()),
        };
        AppError::new(code, error.to_string())
    })
}

fn refused_or_offline(code: FeedErrorCode) -> ErrorCode {
    match code {
        FeedErrorCode::Certificate
        | FeedErrorCode::Denied
        | FeedErrorCode::SignInNeeded
        | FeedErrorCode::SignInRevoked
        | FeedErrorCode::SignInClient
        | FeedErrorCode::SignInPassword
        | FeedErrorCode::SignInClock
        | FeedErrorCode::SignInKeyring
        | FeedErrorCode::SignInNoEndpoints
        | FeedErrorCode::SignInAbandoned
        | FeedErrorCode::Refused => ErrorCode::Refused,
        FeedErrorCode::Address
        | FeedErrorCode::Unreachable
        | FeedErrorCode::Busy
        | FeedErrorCode::Gone
        | FeedErrorCode::Conflict
        | FeedErrorCode::Failing
        | FeedErrorCode::NotFhir => ErrorCode::Offline,
    }
}
