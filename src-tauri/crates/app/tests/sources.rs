//! Several sources at one desk, and data that is not everybody's to see.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{Clock, sources::SourceRequest};
use domain::{
    busyness::{Inputs, Measurement, Variant},
    label::LabelKind,
    region::Fact,
};
use feed::FeedError;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::path::Path;
use support::{Bed, Region, TestDesk, deliver_from, night_clock};
use tempfile::TempDir;

fn now() -> Timestamp {
    night_clock().now()
}

fn desk(dir: &Path) -> TestDesk {
    support::open_desk(dir, &night_clock())
}

/// A site with one ward.
fn ward(id: &str, name: &str) -> Region {
    Region::new().site(id, name).department("a1", id)
}

/// A site with one bed.
fn site(id: &str, name: &str) -> Region {
    ward(id, name).bed(Bed::new("1", "a1")).heartbeat(id, now())
}

fn source(address: &str) -> SourceRequest {
    SourceRequest {
        address: address.to_owned(),
        ..SourceRequest::default()
    }
}

#[test]
fn two_regions_with_the_same_ids_stand_beside_each_other_and_one_that_fails_leaves_the_other_alone() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    let zwolle = desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    let twente = desk.add_source(source("https://twente.example/fhir")).unwrap();
    assert_eq!((zwolle.as_str(), twente.as_str()), ("", "bron2"));
    deliver_from(&mut desk, &zwolle, &[], &site("site", "Isala Zwolle"));
    deliver_from(&mut desk, &twente, &[], &site("site", "ZGT Almelo"));
    let names = |desk: &TestDesk| desk.region.sites().map(|s| s.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&desk), ["ZGT Almelo", "Isala Zwolle"]);
    assert_eq!(desk.region.beds(&"bron2~site".into()).len(), 1);
    assert_eq!(desk.frame().locations, 2);

    desk.offline(&twente, FeedError::Failing(503));
    assert!(!matches!(desk.link_of("site"), app::sources::Link::Offline { .. }));
    let tiles = desk.region_view().tiles;
    let cut_off = tiles
        .iter()
        .filter(|t| t.tag == "geen verbinding")
        .map(|t| t.id.as_str());
    assert_eq!(
        cut_off.collect::<Vec<_>>(),
        ["bron2~site"],
        "its tile says so, and no other"
    );
    let connection = desk.frame().connection;
    assert_eq!(connection.state, "late");
    assert!(
        connection.text.contains("1 van 2 bronnen offline: twente.example"),
        "{}",
        connection.text
    );

    // A whole load of one takes nothing from the other.
    deliver_from(&mut desk, &zwolle, &[], &ward("site", "Isala Zwolle"));
    assert_eq!(desk.region.beds(&"site".into()).len(), 0);
    assert_eq!(desk.region.beds(&"bron2~site".into()).len(), 1);

    // After a restart both are known; one that is no longer followed takes its data along.
    drop(desk);
    let mut desk = self::desk(dir.path());
    assert_eq!(names(&desk).len(), 2);
    desk.remove_source("bron2").unwrap();
    assert_eq!(names(&desk), ["Isala Zwolle"]);

    // Another server never gets its key, since labels given there must not lie over beds elsewhere; it gets its own back.
    let drenthe = desk.add_source(source("https://drenthe.example/fhir")).unwrap();
    assert_eq!(drenthe, "bron3");
    assert_eq!(desk.add_source(source("https://twente.example/fhir")).unwrap(), "bron2");
}

#[test]
fn a_hospital_that_two_sources_deliver_is_counted_once_and_says_so() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    desk.add_source(source("https://gelderland.example/fhir")).unwrap();
    deliver_from(&mut desk, "", &[], &site("isala", "Isala Zwolle"));
    deliver_from(&mut desk, "bron2", &[], &site("17", "ISALA ZWOLLE"));
    let tiles = desk.region_view().tiles;
    let double = tiles.iter().find(|t| t.id == "bron2~17").unwrap();
    assert_eq!(double.tag, "dubbel, ook van gelderland.example; telt één keer");
    assert_eq!(desk.frame().locations, 1);
}

#[test]
fn what_runs_in_shadow_is_for_its_own_organisation_and_in_no_total() {
    let ours = json!({ "managingOrganization": { "reference": "Organization/isala" } });
    let entries = site("isala", "Isala Zwolle")
        .department("a2", "isala")
        .changed(json!({ "name": "A2" }))
        .changed(ours.clone())
        .visible("schaduw")
        .bed(Bed::new("2", "a2"))
        .changed(ours.clone())
        .visible("schaduw")
        .bed(Bed::new("3", "a1"))
        .changed(ours.clone())
        .visible("iets-nieuws")
        .bed(Bed::new("4", "a1"))
        .changed(ours)
        .visible("eigen");
    let seen = |own: &[&str]| {
        let dir = TempDir::new().unwrap();
        let mut desk = desk(dir.path());
        desk.add_source(source("https://zwolle.example/fhir")).unwrap();
        deliver_from(&mut desk, "", own, &entries);
        let beds = desk
            .region
            .beds(&"isala".into())
            .iter()
            .map(|b| b.id.0.clone())
            .collect::<Vec<_>>();
        let free = desk.region_report(None).locations[0].totals.available;
        let wards = desk.beds_view("isala", "specialistisch").wards;
        let wards: Vec<String> = wards.into_iter().map(|w| w.name).collect();
        let cached = std::fs::read(dir.path().join("cache.sqlite-wal")).unwrap();
        (beds, free, wards, cached.windows(4).any(|w| w == b"\"A2\""))
    };
    let (beds, free, _, cached) = seen(&[]);
    assert_eq!((beds, free), (vec!["1".to_owned()], Some(1)));
    assert!(!cached, "others' data in shadow running is not even on the disk");
    let (beds, free, wards, _) = seen(&["isala"]);
    assert_eq!(beds, ["1", "2", "4"], "an unknown visibility hides");
    assert_eq!(free, Some(2), "what runs in shadow is in no total");
    assert!(wards.iter().any(|w| w.contains("schaduw, telt niet mee")), "{wards:?}");
}

