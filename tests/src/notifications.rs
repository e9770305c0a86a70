//! A notification daemon that writes down what it is told.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use zbus::{OwnedVariant, interface, object_server::SignalEmitter};

/// A notification as the daemon received it.
#[derive(Debug, Clone)]
pub struct Received {
    pub id: u32,
    /// When it came.
    pub at: jiff::Timestamp,
    pub app: String,
    pub summary: String,
    pub body: String,
    pub actions: Vec<String>,
    pub urgency: u8,
    pub closed: bool,
}

#[derive(Clone, Default)]
pub(crate) struct Daemon {
    pub received: Arc<Mutex<Vec<Received>>>,
    /// The person asked not to be disturbed.
    pub inhibited: Arc<AtomicBool>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[allow(clippy::too_many_arguments, reason = "the signature is the specification's")]
    fn notify(
        &self,
        app_name: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        _timeout: i32,
    ) -> u32 {
        let urgency = hints.get("urgency").and_then(|v| u8::try_from(v).ok()).unwrap_or(255);
        let mut all = self.received.lock().unwrap();
        let id = u32::try_from(all.len()).unwrap() + 1;
        all.push(Received {
            id,
            at: crate::now(),
            app: app_name,
            summary,
            body,
            actions,
            urgency,
            closed: false,
        });
        id
    }

    async fn close_notification(&self, id: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        if let Some(one) = self.received.lock().unwrap().iter_mut().find(|r| r.id == id) {
            one.closed = true;
        }
        let _ = Self::notification_closed(&emitter, id, 3).await;
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned(), "actions".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        (
            "test".to_owned(),
            "beddenwacht".to_owned(),
            "1".to_owned(),
            "1.2".to_owned(),
        )
    }

    #[zbus(property)]
    fn inhibited(&self) -> bool {
        self.inhibited.load(Ordering::Relaxed)
    }

    #[zbus(signal)]
    pub async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

/// A daemon that takes every question and answers none.
pub(crate) struct Wedged;

#[interface(name = "org.freedesktop.Notifications")]
impl Wedged {
    #[allow(clippy::too_many_arguments, reason = "the signature is the specification's")]
    async fn notify(
        &self,
        _app_name: String,
        _replaces: u32,
        _icon: String,
        _summary: String,
        _body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _timeout: i32,
    ) -> u32 {
        std::future::pending().await
    }

    #[zbus(property)]
    async fn inhibited(&self) -> bool {
        std::future::pending().await
    }
}
