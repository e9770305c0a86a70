//! From what is known to alarm conditions: what is true now that asks for somebody's timely response.
//!
//! Every condition is a function of [`ConditionInputs`]: no desk, database, lock or clock. A new one is a function here,
//! called in [`conditions`], and a kind in the domain's alarm catalogue; nothing else has to know.

use super::copies::{self, Told};
use crate::{
    alarms::Watching,
    assets::StopCodes,
    health::StorageNote,
    moment::Moment,
    outbox::UnsentStop,
    say,
    sources::{FeedError, Link},
    text::{Language, alarm_words, error_in_words, reasons_in_words},
};
use domain::{
    PlaceId, SourceKey, StopId,
    alarms::{
        Alarm, AlarmId, AlarmKind, AlarmOrigin, AlarmScope, AlarmSubject, AlarmText, ClockDirection, Condition,
        FeedProblem, LeadingReason, StorageProblem, entry,
    },
    freshness::{self, Freshness},
    ids::source_of,
    place::Place,
    region::Region,
    stop::{Stop, StopLevel, StopStatus},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

/// Two delivery cycles: a location silent for longer is a loss of view.
const SILENT: SignedDuration = SignedDuration::from_mins(10);

/// One cycle: no answer from the whole source for longer is a loss of view.
const LOST: SignedDuration = SignedDuration::from_mins(5);

/// Our clock and the server's may honestly differ by this much.
const CLOCK_LIMIT_S: i64 = 120;

/// Busier than this share of its own half year is worth an alarm where somebody asked for one.
const BUSY_PERCENT: u32 = 90;

/// What the conditions are worked out from.
pub struct ConditionInputs<'a> {
    pub region: &'a Region,
    pub sources: Vec<SourceInput<'a>>,
    /// Which sources were followed was lost, with what they delivered still there.
    pub sources_forgotten: bool,
    pub stop_codes: &'a StopCodes,
    pub watching: Watching<'a>,
    pub storage: Option<&'a StorageNote>,
    /// Stops of this desk that the server should have taken by now, oldest first.
    pub unsent: Vec<UnsentStop>,
    /// Busier than this percentage of its own half year, for the sites where somebody asked to be told.
    pub busier_than: BTreeMap<PlaceId, u32>,
    /// Which origins come and go, and how often within the minute.
    pub chattering: BTreeMap<AlarmOrigin, usize>,
    /// The alarms that stand: what holds already must go further back than what is new to be over.
    pub standing: &'a BTreeMap<AlarmId, Alarm>,
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    /// Of the words alone: what holds, and what an alarm is about, is the same in every language.
    pub language: Language,
}

/// A source as the conditions need it.
pub struct SourceInput<'a> {
    pub key: SourceKey,
    /// For people.
    pub name: String,
    pub link: &'a Link,
    /// Our clock less the source's.
    pub clock_skew: Option<SignedDuration>,
}

impl ConditionInputs<'_> {
    fn link(&self, source: &SourceKey) -> &Link {
        let source = self.sources.iter().find(|s| s.key == *source);
        source.map_or(&Link::None, |s| s.link)
    }

    fn stands(&self, id: &AlarmId) -> bool {
        self.standing.get(id).is_some_and(|a| a.active)
    }

    fn phone(&self, place: &PlaceId) -> Option<String> {
        self.region.phone(place, self.now, self.zone)
    }

    /// Whether an alarm's condition is over when it is no longer seen. Without a live feed it may still hold; and it does
    /// still hold where only this shift or this desk does not watch it.
    pub fn may_conclude_absence(&self, alarm: &Alarm) -> bool {
        let source = match alarm.id.stop() {
            Some(stop) => {
                // What its hospital said last decides, whatever else of its source does not answer.
                if let Some(known) = self.region.stops.get(stop.as_str()) {
                    let holds = self.region.holds(known, self.now) && copies::is_about(self.region, &alarm.id, known);
                    return !holds || self.region.in_shadow(&known.place);
                }
                if self.is_listed(&alarm.id, stop) {
                    return false;
                }
                // The alarm is of the first source that knows the hospital, which need not be the one that told.
                source_of(stop.as_str()).into()
            }
            None => alarm.id.source().clone(),
        };
        let link = self.link(&source);
        if alarm.kind == AlarmKind::FeedSilent && matches!(link, Link::Live) {
            let site = self.region.sites().find(|s| alarm.id.site() == Some(&s.id));
            return !site.is_some_and(|site| !site.shadow && is_silent(self, site));
        }
        !entry(alarm.kind).absence_needs_live_feed || matches!(link, Link::Live | Link::None)
    }

    /// Whether a service lists a closure that nobody announced.
    fn is_listed(&self, alarm: &AlarmId, closure: &StopId) -> bool {
        let of = |site: &&Place| !site.shadow && alarm.site() == Some(&copies::first_site(self.region, site).id);
        let mut sites = self.region.sites().filter(of);
        sites.any(|site| {
            let holding = self.region.holding_stops(&site.id, self.now);
            holding.iter().any(|stop| stop.id == *closure)
        })
    }
}

