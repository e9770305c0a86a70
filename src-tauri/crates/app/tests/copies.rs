//! A hospital that two sources deliver: one alarm for each of its stops, and none lost between them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{Clock, sources::SourceRequest};
use domain::alarms::{Alarm, AlarmKind, AlarmState};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use support::{Region, Watch, deliver_from, watch::seh};

/// A desk at which two sources deliver the same hospital, the first as "isala" and the second as "1".
fn two_sources() -> Watch {
    let mut watch = Watch::open();
    let request = SourceRequest {
        address: "https://buren.example/fhir".to_owned(),
        ..SourceRequest::default()
    };
    assert_eq!(watch.desk.add_source(request).unwrap(), "bron2");
    let copy = watch.isala("1");
    deliver_from(&mut watch.desk, "bron2", &[], &copy);
    watch
}

#[test]
fn a_stop_that_two_sources_deliver_of_one_hospital_is_one_alarm() {
    for first in ["", "bron2"] {
        let mut watch = two_sources();
        let second = if first.is_empty() { "bron2" } else { "" };
        watch.changes(first, &Region::new().stop(seh("s1")), &[]);
        let alarm = watch.one();
        assert_eq!(alarm.id.site().map(|s| s.as_str()), Some("isala"));
        watch.changes(second, &Region::new().stop(seh("t1")), &[]);
        assert_eq!(watch.one().id, alarm.id, "first told by {first:?}");
        assert_eq!(watch.shown_singly(), 1);
        watch.acknowledge();
        watch.later(1);
        watch.changes(first, &Region::new().stop(seh("s1").holds(false)), &[]);
        assert_eq!(
            watch.one().state(),
            AlarmState::Acknowledged,
            "the other source says that it holds"
        );
        assert_eq!(watch.shown_singly(), 0);
        watch.changes(second, &Region::new().stop(seh("t1").holds(false)), &[]);
        assert!(watch.desk.alarm_list().is_empty());
    }
}

#[test]
fn what_two_sources_tell_of_a_stop_that_began_and_ended_is_one_alarm() {
    let mut watch = two_sources();
    watch.later(10);
    for (source, id) in [("", "s1"), ("bron2", "t1")] {
        let both = Region::new().stop(seh(id)).stop(seh(id).holds(false));
        watch.changes(source, &both, &[]);
        assert_eq!(watch.one().state(), AlarmState::ReturnedUnacknowledged);
    }
    assert_eq!(watch.shown_singly(), 1);
}

#[test]
fn two_stops_of_one_source_at_one_moment_stay_two_alarms() {
    let mut watch = two_sources();
    watch.changes("", &Region::new().stop(seh("s1")).stop(seh("s2")), &[]);
    watch.changes("bron2", &Region::new().stop(seh("t1")), &[]);
    assert_eq!(watch.desk.alarm_list().len(), 2);
}

#[test]
fn ah_03_a_stop_that_is_reopened_and_lifted_between_two_looks_is_told_though_its_copy_was_lifted_an_hour_ago() {
    let mut watch = two_sources();
    for (source, id) in [("", "s1"), ("bron2", "t1")] {
        let written = |region: Region, watch: &Watch| {
            region.changed(json!({ "meta": { "lastUpdated": watch.clock.now().to_string() } }))
        };
        let both = written(Region::new().stop(seh(id)), &watch);
        let both = written(both.stop(seh(id).holds(false)), &watch);
        watch.changes(source, &both, &[]);
    }
    watch.acknowledge();
    assert!(watch.desk.alarm_list().is_empty());
    watch.later(60);
    let at = |seconds: i64| (watch.clock.now() - SignedDuration::from_secs(seconds)).to_string();
    let again = Region::new()
        .stop(seh("s1"))
        .changed(json!({ "meta": { "lastUpdated": at(8) } }))
        .stop(seh("s1").holds(false))
        .changed(json!({ "meta": { "lastUpdated": at(4) } }));
    watch.changes("", &again, &[]);
    let list = watch.desk.alarm_list();
    let told = list.iter().find(|a| a.kind == AlarmKind::SehStop).map(Alarm::state);
    assert_eq!(told, Some(AlarmState::ReturnedUnacknowledged));
}

#[test]
fn ah_03_a_copy_in_shadow_running_tells_nobody_and_so_silences_nobody() {
    let mut watch = two_sources();
    let ours = json!({ "managingOrganization": { "reference": "Organization/isala" } });
    let shadow = Region::new()
        .site("1", "Isala Zwolle")
        .changed(ours)
        .visible("schaduw")
        .seh("seh", "1");
    deliver_from(&mut watch.desk, "bron2", &["isala"], &shadow);
    watch.later(10);
    let at = |seconds: i64| watch.clock.now() - SignedDuration::from_secs(seconds);
    let both = |id: &str, from: Timestamp| {
        let written = |at: Timestamp| json!({ "meta": { "lastUpdated": at.to_string() } });
        let region = Region::new().stop(seh(id)).changed(written(from));
        region
            .stop(seh(id).holds(false))
            .changed(written(from + SignedDuration::from_secs(1)))
    };
    let (theirs, ours) = (both("t1", at(4)), both("s1", at(8)));
    watch.changes("bron2", &theirs, &[]);
    assert!(watch.desk.alarm_list().is_empty(), "in shadow running");
    watch.changes("", &ours, &[]);
    assert_eq!(watch.one().state(), AlarmState::ReturnedUnacknowledged);
}

#[test]
fn a_stop_that_only_the_second_copy_tells_of_closes_the_hospital_on_its_tile_and_in_the_count() {
    let mut watch = two_sources();
    watch.changes("bron2", &Region::new().stop(seh("t1")), &[]);
    let view = watch.desk.region_view();
    assert_eq!((view.sehs.of, view.sehs.stop), (1, 1));
    let tile = view.tiles.into_iter().find(|tile| tile.id == "isala").unwrap();
    assert_eq!(tile.seh.map(|seh| seh.status), Some("stop"));
}
