//! How a person arranged the region's tiles: favourites, order, and the rows of beds on each.

use domain::{ElementCode, label::LabelKind};
use serde::{Deserialize, Serialize};
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
