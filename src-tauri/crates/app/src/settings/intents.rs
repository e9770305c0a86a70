//! What a person chooses for this desk as a whole.

use crate::{AppError, effect::View, engine::Engine, text::Language};

impl Engine {
    /// Speaks another language from now on: on every screen, in notifications, and of the alarms that stand. What was
    /// written down before stays as it was written.
    ///
    /// # Errors
    /// When the disk does not take it: nothing changes.
    pub fn choose_language(&mut self, language: Language) -> Result<(), AppError> {
        self.set_setting("language", &language)?;
        self.moment_mut().language = language;
        self.changed(View::ALL);
        self.evaluate_alarms();
        Ok(())
    }
}
