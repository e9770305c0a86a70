//! Asking a source for stops alone, and listening for them where it tells.

use super::{Channel, Source, line::Line};
use crate::{Moment, supervise::Pulse};
use domain::{ids::source_of, region::RecordKey};
use feed::{
    Change, FeedError,
    fhir::{
        client::Capability,
        subscription,
        sync::{self, Delivery},
    },
};
use jiff::SignedDuration;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinSet};

/// Without any cursor yet: stops that were written earlier come with everything else.
const STOPS_OF_LATELY: SignedDuration = SignedDuration::from_hours(24);
/// No stop waits longer than this for the name of its hospital.
const PLACES_FIRST: Duration = Duration::from_secs(10);
/// How soon a broken line is tried again, doubled each time.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);
const LISTEN_AGAIN_AT_MOST: Duration = Duration::from_secs(300);

/// Asks for stops alone.
pub struct StopFollower {
    line: Line,
    capability: Option<Capability>,
    /// Which state of the stops was seen last.
    seen: sync::Seen,
    /// Which versions came then.
    brought: BTreeSet<(RecordKey, Option<String>)>,
    /// How often the engine had failed by then.
    failures: u32,
}

impl StopFollower {
    pub(super) fn of(line: Line) -> Self {
        Self {
            line,
            capability: None,
            seen: None,
            brought: BTreeSet::new(),
            failures: 0,
        }
    }

    /// Asks once. Returns whether a stop came that the desk did not know in this version.
    pub async fn look(&mut self) -> bool {
        let began = self.line.now();
        let brought = self.ask().await;
        let news = brought.as_ref().is_ok_and(|delivery| self.brings_news(delivery));
        self.line.tell(Channel::Urgent, began, brought);
        news
    }

    /// What was asked for a little further back comes again: that is no news, and of a stop that is gone nothing else says
    /// so.
    fn brings_news(&mut self, delivery: &Delivery) -> bool {
        let moment = self.line.handle.moment();
        let heads = delivery.reading.changes.iter().map(Change::head);
        let brought: BTreeSet<_> = heads.map(|head| (head.key.clone(), head.version.clone())).collect();
        let news = brought.difference(&self.brought).any(|(key, version)| {
            let known = moment.region.stops.get(&key.id);
            known.is_none_or(|stop| stop.version.is_none() || stop.version != *version)
        });
        self.brought = brought;
        news
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
        let reader = self.line.reader(&moment, &own);
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

    pub(super) async fn run(mut self, pulse: Pulse, every: Duration, ask: Arc<Notify>, bulk: Arc<Notify>) {
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
