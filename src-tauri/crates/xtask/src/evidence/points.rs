//! The points that this application is held to, from `docs/points.json`.

use crate::Failed;
use serde::Deserialize;
use std::{collections::BTreeSet, fs, path::Path};

/// Everything that the file says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Points {
    pub points: Vec<Point>,
    pub inspections: Vec<Inspection>,
    pub exceptions: Vec<Exception>,
}

/// One point of the control-room (AH), reliability (R) or security (S) conventions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Its number, such as `AH-03`.
    pub point: String,
    /// What it asks for.
    pub says: String,
    /// Where it comes from.
    pub source: String,
}

/// What a person looked at, because no test can show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inspection {
    pub point: String,
    /// What was looked for and seen.
    pub seen: String,
    /// The picture of it, from the root of the repository.
    pub picture: String,
    pub date: String,
}

/// Why nothing shows a point, or a part of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    pub point: String,
    /// Which part, where tests show the rest. Without it the whole point is excepted.
    pub part: Option<String>,
    pub reason: String,
    pub since: String,
}

impl Points {
    /// Reads `docs/points.json`.
    ///
    /// # Errors
    /// When it can not be read, or says what can not be so.
    pub fn read(root: &Path) -> Result<Self, Failed> {
        let name = "docs/points.json";
        let text = fs::read_to_string(root.join(name)).map_err(|e| format!("{name}: {e}"))?;
        let points: Self = serde_json::from_str(&text).map_err(|e| format!("{name}: {e}"))?;
        let mut wrong = points.wrong();
        let gone = |i: &&Inspection| !root.join(&i.picture).is_file();
        let gone = points.inspections.iter().filter(gone);
        wrong.extend(gone.map(|i| format!("there is no picture {}", i.picture)));
        match wrong.is_empty() {
            true => Ok(points),
            false => Err(format!("{name}: {}", wrong.join("; "))),
        }
    }

    /// What can not be so.
    fn wrong(&self) -> Vec<String> {
        let mut known = BTreeSet::new();
        let twice = self.points.iter().filter(|p| !known.insert(p.point.as_str()));
        let mut wrong: Vec<String> = twice.map(|p| format!("{} stands there twice", p.point)).collect();
        let dated = self.inspections.iter().map(|i| (&i.point, &i.date));
        let dated = dated.chain(self.exceptions.iter().map(|e| (&e.point, &e.since)));
        for (point, date) in dated {
            if !known.contains(point.as_str()) {
                wrong.push(format!("there is no point {point}"));
            }
            if !is_date(date) {
                wrong.push(format!("{date:?} of {point} is no date"));
            }
        }
        let empty = self.exceptions.iter().filter(|e| e.reason.trim().is_empty());
        wrong.extend(empty.map(|e| format!("the exception of {} has no reason", e.point)));
        wrong
    }

    pub fn knows(&self, point: &str) -> bool {
        self.points.iter().any(|p| p.point == point)
    }

    /// Whether a whole point is excepted.
    pub fn excepts(&self, point: &str) -> bool {
        self.exceptions.iter().any(|e| e.point == point && e.part.is_none())
    }
}

/// Year, month and day, as `2026-11-25`.
fn is_date(text: &str) -> bool {
    let numbers: Option<Vec<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    text.len() == 10 && matches!(numbers.as_deref(), Some([2020..=2999, 1..=12, 1..=31]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Points {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn an_exception_has_a_point_a_date_and_a_reason() {
        let points = of(
            r#"{ "points": [{ "point": "R-16", "says": "a soak", "source": "own" }], "inspections": [],
                 "exceptions": [{ "point": "R-61", "reason": " ", "since": "soon" }] }"#,
        );
        assert_eq!(
            points.wrong(),
            [
                "there is no point R-61",
                "\"soon\" of R-61 is no date",
                "the exception of R-61 has no reason"
            ]
        );
    }

    #[test]
    fn an_exception_of_a_part_excepts_no_point() {
        let points = of(
            r#"{ "points": [{ "point": "S-03", "says": "closed", "source": "own" }], "inspections": [],
                 "exceptions": [{ "point": "S-03", "part": "isolation", "reason": "why", "since": "2026-11-25" }] }"#,
        );
        assert_eq!(points.wrong(), Vec::<String>::new());
        assert!(!points.excepts("S-03"));
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for (text, date) in [
            ("2026-11-25", true),
            ("25-11-2026", false),
            ("2026-13-01", false),
            ("2026-11", false),
        ] {
            assert_eq!(is_date(text), date, "{text}");
        }
    }
}
