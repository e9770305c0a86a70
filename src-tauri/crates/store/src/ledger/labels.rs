//! Labels, the sets they come from, and what labelling costs.

use super::{Ledger, OutboxRow, audit::journal, insert_outbox};
use crate::{from_micros, micros, open::StoreError};
use domain::{ids::ElementCode, label::LabelOverride, label_set::LabelSet};
use jiff::Timestamp;
use rusqlite::{TransactionBehavior, params};

/// What one gesture of labelling cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent {
    pub at: Timestamp,
    /// Only of who agreed to be named.
    pub who: Option<String>,
    pub beds: u32,
    /// Milliseconds.
    pub ms: i64,
}

impl Ledger {
    /// Writes labels and what has to be sent for them, all or none; each with what the bed showed before.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing was written and the screen must say so.
    pub fn label(
        &mut self,
        gesture: &str,
        labels: &[(LabelOverride, Option<ElementCode>)],
        outbox: &[OutboxRow],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (label, was) in labels {
            let body = serde_json::to_string(label)?;
            tx.execute(
                "INSERT INTO label (gesture, bed, kind, body, created) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![gesture, label.bed.as_str(), label.kind.code(), body, micros(now)],
            )?;
            let change = serde_json::json!({ "label": label, "was": was });
            journal(&tx, now, &label.author, "label", &change.to_string())?;
        }
        for row in outbox {
            insert_outbox(&tx, row)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The newest label of every bed and classification that was made here, with its gesture.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn labels(&self) -> Result<Vec<(String, LabelOverride)>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT gesture, body FROM label WHERE seq IN (SELECT max(seq) FROM label GROUP BY bed, kind) ORDER BY seq",
        )?;
        let rows = statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (gesture, body) = row?;
            Ok((gesture, serde_json::from_str(&body)?))
        })
        .collect()
    }

    /// Every label that was made here since a moment, oldest first, with when it was made.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn labels_since(&self, since: Timestamp) -> Result<Vec<(Timestamp, LabelOverride)>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT created, body FROM label WHERE created >= ?1 ORDER BY seq")?;
        let rows = statement.query_map([micros(since)], |r| {
            Ok((from_micros(r.get(0)?), r.get::<_, String>(1)?))
        })?;
        rows.map(|row| {
            let (created, body) = row?;
            Ok((created, serde_json::from_str(&body)?))
        })
        .collect()
    }

    /// Keeps a set, with a line in the audit trail.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_set(&mut self, set: &LabelSet, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let body = serde_json::to_string(set)?;
        tx.execute(
            "INSERT INTO label_set (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            [&set.id, &body],
        )?;
        journal(&tx, now, who, "set", &body)?;
        tx.commit()?;
        Ok(())
    }

    /// Forgets a set; what it said stays in the audit trail.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn drop_set(&mut self, id: &str, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("DELETE FROM label_set WHERE id = ?1", [id])?;
        journal(&tx, now, who, "drop-set", &serde_json::json!({ "set": id }).to_string())?;
        tx.commit()?;
        Ok(())
    }

    /// The sets, by name of their id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sets(&self) -> Result<Vec<LabelSet>, StoreError> {
        let mut statement = self.connection.prepare("SELECT body FROM label_set ORDER BY id")?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0))?;
        rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }

    /// Writes down what one gesture of labelling cost.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn spend(&self, at: Timestamp, who: Option<&str>, beds: usize, ms: i64) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO label_time (at, who, beds, ms) VALUES (?1, ?2, ?3, ?4)",
            params![micros(at), who, beds as i64, ms.max(0)],
        )?;
        Ok(())
    }

    /// What labelling cost since a moment, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn spent_since(&self, since: Timestamp) -> Result<Vec<Spent>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT at, who, beds, ms FROM label_time WHERE at >= ?1 ORDER BY seq")?;
        let rows = statement.query_map([micros(since)], |r| {
            Ok(Spent {
                at: from_micros(r.get(0)?),
                who: r.get(1)?,
                beds: r.get(2)?,
                ms: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
