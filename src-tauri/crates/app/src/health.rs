//! What does not work at this workstation: a disk, a sound device, a notification server, a task that stopped.

use crate::{
    say,
    text::{Language, Spoken},
};
use domain::alarms::StorageProblem;
use std::sync::Arc;

/// What is wrong with what is kept at this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageNote {
    pub problem: StorageProblem,
    /// For the screen.
    pub text: Spoken,
}

/// Why an alarm may not be seen outside this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationTrouble {
    /// The system does not take notifications.
    Missing,
    /// The desktop holds them back.
    HeldBack,
    /// What shows them does not answer.
    Silent,
}

/// Why an alarm may not be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundTrouble {
    /// There is no device that works.
    Missing,
    Muted,
    /// The device does not answer.
    Silent,
}

/// What became of the application's own parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskTrouble {
    Restarted { task: Arc<str>, times: u32 },
    EndedUnexpectedly(jiff::Timestamp),
}

/// Remarks that stand for as long as what they say is so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// A file could not be used, or the disk does not take what must be kept.
    pub storage: Option<StorageNote>,
    /// The system does not take native notifications (AH-19).
    pub notification: Option<NotificationTrouble>,
    /// No sound can be made (AH-20).
    pub sound: Option<SoundTrouble>,
    /// A part of the application failed and was started again.
    pub task: Option<TaskTrouble>,
}

/// What a device said when it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceAnswer {
    Yes,
    No,
    /// It is there and does not answer.
    None,
}

/// A report about a device or a task, from outside the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthReport {
    /// Something stands in the way of notifications; `None`: they were taken.
    Notification(Option<String>),
    /// Whether the desktop holds notifications back.
    DoNotDisturb(DeviceAnswer),
    /// Something stands in the way of sound; `None`: it was made.
    Sound(Option<String>),
    /// Whether the loudspeaker is muted.
    Muted(DeviceAnswer),
    /// The disk does not take what must be kept.
    Storage(String),
    /// The disk took again what it had refused.
    StorageMended,
    /// A task failed or stopped answering, and was started again: its name and how often that happened.
    TaskRestarted { task: String, times: u32 },
    /// The last session ended unexpectedly at that time.
    EndedUnexpectedly(jiff::Timestamp),
}

impl Health {
    /// What stands beside the alarms, the gravest first.
    pub fn notes(&self, language: Language) -> Vec<String> {
        let storage = self.storage.as_ref().map(|note| note.text.said(language));
        let task = self.task.as_ref().map(|trouble| match trouble {
            TaskTrouble::Restarted { task, times } => say!(language, NoteRestarted, task = task.as_ref(), n = *times),
            TaskTrouble::EndedUnexpectedly(at) => {
                let at = at.to_zoned(domain::service_day::dutch_zone());
                say!(language, NoteEnded, at = at.strftime("%d-%m %H:%M").to_string())
            }
        });
        let notification = self.notification.map(|trouble| match trouble {
            NotificationTrouble::Missing => say!(language, NoteNoNotifications),
            NotificationTrouble::HeldBack => say!(language, NoteHeldBack),
            NotificationTrouble::Silent => say!(language, NoteSilentServer),
        });
        let sound = self.sound.map(|trouble| match trouble {
            SoundTrouble::Missing => say!(language, NoteNoSound),
            SoundTrouble::Muted => say!(language, NoteMuted),
            SoundTrouble::Silent => say!(language, NoteSilentDevice),
        });
        [storage, task, notification, sound].into_iter().flatten().collect()
    }

    /// Takes a remark about what is kept, unless a graver one stands.
    pub(crate) fn note_storage(&mut self, note: StorageNote) {
        let stands = self.storage.as_ref().map(|note| gravity(note.problem));
        if stands.is_none_or(|stands| gravity(note.problem) >= stands) {
            self.storage = Some(note);
        }
    }

    /// The cache was begun anew: that it could not be written is over.
    pub(crate) fn note_rebuilt(&mut self, note: StorageNote) {
        self.storage_is_no_longer(&[StorageProblem::NotWritable]);
        self.note_storage(note);
    }

    /// These are no longer the matter.
    pub(crate) fn storage_is_no_longer(&mut self, problems: &[StorageProblem]) {
        self.storage.take_if(|note| problems.contains(&note.problem));
    }

