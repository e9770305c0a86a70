//! Coverage-guided fuzzing of the parsers with libFuzzer, on the stable compiler (decision 0009).

use crate::{Failed, root, step, target};
use std::process::Command;

/// Throws bytes at the parsers, guided by which code they reach, for `seconds` each. libFuzzer's instrumentation comes
/// from flags that a stable compiler takes; what it finds is kept as a file beside the corpus.
pub fn run(seconds: u32) -> Result<(), Failed> {
    const INSTRUMENTED: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
         -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
         -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Ccodegen-units=1";
    let target = target().join("fuzz");
    let host = host()?;
    let built = Command::new(crate::cargo_program())
        .args([
            "build",
            "--release",
            "--package",
            "fuzz",
            "--target",
            &host,
            "--target-dir",
        ])
        .arg(&target)
        .env("RUSTFLAGS", INSTRUMENTED)
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .current_dir(root())
        .status();
    if !built.is_ok_and(|status| status.success()) {
        return Err("the fuzz targets are not built".to_owned());
    }
    for name in ["fhir", "ndjson", "csv", "mapping"] {
        // What is found along the way grows a copy; the committed corpus stays as it is.
        let grown = target.join("corpus").join(name);
        std::fs::create_dir_all(&grown).map_err(|e| e.to_string())?;
        let program = target.join(&host).join("release").join(format!("fuzz-{name}"));
        let seeds = root().join("tests/fuzz/corpus").join(name);
        let artifacts = format!("-artifact_prefix={}/", target.display());
        let time = format!("-max_total_time={seconds}");
        let arguments = [
            time.as_str(),
            "-rss_limit_mb=2048",
            "-timeout=10",
            "-max_len=65536",
            "-print_final_stats=1",
            "-verbosity=0",
            &artifacts,
            &grown.display().to_string(),
            &seeds.display().to_string(),
        ]
        .map(str::to_owned);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        step(&root(), &program.display().to_string(), &arguments)?;
    }
    Ok(())
}

/// Flags meant for the targets must not reach build scripts: that takes a named target.
fn host() -> Result<String, Failed> {
    let said = Command::new("rustc").arg("-vV").output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let host = text.lines().find_map(|l| l.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc does not say its host".to_owned())
}
