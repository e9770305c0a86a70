//! Following sources, and where each of them is asked next.

use super::state::{Channel, FeedError, Link, Settings, Source, SourceRequest};
use crate::{
    AppError,
    effect::{Effect, View},
    engine::{Engine, RegionStep},
};
use domain::ids::{source_of, within};
use feed::{
    auth::SignIn,
    fhir::sync::{self, Cursors, Delivery},
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeMap, sync::Arc};
use store::CacheReader;

/// When the whole picture of a source was complete, as it is kept in the cache.
const ANSWERED: &str = "answered";

const RECONCILED: &str = "reconciled";

/// Where the next delta of every type started in earlier versions.
const OF_ALL: &str = "since";

/// Where the next delta of a type starts, as it is kept in the cache.
fn cursor_of(resource: &str) -> String {
    format!("since/{resource}")
}

/// A `Date` header counts whole seconds, and the way takes a moment.
const CLOCK_NOISE: SignedDuration = SignedDuration::from_secs(2);

/// A second goes by every second, unless the machine sleeps.
const GAP: SignedDuration = SignedDuration::from_mins(1);

const SOURCES: &str = "sources";

/// Which key every address ever had here.
const KEYS: &str = "source-keys";

/// Where the one source of earlier versions stood.
const ONE_SOURCE: &str = "source";

/// As many keys are looked for where nothing says which there were.
const MOST_KEYS_LOOKED_FOR: usize = 20;

/// The keys in the order in which sources are given them.
fn keys() -> impl Iterator<Item = String> {
    std::iter::once(String::new()).chain((2_u32..).map(|n| format!("bron{n}")))
}

impl Engine {
    pub(crate) fn read_sources(&mut self, cache: &CacheReader) -> Result<(), AppError> {
        let kept: Option<Vec<Settings>> = self.setting(SOURCES)?;
        let settings = match kept {
            Some(settings) => settings,
            None => {
                let one = self.ledger.setting(ONE_SOURCE)?;
                one.map(|address| first(&address)).into_iter().collect()
            }
        };
        let mut sources = vec![];
        for settings in settings {
            let kept = |what: &str| -> Result<Option<Timestamp>, AppError> {
                Ok(cache.sync(&within(&settings.key, what))?.and_then(|t| t.parse().ok()))
            };
            let mut source = Source::new(settings.clone(), self.now());
            // What the cache holds may still stand: nothing may be concluded from it before the source was asked.
            source.bulk.link = Link::Starting;
            source.bulk.answered = kept(ANSWERED)?;
            source.reconciled = kept(RECONCILED)?;
            for resource in sync::TYPES {
                // Earlier versions kept one cursor for all types.
                if let Some(at) = kept(&cursor_of(resource))?.or(kept(OF_ALL)?) {
                    source.cursors.insert(resource.to_owned(), at);
                }
            }
            sources.push(source);
        }
        // Nobody is followed, and something was: that went with the settings. A file by hand leaves no such trace.
        let delivered = |key: &str| -> Result<bool, AppError> { Ok(cache.sync(&within(key, ANSWERED))?.is_some()) };
        let mut forgotten = false;
        if sources.is_empty() {
            for key in keys().take(MOST_KEYS_LOOKED_FOR) {
                forgotten |= delivered(&key)?;
            }
        }
        self.moment_mut().sources_forgotten = forgotten;
        self.moment_mut().sources = Arc::new(sources);
        Ok(())
    }

    pub(crate) fn source_mut(&mut self, key: &str) -> Option<&mut Source> {
        Arc::make_mut(&mut self.moment_mut().sources)
            .iter_mut()
            .find(|s| s.settings.key == key)
    }

