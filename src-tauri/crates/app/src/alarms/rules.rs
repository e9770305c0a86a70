//! What a region's administrator ships for the alarms, and what a desk chose itself (`alarms.json` in the data folder).

use domain::{
    PlaceId, ServiceCode,
    alarms::{Priority, watch_list::WatchList},
    stop::StopLevel,
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// Watch lists, repetition and escalation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmRules {
    /// Seconds after which an unacknowledged high alarm sounds again.
    #[serde(default)]
    pub repeat_s: Option<i64>,
    #[serde(default)]
    pub watch: WatchList,
    /// Locations whose own busyness is an alarm.
    #[serde(default)]
    pub busyness: BTreeSet<PlaceId>,
    #[serde(default)]
    pub escalation: EscalationRules,
}

/// What becomes of an alarm that nobody acknowledges.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationRules {
    /// Minutes after which it goes up one priority.
    #[serde(default)]
    pub raise_after_min: Option<i64>,
    /// Minutes after which the command is called.
    #[serde(default)]
    pub command_after_min: Option<i64>,
    /// The program and its arguments; never a shell. It gets the alarm as JSON on its standard input.
    #[serde(default)]
    pub command: Vec<String>,
    #[serde(default)]
    pub time_limit_s: Option<u64>,
}

/// What this desk chose itself, over what the region ships.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlarmChoice {
    /// Seconds, 15 to 300.
    #[ts(type = "number | null")]
    pub repeat_s: Option<i64>,
    /// By shift, the locations that raise no alarm at this desk.
    #[serde(default)]
    pub unwatched: BTreeMap<String, BTreeSet<String>>,
    /// Locations whose busyness is an alarm; those of the region where nothing was chosen.
    pub busyness: Option<BTreeSet<String>>,
    /// The first that fits counts; they come before those of the region.
    #[serde(default)]
    pub rules: Vec<DeskRule>,
}

/// What some stops are at this desk. A part that is left out fits every one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeskRule {
    pub shift: Option<String>,
    pub location: Option<String>,
    pub service: Option<String>,
    #[ts(type = "\"threatened\" | \"stop\" | null")]
    pub level: Option<StopLevel>,
    /// None is no alarm: it stands on the screen, and nobody is called for it.
    #[ts(type = "\"high\" | \"medium\" | \"low\" | null")]
    pub priority: Option<Priority>,
}

impl DeskRule {
    fn fits(&self, shift: Option<&str>, site: &PlaceId, service: &ServiceCode, level: StopLevel) -> bool {
        self.shift.as_deref().is_none_or(|s| Some(s) == shift)
            && self.location.as_deref().is_none_or(|l| l == site.as_str())
            && self.service.as_deref().is_none_or(|s| s == service.as_str())
            && self.level.is_none_or(|l| l == level)
    }
}

/// What a desk watches at a moment: the region's rules, with what this desk chose over them.
#[derive(Clone, Copy)]
pub struct Watching<'a> {
    pub rules: &'a AlarmRules,
    pub choice: &'a AlarmChoice,
    pub now: Timestamp,
    pub zone: &'a TimeZone,
}

impl<'a> Watching<'a> {
    /// The name of the shift that runs.
    pub fn shift(self) -> Option<&'a str> {
        self.rules.watch.shift(self.now, self.zone).map(|s| s.name.as_str())
    }

    /// Whether a location raises alarms at this desk in the shift that runs.
    pub fn watches(self, site: &PlaceId) -> bool {
        let Some(shift) = self.shift() else { return true };
        let away = self.choice.unwatched.get(shift);
        away.is_none_or(|sites| !sites.contains(site.as_str()))
    }

    /// The priority of a stop at this desk, `None` where nobody here is called for it.
    pub fn stop_priority(
        self,
        site: &PlaceId,
        service: &ServiceCode,
        level: StopLevel,
        usual: Priority,
    ) -> Option<Priority> {
        if !self.watches(site) {
            return None;
        }
        let (shift, own) = (self.shift(), &self.choice.rules);
        if let Some(rule) = own.iter().find(|r| r.fits(shift, site, service, level)) {
            return rule.priority;
        }
        let watch = &self.rules.watch;
        watch.priority((site, service, level), usual, self.now, self.zone)
    }

    /// Whether the location's own busyness is an alarm.
    pub fn watches_busyness(self, site: &PlaceId) -> bool {
        match &self.choice.busyness {
            Some(chosen) => chosen.contains(site.as_str()),
            None => self.rules.busyness.contains(site),
        }
    }
}
