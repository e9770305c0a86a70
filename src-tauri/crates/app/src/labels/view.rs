//! What a gesture of labelling would change, and what can be given.

use super::state::{LabelRequest, Until};
use crate::{error::AppError, moment::Moment, records::Records, say, text::Choosable};
use domain::{
    ElementCode, PlaceId,
    label::{LabelKind, LabelOverride},
    place::PlaceKind,
};
use jiff::{SignedDuration, Timestamp, civil};
use serde::Serialize;
use ts_rs::TS;

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
    /// The most specialised element that fits these beds, where another than the chosen one does (domain.md 2.5, rule 2).
    pub suggestion: Option<Suggestion>,
}

/// An element to take instead, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Suggestion {
    pub element: String,
    pub display: String,
    pub why: String,
}

/// The elements of a classification that may be given today, with the ones given last in front of the keys 1 to 9.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LabelChoices {
    pub kinds: Vec<Choosable>,
    pub elements: Vec<Choosable>,
    pub recent: Vec<Choosable>,
    /// What to keep in mind with this classification.
    pub rule: Option<String>,
}

/// Beds in one gesture at the most; a whole large site.
const MOST_BEDS: usize = 5_000;

/// Counts what a gesture would change.
///
/// # Errors
/// When a bed, the classification or the element does not exist.
pub fn preview(m: &Moment, request: &LabelRequest) -> Result<LabelPreview, AppError> {
    m.preview_label(request)
}

/// What can be given in a classification, what was given last first.
///
/// # Errors
/// When there is no such classification, or the ledger cannot be read.
pub fn choices(m: &Moment, records: &Records, kind: &str) -> Result<LabelChoices, AppError> {
    m.label_choices(records, kind)
}

impl Moment {
    /// Counts what a gesture would change.
    ///
    /// # Errors
    /// When a bed, the classification or the element does not exist.
    fn preview_label(&self, request: &LabelRequest) -> Result<LabelPreview, AppError> {
        let (kind, element, until) = self.check_label(request)?;
        let now = self.now();
        let mut changes: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut overwrites: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut preview = LabelPreview {
            until: until.map(|t| self.clock(t)),
            suggestion: self.suggestion(request, kind, &element),
            ..LabelPreview::default()
        };
        for id in &request.beds {
            let bed = self
                .region
                .place(&id.as_str().into())
                .ok_or_else(|| AppError::not_found(id))?;
            let current = self.region.label(bed, kind, now);
            let was = current.as_ref().map_or_else(
                || say!(self.language, LabelNone),
                |l| self.codes.display(kind, l.element),
            );
            if current.as_ref().is_some_and(|l| *l.element == element) {
                preview.already += 1;
            } else {
                let is = self.codes.display(kind, &element);
                let change = say!(self.language, LabelChange, was = was, is = is);
                *changes.entry(change).or_default() += 1;
            }
            if let Some(over) = current
                .and_then(|l| l.over)
                .filter(|o| o.author != self.identity.author())
            {
                *overwrites.entry(over.author.clone()).or_default() += 1;
            }
        }
        let mut rows: Vec<_> = changes.into_iter().collect();
        rows.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        preview.changes = rows
            .into_iter()
            .map(|(what, n)| say!(self.language, LabelTimes, n = n, what = what))
            .collect();
        preview.overwrites = overwrites
            .into_iter()
            .map(|(who, n)| say!(self.language, LabelByHandOf, n = n, who = who))
            .collect();
        Ok(preview)
    }

    /// Where the record says of some of the beds that they are something more specialised, that is what fits best.
    fn suggestion(&self, request: &LabelRequest, kind: LabelKind, chosen: &ElementCode) -> Option<Suggestion> {
        if kind != LabelKind::Specialistisch {
            return None;
        }
        let delivered = request.beds.iter().filter_map(|id| {
            let bed = self.region.place(&id.as_str().into())?;
            bed.labels.iter().find(|l| l.kind == kind).map(|l| &l.element)
        });
        let better: Vec<&ElementCode> = delivered
            .filter(|e| {
                self.codes.element(kind, e).is_some() && self.codes.rank(kind, e) < self.codes.rank(kind, chosen)
            })
            .collect();
        let best = better.iter().min_by_key(|e| self.codes.rank(kind, e))?;
        let display = self.codes.display(kind, best);
        Some(Suggestion {
            element: best.0.clone(),
            why: say!(
                self.language,
                LabelMoreSpecialised,
                n = better.len(),
                element = display.as_str()
            ),
            display,
        })
    }

