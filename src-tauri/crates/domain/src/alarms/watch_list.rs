//! Which locations and services alarm at this desk, by shift.

use super::catalogue::Priority;
use crate::{
    ids::{PlaceId, ServiceCode},
    stop::StopLevel,
};
use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Which stops alarm at a desk: a list for each shift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchList {
    pub shifts: Vec<Shift>,
}

/// One shift; past midnight where `until` comes before `from`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    pub name: String,
    pub from: civil::Time,
    pub until: civil::Time,
    /// The first that fits counts; what none of them fits keeps the priority of the alarm catalogue.
    #[serde(default)]
    pub rules: Vec<WatchRule>,
}

/// What some stops are at this desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchRule {
    /// Empty is every location.
    #[serde(default)]
    pub locations: Vec<PlaceId>,
    /// Empty is every service.
    #[serde(default)]
    pub services: Vec<ServiceCode>,
    /// Left out is both.
    #[serde(default)]
    pub level: Option<StopLevel>,
    /// Left out is no alarm: it stands on the screen, and nobody is called for it.
    #[serde(default)]
    pub priority: Option<Priority>,
}

impl Shift {
    fn runs_at(&self, clock: civil::Time) -> bool {
        if self.from < self.until {
            self.from <= clock && clock < self.until
        } else {
            self.from <= clock || clock < self.until
        }
    }
}

impl WatchList {
    /// The shift that runs now.
    pub fn shift(&self, now: Timestamp, zone: &TimeZone) -> Option<&Shift> {
        let clock = now.to_zoned(zone.clone()).time();
        self.shifts.iter().find(|s| s.runs_at(clock))
    }

    /// The priority of a stop at this desk now, `None` where it is watched by nobody here.
    pub fn priority(
        &self,
        (site, service, level): (&PlaceId, &ServiceCode, StopLevel),
        usual: Priority,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Option<Priority> {
        let fits = |rule: &&WatchRule| {
            (rule.locations.is_empty() || rule.locations.contains(site))
                && (rule.services.is_empty() || rule.services.contains(service))
                && rule.level.is_none_or(|l| l == level)
        };
        match self.shift(now, zone).and_then(|s| s.rules.iter().find(fits)) {
            Some(rule) => rule.priority,
            None => Some(usual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service_day::dutch_zone;

    #[test]
    fn the_night_desk_hears_of_a_ct_stop_that_the_day_desk_only_sees() {
        let watch: WatchList = serde_json::from_str(
            r#"{"shifts":[{"name":"dag","from":"07:30","until":"23:00","rules":[{"services":["ct-trombolyse"]}]},
                          {"name":"nacht","from":"23:00","until":"07:30","rules":[{"services":["ct-trombolyse"],"priority":"high"}]}]}"#,
        )
        .unwrap();
        let (site, ct, seh) = ("isala".into(), "ct-trombolyse".into(), "seh".into());
        let at = |text: &str, service| {
            let now: Timestamp = text.parse().unwrap();
            watch.priority((&site, service, StopLevel::Stop), Priority::Medium, now, &dutch_zone())
        };
        assert_eq!(at("2026-11-22T14:00:00+01:00", &ct), None);
        assert_eq!(at("2026-11-22T03:00:00+01:00", &ct), Some(Priority::High));
        assert_eq!(
            at("2026-11-22T14:00:00+01:00", &seh),
            Some(Priority::Medium),
            "no rule is the usual"
        );
        assert_eq!(
            WatchList::default().priority(
                (&site, &seh, StopLevel::Stop),
                Priority::High,
                "2026-11-22T03:00:00+01:00".parse().unwrap(),
                &dutch_zone()
            ),
            Some(Priority::High)
        );
    }
}
