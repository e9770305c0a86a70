//! What is kept at this desk: looked through beside it, said where it is hurt, and put back from a copy.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use app::{
    Clock, ErrorCode, Moment, Paths,
    clock::FixedClock,
    effect::Effect,
    engine::Input,
    records::Records,
    storage::{CheckPlan, StorageView, look},
};
use domain::{
    alarms::AlarmKind,
    region::{RecordKey, RecordKind},
};
use feed::fhir::sync::Delivery;
use jiff::SignedDuration;
use rusqlite::Connection;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use support::{Bed, Region, Stop, TestDesk, night_clock, open_desk};
use tempfile::TempDir;

struct Kept {
    desk: TestDesk,
    clock: Arc<FixedClock>,
    dir: TempDir,
}

impl Kept {
    fn open() -> Self {
        let (clock, dir) = (night_clock(), TempDir::new().unwrap());
        let desk = open_desk(dir.path(), &clock);
        Self { desk, clock, dir }
    }

    fn paths(&self) -> Paths {
        Paths {
            dir: self.dir.path().to_owned(),
        }
    }

    /// As the desktop does after its first picture.
    fn look(&mut self) -> Vec<Effect> {
        let moment = self.desk.moment();
        let found = look(
            &self.paths(),
            &moment.storage.places,
            CheckPlan::at_look(0),
            self.clock.now(),
            &moment.zone,
        );
        self.desk.take(Input::Storage(Box::new(found)))
    }

    fn shown(&self) -> StorageView {
        app::settings::view(&self.desk.moment()).storage
    }

    /// What the storage alarm says, and what it says to do.
    fn alarm(&self) -> Option<(String, String)> {
        let moment = self.desk.moment();
        let alarm = moment.alarms.values().find(|a| a.kind == AlarmKind::Storage)?;
        Some((alarm.text.reason.clone(), alarm.text.advice.clone()))
    }

    fn copies(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.dir.path().join("backup"))
            .map(|entries| {
                entries
                    .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        names.sort();
        names
    }

    fn days(&self, n: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * n));
    }

    fn restart(self) -> Self {
        let Self { desk, clock, dir } = self;
        drop(desk);
        let desk = open_desk(dir.path(), &clock);
        Self { desk, clock, dir }
    }
}

fn sql(path: &Path, text: &str) {
    Connection::open(path).unwrap().execute_batch(text).unwrap();
}

/// Overwrites every page but the first, as a disk that goes bad does.
fn scratch(path: &Path) {
    sql(path, "PRAGMA wal_checkpoint(TRUNCATE)");
    let length = fs::metadata(path).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length - 4096).unwrap()])
        .unwrap();
}

fn isala() -> Region {
    Region::new()
        .site("isala", "Isala Zwolle")
        .department("k1", "isala")
        .bed(Bed::new("b1", "k1"))
}

#[test]
fn r_08_where_nothing_is_wrong_looking_makes_the_copy_of_the_day_and_raises_nothing() {
    let mut kept = Kept::open();
    assert_eq!(kept.copies(), [""; 0], "the first picture waits for no copy");
    kept.look();
    kept.look();
    assert_eq!(kept.copies(), ["ledger-20261122.sqlite"]);
    let shown = kept.shown();
    assert!(shown.remarks.is_empty() && shown.offered.is_none(), "{shown:?}");
    assert!(shown.looked.is_some() && shown.copies.first().is_some_and(|copy| copy.whole));
    assert_eq!(kept.alarm(), None);
}

#[test]
fn r_07_a_cache_that_turns_out_damaged_beside_the_desk_is_begun_anew_and_its_sources_are_asked() {
    let mut kept = Kept::open();
    kept.desk.set_source("https://region.example/fhir").unwrap();
    support::deliver(&mut kept.desk, &isala());
    kept.desk.wait_until_stored().unwrap();
    scratch(&kept.paths().cache());
    let effects = kept.look();
    assert!(effects.contains(&Effect::AskSources), "{effects:?}");
    let (reason, _) = kept.alarm().unwrap();
    assert!(reason.contains("worden opnieuw opgehaald"), "{reason}");
    assert!(
        kept.desk.moment().region.sites().next().is_some(),
        "what is shown stays"
    );
}

