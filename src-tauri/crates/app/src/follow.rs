//! Following a source: poll, apply, send, and say what changed. Lives in Rust, so that a hidden window misses nothing.

use crate::{alarms::Toast, desk::Desk, error::AppError, outbox};
use feed::{
    FeedError, Profile,
    fhir::client::{Capability, PATIENCE_OF_A_ROUND, Server},
    fhir::sync::{self, Cursors, Delivery},
    fhir::{reader::Reader, visibility::Own},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::sync::Notify;

/// A desk that several tasks use in turns; never held while waiting for the network.
pub type Shared = Arc<Mutex<Desk>>;

/// How often the source is asked.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// Everything; the national rule is five minutes.
    pub all: Duration,
    /// Stops alone.
    pub urgent: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            all: Duration::from_secs(300),
            urgent: Duration::from_secs(10),
        }
    }
}

/// Performs what following leads to; decides nothing.
pub trait Outlet: Send + Sync {
    /// Raise or take away native notifications.
    fn toasts(&self, toasts: Vec<Toast>);
    /// What a screen shows may have changed.
    fn changed(&self);
}

/// A panic while the desk was held leaves it whole: every change is a transaction first.
pub fn hold(desk: &Shared) -> MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One source being followed.
pub struct Follower {
    desk: Shared,
    /// Of the source.
    key: String,
    server: Server,
    capability: Option<Capability>,
    /// Which state of the stops was seen last.
    seen: sync::Seen,
    /// Until when a busy server asked to be left alone.
    busy_until: Option<Timestamp>,
    outlet: Arc<dyn Outlet>,
}

/// When everything was loaded last: a server without type histories does not tell of deletions.
const RECONCILED: &str = "reconciled";
const RECONCILE_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How soon a broken line is tried again, doubled each time.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);
const LISTEN_AGAIN_AT_MOST: Duration = Duration::from_secs(300);
/// Where the next delta of every type started in earlier versions, which kept one cursor for all of them.
const OF_ALL: &str = "since";

/// Where the next delta of a type starts.
fn cursor_of(resource: &str) -> String {
    format!("since/{resource}")
}

impl Follower {
    /// Prepares to follow the desk's first source without an account; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is not usable.
    pub fn new(desk: Shared, address: &str, outlet: Arc<dyn Outlet>) -> Result<Self, FeedError> {
        Ok(Self::of(desk, "", Server::new(address)?, outlet))
    }

    /// Prepares to follow one of the desk's sources, by its key; nothing is sent yet.
    pub fn of(desk: Shared, key: &str, server: Server, outlet: Arc<dyn Outlet>) -> Self {
        Self {
            desk,
            key: key.to_owned(),
            server,
            capability: None,
            seen: None,
            busy_until: None,
            outlet,
        }
    }

    /// One whole round: what changed, then what has to be sent, then what that changed.
    ///
    /// # Errors
    /// Only of storage; a silent source is not an error but a state of the desk.
    pub async fn round(&mut self) -> Result<(), AppError> {
        let brought = self.poll_all().await;
        let live = self.take_in(brought, Asked::Everything)?;
        if live && self.send_all().await? > 0 {
            let brought = self.poll_all().await;
            self.take_in(brought, Asked::Everything)?;
        }
        Ok(())
    }

    /// Asks for stops alone; whether one changed.
    ///
    /// # Errors
    /// Only of storage.
    pub async fn look_for_stops(&mut self) -> Result<bool, AppError> {
        let brought = self.poll_urgent().await;
        let before = hold(&self.desk).region_changes;
        self.take_in(brought, Asked::Stops)?;
        Ok(hold(&self.desk).region_changes != before)
    }

