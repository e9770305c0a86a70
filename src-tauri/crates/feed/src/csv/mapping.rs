//! How a hospital's own export says what ours says: other column names, other spellings, as data.

use crate::fhir::reader::timestamp;
use jiff::{Timestamp, civil};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Our columns (wire-format.md 5); the first four tell which bed a row is about.
pub const COLUMNS: [&str; 15] = [
    "locatie",
    "afdeling",
    "kamer",
    "bed",
    "capaciteit",
    "bezet",
    "gereserveerd",
    "reservering_start",
    "specialistisch",
    "specialisme",
    "snijdend_beschouwend",
    "covidcapaciteit",
    "patienttype",
    "tijdstip",
    "organisatie",
];
/// Without these no bed can be told.
pub const NEEDED: [&str; 4] = ["locatie", "afdeling", "kamer", "bed"];

/// A mapping file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub name: String,
    #[serde(default = "semicolon")]
    pub delimiter: char,
    /// Of times without an offset, in Dutch time: `strptime`, such as `%d-%m-%Y %H:%M`. RFC 3339 is always read.
    #[serde(default)]
    time_format: Option<String>,
    /// Our column to theirs; a column that is not named here goes by our name.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// Our columns that stand for every row, such as the location of a file that is about one.
    #[serde(default)]
    constants: BTreeMap<String, String>,
    /// By our column, their spelling to ours; upper and lower case are the same.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
}

fn semicolon() -> char {
    ';'
}

/// Why a mapping cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0:?} is none of our columns: {columns}", columns = COLUMNS.join(", "))]
    Column(String),
    #[error("the delimiter {0:?} is not one byte")]
    Delimiter(char),
}

impl Mapping {
    /// Our own column names.
    ///
    /// # Errors
    /// When the shipped file is broken, which a test rules out.
    pub fn shipped() -> Result<Self, MappingError> {
        Self::parse(include_str!("../../../../../assets/csv-mappings/standaard.json"))
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// With the place in the file, or the column that we do not know.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let mut mapping: Self = serde_json::from_str(text)?;
        let named = mapping
            .columns
            .keys()
            .chain(mapping.constants.keys())
            .chain(mapping.values.keys());
        for column in named {
            if !COLUMNS.contains(&column.as_str()) {
                return Err(MappingError::Column(column.clone()));
            }
        }
        if !mapping.delimiter.is_ascii() {
            return Err(MappingError::Delimiter(mapping.delimiter));
        }
        for spellings in mapping.values.values_mut() {
            *spellings = std::mem::take(spellings)
                .into_iter()
                .map(|(theirs, ours)| (theirs.to_lowercase(), ours))
                .collect();
        }
        Ok(mapping)
    }

    /// What a column of ours is called there.
    pub fn theirs<'a>(&'a self, ours: &'a str) -> &'a str {
        self.columns.get(ours).map_or(ours, String::as_str)
    }

    /// What stands for every row.
    pub fn constant(&self, ours: &str) -> Option<&str> {
        self.constants.get(ours).map(String::as_str)
    }

    /// What a value means; a spelling that is not named stays as it is.
    pub fn value<'a>(&'a self, ours: &str, theirs: &'a str) -> &'a str {
        let spellings = self.values.get(ours);
        spellings
            .and_then(|s| s.get(&theirs.to_lowercase()))
            .map_or(theirs, String::as_str)
    }

    pub(crate) fn time(&self, text: &str) -> Option<Timestamp> {
        timestamp(text).or_else(|| {
            let local = civil::DateTime::strptime(self.time_format.as_deref()?, text).ok()?;
            let zoned = local.to_zoned(domain::service_day::dutch_zone()).ok()?;
            Some(zoned.timestamp())
        })
    }
}

/// Where the columns of a file are, read through a mapping.
pub(crate) struct Columns<'m> {
    mapping: &'m Mapping,
    at: BTreeMap<&'static str, usize>,
}

impl<'m> Columns<'m> {
    /// Finds our columns in a header row; the first needed one that is missing is the error.
    pub fn find(mapping: &'m Mapping, headers: &csv::StringRecord) -> Result<Self, &'static str> {
        let place = |ours: &&'static str| {
            let theirs = mapping.theirs(ours);
            let at = headers.iter().position(|h| h.eq_ignore_ascii_case(theirs));
            at.map(|at| (*ours, at))
        };
        let at: BTreeMap<_, _> = COLUMNS.iter().filter_map(place).collect();
        match NEEDED
            .iter()
            .find(|c| !at.contains_key(**c) && mapping.constant(c).is_none())
        {
            Some(missing) => Err(missing),
            None => Ok(Self { mapping, at }),
        }
    }

    /// A row's value of a column of ours; empty where it has none.
    pub fn field<'r>(&'r self, row: &'r csv::StringRecord, ours: &str) -> &'r str {
        let delivered = self.at.get(ours).and_then(|at| row.get(*at)).unwrap_or("").trim();
        match self.mapping.constant(ours) {
            Some(constant) if delivered.is_empty() => constant,
            _ => self.mapping.value(ours, delivered),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_mappings_are_read_and_a_column_that_we_do_not_have_is_named() {
        Mapping::shipped().unwrap();
        let example = include_str!("../../../../../assets/csv-mappings/voorbeeld-epd.json");
        let example = Mapping::parse(example).unwrap();
        assert_eq!(example.value("bezet", "occupied"), "1");
        assert_eq!(example.constant("locatie"), Some("Voorbeeldziekenhuis"));
        let at = example.time("22-11-2026 03:05").unwrap();
        assert_eq!(at.to_string(), "2026-11-22T02:05:00Z");
        let wrong = Mapping::parse(r#"{"name":"x","columns":{"bezetting":"Bed status"}}"#).unwrap_err();
        assert!(
            wrong.to_string().contains("\"bezetting\" is none of our columns"),
            "{wrong}"
        );
    }
}
