//! The same night gives the same screens: what decides is the log of what happened, and no order of a map, no thread and no
//! clock of the machine.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    clock::FixedClock,
    labels::{LabelRequest, Until},
};
use domain::{alarms::AlarmId, count::Count, label::LabelKind};
use feed::FeedError;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};
use support::{Bed, Region, Stop, TestDesk, deliver_from, night_clock, open_desk};
use tempfile::TempDir;

const SITES: [&str; 5] = ["isala", "deventer", "lelystad", "harderwijk", "hardenberg"];

/// What the region delivers in a round of the night: beds that fill and empty, and stops that come and go.
fn round(n: usize, now: Timestamp) -> Region {
    let mut region = Region::new();
    for (s, site) in SITES.into_iter().enumerate() {
        let (seh, ward) = (format!("{site}-seh"), format!("{site}-a1"));
        region = region
            .site(site, &format!("Ziekenhuis {site}"))
            .seh(&seh, site)
            .department(&ward, site);
        for b in 0..12 {
            let code = ["U", "O", "H", "K", "O"][(n * 7 + s * 3 + b) % 5];
            let bed = Bed::new(&format!("{site}-{b}"), &ward).status(code);
            region = region.bed(bed.label(LabelKind::Covidcapaciteit, "kliniek-non-covid"));
        }
        let began = now - SignedDuration::from_mins(10);
        let stop = Stop::new(&format!("stop-{site}"), &seh, "seh", began).holds((n + s).is_multiple_of(3));
        region = region.stop(stop).heartbeat(site, now);
        region = region.report(site, now, Count::Known(4), Count::Known(8));
    }
    region
}

/// One step of the night: what is delivered or done then.
fn step(desk: &mut TestDesk, clock: &FixedClock, n: usize) {
    clock.advance(SignedDuration::from_mins(5));
    match n % 6 {
        4 => desk.offline("", FeedError::Failing(503)),
        _ => deliver_from(desk, "", &[], &round(n, clock.now())),
    }
    let open: Vec<AlarmId> = desk.alarm_list().into_iter().map(|a| a.id).collect();
    match (n % 5, open.as_slice()) {
        (0, [first, ..]) => drop(desk.acknowledge(first)),
        (1, [.., last]) => drop(desk.shelve(last, "bekend", 60)),
        (2, _) => {
            desk.silence();
            let request = LabelRequest {
                beds: vec![format!("isala-{}", n % 12), "deventer-3".to_owned()],
                kind: "covidcapaciteit".to_owned(),
                element: "kliniek-covid".to_owned(),
                reason: "cohort".to_owned(),
                until: Until::NextTen,
            };
            desk.label_beds(&request).unwrap();
        }
        (3, _) => drop(desk.undo_label()),
        _ => {}
    }
}

/// Everything that the screens draw.
fn screens(desk: &mut TestDesk) -> Value {
    desk.write_behind();
    desk.wait_until_stored().unwrap();
    let locations: Vec<_> = SITES.iter().map(|site| json!(desk.location_view(site))).collect();
    let beds: Vec<_> = SITES
        .iter()
        .map(|s| json!(desk.beds_view(s, "covidcapaciteit")))
        .collect();
    json!({
        "frame": desk.frame(),
        "region": desk.region_view(),
        "locations": locations,
        "beds": beds,
        "worklist": desk.worklist(),
        "alarms": desk.alarm_metrics_view(),
    })
}

/// Ids that are drawn by chance, so that two desks never write one record: they order and say nothing.
fn without_chance(text: &str) -> String {
    let is_id = |word: &str| word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let words = text.split('"').map(|word| if is_id(word) { "id" } else { word });
    words.collect::<Vec<_>>().join("\"")
}

/// The screens after each step of a night.
fn night(dir: &Path, clock: &Arc<FixedClock>) -> Vec<String> {
    let mut desk = open_desk(dir, clock);
    desk.set_source("https://region.example/fhir").unwrap();
    let steps = (0..36).map(|n| {
        step(&mut desk, clock, n);
        without_chance(&serde_json::to_string_pretty(&screens(&mut desk)).unwrap())
    });
    steps.collect()
}

#[test]
fn r_17_the_same_night_gives_the_same_screens() {
    let (first, second) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (once, again) = (
        night(first.path(), &night_clock()),
        night(second.path(), &night_clock()),
    );
    let here = |dir: &Path, text: &str| text.replace(dir.to_str().unwrap(), "here");
    for (n, (a, b)) in once.iter().zip(&again).enumerate() {
        let (a, b) = (here(first.path(), a), here(second.path(), b));
        let differs = a.lines().zip(b.lines()).find(|(a, b)| a != b);
        assert!(a == b, "step {n}: {differs:?}");
    }
    let same = once.windows(2).position(|two| two.first() == two.last());
    assert_eq!(same, None, "nothing happened in that step");
}