/// Every condition that holds, by its alarm's id.
pub fn conditions(inputs: &ConditionInputs<'_>) -> BTreeMap<AlarmId, Condition> {
    let sites = || inputs.region.sites().filter(|s| !s.shadow);
    let mut found = stop_conditions(inputs);
    found.extend(sites().filter_map(|site| busyness_condition(inputs, site)));
    found.extend(sites().filter_map(|site| silent_condition(inputs, site)));
    found.extend(inputs.sources.iter().filter_map(|s| lost_condition(inputs, s)));
    found.extend(inputs.sources_forgotten.then(|| forgotten_condition(inputs.language)));
    found.extend(inputs.sources.iter().filter_map(|s| clock_condition(inputs, s)));
    found.extend(inputs.storage.map(|note| storage_condition(inputs, note)));
    found.extend(unsent_condition(inputs));
    found.extend(
        inputs
            .chattering
            .keys()
            .filter_map(|origin| chatter_condition(inputs, origin)),
    );
    found
        .into_iter()
        .map(|condition| (condition.id.clone(), condition))
        .collect()
}

/// Of every stop that holds: also one whose site is not known, hidden from this account or no longer in use.
fn stop_conditions(inputs: &ConditionInputs<'_>) -> Vec<Condition> {
    let (region, now) = (inputs.region, inputs.now);
    let in_use: BTreeSet<&PlaceId> = region.sites().map(|s| &s.id).collect();
    let mut found = vec![];
    for site in region.sites().filter(|s| !s.shadow) {
        let stops = region.holding_stops(&site.id, now);
        found.extend(stops.into_iter().map(|stop| (stop, Some(site))));
    }
    for stop in region.stops.values().filter(|stop| region.holds(stop, now)) {
        let site = region.site_of(&stop.place).and_then(|id| region.place(id));
        let told_above = site.is_some_and(|s| in_use.contains(&s.id));
        if !told_above && !region.in_shadow(&stop.place) {
            found.push((stop.clone(), site));
        }
    }
    let told = copies::each_once(region, inputs.standing, found);
    told.into_iter()
        .filter_map(|told| stop_condition(inputs, told))
        .collect()
}

/// What a stop is to this desk, whether it still holds or not; nothing where nobody here is called for it.
pub(super) fn condition_of_stop(inputs: &ConditionInputs<'_>, stop: &Stop) -> Option<Condition> {
    let region = inputs.region;
    let site = region.site_of(&stop.place).and_then(|id| region.place(id));
    if region.in_shadow(&stop.place) {
        return None;
    }
    let told = Told {
        id: copies::alarm_of(region, inputs.standing, stop),
        stop: stop.clone(),
        site: site.map(|site| copies::first_site(region, site)),
    };
    stop_condition(inputs, told)
}

fn stop_condition(inputs: &ConditionInputs<'_>, told: Told<'_>) -> Option<Condition> {
    let Told { id, stop, site } = told;
    let stop = &stop;
    let kind = match stop.level {
        StopLevel::Threatened => AlarmKind::ThreatenedStop,
        StopLevel::Stop if stop.service.is_seh() => AlarmKind::SehStop,
        StopLevel::Stop => AlarmKind::ServiceStop,
    };
    let at = site.map_or(&stop.place, |s| &s.id);
    let priority = inputs
        .watching
        .stop_priority(at, &stop.service, stop.level, kind.priority())?;
    let language = inputs.language;
    let service = inputs.stop_codes.service(stop.service.as_str());
    let what = match stop.level {
        StopLevel::Stop => say!(language, AlarmServiceInStop, service = service),
        StopLevel::Threatened => say!(language, AlarmServiceThreatened, service = service),
    };
    let nearest = || nearest_open(inputs, site?);
    let advice = match stop.level {
        StopLevel::Threatened => say!(language, AlarmCallFirst),
        StopLevel::Stop if stop.service.is_seh() => match nearest() {
            Some((name, minutes)) => say!(language, AlarmNearestOpen, name = name, min = minutes),
            None => say!(language, AlwaysWelcome),
        },
        StopLevel::Stop => say!(language, AlwaysWelcome),
    };
    Some(Condition {
        // A threat that becomes a stop is the same alarm, escalated.
        id,
        kind,
        priority,
        place: site.map(|s| s.id.clone()),
        subject: AlarmSubject::Stop {
            service: stop.service.clone(),
            level: stop.level,
            reason: LeadingReason::of(&stop.reasons),
        },
        text: AlarmText {
            hospital: site.map_or_else(|| unknown_site(inputs, stop), |s| s.name.clone()),
            what,
            since: stop.start,
            expected_end: stop.expected_end,
            reason: reasons_in_words(&stop.reasons),
            advice,
            phone: inputs.phone(at),
        },
    })
}

