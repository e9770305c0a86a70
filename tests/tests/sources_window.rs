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
    openid::{Browser, Provider},
    until,
};
use sim::{Practice, Scenario, Setup};
use std::{fs, path::Path};

/// Types into a field, as the form hears it.
async fn fill(window: &Window, testid: &str, value: &str) {
    let event = if testid == "source-kind" { "change" } else { "input" };
    window.see(&format!("[data-testid={testid}]")).await;
    let script = format!(
        "const f = document.querySelector('[data-testid={testid}]'); f.value = {value:?}; f.dispatchEvent(new Event('{event}', {{ bubbles: true }}))"
    );
    window.measure(&script).await;
}

/// A place in every file of a folder where a text stands.
fn holds(dir: &Path, text: &str) -> Option<String> {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        let found = if path.is_dir() {
            holds(&path, text)
        } else {
            let bytes = fs::read(&path).unwrap_or_default();
            let found = bytes.windows(text.len()).any(|w| w == text.as_bytes());
            found.then(|| path.display().to_string())
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn s_06_a_person_signs_in_follows_a_second_source_and_each_has_its_own_state() {
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

    // Nothing secret lies on the disk, in the log or on the bus's data folder; the keyring's own file is encrypted.
    let token = "refresh_token";
    assert_eq!(holds(&desktop.dir.path().join("data"), token), None);

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
