//! A stop waits for nothing: not for a page that trickles, not for two hundred labels, not for a long query, and for the
//! name of its hospital no longer than ten seconds. All of it through real sockets and real files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    alarms::NotificationChange,
    effect::Effect,
    labels::{LabelRequest, Until},
    sources::{Follower, Following, Link, PollSchedule},
};
use beddenwacht_tests::{
    desk_of,
    front::{Front, Pass},
    now,
    stops::publish_stop,
    until,
};
use domain::{
    alarms::{AlarmKind, AlarmState},
    place::PlaceKind,
};
use sim::{Practice, Scenario, Setup, SubscriptionSupport};
use std::{sync::Arc, time::Duration};
use support::{NoMachine, RunningDesk};
use tempfile::TempDir;

/// A region that stays as it is, and what stands before it.
async fn region() -> (Practice, Front) {
    let setup = Setup {
        subscriptions: SubscriptionSupport::Nothing,
        scenario: Scenario::Tour,
        speed: 0.1,
        ..Setup::default()
    };
    let region = Practice::start(setup, now).await.unwrap();
    let front = Front::before_url(&region.url()).await;
    (region, front)
}

/// A desk that asks for stops three times a second, and for everything when it is told to.
async fn follow(front: &Front) -> (TempDir, RunningDesk, Following) {
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&front.url()).await;
    let server = app::sources::Server::new(&front.url()).unwrap();
    let schedule = PollSchedule {
        all: Duration::from_secs(600),
        urgent: Duration::from_millis(300),
    };
    let following = Follower::of(desk.handle.clone(), "", server).start(schedule);
    (dir, desk, following)
}

/// Waits until the region was delivered whole.
async fn delivered(desk: &RunningDesk) {
    until("the region is known", 30, async || {
        matches!(desk.moment().link_of(""), Link::Live) && desk.moment().region.sites().count() == 8
    })
    .await;
}

