//! The evidence: each point that the application is held to, with the tests that name it.
//!
//! `docs/evidence.md` is committed and says which tests show which point; it changes only when a test or a point does.
//! What a run found goes to `target/evidence.md`.

mod points;
mod results;
mod scan;

use crate::{Failed, root, target};
use points::{Point, Points};
use results::{Outcome, Outcomes};
use scan::Citation;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// What is committed, from the root.
const DOCUMENT: &str = "docs/evidence.md";

/// Where `cargo xtask test` keeps what its tests said.
pub fn kept() -> PathBuf {
    target().join("test-output")
}

/// Writes the document, and beside the target's other output what the last run found, where there was one.
pub fn write() -> Result<(), Failed> {
    let evidence = Evidence::collect(&root())?;
    let path = root().join(DOCUMENT);
    fs::write(&path, evidence.document(None)).map_err(|e| format!("{DOCUMENT}: {e}"))?;
    eprintln!("▸ {}", path.display());
    if let Some(outcomes) = outcomes(&kept())? {
        evidence.write_run(&outcomes)?;
    }
    none_of(evidence.gaps())
}

/// Fails where a point has no test and no exception, a test names no point, or the document is not of these sources.
pub fn check() -> Result<(), Failed> {
    let evidence = Evidence::collect(&root())?;
    let mut wrong = evidence.gaps();
    let committed = fs::read_to_string(root().join(DOCUMENT)).unwrap_or_default();
    // Where git turns the ends of lines into Windows' own.
    if committed.replace("\r\n", "\n") != evidence.document(None) {
        wrong.push(format!("{DOCUMENT} is of other sources: run `cargo xtask evidence`"));
    }
    none_of(wrong)
}

/// Writes what this run found, and fails where of a point no test passed.
pub fn of_this_run() -> Result<(), Failed> {
    let evidence = Evidence::collect(&root())?;
    let outcomes = outcomes(&kept())?.ok_or("no test was run")?;
    evidence.write_run(&outcomes)?;
    none_of(evidence.not_shown(&outcomes))
}

fn none_of(wrong: Vec<String>) -> Result<(), Failed> {
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("the evidence:\n  {}", wrong.join("\n  "))),
    }
}

/// What the last run said, where there was one. A run that ended early has less.
fn outcomes(kept: &Path) -> Result<Option<Outcomes>, Failed> {
    let read = |name: &str| fs::read(kept.join(name)).ok();
    let (tests, screens) = (read("tests.log"), read("screens.json"));
    if tests.is_none() && screens.is_none() {
        return Ok(None);
    }
    let mut all = tests.map_or_else(Outcomes::new, |printed| {
        results::of_cargo(&String::from_utf8_lossy(&printed))
    });
    if let Some(report) = screens {
        let report = String::from_utf8_lossy(&report);
        all.extend(results::of_vitest(&report).map_err(|e| format!("screens.json: {e}"))?);
    }
    Ok(Some(all))
}

/// The points and the tests that name them.
struct Evidence {
    points: Points,
    citations: Vec<Citation>,
}

impl Evidence {
    fn collect(root: &Path) -> Result<Self, Failed> {
        Ok(Self {
            points: Points::read(root)?,
            citations: scan::citations(root)?,
        })
    }

    fn tests_of<'a>(&'a self, point: &'a str) -> impl Iterator<Item = &'a Citation> {
        self.citations
            .iter()
            .filter(move |c| c.points.iter().any(|p| p == point))
    }

    /// What has to be mended: points that nothing shows, exceptions that nobody needs, tests of no point.
    fn gaps(&self) -> Vec<String> {
        let mut gaps = vec![];
        for Point { point, .. } in &self.points.points {
            match (self.tests_of(point).next(), self.points.excepts(point)) {
                (None, false) => gaps.push(format!("no test names {point}, and docs/points.json excepts it not")),
                (Some(test), true) => gaps.push(format!("{point} is excepted, and {} names it", test.test)),
                (Some(_), false) | (None, true) => {}
            }
        }
        for citation in &self.citations {
            let unknown = citation.points.iter().filter(|p| !self.points.knows(p));
            gaps.extend(unknown.map(|p| format!("{} names {p}, which is no point", citation.test)));
        }
        gaps
    }

    /// The points of which no test passed in a run.
    fn not_shown(&self, outcomes: &Outcomes) -> Vec<String> {
        let passed = |c: &Citation| outcomes.get(&c.test) == Some(&Outcome::Passed);
        let points = self.points.points.iter().map(|p| &p.point);
        let points = points.filter(|point| !self.points.excepts(point) && !self.tests_of(point).any(passed));
        points.map(|point| format!("no test of {point} passed")).collect()
    }

    fn write_run(&self, outcomes: &Outcomes) -> Result<(), Failed> {
        let path = target().join("evidence.md");
        fs::write(&path, self.document(Some(outcomes))).map_err(|e| e.to_string())?;
        eprintln!("▸ {}", path.display());
        Ok(())
    }

