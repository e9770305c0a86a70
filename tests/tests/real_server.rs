//! The application follows a FHIR R4 server that others wrote.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    alarms::NotificationChange,
    effect::Effect,
    labels::{LabelRequest, Until},
    stops::{StopLevelChoice, StopRequest},
};
use beddenwacht_tests::{desk_of, now, peer::Peer};
use serde_json::{Value, json};
use support::RunningDesk;

#[tokio::test(flavor = "multi_thread")]
async fn the_region_on_somebody_elses_server_is_followed_and_labelled() {
    let peer = Peer::start().await;
    peer.fill().await;
    let dir = tempfile::tempdir().unwrap();
    let desk = desk_of("wan-hoofd", dir.path());
    desk.set_source(&peer.base).await;
    let mut follower = desk.follow(&peer.base);

    // Full load.
    follower.round().await;
    let report = desk.moment().region_report();
    assert_eq!((report.coverage.locations, report.coverage.current), (8, 8));
    let beds: u32 = report.locations.iter().filter_map(|l| l.totals.beds).sum();
    assert_eq!(beds, 1717);

    // A changed bed is seen at the next delta.
    let bed = desk.beds_report("isala-zwolle").unwrap().beds.remove(40).id;
    let mut resource = peer.get(&format!("Location/{bed}")).await.unwrap();
    resource["operationalStatus"] = json!({ "system": "http://terminology.hl7.org/CodeSystem/v2-0116", "code": "K" });
    resource["status"] = json!("active");
    peer.transaction(&[resource]).await;
    follower.round().await;
    let state = |id: &str| {
        let beds = desk.beds_report("isala-zwolle").unwrap().beds;
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
        "period": { "start": feed::fhir::encode::date_time(now()) },
    });
    peer.transaction(&[flag]).await;
    follower.round().await;
    let shown = desk.effects.take().into_iter().filter_map(|effect| match effect {
        Effect::Notify(NotificationChange::Show { summary, .. }) => Some(summary),
        _ => None,
    });
    let shown: Vec<String> = shown.collect();
    assert!(shown.contains(&"SEH-stop Deventer Ziekenhuis".to_owned()), "{shown:?}");

    // A label by hand reaches the server, once, with who wrote it and why.
    let request = LabelRequest {
        beds: vec![bed.clone()],
        kind: "covidcapaciteit".to_owned(),
        element: "kliniek-covid".to_owned(),
        reason: "harmonica stand 2".to_owned(),
        until: Until::Day,
    };
    desk.label_beds(&request).await.unwrap();
    follower.round().await;
    let outbox = desk.outbox_report();
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
    desk.undo_label().await.unwrap();
    follower.round().await;
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
    desk.announce_stop(&request).await.unwrap();
    follower.round().await;
    let status = |desk: &RunningDesk| {
        let all = desk.moment().region_report().locations;
        all.into_iter()
            .find(|l| l.id == "gelre-apeldoorn")
            .and_then(|l| l.seh)
            .map(|s| s.status)
    };
    assert_eq!(status(&desk), Some(domain::stop::StopStatus::Stop));
    let id = desk
        .moment()
        .region
        .stops
        .values()
        .find(|s| s.place.as_str() == "gelre-apeldoorn-seh")
        .map(|s| s.id.0.clone());
    let id = id.unwrap();
    assert_eq!(peer.get(&format!("Flag/{id}")).await.unwrap()["status"], "active");
    desk.lift_stop(&id).await.unwrap();
    follower.round().await;
    assert_eq!(peer.get(&format!("Flag/{id}")).await.unwrap()["status"], "inactive");
    assert_eq!(status(&desk), Some(domain::stop::StopStatus::Open));

    let beds = desk.beds_report("isala-zwolle").unwrap().beds;
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
