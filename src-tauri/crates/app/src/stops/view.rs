//! What a person sees before a stop is announced.

use crate::{drive_times, error::AppError, moment::Moment, say, sources::Link};
use domain::{
    PlaceId,
    stop::StopStatus,
    travel::{DriveMethod, DriveTime},
};
use serde::Serialize;
use ts_rs::TS;

/// What a person must see before a stop is confirmed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct StopOutlook {
    pub always_welcome: String,
    /// The other SEHs, nearest first.
    pub others: Vec<OtherSeh>,
    /// Set when nothing can be announced now: the reason and whom to call.
    pub blocked: Option<String>,
    pub services: Vec<Choice>,
    pub reasons: Vec<Choice>,
}

/// Another emergency department.
#[derive(Clone, Debug, Serialize, TS)]
pub struct OtherSeh {
    pub name: String,
    pub status: String,
    pub open: bool,
    pub drive: Option<Drive>,
    pub score: Option<i32>,
}

/// A drive from the site that would stop.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Drive {
    /// Minutes by car, as people read them: "25–32".
    pub band: String,
    /// With siren, where that is known.
    pub siren_min: Option<u32>,
    /// Worked out from the distance alone.
    pub by_distance: bool,
}

impl From<DriveTime> for Drive {
    fn from(drive: DriveTime) -> Self {
        Self {
            band: drive_times::band(&drive),
            siren_min: drive.siren_min,
            by_distance: drive.method == DriveMethod::Estimate,
        }
    }
}

/// Something to choose from.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Choice {
    pub code: String,
    pub display: String,
    /// Customary duration in minutes, for services.
    pub minutes: Option<u32>,
}

/// What stands around a site before it announces a stop.
///
/// # Errors
/// When there is no such site.
pub fn stop_outlook(m: &Moment, site: &str) -> Result<StopOutlook, AppError> {
    let id = PlaceId::from(site);
    let here = m.region.place(&id).ok_or_else(|| AppError::not_found(site))?;
    let now = m.now();
    // A hospital that two sources deliver stands once, and is none of its own neighbours.
    let itself = m.region.first_copy(here).map_or(&id, |first| &first.id);
    let mut others: Vec<(Option<u32>, OtherSeh)> = m
        .region
        .seh_by_hospital(now, &m.zone)
        .into_iter()
        .filter(|(s, _)| s.id != id && s.id != *itself)
        .map(|(s, seh)| {
            let status = seh.status;
            let drive = m.drive_times.between(here, s);
            let other = OtherSeh {
                name: s.name.clone(),
                status: crate::text::status_in_words(m.language, status),
                open: status == StopStatus::Open,
                drive: drive.map(Drive::from),
                score: m
                    .region
                    .measurements_of(&s.id)
                    .first()
                    .and_then(|(_, m)| m.shown())
                    .map(|(v, _)| v.round() as i32),
            };
            (drive.map(|d| d.car_min), other)
        })
        .collect();
    others.sort_by_key(|(minutes, other)| (minutes.unwrap_or(u32::MAX), other.name.clone()));
    let services = m
        .region
        .stop_status(&id, now, &m.zone)
        .iter()
        .map(|p| {
            let known = m.stop_codes.services.iter().find(|s| s.code == p.service.as_str());
            Choice {
                code: p.service.0.clone(),
                display: m.stop_codes.service(p.service.as_str()),
                minutes: known.and_then(|s| u32::try_from(s.norm_min).ok()),
            }
        })
        .collect();
    let reasons = m.stop_codes.reasons.iter();
    Ok(StopOutlook {
        always_welcome: say!(m.language, AlwaysWelcome),
        others: others.into_iter().map(|(_, other)| other).collect(),
        blocked: cannot_announce(m, &id),
        services,
        reasons: reasons
            .map(|r| Choice {
                code: r.code.clone(),
                display: r.display.clone(),
                minutes: None,
            })
            .collect(),
    })
}

pub(super) fn cannot_announce(m: &Moment, site: &PlaceId) -> Option<String> {
    if *m.link_of(site.as_str()) == Link::Live {
        return None;
    }
    Some(match m.region.phone(site, m.now(), &m.zone) {
        Some(phone) => say!(m.language, StopBlockedCall, phone = phone),
        None => say!(m.language, StopBlocked),
    })
}
