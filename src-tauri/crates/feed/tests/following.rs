//! Following a server that refuses, breaks off, is busy or says something odd, through a real socket: it costs what it
//! must and no more, and nothing half-read counts as complete.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod support;

use domain::region::{Fact, RecordKey, RecordKind};
use feed::{
    Change, FeedError, FeedErrorCode, IssueCode, Profile,
    fhir::{
        bundle::reader,
        client::{Capability, Server},
        sync::{self, Cursors, Delivery},
    },
};
use jiff::Timestamp;
use std::time::Duration;
use support::{Asked, FakeServer, Reply, bundle, location, outcome, stop};

const NOW: &str = "2026-11-22T03:00:10Z";

fn capability() -> Capability {
    Capability {
        history: sync::TYPES.map(str::to_owned).to_vec(),
        ..Capability::default()
    }
}

fn cursors() -> Cursors {
    let at: Timestamp = "2026-11-22T02:55:00Z".parse().unwrap();
    sync::TYPES.into_iter().map(|r| (r.to_owned(), at)).collect()
}

async fn load(server: &FakeServer) -> Result<Delivery, FeedError> {
    let profile = Profile::shipped().unwrap();
    let to = Server::new(&server.base()).unwrap();
    sync::full_load(&to, &capability(), &reader(&profile, NOW.parse().unwrap())).await
}

async fn delta(server: &FakeServer) -> Result<Delivery, FeedError> {
    let profile = Profile::shipped().unwrap();
    let to = Server::new(&server.base()).unwrap();
    let reader = reader(&profile, NOW.parse().unwrap());
    sync::delta(&to, &capability(), &reader, &cursors(), &sync::TYPES).await
}

fn is(asked: &Asked, what: &str) -> bool {
    let path = asked.target.trim_start_matches("/fhir/");
    path.split('?').next() == Some(what)
}

fn says(body: String) -> Option<Reply> {
    Some(Reply::Says(200, body))
}

fn place(id: &str) -> RecordKey {
    RecordKey::new(RecordKind::Place, id)
}

#[tokio::test]
async fn a_type_that_the_server_refuses_costs_that_type_and_is_said() {
    for (status, code) in [
        (403, FeedErrorCode::Denied),
        (404, FeedErrorCode::Refused),
        (405, FeedErrorCode::Refused),
        (410, FeedErrorCode::Gone),
        (400, FeedErrorCode::Refused),
    ] {
        let server = FakeServer::start(move |asked, _| match asked {
            a if is(a, "OrganizationAffiliation") => Some(Reply::Says(status, outcome("no"))),
            a if is(a, "Location") => says(bundle(&[location("isala", "si")], None)),
            _ => None,
        })
        .await;
        let brought = load(&server).await.unwrap();
        assert_eq!(
            brought.reading.changes.len(),
            1,
            "HTTP {status} costs the other types nothing"
        );
        assert_eq!(brought.refused.len(), 1);
        assert_eq!(brought.refused[0].resource, "OrganizationAffiliation");
        assert_eq!(brought.refused[0].error.code(), code);
        assert!(
            !brought.next_since.contains_key("OrganizationAffiliation"),
            "it was not read"
        );
        let listed = brought
            .reading
            .issues
            .iter()
            .find(|i| i.code == IssueCode::TypeRefused)
            .unwrap();
        assert!(
            listed.path == "OrganizationAffiliation" && listed.detail.contains(&status.to_string()),
            "the data quality list names the type and the status: {listed:?}"
        );
    }
}

#[tokio::test]
async fn what_a_refused_type_held_before_is_not_gone() {
    let server = FakeServer::start(|asked, _| is(asked, "Location").then(|| Reply::Says(403, outcome("no")))).await;
    let brought = load(&server).await.unwrap();
    assert!(
        !brought.is_gone(&place("isala")),
        "nobody said that the hospital was pulled down"
    );
    assert!(
        brought.is_gone(&RecordKey::new(RecordKind::Stop, "old")),
        "of stops everything was read, and this one was not named"
    );
}

