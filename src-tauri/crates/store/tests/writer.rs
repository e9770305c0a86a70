//! The cache is written behind the desk: whole deliveries, tried again, bounded, and never in anybody's way.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use domain::{
    place::Organization,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};
use store::{
    Cache, CacheReader, CacheState, CacheWriter, Change, Complete, Limits, Remark, Remarks, Write, WriteReport,
};

const LONG: Duration = Duration::from_secs(20);

fn at(minutes: i64) -> Timestamp {
    let three: Timestamp = "2026-11-22T03:00:00+01:00".parse().unwrap();
    three + SignedDuration::from_mins(minutes)
}

fn key(id: &str) -> RecordKey {
    RecordKey::new(RecordKind::Organization, id)
}

fn named(id: &str, version: i64, name: &str) -> Change {
    let fact = Fact::Organization(Organization {
        id: id.into(),
        name: name.to_owned(),
        jurisdiction: false,
    });
    Change::put(key(id), Some(&version.to_string()), at(version), &fact, "{}").unwrap()
}

fn delivery(source: &str, minute: i64, changes: Vec<Change>) -> Write {
    Write {
        changes,
        cursors: vec![("bulk".to_owned(), minute.to_string())],
        ..Write::of(source, at(minute))
    }
}

struct Disk {
    path: PathBuf,
    writer: Option<CacheWriter>,
    reports: Receiver<WriteReport>,
    _dir: tempfile::TempDir,
}

impl Disk {
    fn new(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("cache.sqlite");
        let (tell, reports) = channel();
        let (writer, state) = CacheWriter::start(&path, at(0), limits, move |r| drop(tell.send(r))).unwrap();
        assert_eq!(state, CacheState::Whole);
        Self {
            path,
            writer: Some(writer),
            reports,
            _dir: dir,
        }
    }

    fn writer(&self) -> &CacheWriter {
        self.writer.as_ref().unwrap()
    }

    /// Waits for a report that is not of a failure.
    fn next(&self) -> WriteReport {
        for _ in 0..500 {
            match self.reports.recv_timeout(LONG).unwrap() {
                WriteReport::Failed { .. } => {}
                other => return other,
            }
        }
        unreachable!("it was tried five hundred times, and never taken")
    }

    fn failure(&self) -> (String, usize) {
        loop {
            if let WriteReport::Failed { error, waiting, .. } = self.reports.recv_timeout(LONG).unwrap() {
                return (error, waiting);
            }
        }
    }

