//! The versions of stops that one delivery brings, in their order.

use crate::clock::CLOCK_GRAIN;
use domain::{StopId, region::Region, stop::Stop};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The versions of each stop in one delivery, oldest first, after the one that was known before.
#[derive(Default)]
pub(super) struct StopVersions(BTreeMap<StopId, (bool, Vec<Stop>)>);

impl StopVersions {
    /// Adds the next version; `known` is what was known of the stop before this delivery.
    pub(super) fn add(&mut self, stop: &Stop, known: Option<&Stop>) {
        let (_, versions) = self
            .0
            .entry(stop.id.clone())
            .or_insert_with(|| (known.is_some(), vec![]));
        versions.push(stop.clone());
    }

    /// What is deleted, or may no longer be seen here, was lifted: its last known version says of what.
    pub(super) fn add_deleted(&mut self, known: &Stop) {
        let over = Stop {
            active: false,
            ..known.clone()
        };
        self.add(&over, Some(known));
    }

    /// What a look at the last version alone would miss. A single version that nobody knew and that is over already has
    /// begun and ended since `heard`, when the source was heard last; one that ended before the first look is no news.
    pub(super) fn between_looks(self, region: &Region, now: Timestamp, heard: Option<Timestamp>) -> Vec<Stop> {
        let mut told = vec![];
        for (known, versions) in self.0.into_values() {
            match versions.as_slice() {
                [only] if !known && !region.holds(only, now) => {
                    let by_source = |ours: Timestamp| region.now_of(only.id.as_str(), ours);
                    let begun_since = only.start.zip(heard).is_some_and(|(start, heard)| {
                        start >= by_source(heard - CLOCK_GRAIN) && start <= by_source(now + CLOCK_GRAIN)
                    });
                    if begun_since {
                        let as_it_stood = Stop {
                            active: true,
                            end: None,
                            ..only.clone()
                        };
                        told.extend([as_it_stood, only.clone()]);
                    }
                }
                // It is over for certain, whatever else of its source does not answer.
                [only] if known && !region.holds(only, now) => told.push(only.clone()),
                [] | [_] => {}
                _ => told.extend(versions),
            }
        }
        told
    }
}
