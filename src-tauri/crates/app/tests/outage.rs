//! What people did is sent though some of it is refused: a stop goes first, and no row keeps another one back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    clock::FixedClock,
    labels::{LabelRequest, Until},
    sources::Channel,
};
use domain::alarms::AlarmKind;
use feed::fhir::sync::Completeness;
use jiff::SignedDuration;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};
use store::{OutboxKind, OutboxState};
use support::{Bed, Region, RunningDesk, Stop, TestDesk, deliver_from, delivered, night_clock, open_desk, seh_stop};
use tempfile::TempDir;

/// A server that writes down which resource types it was asked to write, and answers some of them by a status.
struct TestServer {
    url: String,
    written: Arc<Mutex<Vec<&'static str>>>,
}

impl TestServer {
    fn start(refuse: &'static str, status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/fhir", listener.local_addr().unwrap());
        let written: Arc<Mutex<Vec<&'static str>>> = Arc::default();
        let kept = written.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let (mut socket, kept) = (socket.unwrap(), kept.clone());
                let Some((head, body)) = question(&mut socket) else {
                    continue;
                };
                let kind = ["Flag", "Basic"]
                    .into_iter()
                    .find(|kind| body.contains(&format!("\"resourceType\":\"{kind}\"")));
                let (status, answer) = match kind {
                    Some(kind) if head.starts_with("POST") => {
                        kept.lock().unwrap().push(kind);
                        let status = if kind == refuse { status } else { 200 };
                        (status, r#"{"resourceType":"Bundle","type":"transaction-response"}"#)
                    }
                    _ => (200, r#"{"resourceType":"Bundle","type":"searchset"}"#),
                };
                let length = answer.len();
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/fhir+json\r\ncontent-length: {length}\r\n\
                     connection: close\r\n\r\n{answer}"
                );
                let _ = socket.write_all(text.as_bytes());
            }
        });
        Self { url, written }
    }

    fn written(&self) -> Vec<&'static str> {
        self.written.lock().unwrap().clone()
    }
}

/// Head and body of a question.
fn question(socket: &mut TcpStream) -> Option<(String, String)> {
    let (mut bytes, mut part) = (vec![], vec![0; 64 << 10]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_ascii_lowercase();
            let length = length
                .split("\r\n")
                .find_map(|line| line.strip_prefix("content-length:").map(str::trim)?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some((head.to_owned(), body.to_owned()));
            }
        }
        match socket.read(&mut part) {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&part[..n]),
        }
    }
}

/// A desk that follows the server and knows this region.
async fn desk_with(server: &TestServer, region: &Region) -> (TempDir, Arc<FixedClock>, RunningDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let desk = RunningDesk::open("wan-hoofd", "balie", dir.path(), clock.clone());
    desk.set_source(&server.url).await;
    desk.handle
        .tell(delivered(Channel::Bulk, region, clock.now(), Completeness::all()));
    desk.settled().await;
    (dir, clock, desk)
}

fn hospital() -> Region {
    Region::new().site("isala", "Isala Zwolle").seh("seh", "isala")
}

async fn announce(desk: &RunningDesk) {
    desk.announce_stop(&seh_stop()).await.unwrap();
}

