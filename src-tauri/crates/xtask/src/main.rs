//! `cargo xtask run · test · bench · check · evidence · bindings · sbom · fuzz · drive-times`: everything that a newcomer or CI
//! has to call.

mod clock;
mod drive_times;
mod evidence;
mod fuzz;
mod packages;
mod recorded;
mod sbom;
mod stages;
mod tools;
mod without_display;

use stages::Stages;
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// A step that did not succeed, in words.
type Failed = String;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (what, rest) = arguments.split_first().map_or(("", &[][..]), |(w, r)| (w.as_str(), r));
    let done = match what {
        "run" => run(rest),
        "test" => test(),
        "bench" => bench(rest),
        "check" => check(),
        "evidence" => evidence::write(),
        "bindings" => bindings(),
        "sbom" => sbom::write(),
        "drive-times" => drive_times::write(),
        "fuzz" => fuzz::run(rest.first().and_then(|s| s.parse().ok()).unwrap_or(60)),
        _ => Err(
            "usage: cargo xtask run [--source URL] | test | bench [--before WORKTREE] [NAME…] | check | evidence | bindings | \
             sbom | fuzz [SECONDS] | drive-times"
                .to_owned(),
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn step(directory: &Path, program: &str, arguments: &[&str]) -> Result<(), Failed> {
    eprintln!("\n▸ {program} {}", arguments.join(" "));
    let status = Command::new(program).args(arguments).current_dir(directory).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{program} {}: {status}", arguments.join(" "))),
        Err(error) => Err(format!("{program}: {error}")),
    }
}

/// The cargo that started this.
fn cargo_program() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn cargo(arguments: &[&str]) -> Result<(), Failed> {
    step(&root(), &cargo_program(), arguments)
}

/// The screens, built into ui/dist, from which the binary takes them.
fn build_ui(tree: &Path) -> Result<(), Failed> {
    let ui = tree.join("ui");
    npm_packages(&ui)?;
    step(&ui, "npm", &["run", "--silent", "build"])
}

/// Installs what a folder's lock file names, where that is newer than what is installed.
fn npm_packages(folder: &Path) -> Result<(), Failed> {
    let lock = folder.join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    let newer = |a: &Path, b: &Path| Some(a.metadata().ok()?.modified().ok()? > b.metadata().ok()?.modified().ok()?);
    if newer(&lock, &installed).unwrap_or(true) {
        step(folder, "npm", &["ci", "--no-audit", "--no-fund"])?;
    }
    Ok(())
}

/// Builds everything and opens the application on the practice region, or on `--source URL`.
fn run(rest: &[String]) -> Result<(), Failed> {
    packages::build()?;
    build_ui(&root())?;
    // The whole workspace, as `test` builds it: one package alone has other features, and would be built twice.
    cargo(&["build", "--workspace"])?;
    let followed = rest.iter().any(|a| a == "--source" || a.starts_with("--source="));
    let mut arguments: Vec<&str> = if followed { vec![] } else { vec!["--practice"] };
    arguments.extend(rest.iter().map(String::as_str).filter(|a| *a != "--"));
    let program = target().join("debug/beddenwacht");
    if without_display::is_so() {
        return without_display::run(&program, &arguments);
    }
    step(&root(), &program.display().to_string(), &arguments)
}

/// A bounded run; `cargo xtask fuzz 3600` looks longer.
const FUZZ_IN_CI_S: u32 = 15;

/// Every check that CI makes; what each stage took is told at the end.
fn test() -> Result<(), Failed> {
    let mut stages = Stages::begin();
    let done = every_stage(&mut stages);
    eprintln!("\nWhat each stage took, in minutes and seconds:\n{}", stages.told());
    done
}

fn every_stage(stages: &mut Stages) -> Result<(), Failed> {
    // What an earlier run kept is no evidence of this one.
    let _ = std::fs::remove_dir_all(evidence::kept());
    stages.run("system packages", || {
        packages::build()?;
        packages::test()
    })?;
    stages.run("what the tests talk to", || {
        packages::fhir_peer(&target().join("fhir-peer"))?;
        npm_packages(&root().join("tests/openid"))
    })?;
    checks(stages)?;
    stages.run("gallery", || {
        step(&root().join("ui"), "npm", &["run", "--silent", "gallery"])
    })?;
    // The end-to-end tests start the built programs.
    stages.run("build", || cargo(&["build", "--workspace"]))?;
    stages.run("fuzz", || fuzz::run(FUZZ_IN_CI_S))?;
    stages.run("build the tests", || cargo(&["test", "--workspace", "--no-run"]))?;
    let tests = stages.run("tests", || {
        recorded::step(
            &root(),
            &cargo_program(),
            &["test", "--workspace", "--no-fail-fast"],
            &evidence::kept().join("tests.log"),
        )
    });
    // What failed is evidence too.
    let shown = stages.run("what the tests show", evidence::of_this_run);
    tests.and(shown)
}

/// Formats, lints, types and looks over the dependencies, without running anything.
fn check() -> Result<(), Failed> {
    checks(&mut Stages::begin())
}

fn checks(stages: &mut Stages) -> Result<(), Failed> {
    let ui = root().join("ui");
    stages.run("evidence", evidence::check)?;
    stages.run("screens", || {
        build_ui(&root())?;
        step(&ui, "npm", &["run", "--silent", "check"])?;
        step(&ui, "npm", &["run", "--silent", "lint"])?;
        let report = evidence::kept().join("screens.json");
        let report = format!("--outputFile.json={}", report.display());
        step(
            &ui,
            "npm",
            &[
                "test",
                "--silent",
                "--",
                "--reporter=default",
                "--reporter=json",
                &report,
            ],
        )
    })?;
    stages.run("format", || cargo(&["fmt", "--all", "--check"]))?;
    stages.run("licences, bans, sources", tools::cargo_deny)?;
    stages.run("clippy", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ])
    })
}

