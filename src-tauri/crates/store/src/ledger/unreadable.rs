//! Rows that cannot be read: skipped, named, and left in their file for repair.
//!
//! A table is read through [`rows`]. What it cannot make sense of goes on the list beside what it can, so that one
//! damaged row costs that row and nothing else. An error is left for what concerns the whole file.

use crate::open::StoreError;
use rusqlite::{Params, Row, Statement, types::ValueRef};

/// A stored row that could not be read. It stays in its file as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unreadable {
    /// The table that it stands in.
    pub table: &'static str,
    /// Its key in that table, as text.
    pub row: String,
    pub why: String,
}

/// What reading a table yielded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    pub read: Vec<T>,
    pub unreadable: Vec<Unreadable>,
}

/// Reads every row of a query. Its first column is the row's key in `table`.
///
/// # Errors
/// When the file itself cannot be read; a row that does not make sense is on the list instead.
pub(crate) fn rows<T>(
    table: &'static str,
    statement: &mut Statement<'_>,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Rows<T>, StoreError> {
    let mut found = Rows {
        read: vec![],
        unreadable: vec![],
    };
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        match sort_out(table, row, read(row))? {
            Ok(one) => found.read.push(one),
            Err(unreadable) => found.unreadable.push(unreadable),
        }
    }
    Ok(found)
}

/// Tells a row that does not make sense from a file that cannot be read.
pub(crate) fn sort_out<T>(
    table: &'static str,
    row: &Row<'_>,
    read: Result<T, StoreError>,
) -> Result<Result<T, Unreadable>, StoreError> {
    match read {
        Ok(one) => Ok(Ok(one)),
        Err(error) if error.is_of_one_row() => Ok(Err(Unreadable {
            table,
            row: key(row),
            why: error.to_string(),
        })),
        Err(error) => Err(error),
    }
}

fn key(row: &Row<'_>) -> String {
    match row.get_ref(0) {
        Ok(ValueRef::Integer(n)) => n.to_string(),
        Ok(ValueRef::Text(text) | ValueRef::Blob(text)) => String::from_utf8_lossy(text).into_owned(),
        Ok(ValueRef::Real(n)) => n.to_string(),
        Ok(ValueRef::Null) | Err(_) => "?".to_owned(),
    }
}
