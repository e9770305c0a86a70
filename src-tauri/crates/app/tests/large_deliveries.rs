//! A delivery of a whole country is taken in by pieces: nothing waits for it, and nobody sees half of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    clock::FixedClock,
    effect::{Effect, View},
    engine::Input,
    labels::{LabelRequest, Until},
    sources::Channel,
};
use domain::{label::LabelKind, place::PlaceKind};
use feed::fhir::sync::Completeness;
use jiff::SignedDuration;
use std::{collections::BTreeSet, sync::Arc};
use support::{Bed, Region, RunningDesk, Stop, TestDesk, deliver_from, delivered, night_clock, open_desk, seh_stop};

const BEDS: usize = 3_500;
const COVID: &str = "covidcapaciteit";

/// A desk that follows one source and knows its one hospital with one bed.
fn followed() -> (tempfile::TempDir, Arc<FixedClock>, TestDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    deliver_from(&mut desk, "", &[], &hospital());
    desk.take_toasts();
    (dir, clock, desk)
}

fn hospital() -> Region {
    Region::new()
        .site("isala", "Isala Zwolle")
        .seh("seh", "isala")
        .bed(Bed::new("bed-0", "isala").label(LabelKind::Covidcapaciteit, "kliniek-non-covid"))
}

/// The hospital with so many beds that they are taken in by pieces.
fn large() -> Region {
    (1..BEDS).fold(hospital(), |region, n| {
        region.bed(Bed::new(&format!("bed-{n}"), "isala"))
    })
}

fn input(desk: &TestDesk, channel: Channel, region: &Region, complete: Completeness) -> Input {
    delivered(channel, region, desk.moment().now, complete)
}

/// The desk at the moment when the large delivery has begun to come in.
fn begun() -> (tempfile::TempDir, Arc<FixedClock>, TestDesk) {
    let (dir, clock, mut desk) = followed();
    let everything = input(&desk, Channel::Bulk, &large(), Completeness::all());
    desk.take(everything);
    desk.go_on();
    assert!(desk.is_taking_in(), "it is large enough to be taken in by pieces");
    (dir, clock, desk)
}

fn finish(desk: &mut TestDesk) -> BTreeSet<View> {
    let mut changed = BTreeSet::new();
    while desk.is_taking_in() {
        for effect in desk.go_on() {
            if let Effect::Changed(views) = effect {
                changed.extend(views);
            }
        }
    }
    changed
}

fn beds(desk: &TestDesk) -> usize {
    let moment = desk.moment();
    moment.region.places().filter(|p| p.kind == PlaceKind::Bed).count()
}

fn label(desk: &mut TestDesk) {
    let request = LabelRequest {
        beds: vec!["bed-0".to_owned()],
        kind: COVID.to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "cohort".to_owned(),
        until: Until::Open,
    };
    desk.label_beds(&request).unwrap();
}

fn shown(desk: &TestDesk) -> String {
    let beds = desk.beds_report("isala").unwrap().beds;
    let bed = beds.iter().find(|b| b.id == "bed-0").unwrap();
    bed.labels[COVID].element.clone()
}

#[test]
fn a_stop_that_comes_while_a_country_is_taken_in_is_told_at_once() {
    let (_dir, clock, mut desk) = begun();
    clock.advance(SignedDuration::from_secs(1));
    let stop = Region::new().stop(Stop::new("stop", "seh", "seh", clock.now()));
    let stop = input(&desk, Channel::Urgent, &stop, Completeness::default());
    let effects = desk.take(stop);
    assert!(desk.is_taking_in(), "the rest of the country is still to come");
    assert!(effects.iter().any(|e| matches!(e, Effect::Notify(_))), "{effects:?}");
    finish(&mut desk);
    assert_eq!(desk.moment().region.stops.len(), 1, "and it stands when all is in");
    assert_eq!(desk.alarm_list().len(), 1);
}

