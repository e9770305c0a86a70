//! The sources that a desk follows: each with its own address, account and state, and its own three tasks.

mod deliver;
mod dry_run;
mod folder;
mod follow;
mod import;
mod intents;
mod line;
mod outbox_sender;
mod secrets;
mod state;
mod stop_follower;
mod view;

pub use deliver::{Delivered, Order, deliver};
pub use dry_run::{ColumnReport, DryRun};
pub use feed::Mapping;
pub use folder::{FolderWatch, LOOK_EVERY, look_into};
pub use follow::{BulkFollower, Follower, Following, PollSchedule, try_connection};
pub use import::{FileReport, read_file};
pub use outbox_sender::OutboxSender;
pub use secrets::{FixedSecret, SystemKeyring};
pub use state::{
    Channel, ChannelState, FeedError, Link, PRACTICE, ReadFile, Server, Settings, SignInKind, Source, SourceRequest,
    server,
};
pub use stop_follower::StopFollower;
