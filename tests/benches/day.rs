//! What following costs: bytes on the wire and CPU for a day of the Zwolle region and of the whole country, against
//! loading everything anew each time; and whether memory stays flat over a week (`-- --week`).
//!
//! The region lives in another process, ten simulated minutes a second, and the desk's clock with it: a round every five
//! simulated minutes and a question for stops every ten seconds of them, as the desk does.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may stop at the first surprise"
)]

use app::Clock;
use beddenwacht_tests::{Running, now, proxy::Proxy};
use jiff::Timestamp;
use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};
use support::{RunningDesk, Steps};
use tempfile::TempDir;

const SPEED: i64 = 600;
const ROUND_S: i64 = 300;
const STOPS_S: i64 = 10;

/// Runs as fast as the region.
struct Fast(Timestamp);

impl Clock for Fast {
    fn now(&self) -> Timestamp {
        let since = now().duration_since(self.0);
        self.0 + since * i32::try_from(SPEED).unwrap()
    }
}

/// CPU seconds of this process: user and system.
fn cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    ticks as f64 / 100.0
}

/// Megabytes of this process in memory.
fn memory_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

struct Region {
    wire: Proxy,
    address: String,
    _process: Running,
}

async fn region(locations: usize, beds: usize) -> Region {
    let mut child = Command::new(env!("CARGO_BIN_EXE_region"))
        .args([locations.to_string(), beds.to_string(), SPEED.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();
    let url: url::Url = address.trim().parse().unwrap();
    let wire = Proxy::to(url.socket_addrs(|| None).unwrap()[0]).await;
    Region {
        address: format!("http://{}/fhir", wire.address),
        wire,
        _process: Running(child),
    }
}

async fn desk(dir: &TempDir, region: &Region) -> (RunningDesk, Steps) {
    let desk = RunningDesk::open("bench", "bench", dir.path(), Arc::new(Fast(now())));
    desk.set_source(&region.address).await;
    let follower = desk.follow(&region.address);
    (desk, follower)
}

async fn day(name: &str, locations: usize, beds: usize, rounds: i64) {
    let region = region(locations, beds).await;
    let dir = TempDir::new().unwrap();
    let (desk, mut follower) = desk(&dir, &region).await;
    let (bytes, cpu) = (region.wire.carried(), cpu_s());
    assert!(follower.round().await, "the region did not answer");
    let full = (region.wire.carried() - bytes, cpu_s() - cpu);
    let (bytes, cpu) = (region.wire.carried(), cpu_s());
    let start = now();
    let mut asked = (0, 0.0);
    for n in 1..=rounds {
        for m in 0..ROUND_S / STOPS_S {
            let due = start + jiff::SignedDuration::from_millis((((n - 1) * ROUND_S + m * STOPS_S) * 1000) / SPEED);
            if let Ok(wait) = Duration::try_from(due.duration_since(now())) {
                tokio::time::sleep(wait).await;
            }
            let (b, c) = (region.wire.carried(), cpu_s());
            follower.look_for_stops().await;
            asked = (asked.0 + region.wire.carried() - b, asked.1 + cpu_s() - c);
        }
        assert!(follower.round().await, "the region did not answer");
    }
    let a_day = 86_400.0 / (rounds * ROUND_S) as f64;
    let all = (region.wire.carried() - bytes) as f64 * a_day / 1e6;
    let all_cpu = (cpu_s() - cpu) * a_day;
    let stops = asked.0 as f64 * a_day / 1e6;
    let anew = full.0 as f64 * 288.0 / 1e6;
    let known = desk.moment().region.places().count();
    println!("{name}: {known} places, {rounds} rounds, as a day");
    println!(
        "  following           {all:>9.1} MB   {all_cpu:>7.1} s CPU   ({:.2} % of a core)",
        all_cpu / 864.0
    );
    println!("  of which stops      {stops:>9.1} MB   {:>7.1} s CPU", asked.1 * a_day);
    println!("  everything anew     {anew:>9.1} MB   {:>7.1} s CPU", full.1 * 288.0);
    println!(
        "  ratio               {:>9.3}      {:>7.3}",
        all / anew,
        all_cpu / (full.1 * 288.0)
    );
}

async fn week() {
    let region = region(0, 0).await;
    let dir = TempDir::new().unwrap();
    let (_desk, mut follower) = desk(&dir, &region).await;
    assert!(follower.round().await, "the region did not answer");
    let start = now();
    for n in 1..=7 * 288_i64 {
        let due = start + jiff::SignedDuration::from_millis(n * ROUND_S * 1000 / SPEED);
        if let Ok(wait) = Duration::try_from(due.duration_since(now())) {
            tokio::time::sleep(wait).await;
        }
        follower.look_for_stops().await;
        assert!(follower.round().await, "the region did not answer");
        if n % 144 == 0 {
            let on_disk: u64 = fs::read_dir(dir.path())
                .unwrap()
                .flatten()
                .map(|e| e.metadata().unwrap().len())
                .sum();
            println!(
                "day {:>4.1}: {:>7.1} MB in memory, {:>7.1} MB on disk",
                n as f64 / 288.0,
                memory_mb(),
                on_disk as f64 / 1e6
            );
        }
    }
}

#[tokio::main]
async fn main() {
    if std::env::args().any(|a| a == "--week") {
        return week().await;
    }
    day("Zwolle", 0, 0, 144).await;
    day("the country", 116, 40_000, 36).await;
}
