//! The desk without a window: alarms survive, labels come back, offline is said.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use app::{
    Clock, ErrorCode, Identity,
    alarms::NotificationChange,
    clock::FixedClock,
    labels::{LabelRequest, Until},
};
use domain::{
    alarms::AlarmState,
    label::{LabelKind, LabelSource},
};
use feed::FeedError;
use jiff::SignedDuration;
use support::{Bed, Region, Stop, TestDesk, night_clock, open_desk, seh_stop};

/// A site with an SEH, one bed, and a stop for as long as it holds.
fn deliver(desk: &mut TestDesk, clock: &FixedClock, stop_holds: bool) {
    let began = "2026-11-22T02:30:00+01:00".parse().unwrap();
    let region = Region::new()
        .site("isala", "Isala Zwolle")
        .seh("seh", "isala")
        .department("a1", "isala")
        .bed(Bed::new("bed", "a1").label(LabelKind::Covidcapaciteit, "kliniek-non-covid"))
        .stop(Stop::new("s1", "seh", "seh", began).holds(stop_holds))
        .heartbeat("isala", clock.now());
    support::deliver(desk, &region);
}

fn states(desk: &TestDesk) -> Vec<AlarmState> {
    desk.alarm_list().iter().map(domain::alarms::Alarm::state).collect()
}

#[test]
fn ah_02_an_unacknowledged_stop_is_unacknowledged_and_announced_again_after_a_restart() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    deliver(&mut desk, &clock, true);
    assert_eq!(desk.take_toasts().len(), 1);
    drop(desk);
    let mut desk = open_desk(dir.path(), &clock);
    assert_eq!(states(&desk), [AlarmState::Unacknowledged]);
    desk.announce_standing();
    assert!(
        matches!(desk.take_toasts().as_slice(), [NotificationChange::Show { summary, .. }] if summary == "SEH-stop Isala Zwolle")
    );
}

#[test]
fn ah_03_a_stop_that_ends_unseen_stays_on_the_desk_until_somebody_has_seen_it() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    deliver(&mut desk, &clock, true);
    clock.advance(SignedDuration::from_mins(5));
    deliver(&mut desk, &clock, false);
    assert_eq!(states(&desk), [AlarmState::ReturnedUnacknowledged]);
    let id = desk.alarm_list().remove(0).id;
    desk.acknowledge(&id).unwrap();
    assert!(desk.alarm_list().is_empty());
    assert_eq!(desk.acknowledge(&id).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn ah_17_a_lost_feed_is_an_alarm_after_one_cycle_and_does_not_end_the_stops_that_stood() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    deliver(&mut desk, &clock, true);
    desk.offline("", FeedError::Failing(503));
    assert_eq!(desk.alarm_list().len(), 1, "one missed answer is no alarm");
    clock.advance(SignedDuration::from_mins(5));
    desk.offline("", FeedError::Failing(503));
    let kinds: Vec<_> = desk.alarm_list().iter().map(|a| a.kind.code()).collect();
    assert!(kinds.contains(&"feed-lost") && kinds.contains(&"seh-stop"), "{kinds:?}");
}

#[test]
fn a_label_by_hand_survives_the_next_delivery_and_a_restart_and_can_be_taken_back() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    deliver(&mut desk, &clock, false);
    let request = |element: &str| LabelRequest {
        beds: vec!["bed".to_owned()],
        kind: "covidcapaciteit".to_owned(),
        element: element.to_owned(),
        reason: "harmonica".to_owned(),
        until: Until::NextTen,
    };
    let shown = |desk: &TestDesk| {
        let label = &desk.beds_report("isala").unwrap().beds.remove(0).labels["covidcapaciteit"];
        (label.element.clone(), label.source)
    };
    assert_eq!(
        desk.label_beds(&request("bestaat-niet")).unwrap_err().code,
        ErrorCode::Invalid
    );
    desk.label_beds(&request("kliniek-covid")).unwrap();
    clock.advance(SignedDuration::from_mins(5));
    deliver(&mut desk, &clock, false);
    assert_eq!(
        shown(&desk),
        ("kliniek-covid".to_owned(), LabelSource::Handmatig),
        "the feed does not wipe it"
    );
    desk.wait_until_stored().unwrap();
    let reopened = open_desk(dir.path(), &clock);
    assert_eq!(shown(&reopened), ("kliniek-covid".to_owned(), LabelSource::Handmatig));
    assert_eq!(reopened.outbox_report().len(), 1);
    drop(reopened);
    assert_eq!(desk.undo_label().unwrap(), 1);
    assert_eq!(shown(&desk), ("kliniek-non-covid".to_owned(), LabelSource::Epd));
    desk.label_beds(&request("kliniek-covid")).unwrap();
    clock.advance(SignedDuration::from_hours(8));
    assert_eq!(shown(&desk).1, LabelSource::Epd, "at 10:00 it ends by itself");
}

#[test]
fn offline_no_stop_is_announced_and_the_person_is_told_whom_to_call() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    deliver(&mut desk, &clock, false);
    desk.offline("", FeedError::Unreachable("network".to_owned()));
    let error = desk.announce_stop(&seh_stop()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    assert!(
        error.detail.contains("niets afgekondigd") && error.detail.contains("038-000 00 00"),
        "{}",
        error.detail
    );
    assert!(desk.outbox_report().is_empty());
}

#[test]
fn what_a_hospital_calls_itself_is_no_formula_in_a_list_that_a_spreadsheet_opens() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    let region = Region::new()
        .site("s", "=1+1")
        .department("k1", "s")
        .bed(Bed::new("b1", "k1"));
    support::deliver(&mut desk, &region);
    let path = app::data_quality::export(&desk.moment(), None, dir.path()).unwrap();
    let csv = std::fs::read_to_string(path).unwrap();
    assert!(
        csv.starts_with('\u{feff}'),
        "Excel takes it for something else than UTF-8"
    );
    assert!(csv.contains(";'=1+1;") && !csv.contains(";=1+1;"), "{csv}");
}

#[test]
fn what_is_done_before_anybody_took_the_desk_over_is_in_nobodys_name() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let identity = Identity {
        user: None,
        workstation: "balie".to_owned(),
        signed_in: Some("j.devries".to_owned()),
    };
    let mut desk = TestDesk::open(dir.path(), clock.clone(), identity).unwrap();
    deliver(&mut desk, &clock, true);
    let frame = desk.frame();
    assert_eq!((frame.user, frame.signed_in.as_deref()), (None, Some("j.devries")));
    let id = desk.alarm_list().remove(0).id;
    desk.acknowledge(&id).unwrap();
    let by = desk.alarm_list().remove(0).acknowledged.unwrap().by;
    assert_eq!(by, "?");
    desk.take_over("WACO").unwrap();
    assert_eq!(desk.frame().user.as_deref(), Some("WACO"));
}

#[test]
fn the_region_says_how_many_of_its_sehs_are_open_and_what_is_with_the_others() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    deliver(&mut desk, &clock, true);
    let sehs = desk.region_view().sehs;
    assert_eq!((sehs.of, sehs.open, sehs.stop), (1, 0, 1));
    deliver(&mut desk, &clock, false);
    let sehs = desk.region_view().sehs;
    assert_eq!((sehs.of, sehs.stop), (1, 0));
    assert_eq!(sehs.open + sehs.unknown, 1);
}
