//! First load and delta against their floors, measured in the same run: parsing the same bytes into nothing, and
//! putting the same rows into the same schema with one prepared statement a table, with as much of the file in memory as
//! ours. Figures are medians of seven, in milliseconds on a processor: on a machine that others use too, a clock on the
//! wall tells about them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

use app::{SystemClock, engine::PackedDelivery, sources::Channel};
use beddenwacht_tests::now;
use domain::{place::PlaceKind, region::Fact};
use feed::{
    Profile,
    fhir::{bundle::Bundle, encode, reader::Reader, sync::Delivery},
};
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::de::IgnoredAny;
use sim::{Scenario, World, layout};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use store::Cache;
use support::{TestDesk, open_desk_of};

const ROUNDS: usize = 7;

fn median_ms(mut one: impl FnMut() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..ROUNDS).map(|_| one()).collect();
    all.sort_by(f64::total_cmp);
    all[ROUNDS / 2]
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

fn ms(work: impl FnOnce()) -> f64 {
    let (begun, busy) = (Instant::now(), busy_ms());
    work();
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    busy.zip(busy_ms()).map_or(wall, |(before, after)| after - before)
}

/// Entries of a search set as a server sends them, of the facts that are wanted.
fn bundle(world: &mut World, profile: &Profile, wanted: impl Fn(&Fact) -> bool, count: usize) -> String {
    let stamp = now();
    let mut entries = vec![];
    let facts = world.snapshot().into_iter().filter(|(_, _, fact)| wanted(fact));
    for (_, id, fact) in facts.take(count) {
        let mut value = encode::fact(&id, &fact, profile).unwrap();
        value["meta"] = serde_json::json!({ "versionId": "1", "lastUpdated": stamp.to_string() });
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

fn write_floor(path: &Path, rows: &Rows, verb: &str) -> f64 {
    drop(Cache::open(path, now()).unwrap());
    let mut c = Connection::open(path).unwrap();
    c.pragma_update(None, "synchronous", "NORMAL").unwrap();
    c.pragma_update(None, "cache_size", -16 * 1024).unwrap();
    ms(|| {
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

fn desk(dir: &Path) -> TestDesk {
    let mut desk = open_desk_of("bench", "bench", dir, Arc::new(SystemClock));
    desk.set_source("https://region.example/fhir").unwrap();
    desk
}

/// From the bytes until everything is on screen and on disk.
fn apply(desk: &mut TestDesk, profile: &Profile, text: &str) {
    let bundle: Bundle = serde_json::from_str(text).unwrap();
    let reader = Reader {
        profile,
        received: now(),
        source: "",
        own: None,
    };
    let delivery = Delivery {
        reading: reader.entries(&bundle),
        ..Delivery::default()
    };
    let brought = PackedDelivery::of(delivery, now()).unwrap();
    desk.deliver("", Channel::Bulk, brought).unwrap();
    while desk.waiting_to_be_stored() > 0 {
        std::thread::sleep(Duration::from_micros(100));
    }
}

fn main() {
    let profile = Profile::shipped().unwrap();
    println!(
        "{:<12} {:>8} {:>10} {:>10} {:>10} {:>8}",
        "", "MB", "parse", "write", "ours", "ratio"
    );
    for (name, plan) in [
        ("zwolle", layout::zwolle().unwrap()),
        ("national", layout::national(116, 40_000).unwrap()),
    ] {
        let mut world = World::new(&plan, 1, now(), 1.0, Scenario::Calm);
        let text = bundle(&mut world, &profile, |_| true, usize::MAX);
        let parse = |text: &str| {
            median_ms(|| {
                ms(|| {
                    std::hint::black_box(serde_json::from_str::<IgnoredAny>(text).unwrap());
                })
            })
        };
        let report = |what: &str, text: &str, write: f64, ours: f64| {
            let parse = parse(text);
            let mb = text.len() as f64 / 1e6;
            let ratio = ours / (parse + write);
            println!("{what:<12} {mb:>8.2} {parse:>10.2} {write:>10.2} {ours:>10.2} {ratio:>7.2}×");
        };
        let ours = median_ms(|| {
            let dir = tempfile::tempdir().unwrap();
            let mut desk = desk(dir.path());
            ms(|| apply(&mut desk, &profile, &text))
        });
        // A delta: the same hundred beds, changed, on a desk that holds everything.
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("cache.sqlite");
        let mut desk = desk(dir.path());
        apply(&mut desk, &profile, &text);
        let rows = everything(&file);
        let write = median_ms(|| {
            write_floor(
                &tempfile::tempdir().unwrap().path().join("floor.sqlite"),
                &rows,
                "INSERT",
            )
        });
        report(&format!("{name} load"), &text, write, ours);
        let delta = bundle(&mut world, &profile, is_bed, 100);
        let mut version = 1;
        let ours = median_ms(|| {
            version += 1;
            let code = if version % 2 == 0 {
                r#""code":"K""#
            } else {
                r#""code":"H""#
            };
            let changed = delta
                .replace(r#""versionId":"1""#, &format!(r#""versionId":"{version}""#))
                .replace(r#""code":"O""#, code)
                .replace(r#""code":"U""#, code);
            ms(|| apply(&mut desk, &profile, &changed))
        });
        let rows = newest(&file);
        let write = median_ms(|| write_floor(&file, &rows, "REPLACE"));
        report(&format!("{name} delta"), &delta, write, ours);
    }
}
