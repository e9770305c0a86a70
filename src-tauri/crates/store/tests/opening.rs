//! Opening and keeping the two databases, on real files.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    place::Organization,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use std::fs;
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

#[cfg(unix)]
#[test]
fn s_12_only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let inside = dir.path().join("data");
    let (ledger, _) = Ledger::open(&inside.join("ledger.sqlite"), now()).unwrap();
    ledger.back_up(&inside.join("backup/copy.sqlite")).unwrap();
    let mode = |path: &str| fs::metadata(inside.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(""), 0o700);
    assert_eq!(mode("ledger.sqlite"), 0o600);
    assert_eq!(mode("backup/copy.sqlite"), 0o600);
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
