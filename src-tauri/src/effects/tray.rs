//! The icon in the tray: its shape carries the worst that nobody has acknowledged.

use app::{alarms::Priority, say, text::Language};
use tauri::{
    AppHandle, Manager, Wry,
    image::Image,
    menu::{Menu, MenuBuilder},
    tray::{MouseButton, TrayIconBuilder, TrayIconEvent},
};

const ID: &str = "worst";
const OPEN: &str = "open";
const SIZE: u32 = 32;

/// Puts the icon in the tray, where there is one.
pub fn place(app: &AppHandle, language: Language) {
    // Linux draws no icon without a menu and passes no click on.
    let menu = match menu(app, language) {
        Ok(menu) => menu,
        Err(error) => return tracing::warn!(%error, "no menu for the tray"),
    };
    let placed = TrayIconBuilder::with_id(ID)
        .icon(icon(None))
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| {
            if event.id() == OPEN {
                open(app);
            }
        })
        .tooltip(say!(language, TrayNone))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                ..
            } = event
            {
                open(tray.app_handle());
            }
        })
        .build(app);
    if let Err(error) = placed {
        tracing::warn!(%error, "no icon in the tray");
    }
}

fn menu(app: &AppHandle, language: Language) -> tauri::Result<Menu<Wry>> {
    MenuBuilder::new(app).text(OPEN, say!(language, TrayOpen)).build()
}

/// Speaks another language from now on.
pub fn speak(app: &AppHandle, language: Language) {
    if let Some(tray) = app.tray_by_id(ID) {
        match menu(app, language) {
            Ok(menu) => drop(tray.set_menu(Some(menu))),
            Err(error) => tracing::warn!(%error, "no menu for the tray"),
        }
    }
}

/// Brings the window to whoever asked for it.
pub fn open(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Shows the worst that is open.
pub fn show(app: &AppHandle, language: Language, worst: Option<Priority>, open: u32) {
    if let Some(tray) = app.tray_by_id(ID) {
        let _ = tray.set_icon(Some(icon(worst)));
        let _ = tray.set_tooltip(Some(say!(language, TrayCount, n = open)));
        // Linux knows no tooltip of a tray: the number stands beside the icon.
        let _ = tray.set_title((open > 0).then(|| open.to_string()));
    }
}

/// A shape for each priority: square, triangle, disc, ring. The diamond of the screen is a stop that threatens, and no
/// priority. The colours serve a light and a dark bar.
fn icon(worst: Option<Priority>) -> Image<'static> {
    let middle = f64::from(SIZE) / 2.0;
    let colour: [u8; 3] = match worst {
        Some(Priority::High) => [214, 40, 57],
        Some(Priority::Medium) => [214, 126, 30],
        Some(Priority::Low) => [30, 140, 170],
        None => [130, 140, 148],
    };
    let inside = |dx: f64, dy: f64| match worst {
        Some(Priority::High) => dx.abs().max(dy.abs()) < 13.0,
        Some(Priority::Medium) => dy.abs() < 13.0 && dx.abs() < (dy + 13.0) / 2.0,
        Some(Priority::Low) => dx.hypot(dy) < 12.0,
        None => (9.0..13.0).contains(&dx.hypot(dy)),
    };
    let mut rgba = Vec::with_capacity((SIZE * SIZE * 4) as usize);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let shown = inside(f64::from(x) + 0.5 - middle, f64::from(y) + 0.5 - middle);
            rgba.extend(colour);
            rgba.push(if shown { 255 } else { 0 });
        }
    }
    Image::new_owned(rgba, SIZE, SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ah_10_the_four_states_of_the_tray_differ_in_shape_alone() {
        let shape = |worst| {
            icon(worst)
                .rgba()
                .iter()
                .skip(3)
                .step_by(4)
                .copied()
                .collect::<Vec<u8>>()
        };
        let shapes = [Some(Priority::High), Some(Priority::Medium), Some(Priority::Low), None].map(shape);
        for (n, one) in shapes.iter().enumerate() {
            for other in shapes.iter().skip(n + 1) {
                let differing = one.iter().zip(other).filter(|(a, b)| a != b).count();
                assert!(differing > 60, "two shapes differ in {differing} pixels");
            }
        }
    }
}
