//! What the screen says of confirmations by telephone.

use crate::{moment::Moment, say};
use domain::{
    ElementCode, PlaceId,
    confirmation::{Confirmation, free_confirmed},
    label::LabelKind,
};
use jiff::Timestamp;

impl Moment {
    /// "14:10 telefonisch bevestigd door WAN-hoofd: 2 vrij", of the newest within half a day.
    pub(crate) fn confirmed(
        &self,
        site: &PlaceId,
        kind: LabelKind,
        element: &ElementCode,
        now: Timestamp,
    ) -> Option<String> {
        const COUNTS_FOR_H: i64 = 12;
        let about = |c: &&Confirmation| c.site == *site && c.kind == kind && c.element == *element && c.at <= now;
        let newest = self.region.confirmations.values().filter(about).max_by_key(|c| c.at)?;
        if now.duration_since(newest.at).as_hours() >= COUNTS_FOR_H {
            return None;
        }
        Some(say!(
            self.language,
            ConfirmedByPhone,
            at = self.clock(newest.at),
            by = newest.by.as_str(),
            n = newest.actual
        ))
    }

    /// "vrij klopte 3 van 4 keer (30 dagen)", where somebody asked.
    pub(crate) fn free_confirmed(&self, site: &PlaceId, now: Timestamp) -> Option<String> {
        let of_site = self.region.confirmations.values().filter(|c| c.site == *site);
        match free_confirmed(of_site, now) {
            (_, 0) => None,
            (held, asked) => Some(say!(self.language, FreeProved, n = held, of = asked)),
        }
    }
}
