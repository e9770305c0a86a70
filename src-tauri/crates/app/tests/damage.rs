//! What is hurt deep inside never keeps a desk from starting, from following, or from being heard.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use app::{
    Clock, Paths,
    clock::FixedClock,
    engine::Input,
    sources::FeedError,
    storage::{Wanted, look},
};
use domain::alarms::AlarmKind;
use jiff::SignedDuration;
use rusqlite::Connection;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Ledger, OutboxKind, OutboxRow};
use support::{Region, TestDesk, night_clock, open_desk};
use tempfile::TempDir;

/// Overwrites pages of a database, as a disk that goes bad does: those where each of these trees begins.
fn damage(path: &Path, trees: &[&str]) {
    let c = Connection::open(path).unwrap();
    c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let pages: Vec<u32> = trees
        .iter()
        .map(|tree| {
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
            c.query_row(sql, [tree], |r| r.get(0)).unwrap()
        })
        .collect();
    drop(c);
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    for page in pages {
        file.seek(SeekFrom::Start((u64::from(page) - 1) * 4096)).unwrap();
        file.write_all(&[0x5a; 4096]).unwrap();
    }
}

struct Kept {
    desk: TestDesk,
    clock: Arc<FixedClock>,
    dir: TempDir,
}

const ADDRESS: &str = "https://region.example/fhir";

impl Kept {
    /// A desk that follows a region, with something in every table that a start reads, and a copy of yesterday.
    fn open() -> Self {
        let (clock, dir) = (night_clock(), TempDir::new().unwrap());
        let mut desk = open_desk(dir.path(), &clock);
        desk.set_source(ADDRESS).unwrap();
        let mut kept = Self { desk, clock, dir };
        kept.look();
        kept.desk
            .offline("", FeedError::Unreachable("no answer".to_owned()))
            .unwrap();
        kept.clock.advance(SignedDuration::from_hours(24));
        kept.desk.tick().unwrap();
        kept.desk.wait_until_stored().unwrap();
        let now = kept.clock.now();
        let (mut ledger, _) = Ledger::open(&kept.ledger(), now).unwrap();
        for n in 0..40 {
            let row = OutboxRow::waiting(format!("row{n}"), OutboxKind::Stop, "seh", "{}".to_owned(), now);
            ledger.enqueue(&row, "waco").unwrap();
        }
        drop(ledger);
        kept
    }

    fn ledger(&self) -> PathBuf {
        Paths {
            dir: self.dir.path().to_owned(),
        }
        .ledger()
    }

    /// As the desktop does after its first picture.
    fn look(&mut self) {
        let moment = self.desk.moment();
        let paths = Paths {
            dir: self.dir.path().to_owned(),
        };
        let (places, now) = (&moment.storage.places, self.clock.now());
        let found = look(&paths, places, Wanted::at_look(0), now, &moment.zone);
        self.desk.take(Input::Storage(Box::new(found)));
    }

    fn restart_after(self, hurt: impl FnOnce(&Path)) -> Self {
        let Self { desk, clock, dir } = self;
        drop(desk);
        hurt(&dir.path().join("ledger.sqlite"));
        let desk = open_desk(dir.path(), &clock);
        Self { desk, clock, dir }
    }

    /// The damaged ledgers that were set aside.
    fn set_aside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.dir.path()).unwrap();
        let names = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
        names
            .filter(|n| n.contains("damaged") && n.ends_with(".sqlite"))
            .collect()
    }

    fn follows(&self) -> Vec<String> {
        let sources = self.desk.moment().sources;
        sources.iter().map(|s| s.settings.address.clone()).collect()
    }

    fn alarm(&self, kind: AlarmKind) -> Option<String> {
        let moment = self.desk.moment();
        let alarm = moment.alarms.values().find(|a| a.kind == kind)?;
        Some(format!("{} {}", alarm.text.reason, alarm.text.advice))
    }
}

