//! The real window under Xvfb, driven by WebDriver, with a real bus and a notification daemon.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Window},
    findings::Findings,
    notifications::Received,
    now, until,
};
use sim::{Practice, Setup};

const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';
const ENTER: &str = "\u{e007}";
const RIGHT: &str = "\u{e014}";
const ESCAPE: &str = "\u{e00c}";

/// The practice region in its window, with all its locations.
async fn practice(desktop: &Desktop) -> Window {
    let window = desktop.open(&["--practice", "--speed", "6"]).await;
    eight_tiles(&window).await;
    window
}

async fn eight_tiles(window: &Window) {
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
}

/// A window that follows a region of the test's own.
async fn following(desktop: &Desktop, region: &Practice) -> Window {
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    eight_tiles(&window).await;
    window
}

async fn first_tile(window: &Window) -> String {
    let tile = window.see("[data-testid=tile]").await;
    tile.attr("data-id").await.unwrap().unwrap()
}

/// The native notification of Isala's stop; chance may have brought another location's as well.
async fn isalas_stop(desktop: &Desktop) -> Received {
    let mut toast = None;
    until("the native notification of Isala's stop", 60, async || {
        let all = desktop.received();
        toast = all.into_iter().find(|r| r.summary == "SEH-stop Isala Zwolle");
        toast.is_some()
    })
    .await;
    toast.unwrap()
}

/// The bed map of Isala, where the first bed has the focus of nobody yet; the answer is that bed.
async fn isalas_beds(window: &Window) -> String {
    window.click("[data-testid=tile][data-id=isala-zwolle]").await;
    window.see("[data-testid=location]").await;
    window.click("[data-testid=to-beds]").await;
    let bed = window.see("[data-bed]").await;
    bed.attr("data-bed").await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_sees_every_location_and_how_busy_each_seh_is() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    assert_eq!(window.count("[data-testid=meter]").await, 7, "Lelystad has no SEH");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_becomes_a_native_notification_and_stands_on_its_tile_and_in_its_location() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    let toast = isalas_stop(&desktop).await;
    let mut findings = Findings::default();
    findings
        .look(
            "the notification says since when, why, how long and whom to call",
            async {
                assert_eq!(
                    (toast.urgency, toast.app.as_str()),
                    (2, "Beddenwacht"),
                    "critical, and ours"
                );
                for part in [
                    "Sinds ",
                    "verwacht tot ",
                    "SEH vol · kliniek vol",
                    "Bel 038-",
                    "Levensbedreigend: altijd welkom",
                ] {
                    assert!(toast.body.contains(part), "{part} in {}", toast.body);
                }
            },
        )
        .await;
    findings
        .look("the tile shows the stop", async {
            let tile = "[data-testid=tile][data-id=isala-zwolle][data-seh=stop]";
            window.see(tile).await;
            window.set_night(true).await;
            window.picture("region-night").await;
            window.set_night(false).await;
            window.picture("region-day").await;
        })
        .await;
    findings
        .look("ah_22: its location is one action away and shows it too", async {
            window.click("[data-testid=tile][data-id=isala-zwolle]").await;
            window.see("[data-testid=location]").await;
            until("the stop stands in the location", 10, async || {
                window.count("[data-testid=stop-row][data-status=stop]").await > 0
            })
            .await;
            window.picture("location-day").await;
        })
        .await;
    window.close().await;
    findings.none();
}

