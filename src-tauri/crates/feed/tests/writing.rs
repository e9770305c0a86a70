//! What a person did, on its way to servers of several manners, through a real socket.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod support;

use domain::{
    label::{LabelKind, LabelOverride},
    stop::{Stop, StopLevel},
};
use feed::{
    Profile,
    fhir::{
        client::Server,
        encode,
        write::{self, Outgoing, StopEnd, Written},
    },
};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use support::{FakeServer, Reply, bundle, outcome, stop};

fn now() -> Timestamp {
    "2026-11-22T03:00:10Z".parse().unwrap()
}

fn label(element: &str, author: &str) -> LabelOverride {
    LabelOverride {
        bed: "bron2~bed-1".into(),
        kind: LabelKind::Covidcapaciteit,
        element: element.into(),
        system: None,
        author: author.to_owned(),
        reason: "harmonica".to_owned(),
        from: "2026-11-22T03:00:00Z".parse().unwrap(),
        until: None,
        delivered: None,
        set: None,
        ended: None,
        version: None,
        server_id: None,
    }
}

fn outgoing<T>(what: &T) -> Outgoing<'_, T> {
    Outgoing {
        row: "row-1",
        source: "bron2",
        what,
    }
}

/// The resource of a label as the source has it.
fn on_server(label: &LabelOverride, version: &str) -> String {
    let profile = Profile::shipped().unwrap();
    let there = LabelOverride {
        bed: "bed-1".into(),
        ..label.clone()
    };
    let fact = domain::region::Fact::Label(there);
    let mut value = encode::fact("lo-1", &fact, &profile).unwrap();
    value["meta"] = serde_json::json!({ "versionId": version });
    value.to_string()
}

async fn send(server: &FakeServer, label: &LabelOverride) -> Written {
    let (to, profile) = (Server::new(&server.base()).unwrap(), Profile::shipped().unwrap());
    write::send_label(&to, &profile, &outgoing(label), now()).await.unwrap()
}

#[tokio::test]
async fn a_label_reaches_a_server_that_cannot_look_for_its_identifier_and_twice_is_once() {
    // As helios-hfs without its search parameters; it keeps what is put under an id.
    let kept: Arc<Mutex<Option<String>>> = Arc::default();
    let held = kept.clone();
    let server = FakeServer::start(move |asked, _| {
        let mut held = held.lock().unwrap();
        if asked.method == "POST" {
            let sent: Value = serde_json::from_str(&asked.body).unwrap();
            if asked.body.contains("ifNoneExist") {
                return Some(Reply::Says(400, outcome("search parameter 'identifier' is not known")));
            }
            let address = sent["entry"][0]["request"]["url"].as_str().unwrap().to_owned();
            let id = address.strip_prefix("Basic/").unwrap();
            assert_eq!(sent["entry"][0]["resource"]["id"], id);
            *held = Some(sent["entry"][0]["resource"].to_string());
            return Some(Reply::Says(200, bundle(&[], None)));
        }
        match (asked.target.contains("identifier="), held.clone()) {
            (true, _) => Some(Reply::Says(400, outcome("unknown search parameter"))),
            (false, Some(resource)) => Some(Reply::Says(200, resource)),
            (false, None) => Some(Reply::Says(404, outcome("not known"))),
        }
    })
    .await;
    let label = label("kliniek-covid", "wan-hoofd");
    assert_eq!(send(&server, &label).await, Written::Done);
    assert_eq!(send(&server, &label).await, Written::Done);
    let kept = kept.lock().unwrap().clone().unwrap();
    assert!(
        kept.contains("Location/bed-1") && !kept.contains("bron2~"),
        "by the source's own ids: {kept}"
    );
    let writes = server.asked().iter().filter(|a| a.starts_with("POST")).count();
    assert_eq!(
        writes, 2,
        "the refused create and the write; the second time it was recognised"
    );
}

#[tokio::test]
async fn a_label_that_a_colleague_changed_meanwhile_is_shown_to_a_person() {
    let theirs = on_server(&label("ic-covid", "collega"), "2");
    let server = FakeServer::start(move |asked, _| {
        (asked.method == "GET").then(|| Reply::Says(200, bundle(std::slice::from_ref(&theirs), None)))
    })
    .await;
    let Written::Conflict { theirs: Some(theirs) } = send(&server, &label("kliniek-covid", "wan-hoofd")).await else {
        panic!("two people disagree");
    };
    assert_eq!(
        (theirs.author.as_str(), theirs.element.as_str()),
        ("collega", "ic-covid")
    );
    assert_eq!(theirs.bed.as_str(), "bron2~bed-1", "by this desk's own ids");
    assert!(
        server.asked().iter().all(|a| a.starts_with("GET")),
        "nothing was written over it"
    );
}