#[test]
fn r_07_what_is_delivered_after_a_cache_was_begun_anew_is_there_after_the_next_start() {
    let mut kept = Kept::open();
    kept.desk.set_source("https://region.example/fhir").unwrap();
    support::deliver_from(&mut kept.desk, "", &[], &isala());
    kept.desk.wait_until_stored().unwrap();
    scratch(&kept.paths().cache());
    kept.look();
    support::deliver_from(&mut kept.desk, "", &[], &isala());
    kept.desk.wait_until_stored().unwrap();
    let copy = kept.dir.path().join("as-after-a-crash");
    fs::create_dir(&copy).unwrap();
    for file in ["cache.sqlite", "cache.sqlite-wal"] {
        fs::copy(kept.dir.path().join(file), copy.join(file)).unwrap();
    }
    let desk = open_desk(&copy, &kept.clock);
    assert_eq!(desk.region.sites().count(), 1);
}

#[test]
fn r_07_a_ledger_that_turns_out_damaged_is_an_alarm_that_names_the_copy_and_where_it_is_put_back() {
    let mut kept = Kept::open();
    kept.look();
    kept.days(1);
    scratch(&kept.paths().ledger());
    kept.look();
    let (reason, advice) = kept.alarm().unwrap();
    assert!(
        reason.contains("logboek is beschadigd; de reservekopie van"),
        "{reason}"
    );
    assert!(advice.contains("Instellingen (8), Gegevens"), "{advice}");
    let offered = kept.shown().offered.unwrap();
    assert_eq!(offered.id, "ledger-20261122.sqlite");
    assert_eq!(
        kept.copies(),
        ["ledger-20261122.sqlite"],
        "and no copy is made of what is damaged"
    );
}

#[test]
fn r_07_rows_of_the_ledger_that_cannot_be_read_are_counted_by_kind_on_the_screen() {
    let mut kept = Kept::open();
    kept.look();
    sql(
        &kept.paths().ledger(),
        "INSERT INTO setting VALUES ('x', 'perhaps'), ('y', 'perhaps'); INSERT INTO label_set VALUES ('1', '[]')",
    );
    kept.look();
    let shown: Vec<(String, u32)> = kept.shown().unreadable.into_iter().map(|u| (u.what, u.rows)).collect();
    assert_eq!(shown, [("sets".to_owned(), 1), ("instellingen".to_owned(), 2)]);
    let (reason, _) = kept.alarm().unwrap();
    assert!(reason.contains("1 × sets, 2 × instellingen"), "{reason}");
    assert!(kept.shown().offered.is_some());
    sql(
        &kept.paths().ledger(),
        "DELETE FROM setting WHERE value = 'perhaps'; DELETE FROM label_set",
    );
    kept.look();
    assert!(kept.shown().remarks.is_empty(), "mended");
}

