//! The alarm catalogue: every kind of alarm with its priority, scope and delays, shown to the operator and used by the
//! rules (AH-16), and what a person must act on in each. Cause, consequence and response are said by the application.
//!
//! A new alarm condition is a kind here and a function in the application's `conditions.rs`. [`entry`] matches
//! exhaustively, so a kind about which nobody decided does not compile.

use crate::{
    ids::{ServiceCode, StopId},
    stop::{StopLevel, StopReason},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Declares the kinds together with the list of all of them, so that the list cannot forget one.
macro_rules! alarm_kinds {
    ($($(#[$doc:meta])* $kind:ident = $code:literal,)+) => {
        /// What kind of condition an alarm is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AlarmKind {
            $($(#[$doc])* #[serde(rename = $code)] $kind,)+
        }

        impl AlarmKind {
            /// Every kind, in the order in which the catalogue is shown.
            pub const ALL: &'static [AlarmKind] = &[$(AlarmKind::$kind),+];

            /// As it is stored and as scripts see it.
            pub const fn code(self) -> &'static str {
                match self {
                    $(AlarmKind::$kind => $code,)+
                }
            }
        }
    };
}

alarm_kinds! {
    /// An SEH stop in a watched hospital.
    SehStop = "seh-stop",
    /// A stop of a service beside the SEH.
    ServiceStop = "service-stop",
    /// A stop threatens.
    ThreatenedStop = "threatened-stop",
    /// One location's delivery is silent for longer than two cycles.
    FeedSilent = "feed-silent",
    /// The whole feed is lost: loss of view.
    FeedLost = "feed-lost",
    /// A stop that was announced or lifted here did not reach the server.
    NotSent = "not-sent",
    /// The local store had to be rebuilt or does not take writes.
    Storage = "storage",
    /// The clock of this machine jumped, or is far from the server's.
    Clock = "clock",
    /// An SEH is busier than its own band; only where somebody asked for it.
    Busyness = "busyness",
    /// One origin comes and goes: its alarms are told as one.
    Chattering = "chattering",
}

impl AlarmKind {
    /// The priority of the catalogue, where no watch list says otherwise.
    pub const fn priority(self) -> Priority {
        entry(self).priority
    }
}

/// How soon somebody must look. Ordered: high is greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    Low,
    Medium,
    High,
}

impl Priority {
    pub const ALL: [Priority; 3] = [Priority::High, Priority::Medium, Priority::Low];

    /// As it is stored and as the screen knows it.
    pub const fn code(self) -> &'static str {
        match self {
            Priority::High => "high",
            Priority::Medium => "medium",
            Priority::Low => "low",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// One step up, as an alarm goes that nobody acknowledges.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Priority::Low => Priority::Medium,
            Priority::Medium | Priority::High => Priority::High,
        }
    }
}

/// What an alarm of a kind is one of: how many of them there can be, and how its id reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmScope {
    /// This desk has one.
    Desk,
    /// Each source has one.
    Source,
    /// Each site has one.
    Site,
    /// Each announced stop has one. Its end may be unknown, which is then said.
    Stop,
    /// Each origin of other alarms has one, which stands for them.
    Origin,
}

/// One kind of alarm: how grave it is and when it counts. What it means and what to do about it is in the catalogue of
/// texts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CatalogueEntry {
    pub kind: AlarmKind,
    pub priority: Priority,
    pub scope: AlarmScope,
    /// It is seen through the feed: while its source does not answer, that we see it no longer does not mean that it
    /// is over.
    pub absence_needs_live_feed: bool,
    /// The condition must hold this long before it is an alarm.
    pub on_delay_s: i64,
    /// It must be gone this long before the alarm returns.
    pub off_delay_s: i64,
    /// How far a value must fall back below its limit before the condition is gone, in its own unit.
    pub deadband: f64,
}

