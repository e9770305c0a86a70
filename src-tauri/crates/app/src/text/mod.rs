//! Words and codes for what the domain says.

mod codes;
mod words;

pub use codes::Choosable;
pub(crate) use codes::{
    KINDS, freshness_code, kind_name, kinds, state_code, state_in_words, status_code, variant_name,
};
pub use words::{age_in_words, clock, error_in_words, status_in_words};
pub(crate) use words::{beds_in_words, reasons_in_words};
