//! What was delivered and not, or only partly, understood: kept beside the region, with since when.

use crate::{open::StoreError, time};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

/// Something in a delivery that was refused or only partly understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseIssue {
    pub path: String,
    pub code: String,
    pub detail: String,
    pub since: Option<Timestamp>,
    /// The address or the file that it came from.
    pub source: String,
}

/// One remark about a delivery, with what was delivered unless that was patient data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub path: String,
    pub code: String,
    pub detail: String,
    pub raw: Option<String>,
}

/// The remarks about one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remarks {
    /// The address or the file that it came from.
    pub from: String,
    pub list: Vec<Remark>,
    /// Nothing else is wrong with what comes from there: earlier remarks that did not come again are forgotten.
    pub complete: bool,
}

impl Remarks {
    /// Keeps them; the same remark is kept once.
    pub(super) fn store(&self, tx: &Transaction<'_>, received: i64) -> Result<(), StoreError> {
        let mut insert = tx.prepare_cached(
            "INSERT INTO not_understood (received, since, source, path, code, detail, raw)
             VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (source, path, code, detail) DO UPDATE SET received = excluded.received, raw = excluded.raw",
        )?;
        for one in &self.list {
            insert.execute(params![received, self.from, one.path, one.code, one.detail, one.raw])?;
        }
        if self.complete {
            let sql = "DELETE FROM not_understood WHERE source = ?1 AND received < ?2";
            tx.execute(sql, params![self.from, received])?;
        }
        Ok(())
    }
}

pub(super) fn all(connection: &Connection) -> Result<Vec<ParseIssue>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT path, code, detail, since, source FROM not_understood ORDER BY received DESC, seq DESC LIMIT 1000",
    )?;
    let rows = statement.query_map([], |r| {
        let since: Option<i64> = r.get(3)?;
        Ok(ParseIssue {
            path: r.get(0)?,
            code: r.get(1)?,
            detail: r.get(2)?,
            // One that cannot be read is not known; what was remarked is said all the same.
            since: since.and_then(|us| time(us).ok()),
            source: r.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
