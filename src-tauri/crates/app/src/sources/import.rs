//! Files by hand: FHIR R4 JSON, NDJSON or the CSV delivery; one transaction a file.

use super::state::ReadFile;
use crate::{
    engine::{Engine, packed, remarks},
    error::{AppError, ErrorCode},
    moment::Moment,
    say,
};
use domain::{
    PlaceId,
    place::{Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind},
};
use feed::{Change, Head, Issue, IssueCode, Mapping, Reading, csv, data_quality::path_of_place, fhir::reader::Reader};
use serde::Serialize;
use std::{collections::BTreeSet, iter, path::Path};
use store::{Remark, Remarks, Write};

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
    pub problems: Vec<Issue>,
}

impl Moment {
    /// A delivery that names a whole site and loses over half of its beds is not applied without a person's word.
    fn refuse_shrunk(&self, reading: &mut Reading) {
        for site in reading.replaces.clone() {
            let before = self.region.beds(&site).len();
            let named = reading
                .changes
                .iter()
                .filter(|c| matches!(c, Change::Put { fact: Fact::Place(p), .. } if p.kind == PlaceKind::Bed && p.id.as_str().starts_with(&format!("{site}-"))))
                .count();
            if named * 2 < before {
                reading.replaces.retain(|s| *s != site);
                reading.changes.retain(|c| !c.head().key.id.starts_with(site.as_str()));
                let detail = say!(
                    self.language,
                    DefectShrunkBy,
                    site = site.as_str(),
                    named = named,
                    before = before
                );
                reading.refuse(site.as_str(), IssueCode::Shrunk, detail, None);
            }
        }
    }

    /// Beds of a wholly named site that the delivery no longer names are gone.
    fn remove_unnamed(&self, reading: &mut Reading) {
        let named: BTreeSet<String> = reading.changes.iter().map(|c| c.head().key.id.clone()).collect();
        for site in &reading.replaces {
            for bed in self.region.beds(site) {
                let key = RecordKey::new(RecordKind::Place, bed.id.as_str());
                // What was delivered without being understood is not gone.
                if !named.contains(bed.id.as_str()) && !reading.kept.contains(&key) {
                    let head = Head {
                        key,
                        version: None,
                        updated: reading.delivered,
                    };
                    reading.changes.push(Change::Delete { head });
                }
            }
        }
    }

    /// What only the code lists show: elements that no list has.
    fn unknown_elements(&self, changes: &[Change]) -> Vec<Issue> {
        let mut found = vec![];
        for place in places(changes) {
            for label in &place.labels {
                if self.codes.element(label.kind, &label.element).is_none() {
                    found.push(Issue {
                        path: path_of_place(place.id.as_str(), Some(&format!("label[{}]", label.kind.code()))),
                        code: IssueCode::UnknownCode,
                        detail: self.codes.display(label.kind, &label.element),
                    });
                }
            }
        }
        found
    }

    /// What only the whole tree shows: wards sent as beds, places inside places that nobody delivered.
    fn structural_problems(&self, looked_at: BTreeSet<PlaceId>) -> Vec<Issue> {
        let mut found = vec![];
        for id in looked_at {
            let Some(place) = self.region.place(&id) else { continue };
            let path = path_of_place(id.as_str(), None);
            if self.region.is_ward_sent_as_bed(place) {
                let detail = say!(self.language, DefectHoldsPlaces, place = id.as_str());
                found.push(Issue {
                    path: path.clone(),
                    code: IssueCode::WardAsBed,
                    detail,
                });
            }
            if let Some(parent) = place.part_of.as_ref().filter(|p| self.region.place(p).is_none()) {
                let detail = say!(self.language, DefectNotDelivered, place = parent.as_str());
                found.push(Issue {
                    path: format!("{path}.partOf"),
                    code: IssueCode::UnresolvedReference,
                    detail,
                });
            }
        }
        found
    }
}

