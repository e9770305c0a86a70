//! The application follows a FHIR R4 server that others wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Desk,
    alarms::Toast,
    follow::{Follower, Outlet, hold},
    labels::{LabelRequest, Until},
    stops::{StopLevelChoice, StopRequest},
};
use beddenwacht_tests::{desk_of, now, peer::Peer};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Told(Mutex<Vec<Toast>>);

impl Outlet for Told {
    fn toasts(&self, toasts: Vec<Toast>) {
        self.0.lock().unwrap().extend(toasts);
    }

    fn changed(&self) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_on_somebody_elses_server_is_followed_and_labelled() {
    let peer = Peer::start().await;
    peer.fill().await;
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    hold(&desk).set_source(&peer.base).unwrap();
    let told = Arc::new(Told::default());
    let mut follower = Follower::new(desk.clone(), &peer.base, told.clone()).unwrap();

    // Full load.
    follower.round().await.unwrap();
    let report = hold(&desk).region_report(None).unwrap();
    assert_eq!((report.coverage.locations, report.coverage.current), (8, 8));
    let beds: u32 = report.locations.iter().filter_map(|l| l.totals.beds).sum();
    assert_eq!(beds, 1717);

    // A changed bed is seen at the next delta.
    let bed = hold(&desk)
        .beds_report("isala-zwolle", None)
        .unwrap()
        .beds
        .remove(40)
        .id;
    let mut resource = peer.get(&format!("Location/{bed}")).await.unwrap();
    resource["operationalStatus"] = json!({ "system": "http://terminology.hl7.org/CodeSystem/v2-0116", "code": "K" });
    resource["status"] = json!("active");
    peer.transaction(&[resource]).await;
    follower.round().await.unwrap();
    let state = |id: &str| {
        let beds = hold(&desk).beds_report("isala-zwolle", None).unwrap().beds;
        beds.into_iter().find(|b| b.id == id).map(|b| b.state).unwrap()
    };
    assert_eq!(state(&bed), domain::bed::BedState::Preparing);

    // A stop becomes a notification and an alarm.
    let flag = json!({
        "resourceType": "Flag", "id": "stop-proef", "status": "active",
        "code": { "coding": [
            { "system": "https://lpz.example/fhir/CodeSystem/capaciteitsstop", "code": "stop" },
            { "system": "https://lpz.example/fhir/CodeSystem/stop-dienst", "code": "seh" }] },
        "subject": { "reference": "Location/deventer-seh" },
        "period": { "start": feed::encode::date_time(now()) },
    });
    peer.transaction(&[flag]).await;
    follower.round().await.unwrap();
    let shown: Vec<String> = told
        .0
        .lock()
        .unwrap()
        .iter()
        .filter_map(|t| match t {
            Toast::Show { summary, .. } => Some(summary.clone()),
            Toast::Withdraw { .. } => None,
        })
        .collect();
    assert!(shown.contains(&"SEH-stop Deventer Ziekenhuis".to_owned()), "{shown:?}");

    // A label by hand reaches the server, once, with who wrote it and why.
    let request = LabelRequest {
        beds: vec![bed.clone()],
        kind: "covidcapaciteit".to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "harmonica stand 2".to_owned(),
        until: Until::Day,
    };
    hold(&desk).label_beds(&request).unwrap();
    follower.round().await.unwrap();
    let outbox = hold(&desk).outbox_report().unwrap();
    assert_eq!(outbox.first().map(|r| r.state.as_str()), Some("sent"), "{outbox:?}");
    let on_server = labels(&peer, &bed).await;
    assert_eq!(on_server.len(), 1);
    assert_eq!(
        on_server[0].pointer("/extension/0/extension/1/valueCoding/code"),
        Some(&json!("kliniek-covid"))
    );
    let provenance = peer.get("Provenance").await.unwrap();
    assert_eq!(
        provenance.pointer("/entry/0/resource/reason/0/text"),
        Some(&json!("harmonica stand 2"))
    );

    // Taken back, the server's one label ends; there is still one.
    hold(&desk).undo_label().unwrap();
    follower.round().await.unwrap();
    let on_server = labels(&peer, &bed).await;
    assert_eq!(on_server.len(), 1);
    assert_eq!(on_server[0]["meta"]["versionId"], "2");
    // A stop announced here stands on the server, and is lifted there.
    let request = StopRequest {
        site: "gelre-apeldoorn".to_owned(),
        service: "seh".to_owned(),
        level: StopLevelChoice::Stop,
        reasons: vec!["kliniek-vol".to_owned()],
        note: String::new(),
        minutes: 120,
    };
    hold(&desk).announce_stop(&request).unwrap();
    follower.round().await.unwrap();
    let status = |desk: &Desk| {
        let all = desk.region_report(None).unwrap().locations;
        all.into_iter()
            .find(|l| l.id == "gelre-apeldoorn")
            .and_then(|l| l.seh)
            .map(|s| s.status)
    };
    assert_eq!(status(&hold(&desk)), Some(domain::stop::StopStatus::Stop));
    let id = hold(&desk)
        .region
        .stops
        .values()
        .find(|s| s.place.as_str() == "gelre-apeldoorn-seh")
        .map(|s| s.id.0.clone());
    let id = id.unwrap();
    assert_eq!(peer.get(&format!("Flag/{id}")).await.unwrap()["status"], "active");
    hold(&desk).lift_stop(&id).unwrap();
    follower.round().await.unwrap();
    assert_eq!(peer.get(&format!("Flag/{id}")).await.unwrap()["status"], "inactive");
    assert_eq!(status(&hold(&desk)), Some(domain::stop::StopStatus::Open));

    let beds = hold(&desk).beds_report("isala-zwolle", None).unwrap().beds;
    let label = &beds.iter().find(|b| b.id == bed).unwrap().labels["covidcapaciteit"];
    assert_eq!(
        label.source,
        domain::label::LabelSource::Epd,
        "the delivered value shows again"
    );
}

async fn labels(peer: &Peer, bed: &str) -> Vec<Value> {
    let key = format!("https://lpz.example/fhir/NamingSystem/label-override%7C{bed}%7Ccovidcapaciteit");
    let found = peer.get(&format!("Basic?identifier={key}")).await.unwrap();
    found["entry"]
        .as_array()
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .map(|e| e["resource"].clone())
        .collect()
}
