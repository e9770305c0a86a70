//! Opening the desk with its last picture; no network is touched.

use super::{Engine, Identity, Paths};
use crate::{
    AppError, Clock,
    access::Account,
    alarms::AlarmChoice,
    assets::{self, Agreements},
    drive_times,
    effect::View,
    health::{Health, StorageNote},
    location::Trends,
    moment::Moment,
    region::TileChoice,
    say,
    storage::{Places, Storage},
    text::{Language, Spoken, clock},
};
use domain::{
    alarms::{Alarm, StorageProblem, annunciator::Annunciator, nuisance::Nuisance},
    label::LabelOverride,
    label_set::LabelSet,
    region::{Changes, RecordKey, RecordKind, Region},
};
use feed::Profile;
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
    sync::{Arc, mpsc},
};
use store::{
    Cache, CacheState, CacheWriter, Facts, Ledger, LedgerOpening, Limits, OutboxRow, Rows, StoreError, Unreadable,
    WriteReport,
};

impl Engine {
    /// Opens both databases and puts the last known picture in memory.
    ///
    /// # Errors
    /// When the ledger cannot be had, or a file is of a newer version.
    pub fn open(paths: &Paths, clock: Arc<dyn Clock>, identity: Identity) -> Result<Self, AppError> {
        let now = clock.now();
        let (ledger, opening, standing) = open_ledger(&paths.ledger(), now)?;
        if let Some(why) = &opening.not_backed_up {
            tracing::error!(%why, "no copy of the ledger from before its migration");
        }
        let (tell, stored) = mpsc::channel();
        let (cache, state, facts) = open_cache(&paths.cache(), now, tell)?;
        for (key, why) in &facts.unreadable {
            tracing::error!(%key, ?why, "a fact is not readable; its source is asked again");
        }
        let reader = cache.reader()?;
        let Standing {
            alarms,
            unreadable,
            labels,
            sets,
            outbox,
            whole_outbox,
        } = standing;
        for row in &unreadable {
            tracing::error!(?row, "a row of the ledger is not readable; it is kept");
        }
        let storage = storage_note(&state, &opening, unreadable.len(), now);
        let places = Places {
            cache: cache.place().clone(),
            ledger: ledger.place().clone(),
        };
        let own_labels = labels.into_iter().map(|(_, l)| ((l.bed.clone(), l.kind), l));
        let moment = Moment {
            now,
            zone: domain::service_day::dutch_zone(),
            language: Language::default(),
            region: Region::default(),
            alarms: Arc::new(alarms.into_iter().map(|a| (a.id.clone(), a)).collect()),
            annunciator: Annunciator::default(),
            flood: None,
            failures: 0,
            own_labels: Arc::new(own_labels.collect::<BTreeMap<_, _>>()),
            own_confirmations: Arc::default(),
            sets: Arc::new(sets),
            sources: Arc::default(),
            sources_forgotten: false,
            outbox: Arc::new(outbox),
            trends: Trends::default(),
            not_understood: Arc::new(reader.not_understood()?),
            health: Health {
                storage,
                ..Health::default()
            },
            storage: Arc::new(Storage::at(places)),
            identity: Arc::new(identity),
            account: Arc::new(Account::default()),
            tiles: Arc::new(TileChoice::default()),
            rules: Arc::new(assets::alarm_rules()?),
            alarm_choice: Arc::new(AlarmChoice::default()),
            share_label_time: false,
            profile: Arc::new(Profile::shipped()?),
            codes: Arc::new(assets::code_lists()?),
            stop_codes: Arc::new(assets::stop_codes()?),
            agreements: Arc::new(Agreements::default()),
            drive_times: Arc::new(drive_times::shipped()?),
        };
        let mut engine = Self {
            moment,
            ledger,
            cache,
            stored,
            cache_failing: false,
            ledger_due: None,
            versions: reader.versions()?,
            raw_stops: BTreeMap::new(),
            paths: paths.clone(),
            ticked_at: now,
            pruned_at: None,
            clock,
            nuisance: Nuisance::default(),
            shift: None,
            undo: vec![],
            labelling_since: None,
            effects: vec![],
            changed: BTreeSet::new(),
            region_changes: Changes::default(),
            recently_changed: BTreeMap::new(),
            staged: None,
            pending_alarm_writes: VecDeque::new(),
            unstored: VecDeque::new(),
            evaluations: 0,
            failed_at: None,
        };
        engine.read_sources(&reader)?;
        engine.read_own_confirmations(whole_outbox);
        let ask: Vec<String> = facts.sources_to_ask().into_iter().map(str::to_owned).collect();
        for source in ask {
            let records = facts.unreadable.iter().map(|(key, _)| key.clone());
            let records = records.filter(|key| domain::ids::source_of(&key.id) == source);
            engine.cache.ask_again(&source, records.collect());
            engine.forget_cursors(&source);
        }
        engine.moment.region = region_of(facts, &engine.moment);
        for id in engine.moment.region.stops.keys() {
            if let Some(raw) = reader.raw(&RecordKey::new(RecordKind::Stop, id.as_str()))? {
                engine.raw_stops.insert(id.clone(), raw);
            }
        }
        engine.lay_own_labels()?;
        engine.moment.tiles = Arc::new(engine.setting("tiles")?.unwrap_or_default());
        engine.moment.alarm_choice = Arc::new(engine.setting("alarms")?.unwrap_or_default());
        engine.moment.language = engine.setting("language")?.unwrap_or_default();
        engine.moment.share_label_time = engine.setting("share-label-time")?.unwrap_or(false);
        engine.read_data_folder(&paths.dir);
        engine.shift = engine.shift_name();
        Ok(engine)
    }

