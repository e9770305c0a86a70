//! What a year of a region takes on disk, how long a past moment takes to come back, and what storing costs beside its
//! floor: the same rows into the same schema, with one prepared statement a table. Times are milliseconds on a processor.
//! Days and beds may be given.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

use domain::{
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Period, Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::{
    hint::black_box,
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::Instant,
};
use store::{Cache, CacheReader, CacheWriter, Change, Limits, Versions, Write, WriteReport};

const TABLES: [&str; 4] = ["thing", "delivered", "body", "fact"];

/// A generator that gives the same numbers everywhere (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn bed(n: usize, version: u64, at: Timestamp, chance: &mut Chance) -> Change {
    let label = |kind, element: &str| DeliveredLabel {
        kind,
        element: element.into(),
        system: Some("https://example.nl/fhir/CodeSystem/bed-labels".to_owned()),
        display: Some(element.to_owned()),
        source: LabelSource::Epd,
    };
    let (site, ward) = (n / 375, n / 25);
    let operational = ["U", "O", "H", "O", "K", "U"][chance.below(6) as usize];
    let mut labels = vec![
        label(LabelKind::Specialistisch, ["ic-beademd", "kliniek", "mc"][ward % 3]),
        label(LabelKind::Covidcapaciteit, "kliniek-non-covid"),
    ];
    if operational == "O" {
        let who = ["volwassen", "kind", "verpleegbehoefte", "covid"][chance.below(4) as usize];
        labels.push(label(LabelKind::Patienttype, who));
    }
    let reserved = operational == "U" && chance.below(10) == 0;
    let id = format!("site-{site}-ward-{ward}-bed-{n}");
    let place = Place {
        status: Some("active".to_owned()),
        operational_status: Some(operational.to_owned()),
        reservation: reserved.then(|| Period {
            start: Some(at),
            end: Some(at + SignedDuration::from_hours(4)),
        }),
        labels,
        organization: Some(format!("organisation-{site}").as_str().into()),
        identifier: Some(format!("https://example.nl/bedden|{n}")),
        ..Place::new(
            id.as_str().into(),
            PlaceKind::Bed,
            &format!("Bed {n}"),
            Some(format!("ward-{ward}").as_str().into()),
        )
    };
    // What a server sends for a bed is some 900 bytes.
    let raw = format!(
        r#"{{"resourceType":"Location","id":"{id}","meta":{{"versionId":"{version}"}},"pad":"{}"}}"#,
        "x".repeat(820)
    );
    let key = RecordKey::new(RecordKind::Place, id.as_str());
    Change::put(key, Some(&version.to_string()), at, &Fact::Place(place), raw)
        .unwrap()
        .of_site(format!("site-{site}"))
}

fn writer(path: &Path) -> (CacheWriter, Receiver<WriteReport>) {
    let (tell, told) = channel();
    let (writer, _) = CacheWriter::start(path, start(), Limits::default(), move |r| drop(tell.send(r))).unwrap();
    (writer, told)
}

/// Milliseconds that this process was on a processor, where Linux says so: on a machine that others use too, a clock on
/// the wall tells about them.
fn busy_ms() -> Option<f64> {
    // The kernel adds up when a thread leaves its processor.
    std::thread::yield_now();
    let mut total = 0.0;
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let said = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        total += said.split(' ').next()?.parse::<f64>().ok()?;
    }
    Some(total / 1e6)
}

fn ms(work: impl FnOnce()) -> f64 {
    let (begun, busy) = (Instant::now(), busy_ms());
    work();
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    busy.zip(busy_ms()).map_or(wall, |(before, after)| after - before)
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn size(path: &Path) -> u64 {
    let c = Connection::open(path).unwrap();
    c.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(c);
    std::fs::metadata(path).unwrap().len()
}

fn year(beds: usize, days: i64) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cache.sqlite");
    let (writer, told) = writer(&path);
    let mut chance = Chance(1);
    let store = |at: Timestamp, changes: Vec<Change>| {
        writer.store(Write {
            changes,
            ..Write::of("", at)
        });
        told.recv().unwrap();
    };
    store(start(), (0..beds).map(|n| bed(n, 1, start(), &mut chance)).collect());
    let empty = size(&path);
    for hour in 1..=days * 24 {
        let version = 1 + hour as u64;
        let began = start() + SignedDuration::from_hours(hour);
        // Four changes a bed a day, each at its own second of the hour.
        let changes = (0..beds * 4 / 24)
            .map(|_| {
                let at = began + SignedDuration::from_millis(chance.below(3_600_000) as i64);
                bed(chance.below(beds as u64) as usize, version, at, &mut chance)
            })
            .collect();
        store(began + SignedDuration::from_hours(1), changes);
    }
    let full = size(&path);
    let reader = CacheReader::open(&path).unwrap();
    let intervals: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM fact", [], |r| r.get(0))
        .unwrap();
    let grown = intervals - beds as i64;
    println!(
        "{beds} beds, {days} days: {grown} intervals, {:.1} MB, {:.1} bytes an interval",
        (full - empty) as f64 / 1e6,
        (full - empty) as f64 / grown as f64
    );
    let moments: Vec<Timestamp> = (0..11)
        .map(|_| start() + SignedDuration::from_mins(chance.below((days * 24 * 60) as u64) as i64))
        .collect();
    let region = |known: bool| {
        median(
            moments
                .iter()
                .map(|at| ms(|| assert!(reader.facts_at(*at, known.then_some(*at)).unwrap().read.len() <= beds)))
                .collect(),
        )
    };
    let site = median(
        moments
            .iter()
            .map(|at| ms(|| drop(reader.facts_of_site("site-1", *at, None).unwrap())))
            .collect(),
    );
    println!(
        "  a past moment: region {:.1} ms, as known then {:.1} ms, one site {site:.1} ms",
        region(false),
        region(true)
    );
}

