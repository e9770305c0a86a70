//! Watches over the engine from a thread of its own: a stuck one cannot say so itself.
//!
//! Nobody looks at a window that is hidden, so it is told as an alarm is: by notification and sound, again and again. It is
//! no alarm of the list: that list is the engine's.

use crate::{
    alarms::{NotificationChange, NotificationKey},
    effect::{Effect, EffectSink, View},
    moment::Moment,
    say,
    text::Language,
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
use tokio::sync::watch;

/// An engine that took nothing in for this long is stuck.
const STUCK: Duration = Duration::from_secs(10);
/// In as many looks it is told again: a minute.
const AGAIN: u32 = 6;

/// What is known of the engine from its beats: it gives one for everything that it took in.
#[derive(Debug, Default)]
pub struct Watchdog {
    seen: u64,
    /// How many looks in a row found it stuck.
    stuck: u32,
}

impl Watchdog {
    /// Looks how many beats there were, every ten seconds. Returns what must be done about it.
    pub fn look(&mut self, beats: u64, language: Language) -> Vec<Effect> {
        let turns = beats != self.seen;
        self.seen = beats;
        if turns {
            let was = std::mem::take(&mut self.stuck);
            return if was > 0 { turns_again() } else { vec![] };
        }
        self.stuck += 1;
        if self.stuck % AGAIN == 1 {
            does_not_turn(language)
        } else {
            vec![]
        }
    }
}

/// What is done about an engine that does not turn.
pub(super) fn does_not_turn(language: Language) -> Vec<Effect> {
    tracing::error!("the engine takes nothing in");
    vec![
        Effect::EngineStuck(true),
        Effect::Notify(NotificationChange::Show {
            key: NotificationKey::EngineStuck,
            priority: Priority::High,
            summary: say!(language, NotificationStuck),
            body: say!(language, NoteStuck),
        }),
        Effect::Sound(Priority::High),
        Effect::AskForAttention,
        Effect::Changed([View::Frame].into()),
    ]
}

/// What is done when it turns again.
pub(super) fn turns_again() -> Vec<Effect> {
    let key = NotificationKey::EngineStuck;
    vec![
        Effect::EngineStuck(false),
        Effect::Notify(NotificationChange::Withdraw { key }),
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
pub(super) fn watch_over(beats: Arc<AtomicU64>, moments: watch::Receiver<Arc<Moment>>, sink: Arc<dyn EffectSink>) {
    let started = std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        let mut watchdog = Watchdog::default();
        while Arc::strong_count(&beats) > 1 {
            std::thread::sleep(STUCK);
            if Arc::strong_count(&beats) > 1 {
                let language = moments.borrow().language;
                perform(watchdog.look(beats.load(Ordering::Relaxed), language), &*sink);
            }
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "nothing watches over the engine");
    }
}