    /// As a disk that takes nothing: every fact is refused.
    fn fill(&self) {
        self.sql("CREATE TRIGGER full BEFORE INSERT ON fact BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
    }

    fn empty(&self) {
        self.sql("DROP TRIGGER full");
    }

    fn sql(&self, sql: &str) {
        rusqlite::Connection::open(&self.path)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }

    fn names(&self) -> Vec<String> {
        names(&CacheReader::open(&self.path).unwrap())
    }
}

fn names(reader: &CacheReader) -> Vec<String> {
    let facts = reader.facts(None).unwrap().into_iter();
    facts
        .map(|f| match f.fact {
            Fact::Organization(o) => o.name,
            other => unreachable!("{other:?}"),
        })
        .collect()
}

fn soon() -> Limits {
    Limits {
        first_retry: Duration::from_millis(20),
        last_retry: Duration::from_millis(40),
        attempts: u32::MAX,
        ..Limits::default()
    }
}

fn stored(source: &str, records: usize) -> WriteReport {
    WriteReport::Stored {
        source: source.to_owned(),
        records,
    }
}

#[test]
fn a_delivery_its_cursor_and_its_remarks_are_stored_together() {
    let disk = Disk::new(soon());
    let remark = Remark {
        path: "entry[3]".to_owned(),
        code: "malformed".to_owned(),
        detail: "geen JSON".to_owned(),
        raw: None,
    };
    disk.writer().store(Write {
        remarks: Some(Remarks {
            from: "https://region.example/fhir".to_owned(),
            list: vec![remark],
            complete: false,
        }),
        ..delivery("bron2", 1, vec![named("bron2~o", 1, "een")])
    });
    assert_eq!(disk.next(), stored("bron2", 1));
    let reader = CacheReader::open(&disk.path).unwrap();
    assert_eq!(names(&reader), ["een"]);
    assert_eq!(reader.sync("bron2~bulk").unwrap().as_deref(), Some("1"));
    assert_eq!(reader.not_understood().unwrap().len(), 1);
}

#[test]
fn r_06_a_full_disk_keeps_the_old_cursor_so_that_a_crash_asks_again() {
    let disk = Disk::new(soon());
    disk.writer().store(delivery("", 1, vec![named("o", 1, "een")]));
    assert_eq!(disk.next(), stored("", 1));
    disk.fill();
    disk.writer().store(delivery("", 2, vec![named("o", 2, "twee")]));
    let (error, waiting) = disk.failure();
    assert!(error.contains("disk is full"), "{error}");
    assert_eq!(waiting, 1);
    let reader = CacheReader::open(&disk.path).unwrap();
    assert_eq!(
        reader.sync("bulk").unwrap().as_deref(),
        Some("1"),
        "and nothing of it is stored"
    );
    assert_eq!(names(&reader), ["een"]);
}

#[test]
fn r_06_what_a_full_disk_refused_is_stored_in_order_when_there_is_room_again() {
    let disk = Disk::new(soon());
    disk.fill();
    for n in 1..=3 {
        disk.writer()
            .store(delivery("", n, vec![named("o", n, &n.to_string())]));
    }
    disk.failure();
    disk.failure();
    disk.empty();
    for _ in 0..3 {
        assert_eq!(disk.next(), stored("", 1));
    }
    let reader = CacheReader::open(&disk.path).unwrap();
    assert_eq!(names(&reader), ["3"]);
    assert_eq!(reader.history(&key("o"), at(0)).unwrap().len(), 3, "with its history");
    assert_eq!(
        reader.sync("bulk").unwrap().as_deref(),
        Some("3"),
        "and from the newest on"
    );
}

#[test]
fn r_06_when_too_much_waits_the_source_is_loaded_anew_and_no_other() {
    let disk = Disk::new(Limits { bytes: 4_000, ..soon() });
    disk.writer().store(delivery("", 1, vec![named("o", 1, "een")]));
    disk.writer()
        .store(delivery("bron2", 1, vec![named("bron2~o", 1, "twee")]));
    assert_eq!((disk.next(), disk.next()), (stored("", 1), stored("bron2", 1)));
    disk.fill();
    disk.writer()
        .store(delivery("bron2", 2, vec![named("bron2~o", 2, "twee anders")]));
    disk.failure();
    for n in 3..60 {
        disk.writer()
            .store(delivery("", n, vec![named("o", n, &n.to_string())]));
    }
    assert!(disk.writer().waiting() < 20, "what waits is bounded");
    disk.empty();
    assert_eq!(disk.next(), stored("bron2", 1));
    assert_eq!(disk.next(), WriteReport::LoadAnew { source: String::new() });
    let reader = CacheReader::open(&disk.path).unwrap();
    assert_eq!(reader.sync("bulk").unwrap(), None, "a crash now would load all of it");
    assert_eq!(reader.sync("bron2~bulk").unwrap().as_deref(), Some("2"));
}

#[test]
fn r_06_until_a_source_was_loaded_anew_no_cursor_of_it_is_kept() {
    let disk = Disk::new(Limits { bytes: 4_000, ..soon() });
    disk.fill();
    disk.writer()
        .store(delivery("bron2", 1, vec![named("bron2~o", 1, "twee")]));
    disk.failure();
    for n in 1..60 {
        disk.writer()
            .store(delivery("", n, vec![named("o", n, &n.to_string())]));
    }
    disk.empty();
    assert_eq!(disk.next(), stored("bron2", 1));
    assert_eq!(disk.next(), WriteReport::LoadAnew { source: String::new() });
    disk.writer().store(delivery("", 60, vec![named("o", 60, "60")]));
    assert_eq!(disk.next(), stored("", 1));
    let reader = CacheReader::open(&disk.path).unwrap();
    assert_eq!(
        reader.sync("bulk").unwrap(),
        None,
        "a delta after a gap must not hide the gap"
    );
    disk.writer().store(Write {
        complete: Some(Complete {
            kinds: vec![RecordKind::Organization],
            ..Complete::default()
        }),
        ..delivery("", 61, vec![named("o", 61, "61")])
    });
    assert_eq!(disk.next(), stored("", 1));
    assert_eq!(reader.sync("bulk").unwrap().as_deref(), Some("61"));
    disk.writer().store(delivery("", 62, vec![named("o", 62, "62")]));
    assert_eq!(disk.next(), stored("", 1));
    assert_eq!(
        reader.sync("bulk").unwrap().as_deref(),
        Some("62"),
        "from here on it is as before"
    );
}

#[test]
fn a_load_after_dropped_deliveries_ends_with_the_file_saying_what_the_source_says() {
    let disk = Disk::new(Limits { bytes: 4_000, ..soon() });
    disk.writer().store(delivery(
        "",
        1,
        vec![named("a", 1, "a"), named("b", 1, "b"), named("c", 1, "c")],
    ));
    assert_eq!(disk.next(), stored("", 3));
    disk.fill();
    disk.writer()
        .store(delivery("bron2", 1, vec![named("bron2~o", 1, "twee")]));
    disk.failure();
    // Memory has seen all of this; the file will not.
    disk.writer().store(delivery(
        "",
        2,
        vec![named("a", 2, "a anders"), Change::delete(key("b"), Some("2"), at(2))],
    ));
    for n in 3..60 {
        disk.writer()
            .store(delivery("", n, vec![named("x", n, &n.to_string())]));
    }
    disk.empty();
    assert_eq!(disk.next(), stored("bron2", 1));
    assert_eq!(disk.next(), WriteReport::LoadAnew { source: String::new() });
    // A full load, in which nothing is new to memory.
    disk.writer().store(Write {
        complete: Some(Complete {
            kinds: vec![RecordKind::Organization],
            ..Complete::default()
        }),
        ..delivery("", 61, vec![named("a", 2, "a anders"), named("c", 1, "c")])
    });
    assert_eq!(disk.next(), stored("", 2));
    let mut names = disk.names();
    names.sort();
    assert_eq!(names, ["a anders", "c", "twee"]);
}

#[test]
fn what_waits_when_the_desk_closes_is_stored_first() {
    let mut disk = Disk::new(soon());
    for n in 1..=50 {
        disk.writer()
            .store(delivery("", n, vec![named("o", n, &n.to_string())]));
    }
    drop(disk.writer.take());
    assert_eq!(disk.names(), ["50"]);
}

#[test]
fn a_desk_with_a_full_disk_can_be_closed() {
    let mut disk = Disk::new(Limits {
        first_retry: Duration::from_secs(3_600),
        ..soon()
    });
    disk.fill();
    disk.writer().store(delivery("", 1, vec![named("o", 1, "een")]));
    disk.failure();
    let (closed, waits) = channel();
    let writer = disk.writer.take();
    std::thread::spawn(move || {
        drop(writer);
        closed.send(()).unwrap();
    });
    waits.recv_timeout(LONG).unwrap();
    assert!(disk.names().is_empty());
}

#[test]
fn a_source_that_is_taken_away_leaves_nothing_behind() {
    let disk = Disk::new(soon());
    disk.writer().store(delivery("", 1, vec![named("o", 1, "een")]));
    disk.writer()
        .store(delivery("bron2", 1, vec![named("bron2~o", 1, "geheim")]));
    disk.writer().forget("bron2", "https://elders.example/fhir");
    disk.writer().store(delivery("", 2, vec![named("o", 2, "nog een")]));
    for _ in 0..3 {
        disk.next();
    }
    assert_eq!(disk.names(), ["nog een"]);
    let c = rusqlite::Connection::open(&disk.path).unwrap();
    for sql in [
        "SELECT count(*) FROM thing WHERE name LIKE 'bron2%'",
        "SELECT count(*) FROM body WHERE json LIKE '%geheim%'",
        "SELECT count(*) FROM sync WHERE key LIKE 'bron2%'",
    ] {
        assert_eq!(c.query_row(sql, [], |r| r.get::<_, u32>(0)).unwrap(), 0, "{sql}");
    }
}

#[test]
fn a_delivery_that_cannot_be_stored_for_a_reason_of_its_own_stops_no_other() {
    let disk = Disk::new(Limits { attempts: 2, ..soon() });
    disk.sql(
        "CREATE TRIGGER odd BEFORE INSERT ON thing WHEN new.name = 'odd' BEGIN SELECT RAISE(ABORT, 'never this'); END",
    );
    disk.writer().store(delivery("", 1, vec![named("odd", 1, "vreemd")]));
    disk.writer()
        .store(delivery("bron2", 2, vec![named("bron2~o", 2, "gewoon")]));
    assert_eq!(disk.next(), stored("bron2", 1));
    assert_eq!(disk.next(), WriteReport::LoadAnew { source: String::new() });
    assert_eq!(disk.names(), ["gewoon"]);
}

/// Reads while a writer stores deliveries of forty records each; none may be seen by halves.
fn reads_are_whole(writer: CacheWriter, reader: &CacheReader) {
    let mut looks = 0;
    for round in 1..=60_i64 {
        let name = format!("delivery {round}");
        let changes = (0..40).map(|n| named(&format!("o-{n}"), round, &name)).collect();
        writer.store(delivery("", round, changes));
        let seen: std::collections::BTreeSet<String> = names(reader).into_iter().collect();
        assert!(seen.len() <= 1, "half of one delivery and half of another: {seen:?}");
        looks += seen.len();
    }
    while writer.waiting() > 0 {
        let seen: std::collections::BTreeSet<String> = names(reader).into_iter().collect();
        assert!(seen.len() <= 1, "half of one delivery and half of another: {seen:?}");
        looks += seen.len();
    }
    assert!(looks > 0, "the reader was never let in");
}

#[test]
fn r_11_who_reads_beside_the_writer_sees_whole_deliveries() {
    let mut disk = Disk::new(soon());
    let reader = CacheReader::open(&disk.path).unwrap();
    reads_are_whole(disk.writer.take().unwrap(), &reader);
    assert_eq!(names(&reader).len(), 40);
}

#[test]
fn r_07_without_any_file_the_cache_in_memory_can_be_read_beside_its_writer_too() {
    let writer = CacheWriter::over(Cache::in_memory().unwrap(), soon(), |_| {}).unwrap();
    let reader = writer.reader().unwrap();
    reads_are_whole(writer, &reader);
    assert_eq!(names(&reader).len(), 40);
}

#[test]
fn r_07_two_caches_in_memory_know_nothing_of_each_other() {
    let first = CacheWriter::over(Cache::in_memory().unwrap(), soon(), |_| {}).unwrap();
    let second = CacheWriter::over(Cache::in_memory().unwrap(), soon(), |_| {}).unwrap();
    let reader = second.reader().unwrap();
    first.store(delivery("", 1, vec![named("o", 1, "een")]));
    while first.waiting() > 0 {
        std::thread::yield_now();
    }
    drop(first);
    assert!(names(&reader).is_empty());
}

#[test]
fn r_07_where_no_file_can_be_had_the_cache_lives_in_memory_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("a-file");
    std::fs::write(&blocked, "no folder").unwrap();
    let path: &Path = &blocked.join("cache.sqlite");
    let (writer, state) = CacheWriter::start(path, at(0), soon(), |_| {}).unwrap();
    assert!(matches!(state, CacheState::InMemory(_)), "{state:?}");
    assert!(names(&writer.reader().unwrap()).is_empty());
}

