//! A machine without anything around the engine: requests that need one are refused.

use app::{AppError, ErrorCode, commands::Desktop, frame::ChannelReport, sources::SourceRequest};

/// Nothing is around.
#[derive(Clone, Copy, Debug)]
pub struct NoMachine;

fn refused<T>() -> Result<T, AppError> {
    Err(AppError::new(ErrorCode::Refused, "nothing is around this desk"))
}

impl Desktop for NoMachine {
    async fn test_channels(&self) -> Result<ChannelReport, AppError> {
        refused()
    }

    async fn open_practice(&self) -> Result<(), AppError> {
        refused()
    }

    async fn plug_practice(&self, _plugged: bool) -> Result<(), AppError> {
        refused()
    }

    async fn practice_scenario(&self, _name: String) -> Result<(), AppError> {
        refused()
    }

    async fn try_connection(&self, _request: SourceRequest) -> Result<String, AppError> {
        refused()
    }

    async fn add_source(&self, _request: SourceRequest) -> Result<(), AppError> {
        refused()
    }

    async fn sign_in(&self, _key: String) -> Result<(), AppError> {
        refused()
    }

    async fn remove_source(&self, _key: String) -> Result<(), AppError> {
        refused()
    }

    async fn first_picture(&self) -> Result<(), AppError> {
        refused()
    }
}
