//! Bed labels: as delivered and by hand, in sets that are switched as a whole, and the code lists that name them.

pub mod codelist;
pub mod label;
pub mod label_set;
