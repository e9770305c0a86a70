//! The desktop shell: thin. It opens the window, performs effects and passes intents on; it decides nothing.

mod call;
mod commands;
mod notifier;
mod quiet;
mod sound;
mod sources;
mod state;
mod tray;

use clap::Parser;
use state::Shell;
use std::path::PathBuf;
use tauri::{Manager, WindowEvent};

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

/// Starts the application; returns when its window is closed.
pub fn run() {
    let arguments = Arguments::parse();
    let _log = state::start_log(&arguments);
    let started = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            tray::open(app);
        }))
        .on_window_event(|window, event| {
            if let WindowEvent::Focused(true) = event {
                // Whoever looks need not be called any more.
                let _ = window.request_user_attention(None);
            }
        })
        .setup(move |app| {
            let shell = Shell::open(app.handle().clone(), arguments)?;
            app.manage(shell.clone());
            tray::place(app.handle());
            shell.start();
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![
            commands::frame,
            commands::region,
            commands::location,
            commands::beds,
            commands::bed,
            commands::settings,
            commands::arrange_tiles,
            commands::preview_label,
            commands::label_beds,
            commands::label_choices,
            commands::begin_labelling,
            commands::share_label_time,
            commands::worklist,
            commands::decide,
            commands::preview_set,
            commands::save_set,
            commands::switch_set,
            commands::drop_set,
            commands::export_labels,
            commands::undo_label,
            commands::acknowledge,
            commands::shelve,
            commands::unshelve,
            commands::out_of_service,
            commands::silence,
            commands::take_over,
            commands::choose_alarms,
            commands::test_channels,
            commands::quality,
            commands::defects,
            commands::export_defects,
            commands::export_alarms,
            commands::stop_outlook,
            commands::announce_stop,
            commands::lift_stop,
            commands::open_practice,
            commands::plug_practice,
            commands::practice_scenario,
            commands::confirm,
            commands::try_connection,
            commands::add_source,
            commands::sign_in,
            commands::remove_source,
            commands::first_picture,
        ])
        .run(tauri::generate_context!());
    if let Err(error) = started {
        tracing::error!(%error, "the window could not be opened");
        eprintln!("beddenwacht: {error}");
        std::process::exit(1);
    }
}
