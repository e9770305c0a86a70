//! Named sets of labels: looked at before they are kept, switched as a whole, laid again every night.

use crate::{
    AppError,
    clock::whole_second,
    effect::View,
    engine::Engine,
    labels::{LabelRequest, Until},
    moment::Moment,
    say,
    text::beds_in_words,
};
use domain::{
    PlaceId,
    label::{LabelKind, LabelOverride},
    label_set::{LabelSet, SetLine, When},
    place::PlaceKind,
};
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use ts_rs::TS;

/// A line to be added to a set of this name, which is made where there is none.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRequest {
    pub name: String,
    /// Beds, classification, element, reason and end of the line.
    pub label: LabelRequest,
    /// "22:00" and "07:30" for every night; otherwise the label's own end counts.
    pub daily: Option<(String, String)>,
    /// Relabel also the beds that a person labelled singly.
    pub over_single: bool,
}

/// What a set touches, before it is kept or switched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct SetPreview {
    /// The line in words: which wards and rooms, and how many beds.
    pub touches: Vec<String>,
    pub beds: u32,
    /// Beds that a person labelled singly: left as they are unless that is asked for.
    pub single: Vec<String>,
    /// Beds that another set that is on labels otherwise; the one that was on first stays.
    pub conflicts: Vec<String>,
}

impl Moment {
    /// Looks at what a new line would touch.
    ///
    /// # Errors
    /// When a bed, the classification, the element or a time does not exist.
    pub fn preview_set(&self, request: &SetRequest) -> Result<SetPreview, AppError> {
        let set = self.set_from(request)?;
        Ok(self.preview_of(&set))
    }

    fn set_from(&self, request: &SetRequest) -> Result<LabelSet, AppError> {
        let (kind, element, until) = self.check_label(&request.label)?;
        let name = feed::privacy::clean_text(&request.name);
        if name.is_empty() {
            return Err(AppError::invalid("a set needs a name"));
        }
        let time = |text: &str| {
            text.parse::<civil::Time>()
                .map_err(|_| AppError::invalid(format!("{text:?} is no time of day")))
        };
        let when = match &request.daily {
            Some((from, until)) => When::Daily {
                from: time(from)?,
                until: time(until)?,
            },
            None if matches!(request.label.until, Until::Open) => When::Until { until: None },
            None => When::Until { until },
        };
        let now = whole_second(self.now());
        let beds: Vec<PlaceId> = request.label.beds.iter().map(|b| b.as_str().into()).collect();
        let line = SetLine {
            places: self.widest(&beds),
            kind,
            element,
        };
        let old = self.sets.iter().find(|s| s.name == name).cloned();
        let mut set = old.unwrap_or_else(|| LabelSet {
            id: uuid::Uuid::new_v4().to_string(),
            name,
            lines: vec![],
            reason: feed::privacy::clean_text(&request.label.reason),
            when: when.clone(),
            author: self.identity.author(),
            on: true,
            since: now,
            over: vec![],
        });
        set.when = when;
        (set.on, set.since) = (true, now);
        set.lines.retain(|l| l.kind != line.kind || l.places != line.places);
        set.lines.push(line);
        if request.over_single {
            set.over.extend(beds);
        }
        Ok(set)
    }

    /// A whole ward instead of its rooms, a whole room instead of its beds: so that a new bed in it is labelled too.
    fn widest(&self, beds: &[PlaceId]) -> Vec<PlaceId> {
        let mut places = beds.to_vec();
        for kind in [PlaceKind::Room, PlaceKind::Department] {
            let mut parents: Vec<PlaceId> = places
                .iter()
                .filter_map(|p| self.region.above(p, &kind).map(|above| above.id.clone()))
                .collect();
            parents.sort();
            parents.dedup();
            for parent in parents {
                let inside: Vec<&PlaceId> = self.region.beds(&parent).into_iter().map(|b| &b.id).collect();
                if !inside.is_empty() && inside.iter().all(|b| beds.contains(b)) {
                    places.retain(|p| self.region.above(p, &kind).is_none_or(|above| above.id != parent));
                    places.push(parent);
                }
            }
        }
        places
    }

