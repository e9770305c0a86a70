//! What the tasks of one source share: how it is asked, and how what it brought reaches the engine.

use super::Channel;
use crate::{
    Moment,
    engine::{Handle, Input, PackedDelivery},
};
use feed::{
    FeedError,
    fhir::{
        client::{Capability, Server},
        reader::Reader,
        sync::Delivery,
        visibility::Own,
    },
};
use jiff::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// What the tasks of one source share.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) handle: Handle,
    /// Of the source.
    pub(super) key: String,
    pub(super) server: Server,
    /// Until when a busy server asked to be left alone; seconds since 1970.
    pub(super) busy_until: Arc<AtomicI64>,
    /// When it asked for it: before that, our clock was set back, and how much is left of it is not known.
    pub(super) busy_since: Arc<AtomicI64>,
}

impl Line {
    pub(super) fn now(&self) -> Timestamp {
        self.handle.moment().now
    }

    /// How much longer a busy server asked to be left alone.
    pub(super) fn asked_to_wait_s(&self) -> Option<u64> {
        let now = self.now().as_second();
        let left = self.busy_until.load(Ordering::Relaxed) - now;
        let asked = self.busy_since.load(Ordering::Relaxed) <= now;
        u64::try_from(left).ok().filter(|left| *left > 0 && asked)
    }

    pub(super) fn heed(&self, error: &FeedError) {
        if let FeedError::Busy(seconds) = error {
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX).min(3600);
            let now = self.now().as_second();
            self.busy_since.store(now, Ordering::Relaxed);
            self.busy_until.store(now + seconds, Ordering::Relaxed);
        }
    }

    pub(super) async fn capability(
        &self,
        server: &Server,
        known: &mut Option<Capability>,
    ) -> Result<Capability, FeedError> {
        if let Some(capability) = known {
            return Ok(capability.clone());
        }
        let capability = server.capability().await?;
        tracing::info!(source = self.key, software = %capability.software, "following");
        Ok(known.insert(capability).clone())
    }

    /// Reads an answer as it is known at this moment.
    pub(super) fn reader<'a>(&'a self, moment: &'a Moment, own: &'a Own) -> Reader<'a> {
        Reader {
            profile: &moment.profile,
            received: moment.now,
            source: &self.key,
            own: Some(own),
        }
    }

    /// Hands over what a question of that time brought, or that it brought nothing.
    pub(super) fn tell(&self, channel: Channel, began: Timestamp, brought: Result<Delivery, FeedError>) -> bool {
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
