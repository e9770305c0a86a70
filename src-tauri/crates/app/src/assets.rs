//! The data files that the application ships with.

use crate::error::AppError;
use domain::codelist::CodeLists;
use serde::Deserialize;

/// What can be stopped, for how long by default, and why.
#[derive(Clone, Debug, Deserialize)]
pub struct StopCodes {
    pub version: String,
    pub proposed: bool,
    pub reasons: Vec<StopReasonCode>,
    pub services: Vec<StopServiceCode>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct StopReasonCode {
    pub code: String,
    pub display: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct StopServiceCode {
    pub code: String,
    pub display: String,
    /// Customary duration in minutes.
    pub norm_min: i64,
}

impl StopCodes {
    /// Short name of a service; an unknown one shows as itself.
    pub fn service(&self, code: &str) -> String {
        self.services
            .iter()
            .find(|s| s.code == code)
            .map_or_else(|| code.to_uppercase(), |s| s.display.clone())
    }
}

/// The label code lists.
///
/// # Errors
/// When the shipped file is broken.
pub fn code_lists() -> Result<CodeLists, AppError> {
    Ok(serde_json::from_str(include_str!(
        "../../../../assets/code-lists/labels.json"
    ))?)
}

/// The stop codes.
///
/// # Errors
/// When the shipped file is broken.
pub fn stop_codes() -> Result<StopCodes, AppError> {
    Ok(serde_json::from_str(include_str!(
        "../../../../assets/code-lists/stops.json"
    ))?)
}