    /// What can be given in a classification.
    ///
    /// # Errors
    /// When there is no such classification, or the ledger cannot be read.
    fn label_choices(&self, records: &Records, kind: &str) -> Result<LabelChoices, AppError> {
        let kind = LabelKind::from_code(kind)
            .filter(|k| LabelKind::BED.contains(k))
            .ok_or_else(|| AppError::invalid(format!("{kind:?} is no classification of beds")))?;
        let today = self.now().to_zoned(self.zone.clone()).date();
        let elements: Vec<Choosable> = self.codes.list(kind).map_or_else(Vec::new, |l| {
            let valid = l.elements.iter().filter(|e| e.valid_on(today));
            valid
                .map(|e| Choosable::new(e.code.as_str(), &e.display, &e.short))
                .collect()
        });
        let mut recent: Vec<Choosable> = vec![];
        let since = self.now() - SignedDuration::from_hours(24 * 14);
        for (_, label) in records.labels_since(since)?.into_iter().rev() {
            let known = elements.iter().find(|e| e.code == label.element.0);
            if label.kind == kind
                && recent.len() < 9
                && !recent.iter().any(|r| r.code == label.element.0)
                && let Some(known) = known
            {
                recent.push(known.clone());
            }
        }
        // Before anything was given, the first elements of the list; a list of four is its own shortcut.
        for e in elements.iter().take(9) {
            if recent.len() < 9 && !recent.iter().any(|r| r.code == e.code) {
                recent.push(e.clone());
            }
        }
        Ok(LabelChoices {
            kinds: crate::text::kinds(self.language),
            elements,
            recent,
            rule: match kind {
                LabelKind::Specialistisch => Some(say!(self.language, LabelRuleSpecialised)),
                LabelKind::Covidcapaciteit => Some(say!(self.language, LabelRuleCovid)),
                LabelKind::Specialisme | LabelKind::SnijdendBeschouwend | LabelKind::Patienttype => None,
            },
        })
    }

    /// A label of this person, over what the bed shows now.
    pub(crate) fn new_label(
        &self,
        bed: &PlaceId,
        kind: LabelKind,
        element: &ElementCode,
        reason: &str,
        (from, until): (Timestamp, Option<Timestamp>),
    ) -> LabelOverride {
        // The server's copy that the person saw: another one there, when it is sent, is somebody else's news.
        let seen = self.region.labels.get(&(bed.clone(), kind));
        LabelOverride {
            bed: bed.clone(),
            kind,
            element: element.clone(),
            system: self.codes.list(kind).map(|l| l.system.clone()),
            author: self.identity.author(),
            reason: reason.to_owned(),
            from: self.after_last(bed, kind, from),
            until,
            delivered: self.delivered(bed, kind),
            set: None,
            ended: None,
            version: seen.and_then(|l| l.version.clone()),
            server_id: seen.and_then(|l| l.server_id.clone()),
        }
    }

    /// What the record delivers for a bed.
    pub(crate) fn delivered(&self, bed: &PlaceId, kind: LabelKind) -> Option<ElementCode> {
        let labels = &self.region.place(bed)?.labels;
        labels.iter().find(|l| l.kind == kind).map(|l| l.element.clone())
    }

    /// `from`, or one second after the newest label here: of two within one second, the later must win.
    pub(super) fn after_last(&self, bed: &PlaceId, kind: LabelKind, from: Timestamp) -> Timestamp {
        let newest = self.own_labels.get(&(bed.clone(), kind));
        newest.map_or(from, |l| from.max(l.from + SignedDuration::from_secs(1)))
    }

    /// The label that brings back what a bed shows now: the override it has, or one that ends as it begins.
    pub(crate) fn undo_of(&self, new: &LabelOverride) -> LabelOverride {
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

    /// Whether this account may label a bed (domain.md 6).
    ///
    /// # Errors
    /// When it may not; then nothing was labelled.
    pub(crate) fn may_label(&self, bed: &PlaceId) -> Result<(), AppError> {
        let site = self.region.site_of(bed).map_or("", |s| s.as_str());
        if self.account.may_label(site) {
            return Ok(());
        }
        let detail = say!(self.language, AccountMayNotLabel, site = site);
        Err(AppError::new(crate::ErrorCode::NotAllowed, detail))
    }

    pub(crate) fn check_label(
        &self,
        request: &LabelRequest,
    ) -> Result<(LabelKind, ElementCode, Option<Timestamp>), AppError> {
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
        let today = self.now().to_zoned(self.zone.clone()).date();
        if !self.codes.element(kind, &element).is_some_and(|e| e.valid_on(today)) {
            return Err(AppError::invalid(format!(
                "{} has no element {:?} today",
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
            self.may_label(&id)?;
        }
        let now = self.now();
        let until = self.until(&request.until)?;
        if until.is_some_and(|t| t <= now) {
            return Err(AppError::invalid("the end lies in the past"));
        }
        Ok((kind, element, until))
    }

    pub(crate) fn until(&self, until: &Until) -> Result<Option<Timestamp>, AppError> {
        let now = self.now();
        Ok(match until {
            Until::Open => None,
            Until::Day => Some(now + SignedDuration::from_hours(24)),
            Until::Week => Some(now + SignedDuration::from_hours(7 * 24)),
            Until::NextTen => Some(domain::service_day::reservation_cutoff(now, &self.zone)),
            Until::Shift => Some(domain::service_day::shift_end(now, &self.zone)),
            Until::At { at } => {
                // What a person types carries no offset: it is Dutch time.
                let local = || {
                    let civil: civil::DateTime = at.parse().ok()?;
                    Some(civil.to_zoned(self.zone.clone()).ok()?.timestamp())
                };
                let end = at.parse::<Timestamp>().ok().or_else(local);
                Some(end.ok_or_else(|| AppError::invalid(format!("{at:?} is no time")))?)
            }
        })
    }
}
