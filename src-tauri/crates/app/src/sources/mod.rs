//! The sources that a desk follows: each with its own address, account and state, and its own three tasks.

mod deliver;
mod dry_run;
mod folder;
mod follow;
mod import;
mod intents;
mod secrets;
mod state;
mod view;

pub use deliver::{Delivered, Order, deliver};
pub use dry_run::{ColumnReport, DryRun};
pub use feed::Mapping;
pub use folder::{FolderWatch, LOOK_EVERY, look_into};
pub use follow::{BulkFollower, Follower, Following, OutboxSender, PollSchedule, StopFollower, try_connection};
pub use import::{FileReport, read_file};
pub use secrets::{FixedSecret, SystemKeyring};
pub use state::{
    Channel, ChannelState, FeedError, Link, PRACTICE, ReadFile, Server, Settings, SignInKind, Source, SourceRequest,
    server,
};
