//! The data files that the application ships with.

use crate::{alarms::AlarmRules, error::AppError};
use domain::{
    codelist::{CodeList, CodeLists},
    stop::StopLevel,
};
use serde::{Deserialize, Serialize};
use std::path::Path;
use ts_rs::TS;

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

/// What a region agreed beside the data: what a hospital does at each status, and documents to have at hand when the
/// network is down. Nothing on the wire carries it; an administrator puts it in the data folder as `agreements.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreements {
    pub version: String,
    #[serde(default)]
    pub actions: Vec<AgreedActions>,
    #[serde(default)]
    pub documents: Vec<Document>,
}

/// What is done when a stop point has a status.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreedActions {
    /// The location's id; every location where it is left out.
    #[serde(default)]
    pub location: Option<String>,
    pub service: String,
    pub level: StopLevel,
    pub actions: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub title: String,
    pub paragraphs: Vec<String>,
}

impl Agreements {
    /// What a location does at a status; its own agreements win over the region's.
    pub fn actions(&self, location: &str, service: &str, level: StopLevel) -> &[String] {
        let fits = |own: bool| {
            self.actions
                .iter()
                .find(|a| a.service == service && a.level == level && a.location.as_deref() == own.then_some(location))
        };
        fits(true).or_else(|| fits(false)).map_or(&[], |a| a.actions.as_slice())
    }
}

/// The practice region's invented agreements.
///
/// # Errors
/// When the shipped file is broken.
pub fn example_agreements() -> Result<Agreements, AppError> {
    Ok(serde_json::from_str(include_str!(
        "../../../../assets/agreements.json"
    ))?)
}

/// The alarm rules for a desk whose region ships none of its own.
///
/// # Errors
/// When the shipped file is broken.
pub(crate) fn alarm_rules() -> Result<AlarmRules, AppError> {
    Ok(serde_json::from_str(include_str!("../../../../assets/alarms.json"))?)
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

/// The label code lists that were imported into a data folder, each one file. What is not readable is named in
/// `problems`.
pub(crate) fn lists_in(dir: &Path, problems: &mut Vec<String>) -> Vec<CodeList> {
    let mut files: Vec<_> = std::fs::read_dir(dir.join("code-lists"))
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut lists = vec![];
    for file in files {
        let read = std::fs::read_to_string(&file)
            .map_err(|e| e.to_string())
            .and_then(|text| serde_json::from_str(&text).map_err(|e| e.to_string()));
        match read {
            Ok(list) => lists.push(list),
            Err(error) => {
                tracing::error!(%error, path = %file.display(), "not readable");
                problems.push(format!("{}: {error}", file.display()));
            }
        }
    }
    lists
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
