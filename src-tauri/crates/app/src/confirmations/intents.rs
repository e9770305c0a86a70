//! A number that a person confirmed by telephone: on disk at once, on its way to the other desks, beside what the
//! hospital delivers and never over it.

use super::state::ConfirmRequest;
use crate::{
    AppError,
    clock::whole_second,
    effect::View,
    engine::{Engine, RegionStep},
};
use domain::{
    ElementCode, PlaceId,
    confirmation::Confirmation,
    ids::{source_of, within},
    label::LabelKind,
};
use std::sync::Arc;
use store::{OutboxKind, OutboxRow};

/// More beds than any element of any hospital has.
const MOST: u32 = 2_000;

impl Engine {
    /// Keeps what a location said about a number.
    ///
    /// # Errors
    /// When the location has no such beds, the number is unbelievable, or the disk does not take it.
    pub fn confirm(&mut self, request: &ConfirmRequest) -> Result<(), AppError> {
        let site = PlaceId::from(request.site.as_str());
        let kind = LabelKind::from_code(&request.kind).ok_or_else(|| AppError::not_found(&request.kind))?;
        let element = ElementCode::from(request.element.as_str());
        let now = self.now();
        let rows = self.region.capacity(&site, kind, now, &self.zone);
        let row = rows.iter().find(|r| r.element == element);
        let delivered = row.ok_or_else(|| AppError::not_found(&element))?.totals.available;
        if request.actual > MOST {
            return Err(AppError::invalid(format!("{} beds is unbelievable", request.actual)));
        }
        let confirmation = Confirmation {
            site: site.clone(),
            kind,
            element,
            delivered,
            actual: request.actual,
            by: self.identity.author(),
            at: whole_second(now),
        };
        let id = uuid::Uuid::new_v4().to_string();
        let payload = serde_json::to_string(&confirmation)?;
        let subject = format!("{site}|{}", request.element);
        let row = OutboxRow::waiting(id, OutboxKind::Confirmation, &subject, payload, now);
        let who = self.identity.author();
        self.ledger.enqueue(&row, &who)?;
        Arc::make_mut(&mut self.moment_mut().own_confirmations).push((row.id, confirmation));
        self.lay_own_confirmations();
        self.changed([View::Region, View::Location]);
        self.enqueued()
    }

    /// What was confirmed here, from the whole outbox.
    pub(crate) fn read_own_confirmations(&mut self, outbox: Vec<OutboxRow>) {
        let mut own = vec![];
        for row in outbox.into_iter().filter(|r| r.kind == OutboxKind::Confirmation) {
            match serde_json::from_str(&row.payload) {
                Ok(said) => own.push((row.id, said)),
                Err(error) => tracing::error!(%error, row = %row.id, "a confirmation cannot be read"),
            }
        }
        self.moment_mut().own_confirmations = Arc::new(own);
    }

    pub(crate) fn lay_own_confirmations(&mut self) {
        let all = self.own_confirmations.clone();
        for (row, own) in all.iter() {
            let id = within(source_of(own.site.as_str()), &feed::fhir::write::confirmation_id(row));
            self.change_region(RegionStep::Confirm(id, Box::new(own.clone())));
        }
    }
}
