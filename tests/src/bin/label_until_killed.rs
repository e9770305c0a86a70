//! Labels beds until it is killed, and says of each only after the desk has confirmed it.
#![expect(clippy::unwrap_used, reason = "a test's child that cannot go on must stop")]

use app::{
    Desk, Identity, Paths, SystemClock,
    labels::{LabelRequest, Until},
};
use std::{io::Write, sync::Arc};

fn main() {
    let dir = std::env::args_os().nth(1).unwrap().into();
    let identity = Identity {
        user: "wan-hoofd".to_owned(),
        workstation: "balie".to_owned(),
    };
    let mut desk = Desk::open(&Paths { dir }, Arc::new(SystemClock), identity).unwrap();
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
