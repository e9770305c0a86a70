//! What was delivered and not, or only partly, understood: kept beside the region, with since when.

use super::Cache;
use crate::{from_micros, micros, open::StoreError};
use jiff::Timestamp;
use rusqlite::{TransactionBehavior, params};

/// Something in a delivery that was refused or only partly understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUnderstood {
    pub path: String,
    pub code: String,
    pub detail: String,
    pub since: Option<Timestamp>,
    /// The address or the file that it came from.
    pub source: String,
}

impl Cache {
    /// Keeps what was refused or only partly understood; the same remark is kept once.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn keep_not_understood<'a>(
        &mut self,
        source: &str,
        received: Timestamp,
        remarks: impl Iterator<Item = (&'a str, &'a str, &'a str, Option<&'a str>)>,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = tx.prepare(
                "INSERT INTO not_understood (received, since, source, path, code, detail, raw)
                 VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (source, path, code, detail) DO UPDATE SET received = excluded.received, raw = excluded.raw",
            )?;
            for (path, code, detail, raw) in remarks {
                insert.execute(params![micros(received), source, path, code, detail, raw])?;
            }
        }
        tx.commit()?;
        Ok(())
    }

    /// What was not understood, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn not_understood(&self) -> Result<Vec<NotUnderstood>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT path, code, detail, since, source FROM not_understood ORDER BY received DESC, seq DESC LIMIT 1000",
        )?;
        let rows = statement.query_map([], |r| {
            let since: Option<i64> = r.get(3)?;
            Ok(NotUnderstood {
                path: r.get(0)?,
                code: r.get(1)?,
                detail: r.get(2)?,
                since: since.map(from_micros),
                source: r.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets what was not understood of a source and did not come again in the delivery of everything just received.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn forget_understood(&mut self, source: &str, received: Timestamp) -> Result<(), StoreError> {
        let sql = "DELETE FROM not_understood WHERE source = ?1 AND received < ?2";
        self.connection.execute(sql, params![source, micros(received)])?;
        Ok(())
    }
}
