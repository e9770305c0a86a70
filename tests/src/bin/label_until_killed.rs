//! Labels beds until it is killed, and says of each only after the desk has confirmed it.
#![expect(clippy::unwrap_used, reason = "a test's child that cannot go on must stop")]

use app::{
    SystemClock,
    labels::{LabelRequest, Until},
};
use std::{io::Write, path::PathBuf, sync::Arc};

fn main() {
    let dir = PathBuf::from(std::env::args_os().nth(1).unwrap());
    let mut desk = support::open_desk_of("wan-hoofd", "balie", &dir, Arc::new(SystemClock));
    let mut out = std::io::stdout();
    for n in 0.. {
        let reason = format!("{}-{n}", std::process::id());
        let request = LabelRequest {
            beds: vec![format!("b{}", n % 40)],
            kind: "covidcapaciteit".to_owned(),
            element: "kliniek-covid".to_owned(),
            reason: reason.clone(),
            until: Until::Open,
        };
        desk.label_beds(&request).unwrap();
        writeln!(out, "{reason}").unwrap();
        out.flush().unwrap();
    }
}