    /// The cache turned out damaged while the desk runs: it is set aside, and every source is asked for everything.
    pub(crate) fn rebuild_cache(&mut self, why: &str) {
        let now = self.now();
        let (tell, stored) = mpsc::channel();
        self.cache.abandon();
        let rebuilt = Cache::rebuild(&self.paths.cache(), why, now)
            .and_then(|(cache, state)| Ok((CacheWriter::over(cache, Limits::default(), sender(tell))?, state)));
        match rebuilt {
            Ok((cache, state)) => {
                (self.cache, self.stored, self.cache_failing) = (cache, stored, false);
                Arc::make_mut(&mut self.moment.storage).places.cache = self.cache.place().clone();
                if let Some(note) = storage_note(&state, &LedgerOpening::default(), 0, now) {
                    self.moment.health.note_rebuilt(note);
                }
                self.changed([View::Frame]);
                let keys: Vec<String> = self.sources.iter().map(|s| s.settings.key.clone()).collect();
                keys.iter().for_each(|key| self.load_anew(key));
            }
            Err(error) => tracing::error!(%error, "the cache cannot be built anew"),
        }
    }
}

/// What stood at this desk when the application last ran.
struct Standing {
    alarms: Vec<Alarm>,
    unreadable: Vec<Unreadable>,
    labels: Vec<(String, LabelOverride)>,
    sets: Vec<LabelSet>,
    /// What of it still asks for something.
    outbox: Vec<OutboxRow>,
    /// All of it.
    whole_outbox: Vec<OutboxRow>,
}

impl Standing {
    /// Everything of the ledger that opening a desk reads, or that it would find unreadable at its first write.
    fn read(ledger: &Ledger) -> Result<Self, StoreError> {
        ledger.try_reading()?;
        let Rows {
            read: alarms,
            unreadable,
        } = ledger.alarms()?;
        Ok(Self {
            alarms,
            unreadable,
            labels: ledger.labels()?,
            sets: ledger.sets()?,
            outbox: ledger.open_outbox()?,
            whole_outbox: ledger.outbox()?,
        })
    }
}

