//! What is hurt deep inside never keeps a desk from starting, from following, or from being heard.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use app::{
    Clock, Engine, Identity, Paths,
    alarms::{NotificationChange, NotificationKey, Priority},
    clock::FixedClock,
    effect::Effect,
    engine::{self, Input, PackedDelivery, Watchdog},
    health::HealthReport,
    records::Records,
    sources::{Channel, FeedError, FolderWatch, Link},
    storage::{CheckPlan, look},
    text::Language,
};
use domain::alarms::AlarmKind;
use feed::fhir::sync::Delivery;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use store::{Ledger, OutboxKind, OutboxRow};
use support::{Region, RunningDesk, TestDesk, night_clock, open_desk, running::Written};
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
        kept.desk.offline("", FeedError::Unreachable("no answer".to_owned()));
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
        let found = look(&paths, places, CheckPlan::at_look(0), now, &moment.zone);
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

fn is_loud(effects: &[Effect]) -> bool {
    let shown = |e: &Effect| {
        matches!(
            e,
            Effect::Notify(NotificationChange::Show {
                key: NotificationKey::EngineStuck,
                priority: Priority::High,
                ..
            })
        )
    };
    effects.iter().any(shown)
        && effects.contains(&Effect::Sound(Priority::High))
        && effects.contains(&Effect::AskForAttention)
        && effects.contains(&Effect::EngineStuck(true))
}

fn is_withdrawn(effects: &[Effect]) -> bool {
    let key = NotificationKey::EngineStuck;
    effects.contains(&Effect::Notify(NotificationChange::Withdraw { key }))
        && effects.contains(&Effect::EngineStuck(false))
}

/// The machine's clock, until it is broken.
#[derive(Default)]
struct BreakingClock(AtomicBool);

impl Clock for BreakingClock {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::Relaxed), "the clock is broken");
        support::NIGHT.parse().unwrap()
    }
}

#[test]
fn r_15_a_stuck_engine_is_heard_while_the_window_is_hidden() {
    let mut watchdog = Watchdog::default();
    assert_eq!(watchdog.look(3, Language::Dutch), [], "it turns");
    let minute: Vec<Vec<Effect>> = (0..7).map(|_| watchdog.look(3, Language::Dutch)).collect();
    let loud: Vec<bool> = minute.iter().map(|effects| is_loud(effects)).collect();
    assert_eq!(
        loud,
        [true, false, false, false, false, false, true],
        "at once, and each minute"
    );
    assert!(is_withdrawn(&watchdog.look(4, Language::Dutch)));
    assert_eq!(watchdog.look(5, Language::Dutch), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn r_15_an_engine_that_fails_at_everything_is_heard_while_the_window_is_hidden() {
    let (dir, written) = (TempDir::new().unwrap(), Written::default());
    let clock = Arc::new(BreakingClock::default());
    let paths = Paths {
        dir: dir.path().to_owned(),
    };
    let identity = Identity::of("wan-hoofd", "balie");
    let engine = Engine::open(&paths, clock.clone(), identity).unwrap();
    let records = Records::new(&paths, dir.path().join("export"));
    let handle = engine::start(engine, records, Arc::new(written.clone()));
    handle.reached().await.unwrap();
    clock.0.store(true, Ordering::Relaxed);
    let until = async |what: fn(&[Effect]) -> bool| {
        let mut told = vec![];
        let heard = async {
            while !what(&told) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                told.extend(written.take());
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(10), heard).await;
        assert!(what(&told), "{told:?}");
    };
    until(is_loud).await;
    clock.0.store(false, Ordering::Relaxed);
    until(is_withdrawn).await;
}

#[test]
fn r_15_a_stop_follower_that_dies_at_every_look_is_loss_of_view() {
    // It answered once and then dies, or dies from the beginning; everything else goes on.
    for answered in [true, false] {
        let (clock, dir) = (night_clock(), TempDir::new().unwrap());
        let mut desk = open_desk(dir.path(), &clock);
        desk.set_source(ADDRESS).unwrap();
        let stops = |desk: &mut TestDesk| {
            let nothing = PackedDelivery::of(Delivery::default(), desk.moment().now).unwrap();
            desk.deliver("", Channel::Urgent, nothing).unwrap();
        };
        if answered {
            stops(&mut desk);
        }
        let lost = |desk: &TestDesk| {
            let moment = desk.moment();
            moment
                .alarms
                .values()
                .any(|a| a.kind == AlarmKind::FeedLost && a.active)
        };
        for minute in 0..=6 {
            support::deliver_from(&mut desk, "", &[], &Region::new().site("isala", "Isala Zwolle"));
            let task = "stops".to_owned();
            desk.report(HealthReport::TaskRestarted {
                task,
                times: minute + 1,
            });
            desk.tick().unwrap();
            assert_eq!(lost(&desk), minute > 5, "after {minute} minutes");
            clock.advance(SignedDuration::from_mins(1));
        }
        assert_eq!(desk.frame().connection.state, "offline");
        stops(&mut desk);
        desk.tick().unwrap();
        assert_eq!(*desk.moment().source("").unwrap().link(), Link::Live);
        clock.advance(SignedDuration::from_mins(1));
        desk.tick().unwrap();
        assert!(!lost(&desk), "it asks again");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hung_share_is_an_answer_that_did_not_come_and_costs_one_thread() {
    const NAME: &str = "hung-share";
    let threads = || {
        let tasks = fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
        let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
        names.filter(|name| name.trim() == NAME).count()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .thread_name(NAME)
        .build()
        .unwrap();
    let (dir, share) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    // Whoever opens a pipe waits until somebody writes to it: a share that does not answer.
    let pipe = share.path().join("mapping.json");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let (moment, waiting) = runtime.block_on(async {
        let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), night_clock());
        desk.set_source(&share.path().display().to_string()).await;
        let _following = FolderWatch::new(desk.handle.clone(), "", share.path()).start(Duration::from_secs(10));
        // A quarter of an hour of the runtime's own time.
        for _ in 0..90 {
            tokio::time::advance(Duration::from_secs(10)).await;
            desk.settled().await;
        }
        (desk.settled().await, threads())
    });
    // Lets the thread go that waits.
    drop(fs::OpenOptions::new().write(true).open(&pipe).unwrap());
    runtime.shutdown_background();
    let source = moment.source("").unwrap();
    assert!(matches!(source.link(), Link::Offline { .. }), "{source:?}");
    assert_eq!(moment.health.task, None, "nothing had to be started again");
    assert_eq!(waiting, 1);
}
