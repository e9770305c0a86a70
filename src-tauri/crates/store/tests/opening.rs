//! Opening and keeping the two databases, on real files.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    place::Organization,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use std::fs;
#[cfg(unix)]
use std::{collections::BTreeMap, path::Path};
use store::{Applied, Cache, CacheState, Incoming, Ledger, StoreError};

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn named(name: &str) -> Fact {
    Fact::Organization(Organization {
        id: "isala".into(),
        name: name.to_owned(),
        jurisdiction: false,
    })
}

fn organization(id: &str) -> RecordKey {
    RecordKey::new(RecordKind::Organization, id)
}

fn incoming<'a>(key: &'a RecordKey, version: &'a str, updated: Timestamp, fact: Option<&'a Fact>) -> Incoming<'a> {
    Incoming {
        key,
        version: Some(version),
        updated,
        fact,
        raw: "{}",
    }
}

#[test]
fn r_05_a_file_of_a_newer_version_is_refused_politely_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    drop(Cache::open(&path, now()).unwrap());
    let c = rusqlite::Connection::open(&path).unwrap();
    c.pragma_update(None, "user_version", 99).unwrap();
    drop(c);
    assert!(matches!(
        Cache::open(&path, now()),
        Err(StoreError::Newer { found: 99, .. })
    ));
    assert!(path.exists());
}

#[test]
fn r_07_a_damaged_cache_is_set_aside_and_a_damaged_ledger_is_kept_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let (cache, ledger) = (dir.path().join("cache.sqlite"), dir.path().join("ledger.sqlite"));
    fs::write(&cache, b"this is no database at all, and never was one").unwrap();
    fs::write(&ledger, b"this is no database at all, and never was one").unwrap();
    let (opened, state) = Cache::open(&cache, now()).unwrap();
    assert!(matches!(state, CacheState::Rebuilt(_)), "{state:?}");
    assert_eq!(opened.integrity().unwrap(), "ok");
    let (opened, opening) = Ledger::open(&ledger, now()).unwrap();
    assert_eq!(opened.integrity().unwrap(), "ok");
    assert!(
        fs::read(opening.set_aside.unwrap())
            .unwrap()
            .starts_with(b"this is no database"),
        "what was there is still there"
    );
}

#[test]
fn the_region_can_be_asked_for_at_any_past_moment_and_applying_twice_changes_nothing() {
    let (mut cache, isala) = (Cache::in_memory().unwrap(), organization("isala"));
    let (first, second) = (named("Isala"), named("Isala klinieken"));
    let apply = |cache: &mut Cache, one| cache.apply(&[one], None, later(60)).unwrap().applied;
    assert_eq!(
        apply(&mut cache, incoming(&isala, "1", now(), Some(&first))),
        [Applied::Changed]
    );
    assert_eq!(
        apply(&mut cache, incoming(&isala, "2", later(10), Some(&second))),
        [Applied::Changed]
    );
    assert_eq!(
        apply(&mut cache, incoming(&isala, "2", later(10), Some(&second))),
        [Applied::Same]
    );
    assert_eq!(
        apply(&mut cache, incoming(&isala, "1", now(), Some(&first))),
        [Applied::Older]
    );
    assert_eq!(
        apply(&mut cache, incoming(&isala, "3", later(20), None)),
        [Applied::Changed]
    );
    let at = |minutes| {
        cache
            .facts(Some(later(minutes)))
            .unwrap()
            .into_iter()
            .map(|f| f.fact)
            .collect::<Vec<_>>()
    };
    assert!(at(-1).is_empty());
    assert_eq!(at(5), [first]);
    assert_eq!(at(15), [second]);
    assert!(at(25).is_empty(), "deleted at the source is gone, not empty");
    assert!(cache.facts(None).unwrap().is_empty());
}

#[test]
fn what_a_complete_delivery_does_not_name_is_gone() {
    let (mut cache, isala) = (Cache::in_memory().unwrap(), organization("isala"));
    let fact = named("Isala");
    cache
        .apply(&[incoming(&isala, "1", now(), Some(&fact))], None, now())
        .unwrap();
    let batch = cache.apply(&[], Some(""), later(5)).unwrap();
    assert_eq!(batch.gone, [isala]);
}

/// Everything below a folder, with its rights.
#[cfg(unix)]
fn rights(dir: &Path, found: &mut BTreeMap<String, u32>) {
    use std::os::unix::fs::PermissionsExt;
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        found.insert(path.file_name().unwrap().to_str().unwrap().to_owned(), mode);
        if path.is_dir() {
            rights(&path, found);
        }
    }
}

