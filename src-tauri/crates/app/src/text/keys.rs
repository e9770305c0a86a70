//! Every sentence as a value; the build script makes them of the catalogue.

use super::Value;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
