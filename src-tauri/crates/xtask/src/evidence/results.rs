//! What a run of the tests said, read from what `cargo xtask test` kept of it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Passed,
    /// It was passed over.
    Ignored,
    Failed,
}

/// By the name of the test, without its modules.
pub type Outcomes = BTreeMap<String, Outcome>;

/// Of two tests with one name the worse counts.
fn add(all: &mut Outcomes, name: &str, outcome: Outcome) {
    let kept = all.entry(name.to_owned()).or_insert(outcome);
    *kept = outcome.max(*kept);
}

/// Reads what `cargo test` printed: `test a::name ... ok`. Where a test's own output got between, its result is at the end
/// of a line further down.
pub fn of_cargo(printed: &str) -> Outcomes {
    let mut all = Outcomes::new();
    let mut open: Option<&str> = None;
    for line in printed.lines() {
        let begun = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "));
        let (name, said) = match (begun, open) {
            (Some((name, said)), _) => (name, said),
            (None, Some(name)) => (name, line),
            (None, None) => continue,
        };
        let outcome = match said.trim() {
            "ok" => Some(Outcome::Passed),
            "FAILED" => Some(Outcome::Failed),
            said if said.starts_with("ignored") => Some(Outcome::Ignored),
            _ => None,
        };
        open = match outcome {
            Some(outcome) => {
                let name = name.split(" - ").next().unwrap_or(name);
                add(&mut all, name.rsplit("::").next().unwrap_or(name), outcome);
                None
            }
            None => Some(name),
        };
    }
    all
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    test_results: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    assertion_results: Vec<Assertion>,
}

#[derive(Deserialize)]
struct Assertion {
    title: String,
    status: String,
}

/// Reads vitest's JSON report.
pub fn of_vitest(report: &str) -> Result<Outcomes, serde_json::Error> {
    let report: Report = serde_json::from_str(report)?;
    let mut all = Outcomes::new();
    for assertion in report.test_results.iter().flat_map(|file| &file.assertion_results) {
        let outcome = match assertion.status.as_str() {
            "passed" => Outcome::Passed,
            "failed" => Outcome::Failed,
            _ => Outcome::Ignored,
        };
        add(&mut all, &assertion.title, outcome);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_has_its_result_whatever_was_printed_between() {
        let printed = "\nrunning 5 tests\n\
            test alarms::tests::ah_03_one ... ok\n\
            test ah_04_two ... FAILED\n\
            test r_01_three ... ignored, slow\n\
            test r_02_four ... something printed by a child\n\
            and more\n\
            ok\n\
            test s_01_five - should panic ... ok\n\
            test result: FAILED. 3 passed; 1 failed\n";
        let expected = [
            ("ah_03_one", Outcome::Passed),
            ("ah_04_two", Outcome::Failed),
            ("r_01_three", Outcome::Ignored),
            ("r_02_four", Outcome::Passed),
            ("s_01_five", Outcome::Passed),
        ];
        assert_eq!(of_cargo(printed), expected.map(|(n, o)| (n.to_owned(), o)).into());
    }

    #[test]
    fn of_two_tests_with_one_name_the_one_that_failed_counts() {
        for printed in [
            "test a::x ... FAILED\ntest b::x ... ok\n",
            "test a::x ... ok\ntest b::x ... FAILED\n",
        ] {
            assert_eq!(of_cargo(printed), [("x".to_owned(), Outcome::Failed)].into());
        }
    }

    #[test]
    fn the_tests_of_the_screens_have_their_results_by_title() {
        let report = r#"{ "numTotalTests": 3, "testResults": [{ "name": "a.test.ts", "assertionResults": [
            { "title": "ah_25: a score", "fullName": " ah_25: a score", "status": "passed" },
            { "title": "ah_26: an age", "status": "failed" }, { "title": "ah_27: later", "status": "todo" } ] }] }"#;
        let expected = [
            ("ah_25: a score", Outcome::Passed),
            ("ah_26: an age", Outcome::Failed),
            ("ah_27: later", Outcome::Ignored),
        ];
        assert_eq!(
            of_vitest(report).unwrap(),
            expected.map(|(n, o)| (n.to_owned(), o)).into()
        );
    }
}
