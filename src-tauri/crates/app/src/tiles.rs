//! How a person arranged the region's tiles: favourites, order, and the rows of beds on each.

use crate::{AppError, effect::View, engine::Engine, moment::Moment};
use domain::{ElementCode, label::LabelKind};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};
use ts_rs::TS;

/// The arrangement, as kept in the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TileChoice {
    /// Locations that stand first.
    pub favourites: Vec<String>,
    /// Locations in a person's own order; those that it does not name follow, largest first.
    pub order: Vec<String>,
    /// Rows of every tile; none chosen is the usual ones.
    pub rows: Vec<RowChoice>,
}

/// One row: an element of a classification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RowChoice {
    pub kind: String,
    pub element: String,
}

/// More rows do not fit a tile when fifteen locations share the screen.
pub const MOST_ROWS: usize = 6;

/// The usual rows.
const USUAL: [&str; 5] = ["ic-beademd", "mc", "ccu", "isolatie", "alg-klinisch"];

impl TileChoice {
    /// Where a location stands among the others: favourites first, then a person's order.
    pub(crate) fn rank(&self, location: &str) -> (bool, usize) {
        let place = |list: &[String]| list.iter().position(|id| id == location);
        (
            place(&self.favourites).is_none(),
            place(&self.order).unwrap_or(usize::MAX),
        )
    }

    /// The rows of a tile, in order; codes that mean nothing any more are left out.
    pub(crate) fn rows(&self) -> Vec<(LabelKind, ElementCode)> {
        if self.rows.is_empty() {
            let usual = USUAL.iter().map(|e| (LabelKind::Specialistisch, ElementCode::from(*e)));
            return usual.collect();
        }
        let known = self.rows.iter().filter_map(|r| {
            let kind = LabelKind::from_code(&r.kind)?;
            Some((kind, ElementCode::from(r.element.as_str())))
        });
        known.collect()
    }
}

impl Moment {
    /// Every element that some bed of the region carries, in the order of the lists.
    pub(crate) fn elements_in_use(&self) -> Vec<(LabelKind, ElementCode)> {
        let now = self.now();
        let mut used = BTreeSet::new();
        for site in self.region.sites() {
            for bed in self.region.beds(&site.id) {
                for kind in LabelKind::BED {
                    if let Some(label) = self.region.label(bed, kind, now) {
                        used.insert((kind, label.element.clone()));
                    }
                }
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
