//! What a broken or hostile server can send: nothing of it stops the desk, half of it is never kept, and what was known
//! stays (R-10).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{bedden, json};
use serde_json::{Value, json as j};
use std::{fs, path::Path};
use support::{Bed, Region};
use tempfile::TempDir;

/// A hospital with a free and an occupied bed.
fn hospital() -> Region {
    Region::new()
        .site("zh", "zh")
        .department("a1", "zh")
        .room("k1", "a1")
        .bed(Bed::new("b1", "k1").status("U"))
        .bed(Bed::new("b2", "k1").status("O"))
}

/// Imports a text; whether it was taken in. Anything but a plain yes or no is a desk that stopped.
fn import(dir: &Path, text: &[u8]) -> bool {
    let file = dir.join("levering.json");
    fs::write(&file, text).unwrap();
    let out = bedden(dir, &["import", file.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    match out.status.code() {
        Some(0) => true,
        Some(2) => false,
        other => panic!("{other:?}: {said}"),
    }
}

fn beds(dir: &Path) -> Value {
    json(&bedden(dir, &["beds", "zh", "--json"]))["beds"].clone()
}

fn totals(dir: &Path) -> Value {
    json(&bedden(dir, &["region", "--json"]))["locations"][0]["totals"].clone()
}

fn desk_that_knows_the_hospital() -> TempDir {
    let dir = TempDir::new().unwrap();
    assert!(import(dir.path(), hospital().bundle().to_string().as_bytes()));
    dir
}

/// What follows the beds in a bundle, as text: not all of it is JSON.
fn bundle_with(resource: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{resource}}}]}}"#)
}

#[test]
fn r_10_a_delivery_that_breaks_off_anywhere_changes_nothing() {
    let dir = desk_that_knows_the_hospital();
    let before = beds(dir.path());
    // The same hospital with both beds free: half of it would show.
    let other = hospital()
        .bed(Bed::new("b2", "k1").status("U"))
        .bed(Bed::new("b3", "k1").status("U"));
    let text = other.bundle().to_string();
    for tenth in 0..20 {
        let end = text.len() * tenth / 20;
        assert!(!import(dir.path(), &text.as_bytes()[..end]), "the first {end} bytes");
        assert_eq!(beds(dir.path()), before, "the first {end} bytes");
    }
    assert!(import(dir.path(), text.as_bytes()));
    assert_eq!(totals(dir.path())["available"], 3, "the whole of it is read");
}

#[test]
fn r_10_numbers_that_are_none_and_nesting_without_end_are_refused_and_what_was_known_stays() {
    let dir = desk_that_knows_the_hospital();
    let before = beds(dir.path());
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let nested = |n: usize| format!(r#"{{"resourceType":"Location","id":"b1","extension":{}}}"#, deep(n));
    for (what, text) in [
        ("nesting in place of a bundle", deep(100_000)),
        ("nesting in a bed", bundle_with(&nested(100_000))),
        ("nesting in an entry", bundle_with(&deep(100_000))),
        (
            "no number",
            bundle_with(r#"{"resourceType":"Observation","id":"o","valueQuantity":{"value":NaN}}"#),
        ),
        (
            "infinity",
            bundle_with(r#"{"resourceType":"Observation","id":"o","valueQuantity":{"value":1e999}}"#),
        ),
        (
            "wrong types",
            bundle_with(r#"{"resourceType":["Location"],"id":7,"status":{}}"#),
        ),
        (
            "an id that is none",
            bundle_with(r#"{"resourceType":"Location","id":{"a":1},"status":"active"}"#),
        ),
        (
            "a bed that is a list",
            bundle_with(r#"{"resourceType":"Location","id":"b1","status":[],"operationalStatus":[]}"#),
        ),
        (
            "a byte that is no text",
            String::from_utf8_lossy(b"\xff\xfe{").into_owned(),
        ),
        ("zeros", "\0".repeat(4096)),
    ] {
        // Refused as a whole or in this one place: either is right, as long as nothing is made up.
        import(dir.path(), text.as_bytes());
        assert_eq!(beds(dir.path()), before, "{what}");
    }
}

#[test]
fn r_10_a_name_of_millions_of_letters_is_cut_and_the_beds_are_counted() {
    let dir = TempDir::new().unwrap();
    let region = hospital()
        .department("a2", "zh")
        .changed(j!({ "name": "x".repeat(5_000_000) }));
    assert!(import(dir.path(), region.bundle().to_string().as_bytes()));
    assert_eq!(totals(dir.path())["beds"], 2);
    let shown = bedden(dir.path(), &["region", "--json"]).stdout.len()
        + bedden(dir.path(), &["beds", "zh", "--json"]).stdout.len();
    assert!(shown < 100_000, "{shown} bytes are shown");
}

#[test]
fn r_10_of_two_beds_with_one_id_one_is_counted_and_a_version_of_the_far_future_is_no_crash() {
    let dir = TempDir::new().unwrap();
    let meta = |version: &str| j!({ "meta": { "versionId": version, "lastUpdated": "9999-12-31T23:59:59Z" } });
    let region = hospital()
        .changed(meta("99999999999999999999999999"))
        .bed(Bed::new("b1", "k1").status("U"))
        .bed(Bed::new("b1", "k1").status("O"))
        .changed(meta("-1"));
    assert!(import(dir.path(), region.bundle().to_string().as_bytes()));
    assert_eq!(totals(dir.path())["beds"], 2);
    // And the next ordinary delivery is still taken in.
    assert!(import(
        dir.path(),
        hospital()
            .bed(Bed::new("b3", "k1").status("U"))
            .bundle()
            .to_string()
            .as_bytes()
    ));
    assert_eq!(totals(dir.path())["beds"], 3);
}
