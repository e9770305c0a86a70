//! What comes and goes is told as one, and nothing else is kept quiet by that (AH-11).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::Clock;
use domain::alarms::{AlarmKind, AlarmState};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use support::{
    Region, Stop, Watch,
    watch::{ALWAYS, began, seh},
};

fn written(region: Region, at: Timestamp) -> Region {
    region.changed(json!({ "meta": { "lastUpdated": at.to_string() } }))
}

/// The kinds and states of the alarms that stand.
fn standing(watch: &Watch) -> Vec<(AlarmKind, AlarmState)> {
    watch.desk.alarm_list().iter().map(|a| (a.kind, a.state())).collect()
}

/// One SEH whose stop came and went thrice within the minute.
fn chattering() -> Watch {
    let mut watch = Watch::open();
    for holds in [true, false, true, false, true] {
        watch.stop(seh("s1").holds(holds));
        watch.seconds(5);
    }
    assert!(standing(&watch).iter().any(|(kind, _)| *kind == AlarmKind::Chattering));
    watch
}

#[test]
fn ah_11_a_stop_that_was_lifted_and_announced_again_during_an_outage_of_two_hours_is_no_chatter() {
    let mut watch = Watch::open();
    watch.later(120);
    let began = |minutes: i64| began() + SignedDuration::from_mins(minutes);
    let region = written(Region::new().stop(seh("s1")), began(0));
    let region = written(region.stop(seh("s1").holds(false)), began(30));
    let region = written(region.stop(seh("s1")), began(60));
    watch.changes("", &region, &[]);
    watch.seconds(1);
    let told = standing(&watch);
    assert!(
        told.contains(&(AlarmKind::SehStop, AlarmState::Unacknowledged)),
        "{told:?}"
    );
    assert!(!told.iter().any(|(kind, _)| *kind == AlarmKind::Chattering), "{told:?}");
}

#[test]
fn ah_11_another_stop_of_a_service_that_comes_and_goes_is_heard_though_the_grouped_alarm_was_acknowledged() {
    let mut watch = chattering();
    let grouped = watch
        .desk
        .alarm_list()
        .into_iter()
        .find(|a| a.kind == AlarmKind::Chattering);
    watch.desk.acknowledge(&grouped.unwrap().id).unwrap();
    watch.seconds(5);
    watch.desk.take_effects();
    watch.stop(seh("s9"));
    watch.seconds(6);
    let chatter = standing(&watch)
        .into_iter()
        .find(|(kind, _)| *kind == AlarmKind::Chattering);
    assert_eq!(chatter, Some((AlarmKind::Chattering, AlarmState::Unacknowledged)));
}

#[test]
fn ah_11_the_same_stop_once_more_stays_quiet_under_the_grouped_alarm_that_was_acknowledged() {
    let mut watch = chattering();
    let grouped = watch
        .desk
        .alarm_list()
        .into_iter()
        .find(|a| a.kind == AlarmKind::Chattering);
    watch.desk.acknowledge(&grouped.unwrap().id).unwrap();
    for holds in [false, true] {
        watch.stop(seh("s1").holds(holds));
        watch.seconds(5);
    }
    let chatter = standing(&watch)
        .into_iter()
        .find(|(kind, _)| *kind == AlarmKind::Chattering);
    assert_eq!(chatter, Some((AlarmKind::Chattering, AlarmState::Acknowledged)));
}

#[test]
fn ah_11_stops_of_two_hospitals_that_nobody_knows_are_no_chatter_of_one() {
    let mut watch = Watch::open();
    let of = |id: &str, place: &str| Stop::new(id, place, "seh", began());
    watch.stop(of("x", "elders-x"));
    watch.stop(of("x", "elders-x").holds(false));
    watch.stop(of("y", "elders-y"));
    watch.seconds(1);
    assert!(standing(&watch).iter().all(|(kind, _)| *kind == AlarmKind::SehStop));
    let open = standing(&watch)
        .into_iter()
        .filter(|(_, state)| *state == AlarmState::Unacknowledged);
    assert_eq!(open.count(), 1, "the one that holds");
}

#[test]
fn a_stop_that_ended_before_the_first_look_calls_nobody_though_its_history_comes() {
    let mut watch = Watch::unheard(ALWAYS);
    watch.later(60);
    let region = written(Region::new().stop(seh("s1")), began());
    let region = written(
        region.stop(seh("s1").holds(false)),
        began() + SignedDuration::from_mins(30),
    );
    watch.changes("", &region, &[]);
    assert!(watch.desk.alarm_list().is_empty());
}

#[test]
fn ah_11_another_stop_is_heard_also_when_the_coming_and_going_has_just_ended() {
    let mut watch = chattering();
    let grouped = watch
        .desk
        .alarm_list()
        .into_iter()
        .find(|a| a.kind == AlarmKind::Chattering);
    watch.desk.acknowledge(&grouped.unwrap().id).unwrap();
    for _ in 0..16 {
        watch.seconds(5);
    }
    watch.stop(seh("s9"));
    let new = watch
        .desk
        .alarm_list()
        .into_iter()
        .find(|a| a.id.stop() == Some(&"s9".into()));
    assert_eq!(new.map(|a| a.state()), Some(AlarmState::Unacknowledged));
}

#[test]
fn a_stop_that_ended_during_an_outage_is_over_since_it_ended_and_not_since_that_is_known() {
    let mut watch = Watch::open();
    watch.later(120);
    let ended = began() + SignedDuration::from_mins(30);
    let region = written(Region::new().stop(seh("s1")), began());
    watch.changes("", &written(region.stop(seh("s1").holds(false)), ended), &[]);
    let alarm = watch
        .desk
        .alarm_list()
        .into_iter()
        .find(|a| a.kind == AlarmKind::SehStop)
        .unwrap();
    assert_eq!(
        (alarm.state(), alarm.ended_at),
        (AlarmState::ReturnedUnacknowledged, Some(ended))
    );
}

#[test]
fn ah_03_a_stop_that_was_over_before_its_server_showed_it_is_told() {
    let mut watch = Watch::open();
    watch.later(10);
    watch.whole(&[]);
    let start = watch.clock.now() - SignedDuration::from_secs(40);
    watch.seconds(10);
    watch.stop(Stop::new("s1", "seh", "seh", start).holds(false));
    assert_eq!(
        standing(&watch),
        [(AlarmKind::SehStop, AlarmState::ReturnedUnacknowledged)]
    );
}
