//! Alarms in the real window: heard, silenced, acknowledged by keyboard, in a storm, and with parts of the system missing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Listener, Parts, Window},
    findings::Findings,
    now,
    tray::Icon,
    until,
};
use sim::{Practice, Setup};
use std::{path::Path, process::Stdio};

const ENTER: &str = "\u{e007}";

/// The standing remarks on what does not work here.
async fn notes(window: &Window) -> String {
    let script = "return [...document.querySelectorAll('[data-testid=note]')].map((n) => n.textContent).join('|')";
    window.measure(script).await.as_str().unwrap_or_default().to_owned()
}

/// A region of the test's own in which a stop begins soon.
async fn tour() -> Practice {
    let setup = Setup {
        scenario: sim::Scenario::Tour,
        speed: 6.0,
        ..Setup::default()
    };
    Practice::start(setup, now).await.unwrap()
}

/// A desktop whose loudspeaker can be listened to.
async fn with_sound() -> Desktop {
    Desktop::of(Parts {
        sound: true,
        ..Parts::default()
    })
    .await
}

/// The practice region in its window, at its first stop.
async fn at_a_stop(desktop: &Desktop) -> Window {
    let window = desktop.open(&["--practice", "--speed", "6"]).await;
    until("an alarm that nobody has acknowledged", 60, async || {
        window.count("[data-testid=alarm][data-state=unacknowledged]").await > 0
    })
    .await;
    window
}

