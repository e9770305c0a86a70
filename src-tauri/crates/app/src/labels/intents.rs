//! Labelling beds by hand: an overlay with an author, a reason and an end; on disk before the screen says so.

use super::state::LabelRequest;
use crate::{clock::whole_second, effect::View, engine::Engine, error::AppError};
use domain::{ElementCode, label::LabelOverride};
use std::sync::Arc;
use store::{OutboxKind, OutboxRow};

impl Engine {
    /// A person starts a gesture of labelling: what it costs is measured from here (domain.md 7, rule 6).
    pub fn begin_labelling(&mut self) {
        self.labelling_since = Some(self.now());
    }

    /// Writes down what the gesture cost; one that was interrupted for long is not labelling any more.
    fn spend(&mut self, beds: usize) -> Result<(), AppError> {
        let now = self.now();
        let Some(since) = self.labelling_since.take() else {
            return Ok(());
        };
        let ms = i64::try_from(now.duration_since(since).as_millis())
            .unwrap_or(0)
            .clamp(0, 600_000);
        let who = self.share_label_time.then(|| self.identity.author());
        Ok(self.ledger.spend(now, who.as_deref(), beds, ms)?)
    }

    /// Whether the time that labelling costs is reported with this person's name.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn share_label_time(&mut self, share: bool) -> Result<(), AppError> {
        self.set_setting("share-label-time", &share)?;
        self.moment_mut().share_label_time = share;
        self.changed([View::Worklist]);
        Ok(())
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
        let reason = feed::privacy::clean_text(&request.reason);
        let labels: Vec<LabelOverride> = request
            .beds
            .iter()
            .map(|bed| self.new_label(&bed.as_str().into(), kind, &element, &reason, (from, until)))
            .collect();
        let before: Vec<LabelOverride> = labels.iter().map(|l| self.undo_of(l)).collect();
        self.write_labels(labels)?;
        self.undo.push(before);
        self.spend(request.beds.len())?;
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
            let from = self.after_last(&label.bed, label.kind, now);
            if label.until.is_some_and(|until| until <= label.from) {
                label.until = Some(from);
            }
            label.from = from;
        }
        let beds = before.len();
        self.write_labels(before)?;
        Ok(beds)
    }

    pub(crate) fn write_labels(&mut self, labels: Vec<LabelOverride>) -> Result<(), AppError> {
        let now = self.now();
        let gesture = uuid::Uuid::new_v4().to_string();
        let rows = labels
            .iter()
            .map(|label| {
                let subject = feed::fhir::basic_label::override_key(label.bed.as_str(), label.kind);
                let id = uuid::Uuid::new_v4().to_string();
                let payload = serde_json::to_string(label)?;
                Ok(OutboxRow::waiting(id, OutboxKind::Label, &subject, payload, now))
            })
            .collect::<Result<Vec<_>, AppError>>()?;
        let changes: Vec<(LabelOverride, Option<ElementCode>)> = labels
            .into_iter()
            .map(|label| {
                let bed = self.region.place(&label.bed);
                let was = bed.and_then(|b| self.region.label(b, label.kind, now));
                let was = was.map(|l| l.element.clone());
                (label, was)
            })
            .collect();
        self.ledger.label(&gesture, &changes, &rows, now)?;
        let own = Arc::make_mut(&mut self.moment_mut().own_labels);
        for (label, _) in changes {
            own.insert((label.bed.clone(), label.kind), label);
        }
        self.lay_own_labels()?;
        self.changed([View::Region, View::Location, View::Beds]);
        self.enqueued()
    }
}
