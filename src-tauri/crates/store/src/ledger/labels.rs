//! Labels, the sets they come from, and what labelling costs.

use super::{
    Ledger, OutboxRow,
    audit::journal,
    json, outbox,
    unreadable::{Rows, Unreadable, rows},
};
use crate::{micros, open::StoreError, time};
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
        sends: &[OutboxRow],
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
        for row in sends {
            outbox::insert(&tx, row)?;
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
            "SELECT seq, gesture, body FROM label WHERE seq IN (SELECT max(seq) FROM label GROUP BY bed, kind)
             ORDER BY seq",
        )?;
        Ok(rows("label", &mut statement, [], |r| Ok((r.get(1)?, json(r, 2)?)))?.read)
    }

    /// Every label that was made here since a moment, oldest first, with when it was made.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn labels_since(&self, since: Timestamp) -> Result<Vec<(Timestamp, LabelOverride)>, StoreError> {
        Ok(self.label_rows(micros(since))?.read)
    }

    fn label_rows(&self, since: i64) -> Result<Rows<(Timestamp, LabelOverride)>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, created, body FROM label WHERE created >= ?1 ORDER BY seq")?;
        rows("label", &mut statement, [since], |r| {
            Ok((time(r.get(1)?)?, json(r, 2)?))
        })
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
        Ok(self.set_rows()?.read)
    }

    fn set_rows(&self) -> Result<Rows<LabelSet>, StoreError> {
        let mut statement = self.connection.prepare("SELECT id, body FROM label_set ORDER BY id")?;
        rows("label_set", &mut statement, [], |r| json(r, 1))
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
        Ok(self.spent_rows(micros(since))?.read)
    }

    fn spent_rows(&self, since: i64) -> Result<Rows<Spent>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, who, beds, ms FROM label_time WHERE at >= ?1 ORDER BY seq")?;
        rows("label_time", &mut statement, [since], |r| {
            Ok(Spent {
                at: time(r.get(1)?)?,
                who: r.get(2)?,
                beds: r.get(3)?,
                ms: r.get(4)?,
            })
        })
    }

    /// What cannot be read of labels, sets and the time that labelling took.
    pub(super) fn unreadable_labels(&self) -> Result<Vec<Unreadable>, StoreError> {
        let mut all = self.label_rows(i64::MIN)?.unreadable;
        all.append(&mut self.set_rows()?.unreadable);
        all.append(&mut self.spent_rows(i64::MIN)?.unreadable);
        Ok(all)
    }
}
