//! What the engine takes first, and what it makes of answers that say only half.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock, Moment,
    effect::Effect,
    engine::{Input, PackedDelivery},
    sources::{Channel, FeedError, Link},
};
use domain::{alarms::AlarmState, place::PlaceKind};
use feed::fhir::sync::{Completeness, Delivery, RefusedType, URGENT};
use jiff::SignedDuration;
use std::sync::Arc;
use support::{
    Bed, Region, RunningDesk, Stop, TestDesk, brought, deliver_from, delivered, delivery, night_clock, open_desk,
};

const ADDRESS: &str = "https://region.example/fhir";

fn hospital() -> Region {
    Region::new().site("isala", "Isala Zwolle").seh("seh", "isala")
}

/// A desk that heard its whole region once.
fn followed() -> (tempfile::TempDir, Arc<app::clock::FixedClock>, TestDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source(ADDRESS).unwrap();
    deliver_from(&mut desk, "", &[], &hospital());
    desk.take_toasts();
    (dir, clock, desk)
}

fn beds(moment: &Moment) -> usize {
    moment.region.places().filter(|p| p.kind == PlaceKind::Bed).count()
}

#[tokio::test]
async fn a_stop_is_on_screen_before_two_hundred_deliveries_that_came_first() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source(ADDRESS).await;
    let tell = |channel, region: &Region, complete| {
        desk.handle.tell(delivered(channel, region, clock.now(), complete));
    };
    tell(Channel::Bulk, &hospital(), Completeness::all());
    desk.settled().await;
    for n in 0..200 {
        let ward = Region::new().bed(Bed::new(&format!("bed-{n}"), "isala"));
        tell(Channel::Bulk, &ward, Completeness::default());
    }
    let stop = Region::new().stop(Stop::new("stop", "seh", "seh", clock.now()));
    tell(Channel::Urgent, &stop, Completeness::default());
    let mut handle = desk.handle.clone();
    let mut moment = desk.moment();
    while moment.region.stops.is_empty() {
        moment = handle.changed().await;
    }
    assert!(beds(&moment) < 200, "the stop waited for every delivery");
    assert_eq!(beds(&*desk.settled().await), 200, "and none of them was lost");
}

#[test]
fn stops_alone_do_not_make_a_source_live_whose_beds_are_silent() {
    let (_dir, clock, mut desk) = followed();
    desk.offline("", FeedError::Failing(503));
    let answer = brought(&Region::new(), clock.now(), Completeness::default());
    desk.deliver("", Channel::Urgent, answer).unwrap();
    let source = &desk.moment().sources[0];
    assert!(matches!(source.link(), Link::Offline { .. }), "{:?}", source.link());
}

#[test]
fn ah_03_a_stop_that_began_and_ended_between_two_looks_stays_until_somebody_has_seen_it() {
    let (_dir, clock, mut desk) = followed();
    clock.advance(SignedDuration::from_secs(4));
    let began = clock.now();
    clock.advance(SignedDuration::from_secs(6));
    let over = Region::new().stop(Stop::new("stop", "seh", "seh", began).holds(false));
    let answer = brought(&over, clock.now(), Completeness::default());
    desk.deliver("", Channel::Urgent, answer).unwrap();
    let list = desk.alarm_list();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].state(), AlarmState::ReturnedUnacknowledged);
}

#[test]
fn a_stop_that_was_over_before_anybody_looked_calls_nobody() {
    let (_dir, clock, mut desk) = followed();
    let began = clock.now() - SignedDuration::from_hours(3);
    let over = Region::new().stop(Stop::new("stop", "seh", "seh", began).holds(false));
    let answer = brought(&over, clock.now(), Completeness::default());
    desk.deliver("", Channel::Urgent, answer).unwrap();
    assert!(desk.alarm_list().is_empty());
}

#[test]
fn what_is_to_be_loaded_anew_is_asked_for_and_not_asked_for_every_second() {
    let (_dir, _clock, mut desk) = followed();
    desk.load_anew("");
    let mut asked = vec![];
    for _ in 0..5 {
        desk.records();
        asked.extend(desk.take(Input::Tick));
    }
    let asked = asked.iter().filter(|e| matches!(e, Effect::AskSources)).count();
    assert!((1..=2).contains(&asked), "asked {asked} times");
}

#[test]
fn what_was_on_its_way_from_a_source_that_is_followed_no_longer_is_not_shown() {
    let (_dir, clock, mut desk) = followed();
    desk.remove_source("").unwrap();
    let late = brought(&hospital(), clock.now(), Completeness::all());
    desk.deliver("", Channel::Bulk, late).unwrap();
    assert_eq!(desk.moment().region.sites().count(), 0);
}

#[test]
fn stops_of_lately_are_not_taken_for_all_of_them() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source(ADDRESS).unwrap();
    let lately = Region::new().stop(Stop::new("stop", "seh", "seh", clock.now()));
    let delivery = Delivery {
        next_since: [(URGENT.to_owned(), clock.now())].into(),
        ..delivery(&lately, clock.now(), Completeness::default())
    };
    let answer = PackedDelivery::of(delivery, clock.now()).unwrap();
    desk.deliver("", Channel::Urgent, answer).unwrap();
    let cursors = desk.moment().sources[0].cursors().clone();
    assert!(cursors.is_empty(), "older stops would never be asked for: {cursors:?}");
}

#[test]
fn a_source_that_refuses_the_stops_is_not_live_though_its_beds_are() {
    let (_dir, clock, mut desk) = followed();
    let refused = Delivery {
        refused: vec![RefusedType {
            resource: URGENT.to_owned(),
            error: FeedError::Denied(403),
        }],
        ..Delivery::default()
    };
    let answer = PackedDelivery::of(refused, clock.now()).unwrap();
    desk.deliver("", Channel::Urgent, answer).unwrap();
    deliver_from(&mut desk, "", &[], &hospital());
    let source = &desk.moment().sources[0];
    assert!(matches!(source.link(), Link::Offline { .. }), "{:?}", source.link());
}
