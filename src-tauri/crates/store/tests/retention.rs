//! The past is kept for as long as it is asked for, and goes in steps that nobody waits for.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use domain::{
    alarms::{
        AlarmId, AlarmKind, Priority,
        metrics::{AlarmEvent, AlarmTransition},
    },
    count::Count,
    label::{LabelKind, LabelOverride},
    place::{Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind, SiteReport},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::Duration,
};
use store::{
    CacheReader, CacheWriter, Change, Ledger, Limits, OutboxKind, OutboxRow, Retention, Settled, Write, WriteReport,
};

const LONG: Duration = Duration::from_secs(30);
const YEAR: i64 = 365;

fn day(n: i64) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * n)
}

fn key(id: &str) -> RecordKey {
    RecordKey::new(RecordKind::Place, id)
}

/// A bed whose body differs with every name.
fn bed(id: &str, version: i64, at: Timestamp, name: &str) -> Change {
    let place = Place {
        status: Some("active".to_owned()),
        operational_status: Some(["U", "O", "K"][usize::try_from(version % 3).unwrap()].to_owned()),
        ..Place::new(id.into(), PlaceKind::Bed, name, Some("ward".into()))
    };
    Change::put(key(id), Some(&version.to_string()), at, &Fact::Place(place), "{}").unwrap()
}

fn limits(rows: u32) -> Limits {
    Limits {
        retention: Retention {
            rows,
            pause: Duration::from_millis(1),
            first: SignedDuration::ZERO,
            ..Retention::default()
        },
        ..Limits::default()
    }
}

fn open(path: &Path, limits: Limits) -> (CacheWriter, Receiver<WriteReport>) {
    let (tell, told) = channel();
    let (writer, _) = CacheWriter::start(path, day(0), limits, move |r| drop(tell.send(r))).unwrap();
    (writer, told)
}

fn store(writer: &CacheWriter, told: &Receiver<WriteReport>, known: Timestamp, changes: Vec<Change>) {
    writer.store(Write {
        changes,
        ..Write::of("", known)
    });
    let report = told.recv_timeout(LONG).unwrap();
    assert!(matches!(report, WriteReport::Stored { .. }), "{report:?}");
}

fn count(path: &Path, sql: &str) -> i64 {
    let c = Connection::open(path).unwrap();
    c.busy_timeout(LONG).unwrap();
    c.query_row(sql, [], |r| r.get(0)).unwrap()
}

const FACTS: &str = "SELECT count(*) FROM fact";
const BODIES: &str = "SELECT count(*) FROM body";
const UNUSED_BODIES: &str = "SELECT count(*) FROM body WHERE id NOT IN
  (SELECT body FROM fact WHERE body IS NOT NULL UNION SELECT rest FROM fact WHERE rest IS NOT NULL)";

