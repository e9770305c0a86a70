//! What this account may change, as an administrator set it in `account.json` in the data folder.

use serde::Deserialize;

/// Without a file nothing is limited here; the server still has the last word.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Ids of the locations where labels may be given (authorisation *Handmatige invoer capaciteit*).
    #[serde(default)]
    labels: Option<Vec<String>>,
}

impl Account {
    /// What counts when the file is there and cannot be read.
    pub(crate) fn nothing() -> Self {
        Self { labels: Some(vec![]) }
    }

    pub fn may_label(&self, location: &str) -> bool {
        self.labels
            .as_ref()
            .is_none_or(|allowed| allowed.iter().any(|id| id == location))
    }
}
