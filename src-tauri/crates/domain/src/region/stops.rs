//! Which stops hold, and how every stop point of a site stands.

use super::{Region, filing::Filed};
use crate::{
    ids::{PlaceId, ServiceCode},
    place::Place,
    stop::{self, Stop, StopLevel, StopPoint, StopReason, StopStatus},
};
use jiff::{Timestamp, tz::TimeZone};
use std::collections::BTreeMap;

/// A stop point of a site with its status.
#[derive(Clone, Debug)]
pub struct StopPointStatus {
    pub service: ServiceCode,
    pub name: String,
    pub status: StopStatus,
    pub since: Option<Timestamp>,
    pub expected_end: Option<Timestamp>,
    pub reasons: Vec<StopReason>,
    pub overdue: bool,
    pub hours: Option<String>,
    pub phone: Option<String>,
    /// The stops that hold, most serious first.
    pub stops: Vec<Stop>,
}

impl Region {
    /// Whether the site has an emergency department.
    pub fn has_seh(&self, site: &PlaceId) -> bool {
        self.children(site).any(|p| p.roles.iter().any(|r| r == "ER"))
            || self.points_of(site).any(|p| p.service.is_seh())
    }

    pub(super) fn points_of<'a>(&'a self, site: &'a PlaceId) -> impl Iterator<Item = &'a StopPoint> {
        let ids = self.filing.of_site(site, Filed::Point).into_iter();
        ids.filter_map(|id| self.stop_points.get(id))
    }

    /// Every hospital that has an SEH, as its first source delivers it, with how its SEH stands: of what several sources say
    /// of it the gravest counts.
    pub fn seh_by_hospital(&self, now: Timestamp, zone: &TimeZone) -> Vec<(&Place, StopPointStatus)> {
        let mut found: Vec<(&Place, StopPointStatus)> = vec![];
        for site in self.sites().filter(|site| !site.shadow) {
            let points = self.stop_status(&site.id, now, zone);
            let Some(seh) = points.into_iter().find(|point| point.service.is_seh()) else {
                continue;
            };
            let first = self.first_copy(site).filter(|first| !first.shadow).unwrap_or(site);
            match found.iter_mut().find(|(hospital, _)| hospital.id == first.id) {
                Some((_, known)) if known.status.gravity() >= seh.status.gravity() => {}
                Some((_, known)) => *known = seh,
                None => found.push((first, seh)),
            }
        }
        found
    }

    /// Every stop point of a site with its status, the SEH first.
    pub fn stop_status(&self, site: &PlaceId, now: Timestamp, zone: &TimeZone) -> Vec<StopPointStatus> {
        let freshness = self.freshness(site, now);
        let holding = self.holding_stops(site, now);
        let mut services: BTreeMap<ServiceCode, Vec<&StopPoint>> = BTreeMap::new();
        for point in self.points_of(site) {
            services.entry(point.service.clone()).or_default().push(point);
        }
        if self.has_seh(site) {
            services.entry(ServiceCode::from(ServiceCode::SEH)).or_default();
        }
        for stop in &holding {
            services.entry(stop.service.clone()).or_default();
        }
        let mut rows: Vec<_> = services
            .into_iter()
            .map(|(service, points)| {
                let mut stops: Vec<Stop> = holding.iter().filter(|s| s.service == service).cloned().collect();
                stops.sort_by(|a, b| b.level.cmp(&a.level).then(a.start.cmp(&b.start)));
                let hours = points.first().map(|p| p.hours.clone()).unwrap_or_default();
                let leading = stops.first();
                StopPointStatus {
                    status: stop::status(leading.map(|s| s.level), &hours, freshness, now, zone),
                    since: leading.and_then(|s| s.start),
                    expected_end: leading.and_then(|s| s.expected_end),
                    reasons: leading.map(|s| s.reasons.clone()).unwrap_or_default(),
                    overdue: leading.is_some_and(|s| s.overdue_at(self.now_of(s.id.as_str(), now))),
                    hours: hours.in_words(),
                    phone: points.iter().find_map(|p| p.phone.clone()),
                    name: points
                        .first()
                        .map_or_else(|| service.0.to_uppercase(), |p| p.name.clone()),
                    stops,
                    service,
                }
            })
            .collect();
        rows.sort_by_key(|r| !r.service.is_seh());
        rows
    }

    /// All stops that hold at a site: announced ones, and closures that a service lists and nobody announced.
    pub fn holding_stops(&self, site: &PlaceId, now: Timestamp) -> Vec<Stop> {
        let announced: Vec<&Stop> = self.stops_of(site).filter(|s| self.holds(s, now)).collect();
        let mut stops: Vec<Stop> = announced.iter().map(|s| (*s).clone()).collect();
        for point in self.points_of(site) {
            for closure in &point.closures {
                let listed = Stop {
                    id: format!(
                        "{}/{}",
                        point.id,
                        closure.start.map(|t| t.to_string()).unwrap_or_default()
                    )
                    .as_str()
                    .into(),
                    place: point.places.first().cloned().unwrap_or_else(|| site.clone()),
                    service: point.service.clone(),
                    level: StopLevel::Stop,
                    active: true,
                    start: closure.start,
                    end: closure.end,
                    expected_end: closure.end,
                    reasons: vec![StopReason {
                        code: None,
                        text: closure.text.clone(),
                    }],
                    version: None,
                };
                // The same closure is usually announced as well: same department, same start.
                let twin = announced
                    .iter()
                    .any(|s| s.service == listed.service && s.start == listed.start);
                if self.holds(&listed, now) && !twin {
                    stops.push(listed);
                }
            }
        }
        stops
    }
}
