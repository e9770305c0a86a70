//! Files of released versions open in this one, and nothing in them is lost. The fixtures are dumps of files that
//! those versions wrote.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::region::{Fact, RecordKey, RecordKind};
use jiff::Timestamp;
use rusqlite::{Connection, types::Value};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use store::{Applied, Cache, CacheState, Change, Depth, Ledger, OutboxKind, OutboxState, Verdict, check_in_background};

const LEDGER_V4: &str = include_str!("fixtures/ledger-v4.sql");
const CACHE_V2: &str = include_str!("fixtures/cache-v2.sql");

fn now() -> Timestamp {
    "2026-11-24T03:00:00+01:00".parse().unwrap()
}

fn file(dir: &tempfile::TempDir, name: &str, sql: &str) -> PathBuf {
    let path = dir.path().join(name);
    let c = Connection::open(&path).unwrap();
    c.pragma_update(None, "journal_mode", "wal").unwrap();
    c.execute_batch(sql).unwrap();
    path
}

fn rows(path: &Path, sql: &str) -> Vec<Vec<Value>> {
    let c = Connection::open(path).unwrap();
    let mut statement = c.prepare(sql).unwrap();
    let columns = statement.column_count();
    let all = statement
        .query_map([], |r| (0..columns).map(|n| r.get(n)).collect())
        .unwrap();
    all.map(Result::unwrap).collect()
}

/// The schema, without the marks that renaming a table leaves in its text.
fn schema(path: &Path) -> Vec<Vec<Value>> {
    let mut found = rows(
        path,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
    );
    for value in found.iter_mut().flatten() {
        if let Value::Text(text) = value {
            let words: Vec<&str> = text.split_whitespace().collect();
            *text = words.join(" ").replace('"', "");
        }
    }
    found
}

const TABLES: [(&str, &str); 8] = [
    (
        "label",
        "SELECT seq, gesture, bed, kind, json_remove(body, '$.ended'), created FROM label ORDER BY seq",
    ),
    (
        "outbox",
        "SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason, theirs, decided FROM outbox
         ORDER BY rowid",
    ),
    ("alarm", "SELECT id, body FROM alarm ORDER BY id"),
    (
        "alarm_event",
        "SELECT seq, at, alarm, source, priority, told FROM alarm_event ORDER BY seq",
    ),
    (
        "journal",
        "SELECT seq, at, who, what, body, hash FROM journal ORDER BY seq",
    ),
    ("setting", "SELECT key, value FROM setting ORDER BY key"),
    ("label_set", "SELECT id, body FROM label_set ORDER BY id"),
    (
        "label_time",
        "SELECT seq, at, who, beds, ms FROM label_time ORDER BY seq",
    ),
];

#[test]
fn r_05_a_ledger_of_version_4_keeps_every_row_of_every_table() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "ledger.sqlite", LEDGER_V4);
    let before: Vec<_> = TABLES.iter().map(|(_, sql)| rows(&path, sql)).collect();
    drop(Ledger::open(&path, now()).unwrap());
    for ((table, sql), before) in TABLES.iter().zip(before) {
        assert!(!before.is_empty(), "the fixture has rows of {table}");
        assert_eq!(rows(&path, sql), before, "{table}");
    }
}

#[test]
fn r_05_a_ledger_of_version_4_is_read_as_what_it_meant() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "ledger.sqlite", LEDGER_V4);
    let (ledger, opening) = Ledger::open(&path, now()).unwrap();
    assert_eq!(opening, store::LedgerOpening::default());
    assert_eq!(ledger.unreadable().unwrap(), []);
    assert_eq!(ledger.first_broken_link().unwrap(), None, "the audit trail is whole");
    let outbox = ledger.outbox().unwrap();
    for kind in OutboxKind::ALL {
        assert!(outbox.iter().any(|r| r.kind == *kind), "{kind}");
    }
    for state in [
        OutboxState::Waiting,
        OutboxState::Sent,
        OutboxState::Conflict,
        OutboxState::Refused,
    ] {
        assert!(outbox.iter().any(|r| r.state == state), "{state}");
    }
    let conflict = outbox.iter().find(|r| r.id == "r-conflict").unwrap();
    assert!(conflict.theirs.as_deref().unwrap().contains("ic-onbeademd"));
    assert!(
        outbox.iter().all(|r| r.deadline.is_none()),
        "what was queued before there were deadlines has none"
    );
}