    pub(crate) fn preview_of(&self, set: &LabelSet) -> SetPreview {
        let now = self.now();
        let mut preview = SetPreview::default();
        for line in &set.lines {
            let mut count = 0;
            for bed in line.places.iter().flat_map(|p| self.beds_of(p)) {
                count += 1;
                if self.labelled_singly(set, &bed, line, now) {
                    preview.single.push(self.bed_in_words(&bed));
                }
                if let Some(other) = self.other_set(set, &bed, line, now) {
                    preview
                        .conflicts
                        .push(format!("{} ({})", self.bed_in_words(&bed), other.name));
                }
            }
            preview.beds += count;
            let names: Vec<String> = line.places.iter().take(4).map(|p| self.bed_in_words(p)).collect();
            let more = line.places.len().saturating_sub(names.len());
            let names = names.join(", ");
            let places = if more > 0 {
                say!(self.language, SetMore, names = names, n = more)
            } else {
                names
            };
            preview.touches.push(say!(
                self.language,
                SetTouches,
                places = places,
                beds = beds_in_words(self.language, count),
                element = self.codes.display(line.kind, &line.element)
            ));
        }
        preview
    }

    /// The beds of a ward or room, or the bed itself.
    fn beds_of(&self, place: &PlaceId) -> Vec<PlaceId> {
        let inside: Vec<PlaceId> = self.region.beds(place).into_iter().map(|b| b.id.clone()).collect();
        if inside.is_empty() { vec![place.clone()] } else { inside }
    }

    /// "6.1 Chirurgie · kamer 3 · 3.2".
    pub(crate) fn bed_in_words(&self, place: &PlaceId) -> String {
        let kinds = [PlaceKind::Department, PlaceKind::Room, PlaceKind::Bed];
        let names: Vec<&str> = kinds
            .iter()
            .filter_map(|kind| self.region.above(place, kind).map(|p| p.name.as_str()))
            .collect();
        if names.is_empty() {
            place.0.clone()
        } else {
            names.join(" · ")
        }
    }

    fn labelled_singly(&self, set: &LabelSet, bed: &PlaceId, line: &SetLine, now: Timestamp) -> bool {
        let standing = self.region.labels.get(&(bed.clone(), line.kind));
        standing.is_some_and(|l| l.valid_at(now) && l.set.is_none() && l.element != line.element)
            && !set.over.contains(bed)
    }

    fn other_set(&self, set: &LabelSet, bed: &PlaceId, line: &SetLine, now: Timestamp) -> Option<&LabelSet> {
        let standing = self.region.labels.get(&(bed.clone(), line.kind))?;
        let by = standing.set.as_deref().filter(|by| *by != set.id)?;
        (standing.valid_at(now) && standing.element != line.element)
            .then(|| self.sets.iter().find(|s| s.id == by && s.on))
            .flatten()
    }
}

impl Engine {
    /// Keeps the line and switches its set on.
    ///
    /// # Errors
    /// As [`Moment::preview_set`](crate::Moment::preview_set); and when the account may not, or the disk does not take it: nothing changed.
    pub fn save_set(&mut self, request: &SetRequest) -> Result<(), AppError> {
        let set = self.set_from(request)?;
        self.keep_set(set)?;
        self.lay_sets()
    }

    /// Switches a set on or off. Off, the labels that it laid end; on, they are laid where nothing stands against it.
    ///
    /// # Errors
    /// When there is no such set, or the disk does not take it.
    pub fn switch_set(&mut self, id: &str, on: bool) -> Result<(), AppError> {
        let set = self
            .sets
            .iter()
            .find(|s| s.id == id)
            .ok_or_else(|| AppError::not_found(format!("set {id}")))?;
        let mut set = set.clone();
        set.on = on;
        set.since = whole_second(self.now());
        if matches!(set.when, When::Until { until: Some(end) } if end <= self.now()) {
            set.when = When::Until { until: None };
        }
        self.keep_set(set)?;
        if on { self.lay_sets() } else { self.end_labels_of(id) }
    }