/// The catalogue's entry of a kind. A stop has no delays: its beginning is what this desk is for, and its end is never
/// in doubt.
pub const fn entry(kind: AlarmKind) -> CatalogueEntry {
    match kind {
        AlarmKind::SehStop => CatalogueEntry {
            kind,
            priority: Priority::High,
            scope: AlarmScope::Stop,
            absence_needs_live_feed: true,
            on_delay_s: 0,
            off_delay_s: 0,
            deadband: 0.0,
        },
        AlarmKind::ServiceStop => CatalogueEntry {
            kind,
            priority: Priority::Medium,
            scope: AlarmScope::Stop,
            absence_needs_live_feed: true,
            on_delay_s: 0,
            off_delay_s: 0,
            deadband: 0.0,
        },
        AlarmKind::ThreatenedStop => CatalogueEntry {
            kind,
            priority: Priority::Medium,
            scope: AlarmScope::Stop,
            absence_needs_live_feed: true,
            on_delay_s: 0,
            off_delay_s: 0,
            deadband: 0.0,
        },
        AlarmKind::FeedSilent => CatalogueEntry {
            kind,
            priority: Priority::Medium,
            scope: AlarmScope::Site,
            absence_needs_live_feed: true,
            on_delay_s: 0,
            off_delay_s: 60,
            deadband: 0.0,
        },
        AlarmKind::FeedLost => CatalogueEntry {
            kind,
            priority: Priority::High,
            scope: AlarmScope::Source,
            absence_needs_live_feed: false,
            on_delay_s: 0,
            off_delay_s: 30,
            deadband: 0.0,
        },
        AlarmKind::NotSent => CatalogueEntry {
            kind,
            priority: Priority::High,
            scope: AlarmScope::Desk,
            absence_needs_live_feed: false,
            on_delay_s: 0,
            off_delay_s: 0,
            deadband: 0.0,
        },
        AlarmKind::Storage => CatalogueEntry {
            kind,
            priority: Priority::High,
            scope: AlarmScope::Desk,
            absence_needs_live_feed: false,
            on_delay_s: 0,
            off_delay_s: 0,
            deadband: 0.0,
        },
        AlarmKind::Clock => CatalogueEntry {
            kind,
            priority: Priority::High,
            scope: AlarmScope::Source,
            absence_needs_live_feed: false,
            on_delay_s: 30,
            off_delay_s: 60,
            deadband: 30.0,
        },
        AlarmKind::Busyness => CatalogueEntry {
            kind,
            priority: Priority::Low,
            scope: AlarmScope::Site,
            absence_needs_live_feed: true,
            on_delay_s: 600,
            off_delay_s: 600,
            deadband: 5.0,
        },
        AlarmKind::Chattering => CatalogueEntry {
            kind,
            priority: Priority::Medium,
            scope: AlarmScope::Origin,
            absence_needs_live_feed: false,
            on_delay_s: 0,
            off_delay_s: 300,
            deadband: 0.0,
        },
    }
}

/// What a person must act on in an alarm. When it changes, the alarm is raised again; when only the wording changes, it
/// is not. Compared by value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "kebab-case")]
pub enum AlarmSubject {
    /// That it holds is all there is to act on.
    Plain,
    Stop {
        service: ServiceCode,
        level: StopLevel,
        reason: Option<LeadingReason>,
    },
    FeedLost {
        problem: FeedProblem,
    },
    Storage {
        problem: StorageProblem,
    },
    Clock {
        direction: ClockDirection,
    },
    /// Rows of the outbox with stops that the server has not taken. One more is to be acted on, one less is not.
    NotSent {
        rows: BTreeSet<String>,
    },
    /// Stops that one alarm stands for while they come and go. One that was not among them is to be acted on.
    Chattering {
        stops: BTreeSet<StopId>,
    },
}

impl AlarmSubject {
    /// Whether it asks a person for something that `old` did not.
    pub fn asks_more_than(&self, old: &Self) -> bool {
        match (old, self) {
            (Self::NotSent { rows: old }, Self::NotSent { rows }) => !rows.is_subset(old),
            (Self::Chattering { stops: old }, Self::Chattering { stops }) => !stops.is_subset(old),
            // Earlier versions stored these without what they are about: an update of this program is not an alarm.
            (Self::Plain, Self::NotSent { .. } | Self::Chattering { .. }) => false,
            (old, new) => old != new,
        }
    }
}