#[test]
fn a_stop_that_is_told_while_everything_is_being_asked_for_is_not_gone_because_the_answer_is_older() {
    let (_dir, clock, mut desk) = followed();
    let everything = input(&desk, Channel::Bulk, &hospital(), Completeness::all());
    clock.advance(SignedDuration::from_mins(2));
    let stop = Region::new().stop(Stop::new("stop", "seh", "seh", clock.now()));
    let stop = input(&desk, Channel::Urgent, &stop, Completeness::default());
    desk.take(stop);
    desk.take(everything);
    assert_eq!(desk.moment().region.stops.len(), 1);
    clock.advance(SignedDuration::from_mins(5));
    desk.tick().unwrap();
    let everything = input(&desk, Channel::Bulk, &hospital(), Completeness::all());
    desk.take(everything);
    assert_eq!(
        desk.moment().region.stops.len(),
        0,
        "what is asked for later and not named is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_is_announced_here_is_sent_while_a_country_is_taken_in() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source("https://region.example/fhir").await;
    let tell = |region: &Region| {
        let all = delivered(Channel::Bulk, region, clock.now(), Completeness::all());
        desk.handle.tell(all);
    };
    tell(&hospital());
    desk.settled().await;
    desk.announce_stop(&seh_stop()).await.unwrap();
    tell(&large());
    assert!(desk.handle.take_due("").await.unwrap().is_some());
    let known = desk.moment().region.beds(&"isala".into()).len();
    assert_eq!(known, 1, "it did not wait for all of the country");
}

#[test]
fn nobody_sees_half_of_a_large_delivery() {
    let (_dir, _clock, mut desk) = begun();
    while desk.is_taking_in() {
        assert_eq!(beds(&desk), 1, "what was known before is shown until all is in");
        desk.go_on();
    }
    assert_eq!(beds(&desk), BEDS);
}

#[test]
fn between_two_pieces_no_view_is_drawn_again() {
    let (_dir, _clock, mut desk) = begun();
    let effects = desk.go_on();
    assert!(desk.is_taking_in());
    assert_eq!(effects, []);
    assert!(finish(&mut desk).contains(&View::Beds));
}

#[test]
fn a_label_given_while_a_large_delivery_comes_in_is_there_afterwards() {
    let (_dir, _clock, mut desk) = begun();
    label(&mut desk);
    assert_eq!(shown(&desk), "kliniek-covid");
    finish(&mut desk);
    assert_eq!(shown(&desk), "kliniek-covid");
}

#[test]
fn a_large_delivery_that_says_nothing_new_takes_nothing_back() {
    let (_dir, clock, mut desk) = begun();
    finish(&mut desk);
    clock.advance(SignedDuration::from_mins(5));
    desk.tick().unwrap();
    let again = input(&desk, Channel::Bulk, &large(), Completeness::default());
    desk.take(again);
    desk.go_on();
    label(&mut desk);
    let stop = Region::new().stop(Stop::new("stop", "seh", "seh", clock.now()));
    let stop = input(&desk, Channel::Urgent, &stop, Completeness::default());
    desk.take(stop);
    finish(&mut desk);
    assert_eq!(shown(&desk), "kliniek-covid");
    assert_eq!(desk.moment().region.stops.len(), 1);
}

#[test]
fn a_source_that_is_followed_no_longer_while_it_delivers_leaves_nothing_behind() {
    let (_dir, _clock, mut desk) = begun();
    desk.remove_source("").unwrap();
    finish(&mut desk);
    assert_eq!(desk.moment().region.places().count(), 0);
}

#[test]
fn a_large_delivery_lies_on_disk_whole() {
    let (dir, clock, mut desk) = begun();
    finish(&mut desk);
    desk.wait_until_stored().unwrap();
    drop(desk);
    assert_eq!(beds(&open_desk(dir.path(), &clock)), BEDS);
}

#[test]
fn a_sign_of_life_alone_draws_no_worklist_again() {
    let (_dir, clock, mut desk) = followed();
    let mut alive = || {
        clock.advance(SignedDuration::from_mins(5));
        desk.tick().unwrap();
        let region = Region::new().heartbeat("isala", clock.now());
        let alive = input(&desk, Channel::Bulk, &region, Completeness::default());
        desk.take_effects();
        desk.take(alive)
    };
    alive();
    let effects = alive();
    let changed = effects.into_iter().find_map(|e| match e {
        Effect::Changed(views) => Some(views),
        _ => None,
    });
    let changed = changed.unwrap();
    assert!(changed.contains(&View::Region), "its age is another: {changed:?}");
    assert!(!changed.contains(&View::Worklist), "{changed:?}");
}
