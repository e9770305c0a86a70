//! Damaged rows and damaged files: what is whole is shown, what is not is named, kept, and can be had again.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    label::{LabelKind, LabelOverride},
    label_set::{LabelSet, When},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use store::{
    Backup, DatabaseAt, Depth, Ledger, StoreError, Verdict, check_in_background,
    ledger::{backup_folder, backups, choose_restore, drop_restore, restore},
};

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

fn label(bed: &str) -> LabelOverride {
    LabelOverride {
        bed: bed.into(),
        kind: LabelKind::Covidcapaciteit,
        element: "kliniek-covid".into(),
        system: None,
        author: "wan-hoofd".to_owned(),
        reason: "harmonica ".repeat(200),
        from: now(),
        until: None,
        delivered: None,
        set: None,
        ended: None,
        version: None,
        server_id: None,
    }
}

fn set(id: &str) -> LabelSet {
    LabelSet {
        id: id.to_owned(),
        name: "Harmonica".to_owned(),
        lines: vec![],
        reason: String::new(),
        when: When::Until { until: None },
        author: "waco".to_owned(),
        on: true,
        since: now(),
        over: vec![],
    }
}

/// A ledger with two of everything.
fn filled(dir: &Path) -> PathBuf {
    let path = dir.join("ledger.sqlite");
    let (mut ledger, _) = Ledger::open(&path, now()).unwrap();
    for n in ["1", "2"] {
        ledger.label(n, &[(label(n), None)], &[], now()).unwrap();
        ledger.save_set(&set(n), "waco", now()).unwrap();
        ledger.spend(now(), None, 1, 100).unwrap();
        ledger.set_setting(n, "{}").unwrap();
    }
    path
}

fn damage(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// Overwrites every page but the first, as a disk that goes bad does.
fn scratch(path: &Path) {
    let c = Connection::open(path).unwrap();
    c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(c);
    let length = fs::metadata(path).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    let rest = usize::try_from(length - 4096).unwrap();
    file.write_all(&vec![0x5a; rest]).unwrap();
}

#[test]
fn one_row_that_cannot_be_read_costs_that_row_and_is_named() {
    for (table, row, sql) in [
        ("label", "1", "UPDATE label SET body = '{\"half\":' WHERE seq = 1"),
        (
            "label",
            "1",
            "UPDATE label SET body = CAST(X'FF' AS TEXT) WHERE seq = 1",
        ),
        ("label", "1", "UPDATE label SET body = '{}' WHERE seq = 1"),
        ("label_set", "1", "UPDATE label_set SET body = '[]' WHERE id = '1'"),
        (
            "label_time",
            "1",
            "UPDATE label_time SET at = 9223372036854775807 WHERE seq = 1",
        ),
        ("setting", "1", "UPDATE setting SET value = 'perhaps' WHERE key = '1'"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = filled(dir.path());
        damage(&path, sql);
        let (ledger, _) = Ledger::open(&path, now()).unwrap();
        let found = ledger.unreadable().unwrap();
        let named: Vec<(&str, &str)> = found.iter().map(|u| (u.table, u.row.as_str())).collect();
        assert_eq!(named, [(table, row)], "{sql}");
        let since = now() - SignedDuration::from_hours(1);
        let lost = |what: &str| usize::from(table == what);
        assert_eq!(ledger.labels().unwrap().len(), 2 - lost("label"), "{sql}");
        assert_eq!(ledger.labels_since(since).unwrap().len(), 2 - lost("label"), "{sql}");
        assert_eq!(ledger.sets().unwrap().len(), 2 - lost("label_set"), "{sql}");
        assert_eq!(
            ledger.spent_since(since).unwrap().len(),
            2 - lost("label_time"),
            "{sql}"
        );
    }
}

#[test]
fn s_08_a_line_of_the_audit_trail_that_cannot_be_read_is_where_the_chain_breaks() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    damage(&path, "UPDATE journal SET body = CAST(X'FF' AS TEXT) WHERE seq = 2");
    let (ledger, _) = Ledger::open(&path, now()).unwrap();
    assert_eq!(ledger.first_broken_link().unwrap(), Some(2));
    assert_eq!(ledger.journal().unwrap().len(), 3, "the other lines can be read");
}

#[test]
fn r_08_damage_deep_in_a_file_is_found_beside_the_desk_and_not_before_its_first_picture() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    assert_eq!(
        check_in_background(&DatabaseAt::file(&path), Depth::Full).unwrap(),
        Verdict::Whole
    );
    scratch(&path);
    let opened = Ledger::open(&path, now()).map(|(ledger, opening)| (ledger.labels().is_err(), opening.set_aside));
    // Either the schema's own page was hit, or the damage shows when the table is read; never a desk that does not open.
    assert!(matches!(opened, Ok((true, None) | (false, Some(_)))), "{opened:?}");
    scratch(&filled(&dir.path().join("other")));
    let verdict = check_in_background(&DatabaseAt::file(dir.path().join("other/ledger.sqlite")), Depth::Quick).unwrap();
    assert!(matches!(verdict, Verdict::Damaged(_)), "{verdict:?}");
}