#[test]
fn r_07_a_file_that_is_damaged_under_the_writer_is_told_apart_from_a_full_disk_and_begun_anew() {
    let mut disk = Disk::new(soon());
    disk.writer().store(delivery("", 1, vec![named("o", 1, "een")]));
    disk.next();
    disk.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    let length = std::fs::metadata(&disk.path).unwrap().len();
    let rest = vec![0x5a; usize::try_from(length - 4096).unwrap()];
    let mut file = std::fs::OpenOptions::new().write(true).open(&disk.path).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(4096)).unwrap();
    std::io::Write::write_all(&mut file, &rest).unwrap();
    drop(file);
    // What the connection holds in memory is still whole: enough records to make it look at the disk.
    let many = (0..2_000).map(|n| named(&format!("o-{n}"), 2, "twee")).collect();
    disk.writer().store(delivery("", 2, many));
    let failed = disk.reports.recv_timeout(LONG).unwrap();
    assert!(
        matches!(failed, WriteReport::Failed { damaged: true, .. }),
        "{failed:?}"
    );
    drop(disk.writer.take());
    let (cache, state) = Cache::rebuild(&disk.path, "damaged", at(3)).unwrap();
    assert!(matches!(state, CacheState::Rebuilt(_)), "{state:?}");
    let writer = CacheWriter::over(cache, soon(), |_| {}).unwrap();
    writer.store(delivery("", 3, vec![named("o", 3, "drie")]));
    drop(writer);
    assert_eq!(disk.names(), ["drie"]);
}

