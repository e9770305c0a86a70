//! Packing what was delivered, which takes as long as reading it did: outside the engine.

use crate::AppError;
use feed::{Change, Reading, fhir::sync::Delivery};
use jiff::Timestamp;
use store::{Remark, Remarks};

/// What a round brought, packed for the disk: made where the round was made, so that the engine need not.
#[derive(Debug)]
pub struct PackedDelivery {
    pub(crate) delivery: Delivery,
    pub(crate) changes: Vec<store::Change>,
    /// When it was asked for.
    pub(crate) began: Timestamp,
    /// When it was there.
    pub(crate) received: Timestamp,
}

impl PackedDelivery {
    /// Packs a delivery that was received at that time.
    ///
    /// # Errors
    /// When a fact has no form in JSON.
    pub fn of(mut delivery: Delivery, received: Timestamp) -> Result<Self, AppError> {
        let changes = packed(&mut delivery.reading, received)?;
        Ok(Self {
            delivery,
            changes,
            began: received,
            received,
        })
    }

    /// The delivery was asked for at that time. A country over a slow line takes minutes: what came to be known in them by
    /// another way is not gone because this delivery does not name it.
    #[must_use]
    pub fn asked_for_at(self, began: Timestamp) -> Self {
        Self { began, ..self }
    }
}

/// The records of a reading as the cache takes them, with the text in which each was delivered: of a country it is most of
/// all there is, so it goes over and is not copied. What carries no time of its own was written when it was delivered.
pub(crate) fn packed(reading: &mut Reading, received: Timestamp) -> Result<Vec<store::Change>, AppError> {
    let delivered = reading.delivered.unwrap_or(received);
    let pack = |change: &mut Change| {
        let head = change.head();
        let (key, version) = (head.key.clone(), head.version.clone());
        let updated = head.updated.unwrap_or(delivered);
        match change {
            Change::Put { fact, raw, .. } => {
                store::Change::put(key, version.as_deref(), updated, fact, std::mem::take(raw))
            }
            Change::Delete { .. } => Ok(store::Change::delete(key, version.as_deref(), updated)),
        }
    };
    let changes: Result<Vec<store::Change>, store::StoreError> = reading.changes.iter_mut().map(pack).collect();
    Ok(changes?)
}

/// What was refused or only partly understood, with what was delivered unless that was patient data.
pub(crate) fn remarks(reading: &Reading, from: &str, complete: bool) -> Remarks {
    let refused = reading.refused.iter().map(|r| (&r.issue, r.raw.clone()));
    let list = reading.issues.iter().map(|issue| (issue, None)).chain(refused);
    let remark = |(issue, raw): (&feed::Issue, Option<String>)| Remark {
        path: issue.path.clone(),
        code: issue.code.code().to_owned(),
        detail: issue.detail.clone(),
        raw,
    };
    Remarks {
        from: from.to_owned(),
        list: list.map(remark).collect(),
        complete,
    }
}
