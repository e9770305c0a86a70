//! The sources that a desk follows: each with its own address, account and state.

use crate::{
    Clock, SystemClock,
    sources::{FixedSecret, SystemKeyring},
};
use feed::Reading;
pub use feed::{FeedError, fhir::client::Server};
use feed::{
    auth::{Account, Secrets, SignIn},
    fhir::sync::Cursors,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::{path::Path, sync::Arc};
use ts_rs::TS;

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

impl Channel {
    /// What has not answered for longer is not live, whatever it said last: whoever asks may have died. Everything is asked
    /// for once a cycle of five minutes, and may take its time; stops every few seconds.
    fn patience(self) -> SignedDuration {
        match self {
            Channel::Bulk => SignedDuration::from_mins(10),
            Channel::Urgent => SignedDuration::from_mins(5),
        }
    }
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

/// How a source is signed in to, as it is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SignInKind {
    /// Not at all.
    #[default]
    None,
    /// By name and password.
    Basic,
    /// As a service, by its id and secret.
    Service,
    /// By a person, in the browser.
    Person,
}

/// What a person fills in to follow a source.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SourceRequest {
    /// A FHIR base address, or a folder with CSV deliveries.
    pub address: String,
    pub sign_in: SignInKind,
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
    pub(super) fn choice(&self) -> SignIn {
        let issuer = Some(self.issuer.trim().to_owned()).filter(|i| !i.is_empty());
        let name = self.user.trim().to_owned();
        match self.sign_in {
            SignInKind::None => SignIn::None,
            SignInKind::Basic => SignIn::Basic { user: name },
            SignInKind::Service => SignIn::Service {
                client_id: name,
                issuer,
            },
            SignInKind::Person => SignIn::Person {
                client_id: name,
                issuer,
            },
        }
    }

    pub fn is_person(&self) -> bool {
        self.sign_in == SignInKind::Person
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
            Some(secret) => Arc::new(FixedSecret(secret.clone())),
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
    pub(super) bulk: ChannelState,
    pub(super) urgent: ChannelState,
    /// Where the next question about each type starts, in the source's own time.
    pub(super) cursors: Cursors,
    /// When everything was loaded last: a server without type histories does not tell of deletions.
    pub(super) reconciled: Option<Timestamp>,
    /// Our clock less the source's, as steady as what was measured allows.
    pub(crate) clock_skew: Option<SignedDuration>,
    /// Since when it is asked, by this run.
    pub(super) asked_since: Timestamp,
}

impl Source {
    pub(crate) fn new(settings: Settings, now: Timestamp) -> Self {
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
            asked_since: now,
        }
    }

    /// Since when a channel has been silent that nobody said has no answer, where that is too long.
    pub(super) fn overdue(&self, channel: Channel, now: Timestamp) -> Option<Timestamp> {
        let state = self.channel(channel);
        // A folder is asked for everything at once.
        let is_asked = channel == Channel::Bulk || self.folder().is_none();
        let since = state.answered.map_or(self.asked_since, |at| at.max(self.asked_since));
        let told = matches!(state.link, Link::Offline { .. });
        (is_asked && !told && now.duration_since(since) > channel.patience()).then_some(since)
    }

    /// Our clock was set back by this much: how long ago it answered stays the same.
    pub(crate) fn set_back(&mut self, by: SignedDuration) {
        for channel in [&mut self.bulk, &mut self.urgent] {
            let since = match &mut channel.link {
                Link::Offline { since, .. } => Some(since),
                Link::None | Link::Starting | Link::Live => None,
            };
            for at in since.into_iter().chain(&mut channel.answered) {
                *at -= by;
            }
        }
        self.reconciled = self.reconciled.map(|at| at - by);
        self.asked_since -= by;
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

/// The name under which the practice region is followed, and that of its data folder; its server has another address at
/// every start.
pub const PRACTICE: &str = "oefenregio";

/// A server as an account asks it; nothing is sent yet.
///
/// # Errors
/// When the address is not usable.
pub fn server(address: &str, sign_in: &SignIn, secrets: Arc<dyn Secrets>) -> Result<Server, FeedError> {
    let account = Account::new(sign_in.clone(), address, secrets, || SystemClock.now())?;
    Ok(Server::new(address)?.with_account(account))
}

/// A file as it was read, not applied yet: reading takes as long as the disk likes, and is done beside the engine.
#[derive(Debug)]
pub struct ReadFile {
    pub file: String,
    /// The key of the source that it is of.
    pub source: String,
    pub reading: Result<Reading, String>,
}
