//! The real window under Xvfb, driven by WebDriver, with a real bus and a notification daemon.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{desktop::Desktop, now, until};
use sim::{Practice, Setup};

const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';
const ENTER: &str = "\u{e007}";
const RIGHT: &str = "\u{e014}";

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_sees_the_region_hears_of_a_stop_labels_a_bed_and_pulls_the_plug() {
    let desktop = Desktop::start().await;
    let window = desktop.open(&["--practice", "--speed", "6"]).await;

    // The region's tiles, each with its age.
    window.see("[data-testid=tile]").await;
    until("eight tiles", 20, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    assert_eq!(window.count("[data-testid=meter]").await, 7);

    // A stop becomes a native notification and an alarm row.
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    let mut toast = None;
    until("the native notification of Isala's stop", 30, async || {
        // Chance may have brought another location's stop as well.
        toast = desktop
            .received()
            .into_iter()
            .find(|r| r.summary == "SEH-stop Isala Zwolle");
        toast.is_some()
    })
    .await;
    let toast = toast.unwrap();
    assert_eq!(toast.urgency, 2, "critical");
    assert_eq!(toast.app, "Beddenwacht");
    for part in [
        "Sinds ",
        "verwacht tot ",
        "SEH vol · kliniek vol",
        "Bel 038-",
        "Levensbedreigend: altijd welkom",
    ] {
        assert!(toast.body.contains(part), "{part} in {}", toast.body);
    }
    assert!(toast.actions.contains(&"bevestig".to_owned()), "{:?}", toast.actions);
    window
        .see("[data-testid=tile][data-id=isala-zwolle][data-seh=stop]")
        .await;

    window.keys("n").await;
    let first = night(&window).await;
    window.picture(if first { "region-night" } else { "region-day" }).await;
    window.keys("n").await;
    assert_ne!(night(&window).await, first, "N changes between day and night");
    window.picture(if first { "region-day" } else { "region-night" }).await;
    if first {
        // The rest of the pictures by day.
    } else {
        window.keys("n").await;
    }

    // r_18: what is pressed in the notification reaches the alarm, and the notification goes.
    desktop.press(toast.id, "bevestig").await;
    window.see("[data-testid=alarm][data-state=acknowledged]").await;

    // ah_22: the location in one action, its beds in two.
    window.click("[data-testid=tile][data-id=isala-zwolle]").await;
    window.see("[data-testid=location]").await;
    until("the stop stands in the location", 10, async || {
        window.count("[data-testid=stop-row][data-status=stop]").await > 0
    })
    .await;
    window.picture("location-day").await;
    window.click("[data-testid=to-beds]").await;
    window.see("[data-bed]").await;

    // A bed labelled by mouse.
    let first_bed = window.see("[data-bed]").await.attr("data-bed").await.unwrap().unwrap();
    window.click(&format!("[data-bed='{first_bed}']")).await;
    window.click("[data-testid=label]").await;
    window
        .see("[data-testid=element]")
        .await
        .send_keys("ic – covid")
        .await
        .unwrap();
    until("what will change is counted", 10, async || {
        window.text("[data-testid=preview]").await.contains("1 ×")
    })
    .await;
    window.picture("label-panel-day").await;
    window.click("[data-testid=give]").await;
    window
        .see(&format!("[data-bed='{first_bed}'][data-element='ic-covid']"))
        .await;

    // Three more by keyboard alone, and taken back.
    window.keys(RIGHT).await;
    window.chord(SHIFT, &format!("{RIGHT}{RIGHT}")).await;
    window.keys("l").await;
    window.see("[data-testid=element]").await;
    window.keys("ICC").await;
    until("three beds are counted", 10, async || {
        window.text("[data-testid=preview]").await.contains("3 ×")
    })
    .await;
    window.keys(ENTER).await;
    until("four beds are labelled", 10, async || {
        window.count("[data-element='ic-covid']").await == 4
    })
    .await;
    window.picture("beds-day").await;
    window.chord(CONTROL, "z").await;
    until("the last gesture is taken back", 10, async || {
        window.count("[data-element='ic-covid']").await == 1
    })
    .await;

    // ah_17: without the server everything stays on the screen, marked as old.
    window.click("[data-testid=plug]").await;
    window.see(".frame.offline").await;
    let said = window.text("[data-testid=connection]").await;
    assert!(
        said.contains("Offline sinds") && said.contains("u ziet de stand van"),
        "{said}"
    );
    assert!(window.count("[data-bed]").await > 500, "what was known is still shown");
    window.picture("beds-offline").await;
    window.click("[data-testid=plug]").await;
    window.gone(".frame.offline").await;

    window.keys("n").await;
    window.picture("beds-night").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r_04_the_last_picture_stands_there_without_a_server_and_a_second_start_opens_no_second_window() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    assert!(
        desktop.start_again(&["--source", &region.url()]).await,
        "a second start ends by itself"
    );
    assert_eq!(
        window.count("[data-testid=tile]").await,
        8,
        "the first window is still there"
    );
    window.close().await;

    region.plug(false);
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("the cached picture", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    window.see(".frame.offline").await;
    window.picture("region-offline").await;
    window.close().await;
}

async fn night(window: &beddenwacht_tests::desktop::Window) -> bool {
    let html = window.see("html").await;
    html.attr("data-night").await.unwrap().as_deref() == Some("true")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_a_region_offers_practice_or_a_connection_and_says_why_one_fails() {
    let desktop = Desktop::start().await;
    let window = desktop.open(&[]).await;
    let address = window.see("input[type=url]").await;
    address.send_keys("https://127.0.0.1:1/fhir").await.unwrap();
    for button in window
        .client
        .find_all(fantoccini::Locator::Css("article button"))
        .await
        .unwrap()
    {
        if button.text().await.unwrap().starts_with("Test") {
            button.click().await.unwrap();
        }
    }
    let said = window.text("[role=alert]").await;
    assert!(said.contains("niet bereikbaar"), "{said}");
    window.picture("first-start").await;
    window.click("[data-testid=practice]").await;
    window.see("[data-testid=tile]").await;
    window.close().await;
}