#[test]
fn a_total_says_how_many_locations_it_stands_for_and_a_stale_one_is_not_in_it() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    let mut region = Region::new();
    for (name, minutes) in [("deventer", 1), ("meppel", 50)] {
        let ccu = format!("{name}-ccu");
        let bed = |n: u32, status: &str| {
            let bed = Bed::new(&format!("{name}-{n}"), &ccu).status(status);
            bed.label(LabelKind::Specialistisch, "ccu")
        };
        region = region
            .site(name, name)
            .department(&ccu, name)
            .bed(bed(1, "U"))
            .bed(bed(2, "X"))
            .heartbeat(name, now() - SignedDuration::from_mins(minutes));
    }
    deliver_from(&mut desk, "", &[], &region);
    let totals = desk.region_view().totals;
    let ccu = totals.iter().find(|t| t.name == "CCU").unwrap();
    assert_eq!((ccu.free, ccu.from, ccu.of, ccu.unknown), (1, 1, 2, 1));
}

#[test]
fn a_busyness_that_nobody_measured_lately_does_not_look_live_though_its_location_delivers() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    let seen = |desk: &mut TestDesk, minutes: i64| {
        let at = now() - SignedDuration::from_mins(minutes);
        let measured = Measurement {
            place: "isala".into(),
            variant: Variant::Nedocs,
            at: Some(at),
            score: Some(190.0),
            inputs: Inputs::default(),
        };
        let region = site("isala", "Isala Zwolle")
            .resource(json!({
                "resourceType": "HealthcareService", "id": "seh", "active": true, "location": [{ "reference": "Location/isala" }],
                "type": [{ "coding": [{ "system": "https://lpz.example/fhir/CodeSystem/stop-dienst", "code": "seh" }] }],
            }))
            .fact("nedocs", &Fact::Measurement(measured))
            .changed(json!({ "meta": { "lastUpdated": at } }));
        deliver_from(desk, "", &[], &region);
        desk.location_view("isala").meter.unwrap()
    };
    let old = seen(&mut desk, 300);
    assert_eq!(
        (old.freshness, old.level, old.age.as_str()),
        ("unknown", "normal", "5 u 00")
    );
    let stale = seen(&mut desk, 40);
    assert_eq!((stale.freshness, stale.level), ("stale", "normal"));
    let fresh = seen(&mut desk, 1);
    assert_eq!((fresh.freshness, fresh.level), ("fresh", "stop"));
}

#[test]
fn ah_17_offline_no_location_is_called_current_however_young_its_numbers_are_and_since_when_is_said() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    let key = desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    deliver_from(&mut desk, &key, &[], &site("site", "Isala Zwolle"));
    assert_eq!((desk.frame().locations, desk.frame().current), (1, 1));
    assert_eq!(desk.frame().connection.offline_since, None);
    desk.offline(&key, FeedError::Failing(503));
    let frame = desk.frame();
    assert_eq!((frame.locations, frame.current), (1, 0));
    assert_eq!(frame.connection.offline_since.as_deref(), Some("03:00"));
}

#[test]
fn of_two_sources_one_that_is_offline_leaves_only_the_locations_of_the_other_current() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    let zwolle = desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    let twente = desk.add_source(source("https://twente.example/fhir")).unwrap();
    deliver_from(&mut desk, &zwolle, &[], &site("site", "Isala Zwolle"));
    deliver_from(&mut desk, &twente, &[], &site("site", "ZGT Almelo"));
    desk.offline(&twente, FeedError::Failing(503));
    let frame = desk.frame();
    assert_eq!((frame.locations, frame.current), (2, 1));
    assert_eq!(frame.connection.offline_since, None, "one source still answers");
}

#[test]
fn a_second_copy_with_beds_alone_shows_the_seh_and_the_number_of_the_hospital_that_it_is() {
    let dir = TempDir::new().unwrap();
    let mut desk = desk(dir.path());
    let server = desk.add_source(source("https://zwolle.example/fhir")).unwrap();
    let folder = desk.add_source(source("https://isala.example/fhir")).unwrap();
    deliver_from(
        &mut desk,
        &server,
        &[],
        &site("isala", "Isala Zwolle").seh("seh", "isala"),
    );
    let copy = Region::new()
        .site("1", "Isala Zwolle")
        .changed(json!({ "telecom": null }));
    let copy = copy
        .department("a1", "1")
        .bed(Bed::new("b1", "a1"))
        .heartbeat("1", now());
    deliver_from(&mut desk, &folder, &[], &copy);
    let tiles = desk.region_view().tiles;
    let of = |id: &str| tiles.iter().find(|t| t.id == id).unwrap();
    let (first, second) = (of("isala"), of("bron2~1"));
    let status = |tile: &app::region::Tile| tile.seh.as_ref().map(|s| s.status);
    assert_eq!(status(first), Some("open"));
    assert_eq!(status(second), status(first), "it is the same SEH");
    assert_eq!(second.contact, first.contact);
    assert!(second.tag.starts_with("dubbel"), "{}", second.tag);
}
