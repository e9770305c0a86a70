//! Calling whoever works in another window: the task bar blinks, and the focus stays where the person is typing.

use tauri::{AppHandle, Manager, UserAttentionType, Window};

/// Asks for attention until somebody looks.
pub fn ask(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        let _ = window.request_user_attention(Some(UserAttentionType::Critical));
    }
}

/// Whoever looks need not be called any more.
pub fn stop_asking(window: &Window) {
    let _ = window.request_user_attention(None);
}
