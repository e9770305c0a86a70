//! Bad input gets a clear message, nothing is half-stored, nothing is lost, and nothing panics (R-10, S-11).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{bedden, json};
use domain::{
    calendar::{Calendar, Slot},
    count::Count,
    label::LabelKind,
    place::Period,
    region::Fact,
};
use serde_json::{Value, json as j};
use std::{fs, path::Path};
use support::{Bed, Region};
use tempfile::TempDir;

fn bed(id: &str, room: &str, code: &str) -> Bed {
    Bed::new(id, room).status(code)
}

/// A hospital with one ward of two rooms.
fn site() -> Region {
    Region::new()
        .site("zh", "zh")
        .department("a1", "zh")
        .room("k1", "a1")
        .room("k2", "a1")
}

fn import(dir: &Path, name: &str, region: &Region) -> Value {
    import_text(dir, name, &region.bundle().to_string())
}

fn import_text(dir: &Path, name: &str, text: &str) -> Value {
    let file = dir.join(name);
    fs::write(&file, text).unwrap();
    let out = bedden(dir, &["import", file.to_str().unwrap()]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    json(&out)["files"][0].clone()
}

fn codes(report: &Value) -> Vec<String> {
    report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["code"].as_str().unwrap().to_owned())
        .collect()
}

fn totals(dir: &Path) -> Value {
    json(&bedden(dir, &["region", "--json"]))["locations"][0]["totals"].clone()
}

#[test]
fn r_10_a_file_that_cannot_be_read_is_named_with_its_place_and_changes_nothing() {
    let dir = TempDir::new().unwrap();
    import(dir.path(), "good.json", &site().bed(bed("b1", "k1", "U")));
    let before = totals(dir.path());
    for (name, text, place) in [
        ("broken.json", "{\"resourceType\": \"Bundle\",\n \"entry\": [", "line 2"),
        ("portal.json", "<!doctype html><html>Sign in</html>", "sign-in"),
        ("empty.json", "", "empty"),
        ("other.json", "{\"hello\": 1}", "resourceType"),
        ("levering.csv", "locatie;afdeling;kamer\nA;B;C\n", "\"bed\""),
    ] {
        let file = dir.path().join(name);
        fs::write(&file, text).unwrap();
        let out = bedden(dir.path(), &["import", file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name) && said.contains(place), "{name}: {said}");
        assert_eq!(totals(dir.path()), before, "{name} must change nothing");
    }
}

#[test]
fn s_11_a_bundle_full_of_patients_leaves_no_name_in_any_file() {
    let dir = TempDir::new().unwrap();
    let person = j!({ "reference": "Patient/p1", "display": "Geheimman" });
    let text = site()
        .bed(bed("b1", "k1", "O"))
        .resource(j!({ "resourceType": "Patient", "id": "p1", "name": [{ "family": "Geheimman" }] }))
        .resource(j!({ "resourceType": "Encounter", "id": "e1", "subject": person }))
        .resource(j!({
            "resourceType": "Flag", "id": "f1", "status": "active", "text": { "div": "Geheimman valt" },
            "code": { "coding": [{ "system": "https://lpz.example/fhir/CodeSystem/capaciteitsstop", "code": "stop" }] },
            "subject": person,
        }))
        .bed(bed("b2", "k1", "O"))
        .changed(j!({ "extension": [{ "url": "u", "valueReference": person }] }));
    let report = import(dir.path(), "patients.json", &text);
    fs::remove_file(dir.path().join("patients.json")).unwrap();
    assert_eq!(
        codes(&report).iter().filter(|c| *c == "patient-data").count(),
        5,
        "{report:#}"
    );
    assert_eq!(
        report["refused"], 3,
        "the patient, the encounter and the flag about a patient"
    );
    assert_eq!(totals(dir.path())["occupied"], 2, "both beds are still there");
    let mut folders = vec![dir.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            assert!(
                !bytes.windows(9).any(|w| w == b"Geheimman"),
                "a name stands in {}",
                path.display()
            );
        }
    }
}