#[cfg(unix)]
#[test]
fn s_12_only_the_owner_can_read_the_files_however_lenient_the_desktop_is() {
    // What a desktop lets others do with new files; without this the desktop of whoever tests would decide.
    rustix::process::umask(rustix::fs::Mode::empty());
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("desk/data");
    let ledger_file = inside.join("ledger.sqlite");
    {
        let (ledger, _) = Ledger::open(&ledger_file, now()).unwrap();
        let (mut cache, _) = Cache::open(&inside.join("cache.sqlite"), now()).unwrap();
        let fact = named("Isala");
        let isala = organization("isala");
        let change = incoming(&isala, "1", now(), Some(&fact));
        cache.apply(&[change], None, now()).unwrap();
        ledger.set_setting("language", "\"nl\"").unwrap();
        ledger.back_up(&inside.join("backup/copy.sqlite")).unwrap();
        // Write-ahead logs and their indexes are there as long as somebody has the databases open.
        let mut found = BTreeMap::new();
        rights(dir.path(), &mut found);
        let files = |of: &[(&str, u32)]| of.iter().map(|(name, mode)| ((*name).to_owned(), *mode)).collect();
        let expected: BTreeMap<String, u32> = files(&[
            ("backup", 0o700),
            ("cache.sqlite", 0o600),
            ("cache.sqlite-shm", 0o600),
            ("cache.sqlite-wal", 0o600),
            ("copy.sqlite", 0o600),
            ("data", 0o700),
            ("desk", 0o700),
            ("ledger.sqlite", 0o600),
            ("ledger.sqlite-shm", 0o600),
            ("ledger.sqlite-wal", 0o600),
        ]);
        assert_eq!(found, expected);
    }
    // What is set aside, and what takes its place.
    fs::write(
        &ledger_file,
        "no database at all, and longer than a header of one hundred bytes has to be",
    )
    .unwrap();
    drop(Ledger::open(&ledger_file, later(1)).unwrap());
    let mut found = BTreeMap::new();
    rights(&inside, &mut found);
    let open: Vec<_> = found.iter().filter(|(_, mode)| **mode & 0o077 != 0).collect();
    assert!(open.is_empty(), "{open:?}");
    assert!(
        found
            .keys()
            .any(|name| name.starts_with("ledger") && name.contains("2026")),
        "{found:?}"
    );
}

#[test]
fn r_02_the_sqlite_that_is_linked_in_has_no_race_between_writing_and_the_log() {
    let linked: Vec<u32> = rusqlite::version().split('.').map(|n| n.parse().unwrap()).collect();
    assert!(
        linked >= vec![3, 51, 3],
        "SQLite {linked:?} loses what was written last"
    );
    // The version of the library that runs is the one it was compiled with: none of the machine's got in between.
    let compiled = rusqlite::ffi::SQLITE_VERSION_NUMBER;
    assert_eq!(rusqlite::version_number(), compiled);
}

#[test]
fn r_11_who_reads_while_a_delivery_is_written_sees_all_of_it_or_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let keys: Vec<RecordKey> = (0..400).map(|n| organization(&format!("o-{n}"))).collect();
    let (mut writer, _) = Cache::open(&path, now()).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let both_ready = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (reader, _) = Cache::open(&path, now()).unwrap();
            both_ready.wait();
            let mut last = false;
            while !last {
                last = done.load(std::sync::atomic::Ordering::Acquire);
                let names: std::collections::BTreeSet<String> = reader
                    .facts(None)
                    .unwrap()
                    .into_iter()
                    .map(|stored| match stored.fact {
                        Fact::Organization(o) => o.name,
                        other => unreachable!("{other:?}"),
                    })
                    .collect();
                assert!(names.len() <= 1, "half of one delivery and half of another: {names:?}");
                assert!(!last || names.len() == 1, "the last delivery is not seen");
            }
        });
        both_ready.wait();
        for round in 1..40_u32 {
            let (fact, version) = (named(&format!("delivery {round}")), round.to_string());
            let delivery: Vec<Incoming> = keys
                .iter()
                .map(|key| incoming(key, &version, later(i64::from(round)), Some(&fact)))
                .collect();
            writer.apply(&delivery, None, later(i64::from(round))).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Release);
    });
}
