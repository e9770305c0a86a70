//! What the operator does with alarms: acknowledge, silence, shelve, take over. On disk before the screen says so.

use crate::{
    clock::whole_second,
    effect::{Effect, View},
    engine::{Engine, Identity},
    error::{AppError, ErrorCode},
};
use domain::{
    alarms::{Acknowledgement, AlarmId, Event, Refused},
    region::StopAcknowledgement,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use store::{OutboxKind, OutboxRow};

/// Who took the desk over last, under the name that the first version gave it.
const OPERATOR: &str = "on-watch";

impl Engine {
    /// Sound off for two minutes at the most; every alarm stays where it is (AH-06).
    pub fn silence(&mut self) {
        let (open, now) = (self.highest_open(), self.now());
        self.moment_mut().annunciator.silence(open, now);
        self.effect(Effect::StopSound);
        self.changed([View::Frame]);
    }

    /// A person has seen this alarm; on disk when this returns, and on its way to the other desks.
    ///
    /// # Errors
    /// When there is no such alarm, it was acknowledged before, or the disk does not take it.
    pub fn acknowledge(&mut self, id: &AlarmId) -> Result<(), AppError> {
        let by = Acknowledgement {
            by: self.identity.author(),
            workstation: self.identity.workstation.clone(),
            at: whole_second(self.now()),
        };
        let event = Event::Acknowledge(by.clone());
        // A closure that a service only lists has no resource that another desk could look up.
        let Some(stop) = id.stop().filter(|s| self.region.stops.contains_key(s.as_str())) else {
            return self.by_person(id, event, "acknowledge", &[]);
        };
        let shared = StopAcknowledgement { stop: stop.clone(), by };
        let row = OutboxRow::waiting(
            uuid::Uuid::new_v4().to_string(),
            OutboxKind::Acknowledgement,
            stop.as_str(),
            serde_json::to_string(&shared)?,
            self.now(),
        );
        self.by_person(id, event, "acknowledge", &[row])?;
        self.enqueued()
    }

    /// Sets an alarm aside for a while, with a reason.
    ///
    /// # Errors
    /// Without a reason, outside 15 minutes to 12 hours, or when the disk does not take it.
    pub fn shelve(&mut self, id: &AlarmId, reason: &str, minutes: i64) -> Result<(), AppError> {
        let until = self.now() + SignedDuration::from_mins(minutes.clamp(0, 24 * 60));
        let reason = feed::privacy::clean_text(reason);
        let by = self.identity.author();
        self.by_person(id, Event::Shelve { by, reason, until }, "shelve", &[])
    }

    /// Takes an alarm off the shelf.
    ///
    /// # Errors
    /// When it is not on it, or the disk does not take it.
    pub fn unshelve(&mut self, id: &AlarmId) -> Result<(), AppError> {
        self.by_person(id, Event::Unshelve, "unshelve", &[])
    }

    /// Puts an alarm out of service, or into it again; an administrator's decision, with a reason.
    ///
    /// # Errors
    /// When there is no such alarm, no reason, or the disk does not take it.
    pub fn out_of_service(&mut self, id: &AlarmId, reason: Option<&str>) -> Result<(), AppError> {
        let Some(reason) = reason else {
            return self.by_person(id, Event::IntoService, "into-service", &[]);
        };
        let reason = feed::privacy::clean_text(reason);
        if reason.is_empty() {
            return Err(AppError::invalid("out of service needs a reason"));
        }
        let by = self.identity.author();
        self.by_person(id, Event::OutOfService { by, reason }, "out-of-service", &[])
    }

    /// Somebody takes the desk over, with everything that stands; whoever acknowledges from now on is that person.
    ///
    /// # Errors
    /// Without a name, or when the disk does not take it: the one before is still the operator.
    pub fn take_over(&mut self, name: &str) -> Result<(), AppError> {
        let name = feed::privacy::clean_text(name);
        if name.is_empty() {
            return Err(AppError::invalid("who takes over?"));
        }
        let standing = serde_json::to_string(&self.alarms_report())?;
        let now = self.now();
        let setting = serde_json::to_string(&(&name, now))?;
        self.ledger.take_over(&name, &standing, (OPERATOR, &setting), now)?;
        self.now_on_duty(name);
        self.announce_standing();
        Ok(())
    }

    fn now_on_duty(&mut self, user: String) {
        let identity = Identity {
            user: Some(user),
            ..Identity::clone(&self.identity)
        };
        self.moment_mut().identity = Arc::new(identity);
        self.changed([View::Frame]);
    }

    /// Whoever took the desk over last is still the operator after a restart.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn resume_operator(&mut self) -> Result<(), AppError> {
        if let Some((name, _)) = self.setting::<(String, Timestamp)>(OPERATOR)? {
            self.now_on_duty(name);
        }
        Ok(())
    }

    fn by_person(&mut self, id: &AlarmId, event: Event, what: &str, sends: &[OutboxRow]) -> Result<(), AppError> {
        match self.operate(id, event, what, sends)? {
            None => Ok(()),
            Some(Refused::NoAlarm) => Err(AppError::not_found(format!("alarm {id}"))),
            Some(Refused::NoReason) => Err(AppError::invalid("shelving needs a reason")),
            Some(Refused::LimitOutOfRange) => Err(AppError::invalid("shelving lasts 15 minutes to 12 hours")),
            Some(Refused::NotFromHere(state)) => {
                Err(AppError::new(ErrorCode::NotFromHere, format!("the alarm is {state:?}")))
            }
        }
    }
}
