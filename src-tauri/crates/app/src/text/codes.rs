//! The codes by which the screen knows what the domain says, and their words.

use domain::{
    bed::BedState,
    busyness::{Measurement, Variant},
    freshness::Freshness,
    label::LabelKind,
    stop::StopStatus,
};
use serde::Serialize;
use ts_rs::TS;

/// Something to choose by type-ahead.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Choosable {
    pub code: String,
    pub display: String,
    pub short: String,
}

impl Choosable {
    pub(crate) fn new(code: &str, display: &str, short: &str) -> Self {
        Self {
            code: code.to_owned(),
            display: display.to_owned(),
            short: short.to_owned(),
        }
    }
}

/// The classifications that a person labels.
pub(crate) fn kinds() -> Vec<Choosable> {
    KINDS
        .iter()
        .map(|(k, name)| Choosable::new(k.code(), name, ""))
        .collect()
}

pub(crate) fn state_code(state: BedState) -> &'static str {
    match state {
        BedState::Free => "free",
        BedState::Occupied => "occupied",
        BedState::Reserved => "reserved",
        BedState::Preparing => "preparing",
        BedState::Isolation => "isolation",
        BedState::Blocked => "blocked",
        BedState::Unknown => "unknown",
    }
}

pub(crate) fn state_in_words(state: BedState) -> &'static str {
    match state {
        BedState::Free => "vrij",
        BedState::Occupied => "bezet",
        BedState::Reserved => "gereserveerd",
        BedState::Preparing => "in voorbereiding",
        BedState::Isolation => "isolatie",
        BedState::Blocked => "geblokkeerd",
        BedState::Unknown => "onbekend",
    }
}

pub(crate) const KINDS: [(LabelKind, &str); 4] = [
    (LabelKind::Specialistisch, "Specialistisch"),
    (LabelKind::Specialisme, "Specialisme"),
    (LabelKind::SnijdendBeschouwend, "Snijdend/beschouwend"),
    (LabelKind::Covidcapaciteit, "Covidcapaciteit"),
];

pub(crate) fn variant_name(m: &Measurement) -> &'static str {
    match m.variant {
        Variant::Nedocs => "NEDOCS",
        Variant::Mnedocs => "mNEDOCS",
    }
}

pub(crate) fn status_code(status: StopStatus) -> &'static str {
    match status {
        StopStatus::Open => "open",
        StopStatus::Threatened => "threatened",
        StopStatus::Stop => "stop",
        StopStatus::Closed => "closed",
        StopStatus::Unknown => "unknown",
    }
}

pub(crate) fn freshness_code(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh => "fresh",
        Freshness::Ageing => "ageing",
        Freshness::Stale => "stale",
        Freshness::Unknown => "unknown",
    }
}

pub(crate) fn kind_name(kind: LabelKind) -> &'static str {
    KINDS
        .iter()
        .find(|(k, _)| *k == kind)
        .map_or("Patiënttype", |(_, name)| name)
}
