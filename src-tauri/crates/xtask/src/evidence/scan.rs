//! Finds the tests that name a point, in the text of the sources.
//!
//! By lines and not by `syn`: a parser of Rust does not look into `proptest!`, in which some of these tests stand, and a
//! newcomer's first `cargo xtask` would have to build it.

use crate::Failed;
use std::{fs, path::Path};

/// A test whose name begins with the points that it proves.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    /// The points, such as `AH-03`.
    pub points: Vec<String>,
    /// Its name as a run reports it, without the modules that it stands in.
    pub test: String,
    /// The crate or the part of the repository that it stands in.
    pub place: String,
}

/// Every test in the repository that names a point, sorted by its place and name.
pub fn citations(root: &Path) -> Result<Vec<Citation>, Failed> {
    let mut found = vec![];
    for folder in ["src-tauri", "tests", "ui/src"] {
        walk(root, &root.join(folder), &mut found)?;
    }
    found.sort_by(|a, b| (&a.place, &a.test).cmp(&(&b.place, &b.test)));
    Ok(found)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Citation>) -> Result<(), Failed> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            // The tests below have tests in them, as text.
            if !["target", "node_modules", "xtask"].contains(&name.as_str()) {
                walk(root, &path, found)?;
            }
            continue;
        }
        let names_in = match () {
            () if name.ends_with(".rs") => rust_tests,
            () if name.ends_with(".test.ts") => screen_tests,
            () => continue,
        };
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let place = place_of(path.strip_prefix(root).unwrap_or(&path));
        for test in names_in(&text) {
            let points = points_of(&test);
            if !points.is_empty() {
                let place = place.clone();
                found.push(Citation { points, test, place });
            }
        }
    }
    Ok(())
}

/// The crate of a file; what is no crate by its first folder.
fn place_of(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        ["src-tauri", "crates", name, ..] => (*name).to_owned(),
        ["src-tauri", ..] => "desktop".to_owned(),
        [first, ..] => (*first).to_owned(),
        [] => String::new(),
    }
}

/// The points that a name begins with: `ah_02_ah_05_an_alarm` and `ah_25: a score` have some, `a_stop_of_ah_03` has none.
pub fn points_of(name: &str) -> Vec<String> {
    let mut points = vec![];
    let mut rest = name;
    'next: loop {
        for (prefix, series) in [("ah_", "AH"), ("r_", "R"), ("s_", "S")] {
            let Some(after) = rest.strip_prefix(prefix) else {
                continue;
            };
            let (number, after) = after.split_at(after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len()));
            if number.len() == 2 && (after.is_empty() || after.starts_with(['_', ':', ' '])) {
                points.push(format!("{series}-{number}"));
                rest = after.trim_start_matches(['_', ':', ' ']);
                continue 'next;
            }
        }
        return points;
    }
}

/// The names of the functions below a `#[test]` of whatever runtime, but for those that are ignored. Attributes and
/// comments may stand between, as rustfmt writes them: each attribute begins a line and ends one.
fn rust_tests(text: &str) -> Vec<String> {
    let mut names = vec![];
    let (mut test, mut ignored, mut in_attribute) = (false, false, false);
    for line in text.lines().map(str::trim) {
        if in_attribute || line.starts_with("#[") {
            let path = line
                .trim_start_matches("#[")
                .split(['(', ']', ' '])
                .next()
                .unwrap_or_default();
            if !in_attribute {
                test |= path == "test" || path.ends_with("::test");
                ignored |= path == "ignore";
            }
            in_attribute = !line.ends_with(']');
        } else if !line.starts_with("//") {
            let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            let name = name.and_then(|rest| rest.split(['(', '<']).next());
            if let (Some(name), true, false) = (name, test, ignored) {
                names.push(name.to_owned());
            }
            (test, ignored) = (false, false);
        }
    }
    names
}

/// What `test("…")` and `it("…")` are called. `test.skip` and `test.todo` show nothing, and are not found.
fn screen_tests(text: &str) -> Vec<String> {
    let name = |line: &str| {
        let rest = line.trim_start();
        let rest = rest.strip_prefix("test(").or_else(|| rest.strip_prefix("it("))?;
        let quote = rest.chars().next().filter(|c| ['"', '\'', '`'].contains(c))?;
        let (name, _) = rest.get(1..)?.split_once(quote)?;
        Some(name.to_owned())
    };
    text.lines().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_names_its_points_at_the_beginning_and_nowhere_else() {
        for (name, points) in [
            ("ah_02_ah_05_an_unacknowledged_stop_sounds", &["AH-02", "AH-05"][..]),
            ("r_09_s_01_a_redirect", &["R-09", "S-01"]),
            ("ah_25: a score stands with what it means", &["AH-25"]),
            ("r_18", &["R-18"]),
            ("a_stop_of_ah_03", &[]),
            ("s_3_of_a_kind", &[]),
            ("r_123_rows", &[]),
            ("r_12th_of_may", &[]),
        ] {
            assert_eq!(points_of(name), points, "{name}");
        }
    }

    #[test]
    fn only_what_runs_as_a_test_is_found() {
        let text = r#"
            #[test]
            fn r_01_plain() {}
            /// Says more.
            #[tokio::test(flavor = "multi_thread")]
            async fn r_02_of_a_runtime() {}
            #[test]
            #[expect(
                clippy::panic,
                reason = "why"
            )]
            // A remark.
            fn r_03_with_attributes() {}
            #[test]
            #[ignore = "slow"]
            fn r_04_ignored() {}
            fn r_05_a_helper() {}
            #[cfg(test)]
            fn r_06_another_helper() {}
            proptest! {
                #[test]
                fn r_07_for_all(n in 0..3) {}
            }
            #[test]
            const R: u8 = 1;
            fn r_08_after_something_else() {}
        "#;
        assert_eq!(
            rust_tests(text),
            [
                "r_01_plain",
                "r_02_of_a_runtime",
                "r_03_with_attributes",
                "r_07_for_all"
            ]
        );
    }

    #[test]
    fn the_tests_of_the_screens_are_found_by_their_titles() {
        let text = "test(\"ah_25: a score\", () => {\n  it('ah_27: it\"s', async () => {\ntest.skip(\"ah_28: no\", () => {});\ntest(name, f);";
        assert_eq!(screen_tests(text), ["ah_25: a score", "ah_27: it\"s"]);
    }

    #[test]
    fn a_test_has_the_name_of_its_crate_beside_it() {
        for (path, place) in [
            ("src-tauri/crates/domain/src/alarms/lifecycle_tests.rs", "domain"),
            ("src-tauri/src/paths.rs", "desktop"),
            ("tests/tests/window.rs", "tests"),
            ("ui/src/components/Meter.test.ts", "ui"),
        ] {
            assert_eq!(place_of(Path::new(path)), place);
        }
    }
}
