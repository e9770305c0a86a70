//! Following a source: three tasks, none of which waits for another. One asks for everything, one for stops alone, one
//! sends what people did. They live in Rust, so that a hidden window misses nothing.

use crate::{
    AppError, Moment,
    engine::{Handle, Input, PackedDelivery},
    health::HealthReport,
    outbox,
    sources::{Channel, Source},
    supervise::{Pulse, supervise},
};
use domain::ids::source_of;
use feed::{
    FeedError,
    fhir::{
        client::{Capability, PATIENCE_OF_A_ROUND, Server},
        reader::Reader,
        subscription,
        sync::{self, Delivery},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
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
/// Without any cursor yet: stops that were written earlier come with everything else.
const STOPS_OF_LATELY: SignedDuration = SignedDuration::from_hours(24);
/// No stop waits longer than this for the name of its hospital.
const PLACES_FIRST: Duration = Duration::from_secs(10);
/// How soon a broken line is tried again, doubled each time.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);
const LISTEN_AGAIN_AT_MOST: Duration = Duration::from_secs(300);
/// How often the outbox is looked into for rows that are due.
const LOOK_INTO_OUTBOX: Duration = Duration::from_secs(10);
/// A national load over a slow line takes minutes; a question for stops never does.
const BULK_SILENT: Duration = Duration::from_secs(1800);
const URGENT_SILENT: Duration = Duration::from_secs(300);

/// What the tasks of one source share.
#[derive(Clone, Debug)]
struct Line {
    handle: Handle,
    /// Of the source.
    key: String,
    server: Server,
    /// Until when a busy server asked to be left alone; seconds since 1970.
    busy_until: Arc<AtomicI64>,
    /// When it asked for it: before that, our clock was set back, and how much is left of it is not known.
    busy_since: Arc<AtomicI64>,
}

impl Line {
    fn now(&self) -> Timestamp {
        self.handle.moment().now
    }

    /// How much longer a busy server asked to be left alone.
    fn asked_to_wait_s(&self) -> Option<u64> {
        let now = self.now().as_second();
        let left = self.busy_until.load(Ordering::Relaxed) - now;
        let asked = self.busy_since.load(Ordering::Relaxed) <= now;
        u64::try_from(left).ok().filter(|left| *left > 0 && asked)
    }

    fn heed(&self, error: &FeedError) {
        if let FeedError::Busy(seconds) = error {
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX).min(3600);
            let now = self.now().as_second();
            self.busy_since.store(now, Ordering::Relaxed);
            self.busy_until.store(now + seconds, Ordering::Relaxed);
        }
    }

    async fn capability(&self, server: &Server, known: &mut Option<Capability>) -> Result<Capability, FeedError> {
        if let Some(capability) = known {
            return Ok(capability.clone());
        }
        let capability = server.capability().await?;
        tracing::info!(source = self.key, software = %capability.software, "following");
        Ok(known.insert(capability).clone())
    }

    /// Hands over what a question of that time brought, or that it brought nothing.
    fn tell(&self, channel: Channel, began: Timestamp, brought: Result<Delivery, FeedError>) -> bool {
        match brought {
            Ok(delivery) => {
                if let Some(error) = delivery.broke_off() {
                    self.heed(error);
                }
                let whole = delivery.broke_off().is_none();
                match PackedDelivery::of(delivery, self.now()) {
                    Ok(brought) => self.handle.tell(Input::Delivered {
                        source: self.key.clone(),
                        channel,
                        brought: Box::new(brought.asked_for_at(began)),
                    }),
                    Err(error) => {
                        tracing::error!(source = self.key, ?channel, %error, "what was delivered has no form for the disk");
                        let error = FeedError::NotFhir(error.to_string());
                        self.handle.tell(Input::Silent {
                            source: self.key.clone(),
                            channel,
                            error,
                        });
                    }
                }
                whole
            }
            Err(error) => {
                self.heed(&error);
                tracing::warn!(source = self.key, ?channel, %error, "no answer");
                self.handle.tell(Input::Silent {
                    source: self.key.clone(),
                    channel,
                    error,
                });
                false
            }
        }
    }
}

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
        let reader = Reader {
            profile: &moment.profile,
            received: moment.now,
            source: &self.line.key,
            own: Some(&own),
        };
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

/// Asks for stops alone.
pub struct StopFollower {
    line: Line,
    capability: Option<Capability>,
    /// Which state of the stops was seen last.
    seen: sync::Seen,
    /// How often the engine had failed by then.
    failures: u32,
}

impl StopFollower {
    /// Asks once. Returns whether a stop came that the desk did not know in this version.
    pub async fn look(&mut self) -> bool {
        let began = self.line.now();
        let brought = self.ask().await;
        let news = brought.as_ref().is_ok_and(|delivery| self.knows_no_such_stop(delivery));
        self.line.tell(Channel::Urgent, began, brought);
        news
    }

    fn knows_no_such_stop(&self, delivery: &Delivery) -> bool {
        let moment = self.line.handle.moment();
        delivery.reading.changes.iter().any(|change| {
            let head = change.head();
            let known = moment.region.stops.get(&head.key.id);
            known.is_none_or(|stop| stop.version.is_none() || stop.version != head.version)
        })
    }

    /// Waits on the very first start until the places are known, so that a stop is told with the name of its hospital.
    async fn wait_for_places(&self) {
        let mut handle = self.line.handle.clone();
        let of_source = |moment: &Moment| {
            let mut sites = moment.region.sites();
            sites.any(|site| source_of(site.id.as_str()) == self.line.key)
        };
        let known = async { while !of_source(handle.changed().await.as_ref()) {} };
        if !of_source(&self.line.handle.moment()) {
            let _ = tokio::time::timeout(PLACES_FIRST, known).await;
        }
    }

    async fn ask(&mut self) -> Result<Delivery, FeedError> {
        if let Some(left) = self.line.asked_to_wait_s() {
            return Err(FeedError::Busy(left));
        }
        let capability = self.line.capability(&self.line.server, &mut self.capability).await?;
        let moment = self.line.handle.moment();
        let own = moment.own(&self.line.key);
        let reader = Reader {
            profile: &moment.profile,
            received: moment.now,
            source: &self.line.key,
            own: Some(&own),
        };
        let cursors = moment.source(&self.line.key).map(Source::cursors);
        let known = cursors.and_then(|c| c.get(sync::URGENT).copied());
        let since = known.unwrap_or(moment.now - STOPS_OF_LATELY);
        if moment.failures != std::mem::replace(&mut self.failures, moment.failures) {
            // What was seen may be what the engine failed over: "not changed" would hide it.
            self.seen = None;
        }
        let (server, seen) = (&self.line.server, &mut self.seen);
        sync::delta_if_changed(server, &capability, &reader, since, sync::URGENT, seen).await
    }

    async fn run(mut self, pulse: Pulse, every: Duration, ask: Arc<Notify>, bulk: Arc<Notify>) {
        let heard = Arc::new(Notify::new());
        let mut listening = JoinSet::new();
        self.wait_for_places().await;
        loop {
            if self.look().await {
                // A stop is seen together with the crowd that caused it.
                bulk.notify_one();
            }
            pulse.beat();
            if let Some(capability) = self
                .capability
                .clone()
                .filter(|c| listening.is_empty() && c.has_subscriptions())
            {
                listening.spawn(listen(self.line.clone(), capability, heard.clone()));
            }
            tokio::select! {
                () = tokio::time::sleep(every) => {}
                () = heard.notified() => {}
                () = ask.notified() => {}
            }
        }
    }
}

/// Listens for stops, where the server tells them over a websocket; `heard` is told.
async fn listen(line: Line, capability: Capability, heard: Arc<Notify>) {
    let mut wait = LISTEN_AGAIN;
    loop {
        let moment = line.handle.moment();
        let tell = || heard.notify_one();
        match subscription::listen(&line.server, &capability, &moment.profile, moment.now, tell).await {
            Ok(()) => wait = LISTEN_AGAIN,
            Err(error) => {
                tracing::warn!(%error, "not listening for stops; asking goes on");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LISTEN_AGAIN_AT_MOST);
            }
        }
    }
}