#[test]
fn checking_a_file_never_writes_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    let before = fs::read(&path).unwrap();
    check_in_background(&DatabaseAt::file(&path), Depth::Full).unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
    let missing = check_in_background(&DatabaseAt::file(dir.path().join("none.sqlite")), Depth::Quick);
    assert!(
        matches!(missing, Err(StoreError::Sql(_))),
        "and makes none: {missing:?}"
    );
    assert!(!dir.path().join("none.sqlite").exists());
}

#[test]
fn r_07_the_newest_whole_copy_can_be_put_in_the_place_of_a_damaged_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    let folder = dir.path().join("backup");
    {
        let (ledger, _) = Ledger::open(&path, now()).unwrap();
        ledger.back_up(&folder.join("ledger-20261121.sqlite")).unwrap();
        ledger.back_up(&folder.join("ledger-20261122.sqlite")).unwrap();
    }
    scratch(&folder.join("ledger-20261122.sqlite"));
    fs::write(folder.join("notes.txt"), "not a copy").unwrap();
    scratch(&path);
    let offered = backups(&folder).unwrap();
    let names: Vec<(String, bool)> = offered
        .iter()
        .map(|b| (b.path.file_name().unwrap().to_string_lossy().into_owned(), b.whole))
        .collect();
    assert_eq!(
        names,
        [
            ("ledger-20261122.sqlite".to_owned(), false),
            ("ledger-20261121.sqlite".to_owned(), true)
        ],
        "newest first, and which of them is whole"
    );
    let aside = restore(&path, offered.iter().find(|b| b.whole).unwrap(), now()).unwrap();
    assert!(aside.unwrap().exists(), "the damaged one is kept");
    let (ledger, _) = Ledger::open(&path, now()).unwrap();
    assert_eq!(ledger.labels().unwrap().len(), 2);
    assert_eq!(ledger.integrity().unwrap(), "ok");
    assert!(offered.iter().all(|b| b.path.exists()), "and so are the copies");
}

#[test]
fn a_copy_that_was_being_put_back_when_the_power_went_takes_its_place_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let path = filled(dir.path());
    damage(&path, "PRAGMA wal_checkpoint(TRUNCATE)");
    fs::rename(&path, dir.path().join("ledger.restoring")).unwrap();
    let (ledger, _) = Ledger::open(&path, now()).unwrap();
    assert_eq!(ledger.labels().unwrap().len(), 2);
}

#[test]
fn there_are_no_copies_where_there_is_no_folder() {
    assert_eq!(backups(Path::new("/nonexistent/backup")).unwrap(), []);
}

/// The one copy in the folder.
fn copy(ledger: &Path) -> Backup {
    backups(&backup_folder(ledger)).unwrap().remove(0)
}

