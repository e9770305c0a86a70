//! What is built in is what was looked at, and others could build the same (S-10).
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::root;
use serde_json::Value;
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn s_10_every_crate_is_of_the_one_registry_and_has_the_sum_of_what_was_looked_at() {
    let lock = read("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 300, "the lock was not read");
    let ours = [
        "app",
        "beddenwacht",
        "beddenwacht-tests",
        "charts",
        "cli",
        "domain",
        "feed",
        "fuzz",
        "sim",
        "store",
        "support",
        "xtask",
    ];
    for package in packages {
        let of = |key: &str| package.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
        let name = of("name").unwrap().trim_matches('"');
        match of("source") {
            Some(source) => {
                assert_eq!(
                    source, "\"registry+https://github.com/rust-lang/crates.io-index\"",
                    "{name}"
                );
                assert_eq!(of("checksum").map(str::len), Some(66), "{name} has no sum");
            }
            None => assert!(ours.contains(&name), "{name} comes from somewhere on this disk"),
        }
    }
}

#[test]
fn s_10_every_package_of_the_screen_has_the_sum_of_what_was_looked_at() {
    for lock in ["ui/package-lock.json", "tests/openid/package-lock.json"] {
        let locked: Value = serde_json::from_str(&read(lock)).unwrap();
        let packages = locked["packages"].as_object().unwrap();
        assert!(packages.len() > 20, "{lock} was not read");
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            // Where it lies is left out by npm's configuration here: a mirror of the registry serves as well. The sum decides.
            let from = package["resolved"].as_str();
            assert!(
                from.is_none_or(|from| from.starts_with("https://registry.npmjs.org/")),
                "{lock}: {name} is of {from:?}"
            );
            let sum = package["integrity"].as_str().unwrap_or_default();
            assert!(sum.starts_with("sha512-"), "{lock}: {name} has the sum {sum:?}");
        }
    }
}
