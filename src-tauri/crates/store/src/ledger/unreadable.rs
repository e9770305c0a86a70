//! A row that cannot be read: skipped, listed, and left where it is.

use rusqlite::{Row, types::ValueRef};

/// A row that was skipped since it could not be read. It is still in its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub table: &'static str,
    /// The row's key.
    pub id: String,
    /// For the log and the administrator; never shown as the only explanation.
    pub why: String,
}

impl Unreadable {
    /// Of a row whose key is its first column.
    pub(super) fn row(table: &'static str, row: &Row<'_>, why: String) -> Self {
        let id = match row.get_ref(0) {
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            Ok(ValueRef::Integer(number)) => number.to_string(),
            Ok(ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_)) | Err(_) => "?".to_owned(),
        };
        Self { table, id, why }
    }
}
