//! The gallery: every component in every state, by day and by night, drawn by the engine of the application's window.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::{
    desktop::{Desktop, Parts, Window},
    root, until,
};
use std::{path::Path, process::Command};

/// Wide enough for a screen of the gallery, high enough for its highest section.
const SCREEN: &str = "1700x2100";

async fn gallery(desktop: &Desktop) -> Window {
    let page = root().join("ui/gallery-dist/gallery.html");
    assert!(
        page.exists(),
        "{} is not built: run `npm run gallery` in ui",
        page.display()
    );
    let window = desktop.open_page(&page).await;
    window.client.set_window_rect(0, 0, 1690, 2060).await.unwrap();
    until("the gallery is drawn", 60, async || {
        let wrong = window
            .measure("return document.documentElement.dataset.wrong ?? null")
            .await;
        assert!(wrong.is_null(), "the gallery fails: {wrong}");
        window
            .measure("return document.documentElement.dataset.ready ?? null")
            .await
            == "true"
    })
    .await;
    window
}

/// Leaves one section on the page: what is far down is not drawn, and so neither measured nor photographed.
async fn show_only(window: &Window, at: usize) -> String {
    let script = format!(
        r#"const all = [...document.querySelectorAll("[data-section]")];
        all.forEach((section, i) => section.toggleAttribute("hidden", i !== {at}));
        document.querySelectorAll("[data-night]").forEach((theme) => theme.toggleAttribute("hidden", !theme.contains(all[{at}])));
        window.scrollTo(0, 0);
        const night = all[{at}].closest("[data-night]").dataset.night === "true";
        return `${{night ? "night" : "day"}}-${{all[{at}].dataset.section}}`"#
    );
    window.measure(&script).await.as_str().unwrap().to_owned()
}

/// Takes the empty page below the section away.
async fn crop(window: &Window, picture: &Path) {
    // The browser's own bars stand above the page.
    let bottom = "return document.querySelector('[data-section]:not([hidden])').getBoundingClientRect().bottom";
    let height = window
        .measure(&format!("{bottom} + outerHeight - innerHeight + 40"))
        .await;
    let done = Command::new("mogrify")
        .args(["-crop", &format!("x{:.0}+0+0", height.as_f64().unwrap())])
        .arg(picture)
        .status();
    assert!(done.unwrap().success(), "mogrify (ImageMagick)");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_any_component_is_cut_off_leaves_its_box_or_lies_over_other_text_by_day_or_by_night() {
    let desktop = Desktop::of(Parts {
        screen: SCREEN,
        ..Parts::default()
    })
    .await;
    let window = gallery(&desktop).await;
    let sections = window.count("[data-section]").await;
    assert!(sections > 40, "{sections} sections: the gallery has lost its states");
    let mut faults = vec![];
    for at in 0..sections {
        let name = show_only(&window, at).await;
        let found = window.layout_faults("[data-section]:not([hidden])").await;
        faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        let file: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let picture = window.picture(&format!("gallery/{file}")).await;
        crop(&window, &picture).await;
    }
    window.close().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A page on which text is cut off, leaves its box, and lies over other text.
const FAULTY: &str = r#"<!doctype html><meta charset="utf-8"><div id="root" style="font: 16px/1.2 sans-serif">
  <p>Dit past op de regel.</p>
  <p style="width: 60px; overflow: hidden; white-space: nowrap">afgekapt zonder dat iemand het ziet</p>
  <p style="width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis" title="alles">afgekapt met alles in de titel</p>
  <p style="width: 60px; white-space: nowrap">buiten zijn vak</p>
  <div style="position: relative; height: 30px"><span style="position: absolute; left: 0">onderste</span><span style="position: absolute; left: 20px">bovenste</span></div>
  <div style="height: 20px; overflow: auto"><p>te schuiven</p><p>te schuiven</p></div>
</div>"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_measure_of_the_gallery_finds_text_that_is_cut_off_leaves_its_box_or_lies_over_other_text() {
    let desktop = Desktop::start().await;
    let page = desktop.dir.path().join("faulty.html");
    std::fs::write(&page, FAULTY).unwrap();
    let window = desktop.open_page(&page).await;
    let found = window.layout_faults("#root").await;
    window.close().await;
    let about = |what: &str| found.iter().filter(|fault| fault.contains(what)).count();
    assert_eq!(
        (
            about("afgekapt zonder"),
            about("buiten zijn vak"),
            about("\"onderste\" lies over \"bovenste\"")
        ),
        (1, 1, 1),
        "{found:?}"
    );
    assert_eq!(found.len(), 3, "{found:?}");
}