/// Waits until a count is what it is to become.
fn until(path: &Path, sql: &str, wanted: i64) {
    for _ in 0..3_000 {
        if count(path, sql) == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(count(path, sql), wanted, "{sql}");
}

/// Every fact at some moments of what is kept, by both clocks.
fn pictures(path: &Path, today: i64) -> BTreeMap<(Timestamp, Option<Timestamp>), String> {
    let reader = CacheReader::open(path).unwrap();
    let mut all = BTreeMap::new();
    for valid in (today - YEAR..=today).step_by(15) {
        for known in [None, Some(day(valid)), Some(day(today - YEAR)), Some(day(today - 10))] {
            let facts = reader.facts_at(day(valid), known).unwrap();
            assert!(facts.unreadable.is_empty());
            all.insert((day(valid), known), format!("{:?}", facts.read));
        }
    }
    all
}

/// Three beds that change every ten days for 500 days: corrected now and then, and one taken away on the way.
fn five_hundred_days(path: &Path) {
    let keep_all = Limits {
        retention: Retention {
            keep: SignedDuration::from_hours(24 * 10_000),
            ..Retention::default()
        },
        ..Limits::default()
    };
    let (writer, told) = open(path, keep_all);
    for n in (0..=500).step_by(10) {
        let mut changes: Vec<Change> = ["a", "b"]
            .iter()
            .map(|id| bed(id, n, day(n), &format!("{id} {n}")))
            .collect();
        match n {
            0..=60 => changes.push(bed("c", n, day(n), "c")),
            70 => changes.push(Change::delete(key("c"), Some("70"), day(70))),
            200 => changes.push(bed("a", 31, day(31), "corrected long after")),
            450 => changes.push(bed("b", 33, day(33), "corrected lately")),
            _ => {}
        }
        store(&writer, &told, day(n), changes);
    }
}

#[test]
fn what_is_older_than_a_year_goes_and_every_moment_of_the_last_year_looks_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    five_hundred_days(&path);
    let today = 510;
    let (before, rows) = (pictures(&path, today), count(&path, FACTS));
    let (writer, told) = open(&path, limits(7));
    store(&writer, &told, day(today), vec![bed("a", today, day(today), "a 510")]);
    // Of `a` and `b` what begins after day 145 and what stood then, the late correction of `b`; of `c` that it is gone.
    until(&path, FACTS, (1 + 37) + (1 + 36 + 1) + 1);
    until(&path, UNUSED_BODIES, 0);
    drop(writer);
    assert!(rows > 100, "there was something to let go of: {rows}");
    let after = pictures(&path, today);
    for (moment, picture) in &before {
        if moment.0 < day(today) {
            assert_eq!(after.get(moment), Some(picture), "{moment:?}");
        }
    }
    let c = Connection::open(&path).unwrap();
    let whole: String = c.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(whole, "ok");
}

#[test]
fn a_bed_that_was_taken_away_more_than_a_year_ago_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    five_hundred_days(&path);
    let (writer, told) = open(&path, limits(100));
    let of_c = "SELECT count(*) FROM thing WHERE name = 'c'";
    store(&writer, &told, day(510), vec![bed("a", 510, day(510), "a 510")]);
    until(
        &path,
        "SELECT count(*) FROM fact f JOIN thing t ON t.id = f.thing WHERE t.name = 'c'",
        1,
    );
    until(&path, UNUSED_BODIES, 0);
    assert_eq!(count(&path, of_c), 1);
    // What it ended went first; that it ended goes on one of the next days, since a day's pruning that is still at work when
    // the next delivery comes is not begun anew.
    for n in 511..540 {
        store(&writer, &told, day(n), vec![bed("a", n, day(n), &format!("a {n}"))]);
        if count(&path, of_c) == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    until(&path, of_c, 0);
    assert_eq!(
        count(
            &path,
            "SELECT count(*) FROM delivered WHERE thing NOT IN (SELECT id FROM thing)"
        ),
        0
    );
}

#[test]
fn a_delivery_that_comes_while_the_past_is_pruned_is_stored_before_that_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    {
        let (writer, told) = open(&path, Limits::default());
        let at = |n: i64| day(0) + SignedDuration::from_mins(n);
        store(
            &writer,
            &told,
            day(1),
            (0..5_000).map(|n| bed("a", n, at(n), "a")).collect(),
        );
    }
    let (writer, told) = open(&path, limits(1));
    store(&writer, &told, day(500), vec![bed("a", 9_000, day(500), "a")]);
    until(&path, "SELECT count(*) < 5001 FROM fact", 1);
    store(&writer, &told, day(501), vec![bed("a", 9_001, day(501), "a")]);
    assert!(count(&path, FACTS) > 1_000, "five thousand steps were not waited for");
    drop(writer);
    assert!(count(&path, FACTS) > 1_000, "nor are they by who closes the desk");
}

