//! Stops as somebody else publishes them.

use crate::now;
use domain::stop::{Stop, StopLevel};
use feed::{Profile, fhir::client::Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Sites with an SEH in the practice region.
pub const SITES: [&str; 6] = [
    "isala-zwolle",
    "isala-meppel",
    "gelre-apeldoorn",
    "gelre-zutphen",
    "deventer",
    "saxenburgh-hardenberg",
];

/// Publishes an SEH stop at one site.
pub async fn publish_stop(server: &str, id: &str, site: &str) {
    publish_stops(server, &[(id.to_owned(), site)]).await;
}

/// Publishes SEH stops in one transaction.
pub async fn publish_stops(server: &str, stops: &[(String, &str)]) {
    put(server, stops, true, now()).await;
}

/// Publishes an SEH stop at one site, or its end, as a hospital does whose clock says this.
pub async fn publish_stop_at(server: &str, id: &str, site: &str, active: bool, clock: Timestamp) {
    put(server, &[(id.to_owned(), site)], active, clock).await;
}

/// Ends an SEH stop that was published.
pub async fn lift_stop(server: &str, id: &str, site: &str) {
    put(server, &[(id.to_owned(), site)], false, now()).await;
}

async fn put(server: &str, stops: &[(String, &str)], active: bool, clock: Timestamp) {
    let profile = Profile::shipped().unwrap();
    let entries: Vec<_> = stops
        .iter()
        .map(|(id, site)| {
            let stop = Stop {
                id: id.as_str().into(),
                place: format!("{site}-seh").as_str().into(),
                service: "seh".into(),
                level: StopLevel::Stop,
                active,
                start: Some(clock),
                end: (!active).then_some(clock),
                expected_end: Some(clock + SignedDuration::from_hours(2)),
                reasons: vec![],
                version: None,
            };
            let mut flag = feed::fhir::flag::stop(&stop, &profile);
            if let Some(map) = flag.as_object_mut() {
                map.retain(|_, v| !v.as_array().is_some_and(Vec::is_empty));
            }
            flag["id"] = json!(id);
            json!({ "resource": flag, "request": { "method": "PUT", "url": format!("Flag/{id}") } })
        })
        .collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    Server::new(server).unwrap().transaction(&bundle).await.unwrap();
}