/// Presses the space bar until it acknowledges: what came a moment ago is acknowledged by no key.
async fn acknowledge(window: &Window) {
    until("an alarm is acknowledged", 20, async || {
        window.keys(" ").await;
        window.count("[data-testid=alarm][data-state=acknowledged]").await > 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_06_ah_20_a_stop_is_heard_silenced_for_a_while_and_a_muted_loudspeaker_is_said() {
    let desktop = with_sound().await;
    let listening = desktop.listen();
    let window = at_a_stop(&desktop).await;
    let mut findings = Findings::default();
    findings
        .look("it is heard, at our pitch and not too loud", async {
            until("the stop is heard", 20, async || listening.heard().0 > 0.1).await;
            let (loud, pitch) = listening.heard();
            assert!(
                loud < 0.5 && (700.0..1100.0).contains(&pitch),
                "loudness {loud:.2}, pitch {pitch:.0} Hz"
            );
        })
        .await;
    findings
        .look("ah_06: M counts down, and the alarm stays", async {
            window.keys("m").await;
            let silent = window.text("[data-testid=silence]").await;
            assert!(silent.contains("nog 1"), "{silent}");
            assert!(window.count("[data-testid=alarm][data-state=unacknowledged]").await >= 1);
            window.picture("alarm-silenced").await;
        })
        .await;
    findings
        .look("ah_20: a muted loudspeaker is said until it is loud again", async {
            desktop.mute(true).await;
            until("the muted loudspeaker is said", 20, async || {
                notes(&window).await.contains("gedempt")
            })
            .await;
            desktop.mute(false).await;
            window.gone("[data-testid=note]").await;
        })
        .await;
    window.close().await;
    findings.none();
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_33_a_stop_is_said_to_assistive_technology_and_takes_no_focus() {
    let desktop = Desktop::start().await;
    let window = at_a_stop(&desktop).await;
    until("it is said", 20, async || {
        let script = "return document.querySelector('aside [role=alert]').textContent";
        let said = window.measure(script).await;
        said.as_str().unwrap_or_default().contains("SEH-stop Isala Zwolle")
    })
    .await;
    assert_eq!(window.measure("return document.activeElement.tagName").await, "BODY");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_31_a_stop_is_acknowledged_shelved_and_handed_over_by_keyboard_alone() {
    let desktop = Desktop::start().await;
    let window = at_a_stop(&desktop).await;
    acknowledge(&window).await;
    window.keys("p").await;
    window.see("[role=dialog] input").await;
    window.keys("bekend bij de regio").await;
    window.keys(ENTER).await;
    window.see("[data-testid=alarm][data-state=shelved]").await;
    window.keys("o").await;
    let standing = window.text("[data-testid=take-over]").await;
    assert!(
        standing.contains("Op de plank 1") && standing.contains("bekend bij de regio"),
        "{standing}"
    );
    window.picture("take-over").await;
    window
        .measure("const i = document.querySelector('[data-testid=take-over] input'); i.value = ''; i.dispatchEvent(new Event('input', { bubbles: true }))")
        .await;
    window.keys("waco").await;
    window.keys(ENTER).await;
    until("the next person is on watch", 10, async || {
        window.text("header").await.contains("waco")
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_16_every_type_of_alarm_is_explained_in_the_window() {
    let desktop = Desktop::start().await;
    let window = desktop.open(&["--practice"]).await;
    window.see("[data-testid=tile]").await;
    window.keys("q").await;
    window.see("[data-testid=quality]").await;
    until("every type of alarm is explained", 10, async || {
        window.count("[data-testid=alarm-type]").await == domain::alarms::AlarmKind::ALL.len()
    })
    .await;
    window.picture("alarm-quality").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_18_a_test_says_of_each_channel_whether_it_was_confirmed() {
    let desktop = with_sound().await;
    let window = desktop.open(&["--practice"]).await;
    window.see("[data-testid=tile]").await;
    window.keys("8").await;
    window.click("[data-testid=test-channels]").await;
    let tested = window.text("[data-testid=tested]").await;
    assert!(
        tested.contains("aangenomen door het systeem") && tested.contains("gestart op het geluidsapparaat"),
        "{tested}"
    );
    assert!(desktop.received().iter().any(|r| r.summary == "Testmelding"));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_desks_own_watch_list_is_on_disk_as_soon_as_it_is_chosen() {
    let desktop = Desktop::start().await;
    let window = desktop.open(&["--practice"]).await;
    window.see("[data-testid=tile]").await;
    window.keys("8").await;
    window.click("[data-testid=add-rule]").await;
    window.see("[data-testid=watch-rules]").await;
    for (part, value) in [("service", "ccu"), ("priority", "high")] {
        let script = format!(
            "const s = document.querySelector('[data-testid=watch-rules] [data-part={part}]'); s.value = '{value}'; s.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        );
        window.measure(&script).await;
        until("the choice is on disk", 10, async || {
            let ledger = rusqlite::Connection::open(desktop.dir.path().join("data/oefenregio/ledger.sqlite")).unwrap();
            let kept = "SELECT value FROM setting WHERE key = 'alarms'";
            let kept: String = ledger.query_row(kept, [], |r| r.get(0)).unwrap_or_default();
            kept.contains(&format!("\"{part}\":\"{value}\""))
        })
        .await;
    }
    window.picture("settings-alarms").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_19_ah_20_a_desktop_that_answers_nothing_is_said_and_the_list_goes_on() {
    let desktop = Desktop::of(Parts {
        notifications: Listener::Wedged,
        ..Parts::default()
    })
    .await;
    desktop.wedge("pactl");
    let region = tour().await;
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    let mut findings = Findings::default();
    for said in ["Meldingen van het systeem", "Geluid"] {
        findings
            .look(said, async {
                until("it is said", 30, async || notes(&window).await.contains(said)).await;
            })
            .await;
    }
    findings
        .look("the desk still carries out what a person asks", async {
            acknowledge(&window).await;
        })
        .await;
    window.close().await;
    findings.none();
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_12_a_storm_of_stops_is_one_banner_with_every_high_alarm_still_listed() {
    let desktop = Desktop::start().await;
    let window = desktop
        .open(&["--practice", "--scenario", "stop-storm", "--speed", "60"])
        .await;
    window.see("[data-testid=flood]").await;
    until("a storm", 60, async || window.count("[data-testid=alarm]").await >= 6).await;
    let shown = window
        .measure("return [...document.querySelectorAll('[data-testid=alarm]')].map((a) => a.className)")
        .await;
    let all_high = shown
        .as_array()
        .unwrap()
        .iter()
        .all(|c| c.as_str().unwrap().contains("high"));
    assert!(all_high, "in a flood the others are told together: {shown}");
    let toasts = desktop.received();
    assert!(
        toasts.iter().any(|r| r.summary == "Veel meldingen tegelijk"),
        "{toasts:?}"
    );
    assert!(toasts.len() <= 12, "{} notifications", toasts.len());
    window.picture("alarm-flood").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_19_ah_20_without_notifications_and_without_sound_a_banner_says_so_and_the_list_goes_on() {
    let desktop = Desktop::of(Parts {
        notifications: Listener::Nobody,
        ..Parts::default()
    })
    .await;
    let region = tour().await;
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    until("both banners stand", 30, async || {
        let notes = notes(&window).await;
        notes.contains("Meldingen van het systeem werken niet") && notes.contains("Geluid ontbreekt")
    })
    .await;
    window.picture("alarm-banners").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_takes_an_alarm_out_of_service_and_into_it_again() {
    let desktop = Desktop::start().await;
    let window = at_a_stop(&desktop).await;
    window.keys("p").await;
    window.see("[role=dialog] input").await;
    window.keys("oefening").await;
    window
        .measure("const s = document.querySelector('[role=dialog] select'); s.selectedIndex = s.options.length - 1; s.dispatchEvent(new Event('change', { bubbles: true }))")
        .await;
    window.click("[role=dialog] button[type=submit]").await;
    window.see("[data-testid=alarm][data-state=out-of-service]").await;
    // What is set aside takes one line until somebody presses it.
    window
        .click("[data-testid=card]:has([data-state=out-of-service]) .head")
        .await;
    window.click("[data-testid=into-service]").await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_02_an_alarm_that_nobody_had_acknowledged_when_the_power_went_is_there_and_heard_again_after_it() {
    let desktop = Desktop::of(Parts {
        sound: true,
        ..Parts::default()
    })
    .await;
    let region = tour().await;
    let arguments = ["--source", &region.url(), "--every", "2"];
    let window = desktop.open(&arguments).await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    let told = desktop.received().len();
    window.kill().await;
    // What comes back comes from the disk: nobody answers any more.
    region.plug(false);
    let listening = desktop.listen();
    let window = desktop.open(&arguments).await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    until("it is heard again", 20, async || listening.heard().0 > 0.1).await;
    assert!(desktop.received().len() > told, "and told again");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dunst_shows_a_stop_and_takes_it_away_when_it_is_acknowledged() {
    let desktop = Desktop::of(Parts {
        notifications: Listener::Dunst,
        ..Parts::default()
    })
    .await;
    let window = desktop.open(&["--practice", "--speed", "6"]).await;
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    until("dunst shows it", 20, async || {
        desktop
            .dunst(&["count", "displayed"])
            .await
            .is_some_and(|n| n.trim() != "0")
    })
    .await;
    window.picture("dunst").await;

    // ah_19: a desktop that must not be disturbed is said, since dunst keeps what comes to itself.
    desktop.dunst(&["set-paused", "true"]).await.unwrap();
    until("it is said", 30, async || notes(&window).await.contains("niet storen")).await;
    desktop.dunst(&["set-paused", "false"]).await.unwrap();
    until("it is said no more", 30, async || {
        !notes(&window).await.contains("niet storen")
    })
    .await;
    let isala = "[data-testid=card]:has([data-id*='isala-zwolle'])";
    window.click(&format!("{isala} .head")).await;
    window.click(&format!("{isala} [data-testid=acknowledge]")).await;
    until("dunst has taken it away", 20, async || {
        let history = desktop.dunst(&["history"]).await.unwrap_or_default();
        history.contains("SEH-stop Isala Zwolle") && history.contains("Bel 038-")
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_10_ah_19_tray_and_task_bar_call_whoever_works_in_another_window_and_take_no_focus() {
    let desktop = Desktop::start().await;
    let region = tour().await;
    region.plug(false);
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    window.see("[data-connection=offline]").await;
    until("a grey ring stands in the tray", 20, async || {
        desktop.tray().await.is_some()
    })
    .await;
    let calm = desktop.tray().await.unwrap();
    let opaque = |icon: &Icon, at: usize| icon.rgba[(at * icon.width + at) * 4 + 3] > 0;
    assert!(!opaque(&calm, calm.width / 2), "open in the middle");
    assert_eq!(calm.label, "");

    let active = async || desktop.property(&["-root", "_NET_ACTIVE_WINDOW"]).await;
    let ours = active().await;
    let other = desktop.command(Path::new("xev")).stdout(Stdio::null()).spawn().unwrap();
    until("the other window has the focus", 10, async || active().await != ours).await;
    let theirs = active().await;
    desktop.do_not_disturb(true);
    region.plug(true);
    window.see("[data-testid=alarm][data-state=unacknowledged]").await;
    until("the task bar is asked to blink", 10, async || {
        desktop
            .property(&["-name", "Beddenwacht", "WM_HINTS"])
            .await
            .contains("urgency")
    })
    .await;
    assert_eq!(active().await, theirs, "the focus stays where the person types");
    until(
        "a filled square with the number of alarms stands in the tray",
        20,
        async || {
            let icon = desktop.tray().await;
            icon.is_some_and(|i| opaque(&i, i.width / 2) && opaque(&i, 5) && !i.label.is_empty())
        },
    )
    .await;
    until("a desktop that must not be disturbed is said", 20, async || {
        window.count("[data-testid=note]").await > 0 && window.text("[data-testid=note]").await.contains("niet storen")
    })
    .await;
    drop(other);
    until("whoever looks is called no more", 10, async || {
        !desktop
            .property(&["-name", "Beddenwacht", "WM_HINTS"])
            .await
            .contains("urgency")
    })
    .await;
    window.close().await;
}
