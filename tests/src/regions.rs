//! A practice region in a process of its own, of one of the two sizes that are measured.

use crate::Running;
use std::{
    fmt,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

/// How large a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The Zwolle region.
    Regional,
    /// Every hospital of the country.
    National,
}

impl Size {
    pub const ALL: [Self; 2] = [Self::Regional, Self::National];

    /// Locations and beds, as the program `region` takes them; nothing is the Zwolle region.
    pub fn plan(self) -> (u32, u32) {
        match self {
            Self::Regional => (0, 0),
            Self::National => (116, 40_000),
        }
    }

    pub fn layout(self) -> sim::layout::Layout {
        match self.plan() {
            (0, _) => sim::layout::zwolle().unwrap(),
            (locations, beds) => sim::layout::national(locations, beds).unwrap(),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regional => " 1,700 beds",
            Self::National => "40,000 beds",
        })
    }
}

/// A running region; it ends with this value.
pub struct Region {
    pub url: String,
    _process: Running,
}

/// Starts a region in which nothing stops by itself for ten minutes: time goes by there at a tenth of its speed. It tells
/// of stops over a websocket.
///
/// The program has to be built: a bench of this package that is built has it beside itself.
pub fn region(size: Size) -> Region {
    let (locations, beds) = size.plan();
    let program = std::env::current_exe().unwrap();
    // target/release/deps/start-… stands below target/release/region.
    let program = program.ancestors().nth(2).unwrap().join("region");
    let mut child = Command::new(program)
        .args([&locations.to_string(), &beds.to_string(), "0.1", "tells", "quiet"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    Region {
        url: url.trim().to_owned(),
        _process: Running(child),
    }
}
