//! Alarms as they stand, and the log of what became of them.

use super::{Ledger, audit::journal, unreadable::Unreadable};
use crate::{from_micros, micros, open::StoreError};
use domain::alarms::{
    Alarm, AlarmId, Priority,
    metrics::{AlarmEvent, AlarmTransition},
};
use jiff::Timestamp;
use rusqlite::{Row, TransactionBehavior, params};

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
                        params![id.to_string(), body],
                    )?;
                    journal(&tx, now, who, what, &body)?;
                }
                None => {
                    tx.execute("DELETE FROM alarm WHERE id = ?1", [id.to_string()])?;
                    journal(&tx, now, who, "normal", &serde_json::to_string(id)?)?;
                }
            }
        }
        for event in events {
            tx.execute(
                "INSERT INTO alarm_event (at, alarm, source, priority, told) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    micros(event.at),
                    event.alarm.to_string(),
                    event.alarm.origin().to_string(),
                    event.priority.code(),
                    event.transition.code()
                ],
            )?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The alarms as they stood when the application last ran (AH-02), and the rows that are not readable. Those stay in
    /// the table, so that they can be repaired; they never keep the desk from starting.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarms(&self) -> Result<(Vec<Alarm>, Vec<Unreadable>), StoreError> {
        let mut statement = self.connection.prepare("SELECT id, body FROM alarm ORDER BY id")?;
        let mut rows = statement.query([])?;
        let (mut alarms, mut unreadable) = (vec![], vec![]);
        while let Some(row) = rows.next()? {
            match alarm(row) {
                Ok(alarm) => alarms.push(alarm),
                Err(why) => unreadable.push(Unreadable::of("alarm", row, why)),
            }
        }
        Ok((alarms, unreadable))
    }

    /// The alarm log since a moment, oldest first, and the rows of it that are not readable.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarm_events(&self, since: Timestamp) -> Result<(Vec<AlarmEvent>, Vec<Unreadable>), StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, alarm, priority, told FROM alarm_event WHERE at >= ?1 ORDER BY seq")?;
        let mut rows = statement.query([micros(since)])?;
        let (mut events, mut unreadable) = (vec![], vec![]);
        while let Some(row) = rows.next()? {
            match event(row) {
                Ok(event) => events.push(event),
                Err(why) => unreadable.push(Unreadable::of("alarm_event", row, why)),
            }
        }
        Ok((events, unreadable))
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

fn alarm(row: &Row<'_>) -> Result<Alarm, String> {
    let body: String = row.get(1).map_err(|e| e.to_string())?;
    serde_json::from_str(&body).map_err(|e| e.to_string())
}

fn event(row: &Row<'_>) -> Result<AlarmEvent, String> {
    let text = |column: usize| row.get::<_, String>(column).map_err(|e| e.to_string());
    let (priority, transition) = (text(3)?, text(4)?);
    Ok(AlarmEvent {
        at: from_micros(row.get(1).map_err(|e| e.to_string())?),
        alarm: text(2)?.parse::<AlarmId>().map_err(|e| e.to_string())?,
        priority: Priority::from_code(&priority).ok_or_else(|| format!("priority {priority:?}"))?,
        transition: AlarmTransition::from_code(&transition).ok_or_else(|| format!("transition {transition:?}"))?,
    })
}