/// Sends what people did.
pub struct OutboxSender {
    line: Line,
}

impl OutboxSender {
    /// Sends everything that is due, stops first; a row that fails keeps no other one back. Returns how many rows were
    /// tried.
    ///
    /// # Errors
    /// When the disk does not take that a row is tried.
    pub async fn send_all(&self) -> Result<usize, AppError> {
        let mut tried = 0;
        while let Some(row) = self.line.handle.take_due(&self.line.key).await? {
            let moment = self.line.handle.moment();
            let sent = outbox::send(&self.line.server, &moment, &row).await;
            let line_is_down = sent.line_is_down();
            let row = Box::new(row);
            self.line.handle.tell(Input::Settled { row, sent });
            tried += 1;
            if line_is_down {
                break;
            }
        }
        Ok(tried)
    }

    async fn run(self, pulse: Pulse, send: Arc<Notify>, ask: [Arc<Notify>; 2]) {
        loop {
            match self.send_all().await {
                // What was sent changed something at the server.
                Ok(tried) if tried > 0 => ask.iter().for_each(|a| a.notify_one()),
                Ok(_) => {}
                Err(error) => self
                    .line
                    .handle
                    .tell(Input::Health(HealthReport::Storage(error.to_string()))),
            }
            pulse.beat();
            tokio::select! {
                () = tokio::time::sleep(LOOK_INTO_OUTBOX) => {}
                () = send.notified() => {}
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
        StopFollower {
            line: self.line.clone(),
            capability: None,
            seen: None,
            failures: 0,
        }
    }

    /// What sends.
    pub fn sender(&self) -> OutboxSender {
        OutboxSender {
            line: self.line.clone(),
        }
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
