//! Labelling beds by hand: an overlay with an author, a reason and an end; on disk before the screen says so.

use crate::{desk::Desk, error::AppError};
use domain::{
    ElementCode, PlaceId,
    label::{LabelKind, LabelOverride},
    place::PlaceKind,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::OutboxRow;
use ts_rs::TS;

/// Until when a label holds, as offered on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Until {
    /// The end of this shift: 07:30, 15:30 or 23:00, whichever comes first.
    Shift,
    /// 10:00 tomorrow; in the night, this morning.
    NextTen,
    Day,
    Week,
    Open,
    /// An RFC 3339 time.
    At {
        at: String,
    },
}

/// A labelling gesture: some beds, one element.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelRequest {
    pub beds: Vec<String>,
    /// Code of the classification.
    pub kind: String,
    pub element: String,
    pub reason: String,
    pub until: Until,
}

/// What a gesture will change, counted before it is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct LabelPreview {
    /// "14 × Kliniek – Non-Covid → Kliniek – Covid", most first.
    pub changes: Vec<String>,
    /// Beds that carry the element already.
    pub already: u32,
    /// Beds that somebody else labelled by hand: who, and how many.
    pub overwrites: Vec<String>,
    /// The end in words; nothing until it is withdrawn.
    pub until: Option<String>,
}

/// Beds in one gesture at the most; a whole large site.
const MOST_BEDS: usize = 5_000;

impl Desk {
    /// Counts what a gesture would change.
    ///
    /// # Errors
    /// When a bed, the classification or the element does not exist.
    pub fn preview_label(&self, request: &LabelRequest) -> Result<LabelPreview, AppError> {
        let (kind, element, until) = self.check_label(request)?;
        let now = self.now();
        let mut changes: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut overwrites: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut preview = LabelPreview {
            until: until.map(|t| t.to_string()),
            ..LabelPreview::default()
        };
        for id in &request.beds {
            let bed = self
                .region
                .place(&id.as_str().into())
                .ok_or_else(|| AppError::not_found(id))?;
            let current = self.region.label(bed, kind, now);
            let was = current
                .as_ref()
                .map_or_else(|| "geen label".to_owned(), |l| self.codes.display(kind, l.element));
            if current.as_ref().is_some_and(|l| *l.element == element) {
                preview.already += 1;
            } else {
                *changes
                    .entry(format!("{was} → {}", self.codes.display(kind, &element)))
                    .or_default() += 1;
            }
            if let Some(over) = current.and_then(|l| l.over).filter(|o| o.author != self.identity.user) {
                *overwrites.entry(over.author.clone()).or_default() += 1;
            }
        }
        let mut rows: Vec<_> = changes.into_iter().collect();
        rows.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        preview.changes = rows.into_iter().map(|(what, n)| format!("{n} × {what}")).collect();
        preview.overwrites = overwrites
            .into_iter()
            .map(|(who, n)| format!("{n} × handmatig door {who}"))
            .collect();
        Ok(preview)
    }

    /// Labels beds by hand. When this returns, the labels and their way to the server are on disk.
    ///
    /// # Errors
    /// When a bed, the classification or the element does not exist, the end lies in the past, or the disk does not
    /// take it; then nothing was labelled.
    pub fn label_beds(&mut self, request: &LabelRequest) -> Result<usize, AppError> {
        let (kind, element, until) = self.check_label(request)?;
        // Whole seconds survive every server's idea of a time.
        let from = whole_second(self.now());
        let labels: Vec<LabelOverride> = request
            .beds
            .iter()
            .map(|bed| LabelOverride {
                bed: bed.as_str().into(),
                kind,
                element: element.clone(),
                system: self.codes.list(kind).map(|l| l.system.clone()),
                author: self.identity.user.clone(),
                reason: feed::privacy::clean_text(&request.reason),
                from,
                until,
                version: None,
                server_id: None,
            })
            .collect();
        let before: Vec<LabelOverride> = labels.iter().map(|l| self.undo_of(l)).collect();
        self.write_labels(labels)?;
        self.undo.push(before);
        Ok(request.beds.len())
    }

