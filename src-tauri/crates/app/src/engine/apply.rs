//! What follows from deliveries and silences: remarks, the state of a channel, what the disk took, labels of this desk.

use super::{Engine, staged::RegionStep};
use crate::{
    AppError, ErrorCode,
    effect::{Effect, View},
    health::HealthReport,
    sources::{Channel, FeedError, Link},
};
use domain::label::LabelOverride;
use std::sync::Arc;
use store::{OutboxKind, ParseIssue, Remark, Remarks, WriteReport};

/// As many remarks as the list of what is wrong can hold.
const MOST_REMARKS: usize = 1000;

impl Engine {
    /// A channel had no answer: what was known stays, marked as old.
    pub fn no_answer(&mut self, key: &str, channel: Channel, error: FeedError) {
        self.silent_on(key, channel, error);
        self.evaluate_alarms();
    }

    pub(super) fn silent_on(&mut self, key: &str, channel: Channel, error: FeedError) {
        let now = self.now();
        if let Some(source) = self.source_mut(key) {
            let state = source.channel_mut(channel);
            let since = match &state.link {
                Link::Offline { since, .. } => *since,
                Link::None | Link::Starting | Link::Live => now,
            };
            state.link = Link::Offline { since, error };
        }
        self.changed([View::Frame, View::Region, View::Settings]);
    }

    /// Shows remarks as they will stand on disk: each once, with since when; after a delivery of everything no others.
    pub(crate) fn remark(&mut self, remarks: &Remarks) {
        if remarks.list.is_empty() && !remarks.complete {
            return;
        }
        let (now, from) = (self.now(), &remarks.from);
        let is = |known: &ParseIssue, new: &Remark| {
            known.source == *from && known.path == new.path && known.code == new.code && known.detail == new.detail
        };
        let mut shown: Vec<ParseIssue> = self.not_understood.to_vec();
        if remarks.complete {
            shown.retain(|known| known.source != *from || remarks.list.iter().any(|new| is(known, new)));
        }
        for new in &remarks.list {
            if !shown.iter().any(|known| is(known, new)) {
                let first = ParseIssue {
                    path: new.path.clone(),
                    code: new.code.clone(),
                    detail: new.detail.clone(),
                    since: Some(now),
                    source: from.clone(),
                };
                shown.insert(0, first);
            }
        }
        shown.truncate(MOST_REMARKS);
        if *self.not_understood != shown {
            self.moment_mut().not_understood = Arc::new(shown);
            self.changed([View::DataQuality]);
        }
    }

    /// What became of a delivery that was to be stored.
    pub(crate) fn cache_reported(&mut self, report: WriteReport) {
        match report {
            WriteReport::Stored { .. } => {
                if std::mem::take(&mut self.cache_failing) && self.ledger_due.is_none() {
                    self.report(HealthReport::StorageMended);
                }
            }
            WriteReport::Failed { error, damaged, .. } => {
                self.cache_failing = true;
                self.report(HealthReport::Storage(error.clone()));
                if damaged {
                    self.rebuild_cache(&error);
                }
            }
            // The writer took the cursors off the disk; those in memory have to go with them.
            WriteReport::LoadAnew { source } => {
                self.forget_cursors(&source);
                self.effect(Effect::AskSources);
            }
        }
    }

    /// How many deliveries are shown and not on disk yet.
    pub fn waiting_to_be_stored(&self) -> usize {
        self.cache.waiting()
    }

    /// Waits until everything that was shown is on disk too; for tools that end afterwards, and for tests.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn wait_until_stored(&mut self) -> Result<(), AppError> {
        self.write_unwritten()?;
        while self.cache.waiting() > 0 {
            std::thread::sleep(std::time::Duration::from_millis(1));
            self.set_now();
            if self.cache_failing {
                return Err(AppError::new(
                    ErrorCode::Storage,
                    "the disk does not take what was delivered",
                ));
            }
        }
        self.set_now();
        Ok(())
    }

    /// Lays what this desk confirmed beside what the server has, and its labels over those that the server has, as long
    /// as the server has not accepted them: from then on what stands there is the truth for every desk. Of its own label
    /// only this desk knows what lay under it and which set laid it.
    pub(crate) fn lay_own_labels(&mut self) -> Result<(), AppError> {
        self.lay_own_confirmations();
        let unaccepted = self.ledger.unaccepted(OutboxKind::Label)?;
        let mut laid: Vec<LabelOverride> = vec![];
        for (key, own) in self.own_labels.iter() {
            let waits = || unaccepted.contains(&feed::fhir::basic_label::override_key(key.0.as_str(), key.1));
            match self.region.labels.get(key) {
                None => laid.push(own.clone()),
                Some(server) => {
                    let same = server.from == own.from && server.element == own.element && server.author == own.author;
                    if same || waits() {
                        laid.push(LabelOverride {
                            server_id: server.server_id.clone(),
                            version: server.version.clone(),
                            ..own.clone()
                        });
                    }
                }
            }
        }
        for label in laid {
            self.change_shown_region(RegionStep::Lay(Box::new(label)));
        }
        Ok(())
    }
}
