//! From what is known to alarm conditions: what is true now that asks for somebody's timely response.
//!
//! Every condition is a function of [`ConditionInputs`]: no desk, database, lock or clock. A new one is a function here,
//! called in [`conditions`], and a kind in the domain's alarm catalogue; nothing else has to know.

use super::{
    condition_inputs::{ConditionInputs, SourceInput, is_silent},
    stop_conditions::stop_conditions,
};
use crate::{
    health::StorageNote,
    say,
    sources::{FeedError, Link},
    text::{Language, alarm_words, error_in_words},
};
use domain::{
    SourceKey,
    alarms::{
        AlarmId, AlarmKind, AlarmOrigin, AlarmScope, AlarmSubject, AlarmText, ClockDirection, Condition, FeedProblem,
        StorageProblem, entry,
    },
    freshness::{self},
    place::Place,
};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// One cycle: no answer from the whole source for longer is a loss of view.
const LOST: SignedDuration = SignedDuration::from_mins(5);

/// Our clock and the server's may honestly differ by this much.
const CLOCK_LIMIT_S: i64 = 120;

/// Busier than this share of its own half year is worth an alarm where somebody asked for one.
const BUSY_PERCENT: u32 = 90;

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
    let own = || {
        let all = inputs.standing.values();
        all.filter(|a| entry(a.kind).scope != AlarmScope::Origin && a.id.origin() == *origin)
    };
    let gravest = own().max_by_key(|a| (a.priority, a.raised_at))?;
    let id = AlarmId::of_chatter(origin);
    // What it stood for before stays: the same stop once more asks for nothing new.
    let mut stops = match inputs.standing.get(&id).map(|alarm| &alarm.subject) {
        Some(Some(AlarmSubject::Chattering { stops })) => stops.clone(),
        _ => BTreeSet::new(),
    };
    stops.extend(own().filter_map(|alarm| alarm.id.stop().cloned()));
    Some(Condition {
        id,
        kind: AlarmKind::Chattering,
        priority: gravest.priority.max(AlarmKind::Chattering.priority()),
        place: gravest.place.clone(),
        subject: AlarmSubject::Chattering { stops },
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
