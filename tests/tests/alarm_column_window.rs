//! What the alarm column shows and lets a person do, where it has no room for all of it: in the real window.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::{
    desktop::{Desktop, Window},
    now, until,
};
use sim::{Practice, Setup};
use std::time::Duration;

/// A region of the test's own in which nearly every SEH announces a stop, and lifts it a minute later.
async fn storm() -> Practice {
    let setup = Setup {
        scenario: sim::Scenario::StopStorm,
        speed: 60.0,
        ..Setup::default()
    };
    Practice::start(setup, now).await.unwrap()
}

/// Alarms of a storm that came to rest, in a window that has no room for all of them.
async fn after_a_storm(desktop: &Desktop, region: &Practice) -> Window {
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    window.client.set_window_rect(0, 0, 1280, 720).await.unwrap();
    until("a storm", 90, async || window.count("[data-testid=card]").await >= 6).await;
    region.plug(false);
    window
}

/// Where the list is scrolled to.
async fn scrolled(window: &Window) -> i64 {
    let script = "return Math.round(document.querySelector('.zones').scrollTop)";
    window.measure(script).await.as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn space_acknowledges_nothing_that_is_scrolled_out_of_sight_and_brings_it_into_sight() {
    let desktop = Desktop::start().await;
    let region = storm().await;
    let window = after_a_storm(&desktop, &region).await;
    let open = async || window.count("[data-testid=alarm].open").await;
    until("nothing comes any more", 60, async || {
        let before = open().await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        open().await == before
    })
    .await;
    let before = open().await;
    window
        .measure("const z = document.querySelector('.zones'); z.scrollTop = z.scrollHeight")
        .await;
    until("scrolled away", 10, async || scrolled(&window).await > 0).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    window.keys(" ").await;
    until("the first card is in sight", 10, async || scrolled(&window).await < 40).await;
    assert_eq!(open().await, before, "nobody had seen it");
    window.picture("alarm-brought-into-sight").await;
    until("it is acknowledged once it was seen", 20, async || {
        window.keys(" ").await;
        open().await < before
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stops_that_ended_unseen_are_grey_folded_and_counted_and_go_by_one_button() {
    let desktop = Desktop::start().await;
    let region = storm().await;
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    let over = "[data-testid=over]";
    until("a stop ended unseen", 120, async || window.count(over).await > 0).await;
    region.plug(false);
    assert_eq!(window.count("li.over").await, 0, "folded away");
    window.click("[data-testid=over] .fold").await;
    window.see("li.over").await;
    assert!(window.text("li.over .age").await.starts_with("Voorbij "));
    let colours = "const of = (e) => getComputedStyle(e).borderLeftColor; \
        return of(document.querySelector('li.over')) === of(document.querySelector('li.now.high') ?? document.body)";
    assert_eq!(window.measure(colours).await, false, "as red as one that calls");
    window.picture("alarm-over").await;
    until("all of them are acknowledged", 30, async || {
        window
            .measure("document.querySelector('[data-testid=acknowledge-over]')?.click()")
            .await;
        window.count(over).await == 0
    })
    .await;
    window.close().await;
}
