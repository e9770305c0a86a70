//! A practice region in a process of its own, of one of the two sizes that are measured.

use crate::{
    Running,
    front::{Front, Pass, Question},
    now,
};
use serde_json::Value;
use std::{
    fmt,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
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

/// Has a server keep no history of anything but stops and scores, so that each round of a desk brings all of it, with
/// every bed in another state than at the round before; and has it take its time over whatever is written.
///
/// It must be said before a desk asks for the capability statement.
pub fn loads_everything_anew(front: &Front, written_after: Duration) {
    front.rule(move |question| match question.resource() {
        "Subscription" => Pass::On,
        _ if question.writes() => Pass::After(written_after),
        _ => Pass::On,
    });
    let load = AtomicUsize::new(0);
    front.change(move |question, body| match question.resource() {
        "metadata" => Some(without_histories(body)),
        "Location" if !question.of_history() => {
            if begins_load(question) {
                load.fetch_add(1, Ordering::Relaxed);
            }
            Some(of_load(body, load.load(Ordering::Relaxed)))
        }
        _ => None,
    });
}

/// Whether a full load begins with this question.
pub fn begins_load(question: &Question) -> bool {
    question.resource() == "Location"
        && !question.of_history()
        && !question.writes()
        && !question.target.contains("_page")
        && !question.target.contains("_count=1&")
        && !question.target.ends_with("_count=1")
}

fn without_histories(body: &str) -> String {
    let mut statement: Value = serde_json::from_str(body).unwrap();
    for resource in statement["rest"][0]["resource"].as_array_mut().unwrap() {
        if resource["type"] != "Flag" && resource["type"] != "Observation" {
            let interactions = resource["interaction"].as_array_mut();
            interactions.unwrap().retain(|i| i["code"] != "history-type");
        }
    }
    statement.to_string()
}

/// The same places in versions of their own: every free bed taken, and every taken one free, at every second load.
fn of_load(body: &str, load: usize) -> String {
    let stamp = now().to_string();
    let mut out = String::with_capacity(body.len() + (body.len() >> 4));
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(r#""lastUpdated":""#) {
        out.push_str(before);
        out.push_str(r#""lastUpdated":""#);
        let end = after.find('"').unwrap_or(0);
        out.push_str(&stamp);
        rest = &after[end..];
    }
    out.push_str(rest);
    let out = out.replace(r#""versionId":""#, &format!(r#""versionId":"{load}"#));
    if load.is_multiple_of(2) {
        return out;
    }
    out.replace(r#""code":"O""#, r#""code":"taken""#)
        .replace(r#""code":"U""#, r#""code":"O""#)
        .replace(r#""code":"taken""#, r#""code":"U""#)
}
