//! What the screen looks like, measured: contrast, colour, light, size, and that a whole region fits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use beddenwacht_tests::{
    desktop::{Desktop, Parts},
    findings::Findings,
    now, root, until,
};
use sim::{Practice, Scenario, Setup, World, layout};
use std::{collections::BTreeMap, fs, path::Path};

type Colour = [f64; 3];

/// The tokens of a theme, from the style sheet itself.
fn tokens(night: bool) -> BTreeMap<String, Colour> {
    let css = fs::read_to_string(root().join("ui/src/design/tokens.css")).unwrap();
    let start = if night {
        ":root[data-night=\"true\"] {"
    } else {
        ":root {"
    };
    let block = css.split(start).nth(1).unwrap().split('}').next().unwrap();
    let colour = |hex: &str| {
        let channel = |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        [channel(1), channel(3), channel(5)]
    };
    block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": "))
        .filter(|(_, value)| value.starts_with('#'))
        .map(|(name, value)| (name.to_owned(), colour(value)))
        .collect()
}

fn linear(c: f64) -> f64 {
    if c <= 0.040_45 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

/// WCAG 2.2 relative luminance.
fn luminance(c: Colour) -> f64 {
    0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
}

fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn ah_28_every_text_and_mark_can_be_read_on_every_ground_and_the_night_does_not_glare() {
    for night in [false, true] {
        let t = tokens(night);
        for ground in ["bg", "panel", "tile"] {
            for text in ["ink", "soft", "faint", "stop", "warn", "low"] {
                let ratio = contrast(t[text], t[ground]);
                assert!(ratio >= 4.5, "{text} on {ground}, night {night}: {ratio:.2}");
                assert!(!night || ratio <= 15.0, "{text} on {ground} glares: {ratio:.2}");
            }
            let ratio = contrast(t["focus"], t[ground]);
            assert!(ratio >= 3.0, "the focus on {ground}, night {night}: {ratio:.2}");
        }
        assert!(contrast(t["on-strong"], t["ink"]) >= 4.5);
    }
}

/// Colours as people with a colour-vision deficiency see them (Machado, Oliveira and Fernandes 2009, severity 1).
const DEFICIENCIES: [(&str, [[f64; 3]; 3]); 3] = [
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// CIE L*a*b* of a colour seen through a deficiency.
fn lab(c: Colour, seen: &[[f64; 3]; 3]) -> Colour {
    let rgb = c.map(linear);
    let rgb: Vec<f64> = seen
        .iter()
        .map(|row| (row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]).clamp(0.0, 1.0))
        .collect();
    let x = (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.950_47;
    let y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    let z = (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.088_83;
    let f = |t: f64| {
        if t > 0.008_856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    [116.0 * f(y) - 16.0, 500.0 * (f(x) - f(y)), 200.0 * (f(y) - f(z))]
}

#[test]
fn ah_34_high_medium_and_low_stay_apart_for_whoever_sees_colours_differently() {
    for night in [false, true] {
        let t = tokens(night);
        for (name, seen) in &DEFICIENCIES {
            for (a, b) in [
                ("stop", "warn"),
                ("stop", "low"),
                ("warn", "low"),
                ("stop", "ink"),
                ("warn", "ink"),
            ] {
                let (x, y) = (lab(t[a], seen), lab(t[b], seen));
                let apart = (0..3).map(|i| (x[i] - y[i]).powi(2)).sum::<f64>().sqrt();
                assert!(apart >= 10.0, "{a} and {b} under {name}, night {night}: ΔE {apart:.1}");
            }
        }
    }
}

#[test]
fn ah_30_only_an_unacknowledged_high_alarm_flashes_slower_than_three_times_a_second_and_never_against_a_wish() {
    let mut animated = vec![];
    let mut folders = vec![root().join("ui/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                animated.extend(
                    text.lines()
                        .filter(|l| l.contains("animation:"))
                        .map(str::trim)
                        .map(str::to_owned),
                );
                if path.ends_with("AlarmCard.svelte") {
                    let high_only = r#"alarm.state === "unacknowledged" && alarm.priority === "high""#;
                    let calls = text.lines().find(|l| l.contains("const calls =")).unwrap();
                    assert!(calls.contains(high_only), "who else flashes?");
                }
                let flashing = text.lines().filter(|l| l.contains(r#"class="attention""#));
                let flashing: Vec<&str> = flashing.collect();
                assert!(
                    flashing
                        .iter()
                        .all(|l| path.ends_with("AlarmCard.svelte") && l.contains("{#if calls}")),
                    "{} flashes too: {flashing:?}",
                    path.display()
                );
            }
        }
    }
    // What changes once and stays does not flash.
    animated.retain(|animation| !animation.contains("steps(1, jump-end);"));
    assert_eq!(
        animated.len(),
        1,
        "one animation in the whole application that goes on: {animated:?}"
    );
    let seconds: f64 = animated[0]
        .split_whitespace()
        .nth(2)
        .unwrap()
        .trim_end_matches('s')
        .parse()
        .unwrap();
    assert!(1.0 / seconds < 3.0, "{} flashes a second", 1.0 / seconds);
    let css = fs::read_to_string(root().join("ui/src/design/tokens.css")).unwrap();
    let still = css.split("prefers-reduced-motion: no-preference").nth(1).unwrap();
    assert!(still.contains("animation:"), "who wants no motion gets none");
}

/// Shares of the pixels of a picture that are saturated, and that are nearly white.
fn shares(picture: &Path) -> (f64, f64) {
    let mut decoder = png::Decoder::new(std::io::BufReader::new(fs::File::open(picture).unwrap()));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (mut all, mut saturated, mut white) = (0.0, 0.0, 0.0);
    // The window manager's own title bar is not ours to colour.
    let title_bar = info.line_size * 24;
    for p in pixels[title_bar..info.buffer_size()].chunks_exact(info.color_type.samples()) {
        let (most, least) = (*p[..3].iter().max().unwrap(), *p[..3].iter().min().unwrap());
        all += 1.0;
        saturated += f64::from(u8::from(most > 60 && f64::from(most - least) / f64::from(most) > 0.35));
        white += f64::from(u8::from(least > 235));
    }
    (saturated / all, white / all)
}

/// Practice regions in which nothing is the matter at this hour.
fn quiet_seed(layout: &layout::Layout) -> u64 {
    let quiet = |seed: &u64| {
        let mut world = World::new(layout, *seed, now(), 1.0, Scenario::Calm);
        !world.snapshot().iter().any(|(kind, _, _)| *kind == "Flag")
    };
    (1..50).find(quiet).unwrap()
}

const TOO_SMALL: &str = r#"return [...document.querySelectorAll("button, input, select, summary, a")]
  .filter((e) => e.checkVisibility())
  .map((e) => ({ box: (e.closest("label") ?? e).getBoundingClientRect(), own: e.getBoundingClientRect(), e }))
  .filter(({ box, own, e }) => Math.max(box.width, own.width) < 24 || Math.max(box.height, own.height) < 24
    || (e.dataset.testid === "acknowledge" && own.height < 32))
  .map(({ own, e }) => `${e.outerHTML.slice(0, 90)} ${own.width}x${own.height}`)"#;

const SCROLLS: &str = r#"const list = document.querySelector(".tiles");
  const cut = [...document.querySelectorAll("[data-testid=tile]")].filter((t) => t.scrollHeight > t.clientHeight + 1
    || [...t.querySelectorAll(".rows")].some((r) => r.scrollHeight > r.clientHeight + 1));
  return { tiles: document.querySelectorAll("[data-testid=tile]").length, scrolls: list.scrollHeight > list.clientHeight + 1,
    cut: cut.map((t) => `${t.dataset.id} ${t.scrollHeight}/${t.clientHeight} rows ${t.querySelector(".rows").scrollHeight}/${t.querySelector(".rows").clientHeight}`) }"#;

#[tokio::test(flavor = "multi_thread")]
async fn ah_23_ah_24_ah_29_ah_32_a_quiet_region_is_grey_dark_at_night_fits_the_screen_and_can_be_pressed() {
    let layout = layout::zwolle().unwrap();
    let setup = Setup {
        seed: quiet_seed(&layout),
        ..Setup::default()
    };
    let desktop = Desktop::start().await;
    let region = Practice::start_with(&layout, setup, now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    let mut findings = Findings::default();
    for (night, name) in [(false, "quiet-day"), (true, "quiet-night")] {
        window.set_night(night).await;
        let (saturated, white) = shares(&window.picture(name).await);
        findings
            .look("ah_24: a quiet region is grey", async {
                assert!(
                    saturated < 0.01,
                    "{:.2} % of a quiet region is coloured, night {night}",
                    saturated * 100.0
                );
            })
            .await;
        findings
            .look("ah_29: the night is dark", async {
                assert!(!night || white < 0.01, "{:.2} % of the night is white", white * 100.0);
            })
            .await;
    }
    window.set_night(false).await;
    findings
        .look("ah_23: nothing scrolls and nothing is cut", async {
            let found = window.measure(SCROLLS).await;
            assert_eq!(found["scrolls"], false);
            assert_eq!(found["cut"], serde_json::json!([]));
        })
        .await;
    for (key, see) in [
        ("1", "[data-testid=tile]"),
        ("8", "[data-testid=settings]"),
        ("?", "[role=dialog]"),
    ] {
        findings
            .look(&format!("ah_32: everything on screen {key} can be pressed"), async {
                window.keys(key).await;
                window.see(see).await;
                assert_eq!(window.measure(TOO_SMALL).await, serde_json::json!([]));
            })
            .await;
    }
    window.picture("settings-day").await;
    window.close().await;
    findings.none();
}

/// Fifteen hospitals in a storm of stops, on a screen of this size.
async fn fifteen_hospitals_fit(size: &'static str) {
    let desktop = Desktop::of(Parts {
        screen: size,
        ..Parts::default()
    })
    .await;
    let layout = layout::national(15, 4_000).unwrap();
    let setup = Setup {
        speed: 60.0,
        scenario: Scenario::StopStorm,
        ..Setup::default()
    };
    let region = Practice::start_with(&layout, setup, now).await.unwrap();
    let window = desktop.open(&["--source", &region.url(), "--every", "2"]).await;
    until("fifteen tiles", 30, async || {
        window.count("[data-testid=tile]").await == 15
    })
    .await;
    until("a storm of stops", 30, async || {
        window.count("[data-seh=stop]").await >= 6
    })
    .await;
    window.picture(&format!("fifteen-{size}")).await;
    let found = window.measure(SCROLLS).await;
    window.close().await;
    assert_eq!(found["scrolls"], false, "nothing has to be scrolled to");
    assert_eq!(found["cut"], serde_json::json!([]), "nothing of a tile is cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_23_fifteen_hospitals_fit_on_an_ordinary_screen_and_nothing_of_them_is_cut() {
    fifteen_hospitals_fit("1920x1080").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ah_23_fifteen_hospitals_fit_on_a_large_screen_and_nothing_of_them_is_cut() {
    fifteen_hospitals_fit("2560x1440").await;
}
