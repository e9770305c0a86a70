//! The drive times that count at this desk: those that ship, or those that a region put in their place.
//!
//! Two CSV files, `places.csv` and `matrix.csv`; what their columns mean is in [`domain::drive_times`].

use crate::{error::AppError, error::ErrorCode};
use domain::{
    drive_times::{DriveTimeRow, DriveTimes, MatrixPlace},
    travel::DriveTime,
};
use serde::de::DeserializeOwned;
use std::{fs, io, path::Path};

/// Of the data folder; whoever replaces them needs the matrix, and the places too where the ids are not the shipped ones.
const FOLDER: &str = "drive-times";

const PLACES: &str = include_str!("../../../../assets/drive-times/places.csv");
const MATRIX: &str = include_str!("../../../../assets/drive-times/matrix.csv");

/// The shipped drive times, computed by `cargo xtask drive-times`.
///
/// # Errors
/// When a shipped file is broken.
pub fn shipped() -> Result<DriveTimes, AppError> {
    read(PLACES, MATRIX).map_err(|why| AppError::new(ErrorCode::Unreadable, why))
}

/// The region's own, where there is a folder for them. What is wrong in it is named in `problems`, and nothing of it counts.
pub(crate) fn in_folder(dir: &Path, problems: &mut Vec<String>) -> Option<DriveTimes> {
    let folder = dir.join(FOLDER);
    if !folder.exists() {
        return None;
    }
    let read = || -> Result<DriveTimes, String> {
        let places = match fs::read_to_string(folder.join("places.csv")) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => PLACES.to_owned(),
            Err(error) => return Err(format!("places.csv: {error}")),
        };
        let matrix = fs::read_to_string(folder.join("matrix.csv")).map_err(|e| format!("matrix.csv: {e}"))?;
        read(&places, &matrix)
    };
    read()
        .inspect_err(|why| {
            tracing::error!(why, path = %folder.display(), "the drive times are not usable");
            problems.push(format!("{}: {why}", folder.display()));
        })
        .ok()
}

fn read(places: &str, matrix: &str) -> Result<DriveTimes, String> {
    let places: Vec<MatrixPlace> = rows(places).map_err(|e| format!("places.csv: {e}"))?;
    let matrix: Vec<DriveTimeRow> = rows(matrix).map_err(|e| format!("matrix.csv: {e}"))?;
    DriveTimes::new(places, matrix).map_err(|e| e.to_string())
}

/// With commas, or with the semicolons that a Dutch spreadsheet writes.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    let text = text.trim_start_matches('\u{feff}');
    let semicolons = text.lines().next().is_some_and(|header| header.contains(';'));
    csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .deserialize()
        .collect()
}

/// "25–32", as people read it.
pub(crate) fn band(drive: &DriveTime) -> String {
    if drive.low_min == drive.high_min {
        return drive.low_min.to_string();
    }
    format!("{}–{}", drive.low_min, drive.high_min)
}
