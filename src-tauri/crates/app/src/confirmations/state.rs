//! What was confirmed by telephone at this desk.

use domain::confirmation::Confirmation;
use serde::Deserialize;
use ts_rs::TS;

/// What the location said on the telephone.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    pub site: String,
    /// The classification's code.
    pub kind: String,
    pub element: String,
    /// Beds that are really free.
    pub actual: u32,
}

/// A confirmation of this desk, with its outbox row.
pub type OwnConfirmation = (String, Confirmation);
