//! What deliveries change: the region in memory, the alarms, the screen; and behind those the cache on disk.

use super::{Brought, Engine, remarks};
use crate::{
    AppError, ErrorCode,
    effect::{Effect, View},
    health::HealthReport,
    sources::{Channel, FeedError, Link, Source},
};
use domain::{
    StopId,
    label::LabelOverride,
    region::{Fact, RecordKey},
    stop::Stop,
};
use feed::{Change, Reading};
use jiff::Timestamp;
use std::{collections::BTreeMap, sync::Arc};
use store::{Applied, Complete, NotUnderstood, OutboxKind, Remark, Remarks, Write, WriteReport};

/// What one delivery did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Resources that now say something else.
    pub changed: usize,
    /// Newer versions that say the same.
    pub same: usize,
    /// Versions older than what we had.
    pub older: usize,
    /// Kept as delivered, not read.
    pub kept: usize,
    pub removed: usize,
}

/// As many remarks as the list of what is wrong can hold.
const MOST_REMARKS: usize = 1000;

/// Everything that a delivery of beds, stops or scores can show otherwise.
const REGION_VIEWS: [View; 6] = [
    View::Region,
    View::Location,
    View::Beds,
    View::Worklist,
    View::DataQuality,
    View::Settings,
];

impl Engine {
    /// Applies what a channel brought, looks at the alarms, and has it stored with where the channel goes on.
    ///
    /// # Errors
    /// When the ledger does not take what followed from it.
    pub fn deliver(&mut self, key: &str, channel: Channel, brought: Brought) -> Result<(), AppError> {
        // It was on its way when somebody chose to follow this source no longer.
        if self.source(key).is_none() {
            return Ok(());
        }
        let Brought { delivery, changes } = brought;
        if !changes.is_empty() {
            tracing::info!(source = key, changes = changes.len(), "change received");
        }
        let address = self.source(key).map(|s| s.settings.address.clone()).unwrap_or_default();
        let complete = (!delivery.complete.is_empty()).then(|| Complete {
            kinds: delivery.complete.kinds().cloned().collect(),
            kept: delivery.reading.kept.clone(),
        });
        let mut write = Write {
            complete,
            changes,
            remarks: Some(remarks(&delivery.reading, &address, delivery.everything)),
            ..Write::of(key, self.now())
        };
        let heard = self.source(key).and_then(Source::heard_at);
        let applied = self.take_in(&delivery.reading, &mut write, heard);
        let skew = delivery.server_date.map(|server| self.now().duration_since(server));
        if delivery.is_sign_of_life() {
            self.answered_on(key, channel, skew);
        }
        // Of everything, a refused type costs that type alone. Who may not read the stops is blind for them.
        let blind = delivery.refused.first().filter(|_| channel == Channel::Urgent);
        if let Some(error) = delivery.broke_off().or(blind.map(|r| &r.error)) {
            tracing::warn!(source = key, %error, "the round is not whole");
            self.silent_on(key, channel, error.clone());
        }
        write.cursors = self.moved_cursors(key, channel, &delivery);
        let looked = self.look_at_alarms();
        self.cache.store(write);
        applied.map(drop).and(looked)
    }

    /// A channel had no answer: what was known stays, marked as old.
    ///
    /// # Errors
    /// When the disk does not take the alarm.
    pub fn no_answer(&mut self, key: &str, channel: Channel, error: FeedError) -> Result<(), AppError> {
        self.silent_on(key, channel, error);
        self.look_at_alarms()
    }