/// What is known of where a stop is when its site is not.
fn unknown_site(inputs: &ConditionInputs<'_>, stop: &Stop) -> String {
    let place = match inputs.region.place(&stop.place) {
        Some(place) if !place.name.is_empty() => &place.name,
        Some(_) | None => stop.place.as_str(),
    };
    say!(inputs.language, AlarmUnknownHospital, place = place)
}

fn is_silent(inputs: &ConditionInputs<'_>, site: &Place) -> bool {
    let age = inputs.region.age_s(&site.id, inputs.now);
    age.is_none_or(|s| s > SILENT.as_secs() || freshness::lies_ahead(s))
}

/// A location of a source that answers has not delivered for longer than two cycles.
fn silent_condition(inputs: &ConditionInputs<'_>, site: &Place) -> Option<Condition> {
    let id = AlarmId::of_site(AlarmKind::FeedSilent, &site.id);
    let live = matches!(inputs.link(id.source()), Link::Live);
    let age = inputs.region.age_s(&site.id, inputs.now);
    (live && is_silent(inputs, site) && inputs.watching.watches(&site.id)).then(|| Condition {
        id,
        kind: AlarmKind::FeedSilent,
        priority: AlarmKind::FeedSilent.priority(),
        place: Some(site.id.clone()),
        subject: AlarmSubject::Plain,
        text: AlarmText {
            hospital: site.name.clone(),
            what: alarm_words(inputs.language, AlarmKind::FeedSilent).name,
            since: inputs.region.delivered_at(&site.id),
            expected_end: None,
            reason: match age {
                Some(s) if freshness::lies_ahead(s) => say!(inputs.language, AlarmSilentAhead),
                Some(_) => say!(inputs.language, AlarmSilentSince),
                None => say!(inputs.language, AlarmSilentEver),
            },
            advice: say!(inputs.language, AlarmSilentAdvice),
            phone: inputs.phone(&site.id),
        },
    })
}

/// A whole source has not answered for longer than a cycle.
fn lost_condition(inputs: &ConditionInputs<'_>, source: &SourceInput<'_>) -> Option<Condition> {
    let Link::Offline { since, error } = source.link else {
        return None;
    };
    (inputs.now.duration_since(*since) >= LOST).then(|| Condition {
        id: AlarmId::of_source(AlarmKind::FeedLost, &source.key),
        kind: AlarmKind::FeedLost,
        priority: AlarmKind::FeedLost.priority(),
        place: None,
        subject: AlarmSubject::FeedLost {
            problem: feed_problem(error),
        },
        text: AlarmText {
            hospital: source.name.clone(),
            what: say!(inputs.language, AlarmLostWhat),
            since: Some(*since),
            expected_end: None,
            reason: error_in_words(inputs.language, error.code()),
            advice: say!(inputs.language, AlarmLostAdvice),
            phone: None,
        },
    })
}

/// Nobody is asked any more: what is shown never grows newer, and no stop is told.
fn forgotten_condition(language: Language) -> Condition {
    Condition {
        id: AlarmId::of_source(AlarmKind::FeedLost, &SourceKey::from("")),
        kind: AlarmKind::FeedLost,
        priority: AlarmKind::FeedLost.priority(),
        place: None,
        subject: AlarmSubject::FeedLost {
            problem: FeedProblem::Address,
        },
        text: AlarmText {
            hospital: say!(language, AlarmForgottenWhere),
            what: say!(language, AlarmLostWhat),
            since: None,
            expected_end: None,
            reason: say!(language, AlarmForgottenReason),
            advice: say!(language, AlarmForgottenAdvice),
            phone: None,
        },
    }
}