#[tokio::test]
async fn a_label_that_the_server_will_never_take_says_why() {
    let server =
        FakeServer::start(|asked, _| (asked.method == "POST").then(|| Reply::Says(422, outcome("author is required"))))
            .await;
    let refused = Written::Refused {
        status: 422,
        detail: "author is required".to_owned(),
    };
    assert_eq!(send(&server, &label("kliniek-covid", "wan-hoofd")).await, refused);
}

#[tokio::test]
async fn a_stop_is_lifted_as_it_was_delivered_and_one_that_ended_meanwhile_is_done() {
    let ended = stop("s1", 3, "2026-11-22T02:59:00Z", "inactive");
    let server = FakeServer::start(move |asked, before| match (asked.method.as_str(), before) {
        ("POST", 0) => Some(Reply::Says(200, bundle(&[], None))),
        ("POST", _) => Some(Reply::Says(400, outcome("HTTP 412: version is stale"))),
        _ => Some(Reply::Says(200, ended.clone())),
    })
    .await;
    let raw = stop("bron2~s1", 2, "2026-11-22T02:57:00Z", "active").replace(r#""status""#, r#""odd":"kept","status""#);
    let end = StopEnd { raw, at: now() };
    let to = Server::new(&server.base()).unwrap();
    assert_eq!(write::lift_stop(&to, &outgoing(&end)).await.unwrap(), Written::Done);
    assert_eq!(
        write::lift_stop(&to, &outgoing(&end)).await.unwrap(),
        Written::Done,
        "it has ended, as we wanted"
    );
    let sent: Value = serde_json::from_str(&server.questions()[0].body).unwrap();
    let entry = &sent["entry"][0];
    assert_eq!(
        (&entry["request"]["url"], &entry["request"]["ifMatch"]),
        (&"Flag/s1".into(), &"W/\"2\"".into())
    );
    let flag = &entry["resource"];
    assert_eq!((&flag["status"], &flag["odd"]), (&"inactive".into(), &"kept".into()));
    assert_eq!(flag["period"]["end"], "2026-11-22T04:00:10+01:00");
    assert_eq!(flag["period"]["start"], "2026-11-22T02:00:00Z");
}

/// A stop that this desk announces.
fn announced() -> Stop {
    Stop {
        id: "bron2~s9".into(),
        place: "bron2~seh".into(),
        service: "seh".into(),
        level: StopLevel::Stop,
        active: true,
        start: Some(now()),
        end: None,
        expected_end: None,
        reasons: vec![],
        version: None,
    }
}

/// A server that keeps the one Flag that is written to it.
async fn keeping_one_flag(kept: &Arc<Mutex<Option<Value>>>) -> FakeServer {
    let kept = kept.clone();
    FakeServer::start(move |asked, _| {
        let mut kept = kept.lock().unwrap();
        if asked.method == "POST" {
            let sent: Value = serde_json::from_str(&asked.body).unwrap();
            assert_eq!(sent["entry"][0]["request"]["url"], "Flag/s9");
            *kept = Some(sent["entry"][0]["resource"].clone());
            return Some(Reply::Says(200, bundle(&[], None)));
        }
        assert_eq!(asked.target, "/fhir/Flag/s9");
        Some(match &*kept {
            Some(flag) => Reply::Says(200, flag.to_string()),
            None => Reply::Says(404, outcome("not known")),
        })
    })
    .await
}

async fn announce(server: &FakeServer) -> Written {
    let (to, profile) = (Server::new(&server.base()).unwrap(), Profile::shipped().unwrap());
    let stop = announced();
    write::announce_stop(&to, &profile, &outgoing(&stop)).await.unwrap()
}

#[tokio::test]
async fn a_stop_is_announced_under_an_id_of_our_own_so_that_twice_is_once() {
    let kept: Arc<Mutex<Option<Value>>> = Arc::default();
    let server = keeping_one_flag(&kept).await;
    for _ in 0..2 {
        assert_eq!(announce(&server).await, Written::Done);
    }
    let flag = kept.lock().unwrap().clone().unwrap();
    assert_eq!(flag["subject"]["reference"], "Location/seh");
    let writes = server.asked().iter().filter(|a| a.starts_with("POST")).count();
    assert_eq!(writes, 1);
}

#[tokio::test]
async fn r_12_a_stop_that_was_lifted_while_our_announcement_had_no_answer_is_not_announced_again() {
    let kept: Arc<Mutex<Option<Value>>> = Arc::default();
    let server = keeping_one_flag(&kept).await;
    // Its answer was lost.
    announce(&server).await;
    kept.lock().unwrap().as_mut().unwrap()["status"] = "inactive".into();
    assert_eq!(announce(&server).await, Written::Done, "it arrived");
    assert_eq!(kept.lock().unwrap().as_ref().unwrap()["status"], "inactive");
}
