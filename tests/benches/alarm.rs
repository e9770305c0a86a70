//! From a stop published at the server to its notification at the bus: while a full load of everything is applied over and
//! over and two hundred labels are being sent (`load`), at rest by every way in which a desk hears of stops (`ways`); and
//! from a change received to the notification taken and the sound started, at rest (`rest`) and in a storm (`storm`).
//!
//! `load` is measured from outside the process, so that with `--before WORKTREE` an earlier build is measured by the same
//! code; so are the waits of the views meanwhile. The others are read from the application's own log. The floor is a
//! notification sent by this bench itself to the same daemon. Parts are named as arguments; without a name all run.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Parts, Window},
    front::Front,
    measure::{Build, Values, asked_for, quick},
    now,
    peer::Peer,
    regions::{Size, begins_load, loads_everything_anew, region},
    stops::{SITES, publish_stop, publish_stops},
    until,
};
use domain::{place::PlaceKind, region::Fact};
use jiff::Timestamp;
use serde_json::{Value, json};
use sim::{Practice, Scenario, Setup, SubscriptionSupport, World};
use std::{collections::BTreeMap, fs, path::Path, time::Duration};

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

/// Milliseconds from the change that brought each of these stops to the first sound after it. None is left out, however
/// late: a repeat that was the first to be heard counts too.
fn sounds(log: &[(Timestamp, String)], stops: &[String]) -> Vec<f64> {
    let wait = |stop: &String| {
        let told = log
            .iter()
            .position(|(_, line)| line.contains("notification taken") && line.ends_with(stop.as_str()))
            .unwrap_or_else(|| panic!("{stop} was not told"));
        let mut before = log[..told].iter().rev();
        let (from, _) = before.find(|(_, line)| line.contains("change received")).unwrap();
        let mut after = log.iter().filter(|(at, _)| at >= from);
        let (at, _) = after
            .find(|(_, line)| line.contains("sound started"))
            .unwrap_or_else(|| panic!("nothing was heard after {stop}"));
        at.duration_since(*from).as_secs_f64() * 1000.0
    };
    stops.iter().map(wait).collect()
}

fn say(name: &str, ms: Vec<f64>) {
    println!("{name:<60} {}", Values(ms).line());
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
        // One that is not taken would otherwise be left out, and the floor look lower than it is.
        assert!(sent.is_ok_and(|s| s.success()), "notification {n} was not sent");
        assert!(desktop.received().len() > before, "notification {n} was not taken");
        ms.push(now().duration_since(from).as_secs_f64() * 1000.0);
    }
    ms
}

/// More at one desk within ten minutes are a flood, told together.
const STOPS: usize = 8;

/// Where stops are published, and how the desk hears of them.
enum Way {
    /// The practice region tells over a websocket; this way the desk asks for everything every five minutes.
    Told(SubscriptionSupport),
    /// The practice region is asked for stops every ten seconds.
    Asked,
    /// A FHIR server that others wrote is asked for stops every ten seconds.
    OthersAsked,
}

/// Milliseconds from each stop's publication to its notification, at one new desk.
async fn published_to_notification(way: &Way) -> Vec<f64> {
    let setup = |subscriptions| Setup {
        subscriptions,
        ..Setup::default()
    };
    let (mut region, mut peer) = (None, None);
    let address = match way {
        Way::OthersAsked => {
            let other = peer.insert(Peer::start().await);
            other.fill().await;
            other.base.clone()
        }
        Way::Told(subscriptions) => region
            .insert(Practice::start(setup(*subscriptions), now).await.unwrap())
            .url(),
        Way::Asked => region
            .insert(Practice::start(setup(SubscriptionSupport::Nothing), now).await.unwrap())
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
        found
            .unwrap_or_else(|| panic!("{id} was told, and is not in the log"))
            .0
    };
    let waited = times
        .iter()
        .map(|(id, at)| told(id).duration_since(*at).as_secs_f64() * 1000.0);
    waited.collect()
}

/// How long a server takes over each label: two hundred of them are under way for as long as stops are published.
const LABEL_TAKES: Duration = Duration::from_millis(250);
const LABELS: usize = 200;
/// At one desk, each at a hospital of its own. More within ten minutes are a flood, told together.
const UNDER_LOAD_STOPS: usize = 7;
/// How long the views are asked for, one after the other, while everything is loaded.
const VIEWS_S: u64 = 20;
/// A stop that is not told by then counts as having taken so long.
const GIVEN_UP_S: i64 = 120;

