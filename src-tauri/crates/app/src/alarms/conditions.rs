//! From what is known to alarm conditions: what is true now that asks for somebody's timely response.
//!
//! Every condition is a function of [`ConditionInputs`]: no desk, database, lock or clock. A new one is a function here,
//! called in [`conditions`], and a kind in the domain's alarm catalogue; nothing else has to know.

use crate::{
    alarms::Watching,
    assets::StopCodes,
    health::StorageNote,
    moment::Moment,
    outbox::UnsentStop,
    sources::{FeedError, Link},
    text::{error_in_words, reasons_in_words},
};
use domain::{
    PlaceId, SourceKey,
    alarms::{
        Alarm, AlarmId, AlarmKind, AlarmOrigin, AlarmScope, AlarmSubject, AlarmText, ClockDirection, Condition,
        FeedProblem, LeadingReason, StorageProblem, entry,
    },
    freshness::{self, Freshness},
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

/// Stands beside every stop, on the screen and in every notification.
pub const ALWAYS_WELCOME: &str = "Levensbedreigend: altijd welkom.";

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

    /// Whether an alarm's condition is over when it is no longer seen: without a live feed it may still hold.
    pub fn may_conclude_absence(&self, alarm: &Alarm) -> bool {
        !entry(alarm.kind).absence_needs_live_feed
            || match self.link(alarm.id.source()) {
                Link::Live | Link::None => true,
                Link::Starting | Link::Offline { .. } => false,
            }
    }
}

/// Every condition that holds, by its alarm's id.
pub fn conditions(inputs: &ConditionInputs<'_>) -> BTreeMap<AlarmId, Condition> {
    let sites = || inputs.region.sites().filter(|s| !s.shadow);
    let mut found = stop_conditions(inputs);
    found.extend(sites().filter_map(|site| busyness_condition(inputs, site)));
    found.extend(sites().filter_map(|site| silent_condition(inputs, site)));
    found.extend(inputs.sources.iter().filter_map(|s| lost_condition(inputs, s)));
    found.extend(inputs.sources_forgotten.then(forgotten_condition));
    found.extend(inputs.sources.iter().filter_map(|s| clock_condition(inputs, s)));
    found.extend(inputs.storage.map(storage_condition));
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
        found.extend(stops.iter().filter_map(|stop| stop_condition(inputs, stop, Some(site))));
    }
    for stop in region.stops.values().filter(|stop| stop.holds_at(now)) {
        let site = region.site_of(&stop.place).and_then(|id| region.place(id));
        let told_above = site.is_some_and(|s| in_use.contains(&s.id));
        if !told_above && !region.in_shadow(&stop.place) {
            found.extend(stop_condition(inputs, stop, site));
        }
    }
    found
}

/// What a stop is to this desk, whether it still holds or not; nothing where nobody here is called for it.
pub fn condition_of_stop(inputs: &ConditionInputs<'_>, stop: &Stop) -> Option<Condition> {
    let region = inputs.region;
    let site = region.site_of(&stop.place).and_then(|id| region.place(id));
    if region.in_shadow(&stop.place) {
        return None;
    }
    stop_condition(inputs, stop, site)
}