#[test]
fn a_site_that_was_named_by_its_first_place_is_known_once() {
    let disk = Disk::new(Limits::default());
    let site = RecordKey::new(RecordKind::Place, "isala");
    let place = domain::place::Place::new("isala".into(), domain::place::PlaceKind::Site, "Isala", None);
    let itself = Change::put(site.clone(), Some("1"), at(1), &Fact::Place(place), "{}").unwrap();
    disk.writer().store(delivery("", 1, vec![itself.of_site("isala")]));
    assert!(matches!(disk.next(), WriteReport::Stored { .. }));
    let facts = CacheReader::open(&disk.path).unwrap().facts_at(at(2), None).unwrap();
    let named: Vec<&RecordKey> = facts.read.iter().map(|s| &s.key).collect();
    assert_eq!(named, [&site]);
}

#[test]
fn r_07_a_cache_that_is_given_up_is_closed_at_once_with_what_waits_unstored() {
    let mut disk = Disk::new(Limits::default());
    for minute in 0..20 {
        let many = (0..1_000).map(|n| named(&format!("{minute}-{n}"), minute, "Isala"));
        disk.writer().store(delivery("", minute, many.collect()));
    }
    disk.writer.as_mut().unwrap().abandon();
    assert!(
        !disk.path.with_extension("sqlite-wal").exists(),
        "the last one to close a file takes its log away"
    );
    let stored = CacheReader::open(&disk.path).unwrap().facts(None).unwrap().len();
    assert!(stored < 20_000, "it waited until all was stored");
}