/// What somebody must do about an error of a source. How a server is down makes no difference to that.
fn feed_problem(error: &FeedError) -> FeedProblem {
    match error {
        FeedError::Address(_) => FeedProblem::Address,
        FeedError::Certificate(_) => FeedProblem::Certificate,
        FeedError::Denied(_) => FeedProblem::Denied,
        FeedError::SignIn(_) => FeedProblem::SignIn,
        FeedError::NotFhir(_) => FeedProblem::OtherServer,
        FeedError::Unreachable(_)
        | FeedError::Busy(_)
        | FeedError::Gone
        | FeedError::Conflict
        | FeedError::Refused { .. }
        | FeedError::Failing(_) => FeedProblem::NoAnswer,
    }
}

/// The clock of this machine is far from the server's. Once said, it must come well within the limit again.
fn clock_condition(inputs: &ConditionInputs<'_>, source: &SourceInput<'_>) -> Option<Condition> {
    let row = entry(AlarmKind::Clock);
    let id = AlarmId::of_source(AlarmKind::Clock, &source.key);
    let limit = CLOCK_LIMIT_S - if inputs.stands(&id) { row.deadband as i64 } else { 0 };
    let skew = source.clock_skew.filter(|s| s.as_secs().abs() > limit)?;
    let minutes = (skew.as_secs().abs() + 30) / 60;
    let (direction, reason) = if skew.is_positive() {
        (
            ClockDirection::Ahead,
            say!(inputs.language, AlarmClockAhead, min = minutes),
        )
    } else {
        (
            ClockDirection::Behind,
            say!(inputs.language, AlarmClockBehind, min = minutes),
        )
    };
    let words = alarm_words(inputs.language, AlarmKind::Clock);
    Some(Condition {
        id,
        kind: AlarmKind::Clock,
        priority: row.priority,
        place: None,
        subject: AlarmSubject::Clock { direction },
        text: AlarmText {
            hospital: say!(inputs.language, AlarmClockWhere),
            what: words.name,
            since: None,
            expected_end: None,
            reason,
            advice: words.response,
            phone: None,
        },
    })
}

fn storage_condition(inputs: &ConditionInputs<'_>, note: &StorageNote) -> Condition {
    Condition {
        id: AlarmId::of_desk(AlarmKind::Storage),
        kind: AlarmKind::Storage,
        priority: AlarmKind::Storage.priority(),
        place: None,
        subject: AlarmSubject::Storage { problem: note.problem },
        text: AlarmText {
            hospital: say!(inputs.language, AlarmStorageWhere),
            what: alarm_words(inputs.language, AlarmKind::Storage).name,
            since: None,
            expected_end: None,
            reason: note.text.said(inputs.language),
            advice: storage_advice(inputs.language, note.problem),
            phone: None,
        },
    }
}

fn storage_advice(language: Language, problem: StorageProblem) -> String {
    match problem {
        StorageProblem::LedgerSetAside | StorageProblem::LedgerDamaged | StorageProblem::UnreadableRows => {
            say!(language, AlarmStorageRestore)
        }
        StorageProblem::LedgerInMemory => say!(language, AlarmStoragePaper),
        StorageProblem::LedgerRestored => say!(language, AlarmStorageRestored),
        StorageProblem::LedgerNotRestored
        | StorageProblem::CacheRebuilt
        | StorageProblem::InMemory
        | StorageProblem::NotWritable
        | StorageProblem::NoBackup
        | StorageProblem::UnreadableFile => say!(language, AlarmStorageAdvice),
    }
}

/// What a person announced or lifted here is not known to anybody else.
fn unsent_condition(inputs: &ConditionInputs<'_>) -> Option<Condition> {
    let oldest = inputs.unsent.first()?;
    let why = oldest
        .why
        .clone()
        .unwrap_or_else(|| say!(inputs.language, AlarmNotSentSilent));
    Some(Condition {
        id: AlarmId::of_desk(AlarmKind::NotSent),
        kind: AlarmKind::NotSent,
        priority: AlarmKind::NotSent.priority(),
        place: oldest.site.clone(),
        subject: AlarmSubject::NotSent {
            rows: inputs.unsent.iter().map(|stop| stop.row.clone()).collect(),
        },
        text: AlarmText {
            hospital: oldest.hospital.clone(),
            what: say!(inputs.language, AlarmNotSentWhat),
            since: Some(oldest.since),
            expected_end: None,
            reason: match inputs.unsent.len() {
                1 => why,
                more => say!(inputs.language, AlarmNotSentMore, why = why, n = more),
            },
            advice: say!(inputs.language, AlarmNotSentAdvice),
            phone: oldest.phone.clone(),
        },
    })
}

