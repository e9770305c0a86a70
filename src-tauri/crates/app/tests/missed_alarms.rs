//! What must not slip between two looks, two shifts, two sources or a restart.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    alarms::{AlarmChoice, NotificationKey},
    sources::Channel,
};
use domain::{
    alarms::{Acknowledgement, Alarm, AlarmKind, AlarmState},
    region::{Fact, StopAcknowledgement},
    service_day::OpeningHours,
    stop::{Closure, StopPoint},
};
use feed::{FeedError, fhir::sync::Delivery};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::{
    NIGHT, Region, Stop, Watch, open_desk, seh_stop,
    watch::{began, ccu, seh},
};

#[test]
fn ah_12_a_high_alarm_in_a_flood_has_its_own_notification() {
    let mut watch = Watch::open();
    let flood: Vec<Stop> = (0..20).map(|n| ccu(&format!("s{n}"))).collect();
    watch.whole(&flood);
    assert_eq!(watch.shown_singly(), 9, "the others are told as one");
    watch.stop(seh("hoog"));
    assert_eq!(
        watch.shown(),
        [NotificationKey::Alarm("stop/isala/seh/hoog".parse().unwrap())]
    );
}

#[test]
fn what_a_restart_repeats_is_no_flood() {
    let mut watch = Watch::open();
    let standing: Vec<Stop> = (0..9).map(|n| ccu(&format!("s{n}"))).collect();
    watch.whole(&standing);
    watch.desk.wait_until_stored().unwrap();
    watch.later(5);
    watch.desk = open_desk(watch.dir.path(), &watch.clock);
    watch.desk.announce_standing();
    assert_eq!(watch.shown_singly(), 9, "each of them is told again");
    watch.stop(ccu("nieuw"));
    assert_eq!(watch.shown_singly(), 1, "it is the only one that is new");
    watch.desk.tick().unwrap();
    assert_eq!(watch.desk.frame().flood, None);
}

#[test]
fn many_that_a_restart_repeats_are_one_notification_and_every_high_one() {
    let mut watch = Watch::open();
    let mut standing: Vec<Stop> = (0..30).map(|n| ccu(&format!("s{n}"))).collect();
    standing.push(seh("hoog"));
    watch.whole(&standing);
    watch.desk.wait_until_stored().unwrap();
    watch.later(5);
    watch.desk = open_desk(watch.dir.path(), &watch.clock);
    watch.desk.announce_standing();
    let shown = watch.shown();
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown.contains(&NotificationKey::Alarm("stop/isala/seh/hoog".parse().unwrap())));
}

#[test]
fn at_half_past_seven_what_stands_unacknowledged_is_announced_anew_and_nothing_is_called_over() {
    // By day a threatened stop of the CCU calls nobody.
    let mut watch = Watch::with(
        r#"{"watch":{"shifts":[
            {"name":"dag","from":"07:30:00","until":"23:00:00","rules":[{"services":["ccu"]}]},
            {"name":"nacht","from":"23:00:00","until":"07:30:00"}]}}"#,
    );
    watch.whole(&[seh("s1"), ccu("s2")]);
    watch.clock.advance(SignedDuration::from_mins(4 * 60 + 29));
    watch.whole(&[seh("s1"), ccu("s2")]);
    watch.desk.take_toasts();
    watch.later(1);
    watch.desk.tick().unwrap();
    assert_eq!(watch.desk.frame().shift.as_deref(), Some("dag"));
    assert_eq!(watch.shown_singly(), 2, "whoever comes in has heard of neither");
    let states: Vec<AlarmState> = watch.desk.alarm_list().iter().map(Alarm::state).collect();
    assert_eq!(states, [AlarmState::Unacknowledged, AlarmState::Unacknowledged]);
    watch.desk.tick().unwrap();
    assert_eq!(watch.shown_singly(), 0, "once");
    watch.whole(&[seh("s1"), ccu("s2").holds(false)]);
    let over = watch.desk.alarm_list().iter().filter(|a| !a.active).count();
    assert_eq!(over, 1, "now its hospital lifted it");
}

#[test]
fn whoever_takes_the_desk_over_hears_what_nobody_acknowledged() {
    let mut watch = Watch::open();
    watch.whole(&[seh("s1")]);
    watch.desk.take_toasts();
    watch.desk.take_over("waco").unwrap();
    assert_eq!(watch.shown_singly(), 1);
    watch.acknowledge();
    watch.desk.take_over("wan-hoofd").unwrap();
    assert_eq!(watch.shown_singly(), 0);
}

