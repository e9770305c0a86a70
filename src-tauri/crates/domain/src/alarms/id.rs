//! What makes two looks at a condition the same alarm: where it comes from, where it is, and what it is.
//!
//! An id travels as text (to the ledger, the screen, scripts) and is taken apart in this file only.
//!
//! ```
//! use domain::alarms::AlarmId;
//!
//! let id: AlarmId = "stop/isala/seh/s1".parse().unwrap();
//! assert_eq!(id.site().map(|s| s.as_str()), Some("isala"));
//! assert_eq!(id.stop().map(|s| s.as_str()), Some("s1"));
//! assert_eq!(id.origin().to_string(), "stop/isala/seh", "whichever stop of that service it is");
//! ```

use super::catalogue::{AlarmKind, AlarmScope, entry};
use crate::ids::{PlaceId, ServiceCode, SourceKey, StopId, source_of, within};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One alarm: the same condition is always the same alarm. Made by its constructors only, so that its parts fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlarmId {
    source: SourceKey,
    site: Option<PlaceId>,
    condition: AlarmCondition,
}

/// What is the matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmCondition {
    /// A stop, threatened or in force: a threat that becomes a stop is the same alarm.
    Stop { service: ServiceCode, stop: StopId },
    /// One origin comes and goes.
    Chattering(Box<AlarmOrigin>),
    /// Of this kind there is one at its desk, source or site.
    Only(AlarmKind),
}

/// What comes and goes as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AlarmOrigin {
    /// A service of a site, whichever stop of it.
    Service {
        source: SourceKey,
        site: Option<PlaceId>,
        service: ServiceCode,
    },
    /// The alarm by itself.
    Alarm(Box<AlarmId>),
}

/// A text that is no alarm's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnAlarmId(pub String);

impl fmt::Display for NotAnAlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no alarm's id", self.0)
    }
}

impl std::error::Error for NotAnAlarmId {}

const STOP: &str = "stop";

impl AlarmId {
    /// Of an announced stop; of its site only what is known.
    pub fn of_stop(site: Option<&PlaceId>, service: &ServiceCode, stop: &StopId) -> Self {
        let of = site.map_or(stop.as_str(), PlaceId::as_str);
        let (source, service) = (source_of(of).into(), service.clone());
        Self {
            source,
            site: site.cloned(),
            condition: AlarmCondition::Stop {
                service,
                stop: stop.clone(),
            },
        }
    }

    /// Of a kind of which each site has one.
    pub fn of_site(kind: AlarmKind, site: &PlaceId) -> Self {
        Self {
            source: source_of(site.as_str()).into(),
            site: Some(site.clone()),
            condition: AlarmCondition::Only(kind),
        }
    }

    /// Of a kind of which each source has one.
    pub fn of_source(kind: AlarmKind, source: &SourceKey) -> Self {
        Self {
            source: source.clone(),
            site: None,
            condition: AlarmCondition::Only(kind),
        }
    }

    /// Of a kind of which this desk has one.
    pub fn of_desk(kind: AlarmKind) -> Self {
        Self::of_source(kind, &"".into())
    }

    /// The one that stands for the alarms of an origin that comes and goes.
    pub fn of_chatter(origin: &AlarmOrigin) -> Self {
        let (source, site) = match origin {
            AlarmOrigin::Service { source, site, .. } => (source, site),
            AlarmOrigin::Alarm(id) => (&id.source, &id.site),
        };
        Self {
            source: source.clone(),
            site: site.clone(),
            condition: AlarmCondition::Chattering(Box::new(origin.clone())),
        }
    }

    /// The key of the source it comes from; empty for the desk's first, and for the desk itself.
    pub fn source(&self) -> &SourceKey {
        &self.source
    }

    pub fn site(&self) -> Option<&PlaceId> {
        self.site.as_ref()
    }

    pub fn condition(&self) -> &AlarmCondition {
        &self.condition
    }