/// What one desk under load showed.
#[derive(Default)]
struct UnderLoad {
    /// Milliseconds from the question that published a stop to its notification, and to the answer of that question.
    told: Values,
    published: Values,
    lost: usize,
    /// By view.
    views: BTreeMap<String, Values>,
    loads: usize,
    labels: usize,
    within_s: f64,
}

/// Beds and hospitals with an SEH, as the region has them at its start.
fn places(size: Size) -> (Vec<String>, Vec<(String, String)>) {
    let mut world = World::new(&size.layout(), 1, now(), 0.1, Scenario::Tour);
    let facts = world.snapshot();
    let places = facts.iter().filter_map(|(_, _, fact)| match fact {
        Fact::Place(place) => Some(place),
        _ => None,
    });
    let places: Vec<_> = places.collect();
    let beds = places.iter().filter(|p| p.kind == PlaceKind::Bed);
    let beds = beds.map(|p| p.id.0.clone()).collect();
    let sehs: Vec<&str> = places
        .iter()
        .filter_map(|p| p.id.as_str().strip_suffix("-seh"))
        .collect();
    let sites = places.iter().filter(|p| sehs.contains(&p.id.as_str()));
    let sites = sites.map(|p| (p.id.0.clone(), p.name.clone())).collect();
    (beds, sites)
}

/// Asks the application for something as its own screen does.
async fn ask(window: &Window, build: &Build, name: &str, arguments: Value) -> Value {
    let (command, arguments) = if build.commands {
        (name.to_owned(), arguments)
    } else {
        ("request".to_owned(), json!({ "name": name, "arguments": arguments }))
    };
    let script = "const [command, args, done] = arguments; window.__TAURI_INTERNALS__.invoke(command, args)\
                  .then((a) => done({ answer: a }), (e) => done({ error: JSON.stringify(e) }));";
    let answer = window
        .client
        .execute_async(script, vec![json!(command), arguments])
        .await;
    answer.unwrap()
}

/// Milliseconds that each view took, asked for one after the other as fast as they come.
async fn views(window: &Window, build: &Build, bed: &str, site: &str) -> BTreeMap<String, Values> {
    let quality = if build.commands { "quality" } else { "alarm_metrics" };
    let asked = json!([
        ["frame", {}],
        ["region", {}],
        ["location", { "id": site, "night": false }],
        ["beds", { "id": site, "kind": "specialistisch" }],
        ["bed", { "id": bed }],
        ["worklist", {}],
        [quality, { "night": false }],
        ["settings", {}],
    ]);
    let script = "const [asked, seconds, whole, done] = arguments;
        (async () => {
            const invoke = window.__TAURI_INTERNALS__.invoke;
            const times = {}, end = performance.now() + seconds * 1000;
            while (performance.now() < end) {
                for (const [name, args] of asked) {
                    const from = performance.now();
                    try {
                        await (whole ? invoke('request', { name, arguments: args }) : invoke(name, args));
                        (times[name] ??= []).push(performance.now() - from);
                    } catch (e) { (times[name + ' refused: ' + JSON.stringify(e)] ??= []).push(0); }
                }
                await new Promise((r) => setTimeout(r, 20));
            }
            done(times);
        })();";
    let answer = window
        .client
        .execute_async(script, vec![asked, json!(VIEWS_S), json!(!build.commands)])
        .await
        .unwrap();
    serde_json::from_value::<BTreeMap<String, Vec<f64>>>(answer)
        .unwrap()
        .into_iter()
        .map(|(name, ms)| (name, Values(ms)))
        .collect()
}

