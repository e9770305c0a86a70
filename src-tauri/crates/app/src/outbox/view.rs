//! The stops of this desk that did not reach the server.

use super::state::UnsentStop;
use crate::{moment::Moment, say};
use domain::{PlaceId, region::Fact};
use feed::{Change, fhir::reader::Reader};
use jiff::{SignedDuration, Timestamp};
use store::{OutboxKind, OutboxRow, OutboxState};

/// From then on a person is told that a stop of this desk did not reach the server.
const TOLD_AFTER: SignedDuration = SignedDuration::from_secs(10);

impl Moment {
    /// The stops of this desk that the server should have taken by now, oldest first.
    pub(crate) fn unsent_stops(&self) -> Vec<UnsentStop> {
        let stops = self.outbox.iter().filter(|r| r.kind == OutboxKind::Stop);
        stops
            .filter(|r| r.state != OutboxState::Waiting || self.is_late(r.created))
            .map(|row| self.unsent_stop(row))
            .collect()
    }

    /// Whether the server should have taken what was written then. What was written later than now, before a clock was
    /// set back while nothing ran, is told too.
    fn is_late(&self, created: Timestamp) -> bool {
        created > self.now || self.now.duration_since(created) >= TOLD_AFTER
    }

    fn unsent_stop(&self, row: &OutboxRow) -> UnsentStop {
        let place = self.place_of_stop(row);
        let site = place.as_ref().map(|p| self.region.site_of(p).unwrap_or(p).clone());
        let late = row.state == OutboxState::Waiting && row.deadline.is_some_and(|d| d <= self.now);
        UnsentStop {
            row: row.id.clone(),
            hospital: site
                .as_ref()
                .and_then(|id| self.region.place(id))
                .map_or_else(|| row.subject.clone(), |p| p.name.clone()),
            phone: site.as_ref().and_then(|id| self.region.phone(id, self.now, &self.zone)),
            site,
            since: row.created,
            why: if late {
                Some(say!(self.language, AlarmNotSentLate))
            } else {
                row.reason.clone()
            },
        }
    }

    /// Where a stop in the outbox is: as it is known, and otherwise as it was written here.
    fn place_of_stop(&self, row: &OutboxRow) -> Option<PlaceId> {
        if let Some(known) = self.region.stops.get(row.subject.as_str()) {
            return Some(known.place.clone());
        }
        let reader = Reader {
            profile: &self.profile,
            received: row.created,
            source: "",
            own: None,
        };
        let read = reader.json(&row.payload).ok()?;
        read.changes.into_iter().find_map(|change| match change {
            Change::Put {
                fact: Fact::Stop(stop), ..
            } => Some(stop.place),
            Change::Put { .. } | Change::Delete { .. } => None,
        })
    }
}
