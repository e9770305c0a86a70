//! What the window asks is checked here before anything is done with it: the window may have been taken over.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use app::{ErrorCode, Handle, commands::answer};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};
use support::{Bed, NoMachine, Region, Stop, deliver, night_clock, open_desk};
use tempfile::TempDir;

/// The requests that the window knows, and the types of their arguments, as `ui/src/bindings` has them from the list.
fn requests() -> BTreeMap<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings/index.ts");
    let text = fs::read_to_string(file).unwrap();
    let (_, list) = text.split_once("export type Requests = {\n").unwrap();
    let lines = list.lines().take_while(|line| *line != "};");
    let row = |line: &str| {
        let (name, rest) = line.trim().split_once(": { arguments: ").unwrap();
        let (arguments, _) = rest.split_once("; answer: ").unwrap();
        (name.to_owned(), arguments.to_owned())
    };
    lines.map(row).collect()
}

/// Of every request that takes arguments, some that have everything that can be filled in.
fn sample(name: &str) -> Value {
    let label = json!({ "beds": ["bed"], "kind": "covidcapaciteit", "element": "kliniek-covid", "reason": "cohort",
                        "until": { "kind": "at", "at": "2026-11-22T06:00" } });
    let source = json!({ "address": "https://region.example/fhir", "sign_in": "person", "user": "wan", "issuer": "",
                         "secret": "geheim", "own_organizations": ["isala"] });
    match name {
        "location" => json!({ "id": "isala", "night": false }),
        "beds" => json!({ "id": "isala", "kind": "covidcapaciteit" }),
        "label_beds" => json!({ "request": label }),
        "preview_label" => {
            let mut shift = label;
            shift["until"] = json!({ "kind": "shift" });
            json!({ "request": shift })
        }
        "preview_set" | "save_set" => {
            json!({ "request": { "name": "nacht", "label": label, "daily": ["22:00", "07:30"], "over_single": false } })
        }
        "stop_outlook" => json!({ "site": "isala" }),
        "bed" => json!({ "id": "bed" }),
        "label_choices" => json!({ "kind": "covidcapaciteit" }),
        "alarm_metrics" => json!({ "night": true }),
        "export_data_quality" => json!({ "location": "isala" }),
        "arrange_tiles" => {
            json!({ "choice": { "order": ["isala"], "favourites": ["isala"], "rows": [{ "kind": "specialistisch", "element": "ic" }] } })
        }
        "share_label_time" => json!({ "share": true }),
        "decide" => {
            json!({ "decision": { "kind": "keep", "labels": [{ "bed": "bed", "classification": "covidcapaciteit" }] } })
        }
        "switch_set" => json!({ "id": "nacht", "on": true }),
        "drop_set" => json!({ "id": "nacht" }),
        "acknowledge" | "unshelve" => json!({ "id": "stop" }),
        "shelve" => json!({ "id": "stop", "reason": "bekend", "minutes": 60 }),
        "out_of_service" => json!({ "id": "stop", "reason": "bekend" }),
        "take_over" => json!({ "name": "nacht" }),
        "choose_language" => json!({ "language": "nl" }),
        "choose_alarms" => {
            let rule =
                json!({ "shift": null, "location": "isala", "service": "seh", "level": "stop", "priority": "low" });
            json!({ "choice": { "repeat_s": 60, "busyness": ["isala"], "rules": [rule] } })
        }
        "announce_stop" => {
            json!({ "request": { "site": "isala", "service": "seh", "level": "stop", "reasons": ["seh-vol"],
                                                  "note": "", "minutes": 60 } })
        }
        "lift_stop" => json!({ "stop": "s1" }),
        "confirm" => json!({ "request": { "site": "isala", "kind": "specialistisch", "element": "ic", "actual": 1 } }),
        "restore_ledger" => json!({ "backup": "../../etc/passwd" }),
        "plug_practice" => json!({ "plugged": true }),
        "practice_scenario" => json!({ "name": "tour" }),
        "try_connection" | "add_source" => json!({ "request": source }),
        "sign_in" | "remove_source" => json!({ "key": "bron2" }),
        other => panic!("{other} has no sample"),
    }
}