    /// Listens for stops in a task of its own, where the server tells them over a websocket; `news` is told.
    async fn listen(desk: Shared, server: Server, capability: Capability, news: Arc<Notify>) {
        let mut wait = LISTEN_AGAIN;
        loop {
            let (profile, now) = {
                let desk = hold(&desk);
                (desk.profile.clone(), desk.now())
            };
            let heard = || news.notify_one();
            match feed::fhir::subscription::listen(&server, &capability, &profile, now, heard).await {
                Ok(()) => wait = LISTEN_AGAIN,
                Err(error) => {
                    tracing::warn!(%error, "not listening for stops; asking goes on");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LISTEN_AGAIN_AT_MOST);
                }
            }
        }
    }

    /// Follows until dropped. `nudge` asks for a round at once, as after a label.
    pub async fn run(mut self, rhythm: Rhythm, nudge: Arc<Notify>) {
        let news = Arc::new(Notify::new());
        let mut listening = tokio::task::JoinSet::new();
        loop {
            if let Err(error) = self.round().await {
                hold(&self.desk).storage_failed(&error.to_string());
            }
            if let Some(capability) = self
                .capability
                .clone()
                .filter(|c| listening.is_empty() && c.has_subscriptions())
            {
                let (desk, server) = (self.desk.clone(), self.server.clone());
                listening.spawn(Self::listen(desk, server, capability, news.clone()));
            }
            let mut left = rhythm.all;
            while !left.is_zero() {
                let step = rhythm.urgent.min(left);
                tokio::select! {
                    () = tokio::time::sleep(step) => left = left.saturating_sub(step),
                    () = nudge.notified() => break,
                    () = news.notified() => {}
                }
                if left.is_zero() {
                    break;
                }
                match self.look_for_stops().await {
                    // A stop is seen together with the crowd that caused it.
                    Ok(true) => break,
                    Ok(false) => {}
                    Err(error) => hold(&self.desk).storage_failed(&error.to_string()),
                }
            }
        }
    }

    /// How much longer a busy server asked to be left alone.
    pub fn asked_to_wait(&self) -> Option<Duration> {
        let left = self.busy_until?.duration_since(hold(&self.desk).now());
        Duration::try_from(left).ok().filter(|left| !left.is_zero())
    }

    async fn poll_all(&mut self) -> Result<Delivery, FeedError> {
        if let Some(left) = self.asked_to_wait() {
            return Err(FeedError::Busy(left.as_secs()));
        }
        let asked = self.ask_for_all().await;
        let said = match &asked {
            Ok(delivery) => delivery.broke_off(),
            Err(error) => Some(error),
        };
        if let Some(FeedError::Busy(seconds)) = said {
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX).min(3600);
            self.busy_until = Some(hold(&self.desk).now() + SignedDuration::from_secs(seconds));
        }
        asked
    }

    async fn ask_for_all(&mut self) -> Result<Delivery, FeedError> {
        // What a busy server is waited for counts over the whole round, the statement included.
        let server = self.server.patient(PATIENCE_OF_A_ROUND);
        let capability = match &self.capability {
            Some(capability) => capability.clone(),
            None => {
                let capability = server.capability().await?;
                tracing::info!(software = %capability.software, "following");
                self.capability.insert(capability).clone()
            }
        };
        let own;
        let (profile, received, since) = {
            let desk = hold(&self.desk);
            own = desk.own(&self.key);
            (desk.profile.clone(), desk.now(), cursors(&desk, &self.key))
        };
        let reader = self.reader(&profile, received, &own);
        let offered = |kind: &&&str| capability.offers(kind);
        let by_history = sync::TYPES
            .iter()
            .filter(offered)
            .all(|kind| capability.has_history(kind));
        let reconciled = hold(&self.desk).cursor(&self.key, RECONCILED).ok().flatten();
        let overdue = !by_history && reconciled.is_none_or(|at| received.duration_since(at) >= RECONCILE_AFTER);
        if since.is_empty() || overdue {
            return sync::full_load(&server, &capability, &reader).await;
        }
        sync::delta(&server, &capability, &reader, &since, &sync::TYPES).await
    }

    async fn poll_urgent(&mut self) -> Result<Delivery, FeedError> {
        let Some(capability) = self.capability.clone().filter(|_| self.asked_to_wait().is_none()) else {
            return self.poll_all().await;
        };
        let own;
        let (profile, received, since) = {
            let desk = hold(&self.desk);
            let urgent = cursors(&desk, &self.key).get(sync::URGENT).copied();
            own = desk.own(&self.key);
            (desk.profile.clone(), desk.now(), urgent)
        };
        let Some(since) = since else {
            return self.poll_all().await;
        };
        let mut seen = self.seen.take();
        let reader = self.reader(&profile, received, &own);
        let brought = sync::delta_if_changed(&self.server, &capability, &reader, since, sync::URGENT, &mut seen).await;
        self.seen = seen;
        brought
    }

    fn reader<'a>(&'a self, profile: &'a Profile, received: Timestamp, own: &'a Own) -> Reader<'a> {
        Reader {
            profile,
            received,
            source: &self.key,
            own: Some(own),
        }
    }

    /// Applies a round, or says that there was none. Returns whether the source answered.
    fn take_in(&self, brought: Result<Delivery, FeedError>, asked: Asked) -> Result<bool, AppError> {
        let (toasts, live) = {
            let mut desk = hold(&self.desk);
            let live = match brought {
                Ok(delivery) => {
                    if !delivery.reading.changes.is_empty() {
                        tracing::info!(changes = delivery.reading.changes.len(), "change received");
                    }
                    desk.apply(&delivery, &self.key)?;
                    if delivery.everything {
                        let now = desk.now();
                        desk.set_cursor(&self.key, RECONCILED, now)?;
                    }
                    // The same question again is answered by "not changed" (If-None-Match): it moves on with changes only.
                    let moves = match asked {
                        Asked::Everything => true,
                        Asked::Stops => !delivery.reading.changes.is_empty() || !delivery.complete.is_empty(),
                    };
                    for (resource, next) in delivery.next_since.iter().filter(|_| moves) {
                        desk.set_cursor(&self.key, &cursor_of(resource), *next)?;
                    }
                    match delivery.broke_off() {
                        None => true,
                        Some(error) => {
                            tracing::warn!(%error, "the round is not whole");
                            let error = error.clone();
                            desk.no_answer(&self.key, error)?;
                            false
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "no answer");
                    desk.no_answer(&self.key, error)?;
                    false
                }
            };
            (desk.take_toasts(), live)
        };
        if !toasts.is_empty() {
            self.outlet.toasts(toasts);
        }
        self.outlet.changed();
        Ok(live)
    }

    async fn send_all(&self) -> Result<usize, AppError> {
        let mut sent = 0;
        loop {
            let (row, profile, now) = {
                let mut desk = hold(&self.desk);
                (desk.next_to_send(&self.key)?, desk.profile.clone(), desk.now())
            };
            let Some(row) = row else { return Ok(sent) };
            let result = outbox::send(&self.server, &profile, &row, now).await;
            hold(&self.desk).settle(&row, &result)?;
            sent += 1;
            if matches!(result, outbox::Sent::Later(_)) {
                return Ok(sent);
            }
        }
    }
}

/// What a round asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Everything,
    Stops,
}

/// Where the next delta of each type of a source starts.
fn cursors(desk: &Desk, key: &str) -> Cursors {
    let cursor = |set: &str| desk.cursor(key, set).ok().flatten();
    let of_types: Cursors = sync::TYPES
        .into_iter()
        .filter_map(|resource| Some((resource.to_owned(), cursor(&cursor_of(resource))?)))
        .collect();
    match cursor(OF_ALL) {
        Some(at) if of_types.is_empty() => sync::TYPES.into_iter().map(|r| (r.to_owned(), at)).collect(),
        _ => of_types,
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
