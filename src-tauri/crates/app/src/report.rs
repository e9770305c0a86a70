//! The command line's JSON: documented in the README, stable, more fields may be added.

use crate::{error::AppError, moment::Moment, records::Records};
use domain::{
    PlaceId,
    alarms::{Alarm, AlarmState},
    bed::BedState,
    busyness::ScoreSource,
    capacity::Totals,
    freshness::Freshness,
    label::{LabelKind, LabelSource},
    place::PlaceKind,
    region::{Region, StopPointStatus},
    stop::StopStatus,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// A time with the Dutch offset.
fn time(at: Timestamp) -> String {
    feed::fhir::encode::date_time(at)
}

#[derive(Debug, Serialize)]
pub struct RegionReport {
    pub at: String,
    pub coverage: Coverage,
    pub locations: Vec<LocationReport>,
}

/// How many locations the numbers stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub locations: usize,
    /// Delivered within the last quarter of an hour: fresh or ageing, not stale.
    pub current: usize,
}

#[derive(Debug, Serialize)]
pub struct LocationReport {
    pub id: String,
    pub name: String,
    pub organisation: Option<String>,
    pub age_s: Option<i64>,
    pub seh: Option<SehReport>,
    pub stop_points: Vec<StopPointReport>,
    pub busyness: Option<BusynessReport>,
    pub totals: TotalsReport,
    pub capacity: Vec<CapacityReport>,
}

