//! Every way in which a network fails, through a real socket: the desk says which, keeps what it knew, and goes on.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    labels::{LabelRequest, Until},
    sources::Link,
};
use beddenwacht_tests::{desk_of, now};
use sim::{Practice, Setup};
use std::{
    net::SocketAddr,
    process::{Command, Stdio},
    sync::Arc,
    time::Duration,
};
use support::Region;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that answers every question with the same bytes, and then holds its tongue or hangs up.
async fn answering(bytes: &'static str, hang_up: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut question = vec![0; 64 << 10];
                let _ = socket.read(&mut question).await;
                let _ = socket.write_all(bytes.as_bytes()).await;
                if !hang_up {
                    tokio::time::sleep(Duration::from_secs(90)).await;
                }
            });
        }
    });
    address
}

/// What the desk says of a server, after a round in which it knew a region from before.
async fn round_with(address: &str) -> (String, usize) {
    let dir = TempDir::new().unwrap();
    // Known from before, when this was already the source.
    {
        let clock = Arc::new(app::SystemClock);
        let mut desk = support::open_desk_of("wan-hoofd", "balie", dir.path(), clock);
        desk.set_source(address).unwrap();
        support::deliver(&mut desk, &Region::new().site("zh", "Noord"));
    }
    let desk = desk_of("wan-hoofd", dir.path());
    let mut follower = desk.follow(address);
    follower.round().await;
    let moment = desk.moment();
    let locations = moment.region_report().locations.len();
    match moment.link_of("") {
        Link::Offline { error, .. } => (error.code().as_str().to_owned(), locations),
        other => (format!("{other:?}"), locations),
    }
}

async fn with(bytes: &'static str) -> (String, usize) {
    let address = answering(bytes, true).await;
    round_with(&format!("http://{address}/fhir")).await
}

/// The code of the fault, and the one location that was known is still there.
fn said(code: &str) -> (String, usize) {
    (code.to_owned(), 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_a_server_whose_name_is_gone_is_not_reachable_and_what_was_known_stays() {
    assert_eq!(
        round_with("https://bestaat-niet.invalid/fhir").await,
        said("unreachable")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_half_an_answer_is_no_answer() {
    let half =
        "HTTP/1.1 200 OK\r\ncontent-type: application/fhir+json\r\ncontent-length: 5000\r\n\r\n{\"resourceType\":\"Cap";
    assert_eq!(with(half).await, said("unreachable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_an_answer_that_does_not_come_is_given_up() {
    let address = answering("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{", false).await;
    assert_eq!(round_with(&format!("http://{address}/fhir")).await, said("unreachable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_who_is_not_let_in_is_told_so() {
    for (answer, code) in [
        (
            "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n",
            "sign-in-needed",
        ),
        ("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "denied"),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "failing"),
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "refused"),
    ] {
        assert_eq!(with(answer).await, said(code), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_a_busy_server_is_left_alone_for_as_long_as_it_asks() {
    let address = answering(
        "HTTP/1.1 429 Too Many\r\nretry-after: 40\r\ncontent-length: 0\r\n\r\n",
        true,
    )
    .await;
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    let url = format!("http://{address}/fhir");
    desk.set_source(&url).await;
    let mut follower = desk.follow(&url);
    follower.round().await;
    assert!(matches!(&desk.moment().link_of(""), Link::Offline { error, .. } if error.code().as_str() == "busy"));
    let wait = follower.asked_to_wait_s().unwrap();
    assert!((30..=40).contains(&wait), "{wait} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_s_01_a_redirect_to_another_host_is_not_followed() {
    let away = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.2:9/fhir/metadata\r\ncontent-length: 0\r\n\r\n";
    assert_eq!(with(away).await, said("refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_the_sign_in_page_of_a_guest_network_is_not_taken_for_the_region() {
    let portal = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 40\r\n\r\n<!doctype html><html>Sign in</html>     ";
    assert_eq!(with(portal).await, said("not-fhir"));
}

#[tokio::test(flavor = "multi_thread")]
async fn s_01_a_server_with_a_certificate_of_its_own_making_is_not_trusted() {
    let dir = TempDir::new().unwrap();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=127.0.0.1",
        ])
        .args([
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
        ])
        .current_dir(dir.path())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(made.success());
    let port = beddenwacht_tests::free_port();
    let server = Command::new("openssl")
        .args([
            "s_server",
            "-quiet",
            "-www",
            "-key",
            "key.pem",
            "-cert",
            "cert.pem",
            "-accept",
            &port.to_string(),
        ])
        .current_dir(dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _running = beddenwacht_tests::Running(server);
    beddenwacht_tests::until("the server listens", 10, async || {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
    })
    .await;
    assert_eq!(
        round_with(&format!("https://127.0.0.1:{port}/fhir")).await,
        said("certificate")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn r_12_two_hundred_labels_of_an_outage_all_arrive_once_and_in_order() {
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let dir = TempDir::new().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    let url = region.url();
    desk.set_source(&url).await;
    let mut follower = desk.follow(&url);
    follower.round().await;
    region.plug(false);
    follower.round().await;
    let beds = desk.beds_report("deventer").unwrap().beds;
    let elements = ["kliniek-covid", "ic-covid"];
    for (bed, element) in beds.iter().take(100).flat_map(|b| elements.map(|e| (b.id.clone(), e))) {
        let request = LabelRequest {
            beds: vec![bed],
            kind: "covidcapaciteit".to_owned(),
            element: element.to_owned(),
            reason: "storing".to_owned(),
            until: Until::Day,
        };
        desk.label_beds(&request).await.unwrap();
    }
    follower.round().await;
    assert_eq!(desk.frame().waiting, 200, "nothing was sent, and nothing is lost");
    region.plug(true);
    follower.round().await;
    follower.round().await;
    let outbox = desk.outbox_report();
    assert!(
        outbox.iter().all(|r| r.state == "sent"),
        "{:?}",
        outbox.iter().find(|r| r.state != "sent")
    );
    let server = feed::fhir::client::Server::new(&url).unwrap();
    let answer = server
        .get(server.url("Basic/_history?_count=1000").unwrap())
        .await
        .unwrap();
    let history: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    let versions = history["entry"].as_array().unwrap();
    assert_eq!(versions.len(), 200, "each once");
    for version in versions {
        let number = version["resource"]["meta"]["versionId"].as_str().unwrap();
        let element = version["resource"]["extension"][0]["extension"][1]["valueCoding"]["code"]
            .as_str()
            .unwrap();
        assert_eq!(
            element,
            elements[if number == "1" { 0 } else { 1 }],
            "in the order in which they were given"
        );
    }
}
