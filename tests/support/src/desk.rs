//! Opening a desk on a folder, and delivering a region to it. No test opens one otherwise.

use crate::Region;
use app::{Clock, Desk, Identity, Paths, clock::FixedClock};
use feed::{parse::Own, parse::Reader, sync::Delivery};
use std::{path::Path, sync::Arc};

/// Whoever sits at the desk of a test.
pub const OPERATOR: &str = "wan-hoofd";
/// Where that desk stands.
pub const WORKSTATION: &str = "balie";
/// Three in the night, when nobody else is there.
pub const NIGHT: &str = "2026-11-22T03:00:00+01:00";

/// A clock that stands still at three in the night until a test moves it.
pub fn night_clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(NIGHT.parse().unwrap()))
}

/// The desk of [`OPERATOR`], with its files in this folder.
pub fn open_desk(dir: &Path, clock: &Arc<FixedClock>) -> Desk {
    open_desk_of(OPERATOR, WORKSTATION, dir, clock.clone())
}

/// The desk of somebody.
pub fn open_desk_of(user: &str, workstation: &str, dir: &Path, clock: Arc<dyn Clock>) -> Desk {
    let identity = Identity {
        user: user.to_owned(),
        workstation: workstation.to_owned(),
    };
    Desk::open(&Paths { dir: dir.to_owned() }, clock, identity).unwrap()
}

/// Delivers a region as a file that is imported.
pub fn deliver(desk: &mut Desk, region: &Region) {
    let dir = tempfile::tempdir().unwrap();
    let file = region.write(&dir.path().join("levering.json"));
    desk.import(&file).unwrap();
}

/// Delivers a region as the whole of what a source has; `own` are the organisations of the account there.
pub fn deliver_from(desk: &mut Desk, source: &str, own: &[&str], region: &Region) {
    let profile = desk.profile.clone();
    let own: Vec<String> = own.iter().map(|o| (*o).to_owned()).collect();
    let own = Own::new(source, &own, []);
    let reader = Reader {
        profile: &profile,
        received: desk.now(),
        source,
        own: Some(&own),
    };
    let delivery = Delivery {
        reading: reader.json(&region.bundle().to_string()).unwrap(),
        complete: true,
        ..Delivery::default()
    };
    desk.apply(&delivery, source).unwrap();
}
