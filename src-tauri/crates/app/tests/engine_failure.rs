//! After the engine failed over something that it took in: nothing of it is taken for known, and no act of a person is
//! lost from the screen.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{AppError, Clock, Engine, alarms::AlarmId, clock::FixedClock, effect::Effect, engine::Act, sources::Channel};
use domain::alarms::AlarmState;
use feed::fhir::sync::Completeness;
use jiff::{SignedDuration, Timestamp};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};
use support::{Region, RunningDesk, Stop, deliver_from, delivered, night_clock, open_desk};

/// A clock that fails once when it is told to, and with it the engine over what it is taking in.
struct FailingClock {
    fails: Arc<AtomicBool>,
    failed: AtomicUsize,
    clock: Arc<FixedClock>,
}

impl Clock for FailingClock {
    fn now(&self) -> Timestamp {
        if self.fails.swap(false, Ordering::SeqCst) {
            self.failed.fetch_add(1, Ordering::SeqCst);
            std::panic::resume_unwind(Box::new("the clock failed"));
        }
        self.clock.now()
    }
}

fn failing_clock() -> Arc<FailingClock> {
    Arc::new(FailingClock {
        fails: Arc::default(),
        failed: AtomicUsize::new(0),
        clock: night_clock(),
    })
}

/// A server that has one answer to every question about stops, under one ETag. With the first of them `fails` is set.
fn server(stops: String, fails: Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/fhir", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut first = true;
        for socket in listener.incoming() {
            let (mut socket, mut part) = (socket.unwrap(), vec![0; 64 << 10]);
            let length = socket.read(&mut part).unwrap_or(0);
            let head = String::from_utf8_lossy(&part[..length]).to_ascii_lowercase();
            let (status, answer) = if head.contains("/metadata") {
                let statement = r#"{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Flag"}]}]}"#;
                (200, statement)
            } else if head.contains("if-none-match: w/\"1\"") {
                (304, "")
            } else {
                if std::mem::take(&mut first) {
                    fails.store(true, Ordering::SeqCst);
                }
                (200, stops.as_str())
            };
            let length = answer.len();
            let text = format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/fhir+json\r\netag: W/\"1\"\r\n\
                 content-length: {length}\r\nconnection: close\r\n\r\n{answer}"
            );
            let _ = socket.write_all(text.as_bytes());
        }
    });
    url
}

fn hospital() -> Region {
    Region::new().site("isala", "Isala Zwolle").seh("seh", "isala")
}

#[test]
fn r_01_a_stop_told_while_the_ledger_was_locked_is_on_the_list_after_a_kill() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    deliver_from(&mut desk, "", &[], &hospital());
    desk.wait_until_stored().unwrap();
    clock.advance(SignedDuration::from_secs(4));
    let began = clock.now();
    clock.advance(SignedDuration::from_secs(6));
    let over = hospital().stop(Stop::new("stop", "seh", "seh", began).holds(false));
    let other = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    desk.take(delivered(Channel::Bulk, &over, clock.now(), Completeness::all()));
    desk.write_behind();
    assert_eq!(desk.alarm_list().len(), 1, "it was not told");
    // The end of the process: of the ledger nothing more is written.
    drop(desk);
    drop(other);
    let mut desk = open_desk(dir.path(), &clock);
    clock.advance(SignedDuration::from_secs(10));
    desk.take(delivered(Channel::Bulk, &over, clock.now(), Completeness::all()));
    let states: Vec<AlarmState> = desk.alarm_list().iter().map(|a| a.state()).collect();
    assert_eq!(states, [AlarmState::ReturnedUnacknowledged]);
}

#[tokio::test(flavor = "multi_thread")]
async fn r_15_a_stop_whose_delivery_failed_in_the_engine_is_asked_for_at_once() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), failing_clock());
    let stop = hospital().stop(Stop::new("stop", "seh", "seh", clock.clock.now()));
    let bundle = serde_json::json!({
        "resourceType": "Bundle", "type": "searchset", "entry": [{ "resource": stop.resources().last().unwrap() }]
    });
    let url = server(bundle.to_string(), clock.fails.clone());
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source(&url).await;
    desk.handle.tell(delivered(
        Channel::Bulk,
        &hospital(),
        clock.clock.now(),
        Completeness::all(),
    ));
    desk.settled().await;
    desk.effects.take();
    let mut follower = desk.follow(&url);
    follower.look_for_stops().await;
    assert_eq!(clock.failed.load(Ordering::SeqCst), 1, "the engine did not fail");
    let asked = desk.effects.take().contains(&Effect::AskSources);
    assert!(asked, "its source is not asked again");
    follower.look_for_stops().await;
    assert!(desk.moment().region.stops.contains_key("stop"), "it is taken for known");
}

/// Acknowledges, and fails when that is on disk.
struct AcknowledgeAndFail(AlarmId);

impl Act for AcknowledgeAndFail {
    fn carry_out(self: Box<Self>, engine: &mut Engine) -> Result<serde_json::Value, AppError> {
        engine.acknowledge(&self.0)?;
        std::panic::resume_unwind(Box::new("after the disk took it"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_15_what_a_person_acknowledged_stays_so_when_the_engine_fails_over_it() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source("https://region.example/fhir").await;
    let stop = hospital().stop(Stop::new("stop", "seh", "seh", clock.now()));
    desk.handle
        .tell(delivered(Channel::Bulk, &stop, clock.now(), Completeness::all()));
    let alarm = desk.settled().await.alarms.keys().next().unwrap().clone();
    let act = AcknowledgeAndFail(alarm.clone());
    assert!(desk.handle.carry_out(act).await.is_err(), "it did not fail");
    let moment = desk.settled().await;
    assert_eq!(moment.alarms[&alarm].state(), AlarmState::Acknowledged);
    assert_eq!(moment.outbox.len(), 1, "what is on its way to the server is not shown");
}
