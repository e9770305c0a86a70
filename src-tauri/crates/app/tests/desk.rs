//! The desk without a window: alarms survive, labels come back, offline is said.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use app::{
    Clock, Desk, ErrorCode, Identity, Paths,
    alarms::Toast,
    clock::FixedClock,
    labels::{LabelRequest, Until},
    stops::{StopLevelChoice, StopRequest},
};
use domain::{alarm::AlarmState, label::LabelSource};
use feed::FeedError;
use jiff::SignedDuration;
use std::{fs, path::Path, sync::Arc};

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new("2026-11-22T03:00:00+01:00".parse().unwrap()))
}

fn open(dir: &Path, clock: &Arc<FixedClock>) -> Desk {
    let identity = Identity {
        user: "wan-hoofd".to_owned(),
        workstation: "balie".to_owned(),
    };
    Desk::open(&Paths { dir: dir.to_owned() }, clock.clone(), identity).unwrap()
}

/// A site with an SEH, one bed, and a stop that lasts until `status` says otherwise.
fn deliver(desk: &mut Desk, dir: &Path, clock: &FixedClock, status: &str) {
    let n = "https://lpz.example/fhir";
    let now = clock.now();
    let location = |id: &str, kind: &str, part_of: &str, more: &str| {
        format!(
            r#"{{"resource":{{"resourceType":"Location","id":"{id}","name":"{id}","status":"active","physicalType":{{"coding":[{{"code":"{kind}"}}]}},"partOf":{{"reference":"Location/{part_of}"}}{more}}}}}"#
        )
    };
    let label = format!(
        r#","operationalStatus":{{"code":"U"}},"extension":[{{"url":"{n}/StructureDefinition/bed-label","extension":[{{"url":"soort","valueCode":"covidcapaciteit"}},{{"url":"waarde","valueCoding":{{"code":"kliniek-non-covid"}}}}]}}]"#
    );
    let entries = [
        r#"{"resource":{"resourceType":"Location","id":"isala","name":"Isala Zwolle","status":"active","physicalType":{"coding":[{"code":"si"}]},"telecom":[{"system":"phone","value":"038-000 00 00"}]}}"#.to_owned(),
        location("seh", "wa", "isala", r#","type":[{"coding":[{"code":"ER"}]}]"#),
        location("a1", "wa", "isala", ""),
        location("bed", "bd", "a1", &label),
        format!(r#"{{"resource":{{"resourceType":"Flag","id":"s1","status":"{status}","code":{{"coding":[{{"system":"{n}/CodeSystem/capaciteitsstop","code":"stop"}},{{"system":"{n}/CodeSystem/stop-dienst","code":"seh"}}]}},"subject":{{"reference":"Location/seh"}},"period":{{"start":"2026-11-22T02:30:00+01:00"}}}}}}"#),
        format!(r#"{{"resource":{{"resourceType":"MeasureReport","id":"m","subject":{{"reference":"Location/isala"}},"date":"{now}"}}}}"#),
    ];
    let file = dir.join("levering.json");
    fs::write(
        &file,
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
            entries.join(",")
        ),
    )
    .unwrap();
    desk.import(&file).unwrap();
}

fn states(desk: &Desk) -> Vec<AlarmState> {
    desk.alarm_list().iter().map(domain::alarm::Alarm::state).collect()
}

#[test]
fn ah_02_an_unacknowledged_stop_is_unacknowledged_and_announced_again_after_a_restart() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut desk = open(dir.path(), &clock);
    deliver(&mut desk, dir.path(), &clock, "active");
    assert_eq!(desk.take_toasts().len(), 1);
    drop(desk);
    let mut desk = open(dir.path(), &clock);
    assert_eq!(states(&desk), [AlarmState::Unacknowledged]);
    desk.announce_standing();
    assert!(
        matches!(desk.take_toasts().as_slice(), [Toast::Show { summary, .. }] if summary == "SEH-stop Isala Zwolle")
    );
}

#[test]
fn ah_03_a_stop_that_ends_unseen_stays_on_the_desk_until_somebody_has_seen_it() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut desk = open(dir.path(), &clock);
    deliver(&mut desk, dir.path(), &clock, "active");
    clock.advance(SignedDuration::from_mins(5));
    deliver(&mut desk, dir.path(), &clock, "inactive");
    assert_eq!(states(&desk), [AlarmState::ReturnedUnacknowledged]);
    let id = desk.alarm_list().remove(0).id;
    desk.acknowledge(&id).unwrap();
    assert!(desk.alarm_list().is_empty());
    assert_eq!(desk.acknowledge(&id).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn ah_17_a_lost_feed_is_an_alarm_after_one_cycle_and_does_not_end_the_stops_that_stood() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut desk = open(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    deliver(&mut desk, dir.path(), &clock, "active");
    desk.no_answer("", FeedError::Failing(503)).unwrap();
    assert_eq!(desk.alarm_list().len(), 1, "one missed answer is no alarm");
    clock.advance(SignedDuration::from_mins(5));
    desk.no_answer("", FeedError::Failing(503)).unwrap();
    let kinds: Vec<_> = desk.alarm_list().iter().map(|a| a.kind.code()).collect();
    assert!(kinds.contains(&"feed-lost") && kinds.contains(&"seh-stop"), "{kinds:?}");
}

#[test]
fn a_label_by_hand_survives_the_next_delivery_and_a_restart_and_can_be_taken_back() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut desk = open(dir.path(), &clock);
    deliver(&mut desk, dir.path(), &clock, "inactive");
    let request = |element: &str| LabelRequest {
        beds: vec!["bed".to_owned()],
        kind: "covidcapaciteit".to_owned(),
        element: element.to_owned(),
        reason: "harmonica".to_owned(),
        until: Until::NextTen,
    };
    let shown = |desk: &Desk| {
        let label = &desk.beds_report("isala", None).unwrap().beds.remove(0).labels["covidcapaciteit"];
        (label.element.clone(), label.source)
    };
    assert_eq!(
        desk.label_beds(&request("bestaat-niet")).unwrap_err().code,
        ErrorCode::Invalid
    );
    desk.label_beds(&request("kliniek-covid")).unwrap();
    clock.advance(SignedDuration::from_mins(5));
    deliver(&mut desk, dir.path(), &clock, "inactive");
    assert_eq!(
        shown(&desk),
        ("kliniek-covid".to_owned(), LabelSource::Handmatig),
        "the feed does not wipe it"
    );
    let reopened = open(dir.path(), &clock);
    assert_eq!(shown(&reopened), ("kliniek-covid".to_owned(), LabelSource::Handmatig));
    assert_eq!(reopened.outbox_report().unwrap().len(), 1);
    drop(reopened);
    assert_eq!(desk.undo_label().unwrap(), 1);
    assert_eq!(shown(&desk), ("kliniek-non-covid".to_owned(), LabelSource::Epd));
    desk.label_beds(&request("kliniek-covid")).unwrap();
    clock.advance(SignedDuration::from_hours(8));
    assert_eq!(shown(&desk).1, LabelSource::Epd, "at 10:00 it ends by itself");
}

#[test]
fn offline_no_stop_is_announced_and_the_person_is_told_whom_to_call() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), clock());
    let mut desk = open(dir.path(), &clock);
    deliver(&mut desk, dir.path(), &clock, "inactive");
    desk.no_answer("", FeedError::Unreachable("network".to_owned()))
        .unwrap();
    let request = StopRequest {
        site: "isala".to_owned(),
        service: "seh".to_owned(),
        level: StopLevelChoice::Stop,
        reasons: vec!["seh-vol".to_owned()],
        note: String::new(),
        minutes: 120,
    };
    let error = desk.announce_stop(&request).unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    assert!(
        error.detail.contains("niets afgekondigd") && error.detail.contains("038-000 00 00"),
        "{}",
        error.detail
    );
    assert!(desk.outbox_report().unwrap().is_empty());
}