#[tokio::test(flavor = "multi_thread")]
async fn r_18_what_is_pressed_in_the_notification_acknowledges_the_alarm() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    let toast = isalas_stop(&desktop).await;
    assert!(toast.actions.contains(&"bevestig".to_owned()), "{:?}", toast.actions);
    // Whoever presses within a few milliseconds, as no person does, is faster than the program starts to listen.
    until("the alarm is acknowledged", 20, async || {
        desktop.press(toast.id, "bevestig").await;
        window.count("[data-testid=alarm][data-state=acknowledged]").await > 0
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_confirmed_by_telephone_stands_beside_what_was_delivered() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    window.keys("o").await;
    window.see("[data-testid=take-over]").await;
    window.keys(ENTER).await;
    window.gone("[role=dialog]").await;
    window.click("[data-testid=tile][data-id=isala-zwolle]").await;
    window.click("[data-testid=confirm]").await;
    window.see("[role=dialog] input").await;
    window.keys(ENTER).await;
    let said = window.text("[data-testid=confirmed]").await;
    assert!(said.contains("telefonisch bevestigd door wan-hoofd"), "{said}");
    window.gone("[role=dialog]").await;
    window.picture("location-confirmed").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_deliveries_is_listed_and_written_to_a_file_for_the_hospital() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    window.keys("d").await;
    until("the defects are listed", 20, async || {
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
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bed_is_labelled_by_mouse() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    let bed = isalas_beds(&window).await;
    window.click(&format!("[data-bed='{bed}']")).await;
    window.click("[data-testid=label]").await;
    let element = window.see("[data-testid=element]").await;
    element.send_keys("ic – covid").await.unwrap();
    until("what will change is counted", 10, async || {
        window.text("[data-testid=preview]").await.contains("1 ×")
    })
    .await;
    window.picture("label-panel-day").await;
    window.click("[data-testid=give]").await;
    window
        .see(&format!("[data-bed='{bed}'][data-element='ic-covid']"))
        .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_beds_are_labelled_by_keyboard_alone_and_taken_back_in_one_gesture() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    isalas_beds(&window).await;
    let labelled = async || window.count("[data-element='ic-covid']").await;
    let before = labelled().await;
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
    until("three more beds are labelled", 10, async || {
        labelled().await == before + 3
    })
    .await;
    window.picture("beds-day").await;
    window.chord(CONTROL, "z").await;
    until("the last gesture is taken back", 10, async || {
        labelled().await == before
    })
    .await;
    window.set_night(true).await;
    window.picture("beds-night").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_17_without_the_server_everything_stays_on_the_screen_marked_as_old() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    isalas_beds(&window).await;
    window.click("[data-testid=plug]").await;
    window.see(".frame.offline").await;
    let said = window.text("[data-testid=connection]").await;
    assert!(
        said.contains("Offline sinds") && said.contains("u ziet de stand van"),
        "{said}"
    );
    let strip = window.text("[data-testid=coverage]").await;
    assert!(strip.contains("offline sinds") && !strip.contains("actueel"), "{strip}");
    assert!(window.count("[data-bed]").await > 500, "what was known is still shown");
    window.picture("beds-offline").await;
    window.click("[data-testid=plug]").await;
    window.gone(".frame.offline").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_picture_stands_there_without_a_server() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
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
async fn favourites_and_chosen_rows_are_still_there_after_a_restart() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = following(&desktop, &region).await;
    assert_eq!(
        first_tile(&window).await,
        "isala-zwolle",
        "the largest stands first until a person orders them"
    );
    window.keys("8").await;
    window.click("[data-location=saxenburgh-hardenberg] button").await;
    window
        .see("[data-location=saxenburgh-hardenberg] [aria-pressed=true]")
        .await;
    window.click("[data-row=stroke]").await;
    window.keys("1").await;
    let arranged = async |window: &Window| {
        until("the favourite stands first", 30, async || {
            first_tile(window).await == "saxenburgh-hardenberg"
        })
        .await;
        until("the chosen row is on the tiles", 10, async || {
            let tile = window.text("[data-testid=tile][data-id=isala-zwolle]").await;
            tile.contains("Stroke-unit")
        })
        .await;
    };
    arranged(&window).await;
    window.close().await;
    let window = following(&desktop, &region).await;
    arranged(&window).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_region_by_keyboard_a_location_is_found_its_number_copied_and_the_screen_made_a_wall() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = following(&desktop, &region).await;
    let mut findings = Findings::default();
    findings
        .look("`/` filters, Escape shows all again", async {
            window.keys("/").await;
            window.see("[data-testid=filter]").await;
            window.keys("zutp").await;
            until("one location fits", 10, async || {
                window.count("[data-testid=tile]").await == 1
            })
            .await;
            window.keys(ESCAPE).await;
            eight_tiles(&window).await;
        })
        .await;
    findings
        .look("C copies the number of the location that has the focus", async {
            window.keys(RIGHT).await;
            window.keys("c").await;
            let said = window.text("[role=status].notification").await;
            assert!(said.contains("Gekopieerd: 038-000 02"), "{said}");
        })
        .await;
    findings
        .look("W makes it a wall", async {
            window.keys("w").await;
            window.see(".frame.wall [data-testid=tile]").await;
            window.picture("wall").await;
        })
        .await;
    window.close().await;
    findings.none();
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_22_location_beds_and_all_of_a_bed_are_reached_by_keyboard_alone() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = following(&desktop, &region).await;
    window.keys(RIGHT).await;
    window.keys(ENTER).await;
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
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_course_of_events_can_be_practised_and_shows_what_it_promises() {
    let desktop = Desktop::start().await;
    let window = desktop
        .open(&["--practice", "--scenario", "calm", "--speed", "60"])
        .await;
    eight_tiles(&window).await;
    let mut findings = Findings::default();
    for (scenario, shows) in [
        ("harmonica", ""),
        ("flu-wave", "[data-testid=tile]"),
        ("isala-power-cut", "[data-id=isala-zwolle][data-seh=stop]"),
        ("feed-loss", ".frame.offline"),
        ("stop-storm", "[data-seh=stop] ~ [data-seh=stop]"),
    ] {
        findings
            .look(scenario, async {
                let choose = format!(
                    "const s = document.querySelector('select[aria-label=Verloop]'); s.value = '{scenario}'; s.dispatchEvent(new Event('change', {{ bubbles: true }})); return s.value"
                );
                assert_eq!(window.measure(&choose).await, scenario);
                if shows.is_empty() {
                    isalas_beds(&window).await;
                    until("covid beds at Isala", 40, async || {
                        window.count("[data-element='kliniek-covid']").await > 20
                    })
                    .await;
                } else {
                    window.see(shows).await;
                }
                window.picture(scenario).await;
            })
            .await;
        window.keys("1").await;
    }
    window.close().await;
    findings.none();
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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_chooses_english_reads_every_screen_in_english_also_after_a_restart() {
    let desktop = Desktop::start().await;
    let window = practice(&desktop).await;
    isalas_stop(&desktop).await;
    window.keys("8").await;
    window.click("input[name=language][value=en]").await;
    until("the screen speaks English", 10, async || {
        window.text("[data-testid=settings]").await.contains("Language")
    })
    .await;
    let mut findings = Findings::default();
    for (keys, shows, name) in [
        ("8", "[data-testid=settings]", "english-settings"),
        ("1", "[data-testid=tile]", "english-region"),
        ("t", "[data-testid=worklist]", "english-worklist"),
        ("d", "[data-testid=defect]", "english-defects"),
    ] {
        findings
            .look(name, async {
                window.keys(keys).await;
                window.see(shows).await;
                window.picture(name).await;
            })
            .await;
    }
    findings
        .look("the alarm that stood before is said anew", async {
            let alarm = window.text("[data-testid=alarm]").await;
            assert!(alarm.contains("SEH stop") && alarm.contains("Since"), "{alarm}");
        })
        .await;
    findings
        .look("a location, its beds and one bed", async {
            window.keys("1").await;
            isalas_beds(&window).await;
            window.picture("english-beds").await;
            window.keys(RIGHT).await;
            window.keys(ENTER).await;
            let detail = window.text("[data-testid=bed-detail]").await;
            assert!(detail.contains("read as") && detail.contains("since"), "{detail}");
            window.picture("english-bed").await;
            window.keys(ESCAPE).await;
            window.gone("[data-testid=bed-detail]").await;
            window.keys(ESCAPE).await;
            window.see("[data-testid=location]").await;
            window.picture("english-location").await;
        })
        .await;
    window.close().await;
    let window = practice(&desktop).await;
    findings
        .look("after a restart", async {
            until("the screen speaks English", 10, async || {
                window.text("body").await.contains("Worklist")
            })
            .await;
        })
        .await;
    window.close().await;
    findings.none();
}