#[test]
fn a_label_of_version_4_that_dissolved_says_so_by_a_code() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "ledger.sqlite", LEDGER_V4);
    drop(Ledger::open(&path, now()).unwrap());
    let ended = rows(&path, "SELECT seq FROM label WHERE body ->> '$.ended' = 'agreed'");
    assert_eq!(ended, [[Value::Integer(3)]]);
}

#[test]
fn r_05_a_migrated_ledger_has_the_schema_of_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let old = file(&dir, "old.sqlite", LEDGER_V4);
    let new = dir.path().join("new.sqlite");
    drop(Ledger::open(&old, now()).unwrap());
    drop(Ledger::open(&new, now()).unwrap());
    assert_eq!(schema(&old), schema(&new));
}

#[test]
fn r_05_the_ledger_as_it_was_before_its_migration_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "ledger.sqlite", LEDGER_V4);
    drop(Ledger::open(&path, now()).unwrap());
    let copy = dir.path().join("backup/before-schema-5.sqlite");
    assert_eq!(rows(&copy, "PRAGMA user_version"), [[Value::Integer(4)]]);
    assert_eq!(
        check_in_background(&store::DatabaseAt::file(&copy), Depth::Full).unwrap(),
        Verdict::Whole
    );
    let backups = store::ledger::backups(&dir.path().join("backup")).unwrap();
    assert_eq!(backups.iter().map(|b| b.whole).collect::<Vec<_>>(), [true]);
}

#[test]
fn one_row_that_makes_no_sense_keeps_no_ledger_from_its_migration() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "ledger.sqlite", LEDGER_V4);
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA ignore_check_constraints = 1; UPDATE outbox SET kind = 'fax' WHERE id = 'r-stop'")
        .unwrap();
    let (ledger, _) = Ledger::open(&path, now()).unwrap();
    let unreadable = ledger.unreadable().unwrap();
    assert_eq!(
        unreadable.iter().map(|u| u.row.as_str()).collect::<Vec<_>>(),
        ["r-stop"]
    );
    assert_eq!(ledger.outbox().unwrap().len(), 9, "the others are read");
}

/// The FHIR types that the kinds of version 2 were called by.
const WORDS: [(&str, RecordKind); 10] = [
    ("Organization", RecordKind::Organization),
    ("Location", RecordKind::Place),
    ("HealthcareService", RecordKind::Service),
    ("Flag", RecordKind::Stop),
    ("Observation", RecordKind::Observation),
    ("MeasureReport", RecordKind::Report),
    ("PractitionerRole", RecordKind::Contact),
    ("Basic", RecordKind::Note),
    ("Schedule", RecordKind::Calendar),
    ("Slot", RecordKind::Slot),
];

fn key(word: &Value, id: &Value) -> RecordKey {
    let (Value::Text(word), Value::Text(id)) = (word, id) else {
        unreachable!("{word:?} {id:?}")
    };
    let kind = WORDS.iter().find(|(w, _)| w == word).map(|(_, kind)| kind.clone());
    RecordKey::new(kind.unwrap_or_else(|| RecordKind::Other(word.clone())), id)
}

/// Facts at a moment as the code of version 2 asked for them.
fn as_version_2_said(path: &Path, at: i64) -> BTreeMap<RecordKey, Fact> {
    let sql =
        format!("SELECT kind, id, body FROM fact WHERE valid_from <= {at} AND (valid_to IS NULL OR valid_to > {at})");
    let read = |row: Vec<Value>| match row.as_slice() {
        [word, id, Value::Text(body)] => (key(word, id), serde_json::from_str(body).unwrap()),
        other => unreachable!("{other:?}"),
    };
    rows(path, &sql).into_iter().map(read).collect()
}

#[test]
fn r_05_a_cache_of_version_2_shows_the_same_region_at_every_moment_of_its_history() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "cache.sqlite", CACHE_V2);
    let times = rows(
        &path,
        "SELECT valid_from FROM fact UNION SELECT valid_to FROM fact WHERE valid_to IS NOT NULL",
    );
    let mut moments: Vec<i64> = vec![now().as_microsecond()];
    for time in times.into_iter().flatten() {
        let Value::Integer(us) = time else {
            unreachable!("{time:?}")
        };
        moments.extend([us - 1, us, us + 1]);
    }
    let before: Vec<_> = moments.iter().map(|us| as_version_2_said(&path, *us)).collect();
    assert!(
        before.iter().any(|facts| facts.len() > 20),
        "the fixture has facts of every kind"
    );
    let (cache, state) = Cache::open(&path, now()).unwrap();
    assert_eq!(state, CacheState::Whole);
    for (us, before) in moments.iter().zip(before) {
        let at = Timestamp::from_microsecond(*us).unwrap();
        let facts = cache.facts_at(at, None).unwrap();
        assert!(facts.unreadable.is_empty(), "{:?}", facts.unreadable);
        let found: BTreeMap<RecordKey, Fact> = facts.read.into_iter().map(|f| (f.key, f.fact)).collect();
        assert_eq!(found, before, "at {at}");
    }
}

