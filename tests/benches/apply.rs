//! First load and delta against their floors, measured in the same run: parsing the same bytes into nothing, and
//! inserting as many rows with one prepared statement. Figures are medians of seven, in milliseconds.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

use app::{Desk, Identity, Paths, SystemClock};
use beddenwacht_tests::now;
use feed::{Profile, fhir::bundle::reader, fhir::sync::Delivery};
use rusqlite::{Connection, params};
use serde::de::IgnoredAny;
use sim::{Scenario, World, layout};
use std::{sync::Arc, time::Instant};

const ROUNDS: usize = 7;

fn median_ms(mut one: impl FnMut() -> f64) -> f64 {
    let mut all: Vec<f64> = (0..ROUNDS).map(|_| one()).collect();
    all.sort_by(f64::total_cmp);
    all[ROUNDS / 2]
}

fn ms(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64() * 1000.0
}

/// Entries of a search set as a server sends them, and the bodies of the rows that they become.
fn bundle(world: &mut World, profile: &Profile, from: usize, count: usize) -> (String, Vec<(String, String, String)>) {
    let stamp = now();
    let mut entries = vec![];
    let mut rows = vec![];
    for (n, (kind, id, fact)) in world.snapshot().into_iter().enumerate() {
        if n < from || n >= from.saturating_add(count) {
            continue;
        }
        let mut value = feed::fhir::encode::fact(&id, &fact, profile).unwrap();
        value["meta"] = serde_json::json!({ "versionId": "1", "lastUpdated": stamp.to_string() });
        let text = value.to_string();
        entries.push(format!(r#"{{"fullUrl":"x/{id}","resource":{text}}}"#));
        rows.push((kind.to_owned(), id, text));
    }
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
        entries.join(",")
    );
    (text, rows)
}

fn insert_floor(rows: &[(String, String, String)]) -> f64 {
    let dir = tempfile::tempdir().unwrap();
    let mut c = Connection::open(dir.path().join("floor.sqlite")).unwrap();
    c.pragma_update(None, "journal_mode", "wal").unwrap();
    c.pragma_update(None, "synchronous", "NORMAL").unwrap();
    c.execute_batch("CREATE TABLE t (kind TEXT, id TEXT, n INTEGER, body TEXT, PRIMARY KEY (kind, id, n)) STRICT")
        .unwrap();
    ms(|| {
        let tx = c.transaction().unwrap();
        {
            let mut insert = tx.prepare("INSERT INTO t VALUES (?1, ?2, ?3, ?4)").unwrap();
            for (kind, id, body) in rows {
                // The application writes two rows a resource: as delivered, and as read.
                for n in 0..2 {
                    insert.execute(params![kind, id, n, body]).unwrap();
                }
            }
        }
        tx.commit().unwrap();
    })
}

fn desk(dir: &std::path::Path) -> Desk {
    let identity = Identity {
        user: "bench".to_owned(),
        workstation: "bench".to_owned(),
    };
    let mut desk = Desk::open(&Paths { dir: dir.to_owned() }, Arc::new(SystemClock), identity).unwrap();
    desk.set_source("https://region.example/fhir").unwrap();
    desk
}

fn apply(desk: &mut Desk, profile: &Profile, text: &str) {
    let parsed: feed::fhir::bundle::Bundle = serde_json::from_str(text).unwrap();
    let reading = reader(profile, now()).entries(&parsed);
    desk.apply(
        &Delivery {
            reading,
            ..Delivery::default()
        },
        "",
    )
    .unwrap();
}

fn main() {
    let profile = Profile::shipped().unwrap();
    println!(
        "{:<12} {:>8} {:>10} {:>10} {:>10} {:>8}",
        "", "MB", "parse", "insert", "ours", "ratio"
    );
    for (name, plan) in [
        ("zwolle", layout::zwolle().unwrap()),
        ("national", layout::national(116, 40_000).unwrap()),
    ] {
        let mut world = World::new(&plan, 1, now(), 1.0, Scenario::Calm);
        let (text, rows) = bundle(&mut world, &profile, 0, usize::MAX);
        let parse = |text: &str| {
            median_ms(|| {
                ms(|| {
                    std::hint::black_box(serde_json::from_str::<IgnoredAny>(text).unwrap());
                })
            })
        };
        let report = |what: &str, text: &str, rows: &[(String, String, String)], ours: f64| {
            let (parse, insert) = (parse(text), median_ms(|| insert_floor(rows)));
            let mb = text.len() as f64 / 1e6;
            let ratio = ours / (parse + insert);
            println!("{what:<12} {mb:>8.2} {parse:>10.2} {insert:>10.2} {ours:>10.2} {ratio:>7.2}×");
        };
        let ours = median_ms(|| {
            let dir = tempfile::tempdir().unwrap();
            let mut desk = desk(dir.path());
            ms(|| apply(&mut desk, &profile, &text))
        });
        report(&format!("{name} load"), &text, &rows, ours);

        // A delta: the same hundred beds, changed, on a desk that holds everything.
        let dir = tempfile::tempdir().unwrap();
        let mut desk = desk(dir.path());
        apply(&mut desk, &profile, &text);
        let (delta, rows) = bundle(&mut world, &profile, 400, 100);
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
        report(&format!("{name} delta"), &delta, &rows, ours);
    }
}