    /// Everything as Markdown; with the results of a run, where there is one.
    fn document(&self, run: Option<&Outcomes>) -> String {
        let mut text = String::from("# Evidence\n\n");
        text += match run {
            None => {
                "Written by `cargo xtask evidence` from `docs/points.json` and the names of the tests. What the last run of the tests \
                     found is in `target/evidence.md`.\n"
            }
            Some(_) => "What the last run of `cargo xtask test` found.\n",
        };
        if run.is_some() && std::env::var_os("BEDDENWACHT_MAY_SKIP").is_some() {
            text += "\nTests that this machine has not what it takes for were allowed to pass without looking \
                     (`BEDDENWACHT_MAY_SKIP`).\n";
        }
        self.overview(&mut text);
        for (series, title) in [
            ("AH-", "Alarms and displays"),
            ("R-", "Reliability"),
            ("S-", "Security"),
        ] {
            let _ = write!(text, "\n## {title}\n");
            for point in self.points.points.iter().filter(|p| p.point.starts_with(series)) {
                self.section(point, run, &mut text);
            }
        }
        text
    }

    /// How many points there are, and which of them no test shows.
    fn overview(&self, text: &mut String) {
        let excepted: Vec<&str> = self
            .points
            .exceptions
            .iter()
            .filter(|e| e.part.is_none())
            .map(|e| e.point.as_str())
            .collect();
        let (all, tests) = (self.points.points.len(), self.citations.len());
        let without = if excepted.is_empty() {
            "none".to_owned()
        } else {
            excepted.join(", ")
        };
        let _ = write!(
            text,
            "\n{all} points, {tests} tests that name one. Without a test: {without}.\n"
        );
    }

    fn section(&self, point: &Point, run: Option<&Outcomes>, text: &mut String) {
        let _ = write!(text, "\n### {}\n\n{}. *{}*\n\n", point.point, point.says, point.source);
        for Citation { test, place, .. } in self.tests_of(&point.point) {
            let result = match run.map(|outcomes| outcomes.get(test)) {
                None => "",
                Some(Some(Outcome::Passed)) => "passed: ",
                Some(Some(Outcome::Failed)) => "**failed**: ",
                Some(Some(Outcome::Ignored) | None) => "**not run**: ",
            };
            let _ = writeln!(text, "- {result}{place}: `{test}`");
        }
        for seen in self.points.inspections.iter().filter(|i| i.point == point.point) {
            let _ = writeln!(
                text,
                "- looked at on {}: {} ([picture](../{}))",
                seen.date, seen.seen, seen.picture
            );
        }
        for exception in self.points.exceptions.iter().filter(|e| e.point == point.point) {
            let part = exception
                .part
                .as_deref()
                .map_or(String::new(), |part| format!(" of {part}"));
            let _ = writeln!(text, "- no test{part} since {}: {}", exception.since, exception.reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(exceptions: &str, tests: &[&str]) -> Evidence {
        let points = format!(
            r#"{{ "points": [{{ "point": "R-01", "says": "Survives a kill", "source": "own" }},
                             {{ "point": "R-16", "says": "A soak", "source": "own" }}],
                  "inspections": [], "exceptions": [{exceptions}] }}"#
        );
        let citation = |test: &&str| Citation {
            points: scan::points_of(test),
            test: (*test).to_owned(),
            place: "store".to_owned(),
        };
        Evidence {
            points: serde_json::from_str(&points).unwrap(),
            citations: tests.iter().map(citation).collect(),
        }
    }

    const SOAK: &str = r#"{ "point": "R-16", "reason": "it takes three days", "since": "2026-11-25" }"#;

    #[test]
    fn a_point_that_nothing_shows_is_a_gap_unless_it_is_excepted() {
        assert_eq!(
            evidence("", &["r_01_a_label"]).gaps(),
            ["no test names R-16, and docs/points.json excepts it not"]
        );
        assert_eq!(evidence(SOAK, &["r_01_a_label"]).gaps(), Vec::<String>::new());
    }

    #[test]
    fn an_exception_that_nobody_needs_any_more_is_told() {
        assert_eq!(
            evidence(SOAK, &["r_01_a_label", "r_16_three_days"]).gaps(),
            ["R-16 is excepted, and r_16_three_days names it"]
        );
    }

    #[test]
    fn a_test_of_a_point_that_does_not_exist_is_told() {
        assert_eq!(
            evidence(SOAK, &["r_01_a_label", "r_99_nothing"]).gaps(),
            ["r_99_nothing names R-99, which is no point"]
        );
    }

    #[test]
    fn a_point_whose_tests_all_failed_or_were_passed_over_is_not_shown() {
        let evidence = evidence(SOAK, &["r_01_a_label", "r_01_a_stop"]);
        let run = |label, stop| [("r_01_a_label".to_owned(), label), ("r_01_a_stop".to_owned(), stop)].into();
        assert_eq!(
            evidence.not_shown(&run(Outcome::Failed, Outcome::Ignored)),
            ["no test of R-01 passed"]
        );
        assert_eq!(
            evidence.not_shown(&run(Outcome::Passed, Outcome::Ignored)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_document_says_what_shows_a_point_and_why_nothing_does() {
        let evidence = evidence(SOAK, &["r_01_a_label"]);
        let text = evidence.document(None);
        assert!(
            text.contains("### R-01\n\nSurvives a kill. *own*\n\n- store: `r_01_a_label`\n"),
            "{text}"
        );
        assert!(
            text.contains("- no test since 2026-11-25: it takes three days\n"),
            "{text}"
        );
        assert!(
            text.contains("2 points, 1 tests that name one. Without a test: R-16.\n"),
            "{text}"
        );
        let run = evidence.document(Some(&Outcomes::new()));
        assert!(run.contains("- **not run**: store: `r_01_a_label`\n"), "{run}");
    }
}
