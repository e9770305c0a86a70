//! Parts that fail: each is told and costs itself alone; and a source that is followed no longer leaves nothing behind.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock, Engine, Handle, Identity, Paths,
    effect::{Effect, EffectSink},
    engine::{self, Input, Setup},
    health::HealthReport,
    records::Records,
    sources::{Channel, Follower, PollSchedule},
};
use beddenwacht_tests::{desk_of, front::Front, now, until};
use feed::fhir::sync::Completeness;
use jiff::Timestamp;
use sim::{Practice, Setup as PracticeSetup};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use support::{Region, Stop, running::Written};
use tempfile::TempDir;

/// The machine's clock, until it is broken.
#[derive(Default)]
struct BreakingClock(AtomicBool);

impl Clock for BreakingClock {
    fn now(&self) -> Timestamp {
        assert!(!self.0.load(Ordering::Relaxed), "the clock is broken");
        now()
    }
}

/// Writes effects down, and panics at every notification.
struct Panicking(Written);

impl EffectSink for Panicking {
    fn perform(&self, effect: Effect) {
        assert!(!matches!(effect, Effect::Notify(_)), "the notification failed");
        self.0.perform(effect);
    }
}

fn start(dir: &Path, clock: Arc<dyn Clock>, sink: Arc<dyn EffectSink>) -> Handle {
    let paths = Paths { dir: dir.to_owned() };
    let identity = Identity::of("wan-hoofd", "balie");
    let engine = Engine::open(&paths, clock, identity).unwrap();
    engine::start(engine, Records::new(&paths, dir.join("export")), sink)
}

fn brought(region: &Region, complete: Completeness) -> Input {
    support::delivered(Channel::Bulk, region, now(), complete)
}

fn hospital() -> Region {
    Region::new().site("isala", "Isala Zwolle").seh("seh", "isala")
}

async fn follow_only(handle: &Handle) {
    let address = "https://region.example/fhir".to_owned();
    handle.set_up(Setup::FollowOnly { address }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn r_15_a_notification_that_fails_altogether_is_told_and_the_sound_is_made_all_the_same() {
    let (dir, written) = (TempDir::new().unwrap(), Written::default());
    let clock = Arc::new(BreakingClock::default());
    let handle = start(dir.path(), clock, Arc::new(Panicking(written.clone())));
    follow_only(&handle).await;
    let stop = hospital().stop(Stop::new("stop", "seh", "seh", now()));
    handle.tell(brought(&stop, Completeness::all()));
    handle.reached().await.unwrap();
    let done = written.take();
    assert!(done.iter().any(|e| matches!(e, Effect::Sound(_))), "{done:?}");
    until("somebody is told", 5, async || {
        let notes = app::frame::view(&handle.moment()).notes;
        notes.iter().any(|note| note.contains("Een onderdeel viel uit"))
    })
    .await;
    handle.tell(Input::Health(HealthReport::Sound(Some("no device".to_owned()))));
    handle.reached().await.unwrap();
    assert!(handle.moment().health.sound.is_some(), "the engine does not go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_15_an_engine_that_fails_at_everything_is_told_to_the_window_and_goes_on_when_it_can_again() {
    let (dir, written) = (TempDir::new().unwrap(), Written::default());
    let clock = Arc::new(BreakingClock::default());
    let handle = start(dir.path(), clock.clone(), Arc::new(written.clone()));
    handle.reached().await.unwrap();
    clock.0.store(true, Ordering::Relaxed);
    until("the window is told", 5, async || {
        written.take().contains(&Effect::EngineStuck(true))
    })
    .await;
    clock.0.store(false, Ordering::Relaxed);
    until("the window is told that it goes on", 5, async || {
        written.take().contains(&Effect::EngineStuck(false))
    })
    .await;
    handle.tell(Input::Health(HealthReport::Sound(Some("no device".to_owned()))));
    handle.reached().await.unwrap();
    assert!(handle.moment().health.sound.is_some(), "the engine does not go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_unfollowed_while_its_deliveries_are_under_way_leaves_nothing_behind() {
    let dir = TempDir::new().unwrap();
    {
        let desk = desk_of("wan-hoofd", dir.path());
        follow_only(&desk.handle).await;
        let deliver = |n: u32| {
            let ward = hospital().department(&format!("ward-{n}"), "isala");
            desk.handle.tell(brought(&ward, Completeness::default()));
        };
        (0..50).for_each(deliver);
        // It overtakes what waits, as every wish of a person does.
        let unfollow = Setup::Unfollow { key: String::new() };
        desk.handle.set_up(unfollow).await.unwrap();
        (50..60).for_each(deliver);
        let moment = desk.settled().await;
        assert_eq!(moment.region.places().count(), 0, "it is still on the screen");
    }
    until("the desk is closed", 10, async || nothing_but_the_file(dir.path())).await;
    let cache = rusqlite::Connection::open(dir.path().join("cache.sqlite")).unwrap();
    for table in ["thing", "fact", "delivered", "body"] {
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = cache.query_row(&count, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table} still has something of it");
    }
}

/// Whether everybody has closed the cache: the last one takes its write-ahead log away.
fn nothing_but_the_file(dir: &Path) -> bool {
    !dir.join("cache.sqlite-wal").exists()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_unfollowed_is_asked_nothing_any_more() {
    let region = Practice::start(PracticeSetup::default(), now).await.unwrap();
    let front = Front::before_url(&region.url()).await;
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&front.url()).await;
    let schedule = PollSchedule {
        all: Duration::from_millis(200),
        urgent: Duration::from_millis(200),
    };
    let server = app::sources::Server::new(&front.url()).unwrap();
    let following = Follower::of(desk.handle.clone(), "", server).start(schedule);
    until("the region is known", 20, async || {
        desk.moment().region.sites().count() == 8
    })
    .await;
    let unfollow = Setup::Unfollow { key: String::new() };
    desk.handle.set_up(unfollow).await.unwrap();
    drop(following);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let asked = front.asked().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(front.asked().len(), asked, "its tasks go on");
    assert_eq!(desk.settled().await.region.places().count(), 0);
}
