//! Native notifications through notify-rust, each with its handle kept, so that it can be taken away again and its
//! answer reaches the desk.

use super::{ANSWER_WITHIN, Failure};
use app::{
    alarms::{NotificationChange, NotificationKey, Priority},
    say,
    text::Language,
};
use notify_rust::{Notification, NotificationHandle, NotificationResponse, Timeout};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{sync::Notify, time::timeout};

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

impl Answer {
    fn from_response(response: &NotificationResponse) -> Option<Self> {
        match response {
            NotificationResponse::Action(action) if action == "bevestig" => Some(Self::Acknowledge),
            NotificationResponse::Action(_) | NotificationResponse::Default => Some(Self::Show),
            _ => None,
        }
    }
}

/// The notifications that stand.
#[derive(Clone, Default)]
pub struct Notifier {
    standing: Arc<Mutex<BTreeMap<NotificationKey, Arc<Notify>>>>,
}

impl Notifier {
    /// Raises a notification or takes one away. `answered` is told what a person pressed in it; `failed` why none could
    /// be raised.
    pub fn perform(
        &self,
        language: Language,
        change: NotificationChange,
        answered: impl FnOnce(NotificationKey, Answer) + Send + 'static,
        failed: impl FnOnce(Failure) + Send + 'static,
    ) {
        match change {
            NotificationChange::Withdraw { key } => self.withdraw(&key),
            NotificationChange::Show {
                key,
                priority,
                summary,
                body,
            } => {
                self.withdraw(&key);
                let closing = Arc::new(Notify::new());
                self.standing
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key.clone(), closing.clone());
                tauri::async_runtime::spawn(async move {
                    let mut notification = Notification::new();
                    notification
                        .appname("Beddenwacht")
                        .summary(&summary)
                        .body(&body)
                        .timeout(Timeout::Never)
                        .action("bevestig", &say!(language, AlarmAcknowledge))
                        .action("toon", &say!(language, AlarmShow));
                    #[cfg(not(target_os = "macos"))]
                    notification.urgency(urgency(priority));
                    match show(notification).await {
                        Ok(handle) => {
                            tracing::info!(alarm = %key, "notification taken");
                            if let Some(answer) = stand(handle, &closing).await {
                                answered(key, answer);
                            }
                        }
                        Err(why) => failed(why),
                    }
                });
            }
        }
    }

    /// Raises a notification that says it is a test; whether the system confirmed that it took it.
    pub async fn test(&self, language: Language) -> Result<(), Failure> {
        let mut notification = Notification::new();
        notification
            .appname("Beddenwacht")
            .summary(&say!(language, NotificationTest))
            .body(&say!(language, NotificationTestBody))
            .timeout(Timeout::Milliseconds(10_000));
        show(notification).await.map(drop)
    }

    fn withdraw(&self, key: &NotificationKey) {
        let closing = self.standing.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        if let Some(closing) = closing {
            closing.notify_one();
        }
    }
}

/// Raises it; the system has to confirm in time that it took it.
async fn show(notification: Notification) -> Result<NotificationHandle, Failure> {
    #[cfg(all(unix, not(target_os = "macos")))]
    let shown = async { notification.show_async().await.map_err(|error| error.to_string()) };
    // The other systems have only a call that blocks.
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    let shown = async {
        let shown = tauri::async_runtime::spawn_blocking(move || notification.show()).await;
        shown.map_err(|e| e.to_string())?.map_err(|e| e.to_string())
    };
    match timeout(ANSWER_WITHIN, shown).await {
        Ok(shown) => shown.map_err(Failure::Said),
        Err(_) => Err(Failure::DoesNotAnswer),
    }
}

/// Waits until a person answers the notification or its alarm no longer needs it.
#[cfg(all(unix, not(target_os = "macos")))]
async fn stand(handle: NotificationHandle, closing: &Notify) -> Option<Answer> {
    let mut answer = None;
    tokio::select! {
        () = handle.wait_for_action_async(|response: &NotificationResponse| {
            answer = Answer::from_response(response);
        }) => {}
        () = closing.notified() => {
            // A server that does not take it away keeps it; nobody waits for that.
            let _ = timeout(ANSWER_WITHIN, handle.close_async()).await;
        }
    }
    answer
}

/// Waits until a person answers the notification. It cannot be taken away on these systems, where it goes by itself.
#[cfg(not(all(unix, not(target_os = "macos"))))]
async fn stand(handle: NotificationHandle, closing: &Notify) -> Option<Answer> {
    let (say, said) = tokio::sync::oneshot::channel();
    // A thread of its own: this may wait for hours, and there may be many.
    std::thread::spawn(move || {
        let mut answer = None;
        let _ = handle.wait_for_response(|response: &NotificationResponse| {
            answer = Answer::from_response(response);
        });
        let _ = say.send(answer);
    });
    tokio::select! {
        answer = said => answer.ok().flatten(),
        () = closing.notified() => None,
    }
}