/// A ledger with one label, a copy of it, and a second label that the copy has not.
fn with_copy(dir: &Path) -> PathBuf {
    let path = dir.join("ledger.sqlite");
    let (mut ledger, _) = Ledger::open(&path, now()).unwrap();
    ledger.label("1", &[(label("1"), None)], &[], now()).unwrap();
    ledger
        .back_up(&backup_folder(&path).join("ledger-20261121.sqlite"))
        .unwrap();
    ledger.label("2", &[(label("2"), None)], &[], now()).unwrap();
    path
}

#[test]
fn r_07_a_copy_that_was_chosen_while_the_desk_ran_stands_at_its_next_start_and_the_file_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = with_copy(dir.path());
    let offered = copy(&path);
    choose_restore(&path, &offered, "waco", now()).unwrap();
    let (ledger, opening) = Ledger::open(&path, now()).unwrap();
    assert_eq!(ledger.labels().unwrap().len(), 1);
    let restored = opening.restored.unwrap();
    assert_eq!((restored.made_at, restored.who.as_str()), (offered.made_at, "waco"));
    let (kept, _) = Ledger::open(&restored.set_aside.unwrap(), now()).unwrap();
    assert_eq!(
        kept.labels().unwrap().len(),
        2,
        "what was done since is in the file that stood there"
    );
    let trail = ledger.journal().unwrap();
    assert!(
        trail.iter().any(|(_, who, what, _)| who == "waco" && what == "restore"),
        "{trail:?}"
    );
    assert_eq!(ledger.first_broken_link().unwrap(), None);
    drop(ledger);
    let (_, again) = Ledger::open(&path, now()).unwrap();
    assert_eq!(again.restored, None, "once");
}

#[test]
fn r_07_a_choice_that_was_taken_back_puts_nothing_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = with_copy(dir.path());
    choose_restore(&path, &copy(&path), "waco", now()).unwrap();
    drop_restore(&path).unwrap();
    drop_restore(&path).unwrap();
    let (ledger, opening) = Ledger::open(&path, now()).unwrap();
    assert_eq!((ledger.labels().unwrap().len(), opening.restored), (2, None));
}

#[test]
fn r_07_a_copy_that_is_damaged_or_lies_elsewhere_cannot_be_chosen() {
    let dir = tempfile::tempdir().unwrap();
    let path = with_copy(dir.path());
    let whole = copy(&path);
    let elsewhere = dir.path().join("elsewhere.sqlite");
    fs::copy(&whole.path, &elsewhere).unwrap();
    let elsewhere = Backup {
        path: elsewhere,
        ..whole.clone()
    };
    assert!(choose_restore(&path, &elsewhere, "waco", now()).is_err());
    scratch(&whole.path);
    assert!(choose_restore(&path, &copy(&path), "waco", now()).is_err());
}

#[test]
fn r_07_a_chosen_copy_that_turned_bad_before_the_next_start_leaves_the_ledger_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = with_copy(dir.path());
    choose_restore(&path, &copy(&path), "waco", now()).unwrap();
    scratch(&backup_folder(&path).join("ledger-20261121.sqlite"));
    let (ledger, opening) = Ledger::open(&path, now()).unwrap();
    assert_eq!(ledger.labels().unwrap().len(), 2);
    assert!(opening.not_restored.is_some());
    drop(ledger);
    let (_, again) = Ledger::open(&path, now()).unwrap();
    assert_eq!(again.not_restored, None, "and not at every start");
}

#[test]
fn r_07_what_was_set_aside_in_the_same_second_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let mut kept = vec![];
    for text in ["first", "second"] {
        fs::write(&path, text).unwrap();
        kept.push(Ledger::set_aside(&path, now()).unwrap());
    }
    let read: Vec<String> = kept.iter().map(|p| fs::read_to_string(p).unwrap()).collect();
    assert_eq!(read, ["first", "second"]);
}
