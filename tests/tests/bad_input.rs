//! Bad input gets a clear message, nothing is half-stored, nothing is lost, and nothing panics (R-10, S-11).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{bedden, json};
use serde_json::Value;
use std::{fs, path::Path};
use tempfile::TempDir;

const N: &str = "https://lpz.example/fhir";

fn location(id: &str, kind: &str, part_of: Option<&str>, more: &str) -> String {
    let part_of = part_of.map_or(String::new(), |p| {
        format!(r#","partOf":{{"reference":"Location/{p}"}}"#)
    });
    format!(
        r#"{{"resource":{{"resourceType":"Location","id":"{id}","name":"{id}","status":"active","physicalType":{{"coding":[{{"code":"{kind}"}}]}}{part_of}{more}}}}}"#
    )
}

fn bed(id: &str, room: &str, code: &str) -> String {
    location(
        id,
        "bd",
        Some(room),
        &format!(r#","operationalStatus":{{"code":"{code}"}}"#),
    )
}

fn site_with(entries: &[String]) -> String {
    let mut all = vec![
        location("zh", "si", None, ""),
        location("a1", "wa", Some("zh"), ""),
        location("k1", "ro", Some("a1"), ""),
        location("k2", "ro", Some("a1"), ""),
    ];
    all.extend(entries.iter().cloned());
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
        all.join(",")
    )
}

fn import(dir: &Path, name: &str, text: &str) -> Value {
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
fn a_file_that_cannot_be_read_is_named_with_its_place_and_changes_nothing() {
    let dir = TempDir::new().unwrap();
    import(dir.path(), "good.json", &site_with(&[bed("b1", "k1", "U")]));
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
    let text = site_with(&[
        bed("b1", "k1", "O"),
        r#"{"resource":{"resourceType":"Patient","id":"p1","name":[{"family":"Geheimman"}]}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/p1","display":"Geheimman"}}}"#.to_owned(),
        r#"{"resource":{"resourceType":"Flag","id":"f1","status":"active","text":{"div":"Geheimman valt"},"code":{"coding":[{"system":"https://lpz.example/fhir/CodeSystem/capaciteitsstop","code":"stop"}]},"subject":{"reference":"Patient/p1","display":"Geheimman"}}}"#.to_owned(),
        location("b2", "bd", Some("k1"), r#","operationalStatus":{"code":"O"},"extension":[{"url":"u","valueReference":{"reference":"Patient/p1","display":"Geheimman"}}]"#),
    ]);
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
fn unknown_codes_and_missing_numbers_are_kept_said_and_never_read_as_free() {
    let dir = TempDir::new().unwrap();
    let odd_label = format!(
        r#","operationalStatus":{{"code":"U"}},"extension":[{{"url":"{N}/StructureDefinition/bed-label","extension":[{{"url":"soort","valueCode":"specialistisch"}},{{"url":"waarde","valueCoding":{{"code":"ruimtestation"}}}}]}}]"#
    );
    let report = import(
        dir.path(),
        "odd.json",
        &site_with(&[
            bed("b1", "k1", "X"),
            location("b2", "bd", Some("k1"), ""),
            location("b3", "bd", Some("k1"), &odd_label),
            format!(
                r#"{{"resource":{{"resourceType":"Observation","id":"o","code":{{"coding":[{{"system":"{N}/CodeSystem/seh-maat","code":"nedocs"}}]}},"subject":{{"reference":"Location/a1"}}}}}}"#
            ),
            r#"{"resource":{"resourceType":"Endpoint","id":"x"}}"#.to_owned(),
            r#"{"resource":{"resourceType":"Location","id":"y","alias":7}}"#.to_owned(),
        ]),
    );
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
fn a_bed_in_two_rooms_counts_once_and_a_ward_sent_as_a_bed_does_not_count() {
    let dir = TempDir::new().unwrap();
    let report = import(
        dir.path(),
        "twice.json",
        &site_with(&[
            bed("b1", "k1", "U"),
            bed("b1", "k2", "U"),
            location("w9", "bd", Some("zh"), r#","operationalStatus":{"code":"U"}"#),
            bed("b9", "w9", "O"),
        ]),
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
fn a_delivery_from_the_future_is_said_and_does_not_look_fresh() {
    let dir = TempDir::new().unwrap();
    let report = import(
        dir.path(),
        "future.json",
        &site_with(&[
            bed("b1", "k1", "U"),
            r#"{"resource":{"resourceType":"MeasureReport","id":"m","subject":{"reference":"Location/zh"},"date":"2199-01-01T00:00:00Z"}}"#.to_owned(),
        ]),
    );
    assert!(codes(&report).iter().any(|c| c == "time-in-future"));
    let region = json(&bedden(dir.path(), &["region", "--json"]));
    assert!(region["locations"][0]["age_s"].as_i64().unwrap() >= 0);
}

#[test]
fn an_older_version_never_takes_the_place_of_a_newer_one_and_the_past_can_be_asked_for() {
    let dir = TempDir::new().unwrap();
    let version = |n: u32, at: &str, code: &str| {
        let meta =
            format!(r#","meta":{{"versionId":"{n}","lastUpdated":"{at}"}},"operationalStatus":{{"code":"{code}"}}"#);
        site_with(&[location("b1", "bd", Some("k1"), &meta)])
    };
    let base = r#"{"resourceType":"Bundle","type":"collection","timestamp":"2026-03-01T09:00:00Z","#;
    let stamped = |text: String| text.replace(r#"{"resourceType":"Bundle","type":"collection","#, base);
    import(dir.path(), "2.json", &stamped(version(2, "2026-03-01T10:00:00Z", "O")));
    let report = import(dir.path(), "1.json", &stamped(version(1, "2026-03-01T09:30:00Z", "U")));
    assert!(codes(&report).iter().any(|c| c == "older-version"), "{report:#}");
    import(dir.path(), "3.json", &stamped(version(3, "2026-03-01T11:00:00Z", "H")));
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
    let report = import(dir.path(), "a.csv", &whole);
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
    let report = import(dir.path(), "b.csv", &format!("{head}{}", row(1, "0")));
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
    let slot = |id: &str, status: &str, from: i64, until: i64| {
        let at = |minutes: i64| (now + jiff::SignedDuration::from_mins(minutes)).to_string();
        format!(
            r#"{{"resource":{{"resourceType":"Slot","id":"{id}","schedule":{{"reference":"Schedule/agenda"}},"status":"{status}","start":"{}","end":"{}"}}}}"#,
            at(from),
            at(until)
        )
    };
    let calendar = r#"{"resource":{"resourceType":"Schedule","id":"agenda","actor":[{"reference":"Location/b1"}]}}"#;
    let import_slot = |slot: String| {
        let entries = [bed("b1", "k1", "U"), bed("b2", "k1", "U"), calendar.to_owned(), slot];
        let report = import(dir.path(), "slots.json", &site_with(&entries));
        assert_eq!(report["problems"].as_array().map(Vec::len), Some(0), "{report:#}");
        json(&bedden(dir.path(), &["beds", "zh", "--json"]))["beds"][0]["state"].clone()
    };
    assert_eq!(import_slot(slot("s", "busy-tentative", -5, 30)), "reserved");
    assert_eq!(totals(dir.path())["available"], 1, "the other bed is not held");
    assert_eq!(import_slot(slot("s", "free", -5, 30)), "free");
    assert_eq!(
        import_slot(slot("s", "busy-tentative", -60, -5)),
        "free",
        "its end has come"
    );
}

#[test]
fn what_is_withdrawn_from_others_leaves_the_screen_and_is_not_kept() {
    let dir = TempDir::new().unwrap();
    import(
        dir.path(),
        "a.json",
        &site_with(&[bed("b1", "k1", "U"), bed("b2", "k1", "U")]),
    );
    let hidden = |code: &str| {
        let security = format!(
            r#","meta":{{"security":[{{"system":"{N}/CodeSystem/zichtbaarheid","code":"{code}"}}]}},"operationalStatus":{{"code":"U"}}"#
        );
        site_with(&[location("b2", "bd", Some("k1"), &security)])
    };
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
    let entry = |urn: &str, kind: &str, part_of: &str, more: &str| {
        format!(
            r#"{{"fullUrl":"urn:uuid:{urn}","request":{{"method":"POST","url":"Location"}},"resource":{{"resourceType":"Location","name":"{urn}","status":"active","physicalType":{{"coding":[{{"code":"{kind}"}}]}}{part_of}{more}}}}}"#
        )
    };
    let within = |urn: &str| format!(r#","partOf":{{"reference":"urn:uuid:{urn}"}}"#);
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{},{},{}]}}"#,
        entry("site-1", "si", "", ""),
        entry("ward-1", "wa", &within("site-1"), ""),
        entry("bed-1", "bd", &within("ward-1"), r#","operationalStatus":{"code":"O"}"#),
    );
    let report = import(dir.path(), "urn.json", &text);
    assert_eq!(
        (report["applied"].clone(), report["problems"].clone()),
        (3.into(), serde_json::json!([]))
    );
    assert_eq!(totals(dir.path())["occupied"], 1);
}

#[test]
fn s_11_an_observation_about_a_person_is_not_even_kept_without_that_person() {
    let dir = TempDir::new().unwrap();
    let text = site_with(&[
        r#"{"resource":{"resourceType":"Observation","id":"o","code":{"text":"Geheimziekte"},"subject":{"reference":"Patient/p"},"valueString":"x"}}"#.to_owned(),
        location("b1", "bd", Some("k1"), r#","description":"hier ligt Geheimziekte","operationalStatus":{"code":"O"}"#),
        r#"{"resource":{"resourceType":"Communication","id":"c","payload":[{"contentString":"Geheimziekte"}]}}"#.to_owned(),
    ]);
    let report = import(dir.path(), "o.json", &text);
    assert_eq!(report["refused"], 2, "{report:#}");
    assert_eq!(report["kept"], 0);
    for file in ["cache.sqlite", "cache.sqlite-wal"] {
        let bytes = fs::read(dir.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(12).any(|w| w == b"Geheimziekte"), "it stands in {file}");
    }
}

#[test]
fn a_resource_of_a_type_that_nobody_reads_is_kept_whatever_its_shape() {
    let dir = TempDir::new().unwrap();
    let odd =
        r#"{"resource":{"resourceType":"Endpoint","id":"e","name":{"a":1},"period":"altijd","location":{"x":1}}}"#;
    let report = import(dir.path(), "odd.json", &site_with(&[odd.to_owned()]));
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
    let report = import(dir.path(), "kamers.csv", text);
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
    let closed = location("a2", "wa", Some("zh"), "").replace(r#""status":"active""#, r#""status":"suspended""#);
    let stamped = r#","meta":{"versionId":"1","lastUpdated":"2026-03-01T10:00:00Z"},"operationalStatus":{"code":"X"}"#;
    let entries = [
        closed,
        location("k9", "ro", Some("a2"), ""),
        bed("b8", "k9", "O"),
        location("b1", "bd", Some("k1"), stamped),
        location("w9", "bd", Some("zh"), r#","operationalStatus":{"code":"U"}"#),
        bed("b9", "w9", "O"),
        location(
            "b10",
            "bd",
            Some("k1"),
            r#","operationalStatus":{"code":"U"},"extension":[{"url":"https://lpz.example/fhir/StructureDefinition/bed-label","extension":[{"url":"soort","valueCode":"specialistisch"},{"url":"waarde","valueCoding":{"code":"ruimtestation"}}]}]"#,
        ),
        // Patients on beds that are not there, in a report of months ago: the location went silent.
        r#"{"resource":{"resourceType":"MeasureReport","id":"stand","status":"complete","type":"summary","subject":{"reference":"Location/zh"},"date":"2026-03-01T10:00:00Z","group":[{"code":{"coding":[{"system":"http://loinc.org","code":"112579-8"}]},"population":[{"count":99}]},{"code":{"coding":[{"system":"http://loinc.org","code":"112578-0"}]},"population":[{"count":0}]}]}}"#.to_owned(),
    ];
    import(dir.path(), "mank.json", &site_with(&entries));
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
