//! The window's one door: a request by its name, answered from `app`'s list (`app::commands`).

use crate::{desktop::DesktopApp, sources::Requests};
use app::AppError;
use serde_json::Value;
use std::sync::Arc;
use tauri::{State, ipc::Response};

#[tauri::command]
pub async fn request(
    desktop: State<'_, Arc<DesktopApp>>,
    name: String,
    arguments: Value,
) -> Result<Response, AppError> {
    let desktop = desktop.inner().clone();
    let handle = desktop.handle()?.clone();
    let answer = app::commands::answer(&handle, &Requests(desktop), &name, arguments).await;
    if let Err(error) = &answer {
        tracing::warn!(request = %name, code = ?error.code, detail = %error.detail, "not answered");
    }
    answer.map(Response::new)
}
