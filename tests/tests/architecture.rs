//! Dependencies point inward, and the window is closed to the outside (design.md section 1, S-02, S-03, R-03).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::root;
use serde_json::Value;
use std::{collections::BTreeMap, fs, process::Command};

fn edges() -> BTreeMap<String, Vec<String>> {
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let dependencies = |p: &Value| {
        let all = p["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|d| d["kind"].is_null());
        all.map(|d| d["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    packages
        .iter()
        .map(|p| (p["name"].as_str().unwrap().to_owned(), dependencies(p)))
        .collect()
}

#[test]
fn every_crate_knows_only_what_lies_further_in() {
    let allowed: BTreeMap<&str, &[&str]> = [
        ("domain", &[][..]),
        ("charts", &["domain"]),
        ("feed", &["domain"]),
        ("store", &["domain"]),
        ("app", &["charts", "domain", "feed", "store"]),
        ("sim", &["domain", "feed"]),
        ("cli", &["app", "sim"]),
        ("beddenwacht", &["app", "sim"]),
        ("fuzz", &["domain", "feed"]),
        ("xtask", &["domain"]),
        ("support", &["app", "domain", "feed", "store"]),
    ]
    .into();
    let edges = edges();
    let ours: Vec<&String> = edges.keys().collect();
    for (name, dependencies) in &edges {
        let Some(allowed) = allowed.get(name.as_str()) else {
            continue;
        };
        for dependency in dependencies.iter().filter(|d| ours.contains(d)) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not know {dependency}"
            );
        }
    }
    assert_eq!(
        allowed.len() + 1,
        edges.len(),
        "a new crate needs a place in this test: {ours:?}"
    );
}

#[test]
fn the_domain_knows_no_clock_no_disk_and_no_network() {
    let domain = &edges()["domain"];
    for forbidden in ["tokio", "rusqlite", "reqwest", "tauri", "store", "feed"] {
        assert!(
            !domain.iter().any(|d| d == forbidden),
            "domain must not depend on {forbidden}"
        );
    }
}

#[test]
fn r_03_there_is_one_sqlite_in_the_process() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    assert_eq!(lock.matches("name = \"libsqlite3-sys\"").count(), 1);
}

#[test]
fn s_03_the_window_may_only_listen_and_talks_to_nobody_but_rust() {
    let read = |path: &str| -> Value { serde_json::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap() };
    let config = read("src-tauri/tauri.conf.json");
    let security = &config["app"]["security"];
    let csp = security["csp"].as_str().unwrap();
    assert!(
        csp.contains("default-src 'none'") && csp.contains("connect-src ipc: http://ipc.localhost"),
        "{csp}"
    );
    assert!(
        !csp.contains("https:") && !csp.contains('*') && !csp.contains("unsafe-eval"),
        "{csp}"
    );
    assert_eq!(config["app"]["withGlobalTauri"], false);
    assert_eq!(security["freezePrototype"], true);
    // Without this feature a release has no developer's tools.
    let manifests = ["Cargo.toml", "src-tauri/Cargo.toml"].map(|path| fs::read_to_string(root().join(path)).unwrap());
    assert!(!manifests.iter().any(|text| text.contains("devtools")));
    let files = fs::read_dir(root().join("src-tauri/capabilities")).unwrap().count();
    assert_eq!(files, 1, "another capability file gives more rights");
    let capability = read("src-tauri/capabilities/main.json");
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert_eq!(
        capability["permissions"],
        serde_json::json!(["core:event:allow-listen", "core:event:allow-unlisten"])
    );
}

/// What stands between backticks and looks like a path of this repository.
fn paths_named_in(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|word| {
        let ours = ["src-tauri/", "ui/", "tests/", "assets/", "docs/"];
        ours.iter().any(|start| word.starts_with(start)) && !word.contains([' ', '*', '\n'])
    })
}

#[test]
fn what_the_documents_send_a_newcomer_to_is_there() {
    let markdown = |dir: &std::path::Path| {
        let entries = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        entries
            .filter(|p| p.extension().is_some_and(|e| e == "md"))
            .collect::<Vec<_>>()
    };
    let documents = [markdown(&root()), markdown(&root().join("docs/decisions"))].concat();
    let mut gone = vec![];
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for path in paths_named_in(&text) {
            // Any room, any feature.
            let path_here = path.replace("ROOM", "beds").replace("NAME", "beds");
            if !root().join(&path_here).exists() {
                gone.push(format!("{}: {path}", document.file_name().unwrap().display()));
            }
        }
    }
    assert!(gone.is_empty(), "{gone:#?}");
}

/// Source files of a crate.
fn sources(dir: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn only_the_feed_knows_how_a_resource_is_called_on_the_wire() {
    // As words of the wire: in a text of the program, or in an address. `Location` is a word of the trade too.
    let words = [
        "\"Location\"",
        "Location/",
        "\"Flag\"",
        "Flag/",
        "\"Observation\"",
        "Observation/",
        "MeasureReport",
        "HealthcareService",
        "PractitionerRole",
        "OperationOutcome",
        "\"Basic\"",
        "Basic/",
        "resourceType",
        "urn:uuid",
    ];
    for name in ["domain", "app"] {
        let mut files = vec![];
        sources(&root().join("src-tauri/crates").join(name).join("src"), &mut files);
        assert!(files.len() > 10, "{name} has sources");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            // Tests may hold what a server sends.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in (1..).zip(code.lines()) {
                let word = words.iter().find(|w| line.contains(**w));
                assert_eq!(word, None, "{}:{number}: {line}", file.display());
            }
        }
    }
}