/// Waits for the notification of a stop; what it says.
async fn notification(desk: &RunningDesk) -> String {
    let mut said = None;
    until("the stop's notification", 30, async || {
        said = desk.effects.take().into_iter().find_map(|effect| match effect {
            Effect::Notify(NotificationChange::Show { summary, .. }) => Some(summary),
            _ => None,
        });
        said.is_some()
    })
    .await;
    said.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_calls_while_a_page_trickles_and_two_hundred_labels_are_being_sent() {
    let (region, front) = region().await;
    let (_dir, desk, following) = follow(&front).await;
    delivered(&desk).await;
    let beds: Vec<String> = {
        let moment = desk.moment();
        let beds = moment.region.places().filter(|p| p.kind == PlaceKind::Bed);
        beds.take(200).map(|p| p.id.0.clone()).collect()
    };
    front.rule(|question| match question.resource() {
        "Location" => Pass::Trickle,
        _ if question.writes() => Pass::After(Duration::from_secs(1)),
        _ => Pass::On,
    });
    let request = LabelRequest {
        beds,
        kind: "covidcapaciteit".to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "storing".to_owned(),
        until: Until::Day,
    };
    desk.label_beds(&request).await.unwrap();
    desk.effects.take();
    following.ask();
    following.send();
    let sending = || front.asked().iter().any(|q| q.writes());
    until("a page trickles and a label is on its way", 20, async || {
        front.trickling() > 0 && sending()
    })
    .await;
    publish_stop(&region.url(), "stop", "deventer").await;
    assert!(notification(&desk).await.contains("SEH-stop"));
    assert!(front.trickling() > 0, "the page had come to its end before the stop");
    let waiting = desk
        .outbox()
        .iter()
        .filter(|r| r.state == store::OutboxState::Waiting)
        .count();
    assert!(waiting > 100, "only {waiting} labels had still to be sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_calls_while_a_long_query_runs() {
    let (region, front) = region().await;
    let (dir, desk, _following) = follow(&front).await;
    delivered(&desk).await;
    desk.effects.take();
    // Whoever writes to a pipe waits for its reader, and nobody reads this one.
    let folder = dir.path().join("export");
    std::fs::create_dir_all(&folder).unwrap();
    let day = desk.moment().now.to_zoned(desk.moment().zone.clone()).date();
    let pipe = Pipe(folder.join(format!("meldingen-{day}.csv")));
    let made = std::process::Command::new("mkfifo").arg(&pipe.0).status().unwrap();
    assert!(made.success());
    let handle = desk.handle.clone();
    let query = tokio::spawn(async move {
        app::commands::answer(&handle, &NoMachine, "export_alarms", serde_json::Value::Null).await
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    publish_stop(&region.url(), "stop", "deventer").await;
    assert!(notification(&desk).await.contains("SEH-stop"));
    let region_view = app::commands::answer(&desk.handle, &NoMachine, "region", serde_json::Value::Null).await;
    assert!(region_view.is_ok(), "a view is drawn meanwhile");
    assert!(!query.is_finished(), "the query had come to its end before the stop");
}

/// A pipe that is read at last, so that whoever writes to it can end.
struct Pipe(std::path::PathBuf);

impl Drop for Pipe {
    fn drop(&mut self) {
        drop(std::fs::File::open(&self.0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_very_first_start_a_stop_is_told_with_the_name_of_its_hospital() {
    let (region, front) = region().await;
    publish_stop(&region.url(), "stop", "deventer").await;
    front.rule(|question| match question.resource() {
        "Location" => Pass::After(Duration::from_secs(2)),
        _ => Pass::On,
    });
    let (_dir, desk, _following) = follow(&front).await;
    assert_eq!(notification(&desk).await, "SEH-stop Deventer Ziekenhuis");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_very_first_start_a_stop_calls_though_its_hospital_does_not_come() {
    let (region, front) = region().await;
    publish_stop(&region.url(), "stop", "deventer").await;
    front.rule(|question| match question.resource() {
        "Location" => Pass::Trickle,
        _ => Pass::On,
    });
    let (_dir, desk, _following) = follow(&front).await;
    notification(&desk).await;
    assert_eq!(desk.moment().region.sites().count(), 0, "the hospitals had come");
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_17_a_source_that_answers_about_stops_alone_is_not_live_and_calls_after_a_cycle() {
    let (_region, front) = region().await;
    let (dir, clock) = (TempDir::new().unwrap(), Arc::new(app::clock::FixedClock::new(now())));
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source(&front.url()).await;
    let mut follower = desk.follow(&front.url());
    assert!(follower.round().await);
    let complete = desk.moment().source("").unwrap().complete_at();
    front.rule(|question| match question.resource() {
        "Flag" | "metadata" => Pass::On,
        _ => Pass::Refuse(503),
    });
    for _ in 0..3 {
        clock.advance(jiff::SignedDuration::from_mins(5));
        follower.round().await;
        follower.look_for_stops().await;
    }
    let moment = desk.moment();
    let source = moment.source("").unwrap();
    assert!(matches!(source.link(), Link::Offline { .. }), "{:?}", source.link());
    assert_eq!(
        source.complete_at(),
        complete,
        "a whole picture is claimed that never came"
    );
    assert!(source.heard_at() > complete, "the stops were answered");
    let lost = moment
        .alarms
        .values()
        .any(|a| a.kind == AlarmKind::FeedLost && a.active);
    assert!(lost, "nobody is told that the beds are no longer delivered");
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_03_a_stop_that_began_and_ended_between_two_questions_of_the_desk_is_told() {
    let (region, front) = region().await;
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&front.url()).await;
    let mut follower = desk.follow(&front.url());
    assert!(follower.round().await);
    follower.look_for_stops().await;
    desk.effects.take();
    publish_stop(&region.url(), "stop", "deventer").await;
    beddenwacht_tests::stops::lift_stop(&region.url(), "stop", "deventer").await;
    follower.look_for_stops().await;
    assert!(notification(&desk).await.contains("SEH-stop"));
    let states: Vec<AlarmState> = desk.moment().alarms.values().map(|a| a.state()).collect();
    assert_eq!(states, [AlarmState::ReturnedUnacknowledged]);
}
