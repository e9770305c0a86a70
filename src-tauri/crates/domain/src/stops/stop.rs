//! Stops: what is stopped, since when, until when, why; and the status that follows for an emergency department.

use crate::{
    freshness::Freshness,
    ids::{OrganizationId, PlaceId, ServiceCode, StopId},
    service_day::OpeningHours,
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// How far a stop goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopLevel {
    /// A stop threatens: use another department if possible.
    Threatened,
    /// Ambulances are asked to pass by. Never a refusal of life-threatening cases.
    Stop,
}

/// Why, as the source says it: a code where it has one, and its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopReason {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub text: String,
}

/// One announced stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub id: StopId,
    /// The department or site that it is about.
    pub place: PlaceId,
    pub service: ServiceCode,
    pub level: StopLevel,
    /// As delivered: active, inactive, entered-in-error.
    pub active: bool,
    pub start: Option<Timestamp>,
    /// Only when it has really ended.
    pub end: Option<Timestamp>,
    /// Never lifts the stop: past it, the stop is overdue.
    pub expected_end: Option<Timestamp>,
    #[serde(default)]
    pub reasons: Vec<StopReason>,
    /// Version of the server's copy, for lifting or extending it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Stop {
    /// Whether it holds at `now`. A stop planned for later does not hold yet.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.active && self.end.is_none_or(|end| now < end) && self.start.is_none_or(|start| start <= now)
    }

    /// Past its expected end and still standing ("over tijd").
    pub fn overdue_at(&self, now: Timestamp) -> bool {
        self.holds_at(now) && self.expected_end.is_some_and(|end| end < now)
    }
}

/// A service that a site has, and that can therefore be stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopPoint {
    /// The source's id of the service.
    pub id: String,
    pub service: ServiceCode,
    pub organization: Option<OrganizationId>,
    pub places: Vec<PlaceId>,
    pub name: String,
    pub phone: Option<String>,
    pub hours: OpeningHours,
    /// Closures that the service itself lists: a current one is a stop without a code.
    #[serde(default)]
    pub closures: Vec<Closure>,
}

/// A period in which a service says it is not available.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    pub text: String,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
}

/// The status of a stop point as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopStatus {
    Open,
    Threatened,
    Stop,
    /// Outside opening hours: not a stop, and not counted as one.
    Closed,
    /// No fresh information.
    Unknown,
}

impl StopStatus {
    /// Of what several sources say of one stop point the greatest counts: a stop whoever tells of it, and hours whoever
    /// knows them.
    pub fn gravity(self) -> u8 {
        match self {
            StopStatus::Unknown => 0,
            StopStatus::Open => 1,
            StopStatus::Closed => 2,
            StopStatus::Threatened => 3,
            StopStatus::Stop => 4,
        }
    }
}

/// The status of a stop point. A stop that was announced stands whatever its age; "open" is only the absence of a
/// stop, so it needs fresh information to be said.
pub fn status(
    holding: Option<StopLevel>,
    hours: &OpeningHours,
    freshness: Freshness,
    now: Timestamp,
    zone: &TimeZone,
) -> StopStatus {
    match holding {
        Some(StopLevel::Stop) => StopStatus::Stop,
        Some(StopLevel::Threatened) => StopStatus::Threatened,
        None if freshness == Freshness::Unknown => StopStatus::Unknown,
        None if !hours.open_at(now, zone) => StopStatus::Closed,
        None => StopStatus::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_day::dutch_zone;

    fn now() -> Timestamp {
        "2026-11-22T03:00:00+01:00".parse().unwrap()
    }

    #[test]
    fn a_stop_past_its_expected_end_still_stands_and_is_overdue() {
        let stop = Stop {
            id: "s".into(),
            place: "seh".into(),
            service: "seh".into(),
            level: StopLevel::Stop,
            active: true,
            start: Some(now() - jiff::SignedDuration::from_hours(3)),
            end: None,
            expected_end: Some(now() - jiff::SignedDuration::from_mins(1)),
            reasons: vec![],
            version: None,
        };
        assert!(stop.holds_at(now()), "nothing but the hospital lifts a stop");
        assert!(stop.overdue_at(now()));
    }

    #[test]
    fn silence_is_not_open_but_a_stop_stands_even_when_the_feed_is_silent() {
        let hours = OpeningHours::default();
        assert_eq!(
            status(None, &hours, Freshness::Unknown, now(), &dutch_zone()),
            StopStatus::Unknown
        );
        assert_eq!(
            status(None, &hours, Freshness::Stale, now(), &dutch_zone()),
            StopStatus::Open
        );
        assert_eq!(
            status(Some(StopLevel::Stop), &hours, Freshness::Unknown, now(), &dutch_zone()),
            StopStatus::Stop
        );
    }
}
