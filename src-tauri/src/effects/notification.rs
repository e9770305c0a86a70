//! Native notifications through notify-rust, each with its handle kept, so that it can be taken away again and its
//! answer reaches the desk.

use app::alarms::{Priority, Toast};
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Timeout};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;

/// How a desktop names our priorities.
#[cfg(not(target_os = "macos"))]
fn urgency(priority: Priority) -> notify_rust::Urgency {
    match priority {
        Priority::High => notify_rust::Urgency::Critical,
        Priority::Medium => notify_rust::Urgency::Normal,
        Priority::Low => notify_rust::Urgency::Low,
    }
}

/// What a person answered in a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Acknowledge,
    Show,
}

/// The notifications that stand, by alarm.
#[derive(Clone, Default)]
pub struct Notifier {
    standing: Arc<Mutex<BTreeMap<String, Arc<Notify>>>>,
}

impl Notifier {
    /// Raises a notification or takes one away. `answered` is told what a person pressed in it; `failed` why none could
    /// be raised.
    pub fn perform(
        &self,
        toast: Toast,
        answered: impl FnOnce(String, Answer) + Send + 'static,
        failed: impl FnOnce(String) + Send + 'static,
    ) {
        match toast {
            Toast::Withdraw { id } => self.withdraw(id.as_str()),
            Toast::Show {
                id,
                priority,
                summary,
                body,
            } => {
                self.withdraw(id.as_str());
                let closing = Arc::new(Notify::new());
                self.standing
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(id.0.clone(), closing.clone());
                tauri::async_runtime::spawn(async move {
                    let mut notification = Notification::new();
                    notification
                        .appname("Beddenwacht")
                        .summary(&summary)
                        .body(&body)
                        .timeout(Timeout::Never)
                        .action("bevestig", "Bevestig")
                        .action("toon", "Toon");
                    #[cfg(not(target_os = "macos"))]
                    notification.urgency(urgency(priority));
                    match notification.show_async().await {
                        Ok(handle) => {
                            tracing::info!(alarm = %id, "notification taken");
                            stand(handle, &closing, id.0, answered).await;
                        }
                        Err(error) => failed(error.to_string()),
                    }
                });
            }
        }
    }

    /// Raises a notification that says it is a test; whether the system confirmed that it took it.
    pub async fn test(&self) -> Result<(), String> {
        let mut notification = Notification::new();
        notification
            .appname("Beddenwacht")
            .summary("Testmelding")
            .body("Dit is een test. Er is geen stop.")
            .timeout(Timeout::Milliseconds(10_000));
        notification.show_async().await.map(drop).map_err(|e| e.to_string())
    }

    fn withdraw(&self, id: &str) {
        if let Some(closing) = self.standing.lock().unwrap_or_else(PoisonError::into_inner).remove(id) {
            closing.notify_one();
        }
    }
}

/// Waits until a person answers the notification or its alarm no longer needs it.
async fn stand(
    handle: NotificationHandle,
    closing: &Notify,
    id: String,
    answered: impl FnOnce(String, Answer) + Send + 'static,
) {
    let mut answer = None;
    tokio::select! {
        () = handle.wait_for_action_async(|response: &NotificationResponse| {
            answer = match response {
                NotificationResponse::Action(action) if action == "bevestig" => Some(Answer::Acknowledge),
                NotificationResponse::Action(_) | NotificationResponse::Default => Some(Answer::Show),
                _ => None,
            };
        }) => {}
        () = closing.notified() => {
            // Closing waits for the bus, which must not hold the other notifications up.
            let _ = tauri::async_runtime::spawn_blocking(move || handle.close()).await;
        }
    }
    if let Some(answer) = answer {
        answered(id, answer);
    }
}
