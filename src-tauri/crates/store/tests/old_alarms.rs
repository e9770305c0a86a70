//! A ledger whose alarms an earlier version wrote, as text, and one with rows that nobody can read.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::alarms::{
    AlarmKind, AlarmState, Escalation, SuppressionRule, Suspension,
    metrics::{AlarmEvent, AlarmTransition},
};
use jiff::Timestamp;
use std::path::Path;
use store::{Ledger, Rows, Unreadable};

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

/// An alarm as earlier versions stored it: without what it is about, and kept quiet by the sentence on the screen.
fn old(id: &str, kind: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","kind":"{kind}","priority":"high","place":"isala","text":{{"hospital":"Isala Zwolle",
            "what":"SEH-stop","since":"2026-11-22T01:00:00Z","expected_end":null,"reason":"SEH vol","advice":"",
            "phone":null}},"active":true,"raised_at":"2026-11-22T01:00:00Z","acknowledged":null,"suspension":null{more}}}"#
    )
}

fn with_rows(path: &Path, rows: &[(&str, &str)]) {
    drop(Ledger::open(path, now()).unwrap());
    let file = rusqlite::Connection::open(path).unwrap();
    for (id, body) in rows {
        file.execute("INSERT INTO alarm (id, body) VALUES (?1, ?2)", [id, body])
            .unwrap();
    }
}

#[test]
fn an_alarm_that_an_earlier_version_stored_stands_after_the_update() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let kinds = [
        ("stop/isala/seh/s1", "seh-stop"),
        ("stop/isala/ccu/hs-1/2026-11-22T02:00:00Z", "service-stop"),
        ("stop/bron2~isala/seh/bron2~s1", "threatened-stop"),
        ("feed-silent/isala", "feed-silent"),
        ("feed-lost", "feed-lost"),
        ("clock/bron2", "clock"),
        ("storage", "storage"),
        ("busyness/isala", "busyness"),
        ("chattering/stop/isala/seh", "chattering"),
    ];
    let bodies: Vec<String> = kinds.iter().map(|(id, kind)| old(id, kind, "")).collect();
    let rows: Vec<(&str, &str)> = kinds
        .iter()
        .zip(&bodies)
        .map(|((id, _), b)| (*id, b.as_str()))
        .collect();
    with_rows(&path, &rows);
    let (mut ledger, _) = Ledger::open(&path, now()).unwrap();
    let Rows {
        read: alarms,
        unreadable,
    } = ledger.alarms().unwrap();
    assert_eq!(unreadable, []);
    let read: std::collections::BTreeMap<String, &str> =
        alarms.iter().map(|a| (a.id.to_string(), a.kind.code())).collect();
    let written = kinds.iter().map(|(id, kind)| ((*id).to_owned(), *kind)).collect();
    assert_eq!(read, written);
    assert!(
        alarms.iter().all(|a| a.state() == AlarmState::Unacknowledged
            && a.escalation == Escalation::None
            && a.subject.is_none()),
        "{alarms:?}"
    );
    // What is acknowledged and over is taken away under the text that it was stored with.
    let over: Vec<_> = alarms.into_iter().map(|a| (a.id, None)).collect();
    ledger
        .save_alarms(&over, &[], &[], "wan-hoofd", "normal", now())
        .unwrap();
    let left = ledger.alarms().unwrap();
    assert!(left.read.is_empty() && left.unreadable.is_empty(), "{left:?}");
}

#[test]
fn what_was_kept_quiet_by_a_sentence_is_kept_quiet_by_its_rule() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let quiet = r#"{"kind":"suppressed","rule":"wisselt, zie de gezamenlijke melding"}"#;
    let body =
        old("stop/isala/seh/s1", "seh-stop", "").replace(r#""suspension":null"#, &format!(r#""suspension":{quiet}"#));
    with_rows(&path, &[("stop/isala/seh/s1", &body)]);
    let (ledger, _) = Ledger::open(&path, now()).unwrap();
    let alarms = ledger.alarms().unwrap().read;
    let rule = SuppressionRule::Chattering;
    assert_eq!(
        alarms.first().and_then(|a| a.suspension.clone()),
        Some(Suspension::Suppressed { rule })
    );
}

#[test]
fn r_07_a_row_that_nobody_can_read_is_kept_for_repair_and_keeps_nobody_from_starting() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let whole = old("stop/isala/seh/s1", "seh-stop", "");
    let of_tomorrow = old("stop/isala/seh/s2", "helicopter-stop", "");
    let no_id = old("half/a/disk", "seh-stop", "");
    let rows = [
        ("broken", "{\"id\":\"stop/isa"),
        ("half/a/disk", &no_id),
        ("stop/isala/seh/s1", &whole),
        ("stop/isala/seh/s2", &of_tomorrow),
    ];
    with_rows(&path, &rows);
    for _ in 0..2 {
        let (ledger, _) = Ledger::open(&path, now()).unwrap();
        let Rows {
            read: alarms,
            unreadable,
        } = ledger.alarms().unwrap();
        let kinds: Vec<_> = alarms.iter().map(|a| a.kind).collect();
        assert_eq!(kinds, [AlarmKind::SehStop], "the stop that is whole stands");
        let ids: Vec<_> = unreadable.iter().map(|u| (u.table, u.row.as_str())).collect();
        assert_eq!(
            ids,
            [
                ("alarm", "broken"),
                ("alarm", "half/a/disk"),
                ("alarm", "stop/isala/seh/s2")
            ],
            "each is listed, and still there the next time"
        );
        assert!(unreadable.iter().all(|u: &Unreadable| !u.why.is_empty()));
    }
}

#[test]
fn the_alarm_log_of_an_earlier_version_is_counted_and_a_line_that_is_no_alarms_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    drop(Ledger::open(&path, now()).unwrap());
    let file = rusqlite::Connection::open(&path).unwrap();
    let at = now().as_microsecond();
    file.execute_batch(&format!(
        "INSERT INTO alarm_event (at, alarm, source, priority, told) VALUES
         ({at}, 'stop/isala/ccu/hs-1/2026-11-22T02:00:00Z', 'stop/isala/ccu', 'medium', 'raised'),
         ({at}, 'nothing of ours', 'nothing', 'high', 'raised'),
         ({at}, 'feed-lost', 'feed-lost', 'high', 'acknowledged');"
    ))
    .unwrap();
    drop(file);
    let (mut ledger, _) = Ledger::open(&path, now()).unwrap();
    let Rows {
        read: events,
        unreadable,
    } = ledger.alarm_events(now()).unwrap();
    let read: Vec<_> = events
        .iter()
        .map(|e| (e.alarm.origin().to_string(), e.priority.code(), e.transition))
        .collect();
    assert_eq!(
        read,
        [
            ("stop/isala/ccu".to_owned(), "medium", AlarmTransition::Raised),
            ("feed-lost".to_owned(), "high", AlarmTransition::Acknowledged)
        ]
    );
    assert_eq!(
        unreadable.len(),
        1,
        "a line that is not understood is not counted as a high stop"
    );
    let event = AlarmEvent {
        at: now(),
        ..events.into_iter().next().unwrap()
    };
    ledger
        .save_alarms(&[], &[event], &[], "feed", "observed", now())
        .unwrap();
    drop(ledger);
    let file = rusqlite::Connection::open(&path).unwrap();
    let same: i64 = file
        .query_row(
            "SELECT count(*) FROM alarm_event WHERE source = 'stop/isala/ccu' AND told = 'raised'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    assert_eq!(same, 2, "written as it always was");
}