#[tokio::test]
async fn a_sign_in_that_is_refused_is_about_the_source_and_not_about_one_type() {
    let server = FakeServer::start(|asked, _| is(asked, "Location").then(|| Reply::Says(401, String::new()))).await;
    let brought = load(&server).await.unwrap();
    assert!(brought.refused.is_empty());
    assert_eq!(
        brought.broke_off().map(FeedError::code),
        Some(FeedErrorCode::SignInNeeded)
    );
    let named: Vec<&str> = brought.unfinished.iter().map(|u| u.resource.as_str()).collect();
    assert_eq!(named, &sync::TYPES[1..], "nothing more is asked without an account");
}

#[tokio::test]
async fn a_server_that_refuses_every_type_refuses_us() {
    let server = FakeServer::start(|_, _| Some(Reply::Says(403, outcome("no")))).await;
    assert_eq!(load(&server).await.unwrap_err(), FeedError::Denied(403));
}

#[tokio::test]
async fn only_what_the_server_says_that_it_has_is_asked_for_and_stops_always() {
    let server = FakeServer::start(|_, _| None).await;
    let profile = Profile::shipped().unwrap();
    let to = Server::new(&server.base()).unwrap();
    let offered = Capability {
        resources: vec!["Location".to_owned(), "Patient".to_owned()],
        ..Capability::default()
    };
    sync::full_load(&to, &offered, &reader(&profile, NOW.parse().unwrap()))
        .await
        .unwrap();
    let asked = server.asked();
    let types: Vec<&str> = asked.iter().filter_map(|a| a.split([' ', '?']).nth(1)).collect();
    assert_eq!(
        types,
        ["Location", "Location", "Flag", "Flag"],
        "each whole, and what changed meanwhile"
    );
}

#[tokio::test]
async fn a_line_that_breaks_on_page_three_of_one_type_does_not_throw_away_the_others() {
    let server = FakeServer::start(|asked, _| match asked.target.as_str() {
        "/fhir/p2" => says(bundle(&[location("bed-2", "bd")], Some("p3"))),
        "/fhir/p3" => Some(Reply::Breaks),
        _ if is(asked, "Location") => says(bundle(&[location("bed-1", "bd")], Some("p2"))),
        _ if is(asked, "Flag") => says(bundle(&[stop("s1", 1, "2026-11-22T02:59:00Z", "active")], None)),
        _ => None,
    })
    .await;
    let brought = load(&server).await.unwrap();
    assert!(
        brought
            .reading
            .changes
            .iter()
            .all(|c| c.head().key.kind == RecordKind::Stop),
        "two of three pages are not a delivery of beds: {:?}",
        brought.reading.changes
    );
    assert!(
        !brought.reading.changes.is_empty(),
        "the stop that came after the break is delivered"
    );
    assert!(
        !brought.is_gone(&place("bed-3")),
        "bed 3 stood on the page that did not come"
    );
    assert!(
        !brought.next_since.contains_key("Location"),
        "it is asked again from where it was"
    );
    assert!(brought.next_since.contains_key("Flag") && brought.next_since.contains_key("Organization"));
    assert!(!brought.everything);
    assert_eq!(
        brought.broke_off().map(FeedError::code),
        Some(FeedErrorCode::Unreachable)
    );
}

#[tokio::test]
async fn a_history_that_is_refused_is_loaded_anew_and_the_others_stay_deltas() {
    let server = FakeServer::start(|asked, _| match asked {
        a if is(a, "Location/_history") => Some(Reply::Says(410, outcome("too long ago"))),
        a if is(a, "Location") => says(bundle(&[location("isala", "si")], None)),
        _ => None,
    })
    .await;
    let brought = delta(&server).await.unwrap();
    assert!(brought.refused.is_empty() && brought.unfinished.is_empty());
    assert!(
        brought.is_gone(&place("closed-hospital")),
        "the places were loaded whole"
    );
    assert!(
        !brought.is_gone(&RecordKey::new(RecordKind::Stop, "s1")),
        "the stops were not"
    );
    assert!(
        brought.next_since.contains_key("Location"),
        "and are followed from here on"
    );
}