/// Reads a file as one of a source, a CSV delivery through a mapping.
///
/// # Errors
/// [`ErrorCode::Unreadable`] with file and place when it could not be read.
pub fn read_file(moment: &Moment, path: &Path, source: &str, mapping: &Mapping) -> Result<Reading, AppError> {
    let file = path.display().to_string();
    let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, format!("{file}: {why}"));
    let bytes = std::fs::read(path).map_err(|e| unreadable(e.to_string()))?;
    let own = moment.own(source);
    let reader = Reader {
        profile: &moment.profile,
        received: moment.now,
        source,
        own: Some(&own),
    };
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    if extension == "csv" {
        return reader
            .csv(&csv::decode(&bytes), mapping)
            .map_err(|e| unreadable(e.to_string()));
    }
    let text = String::from_utf8(bytes)
        .map_err(|e| unreadable(format!("not UTF-8 from byte {}", e.utf8_error().valid_up_to())))?;
    if extension == "ndjson" {
        reader.ndjson(&text)
    } else {
        reader.json(&text)
    }
    .map_err(|e| unreadable(e.to_string()))
}

/// The places that a reading puts.
fn places(changes: &[Change]) -> impl Iterator<Item = &Place> {
    changes.iter().filter_map(|change| match change {
        Change::Put {
            fact: Fact::Place(place),
            ..
        } => Some(place),
        Change::Put { .. } | Change::Delete { .. } => None,
    })
}

impl Engine {
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
    /// As [`Engine::import`].
    pub fn import_as(&mut self, path: &Path, source: &str, mapping: &Mapping) -> Result<FileReport, AppError> {
        let reading = read_file(self.moment(), path, source, mapping)?;
        let report = self.apply_file(source, path.display().to_string(), reading);
        if let Err(error) = self.write_unwritten() {
            tracing::error!(%error, "what became of the alarms is not on disk yet");
        }
        report
    }

    /// Takes in what a look into a followed folder found.
    pub(crate) fn take_file(&mut self, read: ReadFile) -> Result<(), AppError> {
        let file = read.file;
        match read.reading {
            Ok(reading) => {
                let report = self.apply_file(&read.source, file, reading)?;
                let (file, changed, refused) = (&report.file, report.changed, report.refused);
                tracing::info!(%file, changed, refused, "delivery read");
            }
            // A file that is not readable is kept in the list of what is wrong; the next one may be.
            Err(why) => {
                tracing::warn!(%file, %why, "delivery not readable");
                self.keep_unreadable(&read.source, &file, &why);
            }
        }
        Ok(())
    }

    fn apply_file(&mut self, source: &str, file: String, mut reading: Reading) -> Result<FileReport, AppError> {
        self.refuse_shrunk(&mut reading);
        self.remove_unnamed(&mut reading);
        let now = self.now();
        let write = Write {
            changes: packed(&mut reading, now)?,
            remarks: Some(remarks(&reading, &file, false)),
            ..Write::of(source, now)
        };
        // Before the facts go over into the region.
        let unknown = self.unknown_elements(&reading.changes);
        let named = places(&reading.changes).flat_map(|place| iter::once(&place.id).chain(&place.part_of));
        let named: BTreeSet<PlaceId> = named.cloned().collect();
        let (taken, write) = self.take_in(&mut reading, write);
        self.evaluate_alarms();
        self.store_after_alarms(write);
        let outcome = taken?;
        let mut problems = reading.issues;
        problems.extend(reading.refused.iter().map(|r| r.issue.clone()));
        problems.extend(unknown);
        problems.extend(self.structural_problems(named));
        if outcome.older > 0 {
            let detail = say!(self.language, DefectOlder, n = outcome.older);
            problems.push(Issue {
                path: file.clone(),
                code: IssueCode::OlderVersion,
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
    fn keep_unreadable(&mut self, source: &str, file: &str, why: &str) {
        let remarks = Remarks {
            from: file.to_owned(),
            list: vec![Remark {
                path: file.to_owned(),
                code: IssueCode::Malformed.code().to_owned(),
                detail: why.to_owned(),
                raw: None,
            }],
            complete: false,
        };
        self.remark(&remarks);
        self.cache.store(Write {
            remarks: Some(remarks),
            ..Write::of(source, self.now())
        });
    }
}
