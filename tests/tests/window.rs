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
const ESCAPE: &str = "\u{e00c}";

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

    window.set_night(true).await;
    window.picture("region-night").await;
    window.set_night(false).await;
    window.picture("region-day").await;

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

    // A number is confirmed by telephone: beside what was delivered.
    window.click("[data-testid=confirm]").await;
    window.see("[role=dialog] input").await;
    window.keys("\u{e007}").await;
    let said = window.text("[data-testid=confirmed]").await;
    assert!(said.contains("telefonisch bevestigd door wan-hoofd"), "{said}");
    window.gone("[role=dialog]").await;
    window.picture("location-confirmed").await;

    // What is wrong with the deliveries, to be sent to the hospital.
    window.keys("d").await;
    until("the defects are listed", 10, async || {
        window.count("[data-testid=defect]").await > 0
    })
    .await;
    window.picture("defects").await;
    window.click("[data-testid=export-defects]").await;
    until("the list is written", 10, async || {
        let dir = desktop.dir.path();
        let folders = [
            dir.join("home/Downloads"),
            dir.join("data/oefenregio/export"),
            dir.join("home"),
        ];
        folders.iter().any(|f| {
            let files = std::fs::read_dir(f).into_iter().flatten().flatten();
            files
                .into_iter()
                .any(|e| e.file_name().to_string_lossy().starts_with("gegevenskwaliteit-"))
        })
    })
    .await;
    window.keys("1").await;
    window.click("[data-testid=tile][data-id=isala-zwolle]").await;
    window.see("[data-testid=location]").await;
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

    window.set_night(true).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_arranges_the_desk_finds_a_location_copies_its_number_and_sees_all_of_a_bed_by_keyboard_alone() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    let first = async || {
        let tile = window.see("[data-testid=tile]").await;
        tile.attr("data-id").await.unwrap().unwrap()
    };
    assert_eq!(
        first().await,
        "isala-zwolle",
        "the largest stands first until a person orders them"
    );

    // Favourites and rows are kept: they are still there after a restart.
    window.keys("8").await;
    window.click("[data-location=saxenburgh-hardenberg] button").await;
    window
        .see("[data-location=saxenburgh-hardenberg] [aria-pressed=true]")
        .await;
    window.click("[data-row=stroke]").await;
    window.keys("1").await;
    until("the favourite stands first", 10, async || {
        first().await == "saxenburgh-hardenberg"
    })
    .await;
    until("the chosen row is on the tiles", 10, async || {
        window
            .text("[data-testid=tile][data-id=isala-zwolle]")
            .await
            .contains("Stroke-unit")
    })
    .await;
    window.close().await;
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("the arrangement was kept", 30, async || {
        let tile = window.see("[data-testid=tile]").await;
        tile.attr("data-id").await.unwrap().as_deref() == Some("saxenburgh-hardenberg")
    })
    .await;

    // `/` filters, Escape shows all again.
    window.keys("/").await;
    window.see("[data-testid=filter]").await;
    window.keys("zutp").await;
    until("one location fits", 10, async || {
        window.count("[data-testid=tile]").await == 1
    })
    .await;
    window.keys(ESCAPE).await;
    until("all locations", 10, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;

    // ah_22: location, beds and bed by keyboard.
    window.keys(RIGHT).await;
    window.keys(RIGHT).await;
    window.keys("c").await;
    let said = window.text("[role=status].said").await;
    assert!(said.contains("Gekopieerd: 038-000 02"), "{said}");
    window.keys(ENTER).await;
    window.see("[data-testid=location]").await;
    let location = window.text("[data-testid=location]").await;
    assert!(
        location.contains("nu dienst") && location.contains("nu niet"),
        "{location}"
    );
    window.keys("b").await;
    window.see("[data-bed]").await;
    window.keys(RIGHT).await;
    window.keys(ENTER).await;
    let detail = window.text("[data-testid=bed-detail]").await;
    for part in [
        "operationalStatus",
        "gelezen als",
        "Specialistisch",
        "EPD",
        "De laatste 24 uur",
        "sinds",
    ] {
        assert!(detail.contains(part), "{part} in {detail}");
    }
    window.picture("bed-day").await;
    window.keys(ESCAPE).await;
    window.gone("[data-testid=bed-detail]").await;
    window.keys("w").await;
    window.see(".frame.wall [data-testid=tile]").await;
    window.picture("wall").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_course_of_events_can_be_practised_and_shows_what_it_promises() {
    let desktop = Desktop::start().await;
    let window = desktop
        .open(&["--practice", "--scenario", "calm", "--speed", "60"])
        .await;
    until("eight tiles", 20, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    for (scenario, shows, what) in [
        ("harmonica", "", "covid beds at Isala"),
        ("flu-wave", "[data-testid=tile]", "the region"),
        (
            "isala-power-cut",
            "[data-id=isala-zwolle][data-seh=stop]",
            "Isala in stop",
        ),
        ("feed-loss", ".frame.offline", "the server failing"),
        ("stop-storm", "[data-seh=stop] ~ [data-seh=stop]", "stops everywhere"),
    ] {
        let choose = format!(
            "const s = document.querySelector('select[aria-label=Verloop]'); s.value = '{scenario}'; s.dispatchEvent(new Event('change', {{ bubbles: true }})); return s.value"
        );
        assert_eq!(window.measure(&choose).await, scenario);
        if shows.is_empty() {
            window.click("[data-testid=tile][data-id=isala-zwolle]").await;
            window.click("[data-testid=to-beds]").await;
            until(what, 40, async || {
                window.count("[data-element='kliniek-covid']").await > 20
            })
            .await;
            window.picture(scenario).await;
            window.keys("1").await;
        } else {
            window.see(shows).await;
            window.picture(scenario).await;
        }
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_a_region_offers_practice_or_a_connection_and_says_why_one_fails() {
    let desktop = Desktop::start().await;
    let window = desktop.open(&[]).await;
    let address = window.see("[data-testid=source-address]").await;
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
