//! How long a drive between two hospitals takes: a matrix of pairs, and the distance for whatever is not in it.
//!
//! ```
//! # use domain::{drive_times::{DriveTimes, DriveTimeRow, MatrixPlace}, place::{Place, PlaceKind}, travel::{DriveMethod, Position}};
//! # fn main() -> Result<(), domain::drive_times::Nonsense> {
//! let place = |id: &str, latitude| MatrixPlace { id: id.into(), name: id.into(), latitude, longitude: 6.1 };
//! let row = DriveTimeRow {
//!     from: "zwolle".into(), to: "meppel".into(),
//!     car_min: 26, siren_min: None, low_min: 25, high_min: 32,
//!     method: DriveMethod::RoadNetwork, source: "OSRM".into(), date: jiff::civil::date(2026, 11, 1),
//! };
//! let times = DriveTimes::new(vec![place("zwolle", 52.51), place("meppel", 52.70)], vec![row])?;
//! let mut here = Place::new("a".into(), PlaceKind::Site, "Zwolle", None);
//! let mut there = Place::new("b".into(), PlaceKind::Site, "Meppel", None);
//! assert_eq!(times.between(&here, &there), None, "where they lie is not known, and unknown is not 0 minutes");
//! here.position = Some(Position { latitude: 52.511, longitude: 6.102 });
//! there.position = Some(Position { latitude: 52.70, longitude: 6.1 });
//! assert_eq!(times.between(&here, &there).map(|d| (d.low_min, d.high_min)), Some((25, 32)));
//! # Ok(())
//! # }
//! ```

use super::Place;
use crate::travel::{CAR, DriveMethod, DriveTime, Position, SIREN, distance_km, estimate};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A place of the matrix, as its file has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixPlace {
    /// A location's own id, or one of the matrix's: then the location is recognised by where it lies.
    pub id: String,
    pub name: String,
    pub latitude: f64,
    pub longitude: f64,
}

/// A drive, as the matrix's file has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriveTimeRow {
    pub from: String,
    pub to: String,
    pub car_min: u32,
    /// Empty where it is not known.
    pub siren_min: Option<u32>,
    pub low_min: u32,
    pub high_min: u32,
    pub method: DriveMethod,
    /// Whom it is from and under which licence, for the screen.
    pub source: String,
    pub date: Date,
}

/// A location this near to a place of the matrix is that place: positions are delivered to about a kilometre, and no two
/// hospitals but one pair on one campus are nearer than two to each other.
const SAME_PLACE_KM: f64 = 1.0;
/// One degree of latitude is 111 km everywhere: further apart than this cannot be [`SAME_PLACE_KM`].
const SAME_PLACE_DEGREES: f64 = SAME_PLACE_KM / 110.0;

/// A longer drive than this is in seconds, not minutes.
const LONGEST_MIN: u32 = 600;
/// A drive faster than this part of the law is in hours, not minutes, or between other places; the fastest known takes 0.7 of
/// it.
const FASTEST_OF_LAW: f64 = 0.4;

/// Whose drive times they are, and of when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriveTimeSource {
    pub source: String,
    pub date: Date,
}

/// Drive times between hospitals.
#[derive(Clone, Debug, Default)]
pub struct DriveTimes {
    places: Vec<(String, Position)>,
    /// By the numbers of both places.
    pairs: BTreeMap<(usize, usize), DriveTime>,
    sources: BTreeSet<DriveTimeSource>,
}

/// Why a matrix cannot be used. Nothing of it counts then: of a file that is wrong in one row nobody knows whether the others
/// are right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nonsense {
    NoRows,
    /// In a file of places: an id twice, or none, or a position that is none on earth.
    Place {
        id: String,
    },
    /// In a file of drives; rows are counted from 1.
    Drive {
        row: usize,
        from: String,
        to: String,
        why: DriveNonsense,
    },
}

/// What is wrong with one drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriveNonsense {
    UnknownFrom,
    UnknownTo,
    ToItself,
    Twice,
    Zero,
    TooLong,
    TooFast,
    OutsideBand,
    SlowerWithSiren,
    NoSource,
}

impl std::fmt::Display for Nonsense {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoRows => f.write_str("it has no rows"),
            Self::Place { id } => write!(f, "the place {id:?} stands twice, has no id or no position on earth"),
            Self::Drive { row, from, to, why } => {
                let why = match why {
                    DriveNonsense::UnknownFrom => format!("there is no place {from:?}"),
                    DriveNonsense::UnknownTo => format!("there is no place {to:?}"),
                    DriveNonsense::ToItself => "it goes nowhere".to_owned(),
                    DriveNonsense::Twice => "it stands twice".to_owned(),
                    DriveNonsense::Zero => "0 minutes; what is not known is left out".to_owned(),
                    DriveNonsense::TooLong => format!("more than {LONGEST_MIN} minutes; are these seconds?"),
                    DriveNonsense::TooFast => "faster than anybody drives that distance".to_owned(),
                    DriveNonsense::OutsideBand => "car_min is not between low_min and high_min".to_owned(),
                    DriveNonsense::SlowerWithSiren => "siren_min is more than car_min".to_owned(),
                    DriveNonsense::NoSource => "it names no source".to_owned(),
                };
                write!(f, "row {row}, {from} to {to}: {why}")
            }
        }
    }
}

