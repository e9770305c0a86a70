//! Subscriptions over a websocket, in the two ways of R4: the classic `bind`, and the R5 backport's binding token.

use crate::http::{Shared, lock};
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use serde_json::{Value, json};
use tokio::sync::broadcast::{self, error::RecvError};

/// In which way the region tells of changed stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SubscriptionSupport {
    #[default]
    Classic,
    Backport,
    /// It must be asked.
    Nothing,
}

/// What goes over every open line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubscriptionEvent {
    /// A stop changed.
    Stop,
    /// The plug is out.
    Closed,
}

pub(crate) fn lines() -> broadcast::Sender<SubscriptionEvent> {
    broadcast::channel(64).0
}

/// What the capability statement says of it: the extension of `rest`, and the operation of `Subscription`.
pub(crate) fn announced(subscriptions: SubscriptionSupport, host: &str) -> (Value, Value) {
    let extension = match subscriptions {
        SubscriptionSupport::Classic => json!([{
            "url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket",
            "valueUri": format!("ws://{host}/ws"),
        }]),
        _ => json!([]),
    };
    let operation = match subscriptions {
        SubscriptionSupport::Backport => json!([{
            "name": "get-ws-binding-token",
            "definition": "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-get-ws-binding-token",
        }]),
        _ => json!([]),
    };
    (extension, operation)
}

/// The answer to `$get-ws-binding-token`.
pub(crate) fn token(id: &str, host: &str) -> Value {
    json!({ "resourceType": "Parameters", "parameter": [
        { "name": "token", "valueString": format!("token-{id}") },
        { "name": "subscription", "valueString": id },
        { "name": "websocket-url", "valueUrl": format!("ws://{host}/ws") },
    ] })
}

pub(crate) async fn line(State(inner): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    let events = lock(&inner).events.subscribe();
    upgrade.on_upgrade(move |socket| tell(socket, events))
}

async fn tell(mut socket: WebSocket, mut events: broadcast::Receiver<SubscriptionEvent>) {
    let Some(Ok(Message::Text(greeting))) = socket.recv().await else {
        return;
    };
    let (bound, news) = match greeting.split_once(' ') {
        Some(("bind", id)) => (format!("bound {id}"), format!("ping {id}")),
        Some(("bind-with-token", _)) => (notification("handshake"), notification("event-notification")),
        _ => return,
    };
    if socket.send(Message::text(bound)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Ok(SubscriptionEvent::Stop) | Err(RecvError::Lagged(_)) => {
                    if socket.send(Message::text(news.clone())).await.is_err() {
                        return;
                    }
                }
                Ok(SubscriptionEvent::Closed) | Err(RecvError::Closed) => return,
            },
            heard = socket.recv() => {
                if !matches!(heard, Some(Ok(_))) {
                    return;
                }
            }
        }
    }
}

fn notification(kind: &str) -> String {
    json!({ "resourceType": "Bundle", "type": "history", "entry": [{ "resource": {
        "resourceType": "Parameters",
        "parameter": [{ "name": "status", "valueCode": "active" }, { "name": "type", "valueCode": kind }],
    } }] })
    .to_string()
}
