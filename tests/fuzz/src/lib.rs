//! What must hold of every reading, whatever the bytes were: it ends, it says how much it read, what it took in has
//! an id, nothing counts as free that was not said to be, and nobody's person is kept.

use domain::{
    bed::BedState,
    region::{Fact, Region},
    service_day::dutch_zone,
};
use feed::{Change, Mapping, Profile, Reading, fhir::reader::Reader};
use jiff::Timestamp;
use serde_json::Value;

/// The moment at which everything is received.
pub fn received() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(24 * 365 * 50)
}

/// Reads with the shipped profile.
pub fn read(what: impl FnOnce(&Reader<'_>, &Mapping) -> Option<Reading>) {
    let (profile, mapping) = (Profile::shipped().unwrap(), Mapping::shipped().unwrap());
    let reader = Reader {
        profile: &profile,
        received: received(),
        source: "bron2",
        own: None,
    };
    if let Some(reading) = what(&reader, &mapping) {
        hold(&reading);
    }
}

fn refers_to_patient(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("Patient/"),
        Value::Array(all) => all.iter().any(refers_to_patient),
        Value::Object(map) => map.values().any(refers_to_patient),
        _ => false,
    }
}

fn hold(reading: &Reading) {
    let mut region = Region::default();
    for change in &reading.changes {
        let head = change.head();
        assert!(
            !head.key.id.is_empty() && !head.key.kind.code().is_empty(),
            "something without a name was taken in"
        );
        match change {
            Change::Delete { .. } => drop(region.remove(&head.key)),
            Change::Put { fact, raw, .. } => {
                let kept: Value = serde_json::from_str(raw).unwrap_or_default();
                assert!(!refers_to_patient(&kept), "a reference to a person was kept: {raw}");
                if let Fact::Place(place) = fact {
                    let counted = place.operational_status.as_deref() == Some("U");
                    let free = domain::bed::state(place, &[], received(), received()) == BedState::Free;
                    assert!(!free || counted, "free, and nobody said so: {place:?}");
                }
                region.put(&head.key, fact.clone(), received());
            }
        }
    }
    // The whole region can be drawn, however its tree was tied.
    let sites: Vec<_> = region.sites().map(|s| s.id.clone()).collect();
    for site in sites {
        region.totals(&site, received(), &dutch_zone());
        region.stop_status(&site, received(), &dutch_zone());
        region.holding_stops(&site, received());
    }
}
