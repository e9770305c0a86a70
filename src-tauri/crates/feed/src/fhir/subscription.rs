//! Notice of a changed stop within moments: FHIR Subscriptions over a websocket (wire-format.md 3.7).
//!
//! Only an accelerator: nothing is read from a notification. What changed is still asked of the server, and where there
//! are no subscriptions, polling every ten seconds finds it.

use crate::{
    error::FeedError,
    fhir::client::{Capability, Server},
    fhir::profile::Profile,
};
use futures_util::{SinkExt, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::{connect_async, tungstenite::Message};
use url::Url;

/// A subscription is made anew before it ends by itself, so that none is left behind for long.
const LASTS: SignedDuration = SignedDuration::from_mins(60);
const ANEW_AFTER: Duration = Duration::from_secs(55 * 60);
/// A silent line is tried with a ping, and given up when that stays without an answer.
const TRY_AFTER: Duration = Duration::from_secs(30);
const GIVE_UP_AFTER: Duration = Duration::from_secs(75);

/// Listens until the subscription has to be made anew; `notified` is called at every notification of a changed stop.
///
/// # Errors
/// When the server does not offer it, or the line breaks.
pub async fn listen(
    server: &Server,
    capability: &Capability,
    profile: &Profile,
    now: Timestamp,
    notified: impl Fn() + Send,
) -> Result<(), FeedError> {
    let (address, greeting) = if capability.backport {
        bind_with_token(server, profile, now).await?
    } else if let Some(socket) = &capability.websocket {
        let id = subscribe(server, &classic(now)).await?;
        (socket.clone(), format!("bind {id}"))
    } else {
        return Err(FeedError::NotFhir("no subscriptions over a websocket".to_owned()));
    };
    let address = same_origin(server, &address)?;
    let broken = |e: tokio_tungstenite::tungstenite::Error| FeedError::Unreachable(e.to_string());
    let (mut line, _) = connect_async(address.as_str()).await.map_err(broken)?;
    line.send(Message::text(greeting)).await.map_err(broken)?;
    tracing::info!(%address, "listening for stops");
    let anew = tokio::time::sleep(ANEW_AFTER);
    tokio::pin!(anew);
    let mut heard = tokio::time::Instant::now();
    loop {
        tokio::select! {
            () = &mut anew => return Ok(()),
            () = tokio::time::sleep(TRY_AFTER) => {
                if heard.elapsed() > GIVE_UP_AFTER {
                    return Err(FeedError::Unreachable("the line went silent".to_owned()));
                }
                line.send(Message::Ping(vec![].into())).await.map_err(broken)?;
            }
            message = line.next() => {
                let message = message.ok_or_else(|| FeedError::Unreachable("the line was closed".to_owned()))?;
                heard = tokio::time::Instant::now();
                match message.map_err(broken)? {
                    Message::Text(text) if is_notification(&text) => notified(),
                    Message::Close(_) => return Err(FeedError::Unreachable("the line was closed".to_owned())),
                    _ => {}
                }
            }
        }
    }
}

/// `ping ID` of R4, or a notification Bundle of the R5 backport; a handshake or a heartbeat is none.
fn is_notification(text: &str) -> bool {
    if text.starts_with("ping ") {
        return true;
    }
    let bundle: Value = serde_json::from_str(text).unwrap_or_default();
    let parameters = bundle.pointer("/entry/0/resource/parameter").and_then(Value::as_array);
    let kind = parameters.into_iter().flatten().find_map(|p| {
        let is_type = p.get("name").and_then(Value::as_str) == Some("type");
        is_type.then(|| p.get("valueCode").and_then(Value::as_str)).flatten()
    });
    let status = bundle.pointer("/entry/0/resource/type").and_then(Value::as_str);
    kind.or(status) == Some("event-notification")
}

fn classic(now: Timestamp) -> Value {
    json!({
        "resourceType": "Subscription",
        "status": "requested",
        "end": (now + LASTS).to_string(),
        "reason": "Beddenwacht: stops",
        "criteria": "Flag?",
        "channel": { "type": "websocket" },
    })
}

/// The R4 form of a topic based subscription (Subscriptions R5 Backport 1.1).
fn topical(profile: &Profile, now: Timestamp) -> Value {
    const BACKPORT: &str = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition";
    json!({
        "resourceType": "Subscription",
        "meta": { "profile": [format!("{BACKPORT}/backport-subscription")] },
        "status": "requested",
        "end": (now + LASTS).to_string(),
        "reason": "Beddenwacht: stops",
        "criteria": profile.system("stop-topic"),
        "channel": {
            "type": "websocket",
            "payload": "application/fhir+json",
            "_payload": { "extension": [{ "url": format!("{BACKPORT}/backport-payload-content"), "valueCode": "id-only" }] },
        },
    })
}

async fn subscribe(server: &Server, subscription: &Value) -> Result<String, FeedError> {
    let answer = server.post("Subscription", subscription).await?;
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let named = body.get("id").and_then(Value::as_str).map(str::to_owned);
    let located = answer.location.as_deref().and_then(|l| {
        let plain = l.split("/_history/").next()?;
        plain.rsplit('/').next().map(str::to_owned)
    });
    named
        .or(located)
        .ok_or_else(|| FeedError::NotFhir("a subscription without an id".to_owned()))
}

async fn bind_with_token(server: &Server, profile: &Profile, now: Timestamp) -> Result<(Url, String), FeedError> {
    let id = subscribe(server, &topical(profile, now)).await?;
    let answer = server
        .get(server.url(&format!("Subscription/{id}/$get-ws-binding-token"))?)
        .await?;
    let said: Value = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
    let parameters = said
        .get("parameter")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let part = |name: &str| {
        let found = parameters
            .iter()
            .find(|p| p.get("name").and_then(Value::as_str) == Some(name))?;
        let value = found.as_object()?.iter().find(|(key, _)| key.starts_with("value"))?;
        value.1.as_str().map(str::to_owned)
    };
    let missing = || FeedError::NotFhir("a binding token without token or websocket-url".to_owned());
    let address = Url::parse(&part("websocket-url").ok_or_else(missing)?).map_err(|_| missing())?;
    let token = part("token").ok_or_else(missing)?;
    Ok((address, format!("bind-with-token {token}")))
}

/// The line goes to the server that is followed and to no other (S-02), as safely as everything else (S-01).
fn same_origin(server: &Server, address: &Url) -> Result<Url, FeedError> {
    let scheme = address.scheme();
    let encrypted = scheme == "wss" || (scheme == "ws" && server.base().scheme() == "http");
    let same = address.host_str() == server.base().host_str()
        && address.port_or_known_default() == server.base().port_or_known_default();
    if !same || !encrypted {
        return Err(FeedError::Address(format!("{address} is not this server's")));
    }
    Ok(address.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_notification_of_a_change_counts_as_one() {
        let bundle = |kind: &str| {
            json!({ "entry": [{ "resource": { "resourceType": "Parameters",
                "parameter": [{ "name": "type", "valueCode": kind }] } }] })
            .to_string()
        };
        assert!(is_notification("ping 12") && is_notification(&bundle("event-notification")));
        assert!(
            !is_notification("bound 12")
                && !is_notification(&bundle("handshake"))
                && !is_notification(&bundle("heartbeat"))
        );
    }

    #[test]
    fn s_01_s_02_the_line_goes_to_the_server_that_is_followed_and_is_encrypted() {
        let server = Server::new("https://region.example/fhir").unwrap();
        let is = |address: &str| same_origin(&server, &address.parse().unwrap()).is_ok();
        assert!(is("wss://region.example/ws"));
        assert!(!is("ws://region.example/ws"), "not encrypted");
        assert!(!is("wss://elsewhere.example/ws"), "another machine");
        assert!(!is("wss://region.example:8443/ws"), "another port is another program");
        assert!(!is("https://region.example/ws"), "no websocket");
    }
}