    /// Takes the last gesture back: each bed shows again what it showed before. Returns how many beds.
    ///
    /// # Errors
    /// When there is nothing to take back, or the disk does not take it.
    pub fn undo_label(&mut self) -> Result<usize, AppError> {
        let Some(mut before) = self.undo.pop() else {
            return Err(AppError::invalid("there is nothing to take back"));
        };
        let now = whole_second(self.now());
        for label in &mut before {
            // Later than what it takes back, also when both happen within one second.
            let newest = self
                .own_labels
                .get(&(label.bed.clone(), label.kind))
                .map(|l| l.from + SignedDuration::from_secs(1));
            let from = newest.map_or(now, |n| n.max(now));
            if label.until.is_some_and(|until| until <= label.from) {
                label.until = Some(from);
            }
            label.from = from;
        }
        let beds = before.len();
        self.write_labels(before)?;
        Ok(beds)
    }

    /// The label that brings back what a bed shows now: the override it has, or one that ends as it begins.
    fn undo_of(&self, new: &LabelOverride) -> LabelOverride {
        let standing = self
            .region
            .labels
            .get(&(new.bed.clone(), new.kind))
            .filter(|o| o.valid_at(self.now()));
        match standing {
            Some(standing) => LabelOverride {
                author: new.author.clone(),
                ..standing.clone()
            },
            None => LabelOverride {
                until: Some(new.from),
                ..new.clone()
            },
        }
    }

    fn write_labels(&mut self, labels: Vec<LabelOverride>) -> Result<(), AppError> {
        let now = self.now();
        let gesture = uuid::Uuid::new_v4().to_string();
        let rows = labels
            .iter()
            .map(|label| {
                Ok(OutboxRow {
                    id: uuid::Uuid::new_v4().to_string(),
                    kind: "label".to_owned(),
                    subject: feed::encode::override_key(label.bed.as_str(), label.kind),
                    created: now,
                    payload: serde_json::to_string(label)?,
                    attempts: 0,
                    next_attempt: now,
                    state: "waiting".to_owned(),
                    reason: None,
                })
            })
            .collect::<Result<Vec<_>, AppError>>()?;
        self.ledger.label(&gesture, &labels, &rows, now)?;
        for label in labels {
            self.own_labels.insert((label.bed.clone(), label.kind), label);
        }
        self.lay_own_labels();
        self.revision += 1;
        Ok(())
    }

    fn check_label(&self, request: &LabelRequest) -> Result<(LabelKind, ElementCode, Option<Timestamp>), AppError> {
        if request.beds.is_empty() || request.beds.len() > MOST_BEDS {
            return Err(AppError::invalid(format!(
                "between 1 and {MOST_BEDS} beds, not {}",
                request.beds.len()
            )));
        }
        let by_system = || self.codes.0.iter().find(|l| l.system == request.kind).map(|l| l.kind);
        let kind = LabelKind::from_code(&request.kind)
            .or_else(by_system)
            .filter(|k| LabelKind::BED.contains(k))
            .ok_or_else(|| AppError::invalid(format!("{:?} is no classification of beds", request.kind)))?;
        let element = ElementCode::from(request.element.as_str());
        if self.codes.element(kind, &element).is_none() {
            return Err(AppError::invalid(format!(
                "{} has no element {:?}",
                kind.code(),
                request.element
            )));
        }
        for bed in &request.beds {
            let id = PlaceId::from(bed.as_str());
            let place = self
                .region
                .place(&id)
                .ok_or_else(|| AppError::not_found(format!("bed {bed}")))?;
            if place.kind != PlaceKind::Bed || self.region.is_ward_sent_as_bed(place) {
                return Err(AppError::invalid(format!("{bed} is no bed")));
            }
        }
        let now = self.now();
        let until = self.until(&request.until)?;
        if until.is_some_and(|t| t <= now) {
            return Err(AppError::invalid("the end lies in the past"));
        }
        Ok((kind, element, until))
    }

    fn until(&self, until: &Until) -> Result<Option<Timestamp>, AppError> {
        let now = self.now();
        Ok(match until {
            Until::Open => None,
            Until::Day => Some(now + SignedDuration::from_hours(24)),
            Until::Week => Some(now + SignedDuration::from_hours(7 * 24)),
            Until::NextTen => Some(domain::service_day::reservation_cutoff(now, &self.zone)),
            Until::Shift => Some(domain::service_day::shift_end(now, &self.zone)),
            Until::At { at } => {
                Some(feed::parse::timestamp(at).ok_or_else(|| AppError::invalid(format!("{at:?} is no time")))?)
            }
        })
    }
}

/// The second that has begun: rounding to the nearest would name a moment that is still to come.
pub(crate) fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}
