//! A disk that is really full, and rows that really cannot be read: the desk starts, shows and calls all the same.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock, ErrorCode,
    labels::{LabelRequest, Until},
};
use beddenwacht_tests::{desk_of, now, skipped};
use domain::{
    alarms::{AlarmKind, Priority},
    label::LabelKind,
};
use jiff::SignedDuration;
use sim::{Practice, Setup};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};
use support::{Bed, Region, Stop, TestDesk, deliver_from, night_clock, open_desk};
use tempfile::TempDir;

const MOUNTS: &str = "BEDDENWACHT_TEST_MOUNTS";

/// A small file system of its own.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(dir.path())
            .output();
        mounted.is_ok_and(|m| m.status.success()).then(|| Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes every byte that is left.
    fn fill(&self) -> PathBuf {
        let path = self.path().join("filler");
        let mut file = File::create(&path).unwrap();
        for size in [64 << 10, 4 << 10, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

/// Runs a test on a small disk: as it is where this process may mount one, else once more in a namespace where it may.
fn on_a_small_disk(test: &str, run: impl FnOnce(&SmallDisk)) {
    if let Some(disk) = SmallDisk::mount() {
        return run(&disk);
    }
    assert!(
        std::env::var_os(MOUNTS).is_none(),
        "a namespace of its own has no tmpfs"
    );
    let allowed = Command::new("unshare").args(["-Urm", "true"]).output();
    if !allowed.is_ok_and(|a| a.status.success()) {
        return skipped("no file system may be mounted here");
    }
    let again = Command::new("unshare")
        .arg("-Urm")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(MOUNTS, "1")
        .status()
        .unwrap();
    assert!(again.success());
}

/// Has one of the desk's files lie on another disk.
fn lay(file: &str, of: &Path, on: &SmallDisk) {
    std::os::unix::fs::symlink(on.path().join(file), of.join(file)).unwrap();
}

fn hospital() -> Region {
    Region::new()
        .site("isala", "Isala Zwolle")
        .seh("seh", "isala")
        .department("a1", "isala")
}

/// More than fits into what a file has spare.
fn large() -> Region {
    (0..400).fold(hospital(), |region, n| region.bed(Bed::new(&format!("bed-{n}"), "a1")))
}

fn kinds(desk: &TestDesk) -> Vec<AlarmKind> {
    desk.alarm_list().iter().filter(|a| a.active).map(|a| a.kind).collect()
}

#[test]
fn r_06_a_cache_on_a_full_disk_hides_no_stop_and_has_it_when_there_is_room_again() {
    on_a_small_disk(
        "r_06_a_cache_on_a_full_disk_hides_no_stop_and_has_it_when_there_is_room_again",
        |disk| {
            let (dir, clock) = (TempDir::new().unwrap(), night_clock());
            lay("cache.sqlite", dir.path(), disk);
            let mut desk = open_desk(dir.path(), &clock);
            desk.set_source("https://region.example/fhir").unwrap();
            deliver_from(&mut desk, "", &[], &hospital());
            desk.records();
            let filler = disk.fill();
            let stop = large().stop(Stop::new("stop", "seh", "seh", clock.now()));
            deliver_from(&mut desk, "", &[], &stop);
            assert_eq!(desk.take_toasts().len(), 1, "the stop calls");
            assert_eq!(desk.take_sound(), Some(Priority::High), "and is heard");
            assert_eq!(desk.region_view().tiles.len(), 1);
            assert!(desk.region.stops.contains_key("stop"), "and is on the screen");
            assert!(desk.wait_until_stored().is_err(), "the disk was not full");
            desk.tick().unwrap();
            assert!(kinds(&desk).contains(&AlarmKind::Storage), "{:?}", kinds(&desk));

            fs::remove_file(filler).unwrap();
            desk.records();
            desk.tick().unwrap();
            assert!(!kinds(&desk).contains(&AlarmKind::Storage), "{:?}", kinds(&desk));
            drop(desk);
            let desk = open_desk(dir.path(), &clock);
            assert!(desk.region.stops.contains_key("stop"), "it was never stored");
            assert_eq!(desk.region.beds(&"isala".into()).len(), 400);
        },
    );
}

#[test]
fn r_06_a_ledger_on_a_full_disk_hides_no_stop_and_says_of_each_act_that_it_is_not_kept() {
    on_a_small_disk(
        "r_06_a_ledger_on_a_full_disk_hides_no_stop_and_says_of_each_act_that_it_is_not_kept",
        |disk| {
            let (dir, clock) = (TempDir::new().unwrap(), night_clock());
            lay("ledger.sqlite", dir.path(), disk);
            let mut desk = open_desk(dir.path(), &clock);
            desk.set_source("https://region.example/fhir").unwrap();
            deliver_from(&mut desk, "", &[], &large());
            let filler = disk.fill();
            // Pages that were written before are written over until no more are wanted.
            let label = |n: usize| LabelRequest {
                beds: vec![format!("bed-{n}")],
                kind: LabelKind::Covidcapaciteit.code().to_owned(),
                element: "kliniek-covid".to_owned(),
                reason: "vol".to_owned(),
                until: Until::Day,
            };
            let refused = (0..400).find_map(|n| desk.label_beds(&label(n)).err());
            assert_eq!(
                refused.unwrap().code,
                ErrorCode::Storage,
                "what is not kept is not accepted"
            );
            let stop = large().stop(Stop::new("stop", "seh", "seh", clock.now()));
            deliver_from(&mut desk, "", &[], &stop);
            assert_eq!(desk.take_toasts().len(), 1, "the stop calls");
            assert_eq!(desk.take_sound(), Some(Priority::High), "and is heard");
            desk.write_behind();
            let _ = desk.tick();
            assert!(kinds(&desk).contains(&AlarmKind::Storage), "{:?}", kinds(&desk));
            let list = desk.alarm_list();
            let stop = list.iter().find(|a| a.kind == AlarmKind::SehStop).unwrap();
            let seen = desk.acknowledge(&stop.id);
            assert_eq!(seen.unwrap_err().code, ErrorCode::Storage);

            fs::remove_file(filler).unwrap();
            desk.acknowledge(&stop.id).unwrap();
            clock.advance(SignedDuration::from_secs(10));
            desk.tick().unwrap();
            desk.tick().unwrap();
            assert!(!kinds(&desk).contains(&AlarmKind::Storage), "{:?}", kinds(&desk));
        },
    );
}

/// Has one row of a file hold nothing that anybody can read.
fn spoil(file: &Path, sql: &str) {
    let file = rusqlite::Connection::open(file).unwrap();
    assert_eq!(file.execute(sql, []).unwrap(), 1, "{sql}");
}

#[test]
fn r_07_a_row_that_nobody_can_read_in_either_file_keeps_no_desk_from_starting() {
    let (dir, clock) = (TempDir::new().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    let stop = large().stop(Stop::new("stop", "seh", "seh", clock.now()));
    deliver_from(&mut desk, "", &[], &stop);
    for n in 0..2 {
        let request = LabelRequest {
            beds: vec![format!("bed-{n}")],
            kind: LabelKind::Covidcapaciteit.code().to_owned(),
            element: "kliniek-covid".to_owned(),
            reason: "vol".to_owned(),
            until: Until::Day,
        };
        desk.label_beds(&request).unwrap();
    }
    desk.records();
    drop(desk);
    let (cache, ledger) = (dir.path().join("cache.sqlite"), dir.path().join("ledger.sqlite"));
    let spoiled = "UPDATE body SET json = '{\"half\":' WHERE id = (SELECT body FROM fact f JOIN thing t ON t.id = f.thing \
                   WHERE t.name = 'bed-7')";
    spoil(&cache, spoiled);
    spoil(&ledger, "UPDATE label SET body = '{\"half\":' WHERE seq = 1");
    spoil(
        &ledger,
        "UPDATE outbox SET payload = CAST(X'FF' AS TEXT) WHERE rowid = 1",
    );
    spoil(&ledger, "UPDATE alarm SET body = '{\"half\":'");

    let mut desk = open_desk(dir.path(), &clock);
    desk.tick().unwrap();
    assert!(desk.region.stops.contains_key("stop"), "the stop stands");
    assert!(desk.region.beds(&"isala".into()).len() >= 399, "and every other bed");
    assert_eq!(desk.own_labels.len(), 1, "the other label is laid");
    assert!(kinds(&desk).contains(&AlarmKind::SehStop), "{:?}", kinds(&desk));
    assert!(
        kinds(&desk).contains(&AlarmKind::Storage),
        "and somebody is told: {:?}",
        kinds(&desk)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_row_of_the_outbox_that_nobody_can_read_keeps_no_other_from_the_server() {
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&region.url()).await;
    let mut follower = desk.follow(&region.url());
    assert!(follower.round().await);
    let beds = desk.beds_report("deventer").unwrap().beds;
    for bed in beds.iter().take(3) {
        let request = LabelRequest {
            beds: vec![bed.id.clone()],
            kind: LabelKind::Covidcapaciteit.code().to_owned(),
            element: "kliniek-covid".to_owned(),
            reason: "vol".to_owned(),
            until: Until::Day,
        };
        desk.label_beds(&request).await.unwrap();
    }
    let ledger = dir.path().join("ledger.sqlite");
    spoil(
        &ledger,
        "UPDATE outbox SET payload = '{\"half\":' WHERE rowid = (SELECT min(rowid) FROM outbox)",
    );
    follower.send().await;
    let server = feed::fhir::client::Server::new(&region.url()).unwrap();
    let answer = server.get(server.url("Basic?_count=1000").unwrap()).await.unwrap();
    let there: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(there["total"], 2, "the two behind it are on the server");
    let left = rusqlite::Connection::open(&ledger).unwrap();
    let left: i64 = left
        .query_row("SELECT count(*) FROM outbox WHERE state = 'waiting'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(left, 1, "the spoilt one is kept for repair");
}
