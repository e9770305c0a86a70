//! The loop around the engine: messages in, moments out. Urgent ones go first; a second is a message too.

use super::{Act, Engine, Input, Setup, watchdog};
use crate::{
    AppError, ErrorCode,
    effect::{Effect, EffectSink},
    health::HealthReport,
    moment::Moment,
    records::Records,
    sources::Channel,
};
use serde_json::Value;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use store::OutboxRow;
use tokio::sync::{mpsc, oneshot, watch};

const SECOND: Duration = Duration::from_secs(1);

type Reply<T> = oneshot::Sender<Result<T, AppError>>;

enum Message {
    Input(Input),
    Act(Box<dyn Act>, Reply<Value>),
    Setup(Setup, Reply<String>),
    TakeDue(String, Reply<Option<OutboxRow>>),
    /// Answered once everything before it was taken in.
    Reached(Reply<()>),
    /// The next piece of a large delivery.
    Piece,
}

/// The way to the engine: whoever has one can tell it something, ask it for something, and read the moment.
#[derive(Clone)]
pub struct Handle {
    urgent: mpsc::UnboundedSender<Message>,
    ordinary: mpsc::UnboundedSender<Message>,
    moments: watch::Receiver<Arc<Moment>>,
    records: Records,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

impl Handle {
    /// The moment as it was published last. Never waits.
    pub fn moment(&self) -> Arc<Moment> {
        self.moments.borrow().clone()
    }

    /// Waits for the next moment.
    pub async fn changed(&mut self) -> Arc<Moment> {
        // The engine lives as long as the process; a closed channel is its end.
        let _ = self.moments.changed().await;
        self.moment()
    }

    /// What lies on disk, or where the engine has it instead.
    pub fn records(&self) -> Records {
        self.records.of(&self.moment())
    }

    /// Tells the engine something. Stops go ahead of everything else that waits.
    pub fn tell(&self, input: Input) {
        let urgent = match &input {
            Input::Delivered { channel, .. } | Input::Silent { channel, .. } => *channel == Channel::Urgent,
            // A stop that is announced here must not wait behind a load of everything either, nor what became of it.
            Input::Settled { .. } | Input::Tick | Input::Health(_) => true,
            Input::File(_) | Input::Looked { .. } | Input::Trends(_) | Input::Storage(_) => false,
        };
        let way = if urgent { &self.urgent } else { &self.ordinary };
        let _ = way.send(Message::Input(input));
    }