    /// The stop that it is about, if it is about one.
    pub fn stop(&self) -> Option<&StopId> {
        match &self.condition {
            AlarmCondition::Stop { stop, .. } => Some(stop),
            AlarmCondition::Chattering(_) | AlarmCondition::Only(_) => None,
        }
    }

    /// What comes and goes together with it.
    pub fn origin(&self) -> AlarmOrigin {
        match &self.condition {
            // Stops of hospitals that nobody knows have nothing in common.
            AlarmCondition::Stop { service, .. } if self.site.is_some() => AlarmOrigin::Service {
                source: self.source.clone(),
                site: self.site.clone(),
                service: service.clone(),
            },
            AlarmCondition::Stop { .. } | AlarmCondition::Chattering(_) | AlarmCondition::Only(_) => {
                AlarmOrigin::Alarm(Box::new(self.clone()))
            }
        }
    }
}

/// A slash inside a part must not end it. A percent sign is written as such only where it would read as an escape, so
/// that texts of earlier versions keep meaning what they meant.
fn escaped(part: &str) -> String {
    let escaped = part.replace("%25", "%2525").replace("%2F", "%252F");
    escaped.replace('/', "%2F")
}

fn unescaped(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        rest = if let Some(after) = after.strip_prefix("2F") {
            out.push('/');
            after
        } else if let Some(after) = after.strip_prefix("25") {
            out.push('%');
            after
        } else {
            out.push('%');
            after
        };
    }
    out.push_str(rest);
    out
}

/// Without a site the place is the key of the source alone, as it stands in front of every id of it.
fn place_text(source: &SourceKey, site: Option<&PlaceId>) -> String {
    escaped(&site.map_or_else(|| within(source.as_str(), ""), |s| s.0.clone()))
}

fn place(text: &str) -> (SourceKey, Option<PlaceId>) {
    let text = unescaped(text);
    let source = source_of(&text).to_owned();
    let known = text != within(&source, "");
    (SourceKey(source), known.then_some(PlaceId(text)))
}

impl fmt::Display for AlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.condition {
            AlarmCondition::Stop { service, stop } => {
                let at = place_text(&self.source, self.site.as_ref());
                write!(f, "{STOP}/{at}/{}/{stop}", escaped(service.as_str()))
            }
            AlarmCondition::Chattering(origin) => write!(f, "{}/{origin}", AlarmKind::Chattering.code()),
            AlarmCondition::Only(kind) => match (&self.site, self.source.as_str()) {
                (Some(site), _) => write!(f, "{}/{site}", kind.code()),
                (None, "") => f.write_str(kind.code()),
                (None, key) => write!(f, "{}/{key}", kind.code()),
            },
        }
    }
}

impl fmt::Display for AlarmOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlarmOrigin::Service { source, site, service } => {
                let at = place_text(source, site.as_ref());
                write!(f, "{STOP}/{at}/{}", escaped(service.as_str()))
            }
            AlarmOrigin::Alarm(id) => id.fmt(f),
        }
    }
}

impl FromStr for AlarmId {
    type Err = NotAnAlarmId;

    fn from_str(text: &str) -> Result<Self, NotAnAlarmId> {
        let bad = || NotAnAlarmId(text.to_owned());
        let (head, rest) = text.split_once('/').unwrap_or((text, ""));
        if head == STOP {
            let mut parts = rest.splitn(3, '/');
            let (Some(at), Some(service), Some(stop)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(bad());
            };
            let (source, site) = place(at);
            let condition = AlarmCondition::Stop {
                service: ServiceCode(unescaped(service)),
                stop: stop.into(),
            };
            return Ok(Self {
                source,
                site,
                condition,
            });
        }
        let kind = AlarmKind::ALL
            .iter()
            .copied()
            .find(|k| k.code() == head)
            .ok_or_else(bad)?;
        match entry(kind).scope {
            AlarmScope::Desk if rest.is_empty() => Ok(Self::of_desk(kind)),
            AlarmScope::Source => Ok(Self::of_source(kind, &rest.into())),
            AlarmScope::Site if !rest.is_empty() => Ok(Self::of_site(kind, &rest.into())),
            AlarmScope::Origin => Ok(Self::of_chatter(&rest.parse().map_err(|_| bad())?)),
            AlarmScope::Desk | AlarmScope::Site | AlarmScope::Stop => Err(bad()),
        }
    }
}