    /// Something of the ledger was lost, or may be.
    pub(crate) fn ledger_is_hurt(&self) -> bool {
        self.storage.as_ref().is_some_and(|note| match note.problem {
            StorageProblem::LedgerSetAside | StorageProblem::LedgerDamaged | StorageProblem::UnreadableRows => true,
            StorageProblem::LedgerInMemory
            | StorageProblem::LedgerRestored
            | StorageProblem::LedgerNotRestored
            | StorageProblem::CacheRebuilt
            | StorageProblem::InMemory
            | StorageProblem::NotWritable
            | StorageProblem::NoBackup
            | StorageProblem::UnreadableFile => false,
        })
    }

    /// Takes a report in.
    pub fn take(&mut self, report: HealthReport) {
        match report {
            HealthReport::Notification(why) => self.notification = why.map(|_| NotificationTrouble::Missing),
            HealthReport::Sound(why) => self.sound = why.map(|_| SoundTrouble::Missing),
            HealthReport::DoNotDisturb(answer) => {
                let note = &mut self.notification;
                stand_while(note, NotificationTrouble::HeldBack, answer == DeviceAnswer::Yes);
                stand_while(note, NotificationTrouble::Silent, answer == DeviceAnswer::None);
            }
            HealthReport::Muted(answer) => {
                stand_while(&mut self.sound, SoundTrouble::Muted, answer == DeviceAnswer::Yes);
                stand_while(&mut self.sound, SoundTrouble::Silent, answer == DeviceAnswer::None);
            }
            HealthReport::Storage(why) => {
                tracing::error!(%why, "the disk does not take it");
                self.note_storage(StorageNote {
                    problem: StorageProblem::NotWritable,
                    text: Spoken::of(|language| say!(language, StorageNotWritable)),
                });
            }
            HealthReport::StorageMended => {
                if self
                    .storage
                    .as_ref()
                    .is_some_and(|s| s.problem == StorageProblem::NotWritable)
                {
                    self.storage = None;
                }
            }
            HealthReport::TaskRestarted { task, times } => {
                tracing::error!(%task, times, "a task failed and was started again");
                let task = task.into();
                self.task = Some(TaskTrouble::Restarted { task, times });
            }
            HealthReport::EndedUnexpectedly(at) => {
                self.task.get_or_insert(TaskTrouble::EndedUnexpectedly(at));
            }
        }
    }
}

/// What keeps less of what people do is graver.
fn gravity(problem: StorageProblem) -> u8 {
    match problem {
        // It takes nothing either, and there is something to be done about it.
        StorageProblem::LedgerDamaged => 9,
        StorageProblem::NotWritable => 8,
        StorageProblem::LedgerInMemory => 7,
        StorageProblem::LedgerSetAside => 6,
        StorageProblem::LedgerNotRestored => 5,
        StorageProblem::UnreadableRows => 4,
        StorageProblem::InMemory => 3,
        StorageProblem::LedgerRestored => 2,
        StorageProblem::CacheRebuilt => 2,
        StorageProblem::NoBackup => 1,
        StorageProblem::UnreadableFile => 0,
    }
}

/// Keeps a remark for as long as what it says is so; one about something else stays.
fn stand_while<T: PartialEq>(note: &mut Option<T>, trouble: T, holds: bool) {
    if holds {
        *note = Some(trouble);
    } else if note.as_ref() == Some(&trouble) {
        *note = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ah_20_a_device_that_is_heard_again_is_no_longer_called_muted_and_one_that_is_gone_still_is_gone() {
        let mut health = Health::default();
        health.take(HealthReport::Muted(DeviceAnswer::Yes));
        assert_eq!(health.notes(Language::Dutch), [say!(Language::Dutch, NoteMuted)]);
        health.take(HealthReport::Muted(DeviceAnswer::No));
        assert!(health.notes(Language::Dutch).is_empty());
        health.take(HealthReport::Sound(Some("no device".to_owned())));
        health.take(HealthReport::Muted(DeviceAnswer::No));
        assert_eq!(
            health.notes(Language::Dutch),
            [say!(Language::Dutch, NoteNoSound)],
            "a device that is not muted may still be missing"
        );
    }
}
