//! How many beds each location delivers.

use crate::moment::Moment;
use serde::Serialize;
use ts_rs::TS;

/// One location.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CensusRow {
    pub name: String,
    pub beds: u32,
}

/// Every location with its beds, in the order of the region.
pub fn view(m: &Moment) -> Vec<CensusRow> {
    let row = |site: &domain::place::Place| CensusRow {
        name: site.name.clone(),
        beds: u32::try_from(m.region.beds(&site.id).len()).unwrap_or(u32::MAX),
    };
    m.region.sites().map(row).collect()
}
