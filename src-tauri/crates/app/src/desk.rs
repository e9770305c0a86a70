//! The desk: the region in memory, the two databases under it, and what stands between them and the screen.

use crate::{
    account::Account,
    alarms::{Call, Toast},
    assets::{self, Agreements, StopCodes},
    clock::Clock,
    error::AppError,
    rules::{AlarmChoice, AlarmRules},
    source::Source,
    tiles::TileChoice,
};
use domain::{
    PlaceId,
    alarm::Alarm,
    annunciation::Annunciator,
    codelist::CodeLists,
    confirmation::Confirmation,
    guard::Guard,
    ids::AlarmId,
    label::{LabelKind, LabelOverride},
    label_set::LabelSet,
    region::{Fact, Region},
};
use feed::{Change, Profile, Reading, sync::Delivery};
use jiff::{Timestamp, tz::TimeZone};
use std::{cell::RefCell, collections::BTreeMap, path::PathBuf, sync::Arc};
use store::{Applied, Batch, Cache, CacheState, Incoming, Ledger, NotUnderstood, OutboxKind};

/// Where the two databases lie.
#[derive(Clone, Debug)]
pub struct Paths {
    pub dir: PathBuf,
}

impl Paths {
    pub fn cache(&self) -> PathBuf {
        self.dir.join("cache.sqlite")
    }

    pub fn ledger(&self) -> PathBuf {
        self.dir.join("ledger.sqlite")
    }
}

/// Who sits at the desk: a name or a role, never more (domain.md 6).
#[derive(Clone, Debug)]
pub struct Identity {
    pub user: String,
    pub workstation: String,
}

/// Everything that one desk holds.
pub struct Desk {
    pub(crate) cache: Cache,
    pub(crate) ledger: Ledger,
    pub region: Region,
    pub(crate) alarms: BTreeMap<AlarmId, Alarm>,
    pub(crate) toasts: Vec<Toast>,
    pub(crate) calls: Vec<Call>,
    pub(crate) guard: Guard,
    pub(crate) annunciator: Annunciator,
    pub(crate) rules: AlarmRules,
    pub(crate) alarm_choice: AlarmChoice,
    pub(crate) own_labels: BTreeMap<(PlaceId, LabelKind), LabelOverride>,
    /// By their outbox rows.
    pub(crate) own_confirmations: Vec<(String, Confirmation)>,
    pub(crate) undo: Vec<Vec<LabelOverride>>,
    pub profile: Profile,
    pub codes: CodeLists,
    pub stop_codes: StopCodes,
    pub(crate) agreements: Agreements,
    pub(crate) tiles: TileChoice,
    pub(crate) account: Account,
    pub(crate) sets: Vec<LabelSet>,
    /// When the person at the desk began the gesture of labelling that is under way.
    pub(crate) labelling_since: Option<Timestamp>,
    pub(crate) clock: Arc<dyn Clock>,
    pub zone: TimeZone,
    pub identity: Identity,
    pub(crate) sources: Vec<Source>,
    pub storage_note: Option<String>,
    /// Said as long as the system does not take native notifications (AH-19).
    pub notification_note: Option<String>,
    /// Said as long as no sound can be made (AH-20).
    pub sound_note: Option<String>,
    /// Each SEH's own half year.
    pub(crate) half_years: RefCell<BTreeMap<String, HalfYear>>,
    /// Grows with every resource that says something else than before.
    pub(crate) region_changes: u64,
    /// Grows with every change of what a screen could show.
    pub revision: u64,
}

/// When it was read, and the scores with the seconds that each stood.
type HalfYear = (Timestamp, Vec<(f64, i64)>);

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

