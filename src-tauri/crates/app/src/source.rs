//! The sources that a desk follows: each with its own address, account and state.

use crate::{
    AppError, Clock, SystemClock,
    effect::{Effect, View},
    engine::Engine,
    moment::Moment,
    secrets::{Given, SystemKeyring},
};
use domain::{
    ids::{source_of, within},
    place::Place,
};
use feed::{
    auth::{Account, Secrets, SignIn},
    fhir::{
        sync::{self, Cursors, Delivery},
        visibility::Own,
    },
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};
use store::CacheReader;
use ts_rs::TS;

pub use feed::{FeedError, fhir::client::Server};

/// How the connection to a source stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// No source is followed.
    None,
    /// Not tried yet since the start.
    Starting,
    Live,
    /// No answer since `since`; what is shown is older.
    Offline {
        since: Timestamp,
        error: FeedError,
    },
}

/// The two ways in which a source is asked; neither waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Everything, every five minutes.
    Bulk,
    /// Stops alone: told over a websocket, or asked for every ten seconds.
    Urgent,
}

/// How one channel of a source stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelState {
    pub link: Link,
    /// When it last answered.
    pub answered: Option<Timestamp>,
}

/// What is kept of a source; its secrets lie in the system's keyring only (S-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Stands in front of every id of this source; empty for the desk's first.
    pub key: String,
    /// A FHIR base address, a folder with CSV deliveries, or the practice region.
    pub address: String,
    #[serde(default)]
    pub sign_in: SignIn,
    /// Ids of the organisations whose data in shadow running this account may see.
    #[serde(default)]
    pub own_organizations: Vec<String>,
}

/// What a person fills in to follow a source.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SourceRequest {
    /// A FHIR base address, or a folder with CSV deliveries.
    pub address: String,
    /// `none`, `basic`, `service` or `person`.
    pub sign_in: String,
    /// The name, or the client's id.
    pub user: String,
    /// Where to sign in, for a server that does not say so itself.
    pub issuer: String,
    /// The password or the client's secret; kept in the keyring and nowhere else.
    pub secret: Option<String>,
    /// Ids of the own organisations, for their data in shadow running.
    pub own_organizations: Vec<String>,
}

impl SourceRequest {
    fn choice(&self) -> SignIn {
        let issuer = Some(self.issuer.trim().to_owned()).filter(|i| !i.is_empty());
        let name = self.user.trim().to_owned();
        match self.sign_in.as_str() {
            "basic" => SignIn::Basic { user: name },
            "service" => SignIn::Service {
                client_id: name,
                issuer,
            },
            "person" => SignIn::Person {
                client_id: name,
                issuer,
            },
            _ => SignIn::None,
        }
    }

    pub fn is_person(&self) -> bool {
        self.sign_in == "person"
    }

    /// The folder that it names, if it names one.
    pub fn folder(&self) -> Option<&Path> {
        folder(&self.address)
    }

    /// The account that it describes.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn account(&self) -> Result<Account, FeedError> {
        Account::new(self.choice(), &self.address, Arc::new(SystemKeyring), || {
            SystemClock.now()
        })
    }

    /// The server as this account: with the secret that was given, kept nowhere, or with the keyring's.
    ///
    /// # Errors
    /// When the address is not usable.
    pub fn server(&self) -> Result<Server, FeedError> {
        let secrets: Arc<dyn Secrets> = match &self.secret {
            Some(secret) => Arc::new(Given(secret.clone())),
            None => Arc::new(SystemKeyring),
        };
        server(&self.address, &self.choice(), secrets)
    }
}

/// The folder that an address names, if it names one.
fn folder(address: &str) -> Option<&Path> {
    let path = Path::new(address.trim());
    (!address.contains("://") && path.is_absolute()).then_some(path)
}

/// A source with its state.
#[derive(Clone, Debug)]
pub struct Source {
    pub settings: Settings,
    bulk: ChannelState,
    urgent: ChannelState,
    /// Where the next question about each type starts, in the source's own time.
    cursors: Cursors,
    /// When everything was loaded last: a server without type histories does not tell of deletions.
    reconciled: Option<Timestamp>,
    /// Our clock less the source's.
    pub(crate) clock_skew: Option<SignedDuration>,
}

