//! The one place here that reads a clock: how long a stage took is what is asked for.

use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "the stages of a run are timed in real time")]
pub fn now() -> Instant {
    Instant::now()
}
