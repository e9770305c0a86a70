//! Alarm conditions of stops: which stop calls whom, and with which words.

use super::{
    condition_inputs::ConditionInputs,
    copies::{self, Told},
};
use crate::{
    drive_times, say,
    text::{alarm_words, reasons_in_words},
};
use domain::{
    PlaceId,
    alarms::{AlarmKind, AlarmSubject, AlarmText, Condition, LeadingReason},
    place::Place,
    stop::{Stop, StopLevel, StopStatus},
    travel::DriveTime,
};
use std::collections::BTreeSet;

/// Of every stop that holds: also one whose site is not known, hidden from this account or no longer in use.
pub(super) fn stop_conditions(inputs: &ConditionInputs<'_>) -> Vec<Condition> {
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
            Some((name, drive)) => {
                let band = drive_times::band(&drive);
                say!(language, AlarmNearestOpen, name = name, band = band)
            }
            None => say!(language, AlwaysWelcome),
        },
        // Where the treatment itself is not there nobody is welcome for it: the dispatch centre must know.
        StopLevel::Stop => format!("{}.", alarm_words(language, AlarmKind::ServiceStop).response),
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

/// The nearest other hospital whose SEH is open, and the drive to it. Another source's copy of the hospital itself is none.
fn nearest_open(inputs: &ConditionInputs<'_>, from: &Place) -> Option<(String, DriveTime)> {
    let region = inputs.region;
    let here = &copies::first_site(region, from).id;
    let hospitals = region.seh_by_hospital(inputs.now, inputs.zone).into_iter();
    hospitals
        .filter(|(s, seh)| s.id != *here && seh.status == StopStatus::Open)
        .filter_map(|(s, _)| Some((s.name.clone(), inputs.drive_times.between(from, s)?)))
        .min_by_key(|(_, drive)| drive.car_min)
}
