//! Programs of others that look over the dependencies: installed once into the target folder, their versions pinned.

use crate::{Failed, cargo, packages, step, target};
use std::{
    env,
    path::{Path, PathBuf},
};

/// Which licences, crates and sources are allowed, by `deny.toml`.
pub fn cargo_deny() -> Result<(), Failed> {
    const VERSION: &str = "0.20.2";
    let program = if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        let at = target().join("tools/cargo-deny");
        let pinned = Path::new(env!("CARGO_MANIFEST_DIR")).join("cargo-deny.txt");
        packages::python_program(
            &at,
            "cargo-deny",
            &["--require-hashes", "-r", &pinned.display().to_string()],
        )?
    } else {
        cargo_program("cargo-deny", VERSION)?
    };
    step(
        &crate::root(),
        &program.display().to_string(),
        &["--locked", "check", "licenses", "bans", "sources"],
    )
}

/// Where cargo-cyclonedx lies.
pub fn cargo_cyclonedx() -> Result<PathBuf, Failed> {
    cargo_program("cargo-cyclonedx", "0.5.9")
}

/// Builds a cargo subcommand, where it is not there yet.
fn cargo_program(name: &str, version: &str) -> Result<PathBuf, Failed> {
    let into = target().join("tools");
    let program = into.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        let into = into.display().to_string();
        cargo(&["install", name, "--version", version, "--locked", "--root", &into])?;
    }
    Ok(program)
}
