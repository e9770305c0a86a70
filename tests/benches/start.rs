//! What the application costs from outside, against a bare Tauri window of the same size and, with `--before WORKTREE`,
//! against an earlier build: cold start to the first picture, memory of each process, and CPU while nobody does anything.
//! Release builds; medians of seven starts, the builds in turn.
//!
//! `start` and `idle` name the parts; without a name both run.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

use beddenwacht_tests::{
    desktop::Desktop,
    measure::{Build, Cost, Values, asked_for, costs, quick},
    regions::{Size, region},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, BufReader};

/// From the first picture until memory is read: what starts late has started by then.
const SETTLE: Duration = Duration::from_secs(8);

/// A program that is to be started.
struct Started {
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
}

/// Starts it; milliseconds to its first picture.
async fn first_picture(desktop: &Desktop, it: &Started) -> (f64, tokio::process::Child) {
    let start = Instant::now();
    let mut child = desktop
        .command(&it.program)
        .args(&it.arguments)
        .env("BEDDENWACHT_BENCH", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let waited = tokio::time::timeout(Duration::from_secs(60), async {
        while let Ok(Some(line)) = lines.next_line().await {
            if line == "first picture" {
                break;
            }
        }
    });
    waited.await.unwrap();
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    // A pipe that nobody reads fills up, and one that is closed ends whoever prints.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (ms, child)
}

async fn end(mut child: tokio::process::Child) {
    child.kill().await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
}

/// A data folder that a build filled from a region. The last picture is what a start shows.
async fn filled(build: &Build, folder: &Path, url: &str) {
    std::fs::create_dir_all(folder).unwrap();
    let followed = Command::new(build.program("bedden"))
        .arg("--data-dir")
        .arg(folder)
        .args(["follow", url, "--once"])
        .output()
        .unwrap();
    assert!(
        followed.status.success(),
        "{}",
        String::from_utf8_lossy(&followed.stderr)
    );
}

async fn cold_start(size: Size) {
    let desktop = Desktop::start().await;
    let region = region(size);
    let bare = Build::now().program("examples/bare");
    let mut all = vec![Started {
        name: "bare".to_owned(),
        program: bare,
        arguments: vec![],
    }];
    for build in Build::all() {
        let data = desktop.dir.path().join(build.name);
        filled(&build, &data, &region.url).await;
        all.push(Started {
            name: build.name.to_owned(),
            program: build.program("beddenwacht"),
            arguments: ["--data-dir", data.to_str().unwrap(), "--source", &region.url]
                .map(str::to_owned)
                .to_vec(),
        });
    }
    // Without a server, so that a start shows what it has.
    drop(region);
    let mut times: Vec<Values> = vec![Values::default(); all.len()];
    let mut memory: Vec<BTreeMap<String, Values>> = vec![BTreeMap::new(); all.len()];
    for _ in 0..if quick() { 2 } else { 7 } {
        for (n, it) in all.iter().enumerate() {
            let (ms, child) = first_picture(&desktop, it).await;
            times[n].0.push(ms);
            tokio::time::sleep(SETTLE).await;
            let mut by_name: BTreeMap<String, f64> = BTreeMap::new();
            for Cost { name, memory_mb, .. } in costs(child.id().unwrap()) {
                let name = if name.starts_with("WebKit") {
                    name
                } else {
                    "itself".to_owned()
                };
                *by_name.entry(name).or_default() += memory_mb;
            }
            for (name, mb) in by_name {
                memory[n].entry(name).or_default().0.push(mb);
            }
            end(child).await;
        }
    }
    let floor = times[0].median();
    let sum = |n: usize| memory[n].values().map(Values::median).sum::<f64>();
    for (n, it) in all.iter().enumerate() {
        let (ms, ratio) = (times[n].median(), times[n].median() / floor);
        let (mb, of_bare) = (sum(n), sum(n) / sum(0));
        println!(
            "{size} {:<8} cold start {ms:>6.0} ms ({ratio:>4.2}×; slowest {:>5.0})   memory {mb:>6.1} MB ({of_bare:>4.2}×)",
            it.name,
            times[n].at(1.0)
        );
        for (name, values) in &memory[n] {
            println!("    {name:<24} {:>6.1} MB", values.median());
        }
    }
}

/// CPU with the window open and nobody at the desk: questions for stops every ten seconds, one round of everything. What the
/// changes of a region cost is measured by the bench `day`; this region hardly changes.
async fn idle(size: Size) {
    // One round of everything is in it.
    let idle = Duration::from_secs(if quick() { 30 } else { 300 });
    for build in Build::all() {
        let desktop = Desktop::start().await;
        let region = region(size);
        let data = desktop.dir.path().join(build.name);
        let it = Started {
            name: build.name.to_owned(),
            program: build.program("beddenwacht"),
            arguments: ["--data-dir", data.to_str().unwrap(), "--source", &region.url]
                .map(str::to_owned)
                .to_vec(),
        };
        let (_, child) = first_picture(&desktop, &it).await;
        // Everything was loaded, and the first round of changes has not come yet.
        tokio::time::sleep(Duration::from_secs(40)).await;
        let pid = child.id().unwrap();
        let by_name = || {
            let mut all: BTreeMap<String, f64> = BTreeMap::new();
            for Cost { name, cpu_s, .. } in costs(pid) {
                *all.entry(name).or_default() += cpu_s;
            }
            all
        };
        let before = by_name();
        tokio::time::sleep(idle).await;
        let spent: BTreeMap<String, f64> = by_name()
            .into_iter()
            .map(|(name, cpu)| (name.clone(), cpu - before.get(&name).copied().unwrap_or(0.0)))
            .collect();
        let percent = |s: f64| s * 100.0 / idle.as_secs_f64();
        println!(
            "{size} {:<8} idle {:>5.2} % of a core",
            it.name,
            percent(spent.values().sum())
        );
        for (name, s) in spent {
            println!("    {name:<24} {:>5.2} %", percent(s));
        }
        end(child).await;
    }
}

#[tokio::main]
async fn main() {
    for size in Size::ALL {
        if asked_for("start") {
            cold_start(size).await;
        }
        if asked_for("idle") {
            idle(size).await;
        }
    }
}
