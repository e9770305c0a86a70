//! Files of released versions open in this one, and nothing in them is lost. The fixtures are dumps of files that
//! those versions wrote.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::Timestamp;
use rusqlite::{Connection, types::Value};
use std::path::{Path, PathBuf};
use store::{Depth, Ledger, OutboxKind, OutboxState, Verdict, check_in_background};

const LEDGER_V4: &str = include_str!("fixtures/ledger-v4.sql");

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
        "SELECT seq, gesture, bed, kind, body, created FROM label ORDER BY seq",
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
    assert_eq!(check_in_background(&copy, Depth::Full).unwrap(), Verdict::Whole);
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