type Rows = Vec<(&'static str, Vec<Vec<Value>>)>;

fn rows_of(path: &Path, tables: &[&'static str], tail: &str) -> Rows {
    let c = Connection::open(path).unwrap();
    let read = |table: &'static str| {
        let mut statement = c.prepare(&format!("SELECT * FROM {table} {tail}")).unwrap();
        let columns = statement.column_count();
        let rows = statement
            .query_map([], |r| (0..columns).map(|n| r.get(n)).collect())
            .unwrap();
        (table, rows.map(Result::unwrap).collect())
    };
    tables.iter().copied().map(read).collect()
}

/// The same rows into the same schema, in one transaction.
fn floor(path: &Path, rows: &Rows, verb: &str) -> f64 {
    let mut c = Connection::open(path).unwrap();
    c.pragma_update(None, "synchronous", "NORMAL").unwrap();
    ms(|| {
        let tx = c.transaction().unwrap();
        for (table, rows) in rows {
            let marks = vec!["?"; rows.first().map_or(1, Vec::len)].join(", ");
            let mut statement = tx.prepare(&format!("{verb} INTO {table} VALUES ({marks})")).unwrap();
            for row in rows {
                statement.execute(params_from_iter(row)).unwrap();
            }
        }
        tx.commit().unwrap();
    })
}

fn storing(beds: usize) {
    let dir = tempfile::tempdir().unwrap();
    let mut chance = Chance(2);
    let all: Vec<Change> = (0..beds).map(|n| bed(n, 1, start(), &mut chance)).collect();
    let path = dir.path().join("ours.sqlite");
    let load = (0..5).map(|n| {
        let path = if n == 0 {
            path.clone()
        } else {
            dir.path().join(format!("ours-{n}.sqlite"))
        };
        let (writer, told) = writer(&path);
        let changes = all.clone();
        ms(|| {
            writer.store(Write {
                changes,
                ..Write::of("", start())
            });
            told.recv().unwrap();
        })
    });
    let load = median(load.collect());
    let rows = rows_of(&path, &TABLES, "");
    let least = (0..5).map(|n| {
        let path = dir.path().join(format!("floor-{n}.sqlite"));
        drop(Cache::open(&path, start()).unwrap());
        floor(&path, &rows, "INSERT")
    });
    let least = median(least.collect());
    println!(
        "{beds} beds, load: {load:.1} ms, floor {least:.1} ms, {:.2}×",
        load / least
    );

    let mut versions = Versions::default();
    let judged = ms(|| {
        all.iter().for_each(|c| {
            black_box(versions.judge(c));
        })
    });
    let (writer, told) = writer(&path);
    let mut deltas = vec![];
    let mut judging = vec![];
    for version in 2..23 {
        let at = start() + SignedDuration::from_mins(version as i64);
        let changes: Vec<Change> = (0..100)
            .map(|n| bed(n * (beds / 100), version, at, &mut chance))
            .collect();
        judging.push(ms(|| {
            changes.iter().for_each(|c| {
                black_box(versions.judge(c));
            })
        }));
        deltas.push(ms(|| {
            writer.store(Write {
                changes,
                ..Write::of("", at)
            });
            told.recv().unwrap();
        }));
    }
    drop(writer);
    let newest = rows_of(
        &path,
        &["fact"],
        "WHERE known_from = (SELECT max(known_from) FROM fact)",
    );
    let of = "WHERE thing IN (SELECT thing FROM fact WHERE known_from = (SELECT max(known_from) FROM fact))";
    let delivered = rows_of(&path, &["delivered"], of);
    let things = rows_of(&path, &["thing"], &of.replace("thing IN", "id IN"));
    let least = (0..21).map(|n| {
        let mut rows = [things.clone(), delivered.clone(), newest.clone()].concat();
        for row in &mut rows[2].1 {
            row[2] = Value::Integer(start().as_microsecond() + 1_000_000_000_000 + n);
        }
        floor(&path, &rows, "REPLACE")
    });
    println!(
        "{beds} beds, delta of 100: {:.2} ms, floor {:.2} ms; judged in {:.3} ms (all: {judged:.1} ms)",
        median(deltas),
        median(least.collect()),
        median(judging)
    );
}

fn main() {
    let mut numbers = std::env::args().filter_map(|a| a.parse::<i64>().ok());
    let days = numbers.next().unwrap_or(365);
    let beds = numbers.next().map_or(1_700, |n| usize::try_from(n).unwrap());
    for beds in [1_700, 40_000] {
        storing(beds);
    }
    if days > 0 {
        year(beds, days);
    }
}