impl Desk {
    /// Opens both databases and puts the last known picture in memory; no network is touched.
    ///
    /// # Errors
    /// When the ledger cannot be had, or a file is of a newer version.
    pub fn open(paths: &Paths, clock: Arc<dyn Clock>, identity: Identity) -> Result<Self, AppError> {
        let now = clock.now();
        let (ledger, opening) = Ledger::open(&paths.ledger(), now)?;
        if let Some(why) = &opening.not_backed_up {
            tracing::error!(%why, "no copy of the ledger from before its migration");
        }
        let (cache, state) = Cache::open(&paths.cache(), now)?;
        // Opening looks at the header only: what lies deeper shows when the region is read.
        let (cache, state) = match cache.facts(None) {
            Err(error) if error.is_damage() => {
                drop(cache);
                Cache::rebuild(&paths.cache(), &error.to_string(), now)?
            }
            _ => (cache, state),
        };
        let storage_note = match (&state, opening.set_aside) {
            (_, Some(aside)) => Some(format!("Logboek was beschadigd en is bewaard als {}", aside.display())),
            (CacheState::Rebuilt(_), None) => {
                Some("Regiogegevens waren beschadigd en worden opnieuw opgehaald".to_owned())
            }
            (CacheState::InMemory(_), None) => {
                Some("Schijf niet bruikbaar: gegevens staan alleen in het geheugen".to_owned())
            }
            (CacheState::Whole, None) => None,
        };
        let mut desk = Self {
            alarms: ledger.alarms()?.into_iter().map(|a| (a.id.clone(), a)).collect(),
            own_labels: ledger
                .labels()?
                .into_iter()
                .map(|(_, l)| ((l.bed.clone(), l.kind), l))
                .collect(),
            sets: ledger.sets()?,
            cache,
            ledger,
            region: Region::default(),
            toasts: vec![],
            calls: vec![],
            guard: Guard::default(),
            annunciator: Annunciator::default(),
            rules: assets::alarm_rules()?,
            alarm_choice: AlarmChoice::default(),
            own_confirmations: vec![],
            undo: vec![],
            profile: Profile::shipped()?,
            codes: assets::code_lists()?,
            stop_codes: assets::stop_codes()?,
            agreements: Agreements::default(),
            tiles: TileChoice::default(),
            account: Account::default(),
            labelling_since: None,
            clock,
            zone: domain::service_day::dutch_zone(),
            identity,
            sources: vec![],
            storage_note,
            notification_note: None,
            sound_note: None,
            half_years: RefCell::default(),
            region_changes: 0,
            revision: 0,
        };
        desk.read_sources()?;
        desk.read_own_confirmations()?;
        desk.region = desk.region_at(None)?;
        desk.lay_own_labels()?;
        desk.tiles = desk.setting("tiles")?.unwrap_or_default();
        desk.alarm_choice = desk.setting("alarms")?.unwrap_or_default();
        desk.read_data_folder(&paths.dir);
        if let Err(error) = desk.back_up_daily(paths) {
            tracing::error!(%error, "the ledger was not backed up");
            desk.storage_note
                .get_or_insert("Van het logboek kon geen reservekopie worden gemaakt".to_owned());
        }
        Ok(desk)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The region as it was at a past moment, or as it was delivered last.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn region_at(&self, at: Option<Timestamp>) -> Result<Region, AppError> {
        let mut region = Region::default();
        for stored in self.cache.facts(at)? {
            region.put(&stored.key, stored.fact, stored.written);
        }
        Ok(region)
    }

    /// Applies what a round with the server brought, in one transaction, and looks at the alarms.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing was applied.
    pub fn apply(&mut self, delivery: &Delivery, key: &str) -> Result<Outcome, AppError> {
        let address = self.source(key).map(|s| s.settings.address.clone()).unwrap_or_default();
        let outcome = self.take_in(&delivery.reading, delivery.complete.then_some(key), &address)?;
        let skew = delivery.server_date.map(|server| self.now().duration_since(server));
        self.answer_came(key, skew)?;
        self.look_at_alarms()?;
        Ok(outcome)
    }

    /// Takes in a reading: refused pieces are kept beside their reasons, the rest becomes the region. `complete` is the
    /// key of the source of which it holds everything.
    pub(crate) fn take_in(
        &mut self,
        reading: &Reading,
        complete: Option<&str>,
        from: &str,
    ) -> Result<Outcome, AppError> {
        let now = self.now();
        let delivered = reading.delivered.unwrap_or(now);
        let incoming: Vec<Incoming> = reading
            .changes
            .iter()
            .map(|change| {
                let head = change.head();
                let (fact, raw) = match change {
                    Change::Put { fact, raw, .. } => (Some(fact), raw.as_str()),
                    Change::Delete { .. } => (None, ""),
                };
                Incoming {
                    key: &head.key,
                    version: head.version.as_deref(),
                    updated: head.updated.unwrap_or(delivered),
                    fact,
                    raw,
                }
            })
            .collect();
        let Batch { applied, gone } = self.cache.apply(&incoming, complete, now)?;
        let mut outcome = Outcome {
            removed: gone.len(),
            ..Outcome::default()
        };
        for (one, what) in incoming.iter().zip(&applied) {
            match (what, one.fact) {
                (Applied::Older, _) => outcome.older += 1,
                (_, Some(Fact::Other)) => outcome.kept += 1,
                (Applied::Changed, None) => {
                    self.region.remove(one.key);
                    outcome.removed += 1;
                }
                (Applied::Changed, Some(fact)) => {
                    self.region.put(one.key, fact.clone(), one.updated);
                    outcome.changed += 1;
                }
                (Applied::Same, Some(_)) => outcome.same += 1,
                (Applied::Same, None) => {}
            }
        }
        for key in &gone {
            self.region.remove(key);
        }
        let refused = reading.refused.iter().map(|r| (&r.problem, r.raw.as_deref()));
        let remarks = reading.problems.iter().map(|p| (p, None)).chain(refused);
        self.cache.keep_not_understood(
            from,
            now,
            remarks.map(|(p, raw)| (p.path.as_str(), p.code, p.detail.as_str(), raw)),
        )?;
        if complete.is_some() {
            self.cache.forget_understood(from, now)?;
        }
        self.lay_own_labels()?;
        self.dissolve_agreed()?;
        self.region_changes += (outcome.changed + outcome.removed) as u64;
        self.revision += 1;
        Ok(outcome)
    }

    /// Lays what this desk confirmed beside what the server has, and its labels over those that the server has, as long as the server has not accepted them: from
    /// then on what stands there is the truth for every desk. Of its own label only this desk knows what lay under it
    /// and which set laid it.
    pub(crate) fn lay_own_labels(&mut self) -> Result<(), AppError> {
        self.lay_own_confirmations();
        let unaccepted = self.ledger.unaccepted(OutboxKind::Label)?;
        for (key, own) in &self.own_labels {
            let waits = || unaccepted.contains(&feed::encode::override_key(key.0.as_str(), key.1));
            match self.region.labels.get_mut(key) {
                None => {
                    self.region.labels.insert(key.clone(), own.clone());
                }
                Some(server) => {
                    let same = server.from == own.from && server.element == own.element && server.author == own.author;
                    if same || waits() {
                        let (server_id, version) = (server.server_id.clone(), server.version.clone());
                        *server = LabelOverride {
                            server_id,
                            version,
                            ..own.clone()
                        };
                    }
                }
            }
        }
        Ok(())
    }

    /// A disk does not take what must be kept: said, and an alarm, until the application starts anew.
    pub fn storage_failed(&mut self, why: &str) {
        tracing::error!(%why, "the disk does not take it");
        let note = "De schijf neemt niets meer aan: wat nu gebeurt, wordt niet bewaard";
        self.storage_note.get_or_insert_with(|| note.to_owned());
        self.revision += 1;
    }

    /// Time went by: sets come and go, alarms are looked at.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn tick(&mut self) -> Result<(), AppError> {
        self.lay_sets()?;
        self.look_at_alarms()
    }

    /// SQLite's own check of both files, and how much is not understood.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn check(&self) -> Result<Vec<(String, String)>, AppError> {
        Ok(vec![
            ("cache".to_owned(), self.cache.integrity()?),
            ("ledger".to_owned(), self.ledger.integrity()?),
            (
                "audit-trail".to_owned(),
                self.ledger
                    .first_broken_link()?
                    .map_or_else(|| "ok".to_owned(), |row| format!("broken at row {row}")),
            ),
            (
                "not-understood".to_owned(),
                self.cache.not_understood()?.len().to_string(),
            ),
        ])
    }

    /// What was delivered and not, or only partly, understood.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn not_understood(&self) -> Result<Vec<NotUnderstood>, AppError> {
        Ok(self.cache.not_understood()?)
    }
}
