//! The one writer of tables that leave the desk. Where they are opened is a spreadsheet, which computes what looks like a
//! formula: a text that somebody else delivered must not be one.

use crate::{AppError, ErrorCode};
use std::{fmt::Display, fs, path::Path};

/// Writes a table as CSV, and makes the folder that it lies in.
///
/// # Errors
/// When the disk does not take it.
pub(crate) fn csv<const N: usize>(
    path: &Path,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<(), AppError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|e| not_written(&e))?;
    // Excel takes UTF-8 for what it is only with a mark in front, and the Dutch one wants semicolons.
    let mut text = b"\xef\xbb\xbf".to_vec();
    {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(&mut text);
        writer.write_record(header).map_err(|e| not_written(&e))?;
        for row in rows {
            let row = row.map(not_a_formula);
            writer.write_record(row).map_err(|e| not_written(&e))?;
        }
        writer.flush().map_err(|e| not_written(&e))?;
    }
    fs::write(path, text).map_err(|e| not_written(&e))
}

/// A file that could not be written.
pub(crate) fn not_written(error: &dyn Display) -> AppError {
    AppError::new(ErrorCode::Storage, error.to_string())
}

/// Shown as text by every spreadsheet.
fn not_a_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}
