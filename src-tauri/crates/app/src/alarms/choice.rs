//! What this desk chose for its alarms, over what the region ships.

use super::rules::{AlarmChoice, Watching};
use crate::{AppError, effect::View, engine::Engine, moment::Moment};
use domain::{
    PlaceId,
    alarms::annunciator::{REPEAT_RANGE_S, REPEAT_S},
};
use std::sync::Arc;

impl Moment {
    pub(crate) fn repeat_s(&self) -> i64 {
        let chosen = self.alarm_choice.repeat_s.or(self.rules.repeat_s).unwrap_or(REPEAT_S);
        chosen.clamp(*REPEAT_RANGE_S.start(), *REPEAT_RANGE_S.end())
    }

    /// What this desk watches now.
    pub(crate) fn watching(&self) -> Watching<'_> {
        Watching {
            rules: &self.rules,
            choice: &self.alarm_choice,
            now: self.now(),
            zone: &self.zone,
        }
    }

    /// The name of the shift that runs.
    pub(crate) fn shift_name(&self) -> Option<String> {
        self.watching().shift().map(str::to_owned)
    }

    pub(crate) fn watches_busyness(&self, site: &PlaceId) -> bool {
        self.watching().watches_busyness(site)
    }
}

impl Engine {
    /// Chooses what alarms at this desk from now on.
    ///
    /// # Errors
    /// Outside 15 to 300 seconds, or when the disk does not take it: nothing changes.
    pub fn choose_alarms(&mut self, choice: AlarmChoice) -> Result<(), AppError> {
        if choice.repeat_s.is_some_and(|s| !REPEAT_RANGE_S.contains(&s)) {
            return Err(AppError::invalid("a high alarm repeats every 15 to 300 seconds"));
        }
        self.set_setting("alarms", &choice)?;
        self.moment_mut().alarm_choice = Arc::new(choice);
        self.changed([View::Frame, View::Settings]);
        Ok(())
    }
}