    /// Forgets a set; the labels that it laid end.
    ///
    /// # Errors
    /// When there is no such set, or the disk does not take it.
    pub fn drop_set(&mut self, id: &str) -> Result<(), AppError> {
        if !self.sets.iter().any(|s| s.id == id) {
            return Err(AppError::not_found(format!("set {id}")));
        }
        self.end_labels_of(id)?;
        let (who, now) = (self.identity.author(), self.now());
        self.ledger.drop_set(id, &who, now)?;
        Arc::make_mut(&mut self.moment_mut().sets).retain(|s| s.id != id);
        self.changed([View::Worklist]);
        Ok(())
    }

    fn keep_set(&mut self, set: LabelSet) -> Result<(), AppError> {
        let (who, now) = (self.identity.author(), self.now());
        self.ledger.save_set(&set, &who, now)?;
        let sets = Arc::make_mut(&mut self.moment_mut().sets);
        match sets.iter_mut().find(|s| s.id == set.id) {
            Some(old) => *old = set,
            None => sets.push(set),
        }
        self.changed([View::Worklist]);
        Ok(())
    }

    /// Lays what the sets that hold now have not laid yet, a gesture a set. Each bed once a window: what a person took
    /// back stays taken back.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn lay_sets(&mut self) -> Result<(), AppError> {
        let now = self.now();
        for set in self.sets.clone().iter() {
            let Some((began, until)) = set.window(now, &self.zone) else {
                continue;
            };
            let mut labels: BTreeMap<(PlaceId, LabelKind), LabelOverride> = BTreeMap::new();
            for line in &set.lines {
                for bed in line.places.iter().flat_map(|p| self.beds_of(p)) {
                    let key = (bed.clone(), line.kind);
                    let laid = self.own_labels.get(&key).is_some_and(|l| {
                        l.set.as_ref() == Some(&set.id)
                            && l.from >= began
                            && (l.element == line.element || !l.valid_at(now))
                    });
                    // Also where the record says so itself: there is nothing to lay over it.
                    let so_already = self
                        .region
                        .place(&bed)
                        .and_then(|b| self.region.label(b, line.kind, now))
                        .is_some_and(|l| *l.element == line.element);
                    if laid
                        || so_already
                        || self.labelled_singly(set, &bed, line, now)
                        || self.other_set(set, &bed, line, now).is_some()
                        || self.may_label(&bed).is_err()
                    {
                        continue;
                    }
                    let mut label =
                        self.new_label(&bed, line.kind, &line.element, &set.reason, (whole_second(now), until));
                    label.set = Some(set.id.clone());
                    labels.insert(key, label);
                }
            }
            if labels.is_empty() {
                continue;
            }
            let labels: Vec<LabelOverride> = labels.into_values().collect();
            let before = labels.iter().map(|l| self.undo_of(l)).collect();
            self.write_labels(labels)?;
            self.undo.push(before);
        }
        Ok(())
    }

    fn end_labels_of(&mut self, set: &str) -> Result<(), AppError> {
        let now = self.now();
        let ends: Vec<LabelOverride> = self
            .own_labels
            .values()
            .filter(|l| l.set.as_deref() == Some(set) && l.valid_at(now))
            .map(|l| {
                let mut end = self.new_label(&l.bed, l.kind, &l.element, &l.reason, (whole_second(now), None));
                end.until = Some(end.from);
                end.set.clone_from(&l.set);
                end
            })
            .collect();
        if ends.is_empty() {
            Ok(())
        } else {
            self.write_labels(ends)
        }
    }
}
