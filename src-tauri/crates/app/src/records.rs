//! What lies on disk, read beside the engine through connections that can only read.

use crate::{
    AppError,
    engine::Paths,
    location::{HALF_YEAR, Trend},
    moment::Moment,
    storage::Places,
};
use domain::{
    alarms::metrics::AlarmEvent,
    label::LabelOverride,
    region::{Fact, RecordKey, RecordKind, Region},
};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{CacheReader, Ledger, OutboxRow, Spent};

/// One line of the audit trail: when, who, what, and the body as it was kept.
pub type JournalRow = (Timestamp, String, String, String);

/// Where to read. Each question opens a connection of its own and closes it: no reader holds up a checkpoint.
#[derive(Clone, Debug)]
pub struct Records {
    places: Places,
    downloads: Arc<Path>,
}

impl Records {
    /// Reads from the two files; `downloads` is where a person looks for exported files.
    pub fn new(paths: &Paths, downloads: PathBuf) -> Self {
        Self {
            places: Places::files(paths),
            downloads: downloads.into(),
        }
    }

    /// The same, read where the desk has them: in memory, where no file can be had.
    #[must_use]
    pub fn of(&self, moment: &Moment) -> Self {
        Self {
            places: moment.storage.places.clone(),
            ..self.clone()
        }
    }

    /// Where exported files go.
    pub fn downloads(&self) -> PathBuf {
        self.downloads.to_path_buf()
    }

    fn ledger(&self) -> Result<Ledger, AppError> {
        Ok(Ledger::open_query_only(&self.places.ledger)?)
    }

    fn cache(&self) -> Result<CacheReader, AppError> {
        Ok(CacheReader::at(&self.places.cache)?)
    }

    /// Every label that was given here since a moment, oldest first, with when.
    ///
    /// # Errors
    /// When the ledger cannot be read; so everywhere below.
    pub fn labels_since(&self, since: Timestamp) -> Result<Vec<(Timestamp, LabelOverride)>, AppError> {
        Ok(self.ledger()?.labels_since(since)?)
    }

    /// What labelling cost since a moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn spent_since(&self, since: Timestamp) -> Result<Vec<Spent>, AppError> {
        Ok(self.ledger()?.spent_since(since)?)
    }

    /// The alarm log since a moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn alarm_events(&self, since: Timestamp) -> Result<Vec<AlarmEvent>, AppError> {
        let events = self.ledger()?.alarm_events(since)?;
        for row in events.unreadable {
            tracing::warn!(?row, "a line of the alarm log is not readable");
        }
        Ok(events.read)
    }

    /// The whole outbox, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, AppError> {
        Ok(self.ledger()?.outbox()?)
    }

    /// The audit trail, oldest first.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn journal(&self) -> Result<Vec<JournalRow>, AppError> {
        Ok(self.ledger()?.journal()?)
    }

    /// A record as it was delivered last, without patient data.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn raw(&self, key: &RecordKey) -> Result<Option<String>, AppError> {
        Ok(self.cache()?.raw(key)?)
    }

    /// One record's past since a moment, oldest first: (from, to, fact).
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn history(
        &self,
        key: &RecordKey,
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, Option<Timestamp>, Fact)>, AppError> {
        Ok(self.cache()?.history(key, since)?)
    }

    /// The region as it was at a past moment.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn region_at(&self, at: Timestamp) -> Result<Region, AppError> {
        let facts = self.cache()?.facts(Some(at))?.into_iter();
        let mut region = Region::of(facts.map(|stored| (stored.key, stored.fact, stored.written)));
        region.advance(at, &domain::service_day::dutch_zone());
        Ok(region)
    }

    /// A past moment: what a view draws is then what the screen showed.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn moment_at(&self, now: &Moment, then: Timestamp) -> Result<Moment, AppError> {
        let mut region = self.region_at(then)?;
        // How the clocks stood then is not kept.
        region.take_clocks_of(&now.region);
        region.advance(then, &now.zone);
        Ok(now.at(region, then))
    }

    /// The last half year of every emergency department that is measured.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn trends(&self, moment: &Moment) -> Result<BTreeMap<String, Trend>, AppError> {
        let cache = self.cache()?;
        let mut trends = BTreeMap::new();
        for id in moment.region.measurements.keys() {
            let key = RecordKey {
                kind: RecordKind::Observation,
                id: id.clone(),
            };
            let past = cache.history(&key, moment.now - HALF_YEAR)?.into_iter();
            let scores = past.filter_map(|(from, _, fact)| {
                let Fact::Measurement(m) = fact else { return None };
                Some((from, m.shown()?.0))
            });
            trends.insert(id.clone(), Trend::of(scores));
        }
        Ok(trends)
    }

    /// SQLite's own check of both files, the chain of the audit trail, and how much is not understood.
    ///
    /// # Errors
    /// When a file cannot be read at all.
    pub fn check(&self) -> Result<Vec<(String, String)>, AppError> {
        let (ledger, cache) = (self.ledger()?, self.cache()?);
        let broken = ledger.first_broken_link()?;
        let chain = broken.map_or_else(|| "ok".to_owned(), |row| format!("broken at row {row}"));
        Ok(vec![
            ("cache".to_owned(), cache.integrity()?),
            ("ledger".to_owned(), ledger.integrity()?),
            ("audit-trail".to_owned(), chain),
            ("not-understood".to_owned(), cache.not_understood()?.len().to_string()),
        ])
    }
}