/// Opens the ledger with what stands in it. Opening looks at its header and schema only: what lies deeper shows when it is
/// read, and must not keep a desk from starting either.
fn open_ledger(path: &Path, now: Timestamp) -> Result<(Ledger, LedgerOpening, Standing), AppError> {
    let (ledger, opening) = Ledger::open(path, now)?;
    let error = match Standing::read(&ledger) {
        Ok(standing) => return Ok((ledger, opening, standing)),
        Err(error) => error,
    };
    if !error.is_damage() && !error.takes_no_writes() {
        return Err(error.into());
    }
    tracing::error!(%error, "the ledger cannot be read; what can be is taken to a new one");
    drop(ledger);
    let (ledger, rebuilt) = Ledger::rebuild(path, &error, now)?;
    let standing = Standing::read(&ledger)?;
    let opening = LedgerOpening {
        set_aside: rebuilt.set_aside,
        in_memory: rebuilt.in_memory,
        ..opening
    };
    Ok((ledger, opening, standing))
}

/// Opens the cache with its facts and starts its writer. Opening looks at the header only: what lies deeper shows when
/// the facts are read.
fn open_cache(
    path: &Path,
    now: Timestamp,
    tell: mpsc::Sender<WriteReport>,
) -> Result<(CacheWriter, CacheState, Facts), AppError> {
    let (cache, state) = Cache::open(path, now)?;
    let (cache, state, facts) = match cache.facts_at(Timestamp::MAX, None) {
        Ok(facts) => (cache, state, facts),
        Err(error) if error.is_damage() => {
            drop(cache);
            let (cache, state) = Cache::rebuild(path, &error.to_string(), now)?;
            (cache, state, Facts::default())
        }
        Err(error) => return Err(error.into()),
    };
    Ok((CacheWriter::over(cache, Limits::default(), sender(tell))?, state, facts))
}

/// Hands reports over from the writer's thread; an engine that is gone needs none.
fn sender(tell: mpsc::Sender<WriteReport>) -> impl FnMut(WriteReport) + Send + 'static {
    move |report| drop(tell.send(report))
}

fn region_of(facts: Facts, moment: &Moment) -> Region {
    let facts = facts.read.into_iter();
    let mut region = Region::of(facts.map(|stored| (stored.key, stored.fact, stored.written)));
    region.advance(moment.now, &moment.zone);
    region
}

/// The gravest of what opening found.
fn storage_note(cache: &CacheState, ledger: &LedgerOpening, unreadable: usize, now: Timestamp) -> Option<StorageNote> {
    let note = |problem, text: Spoken| Some(StorageNote { problem, text });
    if ledger.in_memory.is_some() {
        return note(
            StorageProblem::LedgerInMemory,
            Spoken::of(|language| say!(language, StorageLedgerInMemory)),
        );
    }
    if let Some(aside) = &ledger.set_aside {
        let detail = aside.display().to_string();
        return note(
            StorageProblem::LedgerSetAside,
            Spoken::of(|language| say!(language, StorageSetAside, detail = detail.as_str())),
        );
    }
    if ledger.not_restored.is_some() {
        return note(
            StorageProblem::LedgerNotRestored,
            Spoken::of(|language| say!(language, StorageNotRestored)),
        );
    }
    if unreadable > 0 {
        return note(
            StorageProblem::UnreadableRows,
            Spoken::of(|language| say!(language, StorageUnreadableAlarms, n = unreadable)),
        );
    }
    if let Some(restored) = &ledger.restored {
        let zone = domain::service_day::dutch_zone();
        let kept = restored.set_aside.as_ref().map(|aside| aside.display().to_string());
        let kept = kept.unwrap_or_default();
        let text = Spoken::of(|language| {
            let made = clock(language, restored.made_at, now, &zone);
            say!(language, StorageRestored, made = made, detail = kept.as_str())
        });
        return note(StorageProblem::LedgerRestored, text);
    }
    match cache {
        CacheState::Rebuilt(_) => note(
            StorageProblem::CacheRebuilt,
            Spoken::of(|language| say!(language, StorageRebuilt)),
        ),
        CacheState::InMemory(_) => note(
            StorageProblem::InMemory,
            Spoken::of(|language| say!(language, StorageInMemory)),
        ),
        CacheState::Whole => None,
    }
}
