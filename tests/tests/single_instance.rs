//! One desk a data folder: a second start raises the window that is there.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::{desktop::Desktop, now, until};
use sim::{Practice, Setup};
use std::{path::Path, process::Stdio};

/// The windows that the window manager knows.
async fn windows(desktop: &Desktop) -> Vec<String> {
    let said = desktop.property(&["-root", "-notype", "_NET_CLIENT_LIST"]).await;
    let (_, ids) = said.split_once('#').unwrap_or_default();
    ids.split(',')
        .map(|id| id.trim().to_owned())
        .filter(|id| !id.is_empty())
        .collect()
}

async fn active(desktop: &Desktop) -> String {
    desktop.property(&["-root", "_NET_ACTIVE_WINDOW"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn r_04_a_second_start_raises_the_first_window_over_another_and_opens_none() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "3"]).await;
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    let ours = active(&desktop).await;

    // Somebody works in another window, which lies over ours.
    let _other = desktop
        .command(Path::new("xev"))
        .args(["-geometry", "1900x1000"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("the other window has the focus", 20, async || {
        active(&desktop).await != ours
    })
    .await;
    let before = windows(&desktop).await;
    assert_eq!(before.len(), 2, "{before:?}");

    assert!(
        desktop.start_again(&["--source", &region.url()]).await,
        "a second start ends by itself"
    );
    until("the first window has the focus", 20, async || {
        active(&desktop).await == ours
    })
    .await;
    assert_eq!(windows(&desktop).await, before, "no window came, none went");
    let stacked = desktop
        .property(&["-root", "-notype", "_NET_CLIENT_LIST_STACKING"])
        .await;
    let top = stacked.rsplit([',', '#']).next().unwrap_or_default().trim().to_owned();
    assert!(!top.is_empty() && ours.contains(&top), "{top} lies over {ours}");
    assert_eq!(
        window.count("[data-testid=tile]").await,
        8,
        "and still shows the region"
    );
    window.close().await;
}
