//! A disk that takes nothing: what can be read stands, what is done is in memory, and both can be read beside their writers.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    label::{LabelKind, LabelOverride},
    place::Organization,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::Timestamp;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use store::{CacheReader, CacheState, CacheWriter, Change, Ledger, Limits, Write};

const FOLDER: &str = "BEDDENWACHT_TEST_READ_ONLY";

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

fn named(version: u32, name: &str) -> Change {
    let fact = Fact::Organization(Organization {
        id: "o".into(),
        name: name.to_owned(),
        jurisdiction: false,
    });
    let key = RecordKey::new(RecordKind::Organization, "o");
    Change::put(key, Some(&version.to_string()), now(), &fact, "{}").unwrap()
}

fn label(bed: &str) -> LabelOverride {
    LabelOverride {
        bed: bed.into(),
        kind: LabelKind::Covidcapaciteit,
        element: "kliniek-covid".into(),
        system: None,
        author: "wan-hoofd".to_owned(),
        reason: String::new(),
        from: now(),
        until: None,
        delivered: None,
        set: None,
        ended: None,
        version: None,
        server_id: None,
    }
}

fn store(writer: &CacheWriter, changes: Vec<Change>) {
    writer.store(Write {
        changes,
        ..Write::of("", now())
    });
    while writer.waiting() > 0 {
        std::thread::yield_now();
    }
}

fn names(reader: &CacheReader) -> Vec<String> {
    let facts = reader.facts(None).unwrap().into_iter();
    let name = facts.map(|f| match f.fact {
        Fact::Organization(o) => o.name,
        other => unreachable!("{other:?}"),
    });
    name.collect()
}

/// A desk that worked, in a folder that was then mounted read-only: answers the folder. Rights would not do: an
/// administrator may write anywhere. The test runs once more in a mount namespace of its own, so that nothing is left
/// mounted whatever becomes of it; in that second run this answers.
fn on_a_read_only_mount(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let can = Command::new("unshare")
        .args(["--map-root-user", "--mount", "true"])
        .status();
    if !can.is_ok_and(|status| status.success()) {
        println!("not tested: this machine lets nobody mount");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    {
        let (mut ledger, _) = Ledger::open(&dir.path().join("ledger.sqlite"), now()).unwrap();
        ledger.label("1", &[(label("a"), None)], &[], now()).unwrap();
        let (writer, _) =
            CacheWriter::start(&dir.path().join("cache.sqlite"), now(), Limits::default(), |_| {}).unwrap();
        store(&writer, vec![named(1, "een")]);
    }
    let script = r#"mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@""#;
    let status = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(dir.path())
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(FOLDER, dir.path())
        .status()
        .unwrap();
    assert!(status.success(), "on the read-only mount");
    None
}

fn takes_nothing(dir: &Path) -> bool {
    std::fs::write(dir.join("probe"), "").is_err()
}

#[test]
fn r_06_on_a_disk_that_takes_nothing_the_last_picture_stands_and_news_can_be_read_beside_the_writer() {
    let test = "r_06_on_a_disk_that_takes_nothing_the_last_picture_stands_and_news_can_be_read_beside_the_writer";
    let Some(dir) = on_a_read_only_mount(test) else { return };
    assert!(takes_nothing(&dir));
    let (writer, state) = CacheWriter::start(&dir.join("cache.sqlite"), now(), Limits::default(), |_| {}).unwrap();
    assert!(matches!(state, CacheState::InMemory(_)), "{state:?}");
    let reader = CacheReader::at(writer.place()).unwrap();
    assert_eq!(names(&reader), ["een"], "as it was left");
    store(&writer, vec![named(2, "twee")]);
    assert_eq!(names(&reader), ["twee"]);
    let key = RecordKey::new(RecordKind::Organization, "o");
    assert!(reader.raw(&key).unwrap().is_some());
    assert!(!reader.history(&key, now()).unwrap().is_empty());
}

#[test]
fn r_06_on_a_disk_that_takes_nothing_what_people_did_is_there_and_what_they_do_is_said_to_be_lost() {
    let test = "r_06_on_a_disk_that_takes_nothing_what_people_did_is_there_and_what_they_do_is_said_to_be_lost";
    let Some(dir) = on_a_read_only_mount(test) else { return };
    assert!(takes_nothing(&dir));
    let (mut ledger, opening) = Ledger::open(&dir.join("ledger.sqlite"), now()).unwrap();
    assert!(opening.in_memory.is_some(), "{opening:?}");
    assert!(ledger.place().is_in_memory());
    assert_eq!(ledger.labels().unwrap().len(), 1, "as it was left");
    ledger.label("2", &[(label("b"), None)], &[], now()).unwrap();
    let beside = Ledger::open_query_only(ledger.place()).unwrap();
    assert_eq!(beside.labels().unwrap().len(), 2);
    assert_eq!(beside.journal().unwrap().len(), 2);
    assert_eq!(beside.first_broken_link().unwrap(), None);
}
