//! Signing in against a certified OpenID provider: browser with PKCE, service account, name and password, and everything
//! that can go wrong, each with what happened and what to do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    sources::{Link, SignInKind, SourceRequest},
    text::{Language, error_in_words},
};
use beddenwacht_tests::{
    desk_of, now,
    openid::{Browser, PASSWORD, Provider},
};
use feed::{
    FeedErrorCode,
    auth::{Account, Secrets, SignIn},
    fhir::client::Server,
};
use serde_json::json;
use sim::{Practice, Setup};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use support::{RunningDesk, Steps};
use tempfile::TempDir;

/// A keyring that can be looked into; the system's own is used in the window test.
#[derive(Default)]
struct Keyring(Mutex<BTreeMap<String, String>>);

impl Secrets for Keyring {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String> {
        let mut all = self.0.lock().unwrap();
        match secret {
            Some(secret) => all.insert(name.to_owned(), secret.to_owned()),
            None => all.remove(name),
        };
        Ok(())
    }
}

struct Desk {
    provider: Provider,
    keyring: Arc<Keyring>,
    desk: RunningDesk,
    follower: Steps,
    server: Server,
    _region: Practice,
    dir: TempDir,
}

impl Desk {
    async fn with(sign_in: SignIn, secret: Option<&str>) -> Self {
        let region = Practice::start(Setup::default(), now).await.unwrap();
        let provider = Provider::before(&region.url()).await;
        let keyring = Arc::new(Keyring::default());
        let address = provider.fhir();
        if let Some(secret) = secret {
            keyring.set(&address, Some(secret)).unwrap();
        }
        let dir = TempDir::new().unwrap();
        let desk = desk_of("wan-hoofd", dir.path());
        desk.set_source(&address).await;
        let account = Account::new(sign_in, &address, keyring.clone(), now).unwrap();
        let server = Server::new(&address).unwrap().with_account(account);
        Self {
            provider,
            keyring,
            follower: desk.follow_as(server.clone()),
            desk,
            server,
            _region: region,
            dir,
        }
    }

    fn person() -> SignIn {
        SignIn::Person {
            client_id: "beddenwacht".to_owned(),
            issuer: None,
        }
    }

    async fn sign_in(&self) {
        let (tell, told) = tokio::sync::oneshot::channel();
        let browser = tokio::spawn(async move { Browser::default().sign_in(&told.await.unwrap()).await });
        let open = |url: &url::Url| tell.send(url.clone()).map_err(|u| u.to_string());
        let account = self.server.account().unwrap();
        account.sign_in(self.server.base(), open).await.unwrap();
        let page = browser.await.unwrap();
        assert!(page.contains("U bent aangemeld"), "{page}");
    }

    /// One round; `live`, or the code of what keeps us out.
    async fn round(&mut self) -> String {
        self.follower.round().await;
        match self.desk.moment().link_of("") {
            Link::Offline { error, .. } => error.code().as_str().to_owned(),
            Link::Live => "live".to_owned(),
            other => format!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_the_browser_and_stays_signed_in_until_it_is_withdrawn() {
    let mut at = Desk::with(Desk::person(), None).await;
    assert_eq!(at.round().await, "sign-in-needed");
    at.sign_in().await;
    assert_eq!(at.round().await, "live");
    assert_eq!(at.desk.region_view().tiles.len(), 8);

    // The token lasts two seconds here: it is renewed, and the renewal is good for one time only.
    let first = at.keyring.get(&at.provider.fhir()).unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(at.round().await, "live");
    let second = at.keyring.get(&at.provider.fhir()).unwrap().unwrap();
    assert_ne!(first, second, "a new refresh token is kept");

    // Who uses the old one again is thrown out, as after a theft; then the person must sign in anew.
    at.keyring.set(&at.provider.fhir(), Some(&first)).unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(at.round().await, "sign-in-revoked");
    assert!(error_in_words(Language::Dutch, FeedErrorCode::SignInRevoked).contains("meld u opnieuw aan"));
    at.sign_in().await;
    assert_eq!(at.round().await, "live");

    // s_06: nothing of it lies in the databases.
    let secret = at.keyring.get(&at.provider.fhir()).unwrap().unwrap();
    for file in std::fs::read_dir(at.dir.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "a secret in {}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_renews_itself_and_a_wrong_secret_says_so() {
    let service = |issuer: Option<String>| SignIn::Service {
        client_id: "dienst".to_owned(),
        issuer,
    };
    let mut at = Desk::with(service(None), Some("geheim-van-de-dienst")).await;
    assert_eq!(at.round().await, "live");
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(at.round().await, "live");
    assert!(at.provider.let_through("service").await > 9);

    at.keyring.set(&at.provider.fhir(), Some("ander-geheim")).unwrap();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(at.round().await, "sign-in-client");

    // A server that does not say where to sign in: the issuer is told by a person.
    let mut at = Desk::with(service(None), Some("geheim-van-de-dienst")).await;
    let origin = at.provider.origin.clone();
    let account = Account::new(service(Some(origin)), &at.provider.fhir(), at.keyring.clone(), now).unwrap();
    let server = Server::new(&at.provider.fhir()).unwrap().with_account(account);
    at.follower = at.desk.follow_as(server);
    assert_eq!(at.round().await, "live");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_and_a_password_where_the_server_only_knows_that() {
    let basic = SignIn::Basic {
        user: "isala".to_owned(),
    };
    let mut at = Desk::with(basic, Some(PASSWORD)).await;
    assert_eq!(at.round().await, "live");
    at.keyring.set(&at.provider.fhir(), Some("verkeerd")).unwrap();
    assert_eq!(at.round().await, "sign-in-password");
    at.keyring.set(&at.provider.fhir(), None).unwrap();
    assert_eq!(at.round().await, "sign-in-needed");
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_r_13_what_the_server_refuses_says_what_happened_and_what_to_do() {
    let service = SignIn::Service {
        client_id: "dienst".to_owned(),
        issuer: None,
    };
    let mut at = Desk::with(service, Some("geheim-van-de-dienst")).await;
    assert_eq!(at.round().await, "live");

    // Refused by address: the server knows us, and another sign-in would not help.
    at.provider.fault(json!({ "status": 403 })).await;
    assert_eq!(at.round().await, "denied");
    assert!(error_in_words(Language::Dutch, FeedErrorCode::Denied).contains("adres (IP)"));

    // A fresh token is refused, and the server's clock is three hours ahead of ours.
    at.provider.fault(json!({ "refuse": true, "hours": 3 })).await;
    assert_eq!(at.round().await, "sign-in-clock");
    assert!(error_in_words(Language::Dutch, FeedErrorCode::SignInClock).contains("zet de klok goed"));

    // A fresh token is refused, and the clocks agree.
    at.provider.fault(json!({ "refuse": true })).await;
    assert_eq!(at.round().await, "sign-in-revoked");
    at.provider.fault(json!({})).await;
    assert_eq!(at.round().await, "live");

    // A region that nobody signed in to says so at once, before it is followed.
    let request = SourceRequest {
        address: at.provider.fhir(),
        sign_in: SignInKind::None,
        ..SourceRequest::default()
    };
    let tried = app::sources::try_connection(&request.server().unwrap()).await;
    assert_eq!(tried.unwrap_err().code(), FeedErrorCode::SignInNeeded);
}
