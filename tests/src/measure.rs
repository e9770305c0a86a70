//! What benches measure from outside a process, so that the same serves this build, an earlier one and a bare window.

use crate::{root, target};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A build of the application.
#[derive(Clone, Debug)]
pub struct Build {
    pub name: &'static str,
    programs: PathBuf,
    /// Its requests have a command each, as they had before there was one list of them.
    pub commands: bool,
}

impl Build {
    /// This one.
    pub fn now() -> Self {
        Self {
            name: "now",
            programs: target().join("release"),
            commands: false,
        }
    }

    /// This one, and the one in the worktree that `--before` names.
    pub fn all() -> Vec<Self> {
        let mut arguments = std::env::args().skip_while(|a| a != "--before").skip(1);
        let before = arguments.next().map(|path| {
            let tree = root().join(path);
            Self {
                name: "before",
                programs: tree.join("target/release"),
                commands: !tree.join("src-tauri/crates/app/src/commands.rs").exists(),
            }
        });
        before.into_iter().chain([Self::now()]).collect()
    }

    /// One of its programs.
    pub fn program(&self, name: &str) -> PathBuf {
        let path = self.programs.join(name);
        assert!(
            path.exists(),
            "{} is not built: run `cargo xtask bench`",
            path.display()
        );
        path
    }
}

/// Which parts of a bench were asked for by name; all where none was.
pub fn asked_for(part: &str) -> bool {
    let mut words = std::env::args().skip(1);
    let mut named = vec![];
    while let Some(word) = words.next() {
        match word.as_str() {
            "--before" => drop(words.next()),
            other if other.starts_with("--") => {}
            other => named.push(other.to_owned()),
        }
    }
    named.is_empty() || named.iter().any(|n| n == part)
}

/// Whether only a look at the bench itself is wanted (`--quick`): its figures are of too few runs to say anything.
pub fn quick() -> bool {
    std::env::args().any(|a| a == "--quick")
}

/// Measured values, none of them dropped.
#[derive(Clone, Debug, Default)]
pub struct Values(pub Vec<f64>);

impl Values {
    /// The value below which that share of all lies, by nearest rank.
    pub fn at(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (sorted.len() as f64 * share).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    /// How many, the median, the 99th percentile and the largest.
    pub fn line(&self) -> String {
        format!(
            "n {:>4}   p50 {:>8.1}   p99 {:>8.1}   max {:>8.1} ms",
            self.0.len(),
            self.at(0.5),
            self.at(0.99),
            self.at(1.0)
        )
    }
}

/// What a process costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub name: String,
    /// Megabytes that would be free without it: its own, and its share of what it has in common with others.
    pub memory_mb: f64,
    pub cpu_s: f64,
}

/// A process and everything that it started.
pub fn costs(of: u32) -> Vec<Cost> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        if let Some(fields) = stat(pid) {
            parents.insert(pid, fields[1].parse::<u32>().unwrap());
        }
    }
    let is_of = |pid: u32| {
        let mut at = pid;
        while at != of {
            match parents.get(&at) {
                Some(parent) if *parent > 1 => at = *parent,
                _ => return false,
            }
        }
        true
    };
    let ours: Vec<u32> = parents.keys().copied().filter(|pid| is_of(*pid)).collect();
    ours.into_iter().filter_map(cost).collect()
}

/// The process with that command, below another one.
pub fn find_below(of: u32, program: &Path) -> Option<u32> {
    let name = program.file_name()?.to_str()?.chars().take(15).collect::<String>();
    let named = |pid: &u32| fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|c| c.trim() == name);
    let mut open = vec![of];
    while let Some(pid) = open.pop() {
        if named(&pid) {
            return Some(pid);
        }
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        open.extend(children.split_whitespace().filter_map(|c| c.parse::<u32>().ok()));
    }
    None
}

/// The fields of a process after its name.
fn stat(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn cost(pid: u32) -> Option<Cost> {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned();
    let fields = stat(pid)?;
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let pss = rollup.lines().find(|l| l.starts_with("Pss:"))?;
    let kb: f64 = pss.split_whitespace().nth(1)?.parse().ok()?;
    Some(Cost {
        name,
        memory_mb: kb / 1024.0,
        // Linux counts in hundredths of a second wherever this runs.
        cpu_s: ticks as f64 / 100.0,
    })
}