/// A desk that knows a hospital with a stop, and its folder.
fn desk() -> (Handle, TempDir) {
    let (dir, clock) = (TempDir::new().unwrap(), night_clock());
    let mut desk = open_desk(dir.path(), &clock);
    let began = "2026-11-22T02:30:00+01:00".parse().unwrap();
    let region = Region::new()
        .site("isala", "Isala Zwolle")
        .seh("seh", "isala")
        .department("a1", "isala")
        .bed(Bed::new("bed", "a1"))
        .stop(Stop::new("s1", "seh", "seh", began));
    deliver(&mut desk, &region);
    (desk.run(), dir)
}

/// Why a request is not even looked at; nothing where it is.
async fn refused(handle: &Handle, name: &str, arguments: &Value) -> Option<String> {
    let error = answer(handle, &NoMachine, name, arguments.clone()).await.err()?;
    (error.code == ErrorCode::Invalid).then_some(error.detail)
}

/// Where in a value there are others, itself first.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, v)| places(v, &format!("{here}/{name}"), found)),
        Value::Array(all) => (0..)
            .zip(all)
            .for_each(|(n, v): (usize, _)| places(v, &format!("{here}/{n}"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn all_places(value: &Value) -> Vec<String> {
    let mut found = vec![];
    places(value, "", &mut found);
    found
}

#[tokio::test]
async fn s_04_every_request_refuses_a_field_that_it_does_not_know_however_deep() {
    let (handle, _dir) = desk();
    let requests = requests();
    assert!(requests.len() > 40, "the list was not read");
    for (name, arguments) in &requests {
        let sample = if arguments == "null" { json!({}) } else { sample(name) };
        let said = refused(&handle, name, &sample).await.unwrap_or_default();
        let unreadable = ["field", "type", "variant"].iter().any(|word| said.contains(word));
        assert!(!unreadable, "the sample of {name} is none: {said}");
        for place in all_places(&sample) {
            let mut with_more = sample.clone();
            let Some(fields) = with_more.pointer_mut(&place).and_then(Value::as_object_mut) else {
                continue;
            };
            fields.insert("van_een_ander".to_owned(), json!(1));
            let said = refused(&handle, name, &with_more).await;
            let said = said.unwrap_or_else(|| panic!("{name} takes a field that it does not know at {place:?}"));
            assert!(said.contains("unknown field `van_een_ander`"), "{name} {place}: {said}");
        }
    }
}

#[tokio::test]
async fn s_04_every_request_refuses_more_than_any_screen_sends() {
    let (handle, _dir) = desk();
    let large = json!({ "id": "x".repeat(1 << 20) });
    for name in requests().keys() {
        let said = refused(&handle, name, &large).await;
        assert_eq!(said.as_deref(), Some("the arguments are too large"), "{name}");
    }
}

#[tokio::test]
async fn s_04_nothing_that_is_asked_in_place_of_what_is_meant_stops_the_desk() {
    let (handle, _dir) = desk();
    let hostile = [
        json!(null),
        json!(-1),
        json!(u64::MAX),
        json!(1e308),
        json!(true),
        json!([]),
        json!({}),
        json!(""),
        json!("x".repeat(10_000)),
        json!("\u{202e}<script>\u{0}\n'; DROP TABLE alarm; --"),
        json!("../../../etc/passwd"),
        json!("2026-02-30T25:61"),
        json!("-9999-01-01T00:00:00Z"),
    ];
    for (name, arguments) in requests() {
        let sample = if arguments == "null" { json!({}) } else { sample(&name) };
        for place in all_places(&sample) {
            for value in &hostile {
                let mut changed = sample.clone();
                *changed.pointer_mut(&place).unwrap() = value.clone();
                if let Err(error) = answer(&handle, &NoMachine, &name, changed).await {
                    assert_ne!(
                        error.code,
                        ErrorCode::Storage,
                        "{name} at {place:?} with {value}: {error}"
                    );
                }
            }
        }
    }
    let frame = answer(&handle, &NoMachine, "frame", json!(null)).await;
    assert!(frame.is_ok(), "the desk goes on");
}