#[test]
fn a_body_that_a_delivery_names_again_while_unused_ones_are_looked_for_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    {
        let (writer, told) = open(&path, Limits::default());
        // Another name at every version: the first comes back at the end, when nothing else has it any more.
        store(
            &writer,
            &told,
            day(0),
            (0..300)
                .map(|n| bed("a", n, day(0) + SignedDuration::from_secs(n), &format!("a {n}")))
                .collect(),
        );
        store(
            &writer,
            &told,
            day(1),
            (0..2_000).map(|n| bed(&format!("b{n}"), 1, day(1), "b")).collect(),
        );
    }
    let slow = Limits {
        retention: Retention {
            rows: 2,
            pause: Duration::from_millis(1),
            first: SignedDuration::ZERO,
            ..Retention::default()
        },
        ..Limits::default()
    };
    let (writer, told) = open(&path, slow);
    store(&writer, &told, day(500), vec![bed("b0", 2, day(500), "b")]);
    until(
        &path,
        "SELECT count(*) FROM fact f JOIN thing t ON t.id = f.thing WHERE t.name = 'a'",
        1,
    );
    // Named again and again, whatever the pruning is at.
    let mut version = 1_000;
    while count(&path, UNUSED_BODIES) > 0 {
        version += 1;
        let name = format!("a {}", version % 300);
        store(
            &writer,
            &told,
            day(500) + SignedDuration::from_secs(version),
            vec![bed("a", version, day(500) + SignedDuration::from_secs(version), &name)],
        );
        assert_eq!(
            CacheReader::open(&path)
                .unwrap()
                .facts_at(day(600), None)
                .unwrap()
                .unreadable,
            []
        );
    }
}

#[test]
fn r_13_a_clock_that_is_years_ahead_lets_nothing_of_the_last_year_go() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    five_hundred_days(&path);
    let last_year = format!("{FACTS} WHERE valid_from > {}", day(500 - YEAR).as_microsecond());
    let before = count(&path, &last_year);
    let (writer, told) = open(&path, limits(100));
    store(&writer, &told, day(5_000), vec![bed("z", 1, day(500), "z")]);
    until(
        &path,
        "SELECT count(*) FROM fact f JOIN thing t ON t.id = f.thing WHERE t.name = 'c'",
        1,
    );
    until(&path, UNUSED_BODIES, 0);
    assert_eq!(count(&path, &last_year), before + 1, "the sources say what year it is");
}

#[test]
fn heartbeats_cost_no_body_each_and_every_past_moment_has_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let (writer, told) = open(&path, Limits::default());
    let at = |n: i64| day(0) + SignedDuration::from_mins(5 * n);
    let report = |n: i64, occupied: u32| {
        let report = SiteReport {
            place: "isala".into(),
            heartbeat: Some(at(n)),
            occupied: Count::Known(occupied),
            available: Count::Known(3),
        };
        let key = RecordKey::new(RecordKind::Report, "r");
        Change::put(key, Some(&n.to_string()), at(n), &Fact::Report(report), "{}").unwrap()
    };
    for n in 1..=100 {
        store(&writer, &told, at(n), vec![report(n, if n == 50 { 7 } else { 8 })]);
    }
    drop(writer);
    assert_eq!(count(&path, BODIES), 2, "as many as there are different counts");
    let reader = CacheReader::open(&path).unwrap();
    for n in [1, 49, 50, 51, 100] {
        let found = reader.facts_at(at(n), None).unwrap().read.pop().unwrap().fact;
        let Fact::Report(found) = found else { unreachable!() };
        assert_eq!(found.heartbeat, Some(at(n)), "{n}");
        assert_eq!(found.occupied, Count::Known(if n == 50 { 7 } else { 8 }), "{n}");
    }
    let known_then = reader.facts_at(at(100), Some(at(30))).unwrap().read.pop().unwrap().fact;
    assert!(
        matches!(known_then, Fact::Report(r) if r.heartbeat == Some(at(30))),
        "as this desk knew it then"
    );
}

fn label(bed: &str, from: Timestamp) -> LabelOverride {
    LabelOverride {
        bed: bed.into(),
        kind: LabelKind::Covidcapaciteit,
        element: "kliniek-covid".into(),
        system: None,
        author: "wan-hoofd".to_owned(),
        reason: String::new(),
        from,
        until: None,
        delivered: None,
        set: None,
        ended: None,
        version: None,
        server_id: None,
    }
}

