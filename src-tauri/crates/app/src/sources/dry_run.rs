//! Trying a mapping: what a hospital's file would be read as, with nothing changed.

use crate::{AppError, ErrorCode, moment::Moment, say};
use feed::{Issue, Mapping, csv, csv::mapping::COLUMNS, fhir::reader::Reader};
use serde::Serialize;
use std::{collections::BTreeMap, path::Path};

/// What a file holds, read through a mapping and applied nowhere.
#[derive(Debug, Serialize)]
pub struct DryRun {
    pub file: String,
    pub mapping: String,
    pub columns: Vec<ColumnReport>,
    /// Columns of the file that the mapping does not use.
    pub unused_columns: Vec<String>,
    pub rows: usize,
    pub locations: Vec<String>,
    /// Beds by what they would count as.
    pub beds: BTreeMap<&'static str, usize>,
    /// By classification, the elements read and how many beds have them; those that no list knows say so.
    pub elements: BTreeMap<String, BTreeMap<String, usize>>,
    pub refused: usize,
    pub problems: Vec<Issue>,
}

/// Where a column of ours comes from.
#[derive(Debug, Serialize)]
pub struct ColumnReport {
    pub column: &'static str,
    /// `column NAME`, `constant VALUE`, or nothing.
    pub from: Option<String>,
}

impl Moment {
    /// Reads a CSV delivery through a mapping and says what it would be; nothing changes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn try_mapping(&self, path: &Path, mapping: &Mapping) -> Result<DryRun, AppError> {
        let file = path.display().to_string();
        let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, format!("{file}: {why}"));
        let text = csv::decode(&std::fs::read(path).map_err(|e| unreadable(e.to_string()))?);
        let headers = csv::headers(&text, mapping);
        let columns = COLUMNS.iter().map(|column| {
            let theirs = mapping.theirs(column);
            let found = headers.iter().find(|h| h.eq_ignore_ascii_case(theirs));
            let constant = || mapping.constant(column).map(|c| format!("constant {c}"));
            ColumnReport {
                column,
                from: found.map(|h| format!("column {h}")).or_else(constant),
            }
        });
        let columns: Vec<ColumnReport> = columns.collect();
        let used = |h: &&String| COLUMNS.iter().any(|c| mapping.theirs(c).eq_ignore_ascii_case(h));
        let unused_columns = headers.iter().filter(|h| !used(h)).cloned().collect();
        let now = self.now();
        let reader = Reader {
            profile: &self.profile,
            received: now,
            source: "",
            own: None,
        };
        let reading = reader.csv(&text, mapping).map_err(|e| unreadable(e.to_string()))?;
        let mut region = domain::region::Region::default();
        for change in &reading.changes {
            if let feed::Change::Put { head, fact, .. } = change {
                region.put(&head.key, fact.clone(), now);
            }
        }
        let mut report = DryRun {
            file,
            mapping: mapping.name.clone(),
            columns,
            unused_columns,
            rows: reading.read,
            locations: region.sites().map(|s| s.name.clone()).collect(),
            beds: BTreeMap::new(),
            elements: BTreeMap::new(),
            refused: reading.refused.len(),
            problems: reading.issues,
        };
        report.problems.extend(reading.refused.into_iter().map(|r| r.issue));
        for site in region.sites() {
            for (bed, state) in region.bed_states(&site.id, now, &self.zone) {
                *report.beds.entry(crate::text::state_code(state)).or_default() += 1;
                for label in &bed.labels {
                    let known = self.codes.element(label.kind, &label.element).is_some();
                    let name = if known {
                        label.element.0.clone()
                    } else {
                        say!(self.language, ElementUnknown, element = label.element.as_str())
                    };
                    let of_kind = report.elements.entry(label.kind.code().to_owned()).or_default();
                    *of_kind.entry(name).or_default() += 1;
                }
            }
        }
        Ok(report)
    }
}