impl Source {
    pub(crate) fn new(settings: Settings) -> Self {
        let channel = || ChannelState {
            link: Link::None,
            answered: None,
        };
        Self {
            settings,
            bulk: channel(),
            urgent: channel(),
            cursors: Cursors::new(),
            reconciled: None,
            clock_skew: None,
        }
    }

    /// How one of its channels stands.
    pub fn channel(&self, channel: Channel) -> &ChannelState {
        match channel {
            Channel::Bulk => &self.bulk,
            Channel::Urgent => &self.urgent,
        }
    }

    pub(crate) fn channel_mut(&mut self, channel: Channel) -> &mut ChannelState {
        match channel {
            Channel::Bulk => &mut self.bulk,
            Channel::Urgent => &mut self.urgent,
        }
    }

    /// How it stands as a whole: as its worse channel. One that answers about stops alone is not live.
    pub fn link(&self) -> &Link {
        match (&self.bulk.link, &self.urgent.link) {
            (bulk @ Link::Offline { since, .. }, urgent @ Link::Offline { since: other, .. }) => {
                if since <= other {
                    bulk
                } else {
                    urgent
                }
            }
            (bulk @ Link::Offline { .. }, _) => bulk,
            (_, urgent @ Link::Offline { .. }) => urgent,
            (bulk, _) => bulk,
        }
    }

    /// When the last whole picture came.
    pub fn complete_at(&self) -> Option<Timestamp> {
        self.bulk.answered
    }

    /// When anything was last heard.
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.bulk.answered.max(self.urgent.answered)
    }

    /// Where the next question about each type starts.
    pub fn cursors(&self) -> &Cursors {
        &self.cursors
    }

    /// When everything was loaded last.
    pub fn reconciled_at(&self) -> Option<Timestamp> {
        self.reconciled
    }

    /// The server of this source, asked as its account.
    ///
    /// # Errors
    /// When the address is not usable.
    pub fn server(&self) -> Result<Server, FeedError> {
        server(&self.settings.address, &self.settings.sign_in, Arc::new(SystemKeyring))
    }

    /// The folder that it is, on this machine or the network, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        folder(&self.settings.address)
    }

    /// Whether a person signs in here with the browser.
    pub fn is_person(&self) -> bool {
        matches!(self.settings.sign_in, SignIn::Person { .. })
    }
}

/// The address of the practice region; its server has another one at every start.
pub const PRACTICE: &str = "oefenregio";
/// When the whole picture of a source was complete, as it is kept in the cache.
const ANSWERED: &str = "answered";
const RECONCILED: &str = "reconciled";
/// Where the next delta of every type started in earlier versions.
const OF_ALL: &str = "since";

/// Where the next delta of a type starts, as it is kept in the cache.
fn cursor_of(resource: &str) -> String {
    format!("since/{resource}")
}

const SOURCES: &str = "sources";
/// Which key every address ever had here.
const KEYS: &str = "source-keys";
/// Where the one source of earlier versions stood.
const ONE_SOURCE: &str = "source";

impl Moment {
    pub fn sources(&self) -> &[Source] {
        self.sources.as_slice()
    }

    /// Whether what is on the screen is only practised.
    pub fn is_practice(&self) -> bool {
        self.sources.iter().any(|s| s.settings.address == PRACTICE)
    }

    /// A source by its key.
    pub fn source(&self, key: &str) -> Option<&Source> {
        self.sources.iter().find(|s| s.settings.key == key)
    }

    /// How the connection of the source stands that something comes from.
    pub fn link_of(&self, id: &str) -> &Link {
        self.source(source_of(id)).map_or(&Link::None, Source::link)
    }