    fn silent_on(&mut self, key: &str, channel: Channel, error: FeedError) {
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
}

impl Engine {
    /// Takes in a reading: what it changes is in memory when this returns, and nowhere else yet. `heard` is when its source
    /// was heard last. What only the whole region knows of a record is added to `write`.
    pub(crate) fn take_in(
        &mut self,
        reading: &Reading,
        write: &mut Write,
        heard: Option<Timestamp>,
    ) -> Result<Outcome, AppError> {
        let now = self.now();
        let mut outcome = Outcome::default();
        let mut stops = StopVersions::default();
        for (change, record) in reading.changes.iter().zip(&mut write.changes) {
            let (verdict, key) = (self.versions.judge(record), record.key.clone());
            match (verdict, change) {
                (Applied::Older, _) => outcome.older += 1,
                (_, Change::Put { fact: Fact::Other, .. }) => outcome.kept += 1,
                (Applied::Changed, Change::Delete { .. }) => {
                    self.moment_mut().region.remove(&key);
                    self.raw_stops.remove(&key.id);
                    outcome.removed += 1;
                }
                (Applied::Changed, Change::Put { fact, raw, .. }) => {
                    if let Fact::Stop(stop) = fact {
                        stops.add(stop, self.region.stops.get(&key.id));
                        self.raw_stops.insert(key.id.clone(), raw.clone());
                    }
                    self.put(&key, fact, record.updated);
                    record.site = self.site_of(fact);
                    outcome.changed += 1;
                }
                (Applied::Same, Change::Put { .. }) => outcome.same += 1,
                (Applied::Same, Change::Delete { .. }) => {}
            }
        }
        if let Some(complete) = &write.complete {
            let named = write.changes.iter().map(|c| &c.key).collect();
            let gone = self
                .versions
                .gone(&write.source, &complete.kinds, &named, &complete.kept, now);
            for key in &gone {
                self.moment_mut().region.remove(key);
                self.raw_stops.remove(&key.id);
            }
            outcome.removed += gone.len();
        }
        if let Some(remarks) = &write.remarks {
            self.remark(remarks);
        }
        let told = self.tell_versions(&stops.between_looks(now, heard));
        if outcome.changed + outcome.removed > 0 {
            self.changed(REGION_VIEWS);
            self.lay_own_labels()?;
            self.dissolve_agreed()?;
            self.advance_region();
        }
        told.map(|()| outcome)
    }

    /// The site that a place belongs to: what lies together is asked for together.
    fn site_of(&self, fact: &Fact) -> Option<String> {
        let Fact::Place(place) = fact else { return None };
        self.region.site_of(&place.id).map(|site| site.0.clone())
    }

    /// Shows remarks as they will stand on disk: each once, with since when; after a delivery of everything no others.
    pub(crate) fn remark(&mut self, remarks: &Remarks) {
        let (now, from) = (self.now(), &remarks.from);
        let is = |known: &NotUnderstood, new: &Remark| {
            known.source == *from && known.path == new.path && known.code == new.code && known.detail == new.detail
        };
        let mut shown: Vec<NotUnderstood> = self.not_understood.to_vec();
        if remarks.complete {
            shown.retain(|known| known.source != *from || remarks.list.iter().any(|new| is(known, new)));
        }
        for new in &remarks.list {
            if !shown.iter().any(|known| is(known, new)) {
                let first = NotUnderstood {
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
    pub(crate) fn hear(&mut self, report: WriteReport) {
        match report {
            WriteReport::Stored { .. } => {
                if std::mem::take(&mut self.cache_failing) {
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
            // Forgotten on disk already, which is what is reported here.
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

    /// Lets the sums of the sites follow the clock: reservations begin and end, labels run out.
    pub(crate) fn advance_region(&mut self) {
        let moment = self.moment_mut();
        let changes = moment.region.advance(moment.now, &moment.zone);
        if !changes.is_empty() {
            self.changed(REGION_VIEWS);
        }
    }

    /// Puts one fact in its place. A score goes on the line of its emergency department too.
    fn put(&mut self, key: &RecordKey, fact: &Fact, written: Timestamp) {
        if let Fact::Measurement(m) = fact
            && let Some((score, _)) = m.shown()
        {
            self.moment_mut().trends.add(&key.id, written, score);
        }
        self.moment_mut().region.put(key, fact.clone(), written);
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
            self.moment_mut().region.lay_label(label);
        }
        Ok(())
    }
}

/// The versions of each stop in one delivery, oldest first, after the one that was known before.
#[derive(Default)]
struct StopVersions(BTreeMap<StopId, (bool, Vec<Stop>)>);

impl StopVersions {
    fn add(&mut self, stop: &Stop, known: Option<&Stop>) {
        let (_, versions) = self
            .0
            .entry(stop.id.clone())
            .or_insert_with(|| (known.is_some(), vec![]));
        versions.push(stop.clone());
    }

    /// What a look at the last version alone would miss. A single version that nobody knew and that is over already has
    /// begun and ended since `heard`, when the source was heard last; one that ended before the first look is no news.
    fn between_looks(self, now: Timestamp, heard: Option<Timestamp>) -> Vec<Stop> {
        let mut told = vec![];
        for (known, versions) in self.0.into_values() {
            match versions.as_slice() {
                [only] if !known && !only.holds_at(now) => {
                    let begun_since = only
                        .start
                        .zip(heard)
                        .is_some_and(|(start, heard)| start >= heard && start <= now);
                    if begun_since {
                        let as_it_stood = Stop {
                            active: true,
                            end: None,
                            ..only.clone()
                        };
                        told.extend([as_it_stood, only.clone()]);
                    }
                }
                [] | [_] => {}
                _ => told.extend(versions),
            }
        }
        told
    }
}
