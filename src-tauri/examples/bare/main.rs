//! A bare Tauri window: the floor that the application's start is measured against (`cargo xtask bench`).

use tauri::webview::PageLoadEvent;

fn main() {
    let shown = tauri::Builder::default()
        .on_page_load(|_, load| {
            if load.event() == PageLoadEvent::Finished {
                println!("first picture");
            }
        })
        .run(tauri::generate_context!("examples/bare/tauri.conf.json"));
    if let Err(error) = shown {
        eprintln!("{error}");
    }
}
