//! A hospital that several sources deliver has one alarm for each of its stops, whichever source tells of it first.
//!
//! Two stops are the same where the hospital, the service and the beginning are, and they come from different sources.

use domain::{
    PlaceId, ServiceCode, StopId,
    alarms::{Alarm, AlarmCondition, AlarmId},
    ids::source_of,
    place::Place,
    region::Region,
    stop::Stop,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

type Same = (PlaceId, ServiceCode, Option<Timestamp>);

/// A stop that holds, with the site whose alarm it is.
pub(super) struct Told<'a> {
    pub id: AlarmId,
    pub stop: Stop,
    pub site: Option<&'a Place>,
}

/// The site as the first source delivers it; one in shadow running stands for no other.
pub(super) fn first_site<'a>(region: &'a Region, site: &'a Place) -> &'a Place {
    region.first_copy(site).filter(|first| !first.shadow).unwrap_or(site)
}

fn first_id(region: &Region, id: &PlaceId) -> PlaceId {
    region
        .place(id)
        .map_or_else(|| id.clone(), |site| first_site(region, site).id.clone())
}

fn same(region: &Region, stop: &Stop, site: &Place) -> Same {
    let first = first_site(region, site).id.clone();
    (first, stop.service.clone(), stop.start)
}

/// Whether an alarm is about a stop as it is known now: one that moved to another site or service is another alarm.
pub(super) fn is_about(region: &Region, id: &AlarmId, stop: &Stop) -> bool {
    let AlarmCondition::Stop { service, stop: about } = id.condition() else {
        return false;
    };
    let site = region.site_of(&stop.place).filter(|site| region.place(site).is_some());
    *about == stop.id
        && *service == stop.service
        && id.site().map(|s| first_id(region, s)) == site.map(|s| first_id(region, s))
}

/// The alarm of a stop: the one that stands, and otherwise the one that would be raised.
pub(super) fn alarm_of(region: &Region, standing: &BTreeMap<AlarmId, Alarm>, stop: &Stop) -> AlarmId {
    let stands = standing.keys().find(|id| is_about(region, id, stop));
    stands.cloned().unwrap_or_else(|| {
        let site = region.site_of(&stop.place).and_then(|id| region.place(id));
        AlarmId::of_stop(site.map(|s| &first_site(region, s).id), &stop.service, &stop.id)
    })
}

/// Whether somebody was told of the same stop of the same hospital by another source: its alarm stands, or what that
/// source says of the stop holds still, or is `as_new` as this. A record that is over and older is of another time that the
/// service was closed, and one in shadow running told nobody.
pub(super) fn told_elsewhere(
    region: &Region,
    alarms: &BTreeMap<AlarmId, Alarm>,
    stop: &Stop,
    now: Timestamp,
    as_new: impl Fn(&StopId) -> bool,
) -> bool {
    let site_of = |stop: &Stop| Some(first_id(region, region.site_of(&stop.place)?));
    let Some(site) = site_of(stop) else { return false };
    let from = source_of(stop.id.as_str());
    let alarm_stands = alarms.iter().any(|(id, alarm)| match id.condition() {
        AlarmCondition::Stop { service, stop: other } => {
            source_of(other.as_str()) != from
                && (service, alarm.text.since) == (&stop.service, stop.start)
                && id.site().is_some_and(|of| first_id(region, of) == site)
        }
        AlarmCondition::Chattering(_) | AlarmCondition::Only(_) => false,
    });
    alarm_stands
        || region.stops.values().any(|other| {
            source_of(other.id.as_str()) != from
                && (&other.service, other.start) == (&stop.service, stop.start)
                && site_of(other).as_ref() == Some(&site)
                && !region.in_shadow(&other.place)
                && (region.holds(other, now) || as_new(&other.id))
        })
}

/// Each stop once, under the alarm that stands for it already.
pub(super) fn each_once<'a>(
    region: &'a Region,
    alarms: &BTreeMap<AlarmId, Alarm>,
    found: Vec<(Stop, Option<&'a Place>)>,
) -> Vec<Told<'a>> {
    let mut standing: BTreeMap<Same, Vec<&AlarmId>> = BTreeMap::new();
    for (id, alarm) in alarms.iter().filter(|(_, alarm)| alarm.active) {
        if let (AlarmCondition::Stop { service, .. }, Some(site)) = (id.condition(), id.site()) {
            let of = (first_id(region, site), service.clone(), alarm.text.since);
            standing.entry(of).or_default().push(id);
        }
    }
    let holding: BTreeSet<_> = found.iter().map(|(stop, _)| stop.id.clone()).collect();
    let mut told: Vec<(Told<'a>, BTreeSet<String>, BTreeSet<_>)> = vec![];
    let mut begun: BTreeMap<Same, Vec<usize>> = BTreeMap::new();
    let (copies, firsts): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|(_, site)| site.is_some_and(|site| first_site(region, site).id != site.id));
    for (stop, site) in firsts.into_iter().chain(copies) {
        let of = site.map(|site| same(region, &stop, site));
        let from = source_of(stop.id.as_str()).to_owned();
        let with = of.as_ref().and_then(|of| begun.get(of)).into_iter().flatten();
        let with = with
            .copied()
            .find(|at| told.get(*at).is_some_and(|(_, sources, _)| !sources.contains(&from)));
        if let Some((one, sources, stops)) = with.and_then(|at| told.get_mut(at)) {
            sources.insert(from);
            stops.insert(stop.id.clone());
            // Of what the sources tell differently the gravest, and then the longest, counts.
            if (stop.level, stop.expected_end) > (one.stop.level, one.stop.expected_end) {
                one.stop = stop;
            }
            continue;
        }
        if let Some(of) = of {
            begun.entry(of).or_default().push(told.len());
        }
        let site = site.map(|site| first_site(region, site));
        let (sources, stops) = ([from].into(), [stop.id.clone()].into());
        let id = AlarmId::of_stop(site.map(|s| &s.id), &stop.service, &stop.id);
        told.push((Told { id, stop, site }, sources, stops));
    }
    for (of, places) in &begun {
        for at in places {
            let (Some(ids), Some((one, sources, stops))) = (standing.get(of), told.get_mut(*at)) else {
                continue;
            };
            if ids.contains(&&one.id) {
                continue;
            }
            let about = |id: &&&AlarmId| id.stop().is_some_and(|stop| stops.contains(stop));
            // One source has lifted it and the other not yet: it is the same alarm still.
            let lifted = |id: &&&AlarmId| {
                id.stop()
                    .is_some_and(|stop| !holding.contains(stop) && !sources.contains(source_of(stop.as_str())))
            };
            if let Some(id) = ids.iter().find(about).or_else(|| ids.iter().find(lifted)) {
                one.id = (*id).clone();
            }
        }
    }
    told.into_iter().map(|(one, ..)| one).collect()
}