    /// Follows one address and no other from now on; another region's data must not stay on the screen.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn set_source(&mut self, address: &str) -> Result<(), AppError> {
        self.set_sources(vec![first(address)])
    }

    /// Follows a source beside those that are followed already, or the same with another account. Returns its key.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn add_source(&mut self, request: SourceRequest) -> Result<String, AppError> {
        let (address, sign_in) = (request.address.trim().to_owned(), request.choice());
        let own_organizations = request.own_organizations;
        let mut all: Vec<Settings> = self.sources.iter().map(|s| s.settings.clone()).collect();
        if let Some(known) = all.iter_mut().find(|s| s.address == address) {
            known.sign_in = sign_in;
            known.own_organizations = own_organizations;
            let key = known.key.clone();
            self.set_sources(all)?;
            return Ok(key);
        }
        // A key is never given to another server: labels of one would lie over beds of the other.
        let ever: BTreeMap<String, String> = self.setting(KEYS)?.unwrap_or_default();
        let taken = |key: &String| all.iter().any(|s| s.key == *key);
        let fresh = || keys().find(|key| !taken(key) && !ever.values().any(|k| k == key));
        let before = ever.get(&address).filter(|key| !taken(key)).cloned();
        let key = before.or_else(fresh).unwrap_or_default();
        all.push(Settings {
            key: key.clone(),
            address,
            sign_in,
            own_organizations,
        });
        self.set_sources(all)?;
        Ok(key)
    }

    /// Follows a source no longer, and forgets what came from it. What people did here stays.
    ///
    /// # Errors
    /// When there is no such source, or the disk does not take it.
    pub fn remove_source(&mut self, key: &str) -> Result<(), AppError> {
        self.source(key).ok_or_else(|| AppError::not_found(key))?;
        let rest = self.sources.iter().map(|s| s.settings.clone());
        let rest = rest.filter(|s| s.key != key).collect();
        self.set_sources(rest)
    }

    fn set_sources(&mut self, settings: Vec<Settings>) -> Result<(), AppError> {
        let stays = |a: &Settings, b: &Settings| a.key == b.key && a.address == b.address;
        let mut ever: BTreeMap<String, String> = self.setting(KEYS)?.unwrap_or_default();
        ever.extend(settings.iter().map(|s| (s.address.clone(), s.key.clone())));
        self.set_setting(KEYS, &ever)?;
        self.set_setting(SOURCES, &settings)?;
        let sources = self.sources.clone();
        for gone in sources.iter().map(|s| &s.settings) {
            if !settings.iter().any(|s| stays(s, gone)) {
                self.drop_staged(&gone.key);
                self.cache.forget(&gone.key, &gone.address);
                self.change_region(RegionStep::Skew(gone.key.clone(), SignedDuration::ZERO));
                for key in self.versions.forget(&gone.key) {
                    self.change_region(RegionStep::Remove(key));
                }
                self.raw_stops.retain(|id, _| source_of(id) != gone.key);
            }
        }
        let now = self.now();
        let next = settings.into_iter().map(|settings| {
            let known = self.sources.iter().find(|s| stays(&s.settings, &settings));
            let mut source = known.cloned().unwrap_or_else(|| Source::new(settings.clone(), now));
            if source.bulk.link == Link::None || source.settings != settings {
                source.bulk.link = Link::Starting;
                source.urgent.link = Link::None;
                source.asked_since = now;
            }
            Source { settings, ..source }
        });
        let next: Vec<Source> = next.collect();
        self.moment_mut().sources = Arc::new(next);
        self.moment_mut().sources_forgotten = false;
        self.changed(View::ALL);
        self.effect(Effect::SourcesChanged);
        self.lay_own_labels()
    }

    /// Compares our clock with a source's by an answer that was asked for and received at these times. The server dated
    /// it somewhere between the two: what was measured before stays as long as it agrees with that, so that a slow
    /// answer does not move every age.
    pub(crate) fn measure_clock(&mut self, key: &str, began: Timestamp, received: Timestamp, server: Timestamp) {
        let known = self
            .source(key)
            .and_then(|source| source.clock_skew)
            .unwrap_or_default();
        let most = received.duration_since(server);
        let least = began.duration_since(server).min(most);
        let agrees = least - CLOCK_NOISE <= known && known <= most + CLOCK_NOISE;
        let skew = if agrees { known } else { known.clamp(least, most) };
        if let Some(source) = self.source_mut(key) {
            source.clock_skew = Some(skew);
        }
        self.change_region(RegionStep::Skew(key.to_owned(), skew));
    }

    /// A channel answered.
    pub(crate) fn answered_on(&mut self, key: &str, channel: Channel) {
        let now = self.now();
        let back = matches!(self.source(key).map(Source::link), Some(Link::Offline { .. }));
        if let Some(source) = self.source_mut(key) {
            let state = source.channel_mut(channel);
            state.answered = Some(now);
            state.link = Link::Live;
        }
        if back && self.source(key).is_some_and(|s| *s.link() == Link::Live) {
            self.retry_now();
        }
        self.changed([View::Frame, View::Settings]);
    }

    /// A machine that slept asked nobody meanwhile: who did not answer is known some time after it asks again.
    pub(crate) fn notice_gap(&mut self) {
        let now = self.now();
        let gap = now.duration_since(self.ticked_at);
        self.ticked_at = now;
        if gap > GAP {
            tracing::warn!(seconds = gap.as_secs(), "nothing was done for a while");
            for source in Arc::make_mut(&mut self.moment_mut().sources) {
                source.asked_since = now;
            }
            self.effect(Effect::AskSources);
        }
    }

    /// A channel that fell silent without a word, since whoever asks it died or hangs, counts as one without an answer.
    pub(crate) fn notice_silence(&mut self) {
        let now = self.now();
        let mut silent = vec![];
        for source in self.sources.iter() {
            for channel in [Channel::Bulk, Channel::Urgent] {
                let since = source.overdue(channel, now);
                silent.extend(since.map(|since| (source.settings.key.clone(), channel, since)));
            }
        }
        for (key, channel, since) in silent {
            tracing::error!(source = key, ?channel, %since, "nothing was heard");
            if let Some(source) = self.source_mut(&key) {
                let error = FeedError::Unreachable(format!("nothing was heard since {since}"));
                source.channel_mut(channel).link = Link::Offline { since, error };
            }
            self.changed([View::Frame, View::Region, View::Settings]);
            self.effect(Effect::AskSources);
        }
    }

    /// Moves on to where the next questions of a channel start, after what it brought was applied. Returns what the cache
    /// keeps of it, in one transaction with the delivery: after a crash the same is asked again.
    pub(crate) fn moved_cursors(&mut self, key: &str, channel: Channel, delivery: &Delivery) -> Vec<(String, String)> {
        let now = self.now();
        // The same question again is answered by "not changed" (If-None-Match): it moves on with changes only.
        let moves = match channel {
            Channel::Bulk => true,
            Channel::Urgent => !delivery.reading.changes.is_empty() || !delivery.complete.is_empty(),
        };
        // What is asked in parts begins with a whole: without one, what was written earlier would never be asked for.
        let known = self.source(key).map(|s| s.cursors.clone()).unwrap_or_default();
        let begins = |resource: &String| known.contains_key(resource) || !delivery.complete.is_empty();
        let next = delivery.next_since.clone().into_iter();
        let moved: Cursors = next.filter(|(resource, _)| moves && begins(resource)).collect();
        if let Some(source) = self.source_mut(key) {
            source.cursors.extend(moved.clone());
            if delivery.everything {
                source.reconciled = Some(now);
            }
        }
        let mut kept: Vec<(String, String)> = vec![];
        if delivery.everything {
            kept.push((RECONCILED.to_owned(), now.to_string()));
        }
        if channel == Channel::Bulk {
            kept.push((ANSWERED.to_owned(), now.to_string()));
        }
        kept.extend(moved.iter().map(|(resource, at)| (cursor_of(resource), at.to_string())));
        kept
    }

    /// Forgets where the next questions start, on disk too, so that the next round loads everything and removes what is
    /// gone.
    pub fn load_anew(&mut self, key: &str) {
        self.forget_cursors(key);
        self.cache.ask_again(key, vec![]);
        self.effect(Effect::AskSources);
    }

    pub(crate) fn forget_cursors(&mut self, key: &str) {
        self.forget_unstored_cursors(key);
        if let Some(source) = self.source_mut(key) {
            source.cursors.clear();
            source.reconciled = None;
        }
    }
}

fn first(address: &str) -> Settings {
    Settings {
        key: String::new(),
        address: address.to_owned(),
        sign_in: SignIn::default(),
        own_organizations: vec![],
    }
}
