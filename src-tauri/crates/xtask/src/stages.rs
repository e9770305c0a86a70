//! The stages of a run: each is named when it begins, and what each took is told at the end, one line a stage.

use crate::{Failed, clock};
use std::time::{Duration, Instant};

/// The stages that a run has gone through.
pub struct Stages {
    began: Instant,
    done: Vec<(&'static str, Duration, bool)>,
}

impl Stages {
    pub fn begin() -> Self {
        Self {
            began: clock::now(),
            done: vec![],
        }
    }

    /// Runs one stage.
    pub fn run(&mut self, name: &'static str, what: impl FnOnce() -> Result<(), Failed>) -> Result<(), Failed> {
        eprintln!("\n━━ {name}");
        let began = clock::now();
        let result = what();
        self.done.push((name, began.elapsed(), result.is_ok()));
        result
    }

    /// One line a stage, and one for all of them.
    pub fn told(&self) -> String {
        let line = |name: &str, took: Duration, ok: bool| {
            let s = took.as_secs();
            let failed = if ok { "" } else { "  failed" };
            format!("{:>4}:{:02}  {name}{failed}\n", s / 60, s % 60)
        };
        let mut told: String = self
            .done
            .iter()
            .map(|(name, took, ok)| line(name, *took, *ok))
            .collect();
        told += &line("in all", self.began.elapsed(), self.done.iter().all(|(_, _, ok)| *ok));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_failed_says_what_each_stage_took_and_which_one_it_was() {
        let mut stages = Stages::begin();
        stages.run("lint", || Ok(())).unwrap();
        stages.run("tests", || Err("red".to_owned())).unwrap_err();
        assert_eq!(
            stages.told(),
            "   0:00  lint\n   0:00  tests  failed\n   0:00  in all  failed\n"
        );
    }
}
