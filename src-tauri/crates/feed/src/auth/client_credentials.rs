//! A service account: the client's own secret for an access token (RFC 6749, 4.4), without a person.

use super::error::token_error;
use crate::error::FeedError;
use oauth2::{
    ClientId, ClientSecret, Scope, TokenUrl,
    basic::{BasicClient, BasicTokenResponse},
};

pub(super) async fn grant(
    http: &reqwest::Client,
    client_id: &str,
    secret: String,
    token: TokenUrl,
) -> Result<BasicTokenResponse, FeedError> {
    BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_client_secret(ClientSecret::new(secret))
        .set_token_uri(token)
        .exchange_client_credentials()
        .add_scope(Scope::new("system/*.rs".to_owned()))
        .request_async(http)
        .await
        .map_err(token_error)
}
