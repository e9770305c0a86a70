//! The codes by which the screen knows what the domain says, and their words.

use super::Language;
use crate::say;
use domain::{
    bed::BedState,
    busyness::{Band, Measurement, Variant},
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
pub(crate) fn kinds(language: Language) -> Vec<Choosable> {
    KINDS
        .iter()
        .map(|kind| Choosable::new(kind.code(), &kind_name(language, *kind), ""))
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

pub(crate) fn state_in_words(language: Language, state: BedState) -> String {
    match state {
        BedState::Free => say!(language, BedFree),
        BedState::Occupied => say!(language, BedOccupied),
        BedState::Reserved => say!(language, BedReserved),
        BedState::Preparing => say!(language, BedPreparing),
        BedState::Isolation => say!(language, BedIsolation),
        BedState::Blocked => say!(language, BedBlocked),
        BedState::Unknown => say!(language, BedUnknown),
    }
}

pub(crate) const KINDS: [LabelKind; 4] = [
    LabelKind::Specialistisch,
    LabelKind::Specialisme,
    LabelKind::SnijdendBeschouwend,
    LabelKind::Covidcapaciteit,
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

pub(crate) fn kind_name(language: Language, kind: LabelKind) -> String {
    match kind {
        LabelKind::Specialistisch => say!(language, KindSpecialised),
        LabelKind::Specialisme => say!(language, KindSpecialty),
        LabelKind::SnijdendBeschouwend => say!(language, KindSurgical),
        LabelKind::Covidcapaciteit => say!(language, KindCovid),
        LabelKind::Patienttype => say!(language, KindPatient),
    }
}

/// The word of the fixed scale.
pub(crate) fn band_in_words(language: Language, band: Band) -> String {
    match band {
        Band::Rustig => say!(language, BandCalm),
        Band::Normaal => say!(language, BandNormal),
        Band::Druk => say!(language, BandBusy),
        Band::ZeerDruk => say!(language, BandVeryBusy),
        Band::Overvol => say!(language, BandOvercrowded),
        Band::Ontwricht => say!(language, BandDisrupted),
    }
}
