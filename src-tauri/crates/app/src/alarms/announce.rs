//! What an alarm asks for is done: notified, sounded, reminded of, gone up with.

use super::notification::{Call, NotificationChange, NotificationKey, TIME_LIMIT_S};
use crate::{
    effect::{Effect as Performed, View},
    engine::Engine,
    moment::Moment,
    report::alarm_report,
    say,
};
use domain::alarms::{
    Alarm, AlarmScope, Effect, Priority, entry,
    nuisance::{AnnounceMode, FLOOD},
};
use jiff::Timestamp;

impl Moment {
    /// An alarm's summary and body for the desktop.
    fn words(&self, alarm: &Alarm) -> (String, String) {
        let (t, language) = (&alarm.text, self.language);
        let since = t.since.map(|s| say!(language, NotificationSince, at = self.clock(s)));
        let end = match t.expected_end {
            Some(end) => Some(say!(language, NotificationUntil, at = self.clock(end))),
            None => (entry(alarm.kind).scope == AlarmScope::Stop).then(|| say!(language, NotificationEndUnknown)),
        };
        let times: Vec<String> = [since, end].into_iter().flatten().collect();
        let phone = t.phone.as_ref().map(|p| say!(language, NotificationCall, phone = p));
        let lines = [
            Some(times.join(", ")),
            Some(t.reason.clone()),
            phone,
            Some(t.advice.clone()),
        ];
        let lines = lines.into_iter().flatten().filter(|l| !l.is_empty());
        (
            format!("{} {}", t.what, t.hospital),
            lines.collect::<Vec<_>>().join("\n"),
        )
    }
}

impl Engine {
    pub(super) fn perform(&mut self, effect: Effect, now: Timestamp) {
        match effect {
            Effect::Announce(id) => {
                let Some(alarm) = self.alarms.get(&id).cloned() else {
                    return;
                };
                self.sound_of(&alarm);
                let high = alarm.priority == Priority::High;
                let mode = self.nuisance.announce(now);
                // A high alarm is told by itself, whatever comes with it (AH-12).
                if high || mode == AnnounceMode::Singly {
                    self.notify_of(&alarm);
                }
                // One for all the others; the list shows every one of them.
                if mode == AnnounceMode::FloodBegins {
                    self.notify(NotificationChange::Show {
                        key: NotificationKey::Flood,
                        priority: if high { Priority::High } else { Priority::Medium },
                        summary: say!(self.language, NotificationFlood),
                        body: say!(self.language, NotificationFloodBody),
                    });
                }
            }
            Effect::Withdraw(id) => {
                for key in [NotificationKey::Alarm(id.clone()), NotificationKey::Reminder(id)] {
                    self.notify(NotificationChange::Withdraw { key });
                }
                if self.nuisance.flood(now).is_none() {
                    let key = NotificationKey::Flood;
                    self.notify(NotificationChange::Withdraw { key });
                }
            }
            Effect::Remind(id) => {
                let Some(alarm) = self.alarms.get(&id).cloned() else {
                    return;
                };
                let of_source = self.region.now_of_source(alarm.id.source().as_str(), now);
                let over = alarm.text.expected_end.is_some_and(|end| end <= of_source);
                let (summary, body) = self.words(&alarm);
                let summary = if over {
                    say!(self.language, NotificationOver, what = summary)
                } else {
                    say!(self.language, NotificationEnding, what = summary)
                };
                self.notify(NotificationChange::Show {
                    key: NotificationKey::Reminder(id),
                    priority: Priority::Low,
                    summary,
                    body: format!("{}\n{body}", say!(self.language, NotificationNotLifted)),
                });
            }
            Effect::Call(id) => {
                let rules = self.rules.clone();
                let rules = &rules.escalation;
                let report = self.alarm_list().into_iter().find(|a| a.id == id).map(alarm_report);
                let input = report.and_then(|r| serde_json::to_string(&r).ok()).unwrap_or_default();
                let call = Call {
                    command: rules.command.clone(),
                    time_limit_s: rules.time_limit_s.unwrap_or(TIME_LIMIT_S),
                    input,
                };
                self.effect(Performed::RunCommand(call));
            }
        }
    }

    /// Announces what nobody acknowledged once more, with its sound: after a restart (AH-02), and to whoever comes on
    /// watch. Nothing of it is new, so that no flood comes of it.
    pub fn announce_standing(&mut self) {
        let open = self.alarm_list().into_iter().filter(Alarm::is_open);
        let (high, others): (Vec<Alarm>, Vec<Alarm>) = open.partition(|a| a.priority == Priority::High);
        let many = others.len() >= FLOOD;
        for alarm in high.iter().chain(&others) {
            self.sound_of(alarm);
            if !many || alarm.priority == Priority::High {
                self.notify_of(alarm);
            }
        }
        if many {
            self.notify(NotificationChange::Show {
                key: NotificationKey::Flood,
                priority: Priority::Medium,
                summary: say!(self.language, NotificationManyStanding),
                body: say!(self.language, NotificationManyStandingBody),
            });
        }
        self.sound_if_due();
    }

    /// Whoever comes on watch has heard of nothing that was announced before.
    pub(super) fn greet_next_shift(&mut self) {
        let shift = self.shift_name();
        if shift != self.shift {
            self.shift = shift;
            self.announce_standing();
        }
    }

    fn sound_of(&mut self, alarm: &Alarm) {
        self.moment_mut().annunciator.announce(alarm.priority);
        if alarm.priority == Priority::High {
            self.effect(Performed::AskForAttention);
        }
    }

    fn notify_of(&mut self, alarm: &Alarm) {
        let (summary, body) = self.words(alarm);
        self.notify(NotificationChange::Show {
            key: NotificationKey::Alarm(alarm.id.clone()),
            priority: alarm.priority,
            summary,
            body,
        });
    }

    fn notify(&mut self, change: NotificationChange) {
        self.effect(Performed::Notify(change));
    }

    /// Sounds what is due now, if anything.
    pub(crate) fn sound_if_due(&mut self) {
        let (open, repeat_s, now) = (self.highest_open(), self.repeat_s(), self.now());
        let silent = self.annunciator.silent_for_s(now);
        if let Some(priority) = self.moment_mut().annunciator.sound(open, repeat_s, now) {
            self.effect(Performed::Sound(priority));
        }
        if silent.is_some() {
            self.changed([View::Frame]);
        }
    }
}
