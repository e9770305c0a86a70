//! Several sources with their accounts in the real window: sign in with a browser and the system's keyring, add a folder
//! of CSV deliveries, lose one, remove one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Parts, Window},
    now,
    openid::{Browser, PASSWORD, Provider},
    secrets::written_in,
    until,
};
use sim::{Practice, Scenario, Setup};
use std::fs;

/// Types into a field, as the form hears it.
async fn fill(window: &Window, testid: &str, value: &str) {
    let event = if testid == "source-kind" { "change" } else { "input" };
    window.see(&format!("[data-testid={testid}]")).await;
    let script = format!(
        "const f = document.querySelector('[data-testid={testid}]'); f.value = {value:?}; f.dispatchEvent(new Event('{event}', {{ bubbles: true }}))"
    );
    window.measure(&script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_follows_a_second_source_and_each_has_its_own_state() {
    let setup = Setup {
        scenario: Scenario::Tour,
        ..Setup::default()
    };
    let region = Practice::start(setup, now).await.unwrap();
    let provider = Provider::before(&region.url()).await;
    let desktop = Desktop::of(Parts {
        keyring: true,
        ..Parts::default()
    })
    .await;
    let window = desktop.open(&["--every", "2"]).await;

    // First start: without an account the server says what it wants.
    fill(&window, "source-address", &provider.fhir()).await;
    window.click("[data-testid=source-test]").await;
    let why = window.text("[data-testid=source-failed]").await;
    assert!(why.contains("vraagt om aanmelden"), "{why}");
    window.picture("source-needs-sign-in").await;

    // With the browser.
    fill(&window, "source-kind", "person").await;
    fill(&window, "source-user", "beddenwacht").await;
    window.click("[data-testid=source-connect]").await;
    let mut address = None;
    until("the browser opens", 20, async || {
        address = desktop.opened();
        address.is_some()
    })
    .await;
    let page = Browser::default().sign_in(&address.unwrap()).await;
    assert!(page.contains("U bent aangemeld"), "{page}");
    until("the region stands", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    assert!(provider.let_through("person").await > 0);

    // After a restart it is still signed in: the keyring knows.
    window.close().await;
    let window = desktop.open(&["--every", "2"]).await;
    window.see("[data-connection=live]").await;

    // A second source: a hospital's own files in a folder, with the same ids as nobody else's.
    let folder = desktop.dir.path().join("levering");
    fs::create_dir_all(&folder).unwrap();
    let file = "locatie;afdeling;kamer;bed;capaciteit;bezet;specialistisch\nIsala Zwolle;A1;1;1;ja;nee;alg-klinisch\nIsala Zwolle;A1;1;2;ja;ja;alg-klinisch\n";
    fs::write(folder.join("stand.csv"), file).unwrap();
    window.keys("8").await;
    window.click("[data-testid=add-source]").await;
    fill(&window, "source-address", &folder.display().to_string()).await;
    window.click("[data-testid=source-test]").await;
    let found = window.text("[data-testid=source-found]").await;
    assert!(found.contains("een map met 1 CSV-bestand,"), "{found}");
    window.click("[data-testid=source-connect]").await;
    until("two sources are live", 30, async || {
        window.count("[data-testid=source][data-state=live]").await == 2
    })
    .await;
    window.picture("sources").await;
    window.keys("1").await;
    until("its location stands beside the others", 30, async || {
        window.count("[data-testid=tile]").await == 9
    })
    .await;
    assert_eq!(
        window.count("[data-testid=tile][data-id='bron2~isala-zwolle']").await,
        1
    );

    // One source falls silent: the other goes on, and the frame says which.
    region.plug(false);
    window.see("[data-connection=late]").await;
    let said = window.text("[data-testid=connection]").await;
    assert!(said.contains("1 van 2 bronnen offline: Regio Zwolle"), "{said}");
    window.picture("one-source-offline").await;
    region.plug(true);
    window.see("[data-connection=live]").await;

    window.keys("8").await;
    window.see("[data-testid=source]").await;
    window
        .measure("[...document.querySelectorAll('[data-testid=remove-source]')].at(-1).click()")
        .await;
    until("one source is left", 20, async || {
        window.count("[data-testid=source]").await == 1
    })
    .await;
    window.keys("1").await;
    until("its location is gone", 20, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    window.close().await;
}

/// A region whose server wants to know who asks, on a desktop with a keyring.
async fn guarded() -> (Practice, Provider, Desktop) {
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let provider = Provider::before(&region.url()).await;
    let parts = Parts {
        keyring: true,
        ..Parts::default()
    };
    (region, provider, Desktop::of(parts).await)
}

async fn the_region_stands(window: &Window) {
    until("the region stands", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
}

/// What a person typed or a provider gave out is in no file of the desk's, of its web view's and of the keyring's (which is
/// encrypted), in no address that the server was asked for, and nowhere in the window.
async fn stands_nowhere(secrets: &[String], desktop: &Desktop, provider: &Provider, window: Window) {
    let page = window.client.source().await.unwrap();
    let (_, asked) = provider.secrets().await;
    assert!(asked.len() > 5, "the server was asked: {asked:?}");
    window.close().await;
    let seen = tempfile::tempdir().unwrap();
    fs::write(seen.path().join("the window"), page).unwrap();
    fs::write(seen.path().join("addresses"), asked.join("\n")).unwrap();
    assert_eq!(written_in(seen.path(), secrets), Vec::<String>::new());
    for folder in ["data", "home"] {
        let folder = desktop.dir.path().join(folder);
        assert!(
            fs::read_dir(&folder).unwrap().count() > 0,
            "{} is empty",
            folder.display()
        );
        assert_eq!(written_in(&folder, secrets), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s_06_no_token_of_a_person_who_signed_in_stands_anywhere_but_in_the_keyring() {
    let (_region, provider, desktop) = guarded().await;
    let window = desktop.open(&["--every", "2"]).await;
    fill(&window, "source-address", &provider.fhir()).await;
    fill(&window, "source-kind", "person").await;
    fill(&window, "source-user", "beddenwacht").await;
    window.click("[data-testid=source-connect]").await;
    let mut address = None;
    until("the browser opens", 20, async || {
        address = desktop.opened();
        address.is_some()
    })
    .await;
    Browser::default().sign_in(&address.unwrap()).await;
    the_region_stands(&window).await;
    // A token that was renewed is another one.
    let (first, _) = provider.secrets().await;
    until("the tokens are renewed", 30, async || {
        provider.secrets().await.0.len() > first.len()
    })
    .await;
    let (secrets, _) = provider.secrets().await;
    assert!(secrets.len() >= 5, "a code, its verifier and tokens: {}", secrets.len());
    stands_nowhere(&secrets, &desktop, &provider, window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s_06_a_password_stands_nowhere_but_in_the_keyring() {
    let (_region, provider, desktop) = guarded().await;
    let window = desktop.open(&["--every", "2"]).await;
    fill(&window, "source-address", &provider.fhir()).await;
    fill(&window, "source-kind", "basic").await;
    fill(&window, "source-user", "isala").await;
    // One that is wrong is refused, and what is refused is logged.
    let wrong = "verkeerd-wachtwoord-27";
    fill(&window, "source-secret", wrong).await;
    window.click("[data-testid=source-test]").await;
    window.see("[data-testid=source-failed]").await;
    fill(&window, "source-secret", PASSWORD).await;
    window.click("[data-testid=source-test]").await;
    window.see("[data-testid=source-found]").await;
    window.click("[data-testid=source-connect]").await;
    the_region_stands(&window).await;
    assert!(provider.let_through("basic").await > 5);
    let secrets = [PASSWORD.to_owned(), wrong.to_owned()];
    stands_nowhere(&secrets, &desktop, &provider, window).await;
}
