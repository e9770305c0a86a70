//! Has what is kept looked through, on a thread of its own that nobody waits for: after the first picture, and while the
//! desk runs.

use crate::desktop::DesktopApp;
use app::{
    Clock, SystemClock,
    engine::Input,
    storage::{CheckPlan, look},
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// As [`CheckPlan::at_look`] counts.
const EVERY: Duration = Duration::from_secs(3_600);

impl DesktopApp {
    /// Starts looking after what is kept, once.
    pub(crate) fn look_after_storage(self: &Arc<Self>) {
        if self.looked_after.swap(true, Ordering::Relaxed) {
            return;
        }
        let desktop = self.clone();
        let started = std::thread::Builder::new()
            .name("upkeep".to_owned())
            .spawn(move || desktop.look_for_damage());
        if let Err(error) = started {
            tracing::error!(%error, "nobody looks after what is kept");
        }
    }

    fn look_for_damage(&self) {
        for n in 0_u32.. {
            let Some(handle) = self.handle.get() else { return };
            let moment = handle.moment();
            let (places, zone) = (&moment.storage.places, &moment.zone);
            let found = look(&self.paths, places, CheckPlan::at_look(n), SystemClock.now(), zone);
            drop(moment);
            handle.tell(Input::Storage(Box::new(found)));
            std::thread::sleep(EVERY);
        }
    }
}
