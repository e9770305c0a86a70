//! Alarms as they stand, and the log of what became of them.

use super::{Ledger, audit::journal};
use crate::{from_micros, micros, open::StoreError};
use domain::{
    alarm::{Alarm, Priority},
    ids::AlarmId,
    quality::{AlarmEvent, Told},
};
use jiff::Timestamp;
use rusqlite::{TransactionBehavior, params};

const PRIORITIES: [(&str, Priority); 3] = [
    ("high", Priority::High),
    ("medium", Priority::Medium),
    ("low", Priority::Low),
];

impl Ledger {
    /// Stores alarms as they stand now (`None`: normal again), with what happened, in one transaction.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_alarms(
        &mut self,
        changes: &[(AlarmId, Option<Alarm>)],
        events: &[AlarmEvent],
        who: &str,
        what: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (id, alarm) in changes {
            match alarm {
                Some(alarm) => {
                    let body = serde_json::to_string(alarm)?;
                    tx.execute(
                        "INSERT INTO alarm (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                        params![id.as_str(), body],
                    )?;
                    journal(&tx, now, who, what, &body)?;
                }
                None => {
                    tx.execute("DELETE FROM alarm WHERE id = ?1", [id.as_str()])?;
                    journal(&tx, now, who, "normal", &serde_json::to_string(id)?)?;
                }
            }
        }
        for event in events {
            let priority = PRIORITIES
                .iter()
                .find(|(_, p)| *p == event.priority)
                .map_or("low", |(code, _)| code);
            tx.execute(
                "INSERT INTO alarm_event (at, alarm, source, priority, told) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![micros(event.at), event.alarm, event.source, priority, event.told.code()],
            )?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The alarms as they stood when the application last ran (AH-02).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarms(&self) -> Result<Vec<Alarm>, StoreError> {
        let mut statement = self.connection.prepare("SELECT body FROM alarm ORDER BY id")?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0))?;
        rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }

    /// The alarm log since a moment, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarm_events(&self, since: Timestamp) -> Result<Vec<AlarmEvent>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT at, alarm, source, priority, told FROM alarm_event WHERE at >= ?1 ORDER BY seq")?;
        let rows = statement.query_map([micros(since)], |r| {
            let (priority, told): (String, String) = (r.get(3)?, r.get(4)?);
            Ok(AlarmEvent {
                at: from_micros(r.get(0)?),
                alarm: r.get(1)?,
                source: r.get(2)?,
                priority: PRIORITIES
                    .iter()
                    .find(|(code, _)| *code == priority)
                    .map_or(Priority::Low, |(_, p)| *p),
                told: Told::ALL.into_iter().find(|t| t.code() == told).unwrap_or(Told::Raised),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes down who takes the desk over, and what stood at that moment.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn take_over(&mut self, who: &str, standing: &str, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        journal(&tx, now, who, "take-over", standing)?;
        tx.commit()?;
        Ok(())
    }
}
