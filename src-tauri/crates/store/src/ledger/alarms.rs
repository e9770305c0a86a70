//! Alarms as they stand, and the log of what became of them.

use super::{
    Ledger, OutboxRow,
    audit::journal,
    json, outbox,
    unreadable::{Rows, rows},
    write_setting,
};
use crate::{micros, open::StoreError, time};
use domain::alarms::{
    Alarm, AlarmId, Priority,
    metrics::{AlarmEvent, AlarmTransition},
};
use jiff::Timestamp;
use rusqlite::{Row, TransactionBehavior, params};

impl Ledger {
    /// Stores alarms as they stand now (`None`: normal again), with what happened and what has to be sent for it, all or
    /// none.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn save_alarms(
        &mut self,
        changes: &[(AlarmId, Option<Alarm>)],
        events: &[AlarmEvent],
        sends: &[OutboxRow],
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
        for row in sends {
            outbox::insert_with_line(&tx, row, who)?;
        }
        tx.commit()?;
        Ok(())
    }

    /// The alarms as they stood when the application last ran (AH-02), and the rows that are not readable. Those stay in
    /// the table, so that they can be repaired; they never keep the desk from starting.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarms(&self) -> Result<Rows<Alarm>, StoreError> {
        let mut statement = self.connection.prepare("SELECT id, body FROM alarm ORDER BY id")?;
        rows("alarm", &mut statement, [], |row| json(row, 1))
    }

    /// The alarm log since a moment, oldest first, and the rows of it that are not readable.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alarm_events(&self, since: Timestamp) -> Result<Rows<AlarmEvent>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT seq, at, alarm, priority, told FROM alarm_event WHERE at >= ?1 ORDER BY seq")?;
        rows("alarm_event", &mut statement, [micros(since)], event)
    }

    /// Writes down who takes the desk over, and what stood at that moment, with the setting that has it still be so after
    /// a restart.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn take_over(
        &mut self,
        who: &str,
        standing: &str,
        (key, value): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        journal(&tx, now, who, "take-over", standing)?;
        write_setting(&tx, key, value)?;
        tx.commit()?;
        Ok(())
    }
}

fn event(row: &Row<'_>) -> Result<AlarmEvent, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let (alarm, priority, transition) = (text(2)?, text(3)?, text(4)?);
    let unknown = |column, value: &str| StoreError::Value {
        column,
        value: value.to_owned(),
    };
    Ok(AlarmEvent {
        at: time(row.get(1)?)?,
        alarm: alarm
            .parse::<AlarmId>()
            .map_err(|_| unknown("alarm_event.alarm", &alarm))?,
        priority: Priority::from_code(&priority).ok_or_else(|| unknown("alarm_event.priority", &priority))?,
        transition: AlarmTransition::from_code(&transition).ok_or_else(|| unknown("alarm_event.told", &transition))?,
    })
}
