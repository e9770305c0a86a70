//! How a person arranges the tiles.

use super::tiles::{MOST_ROWS, TileChoice};
use crate::{AppError, effect::View, engine::Engine, moment::Moment};
use domain::{ElementCode, label::LabelKind};
use std::{collections::BTreeSet, sync::Arc};

impl Moment {
    /// Every element that some counted bed of the region carries, in the order of the lists.
    pub(crate) fn elements_in_use(&self) -> Vec<(LabelKind, ElementCode)> {
        let now = self.now();
        let mut used = BTreeSet::new();
        for site in self.region.sites() {
            let sums = self.region.sums(&site.id, now, &self.zone);
            for kind in LabelKind::BED {
                used.extend(sums.elements(kind).map(|(element, _)| (kind, element.clone())));
            }
        }
        let mut used: Vec<_> = used.into_iter().collect();
        used.sort_by_key(|(kind, element)| (*kind, self.codes.order(*kind, element)));
        used
    }
}

impl Engine {
    /// Arranges the tiles from now on.
    ///
    /// # Errors
    /// With more rows than fit, a row of no classification, or when the disk does not take it: nothing changes.
    pub fn arrange_tiles(&mut self, choice: TileChoice) -> Result<(), AppError> {
        if choice.rows.len() > MOST_ROWS {
            return Err(AppError::invalid(format!("at most {MOST_ROWS} rows fit a tile")));
        }
        if let Some(odd) = choice.rows.iter().find(|r| LabelKind::from_code(&r.kind).is_none()) {
            return Err(AppError::invalid(format!("{:?} is no classification", odd.kind)));
        }
        self.set_setting("tiles", &choice)?;
        self.moment_mut().tiles = Arc::new(choice);
        self.changed([View::Region, View::Settings]);
        Ok(())
    }
}
