//! A name and a password with every request (RFC 7617), for servers that only know that.

use reqwest::RequestBuilder;

pub(super) fn authorize(request: RequestBuilder, user: &str, password: String) -> RequestBuilder {
    request.basic_auth(user, Some(password))
}
