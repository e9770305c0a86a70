//! The list of everything that is linked in (SBOM), in CycloneDX: one file for the Rust side, one for the screen.

use crate::{Failed, root, step, target, tools};
use std::{fs, process::Command};

/// Writes `target/sbom/*.cdx.json`.
pub fn write() -> Result<(), Failed> {
    let into = target().join("sbom");
    fs::create_dir_all(&into).map_err(|e| e.to_string())?;
    let program = tools::cargo_cyclonedx()?;
    // It writes beside every member's manifest; those of the two programs that people get are kept.
    let name = "sbom";
    step(
        &root(),
        &program.display().to_string(),
        &[
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--override-filename",
            name,
        ],
    )?;
    let crates = fs::read_dir(root().join("src-tauri/crates")).map_err(|e| e.to_string())?;
    let others = ["src-tauri", "tests", "tests/fuzz", "tests/support"].map(|folder| root().join(folder));
    let members = crates.flatten().map(|entry| entry.path()).chain(others);
    for member in members {
        let written = member.join(format!("{name}.json"));
        if !written.exists() {
            continue;
        }
        let kept = match member.file_name().and_then(|n| n.to_str()) {
            Some("src-tauri") => Some("beddenwacht.cdx.json"),
            Some("cli") => Some("bedden.cdx.json"),
            _ => None,
        };
        if let Some(kept) = kept {
            // It names members by their path on this machine, which says nothing to a reader.
            let list = fs::read_to_string(&written).map_err(|e| e.to_string())?;
            let here = root().display().to_string();
            fs::write(into.join(kept), list.replace(&here, "")).map_err(|e| e.to_string())?;
        }
        fs::remove_file(&written).map_err(|e| e.to_string())?;
    }
    let screen = Command::new("npm")
        // What builds the screen is in it too: all of it is a development dependency.
        .args(["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"])
        .current_dir(root().join("ui"))
        .output()
        .map_err(|e| format!("npm sbom: {e}"))?;
    if !screen.status.success() {
        return Err(format!("npm sbom: {}", String::from_utf8_lossy(&screen.stderr)));
    }
    fs::write(into.join("ui.cdx.json"), screen.stdout).map_err(|e| e.to_string())?;
    eprintln!("▸ the lists lie in {}", into.display());
    Ok(())
}