fn stop_condition(inputs: &ConditionInputs<'_>, stop: &Stop, site: Option<&Place>) -> Option<Condition> {
    let kind = match stop.level {
        StopLevel::Threatened => AlarmKind::ThreatenedStop,
        StopLevel::Stop if stop.service.is_seh() => AlarmKind::SehStop,
        StopLevel::Stop => AlarmKind::ServiceStop,
    };
    let at = site.map_or(&stop.place, |s| &s.id);
    let priority = inputs
        .watching
        .stop_priority(at, &stop.service, stop.level, kind.priority())?;
    let service = inputs.stop_codes.service(stop.service.as_str());
    let what = match stop.level {
        StopLevel::Stop => format!("{service}-stop"),
        StopLevel::Threatened => format!("Dreigende {service}-stop"),
    };
    let nearest = || nearest_open(inputs, site?);
    let advice = match stop.level {
        StopLevel::Threatened => "Bel de regiehouder vóór insturen.".to_owned(),
        StopLevel::Stop if stop.service.is_seh() => match nearest() {
            Some((name, minutes)) => {
                format!("{ALWAYS_WELCOME} Dichtstbijzijnde open SEH: {name}, ± {minutes} min.")
            }
            None => ALWAYS_WELCOME.to_owned(),
        },
        StopLevel::Stop => ALWAYS_WELCOME.to_owned(),
    };
    Some(Condition {
        // A threat that becomes a stop is the same alarm, escalated.
        id: AlarmId::of_stop(site.map(|s| &s.id), &stop.service, &stop.id),
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
    match inputs.region.place(&stop.place) {
        Some(place) if !place.name.is_empty() => format!("onbekend ziekenhuis, {}", place.name),
        Some(_) | None => format!("onbekend ziekenhuis, {}", stop.place),
    }
}

/// A location of a source that answers has not delivered for longer than two cycles.
fn silent_condition(inputs: &ConditionInputs<'_>, site: &Place) -> Option<Condition> {
    let id = AlarmId::of_site(AlarmKind::FeedSilent, &site.id);
    let live = matches!(inputs.link(id.source()), Link::Live);
    let age = inputs.region.age_s(&site.id, inputs.now);
    let silent = age.is_none_or(|s| s > SILENT.as_secs());
    (live && silent && inputs.watching.watches(&site.id)).then(|| Condition {
        id,
        kind: AlarmKind::FeedSilent,
        priority: AlarmKind::FeedSilent.priority(),
        place: Some(site.id.clone()),
        subject: AlarmSubject::Plain,
        text: AlarmText {
            hospital: site.name.clone(),
            what: "Levering stil".to_owned(),
            since: inputs.region.delivered_at(&site.id),
            expected_end: None,
            reason: match age {
                Some(_) => "geen levering sinds het genoemde tijdstip".to_owned(),
                None => "nog nooit geleverd".to_owned(),
            },
            advice: "Bel voor de actuele stand.".to_owned(),
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
            what: "Geen verbinding met".to_owned(),
            since: Some(*since),
            expected_end: None,
            reason: error_in_words(error.code()).to_owned(),
            advice: "U ziet de laatst bekende stand. Bel voordat u een patiënt verplaatst.".to_owned(),
            phone: None,
        },
    })
}

/// Nobody is asked any more: what is shown never grows newer, and no stop is told.
fn forgotten_condition() -> Condition {
    Condition {
        id: AlarmId::of_source(AlarmKind::FeedLost, &SourceKey::from("")),
        kind: AlarmKind::FeedLost,
        priority: AlarmKind::FeedLost.priority(),
        place: None,
        subject: AlarmSubject::FeedLost {
            problem: FeedProblem::Address,
        },
        text: AlarmText {
            hospital: "de regio".to_owned(),
            what: "Geen verbinding met".to_owned(),
            since: None,
            expected_end: None,
            reason: "welke regio deze werkplek volgt, is met het logboek verloren gegaan".to_owned(),
            advice: "Kies de regio opnieuw: Instellingen (8). Bel voordat u een patiënt verplaatst.".to_owned(),
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
    let (direction, way) = if skew.is_positive() {
        (ClockDirection::Ahead, "voor")
    } else {
        (ClockDirection::Behind, "achter")
    };
    Some(Condition {
        id,
        kind: AlarmKind::Clock,
        priority: row.priority,
        place: None,
        subject: AlarmSubject::Clock { direction },
        text: AlarmText {
            hospital: "van deze werkplek".to_owned(),
            what: "Klok".to_owned(),
            since: None,
            expected_end: None,
            reason: format!("loopt {} min {way} op de server", (skew.as_secs().abs() + 30) / 60),
            advice: row.response.to_owned(),
            phone: None,
        },
    })
}

fn storage_condition(note: &StorageNote) -> Condition {
    Condition {
        id: AlarmId::of_desk(AlarmKind::Storage),
        kind: AlarmKind::Storage,
        priority: AlarmKind::Storage.priority(),
        place: None,
        subject: AlarmSubject::Storage { problem: note.problem },
        text: AlarmText {
            hospital: "Deze werkplek".to_owned(),
            what: "Opslag".to_owned(),
            since: None,
            expected_end: None,
            reason: note.text.clone(),
            advice: storage_advice(note.problem).to_owned(),
            phone: None,
        },
    }
}

fn storage_advice(problem: StorageProblem) -> &'static str {
    match problem {
        StorageProblem::LedgerSetAside | StorageProblem::LedgerDamaged | StorageProblem::UnreadableRows => {
            "Zet een reservekopie terug: Instellingen (8), Gegevens. Meld dit bij ICT."
        }
        StorageProblem::LedgerInMemory => "Schrijf mee op papier. Meld dit bij ICT.",
        StorageProblem::LedgerRestored => "Kijk na wat sindsdien is gedaan: labels, bevestigingen, stops.",
        StorageProblem::LedgerNotRestored
        | StorageProblem::CacheRebuilt
        | StorageProblem::InMemory
        | StorageProblem::NotWritable
        | StorageProblem::NoBackup
        | StorageProblem::UnreadableFile => "Meld dit bij ICT.",
    }
}

/// What a person announced or lifted here is not known to anybody else.
fn unsent_condition(inputs: &ConditionInputs<'_>) -> Option<Condition> {
    let oldest = inputs.unsent.first()?;
    let why = oldest.why.as_deref().unwrap_or("de server antwoordde niet");
    Some(Condition {
        id: AlarmId::of_desk(AlarmKind::NotSent),
        kind: AlarmKind::NotSent,
        priority: AlarmKind::NotSent.priority(),
        place: oldest.site.clone(),
        subject: AlarmSubject::Plain,
        text: AlarmText {
            hospital: oldest.hospital.clone(),
            what: "Stop niet verstuurd:".to_owned(),
            since: Some(oldest.since),
            expected_end: None,
            reason: match inputs.unsent.len() {
                1 => why.to_owned(),
                more => format!("{why}; {more} in totaal"),
            },
            advice: "De regio weet het niet. Bel; zie de werklijst.".to_owned(),
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
            what: "Drukke SEH".to_owned(),
            since: None,
            expected_end: None,
            reason: format!("drukker dan {BUSY_PERCENT} % van het eigen half jaar"),
            advice: row.response.to_owned(),
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
            what: format!("{} wisselt:", gravest.text.what),
            since: Some(gravest.raised_at),
            expected_end: None,
            reason: "drie keer of vaker in een minuut begonnen en geëindigd".to_owned(),
            advice: "Bel en vraag wat er nu geldt.".to_owned(),
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
        }
    }

    /// How busy an SEH is against its own half year, by a score that is fresh enough.
    fn busy_percent(&self, site: &PlaceId, now: Timestamp) -> Option<u32> {
        let measured = self.region.measurements_of(site);
        let (key, score) = measured
            .into_iter()
            .filter(|(_, m)| freshness::grade(freshness::age_s(m.at, now)) <= Freshness::Ageing)
            .find_map(|(key, m)| Some((key, m.shown()?.0)))?;
        self.trends.busier_than(key, score, now)
    }
}