/// A desk at which four stops were acknowledged, to be shared with the other desks.
async fn four_acknowledged(server: &TestServer) -> (TempDir, Arc<FixedClock>, RunningDesk) {
    let mut region = hospital();
    for n in 0..4 {
        let (site, seh) = (format!("site-{n}"), format!("seh-{n}"));
        let stop = Stop::new(&format!("stop-{n}"), &seh, "seh", night_clock().now());
        region = region
            .site(&site, &format!("Ziekenhuis {n}"))
            .seh(&seh, &site)
            .stop(stop);
    }
    let (dir, clock, desk) = desk_with(server, &region).await;
    let alarms: Vec<_> = desk.moment().alarms.keys().cloned().collect();
    for alarm in &alarms {
        desk.acknowledge(alarm).await.unwrap();
    }
    let waiting = desk
        .outbox()
        .iter()
        .filter(|r| r.kind == OutboxKind::Acknowledgement)
        .count();
    assert_eq!(waiting, 4, "{alarms:?}");
    (dir, clock, desk)
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_stop_goes_out_past_four_acknowledgements_that_the_server_denies() {
    let server = TestServer::start("Basic", 403);
    let (_dir, _clock, desk) = four_acknowledged(&server).await;
    let mut follower = desk.follow(&server.url);
    follower.send().await;
    announce(&desk).await;
    follower.send().await;
    assert!(server.written().contains(&"Flag"), "{:?}", server.written());
    for row in desk.outbox() {
        let wanted = match row.kind {
            OutboxKind::Stop => OutboxState::Sent,
            _ => OutboxState::Refused,
        };
        assert_eq!(row.state, wanted, "{row:?}");
        assert!(
            row.state == OutboxState::Sent || row.refused_status == Some(403),
            "{row:?}"
        );
    }
    let groups = desk.worklist().groups;
    let unsent = groups.iter().find(|g| g.code == "unsent").unwrap();
    assert_eq!(unsent.rows.len(), 4);
    let way_out = unsent
        .rows
        .iter()
        .all(|r| r.actions == ["retry", "withdraw"] && r.row.is_some());
    assert!(way_out, "{unsent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_row_that_the_server_fails_on_keeps_no_other_back_and_waits_itself() {
    let server = TestServer::start("Basic", 500);
    let (_dir, _clock, desk) = four_acknowledged(&server).await;
    let mut follower = desk.follow(&server.url);
    assert_eq!(follower.send().await, 4, "{:?}", server.written());
    assert!(desk.outbox().iter().all(|r| r.state == OutboxState::Waiting));
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_line_that_is_down_is_tried_once_a_round() {
    let server = TestServer::start("Basic", 429);
    let (_dir, _clock, desk) = four_acknowledged(&server).await;
    let mut follower = desk.follow(&server.url);
    assert_eq!(follower.send().await, 1, "{:?}", server.written());
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_a_stop_goes_before_two_hundred_labels() {
    let server = TestServer::start("", 200);
    let beds: Vec<String> = (0..200).map(|n| format!("bed-{n}")).collect();
    let region = beds
        .iter()
        .fold(hospital(), |region, bed| region.bed(Bed::new(bed, "isala")));
    let (_dir, _clock, desk) = desk_with(&server, &region).await;
    let request = LabelRequest {
        beds,
        kind: "covidcapaciteit".to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "storing".to_owned(),
        until: Until::Day,
    };
    desk.label_beds(&request).await.unwrap();
    announce(&desk).await;
    desk.follow(&server.url).send().await;
    assert_eq!(server.written()[0], "Flag", "the labels went first");
}

/// A desk that follows a source, and heard all of it once.
fn desk_that_knows(region: &Region) -> (TempDir, Arc<FixedClock>, TestDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    desk.set_source("https://region.example/fhir").unwrap();
    deliver_from(&mut desk, "", &[], region);
    (dir, clock, desk)
}

/// The same, as a server has it: each resource says which version it is and when that was written.
fn on_a_server(region: &Region) -> Region {
    region.resources().iter().fold(Region::new(), |all, resource| {
        let mut resource = resource.clone();
        resource["meta"]["versionId"] = "1".into();
        resource["meta"]["lastUpdated"] = support::NIGHT.into();
        all.resource(resource)
    })
}

/// Delivers first what misses something, then all of it again as it was, and opens the desk anew.
fn missed_once(
    dir: &TempDir,
    clock: &Arc<FixedClock>,
    mut desk: TestDesk,
    half: &Region,
    all: &Region,
    shown: impl Fn(&TestDesk) -> bool,
) {
    clock.advance(SignedDuration::from_mins(5));
    deliver_from(&mut desk, "", &[], half);
    assert!(!shown(&desk), "what was not named is still shown");
    clock.advance(SignedDuration::from_mins(5));
    deliver_from(&mut desk, "", &[], all);
    assert!(shown(&desk), "it was named again and is not shown");
    desk.wait_until_stored().unwrap();
    drop(desk);
    let desk = open_desk(dir.path(), clock);
    assert!(shown(&desk), "after a restart it is not shown");
}

#[test]
fn a_stop_that_one_full_load_missed_stands_again_when_the_next_one_names_it() {
    let all = on_a_server(&hospital().stop(Stop::new("stop", "seh", "seh", night_clock().now())));
    let (dir, clock, desk) = desk_that_knows(&all);
    missed_once(&dir, &clock, desk, &on_a_server(&hospital()), &all, |desk| {
        let called = desk
            .alarm_list()
            .iter()
            .any(|a| a.active && a.kind == AlarmKind::SehStop);
        called && desk.region.stops.contains_key("stop")
    });
}

#[test]
fn beds_that_one_full_load_missed_come_back() {
    let all = on_a_server(&hospital().bed(Bed::new("a", "isala")).bed(Bed::new("b", "isala")));
    let (dir, clock, desk) = desk_that_knows(&all);
    missed_once(&dir, &clock, desk, &on_a_server(&hospital()), &all, |desk| {
        desk.region.beds(&"isala".into()).len() == 2
    });
}