#[test]
fn a_location_that_is_no_longer_watched_does_not_end_the_stop_that_stands_there() {
    let mut watch = Watch::with(r#"{"watch":{"shifts":[{"name":"altijd","from":"00:00:00","until":"00:00:00"}]}}"#);
    watch.whole(&[seh("s1")]);
    let away = AlarmChoice {
        unwatched: [("altijd".to_owned(), ["isala".to_owned()].into())].into(),
        ..AlarmChoice::default()
    };
    watch.desk.choose_alarms(away).unwrap();
    watch.desk.tick().unwrap();
    assert_eq!(watch.one().state(), AlarmState::Unacknowledged, "it holds");
    watch.acknowledge();
    watch.desk.tick().unwrap();
    assert_eq!(watch.one().state(), AlarmState::Acknowledged);
    watch.whole(&[seh("s1").holds(false)]);
    assert!(watch.desk.alarm_list().is_empty());
}

#[test]
fn a_closure_or_a_silence_that_is_no_longer_watched_is_not_called_over() {
    let always = r#"{"watch":{"shifts":[{"name":"altijd","from":"00:00:00","until":"00:00:00"}]}}"#;
    let mut watch = Watch::with(always);
    let listed = Fact::StopPoint(StopPoint {
        id: "hs".to_owned(),
        service: "ccu".into(),
        organization: None,
        places: vec!["isala".into()],
        name: "CCU".to_owned(),
        phone: None,
        hours: OpeningHours::default(),
        closures: vec![Closure {
            text: "verbouwing".to_owned(),
            start: Some(began()),
            end: None,
        }],
    });
    watch.changes("", &Region::new().fact("hs", &listed), &[]);
    watch.later(11);
    watch.desk.apply(&Delivery::default(), "").unwrap();
    let kinds = |watch: &Watch| {
        let standing = watch.desk.alarm_list().into_iter().filter(|a| a.active);
        standing.map(|a| a.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&watch), [AlarmKind::FeedSilent, AlarmKind::ServiceStop]);
    let away = AlarmChoice {
        unwatched: [("altijd".to_owned(), ["isala".to_owned()].into())].into(),
        ..AlarmChoice::default()
    };
    watch.desk.choose_alarms(away).unwrap();
    watch.seconds(1);
    watch.seconds(120);
    assert_eq!(kinds(&watch), [AlarmKind::FeedSilent, AlarmKind::ServiceStop]);
}

#[test]
fn a_stop_that_its_hospital_lifted_is_over_also_while_another_type_fails_and_alarms_when_it_begins_anew() {
    let mut watch = Watch::open();
    watch.whole(&[seh("s1")]);
    watch.acknowledge();
    watch.desk.no_answer("", Channel::Urgent, FeedError::Denied(403));
    watch.later(1);
    watch.stop(seh("s1").holds(false));
    assert!(watch.desk.alarm_list().is_empty(), "acknowledged and over is normal");
    watch.later(1);
    watch.desk.take_toasts();
    watch.stop(seh("s1"));
    assert_eq!(watch.one().state(), AlarmState::Unacknowledged);
    assert_eq!(watch.shown_singly(), 1, "it begins anew");
}

/// An entry of a history that says that a stop was deleted.
fn deleted(watch: &Watch, id: &str) -> Value {
    json!({
        "request": { "method": "DELETE", "url": format!("Flag/{id}") },
        "response": { "status": "204", "lastModified": watch.clock.now().to_string() },
    })
}

#[test]
fn ah_03_a_stop_that_was_announced_and_deleted_while_the_line_was_down_is_told() {
    let mut watch = Watch::open();
    watch.later(10);
    let entry = deleted(&watch, "s1");
    watch.changes(
        "",
        &Region::new()
            .stop(seh("s1"))
            .changed(json!({ "meta": { "lastUpdated": NIGHT } })),
        &[entry],
    );
    assert_eq!(watch.one().state(), AlarmState::ReturnedUnacknowledged);
    assert_eq!(watch.shown_singly(), 1);
}

#[test]
fn a_stop_that_is_deleted_is_over_also_while_another_type_fails() {
    let mut watch = Watch::open();
    watch.stop(seh("s1"));
    watch.desk.no_answer("", Channel::Urgent, FeedError::Denied(403));
    watch.later(1);
    let entry = deleted(&watch, "s1");
    watch.changes("", &Region::new(), &[entry]);
    assert_eq!(watch.one().state(), AlarmState::ReturnedUnacknowledged);
}

#[test]
fn a_second_stop_that_does_not_reach_the_server_is_announced_though_the_first_was_acknowledged() {
    let mut watch = Watch::open();
    let announce = |watch: &mut Watch| {
        watch.desk.announce_stop(&seh_stop()).unwrap();
        watch.seconds(10);
    };
    announce(&mut watch);
    watch.acknowledge();
    assert_eq!(watch.one().kind, AlarmKind::NotSent);
    announce(&mut watch);
    assert_eq!(watch.one().state(), AlarmState::Unacknowledged);
    assert_eq!(watch.shown_singly(), 1);
}

#[test]
fn an_acknowledgement_of_before_the_extension_is_not_shown_under_the_extension() {
    let mut watch = Watch::open();
    let by = |at: Timestamp| Acknowledgement {
        by: "noord".to_owned(),
        workstation: "noord".to_owned(),
        at,
    };
    let acknowledged = |watch: &mut Watch, id: &str, at: Timestamp| {
        let fact = Fact::Acknowledgement(StopAcknowledgement {
            stop: "s1".into(),
            by: by(at),
        });
        watch.changes("", &Region::new().fact(id, &fact), &[]);
    };
    let written = |stop: Stop, at: Timestamp| {
        Region::new()
            .stop(stop)
            .changed(json!({ "meta": { "lastUpdated": at.to_string() } }))
    };
    watch.changes("", &written(seh("s1"), began()), &[]);
    // Announced to the other desk a moment earlier, and acknowledged there before it was known here.
    let first = began() + SignedDuration::from_secs(5);
    watch.seconds(20);
    acknowledged(&mut watch, "b1", first);
    watch.seconds(1);
    assert_eq!(watch.one().elsewhere, [by(first)]);
    watch.later(8);
    let longer = seh("s1").expected_end(began() + SignedDuration::from_hours(4));
    let extended = watch.clock.now();
    watch.changes("", &written(longer, extended), &[]);
    watch.seconds(1);
    assert!(watch.one().elsewhere.is_empty(), "nobody there has seen the extension");
    watch.seconds(10);
    acknowledged(&mut watch, "b2", extended + SignedDuration::from_secs(5));
    watch.seconds(1);
    assert_eq!(watch.one().elsewhere.len(), 1);
}

#[test]
fn ah_11_a_blip_of_the_clock_an_hour_ago_does_not_shorten_the_delay_of_today() {
    let mut watch = Watch::open();
    let off = |watch: &mut Watch, minutes: i64| {
        let delivery = Delivery {
            server_date: Some(watch.clock.now() - SignedDuration::from_mins(minutes)),
            ..Delivery::default()
        };
        watch.desk.apply(&delivery, "").unwrap();
        watch.desk.alarm_list().iter().any(|a| a.kind == AlarmKind::Clock)
    };
    assert!(!off(&mut watch, 5));
    watch.seconds(5);
    assert!(!off(&mut watch, 0));
    watch.later(60);
    assert!(!off(&mut watch, 5), "half a minute must pass first");
    watch.seconds(31);
    assert!(off(&mut watch, 5));
}

#[test]
fn a_stop_without_a_known_hospital_stands_in_data_quality() {
    let mut watch = Watch::open();
    let lost = Stop::new("s9", "elders", "seh", began());
    watch.stop(lost.clone());
    let codes = |watch: &Watch| {
        let groups = app::data_quality::view(&watch.desk.moment());
        let found = groups.into_iter().filter(|g| g.code == "stop-without-location");
        found.map(|g| (g.location, g.count)).collect::<Vec<_>>()
    };
    assert_eq!(codes(&watch), [("elders".to_owned(), 1)]);
    watch.stop(lost.holds(false));
    assert!(codes(&watch).is_empty(), "it holds no longer");
    watch.stop(seh("s1"));
    assert!(codes(&watch).is_empty(), "this one is known");
    let closed = Region::new()
        .site("isala", "Isala Zwolle")
        .changed(json!({ "status": "inactive" }));
    watch.changes("", &closed, &[]);
    assert_eq!(codes(&watch), [("Isala Zwolle".to_owned(), 1)]);
}
