//! Several things that are looked at in one window, since opening one takes seconds: each has a name, and one that is not
//! as it should be does not hide the others.

use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// What was not as it should be.
#[derive(Debug, Default)]
#[must_use = "`none` fails the test"]
pub struct Findings(Vec<String>);

impl Findings {
    /// Looks at one thing; what it panics with was printed by then.
    pub async fn look(&mut self, what: &str, check: impl Future<Output = ()>) {
        if AssertUnwindSafe(check).catch_unwind().await.is_err() {
            self.0.push(what.to_owned());
        }
    }

    /// Fails where anything was found, and names all of it.
    pub fn none(self) {
        assert!(self.0.is_empty(), "not so: {:#?}", self.0);
    }
}
