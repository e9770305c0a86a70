//! Who sits at the desk, and where its data folder is.

use std::path::PathBuf;

/// The data folder: both databases, and what an administrator supplies.
#[derive(Clone, Debug)]
pub struct Paths {
    pub dir: PathBuf,
}

impl Paths {
    pub fn cache(&self) -> PathBuf {
        self.dir.join("cache.sqlite")
    }

    pub fn ledger(&self) -> PathBuf {
        self.dir.join("ledger.sqlite")
    }
}

/// Who sits at the desk: a name or a role, never more (domain.md 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub user: String,
    pub workstation: String,
}