#[tokio::test]
async fn ah_03_every_version_of_a_stop_is_delivered_oldest_first() {
    let server = FakeServer::start(|asked, _| {
        is(asked, "Flag/_history").then(|| {
            // Newest first, as histories come; two versions within one second.
            let versions = [
                stop("s1", 4, "2026-11-22T02:59:30Z", "inactive"),
                stop("s1", 3, "2026-11-22T02:59:30Z", "active"),
                stop("s1", 2, "2026-11-22T02:58:00Z", "inactive"),
                stop("s1", 1, "2026-11-22T02:57:00Z", "active"),
            ];
            Reply::Says(200, bundle(&versions, None))
        })
    })
    .await;
    let told = |delivery: &Delivery| -> Vec<(String, bool)> {
        let of = |c: &Change| match c {
            Change::Put {
                head,
                fact: Fact::Stop(stop),
                ..
            } => Some((head.version.clone().unwrap(), stop.active)),
            Change::Put { .. } | Change::Delete { .. } => None,
        };
        delivery.reading.changes.iter().filter_map(of).collect()
    };
    let all = [("1", true), ("2", false), ("3", true), ("4", false)].map(|(v, a)| (v.to_owned(), a));
    assert_eq!(
        told(&delta(&server).await.unwrap()),
        all,
        "what began and ended between two looks"
    );
    assert_eq!(
        told(&load(&server).await.unwrap()),
        all,
        "also of the delta after a full load"
    );
}

#[tokio::test]
async fn ah_03_versions_of_one_instant_are_told_in_the_order_of_their_numbers() {
    let server = FakeServer::start(|asked, _| {
        is(asked, "Flag/_history").then(|| {
            let at = "2026-11-22T02:59:30Z";
            let versions = [
                stop("s1", 10, at, "inactive"),
                stop("s2", 1, at, "active"),
                stop("s1", 9, at, "active"),
            ];
            Reply::Says(200, bundle(&versions, None))
        })
    })
    .await;
    let brought = delta(&server).await.unwrap();
    let told: Vec<(&str, &str)> = brought
        .reading
        .changes
        .iter()
        .map(|c| (c.head().key.id.as_str(), c.head().version.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("s1", "9"), ("s2", "1"), ("s1", "10")],
        "it began before it ended"
    );
}

#[tokio::test]
async fn a_stop_that_its_server_shows_six_seconds_after_the_time_it_dates_it_with_is_delivered() {
    // The cursor lies at 02:55:00: when it was set, the server had this stop and did not show it yet.
    let dated: Timestamp = "2026-11-22T02:54:55Z".parse().unwrap();
    let server = FakeServer::start(move |asked, _| {
        let since = asked.target.split_once("_since=")?.1.split('&').next()?;
        let since: Timestamp = since.replace("%3A", ":").parse().unwrap();
        let shown = is(asked, "Flag/_history") && since <= dated;
        shown.then(|| Reply::Says(200, bundle(&[stop("s1", 1, "2026-11-22T02:54:55Z", "active")], None)))
    })
    .await;
    let brought = delta(&server).await.unwrap();
    assert_eq!(brought.reading.changes.len(), 1);
}

#[tokio::test]
async fn a_malformed_stop_does_not_end_the_one_that_stands() {
    let no_subject = r#"{"resourceType":"Flag","id":"s1","status":"active","code":{"coding":[{"system":"https://lpz.example/fhir/CodeSystem/capaciteitsstop","code":"stop"}]}}"#;
    let no_code = r#"{"resourceType":"Flag","id":"s1","status":"inactive","subject":{"reference":"Location/seh"}}"#;
    let wrong_shape = r#"{"resourceType":"Flag","id":"s1","status":7}"#;
    let nameless = r#"{"resourceType":"Flag","status":"active"}"#;
    for raw in [no_subject, no_code, wrong_shape, nameless] {
        let server = FakeServer::start(move |asked, _| {
            is(asked, "Flag").then(|| Reply::Says(200, bundle(&[raw.to_owned()], None)))
        })
        .await;
        let brought = load(&server).await.unwrap();
        assert!(brought.reading.changes.is_empty(), "{raw}");
        assert_eq!(brought.reading.refused.len(), 1, "it is listed: {raw}");
        assert!(!brought.is_gone(&RecordKey::new(RecordKind::Stop, "s1")), "{raw}");
    }
}

