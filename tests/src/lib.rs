//! What the end-to-end tests stand on: the built programs, a screen, a bus, a FHIR server that others wrote.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up must stop"
)]

pub mod desktop;
pub mod findings;
pub mod front;
pub mod loudspeaker;
pub mod measure;
pub mod notifications;
pub mod openid;
pub mod page;
pub mod peer;
pub mod proxy;
pub mod regions;
pub mod secrets;
pub mod stops;
pub mod tray;

use jiff::Timestamp;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output},
};

/// A child process that ends with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A built program; `cargo xtask test` builds them first. A bench measures a release build.
pub fn program(name: &str) -> PathBuf {
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let path = target().join(profile).join(name);
    assert!(
        path.exists(),
        "{} is not built: run `cargo build --workspace`, or `cargo xtask bench` for a bench",
        path.display()
    );
    path
}

/// A desk of somebody, with its files in a folder of the test's.
pub fn desk_of(name: &str, dir: &Path) -> support::RunningDesk {
    support::RunningDesk::open(name, name, dir, std::sync::Arc::new(app::SystemClock))
}

/// Runs `bedden` on a data folder.
pub fn bedden(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(program("bedden"))
        .arg("--data-dir")
        .arg(dir)
        .args(arguments)
        .output()
        .unwrap()
}

/// What `bedden` printed as JSON.
pub fn json(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A test that this machine has not what it takes for. Where that is as it should be, `BEDDENWACHT_MAY_SKIP` is set;
/// elsewhere it is a failure, so that nobody takes what was not tested for what is right.
pub fn skipped(why: &str) {
    assert!(
        std::env::var_os("BEDDENWACHT_MAY_SKIP").is_some(),
        "{why}; set BEDDENWACHT_MAY_SKIP where that is as it should be"
    );
    println!("not tested: {why}");
}

/// The clock of the tests is the machine's, read in this one place.
#[expect(clippy::disallowed_methods, reason = "end-to-end tests run in real time")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Waits until something is so; says what was waited for when it never is.
pub async fn until<F: AsyncFnMut() -> bool>(what: &str, seconds: i64, mut so: F) {
    let end = now() + jiff::SignedDuration::from_secs(seconds);
    while !so().await {
        assert!(now() < end, "waited {seconds} s in vain: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
}