#[test]
fn r_06_an_acknowledgement_that_cannot_be_sent_to_the_other_desks_is_not_shown_as_given() {
    let mut kept = Kept::open();
    let stop = isala()
        .seh("seh", "isala")
        .stop(Stop::new("stop", "seh", "seh", kept.clock.now()));
    support::deliver(&mut kept.desk, &stop);
    kept.desk.write_behind();
    let id = kept.desk.alarm_list().first().unwrap().id.clone();
    sql(
        &kept.paths().ledger(),
        "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    assert!(kept.desk.acknowledge(&id).is_err());
    assert!(kept.desk.alarm_list().first().unwrap().is_open(), "on the screen");
    let alarms = kept.restart().desk.alarm_list();
    assert!(alarms.first().unwrap().is_open(), "nor is it on disk");
}

#[test]
fn r_06_who_takes_over_and_is_not_the_operator_after_all_is_not_in_the_audit_trail() {
    let mut kept = Kept::open();
    sql(
        &kept.paths().ledger(),
        "CREATE TRIGGER full BEFORE INSERT ON setting BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    assert!(kept.desk.take_over("waco").is_err());
    assert!(kept.desk.audit_trail().iter().all(|row| row.who != "waco"));
}

#[test]
fn r_07_a_chosen_copy_stands_after_the_next_start_which_says_so_and_names_the_file_that_was_kept() {
    let mut kept = Kept::open();
    kept.desk.share_label_time(true).unwrap();
    kept.look();
    kept.desk.share_label_time(false).unwrap();
    let id = kept.shown().copies.first().unwrap().id.clone();
    kept.desk.restore_ledger(&id).unwrap();
    assert_eq!(kept.shown().chosen.unwrap().id, id);
    assert!(!kept.desk.moment().share_label_time, "not while the desk runs");
    let kept = kept.restart();
    assert!(kept.desk.moment().share_label_time, "as it was when the copy was made");
    let remark = kept.shown().remarks.remove(0);
    assert!(
        remark.contains("is teruggezet; het vorige logboek is bewaard als"),
        "{remark}"
    );
    let aside = PathBuf::from(remark.rsplit(' ').next().unwrap());
    assert!(aside.exists(), "{aside:?}");
    let kept = kept.restart();
    assert!(kept.shown().remarks.is_empty(), "once");
}

#[test]
fn r_07_a_choice_that_was_taken_back_or_is_of_no_copy_changes_nothing() {
    let mut kept = Kept::open();
    kept.look();
    let error = kept.desk.restore_ledger("../ledger.sqlite").unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);
    kept.desk.share_label_time(true).unwrap();
    let id = kept.shown().copies.first().unwrap().id.clone();
    kept.desk.restore_ledger(&id).unwrap();
    kept.desk.keep_ledger().unwrap();
    assert!(kept.shown().chosen.is_none());
    assert!(kept.restart().desk.moment().share_label_time);
}

#[test]
fn the_last_seven_daily_copies_are_kept_and_all_of_them_while_rows_cannot_be_read() {
    let mut kept = Kept::open();
    for _ in 0..9 {
        kept.look();
        kept.days(1);
    }
    assert_eq!(kept.copies().len(), 7);
    sql(&kept.paths().ledger(), "INSERT INTO setting VALUES ('x', 'perhaps')");
    kept.look();
    assert_eq!(kept.copies().len(), 8, "an older one may have what is lost");
}

#[test]
fn r_06_where_no_file_can_be_had_history_worklist_and_audit_trail_are_read_from_memory_and_the_alarm_says_so() {
    let clock = night_clock();
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("a-file"), "no folder").unwrap();
    let folder = dir.path().join("a-file/data");
    let mut desk = open_desk(&folder, &clock);
    support::deliver(&mut desk, &isala());
    desk.wait_until_stored().unwrap();
    desk.tick().unwrap();
    desk.take_over("waco").unwrap();
    let paths = Paths { dir: folder };
    let moment: Moment = desk.moment();
    let records = Records::new(&paths, dir.path().to_owned()).of(&moment);
    let bed = RecordKey::new(RecordKind::Place, "b1");
    assert_eq!(
        records
            .history(&bed, clock.now() - SignedDuration::from_hours(24))
            .unwrap()
            .len(),
        1
    );
    assert!(records.raw(&bed).unwrap().is_some());
    app::worklist::view(&moment, &records).unwrap();
    assert!(
        app::journal::trail(&moment, &records)
            .unwrap()
            .iter()
            .any(|row| row.who == "waco")
    );
    let alarm = moment.alarms.values().find(|a| a.kind == AlarmKind::Storage).unwrap();
    assert!(
        alarm.text.reason.contains("is weg als Beddenwacht stopt"),
        "{:?}",
        alarm.text
    );
}

#[test]
fn r_13_the_ledger_lets_go_of_what_is_old_only_where_a_server_agrees_what_day_it_is() {
    let mut kept = Kept::open();
    kept.desk.set_source("https://region.example/fhir").unwrap();
    kept.desk.take_over("waco").unwrap();
    kept.days(400);
    kept.desk.tick().unwrap();
    let trail = |kept: &Kept| kept.desk.audit_trail().iter().filter(|row| row.who == "waco").count();
    assert_eq!(trail(&kept), 1, "no server said what day it is");
    let answer = |server: i64| Delivery {
        server_date: Some(kept.clock.now() - SignedDuration::from_hours(24 * server)),
        ..Delivery::default()
    };
    let (behind, same) = (answer(400), answer(0));
    kept.desk.apply(&behind, "").unwrap();
    kept.desk.tick().unwrap();
    assert_eq!(trail(&kept), 1, "the server says that it is another year");
    kept.desk.apply(&same, "").unwrap();
    kept.desk.tick().unwrap();
    assert_eq!(trail(&kept), 0);
}
