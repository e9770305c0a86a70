//! One line a command: state in, one call into `app`, result out. All of them off the main thread.

use crate::state::Shell;
use app::{
    AppError,
    alarms::AlarmId,
    confirmations::ConfirmRequest,
    defects::DefectGroup,
    labels::{LabelChoices, LabelPreview, LabelRequest},
    overlay::Decision,
    rules::AlarmChoice,
    sets::{SetPreview, SetRequest},
    source::SourceRequest,
    stops::{StopOutlook, StopRequest},
    tiles::TileChoice,
    view::{
        AlarmMetricsView, BedView, BedsView, ChannelReport, FrameView, LocationView, RegionView, SettingsView,
        WorklistView,
    },
};
use std::sync::Arc;
use tauri::State;

type Held<'a> = State<'a, Arc<Shell>>;

#[tauri::command(async)]
pub fn frame(shell: Held<'_>) -> FrameView {
    shell.frame()
}

#[tauri::command(async)]
pub fn region(shell: Held<'_>) -> Result<RegionView, AppError> {
    shell.desk().region_view()
}

#[tauri::command(async)]
pub fn location(shell: Held<'_>, id: &str, night: bool) -> Result<LocationView, AppError> {
    shell.desk().location_view(id, night)
}

#[tauri::command(async)]
pub fn beds(shell: Held<'_>, id: &str, kind: &str) -> Result<BedsView, AppError> {
    shell.desk().beds_view(id, kind)
}

#[tauri::command(async)]
pub fn bed(shell: Held<'_>, id: &str) -> Result<BedView, AppError> {
    shell.desk().bed_view(id)
}

#[tauri::command(async)]
pub fn settings(shell: Held<'_>) -> Result<SettingsView, AppError> {
    shell.desk().settings_view()
}

#[tauri::command(async)]
pub fn arrange_tiles(shell: Held<'_>, choice: TileChoice) -> Result<(), AppError> {
    shell.act(|desk| desk.arrange_tiles(choice))
}

#[tauri::command(async)]
pub fn preview_label(shell: Held<'_>, request: LabelRequest) -> Result<LabelPreview, AppError> {
    shell.desk().preview_label(&request)
}

#[tauri::command(async)]
pub fn label_beds(shell: Held<'_>, request: LabelRequest) -> Result<usize, AppError> {
    shell.act(|desk| desk.label_beds(&request))
}

#[tauri::command(async)]
pub fn label_choices(shell: Held<'_>, kind: &str) -> Result<LabelChoices, AppError> {
    shell.desk().label_choices(kind)
}

#[tauri::command(async)]
pub fn begin_labelling(shell: Held<'_>) {
    shell.desk().begin_labelling();
}

#[tauri::command(async)]
pub fn share_label_time(shell: Held<'_>, share: bool) -> Result<(), AppError> {
    shell.act(|desk| desk.share_label_time(share))
}

#[tauri::command(async)]
pub fn worklist(shell: Held<'_>) -> Result<WorklistView, AppError> {
    shell.desk().worklist()
}

#[tauri::command(async)]
pub fn decide(shell: Held<'_>, decision: Decision) -> Result<(), AppError> {
    shell.act(|desk| desk.decide(&decision))
}

#[tauri::command(async)]
pub fn preview_set(shell: Held<'_>, request: SetRequest) -> Result<SetPreview, AppError> {
    shell.desk().preview_set(&request)
}

#[tauri::command(async)]
pub fn save_set(shell: Held<'_>, request: SetRequest) -> Result<(), AppError> {
    shell.act(|desk| desk.save_set(&request))
}

#[tauri::command(async)]
pub fn switch_set(shell: Held<'_>, id: &str, on: bool) -> Result<(), AppError> {
    shell.act(|desk| desk.switch_set(id, on))
}

#[tauri::command(async)]
pub fn drop_set(shell: Held<'_>, id: &str) -> Result<(), AppError> {
    shell.act(|desk| desk.drop_set(id))
}

#[tauri::command(async)]
pub fn export_labels(shell: Held<'_>) -> Result<Vec<String>, AppError> {
    shell.export_labels()
}

#[tauri::command(async)]
pub fn undo_label(shell: Held<'_>) -> Result<usize, AppError> {
    shell.act(app::Desk::undo_label)
}

/// The alarm that the screen means.
fn alarm_id(text: &str) -> Result<AlarmId, AppError> {
    text.parse().map_err(AppError::not_found)
}

