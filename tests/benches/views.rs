//! How long each view takes, and how long it takes while a full load is applied over and over and two hundred labels are
//! being sent. Asked for as a screen does, through the list of requests, with its JSON; the whole country's data through a
//! real socket. What a view waits for besides its own drawing would be in these figures.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark measures real time and may stop"
)]

use app::{
    labels::{LabelRequest, Until},
    sources::{Follower, Link, PollSchedule},
};
use beddenwacht_tests::{
    desk_of,
    front::Front,
    measure::{Values, quick},
    regions::{Size, begins_load, loads_everything_anew, region},
    until,
};
use domain::place::PlaceKind;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use support::{NoMachine, RunningDesk};
use tempfile::TempDir;

/// Each view is asked for so often where nothing else goes on.
const TIMES: usize = 300;
const UNDER_LOAD: Duration = Duration::from_secs(40);

async fn once(desk: &RunningDesk, asked: &[(&'static str, Value)], into: &mut BTreeMap<&'static str, Values>) {
    for (name, arguments) in asked {
        let start = Instant::now();
        let answer = app::commands::answer(&desk.handle, &NoMachine, name, arguments.clone()).await;
        let took = start.elapsed().as_secs_f64() * 1000.0;
        assert!(answer.is_ok(), "{name}: {answer:?}");
        into.entry(name).or_default().0.push(took);
    }
}

fn say(size: Size, when: &str, views: &BTreeMap<&'static str, Values>) {
    println!("{size}, {when}");
    for (name, values) in views {
        println!("    {name:<16} {}", values.line());
    }
    let worst = |share: f64| views.values().map(|v| v.at(share)).fold(0.0, f64::max);
    println!(
        "    worst view: p99 {:.1} ms, longest {:.1} ms",
        worst(0.99),
        worst(1.0)
    );
}

async fn of(size: Size) {
    let region = region(size);
    let front = Front::before_url(&region.url).await;
    let dir = TempDir::new().unwrap();
    let desk = desk_of("bench", dir.path());
    desk.set_source(&front.url()).await;
    loads_everything_anew(&front, Duration::from_millis(250));
    let schedule = PollSchedule {
        // Asked for where it is wanted.
        all: Duration::from_secs(3600),
        urgent: Duration::from_secs(1),
    };
    let server = app::sources::Server::new(&front.url()).unwrap();
    let following = Follower::of(desk.handle.clone(), "", server).start(schedule);
    until("the region is known", 120, async || {
        matches!(desk.moment().link_of(""), Link::Live)
    })
    .await;
    let moment = desk.moment();
    let beds: Vec<String> = {
        let beds = moment.region.places().filter(|p| p.kind == PlaceKind::Bed);
        beds.take(200).map(|p| p.id.0.clone()).collect()
    };
    // The largest one: its screens are the slowest.
    let site = moment
        .region
        .sites()
        .max_by_key(|s| moment.region.beds(&s.id).len())
        .unwrap();
    let id = site.id.0.clone();
    let asked = [
        ("frame", json!({})),
        ("region", json!({})),
        ("location", json!({ "id": id, "night": false })),
        ("beds", json!({ "id": id, "kind": "specialistisch" })),
        ("bed", json!({ "id": beds[0] })),
        ("worklist", json!({})),
        ("alarm_metrics", json!({ "night": false })),
        ("data_quality", json!({})),
        ("settings", json!({})),
        ("stop_outlook", json!({ "site": id })),
    ];
    let mut at_rest = BTreeMap::new();
    for _ in 0..if quick() { 20 } else { TIMES } {
        once(&desk, &asked, &mut at_rest).await;
    }
    say(size, "nothing else goes on", &at_rest);

    let request = LabelRequest {
        beds,
        kind: "covidcapaciteit".to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "bench".to_owned(),
        until: Until::Day,
    };
    desk.label_beds(&request).await.unwrap();
    following.send();
    following.ask();
    let loads = || front.asked().iter().filter(|q| begins_load(q)).count();
    let (mut loaded, before, end) = (BTreeMap::new(), loads(), Instant::now() + UNDER_LOAD);
    while Instant::now() < end {
        once(&desk, &asked, &mut loaded).await;
        // Asked for again as soon as one is done.
        following.ask();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    say(
        size,
        &format!("{} full loads within {} s", loads() - before, UNDER_LOAD.as_secs()),
        &loaded,
    );
}

#[tokio::main]
async fn main() {
    for size in Size::ALL {
        of(size).await;
    }
}
