//! What alarm conditions are worked out from, and what can be asked of it.

use super::copies;
use crate::{
    alarms::Watching, assets::StopCodes, health::StorageNote, moment::Moment, outbox::UnsentStop, sources::Link,
    text::Language,
};
use domain::{
    PlaceId, SourceKey, StopId,
    alarms::{Alarm, AlarmId, AlarmKind, AlarmOrigin, entry},
    drive_times::DriveTimes,
    freshness::{self, Freshness},
    ids::source_of,
    place::Place,
    region::Region,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::BTreeMap;

/// Two delivery cycles: a location silent for longer is a loss of view.
const SILENT: SignedDuration = SignedDuration::from_mins(10);

/// What the conditions are worked out from.
pub struct ConditionInputs<'a> {
    pub region: &'a Region,
    pub sources: Vec<SourceInput<'a>>,
    /// Which sources were followed was lost, with what they delivered still there.
    pub sources_forgotten: bool,
    pub stop_codes: &'a StopCodes,
    pub drive_times: &'a DriveTimes,
    pub watching: Watching<'a>,
    pub storage: Option<&'a StorageNote>,
    /// Stops of this desk that the server should have taken by now, oldest first.
    pub unsent: Vec<UnsentStop>,
    /// Busier than this percentage of its own half year, for the sites where somebody asked to be told.
    pub busier_than: BTreeMap<PlaceId, u32>,
    /// Which origins come and go, and how often within the minute.
    pub chattering: BTreeMap<AlarmOrigin, usize>,
    /// The alarms that stand: what holds already must go further back than what is new to be over.
    pub standing: &'a BTreeMap<AlarmId, Alarm>,
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    /// Of the words alone: what holds, and what an alarm is about, is the same in every language.
    pub language: Language,
}

/// A source as the conditions need it.
pub struct SourceInput<'a> {
    pub key: SourceKey,
    /// For people.
    pub name: String,
    pub link: &'a Link,
    /// Our clock less the source's.
    pub clock_skew: Option<SignedDuration>,
}

impl ConditionInputs<'_> {
    pub(super) fn link(&self, source: &SourceKey) -> &Link {
        let source = self.sources.iter().find(|s| s.key == *source);
        source.map_or(&Link::None, |s| s.link)
    }

    pub(super) fn stands(&self, id: &AlarmId) -> bool {
        self.standing.get(id).is_some_and(|a| a.active)
    }

    pub(super) fn phone(&self, place: &PlaceId) -> Option<String> {
        self.region.phone(place, self.now, self.zone)
    }

    /// Whether an alarm's condition is over when it is no longer seen. Without a live feed it may still hold; and it does
    /// still hold where only this shift or this desk does not watch it.
    pub fn may_conclude_absence(&self, alarm: &Alarm) -> bool {
        let source = match alarm.id.stop() {
            Some(stop) => {
                // What its hospital said last decides, whatever else of its source does not answer.
                if let Some(known) = self.region.stops.get(stop.as_str()) {
                    let holds = self.region.holds(known, self.now) && copies::is_about(self.region, &alarm.id, known);
                    return !holds || self.region.in_shadow(&known.place);
                }
                if self.is_listed(&alarm.id, stop) {
                    return false;
                }
                // The alarm is of the first source that knows the hospital, which need not be the one that told.
                source_of(stop.as_str()).into()
            }
            None => alarm.id.source().clone(),
        };
        let link = self.link(&source);
        if alarm.kind == AlarmKind::FeedSilent && matches!(link, Link::Live) {
            let site = self.region.sites().find(|s| alarm.id.site() == Some(&s.id));
            return !site.is_some_and(|site| !site.shadow && is_silent(self, site));
        }
        !entry(alarm.kind).absence_needs_live_feed || matches!(link, Link::Live | Link::None)
    }

    /// Whether a service lists a closure that nobody announced.
    fn is_listed(&self, alarm: &AlarmId, closure: &StopId) -> bool {
        let of = |site: &&Place| !site.shadow && alarm.site() == Some(&copies::first_site(self.region, site).id);
        let mut sites = self.region.sites().filter(of);
        sites.any(|site| {
            let holding = self.region.holding_stops(&site.id, self.now);
            holding.iter().any(|stop| stop.id == *closure)
        })
    }
}

/// Whether a location has not delivered for longer than two cycles.
pub(super) fn is_silent(inputs: &ConditionInputs<'_>, site: &Place) -> bool {
    let age = inputs.region.age_s(&site.id, inputs.now);
    age.is_none_or(|s| s > SILENT.as_secs() || freshness::lies_ahead(s))
}

impl Moment {
    /// What the conditions are worked out from at this desk.
    pub(crate) fn condition_inputs(&self, chattering: BTreeMap<AlarmOrigin, usize>) -> ConditionInputs<'_> {
        let now = self.now();
        let sources = self.sources.iter().map(|source| SourceInput {
            key: source.settings.key.as_str().into(),
            name: self.source_name(source),
            link: source.link(),
            clock_skew: source.clock_skew,
        });
        let watching = self.watching();
        let asked = self.region.sites().filter(|s| watching.watches_busyness(&s.id));
        ConditionInputs {
            region: &self.region,
            sources: sources.collect(),
            sources_forgotten: self.sources_forgotten,
            stop_codes: &self.stop_codes,
            drive_times: &self.drive_times,
            storage: self.health.storage.as_ref(),
            unsent: self.unsent_stops(),
            busier_than: asked
                .filter_map(|site| Some((site.id.clone(), self.busy_percent(&site.id, now)?)))
                .collect(),
            watching,
            chattering,
            standing: &self.alarms,
            now,
            zone: &self.zone,
            language: self.language,
        }
    }

    /// How busy an SEH is against its own half year, by a score that is fresh enough.
    fn busy_percent(&self, site: &PlaceId, now: Timestamp) -> Option<u32> {
        let measured = self.region.measurements_of(site);
        let (key, score) = measured
            .into_iter()
            .filter(|(_, m)| freshness::grade(self.region.age_of(m.place.as_str(), m.at, now)) <= Freshness::Ageing)
            .find_map(|(key, m)| Some((key, m.shown()?.0)))?;
        self.trends.busier_than(key, score, now)
    }
}