impl FromStr for AlarmOrigin {
    type Err = NotAnAlarmId;

    fn from_str(text: &str) -> Result<Self, NotAnAlarmId> {
        let service = text.strip_prefix(STOP).and_then(|rest| rest.strip_prefix('/'));
        match service.and_then(|rest| rest.split_once('/')) {
            Some((at, service)) if !service.contains('/') => {
                let (source, site) = place(at);
                Ok(AlarmOrigin::Service {
                    source,
                    site,
                    service: ServiceCode(unescaped(service)),
                })
            }
            _ => Ok(text.parse::<AlarmId>()?.origin()),
        }
    }
}

impl TryFrom<String> for AlarmId {
    type Error = NotAnAlarmId;

    fn try_from(text: String) -> Result<Self, NotAnAlarmId> {
        text.parse()
    }
}

impl From<AlarmId> for String {
    fn from(id: AlarmId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for AlarmOrigin {
    type Error = NotAnAlarmId;

    fn try_from(text: String) -> Result<Self, NotAnAlarmId> {
        text.parse()
    }
}

impl From<AlarmOrigin> for String {
    fn from(origin: AlarmOrigin) -> Self {
        origin.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ids as FHIR has them, and as a table from elsewhere may have them: with slashes, percent signs and escapes.
    fn part() -> impl Strategy<Value = String> {
        prop_oneof![
            "[A-Za-z0-9.-]{1,12}",
            prop::collection::vec(
                prop_oneof![
                    Just("/"),
                    Just("%"),
                    Just("2F"),
                    Just("25"),
                    Just("%2F"),
                    Just("a"),
                    Just(" ")
                ],
                1..6
            )
            .prop_map(|parts| parts.concat()),
        ]
    }

    fn key() -> impl Strategy<Value = String> {
        prop_oneof![Just(String::new()), "bron[0-9]{1,2}"]
    }

    /// A site or a stop of a source as this desk knows it.
    fn known() -> impl Strategy<Value = String> {
        (key(), part()).prop_map(|(key, id)| within(&key, &id))
    }

    fn any_id() -> impl Strategy<Value = AlarmId> {
        let one = prop_oneof![
            (prop::option::of(known()), part(), known()).prop_map(|(site, service, stop)| {
                AlarmId::of_stop(site.map(PlaceId).as_ref(), &ServiceCode(service), &StopId(stop))
            }),
            known().prop_map(|site| AlarmId::of_site(AlarmKind::FeedSilent, &PlaceId(site))),
            known().prop_map(|site| AlarmId::of_site(AlarmKind::Busyness, &PlaceId(site))),
            key().prop_map(|key| AlarmId::of_source(AlarmKind::FeedLost, &SourceKey(key))),
            key().prop_map(|key| AlarmId::of_source(AlarmKind::Clock, &SourceKey(key))),
            Just(AlarmId::of_desk(AlarmKind::Storage)),
        ];
        one.prop_recursive(2, 4, 1, |inner| inner.prop_map(|id| AlarmId::of_chatter(&id.origin())))
    }

    proptest! {
        #[test]
        fn every_alarm_is_found_again_by_the_text_it_was_stored_under(id in any_id()) {
            prop_assert_eq!(id.to_string().parse::<AlarmId>(), Ok(id.clone()));
            let stored = serde_json::to_string(&id).unwrap();
            prop_assert_eq!(serde_json::from_str::<AlarmId>(&stored).unwrap(), id.clone());
            let origin = id.origin();
            prop_assert_eq!(origin.to_string().parse::<AlarmOrigin>(), Ok(origin));
        }

        #[test]
        fn two_alarms_never_share_a_text(a in any_id(), b in any_id()) {
            prop_assert_eq!(a == b, a.to_string() == b.to_string());
        }

        #[test]
        fn no_text_stops_the_desk(text in "\\PC{0,40}") {
            if let Ok(id) = text.parse::<AlarmId>() {
                prop_assert_eq!(id.to_string().parse::<AlarmId>(), Ok(id));
            }
        }
    }

    #[test]
    fn texts_of_earlier_versions_keep_their_meaning_and_are_written_the_same() {
        let isala: PlaceId = "isala".into();
        let ccu = |stop: &str| AlarmId::of_stop(Some(&isala), &"ccu".into(), &stop.into());
        let second: PlaceId = "bron2~isala".into();
        let cases = [
            ("stop/isala/ccu/s1", ccu("s1")),
            // A closure that a service lists: its id is the service's and the moment it began.
            (
                "stop/isala/ccu/hs-1/2026-11-22T02:00:00Z",
                ccu("hs-1/2026-11-22T02:00:00Z"),
            ),
            (
                "stop/bron2~isala/seh/bron2~s1",
                AlarmId::of_stop(Some(&second), &"seh".into(), &"bron2~s1".into()),
            ),
            ("feed-silent/isala", AlarmId::of_site(AlarmKind::FeedSilent, &isala)),
            ("busyness/bron2~isala", AlarmId::of_site(AlarmKind::Busyness, &second)),
            ("feed-lost", AlarmId::of_source(AlarmKind::FeedLost, &"".into())),
            (
                "feed-lost/bron2",
                AlarmId::of_source(AlarmKind::FeedLost, &"bron2".into()),
            ),
            ("clock", AlarmId::of_source(AlarmKind::Clock, &"".into())),
            ("clock/bron2", AlarmId::of_source(AlarmKind::Clock, &"bron2".into())),
            ("storage", AlarmId::of_desk(AlarmKind::Storage)),
            ("chattering/stop/isala/ccu", AlarmId::of_chatter(&ccu("s9").origin())),
            (
                "chattering/feed-silent/isala",
                AlarmId::of_chatter(&AlarmId::of_site(AlarmKind::FeedSilent, &isala).origin()),
            ),
        ];
        for (text, id) in cases {
            assert_eq!(text.parse(), Ok(id.clone()), "{text}");
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn an_alarm_belongs_to_the_source_of_its_site_and_without_a_site_to_that_of_its_stop() {
        let of = |text: &str| text.parse::<AlarmId>().map(|id| id.source().0.clone());
        for (text, key) in [
            ("stop/bron2~isala/seh/s1", "bron2"),
            ("feed-silent/bron2~isala", "bron2"),
            ("feed-lost/bron2", "bron2"),
            ("chattering/stop/bron2~isala/seh", "bron2"),
            ("stop/isala/seh/s1", ""),
        ] {
            assert_eq!(of(text), Ok(key.to_owned()), "{text}");
        }
        let nowhere = AlarmId::of_stop(None, &"seh".into(), &"bron2~s1".into());
        assert_eq!((nowhere.source().as_str(), nowhere.site()), ("bron2", None));
        assert_eq!(nowhere.to_string().parse(), Ok(nowhere));
    }

    #[test]
    fn what_is_no_alarm_is_refused() {
        for text in [
            "",
            "x",
            "stop",
            "stop/isala",
            "stop/isala/seh",
            "storage/isala",
            "feed-silent",
            "seh-stop/isala",
        ] {
            assert!(text.parse::<AlarmId>().is_err(), "{text:?} was taken for an alarm");
        }
    }

    #[test]
    fn stops_of_one_service_come_and_go_as_one_and_those_of_another_site_do_not() {
        let origin = |text: &str| text.parse::<AlarmId>().unwrap().origin();
        assert_eq!(origin("stop/isala/seh/s1"), origin("stop/isala/seh/hs/2"));
        assert_ne!(origin("stop/isala/seh/s1"), origin("stop/deventer/seh/s1"));
        assert_ne!(origin("stop/isala/seh/s1"), origin("stop/isala/ccu/s1"));
    }
}
