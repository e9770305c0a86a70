//! Files by hand: FHIR R4 JSON, NDJSON or the CSV delivery; one transaction a file.

use crate::{
    desk::Desk,
    error::{AppError, ErrorCode},
};
use domain::{
    place::PlaceKind,
    region::{RecordKey, RecordKind},
};
use feed::{Change, Head, Mapping, Problem, Reading, csv, parse::Reader, problem::code};
use serde::Serialize;
use std::{collections::BTreeSet, path::Path};

/// What one file held.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    pub file: String,
    pub read: usize,
    /// Applied, including those that said the same as before.
    pub applied: usize,
    pub changed: usize,
    /// Kept as delivered without being understood.
    pub kept: usize,
    pub refused: usize,
    pub removed: usize,
    pub problems: Vec<Problem>,
}

impl Desk {
    /// Reads a file and applies it in one transaction.
    ///
    /// # Errors
    /// [`ErrorCode::Unreadable`] with file and place when it could not be read: then nothing has changed.
    pub fn import(&mut self, path: &Path) -> Result<FileReport, AppError> {
        let mapping = Mapping::shipped().map_err(|e| AppError::invalid(e.to_string()))?;
        self.import_as(path, "", &mapping)
    }

    /// Reads a file as one of a source, by its key, a CSV delivery through a mapping.
    ///
    /// # Errors
    /// As [`Desk::import`].
    pub fn import_as(&mut self, path: &Path, source: &str, mapping: &Mapping) -> Result<FileReport, AppError> {
        let file = path.display().to_string();
        let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, format!("{file}: {why}"));
        let bytes = std::fs::read(path).map_err(|e| unreadable(e.to_string()))?;
        let received = self.now();
        let profile = self.profile.clone();
        let own = self.own(source);
        let reader = Reader {
            profile: &profile,
            received,
            source,
            own: Some(&own),
        };
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
        let mut reading = if extension == "csv" {
            reader
                .csv(&csv::decode(&bytes), mapping)
                .map_err(|e| unreadable(e.to_string()))?
        } else {
            let text = String::from_utf8(bytes)
                .map_err(|e| unreadable(format!("not UTF-8 from byte {}", e.utf8_error().valid_up_to())))?;
            if extension == "ndjson" {
                reader.ndjson(&text)
            } else {
                reader.json(&text)
            }
            .map_err(|e| unreadable(e.to_string()))?
        };
        self.refuse_shrunk(&mut reading);
        self.remove_unnamed(&mut reading);
        let outcome = self.take_in(&reading, None, &file)?;
        self.look_at_alarms()?;
        let mut problems = reading.problems;
        problems.extend(reading.refused.iter().map(|r| r.problem.clone()));
        problems.extend(self.structural_problems(&reading.changes));
        if outcome.older > 0 {
            let detail = format!("{} ouder dan wat we al hadden; niet toegepast", outcome.older);
            problems.push(Problem {
                path: file.clone(),
                code: code::STALE_VERSION,
                detail,
            });
        }
        Ok(FileReport {
            file,
            read: reading.read,
            applied: outcome.changed + outcome.same,
            changed: outcome.changed,
            kept: outcome.kept,
            refused: reading.refused.len() + outcome.older,
            removed: outcome.removed,
            problems,
        })
    }

    /// Lists a file that could not be read among what was not understood.
    pub(crate) fn keep_unreadable(&mut self, file: &str, why: &str) -> Result<(), AppError> {
        let remark = (file, code::MALFORMED, why, None);
        Ok(self
            .cache
            .keep_not_understood(file, self.now(), std::iter::once(remark))?)
    }

    /// A delivery that names a whole site and loses over half of its beds is not applied without a person's word.
    fn refuse_shrunk(&self, reading: &mut Reading) {
        for site in reading.replaces.clone() {
            let before = self.region.beds(&site).len();
            let named = reading
                .changes
                .iter()
                .filter(|c| matches!(c, Change::Put { fact: domain::region::Fact::Place(p), .. } if p.kind == PlaceKind::Bed && p.id.as_str().starts_with(&format!("{site}-"))))
                .count();
            if named * 2 < before {
                reading.replaces.retain(|s| *s != site);
                reading.changes.retain(|c| !c.head().key.id.starts_with(site.as_str()));
                let detail = format!("{site}: {named} bedden in plaats van {before}; niet toegepast");
                reading.refuse(site.as_str(), code::SHRUNK, detail, None);
            }
        }
    }

    /// Beds of a wholly named site that the delivery no longer names are gone.
    fn remove_unnamed(&self, reading: &mut Reading) {
        let named: BTreeSet<String> = reading.changes.iter().map(|c| c.head().key.id.clone()).collect();
        for site in &reading.replaces {
            for bed in self.region.beds(site) {
                if !named.contains(bed.id.as_str()) {
                    let head = Head {
                        key: RecordKey::new(RecordKind::Place, bed.id.as_str()),
                        version: None,
                        updated: reading.delivered,
                    };
                    reading.changes.push(Change::Delete { head });
                }
            }
        }
    }

    /// What only the whole tree and the code lists show: elements that no list has, wards sent as beds, places inside
    /// places that nobody delivered.
    fn structural_problems(&self, changes: &[Change]) -> Vec<Problem> {
        let mut found = vec![];
        let mut looked_at = BTreeSet::new();
        for change in changes {
            let Change::Put {
                fact: domain::region::Fact::Place(place),
                ..
            } = change
            else {
                continue;
            };
            looked_at.insert(place.id.clone());
            looked_at.extend(place.part_of.clone());
            for label in &place.labels {
                if self.codes.element(label.kind, &label.element).is_none() {
                    found.push(Problem {
                        path: format!("Location/{}.label[{}]", place.id, label.kind.code()),
                        code: code::UNKNOWN_CODE,
                        detail: self.codes.display(label.kind, &label.element),
                    });
                }
            }
        }
        for id in looked_at {
            let Some(place) = self.region.place(&id) else { continue };
            let path = format!("Location/{id}");
            if self.region.is_ward_sent_as_bed(place) {
                let detail = format!("{id} is als bed geleverd, maar er zitten plaatsen in: niet als bed geteld");
                found.push(Problem {
                    path: path.clone(),
                    code: code::WARD_AS_BED,
                    detail,
                });
            }
            if let Some(parent) = place.part_of.as_ref().filter(|p| self.region.place(p).is_none()) {
                let detail = format!("{parent} is (nog) niet geleverd");
                found.push(Problem {
                    path: format!("{path}.partOf"),
                    code: code::UNRESOLVED,
                    detail,
                });
            }
        }
        found
    }
}
