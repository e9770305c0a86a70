//! A person: through the system's browser and back to the loopback address (RFC 8252, with PKCE), and what lasts of that.

use super::error::{SignInFault, token_error};
use crate::error::FeedError;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, RefreshToken, Scope, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};
use std::{collections::BTreeMap, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(300);
const PATH: &str = "/aangemeld";

pub(super) async fn sign_in(
    http: &reqwest::Client,
    client_id: &str,
    authorize: AuthUrl,
    token: TokenUrl,
    audience: &Url,
    open: impl FnOnce(&Url) -> Result<(), String>,
) -> Result<BasicTokenResponse, FeedError> {
    let no_port = |e: std::io::Error| FeedError::Unreachable(e.to_string());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
    let port = listener.local_addr().map_err(no_port)?.port();
    let back =
        RedirectUrl::new(format!("http://127.0.0.1:{port}{PATH}")).map_err(|e| FeedError::Address(e.to_string()))?;
    let client = BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(authorize)
        .set_token_uri(token)
        .set_redirect_uri(back);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = ["openid", "offline_access", "user/*.rs", "user/Basic.cruds"];
    let (address, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(scopes.map(|s| Scope::new(s.to_owned())))
        .add_extra_param("aud", audience.as_str())
        // A refresh token is only given where the person is asked.
        .add_extra_param("prompt", "consent")
        .set_pkce_challenge(challenge)
        .url();
    open(&address).map_err(FeedError::Unreachable)?;
    let code = tokio::time::timeout(PATIENCE, come_back(&listener, state.secret()))
        .await
        .unwrap_or(Err(FeedError::SignIn(SignInFault::Abandoned)))?;
    client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(verifier)
        .request_async(http)
        .await
        .map_err(token_error)
}

/// A fresh access token for what was granted before.
pub(super) async fn refresh(
    http: &reqwest::Client,
    client_id: &str,
    kept: String,
    token: TokenUrl,
) -> Result<BasicTokenResponse, FeedError> {
    BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_token_uri(token)
        .exchange_refresh_token(&RefreshToken::new(kept))
        .request_async(http)
        .await
        .map_err(token_error)
}

/// Waits for the browser to come back with our own state; anything else that knocks is shown the door.
async fn come_back(listener: &TcpListener, state: &str) -> Result<String, FeedError> {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else {
            continue;
        };
        let Some(said) = read_answer(&mut stream)
            .await
            .filter(|a| a.get("state").is_some_and(|s| s == state))
        else {
            let _ = stream
                .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                .await;
            continue;
        };
        let words = if said.contains_key("code") {
            "U bent aangemeld. Ga terug naar Beddenwacht."
        } else {
            "Aanmelden is niet gelukt. Ga terug naar Beddenwacht."
        };
        let page = format!("<!doctype html><meta charset=utf-8><title>Beddenwacht</title><p>{words}</p>");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            page.len()
        );
        let _ = stream.write_all(format!("{head}{page}").as_bytes()).await;
        let _ = stream.shutdown().await;
        return match said.get("code") {
            Some(code) => Ok(code.clone()),
            None => {
                let why = said.get("error").cloned().unwrap_or_default();
                Err(FeedError::SignIn(SignInFault::Client(crate::privacy::clean_text(&why))))
            }
        };
    }
}

async fn read_answer(stream: &mut TcpStream) -> Option<BTreeMap<String, String>> {
    let mut buffer = [0; 8192];
    let mut length = 0;
    let reading = async {
        while length < buffer.len() && !buffer.get(..length)?.ends_with(b"\r\n\r\n") {
            match stream.read(buffer.get_mut(length..)?).await.ok()? {
                0 => break,
                n => length += n,
            }
        }
        Some(())
    };
    tokio::time::timeout(Duration::from_secs(5), reading).await.ok()??;
    let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
    let target = text.strip_prefix("GET ")?.split(' ').next()?;
    let url = Url::parse("http://127.0.0.1").ok()?.join(target).ok()?;
    (url.path() == PATH).then(|| url.query_pairs().into_owned().collect())
}