    /// Has the engine carry out what a person wants; on disk when this returns.
    ///
    /// # Errors
    /// As the intent itself; and when the engine is gone.
    pub async fn carry_out(&self, act: impl Act + 'static) -> Result<Value, AppError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.urgent.send(Message::Act(Box::new(act), reply));
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Changes what is followed.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub async fn set_up(&self, setup: Setup) -> Result<String, AppError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.urgent.send(Message::Setup(setup, reply));
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Waits until everything that was told before was taken in and published.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn reached(&self) -> Result<(), AppError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.ordinary.send(Message::Reached(reply));
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// The next thing to send to a source, with its attempt counted.
    ///
    /// # Errors
    /// When the disk does not take the count.
    pub async fn take_due(&self, source: &str) -> Result<Option<OutboxRow>, AppError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.urgent.send(Message::TakeDue(source.to_owned(), reply));
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

fn gone() -> AppError {
    AppError::new(ErrorCode::Storage, "the engine does not answer")
}

/// Starts the engine as a task of the running runtime. It ends when the last [`Handle`] is gone.
pub fn start(mut engine: Engine, records: Records, sink: Arc<dyn EffectSink>) -> Handle {
    engine.set_now();
    let (urgent, mut urgent_inbox) = mpsc::unbounded_channel();
    let (ordinary, mut inbox) = mpsc::unbounded_channel();
    let (publish, moments) = watch::channel(Arc::new(engine.moment().clone()));
    // Without keeping the engine alive: it ends with its last handle.
    let own = urgent.downgrade();
    let handle = Handle {
        urgent,
        ordinary,
        moments,
        records,
    };
    let beat = Arc::new(AtomicU64::new(0));
    let watched = handle.moments.clone();
    watchdog::watch_over(beat.clone(), watched.clone(), sink.clone());
    let (told, never_again) = (sink.clone(), beat.clone());
    let turning = tokio::spawn(async move {
        let mut second = tokio::time::interval(SECOND);
        second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut panics, mut lost, mut stuck) = (0, 0, false);
        // By the inbox, so that a failure of taking it in is caught as any other is.
        let report_panic = |panics: &mut u32| {
            *panics += 1;
            let report = HealthReport::TaskRestarted {
                task: "engine".to_owned(),
                times: *panics,
            };
            if let Some(own) = own.upgrade() {
                let _ = own.send(Message::Input(Input::Health(report)));
            }
        };
        let perform = |effects: Vec<Effect>, lost: &mut u32| {
            for effect in effects {
                // A failing `Changed` is not reported: the report would itself be a `Changed`, without end.
                let of_screen = matches!(effect, Effect::Changed(_));
                if catch_unwind(AssertUnwindSafe(|| sink.perform(effect))).is_err() {
                    tracing::error!("an effect could not be performed");
                    if let Some(own) = own.upgrade().filter(|_| !of_screen) {
                        *lost += 1;
                        let report = HealthReport::TaskRestarted {
                            task: "effects".to_owned(),
                            times: *lost,
                        };
                        let _ = own.send(Message::Input(Input::Health(report)));
                    }
                }
            }
        };
        loop {
            let message = tokio::select! {
                biased;
                message = urgent_inbox.recv() => message,
                _ = second.tick() => Some(Message::Input(Input::Tick)),
                () = std::future::ready(()), if engine.is_taking_in() => Some(Message::Piece),
                message = inbox.recv() => message,
            };
            let Some(message) = message else { return };
            let is_piece = matches!(message, Message::Piece);
            let is_report = matches!(
                &message,
                Message::Input(Input::Health(HealthReport::TaskRestarted { .. }))
            );
            let before = engine.before_input();
            let (answer, effects) = match catch_unwind(AssertUnwindSafe(|| handled(&mut engine, message))) {
                Ok(done) => {
                    // What fails is no beat: an engine that fails at everything is told again and again too.
                    beat.fetch_add(1, Ordering::Relaxed);
                    if std::mem::take(&mut stuck) {
                        perform(watchdog::turns_again(), &mut lost);
                    }
                    done
                }
                // The last resort of R-15: the engine goes on from the moment that was published last.
                Err(_) => {
                    if catch_unwind(AssertUnwindSafe(|| engine.restore(before))).is_err() {
                        tracing::error!("the engine goes on with the moment before, and not with what the ledger has");
                    }
                    if is_report {
                        // Reporting that too would never end; the window is told without the engine.
                        if !std::mem::replace(&mut stuck, true) {
                            perform(watchdog::does_not_turn(engine.moment().language), &mut lost);
                        }
                    } else {
                        report_panic(&mut panics);
                    }
                    (None, vec![])
                }
            };
            // Between two pieces of a delivery nothing is shown otherwise.
            if !is_piece || !engine.is_taking_in() {
                publish.send_replace(Arc::new(engine.moment().clone()));
            }
            perform(effects, &mut lost);
            // A disk that takes its time must not keep back what has just been shown and announced.
            let effects = catch_unwind(AssertUnwindSafe(|| engine.write_behind())).unwrap_or_else(|_| {
                engine.try_ledger_later();
                report_panic(&mut panics);
                vec![]
            });
            if !effects.is_empty() {
                publish.send_replace(Arc::new(engine.moment().clone()));
                perform(effects, &mut lost);
            }
            if let Some(answer) = answer {
                answer();
            }
        }
    });
    tokio::spawn(async move {
        if turning.await.is_err_and(|ended| ended.is_panic()) {
            let language = watched.borrow().language;
            watchdog::perform(watchdog::does_not_turn(language), &*told);
            // It never turns again, and stays watched: it is told for as long as the application runs.
            std::future::pending::<()>().await;
        }
        drop(never_again);
    });
    handle
}

/// Gives the answer once what it is about was published.
type Answer = Box<dyn FnOnce() + Send>;

fn handled(engine: &mut Engine, message: Message) -> (Option<Answer>, Vec<Effect>) {
    fn answer<T: Send + 'static>(reply: Reply<T>, answer: Result<T, AppError>) -> Option<Answer> {
        Some(Box::new(move || drop(reply.send(answer))))
    }
    match message {
        Message::Input(input) => (None, engine.take(input)),
        Message::Act(act, reply) => {
            let (done, effects) = engine.carry_out(act);
            (answer(reply, done), effects)
        }
        Message::Setup(setup, reply) => {
            engine.set_now();
            let done = engine.set_up(setup);
            (answer(reply, done), engine.take_effects())
        }
        Message::Piece => (None, engine.go_on()),
        Message::Reached(reply) => (answer(reply, Ok(())), vec![]),
        Message::TakeDue(source, reply) => {
            engine.set_now();
            let row = engine.next_to_send(&source);
            (answer(reply, row), engine.take_effects())
        }
    }
}
