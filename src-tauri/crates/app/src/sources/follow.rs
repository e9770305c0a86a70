//! Following a source: three tasks, none of which waits for another. One asks for everything, one for stops alone, one
//! sends what people did. They live in Rust, so that a hidden window misses nothing.

use super::{Channel, OutboxSender, Source, StopFollower, line::Line, outbox_sender::LOOK_INTO_OUTBOX};
use crate::{
    engine::{Handle, Input},
    supervise::{Pulse, supervise},
};
use feed::{
    FeedError,
    fhir::{
        client::{Capability, PATIENCE_OF_A_ROUND, Server},
        sync::{self, Delivery},
    },
};
use jiff::SignedDuration;
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinSet};

/// How often a source is asked.
#[derive(Clone, Copy, Debug)]
pub struct PollSchedule {
    /// Everything; the national rule is five minutes.
    pub all: Duration,
    /// Stops alone.
    pub urgent: Duration,
}

impl Default for PollSchedule {
    fn default() -> Self {
        Self {
            all: Duration::from_secs(300),
            urgent: Duration::from_secs(10),
        }
    }
}

const RECONCILE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// A national load over a slow line takes minutes; a question for stops never does.
const BULK_SILENT: Duration = Duration::from_secs(1800);
const URGENT_SILENT: Duration = Duration::from_secs(300);

/// Asks for everything.
pub struct BulkFollower {
    line: Line,
    capability: Option<Capability>,
}

impl BulkFollower {
    /// How much longer a busy server asked to be left alone.
    pub fn asked_to_wait_s(&self) -> Option<u64> {
        self.line.asked_to_wait_s()
    }

    /// One round. Returns whether the source answered; the engine has it then, and may not have applied it yet.
    pub async fn round(&mut self) -> bool {
        let began = self.line.now();
        let brought = self.ask().await;
        self.line.tell(Channel::Bulk, began, brought)
    }

    async fn ask(&mut self) -> Result<Delivery, FeedError> {
        if let Some(left) = self.line.asked_to_wait_s() {
            return Err(FeedError::Busy(left));
        }
        // What a busy server is waited for counts over the whole round, the statement included.
        let server = self.line.server.patient(PATIENCE_OF_A_ROUND);
        let capability = self.line.capability(&server, &mut self.capability).await?;
        let moment = self.line.handle.moment();
        let own = moment.own(&self.line.key);
        let reader = self.line.reader(&moment, &own);
        let source = moment.source(&self.line.key);
        let by_history = sync::TYPES
            .iter()
            .filter(|kind| capability.offers(kind))
            .all(|kind| capability.has_history(kind));
        let reconciled = source.and_then(Source::reconciled_at);
        let overdue = !by_history && reconciled.is_none_or(|at| moment.now.duration_since(at) >= RECONCILE_AFTER);
        match source.map(Source::cursors).filter(|c| !c.is_empty() && !overdue) {
            None => sync::full_load(&server, &capability, &reader).await,
            Some(since) => sync::delta(&server, &capability, &reader, since, &sync::TYPES).await,
        }
    }

    async fn run(mut self, pulse: Pulse, every: Duration, ask: Arc<Notify>) {
        loop {
            self.round().await;
            pulse.beat();
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = ask.notified() => {}
            }
        }
    }
}

/// One source to be followed.
#[derive(Clone, Debug)]
pub struct Follower {
    line: Line,
}

impl Follower {
    /// Prepares to follow one of the desk's sources, by its key; nothing is sent yet.
    pub fn of(handle: Handle, key: &str, server: Server) -> Self {
        let line = Line {
            handle,
            key: key.to_owned(),
            server,
            busy_until: Arc::default(),
            busy_since: Arc::default(),
        };
        Self { line }
    }

    /// What asks for everything.
    pub fn bulk(&self) -> BulkFollower {
        BulkFollower {
            line: self.line.clone(),
            capability: None,
        }
    }

    /// What asks for stops alone.
    pub fn stops(&self) -> StopFollower {
        StopFollower::of(self.line.clone())
    }

    /// What sends.
    pub fn sender(&self) -> OutboxSender {
        OutboxSender::of(self.line.clone())
    }

    /// Follows until what is returned is dropped. Needs a running runtime.
    pub fn start(&self, schedule: PollSchedule) -> Following {
        let following = Following::default();
        let (ask, ask_stops, send) = (&following.ask, &following.ask_stops, &following.send);
        let health = |handle: Handle| move |report| handle.tell(Input::Health(report));
        let mut tasks = JoinSet::new();
        let (this, ask_bulk) = (self.clone(), ask.clone());
        tasks.spawn(async move {
            let make = |pulse| this.bulk().run(pulse, schedule.all, ask_bulk.clone());
            let report = health(this.line.handle.clone());
            supervise("bulk", schedule.all + BULK_SILENT, report, make).await;
        });
        let (this, ask_bulk, ask_here) = (self.clone(), ask.clone(), ask_stops.clone());
        tasks.spawn(async move {
            let make = |pulse| {
                let stops = this.stops();
                stops.run(pulse, schedule.urgent, ask_here.clone(), ask_bulk.clone())
            };
            let report = health(this.line.handle.clone());
            supervise("stops", schedule.urgent + URGENT_SILENT, report, make).await;
        });
        let (this, ask, send) = (self.clone(), [ask.clone(), ask_stops.clone()], send.clone());
        tasks.spawn(async move {
            let make = |pulse| this.sender().run(pulse, send.clone(), ask.clone());
            let report = health(this.line.handle.clone());
            supervise("outbox", LOOK_INTO_OUTBOX + URGENT_SILENT, report, make).await;
        });
        Following { tasks, ..following }
    }
}

/// A source being followed; dropping it ends that.
#[derive(Debug, Default)]
pub struct Following {
    tasks: JoinSet<()>,
    ask: Arc<Notify>,
    ask_stops: Arc<Notify>,
    send: Arc<Notify>,
}

impl Following {
    /// A following of another kind, in tasks of its own.
    pub(crate) fn of(tasks: JoinSet<()>, ask: Arc<Notify>) -> Self {
        Self {
            tasks,
            ask,
            ..Self::default()
        }
    }

    /// Asks for everything and for stops at once.
    pub fn ask(&self) {
        self.ask.notify_one();
        self.ask_stops.notify_one();
    }

    /// Sends at once what waits.
    pub fn send(&self) {
        self.send.notify_one();
    }

    /// How many tasks it consists of.
    pub fn tasks(&self) -> usize {
        self.tasks.len()
    }
}

/// Tries a server without following it: what it calls itself, or what is wrong. A capability statement is public on
/// many servers, so a place is asked for too.
///
/// # Errors
/// See [`FeedError`].
pub async fn try_connection(server: &Server) -> Result<Capability, FeedError> {
    let capability = server.capability().await?;
    sync::may_read(server).await.map(|()| capability)
}