/// An SEH is far up its own half year, where somebody asked to be told.
fn busyness_condition(inputs: &ConditionInputs<'_>, site: &Place) -> Option<Condition> {
    let row = entry(AlarmKind::Busyness);
    let id = AlarmId::of_site(AlarmKind::Busyness, &site.id);
    let percent = inputs.busier_than.get(&site.id)?;
    let limit = f64::from(BUSY_PERCENT) - if inputs.stands(&id) { row.deadband } else { 0.0 };
    (f64::from(*percent) >= limit).then(|| Condition {
        id,
        kind: AlarmKind::Busyness,
        priority: row.priority,
        place: Some(site.id.clone()),
        subject: AlarmSubject::Plain,
        text: AlarmText {
            hospital: site.name.clone(),
            what: say!(inputs.language, AlarmBusyWhat),
            since: None,
            expected_end: None,
            reason: say!(inputs.language, AlarmBusyReason, percent = BUSY_PERCENT),
            advice: alarm_words(inputs.language, AlarmKind::Busyness).response,
            phone: inputs.phone(&site.id),
        },
    })
}

/// An origin that comes and goes: one alarm for it, as grave as the gravest of its own.
fn chatter_condition(inputs: &ConditionInputs<'_>, origin: &AlarmOrigin) -> Option<Condition> {
    let own = inputs
        .standing
        .values()
        .filter(|a| entry(a.kind).scope != AlarmScope::Origin && a.id.origin() == *origin);
    let gravest = own.max_by_key(|a| (a.priority, a.raised_at))?;
    Some(Condition {
        id: AlarmId::of_chatter(origin),
        kind: AlarmKind::Chattering,
        priority: gravest.priority.max(AlarmKind::Chattering.priority()),
        place: gravest.place.clone(),
        subject: AlarmSubject::Plain,
        text: AlarmText {
            what: say!(inputs.language, AlarmChatterWhat, what = gravest.text.what.as_str()),
            since: Some(gravest.raised_at),
            expected_end: None,
            reason: say!(inputs.language, AlarmChatterReason),
            advice: say!(inputs.language, AlarmChatterAdvice),
            ..gravest.text.clone()
        },
    })
}

/// The nearest site whose SEH is open, with an estimated drive in minutes.
fn nearest_open(inputs: &ConditionInputs<'_>, from: &Place) -> Option<(String, u32)> {
    let (region, here) = (inputs.region, from.position?);
    region
        .sites()
        .filter(|s| s.id != from.id && region.has_seh(&s.id))
        .filter(|s| {
            let seh = region.stop_status(&s.id, inputs.now, inputs.zone);
            seh.first()
                .is_some_and(|p| p.service.is_seh() && p.status == StopStatus::Open)
        })
        .filter_map(|s| Some((s.name.clone(), domain::travel::drive_min(here, s.position?))))
        .min_by_key(|(_, minutes)| *minutes)
}

impl Moment {
    /// What the conditions are worked out from at this desk.
    pub(crate) fn condition_inputs(&self, chattering: BTreeMap<AlarmOrigin, usize>) -> ConditionInputs<'_> {
        let now = self.now();
        let sources = self.sources.iter().map(|source| SourceInput {
            key: source.settings.key.as_str().into(),
            name: self.source_name(source),
            link: source.link(),
            clock_skew: source.clock_skew,
        });
        let watching = self.watching();
        let asked = self.region.sites().filter(|s| watching.watches_busyness(&s.id));
        ConditionInputs {
            region: &self.region,
            sources: sources.collect(),
            sources_forgotten: self.sources_forgotten,
            stop_codes: &self.stop_codes,
            storage: self.health.storage.as_ref(),
            unsent: self.unsent_stops(),
            busier_than: asked
                .filter_map(|site| Some((site.id.clone(), self.busy_percent(&site.id, now)?)))
                .collect(),
            watching,
            chattering,
            standing: &self.alarms,
            now,
            zone: &self.zone,
            language: self.language,
        }
    }

    /// How busy an SEH is against its own half year, by a score that is fresh enough.
    fn busy_percent(&self, site: &PlaceId, now: Timestamp) -> Option<u32> {
        let measured = self.region.measurements_of(site);
        let (key, score) = measured
            .into_iter()
            .filter(|(_, m)| freshness::grade(self.region.age_of(m.place.as_str(), m.at, now)) <= Freshness::Ageing)
            .find_map(|(key, m)| Some((key, m.shown()?.0)))?;
        self.trends.busier_than(key, score, now)
    }
}
