//! The desktop shell: thin. It opens the window, performs effects and passes intents on; it decides nothing.

mod commands;
mod crash_sentinel;
mod desktop;
mod display;
mod effects;
mod logging;
mod paths;
mod sources;
mod upkeep;

use clap::Parser;
use desktop::DesktopApp;
use effects::{attention, tray};
use std::{path::PathBuf, sync::Arc};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

/// Beddenwacht: het bureau van wie over de bedden van een regio waakt.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Open the practice region.
    #[arg(long)]
    practice: bool,
    /// Follow this regional server.
    #[arg(long)]
    source: Option<String>,
    /// Where cache.sqlite and ledger.sqlite lie.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Seconds between two rounds with the server.
    #[arg(long, default_value_t = 300)]
    every: u64,
    /// Seed of the practice region.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated minutes a minute in the practice region.
    #[arg(long, default_value_t = 6.0)]
    speed: f64,
    /// Course of events in the practice region.
    #[arg(long, default_value = "tour")]
    scenario: String,
}

/// Starts the application; it ends with its window.
pub fn run() {
    let arguments = Arguments::parse();
    if let Err(missing) = display::is_there() {
        give_up(&missing);
    }
    let data_dir = paths::make_data_dir(&arguments).unwrap_or_else(|error| {
        let dir = paths::data_dir(&arguments);
        give_up(&format!("the data folder {} cannot be made: {error}", dir.display()))
    });
    let mut log = logging::start(&data_dir);
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            tray::open(app);
        }))
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(true) = event {
                attention::stop_asking(window);
            }
        })
        .setup(move |app| {
            // An error handed back here would become a panic.
            let desktop = DesktopApp::open(app.handle().clone(), arguments, &data_dir)
                .unwrap_or_else(|error| give_up(&error.to_string()));
            app.manage(desktop.clone());
            tray::place(app.handle(), desktop.language());
            end_at_log_out(app.handle().clone());
            desktop.start();
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![commands::request])
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(move |app, event| {
            if let RunEvent::Exit = event {
                if let Some(desktop) = app.try_state::<Arc<DesktopApp>>() {
                    desktop.ended();
                }
                // The process ends before anything here is dropped: the last lines are written now.
                drop(log.take());
            }
        }),
        Err(error) => give_up(&error.to_string()),
    }
}

/// Says in one sentence why there is no window.
fn give_up(why: &str) -> ! {
    tracing::error!(%why, "the window could not be opened");
    eprintln!("beddenwacht: {why}");
    std::process::exit(1);
}

/// Logging out asks every program to end, which is no crash.
fn end_at_log_out(app: AppHandle) {
    #[cfg(unix)]
    tauri::async_runtime::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut asked) = signal(SignalKind::terminate()) {
            asked.recv().await;
            app.exit(0);
        }
    });
    #[cfg(not(unix))]
    drop(app);
}
