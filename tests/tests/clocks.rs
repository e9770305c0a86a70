//! A region's server whose clock is off, through a real socket: it dates its answers, its resources and its stops by it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{alarms::NotificationChange, effect::Effect};
use beddenwacht_tests::{desk_of, now, stops::publish_stop_at, until};
use domain::alarms::{AlarmKind, AlarmState};
use jiff::{SignedDuration, Timestamp};
use sim::{Practice, Scenario, Setup, SubscriptionSupport};
use support::{RunningDesk, Steps};
use tempfile::TempDir;

fn ten_minutes_ahead() -> Timestamp {
    now() + SignedDuration::from_mins(10)
}

fn ten_minutes_behind() -> Timestamp {
    now() - SignedDuration::from_mins(10)
}

/// A region with this clock, and a desk that heard all of it.
async fn followed(clock: fn() -> Timestamp, dir: &TempDir) -> (Practice, RunningDesk, Steps) {
    let setup = Setup {
        subscriptions: SubscriptionSupport::Nothing,
        scenario: Scenario::Tour,
        speed: 0.1,
        ..Setup::default()
    };
    let region = Practice::start(setup, clock).await.unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&region.url()).await;
    let mut steps = desk.follow(&region.url());
    assert!(steps.round().await);
    steps.look_for_stops().await;
    desk.settled().await;
    desk.effects.take();
    (region, desk, steps)
}

/// Waits for the notification of a stop.
async fn notified(desk: &RunningDesk) {
    until("the stop's notification", 20, async || {
        let stop = |effect: &Effect| {
            matches!(effect, Effect::Notify(NotificationChange::Show { summary, .. }) if summary.contains("SEH-stop"))
        };
        desk.effects.take().iter().any(stop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_13_a_stop_of_a_region_whose_clock_is_ahead_calls_at_once_and_its_hospitals_are_current() {
    let dir = TempDir::new().unwrap();
    let (region, desk, mut steps) = followed(ten_minutes_ahead, &dir).await;
    publish_stop_at(&region.url(), "stop", "deventer", true, ten_minutes_ahead()).await;
    steps.look_for_stops().await;
    notified(&desk).await;
    let moment = desk.moment();
    let ages = moment
        .region
        .sites()
        .map(|site| moment.region.age_s(&site.id, moment.now));
    let ages: Vec<Option<i64>> = ages.collect();
    assert!(
        ages.iter().all(|age| age.is_some_and(|s| (-5..300).contains(&s))),
        "what was delivered just now looks old, or not dated: {ages:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_13_a_stop_that_began_and_ended_unseen_in_a_region_whose_clock_is_behind_is_told() {
    let dir = TempDir::new().unwrap();
    let (region, desk, mut steps) = followed(ten_minutes_behind, &dir).await;
    publish_stop_at(&region.url(), "stop", "deventer", false, ten_minutes_behind()).await;
    steps.look_for_stops().await;
    notified(&desk).await;
    let moment = desk.moment();
    let stops = moment.alarms.values().filter(|a| a.kind == AlarmKind::SehStop);
    let states: Vec<AlarmState> = stops.map(domain::alarms::Alarm::state).collect();
    assert_eq!(states, [AlarmState::ReturnedUnacknowledged]);
}
