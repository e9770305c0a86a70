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
    now,
    peer::Peer,
    stops::{SITES, publish_stop, publish_stops},
    until,
};
use jiff::Timestamp;
use sim::{Practice, Setup, Telling};
use std::{fs, path::Path, time::Duration};

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

/// More at one desk within ten minutes are a flood, told together.
const STOPS: usize = 8;

/// Where stops are published, and how the desk hears of them.
enum Way {
    /// The practice region tells over a websocket; this way the desk asks for everything every five minutes.
    Told(Telling),
    /// The practice region is asked for stops every ten seconds.
    Asked,
    /// A FHIR server that others wrote is asked for stops every ten seconds.
    OthersAsked,
}

/// Milliseconds from each stop's publication to its notification, at one new desk.
async fn published_to_notification(way: &Way) -> Vec<f64> {
    let setup = |telling| Setup {
        telling,
        ..Setup::default()
    };
    let (mut region, mut peer) = (None, None);
    let address = match way {
        Way::OthersAsked => {
            let other = peer.insert(Peer::start().await);
            other.fill().await;
            other.base.clone()
        }
        Way::Told(telling) => region
            .insert(Practice::start(setup(*telling), now).await.unwrap())
            .url(),
        Way::Asked => region
            .insert(Practice::start(setup(Telling::Nothing), now).await.unwrap())
            .url(),
    };
    let desktop = Desktop::start().await;
    let window = desktop.open(&["--source", &address]).await;
    window.see("[data-testid=tile]").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut times = vec![];
    for n in 0..STOPS {
        let id = format!("stop-{n}");
        times.push((id.clone(), now()));
        publish_stop(&address, &id, SITES[n % SITES.len()]).await;
        until("its notification", 30, async || {
            let log = log(desktop.dir.path());
            log.iter()
                .any(|(_, l)| l.contains("notification taken") && l.ends_with(&id))
        })
        .await;
        // Every phase of the ten seconds comes by.
        tokio::time::sleep(Duration::from_millis(1_000 + (n as u64 * 370) % 1_900)).await;
    }
    window.close().await;
    let log = log(desktop.dir.path());
    let told = |id: &str| {
        let found = log
            .iter()
            .find(|(_, l)| l.contains("notification taken") && l.ends_with(id));
        found.map(|(at, _)| *at)
    };
    let waited = times
        .iter()
        .filter_map(|(id, at)| Some(told(id)?.duration_since(*at).as_secs_f64() * 1000.0));
    waited.collect()
}

#[tokio::main]
async fn main() {
    let ways = [
        ("published → notification, R4 websocket", Way::Told(Telling::Classic), 3),
        (
            "published → notification, R5 backport websocket",
            Way::Told(Telling::Backport),
            3,
        ),
        ("published → notification, asked every 10 s", Way::Asked, 2),
        ("published → notification, sekmet asked every 10 s", Way::OthersAsked, 2),
    ];
    for (name, way, desks) in ways {
        let mut waited = vec![];
        for _ in 0..desks {
            waited.extend(published_to_notification(&way).await);
        }
        say(name, waited);
    }
    let (mut notified, mut sounded) = (vec![], vec![]);
    for round in 0..3 {
        let desktop = Desktop::of(Parts {
            sound: true,
            ..Parts::default()
        })
        .await;
        let region = Practice::start(Setup::default(), now).await.unwrap();
        let window = desktop.open(&["--source", &region.url()]).await;
        window.see("[data-testid=tile]").await;
        if round == 0 {
            say("floor: notify-send to the same daemon", floor(&desktop).await);
        }
        for n in 0..8 {
            publish_stop(&region.url(), &format!("rest-{round}-{n}"), SITES[n % SITES.len()]).await;
            // Longer than a sound, so that none waits for the one before.
            tokio::time::sleep(Duration::from_secs(7)).await;
        }
        window.close().await;
        let log = log(desktop.dir.path());
        notified.extend(waits(&log, "notification taken"));
        // The repeats of what is not acknowledged are no answer to a change.
        sounded.extend(waits(&log, "sound started").into_iter().filter(|ms| *ms < 4_000.0));
    }
    say("at rest: received → notification taken", notified);
    say("at rest: received → sound started", sounded);

    let desktop = Desktop::of(Parts {
        sound: true,
        ..Parts::default()
    })
    .await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    window.see("[data-testid=tile]").await;
    let storm: Vec<_> = (0..200)
        .map(|n| (format!("storm-{n}"), SITES[n % SITES.len()]))
        .collect();
    publish_stops(&region.url(), &storm).await;
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