#[test]
fn r_05_a_cache_of_version_2_keeps_what_was_delivered_its_remarks_and_where_following_stands() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "cache.sqlite", CACHE_V2);
    let delivered = rows(&path, "SELECT kind, id, raw FROM resource");
    let sync = rows(&path, "SELECT key, value FROM sync ORDER BY key");
    let remarks = rows(
        &path,
        "SELECT seq, received, source, path, code, detail, raw, since FROM not_understood",
    );
    let (cache, _) = Cache::open(&path, now()).unwrap();
    assert!(!delivered.is_empty());
    for row in delivered {
        let [word, id, Value::Text(raw)] = row.as_slice() else {
            unreachable!("{row:?}")
        };
        assert_eq!(cache.raw(&key(word, id)).unwrap().as_ref(), Some(raw), "{id:?}");
    }
    assert_eq!(rows(&path, "SELECT key, value FROM sync ORDER BY key"), sync);
    assert_eq!(
        rows(
            &path,
            "SELECT seq, received, source, path, code, detail, raw, since FROM not_understood"
        ),
        remarks
    );
    assert_eq!(
        cache.sync("bron2~answered").unwrap().as_deref(),
        Some("2026-11-22T02:48:00Z")
    );
    assert_eq!(cache.not_understood().unwrap().len(), 2);
}

#[test]
fn r_05_after_the_migration_nothing_counts_as_changed_that_says_what_it_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "cache.sqlite", CACHE_V2);
    let (cache, _) = Cache::open(&path, now()).unwrap();
    let mut versions = cache.versions().unwrap();
    for stored in cache.facts(None).unwrap() {
        let again = Change::put(stored.key.clone(), Some("9"), now(), &stored.fact, "{}").unwrap();
        assert_eq!(versions.judge(&again), Applied::Same, "{}", stored.key);
    }
}

#[test]
fn r_05_a_migrated_cache_has_the_schema_of_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let old = file(&dir, "old.sqlite", CACHE_V2);
    let new = dir.path().join("new.sqlite");
    drop(Cache::open(&old, now()).unwrap());
    drop(Cache::open(&new, now()).unwrap());
    assert_eq!(schema(&old), schema(&new));
}

#[test]
fn a_word_of_version_2_that_is_one_of_our_kinds_keeps_a_key_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "cache.sqlite", CACHE_V2);
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "INSERT INTO resource (kind, id, version, updated, deleted, raw)
             SELECT k, 'x', NULL, 0, 0, k FROM (SELECT 'Provenance' AS k UNION SELECT 'organization' UNION SELECT 'Location'
               UNION SELECT 'HealthcareService' UNION SELECT 'Flag' UNION SELECT 'Observation' UNION SELECT 'MeasureReport'
               UNION SELECT 'PractitionerRole' UNION SELECT 'Basic' UNION SELECT 'Schedule' UNION SELECT 'Slot');
             INSERT INTO resource (kind, id, version, updated, deleted, raw) VALUES ('organization', 'isala-org', NULL, 0, 0, 'odd');",
        )
        .unwrap();
    let (cache, _) = Cache::open(&path, now()).unwrap();
    let raw = |key: &RecordKey| cache.raw(key).unwrap();
    let isala = RecordKey::new(RecordKind::Organization, "isala-org");
    assert_ne!(
        raw(&isala).as_deref(),
        Some("odd"),
        "nothing odd lies over what was read"
    );
    for (word, kind) in WORDS.iter().filter(|(word, _)| *word != "Organization") {
        assert_eq!(raw(&RecordKey::new(kind.clone(), "x")).as_deref(), Some(*word));
    }
    for (kind, word) in [("Provenance", "Provenance"), ("?organization", "organization")] {
        let kind = RecordKind::Other(kind.to_owned());
        assert_eq!(raw(&RecordKey::new(kind, "x")).as_deref(), Some(word));
    }
}
