//! A stop that was announced here and does not reach the server: told, kept apart from the labels, and never sent late.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{clock::FixedClock, labels::Decision, outbox::Sent, worklist::WorkRow};
use domain::alarms::AlarmKind;
use jiff::SignedDuration;
use std::sync::Arc;
use support::{Region, TestDesk, deliver_from, night_clock, open_desk, seh_stop};

/// A desk whose hospital has just announced a stop.
fn announced() -> (tempfile::TempDir, Arc<FixedClock>, TestDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    let region = Region::new().site("isala", "Isala Zwolle").seh("seh", "isala");
    deliver_from(&mut desk, "", &[], &region);
    desk.announce_stop(&seh_stop()).unwrap();
    (dir, clock, desk)
}

fn told(desk: &TestDesk) -> Vec<String> {
    let list = desk.alarm_list();
    let unsent = list.iter().filter(|a| a.kind == AlarmKind::NotSent && a.active);
    unsent.map(|a| a.text.hospital.clone()).collect()
}

fn lines(desk: &TestDesk) -> Vec<WorkRow> {
    let groups = desk.worklist().groups;
    groups
        .into_iter()
        .filter(|g| g.code == "unsent")
        .flat_map(|g| g.rows)
        .collect()
}

#[test]
fn a_stop_that_the_server_does_not_take_within_ten_seconds_calls_and_stands_on_the_worklist() {
    let (_dir, clock, mut desk) = announced();
    desk.tick().unwrap();
    assert!(told(&desk).is_empty() && lines(&desk).is_empty(), "it has just left");
    clock.advance(SignedDuration::from_secs(10));
    desk.tick().unwrap();
    assert_eq!(told(&desk), ["Isala Zwolle"]);
    let rows = lines(&desk);
    assert_eq!(rows[0].title, "Stop · Isala Zwolle");
    assert_eq!(rows[0].actions, ["retry", "withdraw"]);
}

#[test]
fn a_stop_that_the_server_takes_after_all_calls_no_longer() {
    let (_dir, clock, mut desk) = announced();
    clock.advance(SignedDuration::from_secs(10));
    desk.tick().unwrap();
    let row = desk.next_to_send("").unwrap().unwrap();
    desk.settle(&row, &Sent::Done).unwrap();
    desk.tick().unwrap();
    assert!(told(&desk).is_empty() && lines(&desk).is_empty());
}

#[test]
fn a_stop_is_not_sent_any_more_after_a_quarter_of_an_hour_and_says_so() {
    let (_dir, clock, mut desk) = announced();
    clock.advance(SignedDuration::from_mins(15));
    desk.tick().unwrap();
    assert!(
        desk.next_to_send("").unwrap().is_none(),
        "it was sent a quarter of an hour late"
    );
    let rows = lines(&desk);
    assert!(
        rows[0].lines.contains(&"te laat om nog te versturen".to_owned()),
        "{rows:?}"
    );
    let row = rows[0].row.clone().unwrap();
    desk.decide(&Decision::Retry { row }).unwrap();
    assert!(
        desk.next_to_send("").unwrap().is_some(),
        "whoever asks for it has it sent"
    );
}

#[test]
fn a_stop_that_is_withdrawn_is_not_sent_and_calls_no_longer() {
    let (_dir, clock, mut desk) = announced();
    clock.advance(SignedDuration::from_secs(10));
    desk.tick().unwrap();
    let row = lines(&desk)[0].row.clone().unwrap();
    desk.decide(&Decision::Withdraw { row }).unwrap();
    assert!(told(&desk).is_empty() && lines(&desk).is_empty());
    clock.advance(SignedDuration::from_mins(1));
    assert!(desk.next_to_send("").unwrap().is_none());
}

#[test]
fn a_stop_that_the_server_refuses_calls_at_once_with_its_reason() {
    let (_dir, _clock, mut desk) = announced();
    let row = desk.next_to_send("").unwrap().unwrap();
    let refused = Sent::Refused {
        status: Some(403),
        why: "HTTP 403: not yours".to_owned(),
    };
    desk.settle(&row, &refused).unwrap();
    desk.tick().unwrap();
    assert_eq!(told(&desk), ["Isala Zwolle"]);
    assert!(lines(&desk)[0].lines.contains(&"HTTP 403: not yours".to_owned()));
}
