//! Every sentence, from the one catalogue in `assets/text`; and codes for what the domain says.

mod catalogue;
mod codes;
mod keys;
#[cfg(test)]
mod sentences;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub use catalogue::{Language, Spoken};
pub use codes::Choosable;
pub(crate) use codes::{
    KINDS, band_in_words, freshness_code, kind_name, kinds, state_code, state_in_words, status_code, variant_name,
};
pub use keys::Text;
pub use value::Value;
pub use words::{age_in_words, clock, error_in_words, status_in_words};
pub(crate) use words::{alarm_words, beds_in_words, reasons_in_words};