#[tauri::command(async)]
pub fn acknowledge(shell: Held<'_>, id: &str) -> Result<(), AppError> {
    let id = alarm_id(id)?;
    shell.act(|desk| desk.acknowledge(&id))
}

#[tauri::command(async)]
pub fn shelve(shell: Held<'_>, id: &str, reason: &str, minutes: i64) -> Result<(), AppError> {
    let id = alarm_id(id)?;
    shell.act(|desk| desk.shelve(&id, reason, minutes))
}

#[tauri::command(async)]
pub fn unshelve(shell: Held<'_>, id: &str) -> Result<(), AppError> {
    let id = alarm_id(id)?;
    shell.act(|desk| desk.unshelve(&id))
}

#[tauri::command(async)]
pub fn out_of_service(shell: Held<'_>, id: &str, reason: Option<&str>) -> Result<(), AppError> {
    let id = alarm_id(id)?;
    shell.act(|desk| desk.out_of_service(&id, reason))
}

#[tauri::command(async)]
pub fn silence(shell: Held<'_>) {
    shell.silence();
}

#[tauri::command(async)]
pub fn take_over(shell: Held<'_>, name: &str) -> Result<(), AppError> {
    shell.act(|desk| desk.take_over(name))
}

#[tauri::command(async)]
pub fn choose_alarms(shell: Held<'_>, choice: AlarmChoice) -> Result<(), AppError> {
    shell.act(|desk| desk.choose_alarms(choice))
}

#[tauri::command]
pub async fn test_channels(shell: Held<'_>) -> Result<ChannelReport, AppError> {
    Ok(shell.test_channels().await)
}

#[tauri::command(async)]
pub fn quality(shell: Held<'_>, night: bool) -> Result<AlarmMetricsView, AppError> {
    shell.desk().alarm_metrics_view(night)
}

#[tauri::command(async)]
pub fn export_alarms(shell: Held<'_>) -> Result<String, AppError> {
    shell.export_alarms()
}

#[tauri::command(async)]
pub fn stop_outlook(shell: Held<'_>, site: &str) -> Result<StopOutlook, AppError> {
    shell.desk().stop_outlook(site)
}

#[tauri::command(async)]
pub fn announce_stop(shell: Held<'_>, request: StopRequest) -> Result<(), AppError> {
    shell.act(|desk| desk.announce_stop(&request))
}

#[tauri::command(async)]
pub fn lift_stop(shell: Held<'_>, stop: &str) -> Result<(), AppError> {
    shell.act(|desk| desk.lift_stop(stop))
}

#[tauri::command]
pub async fn open_practice(shell: Held<'_>) -> Result<(), AppError> {
    shell.open_practice().await
}

#[tauri::command(async)]
pub fn plug_practice(shell: Held<'_>, plugged: bool) {
    shell.plug_practice(plugged);
}

#[tauri::command(async)]
pub fn practice_scenario(shell: Held<'_>, name: &str) -> Result<(), AppError> {
    shell.practice_scenario(name)
}

#[tauri::command(async)]
pub fn defects(shell: Held<'_>) -> Result<Vec<DefectGroup>, AppError> {
    shell.desk().defects_view()
}

#[tauri::command(async)]
pub fn export_defects(shell: Held<'_>, location: Option<&str>) -> Result<String, AppError> {
    shell.export_defects(location)
}

#[tauri::command(async)]
pub fn confirm(shell: Held<'_>, request: ConfirmRequest) -> Result<(), AppError> {
    shell.act(|desk| desk.confirm(&request))
}

#[tauri::command]
pub async fn try_connection(request: SourceRequest) -> Result<String, AppError> {
    crate::sources::try_connection(&request).await
}

#[tauri::command]
pub async fn add_source(shell: Held<'_>, request: SourceRequest) -> Result<(), AppError> {
    shell.add_source(request).await
}

#[tauri::command]
pub async fn sign_in(shell: Held<'_>, key: &str) -> Result<(), AppError> {
    shell.sign_in(key).await
}

#[tauri::command]
pub async fn remove_source(shell: Held<'_>, key: &str) -> Result<(), AppError> {
    shell.remove_source(key).await
}

/// The first picture stands on the screen; measured by `cargo xtask bench`.
#[tauri::command(async)]
pub fn first_picture(shell: Held<'_>) {
    shell.first_picture();
}