impl DriveTimes {
    /// A matrix of these drives between these places.
    ///
    /// # Errors
    /// When anything in it does not make sense.
    pub fn new(places: Vec<MatrixPlace>, rows: Vec<DriveTimeRow>) -> Result<Self, Nonsense> {
        if rows.is_empty() {
            return Err(Nonsense::NoRows);
        }
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut positions = vec![];
        for place in places {
            let on_earth = (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude);
            let first = known.insert(place.id.clone(), positions.len()).is_none();
            if place.id.is_empty() || !on_earth || !first {
                return Err(Nonsense::Place { id: place.id });
            }
            let (latitude, longitude) = (place.latitude, place.longitude);
            positions.push((place.id, Position { latitude, longitude }));
        }
        let mut times = Self {
            places: positions,
            ..Self::default()
        };
        for (at, row) in rows.into_iter().enumerate() {
            times.take(&known, &row).map_err(|why| Nonsense::Drive {
                row: at + 1,
                from: row.from.clone(),
                to: row.to.clone(),
                why,
            })?;
        }
        Ok(times)
    }

    fn take(&mut self, known: &BTreeMap<String, usize>, row: &DriveTimeRow) -> Result<(), DriveNonsense> {
        let from = *known.get(&row.from).ok_or(DriveNonsense::UnknownFrom)?;
        let to = *known.get(&row.to).ok_or(DriveNonsense::UnknownTo)?;
        if from == to {
            return Err(DriveNonsense::ToItself);
        }
        if row.source.trim().is_empty() {
            return Err(DriveNonsense::NoSource);
        }
        self.check_minutes(from, to, row)?;
        let drive = DriveTime {
            car_min: row.car_min,
            low_min: row.low_min,
            high_min: row.high_min,
            siren_min: row.siren_min,
            method: row.method,
        };
        if self.pairs.insert((from, to), drive).is_some() {
            return Err(DriveNonsense::Twice);
        }
        self.sources.insert(DriveTimeSource {
            source: row.source.clone(),
            date: row.date,
        });
        Ok(())
    }

    fn check_minutes(&self, from: usize, to: usize, row: &DriveTimeRow) -> Result<(), DriveNonsense> {
        if row.car_min == 0 || row.low_min == 0 || row.siren_min == Some(0) {
            return Err(DriveNonsense::Zero);
        }
        if row.high_min > LONGEST_MIN {
            return Err(DriveNonsense::TooLong);
        }
        if !(row.low_min..=row.high_min).contains(&row.car_min) {
            return Err(DriveNonsense::OutsideBand);
        }
        if row.siren_min.is_some_and(|siren| siren > row.car_min) {
            return Err(DriveNonsense::SlowerWithSiren);
        }
        let at = |number: usize| self.places.get(number).map(|(_, position)| *position);
        let km = at(from).zip(at(to)).map_or(0.0, |(from, to)| distance_km(from, to));
        let too_fast = |minutes: u32, usual: f64| f64::from(minutes) < (usual * FASTEST_OF_LAW).floor();
        let siren_too_fast = row.siren_min.is_some_and(|siren| too_fast(siren, SIREN.minutes(km)));
        if too_fast(row.car_min, CAR.minutes(km)) || siren_too_fast {
            return Err(DriveNonsense::TooFast);
        }
        Ok(())
    }

    /// The drive from one location to another; not known where it is not in the matrix and a position is missing.
    pub fn between(&self, from: &Place, to: &Place) -> Option<DriveTime> {
        let in_matrix = || self.pairs.get(&(self.number(from)?, self.number(to)?)).copied();
        in_matrix().or_else(|| Some(estimate(from.position?, to.position?)))
    }

    /// The matrix's place that a location is: by its id, else the nearest within [`SAME_PLACE_KM`].
    fn number(&self, place: &Place) -> Option<usize> {
        let by_id = self.places.iter().position(|(id, _)| id == place.id.as_str());
        by_id.or_else(|| {
            let here = place.position?;
            let near = self.places.iter().enumerate().filter_map(|(number, (_, there))| {
                if (there.latitude - here.latitude).abs() > SAME_PLACE_DEGREES {
                    return None;
                }
                Some((distance_km(here, *there), number)).filter(|(km, _)| *km <= SAME_PLACE_KM)
            });
            near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, number)| number)
        })
    }

    /// Whose they are, for the screen.
    pub fn sources(&self) -> impl Iterator<Item = &DriveTimeSource> {
        self.sources.iter()
    }
}