#[derive(Debug, Serialize)]
pub struct SehReport {
    pub status: StopStatus,
    pub since: Option<String>,
    pub expected_end: Option<String>,
    pub reasons: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct StopPointReport {
    pub service: String,
    #[serde(flatten)]
    pub status: SehReport,
}

#[derive(Debug, Serialize)]
pub struct BusynessReport {
    pub score: f64,
    pub variant: domain::busyness::Variant,
    pub source: ScoreSource,
}

#[derive(Debug, Serialize)]
pub struct TotalsReport {
    pub beds: Option<u32>,
    pub capacity: Option<u32>,
    pub occupied: Option<u32>,
    pub available: Option<u32>,
    pub unknown: Option<u32>,
}

impl From<Totals> for TotalsReport {
    fn from(t: Totals) -> Self {
        Self {
            beds: t.beds.known(),
            capacity: t.capacity.known(),
            occupied: t.occupied.known(),
            available: t.available.known(),
            unknown: t.unknown.known(),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct CapacityReport {
    pub label: LabelKind,
    pub element: String,
    pub capacity: Option<u32>,
    pub occupied: Option<u32>,
    pub available: Option<u32>,
    pub threshold: u32,
    pub offered: Option<u32>,
}

#[derive(Debug, Serialize)]
pub struct BedsReport {
    pub location: String,
    pub at: String,
    pub beds: Vec<BedReport>,
}

#[derive(Debug, Serialize)]
pub struct BedReport {
    pub id: String,
    pub department: Option<String>,
    pub room: Option<String>,
    pub name: String,
    pub state: BedState,
    pub raw: RawReport,
    pub labels: BTreeMap<&'static str, LabelReport>,
}

/// The codes as they were delivered.
#[derive(Debug, Serialize)]
pub struct RawReport {
    pub status: Option<String>,
    pub operational_status: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct LabelReport {
    pub element: String,
    pub source: LabelSource,
    pub until: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct AlarmReport {
    pub id: String,
    pub kind: &'static str,
    pub priority: domain::alarms::Priority,
    pub state: AlarmState,
    pub location: Option<String>,
    pub since: Option<String>,
    pub text: String,
}

#[derive(Debug, Serialize)]
pub struct OutboxReport {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub created: String,
    pub attempts: u32,
    pub state: String,
    pub reason: Option<String>,
}

/// How many locations there are, and how many delivered within the last quarter of an hour.
pub fn coverage(region: &Region, now: Timestamp) -> Coverage {
    let sites: Vec<_> = region.counted_sites().collect();
    let current = sites
        .iter()
        .filter(|s| region.freshness(&s.id, now) <= Freshness::Ageing)
        .count();
    Coverage {
        locations: sites.len(),
        current,
    }
}

impl Moment {
    /// The region at this moment, with the ages it has then.
    pub fn region_report(&self) -> RegionReport {
        let (region, now) = (&self.region, self.now);
        RegionReport {
            at: time(now),
            coverage: coverage(region, now),
            locations: region
                .sites()
                .map(|site| self.location_report(region, &site.id, now))
                .collect(),
        }
    }

    fn location_report(&self, region: &Region, id: &PlaceId, now: Timestamp) -> LocationReport {
        let site = region.place(id);
        let points = region.stop_status(id, now, &self.zone);
        let busyness = region.measurements_of(id).into_iter().find_map(|(_, m)| {
            let (score, source) = m.shown()?;
            Some(BusynessReport {
                score,
                variant: m.variant,
                source,
            })
        });
        let capacity = LabelKind::BED
            .into_iter()
            .flat_map(|kind| region.capacity(id, kind, now, &self.zone));
        LocationReport {
            id: id.0.clone(),
            name: site.map(|s| s.name.clone()).unwrap_or_default(),
            organisation: site.and_then(|s| s.organization.as_ref()).map(|o| {
                region
                    .organizations
                    .get(o)
                    .map_or_else(|| o.0.clone(), |o| o.name.clone())
            }),
            age_s: region.age_s(id, now),
            seh: points.iter().find(|p| p.service.is_seh()).map(seh),
            stop_points: points
                .iter()
                .filter(|p| !p.service.is_seh())
                .map(|p| StopPointReport {
                    service: p.service.0.clone(),
                    status: seh(p),
                })
                .collect(),
            busyness,
            totals: region.totals(id, now, &self.zone).into(),
            capacity: capacity
                .map(|row| CapacityReport {
                    label: row.kind,
                    capacity: row.totals.capacity.known(),
                    occupied: row.totals.occupied.known(),
                    available: row.totals.available.known(),
                    threshold: row.threshold,
                    offered: row.offered().known(),
                    element: row.element.0,
                })
                .collect(),
        }
    }

    /// Every bed of a location, given by its id or name.
    ///
    /// # Errors
    /// When there is no such location.
    pub fn beds_report(&self, location: &str) -> Result<BedsReport, AppError> {
        let (region, now) = (&self.region, self.now);
        let site = region
            .sites()
            .find(|s| s.id.as_str() == location || s.name.eq_ignore_ascii_case(location))
            .ok_or_else(|| AppError::not_found(format!("location {location}")))?;
        let beds = region
            .bed_states(&site.id, now, &self.zone)
            .into_iter()
            .map(|(bed, state)| {
                let name = |kind: &PlaceKind| region.above(&bed.id, kind).map(|p| p.name.clone());
                let labels = LabelKind::ALL.into_iter().filter_map(|kind| {
                    let label = region.label(bed, kind, now)?;
                    let until = label.until.map(time);
                    Some((
                        kind.code(),
                        LabelReport {
                            element: label.element.0.clone(),
                            source: label.source,
                            until,
                        },
                    ))
                });
                BedReport {
                    id: bed.id.0.clone(),
                    department: name(&PlaceKind::Department),
                    room: name(&PlaceKind::Room),
                    name: bed.name.clone(),
                    state,
                    raw: RawReport {
                        status: bed.status.clone(),
                        operational_status: bed.operational_status.clone(),
                    },
                    labels: labels.collect(),
                }
            });
        Ok(BedsReport {
            location: site.id.0.clone(),
            at: time(now),
            beds: beds.collect(),
        })
    }

    /// The alarms in reading order.
    pub fn alarms_report(&self) -> Vec<AlarmReport> {
        self.alarm_list().into_iter().map(alarm_report).collect()
    }
}

/// The whole outbox, oldest first.
///
/// # Errors
/// When the ledger cannot be read.
pub fn outbox(records: &Records) -> Result<Vec<OutboxReport>, AppError> {
    let rows = records.outbox()?.into_iter().map(|r| OutboxReport {
        id: r.id,
        kind: r.kind.code().to_owned(),
        subject: r.subject,
        created: time(r.created),
        attempts: r.attempts,
        state: r.state.code().to_owned(),
        reason: r.reason,
    });
    Ok(rows.collect())
}

/// One alarm, as scripts and the region's own command get it.
pub(crate) fn alarm_report(a: Alarm) -> AlarmReport {
    AlarmReport {
        id: a.id.to_string(),
        kind: a.kind.code(),
        priority: a.priority,
        state: a.state(),
        location: a.place.map(|p| p.0),
        since: a.text.since.map(time),
        text: [
            format!("{} {}", a.text.what, a.text.hospital),
            a.text.reason,
            a.text.advice,
        ]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" · "),
    }
}

fn seh(point: &StopPointStatus) -> SehReport {
    SehReport {
        status: point.status,
        since: point.since.map(time),
        expected_end: point.expected_end.map(time),
        reasons: point.reasons.iter().map(|r| r.text.clone()).collect(),
    }
}