/// The first of a stop's reasons: its code, which survives another wording, or its words where it has no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeadingReason {
    Code(String),
    Text(String),
}

impl LeadingReason {
    /// The leading reason among those of a stop, if it says any.
    pub fn of(reasons: &[StopReason]) -> Option<Self> {
        reasons.iter().find_map(|reason| {
            let code = reason.code.as_deref().map(str::trim).filter(|code| !code.is_empty());
            // Spaces and capitals are wording.
            let text = || {
                reason
                    .text
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .to_lowercase()
            };
            match code {
                Some(code) => Some(LeadingReason::Code(code.to_owned())),
                None => Some(text()).filter(|text| !text.is_empty()).map(LeadingReason::Text),
            }
        })
    }
}

/// Why there is no view of a source, as far as somebody must do something else about it. A server that is down in one
/// way or another is the same problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedProblem {
    /// It cannot be reached, is overloaded or fails: wait, and report it.
    NoAnswer,
    /// The address is wrong.
    Address,
    /// Its certificate is not trusted.
    Certificate,
    /// It knows this account and does not let it in.
    Denied,
    /// Somebody has to sign in, or put the account right.
    SignIn,
    /// Something else answers at its address, such as the sign-in page of a network.
    OtherServer,
}

/// What is wrong with what is kept at this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageProblem {
    /// The ledger was damaged; it was set aside and begun anew.
    LedgerSetAside,
    /// The cache was damaged and is fetched again.
    CacheRebuilt,
    /// No disk can be used for the cache: it is in memory only.
    InMemory,
    /// The disk takes nothing any more.
    NotWritable,
    /// No copy of the ledger could be made.
    NoBackup,
    /// A file of the administrator cannot be read.
    UnreadableFile,
    /// Rows of the ledger cannot be read; they are kept for repair.
    UnreadableRows,
    /// The ledger turned out damaged while the desk runs.
    LedgerDamaged,
    /// No disk can be used for the ledger: what is done is in memory only.
    LedgerInMemory,
    /// A copy of the ledger was put in its place, as somebody chose.
    LedgerRestored,
    /// The copy that somebody chose could not be put back.
    LedgerNotRestored,
}

/// Which way this machine's clock is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockDirection {
    Ahead,
    Behind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_alarm_stands_once_in_the_catalogue() {
        for kind in AlarmKind::ALL {
            let row = entry(*kind);
            assert_eq!(row.kind, *kind);
            let same = AlarmKind::ALL.iter().filter(|k| k.code() == kind.code());
            assert_eq!(same.count(), 1, "{kind:?} shares its code with another kind");
        }
    }

    #[test]
    fn a_kind_is_stored_by_the_code_that_scripts_see() {
        for kind in AlarmKind::ALL {
            let stored = serde_json::to_string(kind).unwrap();
            assert_eq!(stored, format!("\"{}\"", kind.code()));
            assert_eq!(serde_json::from_str::<AlarmKind>(&stored).unwrap(), *kind);
        }
    }

    #[test]
    fn of_several_reasons_the_first_that_says_something_leads_by_its_code_where_it_has_one() {
        let reason = |code: Option<&str>, text: &str| StopReason {
            code: code.map(str::to_owned),
            text: text.to_owned(),
        };
        assert_eq!(LeadingReason::of(&[]), None);
        assert_eq!(LeadingReason::of(&[reason(None, " ")]), None);
        assert_eq!(
            LeadingReason::of(&[reason(Some("seh-vol"), "SEH vol"), reason(None, "drukte")]),
            Some(LeadingReason::Code("seh-vol".to_owned()))
        );
        assert_eq!(
            LeadingReason::of(&[reason(None, "CT  defect")]),
            LeadingReason::of(&[reason(None, "ct defect ")]),
            "spaces and capitals are wording"
        );
    }
}
