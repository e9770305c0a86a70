//! A certified OpenID provider, started by the test, with a guard before a FHIR server; and a person with a browser.

use crate::{Running, free_port, root, until};
use reqwest::{Client, redirect};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    sync::Mutex,
};
use url::Url;

/// The password of `isala` at the FHIR server: with what other forms of a text write otherwise, and no word of ours.
pub const PASSWORD: &str = "Zw@luw/27+sto&l~\"ei\"";

/// A running provider; it ends with the test.
pub struct Provider {
    pub origin: String,
    http: Client,
    _process: Running,
}

impl Provider {
    /// Starts the provider before this FHIR server.
    pub async fn before(upstream: &str) -> Self {
        let folder = root().join("tests/openid");
        assert!(
            folder.join("node_modules").exists(),
            "run `cargo xtask test`: it installs the OpenID provider for the tests"
        );
        let port = free_port();
        let child = Command::new("node")
            .args(["server.mjs", &port.to_string(), upstream, PASSWORD])
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let provider = Self {
            origin: format!("http://127.0.0.1:{port}"),
            http: Client::new(),
            _process: Running(child),
        };
        until("the OpenID provider answers", 30, async || {
            provider
                .http
                .get(format!("{}/test/seen", provider.origin))
                .send()
                .await
                .is_ok()
        })
        .await;
        provider
    }

    /// The FHIR base address behind the guard.
    pub fn fhir(&self) -> String {
        format!("{}/fhir", self.origin)
    }

    /// Makes the guard fail in a way; `{}` mends it.
    pub async fn fault(&self, how: Value) {
        let told = self
            .http
            .post(format!("{}/test/fault", self.origin))
            .body(how.to_string());
        told.send().await.unwrap();
    }

    /// Every token, code and verifier that was given out or used so far, and every address that was asked of the FHIR server.
    pub async fn secrets(&self) -> (Vec<String>, Vec<String>) {
        let seen = self.http.get(format!("{}/test/secrets", self.origin)).send().await;
        let seen = seen.unwrap().json::<Value>().await.unwrap();
        let texts = |name: &str| {
            let all = seen[name].as_array().unwrap().iter();
            all.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        (texts("secrets"), texts("asked"))
    }

    /// How many requests were let through for a `person`, a `service` or by `basic`.
    pub async fn let_through(&self, whom: &str) -> u64 {
        let seen = self
            .http
            .get(format!("{}/test/seen", self.origin))
            .send()
            .await
            .unwrap();
        seen.json::<Value>().await.unwrap()[whom].as_u64().unwrap()
    }
}

/// A person's browser, as far as signing in needs one.
#[derive(Default)]
pub struct Browser {
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    /// Signs in at an address and comes back to the application; the words of its last page.
    pub async fn sign_in(&self, address: &Url) -> String {
        let mut page = self.get(address.clone()).await;
        for form in [
            &[("prompt", "login"), ("login", "wan-hoofd"), ("password", "x")][..],
            &[("prompt", "consent")],
        ] {
            let (at, text) = page;
            assert!(text.contains("<form"), "a page without a form at {at}: {text}");
            page = self.follow(at, Some(form)).await;
        }
        page.1
    }

    async fn get(&self, address: Url) -> (Url, String) {
        self.follow(address, None).await
    }

    async fn follow(&self, address: Url, form: Option<&[(&str, &str)]>) -> (Url, String) {
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        let (mut at, mut form) = (address, form);
        loop {
            let request = match form.take() {
                Some(fields) => http.post(at.clone()).form(fields),
                None => http.get(at.clone()),
            };
            let cookies = self
                .cookies
                .lock()
                .unwrap()
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>();
            let answer = request.header("Cookie", cookies.join("; ")).send().await.unwrap();
            for set in answer.headers().get_all("Set-Cookie") {
                let (name, value) = set
                    .to_str()
                    .unwrap()
                    .split(';')
                    .next()
                    .unwrap()
                    .split_once('=')
                    .unwrap();
                self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
            }
            match answer.headers().get("Location") {
                Some(next) => at = at.join(next.to_str().unwrap()).unwrap(),
                None => return (at, answer.text().await.unwrap()),
            }
        }
    }
}
