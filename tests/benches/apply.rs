//! First load and delta against their floors, measured in the same run: parsing the same bytes in the simplest good way,
//! and putting the same rows into the same schema with one prepared statement a table, with as much of the file in memory
//! as ours. Parsing is measured twice, into structs that derive what they need and into `serde_json::Value`; ratios are to
//! the first. Figures are medians, in milliseconds on a processor, since on a machine that others use too a clock on the
//! wall tells about them; what that clock says of ours stands beside it. `--quick` measures less often.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

#[path = "apply/plain.rs"]
mod plain;

use app::{
    clock::{Clock, FixedClock},
    engine::PackedDelivery,
    sources::Channel,
};
use beddenwacht_tests::{measure::quick, now};
use domain::{place::PlaceKind, region::Fact};
use feed::{
    Profile,
    fhir::{bundle::Bundle, encode, reader::Reader, sync::Delivery},
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::de::DeserializeOwned;
use sim::{Scenario, World, layout};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use store::Cache;
use support::{TestDesk, open_desk_of};

/// How much later every delivery comes than the one before.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// What something took, in milliseconds.
#[derive(Clone, Copy)]
struct Took {
    cpu: f64,
    wall: f64,
}

/// Medians of both clocks.
fn median(mut one: impl FnMut() -> Took) -> Took {
    let all: Vec<Took> = (0..if quick() { 3 } else { 7 }).map(|_| one()).collect();
    let middle = |of: fn(&Took) -> f64| {
        let mut values: Vec<f64> = all.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Took {
        cpu: middle(|t| t.cpu),
        wall: middle(|t| t.wall),
    }
}

/// Milliseconds that this process was on a processor, where Linux says so.
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

fn took(work: impl FnOnce()) -> Took {
    let (begun, busy) = (Instant::now(), busy_ms());
    work();
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    let cpu = busy.zip(busy_ms()).map_or(wall, |(before, after)| after - before);
    Took { cpu, wall }
}

/// Entries of a search set as a server sends them, of the facts that are wanted.
fn bundle(
    world: &mut World,
    profile: &Profile,
    updated: Timestamp,
    wanted: impl Fn(&Fact) -> bool,
    count: usize,
) -> String {
    let mut entries = vec![];
    let facts = world.snapshot().into_iter().filter(|(_, _, fact)| wanted(fact));
    for (_, id, fact) in facts.take(count) {
        let mut value = encode::fact(&id, &fact, profile).unwrap();
        value["meta"] = serde_json::json!({ "versionId": "1", "lastUpdated": updated.to_string() });
        entries.push(format!(r#"{{"fullUrl":"x/{id}","resource":{value}}}"#));
    }
    format!(
        r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
        entries.join(",")
    )
}

fn is_bed(fact: &Fact) -> bool {
    matches!(fact, Fact::Place(place) if place.kind == PlaceKind::Bed)
}

/// Rows by their table.
type Rows = Vec<(&'static str, Vec<Vec<Value>>)>;

fn rows_of(path: &Path, tables: &[(&'static str, &str)]) -> Rows {
    let c = Connection::open(path).unwrap();
    let read = |(table, of): &(&'static str, &str)| {
        let mut statement = c.prepare(&format!("SELECT * FROM {table} {of}")).unwrap();
        let columns = statement.column_count();
        let rows = statement
            .query_map([], |r| (0..columns).map(|n| r.get(n)).collect())
            .unwrap();
        (*table, rows.map(Result::unwrap).collect())
    };
    tables.iter().map(read).collect()
}

/// What a desk wrote when it loaded everything.
fn everything(path: &Path) -> Rows {
    rows_of(path, &[("thing", ""), ("delivered", ""), ("body", ""), ("fact", "")])
}

/// What a desk wrote at its last delta.
fn newest(path: &Path) -> Rows {
    const NEWEST: &str = "known_from = (SELECT max(known_from) FROM fact)";
    let of = |column: &str| format!("WHERE {column} IN (SELECT thing FROM fact WHERE {NEWEST})");
    let tables = [
        ("thing", of("id")),
        ("delivered", of("thing")),
        ("fact", format!("WHERE {NEWEST}")),
    ];
    rows_of(path, &tables.each_ref().map(|(table, of)| (*table, of.as_str())))
}

fn write_floor(path: &Path, rows: &Rows, verb: &str) -> Took {
    drop(Cache::open(path, now()).unwrap());
    let mut c = Connection::open(path).unwrap();
    c.pragma_update(None, "synchronous", "NORMAL").unwrap();
    c.pragma_update(None, "cache_size", -16 * 1024).unwrap();
    took(|| {
        let tx = c.transaction().unwrap();
        for (table, rows) in rows {
            let marks = vec!["?"; rows.first().map_or(1, Vec::len)].join(", ");
            let mut write = tx.prepare(&format!("{verb} INTO {table} VALUES ({marks})")).unwrap();
            for row in rows {
                write.execute(params_from_iter(row)).unwrap();
            }
        }
        tx.commit().unwrap();
    })
}

fn parse_floor<T: DeserializeOwned>(text: &str) -> Took {
    median(|| {
        took(|| {
            std::hint::black_box(serde_json::from_str::<T>(text).unwrap());
        })
    })
}

/// A desk whose clock moves between deliveries only.
struct Bench {
    desk: TestDesk,
    clock: Arc<FixedClock>,
}

impl Bench {
    fn open(dir: &Path, from: Timestamp) -> Self {
        let clock = Arc::new(FixedClock::new(from));
        let mut desk = open_desk_of("bench", "bench", dir, clock.clone());
        desk.set_source("https://region.example/fhir").unwrap();
        Self { desk, clock }
    }

    /// The time of the next delivery.
    fn later(&self) -> Timestamp {
        self.clock.advance(PAUSE);
        self.clock.now()
    }

    /// From the bytes until everything can be drawn and is on disk.
    fn apply(&mut self, profile: &Profile, text: &str) {
        let received = self.clock.now();
        let bundle: Bundle = serde_json::from_str(text).unwrap();
        let reader = Reader {
            profile,
            received,
            source: "",
            own: None,
        };
        let delivery = Delivery {
            reading: reader.entries(&bundle),
            ..Delivery::default()
        };
        let packed = PackedDelivery::of(delivery, received).unwrap();
        self.desk.deliver("", Channel::Bulk, packed).unwrap();
        while self.desk.waiting_to_be_stored() > 0 {
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}

fn report(what: &str, text: &str, write: Took, ours: Took, view: Took) {
    let (plain, tree) = (
        parse_floor::<plain::Bundle>(text),
        parse_floor::<serde_json::Value>(text),
    );
    println!(
        "{what:<14} {:>7.2} {:>8.2} {:>8.2} {:>8.2} {:>9.2} {:>9.2} {:>6.2}× {:>8.2}",
        text.len() as f64 / 1e6,
        plain.cpu,
        tree.cpu,
        write.cpu,
        ours.cpu,
        ours.wall,
        ours.cpu / (plain.cpu + write.cpu),
        view.cpu,
    );
}

fn main() {
    let profile = Profile::shipped().unwrap();
    println!(
        "{:<14} {:>7} {:>8} {:>8} {:>8} {:>9} {:>9} {:>7} {:>8}",
        "", "MB", "structs", "Value", "write", "ours CPU", "ours wall", "ratio", "overview"
    );
    for (name, plan) in [
        ("zwolle", layout::zwolle().unwrap()),
        ("national", layout::national(116, 40_000).unwrap()),
    ] {
        let start = now();
        let mut world = World::new(&plan, 1, start, 1.0, Scenario::Calm);
        let text = bundle(&mut world, &profile, start, |_| true, usize::MAX);
        let delta = bundle(&mut world, &profile, start, is_bed, 100);
        // First the delta: the same hundred beds, changed, on a desk that holds everything. Loads and floors leave a heap
        // in pieces behind that no desk ever has.
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("cache.sqlite");
        let mut bench = Bench::open(dir.path(), start);
        bench.apply(&profile, &text);
        let loaded = everything(&file);
        let mut version = 1;
        let ours = median(|| {
            version += 1;
            let code = if version % 2 == 0 {
                r#""code":"K""#
            } else {
                r#""code":"H""#
            };
            let changed = delta
                .replace(&start.to_string(), &bench.later().to_string())
                .replace(r#""versionId":"1""#, &format!(r#""versionId":"{version}""#))
                .replace(r#""code":"O""#, code)
                .replace(r#""code":"U""#, code);
            took(|| bench.apply(&profile, &changed))
        });
        let overview = median(|| {
            took(|| {
                std::hint::black_box(bench.desk.region_view());
            })
        });
        let rows = newest(&file);
        let write = median(|| write_floor(&file, &rows, "REPLACE"));
        report(&format!("{name} delta"), &delta, write, ours, overview);
        drop(bench);
        let ours = median(|| {
            let dir = tempfile::tempdir().unwrap();
            let mut bench = Bench::open(dir.path(), start);
            took(|| bench.apply(&profile, &text))
        });
        let write = median(|| {
            write_floor(
                &tempfile::tempdir().unwrap().path().join("floor.sqlite"),
                &loaded,
                "INSERT",
            )
        });
        report(&format!("{name} load"), &text, write, ours, overview);
    }
}