/// What is measured, in this order: first load and delta, a day of following, each view, a start and an idle window, a
/// stop under load. A week of following, for memory: `cargo bench --package beddenwacht-tests --bench day -- --week`, 17
/// minutes.
const BENCHES: [&str; 5] = ["apply", "day", "views", "start", "alarm"];

/// Figures as ratios to a floor of the same run, all of release builds. `--before WORKTREE` measures an earlier build beside
/// this one, where that can be done from outside: git has made the worktree, and it is built here. Names choose among the
/// benches.
fn bench(rest: &[String]) -> Result<(), Failed> {
    let (mut before, mut chosen) = (None, vec![]);
    let mut words = rest.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--before" => before = Some(words.next().ok_or("--before needs the path of a worktree")?),
            name if BENCHES.contains(&name) => chosen.push(name),
            other => return Err(format!("there is no bench {other}; there are {}", BENCHES.join(", "))),
        }
    }
    packages::build()?;
    packages::test()?;
    packages::fhir_peer(&target().join("fhir-peer"))?;
    release(&root(), &target(), &["--example", "bare"])?;
    let before = match before {
        None => None,
        Some(tree) => {
            // Cargo runs a bench in its package's folder, and the path was given from here.
            let tree = Path::new(tree).canonicalize().map_err(|e| format!("{tree}: {e}"))?;
            release(&tree, &tree.join("target"), &[])?;
            Some(tree.display().to_string())
        }
    };
    for name in BENCHES {
        if chosen.is_empty() || chosen.contains(&name) {
            let mut arguments = vec!["bench", "--package", "beddenwacht-tests", "--bench", name];
            if let Some(tree) = &before {
                arguments.extend(["--", "--before", tree]);
            }
            cargo(&arguments)?;
        }
    }
    Ok(())
}

/// The programs of a tree as they are shipped.
fn release(tree: &Path, target: &Path, more: &[&str]) -> Result<(), Failed> {
    build_ui(tree)?;
    let target = target.display().to_string();
    let mut arguments = vec!["build", "--release", "--target-dir", &target];
    arguments.extend(["--package", "cli", "--package", "beddenwacht", "--bins"]);
    arguments.extend(more);
    step(tree, &cargo_program(), &arguments)
}

/// Writes ui/src/bindings from Rust.
fn bindings() -> Result<(), Failed> {
    eprintln!("▸ writing ui/src/bindings");
    let status = Command::new(cargo_program())
        .args(["test", "--quiet", "--package", "app", "--lib", "--"])
        .arg("the_screen_and_rust_agree")
        .env("BEDDENWACHT_WRITE_BINDINGS", "1")
        .current_dir(root())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("bindings: {other:?}")),
    }
}
