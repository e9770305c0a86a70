//! The versions of stops that one delivery brings, in their order.

use crate::clock::CLOCK_GRAIN;
use domain::{StopId, region::Region, stop::Stop};
use feed::fhir::sync::SHOWN_LATE;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A stop as one of its versions said it was.
#[derive(Clone, Debug)]
pub(crate) struct StopVersion {
    pub stop: Stop,
    /// Since when it was so, by our clock.
    pub at: Timestamp,
}

/// The versions of each stop in one delivery, oldest first, after the one that was known before.
#[derive(Default)]
pub(super) struct StopVersions(BTreeMap<StopId, (bool, Vec<StopVersion>)>);

impl StopVersions {
    /// Adds the next version, with when it was written by our clock; `known` is what was known of the stop before this
    /// delivery.
    pub(super) fn add(&mut self, stop: &Stop, at: Timestamp, known: Option<&Stop>) {
        let (_, versions) = self
            .0
            .entry(stop.id.clone())
            .or_insert_with(|| (known.is_some(), vec![]));
        versions.push(StopVersion { stop: stop.clone(), at });
    }

    /// What is deleted, or may no longer be seen here, was lifted: its last known version says of what.
    pub(super) fn add_deleted(&mut self, known: &Stop, at: Timestamp) {
        let over = Stop {
            active: false,
            ..known.clone()
        };
        self.add(&over, at, Some(known));
    }

    /// What a look at the last version alone would miss. A single version that nobody knew and that is over already has
    /// begun and ended since `heard`, when the source was heard last; one that ended before the first look is no news,
    /// however many versions of it come.
    pub(super) fn between_looks(self, region: &Region, now: Timestamp, heard: Option<Timestamp>) -> Vec<StopVersion> {
        let mut told = vec![];
        let over = |version: &StopVersion| !region.holds(&version.stop, now);
        for (known, versions) in self.0.into_values() {
            match versions.as_slice() {
                [only] if !known && over(only) => {
                    let StopVersion { stop, .. } = only;
                    let by_source = |ours: Timestamp| region.now_of(stop.id.as_str(), ours);
                    let begun_since = stop.start.zip(heard).filter(|(start, heard)| {
                        *start >= by_source(*heard - SHOWN_LATE - CLOCK_GRAIN) && *start <= by_source(now + CLOCK_GRAIN)
                    });
                    if let Some((start, _)) = begun_since {
                        let as_it_stood = StopVersion {
                            stop: Stop {
                                active: true,
                                end: None,
                                ..stop.clone()
                            },
                            at: region.ours(stop.id.as_str(), start),
                        };
                        told.extend([as_it_stood, only.clone()]);
                    }
                }
                // It is over for certain, whatever else of its source does not answer.
                [only] if known && over(only) => told.push(only.clone()),
                [] | [_] => {}
                [.., last] if !known && heard.is_none() && over(last) => {}
                _ => told.extend(versions),
            }
        }
        told
    }
}
