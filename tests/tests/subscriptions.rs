//! Word of a stop: over a websocket where the server tells, else by asking for stops alone, cheaply.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::sources::{Follower, Following, PollSchedule};
use beddenwacht_tests::{desk_of, now, stops::publish_stop, until};
use sim::{Practice, Scenario, Setup, SubscriptionSupport};
use std::time::Duration;
use support::RunningDesk;
use tempfile::TempDir;

struct Followed {
    region: Practice,
    desk: RunningDesk,
    _following: Following,
    _dir: TempDir,
}

/// A desk that follows a region; stops alone are asked for once in `urgent`.
async fn follow(subscriptions: SubscriptionSupport, urgent: Duration) -> Followed {
    let setup = Setup {
        subscriptions,
        scenario: Scenario::Tour,
        speed: 0.1,
        ..Setup::default()
    };
    let region = Practice::start(setup, now).await.unwrap();
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&region.url()).await;
    let server = app::sources::Server::new(&region.url()).unwrap();
    let schedule = PollSchedule {
        all: Duration::from_secs(600),
        urgent,
    };
    let following = Follower::of(desk.handle.clone(), "", server).start(schedule);
    until("the region is known", 20, async || {
        desk.moment().region.sites().count() == 8
    })
    .await;
    Followed {
        region,
        desk,
        _following: following,
        _dir: dir,
    }
}

impl Followed {
    async fn knows(&self, stop: &str) {
        until(&format!("{stop} is known"), 20, async || {
            self.desk.moment().region.stops.contains_key(stop)
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_tells_over_a_websocket_is_believed_at_once_in_both_ways_of_r4() {
    for subscriptions in [SubscriptionSupport::Classic, SubscriptionSupport::Backport] {
        // Nobody asks within ten minutes: what arrives was told.
        let at = follow(subscriptions, Duration::from_secs(600)).await;
        until("the desk listens", 20, async || at.region.listeners() > 0).await;
        for n in 0..3 {
            let id = format!("told-{n}");
            publish_stop(&at.region.url(), &id, "deventer").await;
            at.knows(&id).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_costs_nothing_but_speed() {
    let at = follow(SubscriptionSupport::Classic, Duration::from_secs(1)).await;
    at.region.plug(false);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    at.region.plug(true);
    publish_stop(&at.region.url(), "asked", "deventer").await;
    at.knows("asked").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_tells_stops_alone_are_asked_for_and_nothing_new_costs_the_server_nothing() {
    let at = follow(SubscriptionSupport::Nothing, Duration::from_millis(300)).await;
    until("the server said that nothing changed", 20, async || {
        at.region.unchanged_answers() >= 3
    })
    .await;
    publish_stop(&at.region.url(), "asked", "deventer").await;
    at.knows("asked").await;
    let before = at.region.unchanged_answers();
    until("and says so again", 20, async || {
        at.region.unchanged_answers() >= before + 3
    })
    .await;
}