#[test]
fn r_10_unknown_codes_and_missing_numbers_are_kept_said_and_never_read_as_free() {
    let dir = TempDir::new().unwrap();
    let region = site()
        .bed(bed("b1", "k1", "X"))
        .bed(Bed::new("b2", "k1").without_status())
        .bed(bed("b3", "k1", "U").label(LabelKind::Specialistisch, "ruimtestation"))
        .resource(j!({
            "resourceType": "Observation", "id": "o", "subject": { "reference": "Location/a1" },
            "code": { "coding": [{ "system": "https://lpz.example/fhir/CodeSystem/seh-maat", "code": "nedocs" }] },
        }))
        .resource(j!({ "resourceType": "Endpoint", "id": "x" }))
        .resource(j!({ "resourceType": "Location", "id": "y", "alias": 7 }));
    let report = import(dir.path(), "odd.json", &region);
    let found = codes(&report);
    for code in [
        "unknown-code",
        "missing",
        "missing-number",
        "unknown-resource",
        "malformed",
    ] {
        assert!(found.iter().any(|c| c == code), "{code} in {found:?}");
    }
    let beds = json(&bedden(dir.path(), &["beds", "zh", "--json"]));
    let by_id = |id: &str| {
        beds["beds"]
            .as_array()
            .unwrap()
            .iter()
            .find(|b| b["id"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(by_id("b1")["state"], "unknown");
    assert_eq!(
        by_id("b1")["raw"]["operational_status"],
        "X",
        "the raw code stays beside the mapped value"
    );
    assert_eq!(by_id("b2")["state"], "unknown");
    assert_eq!(
        by_id("b3")["labels"]["specialistisch"]["element"],
        "ruimtestation",
        "an unknown element shows as itself"
    );
    let region = json(&bedden(dir.path(), &["region", "--json"]));
    assert_eq!(
        region["locations"][0]["busyness"],
        Value::Null,
        "no number is null, never 0"
    );
    assert_eq!(totals(dir.path())["unknown"], 2);
    assert_eq!(report["refused"], 1);
}

#[test]
fn r_10_a_bed_in_two_rooms_counts_once_and_a_ward_sent_as_a_bed_does_not_count() {
    let dir = TempDir::new().unwrap();
    let report = import(
        dir.path(),
        "twice.json",
        &site()
            .bed(bed("b1", "k1", "U"))
            .bed(bed("b1", "k2", "U"))
            .bed(bed("w9", "zh", "U"))
            .bed(bed("b9", "w9", "O")),
    );
    let found = codes(&report);
    assert!(
        found.iter().any(|c| c == "bed-in-two-rooms") && found.iter().any(|c| c == "ward-as-bed"),
        "{found:?}"
    );
    let t = totals(dir.path());
    assert_eq!((t["beds"].clone(), t["available"].clone()), (2.into(), 1.into()), "{t}");
}

#[test]
fn r_10_a_delivery_from_the_future_is_said_and_does_not_look_fresh() {
    let dir = TempDir::new().unwrap();
    let report = import(
        dir.path(),
        "future.json",
        &site()
            .bed(bed("b1", "k1", "U"))
            .heartbeat("zh", "2199-01-01T00:00:00Z".parse().unwrap()),
    );
    assert!(codes(&report).iter().any(|c| c == "time-in-future"));
    let region = json(&bedden(dir.path(), &["region", "--json"]));
    assert!(region["locations"][0]["age_s"].as_i64().unwrap() >= 0);
}

#[test]
fn an_older_version_never_takes_the_place_of_a_newer_one_and_the_past_can_be_asked_for() {
    let dir = TempDir::new().unwrap();
    let version = |n: u32, at: &str, code: &str| {
        let meta = j!({ "meta": { "versionId": n.to_string(), "lastUpdated": at } });
        let mut bundle = site().bed(bed("b1", "k1", code)).changed(meta).bundle();
        bundle["timestamp"] = j!("2026-03-01T09:00:00Z");
        bundle.to_string()
    };
    import_text(dir.path(), "2.json", &version(2, "2026-03-01T10:00:00Z", "O"));
    let report = import_text(dir.path(), "1.json", &version(1, "2026-03-01T09:30:00Z", "U"));
    assert!(codes(&report).iter().any(|c| c == "older-version"), "{report:#}");
    import_text(dir.path(), "3.json", &version(3, "2026-03-01T11:00:00Z", "H"));
    let state = |at: &str| json(&bedden(dir.path(), &["beds", "zh", "--json", "--at", at]))["beds"][0]["state"].clone();
    assert_eq!(state("2026-03-01T10:30:00Z"), "occupied");
    assert_eq!(state("2026-03-01T11:30:00Z"), "preparing");
}

#[test]
fn a_csv_delivery_keeps_what_it_does_not_say_as_unknown_and_one_that_halves_is_not_applied() {
    let dir = TempDir::new().unwrap();
    let head = "\u{feff}locatie;afdeling;kamer;bed;capaciteit;bezet;gereserveerd;specialistisch;tijdstip\n";
    let row = |n: u32, taken: &str| format!("Noord;A1;1;{n};1;{taken};0;ALG-KLINISCH;2026-03-01T10:00:00Z\n");
    let whole = format!(
        "{head}{}{}{}{}{}",
        row(1, "1"),
        row(2, "0"),
        row(3, ""),
        row(4, "0"),
        row(5, "misschien")
    );
    let report = import_text(dir.path(), "a.csv", &whole);
    let found = codes(&report);
    assert!(
        found.iter().any(|c| c == "missing-number") && found.iter().any(|c| c == "unknown-code"),
        "{found:?}"
    );
    let t = totals(dir.path());
    assert_eq!(
        (t["occupied"].clone(), t["available"].clone(), t["unknown"].clone()),
        (1.into(), 2.into(), 2.into())
    );
    let report = import_text(dir.path(), "b.csv", &format!("{head}{}", row(1, "0")));
    assert!(codes(&report).iter().any(|c| c == "shrunk"), "{report:#}");
    assert_eq!(
        totals(dir.path())["beds"],
        5,
        "four beds that vanish at once need a person's word"
    );
}

#[test]
fn a_bed_that_a_calendar_holds_for_somebody_is_reserved_until_the_slot_ends() {
    let dir = TempDir::new().unwrap();
    let now = beddenwacht_tests::now();
    let at = |minutes: i64| Some(now + jiff::SignedDuration::from_mins(minutes));
    let state_with_slot = |held: bool, from: i64, until: i64| {
        let slot = Slot {
            calendar: "agenda".to_owned(),
            held,
            period: Period {
                start: at(from),
                end: at(until),
            },
        };
        let calendar = Calendar {
            beds: vec!["b1".into()],
        };
        let region = site()
            .bed(bed("b1", "k1", "U"))
            .bed(bed("b2", "k1", "U"))
            .fact("agenda", &Fact::Calendar(calendar))
            .fact("s", &Fact::Slot(slot));
        let report = import(dir.path(), "slots.json", &region);
        assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{report:#}");
        json(&bedden(dir.path(), &["beds", "zh", "--json"]))["beds"][0]["state"].clone()
    };
    assert_eq!(state_with_slot(true, -5, 30), "reserved");
    assert_eq!(totals(dir.path())["available"], 1, "the other bed is not held");
    assert_eq!(state_with_slot(false, -5, 30), "free");
    assert_eq!(state_with_slot(true, -60, -5), "free", "its end has come");
}

#[test]
fn what_is_withdrawn_from_others_leaves_the_screen_and_is_not_kept() {
    let dir = TempDir::new().unwrap();
    import(
        dir.path(),
        "a.json",
        &site().bed(bed("b1", "k1", "U")).bed(bed("b2", "k1", "U")),
    );
    let hidden = |code: &str| site().bed(bed("b2", "k1", "U")).visible(code);
    for code in ["schaduw", "eigen", "iets-nieuws"] {
        let report = import(dir.path(), "b.json", &hidden(code));
        assert!(codes(&report).iter().any(|c| c == "hidden"), "{code}: {report:#}");
        assert_eq!(totals(dir.path())["beds"], 1, "{code} is not for this desk");
    }
    import(dir.path(), "c.json", &hidden("regio"));
    assert_eq!(totals(dir.path())["beds"], 2);
}

#[test]
fn a_transaction_that_names_its_resources_only_in_the_bundle_is_read() {
    let dir = TempDir::new().unwrap();
    let resources = Region::new()
        .site("site-1", "site-1")
        .department("ward-1", "site-1")
        .bed(bed("bed-1", "ward-1", "O"));
    let entry = |resource: &Value| {
        let (mut resource, urn) = (
            resource.clone(),
            format!("urn:uuid:{}", resource["id"].as_str().unwrap()),
        );
        // Neither the resource nor who names it knows an id of the server's.
        resource.as_object_mut().unwrap().remove("id");
        if let Some(within) = resource["partOf"]["reference"].as_str() {
            let within = within.replace("Location/", "urn:uuid:");
            resource["partOf"] = j!({ "reference": within });
        }
        j!({ "fullUrl": urn, "request": { "method": "POST", "url": "Location" }, "resource": resource })
    };
    let entries: Vec<Value> = resources.resources().iter().map(entry).collect();
    let text = j!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string();
    let report = import_text(dir.path(), "urn.json", &text);
    assert_eq!(
        (report["applied"].clone(), report["problems"].clone()),
        (3.into(), serde_json::json!([]))
    );
    assert_eq!(totals(dir.path())["occupied"], 1);
}

#[test]
fn s_11_an_observation_about_a_person_is_not_even_kept_without_that_person() {
    let dir = TempDir::new().unwrap();
    let text = site()
        .resource(j!({
            "resourceType": "Observation", "id": "o", "code": { "text": "Geheimziekte" },
            "subject": { "reference": "Patient/p" }, "valueString": "x",
        }))
        .bed(bed("b1", "k1", "O"))
        .changed(j!({ "description": "hier ligt Geheimziekte" }))
        .resource(j!({ "resourceType": "Communication", "id": "c", "payload": [{ "contentString": "Geheimziekte" }] }));
    let report = import(dir.path(), "o.json", &text);
    assert_eq!(report["refused"], 2, "{report:#}");
    assert_eq!(report["kept"], 0);
    for file in ["cache.sqlite", "cache.sqlite-wal"] {
        let bytes = fs::read(dir.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(12).any(|w| w == b"Geheimziekte"), "it stands in {file}");
    }
}

#[test]
fn r_10_a_resource_of_a_type_that_nobody_reads_is_kept_whatever_its_shape() {
    let dir = TempDir::new().unwrap();
    let odd =
        j!({ "resourceType": "Endpoint", "id": "e", "name": { "a": 1 }, "period": "altijd", "location": { "x": 1 } });
    let report = import(dir.path(), "odd.json", &site().resource(odd));
    assert_eq!(
        (report["kept"].clone(), report["refused"].clone()),
        (1.into(), 0.into()),
        "{report:#}"
    );
}

#[test]
fn in_a_csv_delivery_bed_1_of_every_room_is_a_bed_and_an_unknown_element_is_said() {
    let dir = TempDir::new().unwrap();
    let text = "locatie;afdeling;kamer;bed;capaciteit;bezet;specialistisch\n\
                Noord;A1;1;1;1;1;ALG-KLINISCH\n\
                Noord;A1;1;2;1;0;RUIMTESTATION\n\
                Noord;A1;2;1;1;0;ALG-KLINISCH\n\
                Noord;A1;2;A1-1-9;1;0;ALG-KLINISCH\n\
                Noord;A1;3;A1-1-9;1;0;ALG-KLINISCH\n";
    let report = import_text(dir.path(), "kamers.csv", text);
    assert_eq!(codes(&report), ["bed-in-two-rooms", "unknown-code"], "{report:#}");
    assert_eq!(totals(dir.path())["beds"], 4);
    let beds = json(&bedden(dir.path(), &["beds", "Noord", "--json"]));
    let shown = |id: &str| {
        beds["beds"]
            .as_array()
            .unwrap()
            .iter()
            .any(|b| b["labels"]["specialistisch"]["element"] == id)
    };
    assert!(shown("ruimtestation"), "{beds:#}");
}

#[test]
fn what_is_wrong_with_a_delivery_is_listed_with_where_and_since_when_and_can_be_sent_on() {
    let dir = TempDir::new().unwrap();
    let long_ago = "2026-03-01T10:00:00Z";
    let region = site()
        .department("a2", "zh")
        .changed(j!({ "status": "suspended" }))
        .room("k9", "a2")
        .bed(bed("b8", "k9", "O"))
        .bed(bed("b1", "k1", "X"))
        .changed(j!({ "meta": { "versionId": "1", "lastUpdated": long_ago } }))
        .bed(bed("w9", "zh", "U"))
        .bed(bed("b9", "w9", "O"))
        .bed(bed("b10", "k1", "U").label(LabelKind::Specialistisch, "ruimtestation"))
        // Patients on beds that are not there, in a report of months ago: the location went silent.
        .report("zh", long_ago.parse().unwrap(), Count::Known(99), Count::Known(0));
    import(dir.path(), "mank.json", &region);
    let list = json(&bedden(dir.path(), &["defects", "--json"]));
    let rows = list.as_array().unwrap();
    let find = |code: &str, place: &str| {
        rows.iter()
            .find(|r| r["code"] == code && r["place"].as_str().unwrap().contains(place))
            .unwrap_or_else(|| panic!("{code} at {place} in {list:#}"))
            .clone()
    };
    assert_eq!(
        find("unknown-status", "a1 · k1 · b1")["since"],
        "2026-03-01T11:00:00+01:00"
    );
    find("occupied-in-closed-ward", "a2 · k9 · b8");
    find("missing-label", "a1 · k1 · b1");
    find("ward-as-bed", "w9");
    find("unknown-element", "a1 · k1 · b10");
    assert_eq!(find("silent", "")["since"], "2026-03-01T11:00:00+01:00");
    let crowded = find("more-patients-than-capacity", "");
    assert!(
        crowded["detail"].as_str().unwrap().starts_with("99 patiënten op"),
        "{crowded}"
    );
    assert_eq!(crowded["since"], "2026-03-01T11:00:00+01:00");
    let out = bedden(dir.path(), &["defects", "--to", dir.path().to_str().unwrap()]);
    let csv = fs::read_to_string(String::from_utf8_lossy(&out.stdout).trim()).unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1);
}
