//! Announcing and lifting a stop. Offline nothing is announced, and the screen says so and whom to call.

use super::view::cannot_announce;
use crate::{
    clock::whole_second,
    engine::Engine,
    error::{AppError, ErrorCode},
    outbox::stop_deadline,
};
use domain::{
    PlaceId, ServiceCode,
    ids::{source_of, within},
    stop::{Stop, StopLevel, StopReason},
};
use feed::fhir::flag;
use jiff::SignedDuration;
use serde::Deserialize;
use store::{OutboxKind, OutboxRow};
use ts_rs::TS;

/// What a person announces.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StopRequest {
    pub site: String,
    pub service: String,
    /// `stop` or `threatened`.
    pub level: StopLevelChoice,
    /// Codes, the leading one first.
    pub reasons: Vec<String>,
    pub note: String,
    /// From now.
    pub minutes: u32,
}

/// How far the stop goes.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum StopLevelChoice {
    Threatened,
    Stop,
}

impl Engine {
    /// Announces a stop: on disk when this returns, and on its way to the server.
    ///
    /// # Errors
    /// Offline, without a reason, with an unknown service, or when the disk does not take it: nothing is announced.
    pub fn announce_stop(&mut self, request: &StopRequest) -> Result<(), AppError> {
        let site = PlaceId::from(request.site.as_str());
        if let Some(why) = cannot_announce(self, &site) {
            return Err(AppError::new(ErrorCode::Offline, why));
        }
        let service = ServiceCode::from(request.service.as_str());
        let points = self.region.stop_status(&site, self.now(), &self.zone);
        if !points.iter().any(|p| p.service == service) {
            return Err(AppError::invalid(format!("{site} has no service {service}")));
        }
        let note = feed::privacy::clean_text(&request.note);
        let mut reasons: Vec<StopReason> = request
            .reasons
            .iter()
            .filter_map(|code| self.stop_codes.reasons.iter().find(|r| &r.code == code))
            .map(|r| StopReason {
                code: Some(r.code.clone()),
                text: r.display.clone(),
            })
            .collect();
        if reasons.is_empty() || (request.reasons.iter().any(|r| r == "anders") && note.is_empty()) {
            return Err(AppError::invalid("a stop needs a reason; 'anders' needs words"));
        }
        if !note.is_empty() {
            reasons.push(StopReason { code: None, text: note });
        }
        // Others hear of it from the server, and compare it with the server's clock.
        let now = whole_second(self.region.now_of(site.as_str(), self.now()));
        let department = self
            .region
            .stop_points
            .values()
            .find(|p| p.service == service && p.places.iter().any(|at| self.region.site_of(at) == Some(&site)));
        let id = within(source_of(site.as_str()), &uuid::Uuid::new_v4().to_string());
        let stop = Stop {
            id: id.as_str().into(),
            place: department.and_then(|d| d.places.first().cloned()).unwrap_or(site),
            service,
            level: match request.level {
                StopLevelChoice::Stop => StopLevel::Stop,
                StopLevelChoice::Threatened => StopLevel::Threatened,
            },
            active: true,
            start: Some(now),
            end: None,
            expected_end: Some(now + SignedDuration::from_mins(i64::from(request.minutes.clamp(15, 24 * 60)))),
            reasons,
            version: None,
        };
        let announcement = flag::announcement(&stop, &self.profile);
        self.enqueue_stop(&id, announcement)
    }

    /// Lifts a stop that was announced through the server.
    ///
    /// # Errors
    /// Offline, when there is no such stop, or when the disk does not take it: the stop stands.
    pub fn lift_stop(&mut self, stop: &str) -> Result<(), AppError> {
        let known = self.region.stops.get(stop).ok_or_else(|| AppError::not_found(stop))?;
        let site = self
            .region
            .site_of(&known.place)
            .cloned()
            .unwrap_or_else(|| known.place.clone());
        if let Some(why) = cannot_announce(self, &site) {
            return Err(AppError::new(ErrorCode::Offline, why));
        }
        // Edited as it was delivered, so that what we do not understand in it survives.
        let raw = self.raw_stops.get(stop).ok_or_else(|| AppError::not_found(stop))?;
        let lifted = flag::lifted(raw, whole_second(self.region.now_of(stop, self.now())))?;
        self.enqueue_stop(stop, lifted)
    }

    fn enqueue_stop(&mut self, subject: &str, payload: String) -> Result<(), AppError> {
        let now = self.now();
        let id = uuid::Uuid::new_v4().to_string();
        let row = OutboxRow::waiting(id, OutboxKind::Stop, subject, payload, now).until(stop_deadline(now));
        let who = self.identity.author();
        self.ledger.enqueue(&row, &who)?;
        self.enqueued()
    }
}
