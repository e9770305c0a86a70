//! What has to be on the machine: installed where apt and the rights are there, else named.

use crate::{Failed, step};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

const BUILD: [&str; 7] = [
    "g++",
    "libasound2-dev",
    "libwebkit2gtk-4.1-dev",
    "libsoup-3.0-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "pkg-config",
];

const TEST: [&str; 14] = [
    "openssl",
    "libnotify-bin",
    "libasound2-plugins",
    "pulseaudio",
    "pulseaudio-utils",
    "x11-utils",
    "xvfb",
    "webkit2gtk-driver",
    "dunst",
    "dbus",
    "gnome-keyring",
    "openbox",
    "fonts-dejavu-core",
    "imagemagick",
];

const VIRTUAL_DISPLAY: [&str; 6] = ["xvfb", "dbus", "dunst", "openbox", "fonts-dejavu-core", "imagemagick"];

/// What the application is built with.
pub fn build() -> Result<(), Failed> {
    install(&BUILD)
}

/// What the end-to-end tests use.
pub fn test() -> Result<(), Failed> {
    install(&TEST)
}

/// What a window is shown with where there is no display.
pub fn virtual_display() -> Result<(), Failed> {
    install(&VIRTUAL_DISPLAY)
}

fn installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"ii"))
}

fn install(packages: &[&str]) -> Result<(), Failed> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|p| !installed(p)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = || format!("please install: {}", missing.join(" "));
    let here = Path::new(".");
    let install = ["install", "-y", "--no-install-recommends"];
    let mut arguments: Vec<&str> = install.to_vec();
    arguments.extend(&missing);
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"0\n"));
    if root {
        step(here, "apt-get", &["update", "-q"]).map_err(|_| by_hand())?;
        return step(here, "apt-get", &arguments).map_err(|_| by_hand());
    }
    arguments.insert(0, "apt-get");
    step(here, "sudo", &["apt-get", "update", "-q"]).map_err(|_| by_hand())?;
    step(here, "sudo", &arguments).map_err(|_| by_hand())
}

/// The FHIR R4 server that others wrote, for the tests; its version is pinned.
pub fn fhir_peer(at: &Path) -> Result<(), Failed> {
    python_program(at, "sekmet", &["sekmet-fhir==0.1.1"]).map(drop)
}

/// A program that a Python package ships, in an environment of its own; installed where it is not there yet.
pub fn python_program(at: &Path, name: &str, pip: &[&str]) -> Result<PathBuf, Failed> {
    let program = at.join("bin").join(name);
    if program.exists() {
        return Ok(program);
    }
    let here = Path::new(".");
    let venv = at.display().to_string();
    if step(here, "python3", &["-m", "venv", &venv]).is_err() {
        install(&["python3-venv"])?;
        step(here, "python3", &["-m", "venv", &venv])?;
    }
    let arguments: Vec<&str> = ["install", "--quiet"].iter().chain(pip).copied().collect();
    step(here, &at.join("bin/pip").display().to_string(), &arguments)?;
    Ok(program)
}
