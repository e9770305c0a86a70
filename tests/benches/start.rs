//! Cold start to the first picture, against a bare Tauri window; medians of five, in milliseconds, development builds.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark may stop"
)]

use beddenwacht_tests::{bedden, desktop::Desktop, now, program};
use sim::{Practice, Setup};
use std::{
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, BufReader};

async fn first_picture(desktop: &Desktop, program: &Path, arguments: &[&str]) -> f64 {
    let start = Instant::now();
    let mut child = desktop
        .command(program)
        .args(arguments)
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
    child.kill().await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    ms
}

#[tokio::main]
async fn main() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let data = desktop.dir.path().join("data");
    // The cached picture is what a start shows: fill the cache, then take the server away.
    let filled = bedden(&data, &["follow", &region.url(), "--once"]);
    assert!(filled.status.success());
    region.plug(false);
    let ours = program("beddenwacht");
    let bare = ours.with_file_name("examples").join("bare");
    let (data, url) = (data.display().to_string(), region.url());
    let mut all: Vec<(f64, f64)> = vec![];
    for _ in 0..5 {
        let floor = first_picture(&desktop, &bare, &[]).await;
        let own = first_picture(&desktop, &ours, &["--data-dir", &data, "--source", &url]).await;
        all.push((floor, own));
    }
    let median = |pick: fn(&(f64, f64)) -> f64| {
        let mut some: Vec<f64> = all.iter().map(pick).collect();
        some.sort_by(f64::total_cmp);
        some[some.len() / 2]
    };
    let (floor, own) = (median(|p| p.0), median(|p| p.1));
    println!(
        "cold start   bare {floor:>8.0}   ours {own:>8.0}   ratio {:>5.2}×",
        own / floor
    );
}
