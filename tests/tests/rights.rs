//! What the desk keeps is its owner's alone, also where new files are everybody's (S-12).
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::program;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};
use support::{Bed, Region};

/// Runs `bedden` where whoever makes a file gives it to everybody.
fn bedden(data: &Path, arguments: &[&str]) {
    let out = Command::new("sh")
        .args(["-c", "umask 000 && exec \"$@\"", "sh"])
        .arg(program("bedden"))
        .arg("--data-dir")
        .arg(data)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
}

/// What others than the owner may touch.
fn open_to_others(folder: &Path, found: &mut Vec<String>, seen: &mut usize) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o777;
        *seen += 1;
        if mode & 0o077 != 0 {
            found.push(format!("{} {mode:o}", path.display()));
        }
        if path.is_dir() {
            open_to_others(&path, found, seen);
        }
    }
}

#[test]
fn s_12_no_file_of_the_desk_is_anybody_elses_where_new_files_are_everybodys() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("home/desk");
    let region = Region::new()
        .site("zh", "zh")
        .department("a1", "zh")
        .bed(Bed::new("b1", "a1").status("U"));
    let file = region.write(&dir.path().join("levering.json"));
    bedden(&data, &["import", file.to_str().unwrap()]);
    bedden(&data, &["region", "--json"]);
    // A list of the region's own is copied into the folder.
    let list = dir.path().join("lijst.json");
    let text = r#"{ "kind": "specialistisch", "system": "https://region.example/labels", "version": "2",
                    "elements": [{ "code": "ic", "display": "IC", "short": "IC" }] }"#;
    fs::write(&list, text).unwrap();
    bedden(&data, &["codes", list.to_str().unwrap()]);
    bedden(&data, &["check"]);
    let (mut found, mut seen) = (vec![], 0);
    open_to_others(dir.path().join("home").as_path(), &mut found, &mut seen);
    assert!(seen > 3, "only {seen} files were made");
    assert_eq!(found, Vec::<String>::new());
}
