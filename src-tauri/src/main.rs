// A control-room PC shows no console behind the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    beddenwacht::run();
}
