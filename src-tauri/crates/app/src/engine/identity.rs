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

/// As whose it is kept what is done before anybody took the desk over.
const NOBODY_YET: &str = "?";

/// Who sits at the desk: a name or a role, never more (domain.md 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `None` until somebody takes the desk over: whoever is signed in to the machine need not be who is on watch.
    pub user: Option<String>,
    /// The machine's own name.
    pub workstation: String,
    /// Who is signed in to the machine: offered as a name, never taken for one in silence.
    pub signed_in: Option<String>,
}

impl Identity {
    /// Somebody at a desk.
    pub fn of(user: &str, workstation: &str) -> Self {
        Self {
            user: Some(user.to_owned()),
            workstation: workstation.to_owned(),
            signed_in: None,
        }
    }

    /// As whose it is kept what is done here.
    pub fn author(&self) -> String {
        self.user.clone().unwrap_or_else(|| NOBODY_YET.to_owned())
    }
}