#[test]
fn r_07_a_ledger_with_a_bad_page_deep_inside_still_opens_the_desk_and_offers_its_copy() {
    for tree in [
        "alarm",
        "label",
        "label_bed",
        "label_set",
        "alarm_event",
        "outbox",
        "outbox_waiting",
        "setting",
        "journal",
    ] {
        let mut kept = Kept::open().restart_after(|path| damage(path, &[tree]));
        assert_eq!(kept.set_aside().len(), 1, "{tree}: the damaged one is kept");
        assert_eq!(kept.follows(), [ADDRESS], "{tree}");
        let sends = kept.desk.moment().outbox.len();
        assert_eq!(sends, if tree == "outbox" { 0 } else { 40 }, "{tree}");
        kept.desk.tick().unwrap();
        kept.look();
        let said = kept.alarm(AlarmKind::Storage).unwrap();
        assert!(
            said.contains("beschadigd") && said.contains("reservekopie"),
            "{tree}: {said}"
        );
        let offered = app::settings::view(&kept.desk.moment()).storage.offered;
        assert!(offered.is_some_and(|copy| copy.whole), "{tree}");
        let trail = kept.desk.audit_trail();
        assert!(trail.iter().any(|row| row.what == "damaged"), "{tree}: {trail:?}");
    }
}

#[test]
fn r_07_of_a_table_with_one_bad_page_in_its_middle_the_rows_on_both_sides_are_kept() {
    let kept = Kept::open();
    let now = kept.clock.now();
    let rows = 400;
    {
        let (ledger, _) = Ledger::open(&kept.ledger(), now).unwrap();
        for n in 0..rows {
            ledger
                .set_setting(&format!("watch-list-{n:03}"), &format!("\"{}\"", "x".repeat(200)))
                .unwrap();
        }
    }
    let kept = kept.restart_after(|path| {
        let c = Connection::open(path).unwrap();
        c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        drop(c);
        let bytes = fs::read(path).unwrap();
        let at = bytes.windows(14).position(|w| w == b"watch-list-200").unwrap();
        let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.seek(SeekFrom::Start((at / 4096 * 4096) as u64)).unwrap();
        file.write_all(&[0x5a; 4096]).unwrap();
    });
    let (ledger, _) = Ledger::open(&kept.ledger(), now).unwrap();
    let there = |n: usize| ledger.setting(&format!("watch-list-{n:03}")).unwrap().is_some();
    assert!(there(0) && there(100) && there(300) && there(rows - 1) && !there(200));
    assert_eq!(kept.follows(), [ADDRESS]);
}

#[test]
fn r_07_a_ledger_that_was_set_aside_does_not_make_the_desk_follow_nobody() {
    // Nothing of it can be read: what is followed is known from the copy of yesterday.
    let kept = Kept::open().restart_after(|path| fs::write(path, vec![0x5a; 8192]).unwrap());
    assert_eq!((kept.set_aside().len(), kept.follows()), (1, vec![ADDRESS.to_owned()]));
}

#[test]
fn r_07_what_a_source_delivered_while_nobody_is_followed_any_more_is_loss_of_view() {
    let mut kept = Kept::open();
    support::deliver_from(&mut kept.desk, "", &[], &Region::new().site("isala", "Isala Zwolle"));
    kept.desk.tick().unwrap();
    kept.desk.wait_until_stored().unwrap();
    let mut kept = kept.restart_after(|path| {
        fs::write(path, vec![0x5a; 8192]).unwrap();
        fs::remove_dir_all(path.with_file_name("backup")).unwrap();
    });
    assert_eq!(kept.follows(), [""; 0], "nothing says what was followed");
    kept.desk.tick().unwrap();
    let said = kept.alarm(AlarmKind::FeedLost).unwrap();
    assert!(said.contains("Instellingen"), "{said}");
    kept.desk.set_source(ADDRESS).unwrap();
    kept.desk.tick().unwrap();
    kept.clock.advance(SignedDuration::from_mins(1));
    kept.desk.tick().unwrap();
    let lost = kept.desk.moment();
    let lost = lost.alarms.values().find(|a| a.kind == AlarmKind::FeedLost);
    assert!(lost.is_none_or(|a| !a.active), "{lost:?}");
}

#[test]
fn a_file_that_was_imported_by_hand_is_nobody_who_ought_to_be_followed() {
    let (clock, dir) = (night_clock(), TempDir::new().unwrap());
    let mut desk = open_desk(dir.path(), &clock);
    support::deliver(&mut desk, &Region::new().site("isala", "Isala Zwolle"));
    desk.wait_until_stored().unwrap();
    drop(desk);
    let mut desk = open_desk(dir.path(), &clock);
    desk.tick().unwrap();
    assert!(desk.moment().alarms.values().all(|a| a.kind != AlarmKind::FeedLost));
}