    /// What belongs to this account's organisations at a source.
    pub(crate) fn own(&self, key: &str) -> Own {
        let organizations = self.source(key).map_or(&[][..], |s| &s.settings.own_organizations);
        if organizations.is_empty() {
            return Own::default();
        }
        let ours: BTreeSet<String> = organizations.iter().map(|id| within(key, id)).collect();
        let is_ours = |p: &&Place| p.organization.as_ref().is_some_and(|o| ours.contains(o.as_str()));
        let places = self.region.places().filter(is_ours).map(|p| p.id.0.clone());
        Own::new(key, organizations, places)
    }

    /// A name for people: what the source calls its region, else its host or folder.
    pub fn source_name(&self, source: &Source) -> String {
        let key = &source.settings.key;
        let region = self.region.organizations.iter();
        let region = region.filter(|(id, o)| o.jurisdiction && source_of(id.as_str()) == key);
        let address = &source.settings.address;
        region.map(|(_, o)| o.name.clone()).next().unwrap_or_else(|| {
            let host = url::Url::parse(address)
                .ok()
                .and_then(|u| u.host_str().map(str::to_owned));
            let folder = source.folder().and_then(|f| f.file_name());
            host.or_else(|| folder.map(|f| format!("map {}", f.to_string_lossy())))
                .unwrap_or_else(|| address.clone())
        })
    }

    /// When the whole picture that is shown was complete, of the source that is furthest behind.
    pub(crate) fn complete_at(&self) -> Option<Timestamp> {
        self.sources.iter().map(Source::complete_at).min().flatten()
    }

    /// When something was last heard of every source.
    pub(crate) fn heard_at(&self) -> Option<Timestamp> {
        self.sources.iter().map(Source::heard_at).min().flatten()
    }
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
            let mut source = Source::new(settings.clone());
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
        let mut keys = std::iter::once(String::new()).chain((2_u32..).map(|n| format!("bron{n}")));
        let fresh = || keys.find(|key| !taken(key) && !ever.values().any(|k| k == key));
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
                self.cache.forget(&gone.key, &gone.address);
                for key in self.versions.forget(&gone.key) {
                    self.moment_mut().region.remove(&key);
                }
                self.raw_stops.retain(|id, _| source_of(id) != gone.key);
            }
        }
        let next = settings.into_iter().map(|settings| {
            let known = self.sources.iter().find(|s| stays(&s.settings, &settings));
            let mut source = known.cloned().unwrap_or_else(|| Source::new(settings.clone()));
            if source.bulk.link == Link::None || source.settings != settings {
                source.bulk.link = Link::Starting;
                source.urgent.link = Link::None;
            }
            Source { settings, ..source }
        });
        let next: Vec<Source> = next.collect();
        self.moment_mut().sources = Arc::new(next);
        self.changed(View::ALL);
        self.effect(Effect::SourcesChanged);
        self.lay_own_labels()
    }

    /// A channel answered.
    pub(crate) fn answered_on(&mut self, key: &str, channel: Channel, skew: Option<SignedDuration>) {
        let now = self.now();
        let back = matches!(self.source(key).map(Source::link), Some(Link::Offline { .. }));
        if let Some(source) = self.source_mut(key) {
            let state = source.channel_mut(channel);
            state.answered = Some(now);
            state.link = Link::Live;
            source.clock_skew = skew.or(source.clock_skew);
        }
        if back && self.source(key).is_some_and(|s| *s.link() == Link::Live) {
            self.retry_now();
        }
        self.changed([View::Frame, View::Settings]);
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
        if let Some(source) = self.source_mut(key) {
            source.cursors.clear();
            source.reconciled = None;
        }
    }
}

/// A server as an account asks it; nothing is sent yet.
///
/// # Errors
/// When the address is not usable.
pub fn server(address: &str, sign_in: &SignIn, secrets: Arc<dyn Secrets>) -> Result<Server, FeedError> {
    let account = Account::new(sign_in.clone(), address, secrets, || SystemClock.now())?;
    Ok(Server::new(address)?.with_account(account))
}

fn first(address: &str) -> Settings {
    Settings {
        key: String::new(),
        address: address.to_owned(),
        sign_in: SignIn::default(),
        own_organizations: vec![],
    }
}
