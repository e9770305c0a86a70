//! From a change received to the notification taken by the bus and the sound started, at rest and in a storm.
//!
//! Read from the application's own log, so that what is measured is what runs. The floor is a notification sent by this
//! bench itself to the same daemon.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Parts},
    now, until,
};
use domain::stop::{Stop, StopLevel};
use feed::{Profile, client::Server};
use jiff::Timestamp;
use serde_json::json;
use sim::{Practice, Setup};
use std::{fs, path::Path, time::Duration};

const SITES: [&str; 6] = [
    "isala-zwolle",
    "isala-meppel",
    "gelre-apeldoorn",
    "gelre-zutphen",
    "deventer",
    "saxenburgh-hardenberg",
];

async fn publish(server: &Server, ids: &[String]) {
    let profile = Profile::shipped().unwrap();
    let entries: Vec<_> = ids
        .iter()
        .zip(SITES.iter().cycle())
        .map(|(id, site)| {
            let stop = Stop {
                id: id.as_str().into(),
                place: format!("{site}-seh").as_str().into(),
                service: "seh".into(),
                level: StopLevel::Stop,
                active: true,
                start: Some(now()),
                end: None,
                expected_end: Some(now() + jiff::SignedDuration::from_hours(2)),
                reasons: vec![],
                version: None,
            };
            let mut flag = feed::encode::stop(&stop, &profile);
            flag["id"] = json!(id);
            json!({ "resource": flag, "request": { "method": "PUT", "url": format!("Flag/{id}") } })
        })
        .collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    server.transaction(&bundle).await.unwrap();
}

/// The lines of the log: when, and what.
fn log(dir: &Path) -> Vec<(Timestamp, String)> {
    let mut lines = vec![];
    for entry in fs::read_dir(dir.join("data/log")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let parsed = text.lines().filter_map(|l| {
            let (at, what) = l.split_once(' ')?;
            Some((at.parse().ok()?, what.to_owned()))
        });
        lines.extend(parsed);
    }
    lines.sort();
    lines
}

/// Milliseconds from the change that was received last before each line that says `what`.
fn waits(log: &[(Timestamp, String)], what: &str) -> Vec<f64> {
    let mut received = None;
    let mut waits = vec![];
    for (at, line) in log {
        if line.contains("change received") {
            received = Some(*at);
        } else if line.contains(what)
            && let Some(from) = received
        {
            waits.push(at.duration_since(from).as_secs_f64() * 1000.0);
        }
    }
    waits
}

fn say(name: &str, mut ms: Vec<f64>) {
    if ms.is_empty() {
        println!("{name:<52} none");
        return;
    }
    ms.sort_by(f64::total_cmp);
    let at = |share: f64| ms[((ms.len() - 1) as f64 * share).round() as usize];
    println!(
        "{name:<52} n {:>3}   median {:>7.1} ms   p99 {:>7.1} ms",
        ms.len(),
        at(0.5),
        at(0.99)
    );
}

async fn floor(desktop: &Desktop) -> Vec<f64> {
    let mut ms = vec![];
    for n in 0..30 {
        let (from, before) = (now(), desktop.received().len());
        let sent = desktop
            .command(Path::new("notify-send"))
            .args(["vloer", &n.to_string()])
            .status()
            .await;
        if !sent.is_ok_and(|s| s.success()) || desktop.received().len() == before {
            break;
        }
        ms.push(now().duration_since(from).as_secs_f64() * 1000.0);
    }
    ms
}

#[tokio::main]
async fn main() {
    let (mut published, mut notified, mut sounded) = (vec![], vec![], vec![]);
    for round in 0..3 {
        let desktop = Desktop::of(Parts {
            sound: true,
            ..Parts::default()
        })
        .await;
        let region = Practice::start(Setup::default(), now).await.unwrap();
        let server = Server::new(&region.url()).unwrap();
        let window = desktop.open(&["--source", &region.url(), "--every", "1"]).await;
        window.see("[data-testid=tile]").await;
        if round == 0 {
            say("floor: notify-send to the same daemon", floor(&desktop).await);
        }
        let mut times = vec![];
        for n in 0..8 {
            let id = format!("rest-{round}-{n}");
            times.push((id.clone(), now()));
            publish(&server, &[id]).await;
            // Longer than a sound, so that none waits for the one before.
            tokio::time::sleep(Duration::from_secs(7)).await;
        }
        window.close().await;
        let log = log(desktop.dir.path());
        for (id, at) in times {
            let told = log
                .iter()
                .find(|(_, l)| l.contains("notification taken") && l.ends_with(&id));
            published.extend(told.map(|(then, _)| then.duration_since(at).as_secs_f64() * 1000.0));
        }
        notified.extend(waits(&log, "notification taken"));
        // The repeats of what is not acknowledged are no answer to a change.
        sounded.extend(waits(&log, "sound started").into_iter().filter(|ms| *ms < 4_000.0));
    }
    say("at rest: published → notification, asked every s", published);
    say("at rest: received → notification taken", notified);
    say("at rest: received → sound started", sounded);

    let desktop = Desktop::of(Parts {
        sound: true,
        ..Parts::default()
    })
    .await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let server = Server::new(&region.url()).unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "1"]).await;
    window.see("[data-testid=tile]").await;
    let ids: Vec<String> = (0..200).map(|n| format!("storm-{n}")).collect();
    publish(&server, &ids).await;
    until("the storm is on the screen", 30, async || {
        window.count("[data-testid=alarm]").await >= 200
    })
    .await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    window.close().await;
    let log = log(desktop.dir.path());
    say(
        "200 at once: received → notification taken",
        waits(&log, "notification taken"),
    );
    let first: Vec<f64> = waits(&log, "sound started").into_iter().take(1).collect();
    say("200 at once: received → sound started", first);
}
