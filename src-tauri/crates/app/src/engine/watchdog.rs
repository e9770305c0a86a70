//! Watches over the engine from a thread of its own: a stuck one cannot say so itself.
//!
//! Nobody looks at a window that is hidden, so it is told as an alarm is: by notification and sound, again and again. It is
//! no alarm of the list: that list is the engine's.

use crate::{
    alarms::{NotificationKey, Toast},
    effect::{Effect, EffectSink, View},
};
use domain::alarms::Priority;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// An engine that took nothing in for this long is stuck.
const STUCK: Duration = Duration::from_secs(10);
/// In as many looks it is told again: a minute.
const AGAIN: u32 = 6;

/// What is known of the engine from its beats: it gives one for everything that it takes in.
#[derive(Debug, Default)]
pub struct Watchdog {
    seen: u64,
    /// How many looks in a row found it stuck.
    stuck: u32,
}

impl Watchdog {
    /// Looks how many beats there were, every ten seconds. Returns what must be done about it.
    pub fn look(&mut self, beats: u64) -> Vec<Effect> {
        let turns = beats != self.seen;
        self.seen = beats;
        if turns {
            let was = std::mem::take(&mut self.stuck);
            return if was > 0 { turns_again() } else { vec![] };
        }
        self.stuck += 1;
        if self.stuck % AGAIN == 1 {
            does_not_turn()
        } else {
            vec![]
        }
    }
}

/// What is done about an engine that does not turn.
pub(super) fn does_not_turn() -> Vec<Effect> {
    tracing::error!("the engine takes nothing in");
    let summary = "Beddenwacht antwoordt niet meer".to_owned();
    let body = "Stops en bedden worden niet meer gemeld. Sluit af en start opnieuw, en bel tot dan.".to_owned();
    vec![
        Effect::EngineStuck(true),
        Effect::Notify(Toast::Show {
            key: NotificationKey::EngineStuck,
            priority: Priority::High,
            summary,
            body,
        }),
        Effect::Sound(Priority::High),
        Effect::AskForAttention,
        Effect::Changed([View::Frame].into()),
    ]
}

fn turns_again() -> Vec<Effect> {
    let key = NotificationKey::EngineStuck;
    vec![
        Effect::EngineStuck(false),
        Effect::Notify(Toast::Withdraw { key }),
        Effect::Changed([View::Frame].into()),
    ]
}

/// Performs them, one failing with no other.
pub(super) fn perform(effects: Vec<Effect>, sink: &dyn EffectSink) {
    for effect in effects {
        if catch_unwind(AssertUnwindSafe(|| sink.perform(effect))).is_err() {
            tracing::error!("an effect could not be performed");
        }
    }
}

/// Watches for as long as somebody else holds the count.
pub(super) fn watch_over(beats: Arc<AtomicU64>, sink: Arc<dyn EffectSink>) {
    let started = std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        let mut watchdog = Watchdog::default();
        while Arc::strong_count(&beats) > 1 {
            std::thread::sleep(STUCK);
            if Arc::strong_count(&beats) > 1 {
                perform(watchdog.look(beats.load(Ordering::Relaxed)), &*sink);
            }
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "nothing watches over the engine");
    }
}