/// One desk each of whose rounds is a full load in which every bed changed, while its server takes its time over labels.
async fn under_load(build: &Build, size: Size) -> UnderLoad {
    let (beds, sites) = places(size);
    let desktop = Desktop::start().await;
    let region = region(size);
    let front = Front::before_url(&region.url).await;
    loads_everything_anew(&front, LABEL_TAKES);
    let window = desktop
        .open_program(
            &build.program("beddenwacht"),
            &["--source", &front.url(), "--every", "2"],
        )
        .await;
    window.see("[data-testid=tile]").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let request = json!({ "request": {
        "beds": beds.iter().take(LABELS).collect::<Vec<_>>(),
        "kind": "covidcapaciteit",
        "element": "kliniek-covid",
        "reason": "bench",
        "until": { "kind": "day" },
    }});
    let labelled = ask(&window, build, "label_beds", request).await;
    assert!(labelled.get("error").is_none(), "{labelled}");
    let loads = || front.asked().iter().filter(|q| begins_load(q)).count();
    // A build that does one after the other loads nothing meanwhile; how much went on is said with the figures.
    until("a label is under way", 60, async || {
        front
            .asked()
            .iter()
            .any(|q| q.writes() && q.resource() != "Subscription")
    })
    .await;
    let (from, before) = (now(), loads());
    let mut found = UnderLoad::default();
    // Each at its own time, whether the one before was told or not: a build that is stuck must not be asked less.
    let mut sent = vec![];
    for (n, (site, name)) in sites.iter().take(UNDER_LOAD_STOPS).enumerate() {
        tokio::time::sleep(Duration::from_millis(1_500 + (n as u64 * 977) % 2_500)).await;
        let at = now();
        publish_stop(&region.url, &format!("stop-{n}"), site).await;
        found.published.0.push(now().duration_since(at).as_secs_f64() * 1000.0);
        sent.push((format!("SEH-stop {name}"), at));
    }
    let end = now() + jiff::SignedDuration::from_secs(GIVEN_UP_S);
    for (said, at) in sent {
        let told = loop {
            let all = desktop.received();
            if let Some(one) = all.iter().find(|r| r.summary == said) {
                break Some(one.at);
            }
            if now() > end {
                break None;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        found.lost += usize::from(told.is_none());
        let took = told.unwrap_or(end).duration_since(at);
        found.told.0.push(took.as_secs_f64() * 1000.0);
    }
    found.loads = loads() - before;
    found.within_s = now().duration_since(from).as_secs_f64();
    let sent = front
        .asked()
        .iter()
        .filter(|q| q.writes() && q.resource() != "Subscription")
        .count();
    found.labels = LABELS.saturating_sub(sent);
    found.views = views(&window, build, &beds[0], &sites[0].0).await;
    window.close().await;
    found
}

async fn load() {
    let desks = if quick() { 1 } else { 4 };
    for size in Size::ALL {
        for build in Build::all() {
            let mut all = UnderLoad::default();
            for _ in 0..desks {
                let one = under_load(&build, size).await;
                all.told.0.extend(one.told.0);
                all.published.0.extend(one.published.0);
                all.lost += one.lost;
                all.loads += one.loads;
                all.labels += one.labels;
                all.within_s += one.within_s;
                for (name, values) in one.views {
                    all.views.entry(name).or_default().0.extend(values.0);
                }
            }
            let name = build.name;
            println!("{size} {name:<8} published → notification   {}", all.told.line());
            println!("{size} {name:<8} published → answered       {}", all.published.line());
            println!(
                "    {} full loads within {:.0} s; {} of {} labels were still to be sent; {} stops not told within {GIVEN_UP_S} s",
                all.loads,
                all.within_s,
                all.labels,
                desks * LABELS,
                all.lost
            );
            for (view, values) in all.views {
                println!("    in the window, {view:<20} {}", values.line());
            }
        }
    }
}

#[tokio::main]
async fn main() {
    if asked_for("load") {
        load().await;
    }
    if asked_for("ways") {
        ways().await;
    }
    if asked_for("rest") {
        at_rest().await;
    }
    if asked_for("storm") {
        storm().await;
    }
}

async fn ways() {
    let ways = [
        (
            "published → notification, R4 websocket",
            Way::Told(SubscriptionSupport::Classic),
            3,
        ),
        (
            "published → notification, R5 backport websocket",
            Way::Told(SubscriptionSupport::Backport),
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
}

async fn at_rest() {
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
        let stops: Vec<String> = (0..8).map(|n| format!("rest-{round}-{n}")).collect();
        for (n, stop) in stops.iter().enumerate() {
            publish_stop(&region.url(), stop, SITES[n % SITES.len()]).await;
            // Longer than a sound, so that none waits for the one before.
            tokio::time::sleep(Duration::from_secs(7)).await;
        }
        window.close().await;
        let log = log(desktop.dir.path());
        notified.extend(waits(&log, "notification taken"));
        sounded.extend(sounds(&log, &stops));
    }
    say("at rest: received → notification taken", notified);
    say("at rest: received → sound started", sounded);
}

async fn storm() {
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
    say("200 at once: received → first sound started", first);
}