#[tokio::test]
async fn what_may_not_be_seen_here_any_more_is_taken_away() {
    let hidden = r#"{"resourceType":"Location","id":"bed","meta":{"security":[{"system":"https://lpz.example/fhir/CodeSystem/zichtbaarheid","code":"geheim"}]}}"#;
    let server = FakeServer::start(move |asked, _| {
        is(asked, "Location").then(|| Reply::Says(200, bundle(&[hidden.to_owned()], None)))
    })
    .await;
    let brought = load(&server).await.unwrap();
    assert!(matches!(&brought.reading.changes[0], Change::Delete { head } if head.key == place("bed")));
    assert!(brought.reading.kept.is_empty());
}

#[tokio::test]
async fn a_busy_server_is_given_the_second_that_it_asks_for_and_the_round_goes_on() {
    for status in [429, 503] {
        let server = FakeServer::start(move |asked, before| match asked {
            a if is(a, "Location") && before == 0 => Some(Reply::Busy(status, 1)),
            a if is(a, "Location") => says(bundle(&[location("isala", "si")], None)),
            _ => None,
        })
        .await;
        let brought = load(&server).await.unwrap();
        assert_eq!(
            brought.reading.changes.len(),
            1,
            "HTTP {status} costs a second, not the round"
        );
        assert!(brought.unfinished.is_empty());
    }
}

#[tokio::test]
async fn a_server_that_asks_for_more_than_a_round_may_take_is_left_alone_and_what_was_read_stays() {
    let server = FakeServer::start(|asked, _| match asked {
        a if is(a, "Organization") => says(bundle(
            &[r#"{"resourceType":"Organization","id":"isala"}"#.to_owned()],
            None,
        )),
        a if is(a, "HealthcareService") => Some(Reply::Busy(429, 40)),
        _ => None,
    })
    .await;
    let brought = load(&server).await.unwrap();
    assert_eq!(brought.broke_off(), Some(&FeedError::Busy(40)));
    assert_eq!(brought.reading.changes.len(), 1);
    assert_eq!(
        brought.unfinished.len(),
        sync::TYPES.len() - 2,
        "it is not asked for the rest"
    );
}

#[tokio::test]
async fn the_patience_of_a_round_is_for_all_its_questions_together() {
    let server = FakeServer::start(|_, before| (before == 0).then_some(Reply::Busy(429, 1))).await;
    let patient = Server::new(&server.base()).unwrap().patient(Duration::from_secs(1));
    patient.get(patient.url("Location").unwrap()).await.unwrap();
    let second = patient.get(patient.url("Flag").unwrap()).await;
    assert_eq!(
        second.unwrap_err(),
        FeedError::Busy(1),
        "the second was spent on the first question"
    );
}

#[tokio::test]
async fn s_02_nothing_of_ours_goes_to_another_port_by_redirect_or_next_link() {
    let elsewhere = FakeServer::start(|_, _| None).await;
    let other = format!("http://{}/fhir/Location", elsewhere.address);
    let redirect = other.clone();
    let server = FakeServer::start(move |asked, _| match asked {
        a if is(a, "Organization") => Some(Reply::Elsewhere(redirect.clone())),
        a if is(a, "Location") => says(bundle(&[location("isala", "si")], Some(&other))),
        _ => None,
    })
    .await;
    let brought = load(&server).await.unwrap();
    assert!(elsewhere.asked().is_empty(), "{:?}", elsewhere.asked());
    assert!(
        brought.reading.changes.is_empty(),
        "half a list of places is not delivered"
    );
    let to = Server::new(&server.base()).unwrap();
    let straight = to
        .get(format!("http://{}/fhir/x", elsewhere.address).parse().unwrap())
        .await;
    assert_eq!(straight.unwrap_err().code(), FeedErrorCode::Address);
    assert!(elsewhere.asked().is_empty());
}