/// A ledger that was worked with on days 0, 100, … 500: the same bed labelled, something sent, an alarm told.
fn worked(path: &Path) -> Ledger {
    let (mut ledger, _) = Ledger::open(path, day(0)).unwrap();
    for n in (0..=500).step_by(100) {
        let at = day(n);
        ledger
            .label(&n.to_string(), &[(label("a", at), None)], &[], at)
            .unwrap();
        ledger.spend(at, None, 1, 100).unwrap();
        for state in ["sent", "waits"] {
            let row = OutboxRow::waiting(format!("{state}-{n}"), OutboxKind::Label, "a", "{}".into(), at);
            ledger.enqueue(&row, "wan-hoofd").unwrap();
        }
        ledger.settle(&format!("sent-{n}"), Settled::Sent).unwrap();
        let told = AlarmEvent {
            at,
            alarm: AlarmId::of_desk(AlarmKind::Storage),
            priority: Priority::High,
            transition: AlarmTransition::Raised,
        };
        ledger
            .save_alarms(&[], &[told], &[], "wan-hoofd", "raised", at)
            .unwrap();
    }
    ledger
        .label("once", &[(label("b", day(0)), None)], &[], day(0))
        .unwrap();
    ledger
}

fn prune(ledger: &mut Ledger, now: Timestamp, rows: u32) -> u32 {
    let mut steps = 1;
    while ledger.prune(now, rows).unwrap() {
        steps += 1;
    }
    steps
}

#[test]
fn what_people_did_is_kept_for_a_year_and_what_they_were_told_for_a_month() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = worked(&dir.path().join("ledger.sqlite"));
    prune(&mut ledger, day(510), 100);
    let since = |days: Vec<i64>| days.into_iter().map(day).collect::<Vec<_>>();
    let made: Vec<Timestamp> = ledger
        .labels_since(day(0))
        .unwrap()
        .into_iter()
        .map(|(at, _)| at)
        .collect();
    assert_eq!(
        made,
        since(vec![200, 300, 400, 500, 0]),
        "and the label of a bed that nobody labelled since"
    );
    let told: Vec<Timestamp> = ledger.alarm_events(day(0)).unwrap().read.iter().map(|e| e.at).collect();
    assert_eq!(told, since(vec![500]));
    assert_eq!(ledger.spent_since(day(0)).unwrap().len(), 4);
    let outbox: Vec<String> = ledger.outbox().unwrap().into_iter().map(|r| r.id).collect();
    let waits: Vec<String> = outbox.iter().filter(|id| id.starts_with("waits")).cloned().collect();
    assert_eq!(waits.len(), 6, "what waits is never too old: {outbox:?}");
    assert_eq!(outbox.len() - waits.len(), 4, "{outbox:?}");
}

#[test]
fn s_08_an_audit_trail_whose_first_year_went_is_still_one_chain_and_says_what_went() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let mut ledger = worked(&path);
    let steps = prune(&mut ledger, day(510), 2);
    assert!(steps > 2, "in small steps: {steps}");
    assert_eq!(ledger.first_broken_link().unwrap(), None);
    let trail = ledger.journal().unwrap();
    let oldest = trail.first().unwrap().0;
    assert_eq!(oldest, day(200));
    assert!(
        trail
            .iter()
            .any(|(_, who, what, _)| who == "Beddenwacht" && what == "prune")
    );
    // A line more was taken away than the anchor knows of.
    let c = Connection::open(&path).unwrap();
    c.execute_batch("DELETE FROM journal WHERE seq = (SELECT min(seq) FROM journal)")
        .unwrap();
    let first: i64 = c.query_row("SELECT min(seq) FROM journal", [], |r| r.get(0)).unwrap();
    assert_eq!(ledger.first_broken_link().unwrap(), Some(first));
}

#[test]
fn s_08_an_audit_trail_of_which_everything_was_old_goes_on_from_its_anchor() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let mut ledger = worked(&path);
    prune(&mut ledger, day(2_000), 3);
    assert_eq!(ledger.first_broken_link().unwrap(), None);
    ledger
        .label("new", &[(label("c", day(2_000)), None)], &[], day(2_000))
        .unwrap();
    assert_eq!(ledger.first_broken_link().unwrap(), None);
    let c = Connection::open(&path).unwrap();
    c.execute_batch("UPDATE journal_anchor SET hash = 'another'").unwrap();
    assert!(
        ledger.first_broken_link().unwrap().is_some(),
        "the anchor is part of the chain"
    );
}
