//! Labels by hand and the record under them: what dissolves, what asks, and what a person decides about each.

use crate::{
    AppError, ErrorCode,
    clock::whole_second,
    effect::View,
    engine::{Engine, RegionStep},
    moment::Moment,
    outbox::stop_deadline,
    say,
};
use domain::{
    PlaceId,
    label::{Agreement, EndCause, LabelKind, LabelOverride},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::sync::Arc;
use store::{OutboxKind, OutboxRow, OutboxState};
use ts_rs::TS;

/// What a person decides about one line of the worklist.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// The label stays, over what the record says now.
    Keep { labels: Vec<LabelKey> },
    /// The label ends now.
    LetGo { labels: Vec<LabelKey> },
    /// The label holds a day longer.
    Extend { labels: Vec<LabelKey> },
    /// A label that ended is given again, for as long as it held.
    Repeat { labels: Vec<LabelKey> },
    /// Of two desks' labels ours is sent, over the other one.
    Mine { row: String },
    /// Of two desks' labels the other one stands.
    Theirs { row: String },
    /// A refused row is sent once more as it is.
    Retry { row: String },
    /// A stop that did not reach the server is not sent any more.
    Withdraw { row: String },
}

/// One label.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LabelKey {
    pub bed: String,
    pub classification: String,
}

impl Moment {
    /// A row of the outbox that waits for a person.
    fn undecided(&self, id: &str) -> Result<OutboxRow, AppError> {
        let row = self.outbox.iter().find(|r| r.id == id).cloned();
        row.filter(|r| r.state != OutboxState::Waiting || r.kind == OutboxKind::Stop)
            .ok_or_else(|| AppError::new(ErrorCode::NotFromHere, format!("row {id} waits for no decision")))
    }

    fn conflict(&self, id: &str) -> Result<(LabelOverride, Option<LabelOverride>), AppError> {
        let row = self.undecided(id)?;
        let theirs = row.theirs.as_deref().map(serde_json::from_str).transpose()?;
        Ok((serde_json::from_str(&row.payload)?, theirs))
    }
}

impl Engine {
    /// Carries a decision out; on disk when this returns.
    ///
    /// # Errors
    /// When what it is about is gone, the account may not, or the disk does not take it: nothing changed.
    pub fn decide(&mut self, decision: &Decision) -> Result<(), AppError> {
        let now = whole_second(self.now());
        match decision {
            Decision::Keep { labels } => self.rewrite(labels, |l| (l.until, l.reason.clone())),
            Decision::LetGo { labels } => self.rewrite(labels, |l| (Some(now), l.reason.clone())),
            Decision::Extend { labels } => self.rewrite(labels, |l| {
                let base = l.until.map_or(now, |until| until.max(now));
                (Some(base + SignedDuration::from_hours(24)), l.reason.clone())
            }),
            Decision::Repeat { labels } => self.rewrite(labels, |l| {
                let held = l.until.map(|until| until.duration_since(l.from));
                (held.map(|held| now + held), l.reason.clone())
            }),
            Decision::Mine { row } => self.take_ours(row),
            Decision::Theirs { row } => self.take_theirs(row),
            Decision::Retry { row } => {
                let row = self.undecided(row)?;
                let now = self.now();
                let deadline = (row.kind == OutboxKind::Stop).then(|| stop_deadline(now));
                self.ledger.retry(&row.id, deadline, now)?;
                self.enqueued()
            }
            Decision::Withdraw { row } => {
                let row = self.undecided(row)?;
                let (now, who) = (self.now(), self.identity.author());
                self.ledger.withdraw(&row.id, &who, now)?;
                self.read_outbox()?;
                self.evaluate_alarms();
                Ok(())
            }
        }
    }

    /// Writes labels anew, by this person, with another end.
    fn rewrite(
        &mut self,
        keys: &[LabelKey],
        end: impl Fn(&LabelOverride) -> (Option<Timestamp>, String),
    ) -> Result<(), AppError> {
        let now = whole_second(self.now());
        let mut labels = vec![];
        for key in keys {
            let kind = LabelKind::from_code(&key.classification)
                .ok_or_else(|| AppError::invalid(format!("{:?} is no classification", key.classification)))?;
            let bed = PlaceId::from(key.bed.as_str());
            let standing = self
                .region
                .labels
                .get(&(bed.clone(), kind))
                .ok_or_else(|| AppError::not_found(format!("a label of {bed}")))?;
            self.may_label(&bed)?;
            let (until, reason) = end(standing);
            let mut label = self.new_label(&bed, kind, &standing.element, &reason, (now, until));
            label.set.clone_from(&standing.set);
            // An end that has come ends it as it begins.
            label.until = label.until.map(|until| until.max(label.from));
            labels.push(label);
        }
        let before = labels.iter().map(|l| self.undo_of(l)).collect();
        self.write_labels(labels)?;
        self.undo.push(before);
        Ok(())
    }

    /// Ends the labels of this desk that the record has come to agree with. Returns how many.
    pub(crate) fn dissolve_agreed(&mut self) -> Result<usize, AppError> {
        let now = self.now();
        let agreed: Vec<LabelOverride> = self
            .own_labels
            .values()
            .filter(|l| l.valid_at(now) && l.author == self.identity.author())
            .filter(|l| l.agreement(self.delivered(&l.bed, l.kind).as_ref()) == Agreement::Agrees)
            .cloned()
            .collect();
        let ends: Vec<LabelOverride> = agreed
            .iter()
            .map(|l| {
                let why = say!(self.language, LabelAgreed);
                let mut end = self.new_label(&l.bed, l.kind, &l.element, &why, (whole_second(now), None));
                end.until = Some(end.from);
                end.ended = Some(EndCause::Agreed);
                end
            })
            .collect();
        let count = ends.len();
        if count > 0 {
            self.write_labels(ends)?;
        }
        Ok(count)
    }

    fn take_ours(&mut self, id: &str) -> Result<(), AppError> {
        let (ours, theirs) = self.conflict(id)?;
        self.may_label(&ours.bed)?;
        let mut label = self.new_label(
            &ours.bed,
            ours.kind,
            &ours.element,
            &ours.reason,
            (whole_second(self.now()), ours.until),
        );
        if let Some(theirs) = theirs {
            label.from = label.from.max(theirs.from + SignedDuration::from_secs(1));
            (label.server_id, label.version) = (theirs.server_id, theirs.version);
        }
        self.write_labels(vec![label])?;
        self.close_row(id, store::Decision::Mine)
    }

    fn take_theirs(&mut self, id: &str) -> Result<(), AppError> {
        let (ours, theirs) = self.conflict(id)?;
        let key = (ours.bed.clone(), ours.kind);
        // What stands on the server is what this desk shows from now on; nothing has to be sent for that.
        let standing = theirs.unwrap_or_else(|| LabelOverride {
            until: Some(ours.from),
            ..ours.clone()
        });
        let gesture = format!("theirs-{id}");
        let now = self.now();
        let change = [(standing.clone(), Some(ours.element))];
        self.ledger.label(&gesture, &change, &[], now)?;
        self.change_region(RegionStep::Lay(Box::new(standing.clone())));
        Arc::make_mut(&mut self.moment_mut().own_labels).insert(key, standing);
        self.changed([View::Region, View::Location, View::Beds]);
        self.close_row(id, store::Decision::Theirs)
    }

    fn close_row(&mut self, id: &str, decision: store::Decision) -> Result<(), AppError> {
        let (who, now) = (self.identity.author(), self.now());
        self.ledger.decide(id, decision, &who, now)?;
        self.read_outbox()
    }
}
